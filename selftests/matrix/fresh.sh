#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two clean machines with a wire between them: how long it is from "apt install" to
# the first encrypted ping, with the packages and what README.md says.
#
# usage: fresh.sh [-o RESULTS] [-p PACKAGES] [SYSTEM]     (default bookworm-6.1)
#
# PACKAGES is a directory that has them, which saves building them.
#
# What apt wants to fetch is fetched before: the machines have no other network.

set -u
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
. "$here/../vm/cache.sh"
. "$here/../vm/debs.sh"
. "$here/../vm/platform.sh"
. "$here/root.sh"
. "$here/machine.sh"
. "$here/block.sh"

results=$project/dist/fresh packages=''
machines=()

# prepare ROLE NUMBER: a clean machine with the packages in /srv
prepare()
{
	local root=$scratch/$1 job=$scratch/$1/opt/fresh

	root_copy "$base" "$root" || return 1
	cp "$packages"/dmvpn_*.deb "$packages"/dmvpn-dkms_*.deb \
		"$root/srv/" || return 1
	root_enter "$root" sh -ec 'apt-get -qq update
		apt-get -qq install -y --download-only /srv/*.deb' || return 1
	mkdir -p "$job" && cp "$here/fresh-guest.sh" "$job/" || return 1
	block "$project/README.md" "## A real $1" |
		sed 's/198\.51\.100\.1/192.0.2.1/' >"$job/$1.conf"
	echo "role=$1" >"$job/fresh.env"
	printf 'auto eth0\niface eth0 inet static\n\taddress 192.0.2.%s/24\n' \
		"$2" >>"$root/etc/network/interfaces"
	machine_unit "$root" /opt/fresh/fresh-guest.sh
	machine_image "$root" "$scratch/$1.disk"
}

# start ROLE STREAM-OPTION NUMBER: in the background
start()
{
	mkdir -p "$results/$1"
	machine_boot "$scratch/$1" "$scratch/$1.disk" "$results/$1" 7200 \
		-netdev "stream,id=wire,addr.type=unix,addr.path=$scratch/wire,$2" \
		-device "virtio-net-pci,netdev=wire,mac=52:54:00:00:00:0$3" \
		>"$results/$1/out" &
	machines+=($!)
}

while getopts o:p:h opt; do
	case $opt in
	o) results=$OPTARG ;;
	p) packages=$OPTARG ;;
	h) sed -n '3,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
system=${1:-bookworm-6.1}
system_split "$system"
"$here/../vm/deps.sh" vm lab || exit 1
platform_choose 6.1
mkdir -p "$results" && results=$(readlink -f "$results") || exit 1
scratch=$(mktemp -d "$DMVPN_CACHE/fresh.XXXXXX") || exit 1
trap '[ ${#machines[@]} -eq 0 ] || kill "${machines[@]}" 2>/dev/null; wait
	rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
if [ -z "$packages" ]; then
	say "packages of $suite"
	packages=$scratch/debs
	"$here/packages.sh" "$suite" "$packages" >"$results/packages" || exit 1
fi
base=$(system_path "$system") || exit 1
for role in hub:1 spoke:7; do
	say "machine ${role%:*}"
	prepare "${role%:*}" "${role#*:}" >"$results/prepare.log" 2>&1 || {
		tail -n 20 "$results/prepare.log" >&2
		die "${role%:*} cannot be prepared"
	}
done
say "both boot"
start hub server=on 1
busy=0
until [ -S "$scratch/wire" ] || [ "$busy" -gt 100 ]; do
	busy=$((busy + 1))
	read -rt 0.2 <> <(:)
done
start spoke server=off 2
wait "${machines[1]}"
cat "$results/spoke/transcript"
# Encrypted means: packets in and out by the association with the hub.
jq -e 'any(.[]; .nbma == "192.0.2.1" and .encrypted > 0 and .decrypted > 0)' \
	"$results/spoke/ipsec.json" >/dev/null ||
	die "no packet has gone each way by a security association with the hub"
[ -e "$results/spoke/answered" ] || die "the hub has not answered a ping"
