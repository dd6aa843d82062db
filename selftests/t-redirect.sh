#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Redirect upcalls of a hub: for which packets, with which peer, how often.

. "$(dirname "$0")/lib.sh"

cloud 2
need d hub link set dmvpn0 redirect on network-id 1 redirect-interval 3600000
upcalls_start hub

# told NAME REGEX COUNT: so many redirects that match
told()
{
	check "$1" upcalls_are hub "^redirect $2" "$3"
}

# fill_hooks: take all places that the kernel has for hooks of forwarding
fill_hooks()
{
	local i

	{
		echo "table ip full {"
		for ((i = 0; i < 1024; i++)); do
			echo "chain c$i { type filter hook forward priority 0; }"
		done
		echo "}"
	} | enter hub nft -f -
}

a=0a000002 b=0a000003		# 10.0.0.2 and 10.0.0.3
need ping_from s1 10.0.0.3
told "a packet that goes on to another peer" \
	"nbma 192.0.2.2 lost 0 length 84 payload 4500.{20}$a$b" 1
told "and its answer" "nbma 192.0.2.3 lost 0 length 84 payload 4500.{20}$b$a" 1
need ping_from s1 fd00::3 -s 500
told "IPv6, of which the first 128 octets" \
	"nbma 192.0.2.2 lost 0 length 128 payload 6.{15}fd0{29}2fd0{29}3" 1
need ping_from s1 10.0.0.3
told "not again within the interval" "nbma .* payload 45" 2
need ping_from s1 10.0.0.1
told "not for what the hub keeps" "nbma .* payload 45" 2

# Back to the peer it came from; it ends by its TTL
need ip_in s1 route add 10.5.0.0/24 via 10.0.0.1
need ip_in hub route add 10.5.0.0/24 via 10.0.0.2
send_from s1 10.5.0.9 1 -t 4
need d hub link set dmvpn0 redirect-interval 1
need ping_from s1 10.0.0.3
told "not back to the same peer" "nbma .*${a}0a050009" 0
told "the interval counts" "nbma .* payload 45" 4

# Destinations that the hub has no entry for leave by its own server
need d hub peer set 192.0.2.3 nhs on
need ping_from s1 10.0.0.3
send_from s1 10.0.0.99 1
told "for what the hub relays" "nbma 192.0.2.2 .*${a}0a000063" 1
send_from s2 10.0.0.98 1 -t 4
need ping_from s1 10.0.0.3
told "not to the server that it goes back to" "nbma .*${b}0a000062" 0
need d hub peer set 192.0.2.3 nhs off

# Rate
need d hub link set dmvpn0 redirect-rate 1
limited=$(counter hub upcall-limited)
enter s1 ping -q -c 10 -i 0.01 10.0.0.3 >/dev/null
now=$(counter hub upcall-limited)
check "no more than the rate ($((now - limited)) of 20 limited)" \
	test "$now" -gt "$limited"
need d hub link set dmvpn0 redirect-rate 1000

# Without the flag, and with the daemon gone
need d hub link set dmvpn0 redirect off
count=$(upcalls hub '^redirect ')
need ping_from s1 10.0.0.3
told "not without the flag" "" "$count"
if fill_hooks 2>/dev/null; then
	refused "one hook more than the kernel takes" \
		"cannot register the packet hooks" \
		d hub link set dmvpn0 redirect on network-id 2
	is "changes nothing" "$(d hub -j link show dmvpn0 |
		jq -c '.[] | [.redirect, .network_id]')" '[false,1]'
	need enter hub nft delete table ip full
else
	skip "no hook left: no nftables in this kernel"
fi
need d hub link set dmvpn0 redirect on

# Two devices of one NHRP network
for node in hub s2; do
	need d $node link add dmvpn1 local "$(nbma $node)" key 9 \
		protection none network-id 1 up
	need ip_in $node addr add 10.9.0."$(number $node)"/24 dev dmvpn1
done
need d hub cache add 10.9.0.3 nbma 192.0.2.3 dev dmvpn1
need d s2 cache add 10.9.0.1 nbma 192.0.2.1 dev dmvpn1
need ip_in s2 route add 10.0.0.2 via 10.9.0.1
need ip_in s1 route add 10.9.0.0/24 via 10.0.0.1
need ping_from s1 10.9.0.3
told "from one device to another of the same network" \
	"nbma 192.0.2.2 .*${a}0a090003" 1
need d hub link set dmvpn1 network-id 2
need ping_from s1 10.9.0.3
told "not to one of another network" "nbma 192.0.2.2 .*${a}0a090003" 1
need d hub link del dmvpn1
need d s2 link del dmvpn1

# In a VRF the input device is the VRF
modprobe -q vrf
if ip_in hub link add vrf0 type vrf table 100 2>/dev/null; then
	need ip_in hub link set vrf0 up
	need ip_in hub link set dmvpn0 master vrf0
	count=$(upcalls hub "^redirect nbma 192.0.2.2 .*$a$b")
	need ping_from s1 10.0.0.3
	told "in a VRF the same peer" "nbma 192.0.2.2 .*$a$b" $((count + 1))
	need ip_in hub link set dmvpn0 nomaster
else
	skip "in a VRF: this kernel has none"
fi

# By ESP
for node in hub s1 s2; do
	esp_policy $node
	need d $node link set dmvpn0 protection required
done
esp_pair hub s1
esp_pair hub s2
count=$(upcalls hub "^redirect nbma 192.0.2.2 .*$a$b")
check "through ESP" ping_from s1 10.0.0.3
told "the peer is the other end of ESP" "nbma 192.0.2.2 .*$a$b" $((count + 1))
upcalls_stop hub
plan
