#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Generates the uapi header and the netlink policies from the YAML spec.
#
# usage: ynl-regen.sh [--check]
#   --check  change nothing, fail when a committed file is not current
#
# The generator is that of Debian's linux-source-6.12. YNL_TREE may name a
# kernel tree that is unpacked already.
set -eu

kmod=$(cd "$(dirname "$0")/.." && pwd)
spec=Documentation/netlink/specs/dmvpn.yaml
cache=${DMVPN_CACHE:-$HOME/.cache/dmvpn}/ynl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch_tree()
{
	[ -f "$cache/tools/net/ynl/ynl-gen-c.py" ] && return
	mkdir -p "$cache"
	(cd "$work" && apt-get download -q linux-source-6.12 >&2 &&
	 dpkg-deb --fsys-tarfile linux-source-6.12_*.deb |
		tar -xf - ./usr/src/linux-source-6.12.tar.xz &&
	 mkdir tree && tar -xJf usr/src/linux-source-6.12.tar.xz -C tree \
		--strip-components=1 --wildcards '*/tools/net/ynl/*' \
		'*/Documentation/netlink/*' '*/MAINTAINERS')
	cp -r "$work/tree/." "$cache/"
	rm -rf "${work:?}/tree" "${work:?}/usr"
}

if [ -z "${YNL_TREE:-}" ]; then
	fetch_tree
	YNL_TREE=$cache
fi

# The generator finds its schemas beside the spec and takes the spec's path
# below the tree for its comment, so the spec goes into the tree.
mkdir -p "$work/tree"
cp -r "$YNL_TREE/tools" "$YNL_TREE/Documentation" "$YNL_TREE/MAINTAINERS" \
	"$work/tree/"
cp "$kmod/$spec" "$work/tree/$spec"

generate()
{
	(cd "$work/tree" && python3 tools/net/ynl/ynl-gen-c.py --spec "$spec" \
		--mode "$1" "$2" -o "$work/$3")
	if [ "${check:-0}" = 0 ]; then
		cmp -s "$work/$3" "$kmod/$4" || cp "$work/$3" "$kmod/$4"
	elif ! diff -u "$kmod/$4" "$work/$3"; then
		echo "kmod/$4: not current, run kmod/scripts/ynl-regen.sh" >&2
		status=1
	fi
}

status=0
check=0
[ "${1:-}" = --check ] && check=1
generate uapi --header dmvpn.h include/uapi/linux/dmvpn.h
generate kernel --header netlink-gen.h netlink-gen.h
generate kernel --source netlink-gen.c netlink-gen.c
exit $status
