#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The classic lab in its three designs, and as the document's own configurations
# have it: each line of the verdict is a test.

. "$(dirname "$0")/lib.sh"
stock_only

# The lab has namespaces of its own names, and tests its own routers.
# lab DESIGN ike|static [ios]
lab()
{
	local design=$1 out=$scratch/lab-$1 name=$1${3:+, by import} yes rc=0

	LAB_SAS=$2 LAB_CONF=${3:-} LAB_QUIET=1 LAB_PINGS=20 "$here/lab/lab.sh" "$design" >"$out" 2>&1 ||
		rc=$?
	while read -r verdict text; do
		case $verdict in
		yes) ok "$name: $text" ;;
		NO) not_ok "$name: $text" ;;
		esac
	done <"$out"
	yes=$(grep -c '^   yes  ' "$out")
	is "$name: the lab ends with success" "$rc" 0
	check "$name: it came to a verdict" [ "$yes" -ge 8 ]
	[ "$rc" -eq 0 ] || diag "$(tail -n 60 "$out")"
}

command -v charon-systemd >/dev/null ||
	skip_all "no charon-systemd: selftests/vm/deps.sh ike"
lab interface ike
lab nexthop static
lab shortcut ike
lab interface ike ios
plan
