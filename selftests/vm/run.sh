#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run a command as root on a test machine: this machine's own root file
# system, unchanged afterwards, under another kernel. See README.md.

usage()
{
	cat <<-TEXT
	usage: run.sh [-k KERNEL] [-t SECONDS] [-o RESULTS] [-m MODULE.ko]
	              [-c CPUS] [-i] -- COMMAND...

	-k  6.1, 6.12, 7.3, debug, debug-smp, plain, or auto: this kernel if it can
	    load the module, else 6.1 (default auto)
	-t  time limit of COMMAND in seconds (default 600)
	-o  directory for what COMMAND leaves in /results, and for dmesg
	-m  module for \$DMVPN_MODULE (default: this checkout's, built now;
	    "none" for no module)
	-c  processors (default 1; 2 in debug-smp)
	-i  emulated, with a clock that counts instructions: each is 2 ns, and
	    time without any is skipped; stock kernels only

	Exit status: that of COMMAND; 123 COMMAND succeeded but the kernel
	log or kmemleak did not; 124 out of time; 125 the machine died.
	TEXT
}

set -u
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
. "$here/cache.sh"
. "$here/platform.sh"
. "$here/boot-qemu.sh"
. "$here/boot-uml.sh"
. "$here/verdict.sh"

kernel=auto seconds=600 results='' module='' cpus='' machine=''

parse()
{
	local opt

	while getopts k:t:o:m:c:ih opt; do
		case $opt in
		k) kernel=$OPTARG ;;
		t) seconds=$OPTARG ;;
		o) results=$OPTARG ;;
		m) module=$OPTARG ;;
		c) cpus=$OPTARG ;;
		i) DMVPN_VM=icount ;;
		h) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
	done
	shift $((OPTIND - 1))
	[ $# -gt 0 ] || { usage >&2; exit 2; }
	[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "-t '$seconds': not a number"
	command=("$@")
}

# write_job DIR NAME=VALUE...: what guest.sh and the command need to know.
write_job()
{
	local dir=$1 pair

	shift
	for pair in "$@"; do
		printf '%s=%q\n' "${pair%%=*}" "${pair#*=}"
	done >"$dir/env"
	{
		printf 'export DMVPN_MODULE=%q DMVPN_KERNEL=%q DMVPN_SLOW=%q\n' \
			"$module" "$kernel" "$slow"
		printf 'export DMVPN_ALL=%q\n' "${DMVPN_ALL:-}"
		printf 'export DMVPN_VM=%q DMVPN_CACHE=%q RESULTS=%q\n' \
			"$platform" "$DMVPN_CACHE" /results
		printf 'exec'
		printf ' %q' "${command[@]}"
		echo
	} >"$dir/run"
	cp "$here/guest.sh" "$dir/"
	echo "$module" >"$dir/module"
}

# run_machine DIR: boot, run, and return the verdict.
run_machine()
{
	local dir=$1 tree tty power=b limit watcher rc

	case $platform in
	uml)
		tree=$("$here/debug-kernel.sh" "$kernel") || return 125
		tty=/dev/tty1 power=o
		;;
	*)
		tree=$("$here/kernel.sh" image "$kernel") || return 125
		tty=/dev/ttyS1
		;;
	esac
	write_job "$dir" "VM_MODULES=$tree/lib/modules" "VM_TTY=$tty" \
		"VM_POWEROFF=$power" "VM_PROJECT=$project" \
		"VM_TIMEOUT=$seconds" "VM_HUNG=$((60 * slow))"
	limit=$((seconds + 60 * slow))
	if [ "$platform" = uml ]; then
		boot_uml "$tree" "$dir" "$results" "$cpus" "$limit" &
	else
		boot_qemu "$platform" "$tree" "$dir" "$results" "$cpus" \
			"$limit" &
	fi
	# In the background, so that a signal is not kept waiting for it.
	machine=$!
	end_when_off "$dir" &
	watcher=$!
	wait "$machine"
	rc=$?
	kill "$watcher" 2>/dev/null
	verdict "$rc" "$dir" "$results"
}

# end_when_off DIR: a User Mode Linux that has switched itself off may wait for ever
# for a process of its own that it has ended.
end_when_off()
{
	local left=$((30 * slow))

	until [ -s "$1/rc" ]; do
		[ -d "$1" ] || return
		read -rt 2 <> <(:)
	done
	while [ "$left" -gt 0 ]; do
		read -rt 1 <> <(:)
		left=$((left - 1))
	done
	echo "run.sh: the machine is off and does not end: ended" >&2
	kill "$machine"
}

# run_native: no machine at all, the same environment and kernel log check.
run_native()
{
	local dir=$1 rc mark

	mark="dmvpn-vm: job starts ($$)"
	write_job "$dir"
	echo "$mark" >/dev/kmsg
	sed -i "s|RESULTS=/results|RESULTS=${results@Q}|" "$dir/run"
	(cd "$project" && timeout -k 10 "$seconds" bash "$dir/run")
	rc=$?
	dmesg | sed -n "/$mark/,\$p" >"$dir/dmesg"
	echo "$rc" >"$dir/rc"
	verdict 0 "$dir" "$results"
}

parse "$@"
platform_choose "$kernel"	# sets platform, kernel, slow
if [ -z "$module" ]; then
	module=$("$here/build-module.sh" "$kernel") || die "no module to run"
	module=${module%%$'\n'*}
elif [ "$module" = none ]; then
	module=''
else
	module=$(readlink -e "$module") || die "-m: no such module"
fi
[ -n "$cpus" ] || { cpus=1; [ "$kernel" = debug-smp ] && cpus=2; }
scratch=$(mktemp -d) || exit 125
trap 'rm -rf "$scratch"' EXIT
trap '[ -z "$machine" ] || kill "$machine"; exit 130' INT TERM
mkdir "$scratch/job"
results=${results:-$scratch/results}
mkdir -p "$results" && results=$(readlink -f "$results") || exit 125
if [ "$platform" = native ]; then
	run_native "$scratch/job"
else
	run_machine "$scratch/job"
fi
