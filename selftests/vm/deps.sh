#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Install the Debian packages that groups of jobs need; silent and quick when
# all of them are there.
#
# usage: deps.sh GROUP...          (build, lint, user, vm, guest, lab, ike, frr,
#                                   bench, deb, all)
#        deps.sh --list GROUP...   only print their names

set -u

declare -A group=(
	[build]="gcc make libc6-dev bc flex bison libelf-dev libssl-dev
		xz-utils zstd kmod sparse dwarves ca-certificates"
	[lint]="shellcheck codespell yamllint universal-ctags cppcheck perl
		python3-minimal python3-yaml python3-jsonschema git file
		xz-utils"
	[user]="gcc make libc6-dev pkg-config libnl-3-dev libnl-genl-3-dev
		libinih-dev libjson-c-dev libevent-dev libcmocka-dev
		libpcap-dev clang libclang-rt-dev llvm"
	[vm]="qemu-system-x86 seabios busybox-static mmdebstrap cpio kmod
		xz-utils zstd debian-archive-keyring util-linux gcc make bc
		flex bison libelf-dev libssl-dev"
	[lab]="iproute2 iputils-ping iputils-tracepath tcpdump tshark nftables
		iperf3 ethtool jq procps conntrack socat kmod libcap2-bin
		python3 netbase bridge-utils util-linux"
	[ike]="charon-systemd strongswan-swanctl libstrongswan-standard-plugins
		libstrongswan-extra-plugins libcharon-extra-plugins openssl"
	[frr]="frr"
	[deb]="debhelper dh-dkms dkms dpkg-dev fakeroot lintian build-essential"
	[guest]="busybox-static"
	[bench]="wireguard-tools gnuplot-nox linux-perf"
)

die()
{
	echo "deps.sh: $*" >&2
	exit 1
}

# missing PACKAGE...: print those that are not installed.
missing()
{
	comm -13 <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' \
			"$@" 2>/dev/null | sed -n 's/ installed$//p' | sort) \
		<(printf '%s\n' "$@" | sort -u)
}

# Services of what is installed must not start: the tests start their own.
install_quietly()
{
	local policy=/usr/sbin/policy-rc.d log rc=0
	local apt=(apt-get -qq -o DPkg::Lock::Timeout=900)

	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
		# shellcheck disable=SC2064 # the name is known now
		trap "rm -f '$policy'" EXIT
	fi
	log=$(mktemp)
	export DEBIAN_FRONTEND=noninteractive
	{
		flock 9
		"${apt[@]}" update &&
			"${apt[@]}" install -y --no-install-recommends "$@"
	} >"$log" 2>&1 9>/run/lock/dmvpn-deps || rc=1
	if [ "$rc" -ne 0 ]; then
		tail -n 20 "$log" >&2
	fi
	rm -f "$log"
	return "$rc"
}

list=false
if [ "${1:-}" = --list ]; then
	list=true
	shift
fi
[ $# -gt 0 ] || die "usage: deps.sh GROUP... of: ${!group[*]}, or all"
[ "$1" = all ] && set -- "${!group[@]}"
want=()
for name in "$@"; do
	[ -n "${group[$name]:-}" ] || die "no group '$name': ${!group[*]}"
	# shellcheck disable=SC2206 # split into packages
	want+=(${group[$name]})
done
if $list; then
	echo "${want[*]}"
	exit 0
fi
command -v apt-get >/dev/null || die "not a Debian; needed: ${want[*]}"
mapfile -t need < <(missing "${want[@]}")
[ ${#need[@]} -gt 0 ] || exit 0
[ "$(id -u)" -eq 0 ] ||
	die "not root; run: apt-get install --no-install-recommends ${need[*]}"
echo "# installing ${need[*]}" >&2
install_quietly "${need[@]}" || die "could not install ${need[*]}"
mapfile -t need < <(missing "${want[@]}")
[ ${#need[@]} -eq 0 ] || die "still missing: ${need[*]}"
