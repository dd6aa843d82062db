#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# SAs and policies are deleted and flushed at random under traffic, in the
# kernel and by IKE: nothing leaves in the clear, and all of it heals by itself.
# DMVPN_STORM is how many seconds it lasts (60).

. "$(dirname "$0")/lib.sh"
. "$here/ike.sh"

seconds=${DMVPN_STORM:-60}
nodes_hit=(hub s1 s2)

# delete_one NODE: a random security association
delete_one()
{
	local src dst spi

	read -r src dst spi < <(ip_in "$1" xfrm state | awk '
		/^src/ { s = $2; d = $4 } /spi/ { print s, d, $4 }' |
		shuf -n 1)
	[ -z "$spi" ] || ip_in "$1" xfrm state del src "$src" dst "$dst" \
		proto esp spi "${spi%%(*}" 2>/dev/null
}

hit()
{
	local node=${nodes_hit[RANDOM % 3]}

	case $((RANDOM % 10)) in
	0) ip_in "$node" xfrm state flush ;;
	1) ip_in "$node" xfrm policy flush ;;
	2) ip_in "$node" xfrm state flush; ip_in "$node" xfrm policy flush ;;
	3) swan "$node" --terminate --ike dmvpn0 --force >/dev/null ;;
	4) swan "$node" --rekey --child gre >/dev/null ;;
	*) delete_one "$node" ;;
	esac
}

storm()
{
	local end=$((SECONDS + seconds)) count=0

	while [ "$SECONDS" -lt "$end" ]; do
		hit
		count=$((count + 1))
		busywait 1 never
	done
	diag "$count blows in $seconds s"
	[ "$count" -gt 5 ]
}

never()
{
	[ $((RANDOM % 8)) -eq 0 ]
}

healed()
{
	ping_from s1 10.1.3.1 -I 10.1.2.1 && direct s1 10.1.3 &&
		nhs_is s1 UP && nhs_is s2 UP
}

topology 2
for node in hub s1 s2; do
	charon_start "$node"
	ike_conf "$node" 's/^HoldTime=.*//; s/^NetworkId=1/&\nRegistrationTimeout=20/'
	dmvpnd_start "$node"
done
check "the spokes register" eval 'busywait 60 entry_is hub 10.0.0.2/32 \
	type registered && busywait 60 entry_is hub 10.0.0.3/32 type registered'
spoke_routes
capture_start wire 'ip proto 47 or udp port 9'
stream s1 s1 10.1.2.1 10.1.3.1
stream s2 s2 10.1.3.1 10.1.2.1
check "the path gets direct" busywait 40 direct s1 10.1.3
check "the storm" storm
check "all heals by itself" busywait 120 healed
check "in the other direction, too" busywait 60 ping_from s2 10.1.2.1 \
	-I 10.1.3.1
check "with one pair of SAs at the end" busywait 120 sas_are s1 s2 2
capture_stop wire
diag "packets lost in the storm: $(lost s1) of $(got s1)," \
	"$(lost s2) of $(got s2)"
is "GRE packets in the clear" "$(capture_count wire 'ip proto 47')" 0
ike_report hub s1 s2
plan
