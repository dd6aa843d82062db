#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Make the first root file system of a QEMU machine: busybox, stage1 and the
# modules it takes to reach the host's root over 9p. Prints its path.
#
# usage: initramfs.sh IMAGE-DIR     (as printed by kernel.sh image)

set -u
here=$(dirname "$(readlink -f "$0")")
. "$here/cache.sh"

# add_modules ROOT IMAGE RELEASE: copy what the root needs, in load order.
add_modules()
{
	local mod path list=$1/modules.list

	: >"$list"
	for mod in virtio_pci 9pnet_virtio 9p overlay; do
		/sbin/modprobe -d "$2" -S "$3" --show-depends "$mod" |
			sed -n 's/^insmod \([^ ]*\).*/\1/p'
	done | awk '!seen[$0]++' | while read -r path; do
		mod=${path##*/}
		case $path in
		*.xz) xz -dc "$path" >"$1/lib/${mod%.xz}" ;;
		*.zst) zstd -qdc "$path" >"$1/lib/${mod%.zst}" ;;
		*) cp "$path" "$1/lib/$mod" ;;
		esac || return 1
		mod=${mod%.xz}
		echo "/lib/${mod%.zst}" >>"$list"
	done
}

# build_initramfs IMAGE RELEASE DIR FINAL
build_initramfs()
{
	local root=$3/root

	mkdir -p "$root"/{bin,lib,dev,proc,sys,lo,rw,new} &&
		cp "$(command -v busybox)" "$root/bin/busybox" &&
		ln -s busybox "$root/bin/sh" &&
		install -m 755 "$here/stage1" "$root/init" &&
		add_modules "$root" "$1" "$2" &&
		(cd "$root" && find . | cpio -o -H newc --quiet) |
			gzip -1 >"$3/initrd.gz" &&
		rm -rf "$root"
}

[ $# -eq 1 ] || die "usage: initramfs.sh IMAGE-DIR"
release=$(<"$1/release")
key=$(cat "$here/stage1" "$0" "$1/release" | cache_key)
dir=$(cache_make initramfs "$key" build_initramfs "$1" "$release") || exit 1
echo "$dir/initrd.gz"
