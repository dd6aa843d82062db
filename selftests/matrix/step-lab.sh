#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The classic lab of three routers, each with the programs that are installed.

. "$(dirname "$0")/site.sh"

check "the lab's verdict" type_in env LAB_QUIET=1 "$here/lab/lab.sh"
plan
