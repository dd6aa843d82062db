# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Debian packages without installing them, sourced after cache.sh: package
# lists of any suite in the cache, never touching the machine's own.

# debs_mirror [security]: the mirror the machine's own sources name, or
# Debian's public one.
debs_mirror()
{
	local want='/debian/?$' fallback=http://deb.debian.org/debian uri

	if [ "${1:-}" = security ]; then
		want='/debian-security/?$'
		fallback=http://deb.debian.org/debian-security
	fi
	uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
		grep -v '^[[:space:]]*#' | grep -oE '(https?|file):[^ ]+' |
		grep -E -m1 "$want")
	echo "${uri:-$fallback}"
}

# debs_sources SUITE: the sources of one suite and what belongs to it.
debs_sources()
{
	local by=signed-by=/usr/share/keyrings/debian-archive-keyring.gpg
	local main security

	main=$(debs_mirror)
	security=$(debs_mirror security)
	echo "deb [$by] $main $1 main"
	echo "deb [$by] $main $1-backports main"
	echo "deb [$by] $security $1-security main"
}

# debs_apt SUITE COMMAND...: apt-get or apt-cache with the private lists.
debs_apt()
{
	local dir=$DMVPN_CACHE/apt-$1 tool=$2

	shift 2
	"$tool" -qq -o Dir::Etc::sourcelist="$dir/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$dir/lists" \
		-o Dir::Cache="$dir/cache" -o APT::Sandbox::User= "$@"
}

# debs_update SUITE: fetch the lists, at most once a day. A failure matters
# only when there are no lists at all.
debs_update()
{
	local dir=$DMVPN_CACHE/apt-$1

	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" || return 1
	(
		exec 9>"$dir/lock"
		flock 9
		[ -n "$(find "$dir/stamp" -mmin -1440 2>/dev/null)" ] && exit 0
		say "package lists of $1"
		debs_sources "$1" >"$dir/sources.list"
		if debs_apt "$1" apt-get update >&2; then
			touch "$dir/stamp"
		else
			[ -e "$dir/stamp" ]
		fi
	)
}

# debs_field SUITE PACKAGE FIELD: a field of the package's newest version;
# PACKAGE may be NAME/RELEASE or NAME=VERSION as apt has it.
debs_field()
{
	debs_apt "$1" apt-cache show "$2" 2>/dev/null |
		sed -n "s/^$3: //p" | head -n 1
}

# debs_newest SUITE PACKAGE PREFIX: newest version starting with PREFIX.
debs_newest()
{
	debs_apt "$1" apt-cache madison "$2" 2>/dev/null |
		awk -F' *[|] *' -v p="$3" 'index($2, p) == 1 { print $2 }' |
		sort -V | tail -n 1
}

# debs_unpack SUITE DIR PACKAGE=VERSION...: download and unpack into DIR.
debs_unpack()
{
	local suite=$1 dir=$2 deb tmp

	shift 2
	tmp=$(mktemp -d "$DMVPN_CACHE/debs.XXXXXX") || return 1
	(cd "$tmp" && debs_apt "$suite" apt-get download "$@" >&2) || {
		rm -rf "$tmp"
		return 1
	}
	for deb in "$tmp"/*.deb; do
		dpkg-deb -x "$deb" "$dir" || return 1
	done
	rm -rf "$tmp"
}
