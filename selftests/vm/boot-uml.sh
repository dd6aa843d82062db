# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # here: set by run.sh
#
# Start the debug kernel, sourced by run.sh: a User Mode Linux process whose
# root is this machine's own, read-only, with a tmpfs laid over it.

# boot_uml TREE JOB RESULTS CPUS SECONDS: become the machine, on processor
# DMVPN_CPU only if that is set; the
# job's output is stdout, the kernel console goes to JOB/console.
boot_uml()
{
	local tree=$1 job=$2 results=$3 cpus=$4 seconds=$5
	local flags=() memory=$job

	cp "$here/stage1-uml" "$job/"
	# slab_debug=F because 7.x keeps pointers of what it handed out in
	# per-CPU arrays of caches without it: kmemleak takes them for uses.
	# seccomp came with 7.x; a UML of 6.12 takes the word for nothing.
	[ "$cpus" -gt 1 ] && flags=("ncpus=$cpus")
	# Memory of the machine is a file there: on a tmpfs, or it is slow.
	[ -w /dev/shm ] && memory=/dev/shm
	export TMPDIR=$memory
	exec ${DMVPN_CPU:+taskset -c "$DMVPN_CPU"} \
		timeout -k 5 "$seconds" "$tree/linux" mem=2048M \
		rootfstype=hostfs rootflags=/ ro "init=$job/stage1-uml" \
		con=null con0=null,fd:1 con1=null,fd:3 quiet printk.time=1 panic=-1 \
		kasan_multi_shot slab_debug=F log_buf_len=8M seccomp=on "${flags[@]}" \
		"dmvpn_job=$job" "dmvpn_results=$results" \
		3>&1 >"$job/console" 2>&1 </dev/null
}
