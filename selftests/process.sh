# shellcheck shell=bash disable=SC2154 # never, slow: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Waiting, and the processes of a selftest; lib.sh sources this. Nothing is
# waited for without a limit: what hangs says where.

owned=()		# processes to end

# busywait SECONDS COMMAND...: until COMMAND succeeds; SECONDS are multiplied
# on slow machines. Who waits for long looks less often: on one processor the
# looking takes the time of what is waited for.
busywait()
{
	local limit=$(($1 * 1000000 * slow)) begin=${EPOCHREALTIME/./} pause=50
	local seconds

	shift
	until "$@" >/dev/null 2>&1; do
		[ $((${EPOCHREALTIME/./} - begin)) -le "$limit" ] || return 1
		printf -v seconds 0.%03d "$pause"
		read -rt "$seconds" -u "$never"
		pause=$((pause < 700 ? pause * 5 / 4 : pause))
	done
	return 0
}

# stays SECONDS COMMAND...: it succeeds all that time
stays()
{
	local end=$((SECONDS + $1))

	shift
	while [ "$SECONDS" -lt "$end" ]; do
		"$@" >/dev/null || return 1
		read -rt 1 -u "$never"
	done
	return 0
}

# need COMMAND...: a step of preparation without which nothing makes sense.
need()
{
	local out

	out=$("$@" 2>&1) && return
	echo "Bail out! $*: $out"
	exit 1
}

# processes_gone PID...: none of these children of the shell is left
processes_gone()
{
	local pid

	for pid; do
		! kill -0 "$pid" 2>/dev/null || return 1
	done
}

# process_report PID: what it is waiting for
process_report()
{
	local task

	diag "process $1: $(tr '\0' ' ' <"/proc/$1/cmdline")"
	for task in "/proc/$1/task"/*; do
		diag "${task##*/} $(grep '^State' "$task/status")" \
			"$(head -n 12 "$task/stack")"
	done
}

# process_stop PID [SIGNAL]: end a child of the shell, and wait until it is gone; one
# that the signal does not end is killed, and that is a failure.
process_stop()
{
	local pid=$1 rc=0

	kill "-${2:-TERM}" "$pid" 2>/dev/null
	if ! busywait 30 processes_gone "$pid"; then
		process_report "$pid" 2>/dev/null
		diag "SIG${2:-TERM} did not end it, killed"
		kill -KILL "$pid"
		rc=1
	fi
	wait "$pid" 2>/dev/null
	return "$rc"
}

# answered FILE: the numbers of the answers in what ping says, as they came; what
# routers say of a packet has its number, too
answered()
{
	sed -n 's/.* bytes from .*icmp_seq=\([0-9]*\) .*/\1/p' "$1"
}

# unanswered FILE [AFTER [END]]: numbers of the packets behind AFTER and up to
# END (the last one that was answered) that were not answered
unanswered()
{
	answered "$1" | awk -v after="${2:-0}" -v end="${3:-0}" '
		{ seen[$1] }
		$1 > last { last = $1 }
		END {
			for (i = after + 1; i <= (end ? end : last); i++)
				if (!(i in seen))
					print i
		}'
}

# beyond FILE NUMBER: a packet behind that was answered
beyond()
{
	[ "$(answered "$1" | tail -n 1)" -gt "$2" ]
}

# stream_lossless: end the ping that runs as $stream, with its output in
# $scratch/stream, once it is seen to go on; whether all was answered until now
stream_lossless()
{
	local end lost

	end=$(answered "$scratch/stream" | tail -n 1)
	busywait 20 beyond "$scratch/stream" $((${end:-0} + 5))
	process_stop "$stream" INT
	lost=$(unanswered "$scratch/stream" 0 "${end:-1}" | paste -s -d ' ')
	echo "answered up to $end, but for: ${lost:-none}"
	tail -n 3 "$scratch/stream"
	[ "${end:-0}" -gt 20 ] && [ -z "$lost" ] &&
		beyond "$scratch/stream" $((end + 4))
}

# processes_end: whatever is left of them
processes_end()
{
	kill "${owned[@]}" 2>/dev/null
	busywait 20 processes_gone "${owned[@]}" || kill -KILL "${owned[@]}" 2>/dev/null
	wait 2>/dev/null
}

# interrupted: where, for the reader of a script that took too long
interrupted()
{
	local i

	for ((i = 1; i < ${#FUNCNAME[@]}; i++)); do
		diag "ended in ${FUNCNAME[i]}," \
			"${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}"
	done
	diag "$(ps -N --ppid 2 -p 2 -o pid,ppid,etimes,stat,wchan:20,args)"
	exit 130
}
