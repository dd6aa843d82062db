#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tables are bounded: what is over a limit is refused in words, and no
# packet makes a table grow.

# shellcheck disable=SC2016 # inner shells expand

. "$(dirname "$0")/lib.sh"

topology 1
tunnel hub max-peers 3 max-entries 3 max-multicast 2
tunnel s1

# sizes: peers, entries, multicast list
sizes()
{
	d hub -j show stats | jq -c '.[] | [.peers, .entries, .multicast]'
}

# Peers
for i in 11 12 13; do
	need d hub peer set 192.0.2.$i permanent on
done
text="the device's limit of peers is reached"
refused "one peer too many" "$text" d hub peer set 192.0.2.14 permanent on
refused "by a cache entry" "$text" d hub cache add 10.0.0.14 nbma 192.0.2.14
refused "by the multicast list" "$text" d hub multicast add 192.0.2.14
refused "with another interface id" "$text" \
	d hub peer set 192.0.2.13 if-id 1 permanent on
check "an old one can be changed" d hub peer set 192.0.2.13 preference 3
is "three peers" "$(sizes)" '[3,0,0]'
check "a limit below what there is" d hub link set dmvpn0 max-peers 1
is "takes none away" "$(sizes)" '[3,0,0]'
need d hub peer del 192.0.2.11
refused "but lets none in" "$text" d hub peer set 192.0.2.11 permanent on
need d hub link set dmvpn0 max-peers 3
check "until there is room" d hub peer set 192.0.2.11 permanent on

# Entries
for i in 11 12 13; do
	need d hub cache add 10.0.0.$i nbma 192.0.2.11
done
text="the device's limit of cache entries is reached"
refused "one entry too many" "$text" d hub cache add 10.0.0.14 nbma 192.0.2.11
refused "one without a peer" "$text" d hub cache add 10.0.0.14 type negative
refused "one of IPv6" "$text" d hub cache add fd00::14 nbma 192.0.2.11
check "an old one can be replaced" \
	d hub cache add 10.0.0.13 nbma 192.0.2.12 replace
need d hub peer del 192.0.2.13
refused "a refused entry" "$text" d hub cache add 10.0.0.15 nbma 192.0.2.15
is "leaves no peer behind" "$(sizes)" '[2,3,0]'
need d hub cache del 10.0.0.13
check "until there is room for an entry" \
	d hub cache add 10.0.0.14 nbma 192.0.2.11

# Multicast list
need d hub multicast add 192.0.2.11
need d hub multicast add 192.0.2.12
text="the limit of the multicast list is reached"
refused "one too many in the list" "$text" d hub multicast add 192.0.2.13
is "leaves no peer behind as well" "$(sizes)" '[2,3,2]'
need d hub multicast del 192.0.2.12
check "until there is room in the list" d hub multicast add 192.0.2.13
need d hub link del dmvpn0

# Packets make no entries: from 50 NBMA addresses and to 200 destinations
tunnel hub
ip_in s1 link set dmvpn0 down
for i in {100..149}; do
	echo "link add t$i type gre local 192.0.2.$i remote 192.0.2.1"
	echo "addr add 192.0.2.$i/24 dev u0"
	echo "link set t$i up"
	echo "route add 10.77.0.$i dev t$i src 192.0.2.$i"
done >"$scratch/sources"
modprobe -q ip_gre
if ip_in s1 -batch "$scratch/sources" 2>/dev/null; then
	sources=50
	enter s1 bash -c 'for i in {100..149}; do
		echo >/dev/udp/10.77.0.$i/1000; done'
	received()
	{
		[ "$(ip_in hub -s -j link show dmvpn0 |
			jq '.[].stats64.rx.packets')" -ge "$sources" ]
	}
	check "packets from $sources unknown peers come" busywait 10 received
	is "and leave nothing" "$(sizes)" '[0,0,0]'
else
	skip "packets from many peers: this kernel has no ip_gre"
fi
upcalls_start hub
enter hub bash -c 'for i in {1..200}; do
	echo >/dev/udp/10.0.0.$i/1000; done' 2>/dev/null
is "packets to 200 unknown destinations leave nothing" "$(sizes)" '[0,0,0]'
queued=$(d hub -j show stats | jq '.[].kernel |
	.held - .["tx-hold-overflow"] - .["tx-hold-expired"]')
check "no more than 64 of them wait ($queued)" test "$queued" -le 64

# An owner that does not read loses upcalls, and is told how many
upcalls_stop hub
upcalls_start hub -r 4096
upcalls_do hub pause
need d hub link set dmvpn0 upcall-rate 1000000 hold-queue 0
enter hub bash -c 'for i in {1..200}; do
	echo >/dev/udp/10.0.0.$i/1001; echo >/dev/udp/10.0.0.$i/1002
	done' 2>/dev/null
lost=$(counter hub upcall-lost)
check "upcalls that find no room are counted ($lost)" test "$lost" -gt 0
upcalls_do hub sync
enter hub bash -c 'echo >/dev/udp/10.0.0.250/1003' 2>/dev/null
check "and the next one says so" upcalls_are hub \
	"^miss target 10.0.0.250 .* lost $(counter hub upcall-lost)" 1
upcalls_stop hub
plan
