# shellcheck shell=bash disable=SC2154 # scratch, netns, nodes: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FRR's daemons, as Debian packages them, on nodes of lib.sh, for frr.sh and
# routing.sh. Run directory, sockets, configurations and logs are in
# $scratch/frr-NODE.

. "$here/daemon.sh"
. "$here/stream.sh"

declare -A frr_pids
frr_bin=/usr/lib/frr

[ -x "$frr_bin/zebra" ] || skip_all "no FRR: selftests/vm/deps.sh frr"
# FRR's daemons are not root while they run.
chmod 711 "$scratch"

# frr_daemon NODE DAEMON [OPTION...]: returns when it answers
frr_daemon()
{
	local node=$1 name=$2 dir=$scratch/frr-$1

	shift 2
	enterns "$netns-$node" "$frr_bin/$name" -P 0 "$@" \
		-i "$dir/$name.pid" -z "$dir/zserv" --vty_socket "$dir" \
		--log "file:$dir/$name.log" --log-level debugging \
		>"$dir/$name.out" 2>&1 &
	frr_pids[$node]="$! ${frr_pids[$node]:-}"
	owned+=("$!")
	busywait 60 frr_show "$node" "$name" "show version" && return
	echo "Bail out! $name: $(<"$dir/$name.out")"
	exit 1
}

# frr_stop NODE [SIGNAL]: what was started last is ended first
frr_stop()
{
	local pid

	for pid in ${frr_pids[$1]}; do
		process_stop "$pid" "${2:-TERM}"
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

# nodes_end: streams, daemons and namespaces go, and others may come
nodes_end()
{
	local name

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
	[ "${wire:-none}" = none ] || wire_check
	for name in "${nodes[@]}"; do
		ip netns del "$(ns "$name")"
	done
	nodes=()
}
