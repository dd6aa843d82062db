#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dmvpnd on a hub and two spokes: configuration, registration, resolution,
# what goes over the wire, and its death and return under traffic.

. "$(dirname "$0")/lib.sh"
stock_only
. "$here/daemon.sh"

config_refused()
{
	conf s1 's/^Key=7/Key=seven/'
	refused "a bad value is refused with file, line and key" \
		"dmvpn0.conf:4: " enter s1 dmvpnd --check -c "$scratch/etc-s1"
	enter s1 dmvpnd -c "$scratch/etc-s1" >"$scratch/out" 2>&1
	is "the daemon does not start with it, exit status" "$?" 2
	check "it names the key" grep -q 'Key' "$scratch/out"
	check_not "it made no device" ip_in s1 link show dmvpn0
	conf s1 's/^Key=7/Kee=7/'
	check_not "an unknown key is refused" \
		enter s1 dmvpnd --check -c "$scratch/etc-s1"
	conf s1
	check "a good configuration passes the check" \
		enter s1 dmvpnd --check -c "$scratch/etc-s1"
	check_not "which makes no device" ip_in s1 link show dmvpn0
}

registration()
{
	local node

	for node in hub s1 s2; do
		conf "$node"
	done
	conf s2 's/cisco123/cisco124/'
	dmvpnd_start hub
	check "the hub makes its device" \
		busywait 10 ip_in hub link show dmvpn0 up
	dmvpnd_start s1
	dmvpnd_start s2
	check "a spoke registers" \
		busywait 10 entry_is hub 10.0.0.2/32 type registered
	check "and sees its server up" busywait 10 nhs_is s1 UP
	check "the wrong password is refused" \
		busywait 10 logged hub 'packet refused: .*peer=192.0.2.3'
	is "and makes no entry" "$(entry hub 10.0.0.3/32 type)" ""
	check_not "nor sees that spoke its server up" nhs_is s2 UP
	check_not "no log has a password" \
		grep -l 'cisco12[34]' "$scratch"/log-*
	dmvpnd_stop s2 TERM
	conf s2
	dmvpnd_start s2
	check "the right one is taken" \
		busywait 10 entry_is hub 10.0.0.3/32 type registered
	check "the spokes get the hub's multicast" \
		busywait 5 mcast_has hub 192.0.2.2
}

mcast_has()
{
	d "$1" -j show multicast dev dmvpn0 | grep -q "\"$2\""
}

resolution()
{
	spoke_routes
	capture_start nhrp
	check "from LAN to LAN, nothing lost" \
		all_answered s1 10.1.3.1 10 -I 10.1.2.1
	check "the path is direct afterwards" \
		busywait 10 direct s1 10.1.3
	check "and back" busywait 10 direct s2 10.1.2
	capture_stop nhrp
}

# An independent decoder looks at everything that went over the wire.
wire()
{
	local out=$scratch/wire

	tshark -o nhrp.auth_ext_has_addr:FALSE -r "$scratch/nhrp.pcap" \
		-Y nhrp -T fields -e nhrp.hdr.op.type -e nhrp.hdr.pktsz \
		-e nhrp.hdr.chksum.status -e nhrp.hdr.hopcnt -e _ws.malformed \
		-e _ws.expert.severity >"$out" 2>/dev/null
	check "a request has 84 octets" grep -q "^1	84	1	255		$" "$out"
	check "forwarded, it has 104" grep -q "^1	104	1	254		$" "$out"
	check "its answer has 132" grep -q "^2	132	1	255		$" "$out"
	# shellcheck disable=SC2016 # for awk
	check "nothing is malformed, all checksums are right" \
		awk -F'\t' '$3 != 1 || $5 != "" || $6 != "" { print; bad = 1 }
			END { exit bad || NR == 0 }' "$out"
}

death()
{
	local age

	enterns "$netns-hub" dmvpn monitor >"$scratch/events" 2>&1 &
	owned+=("$!")
	need busywait 10 monitoring
	stream_start
	dmvpnd_stop hub KILL
	dmvpnd_stop s1 KILL
	dmvpnd_stop s2 KILL
	check "the entries outlive the daemon" \
		entry_is hub 10.0.0.2/32 type registered
	check "traffic goes on without any daemon" \
		all_answered s2 10.1.2.1 20 -I 10.1.3.1
	age=$(entry s1 10.0.0.1/32 age_ms)
	dmvpnd_start hub
	dmvpnd_start s1
	dmvpnd_start s2
	check "it takes the device over" busywait 10 nhs_is s1 UP
	check "and is its owner" busywait 10 owned_by hub
	check "with the entries" entry_is hub 10.0.0.3/32 type registered
	check "shortcuts stay as they are" direct s1 10.1.3
	check "nothing of a running stream is lost" stream_lossless
	check "the monitor saw it go and come" busywait 5 owner_events
	check_not "no entry was removed meanwhile" \
		grep -E 'entry (removed|expired)' "$scratch/events"
	[ -n "$age" ] || not_ok "the server's entry has an age"
}

# The monitor hears of something that is of no interest to the test.
monitoring()
{
	d hub peer set 192.0.2.99 permanent on
	d hub peer set 192.0.2.99 permanent off
	[ -s "$scratch/events" ]
}

owner_events()
{
	[ "$(grep -c 'device changed' "$scratch/events")" -ge 2 ]
}

owned_by()
{
	d "$1" -j show stats dev dmvpn0 | jq -e '.[0] | .. |
		objects | .owner? // empty | . != 0 and . != "none"'
}

second_daemon()
{
	echo first >"$scratch/pid"
	enter hub dmvpnd -c "$scratch/etc-hub" --pidfile "$scratch/pid" \
		>"$scratch/second" 2>&1
	check_not "a second daemon gives up" [ "$?" -eq 0 ]
	check "and says why" grep -q 'runs in this network namespace' \
		"$scratch/second"
	is "and leaves the first one's file alone" "$(<"$scratch/pid")" first
}

pid_told()
{
	[ "$(<"$scratch/pid")" = "${dmvpnd_of[s2]}" ]
}

move()
{
	ip_in s1 -batch - <<-LIST
	addr add 192.0.2.77/24 dev u0
	addr del 192.0.2.2/24 dev u0
	LIST
	# Deleting the first address of a subnet may take the second one along.
	ip_in s1 addr replace 192.0.2.77/24 dev u0
	check "a new NBMA address is registered at once" \
		busywait 10 entry_is hub 10.0.0.2/32 nbma 192.0.2.77
	check "and used" busywait 10 ping_from s1 10.0.0.1
}

farewell()
{
	dmvpnd_stop s2 TERM
	check "a daemon that ends leaves the device" \
		ip_in s2 link show dmvpn0 up
	dmvpnd_start s2 --teardown --pidfile "$scratch/pid"
	check "the process id is told" busywait 10 pid_told
	check "the next one takes it" busywait 10 nhs_is s2 UP
	dmvpnd_stop s2 TERM
	check_not "with --teardown it removes it" ip_in s2 link show dmvpn0
	check_not "and the file with the process id" test -e "$scratch/pid"
	check "and leaves the hub" busywait 10 entry_is hub 10.0.0.3/32 type ""
	dmvpnd_start s2
	check "without it" busywait 10 nhs_is s2 UP
	dmvpnd_stop s2 USR1
	check_not "SIGUSR1 does the same" ip_in s2 link show dmvpn0
}

# stranger CODE: another user's program takes the name of the control socket
stranger()
{
	enterns "$netns-s2" setpriv --reuid 65534 --clear-groups python3 -u -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind("\0dmvpnd")
'"$1" >"$scratch/impostor" 2>&1 &
	pid=$!
	owned+=("$pid")
	need busywait 10 grep -q there "$scratch/impostor"
}

impostor()
{
	local pid

	stranger '
s.listen()
print("there")
while True:
    c = s.accept()[0]
    try:
        c.send(b"{\"ok\":true,\"nhs\":[]}\n")
    except OSError: # who does not believe us does not wait for it
        pass
'
	refused "another user's program is not believed" \
		"another user's program answers" d s2 show nhs
	dmvpnd_start s2
	check "nor does it keep the daemon away" \
		busywait 10 entry_is hub 10.0.0.3/32 type registered
	check "which warns of it" logged s2 "another user's program has our name"
	dmvpnd_stop s2 USR1
	process_stop "$pid" TERM
	# It need not listen.
	stranger '
print("there")
import time
time.sleep(1000)
'
	dmvpnd_start s2
	check "nor one that does not even listen" busywait 10 nhs_up_by_hub
	dmvpnd_stop s2 USR1
	process_stop "$pid" TERM
}

# The command cannot ask s2 itself.
nhs_up_by_hub()
{
	entry_is hub 10.0.0.3/32 type registered
}

topology 2
config_refused
registration
resolution
wire
death
second_daemon
move
farewell
impostor
[ "$failed" -eq 0 ] || diag "$(tail -n 30 "$scratch"/log-*)"
plan
