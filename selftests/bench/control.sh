#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Many clients at one server: how fast they are registered, how long others wait
# for answers meanwhile, what one of them takes in memory, and the same after the
# daemon was killed; dmvpnd, and FRR's nhrpd. Then a cache of many entries: how
# long it takes to fill, list and empty it.
#
#     k ==== u0 ==== r      all clients are one program in k
#
# usage: control.sh [SPOKES...]

set -u
. "$(dirname "$(readlink -f "$0")")/lib.sh"
frr=${FRR:-/usr/lib/frr}
dir=$(mktemp -d) || exit 1
# FRR's daemons are not root while they run.
chmod 711 "$dir"
pids=()

underlay()
{
	namespaces r k && wire k r u0 || return 1
	ip -n "$id-r" -batch - <<-LIST || return 1
	addr add 192.0.2.1/24 dev u0
	neigh add 192.0.2.2 lladdr 02:00:00:00:00:03 dev u0 nud permanent
	route add 198.18.0.0/15 via 192.0.2.2
	LIST
	# They are a program, not addresses.
	sink k u0
	sysctl -qw net.ipv4.neigh.default.gc_thresh3=262144
}

# started COMMAND...: on the server, in the background; its number joins $pids
started()
{
	ip netns exec "$id-r" "$@" >>"$dir/log" 2>&1 &
	pids+=("$!")
}

dmvpnd_start()
{
	mkdir -p "$dir/etc"
	cat >"$dir/etc/hub0.conf" <<-END
	[Tunnel]
	Source=u0
	Address=10.0.0.1/8
	Protection=none
	MaxPeers=200000
	MaxEntries=200000
	MaxMulticast=200000
	[NHRP]
	Server=yes
	END
	started dmvpnd -c "$dir/etc"
	until_ok in_ns r dmvpn show nhs
}

dmvpnd_stop()
{
	kill -KILL "${pids[@]}"
	wait "${pids[@]}" 2>/dev/null
	pids=()
}

dmvpnd_end()
{
	dmvpnd_stop
	in_ns r dmvpn link del hub0
}

# frr_start DAEMON [OPTION...]
frr_start()
{
	started "$frr/$1" -P 0 "${@:2}" -i "$dir/$1.pid" \
		-z "$dir/zserv" --vty_socket "$dir"
	until_ok test -S "$dir/$1.vty"
}

nhrpd_start()
{
	ip -n "$id-r" -batch - <<-LIST || return 1
	link add hub0 type gre local 192.0.2.1 dev u0 ttl 64
	link set hub0 mtu 1400 up
	addr add 10.0.0.1/32 dev hub0
	LIST
	cat >"$dir/nhrpd.conf" <<-END
	interface hub0
	 ip nhrp network-id 1
	 ip nhrp holdtime 4000
	 tunnel source u0
	END
	chown -R frr:frr "$dir"
	frr_start zebra -f /dev/null && frr_start nhrpd -f "$dir/nhrpd.conf"
}

nhrpd_end()
{
	kill -KILL "${pids[@]}"
	wait "${pids[@]}" 2>/dev/null
	pids=()
	ip -n "$id-r" link del hub0
	chown -R root:root "$dir"
}

# kernel_memory: octets in slabs and for each processor
kernel_memory()
{
	awk '/^(Slab|Percpu):/ { n += $2 } END { print 1024 * n }' /proc/meminfo
}

# kernel_rests: its memory is what it was at the last look
kernel_rests()
{
	local now

	now=$(kernel_memory)
	[ "$now" = "${rest:-}" ] && return
	rest=$now
	return 1
}

# kernel_memory_at_rest: what was freed is given back a little later
kernel_memory_at_rest()
{
	local rest=''

	until_ok kernel_rests
	kernel_memory
}

# daemon_memory: of the daemon that speaks NHRP, octets
daemon_memory()
{
	local pid

	pid=$(ip netns pids "$id-r" | while read -r pid; do
		case $(<"/proc/$pid/comm") in
		dmvpnd|nhrpd) echo "$pid" ;;
		esac
	done)
	awk '/^VmRSS:/ { print 1024 * $2 }' "/proc/$pid/status"
}

# registered WHO WHAT SPOKES: register all of them
registered()
{
	local each again median longest

	read -r each again median longest < \
		<(in_ns k spokes "$3" u0) || die "$1: registrations ended: $(tail -n 5 "$dir/log")"
	echo "$2 $1 none $3 0 $each"
	echo "$2-again $1 none $3 0 $again"
	echo "$2-wait $1 none $3 0 $median"
	echo "$2-longest $1 none $3 0 $longest"
}

# restarted SAMPLE: a sample of how much time of a processor dmvpnd has taken until
# it answers; how long it waits is not the machine's
restarted()
{
	dmvpnd_start || die "dmvpnd does not come back"
	awk -v sample="$1" -v ticks="$(getconf CLK_TCK)" '{
		printf "%s %.0f\n", sample, ($14 + $15) * 1e9 / ticks
	}' "/proc/${pids[0]}/stat"
}

# busy SAMPLE COMMAND...: a sample of how many nanoseconds of a processor it took;
# its output is in $dir/out
busy()
{
	local TIMEFORMAT='%3U %3S' spent

	spent=$({ time "${@:2}" >"$dir/out" 2>"$dir/err"; } 2>&1) ||
		die "$*: $(tail -n 3 "$dir/err")"
	awk -v sample="$1" '{ printf "%s %.0f\n", sample, ($1 + $2) * 1e9 }' \
		<<<"$spent"
}

# hub WHO SPOKES: a new hub, all of them, and its end
hub()
{
	local kernel daemon

	"$1_start" || die "$1 does not start: $(tail -n 5 "$dir/log")"
	# It may not be ready for clients yet, and what is lost takes a second.
	in_ns k spokes 1 u0 >/dev/null || die "$1 registers nobody"
	kernel=$(kernel_memory_at_rest) daemon=$(daemon_memory)
	registered "$1" register "$2"
	echo "memory-kernel $1 none $2 0" \
		$((($(kernel_memory_at_rest) - kernel) / $2))
	echo "memory-daemon $1 none $2 0" \
		$((($(daemon_memory) - daemon) / $2))
	if [ "$1" = dmvpnd ]; then
		busy "show dmvpnd none $2 0" in_ns r dmvpn -j show
		dmvpnd_stop
		restarted "restart dmvpnd none $2 0"
		registered dmvpnd back "$2"
	fi
	"$1_end"
}

# cache ENTRIES: of the kernel alone
cache()
{
	local ifindex

	in_ns r dmvpn link add hub0 local 192.0.2.1 protection none \
		max-peers 200000 max-entries 200000 up || return 1
	ifindex=$(ip -n "$id-r" -j link show hub0 | jq '.[].ifindex')
	many=$1 each "entry-set entry.ifindex=u32:$ifindex entry.prefix=ip:10.1@ entry.nbma=ip:198.18@ entry.type=u32:1" \
		>"$dir/entries"
	busy "load kernel none $1 0" in_ns r nlraw - <"$dir/entries"
	[ "$(grep -c '^ok$' "$dir/out")" -eq "$1" ] ||
		die "$(sort "$dir/out" | uniq -c | head -n 3)"
	busy "dump kernel none $1 0" in_ns r nlraw entry-get dump
	busy "flush kernel none $1 0" in_ns r nlraw entry-flush \
		"entry.ifindex=u32:$ifindex"
	in_ns r dmvpn link del hub0
}

control_cleanup()
{
	cleanup
	rm -rf "$dir"
}

trap control_cleanup EXIT
# shellcheck disable=SC2086 # several numbers
[ $# -gt 0 ] || set -- ${SPOKES:-1000 10000 100000}
modprobe -qa ip_gre cls_matchall act_gact sch_ingress
underlay || die "no underlay"
for spokes in "$@"; do
	hub dmvpnd "$spokes"
	cache "$spokes" || die "no cache of $spokes"
	# It takes too long for more.
	[ "$spokes" -gt 10000 ] || hub nhrpd "$spokes"
done
