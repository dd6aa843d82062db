# shellcheck shell=bash disable=SC2034 # step and scratch are for who sources it
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the steps share, sourced: this machine, with what is installed on it, is
# the hub; a branch is a network namespace behind wan0.
#
#   machine                            namespace branch
#   wan0 192.0.2.1 ------------------- wan1 192.0.2.2
#   dmvpn0 192.168.1.1  lan0 10.1.1.1  dmvpn0 192.168.1.2  lan0 10.1.2.1

set -u
matrix=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
here=$matrix/..
slow=${DMVPN_SLOW:-1}
scratch=$(mktemp -d)
branch=/run/branch	# its configuration and sockets, which outlive a step
exec {never}<> <(:)
. "$here/tap.sh"
. "$here/process.sh"
. "$here/charon.sh"
. "$matrix/block.sh"

trap 'processes_end; rm -rf "$scratch"' EXIT
trap interrupted TERM

# type_in COMMAND...: as a user would; for the transcript
type_in()
{
	diag "\$ $*"
	"$@" 2>&1 | sed 's/^/#   /'
	return "${PIPESTATUS[0]}"
}

at_branch()
{
	ip netns exec branch "$@"
}

# branch_up: the namespace, its addresses, an IKE daemon, dmvpnd
branch_up()
{
	mkdir -p "$branch/etc"
	ip netns add branch
	ip link set wan1 netns branch
	ip -n branch -batch - <<-LIST
	link set lo up
	link set wan1 up
	addr add 192.0.2.2/24 dev wan1
	link add lan0 type dummy
	link set lan0 up
	addr add 10.1.2.1/24 dev lan0
	LIST
	at_branch sysctl -qw net.ipv4.ip_forward=1
	cat >"$branch/etc/dmvpn0.conf" <<-END
		[Tunnel]
		Source=wan1
		Address=192.168.1.2/24
		Key=0
		[NHRP]
		NetworkId=1
		Authentication=cisco123
		[NHS]
		Address=192.168.1.1
		Nbma=192.0.2.1
		Multicast=yes
		[IPsec]
		Secret=a long secret that all routers share
		Socket=$branch/vici
	END
	charon_modules
	charon_write_conf "$branch/strongswan.conf" "$branch/vici" \
		"$branch/charon"
	STRONGSWAN_CONF=$branch/strongswan.conf setsid --fork ip netns exec branch \
		"${unconfined[@]}" charon-systemd >"$branch/out" 2>&1
	busywait 30 test -S "$branch/vici" || return 1
	setsid --fork ip netns exec branch dmvpnd -c "$branch/etc" --level debug \
		>"$branch/log" 2>&1
	ip route replace 10.1.2.0/24 via 192.168.1.2 dev dmvpn0 onlink
	busywait 30 at_branch ip route replace 10.1.1.0/24 via 192.168.1.1
}

# branch_reaches ADDRESS
branch_reaches()
{
	at_branch ping -n -c 1 -W 2 "$1"
}

# branch_registered: for busywait, which needs it read anew each time
branch_registered()
{
	grep -q registered <<<"$(dmvpn show)"
}

# requests_seen: requests to register that the daemon which runs now has seen
requests_seen()
{
	dmvpn -j show traffic dev dmvpn0 |
		jq -e '[.. | objects | .in? // empty | objects |
			.registration_request? // empty] | add > 0'
}

# branch_registers: the entry that an earlier daemon has made does not count
branch_registers()
{
	busywait 20 dmvpn show nhs && at_branch dmvpn clear nhs &&
		busywait 60 requests_seen && busywait 10 branch_registered
}

# stream_start: packets from the branch's LAN to ours, for stream_lossless
stream_start()
{
	ip netns exec branch ping -n -i 0.1 -I 10.1.2.1 10.1.1.1 \
		>"$scratch/stream" 2>&1 &
	stream=$!
	owned+=("$stream")
}

# main_pid: of the service
main_pid()
{
	systemctl show -p MainPID --value dmvpnd
}

# pid_is_new PID: the service runs, as another process
pid_is_new()
{
	local pid

	pid=$(main_pid)
	systemctl -q is-active dmvpnd && [ "$pid" -gt 0 ] && [ "$pid" != "$1" ]
}

ifindex()
{
	cat /sys/class/net/dmvpn0/ifindex
}

# example NAME: a block of docs/operations.md, its interface being ours
example()
{
	block "$here/../docs/operations.md" "<!-- $1 -->" | sed 's/eth0/wan0/'
}
