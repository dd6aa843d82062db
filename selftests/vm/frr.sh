#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FRR of Debian 13 in the cache, unmodified, with the libraries it needs and
# their dynamic loader: its programs run on Debian 12, nothing is installed.
#
# usage: frr.sh [--if-ready]
#
# Prints a directory with version, and bin/zebra, bin/nhrpd and so on. With
# --if-ready nothing is fetched: exit status 1 when it is not there.

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/cache.sh"
. "$here/debs.sh"

suite=trixie
loader=lib/ld-linux-x86-64.so.2
programs=(zebra nhrpd staticd ospfd bgpd eigrpd)
libraries=(libc6 libgcc-s1 libcap2 libcares2 libcrypt1 libjson-c5 liblua5.3-0
	libpam0g libaudit1 libcap-ng0 libpcre2-8-0 libprotobuf-c1
	libreadline8t64 libtinfo6 libunwind8 liblzma5 libyang3)

# libyang looks for its plugins where it was built for: nothing of theirs is
# in FRR's modules, and an empty directory keeps it from the machine's own.
write_program()
{
	local dir=$1 final=$2 name=$3

	cat >"$dir/bin/$name" <<-END
		#!/bin/sh
		export LIBYANG_EXTENSIONS_PLUGINS_DIR=$final/empty
		export LIBYANG_TYPES_PLUGINS_DIR=$final/empty
		exec $final/$loader --library-path $final/lib \\
			$final/frr/$name "\$@"
	END
	chmod +x "$dir/bin/$name"
}

# build_frr DIR FINAL
build_frr()
{
	local name missing packages=()

	say "FRR $version of Debian 13: under a minute"
	for name in "${libraries[@]}"; do
		packages+=("$name/$suite")
	done
	debs_unpack "$suite" "$1" "frr=$version" "${packages[@]}" || return 1
	mkdir -p "$1/bin" "$1/lib" "$1/empty" &&
		mv "$1"/usr/lib/x86_64-linux-gnu/frr/*.so* "$1/lib/" &&
		mv "$1"/usr/lib/x86_64-linux-gnu/*.so* "$1/lib/" || return 1
	mv "$1/usr/lib/frr" "$1/frr" &&
		rm -rf "${1:?}/usr" "${1:?}/var" "${1:?}/etc"
	for name in "${programs[@]}"; do
		missing=$("$1/$loader" --library-path "$1/lib" \
			--list "$1/frr/$name") || return 1
		missing=$(grep 'not found' <<<"$missing")
		[ -z "$missing" ] || die "$name lacks $missing"
		write_program "$1" "$2" "$name"
	done
	echo "$version" >"$1/version"
}

[ "$(dpkg --print-architecture)" = amd64 ] || die "amd64 only"
case ${1:-} in
--if-ready)
	ready=$(find "$DMVPN_CACHE" -maxdepth 1 -name 'frr-[0-9]*' \
		! -name '*.tmp' | sort -V | tail -n 1)
	[ -n "$ready" ] && echo "$ready"
	exit
	;;
'')
	debs_update "$suite" || die "no package lists of $suite"
	version=$(debs_newest "$suite" frr 10.3)
	[ -n "$version" ] || die "no FRR 10.3 in Debian's $suite"
	cache_make frr "$version" build_frr
	;;
*)
	die "usage: frr.sh [--if-ready]"
	;;
esac
