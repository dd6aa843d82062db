#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two spokes with two hubs, hub and s3, of which the first one is preferred:
# its daemon dies, then its link is cut, and it comes back.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

declare -A stream

# stream NAME ADDRESS COUNT: echo requests of s1, 20 a second, in the background
stream()
{
	enter s1 ping -n -q -i 0.05 -c "$3" -W 1 "$2" >"$scratch/$1" 2>&1 &
	stream[$1]=$!
	owned+=("$!")
}

# ended NAME: returns when all of them were sent
ended()
{
	wait "${stream[$1]}"
}

# lost NAME: how many of them
lost()
{
	sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) .*/\1 \2/p' \
		"$scratch/$1" | { read -r sent got && echo $((sent - got)); }
}

at_most()
{
	[ "$1" -le "$2" ] || { echo "$1, not at most $2"; return 1; }
}

# downs NODE, ups NODE: how often it saw the first hub go and come
downs()
{
	grep -c 'NHS 10.0.0.1 is DOWN' "$scratch/log-$1"
}

ups()
{
	grep -c 'NHS 10.0.0.1 is UP' "$scratch/log-$1"
}

seen()
{
	[ "$("$1" "$2")" -ge "$3" ]
}

# networks FIRST...: on s2, with routes to the interface on s1
networks()
{
	local i

	for i in "$@"; do
		need ip_in s2 addr add "10.7.$i.1/24" dev lan0
		need ip_in s1 route add "10.7.$i.0/24" dev dmvpn0
		need ip_in hub route add "10.7.$i.0/24" via 10.0.0.3
		need ip_in s3 route add "10.7.$i.0/24" via 10.0.0.3
	done
}

topology 3
conf hub
# shellcheck disable=SC2016 # for sed
conf s3 '/^\[NHS/,$d'
for node in s1 s2; do
	conf "$node" 's/^NetworkId.*/&\nHoldTime=30\nRegistrationTimeout=5/
		s/^Nbma=.*/&\nPriority=1/'
	cat >>"$scratch/etc-$node/dmvpn0.conf" <<-END
		[NHS]
		Address=10.0.0.4
		Nbma=192.0.2.4
		Multicast=yes
		Priority=2
	END
done
for node in hub s3 s1 s2; do
	dmvpnd_start "$node"
done
for node in hub s3; do
	for i in 2 3; do
		check "$node has a registration of 10.0.0.$i" busywait 30 \
			entry_is "$node" "10.0.0.$i/32" type registered
	done
done
spoke_routes
ip_in s3 -batch - <<-LIST
route add 10.1.2.0/24 via 10.0.0.2
route add 10.1.3.0/24 via 10.0.0.3
LIST
networks 1 2 3
need ip_in s2 route add 10.7.0.0/16 dev dmvpn0
check "from LAN to LAN" busywait 5 ping_from s1 10.1.3.1
check "the path gets direct" busywait 10 direct s1 10.1.3

# The daemon of the first hub dies; its kernel goes on forwarding.
stream old 10.1.3.1 200
dmvpnd_stop hub KILL
check "a new path by the hub without daemon" busywait 5 ping_from s1 10.7.1.1
check "is resolved by the other hub" busywait 15 direct s1 10.7.1
ended old
is "packets lost on the path that was there" "$(lost old)" 0
check "s1 sees that the first hub is gone" busywait 60 seen downs s1 1
dmvpnd_start hub
check "and that it is back" busywait 120 seen ups s1 2

# Its link is cut.
stream old 10.1.3.1 200
need ip_in net link set u1 down
stream new 10.7.2.1 200
check "a new path, while nobody knows, is resolved by the other hub" \
	busywait 20 direct s1 10.7.2
ended new
count=$(lost new)
diag "lost until the new path was there: $count of 200, 20 a second"
check "it takes the time of two tries" at_most "$count" $((60 * slow))
ended old
is "packets lost on the path that was there" "$(lost old)" 0
check "s1 sees that the first hub is cut off" \
	busywait 60 seen downs s1 2
stream new 10.7.3.1 60
ended new
is "then new paths lose nothing" "$(lost new)" 0
check "and get direct" busywait 10 direct s1 10.7.3
need ip_in net link set u1 up
check "the first hub is used again" busywait 120 seen ups s1 3
plan
