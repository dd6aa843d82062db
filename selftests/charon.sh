# shellcheck shell=bash disable=SC2034 # unconfined is for who sources this
# SPDX-License-Identifier: GPL-2.0-or-later
#
# strongSwan's charon as the lab and the selftests run it, several on one
# machine; sourced.

# Where AppArmor is on, Debian lets charon and swanctl have their own paths
# only; those of tests are not among them. The list has no size.
unconfined=()
grep -qs . /sys/kernel/security/apparmor/profiles &&
	command -v aa-exec >/dev/null && unconfined=(aa-exec -p unconfined --)

# charon_write_conf FILE SOCKET LOG: its configuration, with only the plugins
# that are needed, so that it starts fast; and $charon_settings.
charon_write_conf()
{
	cat >"$1" <<-END
		charon-systemd {
		  load = random nonce openssl sha1 sha2 md5 hmac kdf gcm pem pkcs1 pkcs8 x509 pubkey constraints kernel-netlink socket-default vici
		  ${charon_settings:-}
		  plugins { vici { socket = unix://$2 } }
		  filelog { log { path = $3
		    default = 1
		    flush_line = yes
		    time_format = %T
		    time_add_ms = yes
		  } }
		}
	END
}

# charon_modules: what ESP needs, before an exchange has to wait for it.
charon_modules()
{
	modprobe -qa esp4 esp6 gcm seqiv echainiv authenc cbc hmac \
		sha256_generic md5 des_generic 2>/dev/null
	return 0
}
