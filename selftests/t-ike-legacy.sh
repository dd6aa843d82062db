#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The profile of the classic document: IKEv1 main mode, one secret for anybody,
# 3DES and MD5, ESP in tunnel mode with host selectors, 120 seconds of lifetime.
# The hub's strongSwan is configured for it by hand, as an old router is; its
# dmvpnd leaves IKE alone. The spokes' dmvpnd loads it from [IPsec].

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/ike.sh"

hub_by_hand()
{
	# shellcheck disable=SC2016 # for sed
	ike_conf hub '/^\[IPsec\]/,$d'
	cat >"$scratch/swanctl.conf" <<-END
		connections { cisco {
		  version = 1
		  local_addrs = 192.0.2.1
		  remote_addrs = %any
		  proposals = 3des-md5-modp1024
		  unique = never
		  local { auth = psk
		    id = 192.0.2.1 }
		  remote { auth = psk
		    id = %any }
		  children { gre {
		    mode = tunnel
		    esp_proposals = 3des-md5
		    local_ts = 192.0.2.1/32[gre]
		    remote_ts = dynamic[gre]
		    life_time = 120s
		    rekey_time = 110s
		    rand_time = 5s
		  } }
		} }
		secrets { ike { secret = cisco123 } }
	END
	swan hub --load-all --file "$scratch/swanctl.conf"
}

spoke()
{
	ike_conf "$1" 's/^Secret=.*/Secret=cisco123/; $ a\
Version=1\
Mode=tunnel\
Proposals=3des-md5-modp1024\
EspProposals=3des-md5\
Lifetime=120'
	charon_start "$1"
	dmvpnd_start "$1"
}

sa_is()
{
	ip_in "$1" xfrm state | grep -A 8 "^src $2 dst $3" | grep -q -- "$4"
}

profile()
{
	check "the spokes register" eval 'busywait 60 entry_is hub \
		10.0.0.2/32 type registered && busywait 60 entry_is hub \
		10.0.0.3/32 type registered'
	check "by IKEv1" eval 'swan s1 --list-sas | grep -q IKEv1'
	check "in main mode" grep -q 'generating ID_PROT' \
		"$scratch/charon-s1.log"
	check "ESP is in tunnel mode" sa_is s1 192.0.2.2 192.0.2.1 'mode tunnel'
	check "with 3DES" sa_is s1 192.0.2.2 192.0.2.1 'des3_ede'
	check "and MD5" sa_is s1 192.0.2.2 192.0.2.1 'hmac(md5)'
	check "for GRE between the two hosts only" eval \
		'ip_in s1 xfrm policy | grep -q "^src 192.0.2.2/32 dst 192.0.2.1/32 proto gre"'
	check "for 120 seconds" sa_is_hard s1
}

sa_is_hard()
{
	ip_in "$1" -s xfrm state | grep -q 'expire add: .*hard 1[0-9][0-9](sec)'
}

spoke_to_spoke()
{
	spoke_routes
	without=$(without_sa hub s1 s2)
	stream s1 s1 10.1.2.1 10.1.3.1
	check "spoke to spoke" busywait 30 direct s1 10.1.3
	check "packets are answered" flows s1
	# By IKEv1 who began has its SAs first, and sends by them before the
	# last message of the exchange has given them to the other end.
	explained "from cold" "$(lost s1)" \
		"$(($(without_sa hub s1 s2) - without))"
	check "by SAs of their own" [ "$(sas s1 s2)" -ge 2 ]
}

spi_out()
{
	ip_in s1 xfrm state | awk '/^src 192.0.2.2 dst 192.0.2.1/ { on = 1 }
		on && /spi/ { print $4; exit }'
}

other_spi()
{
	local now

	now=$(spi_out)
	[ -n "$now" ] && [ "$now" != "$1" ]
}

rekeying()
{
	local spi

	spi=$(spi_out)
	check "a rekeying at the end of the lifetime" other_spi_in_time "$spi"
	check "the stream goes on" flows s1
	# A packet may have come without an SA before it is known to be lost:
	# all since the stream began are counted.
	explained "rekeying" "$(lost s1)" \
		"$(($(without_sa hub s1 s2) - without))"
	check "the hub is reached afterwards" busywait 10 ping_from s1 10.0.0.1
}

other_spi_in_time()
{
	local i

	# The time is real, however slow the machine is.
	for ((i = 0; i < 14; i++)); do
		slow=1 busywait 10 other_spi "$1" && return
	done
	return 1
}

topology 2
charon_start hub
check "an operator's own configuration is loaded" hub_by_hand
dmvpnd_start hub
capture_start wire 'ip proto 47 or udp port 9'
spoke s1
spoke s2
profile
spoke_to_spoke
rekeying
check "the hub's dmvpnd leaves IKE alone" eval "! logged hub IKE"
capture_stop wire
is "GRE packets in the clear" "$(capture_count wire 'ip proto 47')" 0
ike_report hub s1 s2
plan
