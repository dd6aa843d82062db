#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a packet costs that a router takes from a LAN and sends into a tunnel:
# dmvpn, ip_gre to one peer and to many, and no tunnel at all, which is the floor.
#
#     s ---- r ==== u0 ==== k      k drops what comes
#
# usage: data.sh [PACKETS [SAMPLES]]
#
# Prints "CASE PEERS OCTETS NANOSECONDS" for each sample. All cases are there at
# once and take turns, so that what changes meanwhile changes for all of them.

set -u
here=$(dirname "$(readlink -f "$0")")
PATH=$here/../../user/build/normal:$here/../bin:$PATH
packets=${1:-4096} samples=${2:-5}
many=10000
octets=64
id=bench-$$

cleanup()
{
	local ns

	for ns in s r k; do
		ip netns del "$id-$ns" 2>/dev/null
	done
}
trap cleanup EXIT
trap 'exit 130' INT TERM

die()
{
	echo "data.sh: $*" >&2
	exit 1
}

# each TEXT: for each peer, with "@" for the second half of its address, as in
# "10.1@", and its number and N for "#N#"
each()
{
	awk -v n="$many" -v text="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			line = text
			gsub(/@/, "." int((i + 1) / 256) "." (i + 1) % 256, line)
			while (match(line, /#[0-9]+#/))
				line = substr(line, 1, RSTART - 1) \
					substr(line, RSTART + 1, RLENGTH - 2) + i \
					substr(line, RSTART + RLENGTH)
			print line
		}
	}'
}

underlay()
{
	local ns

	for ns in s r k; do
		ip netns add "$id-$ns" || return 1
		ip -n "$id-$ns" link set lo up
	done
	ip link add s0 netns "$id-s" type veth peer name s0 netns "$id-r" &&
		ip link add u0 netns "$id-r" type veth peer name u0 \
			netns "$id-k" address 02:00:00:00:00:02 || return 1
	ip -n "$id-s" -batch - <<-LIST || return 1
	link set s0 up
	addr add 172.16.0.2/24 dev s0
	route add default via 172.16.0.1
	LIST
	ip -n "$id-r" -batch - <<-LIST || return 1
	link set s0 up
	addr add 172.16.0.1/24 dev s0
	link set u0 up
	addr add 192.0.2.1/24 dev u0
	addr add 192.0.2.3/24 dev u0
	neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev u0 nud permanent
	route add 198.18.0.0/16 via 192.0.2.2
	route add 10.100.0.0/16 via 192.0.2.2
	LIST
	ip -n "$id-k" -batch - <<-LIST || return 1
	link set u0 up
	addr add 192.0.2.2/24 dev u0
	LIST
	ip netns exec "$id-r" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 || return 1
	# One limit for all namespaces
	sysctl -qw net.ipv4.neigh.default.gc_thresh3=65536 || return 1
	tc -n "$id-k" qdisc add dev u0 ingress &&
		tc -n "$id-k" filter add dev u0 parent ffff: matchall \
			action drop
}

# tunnels SUFFIX LOCAL KEY PROTECTION: the three kinds of them
tunnels()
{
	ip -n "$id-r" -batch - <<-LIST || return 1
	link add one$1 type gre local $2 remote 198.18.0.1 key $(($3 + 1)) ttl 64
	link add many$1 type gre local $2 key $(($3 + 2)) ttl 64
	link set one$1 mtu 1400 up
	link set many$1 mtu 1400 up
	LIST
	ip netns exec "$id-r" dmvpn link add "dmvpn$1" local "$2" \
		key $(($3 + 3)) ttl 64 protection "$4" max-peers 20000 \
		max-entries 20000 mtu 1400 up || return 1
	ip -n "$id-r" -batch - <<-LIST
	route add 10.$(($3 + 1)).0.0/16 dev one$1
	route add 10.$(($3 + 2)).0.0/16 dev many$1
	route add 10.$(($3 + 3)).0.0/16 dev dmvpn$1
	LIST
}

# peers SUFFIX NET: the mappings of both, to the same peers
peers()
{
	local ifindex

	ifindex=$(ip -n "$id-r" -j link show "dmvpn$1" | jq '.[].ifindex')
	each "neigh add 10.$(($2 + 2))@ lladdr 198.18@ dev many$1 nud permanent" |
		ip -n "$id-r" -batch - || return 1
	each "entry-set entry.ifindex=u32:$ifindex entry.prefix=ip:10.$(($2 + 3))@ entry.nbma=ip:198.18@ entry.type=u32:1" |
		ip netns exec "$id-r" nlraw - | sort | uniq -c |
		grep -q "^ *$many ok$"
}

# security LOCAL: associations with null encryption, so that what is measured is
# the way to them
security()
{
	local how="proto esp spi"
	local what="reqid 1 mode transport auth digest_null '' enc ecb(cipher_null) ''"

	ip -n "$id-r" xfrm policy add src "$1/32" dst 0.0.0.0/0 proto 47 \
		dir out tmpl src "$1" dst 0.0.0.0 proto esp reqid 1 \
		mode transport || return 1
	{
		each "xfrm state add src $1 dst 198.18@ $how #65536# $what"
		each "xfrm state add src 198.18@ dst $1 $how #262144# $what"
	} | ip -n "$id-r" -batch -
}

received()
{
	ip netns exec "$id-k" cat /sys/class/net/u0/statistics/rx_packets
}

# sample CASE NET PEERS
sample()
{
	local before cost lost

	before=$(received)
	cost=$(ip netns exec "$id-s" blast "$packets" "$octets" \
		"10.$2.0.1" "$3") || return 1
	lost=$((packets - $(received) + before))
	[ "$lost" -le 0 ] || die "$1, $3 peers: $lost of $packets packets lost"
	echo "$1 $3 $octets $cost"
}

# take_turns: each case once
take_turns()
{
	local n

	sample floor 100 1
	sample gre 101 1
	sample gre-esp 111 1
	for n in 1 100 1000 $many; do
		sample mgre 102 "$n"
		sample dmvpn 103 "$n"
		sample mgre-esp 112 "$n"
		sample dmvpn-esp 113 "$n"
	done
}

modprobe -qa ip_gre esp4 cls_matchall act_gact sch_ingress crypto_null
underlay || die "no underlay"
tunnels 0 192.0.2.1 100 none || die "no tunnels"
tunnels 1 192.0.2.3 110 required || die "no tunnels under ESP"
peers 0 100 || die "no peers"
peers 1 110 || die "no peers under ESP"
security 192.0.2.3 || die "no security associations"
# Routes and bundles are made by the first packets.
packets=$((2 * many)) take_turns >/dev/null || exit 1
for ((i = 0; i < samples; i++)); do
	take_turns || exit 1
done
