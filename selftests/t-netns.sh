#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The device and its underlay in different namespaces, VRFs and hands: the
# device moves, either namespace goes, the underlay device changes under it.

. "$(dirname "$0")/lib.sh"

gone()
{
	! ip_in "$1" link show "$2" >/dev/null 2>&1
}

# field NODE NAME: of dmvpn0, as "dmvpn show stats" names it
field()
{
	local REPLY

	query "$1" -j show stats dev dmvpn0 || return
	json_member "$2" || REPLY=null
	echo "$REPLY"
}

field_is()
{
	local value

	value=$(field "$1" "$2")
	[ "$value" = "$3" ] || { echo "$2 is $value, not $3"; return 1; }
}

# bring_up NODE NUMBER: dmvpn0, with the addresses that it loses on its way
bring_up()
{
	ip_in "$1" -batch - <<-LIST
	link set dmvpn0 addrgenmode none
	link set dmvpn0 up
	addr replace 10.0.0.$2/24 dev dmvpn0
	addr replace fd00::$2/64 dev dmvpn0 nodad
	LIST
}

# missed NODE ADDRESS: its owner was told; again as long as packets are held
missed()
{
	[ "$(upcalls "$1" "^miss.* $2( |\$)")" -gt 0 ]
}

moved()
{
	new_ns over
	upcalls_start hub
	check_not "the device has an owner" field_is hub owner 0
	check "it moves to another namespace" \
		ip_in hub link set dmvpn0 netns "$(ns over)"
	check "and loses its owner" field_is over owner 0
	upcalls_stop hub
	is "it keeps its entries" "$(entry over 10.0.0.2/32 nbma)" 192.0.2.2
	bring_up over 1
	check "its packets leave by the old namespace" ping_from over 10.0.0.2
	check "and come by it" ping_from s1 10.0.0.1
	check "IPv6 as well" ping_from over fd00::2
	upcalls_start over
	check_not "a daemon there can own it" field_is over owner 0
	send_from over 10.0.0.50 1
	check "and hears of misses" busywait 5 missed over 10.0.0.50
	upcalls_stop over
	check "it can be changed from there" d over link set dmvpn0 key 7
	d s1 link set dmvpn0 key 7
	check "and the change is in force" ping_from s1 10.0.0.1
	refused "its address and key are still taken in the old one" \
		"another device has this local address and key" \
		d hub link add dmvpn1 local 192.0.2.1 key 7
}

# The namespace that the device is in goes, then that of its underlay.
exits()
{
	ip netns del "$(ns over)"
	nodes=(net hub s1)
	check "it goes with the namespace it is in" \
		busywait 10 d hub link add dmvpn1 local 192.0.2.1 key 7
	d hub link del dmvpn1
	d s1 link set dmvpn0 key none

	new_ns over
	new_ns under
	d under link add dmvpn0 local 198.51.100.1 protection none
	d under peer set 198.51.100.2 nhs on
	ip_in under -batch - <<-LIST
	link add dummy0 type dummy
	link set dummy0 up
	addr add 198.51.100.1/24 dev dummy0
	link set dmvpn0 netns $(ns over)
	LIST
	bring_up over 1
	send_from over 10.0.0.2 3
	check "a device sends by another namespace" counter_is over relayed 3
	ip netns del "$(ns under)"
	nodes=(net hub s1 over)
	check "which goes and takes it along" busywait 10 gone over dmvpn0
	ip netns del "$(ns over)"
	nodes=(net hub s1)
}

changes()
{
	grep -c 'device changed' "$scratch/events"
}

changed()
{
	[ "$(changes)" -gt "$1" ]
}

# follow: dmvpn0 of the hub takes its addresses from u0
follow()
{
	local before

	need d hub link add dmvpn0 underlay u0 protection none
	bring_up hub 1
	d hub cache add 10.0.0.2 nbma 192.0.2.2
	d hub cache add fd00::2 nbma 2001:db8::2
	d s1 cache add fd00::1 nbma 2001:db8::1 replace
	check "the addresses are those of the underlay device" \
		busywait 5 field_is hub local4 192.0.2.1
	is "of both families" "$(field hub local6)" 2001:db8::1
	check "and are used" ping_from hub 10.0.0.2
	check "both of them" ping_from hub fd00::2

	enterns "$netns-hub" dmvpn monitor dev dmvpn0 \
		>"$scratch/events" 2>&1 &
	owned+=("$!")
	# It hears when something that is done again and again shows.
	busywait 10 heard || { echo "Bail out! monitor"; exit 1; }
	before=$(changes)
	# It stays one of the node's: what is sent to it arrives.
	ip_in hub -batch - <<-LIST
	addr add 192.0.2.1/32 dev lo
	addr del 192.0.2.1/24 dev u0
	addr add 192.0.2.11/24 dev u0
	LIST
	check "another address is followed" \
		busywait 5 field_is hub local4 192.0.2.11
	check "and told" busywait 5 changed "$before"
	check_not "the old one is not used any more" \
		ping_from s1 10.0.0.1 -W 0.3
	ip_in hub addr del 192.0.2.1/32 dev lo
	d s1 cache add 10.0.0.1 nbma 192.0.2.11 replace
	check "the new one is" ping_from s1 10.0.0.1
	# No notifier tells of the end of the search for duplicates.
	ip_in hub -batch - <<-LIST
	addr del 2001:db8::1/64 dev u0
	addr add 2001:db8::12/64 dev u0
	LIST
	check "an IPv6 address is taken when it is known to be the only one" \
		busywait 20 field_is hub local6 2001:db8::12
	ip_in hub addr change 2001:db8::12/64 dev u0 preferred_lft 0
	ip_in hub addr add 2001:db8::13/64 dev u0
	check "in place of one that is deprecated" \
		busywait 20 field_is hub local6 2001:db8::13
	ip_in hub addr del 2001:db8::13/64 dev u0
	check "which does if there is no other" \
		busywait 20 field_is hub local6 2001:db8::12
	ip_in hub -batch - <<-LIST
	addr del 2001:db8::12/64 dev u0
	addr add 2001:db8::1/64 dev u0 nodad
	LIST
	check "the first one again" busywait 20 field_is hub local6 2001:db8::1
	# The newest address is the first in the kernel's list. The change of
	# the other family's shows that it was seen.
	ip_in hub -batch - <<-LIST
	addr add 2001:db8::14/64 dev u0 nodad
	addr del 192.0.2.11/24 dev u0
	addr add 192.0.2.12/24 dev u0
	LIST
	check "when others come" busywait 5 field_is hub local4 192.0.2.12
	is "the IPv6 address in use stays" "$(field hub local6)" 2001:db8::1
	ip_in hub link set u0 down
	check "it goes with the link" busywait 5 field_is hub local6 null
	ip_in hub -batch - <<-LIST
	link set u0 up
	addr add 2001:db8::1/64 dev u0
	addr add 2001:db8::14/64 dev u0 nodad
	LIST
	check "and is taken again, although another one is ready first" \
		busywait 20 field_is hub local6 2001:db8::1
	ip_in hub -batch - <<-LIST
	addr del 2001:db8::14/64 dev u0
	addr del 192.0.2.12/24 dev u0
	addr add 192.0.2.11/24 dev u0
	LIST
	check "all is as before" busywait 5 field_is hub local4 192.0.2.11
}

heard()
{
	d hub peer set 192.0.2.200 permanent on dev dmvpn0
	d hub peer del 192.0.2.200 dev dmvpn0
	[ -s "$scratch/events" ]
}

down_up()
{
	local before

	before=$(counter hub tx-no-route)
	ip_in hub link set u0 down
	send_from hub 10.0.0.2 3
	check "underlay down: no route" counter_is hub tx-no-route \
		$((before + 3))
	check "IPv6 takes the address away" \
		busywait 5 field_is hub local6 null
	ip_in hub -batch - <<-LIST
	link set u0 up
	addr replace 2001:db8::1/64 dev u0 nodad
	LIST
	check "underlay up: traffic returns" busywait 5 ping_from hub 10.0.0.2
	check "IPv6 as well" busywait 5 ping_from hub fd00::2
}

# Two devices, of which each leads into the other
nested()
{
	d_all hub <<-LIST
	link add n0 local 192.0.2.11 key 100 protection none up
	link add n1 local 192.0.2.11 key 101 protection none up
	cache add 198.51.100.2 nbma 198.51.100.1 dev n0
	cache add 198.51.100.1 nbma 198.51.100.2 dev n1
	LIST
	ip_in hub -batch - <<-LIST
	route add 198.51.100.2/32 dev n0
	route add 198.51.100.1/32 dev n1
	LIST
	send_from hub 198.51.100.2 1
	is "a packet through devices that lead to each other is dropped" \
		"$(d hub -j show stats dev n1 | jq '.[0].kernel["tx-loop"]')" 1
	need d hub link del n0
	need d hub link del n1
}

deleted()
{
	ip_in hub link del u0
	check "underlay deleted: no address" busywait 5 field_is hub local4 null
	send_from hub 10.0.0.2 2
	check "packets have no source" counter_is hub tx-no-local 2
	ip link add u1 netns "$(ns net)" type veth \
		peer name u0 netns "$(ns hub)"
	ip_in net -batch - <<-LIST
	link set u1 master br0
	link set u1 up
	LIST
	ip_in hub -batch - <<-LIST
	link set u0 addrgenmode none
	link set u0 up
	addr add 192.0.2.11/24 dev u0
	addr add 2001:db8::1/64 dev u0 nodad
	LIST
	check "another one takes its place" d hub link set dmvpn0 underlay u0
	check "and traffic returns" busywait 5 ping_from hub 10.0.0.2
	check "IPv6 as well" busywait 5 ping_from hub fd00::2
}

# The underlay of the hub in a VRF, then its device in another one
vrfs()
{
	local family a before

	ip_in hub -batch - <<-LIST
	link add outer type vrf table 100
	link set outer up
	link set u0 master outer
	addr replace 2001:db8::1/64 dev u0 nodad
	route add blackhole 192.0.2.0/24
	route add blackhole 2001:db8::/64
	LIST
	check "underlay in a VRF: the hub reaches s1" \
		busywait 5 ping_from hub 10.0.0.2
	check "and s1 the hub" ping_from s1 10.0.0.1
	check "by IPv6" busywait 5 ping_from hub fd00::2
	for family in 4 6; do
		a=192.0.2.11
		[ $family = 4 ] || a=2001:db8::1
		before=$(counter hub tx-loop)
		need d hub cache add 10.0.0.66 nbma $a replace
		send_from hub 10.0.0.66 1
		check "a peer at the own IPv$family address is a loop" \
			counter_is hub tx-loop $((before + 1))
		need d hub cache del 10.0.0.66
	done
	nested
	ip_in hub -batch - <<-LIST
	link add inner type vrf table 200
	link set inner up
	link set dmvpn0 master inner
	addr replace fd00::1/64 dev dmvpn0 nodad
	LIST
	check "device in a VRF: it reaches s1" \
		busywait 5 ping_from hub 10.0.0.2 -I inner
	check "by IPv6" busywait 5 ping_from hub fd00::2 -I inner
	check "and s1 reaches it" ping_from s1 10.0.0.1
	check_not "not from outside of the VRF" \
		ping_from hub 10.0.0.2 -W 0.3
	ip_in hub -batch - <<-LIST
	link set u0 nomaster
	addr replace 2001:db8::1/64 dev u0 nodad
	route del blackhole 192.0.2.0/24
	route del blackhole 2001:db8::/64
	LIST
	check "underlay out of its VRF: traffic returns" \
		busywait 5 ping_from hub 10.0.0.2 -I inner
}

# u COMMAND...: as root of a user namespace, in its own network namespace
u()
{
	nsenter -t "$tenant" -U -n "$@"
}

user_namespace()
{
	refused "without CAP_NET_ADMIN entries are refused" "not permitted" \
		enter s1 setpriv --bounding-set=-net_admin \
		dmvpn cache add 10.0.0.9 nbma 192.0.2.9 dev dmvpn0
	unshare -Urn tail -f /dev/null &
	tenant=$!
	owned+=("$tenant")
	if ! busywait 5 u ip link set lo up; then
		skip "user namespace: this kernel has none"
		return
	fi
	check "root of a user namespace makes a device" \
		u dmvpn link add dmvpn0 local 198.51.100.1 protection none
	u ip -batch - <<-LIST
	link add dummy0 type dummy
	link set dummy0 up
	addr add 198.51.100.1/24 dev dummy0
	link set dmvpn0 up
	addr add 10.0.0.1/24 dev dmvpn0
	LIST
	check "and entries" u dmvpn cache add 10.0.0.2 nbma 198.51.100.2
	u ping -n -q -c 2 -i 0.01 -W 0.01 10.0.0.2 >/dev/null 2>&1
	is "and sends by it" "$(u ip -s -j link show dmvpn0 |
		jq '.[0].stats64.tx.packets')" 2
	check "and changes it" u dmvpn link set dmvpn0 key 3
	check_not "but not in another's namespace" \
		u ip link add dmvpn1 link-netns "$(ns s1)" type dmvpn
	u ip link del dmvpn0
	check "a device can be given to it" \
		ip_in s1 link set dmvpn0 netns "$tenant"
	refused "whose underlay it may not change" \
		"no permission in the underlay's namespace" \
		u dmvpn link set dmvpn0 local 192.0.2.99
	refused "nor any of it" "no permission in the underlay's namespace" \
		u dmvpn link set dmvpn0 protection none
	u ip link set dmvpn0 up
	u ip addr add 10.0.0.2/24 dev dmvpn0
	check "but use" u ping -n -q -c 1 -W $((5 * slow)) 10.0.0.1 -I dmvpn0
	process_stop "$tenant"
	check "it goes with the namespace" busywait 10 \
		d s1 link add dmvpn0 local 192.0.2.2 local 2001:db8::2
}

cloud 1
moved
exits
follow
down_up
deleted
vrfs
user_namespace
plan
