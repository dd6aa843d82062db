#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a copy of a multicast packet costs: made by dmvpn in the kernel, and by a
# program that sends one after the other into ip_gre.
#
#     r ==== u0 ==== k      k drops what comes

set -u
. "$(dirname "$(readlink -f "$0")")/lib.sh"
target="k u0"

underlay()
{
	namespaces r k && wire r k u0 && sink k u0
}

# mapped N: dmvpn has a device for each length of the list
mapped()
{
	local ifindex

	in_ns r dmvpn link add "m$1" local 192.0.2.1 key "$1" ttl 64 \
		protection none max-multicast 20000 mtu 1400 up || return 1
	ip -n "$id-r" route add "239.$(($1 / 10)).0.0/16" dev "m$1" \
		src 192.0.2.1 || return 1
	ifindex=$(ip -n "$id-r" -j link show "m$1" | jq '.[].ifindex')
	many=$1 each "mcast-add peer.ifindex=u32:$ifindex peer.nbma=ip:198.18@" |
		in_ns r nlraw - | sort | uniq -c | grep -q "^ *$1 ok$"
}

# sample TUNNEL PEERS OCTETS
sample()
{
	local case="copies $1 none $2 $3" n=$((packets / $2 + 1)) each_copies=$2

	case $1 in
	dmvpn)
		# The limit of the queue for long lists
		[ "$n" -le 100 ] || [ "$2" -le 64 ] || n=100
		count_packets blast_counted r "$n" "$(($3 - 28))" \
			"239.$(($2 / 10)).0.1" 1
		;;
	loop)
		count_packets in_ns r copies "$n" "$3" many0 198.18.0.1 "$2"
		;;
	esac | awk '{ $6 /= $4; print }'
}

take_turns()
{
	local n octets

	for n in 10 100 1000; do
		for octets in 64 1400; do
			sample dmvpn "$n" "$octets" && sample loop "$n" "$octets" ||
				return 1
		done
	done
}

modprobe -qa ip_gre cls_matchall act_gact sch_ingress
underlay || die "no underlay"
ip -n "$id-r" -batch - <<-LIST || die "no routes"
addr add 192.0.2.1/24 dev u0
neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev u0 nud permanent
route add 198.18.0.0/16 via 192.0.2.2
link add many0 type gre local 192.0.2.1 key 5 ttl 64
link set many0 mtu 1400 up
LIST
for n in 10 100 1000; do
	mapped "$n" || die "no list of $n"
done
# Routes are made by the first packets.
PROFILE="" take_turns >/dev/null || exit 1
for ((i = 0; i < samples; i++)); do
	take_turns || exit 1
done
