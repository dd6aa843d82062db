#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A node of the underlay attacks a hub and two spokes that have no ESP to hide
# behind, and knows their password. A stream between the spokes loses nothing
# all the while, tables stay as they are, counters tell.

. "$(dirname "$0")/lib.sh"
# On the debug kernel a flood is no flood.
stock_only
. "$here/daemon.sh"

strangers=(192.0.2.4)

# attack KIND TO [NAME=VALUE...]: as s3, at 192.0.2.4, which has no tunnel
attack()
{
	local kind=$1 to=$2

	shift 2
	need enter s3 "$here/attack.py" "$kind" 192.0.2.4 "192.0.2.$to" "$@"
}

# counted NAME NODE COUNTER KIND TO [NAME=VALUE...]: the attack raises it
counted()
{
	local name=$1 node=$2 counter=$3 before

	shift 3
	before=$(nhrp_count "$node" "$counter")
	attack "$@"
	check "$name" busywait 10 nhrp_count_over "$node" "$counter" "$before"
}

sizes()
{
	d "$1" -j show stats dev dmvpn0 | jq -c '.[0] | [.peers, .entries]'
}

begin()
{
	local node

	conf hub 's/RegistrationUnique=no//'
	for node in s1 s2; do
		conf "$node" 's/RegistrationUnique=no//'
	done
	for node in hub s1 s2; do
		dmvpnd_start "$node"
	done
	need busywait 20 entry_is hub 10.0.0.2/32 type registered
	need busywait 20 entry_is hub 10.0.0.3/32 type registered
	spoke_routes
	need busywait 20 enter s1 ping -n -q -c 1 -W 1 -I 10.1.2.1 10.1.3.1
	need busywait 20 direct s1 10.1.3
	need busywait 20 direct s2 10.1.2
	stream_start
}

bindings()
{
	counted "a registered address is not given away" hub \
		registration_refused register 1 proto=10.0.0.2
	counted "nor without \"unique\"" hub registration_refused \
		register 1 proto=10.0.0.2 flags=0
	counted "nor for the owner's NBMA address" hub registration_refused \
		register 1 proto=10.0.0.2 nbma=192.0.2.2
	counted "nor taken back" hub registration_refused \
		register 1 proto=10.0.0.2 nbma=192.0.2.2 hold=0
	counted "nor is the hub's own" hub registration_refused \
		register 1 proto=10.0.0.1
	counted "nor a network" hub registration_refused \
		register 1 proto=10.0.0.128 prefix=25 flags=0
	counted "a purge of another's is refused" hub not_trusted \
		purge 1 dst=10.0.0.1 proto=10.0.0.2 flags=0x8000 prefix=32
	counted "an answer to no request is dropped" s1 unsolicited \
		reply 2 proto=10.0.0.2 dst=10.1.3.9 count=100 steps=0 prefix=24
	counted "an indication of a stranger is not followed" s1 not_trusted \
		indication 2 inner=10.1.3.9
	check "the hub's entries are where they were" \
		entry_is hub 10.0.0.2/32 nbma 192.0.2.2
	check "the shortcut, too" direct s1 10.1.3
}

floods()
{
	local before

	is "the hub knows its two spokes" "$(sizes hub)" "[2,2]"
	counted "no node fills the cache" hub limited \
		register 1 proto=10.0.0.100 count=100 hold=65535
	before=$(d hub -j show dev dmvpn0 |
		jq '[.[] | select(.nbma == "192.0.2.4")] | length')
	is "it gets 64 entries" "$before" 64
	check "that end when others end" \
		entry_is hub 10.0.0.100/32 holding_time 7200
	counted "wrong checksums are counted" hub malformed \
		garbage 1 count=200 steps=0
	counted "so are wrong passwords" hub auth_failed \
		register 1 password=cisco12 count=200 steps=0 proto=10.0.0.99
	check_not "which are let in nowhere" entry_exists hub 10.0.0.99/32
	counted "floods of requests are cut" hub limited \
		register 1 count=1500 steps=0 proto=10.0.0.100
}

entry_exists()
{
	[ -n "$(entry "$1" "$2" type)" ]
}

# Errors to the attacker, of all packets that went over the wire
errors()
{
	local n

	n=$(tcpdump -n -r "$scratch/all-nhrp.pcap" \
		'dst host 192.0.2.4 and ip[45] = 7' 2>/dev/null | wc -l)
	echo "$n errors"
	[ "$n" -ge 1 ] && [ "$n" -le $((SECONDS + 20)) ]
}

# settled: the daemon has looked at all that was sent
settled()
{
	local last=${lately:-}

	lately=$(registrations hub)
	[ "$lately" = "$last" ]
}

# IP protocol 54 has once carried NHRP: nobody listens to it here.
direct_carriage()
{
	local before

	check "the flood is over" busywait 30 settled
	before=$(registrations hub)
	capture_start narp 'ip proto 54 or udp port 9'
	attack narp 1 proto=10.0.0.98 count=20 steps=0
	# What comes behind it is seen; so it would have been.
	counted "GRE after it is seen" hub registration_refused \
		register 1 proto=10.0.0.1
	is "only that one is" "$(registrations hub)" $((before + 1))
	capture_stop narp
	is "though these were sent" "$(capture_count narp 'ip proto 54')" 20
	check_not "IP protocol 54 registers nothing" \
		entry_exists hub 10.0.0.98/32
}

end()
{
	check "the stream has lost nothing" stream_lossless
	check "the spokes are registered" nhs_is s1 UP
	check "at their places" entry_is hub 10.0.0.3/32 nbma 192.0.2.3
	need d s1 cache flush type resolved
	check "and find each other" busywait 20 enter s1 \
		ping -n -q -c 3 -i 0.2 -W 2 -I 10.1.2.1 10.1.3.1
	check_not "no log has the password" \
		grep -l 'cisco12' "$scratch"/log-*
}

topology 3
begin
bindings
floods
check "errors are few" errors
direct_carriage
end
[ "$failed" -eq 0 ] || diag "$(tail -n 30 "$scratch"/log-*)"
plan
