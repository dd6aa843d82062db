#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Spokes behind a NAT: ESP in UDP, two of them behind one address.
#
#   net: br0 ---- hub 192.0.2.1, s1 192.0.2.2
#      |
#     nat  192.0.2.50, masquerades
#      | 10.9.0.1
#   lan: br0 ---- s4 10.9.0.4, s5 10.9.0.5

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/ike.sh"

# behind NODE: a router whose underlay is behind the NAT
behind()
{
	local i

	i=$(number "$1")
	new_ns "$1"
	ip link add "u$i" netns "$(ns lan)" type veth \
		peer name u0 netns "$(ns "$1")" || exit 1
	ip_in lan link set "u$i" master br0 up
	ip_in "$1" -batch - <<-LIST || exit 1
	link set u0 up
	addr add 10.9.0.$((i - 1))/24 dev u0
	route add default via 10.9.0.1
	link add lan0 type dummy
	link set lan0 up
	addr add 10.1.$i.1/24 dev lan0
	LIST
	enter "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
}

nat()
{
	new_ns lan
	ip_in lan link add br0 type bridge
	ip_in lan link set br0 up
	new_ns nat
	ip link add unat netns "$(ns net)" type veth \
		peer name wan netns "$(ns nat)" || exit 1
	ip link add unat netns "$(ns lan)" type veth \
		peer name in netns "$(ns nat)" || exit 1
	ip_in net link set unat master br0 up
	ip_in lan link set unat master br0 up
	ip_in nat -batch - <<-LIST || exit 1
	addr add 192.0.2.50/24 dev wan
	link set wan up
	addr add 10.9.0.1/24 dev in
	link set in up
	LIST
	enter nat sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	enter nat nft -f - <<-END || exit 1
		table ip nat {
			chain post {
				type nat hook postrouting priority srcnat;
				oifname "wan" masquerade
			}
		}
	END
}

registration()
{
	local node

	for node in hub s1 s4 s5; do
		charon_start "$node"
		ike_conf "$node"
		dmvpnd_start "$node"
	done
	for node in s1 s4 s5; do
		check "$node registers" busywait 60 entry_is hub \
			"10.0.0.$(number "$node")/32" type registered
	done
	is "s4 is known by the address of the NAT" \
		"$(entry hub 10.0.0.5/32 nbma)" 192.0.2.50
	is "and by its own" "$(entry hub 10.0.0.5/32 claimed)" 10.9.0.4
	check "the two have SAs of their own" busywait 60 apart
	for node in s4 s5; do
		check "the hub reaches $node" busywait 40 ping_from hub \
			"10.0.0.$(number "$node")"
		check "$node reaches the hub" busywait 20 ping_from "$node" \
			10.0.0.1
	done
}

apart()
{
	[ "$(entry hub 10.0.0.5/32 if_id)" != \
		"$(entry hub 10.0.0.6/32 if_id)" ] &&
		[ "$(entry hub 10.0.0.6/32 type)" = registered ]
}

routes()
{
	local a b

	for a in s1 s4 s5; do
		for b in s1 s4 s5; do
			[ "$a" = "$b" ] || ip_in "$a" route add \
				"10.1.$(number "$b").0/24" dev dmvpn0
		done
		ip_in hub route add "10.1.$(number "$a").0/24" \
			via "10.0.0.$(number "$a")"
	done
}

public_to_nat()
{
	check "from the public spoke to one behind the NAT, none lost" \
		all_answered s1 10.1.5.1 150 -i 0.02 -I 10.1.2.1
	check "the path gets direct" busywait 30 eval \
		'ping_from s1 10.1.5.1 -I 10.1.2.1; direct s1 10.1.5'
	check "and back" busywait 30 eval \
		'ping_from s4 10.1.2.1 -I 10.1.5.1; direct s4 10.1.2'
	check "from behind the NAT to the public one, none lost" \
		all_answered s5 10.1.2.1 150 -i 0.02 -I 10.1.6.1
	check "that path gets direct, too" busywait 30 eval \
		'ping_from s5 10.1.2.1 -I 10.1.6.1; direct s5 10.1.2'
	check "both by SAs of their own" busywait 10 ping_from s1 10.1.5.1 \
		-I 10.1.2.1
}

# The monitor hears of something that is of no interest to the test.
monitoring()
{
	d s4 peer set 192.0.2.99 permanent on
	d s4 peer set 192.0.2.99 permanent off
	[ -s "$scratch/events" ]
}

# Neither can begin with the other: the server goes on relaying.
nat_to_nat()
{
	check "between two behind the NAT, none lost" \
		all_answered s4 10.1.6.1 150 -i 0.02 -I 10.1.5.1
	check "their path is relayed, which is shown" busywait 10 \
		eval 'd s4 show | grep "10.1.6" | grep -q "relayed via 10.0.0.1"'
	enterns "$netns-s4" dmvpn monitor >"$scratch/events" 2>&1 &
	owned+=("$!")
	need busywait 10 monitoring
	check "it goes on" all_answered s4 10.1.6.1 200 -I 10.1.5.1
	check "and does not flap" [ "$(grep -cE '10\.1\.6|10\.0\.0\.6' \
		"$scratch/events")" -le 2 ]
}

topology 1
nat
behind s4
behind s5
capture_start wire 'ip proto 47 or udp port 9'
registration
routes
public_to_nat
nat_to_nat
capture_stop wire
is "GRE packets in the clear" "$(capture_count wire 'ip proto 47')" 0
ike_report hub s1 s4 s5
plan
