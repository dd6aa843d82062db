# shellcheck shell=bash disable=SC2154 # project: of who sources it
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Root file systems of Debian releases, and commands run in them; sourced after
# vm/cache.sh and vm/debs.sh.

# What a small server has: systemd, ifupdown, AppArmor, apt.
root_packages=systemd-sysv,systemd,udev,dbus,apparmor,ifupdown,iproute2,kmod
root_packages+=,iputils-ping,procps,netbase,zstd,ca-certificates

systems=(bookworm-6.1 bookworm-6.12 trixie-6.12 trixie-7.3)

# system_split SYSTEM: set suite and kernel from a name such as trixie-7.3, and
# the sub-archive its kernel and iproute2 come from.
system_split()
{
	suite=${1%-*} kernel=${1##*-} from=''
	case $1 in
	bookworm-6.1|trixie-6.12) ;;
	bookworm-6.12|trixie-7.3) from=$suite-backports ;;
	*) die "no system '$1': ${systems[*]}" ;;
	esac
}

# root_enter ROOT COMMAND...: chroot into ROOT, with mounts and processes of its
# own. Services of what is installed do not start.
root_enter()
{
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --pid --fork --propagation private sh -c '
		root=$1
		shift
		mount -t proc proc "$root/proc" &&
		mount -t sysfs sysfs "$root/sys" &&
		mount --bind /dev "$root/dev" || exit 1
		export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive HOME=/root
		export PATH=/usr/sbin:/usr/bin:/sbin:/bin
		exec chroot "$root" "$@"' sh "$@"
}

# root_quiet ROOT on|off: whether packages may start services
root_quiet()
{
	local policy=$1/usr/sbin/policy-rc.d

	if [ "$2" = on ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
	else
		rm -f "$policy"
	fi
}

# root_bootstrap DIR SUITE VARIANT PACKAGES
root_bootstrap()
{
	mmdebstrap --quiet --mode=root --variant="$3" --format=directory \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--aptopt='APT::Install-Recommends "true"' \
		--include="$4" "$2" "$1" \
		"$DMVPN_CACHE/apt-$2/sources.list" || {
			umount "$1/proc" 2>/dev/null
			return 1
		}
	cp /etc/resolv.conf "$1/etc/resolv.conf"
}

# build_system DIR FINAL: a clean machine with the kernel of $suite and $from,
# its headers, and the iproute2 that belongs to it.
build_system()
{
	local root=$1/root target=()

	say "a clean $suite with kernel $kernel: two to four minutes"
	root_bootstrap "$root" "$suite" minbase "$root_packages" || return 1
	[ -z "$from" ] || target=(-t "$from")
	root_quiet "$root" on
	# shellcheck disable=SC2016 # for the inner shell
	root_enter "$root" sh -ec '
		apt-get -qq update
		apt-get -qq install -y --no-install-recommends "$@"' sh \
		"${target[@]}" linux-image-amd64 linux-headers-amd64 iproute2 \
		initramfs-tools >"$1/log" 2>&1 ||
		{ tail -n 20 "$1/log" >&2; return 1; }
	root_quiet "$root" off
	rm -rf "$root"/var/cache/apt/archives/*.deb
	root_release "$root" >"$1/release"
}

# root_release ROOT: that of the kernel in it
root_release()
{
	basename "$1"/boot/vmlinuz-* | sed 's/^vmlinuz-//'
}

# build_builder DIR FINAL: what a package is built in
build_builder()
{
	say "a clean $suite to build packages in: a minute"
	root_bootstrap "$1/root" "$suite" buildd lintian || return 1
	rm -rf "$1/root"/var/cache/apt/archives/*.deb
}

# system_path SYSTEM, builder_path SUITE: directories in the cache with root in
# them, which is not to be changed: see root_copy.
system_path()
{
	local suite kernel from version

	system_split "$1"
	debs_update "$suite" || die "no package lists of $suite"
	version=$(debs_newest "$suite" linux-image-amd64 "$kernel.")
	[ -n "$version" ] || die "no kernel $kernel in Debian's $suite"
	cache_prune "system-$1" 30
	cache_make "system-$1" \
		"$(echo "$version $(declare -f build_system) $root_packages" |
			cache_key)" build_system
}

builder_path()
{
	local suite=$1

	debs_update "$suite" || die "no package lists of $suite"
	cache_prune "builder-$1" 30
	cache_make "builder-$1" "$(declare -f build_builder | cache_key)" \
		build_builder
}

# source_id: a name for what take_source() takes; without git a new one each time
source_id()
{
	local tree

	if tree=$(git -C "$project" stash create 2>/dev/null); then
		git -C "$project" rev-parse "${tree:-HEAD}^{tree}"
	else
		date +%s.%N
	fi
}

# take_source DIR: the committed state of the tree, or where there is no git,
# all that a build did not make
take_source()
{
	local tree

	mkdir -p "$1" && cd "$project" || return 1
	if tree=$(git stash create 2>/dev/null); then
		git archive "${tree:-HEAD}" | tar -x -C "$1"
	else
		tar -c --exclude=./dist --exclude=build --exclude=bin . |
			tar -x -C "$1"
	fi
}

# root_copy DIR COPY: a root that may be changed, hard links to nothing
root_copy()
{
	mkdir -p "$2" && cp -a --reflink=auto "$1/root/." "$2/"
}
