#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ip(8) of this system finds the plug-in by itself.

. "$(dirname "$0")/site.sh"

type_in ip -V
check "modprobe" type_in modprobe dmvpn
check "ip link add" type_in ip link add dmvpn9 type dmvpn local 192.0.2.1 \
	key 9 network-id 9
check "ip -d link show" type_in ip -d link show dmvpn9
check "shows what was set" grep -q 'dmvpn .*local 192.0.2.1 .*key 9' \
	<(ip -d link show dmvpn9)
is "as JSON, too" "$(ip -d -j link show dmvpn9 |
	jq -c '.[0].linkinfo | [.info_kind, .info_data.key]')" '["dmvpn",9]'
check "ip link set" type_in ip link set dmvpn9 type dmvpn ttl 64
is "sets" "$(dmvpn -j link show dmvpn9 | jq '.[0].ttl')" 64
refused "a mistake is named" 'dmvpn: unknown option "remote"' \
	ip link set dmvpn9 type dmvpn remote 192.0.2.2
check "help" grep -q network-id <(ip link help dmvpn 2>&1)
for plugin in "$matrix"/plugins/*; do
	is "by the plug-in that was built on ${plugin##*/}" \
		"$(IP_LIB_DIR=$plugin ip -d -j link show dmvpn9 |
			jq '.[0].linkinfo.info_data.key')" 9
done
check "ip link del" type_in ip link del dmvpn9
plan
