#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The service under systemd, and without: it is ready when it says so, is let do
# no more than it has to, and no packet is lost whatever becomes of it.

. "$(dirname "$0")/site.sh"
conf=/etc/dmvpn/dmvpn0.conf

check "strongSwan's service runs" busywait 30 systemctl -q is-active strongswan
check "a branch comes up" branch_up
check "it reaches the hub" busywait 60 branch_reaches 192.168.1.1
check "and the LAN behind" busywait 10 branch_reaches 10.1.1.1
type_in dmvpn show
type_in dmvpn show ipsec
check "doctor finds nothing that fails" dmvpn doctor
type_in dmvpn doctor
check "metrics know of IKE" grep -q '^dmvpn_ike_up.* 1$' <(dmvpn metrics)
check "and of an SA" grep -qi '^dmvpn_ike_sas{.*established.*} 1$' \
	<(dmvpn metrics)
type_in sh -c 'dmvpn metrics | grep dmvpn_ike'
check "the mesh can be drawn" grep -q '</svg>' <(dmvpn graph format svg)

# status_of NAME: of the main process
status_of()
{
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$(main_pid)/status"
}

is "the only capability is CAP_NET_ADMIN" "$(status_of CapBnd)" \
	0000000000001000
is "no new privileges" "$(status_of NoNewPrivs)" 1
is "system calls are filtered" "$(status_of Seccomp)" 2
is "systemd waits for its word" "$(systemctl show -p Type --value dmvpnd)" notify
type_in sh -c 'systemd-analyze security --no-pager dmvpnd | tail -n 2'

level()
{
	journalctl -q -u dmvpnd -p "$1" -o cat
}

check "registrations are of level info" grep -qi register <(level info)
check "and not of level warning" eval '! level warning | grep -qi register'

stream_start
index=$(ifindex)
pid=$(main_pid)
cp "$conf" "$scratch/conf"
echo 'Nonsense=1' >>"$conf"
check_not "a bad configuration is not loaded" type_in systemctl reload dmvpnd

said_why()
{
	journalctl -q -u dmvpnd -o cat | grep -q 'dmvpn0.conf:.*Nonsense'
}

check "and says why" busywait 10 said_why
is "the daemon still runs" "$(main_pid)" "$pid"
sed 's/Redirect=yes/Redirect=no/' "$scratch/conf" >"$conf"

redirect_is()
{
	[ "$(dmvpn -j link show dmvpn0 | jq '.[0].redirect')" = "$1" ]
}

check "a good one is" type_in systemctl reload dmvpnd
check "and is in force" busywait 10 redirect_is false
is "by the same process" "$(main_pid)" "$pid"
cp "$scratch/conf" "$conf"
check "restart" type_in systemctl restart dmvpnd
check "is another process" pid_is_new "$pid"
pid=$(main_pid)
kill -KILL "$pid"
check "killed, it is started again" busywait 20 pid_is_new "$pid"
pid=$(main_pid)
kill -STOP "$pid"
check "stuck, it is ended and started again" busywait 60 pid_is_new "$pid"
pid=$(main_pid)
check "stop" type_in systemctl stop dmvpnd
check "the branch still gets through" branch_reaches 10.1.1.1
export SYSTEMCTL_SKIP_REDIRECT=1 _SYSTEMCTL_SKIP_REDIRECT=1
check "start by the init script" type_in /etc/init.d/dmvpnd start
check "it runs" busywait 10 dmvpn show nhs
check "status" type_in /etc/init.d/dmvpnd status
check "reload" type_in /etc/init.d/dmvpnd reload
check "stop by the init script" type_in /etc/init.d/dmvpnd stop
check_not "it is gone" pgrep -f '/usr/sbin/dmvpnd --daemonize'
check "the branch's own is not" pgrep -f "dmvpnd -c $branch/etc"
check "start" type_in systemctl start dmvpnd
check "the branch registers again" branch_registers
is "the device is the one of before" "$(ifindex)" "$index"
check "no packet was lost in all that" stream_lossless
plan
