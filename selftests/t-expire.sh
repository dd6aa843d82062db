#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Entries age in the kernel: refresh is asked for what is in use, the end comes
# without a daemon, and a long dump misses nothing that stays.

. "$(dirname "$0")/lib.sh"

topology 1
tunnel hub
tunnel s1
need d s1 cache add 10.0.0.1 nbma 192.0.2.1
dev=$(ifindex hub)

# Everybody hears what happens; nobody owns the device
enterns "$netns-hub" dmvpn monitor dev dmvpn0 >"$scratch/events" &
capture=$!
owned+=("$capture")
# It prints nothing before the first event
event()
{
	grep -q "$1" "$scratch/events"
}
listening()
{
	d hub cache add 192.168.0.0/24 nbma 192.0.2.99 type resolved replace
	event 'entry set.*192.168.0.0/24'
}
need busywait 20 listening

d_all hub <<-LIST
cache add 10.0.0.10 nbma 192.0.2.10 type resolved holdtime 6 refresh
cache add 10.0.0.11 nbma 192.0.2.11 type resolved holdtime 6 refresh
cache add 10.0.0.12 nbma 192.0.2.12 type resolved holdtime 6
cache add 10.0.0.13 nbma 192.0.2.13 type resolved
cache add 10.0.0.14 type negative holdtime 6
cache add 10.0.0.15 nbma 192.0.2.15 type resolved holdtime 3 refresh
LIST
for i in 10 12 13; do
	send_from hub 10.0.0.$i 1
done
need d hub cache add 10.0.0.15 nbma 192.0.2.15 type resolved holdtime 600 \
	refresh replace
check "an entry in use is to be refreshed" \
	busywait 10 event 'to be renewed.* 10.0.0.10/32'
check "an entry ends" busywait 10 event 'expired.* 10.0.0.12/32'
check "one that was not refreshed ends" \
	busywait 10 event 'expired.* 10.0.0.10/32'
is "after it was to be refreshed" "$(grep -oE \
	'(to be renewed|expired).* 10.0.0.10/32' "$scratch/events" |
	cut -d' ' -f1 | tr '\n' ' ')" "to expired "
check "one that was not used ends" busywait 10 event 'expired.* 10.0.0.11/32'
check "one without a peer ends" busywait 10 event 'expired.* 10.0.0.14/32'
is "nobody was asked to refresh anything else, and once" \
	"$(grep 'to be renewed' "$scratch/events" | grep -oE '10.0.0.[0-9]+')" \
	"10.0.0.10"
is "one for ever and one renewed stay" \
	"$(d hub -j show | jq -r '.[].prefix' | grep '^10\.' | tr '\n' ' ')" \
	"10.0.0.13/32 10.0.0.15/32 "
is "the peers of those that ended are gone" \
	"$(d hub -j show peers | jq -r '.[].nbma' | tr '\n' ' ')" \
	"192.0.2.99 192.0.2.13 192.0.2.15 "
need d hub cache add 10.0.0.13 nbma 192.0.2.13 type resolved holdtime 600 replace
left=$(entry hub 10.0.0.13/32 expires_ms)
check "a renewed entry has its time again ($left ms)" \
	test "$left" -gt 500000 -a "$left" -le 600000
need d hub cache flush
check "what is removed on request is told" \
	busywait 10 event 'entry removed.* 10.0.0.13/32'
kill "$capture"

# Used late, after two thirds of the time: asked for all the same
upcalls_start hub -e
need d hub cache add 10.0.0.20 nbma 192.0.2.20 type resolved holdtime 15 refresh
made=${EPOCHREALTIME/./}
late()
{
	[ $((${EPOCHREALTIME/./} - made)) -gt 10300000 ]
}
busywait 20 late
check "no refresh of an entry nobody used" upcalls_are hub '^entry-refresh' 0
send_from hub 10.0.0.20 1
refreshed()
{
	upcalls_are hub '^entry-refresh 10.0.0.20/32' 1
}
check "used late it is to be refreshed" busywait 10 refreshed
is "and before its end" "$(grep -oE '^entry-(refresh|expired)' \
	"$scratch/upcalls-hub" | head -n 1)" entry-refresh
need d hub cache flush
upcalls_stop hub

# A dump of many pieces while other entries come and go
for ((i = 0; i < 3000; i++)); do
	printf 'entry-set entry.ifindex=u32:%s entry.prefix=ip:10.64.%s.%s ' \
		"$dev" $((i / 250)) $((i % 250))
	printf 'entry.type=u32:4 entry.nbma=ip:192.0.2.30\n'
done | enter hub nlraw - | sort | uniq -c >"$scratch/made"
is "3000 entries are made" "$(<"$scratch/made")" "   3000 ok"
for ((i = 0; i < 40; i++)); do
	for net in 10.63.0 10.64.3 10.64.99 10.65.0; do
		echo "entry-set entry.ifindex=u32:$dev" \
			"entry.prefix=ip:$net.252 entry.type=u32:4" \
			"entry.nbma=ip:192.0.2.$((40 + i))"
		echo "entry-del entry.ifindex=u32:$dev" \
			"entry.prefix=ip:$net.252"
	done
done >"$scratch/churn"
# Ends on the flag and between two rounds: killed, it could leave entries.
touch "$scratch/churning"
enterns "$netns-hub" bash -c \
	"while [ -e $scratch/churning ]; do nlraw - <$scratch/churn; done" \
	>"$scratch/churned" 2>&1 &
churn=$!
owned+=("$churn")
for i in 1 2 3; do
	d hub -j show 2>/dev/null | jq -r '.[].prefix' | grep -v '\.252/' \
		>"$scratch/dump"
	is "dump $i has all that stay, each once" \
		"$(wc -l <"$scratch/dump") $(sort -u "$scratch/dump" | wc -l)" \
		"3000 3000"
done
rm "$scratch/churning"
wait "$churn"
check "others came and went meanwhile" \
	[ "$(grep -c '^ok' "$scratch/churned")" -ge 320 ]
check "a flush takes them all" d hub cache flush
is "nothing is left" "$(d hub -j show)" "[]"
is "no peer either" "$(d hub -j show peers)" "[]"

# Many that end together
for ((i = 0; i < 500; i++)); do
	printf 'entry-set entry.ifindex=u32:%s entry.prefix=ip:10.64.%s.%s ' \
		"$dev" $((i / 250)) $((i % 250))
	printf 'entry.type=u32:4 entry.nbma=ip:192.0.2.30 '
	printf 'entry.holding-time=u32:2\n'
done | enter hub nlraw - >/dev/null
empty()
{
	[ "$(d hub -j show stats | jq -c '.[] | [.peers, .entries]')" = "[0,0]" ]
}
check "500 entries end together" busywait 20 empty
plan
