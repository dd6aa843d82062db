# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The cache of the test machines, sourced: kernels, headers, chroots and
# module builds, each kept under a hash of what it was made from.

DMVPN_CACHE=${DMVPN_CACHE:-$HOME/.cache/dmvpn}
export DMVPN_CACHE

# say TEXT...: progress goes to stderr, stdout is for results.
say()
{
	echo "# $*" >&2
}

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# cache_key: hash of stdin, short enough for a path.
cache_key()
{
	sha256sum | cut -c1-16
}

# cache_make NAME KEY BUILDER [ARG...]: print the path of entry NAME-KEY.
# When it does not exist, BUILDER ARG... DIR FINAL fills the temporary DIR,
# which is renamed to FINAL when that succeeded. Two callers never build the
# same entry twice: the second waits and finds it.
cache_make()
{
	local entry=$DMVPN_CACHE/$1-$2 lock=$DMVPN_CACHE/lock/$1-$2

	shift 2
	if [ -e "$entry" ]; then
		echo "$entry"
		return 0
	fi
	mkdir -p "${lock%/*}" || return 1
	(
		exec 9>"$lock"
		flock 9
		[ -e "$entry" ] && exit 0
		rm -rf "$entry.tmp"
		mkdir -p "$entry.tmp" &&
			"$@" "$entry.tmp" "$entry" >&2 9>&- &&
			mv -T "$entry.tmp" "$entry" || {
				rm -rf "$entry.tmp"
				exit 1
			}
	) || return 1
	echo "$entry"
}

# cache_prune NAME DAYS: drop entries called NAME-* not used for DAYS days.
cache_prune()
{
	find "$DMVPN_CACHE" -maxdepth 1 -name "$1-*" -mtime "+$2" \
		-exec rm -rf {} + 2>/dev/null
	return 0
}
