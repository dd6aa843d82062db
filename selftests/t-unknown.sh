#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# NHRP packets from unknown peers leave nothing in the tables, with an owner and
# without.

. "$(dirname "$0")/lib.sh"

topology 1
tunnel hub
tunnel s1

sizes()
{
	d hub -j show stats | jq -c '.[] | [.peers, .entries, .multicast]'
}

# nhrp FIRST LAST: one from each of these NBMA addresses of s1
nhrp()
{
	local i

	for ((i = $1; i <= $2; i++)); do
		ip_in s1 -batch - <<-LIST
		addr add 192.0.2.$i/32 dev u0
		LIST
		need d s1 link set dmvpn0 local "192.0.2.$i"
		upcalls_do s1 send 192.0.2.1 0001080000000000
	done
}

came()
{
	counter_is hub nhrp-no-owner 10
}

need d hub link set dmvpn0 strict-source off
upcalls_start s1
nhrp 100 109
check "NHRP of ten unknown peers comes, nobody wants it" busywait 10 came
is "and leaves nothing" "$(sizes)" '[0,0,0]'
upcalls_stop s1

# One descriptor for the input of each: the two are not open at a time.
enterns "$netns-hub" upcall dmvpn0 <&"$never" >"$scratch/owner" 2>&1 &
owned+=("$!")
need busywait 10 grep -q '^bound' "$scratch/owner"
upcalls_start s1
nhrp 110 119
senders()
{
	[ "$(grep -oE '^packet nbma 192.0.2.1[0-9]+' "$scratch/owner" |
		sort -u | wc -l)" -eq 10 ]
}
check "an owner is told of ten senders" busywait 10 senders
is "and the tables stay empty" "$(sizes)" '[0,0,0]'
upcalls_stop s1
plan
