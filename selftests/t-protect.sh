#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Protection required: whatever is missing, nothing goes out in the clear and
# nothing that came in the clear, or by the association of another, comes in.

. "$(dirname "$0")/lib.sh"
. "$here/stream.sh"

# by NODE COUNTER LEAST: the counter has reached it
by()
{
	local value

	value=$(counter "$1" "$2")
	[ "$value" -ge "$3" ] || { echo "$2 is $value, not $3"; return 1; }
}

gre='ip proto 47 or ip6 proto 47'
esp='ip proto 50 or ip6 proto 50'

# wire_start, wire_end NAME [yes]: what is on the wire between them is ESP, if
# anything; with "yes" something is.
wire_start()
{
	capture_start wire "$gre or $esp"
}

wire_end()
{
	capture_stop wire
	is "$1: nothing in the clear" "$(capture_count wire "$gre")" 0
	[ "${2:-}" != yes ] ||
		check "$1: ESP is on the wire" capture_has wire "$esp"
}

state()
{
	local REPLY

	query "$1" -j show peers dev dmvpn0 && json_object nbma "$2" &&
		json_member state && echo "$REPLY"
}

state_is()
{
	[ "$(state "$1" "$2")" = "$3" ] ||
		{ echo "$2 is $(state "$1" "$2"), not $3"; return 1; }
}

no_association()
{
	wire_start
	send_from s1 10.0.0.1 3
	check "without associations packets are held" by s1 held 3
	check "and dropped in the end" \
		busywait 8 counter_is s1 tx-hold-expired 3
	d s1 link set dmvpn0 hold-queue 0
	send_from s1 10.0.0.1 2
	check "without a queue they are counted" by s1 tx-unsecured 2
	d hub multicast add 192.0.2.2 dev dmvpn0
	send_from hub 224.0.0.5 2 -I dmvpn0
	check "copies of multicast are counted" by hub tx-mcast-unsecured 2
	d hub multicast del 192.0.2.2 dev dmvpn0
	wire_end "no association"
}

clear_node()
{
	d s2 link set dmvpn0 protection none
	check "protection none: the peer's state says so" \
		busywait 5 state_is s2 192.0.2.1 clear
	check_not "a node in the clear has no answer" \
		ping_from s2 10.0.0.1 -W 0.3
	check "its packets are counted" by hub rx-clear 1
	check "and the log names it" sh -c "dmesg | tail -n 20 |
		grep -q 'dmvpn0: dropped a packet in the clear from 192.0.2.3'"
	d s2 link set dmvpn0 protection required
	is "its link says what it is" \
		"$(d s2 -j link show dmvpn0 | jq -r '.[0].protection')" required
}

both_ways()
{
	esp_pair hub s1
	wire_start
	check "with associations s1 reaches the hub" ping_from s1 10.0.0.1
	check "and the hub s1" ping_from hub 10.0.0.2
	wire_end "associations" yes
	check "the peer is secured" state_is s1 192.0.2.1 secured
	d_all s1 <<-LIST
	cache add 10.0.0.1 nbma 2001:db8::1 replace dev dmvpn0
	LIST
	d_all hub <<-LIST
	cache add 10.0.0.2 nbma 2001:db8::2 replace dev dmvpn0
	LIST
	wire_start
	check "the same by IPv6" ping_from s1 10.0.0.1
	wire_end "IPv6"
	check "IPv6: all of it is ESP" capture_has wire 'ip6 proto 50'
	d s1 cache add 10.0.0.1 nbma 192.0.2.1 type nhs replace dev dmvpn0
	d hub cache add 10.0.0.2 nbma 192.0.2.2 replace dev dmvpn0
}

# s1 knows s2, but only the hub is secured.
relay()
{
	esp_pair hub s2
	d s1 cache add 10.0.0.3 nbma 192.0.2.3 type resolved dev dmvpn0
	d s2 cache add 10.0.0.2 nbma 192.0.2.2 type resolved dev dmvpn0
	wire_start
	check "an unsecured peer is reached by the hub" ping_from s1 10.0.0.3
	check "which is counted" by s1 relayed 1
	is "and shown" "$(entry s1 10.0.0.3/32 path)" relayed
	esp_pair s1 s2
	check "an association makes the path direct" \
		busywait 5 direct s1 10.0.0.3/32
	check "packets follow it" ping_from s1 10.0.0.3
	check "without the hub" capture_has wire \
		'src 192.0.2.2 and dst 192.0.2.3 and ip proto 50'
	wire_end "relay" yes
}

direct()
{
	[ "$(entry "$1" "$2" path)" = direct ]
}

mid_traffic()
{
	local before

	before=$(counter s1 relayed)
	wire_start
	stream s1 s1 10.0.0.2 10.0.0.3
	check "a stream goes the direct way" flows s1
	esp_del s1 s1 s2
	check "without its association the hub relays it" \
		busywait 10 by s1 relayed $((before + 1))
	check "and it goes on" flows s1
	stream_end s1
	is "association removed under traffic: packets lost" "$(lost s1)" 0
	wire_end "removed under traffic" yes
	esp_del s2 s1 s2
}

one_way()
{
	esp_del s1 hub s1
	wire_start
	check_not "no association inbound: no answer" \
		ping_from s1 10.0.0.1 -W 0.3
	esp_del hub hub s1
	check_not "nor with none to answer by" ping_from s1 10.0.0.1 -W 0.3
	check "what was to be sent waits" by hub held 1
	wire_end "one direction" yes
	esp_sa hub hub s1
	esp_sa s1 hub s1
	check "both directions again: answers" ping_from s1 10.0.0.1
}

# interface_ids: two peers of one address, each with associations of its own
interface_ids()
{
	local id dir line

	for id in 7 8; do
		d s1 peer set 192.0.2.9 if-id $id permanent on dev dmvpn0
		for dir in '192.0.2.2 192.0.2.9' '192.0.2.9 192.0.2.2'; do
			# shellcheck disable=SC2086 # two words
			set -- $dir
			line="src $1 dst $2 proto esp spi 0x88$id${1##*.}"
			echo "xfrm state add $line if_id $id reqid 1 mode transport aead rfc4106(gcm(aes)) $esp_key 128"
			[ $id = 7 ] || echo "xfrm state del $line" \
				>>"$scratch/of-8"
		done
	done >"$scratch/of-both"
	ip_in s1 -batch - <"$scratch/of-both"
	check "peers of one address are both secured" \
		busywait 5 ids_are "secured secured"
	ip_in s1 -batch - <"$scratch/of-8"
	check "and one is when the other is no more" \
		busywait 5 ids_are "secured idle"
	for id in 7 8; do
		d s1 peer del 192.0.2.9 if-id $id dev dmvpn0
	done
}

# ids_are STATES: of these two peers
ids_are()
{
	local states

	states=$(d s1 -j show peers dev dmvpn0 | jq -r '[.[] |
		select(.nbma == "192.0.2.9")] | sort_by(.if_id) |
		map(.state) | join(" ")')
	[ "$states" = "$1" ] || { echo "they are $states, not $1"; return 1; }
}

# in_policy REQID: what the hub demands of GRE that comes in
in_policy()
{
	ip_in hub xfrm policy update src 0.0.0.0/0 dst 192.0.2.1/32 proto 47 \
		dir in tmpl src 0.0.0.0 dst 192.0.2.1 proto esp reqid "$1" \
		mode transport
}

wrong_policy()
{
	in_policy 9
	check_not "an association that the policy does not name" \
		ping_from s1 10.0.0.1 -W 0.3
	check "is counted" by hub rx-policy 1
	in_policy 1
}

# Both ends of s1 and the hub, in tunnel mode
tunnel_mode()
{
	local a=192.0.2.1 b=192.0.2.2 node from to i

	for node in hub s1; do
		ip_in "$node" xfrm state flush
		ip_in "$node" xfrm policy flush
		for i in "$a $b out in" "$b $a in out"; do
			# shellcheck disable=SC2086 # four words
			set -- $i
			from=$1 to=$2
			[ "$node" = hub ] || set -- "$1" "$2" "$4" "$3"
			ip_in "$node" -batch - <<-LIST
			xfrm state add src $from dst $to proto esp spi 0x77${from##*.} reqid 2 mode tunnel aead rfc4106(gcm(aes)) $esp_key 128
			xfrm policy add src $from/32 dst $to/32 proto 47 dir $3 tmpl src $from dst $to proto esp reqid 2 mode tunnel
			LIST
		done
	done
	wire_start
	check "tunnel mode: s1 reaches the hub" ping_from s1 10.0.0.1
	check "tunnel mode: the hub reaches s1" ping_from hub 10.0.0.2
	wire_end "tunnel mode" yes
}

# s2 has an association with the hub, and puts the address of s1 on what it
# sends by it.
impersonate()
{
	esp_sa hub s2 hub	# the hub lost it with the flush
	ip_in s2 -batch - <<-LIST
	addr add 192.0.2.2/32 dev lo
	neigh replace 192.0.2.1 dev u0 lladdr $(ip_in hub -j link show u0 | jq -r '.[0].address')
	xfrm policy flush
	xfrm state flush
	xfrm policy add src 192.0.2.2/32 dst 0.0.0.0/0 proto 47 dir out tmpl src 192.0.2.2 dst 0.0.0.0 proto esp reqid 1 mode transport
	xfrm state add src 192.0.2.2 dst 192.0.2.1 proto esp spi $(esp_spi s2 hub) reqid 1 mode transport replay-oseq 5000 aead rfc4106(gcm(aes)) $esp_key 128
	LIST
	d s2 link set dmvpn0 local 192.0.2.2
	send_from s2 10.0.0.1 2
	check "another's address by a good association is refused" \
		busywait 5 by hub rx-wrong-peer 2
	check "and the log says so" sh -c "dmesg | tail -n 20 |
		grep -q 'from 192.0.2.2 that came by the security'"
}

# A cloud in the clear, between addresses that a VPN of the sites connects: what
# comes by that is not of the device, and does it no harm.
other_vpn()
{
	local node a b s d

	for node in hub s1; do
		ip_in "$node" xfrm state flush
		ip_in "$node" xfrm policy flush
		a=172.20.1.1 b=172.20.2.1 s=192.0.2.1 d=192.0.2.2
		[ "$node" = hub ] || { a=172.20.2.1 b=172.20.1.1 s=192.0.2.2 d=192.0.2.1; }
		ip_in "$node" -batch - <<-LIST
		addr add $a/32 dev lo
		route add $b/32 dev u0 src $a
		xfrm state add src $s dst $d proto esp spi 0x88${s##*.} reqid 3 mode tunnel aead rfc4106(gcm(aes)) $esp_key 128
		xfrm state add src $d dst $s proto esp spi 0x88${d##*.} reqid 3 mode tunnel aead rfc4106(gcm(aes)) $esp_key 128
		xfrm policy add src $a/32 dst $b/32 dir out tmpl src $s dst $d proto esp reqid 3 mode tunnel
		xfrm policy add src $b/32 dst $a/32 dir in tmpl src $d dst $s proto esp reqid 3 mode tunnel
		LIST
		d "$node" link set dmvpn0 local "$a" protection none
	done
	need d hub cache add 10.0.0.2 nbma 172.20.2.1 replace
	need d s1 cache add 10.0.0.1 nbma 172.20.1.1 replace
	wire_start
	check "in the clear through a VPN of the sites" \
		busywait 10 ping_from s1 10.0.0.1
	check "the other way" ping_from hub 10.0.0.2
	wire_end "through a VPN" yes
	is "the peer is known by its address" "$(d hub -j show peers |
		jq '[.[] | select(.nbma == "172.20.2.1").rx_packets > 0] | any')" \
		true
}

cloud 2 protection required
no_association
clear_node
for node in hub s1 s2; do
	esp_policy "$node"
done
both_ways
relay
mid_traffic
one_way
interface_ids
wrong_policy
tunnel_mode
impersonate
other_vpn
plan
