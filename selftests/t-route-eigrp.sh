#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# EIGRP over the tunnel. FRR's eigrpd always keeps split horizon and neither
# summarises nor redistributes: its hub announces a connected network that
# covers all LANs, and spokes find each other by redirects. Nor does it take
# away the routes of a neighbour that is lost: only the adjacency is looked at.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/routing.sh"

# More than the 5 s of the first hellos, which the timers below come too late for
hold=7

# eigrpd takes an interface's timers when it knows the interface, which it does
# not yet while it reads its configuration.
timers()
{
	frr_show "$1" eigrpd "configure terminal" "interface dmvpn0" \
		"ip hello-interval eigrp 1" "ip hold-time eigrp $hold"
	frr_says "$1" eigrpd "show running-config" "hold-time eigrp $hold"
}

eigrp_start()
{
	frr_start "$1" eigrpd <<-END
		router eigrp 90
		 network 10.0.0.0/24
		 network 10.1.0.0/16
	END
	need busywait 20 timers "$1"
}

# adjacent NODE ADDRESS...
adjacent()
{
	local node=$1 address

	shift
	for address; do
		frr_says "$node" eigrpd "show ip eigrp neighbors" \
			" $address " || return 1
	done
}

# adjacent_not NODE ADDRESS
adjacent_not()
{
	local out

	out=$(frr_show "$1" eigrpd "show ip eigrp neighbors") &&
		! grep -q " $2 " <<<"$out"
}

# settled: the hub holds both spokes no longer than these timers say
settled()
{
	frr_show hub eigrpd "show ip eigrp neighbors" |
		awk -v max=$hold '$3 == "dmvpn0" { n++; bad += $4 > max }
			END { exit bad || n != 2 }'
}

learned()
{
	check "the hub is adjacent to both spokes" \
		busywait 40 adjacent hub 10.0.0.2 10.0.0.3
	check "so is s1 to the hub" busywait 20 adjacent s1 10.0.0.1
	check_not "and not to the other spoke" adjacent s1 10.0.0.3
	check "the hub has a route to the LAN of s1" \
		busywait 40 routed hub 10.1.2.0/24 10.0.0.2 eigrp
	check "and to that of s2" \
		busywait 40 routed hub 10.1.3.0/24 10.0.0.3 eigrp
	for node in s1 s2; do
		check "$node has one to the LAN of the hub" \
			busywait 40 routed $node 10.1.1.0/24 10.0.0.1 eigrp
		check "and one to all LANs" \
			busywait 40 routed $node 10.1.0.0/16 10.0.0.1 eigrp
	done
	check "split horizon: none to the LAN of the other spoke" \
		routed_not s1 10.1.3.0/24
}

cloud_start 's/^NetworkId=1/&\nRedirect=yes/'
ip_in hub -batch - <<-LIST
	link add all0 type dummy
	link set all0 up
	addr add 10.1.0.1/16 dev all0
LIST
for node in hub s1 s2; do
	eigrp_start $node
done
learned
goes_direct 10.1.3 10.1.2
need busywait 20 settled
check "the route still leads to the hub" routed s1 10.1.0.0/16 10.0.0.1 eigrp
ip_in net link set u3 down
check "the adjacency of a spoke that is gone goes within the hold time" \
	busywait $((hold + 2)) adjacent_not hub 10.0.0.3
check "that of the other spoke stays" adjacent hub 10.0.0.2
check "s1 still has the route to all LANs" \
	routed s1 10.1.0.0/16 10.0.0.1 eigrp
hellos 0xe000000a
cloud_end
plan
