#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dmvpnd is the hub and one spoke, FRR's nhrpd the other: what a network has
# while its nodes change from one to the other.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/frr.sh"

# What FRR asks has fewer hops left when we hand it on: clean_capture looks.
wire=none

registration()
{
	our_conf hub
	our_conf s2
	dmvpnd_start hub
	dmvpnd_start s2
	gre s1
	frr_start s1 <<-END
		ip nhrp nhs 10.0.0.1 nbma 192.0.2.1
		ip nhrp shortcut
	END
	check "$frr_version: our spoke registers" busywait 60 nhs_is s2 UP
	check "$frr_version: and FRR's" busywait 60 frr_up s1
	hub_lans dmvpn0
	lans gre1 s1
	lans dmvpn0 s2
}

resolution()
{
	stream tunnel s2 10.0.0.3 10.0.0.2
	lossless "$frr_version: FRR answers for its tunnel address" \
		busywait 20 direct s2 10.0.0.2
	stream lan s2 10.1.3.1 10.1.2.1
	lossless "$frr_version: our redirect leads to our shortcut to it" \
		busywait 20 direct s2 10.1.2
	# We answer for a router's own address with that alone.
	lossless "$frr_version: and to its shortcut to us" \
		busywait 30 shortcut s1 10.1.3.1/32 10.0.0.3
	stream_end tunnel
	is "$frr_version: our shortcut is to its network" \
		"$(entry s2 10.1.2.0/24 nbma)" 192.0.2.2
	check "$frr_version: pings from FRR are answered" \
		ping_from s1 10.1.3.1 -I 10.1.2.1
}

lifetime()
{
	lossless "$frr_version: our shortcut in use is renewed" \
		stays $((hold + 5)) direct s2 10.1.2
	check "$frr_version: FRR has one in the end, too" \
		busywait 30 shortcut s1 10.1.3.1/32 10.0.0.3
	frr_stop s1 KILL
	check "$frr_version: a dead spoke is not renewed" \
		busywait 45 resolved_not s2 10.1.2
	check "$frr_version: its registration expires" \
		busywait 45 client_gone hub 10.0.0.2/32
}

topic()
{
	capture_start nhrp
	registration
	resolution
	if long_too; then
		lifetime
	fi
	capture_stop nhrp
	clean_capture nhrp hub s2
}

frr_versions topic
plan
