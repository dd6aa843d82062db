# shellcheck shell=bash disable=SC2154 # scratch: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FRR's routing daemons, as Debian packages them, beside dmvpnd on the nodes of
# lib.sh, sourced after it. Run directory, sockets, configurations and logs are
# in $scratch/frr-NODE.

. "$here/frr-daemon.sh"

# Of the keyed GRE packet in the clear: an IPv4 packet to a multicast group
inner_mcast='ip[22:2] = 0x0800 and ip[44] & 0xf0 = 0xe0'
inner_ucast='ip[22:2] = 0x0800 and ip[44] & 0xf0 != 0xe0'

# frr_start NODE DAEMON: zebra and DAEMON, configured by standard input
frr_start()
{
	local node=$1 name=$2 dir=$scratch/frr-$1

	mkdir -p "$dir" || exit 1
	cat >"$dir/$name.conf"
	chown -R frr:frr "$dir"
	[ -n "${frr_pids[$node]:-}" ] || frr_daemon "$node" zebra -f /dev/null
	frr_daemon "$node" "$name" -f "$dir/$name.conf"
	frr_refuses "$node" "$name" || return 0
	echo "Bail out! $name: $(<"$dir/$name.out")"
	exit 1
}

# frr_refuses NODE DAEMON: it complains of its configuration
frr_refuses()
{
	grep -qE 'line [0-9]+: (Failure|Error|%)|Unknown command' \
		"$scratch/frr-$1/$2.out"
}

# frr_says NODE DAEMON COMMAND REGEX
frr_says()
{
	frr_show "$1" "$2" "$3" | grep -E -- "$4"
}

# cloud_start HUB-CHANGE: dmvpnd on a hub and two spokes, all registered, their
# underlay captured from the first packet. The change is a sed script. With
# encrypted=yes all have security associations with each other.
cloud_start()
{
	local node

	topology 2
	capture_start route 'ip proto 47 or ip proto 50'
	conf hub "$1"
	conf s1
	conf s2
	[ -z "${encrypted:-}" ] || encrypt
	for node in hub s1 s2; do
		dmvpnd_start "$node" --teardown
	done
	for node in s1 s2; do
		need busywait 20 nhs_is "$node" UP
	done
}

encrypt()
{
	local node

	for node in hub s1 s2; do
		sed -i '/^Protection=/d' "$scratch/etc-$node/dmvpn0.conf"
		esp_policy "$node"
	done
	esp_pair hub s1
	esp_pair hub s2
	esp_pair s1 s2
}

# cloud_end: for another one
cloud_end()
{
	[ "$failed" -eq 0 ] || routing_report
	nodes_end
	rm -rf "$scratch"/frr-*
}

# routed NODE PREFIX VIA PROTOCOL: the kernel's table has it, by the tunnel
routed()
{
	ip_in "$1" -j route show "$2" | jq -e --arg v "$3" --arg p "$4" \
		'any(.[]; .gateway == $v and .dev == "dmvpn0" and
			.protocol == $p)' && return
	ip_in "$1" route
	return 1
}

routed_not()
{
	local out

	out=$(ip_in "$1" route show "$2") || return 1
	[ -z "$out" ] || { echo "$out"; return 1; }
}

# lans_routed PROTOCOL VIA-OF-S1 VIA-OF-S2: hub and spokes learn the LANs of
# the others, the spokes those of each other by these next hops.
lans_routed()
{
	check "the hub has a route to the LAN of s1" \
		busywait 40 routed hub 10.1.2.0/24 10.0.0.2 "$1"
	check "and to that of s2" \
		busywait 40 routed hub 10.1.3.0/24 10.0.0.3 "$1"
	check "s1 has one to the LAN of the hub" \
		busywait 40 routed s1 10.1.1.0/24 10.0.0.1 "$1"
	check "and one to the LAN of s2 by $2" \
		busywait 40 routed s1 10.1.3.0/24 "$2" "$1"
	check "s2 has one to the LAN of s1 by $3" \
		busywait 40 routed s2 10.1.2.0/24 "$3" "$1"
}

# goes_direct ENTRY-OF-S1 ENTRY-OF-S2: traffic between the LANs of the spokes
# gets the direct path by entries that start so, and loses nothing.
goes_direct()
{
	stream lan s1 10.1.2.1 10.1.3.1
	lossless "s1 gets a direct path" busywait 20 direct s1 "$1"
	lossless "s2 gets one back" busywait 20 direct s2 "$2"
	stream_end lan
}

# crossed FROM TO FILTER: packets of the capture, inside the outer ones
crossed()
{
	capture_count route "ip proto 47 and src host $(nbma "$1") and
		dst host $(nbma "$2") and $3"
}

# hellos GROUP: multicast went between hub and spokes, and not between spokes
hellos()
{
	local spoke group="ip[22:2] = 0x0800 and ip[44:4] = $1"

	capture_stop route
	for spoke in s1 s2; do
		check "multicast hellos went from the hub to $spoke" \
			[ "$(crossed hub $spoke "$group")" -gt 3 ]
		check "and from $spoke to the hub" \
			[ "$(crossed $spoke hub "$group")" -gt 3 ]
	done
	only_unicast
}

# only_unicast: between the spokes, in the capture
only_unicast()
{
	check "the direct path carried packets" \
		[ "$(crossed s1 s2 "$inner_ucast")" -gt 5 ]
	is "and no multicast" "$(crossed s1 s2 "$inner_mcast")$(
		crossed s2 s1 "$inner_mcast")" 00
}

# only_esp: in the capture, and some of it between the spokes
only_esp()
{
	check "the direct path carried ESP" [ "$(capture_count route \
		"ip proto 50 and src host $(nbma s1) and dst host $(nbma s2)"
		)" -gt 5 ]
	is "nothing went in the clear" "$(capture_count route 'ip proto 47')" 0
}

# route_goes NODE WITHIN: its route to the LAN of s2 goes; seconds of the
# protocol's dead interval, and two for the rest
route_goes()
{
	local begin=$SECONDS

	check "the route of $1 to the LAN of s2 goes within the dead interval" \
		busywait $(($2 + 2)) routed_not "$1" 10.1.3.0/24
	diag "after $((SECONDS - begin)) s"
}

# routing_report: what to look at after a failure
routing_report()
{
	local node

	for node in hub s1 s2; do
		diag "$node: $(ip_in "$node" route
			d "$node" show; tail -n 20 "$scratch/log-$node")"
		diag "$node: $(tail -n 30 "$scratch/frr-$node"/*.out \
			"$scratch/frr-$node"/*.log 2>/dev/null)"
	done
}
