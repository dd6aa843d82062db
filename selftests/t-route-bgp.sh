#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# iBGP over the tunnel, the hub a route reflector: it keeps the next hop of a
# LAN, which is the spoke that has it, or is the next hop itself. Then eBGP, each
# router an autonomous system.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/routing.sh"

hold=4
sessions=internal	# or external

# bgp_router NODE: the first lines of its configuration
bgp_router()
{
	local as=65000

	[ $sessions = internal ] || as=$((as + $(number "$1")))
	cat <<-END
		router bgp $as
		 bgp router-id 10.0.0.$(number "$1")
		 no bgp ebgp-requires-policy
	END
}

# bgp_hub [LINE]: a line for its address family
bgp_hub()
{
	frr_start hub bgpd <<-END
		$(bgp_router hub)
		 neighbor spokes peer-group
		 neighbor spokes remote-as $sessions
		 neighbor spokes timers 1 $hold
		 bgp listen range 10.0.0.0/24 peer-group spokes
		 address-family ipv4 unicast
		  network 10.1.1.0/24
		  ${1:-!}
		 exit-address-family
	END
}

bgp_spoke()
{
	frr_start "$1" bgpd <<-END
		$(bgp_router "$1")
		 neighbor 10.0.0.1 remote-as $sessions
		 neighbor 10.0.0.1 timers 1 $hold
		 neighbor 10.0.0.1 timers connect 1
		 address-family ipv4 unicast
		  network 10.1.$(number "$1").0/24
		 exit-address-family
	END
}

# peers_are NODE COUNT: sessions that are established
peers_are()
{
	local count

	count=$(frr_show "$1" bgpd "show bgp ipv4 unicast summary json" |
		sed -n '/^{/,$p' | jq '[.peers[]? |
			select(.state == "Established")] | length')
	[ "$count" = "$2" ] || { echo "$count peers, not $2"; return 1; }
}

# bgp_everywhere NAME [LINE]: lines as of bgp_hub
bgp_everywhere()
{
	bgp_hub "${2:-}"
	bgp_spoke s1
	bgp_spoke s2
	check "$1: the hub has sessions with both spokes" \
		busywait 40 peers_are hub 2
	check "$1: s1 has one" busywait 10 peers_are s1 1
}

reflected()
{
	cloud_start ''
	bgp_everywhere "next hop kept" "neighbor spokes route-reflector-client"
	lans_routed bgp 10.0.0.3 10.0.0.2
	goes_direct 10.0.0.3 10.0.0.2
	dmvpnd_stop s2 TERM
	route_goes hub $hold
	route_goes s1 $hold
	check "s1 still has its session" peers_are s1 1
	capture_stop route
	only_unicast
	dmvpnd_start s2
	check "when s2 is back, so is the route" \
		busywait 40 routed s1 10.1.3.0/24 10.0.0.3 bgp
	cloud_end
}

hub_is_next_hop()
{
	cloud_start 's/^NetworkId=1/&\nRedirect=yes/'
	bgp_everywhere "next-hop-self" "neighbor spokes route-reflector-client
		  neighbor spokes next-hop-self force"
	lans_routed bgp 10.0.0.1 10.0.0.1
	goes_direct 10.1.3 10.1.2
	check "the route still leads to the hub" \
		routed s1 10.1.3.0/24 10.0.0.1 bgp
	ip_in net link set u3 down
	route_goes hub $hold
	route_goes s1 $hold
	ip_in net link set u3 up
	check "when its link is back, so is the route" \
		busywait 60 routed s1 10.1.3.0/24 10.0.0.1 bgp
	capture_stop route
	only_unicast
	cloud_end
}

# Who hears of a network by one router of a subnet may send to another of it.
external()
{
	sessions=external
	cloud_start ''
	bgp_everywhere "eBGP"
	lans_routed bgp 10.0.0.3 10.0.0.2
	goes_direct 10.0.0.3 10.0.0.2
	capture_stop route
	only_unicast
	cloud_end
}

reflected
hub_is_next_hop
external
plan
