#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets that have no peer of their own yet: relayed by a next hop server,
# reported to the owner within limits, held where no server is.

. "$(dirname "$0")/lib.sh"

cloud 2
upcalls_start s1
ip_in s1 -batch - <<-LIST
route add 10.1.3.0/24 via 10.0.0.3
route add fd01:3::/64 via fd00::3
LIST
ip_in hub -batch - <<-LIST
route add 10.1.3.0/24 via 10.0.0.3
route add fd01:3::/64 via fd00::3
LIST

# udp FIRST LAST: s1 sends a datagram to each of 10.0.0.FIRST-LAST
udp()
{
	enter s1 bash -c "for i in {$1..$2}; do
		echo >/dev/udp/10.0.0.\$i/1000; done" 2>/dev/null
	return 0
}

# to ADDRESS PEER: filter of packets for the inner IPv4 address to a peer
to()
{
	local IFS=.

	# shellcheck disable=SC2086 # to be split at the dots
	printf 'dst %s and ip proto 47 and ip[40:4] = 0x%02x%02x%02x%02x' \
		"$2" $1
}

# wire NAME ADDRESS PEER COUNT: so many went there
wire()
{
	is "$1" "$(capture_count wire "$(to "$2" "$3")")" "$4"
}

# Relayed while unresolved
capture_start wire
check "an unresolved destination is reached" ping_from s1 10.0.0.3
capture_stop wire
wire "by way of the server" 10.0.0.3 192.0.2.1 1
wire "which sends it on" 10.0.0.3 192.0.2.3 1
check "counted as relayed" counter_is s1 relayed 1
check "and as miss" counter_is s1 miss 1
check "the owner is told" upcalls_are s1 \
	'^miss target 10.0.0.3 destination 10.0.0.3 source 10.0.0.2 lost 0$' 1
check "an unresolved next hop is reached" ping_from s1 fd01:3::1
check "the owner is told the next hop" upcalls_are s1 \
	'^miss target fd00::3 destination fd01:3::1 source fd00::2 lost 0$' 1

# Once a second for each target
begin=$SECONDS
before=$(upcalls s1 '^miss target 10.0.0.77 ')
send_from s1 10.0.0.77 20
told=$(($(upcalls s1 '^miss target 10.0.0.77 ') - before))
most=$((SECONDS - begin + 2))
check "20 packets, $told reports (most $most)" \
	test "$told" -ge 1 -a "$told" -le "$most" -a "$told" -lt 20

# Entries without a peer
for type in incomplete negative; do
	before=$(upcalls s1 '^miss ')
	need d s1 cache add 10.0.0.3 type $type replace
	relayed=$(counter s1 relayed)
	check "$type: relayed" ping_from s1 10.0.0.3
	check "$type: counted" counter_is s1 relayed $((relayed + 1))
	check "$type: via a route as well" ping_from s1 10.1.3.1
	check "$type: no report" upcalls_are s1 '^miss ' "$before"
	is "$type: shown as relayed" "$(entry s1 10.0.0.3/32 path)" relayed
	is "$type: and by whom" "$(entry s1 10.0.0.3/32 relay_nbma)" 192.0.2.1
done
need d s1 cache del 10.0.0.3

# Rate of all reports
need d s1 link set dmvpn0 upcall-rate 1
begin=$SECONDS
before=$(upcalls s1 '^miss ')
udp 100 149
told=$(($(upcalls s1 '^miss ') - before))
most=$((SECONDS - begin + 2))
check "50 targets, $told reports at 1 a second (most $most)" \
	test "$told" -ge 1 -a "$told" -le "$most"
check "the others are counted" counter_is s1 upcall-limited $((50 - told))
need d s1 link set dmvpn0 upcall-rate 1000

# Which server
capture_start wire
need d s1 peer set 192.0.2.3 nhs on preference 10
udp 91 91
need d s1 peer set 192.0.2.1 preference 20
udp 92 92
need d s1 peer set 192.0.2.1 nhs off
udp 93 93
need d s1 peer set 192.0.2.1 nhs on preference 0
udp 94 94
need d s1 peer set 192.0.2.3 nhs off
udp 95 95
capture_stop wire
wire "the server of the higher preference" 10.0.0.91 192.0.2.3 1
wire "the preference changes" 10.0.0.92 192.0.2.1 1
wire "a server goes" 10.0.0.93 192.0.2.3 1
wire "a server of lower preference comes" 10.0.0.94 192.0.2.3 1
wire "the last one" 10.0.0.95 192.0.2.1 1

# Held without a server; the oldest goes first
need d s1 peer set 192.0.2.1 nhs off
need d s1 link set dmvpn0 hold-queue 4
misses=$(counter s1 miss)
capture_start wire
# shellcheck disable=SC2016 # for the inner shell
need enter s1 bash -c '
	for i in {1..6}; do echo >/dev/udp/10.0.0.50/100$i; done
	# Has those that wait tried again
	dmvpn peer set 192.0.2.99 permanent on
	dmvpn cache add 10.0.0.49 nbma 192.0.2.99
	dmvpn cache del 10.0.0.49
	dmvpn cache add 10.0.0.50 nbma 192.0.2.3 type resolved'
all_there()
{
	[ "$(capture_count wire "$(to "$@")")" -ge 4 ]
}
busywait 5 all_there 10.0.0.50 192.0.2.3
check "an entry flushes the queue" all_there 10.0.0.50 192.0.2.3
check "all were held" counter_is s1 held 6
check "two were too many" counter_is s1 tx-hold-overflow 2
check "each is one miss, however often it is tried" \
	counter_is s1 miss $((misses + 6))
capture_stop wire
is "the oldest ones; the others go in their order" \
	"$(tcpdump -n -r "$scratch/wire.pcap" "$(to 10.0.0.50 192.0.2.3)" \
		2>/dev/null | grep -oE '\.100[0-9]:' | tr -d '\n')" \
	".1003:.1004:.1005:.1006:"
capture_start wire
need enter s1 bash -c 'echo >/dev/udp/10.0.0.51/1000
	dmvpn peer set 192.0.2.1 nhs on'
arrived()
{
	capture_has wire "$(to 10.0.0.51 192.0.2.1)"
}
check "a server flushes the queue" busywait 5 arrived
capture_stop wire
need d s1 peer set 192.0.2.1 nhs off
udp 52 52
check "a packet waits three seconds" busywait 10 counter_is s1 tx-hold-expired 1
need d s1 link set dmvpn0 hold-queue 0
drops=$(counter s1 tx-no-entry)
check_not "without a queue it is refused" ping_from s1 10.0.0.53
check "and counted" counter_is s1 tx-no-entry $((drops + 1))
need d s1 link set dmvpn0 hold-queue 4
held=$(counter s1 held)
upcalls_stop s1
busywait 5 sh -c "[ \"\$(ip netns exec $(ns s1) dmvpn -j show stats |
	jq -r '.[].owner')\" = 0 ]"
check_not "nor is one held that no owner would resolve" ping_from s1 10.0.0.54
check "none was" counter_is s1 held "$held"
plan
