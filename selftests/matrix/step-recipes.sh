#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What docs/operations.md says of firewalls, ifupdown and systemd-networkd, tried
# as it stands there.

. "$(dirname "$0")/site.sh"

check "traffic flows" busywait 30 branch_reaches 10.1.1.1
example firewall >"$scratch/firewall"
example mss >"$scratch/mss"
check "the firewall loads" type_in nft -f "$scratch/firewall"
check "so does the rule for TCP" type_in nft -f "$scratch/mss"
stream_start
pid=$(main_pid)
check "through the firewall, after a restart of the daemon" \
	systemctl restart dmvpnd
check "the branch registers" branch_registers

# established: the numbers of the IKE SAs
established()
{
	swanctl --list-sas | sed -n 's/.*: #\([0-9]*\), ESTABLISHED.*/\1/p'
}

# established_anew: there is one, and none of those $before
established_anew()
{
	local now

	now=$(established)
	[ -n "$now" ] && ! grep -qxF "$before" <<<"$now"
}

# Its SAs are gone, those that come are new.
before=$(established)
check "there is an SA to end" [ -n "$before" ]
check "it ends" type_in swanctl --terminate --ike dmvpn0 --force
check "and another is negotiated" busywait 60 established_anew
process_stop "$stream" INT
check "to get through again" busywait 60 branch_reaches 10.1.1.1
dmvpn doctor >"$scratch/doctor"
check "doctor finds the firewall good" grep -E '^ok +firewall' "$scratch/doctor"
nft flush ruleset

# route_there PREFIX
route_there()
{
	[ -n "$(ip route show "$1" dev dmvpn0)" ]
}

device_gone()
{
	systemctl stop dmvpnd
	ip link del dmvpn0
}

example ifupdown >>/etc/network/interfaces
need device_gone
need systemctl start dmvpnd
check "ifupdown: the route comes with the device" \
	busywait 30 route_there 10.1.0.0/16
check "which is up, with its address" grep -q 192.168.1.1/24 \
	<(ip addr show dmvpn0)

# content: systemd has done with ifup
content()
{
	[ "$(systemctl show -p SubState --value ifup@dmvpn0)" = exited ]
}

check "to the content of systemd" busywait 30 content
need systemctl stop ifup@dmvpn0
sed -i '/^allow-hotplug dmvpn0/,$d' /etc/network/interfaces

example ifupdown-link >>/etc/network/interfaces
sed 's/^Address=.*/Address=192.168.2.1\/24/; s/^Key=.*/Key=2/
	s/^NetworkId=.*/NetworkId=2/' /etc/dmvpn/dmvpn0.conf \
	>/etc/dmvpn/dmvpn1.conf
check "ifupdown makes a device" type_in ifup dmvpn1
type_in ip -d link show dmvpn1
index=$(cat /sys/class/net/dmvpn1/ifindex)
check "dmvpnd is told" type_in systemctl reload dmvpnd

taken_over()
{
	dmvpn -j show nhs dev dmvpn1
}

check "and takes it over" busywait 20 taken_over
is "the same device" "$(cat /sys/class/net/dmvpn1/ifindex)" "$index"

# served: dmvpnd takes the requests of the device, which is up
served()
{
	grep -qE '^ok +device' <<<"$(dmvpn doctor dev dmvpn1)"
}

check "which it serves" busywait 20 served
check "ifdown takes it from a daemon that knows it" type_in ifdown dmvpn1
check_not "it is gone" test -e /sys/class/net/dmvpn1
check "ifup makes it anew" type_in ifup dmvpn1
check "with its address" grep -q 192.168.2.1/24 <(ip addr show dmvpn1)
check "dmvpnd takes it over once more" busywait 20 served

connections()
{
	swanctl --list-conns >"$scratch/conns"
}

told()
{
	connections && grep -q '^dmvpn1:' "$scratch/conns"
}

forgotten()
{
	connections && ! grep -q '^dmvpn1:' "$scratch/conns"
}

check "strongSwan was told of it" busywait 30 told
rm /etc/dmvpn/dmvpn1.conf
need systemctl reload dmvpnd
check "and forgets it" busywait 30 forgotten
need ifdown --force dmvpn1
check_not "ifupdown takes it away" test -e /sys/class/net/dmvpn1
sed -i '/^auto dmvpn1/,$d' /etc/network/interfaces

example networkd >/etc/systemd/network/50-dmvpn0.network
printf '[Match]\nName=wan* lan* lo\n[Link]\nUnmanaged=yes\n' \
	>/etc/systemd/network/10-others.network
check "networkd starts" systemctl start systemd-networkd
check "it gives the device its route" busywait 30 route_there 10.1.0.0/16
type_in networkctl --no-pager status dmvpn0
need device_gone
need systemctl start dmvpnd
check "again, when the device is made anew" \
	busywait 30 route_there 10.1.0.0/16
check "whose address is there once" [ \
	"$(ip -o -4 addr show dmvpn0 | grep -c 192.168.1.1/24)" -eq 1 ]
need systemctl stop systemd-networkd systemd-networkd.socket
check "the device is still there" test -e /sys/class/net/dmvpn0
rm /etc/systemd/network/*.network
# The new device knows nobody, and the branch would not ask for minutes yet.
check "the branch registers with it" branch_registers
check "traffic flows" eval 'ip route replace 10.1.2.0/24 via 192.168.1.2 dev dmvpn0 onlink
	busywait 60 branch_reaches 10.1.1.1'
plan
