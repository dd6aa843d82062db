#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets that are too big: who is told what, what is fragmented instead, and
# how a router on the way is believed.
#
#   c1 --- s1 --- net --- far    The link to far has an MTU of 1300.
#             1500    1300

. "$(dirname "$0")/lib.sh"

# far_link: a node behind a router
far_link()
{
	new_ns far
	new_ns c1
	ip link add f0 netns "$(ns net)" type veth \
		peer name u0 netns "$(ns far)" || exit 1
	ip link add c0 netns "$(ns s1)" type veth \
		peer name c0 netns "$(ns c1)" || exit 1
	# A router asks for its neighbours by a link local address only.
	ip_in net -batch - <<-LIST || exit 1
	addr add fe80::fe/64 dev br0 nodad
	link set f0 addrgenmode none
	link set f0 mtu 1300 up
	addr add 198.51.100.1/24 dev f0
	addr add 2001:db8:1::1/64 dev f0 nodad
	addr add fe80::1/64 dev f0 nodad
	addr add 2001:db8::fe/64 dev br0 nodad
	LIST
	ip_in far -batch - <<-LIST || exit 1
	link set u0 addrgenmode none
	link set u0 mtu 1300 up
	addr add 198.51.100.2/24 dev u0
	addr add 2001:db8:1::2/64 dev u0 nodad
	route add default via 198.51.100.1
	route add ::/0 via 2001:db8:1::1
	LIST
	ip_in s1 -batch - <<-LIST || exit 1
	route add 198.51.100.0/24 via 192.0.2.254
	route add 2001:db8:1::/64 via 2001:db8::fe
	link set c0 addrgenmode none
	link set c0 up
	addr add 10.9.0.1/24 dev c0
	addr add fd09::1/64 dev c0 nodad
	addr add fe80::1/64 dev c0 nodad
	LIST
	ip_in c1 -batch - <<-LIST || exit 1
	link set c0 addrgenmode none
	link set c0 up
	addr add 10.9.0.2/24 dev c0
	addr add fd09::2/64 dev c0 nodad
	route add default via 10.9.0.1
	route add ::/0 via fd09::1
	LIST
	enter net sh -c 'cd /proc/sys/net
		echo 1 >ipv4/ip_forward
		echo 1 >ipv6/conf/all/forwarding
		echo 0 >ipv4/icmp_ratelimit
		echo 0 >ipv6/icmp/ratelimit'
}

# far_tunnel: dmvpn0 of far, and the mappings of both
far_tunnel()
{
	d far link add dmvpn0 local 198.51.100.2 local 2001:db8:1::2 \
		protection none || exit 1
	ip_in far -batch - <<-LIST || exit 1
	link set dmvpn0 addrgenmode none
	link set dmvpn0 up
	addr add 10.0.0.9/24 dev dmvpn0
	addr add fd00::9/64 dev dmvpn0 nodad
	route add 10.9.0.0/24 via 10.0.0.2
	route add fd09::/64 via fd00::2
	LIST
	map 198.51.100.2 192.0.2.2
}

# map FAR S1: NBMA addresses by which they know each other, anew
map()
{
	local dead

	for dead in 198.51.100.2 2001:db8:1::2; do
		d s1 peer del $dead dev dmvpn0 2>/dev/null
	done
	forget
	d_all s1 <<-LIST
	cache add 10.0.0.9 nbma $1 replace
	cache add fd00::9 nbma $1 replace
	LIST
	d_all far <<-LIST
	cache add 10.0.0.2 nbma $2 replace
	cache add fd00::2 nbma $2 replace
	LIST
}

# big NODE ADDRESS SIZE [OPTION...]: an echo request of that many octets with
# its IP header; true when it is answered
big()
{
	local node=$1 to=$2 size=$(($3 - 28))

	shift 3
	[[ $to != *:* ]] || size=$((size - 20))
	enter "$node" ping -n -c 1 -W $((5 * slow)) -s $size "$@" "$to" \
		>"$scratch/big" 2>&1
}

# told NODE ADDRESS SIZE MTU: the sender of such a packet hears this MTU
told()
{
	local seen

	big "$1" "$2" "$3" -M "do"
	seen=$(grep -o 'mtu *[:=] *[0-9]*' "$scratch/big" | grep -o '[0-9]*$' |
		tail -n 1)
	[ "$seen" = "$4" ] || { echo "is told '$seen'"; cat "$scratch/big"
		return 1; }
}

# learned NBMA: s1 has heard of the router's 1300 octets
learned()
{
	ip_in s1 route get "$1" | grep -q 'mtu 1300'
}

peer_mtu()
{
	local REPLY

	query s1 -j show peers dev dmvpn0 && json_object nbma "$1" &&
		json_member mtu && echo "$REPLY"
}

forget()
{
	local node

	for node in s1 c1; do
		ip_in $node route flush cache
		ip_in $node -6 route flush cache
	done
}

# The outer MTU is that of the link: 1476 is what fits, less 4 with a key.
link_mtu()
{
	ip_in s1 link set dmvpn0 mtu 2000
	ip_in hub link set dmvpn0 mtu 2000
	check "1476 octets fit into 1500" big s1 10.0.0.1 1476 -M "do"
	check "a local sender of 1477 hears so" told s1 10.0.0.1 1477 1476
	check "IPv6 too" told s1 fd00::1 1477 1476
	d s1 link set dmvpn0 key 0
	d hub link set dmvpn0 key 0
	forget
	check "with a key 1472 do" told s1 10.0.0.1 1473 1472
	check "and they fit" big s1 10.0.0.1 1472 -M "do"
	d s1 link set dmvpn0 key none
	d hub link set dmvpn0 key none
	forget
	check "an entry's own MTU counts" d s1 cache add 10.0.0.1 \
		nbma 192.0.2.1 mtu 1000 replace
	check "and is told" told s1 10.0.0.1 1001 1000
	d s1 cache add 10.0.0.1 nbma 192.0.2.1 type nhs replace
}

outer()
{
	capture_count df "src 192.0.2.2 and ip proto 47 and $1"
}

# bits NAME DF NODF: so many outer packets of s1 with the bit and without
bits()
{
	capture_stop df
	is "$1" "$(outer 'ip[6] & 0x40 != 0') $(outer 'ip[6] & 0x40 = 0')" \
		"$2 $3"
}

df_bit()
{
	local mode

	for mode in 'set 2 0' 'unset 0 2' 'inherit 1 1'; do
		# shellcheck disable=SC2086 # three words
		set -- $mode
		d s1 link set dmvpn0 df "$1"
		capture_start df 'ip proto 47'
		big s1 10.0.0.1 100 -M "do"
		big s1 10.0.0.1 100 -M dont
		bits "df $1: outer packets with and without the bit" "$2" "$3"
	done
	d s1 link set dmvpn0 df unset
	forget
	check "df unset: 1990 octets come in fragments" \
		big s1 10.0.0.1 1990 -M "do"
	d s1 link set dmvpn0 df set
	check "without the inner bit as well, although df is set" \
		big s1 10.0.0.1 1990 -M dont
	forget
}

# router NAME NBMA: what the router says is believed, and passed on
router()
{
	ip_in s1 link set dmvpn0 mtu 1400
	ip_in far link set dmvpn0 mtu 1400
	# Peers that were just secured are given a moment.
	check "$1: small packets pass" busywait 5 big s1 10.0.0.9 500
	check_not "$1: 1400 octets do not pass the router" \
		big s1 10.0.0.9 1400 -M "do" -W 0.5
	check "$1: its MTU is learned" busywait 5 learned "$2"
	check "$1: a local sender hears of it" told s1 10.0.0.9 1400 "$3"
	is "$1: the peer has it" "$(peer_mtu "$2")" "$3"
	check "$1: so does a forwarded one" told c1 10.0.0.9 1400 "$3"
	check "$1: that much passes" big c1 10.0.0.9 "$3" -M "do"
	check "$1: more does without DF" big c1 10.0.0.9 1400 -M dont
	check "$1: an IPv6 sender hears of no less than 1280" \
		told c1 fd00::9 1400 "$(($3 > 1280 ? $3 : 1280))"
	check "$1: which passes all the same" big c1 fd00::9 1280 -M "do"
	forget
}

# What s1 itself sends in fragments is too big for the router all the same.
fragments()
{
	local node

	for node in s1 far; do
		ip_in $node link set dmvpn0 mtu 2000
	done
	d s1 link set dmvpn0 df unset
	check "what the router says of IPv6 fragments is believed" \
		busywait 20 big s1 10.0.0.9 1990 -M dont
	check "and is of the path" learned 2001:db8:1::2
	d s1 link set dmvpn0 df set
	forget
}

protect()
{
	local node a b p

	for p in '192.0.2.2 198.51.100.2 0x91' '198.51.100.2 192.0.2.2 0x92' \
		'2001:db8::2 2001:db8:1::2 0x91' \
		'2001:db8:1::2 2001:db8::2 0x92'; do
		# shellcheck disable=SC2086 # three words
		set -- $p
		for node in s1 far; do
			a=out b=in
			if [ $node = far ]; then a=in b=out; fi
			[ "$3" = 0x91 ] || a=$b
			cat >>"$scratch/xfrm-$node" <<-LIST
			xfrm state add src $1 dst $2 proto esp spi $3 reqid 1 mode transport aead rfc4106(gcm(aes)) $esp_key 128
			xfrm policy add src $1 dst $2 proto 47 dir $a tmpl src $1 dst $2 proto esp reqid 1 mode transport
			LIST
		done
	done
	for node in s1 far; do
		ip_in $node -batch - <"$scratch/xfrm-$node" || exit 1
		d $node link set dmvpn0 protection required
	done
}

for module in ip_gre ip6_gre; do
	rmmod $module 2>/dev/null
done
cloud 1
far_link
far_tunnel
link_mtu
df_bit
check_not "nobody else listens to errors for GRE" test -d /sys/module/ip_gre
router "in the clear" 198.51.100.2 1276
map 2001:db8:1::2 2001:db8::2
router "in the clear, IPv6" 2001:db8:1::2 1256
fragments
protect
# 8 SPI and sequence, 8 IV, 16 check value, 2 trailer, padded to 4
map 198.51.100.2 192.0.2.2
router "in ESP" 198.51.100.2 1242
map 2001:db8:1::2 2001:db8::2
router "in ESP, IPv6" 2001:db8:1::2 1222
plan
