#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "make demo": builds everything, finds a kernel that can load the module (this
# one, or Debian's stock kernel in a virtual machine) and runs the lab there.
#
# usage: demo.sh [interface|nexthop|shortcut]...

set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1

cat <<'END'
The classic DMVPN lab: three routers, each a network namespace with its own
dmvpnd and strongSwan; ESP between each pair, made when traffic wants it.

             1.1.1.0/24
                 |
              [sv9-2]  hub, tunnel 192.168.1.1
                 | 209.168.202.225
   ==============+=================  provider
      | .131             | .130
   [sv9-3] 192.168.1.2   [sv9-4] 192.168.1.3
      |                  |
   2.2.2.0/24         3.3.3.0/24

END
selftests/vm/deps.sh build user vm lab ike || exit 1
make -s -C user all || exit 1
exec selftests/vm/run.sh -t 900 -- selftests/lab/lab.sh "$@"
