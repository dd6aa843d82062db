# shellcheck shell=bash disable=SC2154,SC2034 # scratch, at_plan: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dmvpnd on the nodes of lib.sh, sourced after it. Its configuration is in
# $scratch/etc-NODE, its log $scratch/log-NODE.
#
# All NHRP that crosses the underlay in the clear is captured from the first
# daemon on, and looked at by another decoder when the script ends. Packets of
# the addresses in $strangers, who are not ours, are left out of that.

declare -A dmvpnd_of
strangers=()

# conf_text NODE: a configuration without ESP, in the old routers' manner
conf_text()
{
	cat <<-END
		[Tunnel]
		Source=u0
		Address=10.0.0.$(number "$1")/24
		Key=7
		Protection=none
		[NHRP]
		NetworkId=1
		Authentication=cisco123
		NatExtension=no
		RegistrationUnique=no
	END
	[ "$1" = hub ] || cat <<-END
		[NHS]
		Address=10.0.0.1
		Nbma=192.0.2.1
		Multicast=yes
	END
}

# conf NODE [SED-SCRIPT]: its configuration; the script changes it
conf()
{
	mkdir -p "$scratch/etc-$1"
	conf_text "$1" | sed "${2:-}" >"$scratch/etc-$1/dmvpn0.conf"
	chmod 600 "$scratch/etc-$1/dmvpn0.conf"
}

# wire_start: capture what wire_check looks at
wire_start()
{
	wire=none
	rm -f "$scratch/all-nhrp.log"
	[[ " ${nodes[*]} " == *" net "* ]] || return
	enterns "$netns-net" tcpdump -Z root -n -U --immediate-mode -s 600 \
		-i br0 -w "$scratch/all-nhrp.pcap" \
		'(ip proto 47 and ip[22:2] = 0x2001) or
		(ip6 proto 47 and ip6[42:2] = 0x2001)' \
		2>"$scratch/all-nhrp.log" &
	wire=$!
	owned+=("$wire")
	need busywait 20 grep -q '^tcpdump: listening' "$scratch/all-nhrp.log"
	at_plan=(wire_check)
}

# wire_bad: frames that are not as they should be, of the fields below. Where a
# packet is quoted its fields come behind those of the packet itself, and
# complaints may be about what is quoted of it. Each hop leaves a record and
# takes one from 255.
wire_bad()
{
	awk -F'\t' -v strangers=" ${strangers[*]} " '
	function first(list, a) { split(list, a, ","); return a[1] }
	function hops(reply, i, n, kind, len) {
		n = split($7, kind, ",")
		split($8, len, ",")
		for (i = 1; i <= n; i++)
			if (kind[i] == (reply ? "0x0005" : "0x0004"))
				return len[i] / (len[i] % 20 ? 32 : 20)
		return 0
	}
	{
		type = first($3)
		hop = first($6)
		if (index(strangers, " " first($2) " "))
			next
		seen++
		most = type <= 2 || type >= 5 && type <= 6 ? \
			hops(type % 2 == 0) : 0
		# Expert information up to "note" is no complaint.
		n = split($10, severity, ",")
		for (i = 1; type < 7 && i <= n; i++)
			if (severity[i] + 0 > 4194304)
				print "expert: " $0
		if (first($5) != 1 || (type < 7 && $9 != "") || hop > 255 ||
		    hop < 255 - most)
			print
	}
	END { if (!seen) print "nothing was captured" }' "$1"
}

# in_clear: some device does without ESP
in_clear()
{
	grep -q '^Protection=none' "$scratch"/etc-*/*.conf
}

# wire_check: at the end of a script, on behalf of plan(), or of its nodes
wire_check()
{
	local file=$scratch/all-nhrp

	kill -0 "$wire" 2>/dev/null || not_ok "all NHRP is captured"
	process_stop "$wire"
	wire='' at_plan=()
	if ! in_clear &&
	   [ "$(tcpdump -n -c 1 -r "$file.pcap" 2>/dev/null | wc -l)" -eq 0 ]
	then
		skip "NHRP on the wire: all of it is in ESP"
		return
	fi
	tshark -o nhrp.auth_ext_has_addr:FALSE -r "$file.pcap" -Y nhrp \
		-T fields -e frame.number -e ip.src -e nhrp.hdr.op.type \
		-e nhrp.hdr.pktsz -e nhrp.hdr.chksum.status \
		-e nhrp.hdr.hopcnt -e nhrp.ext.type -e nhrp.ext.len \
		-e _ws.malformed -e _ws.expert.severity \
		>"$file.fields" 2>/dev/null
	wire_bad "$file.fields" >"$file.bad"
	is "another decoder finds no fault in all NHRP that was sent" \
		"$(head -n 5 "$file.bad")" ""
}

# dmvpnd_start NODE [OPTION...]
dmvpnd_start()
{
	local node=$1

	[ -n "${wire:-}" ] || wire_start
	shift
	enterns "$netns-$node" dmvpnd -c "$scratch/etc-$node" \
		--level debug "$@" >>"$scratch/log-$node" 2>&1 &
	dmvpnd_of[$node]=$!
	owned+=("$!")
}

# dmvpnd_stop NODE SIGNAL: and wait until it is gone
dmvpnd_stop()
{
	process_stop "${dmvpnd_of[$1]}" "$2" || not_ok "dmvpnd on $1 ends by SIG$2"
}

logged()
{
	grep -q -- "$2" "$scratch/log-$1"
}

# nhrp_count NODE NAME: a counter of the daemon
nhrp_count()
{
	local REPLY

	query "$1" -j show stats dev dmvpn0 && json_member "$2" && echo "$REPLY"
}

# registrations NODE: requests to register that have come to it
registrations()
{
	d "$1" -j show stats dev dmvpn0 | jq '.[0].nhrp.in.registration_request'
}

# registers_more NODE COUNT: another one than those has come
registers_more()
{
	[ "$(registrations "$1")" -gt "$2" ]
}

# nhrp_count_over NODE NAME VALUE
nhrp_count_over()
{
	local value

	value=$(nhrp_count "$1" "$2")
	[ "$value" -gt "$3" ] || { echo "$2 is $value, not over $3"; return 1; }
}

# stream_start: packets from LAN to LAN, for stream_lossless
stream_start()
{
	enterns "$netns-s1" ping -n -i 0.02 -I 10.1.2.1 10.1.3.1 \
		>"$scratch/stream" 2>&1 &
	stream=$!
	owned+=("$stream")
}

entry_is()
{
	local REPLY

	query "$1" -j show dev dmvpn0
	json_object prefix "$2" && json_member "$3" || REPLY=
	[ "$REPLY" = "$4" ] && return
	echo "$3 of $2 is '$REPLY', not '$4'"
	return 1
}

# nhs_is NODE STATE
nhs_is()
{
	local REPLY

	query "$1" -j show nhs && [[ $REPLY == *"\"$2\""* ]]
}

# direct NODE PREFIX: some entry that starts so is resolved and direct
direct()
{
	local REPLY all object='\{[^{}]*\}'

	query "$1" -j show dev dmvpn0
	all=$REPLY
	while [[ $all =~ $object ]]; do
		REPLY=${BASH_REMATCH[0]}
		[[ $REPLY == *'"type":"resolved"'* &&
		   $REPLY == *'"path":"direct"'* &&
		   $REPLY == *"\"prefix\":\"$2"* ]] && return
		all=${all#*"$REPLY"}
	done
	return 1
}

# learns NODE ADDRESS PREFIX NBMA [OPTION...]: a packet to ADDRESS, at which nobody is,
# shows the path of its network; for busywait
learns()
{
	send_from "$1" "$2" 1 "${@:5}"
	entry_is "$1" "$3" nbma "$4"
}

# spoke_routes: each spoke's LAN, to the interface on the other spoke and to
# the spoke's tunnel address on the hub
spoke_routes()
{
	ip_in s1 route add 10.1.3.0/24 dev dmvpn0
	ip_in s2 route add 10.1.2.0/24 dev dmvpn0
	ip_in hub -batch - <<-LIST
	route add 10.1.2.0/24 via 10.0.0.2
	route add 10.1.3.0/24 via 10.0.0.3
	LIST
}
