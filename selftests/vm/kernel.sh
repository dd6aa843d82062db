#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Provide one of Debian's stock kernels, unpacked in the cache.
#
# usage: kernel.sh image|headers 6.1|6.12|7.3
#
# Prints a directory. Both kinds have a file "release" in it; an image has
# vmlinuz and lib/modules/RELEASE, headers have build, fit for make -C.
# Headers of 7.3 need programs of a newer Debian: see trixie.sh.

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/cache.sh"
. "$here/debs.sh"

# kernel_find KERNEL: set suite, version and release of the newest one.
kernel_find()
{
	local meta=linux-image-amd64

	suite=bookworm
	case $1 in
	6.1) ;;
	6.12) meta=linux-image-6.12-amd64 ;;
	7.3) suite=trixie ;;
	*) die "no kernel '$1': 6.1, 6.12 and 7.3 are known" ;;
	esac
	debs_update "$suite" || die "no package lists of $suite"
	version=$(debs_newest "$suite" "$meta" "$1.")
	[ -n "$version" ] || die "no kernel $1 in Debian's $suite"
	release=$(debs_field "$suite" "$meta=$version" Depends |
		grep -oE 'linux-image-[0-9][^ ]*' | head -n 1)
	release=${release#linux-image-}
}

# build_image DIR FINAL: the kernel proper and its modules.
build_image()
{
	local pkg=("linux-image-$release")

	say "kernel image $release"
	if debs_apt "$suite" apt-cache show "linux-binary-$release" \
	   >/dev/null 2>&1; then
		pkg=("linux-binary-$release" "linux-modules-$release"
		     "linux-base-$release")
	fi
	debs_unpack "$suite" "$1" "${pkg[@]/%/=$version}" || return 1
	[ -d "$1/lib/modules" ] || ln -s usr/lib "$1/lib"
	ln "$1/boot/vmlinuz-$release" "$1/vmlinuz" 2>/dev/null ||
		ln "$1/lib/modules/$release/vmlinuz" "$1/vmlinuz" || return 1
	rm -rf "${1:?}/usr/share" &&
		/sbin/depmod -b "$1" "$release" &&
		echo "$release" >"$1/release"
}

# build_headers DIR FINAL: what make needs, its paths turned to FINAL.
build_headers()
{
	local common kbuild arch=linux-headers-$release link depends

	say "kernel headers $release"
	depends=$(debs_field "$suite" "$arch=$version" Depends)
	common=$(grep -oE 'linux-headers-[^ ,]*-common' <<<"$depends")
	kbuild=$(grep -oE 'linux-kbuild-[^ ,]*' <<<"$depends")
	debs_unpack "$suite" "$1" "$arch=$version" "$common=$version" \
		"$kbuild=$version" || return 1
	grep -rlE '(^|[^a-z])/usr/(src|lib)/linux-' \
		--include=Makefile --include=.kernelvariables "$1/usr/src" |
		xargs -r sed -i -E "s,/usr/(src|lib)/linux-,$2&,g"
	find "$1" -type l -lname '/usr/*' | while read -r link; do
		ln -sfn "$2$(readlink "$link")" "$link"
	done
	ln -s "$2/usr/src/$arch" "$1/build" && echo "$release" >"$1/release"
}

[ $# -eq 2 ] || die "usage: kernel.sh image|headers 6.1|6.12|7.3"
case $1 in
image|headers) ;;
*) die "'$1' is neither image nor headers" ;;
esac
kernel_find "$2"
cache_make "$1-$2" "$version" "build_$1"
