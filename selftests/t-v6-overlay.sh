#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An IPv6 tunnel beside the IPv4 one, over IPv4 and then over IPv6: both
# addresses of each node, neighbours, redirects, multicast, path MTU.

. "$(dirname "$0")/lib.sh"
. "$here/daemon.sh"

# conf6 NODE HUB-NBMA: with both overlays
conf6()
{
	conf "$1" "s/^Nbma=.*/Nbma=$2/
		s/^Source=.*/Source=u0/
		/^Address=10.*\//a Address=fd00::$(number "$1")/64
		/^NetworkId/a Redirect=yes"
	[ "$1" = hub ] || cat >>"$scratch/etc-$1/dmvpn0.conf" <<-END
		[NHS]
		Address=fd00::1
		Nbma=$2
		Multicast=yes
	END
}

# link_locals NODE: those of its device
link_locals()
{
	ip_in "$1" -j -6 addr show dev dmvpn0 scope link |
		jq -r '[.[].addr_info[]?.local | strings] | join(" ")'
}

# registered NODE NBMA: by all its names, at NBMA
registered()
{
	local i

	i=$(number "$1")
	check "$1 registers its IPv4 address" \
		busywait 20 entry_is hub "10.0.0.$i/32" nbma "$2"
	check "its IPv6 address" \
		busywait 20 entry_is hub "fd00::$i/128" nbma "$2"
	check "and its link-local one" \
		busywait 5 entry_is hub "fe80::$i/128" nbma "$2"
}

# resolves ADDRESS [DEVICE]: s1 reaches s2, relayed at first, and then directly
resolves()
{
	check "s1 reaches $1" busywait 10 ping_from s1 "$1"
	check "directly in the end" \
		busywait 10 entry_is s1 "${1%\%*}/$2" path direct
	is "by an answer" "$(entry s1 "${1%\%*}/$2" type)" resolved
}

# held ADDRESS: no router forwards a link-local address, so the first packet to
# it waits until it can go directly
held()
{
	local relayed

	relayed=$(counter s1 relayed)
	check "the first packet to $1 arrives" ping_from s1 "$1"
	is "and no server was to relay it" "$(counter s1 relayed)" "$relayed"
	is "its path is direct" "$(entry s1 "${1%\%*}/128" path)" direct
}

# from_lan_to_lan: nothing is lost while a redirect leads to the direct path
from_lan_to_lan()
{
	check "from LAN to LAN, nothing lost" \
		all_answered s1 fd01:3::1 50 -I fd01:2::1
	check "the path gets direct" busywait 10 direct s1 fd01:3:
	check "that of the network too" \
		busywait 20 learns s1 fd01:3::77 fd01:3::/64 "$1"
}

multicast()
{
	enter hub ping -n -c 3 -i 0.5 -w $((10 * slow)) ff02::1%dmvpn0 \
		>"$scratch/multicast" 2>&1
	check "s1 answers the hub's multicast" \
		grep -q 'from fe80::2%' "$scratch/multicast"
	check "and so does s2" grep -q 'from fe80::3%' "$scratch/multicast"
}

path_mtu()
{
	need ip_in s1 route add 192.0.2.3/32 dev u0 mtu 1324
	busywait 5 ping_from s1 fd00::3
	refused "a packet too big for the path is refused" 1296 \
		ping_from s1 fd00::3 -M "do" -s 1300
	check "and then sent in fragments" ping_from s1 fd00::3 -s 1300
	need ip_in s1 route del 192.0.2.3/32 dev u0
}

topology 2
for node in hub s1 s2; do
	conf6 "$node" 192.0.2.1
	dmvpnd_start "$node"
done
registered s1 192.0.2.2
registered s2 192.0.2.3
is "a device has one link-local address" "$(link_locals s1)" fe80::2
check "s1 knows the hub's" busywait 5 entry_is s1 fe80::1/128 type nhs
check "and reaches it" busywait 5 ping_from s1 fe80::1%dmvpn0
check "the hub reaches that of s1" ping_from hub fe80::2%dmvpn0
check "s1 reaches the hub by IPv4" ping_from s1 10.0.0.1
ip_in hub -batch - <<-LIST
route add fd01:2::/64 via fd00::2
route add fd01:3::/64 via fd00::3
LIST
for node in s1 s2; do
	need ip_in $node route add fd01::/16 via fd00::1
done
held fe80::3%dmvpn0
from_lan_to_lan 192.0.2.3
resolves fd00::3 128
resolves 10.0.0.3 32
multicast
path_mtu

# The daemon goes and comes, and nothing that it had learned is lost.
dmvpnd_stop s1 KILL
need ping_from s1 fe80::1%dmvpn0
dmvpnd_start s1
check "a daemon started anew registers" busywait 20 nhs_is s1 UP
is "the hub's link-local address stays" "$(entry s1 fe80::1/128 type)" nhs

# The same over an IPv6 underlay
for node in s1 s2; do
	conf6 "$node" 2001:db8::1
	kill -HUP "${dmvpnd_of[$node]}"
done
registered s1 2001:db8::2
registered s2 2001:db8::3
d s1 cache flush type resolved
held fe80::3%dmvpn0
resolves 10.0.0.3 32
from_lan_to_lan 2001:db8::3
multicast
check_not "the hub refused nothing" logged hub 'client refused'
plan
