#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A kernel that was booted without IPv6: it is refused where it is asked for, and
# a packet socket that sends it all the same does no harm.

. "$(dirname "$0")/lib.sh"
[ ! -e /proc/sys/net/ipv6 ] || skip_all "the kernel was booted with IPv6"

for node in hub s1; do
	new_ns "$node"
done
ip link add u0 netns "$(ns hub)" type veth peer name u0 netns "$(ns s1)"
for node in hub s1; do
	need d "$node" link add dmvpn0 local "$(nbma "$node")" protection none
	ip_in "$node" -batch - <<-LIST
	link set u0 up
	addr add $(nbma "$node")/24 dev u0
	link set dmvpn0 up
	addr add 10.0.0.$(number "$node")/24 dev dmvpn0
	LIST
done
need d hub cache add 10.0.0.2 nbma 192.0.2.2
need d s1 cache add 10.0.0.1 nbma 192.0.2.1
check "IPv4 goes" ping_from s1 10.0.0.1
refused "an IPv6 address of the underlay is refused" "local6: IPv6 is disabled" \
	d s1 link set dmvpn0 local 2001:db8::2
check "none is not" d s1 link set dmvpn0 local ::
check "a mapping to IPv6 may be told" d s1 cache add fd00::1 nbma 2001:db8::1
check "a packet is sent there" enter s1 python3 -c '
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x86dd)
s.bind(("dmvpn0", 0x86dd))
head = bytes.fromhex("6000000000083b40")
a = socket.inet_pton(socket.AF_INET6, "fd00::2")
for to in "fd00::1", "fd00::77", "ff02::1":
    s.send(head + a + socket.inet_pton(socket.AF_INET6, to) + bytes(8))
'
check "and dropped" counter_is s1 tx-no-local 1
check "IPv4 goes still" ping_from s1 10.0.0.1
plan
