#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each test that the tables of docs/ name exists: `test_x.c:test_y` is run by
# user/tests/test_x.c, `t-x.sh` is a selftest. Counters are counters, and the
# metrics of docs/metrics.md are those that the command writes.

set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1

rc=0

finding()
{
	echo "$*"
	rc=1
}

# A test is both defined and in a list, so that its name occurs twice.
exists()
{
	local file=${1%%:*} name=${1#*:}

	case $1 in
	t-*.sh)
		[ -x "selftests/$1" ] ;;
	*:*)
		[ "$(grep -cw "$name" "user/tests/$file" 2>/dev/null)" -ge 2 ] ;;
	*)
		[ -f "user/tests/$file" ] ;;
	esac
}

# quoted PATTERN FILE: what is written `so` and matches
quoted()
{
	tr '`' '\n' <"$2" | grep -xE "$1" | sort -u
}

for doc in docs/*.md; do
	[ -f "$doc" ] || continue
	while read -r test; do
		exists "$test" || finding "$doc: no test $test"
	done < <(quoted '(test_[a-z0-9_]+\.c(:[a-z0-9_]+)?|t-[a-z0-9-]+\.sh)' \
		"$doc")
done
# The last column of the attacks.
while read -r counter; do
	grep -q "= \"$counter\"" user/daemon/stats.c ||
		finding "docs/security.md: no counter $counter"
done < <(sed -n 's/^| .* | \(`[^|]*\) |$/\1/p' docs/security.md |
	tr '`' '\n' | grep -xE '[a-z]+(_[a-z]+)*' | sort -u)
# shellcheck disable=SC2016 # backquotes of the text
while read -r name; do
	finding "docs/metrics.md or user/cli/metrics*.c lacks $name"
done < <({ sed -n 's/^| `\(dmvpn_[a-z_]*\)` .*/\1/p' docs/metrics.md |
		sed 's/_total$//'
	grep -ohE '"dmvpn_[a-z_]+"' user/cli/metrics*.c | tr -d '"' | sort -u
} | sort | uniq -u)
exit "$rc"
