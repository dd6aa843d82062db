#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build this tree's packages in a clean system of a Debian release, which has
# nothing but what debian/control asks for.
#
# usage: packages.sh SUITE DIRECTORY [VERSION]
#
# With VERSION they are called that: something to upgrade from.

set -u
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
. "$here/../vm/cache.sh"
. "$here/../vm/debs.sh"
. "$here/root.sh"

# rename_version DIR VERSION: in all the places that have it; the packages' own
# has something behind it, as rebuilds do
rename_version()
{
	sed -i "1s/(.*)/($2+1)/" "$1/debian/changelog" &&
		sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$2\"/" \
			"$1/dkms.conf" &&
		sed -i "s/^\(#define DMVPN_VERSION\).*/\1 \"$2\"/" \
			"$1/kmod/dmvpn.h" "$1/user/lib/version.h"
}

build()
{
	local root=$1/root

	root_copy "$(builder_path "$suite")" "$root" &&
		take_source "$root/src/dmvpn" || return 1
	[ -z "$version" ] || rename_version "$root/src/dmvpn" "$version" ||
		return 1
	root_enter "$root" sh -ec '
		cd /src/dmvpn
		apt-get -qq update
		apt-get -qq build-dep -y .
		debian/build.sh /src/result'
}

[ $# -ge 2 ] || die "usage: packages.sh SUITE DIRECTORY [VERSION]"
suite=$1 result=$2 version=${3:-}
mkdir -p "$result" && result=$(readlink -f "$result") || exit 1
scratch=$(mktemp -d "$DMVPN_CACHE/packages.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
build "$scratch" >"$result/log" 2>&1 || {
	tail -n 30 "$result/log" >&2
	die "the packages do not build on $suite"
}
built=$scratch/root
mv "$built"/src/result/*.deb "$result/"
grep -a ' octets$' "$result/log"
