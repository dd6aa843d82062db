#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two tiers of hubs on one cloud:
#
#              hub (central)
#             /             \
#          s1 (hub)      s2 (hub)
#            |               |
#           s3              s4
#
# From s3 to s4 packets take three hubs at first, and none in the end.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

# regional NODE, spoke NODE SERVER: their configurations
regional()
{
	conf "$1" 's/^NetworkId.*/&\nRedirect=yes\nServer=yes\nMapMulticast=dynamic/'
}

spoke()
{
	local i

	i=$(number "$2")
	conf "$1" "s/^Address=10.0.0.1\$/Address=10.0.0.$i/
		s/^Nbma=.*/Nbma=192.0.2.$i/"
}

# resolutions NODE: Resolution Requests that it has handed on
resolutions()
{
	grep -c 'Forwarding Resolution Request' "$scratch/log-$1"
}

data='proto 47 and ip[22:2] = 0x0800'	# GRE that carries IPv4

topology 4
conf hub 's/^NetworkId.*/&\nRedirect=yes/'
regional s1
regional s2
spoke s3 s1
spoke s4 s2
for node in hub s1 s2 s3 s4; do
	dmvpnd_start "$node"
done
for node in s1 s2; do
	check "$node registers at the central hub" busywait 30 \
		entry_is hub "10.0.0.$(number $node)/32" type registered
done
check "s3 registers at s1" busywait 30 entry_is s1 10.0.0.4/32 type registered
check "s4 registers at s2" busywait 30 entry_is s2 10.0.0.5/32 type registered
is "the central hub does not know s3" "$(entry hub 10.0.0.4/32 type)" ""
ip_in hub -batch - <<-LIST
route add 10.0.0.4/32 via 10.0.0.2
route add 10.0.0.5/32 via 10.0.0.3
route add 10.1.4.0/24 via 10.0.0.2
route add 10.1.5.0/24 via 10.0.0.3
route add 10.9.0.0/16 via 10.0.0.2
LIST
ip_in s1 -batch - <<-LIST
route add 10.1.4.0/24 via 10.0.0.4
route add 10.1.0.0/16 via 10.0.0.1
route add 10.9.0.0/16 via 10.0.0.1
LIST
ip_in s2 -batch - <<-LIST
route add 10.1.5.0/24 via 10.0.0.5
route add 10.1.0.0/16 via 10.0.0.1
LIST
ip_in s3 -batch - <<-LIST
route add 10.1.0.0/16 via 10.0.0.2
route add 10.9.0.0/16 via 10.0.0.2
LIST
need ip_in s4 route add 10.1.0.0/16 via 10.0.0.3

check "from LAN to LAN, nothing lost" \
	all_answered s3 10.1.5.1 60 -I 10.1.4.1
check "s3 gets a direct path" busywait 15 direct s3 10.1.5
check "and s4" busywait 15 direct s4 10.1.4
check "to all of its network" \
	busywait 20 learns s3 10.1.5.77 10.1.5.0/24 192.0.2.5
for node in s1 hub s2; do
	check "$node handed the request on" [ "$(resolutions "$node")" -gt 0 ]
done
capture_start way
check "from LAN to LAN" ping_from s3 10.1.5.1 -I 10.1.4.1
capture_stop way
direct='host 192.0.2.4 and host 192.0.2.5'
is "straight there and back" "$(capture_count way "$data and $direct")" 2
is "by no hub" "$(capture_count way "$data and not ($direct)")" 0

# The tunnel address of the other hub's client, without a redirect
check "s4's tunnel address answers" busywait 10 ping_from s3 10.0.0.5
check "directly in the end" busywait 10 entry_is s3 10.0.0.5/32 path direct

# Routes in a circle end what goes round, and nobody asks for ever.
send_from s3 10.9.9.9 5
check "s3 asks for what nobody has" busywait 10 logged s3 10.9.9.9
no_path()
{
	[ -z "$(entry s3 10.9.9.9/32 path)" ]
}
check "and gets no path" stays 3 no_path
check "all others work as before" ping_from s3 10.1.5.1 -I 10.1.4.1
plan
