#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# IKE over an IPv6 underlay: registration and a direct path between spokes.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/ike.sh"

topology 2
for node in hub s1 s2; do
	ike_conf "$node" "s/^Source=.*/Source=$(nbma6 "$node")/
		s/^Nbma=.*/Nbma=$(nbma6 hub)/"
	charon_start "$node"
	dmvpnd_start "$node"
done
capture_start wire 'ip6 proto 47 or udp port 9'
for node in s1 s2; do
	check "$node registers" busywait 40 entry_is hub \
		"10.0.0.$(number "$node")/32" type registered
	is "by its IPv6 address" \
		"$(entry hub "10.0.0.$(number "$node")/32" nbma)" \
		"$(nbma6 "$node")"
done
spoke_routes
check "from LAN to LAN, nothing lost" \
	all_answered s1 10.1.3.1 50 -I 10.1.2.1
check "the path gets direct" busywait 20 direct s1 10.1.3
# shellcheck disable=SC2016 # for jq
check "by SAs of IPv6 addresses" eval 'd s1 -j show ipsec | jq -e --arg nbma \
	"$(nbma6 s2)" "any(.[]; .nbma == \$nbma and .spi_out != null)"'
capture_stop wire
is "GRE packets in the clear" "$(capture_count wire 'ip6 proto 47')" 0
ike_report hub s1 s2
plan
