#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The selftests, all or those named, with the programs and the module that are
# installed.

. "$(dirname "$0")/site.sh"

# They unload the module at the end.
systemctl stop dmvpnd
ip link del dmvpn0
read -ra names <<<"${SELFTESTS:-}"
"$here/run.sh" "${names[@]}" >"$RESULTS/selftests.log" 2>&1
rc=$?
grep -E '^(not )?ok |^# SKIPPED|^[0-9]+ passed' "$RESULTS/selftests.log" |
	sed 's/^not ok/# FAILED/; s/^/# /'
is "the selftests pass" "$rc" 0
check "the service starts again" systemctl start dmvpnd
plan
