#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A Debian 13 in the cache with the headers of kernel 7.3: their programs
# need its C library, their Makefile its gcc.
#
# usage: trixie.sh path             print its directory; kdir in it is the
#                                   kernel's build directory, seen from inside
#        trixie.sh run COMMAND...   run COMMAND inside, with the cache visible

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/cache.sh"
. "$here/debs.sh"

# Only root can make and enter it in a way that works everywhere.
need_root()
{
	[ "$(id -u)" -eq 0 ] || die "kernel 7.3 needs a chroot, hence root"
}

# build_trixie DIR FINAL
build_trixie()
{
	local image release

	image=$("$here/kernel.sh" image 7.3) || return 1
	release=$(<"$image/release")
	say "Debian 13 with headers $release: one to three minutes"
	command -v mmdebstrap >/dev/null || die "mmdebstrap is missing"
	mmdebstrap --quiet --mode=root --variant=apt --format=directory \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--aptopt='APT::Install-Recommends "false"' \
		--include="make,sparse,linux-headers-$release" \
		trixie "$1/root" "$DMVPN_CACHE/apt-trixie/sources.list" || {
			umount "$1/root/proc" 2>/dev/null
			return 1
		}
	rm -rf "$1/root/var/cache/apt" "$1/root/var/lib/apt/lists"
	mkdir -p "$1/root$DMVPN_CACHE" &&
		echo "$release" >"$1/release" &&
		echo "/usr/src/linux-headers-$release" >"$1/kdir"
}

trixie_path()
{
	local image

	image=$("$here/kernel.sh" image 7.3) || return 1
	cache_make trixie "$(<"$image/release")" build_trixie
}

# Mounts are made in a namespace of their own and go with the command.
trixie_run()
{
	local root

	root=$(trixie_path) || exit 1
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --propagation private sh -c '
		root=$1 cache=$2
		shift 2
		mount --bind "$cache" "$root$cache" &&
		mount -t proc proc "$root/proc" &&
		mount --bind /dev "$root/dev" || exit 1
		LC_ALL=C.UTF-8 exec chroot "$root" "$@"
	' sh "$root/root" "$DMVPN_CACHE" "$@"
}

need_root
case ${1:-} in
path)
	trixie_path
	;;
run)
	shift
	trixie_run "$@"
	;;
*)
	die "usage: trixie.sh path | run COMMAND..."
	;;
esac
