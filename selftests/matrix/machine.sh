# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A root file system as a machine: its own kernel and first root file system,
# systemd, a disk; sourced after vm/cache.sh and root.sh.

# machine_unit ROOT JOB: the machine runs JOB when it has booted, and ends
machine_unit()
{
	cat >"$1/etc/systemd/system/matrix.service" <<-END
		[Unit]
		After=multi-user.target
		[Service]
		Type=oneshot
		Environment=HOME=/root LC_ALL=C.UTF-8
		ExecStart=-$2
		ExecStopPost=/bin/systemctl poweroff --force --force
		StandardOutput=tty
		StandardError=tty
		TTYPath=/dev/ttyS1
		TimeoutStartSec=infinity
		[Install]
		WantedBy=graphical.target
	END
	ln -sf ../matrix.service \
		"$1/etc/systemd/system/multi-user.target.wants/"
	printf '%s\n' '127.0.0.1 localhost machine' >"$1/etc/hosts"
	echo machine >"$1/etc/hostname"
	echo 'LABEL=root / ext4 defaults 0 0' >"$1/etc/fstab"
}

# machine_image ROOT FILE: a disk with that root
machine_image()
{
	truncate -s 6G "$2" &&
		mke2fs -q -t ext4 -L root -E lazy_itable_init=1 \
			-O ^has_journal -d "$1" "$2"
}

# machine_boot ROOT IMAGE RESULTS SECONDS [QEMU-OPTION...]: the job's output is
# stdout, the console RESULTS/console; what the job leaves in /results is there.
machine_boot()
{
	local root=$1 image=$2 results=$3 seconds=$4 release accel cpu
	local fs=local,security_model=none

	shift 4
	release=$(root_release "$root")
	accel=tcg,thread=multi,tb-size=512 cpu=max,-cx16
	kvm_possible && accel=kvm cpu=host
	timeout -k 5 "$seconds" qemu-system-x86_64 -accel "$accel" -M q35 \
		-cpu "$cpu" -smp "${MATRIX_CPUS:-1}" -m 2048 -nodefaults \
		-no-user-config -display none -no-reboot \
		-chardev "file,id=con,path=$results/console" \
		-serial chardev:con \
		-chardev stdio,id=out,signal=off -serial chardev:out \
		-kernel "$root/boot/vmlinuz-$release" \
		-initrd "$root/boot/initrd.img-$release" \
		-append "root=LABEL=root rw console=ttyS0 quiet panic=-1 \
oops=panic mitigations=off random.trust_cpu=on net.ifnames=0 \
softlockup_panic=1 watchdog_thresh=30 systemd.show_status=no \
systemd.mask=apt-daily.timer systemd.mask=apt-daily-upgrade.timer" \
		-drive "file=$image,if=none,id=root,format=raw,cache=unsafe" \
		-device virtio-blk-pci,drive=root \
		-fsdev "$fs,id=results,path=$results" \
		-device virtio-9p-pci,fsdev=results,mount_tag=results \
		"$@" </dev/null 2>"$results/qemu"
}
