#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a packet costs through two routers and the tunnel between them, encryption
# and decryption included, and what TCP does there with large segments.
#
#     s ---- r ==== u0 ==== k ---- d      d drops UDP
#
# Each way has its number N: its packets go from 172.16.N.2 to 10.N.0.1, and the
# routers' ends of its tunnel are 192.0.2.(10 + N) and 192.0.2.(110 + N).

set -u
. "$(dirname "$(readlink -f "$0")")/lib.sh"
target="d d0"
# Octets of a TCP sample: in the clear the start of a connection is a tenth of a
# sample of 8 MiB, and not the same each time.
octets=$((8 * 1024 * 1024))
octets_clear=$((64 * 1024 * 1024))
ways=(floor:none gre:none dmvpn:none gre:null dmvpn:null gre:gcm dmvpn:gcm
	gre:chacha dmvpn:chacha wireguard:chacha)

underlay()
{
	local n

	namespaces s r k d && wire s r s0 && wire r k u0 && wire k d d0 || return 1
	ip -n "$id-r" addr add 192.0.2.1/24 dev u0
	ip -n "$id-k" addr add 192.0.2.2/24 dev u0
	ip -n "$id-k" addr add 172.17.0.1/24 dev d0
	ip -n "$id-d" -batch - <<-LIST
	addr add 172.17.0.2/24 dev d0
	route add default via 172.17.0.1
	LIST
	for ((n = 0; n < ${#ways[@]}; n++)); do
		ip -n "$id-s" addr add "172.16.$n.2/24" dev s0
		ip -n "$id-s" route add "10.$n.0.0/16" via "172.16.$n.1"
		ip -n "$id-r" addr add "172.16.$n.1/24" dev s0
		ip -n "$id-r" addr add "192.0.2.$((10 + n))/24" dev u0
		ip -n "$id-k" addr add "192.0.2.$((110 + n))/24" dev u0
		ip -n "$id-k" route add "10.$n.0.0/16" via 172.17.0.2
		ip -n "$id-d" addr add "10.$n.0.1/32" dev lo
	done
	tc -n "$id-d" qdisc add dev d0 ingress &&
		tc -n "$id-d" filter add dev d0 parent ffff: protocol ip \
			flower ip_proto udp dst_port 9 action drop
}

# associations NAMESPACE LOCAL REMOTE CIPHER
associations()
{
	local what

	what="mode transport $(cipher "$4")"
	ip -n "$id-$1" -batch - <<-LIST
	xfrm policy add src $2/32 dst $3/32 proto 47 dir out tmpl src $2 dst $3 proto esp reqid 1 mode transport
	xfrm state add src $2 dst $3 proto esp spi 0x1000 reqid 1 $what
	xfrm state add src $3 dst $2 proto esp spi 0x1000 reqid 1 $what
	LIST
}

# end NAMESPACE TUNNEL CIPHER NUMBER LOCAL REMOTE NETWORK: one end of a tunnel,
# with the network that is behind the other
end()
{
	local ns=$1 n=$4 protection=required

	case $2 in
	floor)
		ip -n "$id-$ns" route add "$7" via "$6"
		return
		;;
	gre)
		ip -n "$id-$ns" link add "t$n" type gre local "$5" remote "$6" \
			key "$n" ttl 64 || return 1
		ip -n "$id-$ns" link set "t$n" mtu 1400 up
		;;
	dmvpn)
		[ "$3" != none ] || protection=none
		in_ns "$ns" dmvpn link add "t$n" local "$5" key "$n" ttl 64 \
			protection "$protection" mtu 1400 up &&
			in_ns "$ns" dmvpn cache add "$7" nbma "$6" dev "t$n" ||
			return 1
		;;
	wireguard)
		ip -n "$id-$ns" link add "t$n" type wireguard || return 1
		in_ns "$ns" wg set "t$n" listen-port 51820 private-key \
			<(echo "${key[$ns]}") peer "${public[$ns]}" \
			allowed-ips 0.0.0.0/0 endpoint "$6:51820" || return 1
		ip -n "$id-$ns" link set "t$n" mtu 1400 up
		;;
	esac
	ip -n "$id-$ns" route add "$7" dev "t$n" || return 1
	[ "$2" = wireguard ] || [ "$3" = none ] ||
		associations "$ns" "$5" "$6" "$3"
}

# sample_udp TUNNEL CIPHER NUMBER OCTETS
sample_udp()
{
	local case="path $1 $2 1 $4" n=$packets

	count_packets blast_counted s "$packets" "$(($4 - 28))" "10.$3.0.1" 1
}

# sample_tcp TUNNEL CIPHER NUMBER: nanoseconds for 1000 octets
sample_tcp()
{
	local size=$octets

	[ "$2" != none ] || size=$octets_clear
	in_ns s iperf3 -c "10.$3.0.1" -B "172.16.$3.2" -n "$size" -J |
		jq -r --arg what "tcp $1 $2 1 0" '.end.sum_received |
			"\($what) \(.seconds * 1e12 / .bytes)"' || return 1
}

# take_turns SAMPLE ARGUMENT...: for each way
take_turns()
{
	local n

	for ((n = 0; n < ${#ways[@]}; n++)); do
		"$1" "${ways[n]%:*}" "${ways[n]#*:}" "$n" "${@:2}" || return 1
	done
}

modprobe -qa ip_gre esp4 esp4_offload wireguard cls_flower act_gact sch_ingress \
	crypto_null aesni_intel gcm chacha20poly1305 chacha_x86_64 \
	poly1305_x86_64
declare -A key public
key=([r]=$(wg genkey) [k]=$(wg genkey))
public=([r]=$(wg pubkey <<<"${key[k]}") [k]=$(wg pubkey <<<"${key[r]}"))
underlay || die "no underlay"
for ((n = 0; n < ${#ways[@]}; n++)); do
	tunnel=${ways[n]%:*} cipher=${ways[n]#*:}
	a=192.0.2.$((10 + n)) b=192.0.2.$((110 + n))
	end r "$tunnel" "$cipher" "$n" "$a" "$b" "10.$n.0.0/16" ||
		die "no tunnel: $tunnel, $cipher"
	end k "$tunnel" "$cipher" "$n" "$b" "$a" "172.16.$n.0/24" ||
		die "no other end: $tunnel, $cipher"
done
in_ns d iperf3 -s -D || die "no server for TCP"
PROFILE="" packets=64 take_turns sample_udp 64 >/dev/null || exit 1
for ((i = 0; i < samples; i++)); do
	take_turns sample_udp 64 && take_turns sample_udp 512 &&
		take_turns sample_udp 1400 && take_turns sample_tcp || exit 1
done
