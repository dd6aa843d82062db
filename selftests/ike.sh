# shellcheck shell=bash disable=SC2154 # scratch, slow: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Real IKE daemons on the nodes of lib.sh, sourced after it: strongSwan's charon
# and dmvpnd in each namespace, with sockets and configuration of their own.

. "$here/daemon.sh"
. "$here/stream.sh"

declare -A charon
ike_reported=''

command -v charon-systemd >/dev/null ||
	skip_all "no charon-systemd: selftests/vm/deps.sh ike"

. "$here/charon.sh"
charon_modules

# charon_start NODE: returns when it answers
charon_start()
{
	charon_write_conf "$scratch/charon-$1.conf" "$scratch/vici-$1" \
		"$scratch/charon-$1.log"
	rm -f "$scratch/vici-$1"
	# Not through a function: the signals are for charon itself.
	STRONGSWAN_CONF=$scratch/charon-$1.conf enterns "$netns-$1" \
		"${unconfined[@]}" charon-systemd >"$scratch/charon-$1.out" 2>&1 &
	charon[$1]=$!
	owned+=("$!")
	busywait 40 swan "$1" --version && return
	diag "swanctl: $(swan "$1" --version)"
	diag "charon: $(tail -n 5 "$scratch/charon-$1.out" "$scratch/charon-$1.log")"
	echo "Bail out! the charon of $1 does not answer"
	exit 1
}

# charon_kill NODE [SIGNAL]
charon_kill()
{
	process_stop "${charon[$1]}" "${2:-KILL}"
}

# swan NODE ARGS...: swanctl on the charon of a node
swan()
{
	local node=$1

	shift
	STRONGSWAN_CONF=$scratch/charon-$node.conf enter "$node" \
		"${unconfined[@]}" swanctl "$@" \
		--uri "unix://$scratch/vici-$node" 2>&1
}

# ike_conf NODE [SED-SCRIPT]: with ESP by IKE; the script changes it
ike_conf()
{
	conf "$1" '/^\(Protection\|NatExtension\|RegistrationUnique\)=/d'
	cat >>"$scratch/etc-$1/dmvpn0.conf" <<-END
		[IPsec]
		Secret=only for tests
		Socket=$scratch/vici-$1
	END
	sed -i "${2:-}" "$scratch/etc-$1/dmvpn0.conf"
}

# sas NODE PEER: number of security associations of the kernel with a node
sas()
{
	ip_in "$1" xfrm state | awk -v a="$(nbma "$1")" -v b="$(nbma "$2")" '
		/^src/ && (($2 == a && $4 == b) || ($2 == b && $4 == a)) { n++ }
		END { print n + 0 }'
}

sas_are()
{
	local count

	count=$(sas "$1" "$2")
	[ "$count" = "$3" ] || { echo "$count SAs of $1 with $2, not $3"; return 1; }
}

# without_sa NODE...: ESP packets that came by an SA which the node has no more,
# or not yet: what comes by a number that was reserved for an SA, and has no keys
# so far, is counted as XfrmAcquireError.
without_sa()
{
	local node

	for node; do
		enter "$node" cat /proc/net/xfrm_stat
	done | awk '/^Xfrm(InNoStates|InStateInvalid|AcquireError)/ { n += $2 }
		END { print n + 0 }'
}

# explained TEXT LOST WITHOUT: LOST packets, of which no other may be lost than
# the WITHOUT that came by such SAs, and not many of these
explained()
{
	diag "$1: $2 packets lost, $3 came without an SA"
	check "$1: what is lost came by SAs that were not there" [ "$2" -le "$3" ]
	check "$1: it is no outage" [ "$2" -le 50 ]
}

# ike_report NODE...: what to look at after a failure; of the first one, as soon as
# this is called after it
ike_report()
{
	local node

	[ "$failed" -gt 0 ] && [ -z "$ike_reported" ] || return 0
	ike_reported=yes
	for node in "${!stream_pid[@]}"; do
		diag "stream $node: not answered: $(holes "$node" |
			head -n 20 | paste -s -d " ")"
		diag "stream $node: $(around_holes "$node")"
	done
	for node; do
		diag "$node: $(enter "$node" cat /proc/net/xfrm_stat |
			grep -v '[^0-9]0$')"
		diag "$node: $(d "$node" show stats | grep -v ' 0  ')"
		diag "$node: $(d "$node" show; d "$node" show peers)"
		diag "$node: $(d "$node" show ipsec 2>&1; d "$node" show nhs)"
		diag "$node: $(ip_in "$node" xfrm policy | grep -A 3 gre)"
		diag "$node: $(ip_in "$node" xfrm state | grep -E '^src|spi')"
		diag "$node: $(grep -v 'NHRP:' "$scratch/log-$node" |
			tail -n 40)"
		diag "$node: $(grep -E 'CHILD_SA|IKE_SA|DELETE|acquire|retransmit' \
			"$scratch/charon-$node.log" | tail -n 40)"
	done
}
