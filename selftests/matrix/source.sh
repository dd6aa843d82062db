#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# In a clean system, as its root: this tree without packages, by "dkms" and by
# "make install". Prints TAP.
#
# usage: source.sh TREE

set -u
tree=$1
scratch=$(mktemp -d)
release=$(basename /boot/vmlinuz-* | sed 's/^vmlinuz-//')
. "$tree/selftests/tap.sh"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$tree/dkms.conf")
cd "$tree" || exit 1

# module_there DIRECTORY: below that of the kernel's modules, and modprobe
# finds it there
module_there()
{
	[[ $(modinfo -k "$release" -F filename dmvpn) == */"$1"/dmvpn.ko* ]]
}

check "dkms add" dkms add .
check "dkms build" dkms build "dmvpn/$version" -k "$release"
check "dkms install" dkms install "dmvpn/$version" -k "$release"
check "has the module in place" module_there updates/dkms
check "dkms remove" dkms remove "dmvpn/$version" --all
check_not "leaves none" modinfo -k "$release" dmvpn
rm -rf "/usr/src/dmvpn-$version"
check "make" make KDIR="/lib/modules/$release/build" WERROR=0
check "make install for packagers" make install DESTDIR="$scratch/dest" \
	KDIR="/lib/modules/$release/build" WERROR=0
check "has the module there" grep -q dmvpn.ko \
	<(find "$scratch/dest/lib/modules/$release" -name 'dmvpn.ko*')
check_not "and not in place" modinfo -k "$release" dmvpn
check "make uninstall there" make uninstall DESTDIR="$scratch/dest"
is "leaves no file" "$(find "$scratch/dest" -iname '*dmvpn*' ! -type d)" ""
check "make install" make install KDIR="/lib/modules/$release/build" WERROR=0
check "has the module in place" modinfo -k "$release" dmvpn
check "and the programs" test -x /usr/local/sbin/dmvpnd -a \
	-x /usr/local/sbin/dmvpn
check "and a place for the configuration" test -d /etc/dmvpn
check "and the manual" test -e /usr/local/share/man/man8/dmvpnd.8
check "make uninstall" make uninstall
is "leaves nothing" "$(find / -xdev \( -path "$tree" -o -path /proc -o -path /sys \
	-o -path /tmp -o -path /var -o -path "$scratch" \) -prune \
	-o -iname '*dmvpn*' -print)" ""
rm -rf "$scratch"
plan
