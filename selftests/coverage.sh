#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Print line coverage, per file and in total: of kmod/ from the counters that
# runs on the debug kernel left, of user/ from its unit tests.
#
# usage: coverage.sh [RESULTS-DIR...]
#
# A RESULTS-DIR is one that was given to vm/run.sh -k debug -o. Without any,
# KUnit and all selftests are run now.

set -u
here=$(dirname "$(readlink -f "$0")")

collect()
{
	"$here/kunit/run.sh" "$tmp/kunit" >&2
	"$here/vm/run.sh" -k debug -t 3600 -o "$tmp/selftests" -- \
		"$here/run.sh" >&2
	set -- "$tmp/kunit" "$tmp/selftests"
	results=("$@")
}

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
results=("$@")
[ $# -gt 0 ] || collect
counters=()
for dir in "${results[@]}"; do
	[ -d "$dir/gcda" ] && counters+=("$dir")
done
rc=0
if [ ${#counters[@]} -eq 0 ]; then
	echo "coverage.sh: no counters of kmod/ in: ${results[*]}" >&2
	rc=1
else
	python3 "$here/coverage.py" "${counters[@]}" || rc=1
fi
make -s -C "$here/../user" coverage || rc=1
exit "$rc"
