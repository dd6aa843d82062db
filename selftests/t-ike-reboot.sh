#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A hub that begins anew without a word, as after a power failure, leaves its
# spokes with SAs that lead nowhere. They find out by their registrations, each
# time, and do not wait for dead peer detection, which takes minutes.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/ike.sh"

reboot_hub()
{
	dmvpnd_stop hub KILL
	charon_kill hub
	ip_in hub link del dmvpn0
	ip_in hub xfrm state flush
	ip_in hub xfrm policy flush
	charon_start hub
	dmvpnd_start hub
}

begin()
{
	local node

	for node in hub s1; do
		charon_start "$node"
		ike_conf "$node" 's/^NetworkId=.*/&\nHoldTime=30/'
		dmvpnd_start "$node"
	done
	check "the spoke registers" \
		busywait 40 entry_is hub 10.0.0.2/32 type registered
}

# Who does not answer is not given up: that it is waited for would not be seen.
charon_settings='retransmit_tries = 20'
topology 1
capture_start wire 'ip proto 47 or udp port 9'
begin
for time in first second third; do
	reboot_hub
	check "a hub that reboots for the $time time is registered at" \
		busywait 60 entry_is hub 10.0.0.2/32 type registered
	check "and is reached" busywait 10 ping_from s1 10.0.0.1
done
check "the dead IKE SAs are closed" busywait 60 sas_are s1 hub 2
capture_stop wire
is "GRE packets in the clear" "$(capture_count wire 'ip proto 47')" 0
ike_report hub s1
plan
