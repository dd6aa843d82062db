#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The whole check of a change, from a bare machine to one verdict.
#
# usage: check.sh [KERNEL]    (6.1, 6.12, 7.3 or debug: only that kernel's
#                              module build and selftests)
#
# Two lanes run at once: stock kernels in front, and behind, with low
# priority, the debug kernel and what runs on it. CHECK_BUDGET is the time in
# minutes that all may take (default 75): a stage that would overrun it is
# skipped and says so. CHECK_RESULTS keeps the logs in that directory.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
vm=selftests/vm
kernel=${1:-}
budget=$((${CHECK_BUDGET:-75} * 60))
began=$(date +%s)
results=${CHECK_RESULTS:-$(mktemp -d /tmp/dmvpn-check.XXXXXX)}
mkdir -p "$results" || exit 1

elapsed()
{
	echo $(($(date +%s) - began))
}

# note TEXT: one line on the caller's terminal, with the time.
note()
{
	local now

	now=$(elapsed)
	printf '[%2d:%02d] %s\n' $((now / 60)) $((now % 60)) "$*"
}

# show LOG STATUS: all of a failure, what is not indented of a success.
show()
{
	if [ "$2" -eq 0 ]; then
		grep -vE '^([[:space:]]|$)' "$1" | tail -n 40
	else
		tail -n 400 "$1"
	fi | sed 's/^/        /'
}

# stage NAME MINUTES COMMAND...: run it unless MINUTES are no longer left.
# The result is a file, because the lanes are processes of their own.
stage()
{
	local name=$1 minutes=$2 log=$results/$1.log start rc=0

	shift 2
	start=$(elapsed)
	if [ $((start + minutes * 60)) -gt "$budget" ]; then
		note "SKIPPED: $name needs $minutes minutes, too few are left"
		echo skipped >"$results/$name.result"
		return 4
	fi
	note "$name ..."
	"$@" >"$log" 2>&1 </dev/null || rc=$?
	{
		if [ "$rc" -eq 0 ]; then
			note "$name: passed in $(($(elapsed) - start)) s"
			echo passed >"$results/$name.result"
		else
			note "$name: FAILED (exit $rc) after" \
				"$(($(elapsed) - start)) s"
			echo failed >"$results/$name.result"
		fi
		show "$log" "$rc"
	} >"$results/$name.shown"
	cat "$results/$name.shown"
	return "$rc"
}

# skip NAME REASON: what cannot run because something before it failed.
skip()
{
	note "SKIPPED: $1: $2"
	echo skipped >"$results/$1.result"
}

# left: seconds of the budget that are left, for a machine's time limit. What
# was let in gets enough to end, though the machine may be slower than thought.
left()
{
	local seconds=$((budget - $(elapsed) - 60))

	echo $((seconds > 2700 ? seconds : 2700))
}

# What the selftests call: our programs, and helpers of the tests.
build_programs()
{
	make -C user all || return 1
	[ ! -e selftests/Makefile ] || make -C selftests
}

# Loads, makes a device, goes away: the kernels that get no full run.
smoke()
{
	# shellcheck disable=SC2016 # for the machine's shell
	"$vm/run.sh" -k "$1" -t 300 -o "$results/smoke-$1" -- bash -c '
		set -e
		selftests/module.sh load
		ip link add dmvpn0 type dmvpn
		ip -d link show dmvpn0
		ip link del dmvpn0
		selftests/module.sh unload
		echo "1 passed, 0 failed, 0 skipped"'
}

# What a kernel without IPv6 has of it
no_ipv6()
{
	DMVPN_APPEND=ipv6.disable=1 "$vm/run.sh" -k "$1" -t 300 \
		-o "$results/no-ipv6-$1" -- selftests/run.sh t-no-ipv6
}

selftests()
{
	"$vm/run.sh" -k "$1" -t "$(left)" -o "$results/selftests-$1" -- \
		selftests/run.sh
}

coverage()
{
	selftests/coverage.sh "$results/kunit" "$results/selftests-debug"
}

# module KERNEL, then COMMAND... as stage NAME, if the module builds.
with_module()
{
	local release=$1 name=$2 minutes=$3

	shift 3
	if stage "module-$release" 1 "$vm/build-module.sh" "$release"; then
		stage "$name" "$minutes" "$@"
	else
		skip "$name" "no module for $release"
	fi
}

lane_stock()
{
	local release

	stage lint 2 env LINT_KERNELS= selftests/lint.sh
	stage user 3 make -C user check
	with_module 6.1 selftests-6.1 45 selftests 6.1
	with_module 6.12 smoke-6.12 2 smoke 6.12
	with_module 7.3 smoke-7.3 4 smoke 7.3
	with_module 7.3 no-ipv6-7.3 2 no_ipv6 7.3
	stage fuzz 4 make -C user fuzz-short
	stage deb 4 debian/build.sh "$results/deb"
	# With time to spare, all selftests on the other kernels too.
	for release in 6.12 7.3; do
		[ "$(cat "$results/smoke-$release.result")" = passed ] &&
			stage "selftests-$release" 45 selftests "$release"
	done
}

lane_debug()
{
	local build=25

	"$vm/debug-kernel.sh" --if-ready >/dev/null 2>&1 && build=1
	if ! stage debug-kernel "$build" nice -n 5 timeout "$(left)" \
	     "$vm/debug-kernel.sh"; then
		skip kunit "no debug kernel"
		skip selftests-debug "no debug kernel"
		return
	fi
	with_module debug kunit 2 selftests/kunit/run.sh "$results/kunit"
	[ "$(cat "$results/module-debug.result")" = passed ] || {
		skip selftests-debug "no module for debug"
		return
	}
	stage selftests-debug 45 selftests debug
	stage coverage 2 coverage
}

# recap LOG: what of a failed stage names the fault, for whoever has only the
# last lines of all this.
recap()
{
	grep -A 5 -E '^ *not ok |^run\.sh: |^# FAILED|unreferenced object' "$1" ||
		tail -n 5 "$1"
}

# names RESULT: the stages that ended so.
names()
{
	grep -lx "$1" "$results"/*.result | sed 's|.*/||; s|\.result$||'
}

# summary: one line for each result, the faults, the counts, the exit status.
summary()
{
	local result name
	local -A count

	echo
	for result in passed skipped failed; do
		count[$result]=$(names "$result" | wc -l)
		[ "${count[$result]}" -eq 0 ] ||
			echo "$result: $(names "$result" | paste -s -d ' ')"
	done
	for name in $(names failed); do
		echo "$name:"
		recap "$results/$name.log" | tail -n 15
	done
	note "done"
	echo "${count[passed]} passed, ${count[failed]} failed," \
		"${count[skipped]} skipped"
	[ "${count[failed]}" -eq 0 ] && [ "${count[passed]}" -gt 0 ]
}

# children PID: everything below it, deepest first.
children()
{
	local pid

	for pid in $(pgrep -P "$1"); do
		children "$pid"
		echo "$pid"
	done
}

# stop_all STATUS: leave no machine running behind.
stop_all()
{
	local pid

	trap - INT TERM
	for pid in $(children $$); do
		kill "$pid" 2>/dev/null
	done
	note "stopped"
	exit "$1"
}

case $kernel in
''|6.1|6.12|7.3|debug) ;;
*) echo "check.sh: no kernel '$kernel': 6.1, 6.12, 7.3 or debug" >&2; exit 2 ;;
esac
rm -f "$results"/*.result
echo "# logs: $results"
trap 'stop_all 130' INT
trap 'stop_all 143' TERM
if ! stage deps 1 "$vm/deps.sh" all; then
	summary
	exit 1
fi
# Both lanes run them, and neither may have to wait for the other.
if ! stage programs 2 build_programs; then
	summary
	exit 1
fi
# The machines have no network to fetch it by.
[ "$kernel" = debug ] || "$vm/frr.sh" >"$results/frr.log" 2>&1 ||
	note "SKIPPED: Debian 13's FRR, which cannot be fetched: frr.log"
case $kernel in
'')
	lane_debug &
	lane_stock &
	;;
debug)
	lane_debug &
	;;
*)
	with_module "$kernel" "selftests-$kernel" 45 \
		selftests "$kernel" &
	;;
esac
# All in the background, so that a signal is not kept waiting.
wait
summary
rc=$?
[ "$rc" -ne 0 ] || [ -n "${CHECK_RESULTS:-}" ] || rm -rf "$results"
exit "$rc"
