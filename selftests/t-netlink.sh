#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each command of the netlink family: what it does, what it refuses and in
# which words. The refusals that the command dmvpn is too careful to provoke
# come from nlraw.

. "$(dirname "$0")/lib.sh"

topology 1
tunnel hub
dev=$(ifindex hub)
other=$(ifindex hub u0)

# raw TEXT COMMAND...: the kernel must refuse it and say TEXT. The requests go
# together, see raw_send: a process each would take most of the time.
said=() requests=()
raw()
{
	said+=("$1")
	shift
	requests+=("$*")
}

# raw_send: by one socket, in this order
raw_send()
{
	local answers i

	mapfile -t answers < <(printf '%s\n' "${requests[@]}" |
		enter hub nlraw - 2>&1)
	for i in "${!requests[@]}"; do
		if [[ ${answers[i]:-} == "${said[i]}"* ]]; then
			ok "${requests[i]:0:60}: ${said[i]}"
		else
			not_ok "${requests[i]:0:60}"
			diag "says '${answers[i]:-}', not '${said[i]}'"
		fi
	done
	said=() requests=()
}

# each COMMAND SET ARGS...: refusals that all commands share
each()
{
	local cmd=$1 set=$2

	shift 2
	raw "EINVAL: ifindex: missing" "$cmd" "$@"
	raw "ENODEV: ifindex: no such device" "$cmd" \
		"$set.ifindex=u32:9999" "$@"
	raw "EOPNOTSUPP: ifindex: not a dmvpn device" "$cmd" \
		"$set.ifindex=u32:$other" "$@"
}

each dev-get dev
each bind dev
each unbind dev
each peer-set peer peer.nbma=ip:192.0.2.9
each peer-del peer peer.nbma=ip:192.0.2.9
each peer-get peer peer.nbma=ip:192.0.2.9
each entry-set entry entry.prefix=ip:10.0.0.9 entry.type=u32:1 \
	entry.nbma=ip:192.0.2.9
each entry-del entry entry.prefix=ip:10.0.0.9
each entry-get entry entry.prefix=ip:10.0.0.9
each entry-flush entry
each mcast-add peer peer.nbma=ip:192.0.2.9
each mcast-del peer peer.nbma=ip:192.0.2.9
each packet-send packet packet.nbma=ip:192.0.2.9 packet.payload=hex:00

# Peers
for cmd in peer-set peer-del peer-get mcast-add mcast-del; do
	raw "EINVAL: nbma: missing" $cmd peer.ifindex=u32:"$dev"
	raw "EINVAL: address: must have 4 or 16 octets" $cmd \
		peer.ifindex=u32:"$dev" peer.nbma=hex:c00002
done
for cmd in peer-del peer-get mcast-del; do
	raw "ENOENT: nbma: no such peer" $cmd peer.ifindex=u32:"$dev" \
		peer.nbma=ip:192.0.2.99
done
for addr in 0.0.0.0 127.0.0.1 224.0.0.1 255.255.255.255 :: ::1 ff02::1 \
	    ::ffff:192.0.2.9; do
	raw "EINVAL: nbma: not the unicast address of a host" peer-set \
		peer.ifindex=u32:"$dev" peer.nbma=ip:$addr peer.flags=u32:1
done
raw "EINVAL" peer-set peer.ifindex=u32:"$dev" peer.nbma=ip:192.0.2.9 \
	peer.flags=u32:0x80000000
raw "EINVAL" peer-set peer.ifindex=u32:"$dev" peer.nbma=ip:192.0.2.9 99=u32:1
raw "EINVAL" peer-set peer.ifindex=u32:"$dev" peer.nbma=ip:192.0.2.9 \
	peer.preference=u32:1
# Without a flag nothing keeps the peer
raw "ok" peer-set peer.ifindex=u32:"$dev" peer.nbma=ip:192.0.2.9
raw "0 objects" peer-get dump
raw_send
check "peer-set permanent" d hub peer set 192.0.2.9 permanent on preference 7
is "peer-get" "$(d hub -j show peers |
	jq -c '.[] | [.nbma, .preference, .flags, .state]')" \
	'["192.0.2.9",7,["permanent"],"clear"]'
check "the flags of a peer change" d hub peer set 192.0.2.9 permanent off nhs on
is "peer-set keeps the rest" "$(d hub -j show peers |
	jq -c '.[] | [.preference, .flags]')" '[7,["nhs"]]'
check "another if-id is another peer" d hub peer set 192.0.2.9 if-id 5 \
	permanent on
raw "2 objects" peer-get dump
raw_send
check "peer-del takes one of them" d hub peer del 192.0.2.9 if-id 5
raw "1 objects" peer-get dump
raw_send

# Multicast list
check "mcast-add" d hub multicast add 192.0.2.9
refused "mcast-add twice" "is in the multicast list already" \
	d hub multicast add 192.0.2.9
check "mcast-del" d hub multicast del 192.0.2.9
refused "mcast-del twice" "is not in the multicast list" \
	d hub multicast del 192.0.2.9
check "mcast-add creates the peer" d hub multicast add 192.0.2.10
check "mcast-del" d hub multicast del 192.0.2.10
raw "ENOENT: nbma: no such peer" peer-get peer.ifindex=u32:"$dev" \
	peer.nbma=ip:192.0.2.10
raw_send

# Entries
set=(entry-set entry.ifindex=u32:"$dev")
raw "EINVAL: prefix: missing" "${set[@]}" entry.type=u32:1
raw "EINVAL: address: must have 4 or 16 octets" "${set[@]}" \
	entry.prefix=hex:0a entry.type=u32:1
raw "EINVAL: plen: longer than the address" "${set[@]}" \
	entry.prefix=ip:10.0.0.0 entry.plen=u8:33 entry.type=u32:1
raw "EINVAL: plen: longer than the address" "${set[@]}" \
	entry.prefix=ip:fd00:: entry.plen=u8:129 entry.type=u32:1
raw "EINVAL: prefix: bits behind its length are set" "${set[@]}" \
	entry.prefix=ip:10.0.0.1 entry.plen=u8:24 entry.type=u32:1
raw "EINVAL: prefix: multicast has a list of its own" "${set[@]}" \
	entry.prefix=ip:224.0.0.5 entry.type=u32:1 entry.nbma=ip:192.0.2.9
raw "EINVAL: prefix: multicast has a list of its own" "${set[@]}" \
	entry.prefix=ip:ff02::5 entry.type=u32:1 entry.nbma=ip:192.0.2.9
set+=(entry.prefix=ip:10.0.0.9)
raw "EINVAL: type: missing" "${set[@]}" entry.nbma=ip:192.0.2.9
raw "ERANGE" "${set[@]}" entry.type=u32:7 entry.nbma=ip:192.0.2.9
raw "EINVAL: nbma: missing, an entry of this type has a peer" "${set[@]}" \
	entry.type=u32:4
for type in 5 6; do
	raw "EINVAL: nbma: an entry of this type has no peer" "${set[@]}" \
		entry.type=u32:$type entry.nbma=ip:192.0.2.9
done
raw "EINVAL: nbma: not the unicast address of a host" "${set[@]}" \
	entry.type=u32:1 entry.nbma=ip:239.0.0.1
raw "EINVAL: holding-time: at most 1048576 seconds" "${set[@]}" \
	entry.type=u32:4 entry.nbma=ip:192.0.2.9 \
	entry.holding-time=u32:1048577
raw "EINVAL: address: must have 4 or 16 octets" "${set[@]}" \
	entry.type=u32:4 entry.nbma=ip:192.0.2.9 entry.claimed=hex:0102
raw "EINVAL: address: must have 4 or 16 octets" "${set[@]}" \
	entry.type=u32:4 entry.nbma=ip:192.0.2.9 entry.protocol=hex:0102
raw "EINVAL" "${set[@]}" entry.type=u32:4 entry.nbma=ip:192.0.2.9 \
	entry.flags=u32:8
raw "ENOENT: prefix: has no cache entry to replace" "${set[@]}" \
	entry.type=u32:4 entry.nbma=ip:192.0.2.77 entry.update=hex:
raw "ENOENT: nbma: no such peer" peer-get peer.ifindex=u32:"$dev" \
	peer.nbma=ip:192.0.2.77
raw "0 objects" entry-get dump
raw_send

# Renewal: one request makes an entry, or prolongs it.
set+=(entry.type=u32:3 entry.renew=hex:)
raw ok "${set[@]}" entry.nbma=ip:192.0.2.30 entry.holding-time=u32:600 \
	entry.mcast=hex:
raw ok "${set[@]}" entry.nbma=ip:192.0.2.30 entry.holding-time=u32:900 \
	entry.mcast=hex: entry.peer-max=u32:1
for other in "entry.nbma=ip:192.0.2.31 entry.mcast=hex:" \
	"entry.nbma=ip:192.0.2.30 entry.if-id=u32:1" \
	"entry.nbma=ip:192.0.2.30 entry.flags=u32:1" \
	"entry.nbma=ip:192.0.2.30 entry.mtu=u16:1300" \
	"entry.nbma=ip:192.0.2.30 entry.preference=u8:1" \
	"entry.nbma=ip:192.0.2.30 entry.claimed=ip:10.1.1.1" \
	"entry.nbma=ip:192.0.2.30 entry.protocol=ip:10.0.0.30"; do
	# shellcheck disable=SC2086 # attributes
	raw "EEXIST: prefix: has a cache entry that says something else" \
		"${set[@]}" $other
done
raw "ENOENT: nbma: no such peer" peer-get peer.ifindex=u32:"$dev" \
	peer.nbma=ip:192.0.2.31
raw "EDQUOT: nbma: has as many cache entries as it may" entry-set \
	entry.ifindex=u32:"$dev" entry.prefix=ip:10.0.0.10 entry.type=u32:3 \
	entry.nbma=ip:192.0.2.30 entry.peer-max=u32:1 entry.renew=hex:
raw "1 objects" entry-get dump
raw_send
is "one entry, with the second holding time" "$(d hub -j show |
	jq -c '.[] | [.prefix, .nbma, .holding_time]')" \
	'["10.0.0.9/32","192.0.2.30",900]'
is "its peer is in the multicast list" "$(d hub -j show peers |
	jq -c '.[] | select(.nbma == "192.0.2.30").multicast')" true
check "without the entry it stays there" d hub cache del 10.0.0.9
check "it is taken out" d hub multicast del 192.0.2.30

check "entry-set with all attributes" d hub cache add 10.9.0.0/16 \
	nbma 192.0.2.20 if-id 3 type registered holdtime 600 mtu 1300 \
	preference 9 claimed 172.16.0.1 protocol 10.0.0.20 unique nat refresh
is "entry-get" "$(d hub -j show | jq -c '.[] | [.prefix, .nbma, .if_id, .type,
	.holding_time, .mtu, .preference, .claimed, .protocol, .flags]')" \
	'["10.9.0.0/16","192.0.2.20",3,"registered",600,1300,9,"172.16.0.1","10.0.0.20",["unique","nat","refresh"]]'
refused "entry-set exclusive" "prefix: has a cache entry already" \
	d hub cache add 10.9.0.0/16 nbma 192.0.2.21
check "entry-set replaces" d hub cache add 10.9.0.0/16 nbma 192.0.2.21 replace
raw "ENOENT: nbma: no such peer" peer-get peer.ifindex=u32:"$dev" \
	peer.nbma=ip:192.0.2.20 peer.if-id=u32:3
for cmd in entry-del entry-get; do
	raw "EINVAL: prefix: missing" $cmd entry.ifindex=u32:"$dev"
	raw "EINVAL: plen: longer than the address" $cmd \
		entry.ifindex=u32:"$dev" entry.prefix=ip:10.9.0.0 \
		entry.plen=u8:40
	raw "ENOENT: prefix: no such cache entry" $cmd \
		entry.ifindex=u32:"$dev" entry.prefix=ip:10.9.0.0 \
		entry.plen=u8:17
done
raw "ENOENT: nbma: no such peer" entry-flush entry.ifindex=u32:"$dev" \
	entry.nbma=ip:192.0.2.78
raw "EINVAL: plen: of no prefix" entry-flush entry.ifindex=u32:"$dev" \
	entry.plen=u8:8
raw "EINVAL: if-id: of no nbma address" entry-flush \
	entry.ifindex=u32:"$dev" entry.if-id=u32:5
raw "EINVAL: if-id: of no nbma address" entry-set \
	entry.ifindex=u32:"$dev" entry.prefix=ip:10.0.0.9 entry.type=u32:6 \
	entry.if-id=u32:5
raw "EINVAL: peer-max: of no nbma address" entry-set \
	entry.ifindex=u32:"$dev" entry.prefix=ip:10.0.0.9 entry.type=u32:6 \
	entry.peer-max=u32:5
raw "EINVAL: mcast: of no nbma address" entry-set \
	entry.ifindex=u32:"$dev" entry.prefix=ip:10.0.0.9 entry.type=u32:6 \
	entry.mcast=hex:
for two in "exclusive update" "exclusive renew" "update renew"; do
	raw "EINVAL: exclusive, update, renew: at most one of them" entry-set \
		entry.ifindex=u32:"$dev" entry.prefix=ip:10.0.0.9 \
		entry.type=u32:6 "entry.${two% *}=hex:" "entry.${two#* }=hex:"
done
raw "EINVAL: prefix: bits behind its length are set" entry-flush \
	entry.ifindex=u32:"$dev" entry.prefix=ip:10.0.0.1 entry.plen=u8:8
raw_send
d_all hub <<-LIST
cache add 10.1.0.0/24 nbma 192.0.2.21 type resolved
cache add 10.1.1.0/24 nbma 192.0.2.22 type resolved
cache add 10.2.0.0/24 type negative
LIST
check "entry-flush of a prefix" d hub cache flush 10.1.0.0/16
is "what is in it goes" "$(d hub -j show | jq -c '[.[].prefix]')" \
	'["10.2.0.0/24","10.9.0.0/16"]'
check "entry-flush of all" d hub cache flush
is "but static ones" "$(d hub -j show | jq -c '[.[].prefix]')" \
	'["10.9.0.0/16"]'
# The second device has what sorts in front of the first one's.
need d hub link add dmvpn1 local 192.0.2.1 key 1 protection none
is "its index is the next one" "$(ifindex hub dmvpn1)" $((dev + 1))
d_all hub <<-LIST
peer set 192.0.2.31 permanent on dev dmvpn0
cache add fd00::9 nbma 192.0.2.31 dev dmvpn0
cache add 10.1.0.0/24 nbma 192.0.2.21 dev dmvpn1
peer set 192.0.2.31 permanent on dev dmvpn1
LIST
is "a dump of all devices has the entries of each" \
	"$(d hub -j show | jq -c '[.[].prefix]')" \
	'["10.9.0.0/16","fd00::9/128","10.1.0.0/24"]'
is "and the peers" "$(d hub -j show peers | jq -c '[.[].nbma] | sort')" \
	'["192.0.2.21","192.0.2.21","192.0.2.31","192.0.2.31","192.0.2.9"]'
need d hub link del dmvpn1
need d hub peer del 192.0.2.31
check "peer-del takes the entries along" d hub peer del 192.0.2.21
raw "0 objects" entry-get dump

# The owner
send=(packet-send packet.ifindex=u32:"$dev")
raw "EINVAL: nbma: missing" "${send[@]}" packet.payload=hex:00
raw "EINVAL: payload: missing" "${send[@]}" packet.nbma=ip:192.0.2.2
raw "EPERM: only the owner of the device may send by it" "${send[@]}" \
	packet.nbma=ip:192.0.2.2 packet.payload=hex:00
raw "EPERM: the caller does not own the device" unbind dev.ifindex=u32:"$dev"
raw "ok" bind dev.ifindex=u32:"$dev"
raw "ok" bind dev.ifindex=u32:"$dev"
raw "EINVAL: payload: must have 1 to 2048 octets" "${send[@]}" \
	packet.nbma=ip:192.0.2.2 packet.payload=hex:
raw "EINVAL: payload: must have 1 to 2048 octets" "${send[@]}" \
	packet.nbma=ip:192.0.2.2 \
	packet.payload=hex:"$(printf '00%.0s' {1..2049})"
raw "ok" "${send[@]}" packet.nbma=ip:192.0.2.2 \
	packet.payload=hex:"$(printf '00%.0s' {1..1400})"
raw "ENETUNREACH: nbma: no route to it" "${send[@]}" \
	packet.nbma=ip:198.51.100.1 packet.payload=hex:00
raw "ELOOP: nbma: the route to it leads into the device" "${send[@]}" \
	packet.nbma=ip:192.0.2.1 packet.payload=hex:00
raw "ok" unbind dev.ifindex=u32:"$dev"
raw "EPERM: the caller does not own the device" unbind dev.ifindex=u32:"$dev"
raw_send
upcalls_start hub
raw "EBUSY: another daemon owns the device" bind dev.ifindex=u32:"$dev"
raw "EPERM: only the owner of the device may send by it" "${send[@]}" \
	packet.nbma=ip:192.0.2.2 packet.payload=hex:00

raw_send
need d hub link set dmvpn0 down
upcalls_do hub send 192.0.2.2 00
is "a device that is down sends nothing" \
	"$(grep '^done' "$scratch/upcalls-hub" | tail -n 1)" \
	"done: the device is not up"
refused "who may not manage the network hears nothing" "needs CAP_NET_ADMIN" \
	enter hub setpriv --reuid 65534 --clear-groups timeout 5 dmvpn monitor
upcalls_stop hub
check "a socket that closes gives the device back" busywait 10 \
	enter hub nlraw bind dev.ifindex=u32:"$dev"
plan
