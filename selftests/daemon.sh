# shellcheck shell=bash disable=SC2154 # scratch: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dmvpnd on the nodes of lib.sh, sourced after it. Its configuration is in
# $scratch/etc-NODE, its log $scratch/log-NODE.

declare -A dmvpnd_of

# conf_text NODE: a configuration without ESP, in the old routers' manner
conf_text()
{
	cat <<-END
		[Tunnel]
		Source=u0
		Address=10.0.0.$(number "$1")/24
		Key=7
		Protection=none
		[NHRP]
		NetworkId=1
		Authentication=cisco123
		NatExtension=no
		RegistrationUnique=no
	END
	[ "$1" = hub ] || cat <<-END
		[NHS]
		Address=10.0.0.1
		Nbma=192.0.2.1
		Multicast=yes
	END
}

# conf NODE [SED-SCRIPT]: its configuration; the script changes it
conf()
{
	mkdir -p "$scratch/etc-$1"
	conf_text "$1" | sed "${2:-}" >"$scratch/etc-$1/dmvpn0.conf"
}

# dmvpnd_start NODE [OPTION...]
dmvpnd_start()
{
	local node=$1

	shift
	ip netns exec "$(ns "$node")" dmvpnd -c "$scratch/etc-$node" \
		--level debug "$@" >>"$scratch/log-$node" 2>&1 &
	dmvpnd_of[$node]=$!
	owned+=("$!")
}

# dmvpnd_stop NODE SIGNAL: and wait until it is gone
dmvpnd_stop()
{
	kill "-$2" "${dmvpnd_of[$1]}"
	wait "${dmvpnd_of[$1]}" 2>/dev/null
}

logged()
{
	grep -q -- "$2" "$scratch/log-$1"
}

entry_is()
{
	local value

	value=$(entry "$1" "$2" "$3")
	[ "$value" = "$4" ] || { echo "$3 of $2 is '$value', not '$4'"; return 1; }
}

# nhs_is NODE STATE
nhs_is()
{
	d "$1" -j show nhs | grep -q "\"$2\""
}

# direct NODE PREFIX: some entry that starts so is resolved and direct
direct()
{
	d "$1" -j show dev dmvpn0 | jq -e --arg p "$2" 'any(.[];
		.type == "resolved" and .path == "direct" and
		(.prefix | startswith($p)))'
}

# learns NODE ADDRESS PREFIX NBMA [OPTION...]: a packet to ADDRESS, at which nobody is,
# shows the path of its network; for busywait
learns()
{
	send_from "$1" "$2" 1 "${@:5}"
	entry_is "$1" "$3" nbma "$4"
}

# spoke_routes: each spoke's LAN, to the interface on the other spoke and to
# the spoke's tunnel address on the hub
spoke_routes()
{
	ip_in s1 route add 10.1.3.0/24 dev dmvpn0
	ip_in s2 route add 10.1.2.0/24 dev dmvpn0
	ip_in hub -batch - <<-LIST
	route add 10.1.2.0/24 via 10.0.0.2
	route add 10.1.3.0/24 via 10.0.0.3
	LIST
}
