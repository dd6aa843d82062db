#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# On a fresh machine, once it has booted: what README.md says, and how long each of
# it takes. The clock starts before apt.

set -u
role=''		# hub or spoke
here=$(dirname "$(readlink -f "$0")")
# shellcheck disable=SC1091 # written by fresh.sh
. "$here/fresh.env"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive

mkdir -p /results
modprobe -a 9pnet_virtio 9p
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 results /results
exec > >(tee /results/transcript) 2>&1

type_in()
{
	printf '[%6.1f s] # %s\n' "$(seconds)" "$*"
	"$@"
}

seconds()
{
	local now=${EPOCHREALTIME/./}

	echo "$(((now - began) / 1000000)).$(((now - began) / 100000 % 10))"
}

began=${EPOCHREALTIME/./}
echo "$role, $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release), $(uname -r)"
cd /srv || exit 1
type_in apt-get -q install -y ./dmvpn_*.deb ./dmvpn-dkms_*.deb
type_in install -m 600 "$here/$role.conf" /etc/dmvpn/dmvpn0.conf
type_in systemctl enable --now dmvpnd
[ "$role" = hub ] || {
	printf '[%6.1f s] # ping 192.168.1.1\n' "$(seconds)"
	until answer=$(ping -n -c 1 -W 1 192.168.1.1); do
		[ "$(seconds | cut -d. -f1)" -lt 3600 ] || break
	done
	echo "$answer"
	! grep -q ' 0% packet loss' <<<"$answer" || {
		printf '[%6.1f s] the first answer\n' "$(seconds)"
		touch /results/answered
	}
	type_in dmvpn show
	type_in dmvpn show ipsec
	type_in dmvpn doctor
	dmvpn -j show ipsec >/results/ipsec.json
	journalctl -b --no-pager -u dmvpnd >/results/journal
}
sync
# The hub goes on until it is switched off.
[ "$role" != hub ] || sleep infinity
umount /results
