#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run the selftests, all or the named ones, on the machine this is called on,
# normally a test machine: vm/run.sh -- selftests/run.sh
#
# usage: run.sh [NAME...]    (t-NAME.sh or NAME)
#
# Each script prints TAP and exits 0, 4 for "skipped", or else for "failed".
# Whatever it says, a complaint in the kernel log or a namespace left behind
# fails it. DMVPN_SLOW multiplies the time limit of 300 seconds a script: it
# ends what hangs, and a busy machine must not reach it.
# DMVPN_ALL=1 runs on the debug kernel what is for stock kernels only, too.

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/vm/verdict.sh"

limit=$((300 * ${DMVPN_SLOW:-1}))
passed=0 failed=0 skipped=0 number=0

# report ok|not ok, NAME, TEXT
report()
{
	number=$((number + 1))
	echo "$1 $number - $2 # $3"
}

# kernel_said MARK: complaints in the kernel log since MARK.
kernel_said()
{
	dmesg | sed "1,/$1/d" | grep -E "$bad_log" | head -n 20
}

namespaces()
{
	ip netns list 2>/dev/null | cut -d' ' -f1 | sort
}

run_one()
{
	local script=$1 name=${1##*/} mark start rc before left said checks

	mark="dmvpn-selftest: $name $$"
	echo "$mark" >/dev/kmsg
	before=$(namespaces)
	start=$SECONDS
	echo "# $name"
	timeout -k 120 "$limit" "$script" </dev/null 2>&1 | tee "$tap" |
		sed 's/^/    /'
	rc=${PIPESTATUS[0]}
	checks=$(grep -cE '^(not )?ok\b' "$tap")
	# A script that says "not ok" and exits 0 does not get away with it.
	[ "$rc" -eq 0 ] && grep -qE '^not ok\b' "$tap" && rc=1
	if [ "$rc" -eq 0 ] && [ "$checks" -eq 0 ]; then
		echo "    # checked nothing"
		rc=121
	fi
	left=$(comm -13 <(echo "$before") <(namespaces) | tr '\n' ' ')
	said=$(kernel_said "$mark")
	if [ -n "$said" ]; then
		printf '%s\n' "$said" | sed 's/^/    # kernel: /'
		rc=123
	fi
	if [ -n "${left// }" ]; then
		echo "    # namespaces left behind: $left"
		for left in $left; do
			ip netns del "$left" 2>/dev/null
		done
		[ "$rc" -eq 0 ] && rc=122
	fi
	case $rc in
	0)
		passed=$((passed + 1))
		report ok "$name" "$checks checks, $((SECONDS - start)) s"
		;;
	4)
		skipped=$((skipped + 1))
		report ok "$name" "SKIP, see above"
		skips+=" $name"
		;;
	*)
		failed=$((failed + 1))
		report "not ok" "$name" "exit $rc, $((SECONDS - start)) s"
		failures+=" $name"
		;;
	esac
}

find_scripts()
{
	local name

	if [ $# -eq 0 ]; then
		scripts=("$here"/t-*.sh)
		[ -e "${scripts[0]}" ] || scripts=()
		return
	fi
	for name in "$@"; do
		name=${name##*/t-}
		name=${name#t-}
		name=$here/t-${name%.sh}.sh
		[ -x "$name" ] || { echo "run.sh: no $name" >&2; exit 2; }
		scripts+=("$name")
	done
}

scripts=() skips='' failures=''
tap=$(mktemp) || exit 1
trap 'rm -f "$tap"' EXIT
find_scripts "$@"
if [ ${#scripts[@]} -eq 0 ]; then
	echo "run.sh: no selftests/t-*.sh" >&2
	exit 1
fi
echo "TAP version 13"
echo "1..$((${#scripts[@]} + 2))"
if "$here/module.sh" load; then
	passed=$((passed + 1))
	report ok "module loads" "$(uname -r)"
else
	report "not ok" "module loads" "$(uname -r)"
	echo "Bail out! no module"
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
fi
for script in "${scripts[@]}"; do
	run_one "$script"
done
if "$here/module.sh" unload; then
	passed=$((passed + 1))
	report ok "module unloads" ""
else
	failed=$((failed + 1))
	report "not ok" "module unloads" ""
	failures+=" unload"
fi
[ -z "$skips" ] || echo "# SKIPPED:$skips"
[ -z "$failures" ] || echo "# FAILED:$failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
