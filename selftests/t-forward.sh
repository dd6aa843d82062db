#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets between two nodes: four combinations of overlay and underlay family,
# what the outer header says, and protection by static ESP.

. "$(dirname "$0")/lib.sh"

cloud 1
d hub -j show stats
check "ping" ping_from s1 10.0.0.1
capture_start a
check "ping6" ping_from s1 fd00::1
capture_stop a
capture_show a | head -20
echo $(capture_count a 'ip proto 47')
d hub -j show stats
d hub -j show
plan
