/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling the service manager how far we are (sd_notify's protocol). */
#ifndef NH_NOTIFY_H
#define NH_NOTIFY_H

/** nh_notify() - send @state, such as "READY=1", to $NOTIFY_SOCKET if set */
void nh_notify(const char *state);

#endif /* NH_NOTIFY_H */
