#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The multicast list: the broadcast address of the subnet, its refusals, and a
# list of which only a part is secured.

. "$(dirname "$0")/lib.sh"

# copies FILTER: in the last capture
copies()
{
	capture_count mcast "src 192.0.2.1 and $1"
}

# listed: the list's addresses in one line
listed()
{
	d hub -j show multicast | jq -r '[.[].nbma] | sort | join(" ")'
}

subnet_broadcast()
{
	local peer

	capture_start mcast
	enter hub ping -q -b -c 1 -W 0.01 -I dmvpn0 10.0.0.255 >/dev/null 2>&1
	capture_stop mcast
	for peer in 192.0.2.2 192.0.2.3; do
		is "10.0.0.255: one copy to $peer" \
			"$(copies "proto 47 and dst $peer and
				ip[40:4] = 0x0a0000ff")" 1
	done
	is "10.0.0.255: none to a peer that is not in the list" \
		"$(copies 'proto 47 and dst 192.0.2.4')" 0
}

refusals()
{
	refused "twice in the list" "nbma: is in the multicast list already" \
		d hub multicast add 192.0.2.2
	check_not "who is not in it cannot leave" d hub multicast del 192.0.2.4
	is "both change nothing" "$(listed)" "192.0.2.2 192.0.2.3"
	need d hub multicast add 192.0.2.99
	need d hub multicast del 192.0.2.99
	is "a peer that was in the list only is gone" \
		"$(d hub -j show peers |
			jq '[.[] | select(.nbma == "192.0.2.99")] | length')" 0
}

secured_to_s1()
{
	local REPLY

	query hub -j show peers && json_object nbma 192.0.2.2 &&
		json_member state && [ "$REPLY" = secured ]
}

partly_secured()
{
	local before

	for node in hub s1; do
		need d "$node" link set dmvpn0 protection required
		need esp_policy "$node"
	done
	need esp_pair hub s1
	check "one of two is secured" busywait 5 secured_to_s1
	before=$(counter hub tx-mcast-unsecured)
	capture_start mcast "ip proto 47 or ip proto 50"
	send_from hub 224.0.0.5 3 -I dmvpn0
	capture_stop mcast
	is "its copies go, in ESP" "$(copies 'proto 50 and dst 192.0.2.2')" 3
	is "nothing goes to the other" "$(copies 'dst 192.0.2.3')" 0
	is "and nothing in the clear" "$(copies 'proto 47')" 0
	check "the other's copies are counted" \
		counter_is hub tx-mcast-unsecured $((before + 3))
	need d hub peer del 192.0.2.2
	need d hub peer del 192.0.2.3
	before=$(counter hub tx-mcast-empty)
	send_from hub 224.0.0.5 1 -I dmvpn0
	check "a list that became empty is counted as such" \
		counter_is hub tx-mcast-empty $((before + 1))
}

cloud 3
d_all hub <<-LIST
multicast add 192.0.2.2
multicast add 192.0.2.3
LIST
subnet_broadcast
refusals
partly_secured
plan
