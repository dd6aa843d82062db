#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Beside the tunnels of ip_gre and ip6_gre, of the same namespace and the same
# local address: each gets its own packets, whoever was loaded first.

. "$(dirname "$0")/lib.sh"

# others: one of each kind, on both nodes
#
# gre1 has a key, gre2 none, erspan2 has one of its own.
others()
{
	local node a b i

	for node in hub s1; do
		i=$(number $node)
		a=192.0.2.$i b=192.0.2.$((3 - i))
		ip_in $node -batch - <<-LIST || return 1
		link add gre1 type gre local $a remote $b key 77
		link add gre2 type gre local $a remote $b
		link add tap1 type gretap local $a remote $b key 88
		link add span1 type erspan seq local $a remote $b key 99 erspan_ver 1 erspan 9
		link add gre6 type ip6gre local 2001:db8::$i remote 2001:db8::$((3 - i)) key 77
		link set gre1 up
		link set gre2 up
		link set tap1 up
		link set span1 up
		link set gre6 up
		addr add 10.21.0.$i/24 dev gre1
		addr add 10.22.0.$i/24 dev gre2
		addr add 10.23.0.$i/24 dev tap1
		addr add 10.24.0.$i/24 dev span1
		addr add 10.25.0.$i/24 dev gre6
		LIST
	done
}

# all NAME: packets by each of them, both ways, and by dmvpn0
all()
{
	local net

	for net in "10.21.0 gre with a key" "10.22.0 gre without a key" \
		"10.23.0 gretap" "10.24.0 erspan" "10.25.0 ip6gre"; do
		check "$1: ${net#* }" ping_from s1 "${net%% *}.1"
	done
	check "$1: dmvpn" ping_from s1 10.0.0.1
	check "$1: dmvpn, the other way" ping_from hub fd00::2
}

# dmvpn_key KEY: of both ends
dmvpn_key()
{
	d hub link set dmvpn0 key "$1"
	d s1 link set dmvpn0 key "$1"
}

gone()
{
	rmmod ip6_gre ip_gre 2>/dev/null
	[ ! -d /sys/module/ip6_gre ] && [ ! -d /sys/module/ip_gre ]
}

# one_way: what is taken before conntrack confirms it is confirmed all the same
one_way()
{
	enter hub nft -f - <<-LIST
	table ip one {
		chain in {
			type filter hook prerouting priority filter
			ct state new accept
		}
	}
	LIST
	enter hub sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	enter hub conntrack -F >/dev/null 2>&1
	send_from s1 10.0.0.1 5
	is "a flow of one direction has one conntrack entry" \
		"$(enter hub conntrack -L 2>/dev/null |
			grep -c 'src=192.0.2.2 dst=192.0.2.1')" 1
	enter hub nft delete table ip one
	enter hub sysctl -qw net.ipv4.icmp_echo_ignore_all=0
}

for module in ip6_gre ip_gre; do
	rmmod $module 2>/dev/null
done
cloud 1 key 0
check "dmvpn without ip_gre" ping_from s1 10.0.0.1
one_way
check "ip_gre is loaded after dmvpn" modprobe ip_gre
check "and ip6_gre" modprobe ip6_gre
check "tunnels of all kinds" others
all "loaded after"
for i in hub s1; do
	check "$i: dmvpn refused nothing" counter_is $i rx-protocol 0
	check "$i: nor found anything malformed" counter_is $i rx-malformed 0
done

# A firewall that has a program look at packets: the verdict comes from there.
queued()
{
	local pid rc=0

	modprobe -q nfnetlink_queue
	enter hub nft -f - <<-RULES || return 1
	table inet look {
		chain in {
			type filter hook input priority 0
			ip protocol gre queue num 5
			ip6 nexthdr gre queue num 5
		}
	}
	RULES
	enterns "$netns-hub" nfqueue 5 >"$scratch/queue" 2>&1 &
	pid=$!
	owned+=("$pid")
	busywait 10 grep -q ready "$scratch/queue" || return 1
	enter s1 ping -n -q -c 20 -i 0.02 -W 5 10.0.0.1 || rc=1
	enter hub nft delete table inet look
	process_stop "$pid" TERM
	[ "$(grep -c accepted "$scratch/queue")" -ge 20 ] && [ "$rc" -eq 0 ]
}
check "packets that a firewall queues to a program" queued
check "the packets after it" ping_from s1 10.0.0.1

# A device without a key takes what has none, a keyed one what has its key.
dmvpn_key 78
check "another key" ping_from s1 10.0.0.1
check "gre without a key beside it" ping_from s1 10.22.0.1
check "gre with the key before it" ping_from s1 10.21.0.1
dmvpn_key none
check "no key" ping_from s1 10.0.0.1
check "gre with a key beside it" ping_from s1 10.21.0.1
dmvpn_key 0

for i in hub s1; do
	ip_in $i link del dmvpn0
done
check "the module goes while the others are up" \
	busywait 5 "$here/module.sh" unload
check "gre without a key still works" ping_from s1 10.22.0.1
check "ip6gre still works" ping_from s1 10.25.0.1
need "$here/module.sh" load
for i in hub s1; do
	tunnel $i key 0
done
d hub cache add 10.0.0.2 nbma 192.0.2.2
d hub cache add fd00::2 nbma 192.0.2.2
d s1 cache add 10.0.0.1 nbma 192.0.2.1
d s1 cache add fd00::1 nbma 192.0.2.1
all "loaded before"

for i in hub s1; do
	printf 'link del %s\n' gre1 gre2 tap1 span1 gre6 |
		ip_in $i -batch -
done
check "ip_gre goes while dmvpn is up" busywait 5 gone
check "which still works" ping_from s1 10.0.0.1
plan
