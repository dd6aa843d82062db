#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Floods of what the kernel tells the daemon: packets for addresses that nobody
# knows, and packets that leave by the tunnel they came by. What such a packet
# costs, and how many a second are told, beside packets of which nothing is.
#
#     s ---- r ==== u0 ==== k      k drops what comes

set -u
. "$(dirname "$(readlink -f "$0")")/lib.sh"
target="k u0"
flood=${FLOOD:-50000}
told=$(mktemp) || exit 1

flood_cleanup()
{
	cleanup
	rm -f "$told" "$told.in"
}

underlay()
{
	namespaces s r k && wire s r s0 && wire k r u0 && sink k u0 || return 1
	ip -n "$id-s" -batch - <<-LIST || return 1
	addr add 172.16.0.2/24 dev s0
	route add default via 172.16.0.1
	LIST
	ip -n "$id-r" -batch - <<-LIST
	addr add 172.16.0.1/24 dev s0
	addr add 192.0.2.1/24 dev u0
	neigh add 192.0.2.2 lladdr 02:00:00:00:00:03 dev u0 nud permanent
	route add 198.18.0.0/16 via 192.0.2.2
	LIST
}

# device NAME KEY NETWORK [OPTION...]: with two peers, 10.NETWORK.1.1 and 2.1
device()
{
	in_ns r dmvpn link add "$1" local 192.0.2.1 key "$2" ttl 64 \
		protection none mtu 1400 "${@:4}" up || return 1
	ip -n "$id-r" route add "10.$3.0.0/16" dev "$1" || return 1
	in_ns r dmvpn cache add "10.$3.1.0/24" nbma 198.18.1.1 dev "$1" &&
		in_ns r dmvpn cache add "10.$3.2.0/24" nbma 198.18.1.2 dev "$1"
}

# tell_of DEVICE: a daemon that does nothing but listen; it answers once it does
tell_of()
{
	mkfifo "$told.in" && exec 4<>"$told.in" || return 1
	in_ns r upcall "$1" <&4 >>"$told" 2>&1 &
	echo sync >&4
	until_ok grep -q '^done' "$told"
}

# told_rate EVENT COST: how many a second the daemon was told of
told_rate()
{
	awk -v n="$(grep -c "^$1" "$told")" -v cost="$2" -v flood="$flood" \
		'BEGIN { printf "%.0f\n", n / (flood * cost / 1e9) }'
}

# flooded EVENT CASE COMMAND...: what one packet costs, and what is told
flooded()
{
	local cost

	: >"$told"
	cost=$("${@:3}") || exit 1
	echo "$2 $cost"
	echo "upcalls ${2#* } $(told_rate "$1" "$cost")"
}

# pour_here COUNT DESTINATION KEY: from the first of the peers
pour_here()
{
	in_ns k pour "$1" 64 u0 198.18.1.1 192.0.2.1 "$2" 1 "$3"
}

# take_turns: a packet that goes to a peer; one of many that nobody knows, each
# another address; one that comes by the tunnel and leaves by it, where that is
# told and where it is not
take_turns()
{
	local n=$packets case="tx dmvpn none 2 64"

	count_packets in_ns s blast "$n" 36 10.101.2.1 1
	flooded miss "miss dmvpn none $flood 64" \
		in_ns s blast "$flood" 36 10.101.16.1 57344
	case="hairpin dmvpn none 2 64"
	count_packets pour_here "$n" 10.102.2.1 2
	flooded redirect "hairpin dmvpn told 2 64" \
		pour_here "$flood" 10.101.2.1 1
}

trap flood_cleanup EXIT
modprobe -qa cls_matchall act_gact sch_ingress
underlay || die "no underlay"
device told 1 101 redirect on || die "no device"
device plain 2 102 redirect off || die "no device"
tell_of told || die "nobody listens"
take_turns >/dev/null || exit 1
for ((i = 0; i < samples; i++)); do
	take_turns || exit 1
done
