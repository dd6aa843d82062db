#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who may not come in, does not: another secret, a certificate of another
# authority, a member that claims another's tunnel address or prefix, packets
# with a forged source inside of a valid SA. Each is counted and logged.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/ike.sh"

# ca NAME: a certificate authority
ca()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 30 -subj "/O=dmvpn/CN=$1" -keyout "$scratch/$1.key" \
		-out "$scratch/$1.pem" 2>/dev/null
}

# cert CA NAME: a certificate of a node
cert()
{
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/O=dmvpn/CN=$2" -keyout "$scratch/$1-$2.key" \
		-out "$scratch/$1-$2.csr" 2>/dev/null &&
	openssl x509 -req -in "$scratch/$1-$2.csr" -CA "$scratch/$1.pem" \
		-CAkey "$scratch/$1.key" -CAcreateserial -days 30 \
		-out "$scratch/$1-$2.pem" 2>/dev/null
}

# by_cert NODE CA [SED-SCRIPT]: its configuration, with a certificate of CA
by_cert()
{
	ike_conf "$1" "/^Secret=/d; ${3:-}"
	cat >>"$scratch/etc-$1/dmvpn0.conf" <<-END
		Certificate=$scratch/$2-$1.pem
		PrivateKey=$scratch/$2-$1.key
		CA=$scratch/$2.pem
	END
}

daemon_counter()
{
	d "$1" -j show stats dev dmvpn0 | jq -r "[.. | objects | .$2?
		| numbers] | add"
}

counted()
{
	[ "$(daemon_counter "$1" "$2")" -gt 0 ]
}

wrong_secret()
{
	ike_conf hub
	ike_conf s1 's/^Secret=.*/Secret=another one/'
	dmvpnd_start hub
	dmvpnd_start s1
	check "with another secret IKE fails" busywait 30 \
		grep -q 'AUTH_FAILED\|AUTHENTICATION_FAILED' \
		"$scratch/charon-s1.log"
	check "which the spoke says" busywait 30 logged s1 \
		'is DOWN: no security association'
	check "and counts" counted s1 no_sa
	is "it is not registered" "$(entry hub 10.0.0.2/32 type)" ""
	check_not "nothing passes" ping_from s1 10.0.0.1 -W 1
	dmvpnd_stop s1 TERM
	dmvpnd_stop hub TERM
}

# failures: how often the hub refused to authenticate s1
failures()
{
	grep -c 'received AUTHENTICATION_FAILED' "$scratch/charon-s1.log"
}

failures_beyond()
{
	[ "$(failures)" -gt "$1" ]
}

certificates()
{
	local before

	ca good && ca evil && cert good hub && cert good s1 &&
		cert good s2 && cert evil s1
	by_cert hub good
	cat >>"$scratch/etc-hub/dmvpn0.conf" <<-END
		[Peers]
		Allow=10.0.0.2 O=dmvpn, CN=s1
		Allow=10.0.0.3,10.1.3.0/24 O=dmvpn, CN=s2
	END
	by_cert s1 evil
	before=$(failures)
	dmvpnd_start hub
	dmvpnd_start s1
	check "with a certificate of another authority IKE fails" \
		busywait 30 failures_beyond "$before"
	is "it is not registered" "$(entry hub 10.0.0.2/32 type)" ""
	check_not "nothing passes" ping_from s1 10.0.0.1 -W 1
	dmvpnd_stop s1 TERM
	charon_kill s1 TERM
	charon_start s1
	by_cert s1 good
	dmvpnd_start s1
	check "with a good one it registers" \
		busywait 40 entry_is hub 10.0.0.2/32 type registered
	check "its identity is shown" busywait 10 identity hub s1
}

identity()
{
	d "$1" -j show ipsec | jq -e --arg id "O=dmvpn, CN=$2" \
		'any(.[]; .ike.identity == $id)'
}

# s2 has a good certificate, and an address that is not its own.
claims()
{
	by_cert s2 good 's/^Address=10.0.0.3/Address=10.0.0.2/'
	dmvpnd_start s2
	check "who claims another's tunnel address is refused" busywait 40 \
		logged s2 'registration refused'
	check "with the code of the RFC" logged s2 'code=4'
	check "it is counted" counted hub identity_refused
	check "and logged with identity and address" logged hub \
		'identity "O=dmvpn, CN=s2" may not speak for 10.0.0.2/32.*peer=192.0.2.3'
	is "the entry stays the true one's" \
		"$(entry hub 10.0.0.2/32 nbma)" 192.0.2.2
	dmvpnd_stop s2 TERM
	# An operator would remove the device with the wrong address.
	ip_in s2 link del dmvpn0
	by_cert s2 good
	dmvpnd_start s2
	check "with its own it registers" \
		busywait 40 entry_is hub 10.0.0.3/32 type registered
}

# The ESP packets of s2 get the address of s1 on their way.
forged()
{
	local before

	before=$(counter hub rx-wrong-peer)
	echo "dmvpn: forged $$" >/dev/kmsg
	enter s2 nft -f - <<-END
		table ip forge {
			chain post {
				type filter hook postrouting priority 300;
				ip daddr 192.0.2.1 ip protocol esp ip saddr set 192.0.2.2
			}
		}
	END
	check_not "a forged source inside of a valid SA passes nothing" \
		ping_from s2 10.0.0.1 -W 2
	check "it is counted" [ "$(counter hub rx-wrong-peer)" -gt "$before" ]
	check "and logged with the address" eval \
		"dmesg | sed '1,/dmvpn: forged $$/d' | grep -q \
		'192.0.2.2 that came by the security association of another'"
	enter s2 nft delete table ip forge
	check "without it packets pass again" busywait 20 ping_from s2 10.0.0.1
}

# thief: a connection of s2 with the hub for packets of s1, by its own certificate
thief()
{
	cat <<-END
		connections {
		  thief {
		    version = 2
		    local_addrs = 192.0.2.3
		    remote_addrs = 192.0.2.1
		    local {
		      auth = pubkey
		      certs = $scratch/good-s2.pem
		    }
		    remote {
		      auth = pubkey
		      cacerts = $scratch/good.pem
		    }
		    children {
		      gre {
		        mode = tunnel
		        local_ts = $1[gre]
		        remote_ts = 192.0.2.1/32[gre]
		        esp_proposals = aes128gcm16
		        policies = no
		      }
		    }
		  }
		}
	END
}

# asks_for PREFIX: what s2 is told that negotiates for packets to it
asks_for()
{
	thief "$1" >"$scratch/thief.conf"
	need swan s2 --load-conns --file "$scratch/thief.conf"
	swan s2 --initiate --ike thief --child gre --timeout 20 |
		paste -s -d ' '
}

# s2, a member like any, asks for SAs for packets of others: to whom the hub sends
# these depends on nothing but that.
stolen()
{
	local before

	dmvpnd_stop s2 TERM
	before=$(sas hub s2)
	check "a member that asks for the packets of another gets none" grep -q \
		'IKE_SA thief.* established.*TS_UNACCEPTABLE' \
		<(asks_for 192.0.2.2/32)
	is "no SA" "$(sas hub s2)" "$before"
	check "and no policy" policies_lead_home
	check "the hub reaches s1" busywait 10 ping_from hub 10.0.0.2
	check "one that asks for all gets its own" \
		grep -q 'CHILD_SA gre.* established' <(asks_for 0.0.0.0/0)
	check "and no policy for others" policies_lead_home
	check "the hub reaches s1 still" busywait 10 ping_from hub 10.0.0.2
}

# Each policy of the hub leads to the peer whose packets it is for, as all do that
# name no peer.
policies_lead_home()
{
	ip_in hub xfrm policy | awk '
		/^src/ { to = $4; sub("/.*", "", to) }
		/dir/ { out = $2 == "out" }
		/tmpl/ && out { n++; bad += $5 != to && $5 != "0.0.0.0" && $5 != "::" }
		END { exit bad || !n }'
}

topology 2
capture_start wire 'ip proto 47 or udp port 9'
for node in hub s1 s2; do
	charon_start "$node"
done
wrong_secret
certificates
claims
forged
stolen
capture_stop wire
is "GRE packets in the clear" "$(capture_count wire 'ip proto 47')" 0
ike_report hub s1 s2
plan
