#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A newer package comes while traffic flows.

. "$(dirname "$0")/site.sh"

version()
{
	dpkg-query -W -f '${Version}' "$1"
}

installed()
{
	grep -q "$1.*$(uname -r).*installed" <<<"$(dkms status dmvpn)"
}

old=$(version dmvpn) index=$(ifindex) pid=$(main_pid)
check "DKMS has built the old module" installed "${old%%[+-]*}"
check "traffic flows" busywait 30 branch_reaches 10.1.1.1
stream_start
check "apt upgrades" type_in apt-get -q install -y \
	"$matrix"/debs/dmvpn_*.deb "$matrix"/debs/dmvpn-dkms_*.deb
new=$(version dmvpn)
check "to a newer version" dpkg --compare-versions "$new" gt "$old"
is "of both packages" "$(version dmvpn-dkms)" "$new"
check "DKMS built the new module" installed "${new%-*}"
check_not "and has the old one no more" installed "${old%%[+-]*}"
check "the service runs the new daemon" busywait 30 pid_is_new "$pid"
is "it says so" "$(dmvpnd -V | grep -o '[0-9.]*[0-9]' | head -n 1)" "${new%-*}"
is "the configuration stayed" "$(grep -c '^Secret=' /etc/dmvpn/dmvpn0.conf)" 1
is "the device is the one of before" "$(ifindex)" "$index"
check "the branch registers with it" branch_registers
check "no packet was lost" stream_lossless
plan
