#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The multicast list: one copy for each peer in it, long lists by the work,
# and what is not in it gets none.

. "$(dirname "$0")/lib.sh"

cloud 3
for node in s1 s2 s3; do
	enter $node sh -c \
		'echo 0 >/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts'
done
copies="proto 47 and src 192.0.2.1"

# sent ADDRESS: the hub sends one packet there, "mcast" captures what comes
sent()
{
	capture_start mcast
	send_from hub "$1" 1 -I dmvpn0
	capture_stop mcast
}

# copied NAME FILTER COUNT
copied()
{
	is "$1" "$(capture_count mcast "$copies and $2")" "$3"
}

# grown NODE NAME LEAST: the stack has multicast of its own now and then
grown()
{
	[ "$(counter "$1" "$2")" -ge "$3" ]
}

empty=$(counter hub tx-mcast-empty)
sent 224.0.0.5
copied "with an empty list no copies" "ip[40:4] = 0xe0000005" 0
check "and that is counted" grown hub tx-mcast-empty $((empty + 1))

d_all hub <<-LIST
multicast add 192.0.2.2
multicast add 192.0.2.3
multicast add 2001:db8::4
LIST
is "three peers are in the list" "$(d hub -j show multicast | jq length)" 3
sent 224.0.0.5
for peer in 192.0.2.2 192.0.2.3; do
	copied "224.0.0.5: one copy to $peer" \
		"dst $peer and ip[40:4] = 0xe0000005" 1
done
copied "224.0.0.5: no more by IPv4" "ip[40:4] = 0xe0000005" 2
is "224.0.0.5: one copy by IPv6" "$(capture_count mcast \
	'ip6 proto 47 and dst 2001:db8::4 and ip6[60:4] = 0xe0000005')" 1
sent ff02::5
copied "ff02::5: one copy to each by IPv4" \
	"ip[22:2] = 0x86dd and ip[48:2] = 0xff02 and ip[60:4] = 5" 2
is "ff02::5: one copy by IPv6" "$(capture_count mcast \
	'ip6 proto 47 and ip6[42:2] = 0x86dd and ip6[68:2] = 0xff02
	and ip6[80:4] = 5')" 1
check "they arrive: 224.0.0.1 is answered" ping_from hub 224.0.0.1 -I dmvpn0
check "they arrive: ff02::1 is answered" ping_from hub ff02::1 -I dmvpn0
capture_start mcast
enter hub ping -q -b -c 1 -W 0.01 -I dmvpn0 255.255.255.255 >/dev/null 2>&1
capture_stop mcast
copied "so does broadcast" "ip[40:4] = 0xffffffff" 2
relayed=$(counter hub relayed)

need d hub multicast del 192.0.2.2
sent 224.0.0.5
copied "out of the list, no copy" "dst 192.0.2.2 and ip[40:4] = 0xe0000005" 0
copied "the others get theirs" "dst 192.0.2.3 and ip[40:4] = 0xe0000005" 1
need d hub peer del 192.0.2.3
is "a peer that goes leaves the list" \
	"$(d hub -j show multicast | jq -r '.[].nbma')" "2001:db8::4"

# A list of more peers than one go serves, with a gap in its middle
dev=$(ifindex hub)
need ip_in hub route add 198.51.100.0/24 via 192.0.2.254
for i in {1..200}; do
	echo "mcast-add peer.ifindex=u32:$dev peer.nbma=ip:198.51.100.$i"
done | enter hub nlraw - | sort | uniq -c >"$scratch/added"
is "200 more peers" "$(<"$scratch/added")" "    200 ok"
for i in {60..70}; do
	echo "mcast-del peer.ifindex=u32:$dev peer.nbma=ip:198.51.100.$i"
done | enter hub nlraw - >/dev/null
long="$copies and dst net 198.51.100.0/24 and ip[40:4] = 0xe0000006"
all_copies()
{
	[ "$(capture_count mcast "$long")" -ge 189 ]
}
need ping_from hub 192.0.2.254
capture_start mcast
send_from hub 224.0.0.6 1 -I dmvpn0
busywait 20 all_copies
capture_stop mcast
is "a long list: as many copies as peers" \
	"$(capture_count mcast "$long")" 189
is "a long list: one for each" "$(tcpdump -n -r "$scratch/mcast.pcap" \
	"$long" 2>/dev/null | grep -oE '> 198[0-9.]+:' | sort -u | wc -l)" 189
check "nothing was relayed in their place" counter_is hub relayed "$relayed"

# The list changes and the device goes while the work has much to do
enter hub ping -q -I dmvpn0 -i 0.01 -c 50 -W 0.01 224.0.0.7 >/dev/null 2>&1 &
load=$!
for i in {71..200}; do
	echo "peer-del peer.ifindex=u32:$dev peer.nbma=ip:198.51.100.$i"
done | enter hub nlraw - >/dev/null
wait "$load"
is "peers went under load" "$(d hub -j show multicast | jq length)" 60

# Protected: no association, no copy
need d hub link set dmvpn0 protection required
before=$(counter hub tx-mcast-unsecured)
capture_start mcast "proto 47 or proto 50"
send_from hub 224.0.0.5 1 -I dmvpn0
capture_stop mcast
is "no copy in the clear" "$(capture_count mcast 'proto 47 or proto 50')" 0
check "each is counted" grown hub tx-mcast-unsecured $((before + 60))
check "the device goes" d hub link del dmvpn0
plan
