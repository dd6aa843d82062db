#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is lost when traffic between two spokes goes from the direct way back to
# the server, and to the direct way again, while a numbered stream lasts.
#
#     a, b, h ==== u0 ==== k      the cloud is a bridge

set -u
. "$(dirname "$(readlink -f "$0")")/lib.sh"
count=${COUNT:-2000}	# packets of a sample
dir=$(mktemp -d) || exit 1
pids=()

switch_cleanup()
{
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
	cleanup
	rm -rf "$dir"
}

# node NAME NUMBER: its place in the cloud
node()
{
	namespaces "$1" || return 1
	ip link add u0 netns "$id-$1" type veth peer name "to-$1" \
		netns "$id-k" &&
		ip -n "$id-k" link set "to-$1" master br0 up || return 1
	ip -n "$id-$1" -batch - <<-LIST
	link set u0 up
	addr add 192.0.2.$2/24 dev u0
	addr add 172.16.$2.1/24 dev lo
	LIST
}

# daemon NAME NUMBER: dmvpnd with its configuration, the end of which is stdin
daemon()
{
	mkdir -p "$dir/$1" && cat - >"$dir/$1/net0.conf" <<-END
	[Tunnel]
	Source=u0
	Address=10.0.0.$2/24
	Protection=none
	[NHRP]
	$(cat)
	END
	# Each has a control socket of its own.
	# shellcheck disable=SC2016 # for that shell
	in_ns "$1" unshare -m sh -c 'mount -t tmpfs none /run &&
		exec dmvpnd -c "$1" --level warning' - "$dir/$1" \
		>"$dir/$1/log" 2>&1 &
	pids+=("$!")
}

# direct NODE: traffic of the node goes to the other spoke itself
direct()
{
	in_ns "$1" dmvpn -j show | jq -e \
		'any(.. | objects | select(.type? == "resolved"); .nbma? != null)'
}

relayed()
{
	in_ns a dmvpn -j show stats | jq '[.. | .relayed? // empty |
		numbers] | add'
}

ended()
{
	! kill -0 "$1" 2>/dev/null
}

direct_or_ended()
{
	direct a || ended "$1"
}

# sample: the stream, and the shortcuts of both ends go again and again meanwhile
sample()
{
	local before stream i

	before=$(relayed)
	in_ns a ping -n -q -i 0.005 -c "$count" -I 172.16.1.1 172.16.2.1 \
		>"$dir/stream" 2>&1 &
	stream=$!
	for ((i = 0; ; i++)); do
		in_ns a dmvpn cache flush type resolved >/dev/null
		in_ns b dmvpn cache flush type resolved >/dev/null
		until_ok direct_or_ended "$stream" ||
			die "the path does not get direct"
		! ended "$stream" || break
	done
	wait "$stream"
	[ "$i" -ge 5 ] || die "the stream ended after $i changes"
	[ "$(relayed)" -gt "$before" ] || die "no packet was relayed"
	echo "lost dmvpn none 1 84" "$(awk '/packets transmitted/ {
		print $1 - $4 }' "$dir/stream")"
}

trap switch_cleanup EXIT
namespaces k || die "no cloud"
ip -n "$id-k" -batch - <<-LIST || die "no bridge"
link add br0 type bridge
link set br0 up
LIST
node h 3 || die "no server"
node a 1 || die "no spoke"
node b 2 || die "no other spoke"
echo Server=yes | daemon h 3
for n in a b; do
	printf '%s\n' "[NHS]" Address=10.0.0.3 Nbma=192.0.2.3 |
		daemon "$n" "$([ "$n" = a ] && echo 1 || echo 2)"
done
for n in a b; do
	until_ok in_ns "$n" ping -c 1 -W 1 10.0.0.3 ||
		die "$n does not get to the server: $(tail -n 3 "$dir/$n/log")"
done
ip -n "$id-h" -batch - <<LIST || die "no routes on the server"
route add 172.16.1.0/24 via 10.0.0.1
route add 172.16.2.0/24 via 10.0.0.2
LIST
ip -n "$id-a" route add 172.16.2.0/24 via 10.0.0.2
ip -n "$id-b" route add 172.16.1.0/24 via 10.0.0.1
until_ok in_ns a ping -c 1 -W 1 -I 172.16.1.1 172.16.2.1 ||
	die "no way between the spokes"
for ((i = 0; i < samples; i++)); do
	sample || exit 1
done
