#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Provide the maintainers' scripts that Debian ships only inside its kernel
# source: checkpatch.pl with its word lists, and the netlink code generator.
# Prints a directory laid out like a kernel tree.

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/cache.sh"
. "$here/debs.sh"

# build_scripts VERSION DIR FINAL
build_scripts()
{
	say "scripts of linux-source-6.12 $1"
	debs_unpack bookworm "$2" "linux-source-6.12=$1" &&
		tar xf "$2"/usr/src/*.tar.xz -C "$2" --strip-components=1 \
			--wildcards '*/scripts/checkpatch.pl' \
			'*/scripts/spelling.txt' \
			'*/scripts/const_structs.checkpatch' \
			'*/tools/net/ynl/*' '*/Documentation/netlink/*' \
			'*/MAINTAINERS' &&
		rm -rf "${2:?}/usr"
}

debs_update bookworm || die "no package lists of bookworm"
version=$(debs_newest bookworm linux-source-6.12 6.12.)
[ -n "$version" ] || die "no linux-source-6.12"
cache_make scripts "$version" build_scripts "$version"
