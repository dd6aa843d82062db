#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What may use what: each part of the kernel's interfaces is known to the
# files named for it, and the parts of userspace do not reach sideways.

set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. selftests/lint/files.sh

rc=0

# only WHAT PATTERN ALLOWED DIRECTORY: PATTERN occurs in DIRECTORY's C files
# only where the path matches ALLOWED. Comments do not count.
only()
{
	local found

	found=$(files "^$4/.*\.[ch]$" | grep -vE "$3" |
		xargs -r -d '\n' grep -nHE "$2" 2>/dev/null |
		grep -vE '^[^:]+:[0-9]+:[[:space:]]*(/?\*|//)')
	[ -z "$found" ] && return
	# shellcheck disable=SC2001 # each line gets the reason
	sed "s|\$|  [$1]|" <<<"$found"
	rc=1
}

only "netlink attributes belong to netlink*, upcall, device" \
	'\b(nla_(put|get|nest|parse)|genl_|genlmsg_)' \
	'^kmod/(netlink.*|upcall.*|device|notify|link.*|tests/.*|compat/.*)\.[ch]$' kmod
only "xfrm interfaces belong to xfrm and route" \
	'\b(xfrm_[a-z_]+|skb_sec_path|secpath_[a-z]+) ?\(' \
	'^kmod/(xfrm.*|route|compat/.*)\.[ch]$|^kmod/compat/' kmod
only "version tests belong to compat" \
	'LINUX_VERSION_CODE|KERNEL_VERSION' '^kmod/compat/' kmod
only "rtnl_link_ops belongs to device and link" \
	'struct rtnl_link_ops' '^kmod/(device|link|main|dmvpn).*\.[ch]$' kmod
only "nhrp/, vici/ and lib/ know nothing of daemon, genl, cli" \
	'#include ["<](daemon|genl|cli)/' '^$' 'user/(lib|nhrp|vici)'
only "lib/ and vici/ know nothing of nhrp" '#include ["<]nhrp/' '^$' \
	'user/(lib|vici)'
only "lib/ and nhrp/ know nothing of vici" '#include ["<]vici/' '^$' \
	'user/(lib|nhrp)'
only "daemon does not include cli" '#include ["<]cli/' '^$' user/daemon
only "cli does not include daemon" '#include ["<]daemon/' '^$' user/cli
only "libnl is known to genl only" '#include <netlink/' '^user/(genl|tests|fuzz)/' user
only "nhrp/ and vici/ have no clock and no output" \
	'\b(time|clock_gettime|gettimeofday|printf|fprintf|puts) ?\(' \
	'^$' 'user/(nhrp|vici)'
only "no shell is called from C" '\b(system|popen) ?\(' '^$' user
only "exit() belongs to main" '\b_?exit ?\(' \
	'/main\.c$|^user/(tests|fuzz)/' user
only "unit tests include what they test, nobody else does" \
	'#include "[^"]*\.c"' '^(kmod|user)/(tests|fuzz)/' '(kmod|user)'
exit "$rc"
