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

# Those of s1 with s2 are made on s1 only. Tried again, should more time pass
# than a young peer is given.
relayed_at_first()
{
	esp_del s1 s1 s2 2>/dev/null
	esp_del s1 s2 s1 2>/dev/null
	busywait 5 path relayed && esp_sa s1 s1 s2 && esp_sa s1 s2 s1 &&
		busywait 1 secured && path relayed && ping_from s1 10.0.0.3
}

secured()
{
	d s1 -j show peers | jq -e --arg nbma "$(nbma s2)" 'any(.[];
		.nbma == $nbma and .state == "secured")'
}

cloud 2 protection required
for node in hub s1 s2; do
	need esp_policy "$node"
done
need esp_pair hub s1
need esp_pair hub s2
need d s1 cache add 10.0.0.3 nbma "$(nbma s2)"
check "without associations packets are relayed" busywait 10 \
	ping_from s1 10.0.0.3
check "with those of one end they go on being relayed" busywait 30 \
	relayed_at_first
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
