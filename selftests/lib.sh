# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the selftests share: TAP, waiting, a cloud in network namespaces,
# captures, upcalls, static security associations.
#
#                    net: bridge br0 192.0.2.254
#              +--------------+--------------+
#              | u0           | u0           | u0
#             hub             s1             s2 ...
#   underlay  192.0.2.1       192.0.2.2      192.0.2.3
#             2001:db8::1     2001:db8::2    2001:db8::3
#   dmvpn0    10.0.0.1/24     10.0.0.2/24    10.0.0.3/24
#             fd00::1/64      fd00::2/64     fd00::3/64
#   lan0      10.1.1.1/24     10.1.2.1/24    10.1.3.1/24
#             fd01:1::1/64    fd01:2::1/64   fd01:3::1/64
#
# A node is called by its name ("hub", "s1"); its namespace has a name of its
# own, see ns(). Everything goes when the script ends.

set -u
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
programs=${DMVPN_PROGRAMS:-$here/../user/build/normal}	# installed ones: /usr/sbin
PATH=$programs:$here/bin:$PATH
slow=${DMVPN_SLOW:-1}
scratch=$(mktemp -d)
netns=/run/netns/dmvpn-$$	# with "-NODE" behind
nodes=()
exec {never}<> <(:)	# a descriptor that never has anything to read
unset DMVPN_DEV
. "$here/tap.sh"
. "$here/process.sh"

cleanup()
{
	local name

	processes_end
	for name in "${nodes[@]}"; do
		ip netns del "$(ns "$name")"
	done
	rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT
trap interrupted TERM

# Nodes ------------------------------------------------------------------

# ns NODE: name of its network namespace
ns()
{
	echo "dmvpn-$$-$1"
}

# in_ns NODE COMMAND...: with the node's own /sys, and mounts of its own
in_ns()
{
	local node=$1

	shift
	ip netns exec "dmvpn-$$-$node" "$@"
}

# ip_in NODE ARGS...: ip in the namespace; standard input for "-batch -"
ip_in()
{
	local node=$1

	shift
	ip -n "dmvpn-$$-$node" "$@"
}

# enter NODE COMMAND...: the same, cheaper, without these
enter()
{
	local node=$1

	shift
	enterns "$netns-$node" "$@"
}

# d NODE ARGS...: the command dmvpn on a node
d()
{
	local node=$1

	shift
	enter "$node" dmvpn "$@"
}

# d_all NODE: each line of standard input is arguments for the command dmvpn
d_all()
{
	# shellcheck disable=SC2016 # for the inner shell
	enter "$1" sh -e -c 'while read -r line; do dmvpn $line; done'
}

# ifindex NODE [DEVICE]
ifindex()
{
	in_ns "$1" cat "/sys/class/net/${2:-dmvpn0}/ifindex"
}

new_ns()
{
	ip netns add "$(ns "$1")" || exit 1
	nodes+=("$1")
	ip_in "$1" link set lo up
}

# number NODE: last part of its addresses
number()
{
	case $1 in
	hub) echo 1 ;;
	s*) echo $((${1#s} + 1)) ;;
	esac
}

# node NAME: a router on the underlay
node()
{
	local i

	i=$(number "$1")
	new_ns "$1"
	ip link add "u$i" netns "$(ns net)" type veth \
		peer name u0 netns "$(ns "$1")" || exit 1
	ip_in net -batch - <<-LIST || exit 1
	link set u$i master br0 up
	LIST
	# A link local address takes a second that nobody has.
	ip_in "$1" -batch - <<-LIST || exit 1
	link set u0 addrgenmode none
	link set u0 up
	addr add 192.0.2.$i/24 dev u0
	addr add 2001:db8::$i/64 dev u0 nodad
	link add lan0 type dummy
	link set lan0 addrgenmode none
	link set lan0 up
	addr add 10.1.$i.1/24 dev lan0
	addr add fd01:$i::1/64 dev lan0 nodad
	LIST
	enter "$1" sh -c 'cd /proc/sys/net
		echo 1 >ipv4/ip_forward
		echo 1 >ipv6/conf/all/forwarding
		echo 0 >ipv4/icmp_ratelimit
		echo 0 >ipv6/icmp/ratelimit'
}

# topology N: hub and N spokes on the underlay, without tunnels
topology()
{
	local i

	new_ns net
	ip_in net -batch - <<-LIST || exit 1
	link add br0 type bridge mcast_snooping 0
	link set br0 addrgenmode none
	link set br0 up
	addr add 192.0.2.254/24 dev br0
	LIST
	node hub
	for ((i = 1; i <= $1; i++)); do
		node "s$i"
	done
}

# nbma NODE, nbma6 NODE: its underlay addresses
nbma()
{
	echo "192.0.2.$(number "$1")"
}

nbma6()
{
	echo "2001:db8::$(number "$1")"
}

# tunnel NODE [OPTION...]: dmvpn0 without protection, unless OPTION says so
tunnel()
{
	local node=$1 i

	shift
	i=$(number "$node")
	[[ " $* " == *" protection "* ]] || set -- protection none "$@"
	d "$node" link add dmvpn0 local "192.0.2.$i" local "2001:db8::$i" \
		"$@" || exit 1
	ip_in "$node" -batch - <<-LIST || exit 1
	link set dmvpn0 addrgenmode none
	link set dmvpn0 up
	addr add 10.0.0.$i/24 dev dmvpn0
	addr add fd00::$i/64 dev dmvpn0 nodad
	LIST
}

# cloud N [OPTION...]: topology N with tunnels; the hub knows each spoke, each
# spoke knows the hub and has it as its next hop server.
cloud()
{
	local count=$1 i name

	shift
	topology "$count"
	tunnel hub "$@"
	for ((i = 1; i <= count; i++)); do
		name=s$i
		tunnel "$name" "$@"
		d_all hub <<-LIST || exit 1
		cache add 10.0.0.$((i + 1)) nbma $(nbma "$name") type registered
		cache add fd00::$((i + 1)) nbma $(nbma "$name") type registered
		LIST
		d_all "$name" <<-LIST || exit 1
		peer set 192.0.2.1 nhs on
		cache add 10.0.0.1 nbma 192.0.2.1 type nhs
		cache add fd00::1 nbma 192.0.2.1 type nhs
		LIST
	done
}

# ping_from NODE ADDRESS [OPTION...]: one echo request answered within 5 s
ping_from()
{
	local node=$1 to=$2

	shift 2
	enter "$node" ping -n -c 1 -W $((5 * slow)) "$@" "$to"
}

# all_answered NODE ADDRESS COUNT [OPTION...]: so many echo requests, of which
# none is lost. ping's -c with -w would go on until so many are answered; behind
# the last one come others, as it may take its time.
all_answered()
{
	local node=$1 to=$2 count=$3 lost

	shift 3
	enter "$node" ping -n -c $((count + 10)) -i 0.05 -W $((5 * slow)) \
		"$@" "$to" >"$scratch/answered" 2>&1
	lost=$(unanswered "$scratch/answered" 0 "$count" | paste -s -d ' ')
	[ -z "$lost" ] && return
	echo "not answered: $lost"
	tail -n 3 "$scratch/answered"
	return 1
}

# send_from NODE ADDRESS COUNT [OPTION...]: echo requests, answers do not matter
send_from()
{
	local node=$1 to=$2 count=$3

	shift 3
	enter "$node" ping -n -q -c "$count" -i 0.01 -W 0.01 "$@" "$to" \
		>/dev/null 2>&1
	return 0
}

# file_has FILE TEXT
file_has()
{
	local text=

	[ -e "$1" ] && read -rd '' text <"$1"
	[[ $text == *"$2"* ]]
}

# Captures of the underlay -----------------------------------------------

# capture_start NAME [FILTER]: returns when packets are being captured
capture_start()
{
	local file=$scratch/$1.pcap

	# What an earlier one of this name has said must not be taken for it.
	rm -f "$file" "$file.log"
	enterns "$netns-net" tcpdump -Z root -n -U \
		--immediate-mode -s 256 -i br0 -w "$file" \
		"${2:-ip proto 47 or ip6 proto 47} or udp port 9" \
		2>"$file.log" &
	capture=$!
	owned+=("$capture")
	busywait 20 file_has "$file.log" 'tcpdump: listening' && return
	echo "Bail out! tcpdump: $(<"$file.log")"
	exit 1
}

# capture_stop NAME: returns when what went before is in the file
capture_stop()
{
	# A packet of our own, on the same way, comes behind all others.
	enter hub bash -c 'echo "the end of a capture" >/dev/udp/192.0.2.254/9'
	busywait 20 grep -q 'the end of a capture' "$scratch/$1.pcap" ||
		{ echo "Bail out! the capture is not complete"; exit 1; }
	process_stop "$capture"
}

# capture_count NAME FILTER: packets, or no number at all
capture_count()
{
	local text

	text=$(tcpdump -n -r "$scratch/$1.pcap" "$2" 2>"$scratch/reading") || {
		echo "tcpdump: $(tail -n 1 "$scratch/reading")"
		return 1
	}
	if [ -n "$text" ]; then
		wc -l <<<"$text"
	else
		echo 0
	fi
}

capture_has()
{
	[ "$(capture_count "$1" "$2")" -gt 0 ]
}

# capture_show NAME: all of it, to look at
capture_show()
{
	tcpdump -n -v -x -r "$scratch/$1.pcap" 2>/dev/null
}

# Upcalls ----------------------------------------------------------------

# upcalls_start NODE [OPTION...]: own dmvpn0 of the node, as the daemon does
upcalls_start()
{
	local node=$1 file=$scratch/upcalls-$1

	shift
	rm -f "$file"
	mkfifo "$file.in"
	exec {upcalls_in}<>"$file.in"
	enterns "$netns-$node" upcall "$@" dmvpn0 <"$file.in" >"$file" 2>&1 &
	upcalls=$!
	owned+=("$upcalls")
	busywait 20 file_has "$file" bound && return
	echo "Bail out! upcall: $(<"$file")"
	exit 1
}

# upcalls_do NODE COMMAND...: see upcall.c; returns when it is done, and all
# upcalls until then are in the list.
upcalls_do()
{
	local node=$1 count

	shift
	count=$(grep -c '^done' "$scratch/upcalls-$node")
	echo "$*" >&"$upcalls_in"
	busywait 20 upcalls_done "$node" $((count + 1)) && return
	echo "Bail out! upcall: no answer"
	exit 1
}

upcalls_done()
{
	[ "$(grep -c '^done' "$scratch/upcalls-$1")" -ge "$2" ]
}

# upcalls NODE REGEX: number of lines that match
upcalls()
{
	upcalls_do "$1" sync
	grep -cE -- "$2" "$scratch/upcalls-$1"
}

upcalls_are()
{
	local count

	count=$(upcalls "$1" "$2")
	[ "$count" -eq "$3" ] && return
	echo "$count of $2, not $3"
	grep -vE '^(bound|done)' "$scratch/upcalls-$1" | tail -n 20
	return 1
}

# upcalls_stop NODE: give the device back
upcalls_stop()
{
	exec {upcalls_in}>&-
	process_stop "$upcalls" || not_ok "the owner of dmvpn0 on $1 ends"
	rm -f "$scratch/upcalls-$1.in"
}

# Static protection ------------------------------------------------------

esp_key=0x000102030405060708090a0b0c0d0e0f10111213

# esp_policy NODE: GRE only in ESP, in both directions, whoever the peer is
esp_policy()
{
	local v4 v6

	v4=$(nbma "$1") v6=$(nbma6 "$1")
	ip_in "$1" -batch - <<-LIST
	xfrm policy add src $v4/32 dst 0.0.0.0/0 proto 47 dir out tmpl src $v4 dst 0.0.0.0 proto esp reqid 1 mode transport
	xfrm policy add src 0.0.0.0/0 dst $v4/32 proto 47 dir in tmpl src 0.0.0.0 dst $v4 proto esp reqid 1 mode transport
	xfrm policy add src $v6/128 dst ::/0 proto 47 dir out tmpl src $v6 dst :: proto esp reqid 1 mode transport
	xfrm policy add src ::/0 dst $v6/128 proto 47 dir in tmpl src :: dst $v6 proto esp reqid 1 mode transport
	LIST
}

# esp_spi FROM TO [ROUND]: of the security association of this direction, and of
# those that take its place
esp_spi()
{
	printf '0x%x' $((0x1000 + 4096 * ${3:-0} + 16 * $(number "$1") +
		$(number "$2")))
}

# esp_sa NODE FROM TO [ROUND]: one security association on a node, both families
esp_sa()
{
	local spi

	spi=$(esp_spi "$2" "$3" "${4:-}")
	ip_in "$1" -batch - <<-LIST
	xfrm state add src $(nbma "$2") dst $(nbma "$3") proto esp spi $spi reqid 1 mode transport replay-window 64 aead rfc4106(gcm(aes)) $esp_key 128
	xfrm state add src $(nbma6 "$2") dst $(nbma6 "$3") proto esp spi $spi reqid 1 mode transport replay-window 64 aead rfc4106(gcm(aes)) $esp_key 128
	LIST
}

# esp_pair A B: security associations between two nodes, on both of them
esp_pair()
{
	esp_sa "$1" "$1" "$2" && esp_sa "$1" "$2" "$1" &&
		esp_sa "$2" "$1" "$2" && esp_sa "$2" "$2" "$1"
}

# esp_del NODE FROM TO [ROUND]: the opposite of esp_sa
esp_del()
{
	local spi

	spi=$(esp_spi "$2" "$3" "${4:-}")
	ip_in "$1" -batch - <<-LIST
	xfrm state del src $(nbma "$2") dst $(nbma "$3") proto esp spi $spi
	xfrm state del src $(nbma6 "$2") dst $(nbma6 "$3") proto esp spi $spi
	LIST
}

. "$here/query.sh"
[ -x "$programs/dmvpn" ] ||
	{ echo "Bail out! no dmvpn in $programs: make -C user"; exit 1; }
