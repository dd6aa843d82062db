# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The three routers of the classic lab as network namespaces; sourced.
#
#            1.1.1.0/24                 Each router: fa0 to the provider,
#               |  fa1                  fa1 to its LAN, dmvpn0 the tunnel.
#            [sv9-2]  hub, 192.168.1.1
#               |  fa0 209.168.202.225
#   ============+=====================  provider: 209.168.202.0/24
#     | .131             | .130
#   [sv9-3] 192.168.1.2  [sv9-4] 192.168.1.3
#     | fa1              | fa1
#   2.2.2.0/24         3.3.3.0/24

lab_routers="sv9-2 sv9-3 sv9-4"
lab_provider=provider

declare -A lab_nbma=([sv9-2]=209.168.202.225 [sv9-3]=209.168.202.131
	[sv9-4]=209.168.202.130)
declare -A lab_tunnel=([sv9-2]=192.168.1.1 [sv9-3]=192.168.1.2
	[sv9-4]=192.168.1.3)
declare -A lab_lan=([sv9-2]=1.1.1.1 [sv9-3]=2.2.2.2 [sv9-4]=3.3.3.3)

# on ROUTER COMMAND...: run it on that router.
on()
{
	local router=$1

	shift
	ip netns exec "$router" "$@"
}

# lab_up: namespaces, wires, addresses.
lab_up()
{
	local r

	for r in $lab_routers $lab_provider; do
		ip netns add "$r" || return 1
		ip -n "$r" link set lo up
	done
	ip -n "$lab_provider" link add wire type bridge
	ip -n "$lab_provider" link set wire up
	for r in $lab_routers; do
		ip link add fa0 netns "$r" type veth \
			peer name "$r" netns "$lab_provider"
		ip -n "$lab_provider" link set "$r" master wire up
		ip -n "$r" -batch - <<-END
			addr add ${lab_nbma[$r]}/24 dev fa0
			link set fa0 up
			link add fa1 type dummy
			addr add ${lab_lan[$r]}/24 dev fa1
			link set fa1 up
		END
		on "$r" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	done
}

lab_down()
{
	local r

	for r in $lab_routers $lab_provider; do
		ip netns del "$r" 2>/dev/null
	done
}

# lab_sa FROM TO SPI: the security association of one direction, on both ends.
lab_sa()
{
	local key r

	key=$(printf '0x%040x' "$((0x5eed0000 + $3))")
	for r in "$1" "$2"; do
		ip -n "$r" xfrm state add src "${lab_nbma[$1]}" \
			dst "${lab_nbma[$2]}" proto esp spi "$3" reqid 1 \
			mode transport aead 'rfc4106(gcm(aes))' "$key" 128
	done
}

# lab_esp: associations between all pairs, and the policies that demand them.
lab_esp()
{
	local a b r spi=256

	for r in $lab_routers; do
		ip -n "$r" -batch - <<-END
			xfrm policy add src ${lab_nbma[$r]}/32 dst 0.0.0.0/0 proto 47 dir out tmpl proto esp reqid 1 mode transport
			xfrm policy add src 0.0.0.0/0 dst ${lab_nbma[$r]}/32 proto 47 dir in tmpl proto esp reqid 1 mode transport
		END
	done
	for a in $lab_routers; do
		for b in $lab_routers; do
			[ "$a" = "$b" ] && continue
			spi=$((spi + 1))
			lab_sa "$a" "$b" "$spi"
		done
	done
}

# lab_routes DESIGN: the routes between the LANs.
#   interface  to the tunnel, as in the document (resolution by a miss)
#   nexthop    to the other spoke's tunnel address (the same)
#   shortcut   to the hub (resolution by its Traffic Indication)
lab_routes()
{
	local from3=() from4=()

	case $1 in
	interface)
		;;
	nexthop)
		from3=(via "${lab_tunnel[sv9-4]}")
		from4=(via "${lab_tunnel[sv9-3]}")
		;;
	shortcut)
		from3=(via "${lab_tunnel[sv9-2]}")
		from4=(via "${lab_tunnel[sv9-2]}")
		;;
	esac
	ip -n sv9-3 route add 3.3.3.0/24 "${from3[@]}" dev dmvpn0
	ip -n sv9-4 route add 2.2.2.0/24 "${from4[@]}" dev dmvpn0
	ip -n sv9-2 route add 2.2.2.0/24 via "${lab_tunnel[sv9-3]}" dev dmvpn0
	ip -n sv9-2 route add 3.3.3.0/24 via "${lab_tunnel[sv9-4]}" dev dmvpn0
}

# lab_wait SECONDS COMMAND...: until it succeeds, no longer.
lab_wait()
{
	local until=$((SECONDS + $1 * ${DMVPN_SLOW:-1}))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || return 1
		read -rt 0.2 <> <(:)
	done
	return 0
}
