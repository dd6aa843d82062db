# shellcheck shell=bash disable=SC2154 # scratch: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FRR's routing daemons, as Debian packages them, beside dmvpnd on the nodes of
# lib.sh, sourced after it. Run directory, sockets, configurations and logs are
# in $scratch/frr-NODE.

. "$here/daemon.sh"
. "$here/stream.sh"

frr_bin=/usr/lib/frr
declare -A frr_pids
# Of the keyed GRE packet in the clear: an IPv4 packet to a multicast group
inner_mcast='ip[22:2] = 0x0800 and ip[44] & 0xf0 = 0xe0'
inner_ucast='ip[22:2] = 0x0800 and ip[44] & 0xf0 != 0xe0'

[ -x $frr_bin/zebra ] || skip_all "no FRR: selftests/vm/deps.sh frr"
# FRR's daemons are not root while they run.
chmod 711 "$scratch"

# frr_daemon NODE DAEMON [OPTION...]: returns when it answers
frr_daemon()
{
	local node=$1 name=$2 dir=$scratch/frr-$1

	shift 2
	ip netns exec "$(ns "$node")" $frr_bin/"$name" -P 0 "$@" \
		-i "$dir/$name.pid" -z "$dir/zserv" --vty_socket "$dir" \
		--log "file:$dir/$name.log" --log-level debugging \
		>"$dir/$name.out" 2>&1 &
	frr_pids[$node]="$! ${frr_pids[$node]:-}"
	owned+=("$!")
	busywait 60 frr_show "$node" "$name" "show version" && return
	echo "Bail out! $name: $(<"$dir/$name.out")"
	exit 1
}

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

# frr_stop NODE: what was started last is ended first
frr_stop()
{
	local pid

	for pid in ${frr_pids[$1]}; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	unset "frr_pids[$1]"
}

# frr_show NODE DAEMON COMMAND...: what it says to that, without the status
# behind
frr_show()
{
	local out

	out=$(printf '%s\0' enable "${@:3}" | socat -t 5 - \
		"UNIX-CONNECT:$scratch/frr-$1/$2.vty" 2>/dev/null |
		tr -d '\0-\7')
	[ -n "$out" ] && echo "$out"
}

# frr_says NODE DAEMON COMMAND REGEX
frr_says()
{
	frr_show "$1" "$2" "$3" | grep -E -- "$4"
}

# cloud_start HUB-CHANGE: dmvpnd on a hub and two spokes, all registered, their
# underlay captured from the first packet. The change is a sed script.
cloud_start()
{
	local node

	topology 2
	capture_start route 'ip proto 47 or udp port 9'
	conf hub "$1"
	conf s1
	conf s2
	for node in hub s1 s2; do
		dmvpnd_start "$node" --teardown
	done
	for node in s1 s2; do
		need busywait 20 nhs_is "$node" UP
	done
}

# cloud_end: for another one
cloud_end()
{
	local name

	[ "$failed" -eq 0 ] || routing_report
	for name in "${!stream_pid[@]}"; do
		stream_end "$name"
	done
	for name in "${!frr_pids[@]}"; do
		frr_stop "$name"
	done
	for name in "${!dmvpnd_of[@]}"; do
		dmvpnd_stop "$name" TERM 2>/dev/null
	done
	dmvpnd_of=()
	for name in "${nodes[@]}"; do
		ip netns del "$(ns "$name")"
	done
	nodes=()
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
