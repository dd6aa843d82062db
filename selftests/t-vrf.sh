#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dmvpnd where the tunnel is in one VRF and the underlay in another, in the
# clear and by static security associations; and where the tunnel was moved
# into another network namespace. The main table leads to no other node.

. "$(dirname "$0")/lib.sh"
. "$here/daemon.sh"

# into_vrfs NODE: the tunnel and the LAN into "red", the underlay into "outer"
into_vrfs()
{
	ip_in "$1" -batch - <<-LIST
	link set dmvpn0 master red
	link set lan0 master red
	route add blackhole 10.0.0.0/8
	LIST
}

# vrfs NODE: an underlay in a VRF; the main table has the way of capture_stop only
vrfs()
{
	ip_in "$1" -batch - <<-LIST
	link add outer type vrf table 100
	link set outer up
	link add red type vrf table 200
	link set red up
	link set u0 master outer
	route add blackhole 192.0.2.0/24
	route add 192.0.2.254/32 dev u0
	LIST
}

made()
{
	[ -n "$(ip_in "$1" link show dev dmvpn0 up 2>/dev/null)" ]
}

topology 2
for node in hub s1 s2; do
	vrfs "$node"
	conf "$node" 's/^NetworkId.*/&\nRedirect=yes/'
	dmvpnd_start "$node"
	busywait 20 made "$node" || diag "$(tail -n 20 "$scratch/log-$node")"
	into_vrfs "$node"
done
check "s1 registers out of its VRF" \
	busywait 20 entry_is hub 10.0.0.2/32 type registered
check "and s2" busywait 20 entry_is hub 10.0.0.3/32 type registered
ip_in hub -batch - <<-LIST
route add 10.1.2.0/24 via 10.0.0.2 vrf red
route add 10.1.3.0/24 via 10.0.0.3 vrf red
LIST
for node in s1 s2; do
	need ip_in $node route add 10.1.0.0/16 via 10.0.0.1 vrf red
done
check "from LAN to LAN, nothing lost" \
	all_answered s1 10.1.3.1 50 -I red
check "the path gets direct" busywait 10 direct s1 10.1.3
check "of the prefix of the VRF's route" \
	busywait 20 learns s1 10.1.3.77 10.1.3.0/24 192.0.2.3 -I red
check_not "the main table has no way there" ping_from s1 10.1.3.1 -W 0.3

# By ESP: what is in the VRF needs no word in the policies.
capture_start wire 'ip proto 47 or ip proto 50 or udp port 9'
for node in hub s1; do
	need esp_policy "$node"
done
need esp_pair hub s1
for node in hub s1; do
	conf "$node" 's/^Protection=.*/Protection=required/'
	need kill -HUP "${dmvpnd_of[$node]}"
done
check "with protection required, s1 reaches the hub" \
	busywait 20 ping_from s1 10.0.0.1 -I red
capture_stop wire
check "in ESP" capture_has wire 'ip proto 50 and src 192.0.2.2'
capture_start wire 'ip proto 47 or udp port 9'
before=$(registrations hub)
need d s1 clear nhs
check "s1 registers by it" busywait 20 registers_more hub "$before"
check "its server is up" busywait 20 nhs_is s1 UP
need ping_from s1 10.0.0.1 -I red
capture_stop wire
is "and nothing of s1 in the clear" \
	"$(capture_count wire 'ip proto 47 and src 192.0.2.2')" 0
for node in hub s1; do
	conf "$node" 's/^NetworkId.*/&\nRedirect=yes/'
	need kill -HUP "${dmvpnd_of[$node]}"
	ip_in $node -batch - <<-LIST
	xfrm policy flush
	xfrm state flush
	LIST
done
check "without protection again" busywait 20 ping_from s1 10.0.0.1 -I red

# The tunnel of s2 in another namespace than its underlay
dmvpnd_stop s2 TERM
new_ns inside
ip_in s2 -batch - <<-LIST
link set u0 nomaster
route del blackhole 192.0.2.0/24
link set dmvpn0 nomaster
link set dmvpn0 netns $(ns inside)
LIST
ip_in inside -batch - <<-LIST
link add lan0 type dummy
link set lan0 up
addr add 10.1.9.1/24 dev lan0
LIST
conf s2 's/^Source=.*/Source=192.0.2.3/'
mv "$scratch/etc-s2" "$scratch/etc-inside"
dmvpnd_start inside
check "a daemon in the tunnel's namespace takes the device" \
	busywait 20 nhs_is inside UP
check "it registers by the other namespace" \
	busywait 20 entry_is hub 10.0.0.3/32 nbma 192.0.2.3
ip_in inside route add 10.1.0.0/16 via 10.0.0.1
need ip_in hub route add 10.1.9.0/24 via 10.0.0.3 vrf red
check "from LAN to LAN, nothing lost" \
	all_answered s1 10.1.9.1 50 -I red
check "the path gets direct" busywait 10 direct s1 10.1.9
check "of the prefix of that namespace's route" \
	busywait 20 learns s1 10.1.9.77 10.1.9.0/24 192.0.2.3 -I red
dmvpnd_stop inside TERM
plan
