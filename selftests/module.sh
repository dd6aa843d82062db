#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Load or unload the module that a test machine was given: DMVPN_MODULE is its
# file, or the name of an installed one.
#
# usage: module.sh load|unload|status

set -u

die()
{
	echo "module.sh: $*" >&2
	exit 1
}

# insmod knows no dependencies, and this module is in no modules.dep.
load()
{
	local module=${DMVPN_MODULE:-} need

	[ -n "$module" ] || die "DMVPN_MODULE is not set"
	[ -d /sys/module/dmvpn ] && return 0
	if [[ $module != */* ]]; then
		modprobe "$module" || die "cannot load $module"
		return 0
	fi
	# A missing softdep is no error, a missing dependency fails insmod.
	need=$(modinfo -F softdep "$module" |
		sed 's/\(pre\|post\)://g' | tr '\n' ' ')
	need+=" $(modinfo -F depends "$module" | tr ',' ' ')"
	for need in $need; do
		modprobe -q "$need"
	done
	insmod "$module" || die "cannot load $module"
}

case ${1:-} in
load)
	load
	;;
unload)
	[ ! -d /sys/module/dmvpn ] || rmmod dmvpn
	;;
status)
	[ -d /sys/module/dmvpn ]
	;;
*)
	die "usage: module.sh load|unload|status"
	;;
esac
