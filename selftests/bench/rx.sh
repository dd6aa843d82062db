#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a packet costs that a router takes out of a tunnel and sends to a LAN:
# dmvpn, ip_gre to one peer and to many, and no tunnel at all, which is the floor.
#
#     k ==== u0 ==== r ---- s      s drops what comes

set -u
. "$(dirname "$(readlink -f "$0")")/lib.sh"
target="s s0"

underlay()
{
	namespaces s r k && wire k r u0 && wire r s s0 && sink s s0 || return 1
	ip -n "$id-s" addr add 172.16.0.2/24 dev s0
	ip -n "$id-r" -batch - <<-LIST
	addr add 172.16.0.1/24 dev s0
	addr add 192.0.2.1/24 dev u0
	addr add 192.0.2.3/24 dev u0
	neigh add 172.16.0.2 lladdr 02:00:00:00:00:02 dev s0 nud permanent
	route add 198.18.0.0/16 via 192.0.2.2
	LIST
}

# sample TUNNEL CIPHER PEERS OCTETS LOCAL KEY [SPI]: an empty KEY for no tunnel
sample()
{
	local case="rx $1 $2 $3 $4" n=$packets

	[ "$3" -le "$n" ] || n=$3
	# shellcheck disable=SC2086 # may be empty
	count_packets in_ns k pour "$n" "$4" u0 198.18.0.1 "$5" 172.16.0.2 \
		"$3" $6 ${7:-}
}

# take_turns_at OCTETS PEERS...
take_turns_at()
{
	local n

	sample floor none 1 "$1" 192.0.2.1 ''
	sample gre none 1 "$1" 192.0.2.1 101
	sample gre null 1 "$1" 192.0.2.3 111 262144
	for n in $(within "${@:2}"); do
		sample mgre none "$n" "$1" 192.0.2.1 102
		sample dmvpn none "$n" "$1" 192.0.2.1 103
		sample mgre null "$n" "$1" 192.0.2.3 112 262144
		sample dmvpn null "$n" "$1" 192.0.2.3 113 262144
	done
}

modprobe -qa ip_gre esp4 cls_matchall act_gact sch_ingress crypto_null
underlay || die "no underlay"
tunnels 0 192.0.2.1 100 none || die "no tunnels"
tunnels 1 192.0.2.3 110 required || die "no tunnels under ESP"
security r 192.0.2.3 null 1 || die "no security associations"
for i in 0 1; do
	# A peer that has no entry is not known, and not counted for.
	ifindex=$(ip -n "$id-r" -j link show "dmvpn$i" | jq '.[].ifindex')
	each "entry-set entry.ifindex=u32:$ifindex entry.prefix=ip:10.100@ entry.nbma=ip:198.18@ entry.type=u32:1" |
		in_ns r nlraw - | sort | uniq -c | grep -q "^ *$many ok$" ||
		die "no peers"
done
PROFILE="" take_turns_at 64 1 "$many" >/dev/null || exit 1
for ((i = 0; i < samples; i++)); do
	take_turns_at 64 1 100 1000 "$many" && take_turns_at 512 1 &&
		take_turns_at 1400 1 || exit 1
done
