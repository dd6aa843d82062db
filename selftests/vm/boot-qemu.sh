# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # here: set by run.sh
#
# Start a stock kernel in QEMU, sourced by run.sh: this machine's own root
# over 9p, read-only; job and results directories over 9p, writable.

# boot_qemu ACCEL IMAGE JOB RESULTS CPUS SECONDS: become the machine, its kernel
# told DMVPN_APPEND as well;
# the job's output is stdout, the kernel console goes to JOB/console.
boot_qemu()
{
	local accel=$1 image=$2 job=$3 results=$4 cpus=$5 seconds=$6
	local initrd cpu=host fs=local,security_model=none,multidevs=remap
	local count=() more=''

	initrd=$("$here/initramfs.sh" "$image") || return 1
	if [ "$accel" = tcg ]; then
		# 7.2 miscompiles the cmpxchg16b of newer slab allocators.
		cpu=max,-cx16
		accel=tcg,thread=multi,tb-size=512
	elif [ "$accel" = icount ]; then
		# A copy by one instruction would count each octet.
		cpu=max,-erms,-fsrm,-cx16
		accel=tcg,thread=single,tb-size=512
		count=(-icount "shift=1,sleep=off")
		more=nokaslr
	fi
	exec timeout -k 5 "$seconds" qemu-system-x86_64 -accel "$accel" \
		"${count[@]}" -M q35 \
		-cpu "$cpu" -smp "$cpus" -m 2048 -nodefaults -no-user-config \
		-display none -no-reboot \
		-chardev "file,id=con,path=$job/console" -serial chardev:con \
		-chardev stdio,id=out,signal=off -serial chardev:out \
		-kernel "$image/vmlinuz" -initrd "$initrd" \
		-append "console=ttyS0 quiet panic=-1 oops=panic \
mitigations=off random.trust_cpu=on log_buf_len=8M net.ifnames=0 \
softlockup_panic=1 watchdog_thresh=30 $more ${DMVPN_APPEND:-}" \
		-fsdev "$fs,id=root,path=/,readonly=on" \
		-device virtio-9p-pci,fsdev=root,mount_tag=root \
		-fsdev "$fs,id=job,path=$job" \
		-device virtio-9p-pci,fsdev=job,mount_tag=job \
		-fsdev "$fs,id=results,path=$results" \
		-device virtio-9p-pci,fsdev=results,mount_tag=results \
		</dev/null 2>"$job/qemu"
}
