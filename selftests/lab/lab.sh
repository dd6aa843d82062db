#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the classic lab on the machine it is called on, and says what happens.
#
# usage: lab.sh [interface|nexthop|shortcut]...   (default: all three)
#
# Registration of both spokes, a ping from 3.3.3.3 to 2.2.2.2 and one back at
# the same time, first relayed by the hub, then direct; one verdict a design.
# Each router has a strongSwan that its dmvpnd tells what to do; LAB_SAS=static
# has security associations made by hand instead. LAB_CONF=ios has the
# configurations of old routers, of IKEv1 and 3DES, by "dmvpn import ios".

set -u
here=$(dirname "$(readlink -f "$0")")
top=$here/../..
. "$here/topology.sh"
. "$here/../charon.sh"

programs=${DMVPN_PROGRAMS:-$top/user/build/normal}
dmvpn=$programs/dmvpn
dmvpnd=$programs/dmvpnd
pings=${LAB_PINGS:-30}
sas=${LAB_SAS:-ike}
work=$(mktemp -d /tmp/dmvpn-lab.XXXXXX)
failures=0

say()
{
	printf '\n== %s\n' "$*"
}

# verdict TEXT COMMAND...: one line of the verdict.
verdict()
{
	local text=$1

	shift
	if "$@" >/dev/null 2>&1; then
		printf '   yes  %s\n' "$text"
	else
		printf '   NO   %s\n' "$text"
		failures=$((failures + 1))
	fi
}

jobs_stop()
{
	local pid

	for pid in "$@"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
}

daemons=() charons=()

# all_stop: who would miss charon ends before it. It is not asked to: that of Debian
# 12 waits for itself for ever if a peer's word that it ends comes at that moment.
all_stop()
{
	jobs_stop "${daemons[@]}"
	{
		kill -KILL "${charons[@]}"
		[ ${#charons[@]} -eq 0 ] || wait "${charons[@]}"
	} 2>/dev/null
	daemons=() charons=()
}

cleanup()
{
	all_stop
	lab_down
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# The log of a router, each line with the router's name, as it happens.
follow()
{
	local r=$1

	touch "$work/$r.log"
	tail -n +1 --pid=$$ -F "$work/$r.log" 2>/dev/null |
		sed -u "s/^/   $r# /" &
	daemons+=($!)
}

# write_conf DESIGN ROUTER: as in etc/, but for what is one machine's here
write_conf()
{
	local edit="/^\[IPsec\]/a Socket=$work/$2.vici" from=$here/etc/$1/$2

	# shellcheck disable=SC2016 # for sed
	[ "$sas" = ike ] || edit='/^\[IPsec\]/,$d'
	if [ "${LAB_CONF:-}" = ios ]; then
		from=$work/ios-$2
		mkdir -p "$from"
		"$dmvpn" import ios "$top/user/tests/data/ios-$2.txt" \
			out "$from" 2>"$work/$2.import" || exit 1
	fi
	mkdir -p "$work/etc-$2"
	sed "$edit" "$from/dmvpn0.conf" >"$work/etc-$2/dmvpn0.conf"
}

start_charons()
{
	local r

	charon_modules
	for r in $lab_routers; do
		charon_write_conf "$work/$r.strongswan" "$work/$r.vici" \
			"$work/$r.charon"
		STRONGSWAN_CONF=$work/$r.strongswan ip netns exec "$r" \
			"${unconfined[@]}" charon-systemd \
			>"$work/$r.out" 2>&1 &
		charons+=($!)
	done
	for r in $lab_routers; do
		lab_wait 30 test -S "$work/$r.vici"
	done
}

start_daemons()
{
	local r

	for r in $lab_routers; do
		[ -n "${LAB_QUIET:-}" ] || follow "$r"
		write_conf "$1" "$r"
		# Not by a function: what is killed later is dmvpnd itself.
		ip netns exec "$r" "$dmvpnd" -c "$work/etc-$r" \
			--level debug >"$work/$r.log" 2>&1 &
		daemons+=($!)
	done
}

start_capture()
{
	ip netns exec "$lab_provider" tcpdump -Z root -Uni wire --immediate-mode -w "$work/wire.pcap" \
		2>"$work/tcpdump.log" &
	daemons+=($!)
	lab_wait 10 grep -q "listening on" "$work/tcpdump.log" || {
		cat "$work/tcpdump.log" >&2
		exit 1
	}
}

registered()
{
	[ "$(on sv9-2 "$dmvpn" -j show dev dmvpn0 |
		jq '[.. | objects | select(.type? == "registered")] | length')" \
		-ge 2 ]
}

# direct ROUTER ADDRESS: is the path to it direct there?
direct()
{
	on "$1" "$dmvpn" -j show dev dmvpn0 | jq -e --arg lan "$2" '
		[.. | objects | select(.type? == "resolved" and
			.path? == "direct" and
			(.prefix | startswith($lan)))] | length > 0'
}

tables()
{
	local r

	for r in $lab_routers; do
		printf '   %s# dmvpn show\n' "$r"
		on "$r" "$dmvpn" show dev dmvpn0 | sed 's/^/     /'
	done
	[ "$sas" = ike ] || return
	printf '   sv9-4# dmvpn show ipsec\n'
	on sv9-4 "$dmvpn" show ipsec | sed 's/^/     /'
}

# pair ROUTER PEER: there are SAs between the two, in both directions
pair()
{
	# shellcheck disable=SC2016 # for jq
	on "$1" "$dmvpn" -j show ipsec | jq -e --arg peer "${lab_nbma[$2]}" '
		any(.[]; .nbma == $peer and .spi_in != null and
			.spi_out != null)'
}

# ping_start ROUTER FROM TO: in the background, its result in a file.
ping_start()
{
	on "$1" ping -n -I "$2" -i 0.25 -c "$pings" -W 5 "$3" \
		>"$work/ping-$1" 2>&1 &
	pinger+=($!)
}

lossless()
{
	grep -q " $pings received, 0% packet loss" "$work/ping-$1"
}

# size BYTES ROUTER WORDS: did the router log an NHRP packet of that size?
size()
{
	grep -Eq "$3.*packet size: $1( |$)" "$work/$2.log"
}

# on_wire FILTER: such packets that went over the wire
on_wire()
{
	tcpdump -nr "$work/wire.pcap" "$1" 2>/dev/null | wc -l
}

relayed()
{
	on "$1" "$dmvpn" -j show stats dev dmvpn0 |
		jq -e '[.. | objects | .relayed? // empty | numbers] | add > 0'
}

no_clear()
{
	[ "$(on_wire 'ip proto 47')" = 0 ] && [ "$(on_wire 'ip proto 50')" -gt 0 ]
}

sizes()
{
	printf '   NHRP packets by size, as the routers logged them:\n'
	grep -hoE '(Send|Receive|Forwarding) [A-Z][a-z]+ [A-Z][a-z]+ via dmvpn0, packet size: [0-9]+' \
		"$work"/sv9-?.log | sort | uniq -c | sort -k9n |
		sed 's/^/   /'
}

# The sizes that the document prints. The hub answers itself for what is
# registered with it, and forwards a request for what lies behind a spoke.
document_sizes()
{
	verdict "Resolution Request of 84 octets" \
		size 84 sv9-4 "Send Resolution Request"
	if [ "$1" = nexthop ]; then
		verdict "answered by the hub from its cache with 112" \
			size 112 sv9-4 "Receive Resolution Reply"
		return
	fi
	verdict "forwarded by the hub with 104" \
		size 104 sv9-2 "Forwarding Resolution Request"
	verdict "answered by the egress spoke with 132" \
		size 132 sv9-4 "Receive Resolution Reply"
}

run_design()
{
	local conf=phase2 pinger=()

	[ "$1" = shortcut ] && conf=shortcut
	say "design: $1"
	lab_up || exit 1
	start_capture
	if [ "$sas" = ike ]; then
		say "an IKE daemon for each router"
		start_charons
	else
		lab_esp
	fi
	start_daemons "$conf"
	say "the spokes register at the hub"
	verdict "both spokes are registered" lab_wait 30 registered
	lab_routes "$1"
	say "before the first packet"
	tables
	say "ping 3.3.3.3 -> 2.2.2.2 and back, $pings packets each"
	ping_start sv9-4 3.3.3.3 2.2.2.2
	ping_start sv9-3 2.2.2.2 3.3.3.3
	wait "${pinger[@]}"
	sed -n '2,4p;/transmitted/p' "$work/ping-sv9-4" | sed 's/^/   /'
	say "after the last packet"
	tables
	sizes
	say "verdict of design $1"
	local three=3.3.3 four=2.2.2

	if [ "$1" = nexthop ]; then
		three=${lab_tunnel[sv9-4]}
		four=${lab_tunnel[sv9-3]}
	fi
	verdict "sv9-4 reaches $four directly" direct sv9-4 "$four"
	verdict "sv9-3 reaches $three directly" direct sv9-3 "$three"
	[ "$1" = shortcut ] ||
		verdict "the first packets were relayed" relayed sv9-4
	verdict "no packet lost from 3.3.3.3 to 2.2.2.2" lossless sv9-4
	verdict "no packet lost from 2.2.2.2 to 3.3.3.3" lossless sv9-3
	verdict "not one GRE packet in the clear" no_clear
	verdict "sv9-3 and sv9-4 have SAs of their own" pair sv9-4 sv9-3
	verdict "so has each of them with sv9-2" eval \
		"pair sv9-3 sv9-2 && pair sv9-4 sv9-2"
	document_sizes "$1"
	if [ -n "${LAB_KEEP:-}" ]; then
		mkdir -p "$LAB_KEEP/$1"
		cp "$work"/*.log "$work"/*.charon "$work"/*.pcap \
			"$LAB_KEEP/$1/"
	fi
	all_stop
	lab_down
	rm -rf "${work:?}"/*
}

if ip netns list | grep -Eq '^(sv9-[234]|provider)( |$)'; then
	echo "lab.sh: namespaces of these names exist already" >&2
	trap - EXIT
	exit 1
fi
"$here/../module.sh" load || exit 1
[ $# -gt 0 ] || set -- interface nexthop shortcut
for design; do
	run_design "$design"
done
if [ "$failures" -gt 0 ]; then
	say "the lab failed: $failures of the verdicts are NO"
	exit 1
fi
say "the lab works"
