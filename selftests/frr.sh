# shellcheck shell=bash disable=SC2154 # scratch, slow, nodes: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FRR's zebra and nhrpd, as Debian packages them, on nodes of lib.sh, sourced
# after it: their tunnel is ip_gre's gre1. Run directory, sockets and logs are
# in $scratch/frr-NODE. A node without FRR has dmvpnd; see our_conf.

. "$here/frr-daemon.sh"

frr_version='' frr_auth='' newest_frr=10.3
password=cisco123
hold=15			# FRR's holding time; ours has a minimum of 30

[ -x "$frr_bin/nhrpd" ] || skip_all "no FRR: selftests/vm/deps.sh frr"
modprobe -qa ip_gre nfnetlink_log nft_log nft_limit nf_tables 2>/dev/null

# version_of NHRPD: such as 10.3
version_of()
{
	"$1" --version | sed -n 's/.* version \([0-9.]*[0-9]\).*/\1/p'
}

# frr_with DIRECTORY FUNCTION: a topology of two spokes, and FUNCTION in it, with
# the daemons in there
frr_with()
{
	frr_bin=$1
	frr_version=$(version_of "$frr_bin/nhrpd")
	[ -n "$frr_version" ] || not_ok "FRR tells its version"
	# It learnt to authenticate in version 10.
	frr_auth=yes
	[ "${frr_version%%.*}" -ge 10 ] || frr_auth=''
	topology 2
	"$2"
	[ "$failed" -eq 0 ] || frr_report
	nodes_end
}

# frr_versions FUNCTION: with what is installed, and with that of Debian 13, if it
# is another. The latter may be out of reach.
frr_versions()
{
	local installed newest

	installed=$(version_of "$frr_bin/nhrpd")
	frr_with "$frr_bin" "$1"
	[[ $installed != "$newest_frr"* ]] || return
	newest=$("$here/vm/frr.sh" --if-ready)/bin
	if [ -x "$newest/nhrpd" ]; then
		frr_with "$newest" "$1"
	else
		skip "FRR $newest_frr: not here, get it by selftests/vm/frr.sh"
	fi
}

# long_too: what waits for the ends of holding times is tried with the newest
# version, and with the others when all is asked for
long_too()
{
	[[ $frr_version = "$newest_frr"* ]] || [ -n "${DMVPN_ALL:-}" ] ||
		! "$here/vm/frr.sh" --if-ready >/dev/null 2>&1
}

# gre NODE: its tunnel, with the address that FRR wants, a host's
gre()
{
	ip_in "$1" -batch - <<-LIST || exit 1
	tunnel add gre1 mode gre key 7 ttl 64 local $(nbma "$1") dev u0
	link set gre1 mtu 1400 up
	addr add 10.0.0.$(number "$1")/32 dev gre1
	LIST
}

# frr_start NODE: with standard input for interface gre1; returns when its
# daemons answer
frr_start()
{
	local node=$1 dir=$scratch/frr-$1

	rm -rf "$dir" && mkdir "$dir" || exit 1
	{
		echo "debug nhrp all"
		echo "nhrp nflog-group 1"
		echo "interface gre1"
		echo " ip nhrp network-id 1"
		echo " ip nhrp holdtime $hold"
		[ -z "$frr_auth" ] || echo " ip nhrp authentication $password"
		sed 's/^/ /'
		echo " tunnel source u0"
	} >"$dir/nhrpd.conf"
	chown -R frr:frr "$dir"
	frr_pids[$node]=''
	strangers+=("$(nbma "$node")")
	frr_daemon "$node" zebra -f /dev/null
	frr_daemon "$node" nhrpd -f "$dir/nhrpd.conf"
}

# nhrp_json NODE WHAT: "show ip nhrp WHAT json"
nhrp_json()
{
	frr_show "$1" nhrpd "show ip nhrp $2 json" | sed -n '/{/,$p'
}

# knows NODE ADDRESS NBMA: FRR has the address of a peer in its cache
knows()
{
	nhrp_json "$1" cache | jq -e --arg a "$2" --arg n "$3" \
		'any(.table[]?; .protocol == $a and .nbma == $n)'
}

# knows_not NODE ADDRESS
knows_not()
{
	local out

	out=$(nhrp_json "$1" cache) && [ -n "$out" ] || return 1
	jq -e --arg a "$2" 'all(.table[]?; .protocol != $a or
		(.type | IN("invalid", "incomplete", "negative")))' <<<"$out"
}

# frr_up NODE: it is registered with a server
frr_up()
{
	nhrp_json "$1" nhs | jq -e 'any(.table[]?; .protocol == "10.0.0.1")' &&
		knows "$1" 10.0.0.1 "$(nbma hub)"
}

# shortcut NODE PREFIX VIA: FRR has a shortcut
shortcut()
{
	nhrp_json "$1" shortcut | jq -e --arg p "$2" --arg v "$3" \
		'any(.table[]?; .prefix == $p and .via == $v)'
}

# shortcuts_gone NODE
shortcuts_gone()
{
	local out

	out=$(nhrp_json "$1" shortcut) && [ -n "$out" ] || return 1
	jq -e 'all(.table[]?; (.via // "") == "")' <<<"$out"
}

# nflog NODE: what makes redirects of FRR: packets that leave the way they came
nflog()
{
	enter "$1" nft -f - <<-LIST
	table ip dmvpn {
		chain forward {
			type filter hook forward priority 0
			iifname gre1 oifname gre1 limit rate 10/second log group 1 snaplen 128
		}
	}
	LIST
}

# our_conf NODE [SED-SCRIPT]: dmvpnd for the same cloud, as it is by default
our_conf()
{
	local change='/^NatExtension/d; /^RegistrationUnique/d
		s/^NetworkId=1/&\nHoldTime=30/'

	[ -n "$frr_auth" ] || change+='; /^Authentication/d'
	[ "$1" = hub ] && change+='; s/^NetworkId=1/&\nRedirect=yes/'
	conf "$1" "$change
		${2:-}"
}

# lans DEVICE NODE: routes of phase 3: all LANs are behind the hub
lans()
{
	ip_in "$2" route add 10.1.0.0/16 via 10.0.0.1 dev "$1" onlink
	# FRR answers whom it has a route to.
	[ "$1" != gre1 ] ||
		ip_in "$2" route add 10.0.0.0/24 via 10.0.0.1 dev gre1 onlink
}

# hub_lans DEVICE: each LAN is behind its spoke
hub_lans()
{
	ip_in hub -batch - <<-LIST
	route add 10.1.2.0/24 via 10.0.0.2 dev $1 onlink
	route add 10.1.3.0/24 via 10.0.0.3 dev $1 onlink
	LIST
}

# resolved_not NODE PREFIX: no entry that starts so
resolved_not()
{
	local out

	out=$(d "$1" -j show dev dmvpn0) && [ -n "$out" ] || return 1
	jq -e --arg p "$2" 'all(.[]; .type != "resolved" or
		(.prefix | startswith($p) | not))' <<<"$out"
}

# client_gone NODE PREFIX: it is no longer registered; that nobody knows it may be
# remembered
client_gone()
{
	local REPLY

	query "$1" -j show dev dmvpn0 || return 1
	json_object prefix "$2" || return 0
	json_member type && [ "$REPLY" != registered ]
}

# between CAPTURE NODE NODE: GRE from one to the other
between()
{
	capture_has "$1" \
		"ip proto 47 and src host $(nbma "$2") and dst host $(nbma "$3")"
}

# clean_capture NAME NODE...: what these nodes sent there, all of it, decodes
# without any complaint
clean_capture()
{
	local name=$1 filter='' node out=$scratch/decoded

	shift
	for node; do
		filter+="${filter:+ || }ip.src == $(nbma "$node")"
	done
	tshark -o nhrp.auth_ext_has_addr:FALSE -r "$scratch/$name.pcap" \
		-Y "nhrp && ($filter)" -T fields -e nhrp.hdr.op.type \
		-e nhrp.hdr.pktsz -e nhrp.hdr.chksum.status -e nhrp.hdr.hopcnt \
		-e _ws.malformed -e _ws.expert.severity >"$out" 2>/dev/null
	# Fields of a quoted packet come behind those of the packet itself.
	# shellcheck disable=SC2016 # for awk
	check "$frr_version: what we sent decodes ($(wc -l <"$out") packets)" \
		awk -F'\t' '$3 !~ /^1(,|$)/ || $5 != "" || $6 != "" { print; bad = 1 }
			END { exit bad || NR == 0 }' "$out"
}

# frr_report: what to look at after a failure
frr_report()
{
	local node

	for node in hub s1 s2; do
		if [ -n "${frr_pids[$node]:-}" ]; then
			diag "$node: $(frr_show "$node" nhrpd "show ip nhrp cache"
				frr_show "$node" nhrpd "show ip nhrp shortcut"
				frr_show "$node" nhrpd "show ip nhrp nhs"
				frr_show "$node" nhrpd "show running-config")"
			diag "$node: $(tail -n 60 "$scratch/frr-$node/nhrpd.log")"
		else
			diag "$node: $(d "$node" show; d "$node" show nhs)"
			diag "$node: $(tail -n 60 "$scratch/log-$node")"
		fi
		diag "$node: $(ip_in "$node" route; ip_in "$node" neigh)"
	done
}
