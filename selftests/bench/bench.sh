#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Measure and print tables: what a packet costs with dmvpn and with ip_gre.
#
# usage: bench.sh [-n] [-k KERNEL] [PACKETS [SAMPLES]]
#
# On an emulated machine whose clock counts instructions, two nanoseconds for
# each, so that the figures do not depend on what else this machine does; with
# -n on this machine, whose clock it then is. BENCH_RESULTS keeps the samples.

set -u
here=$(dirname "$(readlink -f "$0")")
project=$here/../..
kernel=6.1 native=''

while getopts nk:h opt; do
	case $opt in
	n) native=yes ;;
	k) kernel=$OPTARG ;;
	h) sed -n '3,/^$/s/^# \?//p' "$0"; exit 0 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
results=${BENCH_RESULTS:-$(mktemp -d /tmp/dmvpn-bench.XXXXXX)}
mkdir -p "$results" || exit 1
"$project/selftests/vm/deps.sh" all || exit 1
make -s -C "$project/user" all && make -s -C "$project/selftests" || exit 1
if [ -n "$native" ]; then
	"$here/data.sh" "$@" >"$results/data" || exit 1
	"$here/report.py" "$results/data" ns
	exit
fi
# shellcheck disable=SC2016 # for the machine's shell
"$project/selftests/vm/run.sh" -i -k "$kernel" -t 3000 -o "$results" -- bash -c '
	selftests/module.sh load &&
		selftests/bench/data.sh "$@" >/results/data' data.sh "$@" || exit 1
# Two nanoseconds are an instruction.
awk '{ $4 /= 2; print }' "$results/data" >"$results/instructions"
echo "# Linux $kernel, instructions"
"$here/report.py" "$results/instructions" instructions
