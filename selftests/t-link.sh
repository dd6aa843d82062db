#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The device: defaults, each attribute set, changed and shown, refusals, keys
# on the wire, underlay device and namespace.

. "$(dirname "$0")/lib.sh"

topology 1

# shown: the device's attributes in one line
shown()
{
	d hub -j link show dmvpn0 | jq -c '.[] |
		del(.ifindex, .ifname, .state)'
}

check "a device without attributes" ip_in hub link add dmvpn0 type dmvpn
is "has the defaults" "$(shown)" '{"mtu":1400,"ttl":255,"tos":0,"df":"set","fwmark":0,"protection":"required","network_id":0,"redirect":false,"shortcut":true,"strict_source":false,"max_peers":16384,"max_entries":131072,"max_multicast":4096,"hold_queue":64,"upcall_rate":100,"redirect_rate":100,"redirect_interval_ms":8000}'
is "and the flags of a point-to-point device" \
	"$(ip_in hub -j link show dmvpn0 | jq -c '.[].flags')" \
	'["POINTOPOINT","MULTICAST","NOARP"]'
check "goes away" d hub link del dmvpn0

check "all attributes at once" d hub link add dmvpn0 underlay u0 \
	local 192.0.2.1 local 2001:db8::1 key 4294967295 ttl 64 tos 0x10 \
	df inherit fwmark 7 network-id 99 protection none redirect on \
	shortcut off strict-source on max-peers 10 max-entries 20 \
	max-multicast 5 hold-queue 6 upcall-rate 7 redirect-rate 8 \
	redirect-interval 9 mtu 1300
is "are shown" "$(shown)" '{"mtu":1300,"underlay":"u0","local4":"192.0.2.1","local6":"2001:db8::1","key":4294967295,"ttl":64,"tos":16,"df":"inherit","fwmark":7,"protection":"none","network_id":99,"redirect":true,"shortcut":false,"strict_source":true,"max_peers":10,"max_entries":20,"max_multicast":5,"hold_queue":6,"upcall_rate":7,"redirect_rate":8,"redirect_interval_ms":9}'

# ip of this system with the plug-in, which it finds by itself once installed
ip_with_plugin()
{
	if [ -e "$programs/link_dmvpn.so" ]; then
		IP_LIB_DIR=$programs ip_in hub "$@"
	else
		ip_in hub "$@"
	fi
}

# ip_shows: the attributes as ip has them, in the form of shown
ip_shows()
{
	ip_with_plugin -d -j link show dmvpn0 | jq -cS '.[].linkinfo.info_data'
}

all_but_mtu=$(shown | jq -cS 'del(.mtu)')
is "ip shows the same" "$(ip_shows)" "$all_but_mtu"
check "also as text" grep -q \
	'dmvpn underlay u0 local 192.0.2.1 local 2001:db8::1 key 4294967295 ttl 64 tos 16 df inherit fwmark 7 network-id 99 protection none redirect on shortcut off strict-source on max-peers 10 ' \
	<(ip_with_plugin -d link show dmvpn0)
need d hub link del dmvpn0
check "ip makes a device with all of them" ip_with_plugin link add dmvpn0 \
	type dmvpn underlay u0 local 192.0.2.1 local 2001:db8::1 \
	key 4294967295 ttl 64 tos 0x10 df inherit fwmark 7 network-id 99 \
	protection none redirect on shortcut off strict-source on max-peers 10 \
	max-entries 20 max-multicast 5 hold-queue 6 upcall-rate 7 \
	redirect-rate 8 redirect-interval 9
is "the same one" "$(shown | jq -cS 'del(.mtu)')" "$all_but_mtu"
check "ip changes it" ip_with_plugin link set dmvpn0 type dmvpn key none \
	ttl inherit
is "in what was asked for" "$(ip_shows)" \
	"$(jq -cS 'del(.key) | .ttl = "inherit"' <<<"$all_but_mtu")"
refused "a value that is none" \
	'dmvpn: key: expected { NUMBER | none }, not "x"' \
	ip_with_plugin link set dmvpn0 type dmvpn ttl 1 key x
refused "an unknown word" 'dmvpn: unknown option "remote"' \
	ip_with_plugin link set dmvpn0 type dmvpn remote 192.0.2.2
refused "what the kernel refuses, in its words" \
	"max-peers: must be 1 to 16777216" \
	ip_with_plugin link set dmvpn0 type dmvpn max-peers 0
check "ip tells what there is" grep -q 'strict-source { on | off }' \
	<(ip_with_plugin link help dmvpn 2>&1)
need d hub link set dmvpn0 key 4294967295 ttl 64 mtu 1300

# Each line: what is shown, its value afterwards, what is asked for. All else
# must stay.
changes='underlay null underlay none
local4 "192.0.2.11" local 192.0.2.11
local6 "2001:db8::11" local 2001:db8::11
local4 null local 0.0.0.0
local6 null local ::
key 0 key 0
key null key none
key 7 key 7
ttl 0 ttl inherit
tos 1 tos inherit
df "unset" df unset
df "set" df set
fwmark 0 fwmark 0
network_id 0 network-id 0
protection "required" protection required
redirect false redirect off
redirect true redirect on
shortcut true shortcut on
strict_source false strict-source off
max_peers 16777216 max-peers 16777216
max_entries 1 max-entries 1
max_multicast 0 max-multicast 0
hold_queue 0 hold-queue 0
upcall_rate 1000000 upcall-rate 1000000
redirect_rate 1 redirect-rate 1
redirect_interval_ms 3600000 redirect-interval 3600000
mtu 1450 mtu 1450'
# shellcheck disable=SC2016 # for the inner shell
{
	shown
	enter hub sh -c 'while read -r name value args; do
		dmvpn link set dmvpn0 $args
		dmvpn -j link show dmvpn0
	done' <<<"$changes" | jq -c '.[] | del(.ifindex, .ifname, .state)'
} >"$scratch/states"
mapfile -t states <"$scratch/states"
i=0
while read -r name value args; do
	is "$args changes, and nothing else" "$(jq -cS . <<<"${states[i + 1]:-}")" \
		"$(jq -cS --argjson v "$value" --arg n "$name" \
			'.[$n] = $v | del(..|nulls)' <<<"${states[i]}")"
	i=$((i + 1))
done <<<"$changes"

# Refusals, and nothing changed by them
before=$(shown)
set=(d hub link set dmvpn0)
# ip lets the kernel say what it takes.
plugin=(ip_with_plugin link set dmvpn0 type dmvpn)
refused "max-peers 0" "max-peers: must be 1 to 16777216" \
	"${plugin[@]}" ttl 1 max-peers 0
refused "max-entries 0" "max-entries: must be 1 to 16777216" \
	"${plugin[@]}" max-entries 0
refused "max-multicast too large" "max-mcast: must be 0 to 16777216" \
	"${plugin[@]}" max-multicast 16777217
refused "hold-queue too large" "hold-queue: must be 0 to 4096" \
	"${plugin[@]}" hold-queue 4097
refused "upcall-rate 0" "upcall-rate: must be 1 to 1000000" \
	"${plugin[@]}" upcall-rate 0
refused "redirect-rate 0" "redirect-rate: must be 1 to 1000000" \
	"${plugin[@]}" redirect-rate 0
refused "redirect-interval 0" "redirect-interval: must be 1 to 3600000" \
	"${plugin[@]}" redirect-interval 0
for addr in 224.0.0.1 255.255.255.255; do
	refused "local $addr" "local4: not a unicast address" \
		"${set[@]}" local $addr
done
for addr in ff02::1 ::ffff:192.0.2.1; do
	refused "local $addr" "local6: not a unicast address" \
		"${set[@]}" local $addr
done
refused "its own underlay" "link: a device cannot be its own underlay" \
	"${set[@]}" underlay dmvpn0
refused "mtu too small" "mtu less than device minimum" \
	ip_in hub link set dmvpn0 mtu 67
is "a refused request changes nothing" "$(shown)" "$before"
raw=(enter hub nlraw link dmvpn9)
refused "no such underlay" "link: no such device in the underlay's" \
	"${raw[@]}" link.link=u32:9999
refused "key and no key" "no-key: a key is given as well" \
	"${raw[@]}" link.key=u32:1 link.no-key=hex:
refused "df out of range" "ERANGE" "${raw[@]}" link.df=u8:3
refused "protection out of range" "ERANGE" "${raw[@]}" link.protection=u8:2
refused "redirect out of range" "ERANGE" "${raw[@]}" link.redirect=u8:2
refused "short IPv6 address" "" "${raw[@]}" link.local6=hex:2001
check_not "none of these made a device" ip_in hub link show dmvpn9
need d hub link del dmvpn0

# Two devices with one local address and key
need d hub link add dmvpn0 local 192.0.2.1 local 2001:db8::1
add=(d hub link add dmvpn1)
clash="another device has this local address and key"
refused "the same IPv4 address, no key" "$clash" "${add[@]}" local 192.0.2.1
refused "the same IPv6 address, no key" "$clash" "${add[@]}" local 2001:db8::1
check "another key" "${add[@]}" local 192.0.2.1 key 0
refused "changed to the same" "$clash" d hub link set dmvpn1 key none
check "another address" d hub link set dmvpn1 local 192.0.2.11 key none
refused "changed to the same address" "$clash" d hub link set dmvpn1 \
	local 192.0.2.1
need d hub link del dmvpn0
need d hub link del dmvpn1
need ip_in hub link add e0 type dummy
need d hub link add dmvpn0 underlay e0
refused "the addresses of one underlay, which has none yet" "$clash" \
	"${add[@]}" underlay e0
check "another key" "${add[@]}" underlay e0 key 0
refused "changed to the same" "$clash" d hub link set dmvpn1 key none
need d hub link del dmvpn1
# One address on two underlays: it is the one that packets come by.
need d hub link set dmvpn0 local 192.0.2.1 protection none up
need "${add[@]}" underlay u0 local 192.0.2.1 protection none up
need ip_in hub addr add 10.0.0.1/24 dev dmvpn1
need d hub cache add 10.0.0.2 nbma 192.0.2.2 dev dmvpn1
need d s1 link add dmvpn1 local 192.0.2.2 protection none up
need ip_in s1 addr add 10.0.0.2/24 dev dmvpn1
need d s1 cache add 10.0.0.1 nbma 192.0.2.1 dev dmvpn1
check "of two with one address, the one on the right underlay" \
	ping_from s1 10.0.0.1
need d s1 link del dmvpn1
need d hub link del dmvpn0
need d hub link del dmvpn1
need ip_in hub link del e0

# Keys on the wire: no key, key 0 and key 7 are three clouds
i=0
for key in none 0 7; do
	for node in hub s1; do
		need d $node link add dmvpn$i local "$(nbma $node)" \
			key $key protection none up
		need ip_in $node addr add 10.0.$i."$(number $node)"/24 \
			dev dmvpn$i
	done
	need d hub cache add 10.0.$i.2 nbma 192.0.2.2 dev dmvpn$i
	need d s1 cache add 10.0.$i.1 nbma 192.0.2.1 dev dmvpn$i
	i=$((i + 1))
done
capture_start keys
for i in 0 1 2; do
	check "cloud $i of three keys" ping_from s1 10.0.$i.1
done
capture_stop keys
gre="ip proto 47 and src 192.0.2.2"
is "no key" "$(capture_count keys "$gre and ip[20:4] = 0x0800")" 1
is "key 0" "$(capture_count keys \
	"$gre and ip[20:4] = 0x20000800 and ip[24:4] = 0")" 1
is "key 7" "$(capture_count keys \
	"$gre and ip[20:4] = 0x20000800 and ip[24:4] = 7")" 1
is "each came by its own device" "$(ip_in hub -s -j link show type dmvpn |
	jq -c '[.[].stats64.rx.packets]')" '[1,1,1]'
for i in 0 1 2; do
	need d hub link del dmvpn$i
done

# The address of the underlay device, and a mark
need d hub link add dmvpn0 underlay u0 protection none up
need ip_in hub addr add 10.0.0.1/24 dev dmvpn0
need d hub cache add 10.0.0.2 nbma 192.0.2.2
local4()
{
	[ "$(d hub -j show stats | jq -r '.[].local4')" = "$1" ]
}
check "the local address is the underlay's" busywait 5 local4 192.0.2.1
upcalls_start hub -e
need ip_in hub addr add 192.0.2.77/24 dev u0
need ip_in hub addr del 192.0.2.1/24 dev u0
need ip_in hub addr replace 192.0.2.77/24 dev u0
check "it follows the underlay's" busywait 10 local4 192.0.2.77
check "and says so" upcalls_are hub '^dev-change .*local4 192.0.2.77' 1
upcalls_stop hub
need ip_in hub addr add 192.0.2.1/24 dev u0
need d hub link set dmvpn0 underlay none local 192.0.2.1 fwmark 5
need ip_in hub rule add fwmark 5 unreachable pref 10
send_from hub 10.0.0.2 1
check "the mark is in the lookup of the route" counter_is hub tx-no-route 1
need ip_in hub rule del pref 10

# The underlay's namespace is where the device was made
new_ns inside
need d hub link set dmvpn0 fwmark 0
need ip_in hub link set dmvpn0 netns "$(ns inside)"
need ip_in inside addr add 10.0.0.1/24 dev dmvpn0
need ip_in inside link set dmvpn0 up
is "a device that moves keeps its entries" \
	"$(entry inside 10.0.0.2/32 nbma)" 192.0.2.2
check "a device moved to another namespace" ping_from inside 10.0.0.2
check_not "is no longer seen in the old one" d hub link show dmvpn0
plan
