#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The machine has booted with the packages installed and the service enabled:
# all is there without a hand.

. "$(dirname "$0")/site.sh"

device_there()
{
	[ -e /sys/class/net/dmvpn0 ]
}

check "the service started" busywait 60 systemctl -q is-active dmvpnd
check "its device is there" busywait 10 device_there
check "the module came from DKMS" grep -q updates/dkms \
	<(modinfo -F filename dmvpn)
type_in dkms status
type_in systemctl --no-pager status dmvpnd
check "the address is there" grep -q 192.168.1.1/24 <(ip addr show dmvpn0)
check "nothing to complain of in the journal" \
	[ -z "$(journalctl -q -p warning -u dmvpnd)" ]
is "no unit failed" "$(systemctl --failed --plain --no-legend | cut -d' ' -f1)" ""
plan
