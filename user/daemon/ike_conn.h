/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the IKE daemon is told: connections, secrets, certificates. */
#ifndef NH_IKE_CONN_H
#define NH_IKE_CONN_H

#include "daemon/iface.h"
#include "vici/msg.h"

/* Longest name of a connection, with its NUL. */
#define NH_IKE_NAME_LEN		96
/* Name of the one child of each connection. */
#define NH_IKE_CHILD		"gre"

/**
 * enum nh_ike_kind - what a connection is for
 * @NH_IKE_ANY: any peer that begins; in transport mode the kernel's requests
 *	for SAs, too
 * @NH_IKE_PEER: one peer, to begin with it ourselves
 * @NH_IKE_NAT: peers behind one NAT; each gets an xfrm interface id of its own
 */
enum nh_ike_kind {
	NH_IKE_ANY,
	NH_IKE_PEER,
	NH_IKE_NAT,
};

/**
 * nh_ike_conn_name() - "dmvpn0", "dmvpn0/ipv6", "dmvpn0/192.0.2.1",
 *	"dmvpn0/nat/192.0.2.1"
 * @remote: of NH_IKE_PEER and NH_IKE_NAT; else only its family matters
 */
const char *nh_ike_conn_name(char *name, size_t size, const char *dev,
			     enum nh_ike_kind kind,
			     const struct nh_addr *remote);

/**
 * nh_ike_reqid() - of all ESP SAs of a device and family
 *
 * Made of the device's name, so that a daemon started anew, and a new device
 * of that name, go on with the SAs that are there.
 */
uint32_t nh_ike_reqid(const char *dev, uint8_t family);

/**
 * nh_ike_conn_build() - the argument of "load-conn"
 * @b: empty
 * @remote: as of nh_ike_conn_name()
 * @why: on failure receives what is wrong
 * @size: of @why
 *
 * Return: 0; -EADDRNOTAVAIL without own address of the family; -EINVAL when a
 * certificate cannot be read; -ENOMEM.
 */
int nh_ike_conn_build(struct vici_builder *b, const struct nh_iface *iface,
		      enum nh_ike_kind kind, const struct nh_addr *remote,
		      char *why, size_t size);

/**
 * nh_ike_secret_build() - the argument of "load-shared" or "load-key"
 * @b: empty
 * @command: set to which of them
 * @why: on failure receives what is wrong; never what is in the file
 * @size: of @why
 *
 * Return: 0, -EINVAL when the private key cannot be read, or -ENOMEM.
 */
int nh_ike_secret_build(struct vici_builder *b, const struct nh_iface *iface,
			const char **command, char *why, size_t size);

/** nh_ike_secret_id() - under which a shared secret is loaded */
const char *nh_ike_secret_id(char *id, size_t size, const char *dev);

#endif /* NH_IKE_CONN_H */
