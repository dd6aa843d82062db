#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Security associations that one end has before the other, as who answers an
# IKE exchange does: packets are relayed until the peer is heard of by them.

. "$(dirname "$0")/lib.sh"

path()
{
	[ "$(entry s1 10.0.0.3/32 path)" = "$1" ]
}

# forget NODE ROUND: takes those of s1 with s2 away from it
forget()
{
	esp_del "$1" s1 s2 "$2" 2>/dev/null
	esp_del "$1" s2 s1 "$2" 2>/dev/null
}

# later MICROSECONDS: more than that have passed since the time in begin
later()
{
	[ $((${EPOCHREALTIME/./} - begin)) -gt "$1" ]
}

# see: sets seen to the path, or to "late" when it is another one and more time
# passed since begin than a young peer is given
see()
{
	seen=$(d s1 -j show dev dmvpn0 | jq -r '.[] |
		select(.prefix == "10.0.0.3/32" and
			.peer_state == "secured") | .path')
	[ "$seen" = relayed ] || ! later 1500000 || seen=late
}

# look ROUND COMMAND...: makes those of s1 with s2 on s1 only, runs the command,
# and looks at once. Sets seen to the path, to "lost" when the command fails, or
# to "late" when more time passed than a young peer is given.
look()
{
	local begin

	begin=${EPOCHREALTIME/./}
	esp_sa s1 s2 s1 "$1" && esp_sa s1 s1 s2 "$1" || return
	shift
	if "$@" >/dev/null; then
		see
	else
		seen=lost
		! later 1500000 || seen=late
	fi
}

# A path that is not secured yet is looked at again, too.
looked()
{
	[ -n "$seen" ] && [ "$seen" != late ]
}

# relayed_at_first TEXT COMMAND...: COMMAND sets seen
relayed_at_first()
{
	local i text=$1

	shift
	seen=''
	for ((i = 0; i < 5; i++)); do
		"$@"
		looked && break
	done
	if looked; then
		is "$text" "$seen" relayed
	else
		skip "$text: the machine is too slow to look in time"
	fi
}

# heard: s1 has heard s2, which may have left the first packets to the hub
heard()
{
	ping_from s2 10.0.0.2 && path direct
}

first_pair()
{
	forget s1 0
	busywait 5 path relayed && look 0 true
}

# by_the_first: a packet of s2 that comes by the first pair does not prove that
# s2 has the second one, and the answer gets there
by_the_first()
{
	ping_from s2 10.0.0.2 -W 1
}

# anew: pairs of other numbers, as the counters of what was sent begin anew, too
anew()
{
	local node old

	for node in s1 s2; do
		for ((old = round - 2; old < round; old++)); do
			forget "$node" "$old"
		done
	done
	round=$((round + 2))
}

settled_s2()
{
	[ "$(entry s2 10.0.0.2/32 path)" = direct ]
}

# The first pair is in use at both ends when s1 has answered another exchange.
second_pair()
{
	local node begin

	anew
	busywait 5 path relayed || return
	for node in s2 s1; do
		begin=${EPOCHREALTIME/./}
		esp_sa "$node" s2 s1 $((round - 2)) &&
			esp_sa "$node" s1 s2 $((round - 2)) || return
		# s2 would leave its first packets to the hub.
		[ "$node" = s1 ] || busywait 10 settled_s2 || return
	done
	busywait 2 heard || return
	look $((round - 1)) by_the_first
	[ "$seen" = relayed ] || ! later 2500000 || seen=late
}

# Two exchanges cross: s1 has answered one, of which s2 has nothing yet, and has
# half the pair of the other one when s2 sends by that.
half_a_pair()
{
	local begin

	anew
	busywait 5 path relayed || return
	esp_sa s2 s1 s2 $((round - 2)) && esp_sa s2 s2 s1 $((round - 2)) &&
		busywait 10 settled_s2 &&
		esp_sa s1 s2 s1 $((round - 1)) &&
		esp_sa s1 s1 s2 $((round - 1)) || return
	begin=${EPOCHREALTIME/./}
	esp_sa s1 s2 s1 $((round - 2)) || return
	# Answered or not: whether the answer is relayed is looked at.
	ping_from s2 10.0.0.2 -W 0.5 >/dev/null
	see
}

state()
{
	[ "$(entry s1 10.0.0.3/32 peer_state)" = "$1" ]
}

# An association to s2 that no policy asks for
spare=(src "$(nbma s1)" dst "$(nbma s2)" proto esp spi 0x99)
spare_keys=(reqid 9 mode transport aead 'rfc4106(gcm(aes))' "$esp_key" 128)

# All by one processor, which keeps the way that it found.
ping_by_one()
{
	enter s1 taskset 1 ping -n -c 1 -W $((5 * slow)) 10.0.0.3
}

# news_of_half_a_pair: packets find that s1 may send to s2, and whoever looks at
# the associations finds that the other half of the pair is not there.
news_of_half_a_pair()
{
	need esp_sa s1 s1 s2
	check "half a pair: packets are relayed" ping_by_one
	check "half a pair: they find it" busywait 5 state secured
	need ip_in s1 xfrm state add "${spare[@]}" "${spare_keys[@]}"
	check "half a pair: it is seen to be one" busywait 5 state negotiating
	check "half a pair: packets go on being relayed" ping_by_one
	need ip_in s1 xfrm state del "${spare[@]}"
	need esp_del s1 s1 s2
}

seen='' round=2
cloud 2 protection required
for node in hub s1 s2; do
	need esp_policy "$node"
done
need esp_pair hub s1
need esp_pair hub s2
need d s1 cache add 10.0.0.3 nbma "$(nbma s2)"
check "without associations packets are relayed" busywait 10 \
	ping_from s1 10.0.0.3
news_of_half_a_pair
relayed_at_first "with those of one end they go on being relayed" first_pair
check "but not for ever" busywait 10 path direct
check_not "although that end alone cannot use them" ping_from s1 10.0.0.3 -W 1
need esp_sa s2 s1 s2
need esp_sa s2 s2 s1
check "with those of both it is answered" busywait 10 ping_from s1 10.0.0.3
# The first packet that comes by them ends the wait.
esp_del s1 s1 s2
esp_del s1 s2 s1
need esp_sa s1 s1 s2
need esp_sa s1 s2 s1
need d s2 cache add 10.0.0.2 nbma "$(nbma s1)"
check "a peer that was heard of is sent to directly" eval \
	'busywait 10 ping_from s2 10.0.0.2 && path direct'
# Both ends began: s1 has got another pair, s2 has not yet.
relayed_at_first "a second pair that one end has is not used yet" second_pair
need esp_sa s2 s1 s2 $((round - 1))
need esp_sa s2 s2 s1 $((round - 1))
check "once the other end sends by it, it is" busywait 10 heard
check "in both directions" ping_from s1 10.0.0.3
relayed_at_first "half a pair does not prove the one before" half_a_pair
need esp_sa s1 s1 s2 $((round - 2))
check "when it is whole, it is used" busywait 10 heard
# The hub has no other way; what is more than its queue takes is not dropped.
need d hub link set dmvpn0 hold-queue 2
for node in hub s1; do
	need esp_del "$node" hub s1
	need esp_del "$node" s1 hub
done
for node in s1 hub; do
	need esp_sa "$node" hub s1 1
	need esp_sa "$node" s1 hub 1
done
check "ten packets at once, with room for two" grep -q ' 10 received' \
	<(enter hub ping -n -q -c 10 -l 10 -W $((5 * slow)) 10.0.0.2)
is "none of them was dropped" "$(counter hub tx-hold-overflow)" 0
# Nor is one that waited for the associations, while their peer settles: that
# takes longer than it may wait.
need d hub link set dmvpn0 hold-queue 64

# waiting: the first one has waited for a second
waiting()
{
	[ "$(counter hub held)" -ge $((held + 4)) ]
}

# esp_state FROM TO ROUND: as of esp_sa, IPv4 alone
esp_state()
{
	echo xfrm state add src "$(nbma "$1")" dst "$(nbma "$2")" proto esp \
		spi "$(esp_spi "$@")" reqid 1 mode transport \
		replay-window 64 aead "rfc4106(gcm(aes))" "$esp_key" 128
}

# held_until_secured ROUND: associations of this round take the place of those of
# the last one, while packets wait. Sets seen to how many were answered, or to
# "late" when the first may have been given up before.
held_until_secured()
{
	local begin node both seconds=$((10 * slow))

	# The hub has the one from s1 first.
	both=$(esp_state s1 hub "$1" && esp_state hub s1 "$1")
	for node in hub s1; do
		need ip_in "$node" xfrm state flush
	done
	held=$(counter hub held) begin=${EPOCHREALTIME/./}
	enter hub ping -n -q -c 8 -i 0.33 -W $seconds 10.0.0.2 \
		>"$scratch/waited" &
	check "packets wait for associations" busywait $seconds waiting
	# There is little time.
	for node in s1 hub; do
		ip_in "$node" -batch - <<<"$both"
	done
	if later 2800000; then
		seen=late
		kill $!
		wait $!
		return
	fi
	wait $!
	seen=$(grep -o '[0-9]* received' "$scratch/waited")
}

for round in 2 3 4 5 6; do
	held_until_secured $round
	[ "$seen" = late ] || break
done
if [ "$seen" = late ]; then
	skip "once these are there, all go: they take longer than a packet waits"
else
	is "once these are there, all go" "$seen" "8 received"
fi
plan
