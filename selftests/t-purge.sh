#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Purges: what a spoke has resolved goes when the other spoke's route for it
# goes, when that one moves, and when it leaves.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

# conf NODE: its configuration, in a directory of its own
conf()
{
	local node=$1 dir=$scratch/etc-$1

	mkdir -p "$dir"
	{
		cat <<-END
			[Tunnel]
			Source=u0
			Address=10.0.0.$(number "$node")/24
			Protection=none
			[NHRP]
			RegistrationUnique=no
		END
		[ "$node" = hub ] || cat <<-END
			[NHS]
			Address=10.0.0.1
			Nbma=192.0.2.1
		END
	} >"$dir/dmvpn0.conf"
}

start()
{
	local node

	for node in hub s1 s2; do
		conf "$node"
		dmvpnd_start "$node"
	done
	check "the spokes register" busywait 20 registered 10.0.0.2 10.0.0.3
	spoke_routes
}

registered()
{
	local addr

	for addr; do
		entry_is hub "$addr/32" type registered || return 1
	done
}

# ask: s1 has a packet for the LAN of s2. For the router's own address the
# answer would be that address alone; of another one there need not be a host.
# While a part of the LAN is elsewhere, an answer may be for that host only, and
# as long as it holds nobody asks for more.
ask()
{
	d s1 cache del 10.1.3.99/32 2>/dev/null
	enter s1 ping -n -q -c 1 -W 1 -I 10.1.2.1 10.1.3.99
	entry_is s1 10.1.3.0/24 "$@"
}

# resolve: until the shortcut is there
resolve()
{
	busywait 20 ask type resolved
}

# has NODE PREFIX, has_not NODE PREFIX
has()
{
	[ -n "$(entry "$1" "$2" type)" ]
}

has_not()
{
	! has "$@"
}

# purges NODE in|out: those counted so far
purges()
{
	d "$1" -j show stats dev dmvpn0 |
		jq --arg way "$2" '[.. | objects | .[$way]? |
			objects | .purge_request? // empty] | add'
}

# What is told of a LAN lives as long as the route to it.
route_goes()
{
	check "a LAN is resolved" resolve
	ip_in s2 route add 10.9.0.0/24 dev lan0
	ip_in s2 route del 10.9.0.0/24 dev lan0
	check "a route of no concern changes nothing" \
		stays 2 has s1 10.1.3.0/24
	ip_in s2 addr del 10.1.3.1/24 dev lan0
	check "its route goes, and so does the shortcut" \
		busywait 10 has_not s1 10.1.3.0/24
	check "the spoke itself stays known" has s1 10.0.0.3/32
	ip_in s2 addr add 10.1.3.1/24 dev lan0
}

# Of the routes of a link that goes down the kernel does not say a word.
link_goes()
{
	check "it comes back, and is resolved again" resolve
	ip_in s2 link set lan0 down
	check "its link goes down, and the shortcut goes" \
		busywait 10 has_not s1 10.1.3.0/24
	ip_in s2 link set lan0 up
}

part_moves()
{
	check "it is resolved once more" resolve
	ip_in s2 route add 10.1.3.128/25 via 10.0.0.1
	check "a part of it moves, and the shortcut goes" \
		busywait 10 has_not s1 10.1.3.0/24
	ip_in s2 route del 10.1.3.128/25 via 10.0.0.1
}

nbma_moves()
{
	check "it is resolved before the spoke moves" resolve
	ip_in s2 -batch - <<-LIST
	addr add 192.0.2.77/24 dev u0
	addr del 192.0.2.3/24 dev u0
	LIST
	# Deleting the first address of a subnet may take the second one along.
	ip_in s2 addr replace 192.0.2.77/24 dev u0
	check "the server follows the spoke" \
		busywait 20 entry_is hub 10.0.0.3/32 nbma 192.0.2.77
	check "the other one forgets where it was" \
		busywait 20 nothing_at s1 192.0.2.3
	check "and resolves it anew" \
		busywait 20 ask nbma 192.0.2.77
}

# nothing_at NODE NBMA
nothing_at()
{
	local REPLY

	query "$1" -j show dev dmvpn0 && ! json_object nbma "$2"
}

leaves()
{
	check "it is resolved before the spoke leaves" resolve
	dmvpnd_stop s2 TERM
	check "the shortcut outlives a daemon that is started anew" \
		has s1 10.1.3.0/24
	dmvpnd_start s2 --teardown
	check "which registers" busywait 20 nhs_is s2 UP
	# What the one before has told is not known to this one.
	need d s1 cache del 10.1.3.0/24
	check "and answers" busywait 20 ask nbma 192.0.2.77
	dmvpnd_stop s2 TERM
	check "with a farewell the shortcut goes at once" \
		busywait 10 has_not s1 10.1.3.0/24
	check "and the registration" busywait 10 has_not hub 10.0.0.3/32
}

topology 2
start
route_goes
link_goes
part_moves
nbma_moves
leaves
check "purges were sent" [ "$(purges s1 in)" -ge 5 ]
[ "$failed" -eq 0 ] || diag "$(tail -n 30 "$scratch"/log-*)"
plan
