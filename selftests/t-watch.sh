#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What watches over a network: metrics for a collector.

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

topology 2
for node in hub s1 s2; do
	conf "$node"
	dmvpnd_start "$node"
done
need busywait 20 entry_is hub 10.0.0.2/32 type registered
need busywait 20 entry_is hub 10.0.0.3/32 type registered
need busywait 10 nhs_is s1 UP
measuring
[ "$failed" -eq 0 ] || diag "$(tail -n 30 "$scratch"/log-*)"
plan
