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

# look: makes those of s1 with s2 on s1 only and looks at once. Sets seen to
# the path, or to "late" when more time passed than a young peer is given.
look()
{
	local begin

	esp_del s1 s1 s2 2>/dev/null
	esp_del s1 s2 s1 2>/dev/null
	busywait 5 path relayed || return
	begin=${EPOCHREALTIME/./}
	esp_sa s1 s1 s2 && esp_sa s1 s2 s1 || return
	seen=$(d s1 -j show dev dmvpn0 | jq -r '.[] |
		select(.prefix == "10.0.0.3/32" and
			.peer_state == "secured") | .path')
	[ "$seen" = relayed ] ||
		[ $((${EPOCHREALTIME/./} - begin)) -lt 1500000 ] || seen=late
}

# A path that is not secured yet is looked at again, too.
relayed_at_first()
{
	local i

	for ((i = 0; i < 5; i++)); do
		look
		case $seen in
		relayed|direct) break ;;
		esac
	done
}

seen=''
cloud 2 protection required
for node in hub s1 s2; do
	need esp_policy "$node"
done
need esp_pair hub s1
need esp_pair hub s2
need d s1 cache add 10.0.0.3 nbma "$(nbma s2)"
check "without associations packets are relayed" busywait 10 \
	ping_from s1 10.0.0.3
relayed_at_first
if [ "$seen" = late ] || [ -z "$seen" ]; then
	skip "with those of one end: the machine is too slow to look in time"
else
	is "with those of one end they go on being relayed" "$seen" relayed
fi
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
plan
