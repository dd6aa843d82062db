# shellcheck shell=bash disable=SC2154 # scratch, slow: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Streams of numbered packets between the nodes of lib.sh, sourced after it:
# what of them is lost, and when.

declare -A stream_pid
# A slow machine is kept busy by fewer packets.
interval=0.0$((2 * slow))

# stream NAME FROM SOURCE TO: a numbered stream, until stream_end
stream()
{
	enterns "$netns-$2" ping -n -D -i "$interval" -I "$3" "$4" \
		>"$scratch/stream-$1" 2>&1 &
	stream_pid[$1]=$!
	owned+=("$!")
}

stream_end()
{
	process_stop "${stream_pid[$1]}" INT
	unset "stream_pid[$1]"
}

# got NAME: number of the last packet that was answered
got()
{
	tail -n 1 "$scratch/stream-$1" | sed -n 's/.*icmp_seq=\([0-9]*\).*/\1/p'
}

# lost NAME: packets up to that one that were not
lost()
{
	awk 'match($0, /icmp_seq=[0-9]+/) {
		n++; seq = substr($0, RSTART + 9, RLENGTH - 9) + 0
		if (seq > last) last = seq
	}
	END { print last - n }' "$scratch/stream-$1"
}

# holes NAME: numbers of those packets, of the first few
holes()
{
	awk 'match($0, /icmp_seq=[0-9]+/) {
		seen[substr($0, RSTART + 9, RLENGTH - 9) + 0]
		if (substr($0, RSTART + 9, RLENGTH - 9) + 0 > last)
			last = substr($0, RSTART + 9, RLENGTH - 9) + 0
	}
	END {
		for (i = 1; i <= last && n < 20; i++)
			if (!(i in seen)) {
				printf "%d ", i
				n++
			}
		print "of " last
	}' "$scratch/stream-$1"
}

# around_holes NAME: the answers before and behind them, with the time of day
around_holes()
{
	awk 'match($0, /icmp_seq=[0-9]+/) {
		seq = substr($0, RSTART + 9, RLENGTH - 9) + 0
		if (seq > last + 1) {
			print strftime("%T", substr(before, 2) + 0), before
			print strftime("%T", substr($0, 2) + 0), $0
		}
		last = seq
		before = $0
	}' "$scratch/stream-$1" | tail -n 20
}

beyond()
{
	local now

	now=$(got "$1")
	[ "${now:-0}" -ge "$2" ]
}

# flows NAME [COUNT]: COUNT further packets are answered
flows()
{
	local now

	now=$(got "$1")
	busywait 20 beyond "$1" $((${now:-0} + ${2:-25}))
}

# lossless TEXT COMMAND...: no packet of any stream is lost while COMMAND runs
# and shortly after it.
lossless()
{
	local text=$1 name before after
	declare -A was

	shift
	for name in "${!stream_pid[@]}"; do
		was[$name]=$(lost "$name")
	done
	check "$text" "$@"
	for name in "${!stream_pid[@]}"; do
		check "$text: the stream of $name goes on" flows "$name"
		before=${was[$name]} after=$(lost "$name")
		is "$text: packets lost by $name" $((after - before)) 0
	done
}
