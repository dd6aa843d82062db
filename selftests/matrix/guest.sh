#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# In a machine of the matrix, once it has booted: the steps, one after the other,
# each with a TAP file in the results.
#
# usage: guest.sh (by systemd; STEPS and DMVPN_SLOW are in matrix.env)

set -u
here=$(dirname "$(readlink -f "$0")")
# shellcheck disable=SC1091 # written by matrix.sh
. "$here/matrix.env"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DMVPN_PROGRAMS=/usr/sbin
export DMVPN_MODULE=dmvpn DMVPN_SLOW STEPS SELFTESTS RESULTS=/results

# shellcheck source=selftests/vm/verdict.sh
. "$here/../vm/verdict.sh"	# bad_log

# complaints STEP: what the kernel has complained of since the step began, or if that
# cannot be told any more, at all
complaints()
{
	dmesg | awk -v mark="dmvpn-matrix: $1 begins" '
		index($0, mark) { n = 0; next }
		{ line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }' |
		grep -E "$bad_log"
}

mkdir -p /results
modprobe -a 9pnet_virtio 9p 2>/dev/null
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 results /results ||
	echo "guest.sh: nowhere to leave results"
uname -r >/results/release
for step in $STEPS; do
	began=$SECONDS
	# What came at boot is of the first step.
	[ "$step" = "${STEPS%% *}" ] ||
		echo "dmvpn-matrix: $step begins" >/dev/kmsg
	timeout -k 30 7200 "$here/step-$step.sh" </dev/null \
		>"/results/$step.tap" 2>&1
	rc=$?
	if found=$(complaints "$step"); then
		echo "not ok - the kernel complained"
		echo "# ${found//$'\n'/$'\n# '}"
		rc=1
	fi >>"/results/$step.tap"
	echo "$rc $((SECONDS - began))" >"/results/$step.rc"
	echo "$step: exit, seconds: $(<"/results/$step.rc")"
done
dmesg >/results/dmesg
journalctl -b --no-pager >/results/journal 2>&1
sync
umount /results
