#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything that can change changes at once while packets run: entries and
# peers, configuration, devices, security associations and policies, the
# underlay. Then a namespace goes, and in the end the module. What is proved
# is that traffic comes back, nothing stays behind, and the kernel, a debug
# one above all, has nothing to say about it.

. "$(dirname "$0")/lib.sh"

types=(1 3 4)		# static, registered, resolved
declare -A actor
running=()

# run NODE COMMAND...: in the background until traffic_stop
run()
{
	local node=$1

	shift
	# Not through a function: the signal is for the program itself.
	nice -n 5 enterns "$netns-$node" "$@" <&0 >/dev/null 2>&1 &
	owned+=("$!")
	running+=("$!")
}

# Packets of any kind, all of them until traffic_stop
traffic_start()
{
	local dev

	dev=$(ifindex s1)
	run s1 ping -n -q -f 10.0.0.3
	run s1 ping -n -q -i 0.01 -s 3000 10.0.0.1
	run s2 ping -n -q -i 0.01 fd00::2
	run hub ping -n -q -i 0.01 -I dmvpn0 224.0.0.5
	run s2 ping -n -q -i 0.01 10.0.0.99
	run s1 nlraw - < <(yes "packet-send packet.ifindex=u32:$dev packet.nbma=ip:192.0.2.1 packet.payload=hex:00010800")
}

traffic_stop()
{
	kill "${running[@]}" 2>/dev/null
	wait "${running[@]}" 2>/dev/null
	running=()
}

# act NAME COMMAND...: a change in the background, see acts_done
act()
{
	local name=$1

	shift
	"$@" >"$scratch/act-$name" 2>&1 &
	actor[$name]=$!
	owned+=("$!")
}

acts_done()
{
	local name

	for name in "${!actor[@]}"; do
		if wait "${actor[$name]}"; then
			ok "$name under traffic"
		else
			not_ok "$name under traffic"
			diag "$(tail -n 5 "$scratch/act-$name")"
		fi
	done
	actor=()
}

# request NODE: each line of standard input is one for nlraw; some must fail,
# as others get in their way, but the kernel must take the others.
request()
{
	enter "$1" nlraw - >"$scratch/said-$1-$2"
	grep -q '^ok' "$scratch/said-$1-$2"
}

# entries NODE ROUNDS: come, are replaced, go one by one and all at once
entries()
{
	local dev i j

	dev=$(ifindex "$1")
	for ((j = 0; j < $2; j++)); do
		for i in {10..40}; do
			echo "entry-set entry.ifindex=u32:$dev entry.prefix=ip:10.0.0.$i entry.type=u32:${types[i % 3]} entry.nbma=ip:192.0.2.$((i % 7 + 1)) entry.holding-time=u32:$((i % 3))"
			echo "entry-set entry.ifindex=u32:$dev entry.prefix=ip:10.0.$i.0 entry.plen=u8:24 entry.type=u32:4 entry.nbma=ip:2001:db8::$i"
		done
		for i in {2..3}; do
			echo "entry-set entry.ifindex=u32:$dev entry.prefix=ip:10.0.0.$i entry.type=u32:4 entry.nbma=ip:192.0.2.$((j % 3 + 1))"
			echo "entry-set entry.ifindex=u32:$dev entry.prefix=ip:10.0.0.$i entry.type=u32:5"
			echo "entry-set entry.ifindex=u32:$dev entry.prefix=ip:10.0.0.$i entry.type=u32:4 entry.nbma=ip:192.0.2.$i"
			echo "entry-del entry.ifindex=u32:$dev entry.prefix=ip:10.0.0.$((i + 10))"
		done
		echo "entry-set entry.ifindex=u32:$dev entry.prefix=ip:10.0.0.99 entry.type=u32:$((5 + j % 2)) entry.holding-time=u32:1"
		echo "entry-get dump entry.ifindex=u32:$dev"
		echo "entry-flush entry.ifindex=u32:$dev"
	done | request "$1" entries
}

# peers NODE ROUNDS: servers of any preference, members of the multicast list
peers()
{
	local dev i j

	dev=$(ifindex "$1")
	for ((j = 0; j < $2; j++)); do
		for i in 1 2 3 {50..60}; do
			echo "peer-set peer.ifindex=u32:$dev peer.nbma=ip:192.0.2.$i peer.flags=u32:$((i % 4)) peer.preference=u8:$((j * i % 256))"
			echo "mcast-add peer.ifindex=u32:$dev peer.nbma=ip:192.0.2.$i"
		done
		echo "peer-get dump peer.ifindex=u32:$dev"
		for i in 1 2 3 {50..60}; do
			echo "mcast-del peer.ifindex=u32:$dev peer.nbma=ip:192.0.2.$((62 - i))"
			echo "peer-set peer.ifindex=u32:$dev peer.nbma=ip:192.0.2.$i peer.flags=u32:$(((i + j) % 4)) peer.preference=u8:$i"
			echo "peer-del peer.ifindex=u32:$dev peer.nbma=ip:192.0.2.$i"
		done
	done | request "$1" peers
}

# configuration NODE ROUNDS
configuration()
{
	local i

	for ((i = 0; i < $2; i++)); do
		cat <<-LIST
		link set dmvpn0 key $i redirect on hold-queue 2
		link set dmvpn0 protection none local 192.0.2.77
		link set dmvpn0 underlay u0 shortcut off tos inherit
		link set dmvpn0 key none local $(nbma "$1") redirect off
		link set dmvpn0 protection required shortcut on hold-queue 64
		LIST
	done | d_all "$1"
}

# devices NODE ROUNDS: others by the side, with entries and traffic
devices()
{
	local i j

	for ((j = 0; j < $2; j++)); do
		for i in {1..4}; do
			echo "link other$i link.local4=ip:$(nbma "$1") link.key=u32:$((100 + i)) link.protection=u8:$((i % 2)) link.redirect=u8:1"
		done | request "$1" devices || return 1
		for i in {1..4}; do
			cat <<-LIST
			link set other$i addrgenmode none
			link set other$i up
			addr add 10.$i.9.1/24 dev other$i
			LIST
		done | ip_in "$1" -batch - || return 1
		for i in {1..4}; do
			echo "peer-set peer.ifindex=u32:$(ifindex "$1" "other$i") peer.nbma=ip:192.0.2.2 peer.flags=u32:2"
		done | request "$1" devices || return 1
		for i in {1..4}; do
			enter "$1" ping -n -q -c 3 -i 0.01 -W 0.01 "10.$i.9.2" \
				>/dev/null 2>&1 &
		done
		printf 'link del other%d\n' {1..4} | ip_in "$1" -batch - ||
			return 1
		wait
	done
}

# associations NODE ROUNDS: theirs and the policies come and go
associations()
{
	local i

	for ((i = 0; i < $2; i++)); do
		ip_in "$1" xfrm state flush
		esp_sa "$1" "$1" "$3" && esp_sa "$1" "$3" "$1" || return 1
		ip_in "$1" xfrm policy flush
		esp_policy "$1" || return 1
		esp_del "$1" "$1" "$3" || return 1
		esp_sa "$1" "$1" "$3" || return 1
	done
}

# underlay NODE ROUNDS: down and up, other addresses and none
underlay()
{
	local i v4 v6

	v4=$(nbma "$1") v6=$(nbma6 "$1")
	for ((i = 0; i < $2; i++)); do
		cat <<-LIST
		link set u0 down
		link set u0 up
		addr replace $v6/64 dev u0 nodad
		link set u0 mtu 1300
		addr del $v4/24 dev u0
		link set u0 mtu 1500
		addr add $v4/24 dev u0
		LIST
	done | ip_in "$1" -batch -
}

# Everything a device has, as "peers entries members of the multicast list"
tables()
{
	d "$1" -j show stats dev dmvpn0 | jq -r '.[0] |
		"\(.peers) \(.entries) \(.multicast)"'
}

# restore: what the tests began with
restore()
{
	local node peer

	for node in hub s1 s2; do
		d_all "$node" <<-LIST >/dev/null
		link set dmvpn0 key none protection required
		cache flush dev dmvpn0
		LIST
		ip_in "$node" xfrm state flush
		ip_in "$node" xfrm policy flush
		esp_policy "$node"
		for peer in $(d "$node" -j show peers dev dmvpn0 |
				jq -r '.[].nbma'); do
			d "$node" peer del "$peer" dev dmvpn0
		done
	done
}

mappings()
{
	local node i

	for node in hub s1 s2; do
		for i in hub s1 s2; do
			[ "$node" = "$i" ] ||
				echo "cache add 10.0.0.$(number "$i") nbma $(nbma "$i") dev dmvpn0"
		done | d_all "$node"
	done
	esp_pair hub s1
	esp_pair hub s2
	esp_pair s1 s2
	d_all hub <<-LIST
	multicast add 192.0.2.2 dev dmvpn0
	multicast add 192.0.2.3 dev dmvpn0
	LIST
}

storm()
{
	local node

	mappings
	upcalls_start hub -e
	run s1 dmvpn monitor
	traffic_start
	act "entries of s1 changed" entries s1 8
	act "entries of the hub changed" entries hub 8
	act "peers of s1 changed" peers s1 6
	act "configuration of the hub changed" configuration hub 2
	act "devices of the hub made and removed" devices hub 2
	act "associations of s2 changed" associations s2 5 s1
	act "underlay of s1 down and up" underlay s1 8
	acts_done
	traffic_stop
	restore
	for node in hub s1 s2; do
		is "$node has no peers and entries left" "$(tables "$node")" \
			"0 0 0"
	done
	mappings
	check "s1 reaches s2" ping_from s1 10.0.0.3
	check "s2 reaches the hub" ping_from s2 10.0.0.1
	check "the hub reaches s1" ping_from hub 10.0.0.2
}

gone()
{
	! ip_in "$1" link show "$2" >/dev/null 2>&1
}

# The namespace ends with packets to and from it under way, and held ones.
namespace()
{
	traffic_start
	d s2 cache add 10.0.0.98 nbma 192.0.2.98 dev dmvpn0
	send_from s2 10.0.0.98 3
	ip netns del "$(ns s2)"
	nodes=(net hub s1)
	# Its last processes keep the namespace.
	traffic_stop
	run s1 ping -n -q -f 10.0.0.3
	run hub ping -n -q -i 0.01 -I dmvpn0 224.0.0.5
	check "a namespace goes with its devices" busywait 20 gone net u3
	check "the others go on" ping_from s1 10.0.0.1
	traffic_stop
}

unloaded()
{
	rmmod dmvpn
	[ ! -d /sys/module/dmvpn ]
}

module()
{
	[ -n "${DMVPN_MODULE:-}" ] ||
		{ skip "unload under traffic: DMVPN_MODULE is not set"; return; }
	run s1 ping -n -q -f 10.0.0.1
	run hub ping -n -q -i 0.01 -I dmvpn0 224.0.0.5
	run s1 ping -n -q -i 0.01 10.0.0.97
	check "packets run" ping_from s1 10.0.0.1
	# Waits for namespaces that are going, so for all they have. A dump
	# that is under way may refuse it.
	check "the module goes under traffic" busywait 10 unloaded
	check "with the device of the hub" gone hub dmvpn0
	check "and of s1" gone s1 dmvpn0
	traffic_stop
	upcalls_stop hub
	check_not "nobody holds a device" sh -c \
		'dmesg | tail -n 200 | grep "unregister_netdevice: waiting"'
	need "$here/module.sh" load
	tunnel hub protection required
	tunnel s1 protection required
	d s1 cache add 10.0.0.1 nbma 192.0.2.1
	d hub cache add 10.0.0.2 nbma 192.0.2.2
	check "loaded again, it carries packets" ping_from s1 10.0.0.1
}

cloud 2 protection required
for node in hub s1 s2; do
	esp_policy "$node"
done
restore
storm
namespace
module
plan
