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

# The same package again, while somebody edits the configuration.
pid=$(main_pid)
echo Nonsense=yes >>/etc/dmvpn/dmvpn0.conf
check "apt installs it with a bad configuration" type_in apt-get -q install \
	--reinstall -y "$matrix"/debs/dmvpn_*.deb
is "the daemon is the one of before" "$(main_pid)" "$pid"
sed -i '$d' /etc/dmvpn/dmvpn0.conf
check "without it" type_in apt-get -q install --reinstall -y \
	"$matrix"/debs/dmvpn_*.deb
check "it is a new one" busywait 30 pid_is_new "$pid"

# What comes after this is done with the new module.
loaded()
{
	is "the module that is loaded is the $1 one" \
		"$(cat /sys/module/dmvpn/version)" "$2"
}

branch_is_gone()
{
	[ -z "$(ip netns pids branch)" ]
}

loaded old "${old%%[+-]*}"
systemctl stop dmvpnd
ip netns pids branch | xargs -r kill
check "the branch ends" busywait 30 branch_is_gone
check "the old one can be unloaded" rmmod dmvpn
check "the service starts" systemctl start dmvpnd
check "its device is there" busywait 10 ifindex
loaded new "$(modinfo -F version dmvpn)"
is "which is that of the package" "$(modinfo -F version dmvpn)" "${new%-*}"
plan
