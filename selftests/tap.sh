# shellcheck shell=bash disable=SC2154 # scratch: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a test prints, for tests of every kind; sourced. Who sources it has
# $scratch, a directory for files of the moment.

tests=0 failed=0
at_plan=()		# last checks of a script

echo "TAP version 13"

ok()
{
	tests=$((tests + 1))
	echo "ok $tests - $*"
}

# not_ok NAME: text on standard input, if any, becomes the diagnosis.
not_ok()
{
	tests=$((tests + 1))
	failed=$((failed + 1))
	echo "not ok $tests - $*"
}

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

# skip NAME: REASON
skip()
{
	tests=$((tests + 1))
	echo "ok $tests # SKIP $*"
}

# skip_all REASON
skip_all()
{
	echo "1..0 # SKIP $*"
	exit 4
}

# stock_only: for scripts that prove user space against other programs, on the
# slow debug kernel only if asked for.
stock_only()
{
	[ -e /sys/kernel/debug/kmemleak ] && [ -z "${DMVPN_ALL:-}" ] &&
		skip_all "stock kernels only, DMVPN_ALL=1 runs it"
	return 0
}

# check NAME COMMAND...: COMMAND must succeed.
check()
{
	local name=$1 out

	shift
	# Through a file and not "$(...)": a process less, many times over.
	if "$@" >"$scratch/check" 2>&1; then
		ok "$name"
	else
		out=$(<"$scratch/check")
		not_ok "$name"
		diag "failed: $*"
		[ -z "$out" ] || diag "$out"
	fi
}

# check_not NAME COMMAND...: COMMAND must fail.
check_not()
{
	local name=$1 out

	shift
	if "$@" >"$scratch/check" 2>&1; then
		out=$(<"$scratch/check")
		not_ok "$name"
		diag "succeeded: $*"
		[ -z "$out" ] || diag "$out"
	else
		ok "$name"
	fi
}

# is NAME VALUE EXPECTED
is()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		diag "is '$2', should be '$3'"
	fi
}

# refused NAME TEXT COMMAND...: COMMAND must fail, and TEXT be in what it says.
refused()
{
	local name=$1 text=$2 out

	shift 2
	if out=$("$@" 2>&1); then
		not_ok "$name"
		diag "succeeded: $*" "$out"
	elif [[ $out == *"$text"* ]]; then
		ok "$name"
	else
		not_ok "$name"
		diag "says '$out', should say '$text'"
	fi
}

# plan: last line of a script; its exit status is that of the script.
plan()
{
	local last

	for last in "${at_plan[@]}"; do
		"$last"
	done
	echo "1..$tests"
	[ "$failed" -eq 0 ] && [ "$tests" -gt 0 ]
}
