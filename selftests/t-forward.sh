#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets between two nodes: the four combinations of overlay and underlay
# family in the clear and by static ESP, and what the outer header says.

. "$(dirname "$0")/lib.sh"

cloud 1 mtu 1480

# underlay FAMILY: both ends map both overlay families to this one
underlay()
{
	local hub s1

	case $1 in
	4) hub=$(nbma hub) s1=$(nbma s1) ;;
	6) hub=$(nbma6 hub) s1=$(nbma6 s1) ;;
	esac
	d_all hub <<-LIST
	cache add 10.0.0.2 nbma $s1 replace
	cache add fd00::2 nbma $s1 replace
	LIST
	d_all s1 <<-LIST
	cache add 10.0.0.1 nbma $hub replace
	cache add fd00::1 nbma $hub replace
	LIST
}

# pings TEXT: both ways, both overlay families
pings()
{
	check "IPv4 over $1, spoke to hub" ping_from s1 10.0.0.1
	check "IPv4 over $1, hub to spoke" ping_from hub 10.0.0.2
	check "IPv6 over $1, spoke to hub" ping_from s1 fd00::1
	check "IPv6 over $1, hub to spoke" ping_from hub fd00::2
}

# outer TEXT FILTER COUNT: in the capture "wire"
outer()
{
	is "$1" "$(capture_count wire "$2")" "$3"
}

underlay 4
capture_start wire
pings "IPv4"
capture_stop wire
gre4="ip proto 47 and ip[20:2] = 0"
outer "eight packets of GRE without a key" "$gre4" 8
outer "four with IPv4 inside" "$gre4 and ip[22:2] = 0x0800" 4
outer "four with IPv6 inside" "$gre4 and ip[22:2] = 0x86dd" 4
outer "outer addresses" "$gre4 and src 192.0.2.2 and dst 192.0.2.1" 4
outer "TTL 255, TOS 0, don't fragment" \
	"$gre4 and ip[8] = 255 and ip[1] = 0 and ip[6] & 0x40 != 0" 8

underlay 6
capture_start wire
pings "IPv6"
capture_stop wire
gre6="ip6 proto 47 and ip6[40:2] = 0"
outer "nothing by IPv4" "ip proto 47" 0
outer "eight packets of GRE without a key, by IPv6" "$gre6" 8
outer "four with IPv4 inside, by IPv6" "$gre6 and ip6[42:2] = 0x0800" 4
outer "outer addresses, by IPv6" \
	"$gre6 and src 2001:db8::2 and dst 2001:db8::1" 4
outer "hop limit 255, traffic class 0" \
	"$gre6 and ip6[7] = 255 and ip6[0:2] & 0x0ff0 = 0" 8

# What the outer header takes from the inner one
d s1 link set dmvpn0 tos inherit ttl inherit df inherit
capture_start wire
ping_from s1 10.0.0.1 -Q 0xb9 -t 33 >/dev/null
capture_stop wire
outer "tos inherit, ttl inherit over IPv6" \
	"$gre6 and src 2001:db8::2 and ip6[0:2] & 0x0ff0 = 0x0b90 and ip6[7] = 33" 1
underlay 4
capture_start wire
ping_from s1 10.0.0.1 -Q 0xb8 -t 33 -M dont >/dev/null
ping_from s1 10.0.0.1 -Q 0x02 -t 34 -M "do" >/dev/null
ping_from s1 fd00::1 -Q 0x48 -t 35 >/dev/null
d s1 link set dmvpn0 tos 0x60 ttl 99 df unset
ping_from s1 10.0.0.1 -Q 0xb9 -t 36 -M "do" >/dev/null
capture_stop wire
from="$gre4 and src 192.0.2.2"
outer "tos, ttl inherited; df inherit: clear as inside" \
	"$from and ip[1] = 0xb8 and ip[8] = 33 and ip[6] & 0x40 = 0" 1
outer "ECN inherited; df inherit: set as inside" \
	"$from and ip[1] = 0x02 and ip[8] = 34 and ip[6] & 0x40 != 0" 1
outer "traffic class and hop limit inherited; df set for IPv6" \
	"$from and ip[1] = 0x48 and ip[8] = 35 and ip[6] & 0x40 != 0" 1
outer "tos of the device with the inner ECN; its ttl; df unset" \
	"$from and ip[1] = 0x61 and ip[8] = 99 and ip[6] & 0x40 = 0" 1

# Congestion marks on the way (RFC 6040)
if enter s1 nft -f - 2>/dev/null <<-RULES
	table ip marked {
		chain leaving {
			type filter hook output priority 0
			ip protocol 47 ip ecn set ce
		}
	}
	RULES
then
	enter hub nft -f - <<-RULES
	table ip counted {
		chain coming {
			type filter hook input priority 0
			iifname dmvpn0 ip ecn ce counter
		}
	}
	RULES
	check "a marked packet of a capable flow" ping_from s1 10.0.0.1 -Q 0x02
	check "arrives with the mark" grep -q 'packets 1 ' \
		<(enter hub nft list table ip counted)
	send_from s1 10.0.0.1 1 -Q 0
	check "of another flow it is dropped" busywait 5 counter_is hub rx-ecn 1
	enter s1 nft delete table ip marked
else
	skip "congestion marks: no nftables in this kernel"
fi

# Larger than the path: the device takes 1480, the path 1500 - 20 - 4
d s1 link set dmvpn0 ttl 255 tos 0 df set
refused "a packet too large for the path is refused to its sender" "1476" \
	ping_from s1 10.0.0.1 -M "do" -s 1452
check "and counted" counter_is s1 tx-too-big 1
check "the largest one goes" ping_from s1 10.0.0.1 -M "do" -s 1448
refused "the same for IPv6" "1476" ping_from s1 fd00::1 -M "do" -s 1432
check "counted as well" counter_is s1 tx-too-big 2
ip_in s1 route flush cache
capture_start wire
check "without don't-fragment inside it goes in fragments" \
	ping_from s1 10.0.0.1 -M dont -s 1452
capture_stop wire
outer "of the outer packet" "src 192.0.2.2 and ip[6:2] & 0x3fff != 0" 2

# A packet socket of all protocols
check "a packet socket need not say that it sends IP" enter s1 python3 -c '
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
s.bind(("dmvpn0", 0))
s.send(bytes.fromhex("4500001c000000004011000001020304") +
       socket.inet_aton("10.0.0.1") + bytes(8))
s.send(bytes.fromhex("6000000000083b40") + bytes(15) + bytes([9]) +
       socket.inet_pton(socket.AF_INET6, "fd00::1") + bytes(8))
'
check "it is seen" counter_is s1 tx-not-ip 0

# Static ESP: the same, and nothing in the clear
for node in hub s1; do
	esp_policy $node
	d $node link set dmvpn0 protection required
done
esp_pair hub s1
for family in 4 6; do
	underlay $family
	capture_start wire "proto 50 or proto 47"
	pings "ESP over IPv$family"
	capture_stop wire
	outer "eight packets of ESP" "proto 50" 8
	outer "none in the clear" "proto 47" 0
done
is "the peers are secured" \
	"$(d s1 -j show peers | jq -c '[.[].state] | unique')" '["secured"]'
check "nothing was refused" counter_is hub rx-clear 0
plan
