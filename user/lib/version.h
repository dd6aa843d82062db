/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version of dmvpnd and dmvpn; dkms.conf has that of the module. */
#ifndef DMVPN_VERSION_H
#define DMVPN_VERSION_H

#define DMVPN_VERSION	"0.1.0"

#endif /* DMVPN_VERSION_H */
