/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that tells an init script who the daemon is. */
#ifndef DMVPN_DAEMON_PIDFILE_H
#define DMVPN_DAEMON_PIDFILE_H

int nh_pidfile_write(const char *path);

#endif /* DMVPN_DAEMON_PIDFILE_H */
