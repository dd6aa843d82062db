#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The underlay device of a spoke comes after its daemon, is removed and made
# anew, as of PPP; and the device itself is. Each time the spoke is back without
# a hand.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

# underlay_gone: s1 has no u0 any more
underlay_gone()
{
	ip_in s1 link del u0
}

# underlay_back: s1 has u0 again, with another index
underlay_back()
{
	ip link add name p2 netns "$(ns net)" type veth peer name u0 \
		netns "$(ns s1)" || return 1
	ip_in net link set p2 master br0 up
	ip_in s1 -batch - <<-LIST
	link set u0 up
	addr add 192.0.2.2/24 dev u0
	LIST
}

# registered: after those $before, so that the state is not that of before
registered()
{
	registers_more hub "$before" && nhs_is s1 UP && enter hub ping -n -q -c 1 -W 1 10.0.0.2
}

topology 2
conf hub
conf s1
dmvpnd_start hub
check "the hub's device is there" busywait 10 ip_in hub link show dmvpn0

underlay_gone
# Another tunnel does not wait with it.
sed 's/^Source=.*/Source=192.0.2.2/; s/^Address=10.0.0/Address=10.0.9/
	s/^Key=.*/Key=9/; /^\[NHS\]/,$d' "$scratch/etc-s1/dmvpn0.conf" \
	>"$scratch/etc-s1/dmvpn9.conf"
dmvpnd_start s1
check "without an underlay device the daemon waits" \
	busywait 10 logged s1 'Source=u0: there is no such device yet'
check "and serves another tunnel" \
	busywait 10 ip_in s1 link show dmvpn9
check_not "the tunnel is not bound to nothing" ip_in s1 link show dmvpn0
before=$(registrations hub)
underlay_back
check "when it comes, the spoke registers" busywait 20 registered

index=$(ip_in s1 -j link show u0 | jq '.[].ifindex')
underlay_gone
check_not "gone, nothing gets through" enter s1 ping -n -q -c 1 -W 1 10.0.0.1
kill -HUP "${dmvpnd_of[s1]}"
check "a reload takes it as it is" \
	busywait 10 logged s1 'Source=u0: there is no such device at present'
check "all of it" busywait 10 logged s1 'configuration read again$'
before=$(registrations hub)
underlay_back
is_another()
{
	[ "$(ip_in s1 -j link show u0 | jq '.[].ifindex')" != "$1" ]
}
check "it comes back as another one" is_another "$index"
check "the tunnel is bound to it" busywait 10 logged s1 \
	'Source=u0: bound to the device that is there now'
check "and the spoke registers" busywait 20 registered

before=$(registrations hub)
ip_in s1 link del dmvpn0
ip_in s1 link add dmvpn0 type dmvpn
check "a device that is made anew is taken over" busywait 10 logged s1 \
	'somebody has made the device anew'
check "and the spoke registers again" busywait 20 registered
plan
