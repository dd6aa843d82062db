#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What watches over a network: metrics for a collector, a drawing of the mesh, and a
# doctor who finds each of several faults and nothing in a set-up without one.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

# openmetrics FILE: complaints about the text, by its grammar
openmetrics()
{
	awk '
	function bad(what) { print NR ": " what ": " $0 }
	function named(f) { return f == family && !described }
	ended { bad("behind the end") }
	/^# EOF$/ { ended = 1; next }
	/^# TYPE / {
		if ($3 !~ /^[a-zA-Z_:][a-zA-Z0-9_:]*$/ || $3 ~ /_total$/ ||
		    $4 !~ /^(gauge|counter)$/ || NF != 4)
			bad("type")
		if ($3 in seen)
			bad("twice")
		seen[family = $3] = 1
		kind = $4
		described = unit = 0
		next
	}
	/^# UNIT / {
		if (!named($3) || unit++ || NF != 4 ||
		    substr($3, length($3) - length($4)) != "_" $4)
			bad("unit")
		next
	}
	/^# HELP / {
		if (!named($3) || NF < 4)
			bad("help")
		described = 1
		next
	}
	{
		if (!match($0, /^[a-zA-Z_:][a-zA-Z0-9_:]*/)) {
			bad("name")
			next
		}
		name = substr($0, 1, RLENGTH)
		rest = substr($0, RLENGTH + 1)
		if (name != family (kind == "counter" ? "_total" : ""))
			bad("of no family")
		labels = ""
		if (rest ~ /^\{/) {
			before = "{"
			while (match(rest,
			/^[{,][a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*"/) &&
			       substr(rest, 1, 1) == before) {
				labels = labels substr(rest, 1, RLENGTH)
				rest = substr(rest, RLENGTH + 1)
				before = ","
			}
			if (rest !~ /^\}/)
				bad("labels")
			rest = substr(rest, 2)
		}
		if (rest !~ /^ [0-9]+(\.[0-9]+)?$/)
			bad("value")
		if ((name labels) in values)
			bad("twice")
		values[name labels] = 1
	}
	END { if (!ended) print "no end" }' "$1"
}

# metrics NODE [ARGS...]: its metrics, in $scratch/metrics
metrics()
{
	local node=$1

	shift
	d "$node" metrics "$@" >"$scratch/metrics"
}

# metric NAME-WITH-LABELS VALUE: is among them
metric()
{
	grep -qxF -- "$1 $2" "$scratch/metrics" && return
	echo "no $1 $2:"
	grep -F -- "${1%%[\{,]*}" "$scratch/metrics"
	return 1
}

# metric_over NAME-WITH-LABELS LEAST
metric_over()
{
	awk -v name="$1" -v least="$2" '
		index($0, name " ") == 1 && $NF > least { found = 1 }
		END { exit !found }' "$scratch/metrics"
}

measuring()
{
	local dev='device="dmvpn0"' file=$scratch/out.prom code
	local spoke="$dev,nbma=\"192.0.2.2\""

	check "packets for the metrics" ping_from s1 10.0.0.1 -c 3 -i 0.05
	check "the hub has metrics" metrics hub
	is "they follow the grammar" "$(openmetrics "$scratch/metrics")" ""
	check "the daemon runs" metric dmvpn_daemon_up 1
	check "clients are counted" \
		metric "dmvpn_entries{$dev,type=\"registered\"}" 2
	check "and their limit is there" \
		metric "dmvpn_entries_limit{$dev}" 131072
	check "each reason of a drop is there" \
		metric "dmvpn_drops_total{$dev,reason=\"rx-clear\"}" 0
	check "octets of a client are counted" metric_over \
		"dmvpn_peer_receive_bytes_total{$spoke}" 251
	check "it was seen in this century" metric_over \
		"dmvpn_peer_receive_timestamp_seconds{$spoke}" 1500000000
	check "registrations are counted" metric_over \
		"dmvpn_nhrp_packets_total{$dev,direction=\"in\",type=\"registration_request\"}" 1
	check "a spoke has metrics" metrics s1
	is "they follow the grammar" "$(openmetrics "$scratch/metrics")" ""
	check "its server is up" metric \
		"dmvpn_nhs_up{$dev,nhs=\"10.0.0.1\",nbma=\"192.0.2.1\"}" 1
	metrics hub peers 1
	check "a peer is left out" metric "dmvpn_peers_left_out{$dev}" 1
	is "one is not" "$(grep -c ^dmvpn_peer_ready "$scratch/metrics")" 1

	check "into a file" d hub metrics format prometheus out "$file"
	is "with one name for a counter" "$(grep -c \
		'^# TYPE dmvpn_drops_total counter' "$file")" 1
	is "nothing else is left there" "$(echo "$file"*)" "$file"
	check_not "not into what is no directory" \
		d hub metrics out "$file/none"

	dmvpnd_stop hub KILL
	metrics hub
	code=$?
	is "without the daemon: exit status" "$code" 0
	check "it says so" metric dmvpn_daemon_up 0
	check "the kernel's are there" \
		metric "dmvpn_entries{$dev,type=\"registered\"}" 2
	is "they follow the grammar" "$(openmetrics "$scratch/metrics")" ""
	dmvpnd_start hub
	need busywait 10 d hub show nhs
}

# drawn NODE TEXT [ARGS...]: it is in the drawing
drawn()
{
	local node=$1 text=$2

	shift 2
	d "$node" graph "$@" | grep -F -- "$text"
}

drawing()
{
	local n

	for n in 2 3; do
		check "the hub draws spoke $((n - 1))" drawn hub \
			"\"dmvpn0 192.0.2.$n\" [shape=box, label=\"10.0.0.$n\\n192.0.2.$n\"]"
		check "and a line to it" drawn hub \
			"\"dmvpn0\" -- \"dmvpn0 192.0.2.$n\" [style=solid"
		check "in the other format, too" \
			drawn hub ">10.0.0.$n<tspan" format svg
	done
	check "the spoke draws its server" drawn s1 "shape=box3d"
	is "the rest is told" "$(d hub graph peers 1 |
		grep -o 'and 1 more')" "and 1 more"
	d hub graph format svg >"$scratch/mesh.svg"
	check "the drawing is XML" python3 -c 'import sys, xml.dom.minidom
xml.dom.minidom.parse(sys.argv[1])' "$scratch/mesh.svg"
}

# examine NODE: what is not ok, in $scratch/doctor
examine()
{
	d "$1" -j doctor config "$scratch/etc-$1" >"$scratch/doctor.all"
	echo $? >"$scratch/doctor.code"
	jq -c '.[] | select(.severity != "ok")' "$scratch/doctor.all" \
		>"$scratch/doctor"
}

# finds NODE CODE SEVERITY CHECK TEXT REMEDY
finds()
{
	examine "$1"
	[ "$(<"$scratch/doctor.code")" -eq "$2" ] &&
		jq -es --arg s "$3" --arg c "$4" --arg t "$5" --arg r "$6" \
			'any(.[]; .severity == $s and .check == $c and
			(.found | contains($t)) and (.remedy // "" | contains($r)))' \
			"$scratch/doctor" && return
	echo "exit status $(<"$scratch/doctor.code")"
	cat "$scratch/doctor"
	return 1
}

# healthy NODE: nothing is found
healthy()
{
	examine "$1"
	[ "$(<"$scratch/doctor.code")" -eq 0 ] &&
		[ -s "$scratch/doctor.all" ] && [ ! -s "$scratch/doctor" ] &&
		return
	cat "$scratch/doctor"
	return 1
}

# set_net NODE PATH VALUE: below /proc/sys/net
set_net()
{
	enter "$1" sh -c "echo $3 >/proc/sys/net/$2"
}

# on_the_machine: faults of a node apart from dmvpn
on_the_machine()
{
	set_net hub ipv4/ip_forward 0
	check "a hub that does not forward" finds hub 1 fail forwarding \
		"IPv4" "sysctl -w net.ipv4.ip_forward=1"
	d hub doctor >"$scratch/doctor.text"
	check "the remedy as text" grep 'ip_forward=1$' "$scratch/doctor.text"
	set_net hub ipv4/ip_forward 1
	set_net s1 ipv4/conf/u0/rp_filter 1
	check "strict filter of reverse paths" finds s1 0 warn rp-filter \
		"strict on u0" "net.ipv4.conf.u0.rp_filter=2"
	set_net s1 ipv4/conf/u0/rp_filter 0
	ip_in s1 route del 192.0.2.0/24 dev u0
	check "no route to the server" finds s1 1 fail route \
		"192.0.2.1: Network is unreachable" "ip route add 192.0.2.1"
	ip_in s1 route add 192.0.2.0/24 dev u0 src 192.0.2.2
	ip_in s1 route add 192.0.2.1 dev dmvpn0
	check "a route into the tunnel" finds s1 1 fail route \
		"leads into the tunnel" "ip route add 192.0.2.1"
	ip_in s1 route del 192.0.2.1 dev dmvpn0
	ip_in s1 link set dmvpn0 mtu 1480
	check "more than the path takes" finds s1 0 warn mtu \
		"only" "ip link set dmvpn0 mtu 14"
	ip_in s1 link set dmvpn0 mtu 1400
}

at_the_firewall()
{
	enter hub nft -f - <<-END
	table inet f {
		chain in {
			type filter hook input priority 0; policy drop;
			iifname lo accept
			tcp dport 22 accept
		}
	}
	END
	check "a firewall that lets nothing pass" finds hub 1 fail firewall \
		"chain inet f in accepts GRE" \
		"nft insert rule inet f in meta l4proto gre accept"
	enter hub nft insert rule inet f in meta mark 5 \
		meta l4proto gre accept
	check "one with a condition" finds hub 0 unknown firewall \
		"conditions that were not checked" ""
	enter hub nft insert rule inet f in meta l4proto gre accept
	check "the remedy is one" healthy hub
	enter hub nft add chain inet f by \
		'{ type filter hook forward priority 0; policy drop; }'
	check "a hub that may not forward" finds hub 0 warn firewall \
		"chain inet f by accepts what spokes send each other" \
		"nft insert rule inet f by iifname dmvpn0 oifname dmvpn0 accept"
	enter hub nft insert rule inet f by iifname dmvpn0 oifname dmvpn0 \
		accept
	check "its remedy is one, too" healthy hub
	enter hub nft delete table inet f
}

in_dmvpn()
{
	ip_in s1 link set dmvpn0 down
	check "a device that is down" finds s1 1 fail device "down" \
		"ip link set dmvpn0 up"
	ip_in s1 link set dmvpn0 up
	check "it is up again" busywait 20 healthy s1
	echo "Nonsense=1" >>"$scratch/etc-s1/dmvpn0.conf"
	check "a mistake in the configuration" finds s1 1 fail config \
		"Nonsense" "dmvpnd --check"
	conf s1
	chmod 644 "$scratch/etc-s1/dmvpn0.conf"
	check "a password that others can read" finds s1 0 warn secrets \
		"etc-s1/dmvpn0.conf" "chmod 600"
	chmod 600 "$scratch/etc-s1/dmvpn0.conf"
	dmvpnd_stop s1 KILL
	check "a daemon that does not run" finds s1 1 fail daemon \
		"does not run" "systemctl start dmvpnd"
	dmvpnd_start s1
	check "it runs again" busywait 20 healthy s1
	refused "a device that does not exist is no good" \
		"there is no such dmvpn device" d s1 doctor dev dmvpn9
}

diagnosing()
{
	local node

	for node in hub s1 s2; do
		# The first one loads what nft needs.
		busywait 30 healthy "$node"
		check "nothing is wrong with $node" healthy "$node"
	done
	on_the_machine
	at_the_firewall
	in_dmvpn
	for node in hub s1; do
		check "nothing is left of it on $node" healthy "$node"
	done
}

topology 2
for node in hub s1 s2; do
	conf "$node"
	dmvpnd_start "$node"
done
need busywait 20 entry_is hub 10.0.0.2/32 type registered
need busywait 20 entry_is hub 10.0.0.3/32 type registered
need busywait 10 nhs_is s1 UP
measuring
need busywait 20 entry_is hub 10.0.0.2/32 type registered
drawing
diagnosing
[ "$failed" -eq 0 ] || diag "$(tail -n 30 "$scratch"/log-*)"
plan
