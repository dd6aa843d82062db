#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build the debug kernel: User Mode Linux from Debian's kernel source, with
# the checkers of debug.config. Prints the directory of the result: linux,
# build (for make -C), lib/modules, release, .config, not-granted.
#
# usage: debug-kernel.sh [--if-ready] [debug|debug-smp|plain]
#
# With --if-ready nothing is built: exit status 1 when it is not there.
# debug has one processor, because UML with several turns every irq-save
# into a system call of the host and is three times slower; debug-smp has
# them, for races. plain has no checkers: for measurements, of this machine's own
# time.

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/cache.sh"
. "$here/debs.sh"

um=(ARCH=um SUBARCH=x86_64)
export KBUILD_BUILD_TIMESTAMP=1970-01-01 KBUILD_BUILD_USER=dmvpn
export KBUILD_BUILD_HOST=dmvpn

# source_find: set suite, package and version. A 7.x UML has SMP and fast
# system calls; 6.12 has at least every checker.
source_find()
{
	local try

	for try in trixie:linux-source-7.3 bookworm:linux-source-6.12; do
		suite=${try%%:*} package=${try#*:}
		debs_update "$suite" || continue
		version=$(debs_newest "$suite" "$package" '')
		[ -n "$version" ] && return 0
	done
	die "no kernel source found"
}

# config KERNEL: the whole fragment.
config()
{
	if [ "$1" = plain ]; then
		sed '/^# the checkers/,/^# useless/d; /^CONFIG_PREEMPT=/d
			s/-dmvpn-debug/-dmvpn-plain/' "$here/debug.config" |
			grep -E '^(# )?CONFIG_'
		printf '%s\n' CONFIG_DEBUG_KERNEL=y CONFIG_DEBUG_INFO_NONE=y \
			CONFIG_DEBUG_FS=y CONFIG_PRINTK_TIME=y
		return
	fi
	grep -E '^(# )?CONFIG_' "$here/debug.config"
	[ "$1" = debug ] || printf '%s\n' CONFIG_SMP=y CONFIG_NR_CPUS=4
}

# List what the fragment asks for and the kernel does not have.
not_granted()
{
	local line

	while read -r line; do
		grep -qxF "$line" "$1/.config" || echo "$line"
	done <"$1/fragment.config"
}

# Keep what building modules and lint need, drop 2 GB of the rest.
source_prune()
{
	(cd "$1" &&
	 find . -path ./scripts -prune -o -path ./tools/net/ynl -prune -o \
		-path ./include -prune -o -path ./arch/um -prune -o \
		-path ./arch/x86 -prune -o -path ./Documentation/netlink \
		-prune -o -type f ! -name Makefile ! -name 'Kbuild*' \
		! -name 'Kconfig*' ! -path './*.*config' ! -path ./linux \
		! -path ./Module.symvers ! -path './modules.*' -print0 |
		xargs -0 rm -f &&
	 find arch -name '*.[co]' -path '*/um/*' -delete
	 find . -type d -empty ! -path './arch/*' -delete)
}

build_debug()
{
	local dir=$1 src=$1/src

	say "$kernel kernel from $package $version: 7 to 35 minutes"
	debs_unpack "$suite" "$dir/deb" "$package=$version" &&
		mkdir "$src" &&
		tar xf "$dir"/deb/usr/src/*.tar.xz -C "$src" \
			--strip-components=1 || return 1
	rm -rf "$dir/deb"
	config "$kernel" >"$src/fragment.config"
	make -s -C "$src" "${um[@]}" KCONFIG_ALLCONFIG=fragment.config \
		alldefconfig || return 1
	not_granted "$src" >"$dir/not-granted"
	make -s -j"$(nproc)" -C "$src" "${um[@]}" all || return 1
	make -s -C "$src" "${um[@]}" INSTALL_MOD_PATH="$dir" \
		modules_install || return 1
	source_finish "$dir"
}

source_finish()
{
	local dir=$1 release

	release=$(make -s -C "$dir/src" "${um[@]}" kernelrelease) || return 1
	rm -f "$dir/lib/modules/$release"/{build,source}
	source_prune "$dir/src"
	ln -s src/linux "$dir/linux" && ln -s src/.config "$dir/.config" &&
		ln -s src "$dir/build" && echo "$release" >"$dir/release"
}

ready=false
if [ "${1:-}" = --if-ready ]; then
	ready=true
	shift
fi
kernel=${1:-debug}
case $kernel in
debug|debug-smp|plain) ;;
*) die "no debug kernel '$kernel': debug, debug-smp or plain" ;;
esac
source_find
key=$({ echo "$version"; gcc --version | head -n 1; config "$kernel"; } |
	cache_key)
if $ready && [ ! -e "$DMVPN_CACHE/$kernel-$key" ]; then
	exit 1
fi
cache_make "$kernel" "$key" build_debug
