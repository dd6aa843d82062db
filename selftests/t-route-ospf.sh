#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# OSPF over the tunnel: as a broadcast network, where the next hop of a LAN is
# the spoke that has it, and as point-to-multipoint, where it is the hub. Then
# the former under ESP.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/routing.sh"

dead=4

# ospf_start NODE TYPE PRIORITY
ospf_start()
{
	frr_start "$1" ospfd <<-END
		interface dmvpn0
		 ip ospf network $2
		 ip ospf priority $3
		 ip ospf hello-interval 1
		 ip ospf dead-interval $dead
		!
		router ospf
		 ospf router-id 10.0.0.$(number "$1")
		 passive-interface lan0
		 network 10.0.0.0/24 area 0
		 network 10.1.0.0/16 area 0
	END
}

# full NODE ROUTER-ID...
full()
{
	local node=$1 id

	shift
	for id; do
		frr_says "$node" ospfd "show ip ospf neighbor" \
			"^$id +[0-9]+ Full/" || return 1
	done
}

ospf_everywhere()
{
	ospf_start hub "$1" 1
	ospf_start s1 "$1" 0
	ospf_start s2 "$1" 0
	check "$1: the hub is adjacent to both spokes" \
		busywait 40 full hub 10.0.0.2 10.0.0.3
	check "$1: so is s1 to the hub" busywait 20 full s1 10.0.0.1
	check_not "$1: and not to the other spoke" full s1 10.0.0.3
}

broadcast()
{
	cloud_start ''
	ospf_everywhere broadcast
	check "the hub is the designated router" frr_says s1 ospfd \
		"show ip ospf neighbor" '^10\.0\.0\.1 +1 Full/DR'
	lans_routed ospf 10.0.0.3 10.0.0.2
	goes_direct 10.0.0.3 10.0.0.2
	dmvpnd_stop s2 TERM
	route_goes hub $dead
	route_goes s1 $dead
	check "s1 is still adjacent to the hub" full s1 10.0.0.1
	hellos 0xe0000005
	dmvpnd_start s2
	check "when s2 is back, so is the route" \
		busywait 40 routed s1 10.1.3.0/24 10.0.0.3 ospf
	cloud_end
}

multipoint()
{
	cloud_start 's/^NetworkId=1/&\nRedirect=yes/'
	ospf_everywhere point-to-multipoint
	lans_routed ospf 10.0.0.1 10.0.0.1
	goes_direct 10.1.3 10.1.2
	check "the route still leads to the hub" \
		routed s1 10.1.3.0/24 10.0.0.1 ospf
	ip_in net link set u3 down
	route_goes hub $dead
	route_goes s1 $dead
	ip_in net link set u3 up
	check "when its link is back, so is the route" \
		busywait 40 routed s1 10.1.3.0/24 10.0.0.1 ospf
	hellos 0xe0000005
	cloud_end
}

encrypted()
{
	encrypted=yes cloud_start ''
	ospf_everywhere broadcast
	lans_routed ospf 10.0.0.3 10.0.0.2
	goes_direct 10.0.0.3 10.0.0.2
	capture_stop route
	only_esp
	cloud_end
}

broadcast
multipoint
encrypted
plan
