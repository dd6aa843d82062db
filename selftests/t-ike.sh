#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A hub and two spokes with real IKE daemons: SAs on demand, one pair for each
# pair of routers, and no packet lost or sent in the clear whatever happens.

. "$(dirname "$0")/lib.sh"
. "$here/ike.sh"

without_ike()
{
	for node in hub s1 s2; do
		ike_conf "$node" 's/^Socket=.*/&\nIdleTime=20/'
		dmvpnd_start "$node"
	done
	check "without an IKE daemon the device is there" \
		busywait 10 ip_in s1 link show dmvpn0 up
	check "and says once that none is reached" \
		busywait 10 logged s1 'IKE cannot be reached'
	check_not "but passes nothing" ping_from s1 10.0.0.1 -W 1
	is "one line in the log" \
		"$(grep -c 'IKE cannot be reached' "$scratch/log-s1")" 1
	check "the command says so" busywait 5 ike_unreachable s1
}

ike_unreachable()
{
	d "$1" show ipsec 2>&1 | grep -q unreachable
}

registration()
{
	local node

	for node in hub s1 s2; do
		charon_start "$node"
	done
	check "the connection is loaded when it comes" \
		busywait 20 logged s1 'IKE has the connection'
	check "a spoke registers as soon as there are SAs" \
		busywait 20 entry_is hub 10.0.0.2/32 type registered
	check "the other one too" \
		busywait 20 entry_is hub 10.0.0.3/32 type registered
	check "one pair of SAs with the hub" busywait 20 sas_are s1 hub 2
	check "none between the spokes" sas_are s1 s2 0
	check_not "no log has the secret" \
		grep -l 'only for tests' "$scratch"/log-* "$scratch"/charon-*.log
}

# From cold, both ends at once: the negotiations may cross.
setup()
{
	spoke_routes
	stream s1 s1 10.1.2.1 10.1.3.1
	stream s2 s2 10.1.3.1 10.1.2.1
	check "the path gets direct" busywait 20 direct s1 10.1.3
	check "and back" busywait 20 direct s2 10.1.2
	check "the first packets were relayed" relayed s1
	check "packets of s1 are answered" flows s1
	check "packets of s2 are answered" flows s2
	is "from cold: packets lost by s1" "$(lost s1)" 0
	is "from cold: packets lost by s2" "$(lost s2)" 0
	lossless "crossed negotiations become one pair" \
		busywait 40 settled
}

relayed()
{
	[ "$(counter "$1" relayed)" -gt 0 ]
}

settled()
{
	sas_are s1 s2 2 && sas_are s2 s1 2
}

# newest_child NODE PEER: number of the CHILD_SA that is in use
newest_child()
{
	d "$1" -j show ipsec | jq --arg nbma "$(nbma "$2")" '[.[] |
		select(.nbma == $nbma and .child.state == "INSTALLED") |
		.child.id] | max // empty'
}

# rekey NODE PEER: returns when the new SA is in use
rekey()
{
	local child

	child=$(newest_child "$1" "$2")
	swan "$1" --rekey --child-id "$child" >/dev/null || return
	busywait 20 rekeyed "$1" "$2" "$child"
}

rekeyed()
{
	local child

	child=$(newest_child "$1" "$2")
	[ -n "$child" ] && [ "$child" != "$3" ]
}

ten_rekeys()
{
	local i

	for i in 1 2 3 4 5; do
		rekey s1 s2 && flows s1 10 && rekey s2 s1 && flows s2 10 ||
			return
	done
}

hub_rekey()
{
	rekey s1 hub && rekey hub s1
}

dmvpnd_dies()
{
	dmvpnd_stop s1 KILL
	flows s1 25 || return
	dmvpnd_start s1
	busywait 20 nhs_is s1 UP
}

# Its SAs work on while it is dead, and are replaced when it is back.
charon_dies()
{
	charon_kill s1
	flows s1 50 || return
	charon_start s1
	busywait 40 known_again
}

# What the other end sends by SAs that this one has no more is lost: nothing
# else may be.
charon_death()
{
	local name lost_before lost_now without

	lost_before=$(($(lost s1) + $(lost s2)))
	without=$(without_sa hub s1 s2)
	check "death and return of charon" charon_dies
	for name in s1 s2; do
		check "the stream of $name goes on" flows "$name"
	done
	lost_now=$(($(lost s1) + $(lost s2) - lost_before))
	explained "death and return of charon" "$lost_now" \
		$(($(without_sa hub s1 s2) - without))
}

known_again()
{
	swan s1 --list-sas | grep -q "remote '$(nbma s2)'" &&
		swan s1 --list-sas | grep -q "remote '$(nbma hub)'"
}

show()
{
	local out

	out=$(d s1 -j show ipsec)
	# shellcheck disable=SC2016 # for jq
	check "show ipsec joins IKE's facts and the kernel's" jq -e \
		--arg nbma "$(nbma s2)" 'any(.[]; .nbma == $nbma and
		.ike.identity == $nbma and .ike.state == "ESTABLISHED" and
		.encrypted > 0 and .decrypted > 0 and .spi_in != null and
		.mode == "transport" and .rekey_ms > 0)' <<<"$out"
	check "show ipsec prints a table" grep -q "$(nbma s2)" \
		<(d s1 show ipsec)
}

has_conn()
{
	swan hub --list-conns | grep -q '^dmvpn0:' &&
		ip_in hub xfrm policy | grep -q 'dst 0.0.0.0/0 proto gre'
}

# Somebody loads the IKE daemon's own files, which have nothing of ours.
files_loaded()
{
	: >"$scratch/empty.conf"
	check "there is a connection" has_conn
	check "swanctl loads its secrets anew" \
		swan hub --load-creds --noprompt --file "$scratch/empty.conf"
	check "which takes that of the device away: IKE is told it again" \
		busywait 20 logged hub 'IKE lost the secret or private key'
	check "swanctl loads all of its files anew" \
		swan hub --load-all --noprompt --file "$scratch/empty.conf"
	check "which takes the connection away: it is back" \
		busywait 20 has_conn
	check "who lost its SAs gets new ones by it" eval \
		'swan s1 --terminate --ike dmvpn0 --force >/dev/null
		busywait 40 sas_are s1 hub 2 && busywait 20 ping_from s1 10.0.0.1'
}

idle()
{
	stream_end s1
	stream_end s2
	unset "stream_pid[s1]" "stream_pid[s2]"
	check "unused, the path goes with its SAs" busywait 40 sas_are s1 s2 0
	check "on both sides" busywait 20 sas_are s2 s1 0
	is "and with its entries" "$(entry s1 10.1.3.1/32 type)" ""
	check "the hub's SAs stay" sas_are s1 hub 2
	check "the next packets bring it back, none is lost" \
		all_answered s1 10.1.3.1 100 -i 0.02 -I 10.1.2.1
	check "directly" busywait 20 direct s1 10.1.3
}

# What went wrong is looked at at once: later phases cover it up.
report()
{
	ike_report hub s1 s2
}

topology 2
capture_start wire 'ip proto 47 or udp port 9'
without_ike
registration
setup
report
lossless "ten rekeys" ten_rekeys
report
lossless "rekeying with the hub" hub_rekey
report
show
lossless "death and return of dmvpnd" dmvpnd_dies
report
charon_death
report
files_loaded
report
idle
capture_stop wire
is "GRE packets in the clear" "$(capture_count wire 'ip proto 47')" 0
report
plan
