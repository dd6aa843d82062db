#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A peer that fragments before it encrypts, as in tunnel mode: fragments in the
# clear get into none of its packets, and spoil none.

. "$(dirname "$0")/lib.sh"

# tunnel_sas NODE OUT-DIRECTION IN-DIRECTION: between s1 and the hub, for all
# protocols: the fragments are sent by a raw socket
tunnel_sas()
{
	local of a b

	for of in nbma nbma6; do
		a=$($of s1) b=$($of hub)
		ip_in "$1" -batch - <<-LIST || exit 1
		xfrm state add src $a dst $b proto esp spi 0x771 reqid 2 mode tunnel aead rfc4106(gcm(aes)) $esp_key 128
		xfrm state add src $b dst $a proto esp spi 0x772 reqid 2 mode tunnel aead rfc4106(gcm(aes)) $esp_key 128
		xfrm policy add src $a dst $b dir $2 tmpl src $a dst $b proto esp reqid 2 mode tunnel
		xfrm policy add src $b dst $a dir $3 tmpl src $b dst $a proto esp reqid 2 mode tunnel
		LIST
	done
}

# send NODE ID PART...: as if from s1
send()
{
	local node=$1 id=$2

	shift 2
	need enter "$node" "$here/fragments.py" "$($of s1)" "$($of hub)" "$id" "$@"
}

taken()
{
	in_ns hub cat /sys/class/net/dmvpn0/statistics/rx_packets
}

# taken_is NUMBER
taken_is()
{
	[ "$(taken)" -eq "$1" ]
}

# count NAME: of the kernel's own counters of the hub
count()
{
	in_ns hub nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'
}

# count_is NAME NUMBER
count_is()
{
	[ "$(count "$1")" = "$2" ]
}

# wait_for SECONDS: how long fragments are waited for that come from now on
wait_for()
{
	local file

	for file in ipv4/ipfrag_time ipv6/ip6frag_time \
		netfilter/nf_conntrack_frag6_timeout; do
		need enter hub sh -c "echo $1 >/proc/sys/net/$file"
	done
}

# Only the first of a packet comes: the hub tells nobody, as it would in the clear.
expiry()
{
	local timeouts told v=${of#nbma}

	wait_for 2
	timeouts=$(count "Ip${v}ReasmTimeout") told=$(count "Icmp${v}OutTimeExcds")
	send s2 7 first
	check "$of: one that came in the clear expires" busywait 20 \
		count_is "Ip${v}ReasmTimeout" $((timeouts + 1))
	check "which its sender is told" \
		busywait 5 count_is "Icmp${v}OutTimeExcds" $((told + 1))
	send s1 8 first
	check "one that came by ESP does, too" busywait 20 \
		count_is "Ip${v}ReasmTimeout" $((timeouts + 2))
	# The answer to one that expires later would come behind it.
	send s2 9 first
	check "and one behind it" busywait 20 \
		count_is "Icmp${v}OutTimeExcds" $((told + 2))
	is "of which nobody is told" "$(count "Ip${v}ReasmTimeout")" \
		$((timeouts + 3))
	wait_for 30
}

topology 2
tunnel hub protection required
tunnel_sas s1 out in
tunnel_sas hub in out
for of in nbma nbma6; do
	ip_in s2 neigh replace "$($of hub)" dev u0 lladdr \
		"$(ip_in hub -j link show u0 | jq -r '.[0].address')"
	# Before there are others that wait.
	expiry
	before=$(taken) clear=$(counter hub rx-clear)
	send s1 1 first rest
	check "$of: all of a packet by ESP" busywait 5 taken_is $((before + 1))
	send s2 2 first rest
	check "all of it in the clear is refused" \
		busywait 5 counter_is hub rx-clear $((clear + 1))

	send s1 3 first
	send s2 3 rest
	# What comes behind it has come: so has this.
	send s1 4 first rest
	check "the rest in the clear does not make it whole" \
		busywait 5 taken_is $((before + 2))
	send s1 3 rest
	check "the rest by ESP does" busywait 5 taken_is $((before + 3))

	send s2 5 rest
	send s1 5 first
	send s1 6 first rest
	check "nor does one that was there before" \
		busywait 5 taken_is $((before + 4))
	send s1 5 rest
	check "which spoils nothing" busywait 5 taken_is $((before + 5))
done
plan
