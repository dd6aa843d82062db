#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# First program on the root of a test machine, QEMU and UML alike: finish the
# machine, run the job in /run/dmvpn-vm, leave its verdict there, power off.

job=/run/dmvpn-vm
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root TERM=dumb LC_ALL=C.UTF-8
# shellcheck disable=SC1091 # written by run.sh
. "$job/env"

# Mount what the early stage did not, and what differs from the host's.
guest_mounts()
{
	mkdir -p /dev/pts /dev/shm /run/lock /lib/modules
	mount -t devpts -o ptmxmode=666,mode=620 devpts /dev/pts
	mount -t tmpfs tmpfs /dev/shm
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
	mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
	mount --bind "$VM_MODULES" /lib/modules
	ln -sfn /proc/self/fd /dev/fd
	ln -sfn /proc/self/fd/0 /dev/stdin
	ln -sfn /proc/self/fd/1 /dev/stdout
	ln -sfn /proc/self/fd/2 /dev/stderr
	rm -f /etc/mtab && ln -s /proc/self/mounts /etc/mtab
}

guest_settings()
{
	local rootless=/proc/sys/kernel/unprivileged_userns_clone

	hostname dmvpn-vm
	ip link set lo up
	[ -e "$rootless" ] && echo 1 >"$rootless"
	[ -e /proc/sys/kernel/hung_task_timeout_secs ] &&
		echo "$VM_HUNG" >/proc/sys/kernel/hung_task_timeout_secs
}

# Let kmemleak forget what booting left, so that the rest is ours.
leaks_forget()
{
	[ -w /sys/kernel/debug/kmemleak ] || return
	echo scan >/sys/kernel/debug/kmemleak
	echo clear >/sys/kernel/debug/kmemleak
}

# An object is listed when two scans did not reach it and it is older than
# five seconds. That time is all there is to wait for: nothing tells of it.
leaks_collect()
{
	[ -w /sys/kernel/debug/kmemleak ] || return
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak >"$job/kmemleak"
}

# Line counters of a module that was built with them; they outlive rmmod.
coverage_collect()
{
	local file

	find /sys/kernel/debug/gcov -path '*/kmod/*.gcda' 2>/dev/null |
		while read -r file; do
			mkdir -p "$job/gcda"
			cat "$file" >"$job/gcda/$(sed \
				's|.*/kmod/||; s|/|#|g' <<<"$file")"
		done
}

job_run()
{
	local rc

	stty -F "$VM_TTY" raw -echo 2>/dev/null
	cd "$VM_PROJECT" || return 125
	echo "dmvpn-vm: job starts" >/dev/kmsg
	# shellcheck disable=SC2094 # a terminal, both ways
	setsid timeout -k 10 "$VM_TIMEOUT" bash "$job/run" \
		<"$VM_TTY" >"$VM_TTY" 2>&1
	rc=$?
	if [ "$rc" -eq 124 ] || [ "$rc" -eq 137 ]; then
		echo w >/proc/sysrq-trigger
	fi
	return "$rc"
}

guest_mounts
guest_settings
leaks_forget
job_run
rc=$?
leaks_collect
coverage_collect
dmesg >"$job/dmesg"
echo "$rc" >"$job/rc.tmp" && mv "$job/rc.tmp" "$job/rc"
sync -f "$job/rc" 2>/dev/null
sync -f /results/. 2>/dev/null
# Settings are changed when all that was written has left the terminal.
stty -F "$VM_TTY" cooked 2>/dev/null
echo "$VM_POWEROFF" >/proc/sysrq-trigger
# The first program must not end before the machine does.
while :; do
	read -r <> <(:)
done
