#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two hubs in a cluster of which one is registered with: hub, the better one,
# and s2. The spoke s1 goes over to s2 and back, and the carrier of its device
# follows whether there is any. It knows hub by its name, and finds it again.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

# conf NODE: its configuration; both hubs are nobody's clients
conf()
{
	local node=$1 dir=$scratch/etc-$1

	mkdir -p "$dir"
	{
		cat <<-END
			[Tunnel]
			Source=u0
			Address=10.0.0.$(number "$node")/24
			Protection=none
			[NHRP]
			HoldTime=60
		END
		[ "$node" != s1 ] || cat <<-END
			RegistrationTimeout=2
			IfState=nhrp
			NhsFallback=5
			[NHS]
			Address=10.0.0.3
			Nbma=192.0.2.3
			Priority=20
			Multicast=yes
			[NHS]
			Address=10.0.0.1
			Nbma=hub.example.net
			Priority=10
			Multicast=yes
			[Cluster]
			Id=0
			MaxConnections=1
		END
	} >"$dir/dmvpn0.conf"
}

# spoke_start: the daemon of s1, with its own file of names
spoke_start()
{
	# shellcheck disable=SC2016 # for the inner shell
	ip netns exec "$(ns s1)" sh -c 'mount --bind "$1" /etc/hosts &&
		exec dmvpnd -c "$2" --level debug' \
		sh "$scratch/hosts" "$scratch/etc-s1" >>"$scratch/log-s1" 2>&1 &
	dmvpnd_of[s1]=$!
	owned+=("$!")
}

# state_is ADDRESS STATE: of a server, as s1 sees it
state_is()
{
	local REPLY

	query s1 -j show nhs
	json_object address "$1" && json_member state && [ "$REPLY" = "$2" ] &&
		return
	echo "$1 is $REPLY, not $2"
	return 1
}

# relay_is NBMA: this peer of s1, and no other, relays
relay_is()
{
	local relays

	relays=$(d s1 -j show peers | jq -r \
		'.[] | select(.flags | index("nhs")) | .nbma')
	[ "$relays" = "$1" ] || { echo "'$relays' relay, not $1"; return 1; }
}

no_carrier()
{
	ip_in s1 link show dmvpn0 | grep -q NO-CARRIER
}

carrier()
{
	ip_in s1 link show dmvpn0 up | grep -q LOWER_UP
}

# cut NODE, mend NODE: its line
cut()
{
	ip_in net link set "u$(number "$1")" down
}

mend()
{
	ip_in net link set "u$(number "$1")" up
}

# goes_by NBMA ADDRESS: traffic from s1 to an address that both hubs have,
# and that was not used before
goes_by()
{
	busywait 10 ping_from s1 "$2" &&
		busywait 5 entry_is s1 "$2/32" nbma "$1"
}

by_hand()
{
	local links=(-n "$(ns s1)" link)

	need d s1 link add dmvpn7 local 192.0.2.2 key 7 protection none
	need ip "${links[@]}" set dmvpn7 up
	check "a new device has a carrier" busywait 5 \
		grep_link dmvpn7 LOWER_UP
	check "it can be taken" ip "${links[@]}" set dmvpn7 carrier off
	check "and is gone" busywait 5 grep_link dmvpn7 NO-CARRIER
	check "and given back" ip "${links[@]}" set dmvpn7 carrier on
	check "and is there" busywait 5 grep_link dmvpn7 LOWER_UP
	need ip "${links[@]}" del dmvpn7
}

grep_link()
{
	ip_in s1 link show "$1" | grep -q "$2"
}

alone()
{
	spoke_start
	check "the spoke makes its device" \
		busywait 10 ip_in s1 link show dmvpn0 up
	check "without a carrier, as no server is up" busywait 5 no_carrier
	check "the better server is asked first, then the other one" \
		busywait 30 state_is 10.0.0.3 DOWN
	check "and the first one is asked on" state_is 10.0.0.1 DOWN
	check "still without a carrier" no_carrier
}

registration()
{
	dmvpnd_start hub
	dmvpnd_start s2
	check "the better server is up" busywait 100 state_is 10.0.0.1 UP
	check "the other one waits" busywait 20 state_is 10.0.0.3 WAIT
	check "the device has a carrier" busywait 5 carrier
	check "the spoke is registered with one" \
		busywait 5 entry_is hub 10.0.0.2/32 type registered
	check "and not with the other" \
		busywait 10 entry_is s2 10.0.0.2/32 type ""
	check "which relays nothing" relay_is 192.0.2.1
	need ip_in s1 route add 10.9.0.0/24 dev dmvpn0
	check "traffic goes by the better one" goes_by 192.0.2.1 10.9.0.1
	dmvpnd_stop s1 KILL
	check "a daemon that is killed leaves the carrier" carrier
	spoke_start
	check "the next one finds the server up" \
		busywait 10 state_is 10.0.0.1 UP
	check "and the carrier as it was" carrier
}

over()
{
	cut hub
	check "without the better one the other is registered with" \
		busywait 60 state_is 10.0.0.3 UP
	check "which is seen down" state_is 10.0.0.1 DOWN
	check "the spoke is registered there" \
		busywait 5 entry_is s2 10.0.0.2/32 type registered
	check "that one relays" relay_is 192.0.2.3
	check "traffic goes by the other one" goes_by 192.0.2.3 10.9.0.2
	check "the device has a carrier" carrier
}

back()
{
	mend hub
	check "the better one answers, and waits" \
		busywait 100 state_is 10.0.0.1 WAIT
	check "while the other one is used" state_is 10.0.0.3 UP
	check "after the fallback time it is gone back to" \
		busywait 30 state_is 10.0.0.1 UP
	check "the other one waits" state_is 10.0.0.3 WAIT
	check "and has forgotten the spoke" \
		busywait 10 entry_is s2 10.0.0.2/32 type ""
	check "the better one has not" \
		entry_is hub 10.0.0.2/32 type registered
	check "it relays" relay_is 192.0.2.1
	check "traffic goes by it" goes_by 192.0.2.1 10.9.0.3
}

# Hub gets another address, as dynamic DNS has it.
moved()
{
	echo '192.0.2.101 hub.example.net' >"$scratch/hosts"
	ip_in hub -batch - <<-LIST
	addr add 192.0.2.101/24 dev u0
	addr del 192.0.2.1/24 dev u0
	LIST
	# Deleting the first address of a subnet may take the second one along.
	need ip_in hub addr replace 192.0.2.101/24 dev u0
	check "a server that has moved is found by its name" \
		busywait 100 entry_is s1 10.0.0.1/32 nbma 192.0.2.101
	check "and gone back to" busywait 100 state_is 10.0.0.1 UP
	check "it relays, under its new address" relay_is 192.0.2.101
	check "traffic goes by it" goes_by 192.0.2.101 10.9.0.4
	check "the name is shown" named
}

# Last, as servers are asked more and more seldom while they are away.
none()
{
	cut s2
	cut hub
	check "without both there is no carrier" busywait 60 no_carrier
	mend s2
	check "with one of them there is: NHRP went on without" \
		busywait 100 carrier
	check "it is the other one" state_is 10.0.0.3 UP
}

named()
{
	d s1 show nhs | grep -q 'hub\.example\.net'
}

topology 2
echo '192.0.2.1 hub.example.net' >"$scratch/hosts"
for node in hub s1 s2; do
	conf "$node"
done
for node in hub s2; do
	for i in 1 2 3 4; do
		need ip_in "$node" addr add "10.9.0.$i/32" dev lan0
	done
done
by_hand
alone
registration
over
back
moved
none
[ "$failed" -eq 0 ] || diag "$(tail -n 40 "$scratch"/log-*)"
plan
