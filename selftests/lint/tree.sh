#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What holds for every file: licence line first, no trailing blanks, no paths
# of one machine, no marks of unfinished work; and one version everywhere.

set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. selftests/lint/files.sh

rc=0

finding()
{
	echo "$*"
	rc=1
}

# licences: SPDX in the first line, or the second after #!. Files that take
# no comments, and those that are text for people, are excepted.
licences()
{
	local file

	while read -r file; do
		head -n 2 "$file" | grep -q SPDX-License-Identifier: ||
			finding "$file:1: no SPDX-License-Identifier"
	done < <({ files '\.(c|h|sh|py|yaml|rst)$|(^|/)(Makefile|Kbuild)$'
		scripts; } | sort -u)
}

# each WHAT PATTERN FILES-PATTERN EXCEPT: no line may match.
each()
{
	local found

	found=$(files "$3" | grep -vE "$4" |
		xargs -d '\n' grep -nIHE "$2" 2>/dev/null)
	[ -z "$found" ] && return
	# shellcheck disable=SC2001 # each line gets the reason
	finding "$(sed "s|\$|  [$1]|" <<<"$found")"
}

# versions: whoever states the version of dmvpn states the same one.
versions()
{
	local stated

	stated=$(
		grep -sHnoE '^PACKAGE_VERSION="?[0-9][0-9.]*' \
			dkms.conf kmod/dkms.conf
		grep -sHnoE 'MODULE_VERSION\("[0-9][0-9.]*' kmod/*.c
		grep -sHnoE 'define DMVPN_VERSION[[:space:]]+"[0-9][0-9.]*' \
			kmod/*.h user/lib/*.h
		grep -sHnoE '^VERSION[[:space:]]*:?=[[:space:]]*[0-9][0-9.]*' \
			Makefile
		grep -sHnoE -m1 '^## \[?v?[0-9][0-9.]*' CHANGELOG.md
		grep -sHnoE -m1 '^dmvpn \([0-9][0-9.]*' debian/changelog
		grep -sHnoE 'dkms install dmvpn/[0-9][0-9.]*' README.md
	)
	if [ "$(grep -oE '[0-9][0-9.]*$' <<<"$stated" | sort -u |
		wc -l)" -gt 1 ]; then
		finding "the version is stated differently:"
		echo "$stated"
	fi
}

licences
# Spelt so that this file does not find itself.
each "finish it" '\b(TO''DO|FIX''ME|X''XX)\b' . '^(COPYING|LICENSES/)'
each "path of one machine" '(^|[^A-Za-z0-9_.$}*-])/(work|root|home)/[a-z.]' . \
	'^selftests/lint/tree.sh$|^LICENSES/'
each "trailing blanks" '[[:blank:]]+$' \
	'\.(c|h|sh|py|md|yaml|rst|conf|config)$|Makefile$|Kbuild$' '^LICENSES/'
versions
exit "$rc"
