#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Holding times: when refresh is asked for, that replacing an entry starts its
# time anew, and what each filter of a flush takes.

. "$(dirname "$0")/lib.sh"

topology 1
tunnel hub
dev=$(in_ns hub cat /sys/class/net/dmvpn0/ifindex)

# prefixes: of all entries, in one line
prefixes()
{
	d hub -j show | jq -r '[.[].prefix] | sort | join(" ")'
}

short_life()
{
	upcalls_start hub -e
	need d hub cache add 10.0.0.30 nbma 192.0.2.30 type resolved holdtime 1
	need d hub cache add fd00::30 nbma 192.0.2.30 type resolved holdtime 1
	check "an entry of IPv4 ends after a second" \
		busywait 10 ended 10.0.0.30/32
	check "an entry of IPv6 too" busywait 10 ended fd00::30/128
	is "each is told of once" "$(upcalls hub '^entry-expired')" 2
	is "and its peer goes" "$(d hub -j show peers)" "[]"
}

ended()
{
	upcalls_are hub "^entry-expired $1" 1
}

# What is left is read behind the request, so it cannot be more than a third:
# a request that comes too early by more than one look is seen, and a slow
# machine changes nothing.
refresh_at_two_thirds()
{
	local life=12 left

	need d hub cache add 10.0.0.31 nbma 192.0.2.31 type resolved \
		holdtime $life refresh
	send_from hub 10.0.0.31 1
	check "an entry in use is to be refreshed" busywait 20 asked
	left=$(entry hub 10.0.0.31/32 expires_ms)
	check "not before two thirds of its time, nor after it ($left ms left)" \
		test "${left:-0}" -gt 0 -a "${left:-0}" -le $((life * 1000 / 3))
	is "it is asked for once" "$(upcalls hub '^entry-refresh')" 1
}

asked()
{
	upcalls_are hub '^entry-refresh 10.0.0.31/32' 1
}

# renewals: one each tenth of a second, without a process for each
renewals()
{
	local i set now last=0 longest=0

	set="entry-set entry.ifindex=u32:$dev entry.type=u32:4"
	set+=" entry.nbma=ip:192.0.2.32 entry.prefix=ip:10.0.0"
	echo "$set.32 entry.holding-time=u32:4"
	echo "$set.33 entry.holding-time=u32:5"
	for ((i = 0; i < 70; i++)); do
		read -rt 0.1 -u "$never"
		echo "$set.32 entry.holding-time=u32:4"
		now=${EPOCHREALTIME/./}
		[ "$last" -eq 0 ] || [ $((now - last)) -le "$longest" ] ||
			longest=$((now - last))
		last=$now
	done
	echo $((longest / 1000)) >"$scratch/longest"
}

# Were its time not to start anew, the entry of 4 s would end before that of 5.
replaced()
{
	renewals | enterns "$netns-hub" nlraw - >"$scratch/renewed"
	is "each renewal is taken" "$(sort "$scratch/renewed" | uniq -c)" \
		"     72 ok"
	diag "at most $(<"$scratch/longest") ms between two"
	check "an entry that is not renewed ends" busywait 10 ended 10.0.0.33/32
	check "a shorter one that is renewed ends as well" \
		busywait 20 ended 10.0.0.32/32
	is "but not before" "$(grep -oE '^entry-expired 10.0.0.3[23]' \
		"$scratch/upcalls-hub" | tr '\n' ' ')" \
		"entry-expired 10.0.0.33 entry-expired 10.0.0.32 "
	upcalls_stop hub
}

fill()
{
	d_all hub <<-LIST
	cache flush type static
	cache flush
	cache add 10.1.0.0/24 nbma 192.0.2.41 type resolved
	cache add 10.1.1.0/24 nbma 192.0.2.42 type registered
	cache add 10.2.0.0/24 nbma 192.0.2.41 type registered
	cache add 10.3.0.0/24 type negative
	cache add 10.4.0.0/24 nbma 192.0.2.42 type static
	cache add fd02::/64 nbma 192.0.2.42 type resolved
	LIST
}

# flush NAME LEFT ARGS...: LEFT is what must stay
flush()
{
	local name=$1 left=$2

	shift 2
	need fill
	need d hub cache flush "$@"
	is "flush $name" "$(prefixes)" "$left"
}

short_life
refresh_at_two_thirds
replaced
flush "of a type" "10.1.1.0/24 10.2.0.0/24 10.3.0.0/24 10.4.0.0/24" \
	type resolved
flush "of a peer" "10.1.1.0/24 10.3.0.0/24 10.4.0.0/24 fd02::/64" \
	nbma 192.0.2.41
is "takes the peer along" "$(d hub -j show peers | jq -r '.[].nbma')" 192.0.2.42
flush "of a peer takes static ones" "10.1.0.0/24 10.2.0.0/24 10.3.0.0/24" \
	nbma 192.0.2.42
flush "of prefix and type" \
	"10.1.0.0/24 10.2.0.0/24 10.3.0.0/24 10.4.0.0/24 fd02::/64" \
	10.1.0.0/16 type registered
flush "of prefix and peer" \
	"10.1.1.0/24 10.2.0.0/24 10.3.0.0/24 10.4.0.0/24 fd02::/64" \
	10.1.0.0/16 nbma 192.0.2.41
flush "of IPv6 leaves IPv4" \
	"10.1.0.0/24 10.1.1.0/24 10.2.0.0/24 10.3.0.0/24 10.4.0.0/24" ::/0
flush "of a prefix takes static ones" \
	"10.1.0.0/24 10.1.1.0/24 10.2.0.0/24 10.3.0.0/24 fd02::/64" 10.4.0.0/16
plan
