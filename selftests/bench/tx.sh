#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a packet costs that a router takes from a LAN and sends into a tunnel:
# dmvpn, ip_gre to one peer and to many, and no tunnel at all, which is the floor.
#
#     s ---- r ==== u0 ==== k      k drops what comes

set -u
. "$(dirname "$(readlink -f "$0")")/lib.sh"
target="k u0"

underlay()
{
	namespaces s r k && wire s r s0 && wire r k u0 && sink k u0 || return 1
	ip -n "$id-s" -batch - <<-LIST || return 1
	addr add 172.16.0.2/24 dev s0
	route add default via 172.16.0.1
	LIST
	ip -n "$id-r" -batch - <<-LIST || return 1
	addr add 172.16.0.1/24 dev s0
	addr add 192.0.2.1/24 dev u0
	addr add 192.0.2.3/24 dev u0
	addr add 192.0.2.5/24 dev u0
	addr add 192.0.2.7/24 dev u0
	neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev u0 nud permanent
	route add 198.18.0.0/16 via 192.0.2.2
	route add 10.100.0.0/16 via 192.0.2.2
	LIST
	ip -n "$id-k" addr add 192.0.2.2/24 dev u0
	# One limit for all namespaces
	sysctl -qw net.ipv4.neigh.default.gc_thresh3=131072
}

# peers SUFFIX NET: routes into the tunnels, and the mappings of both, to the
# same peers
peers()
{
	local ifindex

	ip -n "$id-r" -batch - <<-LIST || return 1
	route add 10.$(($2 + 1)).0.0/16 dev one$1
	route add 10.$(($2 + 2)).0.0/16 dev many$1
	route add 10.$(($2 + 3)).0.0/16 dev dmvpn$1
	LIST
	ifindex=$(ip -n "$id-r" -j link show "dmvpn$1" | jq '.[].ifindex')
	each "neigh add 10.$(($2 + 2))@ lladdr 198.18@ dev many$1 nud permanent" |
		ip -n "$id-r" -batch - || return 1
	each "entry-set entry.ifindex=u32:$ifindex entry.prefix=ip:10.$(($2 + 3))@ entry.nbma=ip:198.18@ entry.type=u32:1" |
		in_ns r nlraw - | sort | uniq -c | grep -q "^ *$many ok$"
}

# sample TUNNEL CIPHER NET PEERS OCTETS
sample()
{
	local case="tx $1 $2 $4 $5" n=$packets

	[ "$4" -le "$n" ] || n=$4
	# Without IP's and UDP's headers
	count_packets in_ns s blast "$n" "$(($5 - 28))" "10.$3.0.1" "$4"
}

# take_turns_at OCTETS PEERS...
take_turns_at()
{
	local net=100 cipher n

	for n in $(within "${@:2}"); do
		sample floor none 100 "$n" "$1"
	done
	for cipher in ${CIPHERS:-none null gcm chacha}; do
		sample gre "$cipher" $((net + 1)) 1 "$1"
		for n in $(within "${@:2}"); do
			sample mgre "$cipher" $((net + 2)) "$n" "$1"
			sample dmvpn "$cipher" $((net + 3)) "$n" "$1"
		done
		net=$((net + 10))
	done
}

# settled DEVICE: packets go to all of its peers; one that was secured just now is
# given some time before
settled()
{
	local said

	said=$(in_ns r dmvpn -j show dev "$1") &&
		[[ $said == *'"path":"direct"'* && $said != *'"path":"held"'* ]]
}

modprobe -qa ip_gre esp4 cls_matchall act_gact sch_ingress crypto_null \
	aesni_intel gcm ccm chacha20poly1305 chacha_x86_64 poly1305_x86_64
underlay || die "no underlay"
i=0
for cipher in ${CIPHERS:-none null gcm chacha}; do
	protection=required
	[ "$cipher" != none ] || protection=none
	local_address=192.0.2.$((2 * i + 1))
	tunnels "$i" "$local_address" $((100 + 10 * i)) "$protection" ||
		die "no tunnels, cipher $cipher"
	peers "$i" $((100 + 10 * i)) || die "no peers, cipher $cipher"
	[ "$cipher" = none ] || security r "$local_address" "$cipher" "$i" ||
		die "no security associations, cipher $cipher"
	i=$((i + 1))
done
for ((; i > 0; i--)); do
	until_ok settled "dmvpn$((i - 1))" || die "peers do not get ready"
done
# Routes and bundles are made by the first packets.
PROFILE="" packets=$((2 * many)) take_turns_at 64 1 "$many" >/dev/null || exit 1
for ((i = 0; i < samples; i++)); do
	take_turns_at 64 1 100 1000 "$many" && take_turns_at 512 1 "$many" &&
		take_turns_at 1400 1 "$many" || exit 1
done
