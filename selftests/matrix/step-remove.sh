#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Removed, the packages leave the configuration; purged, nothing.

. "$(dirname "$0")/site.sh"

# left: files that have our name, but for those of this test
left()
{
	find / -xdev \( -path "$(readlink -f "$here/..")" -o -path /results \
		-o -path /tmp -o -path /srv -o -path /var/log -o -path /var/lib/apt \
		-o -path /var/cache \) -prune -o -iname '*dmvpn*' -print
}

policies()
{
	ip xfrm policy | grep -c 'proto gre'
}

nobody()
{
	[ -z "$(ip netns pids branch)" ]
}

swan_has_conn()
{
	[ -n "$(swanctl --list-conns)" ]
}

# undone: all that the daemon made
undone()
{
	local links

	links=$(ip -o link show type dmvpn 2>&1)
	is "no device is left" "$links" ""
	check_not "nor the daemon" pgrep dmvpnd
	check "strongSwan answers" swanctl --list-conns
	is "it has no connection of ours" "$(swanctl --list-conns)" ""
	is "nor a policy of IPsec" "$(policies)" 0
}

# The branch is not of the packages. Its namespace stays, for wan0 goes with it.
ip netns pids branch | xargs -r kill
check "the branch ends" busywait 30 nobody
check "there is a policy of IPsec" busywait 30 policies
check "the program is removed, while it runs" type_in apt-get -q remove -y dmvpn
undone
check "and comes again" type_in apt-get -q install -y "$matrix"/debs/dmvpn_*.deb
check "with its service" busywait 30 systemctl -q is-active dmvpnd
check "and all that" busywait 30 swan_has_conn

# Most people would stop it first.
check "the service is stopped" systemctl disable --now dmvpnd
check "which leaves what it told to strongSwan" swan_has_conn
check "remove" type_in apt-get -q remove -y dmvpn dmvpn-dkms
undone
check_not "nor the module in the kernel" test -d /sys/module/dmvpn
check_not "nor on the disk" modinfo dmvpn
ip netns del branch
check "the configuration is" test -e /etc/dmvpn/dmvpn0.conf
check "purge" type_in apt-get -q purge -y dmvpn dmvpn-dkms
systemctl daemon-reload
is "no file is left" "$(left)" ""
is "nor a unit" "$(systemctl list-unit-files --no-legend 'dmvpn*')" ""
is "nor a name in dpkg's list" \
	"$(dpkg-query -W -f '${Package} ' '*dmvpn*' 2>/dev/null)" ""
is "no unit failed" "$(systemctl --failed --plain --no-legend | cut -d' ' -f1)" ""
plan
