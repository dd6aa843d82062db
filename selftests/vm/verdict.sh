# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Turn what a test machine left behind into one exit status, sourced.

# Lines of a kernel log that fail a run whatever the command said.
bad_log='BUG:|WARNING:|KASAN|UBSAN|suspicious RCU|INFO: task|INFO: trying'
bad_log+='|unreferenced object|possible (circular|recursive)|refcount'
bad_log+='|leaked reference|ODEBUG|DEBUG_LOCKS_WARN|general protection'
bad_log+='|Oops|unregister_netdevice: waiting'

# log_bad FILE: print the bad lines since the job started.
log_bad()
{
	sed '1,/dmvpn-vm: job starts/d' "$1" | grep -nE "$bad_log"
}

# leaks_bad FILE: print leaked objects of the module. One that was unloaded
# has no names left: its frames are bare addresses.
leaks_bad()
{
	awk -v RS='unreferenced object ' '
		/dmvpn/ || /\n +(\[<[0-9a-fx<>]+>\] )?0x[0-9a-f]+\n/ {
			printf "unreferenced object %s", $0
		}' "$1"
}

# console_tail JOB: the end of the console, for a machine that died.
console_tail()
{
	echo "--- console, last lines ---"
	tail -n 60 "$1/console" 2>/dev/null | tr -d '\r'
	cat "$1/qemu" 2>/dev/null
	echo "---"
}

# verdict STATUS JOB RESULTS: STATUS is that of the emulator.
verdict()
{
	local job=$2 results=$3 rc bad

	rm -rf "$results/gcda"
	cp -r "$job"/{dmesg,console,kmemleak,gcda,module} "$results/" \
		2>/dev/null
	if [ ! -s "$job/rc" ]; then
		console_tail "$job" >&2
		if [ "$1" -eq 124 ] || [ "$1" -eq 137 ]; then
			echo "run.sh: the machine did not finish in time" >&2
			return 124
		fi
		echo "run.sh: the machine died (status $1)" >&2
		return 125
	fi
	rc=$(<"$job/rc")
	[ "$rc" -eq 137 ] && rc=124
	[ "$rc" -eq 124 ] &&
		echo "run.sh: the command did not finish in time" >&2
	bad=$(log_bad "$job/dmesg")
	[ -s "$job/kmemleak" ] && bad+=$(leaks_bad "$job/kmemleak")
	if [ -n "$bad" ]; then
		echo "run.sh: the kernel complained:" >&2
		head -n 60 <<<"$bad" >&2
		[ "$rc" -eq 0 ] && rc=123
	fi
	return "$rc"
}
