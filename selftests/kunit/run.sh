#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run the module's KUnit suites on the debug kernel and turn the KTAP of its
# kernel log into a verdict.
#
# usage: run.sh [RESULTS-DIR]

set -u
here=$(dirname "$(readlink -f "$0")")
vm=$here/../vm

die()
{
	echo "kunit/run.sh: $*" >&2
	exit 1
}

# ktap FILE: the KTAP of our module, without time stamps.
ktap()
{
	sed -e '1,/dmvpn-vm: job starts/d' -e 's/^\[ *[0-9.]*\] //' "$1" |
		sed -n '/^KTAP version/,$p'
}

# count PATTERN FILE: test cases are indented by one level, suites are not.
count()
{
	grep -cE "^    $1 [0-9]+ " "$2"
}

results=${1:-}
if [ -z "$results" ]; then
	results=$(mktemp -d) || exit 1
	trap 'rm -rf "$results"' EXIT
fi
modules=$("$vm/build-module.sh" debug) || die "the module does not build"
module=$(grep '/dmvpn_kunit.ko$' <<<"$modules") || die "no dmvpn_kunit.ko"
# shellcheck disable=SC2016 # for the machine's shell
"$vm/run.sh" -k debug -m "$module" -t 900 -o "$results" -- bash -c '
	for need in $(modinfo -F depends "$DMVPN_MODULE" | tr , " "); do
		modprobe "$need"
	done
	insmod "$DMVPN_MODULE" && rmmod dmvpn_kunit'
rc=$?
[ -e "$results/dmesg" ] || die "no kernel log"
ktap "$results/dmesg" >"$results/ktap"
cat "$results/ktap"
skipped=$(grep -cE '^    ok [0-9]+ .*# SKIP' "$results/ktap")
passed=$(($(count ok "$results/ktap") - skipped))
failed=$(count 'not ok' "$results/ktap")
bad_suites=$(grep -cE '^not ok ' "$results/ktap")
[ $((passed + failed)) -gt 0 ] || die "no test ran"
if [ "$failed" -eq 0 ] && [ $((bad_suites + rc)) -ne 0 ]; then
	echo "# failed outside of a test: $bad_suites suites, status $rc"
	failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
