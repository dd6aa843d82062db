# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # here and slow: see run.sh
#
# Choose where a job runs, sourced after cache.sh: on this kernel (native),
# in QEMU with KVM or emulated (kvm, tcg; icount with a clock of instructions),
# or in User Mode Linux (uml).

# native_possible: can this very kernel take the module? Says why not.
native_possible()
{
	local lock=/sys/kernel/security/lockdown build

	build=/lib/modules/$(uname -r)/build
	if [ "$(id -u)" -ne 0 ]; then
		echo "not root"
	elif [ ! -e /proc/modules ]; then
		echo "this kernel has no loadable modules"
	elif [ ! -e "$build/Makefile" ]; then
		echo "no kernel headers: apt-get install linux-headers-$(uname -r)"
	elif ! command -v gcc make ip >/dev/null; then
		echo "gcc, make or ip is missing"
	elif grep -qsE '\[(integrity|confidentiality)\]' "$lock"; then
		echo "lockdown forbids unsigned modules"
	elif ! unshare --net true 2>/dev/null; then
		echo "no network namespaces"
	else
		return 0
	fi
	return 1
}

# kvm_probe DIR FINAL: does a kernel boot under KVM? The device alone proves
# nothing. The answer is kept, a failure too.
kvm_probe()
{
	local image answer=no

	image=$("$here/kernel.sh" image 6.1) || return 1
	mkdir -p "$1/root/bin" || return 1
	cp "$(command -v busybox)" "$1/root/bin/" || return 1
	printf '%s\n' '#!/bin/busybox sh' 'echo probe-alive' \
		'/bin/busybox poweroff -f' >"$1/root/init"
	chmod +x "$1/root/init"
	(cd "$1/root" && find . | cpio -o -H newc --quiet) | gzip >"$1/initrd"
	if timeout -k 2 20 qemu-system-x86_64 -accel kvm -cpu host -M q35 \
	   -m 512 -nodefaults -display none -no-reboot -serial stdio \
	   -kernel "$image/vmlinuz" -initrd "$1/initrd" \
	   -append "console=ttyS0 quiet panic=-1" </dev/null 2>/dev/null |
	   grep -q probe-alive; then
		answer=yes
	fi
	rm -rf "$1/root" "$1/initrd"
	echo "$answer" >"$1/answer"
}

kvm_possible()
{
	local key dir

	[ -w /dev/kvm ] || return 1
	key=$(cat /proc/version /proc/cpuinfo | grep -v MHz | cache_key)
	dir=$(cache_make kvm "$key" kvm_probe) || return 1
	[ "$(<"$dir/answer")" = yes ]
}

# platform_choose KERNEL: sets platform, kernel and slow, the factor by which
# time limits grow there. DMVPN_VM forces the platform.
platform_choose()
{
	local why force=${DMVPN_VM:-}

	kernel=$1
	case $force in
	''|native|kvm|tcg|icount|uml) ;;
	*) die "DMVPN_VM='$force': native, kvm, tcg, icount or uml" ;;
	esac
	if [[ $kernel =~ ^(debug|debug-smp|plain)$ ]]; then
		[ "$force" != icount ] ||
			die "kernel $kernel cannot count instructions"
		force=uml
	elif [ "$kernel" = auto ]; then
		kernel=6.1
		if [ -z "$force" ] || [ "$force" = native ]; then
			if why=$(native_possible); then
				force=native kernel=native
			elif [ "$force" = native ]; then
				die "cannot run natively: $why"
			else
				say "not native: $why"
			fi
		fi
		[ "$force" = uml ] && kernel=debug
	elif [ "$force" = native ] || [ "$force" = uml ]; then
		force=''
	fi
	if [ -z "$force" ]; then
		force=tcg
		kvm_possible && force=kvm
	fi
	platform=$force slow=1
	case $platform in
	tcg) slow=4 ;;
	icount) slow=10 ;;
	uml) slow=3 ;;
	esac
	say "platform $platform, kernel $kernel"
}
