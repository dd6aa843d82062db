#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Measure and print tables: what dmvpn costs, and what it is held against.
#
# usage: bench.sh [-n] [-k KERNEL] [-s SAMPLES] [-p] [-o DIRECTORY] [PART...]
#
# On an emulated machine whose clock counts instructions, two nanoseconds for
# each, so that the figures do not depend on what else this machine does; with
# "-k plain" under User Mode Linux, in this machine's time; with -n on this
# machine itself. PARTs are tx, rx, path, mcast, flood, switch and control; by
# default all of them, under User Mode Linux tx, rx, mcast and control with the
# ciphers none and null: its ciphers are the portable ones, and its work queues drop
# what they cannot take. DIRECTORY keeps the samples, bench.json, bench.md and the
# plots; without it the tables are only printed. docs/performance.md says how to
# read them. -p leaves a profile there instead, of each case of tx, rx, path and
# mcast: the functions, and how many nanoseconds a packet are spent in each. SAMPLES
# are 5, of times 15, of which the least counts. The environment may have PEERS
# (10000, the most that packets are sent to), CIPHERS (of "none null gcm chacha"),
# PACKETS, FLOOD and COUNT (packets of a sample) and SPOKES (of each hub in control).

set -u -o pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
kernel=6.1 native='' samples='' results='' profile=''

while getopts nk:s:po:h opt; do
	case $opt in
	n) native=yes ;;
	k) kernel=$OPTARG ;;
	s) samples=$OPTARG ;;
	p) profile=yes samples=1 ;;
	o) results=$OPTARG ;;
	h) sed -n '3,/^$/s/^# \?//p' "$0"; exit 0 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
parts=(tx rx path mcast flood switch control)
if [ -n "$native" ] || [ "$kernel" = plain ]; then
	samples=${samples:-15}
fi
samples=${samples:-5}
if [ $# -gt 0 ]; then
	parts=("$@")
elif [ "$kernel" = plain ]; then
	parts=(tx rx mcast control)
	CIPHERS=${CIPHERS:-none null}
fi
for part in "${parts[@]}"; do
	case $part in
	tx|rx|path|mcast|flood|switch|control) ;;
	*)
		echo "bench.sh: no part '$part'" >&2
		exit 2
		;;
	esac
done
[[ $samples =~ ^[1-9][0-9]*$ ]] || {
	echo "bench.sh: -s '$samples': not a number" >&2
	exit 2
}
if [ -z "$results" ]; then
	results=$(mktemp -d) || exit 1
	trap 'rm -rf "$results"' EXIT
fi
mkdir -p "$results" && results=$(readlink -f "$results") || exit 1

# measure DIRECTORY PART...: samples of each part in DIRECTORY/PART
measure()
{
	local directory=$1 part

	shift
	for part in "$@"; do
		PROFILE=${profile:+$directory} SAMPLES=$samples \
			"$here/$part.sh" >"$directory/$part" ||
			return 1
	done
}

if [ "${DMVPN_BENCH:-}" = inside ]; then
	"$project/selftests/module.sh" load && measure "$results" "${parts[@]}"
	exit
fi
"$project/selftests/vm/deps.sh" user vm lab frr bench || exit 1
make -s -C "$project/user" all && make -s -C "$project/selftests" || exit 1
# What the parts take from the environment
settings=()
for name in PEERS PACKETS CIPHERS FLOOD COUNT SPOKES; do
	[ -z "${!name:-}" ] || settings+=("$name=${!name}")
done
unit=()
case ${native:-$kernel} in
yes)
	measure "$results" "${parts[@]}" || exit 1
	title="Linux $(uname -r), ns"
	;;
plain)
	# On one processor: its threads would else wait for each other.
	DMVPN_CPU=$(($(nproc --all) - 1)) \
		"$project/selftests/vm/run.sh" -k plain -t 7000 -o "$results" -- \
		env DMVPN_BENCH=inside "${settings[@]}" \
		selftests/bench/bench.sh \
		${profile:+-p} -s "$samples" -o /results "${parts[@]}" ||
		exit 1
	title="User Mode Linux, ns"
	;;
*)
	# Its clock runs ahead of ours: what waits costs it nothing.
	"$project/selftests/vm/run.sh" -i -k "$kernel" -t 40000 \
		-o "$results" -- \
		env DMVPN_BENCH=inside "${settings[@]}" \
		selftests/bench/bench.sh \
		${profile:+-p} -s "$samples" -o /results "${parts[@]}" ||
		exit 1
	title="Linux $kernel, instructions" unit=(--instructions)
	;;
esac
[ -z "$profile" ] || exit 0
"$here/report.py" "${unit[@]}" --json "$results/bench.json" "$title" \
	"${parts[@]/#/$results/}" | tee "$results/bench.md" &&
	"$here/plot.py" "$results/bench.json" "$results"
