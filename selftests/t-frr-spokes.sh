#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dmvpnd is the hub, FRR's nhrpd the spokes.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/frr.sh"

# What FRR asks has fewer hops left when we hand it on: clean_capture looks.
wire=none

# refused NAME: numbers of the packets that FRR's own kernel called unreachable: it
# did so before they left the spoke, because nhrpd had not answered it in time.
refused()
{
	sed -n 's/^\[.*From 10\.\(0\.0\.2\|1\.2\.1\) icmp_seq=\([0-9]*\) Destination Host Unreachable.*/\2/p' \
		"$scratch/stream-$1"
}

# lost NAME...: as that of stream.sh, without those
lost()
{
	[ -z "$(refused "$1")" ] ||
		diag "refused by FRR's own kernel: $(refused "$1" | paste -s -d ' ')" >&2
	holes "$@" | grep -cvxFf <(refused "$1")
}

# spoke_start NODE [LINE]: $nhs is the server's address
spoke_start()
{
	frr_start "$1" <<-END
		ip nhrp nhs ${nhs:-10.0.0.1} nbma 192.0.2.1
		ip nhrp shortcut
		${2:-}
	END
}

wrong_password()
{
	[ -n "$frr_auth" ] || return 0
	password=cisco124 spoke_start s2
	check "$frr_version: the wrong password is refused" \
		busywait 20 counted auth_failed
	check "$frr_version: it makes no entry" client_gone hub 10.0.0.3/32
	check_not "$frr_version: nor is that server up" frr_up s2
	frr_stop s2
}

# counted NAME: the hub's daemon has counted this
counted()
{
	d hub -j show traffic | jq -e --arg n "$1" \
		'[.. | objects | .[$n]? // empty | tonumber] | add > 0'
}

registration()
{
	our_conf hub
	dmvpnd_start hub
	need busywait 60 ip_in hub link show dmvpn0 up
	gre s1
	gre s2
	spoke_start s1
	check "$frr_version: it registers" busywait 60 frr_up s1
	check "$frr_version: as a client of ours" \
		entry_is hub 10.0.0.2/32 type registered
	is "$frr_version: at its NBMA address" \
		"$(entry hub 10.0.0.2/32 nbma)" 192.0.2.2
	wrong_password
	nhs=dynamic spoke_start s2 "ip nhrp registration no-unique"
	check "$frr_version: so does the other, which learns our address" \
		busywait 60 frr_up s2
	check "$frr_version: and is known" \
		entry_is hub 10.0.0.3/32 type registered
	check "$frr_version: it gets multicast" mcast_has hub 192.0.2.3
	hub_lans dmvpn0
	lans gre1 s1
	lans gre1 s2
}

mcast_has()
{
	d "$1" -j show multicast dev dmvpn0 | grep -q "\"$2\""
}

resolution()
{
	stream lan s1 10.1.2.1 10.1.3.1
	lossless "$frr_version: our redirect leads to a shortcut" \
		busywait 30 shortcut s1 10.1.3.0/24 10.0.0.3
	lossless "$frr_version: and to one back" \
		busywait 30 shortcut s2 10.1.2.0/24 10.0.0.2
	check "$frr_version: the path is direct" busywait 20 hub_idle
}

# hub_idle: the stream does not go through the hub
hub_idle()
{
	local before now

	before=$(in_ns hub cat /sys/class/net/dmvpn0/statistics/tx_packets)
	flows lan 25 || return 1
	now=$(in_ns hub cat /sys/class/net/dmvpn0/statistics/tx_packets)
	[ $((now - before)) -lt 20 ]
}

hub_dies()
{
	dmvpnd_stop hub KILL
	dmvpnd_start hub
	busywait 20 entry_is hub 10.0.0.3/32 type registered
}

lifetime()
{
	lossless "$frr_version: nothing ends with the holding time" \
		stays $((hold + 5)) flows lan 1
	check "$frr_version: it has its shortcut then" \
		busywait 30 shortcut s1 10.1.3.0/24 10.0.0.3
	lossless "$frr_version: they outlive our daemon's end and return" \
		hub_dies
	check "$frr_version: it renews its registration then" \
		stays $((hold + 5)) entry_is hub 10.0.0.2/32 type registered
	stream_end lan
	frr_stop s2 KILL
	check "$frr_version: unused shortcuts expire" \
		busywait 40 shortcuts_gone s1
	check "$frr_version: the registration of a dead spoke, too" \
		busywait 40 client_gone hub 10.0.0.3/32
	check "$frr_version: the other is served on" frr_up s1
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
	clean_capture nhrp hub
}

frr_versions topic
plan
