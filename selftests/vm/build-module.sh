#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build the module of this checkout for one kernel, in a copy outside of it,
# with W=1 and sparse; any warning from our files fails. Prints the path of
# each module built: dmvpn.ko first, on debug also dmvpn_kunit.ko.
#
# usage: build-module.sh 6.1|6.12|7.3|debug|debug-smp|plain|native [SOURCE-DIR]

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/cache.sh"

sources=(Kbuild kmod)

# source_files: what the build reads, not what a build in place left behind.
source_files()
{
	find "${sources[@]}" -type f ! -name '*.o' ! -name '*.ko' \
		! -name '.*.cmd' ! -name '*.mod' ! -name '*.mod.c' \
		! -name 'Module.symvers' ! -name 'modules.order' ! -name '*~' \
		! -name '.*.swp' | LC_ALL=C sort
}

# kernel_tree KERNEL: set kdir, what to call make by, and an id for the key.
kernel_tree()
{
	local dir

	wrap=() flags=() check=sparse
	case $1 in
	6.1|6.12)
		dir=$("$here/kernel.sh" headers "$1") || exit 1
		;;
	7.3)
		dir=$("$here/trixie.sh" path) || exit 1
		wrap=("$here/trixie.sh" run)
		;;
	debug|debug-smp)
		dir=$("$here/debug-kernel.sh" "$1") || exit 1
		flags=(ARCH=um SUBARCH=x86_64 CONFIG_DMVPN_KUNIT_TEST=m
		       DMVPN_GCOV=1 DMVPN_UBSAN=1)
		;;
	plain)
		dir=$("$here/debug-kernel.sh" plain) || exit 1
		flags=(ARCH=um SUBARCH=x86_64)
		;;
	native)
		dir=/lib/modules/$(uname -r)
		;;
	*)
		die "no kernel '$1': 6.1, 6.12, 7.3, debug, debug-smp, plain or native"
		;;
	esac
	id=$dir kdir=$dir/build
	[ "$1" = 7.3 ] && kdir=$(<"$dir/kdir")
	case $1 in
	7.3|debug*|plain) check="sparse -include $sparse_h" ;;
	esac
}

# show_findings LOG DIR: warnings of our own files, and how many others.
show_findings()
{
	local ours others

	ours=$(grep -E '(warning|error):' "$1" | grep -F "$2/" |
		sed "s|$2/||" | sort -u)
	others=$(grep -E 'warning:' "$1" | grep -vcF "$2/")
	[ "$others" -eq 0 ] ||
		say "$others warnings are about the kernel's own headers"
	[ -z "$ours" ] && return 0
	echo "$ours"
	return 1
}

build_module()
{
	local dir=$1 log=$1/build.log status

	say "module for $kernel"
	cp "$here/sparse.h" "$sparse_h" || return 1
	(cd "$source" && source_files | tar cf - -T -) | tar xf - -C "$dir" ||
		return 1
	"${wrap[@]}" make -j2 -C "$kdir" M="$dir" W=1 C=2 "CHECK=$check" \
		"${flags[@]}" modules >"$log" 2>&1 </dev/null
	status=$?
	# Names relative to the source in whatever form the kernel prints.
	sed -i -E "s,(^| )(\./)?kmod/,\1$dir/kmod/,g" "$log"
	show_findings "$log" "$dir" || status=1
	if [ "$status" -ne 0 ] || [ ! -e "$dir/kmod/dmvpn.ko" ]; then
		grep -E 'ERROR|[Ee]rror|\*\*\*' "$log" | sed "s|$dir/||" |
			head -n 40
		return 1
	fi
}

# In the cache, because that is what the chroot of 7.3 sees too.
sparse_h=$DMVPN_CACHE/sparse.h
kernel=${1:-}
source=$(readlink -f "${2:-$here/../..}")
[ -e "$source/Kbuild" ] || die "no Kbuild in $source"
kernel_tree "$kernel"
cd "$source" || exit 1
key=$({ echo "$id ${flags[*]}"; gcc --version | head -n 1; sparse --version
	cat "$0" "$here/sparse.h"; source_files | xargs -d '\n' sha256sum; } 2>&1 | cache_key)
cache_prune "module-$kernel" 2
entry=$(cache_make "module-$kernel" "$key" build_module) ||
	die "the module does not build for $kernel"
for module in dmvpn dmvpn_kunit; do
	[ -e "$entry/kmod/$module.ko" ] && echo "$entry/kmod/$module.ko"
done
exit 0
