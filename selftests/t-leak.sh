#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Netfilter must not strip a protected packet of its association. Two rules
# did so for packets that take the usual way out: one that changes the mark,
# so that the packet is routed anew, and one that translates the source. Each
# is shown to bite on a device without protection first.

. "$(dirname "$0")/lib.sh"

gre='(ip proto 47 or ip6 proto 47)'
esp='(ip proto 50 or ip6 proto 50)'
if_id=7

# association FROM TO DIRECTION: lines for "ip -batch". It is found with an
# interface id only, which a route that netfilter looks up does not have.
association()
{
	local a b

	for a in nbma nbma6; do
		b=$($a "$2") a=$($a "$1")
		echo "xfrm state add src $a dst $b proto esp spi $(esp_spi "$1" "$2") reqid 1 mode transport if_id $if_id aead rfc4106(gcm(aes)) $esp_key 128"
		echo "xfrm policy add src $a dst $b proto 47 dir $3 if_id $if_id tmpl src $a dst $b proto esp reqid 1 mode transport"
	done
}

protect()
{
	{ association hub s1 out; association s1 hub in; } |
		ip_in hub -batch - || exit 1
	{ association s1 hub out; association hub s1 in; } |
		ip_in s1 -batch - || exit 1
}

# peers FAMILY: both name each other by addresses of this family
peers()
{
	local of=nbma

	[ "$1" = 4 ] || of=nbma6
	d hub cache add 10.0.0.2 nbma "$($of s1)" if-id $if_id replace dev dmvpn0
	d s1 cache add 10.0.0.1 nbma "$($of hub)" if-id $if_id replace dev dmvpn0
}

# reroute PROTOCOLS: mark them on their way out; the mark has a table
reroute()
{
	enter s1 nft -f - <<-LIST
	table inet leak {
		counter hit { }
		chain out {
			type route hook output priority mangle
			meta l4proto { $1 } meta mark set 0x99 counter name hit
		}
	}
	LIST
}

# translate PROTOCOLS: give them another source address
translate()
{
	enter s1 nft -f - <<-LIST
	table inet leak {
		counter hit { }
		chain out {
			type nat hook postrouting priority srcnat
			meta l4proto { $1 } counter name hit jump other
		}
		chain other {
			meta nfproto ipv4 snat ip to 192.0.2.77
			meta nfproto ipv6 snat ip6 to 2001:db8::77
		}
	}
	LIST
}

hits()
{
	enter s1 nft -j list counter inet leak hit |
		jq '.nftables[] | .counter? // empty | .packets'
}

forget()
{
	enter s1 nft delete table inet leak
	enter s1 conntrack -F >/dev/null 2>&1
}

# bites NAME: a device without protection is touched by the rule
bites()
{
	d s1 link set dmvpn0 protection none
	d hub link set dmvpn0 protection none
	capture_start clear "$gre"
	send_from s1 10.0.0.1 2
	capture_stop clear
	check "$1: without protection the rule bites" test "$(hits)" -gt 0
	check "$1: and packets are in the clear" capture_has clear "$gre"
	d s1 link set dmvpn0 protection required
	d hub link set dmvpn0 protection required
	# What conntrack knows of the packets in the clear is not to count.
	enter s1 conntrack -F >/dev/null 2>&1
}

# tight NAME: with protection nothing is in the clear, and packets flow
tight()
{
	capture_start wire "$gre or $esp"
	send_from s1 10.0.0.1 5
	check "$1: packets flow" ping_from s1 10.0.0.1
	capture_stop wire
	is "$1: nothing in the clear" "$(capture_count wire "$gre")" 0
	check "$1: it is ESP" capture_has wire "$esp"
}

cloud 1 protection required
protect
ip_in s1 -batch - <<-LIST
rule add fwmark 0x99 lookup 99
route add 192.0.2.0/24 dev u0 table 99
route add 2001:db8::/64 dev u0 table 99
addr add 192.0.2.77/24 dev u0
addr add 2001:db8::77/64 dev u0 nodad
LIST
ip_in s1 -6 rule add fwmark 0x99 lookup 99

for family in 4 6; do
	peers $family
	check "IPv$family: there is an association" ping_from s1 10.0.0.1

	reroute gre
	bites "IPv$family, routed anew"
	tight "IPv$family, GRE routed anew"
	forget
	reroute 'gre, esp'
	tight "IPv$family, GRE and ESP routed anew"
	check "IPv$family: ESP has got the mark" test "$(hits)" -gt 0
	forget

	translate gre
	bites "IPv$family, translated"
	tight "IPv$family, GRE translated"
	forget
	translate 'gre, esp'
	capture_start wire "$gre or $esp"
	before=$(counter hub rx-wrong-peer)
	send_from s1 10.0.0.1 3
	capture_stop wire
	is "IPv$family, ESP translated: nothing in the clear" \
		"$(capture_count wire "$gre")" 0
	is "IPv$family: the hub refuses what has another's source" \
		$(($(counter hub rx-wrong-peer) - before)) 3
	forget
done
plan
