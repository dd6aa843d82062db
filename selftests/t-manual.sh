#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The examples of the manual, as they stand there.

. "$(dirname "$0")/lib.sh"
stock_only
top=$here/..
man=${DMVPN_MAN:-$top/user/man}

# shown PAGE TEXT: the literal block that follows the line which has TEXT
shown()
{
	awk -v text="$2" '
		index($0, text) { found = 1 }
		found && /^\.Bd/ { inside = 1; next }
		inside && /^\.Ed/ { exit }
		inside' "$man/$1"
}

# command_of PAGE TEXT: the command that follows it, in one line
command_of()
{
	awk -v text="$2" '
		index($0, text) { found = 1 }
		found && sub(/^\.Dl /, "") { print; exit }' "$man/$1" |
		sed 's/\\(dq/"/g'
}

# literals PAGE: the number of its literal blocks below EXAMPLES
literals()
{
	sed -n '/^.Sh EXAMPLES/,/^.Sh [^E]/p' "$man/$1" | grep -cE '^\.(Bd|Dl)'
}

# run_in NODE: standard input is what the shell of a node gets
run_in()
{
	enter "$1" sh -e
}

topology 1
shown dmvpn.8 "On the hub:" >"$scratch/hub"
shown dmvpn.8 "On the spoke, which" >"$scratch/spoke"
ip_in hub route add 198.51.100.0/24 via 192.0.2.2
ip_in s1 addr add 198.51.100.2/32 dev lo
check "a hub by hand" run_in hub <"$scratch/hub"
check "a spoke by hand" run_in s1 <"$scratch/spoke"
check "the spoke reaches the hub" enter s1 ping -n -c 1 -W 5 10.0.0.1
check "the hub reaches the spoke" enter hub ping -n -c 1 -W 5 10.0.0.2
check "the spoke's multicast has somebody to go to" eval \
	'd s1 show multicast | grep -q 192.0.2.1'

command_of dmvpn.8 "Wait up to a minute" >"$scratch/monitor"
run_in hub <"$scratch/monitor" >"$scratch/event" &
monitor=$!
owned+=("$monitor")
changes()
{
	d hub cache add 10.0.0.9 nbma 198.51.100.9
	d hub cache del 10.0.0.9
	processes_gone "$monitor"
}
check "monitor ends with the next change" busywait 20 changes
check "which it printed" jq -e . "$scratch/event"
d s1 cache add 10.0.0.7 type incomplete >/dev/null 2>&1 ||
	send_from s1 10.0.0.7
command_of dmvpn.8 "The prefixes that are relayed" >"$scratch/relayed"
check "the prefixes that are relayed" run_in s1 <"$scratch/relayed"
is "are listed" "$(run_in s1 <"$scratch/relayed")" "10.0.0.7/32"
command_of dmvpn.8 "whose packets fail" >"$scratch/errors"
check "peers whose packets fail" run_in hub <"$scratch/errors"
cp "$top/user/tests/data/ios-sv9-3.txt" "$scratch/router.txt"
command_of dmvpn.8 "and what needs attention" >"$scratch/import"
is "what of a router needs attention" "$(cd "$scratch" &&
	run_in hub <"$scratch/import" | cut -d: -f1-3)" \
	"router.txt:53: not-translated"
command_of dmvpn.8 "A drawing of the mesh" >"$scratch/graph"
check "a drawing of the mesh" eval \
	"cd '$scratch' && run_in hub <graph && grep -q '</svg>' mesh.svg"
is "these are the examples of dmvpn.8" "$(literals dmvpn.8)" 7

# takes NUMBER TEXT: the configuration after TEXT is one that dmvpnd takes
takes()
{
	local dir=$scratch/conf-$1

	mkdir -p "$dir"
	touch "$dir"/{spoke2.pem,spoke2.key,ca.pem}
	# One that shows a section alone is for any device.
	shown dmvpnd.conf.5 "$2" >"$dir/dmvpn0.conf"
	grep -q '^\[Tunnel\]' "$dir/dmvpn0.conf" ||
		printf '[Tunnel]\nSource=eth0\nAddress=192.168.1.2/24\n' \
			>>"$dir/dmvpn0.conf"
	check "a configuration: $2" dmvpnd --check -c "$dir"
}

takes 1 "A hub:"
takes 2 "A spoke of it:"
takes 3 "A spoke with an IPv4 and an IPv6 tunnel"
takes 4 "A hub of a region"
takes 5 "Certificates, where the hub"
shown dmvpnd.conf.5 "A device may be moved" >"$scratch/moved"
new_ns inside
sed -i "/dmvpnd\$/d; s/inside/$(ns inside)/; s/dmvpn0/dmvpn8/" "$scratch/moved"
check "a device is moved into a namespace" run_in hub <"$scratch/moved"
check "and is there" d inside link show dmvpn8
is "these are the examples of dmvpnd.conf.5" "$(literals dmvpnd.conf.5)" 6

# The kernel's tool is not packaged, but in its source.
clis=("${DMVPN_CACHE:-/nonexistent}"/scripts-*/tools/net/ynl/cli.py)
cli=${clis[-1]}
if [ -e "$cli" ]; then
	# Once: Python takes a minute where instructions are emulated.
	printf "%s >'%s'\n" "$(shown dmvpn-netlink.7 "The cache of all devices" |
		sed "s|^cli.py|python3 $cli|; s|Documentation|$top/kmod/&|")" \
		"$scratch/entries" >"$scratch/ynl"
	check "the kernel's own tool reads the spec" run_in hub <"$scratch/ynl"
	is "and shows as many entries" \
		"$(grep -o "'prefix'" "$scratch/entries" | wc -l)" \
		"$(d hub -j show | jq length)"
else
	skip "the kernel's own tool: no kernel source in the cache"
fi
plan
