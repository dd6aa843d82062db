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

topology 2
tunnel hub protection required
tunnel_sas s1 out in
tunnel_sas hub in out
for of in nbma nbma6; do
	ip_in s2 neigh replace "$($of hub)" dev u0 lladdr \
		"$(ip_in hub -j link show u0 | jq -r '.[0].address')"
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
