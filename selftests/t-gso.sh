#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# TCP in large segments through the device: sent as such, merged on receipt,
# and the same bytes at the other end, in the clear and through ESP.

. "$(dirname "$0")/lib.sh"

# transfer FROM TO ADDRESS SIZE: that many octets arrive as they were
transfer()
{
	local from=$1 to=$2 address=$3 size=$4 server family=

	[[ $address != *:* ]] || family=6
	head -c "$size" "$scratch/data" >"$scratch/sent"
	rm -f "$scratch/got"
	enterns "$netns-$to" socat -u \
		"TCP$family-LISTEN:5000,reuseaddr" \
		"CREATE:$scratch/got" &
	server=$!
	owned+=("$server")
	[ -z "$family" ] || address="[$address]"
	enter "$from" socat -u "FILE:$scratch/sent" \
		"TCP$family:$address:5000,retry=100,interval=0.05" || return 1
	wait "$server" || return 1
	cmp "$scratch/sent" "$scratch/got"
}

# tcp NODE NAME: of the counters of its TCP
tcp()
{
	enter "$1" nstat -az "$2" | awk -v n="$2" '$1 == n { print $2 }'
}

# look NODE DEVICE FILTER: capture there until seen
look()
{
	rm -f "$scratch/look" "$scratch/look.log"
	enterns "$netns-$1" tcpdump -Z root -n -U --immediate-mode \
		-s 96 -i "$2" -w "$scratch/look" "$3" 2>"$scratch/look.log" &
	looking=$!
	owned+=("$looking")
	busywait 20 grep -q '^tcpdump: listening' "$scratch/look.log" ||
		{ echo "Bail out! $(<"$scratch/look.log")"; exit 1; }
}

seen()
{
	[ "$(tcpdump -n -r "$scratch/look" 2>/dev/null | wc -l)" -gt 0 ]
}

looked()
{
	busywait 5 seen
	local rc=$?

	process_stop "$looking"
	return $rc
}

# stream NAME ADDRESS-OF-HUB ADDRESS-OF-S1: sizes that divide into nothing
stream()
{
	local size

	for size in 1 1348 65537 1000003; do
		check "$1: $size octets to the hub" transfer s1 hub "$2" $size
	done
	check "$1: 300007 octets from the hub" transfer hub s1 "$3" 300007
}

# clean NAME: nobody found a wrong checksum. TcpInErrs has more than these: a
# handshake that a slow machine repeats.
clean()
{
	local node counter bad=

	for node in hub s1; do
		for counter in TcpInCsumErrors IpInHdrErrors; do
			[ "$(tcp $node $counter)" = 0 ] ||
				bad+=" $node $counter"
		done
		[ "$(counter $node rx-checksum)" = 0 ] ||
			bad+=" $node rx-checksum"
		[ "$(counter $node rx-malformed)" = 0 ] ||
			bad+=" $node rx-malformed"
	done
	is "$1: no wrong checksum" "$bad" ""
}

# large NAME NODE DEVICE FILTER: during a transfer to the hub packets that are
# larger than any link takes are seen there
large()
{
	look "$2" "$3" "$4 and greater 2500"
	transfer s1 hub 10.0.0.1 1000003 >/dev/null 2>&1
	check "$1" looked
}

# small NAME NODE DEVICE FILTER: there are none
small()
{
	look "$2" "$3" "$4 and greater 2500"
	transfer s1 hub 10.0.0.1 1000003 >/dev/null 2>&1
	process_stop "$looking"
	check_not "$1" seen
}

features()
{
	local name

	for name in tcp-segmentation-offload generic-receive-offload \
		tx-checksum-ip-generic scatter-gather; do
		check "device: $name is on" sh -c "ip netns exec $(ns s1) \
			ethtool -k dmvpn0 | grep -q '^[[:space:]]*$name: on'"
	done
}

clear_text()
{
	stream "in the clear" 10.0.0.1 10.0.0.2
	stream "in the clear, inner IPv6" fd00::1 fd00::2
	large "large packets enter the device" s1 dmvpn0 'ip proto 6'
	large "large GRE packets go out" s1 u0 'ip proto 47'
	large "large packets leave the hub's device" hub dmvpn0 'ip proto 6'
	clean "in the clear"
	# The sender's veth cuts them; the hub must put them together.
	enter s1 ethtool -K u0 tso off gso off tx-gre-segmentation off \
		>/dev/null 2>&1
	need enter hub ethtool -K u0 gro on
	small "without offloads GRE packets go out small" s1 u0 'ip proto 47'
	large "cut on the way, GRE is merged again" hub dmvpn0 'ip proto 6'
	enter s1 ethtool -K u0 tx off >/dev/null 2>&1
	check "with checksums by software" transfer s1 hub 10.0.0.1 100001
	enter s1 ethtool -K dmvpn0 tx off sg off gso off tso off
	check "and nothing offloaded" transfer s1 hub 10.0.0.1 100001
	enter s1 ethtool -K dmvpn0 tx on sg on gso on tso on
	d s1 cache add 10.0.0.1 nbma 2001:db8::1 replace
	d hub cache add 10.0.0.2 nbma 2001:db8::2 replace
	check "outer IPv6" transfer s1 hub 10.0.0.1 1000003
	check "outer IPv6, back" transfer hub s1 10.0.0.2 1000003
	d s1 cache add fd00::1 nbma 2001:db8::1 replace
	check "outer and inner IPv6" transfer s1 hub fd00::1 300007
	clean "after all of these"
	d s1 cache add 10.0.0.1 nbma 192.0.2.1 replace
	d s1 cache add fd00::1 nbma 192.0.2.1 replace
	d hub cache add 10.0.0.2 nbma 192.0.2.2 replace
}

protected()
{
	local node before

	for node in hub s1; do
		esp_policy $node
		d $node link set dmvpn0 protection required
	done
	esp_pair hub s1
	stream "ESP" 10.0.0.1 10.0.0.2
	check "ESP, inner IPv6" transfer s1 hub fd00::1 300007
	large "ESP: large packets enter the device" s1 dmvpn0 'ip proto 6'
	before=$(counter hub rx-clear)
	large "ESP: packets are merged on receipt" hub dmvpn0 'ip proto 6'
	d s1 cache add 10.0.0.1 nbma 2001:db8::1 replace
	d hub cache add 10.0.0.2 nbma 2001:db8::2 replace
	check "ESP, outer IPv6" transfer s1 hub 10.0.0.1 300007
	clean "ESP"
	is "ESP: and no clear packet" "$(counter hub rx-clear)" "$before"
}

head -c 1000003 /dev/urandom >"$scratch/data"
for module in esp4_offload esp6_offload; do
	modprobe -q $module
done
cloud 1
features
clear_text
protected
plan
