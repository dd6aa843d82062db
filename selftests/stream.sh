# shellcheck shell=bash disable=SC2154 # scratch, slow: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Streams of numbered packets between the nodes of lib.sh, sourced after it:
# what of them is lost, and when.

declare -A stream_pid
# A slow machine is kept busy by fewer packets.
printf -v interval '%d.%02d' $((2 * slow / 100)) $((2 * slow % 100))

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
	[ -z "$(strange "$1")" ] || diag "stream $1: $(strange "$1")"
}

# got NAME: number of the last packet that was answered
got()
{
	answered "$scratch/stream-$1" | tail -n 1
}

# holes NAME [AFTER [END]]: numbers of the packets that were not, see unanswered()
holes()
{
	unanswered "$scratch/stream-$1" "${@:2}"
}

# lost NAME [AFTER [END]]: how many of them
lost()
{
	holes "$@" | wc -l
}

# strange NAME: what came beside the answers, or twice, or late
strange()
{
	sed -n '/^\[/{/ bytes from .*[0-9] ms$/!p}' "$scratch/stream-$1" |
		tail -n 20
	answered "$scratch/stream-$1" | awk '
		$1 in seen { print "answered twice: " $1 }
		$1 < last && !($1 in seen) { print "late: " $1 " after " last }
		$1 > last { last = $1 }
		{ seen[$1] }' | tail -n 20
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

# flows NAME [COUNT]: COUNT further packets are answered
flows()
{
	local now

	now=$(got "$1")
	busywait 20 beyond "$scratch/stream-$1" $((${now:-0} + ${2:-25} - 1))
}

# lossless TEXT COMMAND...: no packet of any stream is lost while COMMAND runs
# and shortly after it. A packet may come later than those behind it: what is
# counted begins with the last answer from before, and others come behind the
# last that is counted.
lossless()
{
	local text=$1 name count end
	declare -A was

	shift
	for name in "${!stream_pid[@]}"; do
		was[$name]=$(got "$name")
	done
	check "$text" "$@"
	for name in "${!stream_pid[@]}"; do
		check "$text: the stream of $name goes on" flows "$name"
		end=$(got "$name")
		flows "$name" 10
		count=$(lost "$name" "${was[$name]:-0}" "${end:-0}")
		is "$text: packets lost by $name" "$count" 0
		[ "$count" -eq 0 ] || {
			diag "$(around_holes "$name")"
			diag "$(strange "$name")"
		}
	done
}
