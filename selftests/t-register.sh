#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Spokes register the networks behind them: a hub with one route for all of
# them sends there, and tells others, who go directly. A hub that takes none
# has the spokes registered all the same.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

# hub_conf [KEY=VALUE]
hub_conf()
{
	conf hub "s|^NetworkId.*|&\nRedirect=yes${1:+\n$1}|"
}

# refused_is NODE NUMBER: networks that its server does not take
refused_is()
{
	[ "$(d "$1" -j show nhs | jq '.[0].also_refused | length')" = "$2" ]
}

data='proto 47 and ip[22:2] = 0x0800'	# GRE that carries IPv4

# straight NAME NODE NBMA COMMAND...: whether its packets pass no hub
straight()
{
	local name=$1 way

	way="host 192.0.2.$(number "$2") and host $3"
	capture_start way
	check "$name" "${@:4}"
	capture_stop way
	is "$name: straight there and back" \
		"$(capture_count way "$data and $way")" 2
	is "$name: by no hub" "$(capture_count way "$data and not ($way)")" 0
}

topology 3
hub_conf AcceptPrefixes=10.1.0.0/16
conf s1 's|^Address=10.0.0.2/24|&\nAddress=10.0.0.102/24|
	s|^NetworkId.*|&\nRegister=10.1.2.0/24|'
conf s2 's|^NetworkId.*|&\nRegister=10.1.3.0/24 10.9.3.0/24|'
conf s3 's|^Address=10.0.0.1$|Address=dynamic|'
for node in hub s1 s2 s3; do
	dmvpnd_start "$node"
done
check "s1's network is registered" busywait 30 \
	entry_is hub 10.1.2.0/24 type registered
is "where s1 is" "$(entry hub 10.1.2.0/24 nbma)" 192.0.2.2
check "and its second address" busywait 10 \
	entry_is hub 10.0.0.102/32 type registered
check "s2's network is registered" busywait 30 \
	entry_is hub 10.1.3.0/24 type registered
check "one that is not to be is refused" busywait 10 refused_is s2 1
is "and not in the cache" "$(entry hub 10.9.3.0/24 type)" ""
check "s2 is registered all the same" nhs_is s2 UP
check "s3 learns who its server is" busywait 30 \
	entry_is s3 10.0.0.1/32 type nhs
check "and is registered with it" entry_is hub 10.0.0.4/32 type registered

# One route on the hub, none of them for a spoke
need ip_in hub route add 10.1.0.0/16 dev dmvpn0
need ip_in s1 route add 10.1.0.0/16 via 10.0.0.1
need ip_in s2 route add 10.1.0.0/16 via 10.0.0.1
need ip_in s3 route add 10.1.0.0/16 dev dmvpn0
check "the hub reaches s1's LAN" ping_from hub 10.1.2.1
check "from LAN to LAN, nothing lost" \
	all_answered s2 10.1.2.1 60 -I 10.1.3.1
check "s2 gets a direct path" busywait 15 direct s2 10.1.2
check "and s1 one back" busywait 15 direct s1 10.1.3
straight "from LAN to LAN" s2 192.0.2.2 ping_from s2 10.1.2.1 -I 10.1.3.1
check "to all of the network" \
	busywait 20 learns s2 10.1.2.77 10.1.2.0/24 192.0.2.2

# Without a redirect the hub answers itself.
check "s3 asks, and is told all of the network" \
	busywait 20 learns s3 10.1.2.77 10.1.2.0/24 192.0.2.2
check "the second address answers" busywait 10 ping_from s3 10.0.0.102
check "directly in the end" busywait 10 \
	entry_is s3 10.0.0.102/32 path direct

# An address that comes and goes by hand
need ip_in s2 addr add 10.0.0.103/32 dev dmvpn0
check "an address by hand is registered" busywait 10 \
	entry_is hub 10.0.0.103/32 type registered
need ip_in s2 addr del 10.0.0.103/32 dev dmvpn0
check "and withdrawn" busywait 10 entry_is hub 10.0.0.103/32 type ""

# A spoke that has it no more
need sed -i /^Register/d "$scratch/etc-s1/dmvpn0.conf"
need kill -HUP "${dmvpnd_of[s1]}"
check "the hub forgets what s1 has no more" busywait 10 entry_is hub 10.1.2.0/24 type ""
check "and so does s3" busywait 10 entry_is s3 10.1.2.0/24 type ""
is "but not the address" "$(entry hub 10.0.0.2/32 type)" registered

# The kernel goes on when the daemon dies; a new one takes over.
dmvpnd_stop hub KILL
check "the hub's daemon dies" ping_from hub 10.1.3.1
dmvpnd_start hub
check "and comes back" busywait 20 d hub show nhs
is "the network is still there" "$(entry hub 10.1.3.0/24 type)" registered

# A hub that takes none
hub_conf
need kill -HUP "${dmvpnd_of[hub]}"
check "without AcceptPrefixes they go" busywait 10 \
	entry_is hub 10.1.3.0/24 type ""
need d s2 clear nhs
check "both are refused" busywait 10 refused_is s2 2
check "s2 is registered all the same" nhs_is s2 UP
is "at the hub as well" "$(entry hub 10.0.0.3/32 type)" registered
check "which it reaches" ping_from s2 10.0.0.1
plan
