#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FRR's nhrpd is the hub, dmvpnd the spokes.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/frr.sh"

hub_start()
{
	frr_start hub <<-END
		ip nhrp redirect
		ip nhrp map multicast dynamic
	END
}

wrong_password()
{
	[ -n "$frr_auth" ] || return 0
	our_conf s2 's/cisco123/cisco124/'
	dmvpnd_start s2
	check "$frr_version: the wrong password is refused, and that is seen" \
		busywait 20 logged s2 'refuses our Authentication'
	check "$frr_version: it makes no entry" knows_not hub 10.0.0.3
	check_not "$frr_version: nor is that server up" nhs_is s2 UP
	dmvpnd_stop s2 TERM
}

registration()
{
	gre hub
	hub_start
	hub_lans gre1
	nflog hub
	our_conf s1
	dmvpnd_start s1
	check "$frr_version: we register" busywait 60 nhs_is s1 UP
	check "$frr_version: the hub knows us" \
		busywait 10 knows hub 10.0.0.2 192.0.2.2
	wrong_password
	our_conf s2
	dmvpnd_start s2
	check "$frr_version: so does the other" busywait 60 nhs_is s2 UP
	check "$frr_version: the hub knows it" \
		busywait 10 knows hub 10.0.0.3 192.0.2.3
	lans dmvpn0 s1
	lans dmvpn0 s2
}

resolution()
{
	stream tunnel s1 10.0.0.2 10.0.0.3
	lossless "$frr_version: a tunnel address is resolved" \
		busywait 20 direct s1 10.0.0.3
	stream lan s1 10.1.2.1 10.1.3.1
	lossless "$frr_version: its redirect leads to a shortcut" \
		busywait 20 direct s1 10.1.3
	lossless "$frr_version: and to one back" busywait 20 direct s2 10.1.2
	stream_end tunnel
}

hub_dies()
{
	frr_stop hub KILL
	hub_start
}

# Nothing tells a spoke that its server has forgotten it: it hears of it when
# it renews its registration.
back()
{
	knows hub 10.0.0.2 192.0.2.2 && knows hub 10.0.0.3 192.0.2.3
}

lifetime()
{
	lossless "$frr_version: a shortcut in use is renewed" \
		stays 33 direct s1 10.1.3
	lossless "$frr_version: it outlives the hub's end and return" hub_dies
	check "$frr_version: which knows us again" busywait 60 back
	stream_end lan
	dmvpnd_stop s2 KILL
	check "$frr_version: unused shortcuts expire" \
		busywait 45 resolved_not s1 10.1.3
	check "$frr_version: the registration of a dead spoke, too" \
		busywait 45 knows_not hub 10.0.0.3
	check "$frr_version: that of the other is renewed" \
		knows hub 10.0.0.2 192.0.2.2
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
	clean_capture nhrp s1 s2
}

frr_versions topic
plan
