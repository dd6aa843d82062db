# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # used by those who source it, which
# set target, and n and case for each sample
#
# What the parts of the benchmark have in common: namespaces that go away,
# lists of many peers, and samples.
#
# A sample is a line "WHAT TUNNEL CIPHER PEERS OCTETS VALUE". VALUE is in
# nanoseconds a packet, or what report.py says for WHAT. All cases of a part are
# there at once and take turns, so that what changes meanwhile changes for all.

set -o pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
PATH=$here/../../user/build/normal:$here/../bin:$PATH
packets=${PACKETS:-4096} samples=${SAMPLES:-5} many=${PEERS:-10000}
id=bench-$$

# Threads that are woken wait until a batch of packets is through. Else how often
# they run depends on how the packets' costs lie to the scheduler's times.
features=/sys/kernel/debug/sched/features
batches()
{
	grep -qs ' WAKEUP_PREEMPTION' "$features" || return 0
	preempts=yes
	echo NO_WAKEUP_PREEMPTION >"$features"
}

cleanup()
{
	local ns

	[ -z "${preempts:-}" ] || echo WAKEUP_PREEMPTION >"$features"
	for ns in $(ip netns list | sed -n "s/^\($id-[a-z0-9]*\).*/\1/p"); do
		ip netns pids "$ns" 2>/dev/null | xargs -r kill 2>/dev/null
		ip netns del "$ns" 2>/dev/null
	done
}
trap cleanup EXIT
trap 'exit 130' INT TERM
mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
batches
[ -z "${PROFILE:-}" ] ||
	sysctl -qw kernel.perf_event_max_sample_rate=100000 \
		kernel.perf_cpu_time_max_percent=0 kernel.kptr_restrict=0

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# until_ok COMMAND...: within a minute
until_ok()
{
	local end=$((SECONDS + 60))

	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# in_ns NAMESPACE COMMAND...
in_ns()
{
	ip netns exec "$id-$1" "${@:2}"
}

# namespaces NAME...: with forwarding, and no filter of sources
namespaces()
{
	local ns

	for ns; do
		ip netns add "$id-$ns" && ip -n "$id-$ns" link set lo up &&
			in_ns "$ns" sysctl -qw net.ipv4.ip_forward=1 \
				net.ipv4.conf.all.rp_filter=0 \
				net.ipv4.conf.default.rp_filter=0 || return 1
	done
}

# wire NAMESPACE NAMESPACE NAME: a cable between them, its ends called NAME; that
# in the second one has the address that the neighbour entries name
wire()
{
	ip link add "$3" netns "$id-$1" type veth peer name "$3" \
		netns "$id-$2" address 02:00:00:00:00:02 &&
		ip -n "$id-$1" link set "$3" up &&
		ip -n "$id-$2" link set "$3" up
}

# within NUMBER...: those of them that are no more than there are peers
within()
{
	local n

	for n; do
		[ "$n" -gt "$many" ] || echo "$n"
	done
}

# sink NAMESPACE DEVICE: drop what comes
sink()
{
	tc -n "$id-$1" qdisc add dev "$2" ingress &&
		tc -n "$id-$1" filter add dev "$2" parent ffff: matchall \
			action drop
}

# each TEXT: for each peer, with "@" for the rest of its address, as in "10.1@",
# and its number and N for "#N#"
each()
{
	awk -v n="$many" -v text="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			line = text
			while (match(line, /[0-9]+@/))
				line = substr(line, 1, RSTART - 1) \
					substr(line, RSTART, RLENGTH - 1) + \
					int((i + 1) / 65536) "." \
					int((i + 1) / 256) % 256 "." \
					(i + 1) % 256 substr(line, RSTART + RLENGTH)
			while (match(line, /#[0-9]+#/))
				line = substr(line, 1, RSTART - 1) \
					substr(line, RSTART + 1, RLENGTH - 2) + i \
					substr(line, RSTART + RLENGTH)
			print line
		}
	}'
}

# cipher NAME: what "ip xfrm state" takes for it. The keys are anybody's.
cipher()
{
	local key=0x00112233445566778899aabbccddeeff

	case $1 in
	null) echo "auth digest_null '' enc ecb(cipher_null) ''" ;;
	gcm) echo "aead rfc4106(gcm(aes)) ${key}01020304 128" ;;
	chacha) echo "aead rfc7539esp(chacha20,poly1305)" \
		"$key${key#0x}01020304 128" ;;
	esac
}

# security NAMESPACE LOCAL CIPHER NUMBER: a policy and associations with each peer,
# their SPIs beginning with 65536 * NUMBER on the way out and 262144 in
security()
{
	local how="proto esp spi" what out=$((65536 * $4))

	what="reqid 1 mode transport $(cipher "$3")"
	ip -n "$id-$1" xfrm policy add src "$2/32" dst 0.0.0.0/0 proto 47 \
		dir out tmpl src "$2" dst 0.0.0.0 proto esp reqid 1 \
		mode transport || return 1
	{
		each "xfrm state add src $2 dst 198.18@ $how #$out# $what"
		each "xfrm state add src 198.18@ dst $2 $how #262144# $what"
	} | ip -n "$id-$1" -batch -
}

# tunnels SUFFIX LOCAL KEY PROTECTION: ip_gre to one peer and to many, and dmvpn,
# in namespace r
tunnels()
{
	ip -n "$id-r" -batch - <<-LIST || return 1
	link add one$1 type gre local $2 remote 198.18.0.1 key $(($3 + 1)) ttl 64
	link add many$1 type gre local $2 key $(($3 + 2)) ttl 64
	link set one$1 mtu 1400 up
	link set many$1 mtu 1400 up
	LIST
	in_ns r dmvpn link add "dmvpn$1" local "$2" key $(($3 + 3)) ttl 64 \
		protection "$4" max-peers 20000 max-entries 20000 mtu 1400 up
}

# blast_counted NAMESPACE ARGUMENT...: blast there, which waits until $target has
# what it sent
blast_counted()
{
	# shellcheck disable=SC2086 # namespace and device
	set -- $target "$@"
	# shellcheck disable=SC2016 # for that shell
	in_ns "$1" bash -c 'exec 3<"/sys/class/net/$1/statistics/rx_packets"
		shift; exec ip netns exec "$@"' \
		- "$2" "$id-$3" blast -w "${each_copies:-1}" "${@:4}"
}

# counter NAMESPACE DEVICE: packets that came in
counter()
{
	in_ns "$1" cat "/sys/class/net/$2/statistics/rx_packets"
}

# profile COMMAND...: COMMAND sends $n packets; which functions that takes how much
# of, in nanoseconds a packet or a copy of it, is put into a file of $PROFILE
profile()
{
	local data=$PROFILE/perf.data

	# It runs programs only: one that knows our functions.
	perf record -a -q -e cpu-clock -c 4000 -o "$data" -- bash -c "$(declare -f)
		$(declare -p id target here PATH)
		each_copies=${each_copies:-1}
		$(printf '%q ' "$@")" >/dev/null || return 1
	# What is not about packets is left out.
	perf report -i "$data" -q -n --sort sym,comm --stdio 2>/dev/null |
		awk -v n="$((n * ${each_copies:-1}))" '
		$NF ~ /^(blast|copies|ksoftirqd|kworker)/ {
			sum[$4] += $2 * 4000 / n
		} END {
			for (name in sum)
				printf "%7.0f %s\n", sum[name], name
		}' | sort -rn >"$PROFILE/${case// /-}.profile"
	rm "$data"
}

# count_packets COMMAND...: COMMAND sends $n packets and prints what one costs; say
# so, unless not all of them reached $target
count_packets()
{
	local before cost lost

	if [ -n "${PROFILE:-}" ]; then
		profile "$@"
		return
	fi
	# shellcheck disable=SC2086 # namespace and device
	before=$(counter $target)
	cost=$("$@") || return 1
	# shellcheck disable=SC2086
	lost=$((n * ${each_copies:-1} - $(counter $target) + before))
	[ "$lost" -le 0 ] || die "$case: $lost of $n packets lost"
	echo "$case $cost"
}
