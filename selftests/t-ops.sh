#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the operator sees and does: traffic, events, shortcuts, conditions on
# the debug log, and what "dmvpn clear" makes the daemons forget.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

# facts NODE COMMAND FILTER: what it shows as JSON is as jq's FILTER says
facts()
{
	local words

	read -ra words <<<"$2"
	d "$1" -j "${words[@]}" | jq -e "$3"
}

# shows NODE COMMAND TEXT: it is in what the command says
shows()
{
	local words

	read -ra words <<<"$2"
	d "$1" "${words[@]}" | grep -e "$3"
}

# event NODE KIND NBMA ABOUT [RESULT]: it is remembered
event()
{
	d "$1" -j events | jq -e --arg k "$2" --arg n "$3" --arg a "$4" \
		--arg r "${5:-}" 'any(.[]; .event == $k and .nbma == $n and
		.about == $a and ($r == "" or .result == $r))'
}

# counted NODE PATH: of NHRP, as "dmvpn show traffic" has it
counted()
{
	d "$1" -j show traffic dev dmvpn0 | jq -r ".[0].$2"
}

counted_more()
{
	[ "$(counted "$1" "$2")" -gt "$3" ]
}

# gone NODE PREFIX
gone()
{
	[ -z "$(entry "$1" "$2" type)" ]
}

# asks NODE ADDRESS: until it has a shortcut to it
asks()
{
	enter "$1" ping -c 1 -W 1 "$2" >/dev/null
	entry_is "$1" "$2/32" type resolved
}

exits()
{
	local want=$1 text=$2 code

	shift 2
	d "$@" >"$scratch/out" 2>&1
	code=$?
	is "dmvpn ${*:2}: exit status" "$code" "$want"
	check "it says: $text" grep -q -- "$text" "$scratch/out"
}

looking()
{
	check "the hub remembers who registered" \
		busywait 5 event hub registered 192.0.2.2 10.0.0.2
	check "a spoke remembers that its server is up" \
		busywait 5 event s1 nhs 192.0.2.1 10.0.0.1 UP
	check "it has no shortcut" facts s1 "show shortcuts" '. == []'
	check "it asks for the other spoke" busywait 10 asks s1 10.0.0.3
	check "which is a shortcut" facts s1 "show shortcuts" \
		'.[0].protocol == "10.0.0.3" and .[0].path == "direct"'
	check "it remembers the question" event s1 asked 192.0.2.1 10.0.0.3
	check "and the answer" event s1 resolved 192.0.2.3 10.0.0.3
	check "as the hub does" event hub answered 192.0.2.2 10.0.0.3
	check "who did nothing has no events" \
		facts hub "events peer 192.0.2.99" '. == []'
	check "the last event only" facts hub "events count 1" 'length == 1'
	check "a request was counted" counted_more s1 out.resolution_request 0
	check "its answer was counted by its code" counted_more s1 answers_in.ok 0
	check "as text" shows s1 "show traffic" "out resolution-request"
	check_not "which leaves out what never was" shows s1 "show traffic" loop
	check_not "the kernel's counters are without it" \
		shows s1 "show stats" resolution-request
	check "servers are told apart on the multicast list" \
		facts s1 "show multicast" '.[0].flags == ["nhs"]'
	check "clients have entries there" facts hub "show multicast" \
		'length == 2 and all(.[]; .entries > 0)'
}

clearing()
{
	exits 1 "what is configured stays" s1 clear nhrp 10.0.0.1
	exits 3 "nothing of the kind" hub clear nhrp 10.0.0.77
	exits 3 "nothing of the kind" hub clear nhrp peer 192.0.2.77
	exits 3 "no such device" hub clear nhrp dev dmvpn9
	exits 1 "no \[IPsec\]" hub clear ipsec 192.0.2.2 dev dmvpn0
	exits 2 "NBMA" hub clear ipsec

	is "one address of one client" \
		"$(d hub -j clear nhrp 10.0.0.3)" \
		'{"cleared":1,"kept":0,"purges":1}'
	check "it is gone at the hub" gone hub 10.0.0.3/32
	check "the other spoke is told so" busywait 5 gone s1 10.0.0.3/32
	check "and remembers it" event s1 purged 192.0.2.1 10.0.0.3
	check "the other client is left" entry_is hub 10.0.0.2/32 type registered
	check "the purge was answered" \
		busywait 5 counted_more hub in.purge_reply 0
	check "the client gets no multicast any more" \
		busywait 5 facts hub "show multicast" \
		'all(.[]; .nbma != "192.0.2.3")'
	check "it registers by its operator's wish" d s2 clear nhs
	check "and is a client again" \
		busywait 5 entry_is hub 10.0.0.3/32 type registered

	check "the shortcut is made again" busywait 10 asks s1 10.0.0.3
	check "shortcuts are cleared" d s1 clear shortcuts peer 192.0.2.3
	check "it is gone" gone s1 10.0.0.3/32
	check "its server is not" entry_is s1 10.0.0.1/32 type nhs
	check "all that was learned is cleared" d hub clear nhrp dev dmvpn0
	check "no client is left" facts hub show '. == []'
	check "counters are set to 0" d hub clear counters
	is "they are 0" "$(counted hub in.registration_request)" 0
	check "by a server's address" d s1 clear nhs 10.0.0.1
	check "counting goes on" \
		busywait 5 counted_more hub in.registration_request 0
	exits 3 "nothing of the kind" s1 clear nhs 10.0.0.9
}

# lines NODE TEXT: so many debug lines have it
lines()
{
	grep -c -- "^debug: .*$2" "$scratch/log-$1"
}

lines_more()
{
	[ "$(lines "$1" "$2")" -gt "$3" ]
}

conditions()
{
	local s1_lines s2_lines

	check "conditions of all kinds" \
		d hub debug tunnel 10.0.0.2 dev dmvpn0 level debug
	is "they are shown" "$(d hub debug)" \
		"level debug peers - tunnels 10.0.0.2/32 devices dmvpn0"
	s1_lines=$(lines hub peer=192.0.2.2)
	s2_lines=$(lines hub peer=192.0.2.3)
	d s2 clear nhs >/dev/null
	check "the other spoke registers" \
		busywait 5 entry_is hub 10.0.0.3/32 type registered
	d s1 clear nhs >/dev/null
	check "lines about the tunnel address are written" \
		busywait 5 lines_more hub peer=192.0.2.2 "$s1_lines"
	is "those about another are not" "$(lines hub peer=192.0.2.3)" \
		"$s2_lines"
	check "a condition more" d hub debug peer 192.0.2.3
	check "one less" d hub debug tunnel 10.0.0.2 remove
	is "one is left of each" "$(d hub debug)" \
		"level debug peers 192.0.2.3 tunnels - devices dmvpn0"
	d s2 clear nhs >/dev/null
	check "lines about the peer are written" \
		busywait 5 lines_more hub peer=192.0.2.3 "$s2_lines"
	exits 1 "there is no such condition" hub debug tunnel 10.0.0.2 remove
	check "none any more" d hub debug peer all
	is "so it says" "$(d hub debug)" \
		"level debug peers - tunnels - devices -"
}

# What follows is printed as it happens.
following()
{
	enterns "$netns-hub" dmvpn -j events count 1 follow for 60 \
		>"$scratch/follow" &
	owned+=("$!")
	need busywait 10 test -s "$scratch/follow"
	dmvpnd_stop s1 KILL
	d hub clear nhrp 10.0.0.2 >/dev/null
	check "an event is printed when it happens" busywait 10 \
		grep -q '"cleared".*"10.0.0.2"' "$scratch/follow"
	dmvpnd_stop hub KILL
	wait "$!"
	is "it ends with the daemon, exit status" "$?" 4
	exits 4 "does not run" hub events
	exits 4 "does not run" hub show traffic
	exits 4 "does not run" hub clear counters
}

topology 2
for node in hub s1 s2; do
	conf "$node"
	dmvpnd_start "$node"
done
need busywait 20 entry_is hub 10.0.0.2/32 type registered
need busywait 20 entry_is hub 10.0.0.3/32 type registered
need busywait 10 nhs_is s1 UP
looking
clearing
conditions
following
[ "$failed" -eq 0 ] || diag "$(tail -n 30 "$scratch"/log-*)"
plan
