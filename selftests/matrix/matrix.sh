#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The packages on clean systems: built there, installed by apt, the module by
# DKMS, booted with that system's own kernel, used, upgraded under traffic,
# removed. Prints a table; "make matrix".
#
# usage: matrix.sh [-r] [-o RESULTS] [SYSTEM...]
#
# SYSTEM is bookworm-6.1, bookworm-6.12, trixie-6.12 or trixie-7.3; all of them
# by default. SELFTESTS names those to run (default all, "none" for none); STEPS
# the steps. With -r those that passed in RESULTS, of the same sources, are not
# done again.

set -u
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
. "$here/../vm/cache.sh"
. "$here/../vm/debs.sh"
. "$here/../vm/platform.sh"
. "$here/root.sh"
. "$here/machine.sh"
. "$here/block.sh"

steps=${STEPS:-source boot link service recipes upgrade lab selftests remove}
selftests=${SELFTESTS:-}
[ "$selftests" != none ] || steps=${steps/selftests/}
chain=' boot link service recipes upgrade remove '	# each needs those before it
old=0.0.9		# the version to upgrade from
results='' scratch='' resume=''

# note TEXT: with the time since the start
note()
{
	printf '[%3d:%02d] %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*"
}

# packages SUITE: this version's, and those to upgrade from; not again if they are
# there, of the same sources
packages()
{
	local dir=$results/packages-$1 sources

	sources=$(source_id)
	[ "$(cat "$dir/done" 2>/dev/null)" != "$sources" ] || return 0
	note "packages of $1"
	rm -rf "${dir:?}"
	"$here/packages.sh" "$1" "$dir" >"$results/packages-$1.log" &&
		DEB_BUILD_OPTIONS=nocheck "$here/packages.sh" "$1" "$dir/old" \
			"$old" >/dev/null && echo "$sources" >"$dir/done"
}

# begin SYSTEM: the folder of its results, with those that stand; sets todo, the
# steps to do
begin()
{
	local dir=$results/$1 sources step chained=''

	sources=$(source_id)
	if [ -z "$resume" ] ||
	   [ "$(cat "$dir/sources" 2>/dev/null)" != "$sources" ]; then
		rm -rf "${dir:?}"
	fi
	mkdir -p "$dir/guest" && echo "$sources" >"$dir/sources" || return 1
	for step in $steps; do
		[[ $chain != *" $step "* ]] ||
			cell "$dir/guest/$step" >/dev/null || chained=yes
	done
	todo=' '
	for step in $steps; do
		if [[ $chain == *" $step "* && -n $chained ]] ||
		   ! cell "$dir/guest/$step" >/dev/null; then
			todo+="$step "
			rm -f "$dir/guest/$step".*
		fi
	done
}

# put_plugins DIR: those of all packages built so far; an older system's has to
# do on a newer one
put_plugins()
{
	local suite deb

	for suite in "$results"/packages-*/; do
		suite=$(basename "$suite")
		for deb in "$results/$suite"/dmvpn_*.deb; do
			mkdir -p "$1/${suite#packages-}" &&
				dpkg-deb --fsys-tarfile "$deb" |
				tar -x -C "$1/${suite#packages-}" --wildcards \
					--transform 's|.*/||' '*/link_dmvpn.so' ||
				return 1
		done
	done
}

# put_files ROOT SUITE: what the steps need, and a configuration
put_files()
{
	local root=$1 tests=$1/opt/tests

	mkdir -p "$tests" "$root/etc/dmvpn" || return 1
	tar -C "$project" -c selftests docs user/man user/tests/data |
		tar -x -C "$tests" || return 1
	mkdir "$tests/selftests/matrix/debs"
	cp "$results/packages-$2"/*.deb "$tests/selftests/matrix/debs/" ||
		return 1
	put_plugins "$tests/selftests/matrix/plugins" || return 1
	cat >"$tests/selftests/matrix/matrix.env" <<-END
		STEPS="${todo/source/}"
		SELFTESTS="$selftests"
		DMVPN_SLOW=$slow
	END
	cat >>"$root/etc/network/interfaces" <<-END
		auto wan0
		iface wan0 inet static
		    address 192.0.2.1/24
		    pre-up ip link add wan0 type veth peer name wan1
		auto lan0
		iface lan0 inet static
		    address 10.1.1.1/24
		    pre-up ip link add lan0 type dummy
	END
	echo net.ipv4.ip_forward=1 >"$root/etc/sysctl.d/router.conf"
	block "$project/README.md" "## A real hub" | sed 's/eth0/wan0/' \
		>"$root/etc/dmvpn/dmvpn0.conf"
	chmod 0600 "$root/etc/dmvpn/dmvpn0.conf"
}

# install_packages SYSTEM ROOT: as a user does, in the clean system, those to upgrade
# from, if that is to be done; then what the tests want beside it
install_packages()
{
	local suite=${1%-*} root=$2 tools debs

	debs=$results/packages-$suite
	[[ $todo != *" upgrade "* ]] || debs+=/old
	mkdir -p "$root/srv/debs" &&
		cp "$debs"/dmvpn_*.deb "$debs"/dmvpn-dkms_*.deb \
			"$root/srv/debs/" || return 1
	root_quiet "$root" on
	root_enter "$root" bash -ec 'apt-get -q update
		time apt-get -q install -y /srv/debs/*.deb
		dkms status
		systemctl enable dmvpnd
		# It waits for udev, for longer than it may on an emulated machine.
		systemctl mask ifupdown-pre.service' || return 1
	tools=$("$here/../vm/deps.sh" --list lab ike frr guest) || return 1
	# shellcheck disable=SC2086 # a list
	root_enter "$root" apt-get -q install -y --no-install-recommends \
		$tools || return 1
	root_quiet "$root" off
	put_files "$root" "$suite"
}

# run_system SYSTEM
run_system()
{
	local dir=$results/$1 todo base rc=0

	begin "$1" || return 1
	if [[ $todo == *" source "* ]]; then
		run_source "$1" || return 1
	fi
	[ "${todo/ source/}" != ' ' ] || return 0
	packages "${1%-*}" || return 1
	base=$(system_path "$1") || return 1
	scratch=$(mktemp -d "$DMVPN_CACHE/matrix.XXXXXX") || return 1
	note "$1: install"
	if ! root_copy "$base" "$scratch/root" ||
	   ! install_packages "$1" "$scratch/root" >"$dir/install.log" 2>&1; then
		tail -n 30 "$dir/install.log" >&2
		note "$1: the packages cannot be installed"
		rm -rf "${scratch:?}"
		return 1
	fi
	machine_unit "$scratch/root" /opt/tests/selftests/matrix/guest.sh
	note "$1: boot"
	machine_image "$scratch/root" "$scratch/disk" &&
		machine_boot "$scratch/root" "$scratch/disk" "$dir/guest" \
			"${MATRIX_SECONDS:-10800}" | tee "$dir/boot.log" || rc=1
	rm -rf "${scratch:?}"
	return "$rc"
}

# run_source SYSTEM: this tree without packages, in another copy of the system
run_source()
{
	local dir=$results/$1 base began=$SECONDS

	base=$(system_path "$1") || return 1
	scratch=$(mktemp -d "$DMVPN_CACHE/matrix.XXXXXX") || return 1
	note "$1: from source"
	if ! root_copy "$base" "$scratch/root" ||
	   ! (take_source "$scratch/root/src/dmvpn") ||
	   ! root_quiet "$scratch/root" on ||
	   ! root_enter "$scratch/root" sh -ec 'cd /src/dmvpn
		apt-get -q update
		apt-get -q build-dep -y .
		apt-get -q install -y dkms' >"$dir/source.log" 2>&1
	then
		tail -n 30 "$dir/source.log" >&2
		note "$1: what the source needs cannot be installed"
		rm -rf "${scratch:?}"
		return 1
	fi
	root_enter "$scratch/root" /src/dmvpn/selftests/matrix/source.sh \
		/src/dmvpn >"$dir/guest/source.tap" 2>&1
	echo "$? $((SECONDS - began))" >"$dir/guest/source.rc"
	echo "source: exit, seconds: $(<"$dir/guest/source.rc")"
	rm -rf "${scratch:?}"
}

# cell FILE: what became of one step
cell()
{
	local rc seconds passed

	[ -e "$1.rc" ] || { echo "did not end"; return 1; }
	read -r rc seconds <"$1.rc"
	passed=$(grep -c '^ok ' "$1.tap")
	if [ "$rc" -eq 0 ] && ! grep -q '^not ok ' "$1.tap"; then
		echo "$passed"
	else
		echo "**$(grep -c '^not ok ' "$1.tap") of" \
			"$((passed + $(grep -c '^not ok ' "$1.tap")))** failed"
		return 1
	fi
}

# table: a line for each system, a column for each step; whether all is well
table()
{
	local system step rc=0 line

	printf '| system | kernel | iproute2 |'
	# shellcheck disable=SC2086 # a list
	printf ' %s |' $steps
	printf '\n| --- | --- | --- |'
	# shellcheck disable=SC2086
	printf ' --- |%.0s' $steps
	echo
	for system; do
		line="| $system | $(<"$results/$system/guest/release") | $(grep \
			-oE 'iproute2-[0-9.]+' \
			"$results/$system/guest/link.tap" |
			head -n 1 | cut -d- -f2) |"
		for step in $steps; do
			line+=" $(cell "$results/$system/guest/$step")" || rc=1
			line+=" |"
		done
		echo "$line"
	done
	return "$rc"
}

while getopts ro:h opt; do
	case $opt in
	r) resume=yes ;;
	o) results=$OPTARG ;;
	h) sed -n '3,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- "${systems[@]}"
[ "$(id -u)" -eq 0 ] || die "clean systems are made by root"
for system; do
	system_split "$system"
done
"$here/../vm/deps.sh" vm user || exit 1
make -s -C "$project/user" all && make -s -C "$project/selftests" || exit 1
results=${results:-$project/dist/matrix}
mkdir -p "$results" && results=$(readlink -f "$results") || exit 1
platform_choose 6.1	# sets slow
slow=${DMVPN_SLOW:-$slow}
failed=0
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
for system; do
	run_system "$system" || failed=1
done
table "$@" >"$results/table.md" 2>"$results/table.log" || failed=1
cat "$results/table.md"
echo "# logs: $results"
exit "$failed"
