#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which cache entry a packet takes: a shortcut for its destination before the
# next hop, the longest prefix first, and no packet lost in between.

. "$(dirname "$0")/lib.sh"

cloud 2
ip_in hub -batch - <<-LIST
route add 10.1.2.0/24 via 10.0.0.2
route add 10.1.3.0/24 via 10.0.0.3
route add fd01:2::/64 via fd00::2
route add fd01:3::/64 via fd00::3
LIST
for node in s1 s2; do
	ip_in $node -batch - <<-LIST
	route add 10.1.0.0/16 via 10.0.0.1
	route add fd01::/16 via fd00::1
	LIST
done
need ip_in s2 addr add 10.1.3.9/24 dev lan0

# way NAME ADDRESS hub|direct: which way a packet from s1 takes
way()
{
	local name=$1 to=$2 direct=0 hub

	[ "$3" = direct ] && direct=1
	hub=$((1 - direct))
	capture_start way
	check "$name: $to answers" ping_from s1 "$to"
	capture_stop way
	is "$name: $to goes to ${3/direct/the spoke}" \
		"$(capture_count way 'proto 47 and src 192.0.2.2 and dst 192.0.2.1') $(
		capture_count way 'proto 47 and src 192.0.2.2 and dst 192.0.2.3')" \
		"$hub $direct"
}

way "no shortcut" 10.1.3.1 hub
need d s1 cache add 10.1.3.0/24 type incomplete
way "an incomplete shortcut" 10.1.3.1 hub
need d s1 cache add 10.1.3.0/24 nbma 192.0.2.3 type resolved replace
way "a shortcut" 10.1.3.1 direct
is "it counts its packets" "$(entry s1 10.1.3.0/24 packets)" 1
need d s1 cache add 10.1.3.9 nbma 192.0.2.1 type resolved
way "a longer prefix" 10.1.3.9 hub
way "does not cover the others" 10.1.3.1 direct
need d s1 cache del 10.1.3.9
way "without it the shorter one" 10.1.3.9 direct
for type in incomplete negative; do
	need d s1 cache add 10.1.3.9 type $type
	way "which a host that is $type does not hide" 10.1.3.9 direct
	is "and that is shown" "$(entry s1 10.1.3.9/32 path)" direct
	need d s1 cache del 10.1.3.9
done
need d s1 link set dmvpn0 shortcut off
way "shortcuts switched off" 10.1.3.1 hub
need d s1 link set dmvpn0 shortcut on
need d s1 cache add fd01:3::/64 nbma 192.0.2.3 type resolved
way "a shortcut for IPv6" fd01:3::1 direct
need d s1 cache add fd01:3::1 type negative
way "which a negative host does not hide" fd01:3::1 direct
need d s1 cache del fd01:3::1
need d s1 cache add fd01::/16 nbma 192.0.2.1 type resolved
need d s1 cache del fd01:3::/64
way "a covering prefix" fd01:3::1 hub
need d s1 cache add 10.1.3.0/24 type negative replace
way "a shortcut that turned negative" 10.1.3.1 hub

# A next hop that is resolved by a covering prefix
need d s1 cache add 10.0.0.0/29 nbma 192.0.2.3 type resolved
need ip_in s1 route add 10.1.3.128/25 via 10.0.0.3
need ip_in s2 addr add 10.1.3.200/32 dev lan0
need d s1 cache del 10.1.3.0/24
way "a next hop within a prefix" 10.1.3.200 direct
need d s1 cache add 10.0.0.3 type negative
way "which a negative host does not hide" 10.1.3.200 direct
need d s1 cache del 10.0.0.3

# The packet size of an entry
need d s1 cache add 10.1.3.0/24 nbma 192.0.2.3 type resolved mtu 1200
refused "packets larger than the entry's MTU are refused" 1200 \
	ping_from s1 10.1.3.1 -M "do" -s 1173
check "those of its size are not" ping_from s1 10.1.3.1 -M "do" -s 1172

# No packet is lost while entries change under load
enter s1 ping -q -i 0.01 -c 300 10.1.3.1 >"$scratch/load" 2>&1 &
load=$!
for _ in 1 2 3 4 5 6 7 8; do
	enter s1 sh -c 'dmvpn cache add 10.1.3.0/24 type incomplete replace
		dmvpn cache add 10.1.3.0/24 nbma 192.0.2.3 type resolved replace
		dmvpn cache del 10.1.3.0/24'
done
wait "$load"
check "changes lose no packet" grep -q '300 received' "$scratch/load"
plan
