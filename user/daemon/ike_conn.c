// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The section [IPsec] in the words of swanctl.conf(5).
 *
 * Two rules hold for all connections. IKE SAs are never replaced because the
 * peer has another one ("unique"): where both ends begin at once that would
 * take away the pair that is in use; ike_tidy.c closes what is too many. And
 * all ESP SAs of a device have one request id, so that the kernel's requests
 * lead to the connection even by policies that an earlier IKE daemon left.
 *
 * Policies for each peer are left to the IKE daemon, though one for all would
 * do: by the number in their template it keeps to the old SA until the other
 * end of a rekeying has the new one. Without ("policies = no") ten rekeyings
 * lost 67 packets of a stream that now loses none.
 */
#include "daemon/ike_conn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A PEM file is much smaller. */
#define FILE_MAX	(60 * 1024)
/* Packets may come out of order by this much. */
#define REPLAY_WINDOW	128

/* With a key exchange at each rekeying, if the peer does that. */
static const char esp_default[] =
	"aes128gcm16-x25519-ecp256,aes256gcm16-x25519-ecp384,"
	"aes128gcm16,aes256gcm16,chacha20poly1305,aes128-sha256,"
	"aes256-sha256";

const char *nh_ike_conn_name(char *name, size_t size, const char *dev,
			     enum nh_ike_kind kind,
			     const struct nh_addr *remote)
{
	char text[NH_ADDR_STRLEN];

	switch (kind) {
	case NH_IKE_ANY:
		snprintf(name, size, "%s%s", dev,
			 remote->family == AF_INET6 ? "/ipv6" : "");
		break;
	case NH_IKE_PEER:
		snprintf(name, size, "%s/%s", dev,
			 nh_addr_format(remote, text, sizeof(text)));
		break;
	case NH_IKE_NAT:
		snprintf(name, size, "%s/nat/%s", dev,
			 nh_addr_format(remote, text, sizeof(text)));
		break;
	}
	return name;
}

const char *nh_ike_secret_id(char *id, size_t size, const char *dev)
{
	snprintf(id, size, "dmvpn-%s", dev);
	return id;
}

uint32_t nh_ike_reqid(const char *dev, uint8_t family)
{
	uint32_t hash = 2166136261u;

	while (*dev)
		hash = (hash ^ (uint8_t)*dev++) * 16777619u;
	/* Far from those that IKE daemons count up from 1. */
	return (hash & 0x3ffffffeu) | 0x40000000u | (family == AF_INET6);
}

/* Fills @text, which has room for FILE_MAX octets and a NUL. */
static bool read_into(char *text, const char *path, char *why, size_t size)
{
	FILE *file = fopen(path, "re");
	bool failed = !file;
	size_t len = 0;

	if (file) {
		len = fread(text, 1, FILE_MAX + 1, file);
		failed = ferror(file);
	}
	if (failed)
		snprintf(why, size, "%s: %s", path, strerror(errno));
	else if (!len || len > FILE_MAX || memchr(text, '\0', len))
		snprintf(why, size, "%s: expected a PEM file", path);
	else
		text[len] = '\0';
	if (file)
		fclose(file);
	return !why[0];
}

/* A whole text file, for free() after it was wiped. */
static char *read_text(const char *path, char *why, size_t size)
{
	char *text = malloc(FILE_MAX + 1);

	why[0] = '\0';
	if (!text)
		snprintf(why, size, "out of memory");
	else if (read_into(text, path, why, size))
		return text;
	if (text)
		explicit_bzero(text, FILE_MAX + 1);
	free(text);
	return NULL;
}

static int put_files(struct vici_builder *b, const char *list,
		     char *const *path, size_t n, char *why, size_t size)
{
	size_t i;

	vici_list_begin(b, list);
	for (i = 0; i < n; i++) {
		char *text = read_text(path[i], why, size);

		if (!text)
			return -EINVAL;
		vici_list_item(b, text);
		free(text);
	}
	vici_list_end(b);
	return 0;
}

static void put_seconds(struct vici_builder *b, const char *key, uint64_t v)
{
	char text[32];

	snprintf(text, sizeof(text), "%llus", (unsigned long long)v);
	vici_put(b, key, text);
}

static int put_local(struct vici_builder *b, const struct nh_conf_ipsec *ipsec,
		     const struct nh_addr *local, char *why, size_t size)
{
	char text[NH_ADDR_STRLEN];
	int err = 0;

	vici_section_begin(b, "local");
	vici_put(b, "auth", ipsec->secret ? "psk" : "pubkey");
	/* A secret is found by its owner, so there must be one. */
	if (ipsec->identity)
		vici_put(b, "id", ipsec->identity);
	else if (ipsec->secret)
		vici_put(b, "id", nh_addr_format(local, text, sizeof(text)));
	if (ipsec->cert)
		err = put_files(b, "certs", &ipsec->cert, 1, why, size);
	if (!err)
		vici_section_end(b);
	return err;
}

static int put_remote(struct vici_builder *b,
		      const struct nh_conf_ipsec *ipsec, char *why,
		      size_t size)
{
	int err = 0;

	vici_section_begin(b, "remote");
	vici_put(b, "auth", ipsec->secret ? "psk" : "pubkey");
	vici_put(b, "id", ipsec->remote_identity ? ipsec->remote_identity :
		 "%any");
	if (ipsec->nca)
		err = put_files(b, "cacerts", ipsec->ca, ipsec->nca, why,
				size);
	if (!err)
		vici_section_end(b);
	return err;
}

static void put_child(struct vici_builder *b, const struct nh_iface *iface,
		      enum nh_ike_kind kind, const struct nh_addr *local)
{
	const struct nh_conf_ipsec *ipsec = &iface->conf->ipsec;
	bool trap = kind == NH_IKE_ANY && !ipsec->tunnel;
	char addr[NH_ADDR_STRLEN], ts[NH_ADDR_STRLEN + 16];

	vici_section_begin(b, "children");
	vici_section_begin(b, NH_IKE_CHILD);
	vici_put(b, "mode", ipsec->tunnel ? "tunnel" : "transport");
	vici_put_list(b, "esp_proposals", ipsec->esp_proposals ?
		      ipsec->esp_proposals : esp_default);
	/* A dynamic selector would catch all GRE of the machine. */
	snprintf(ts, sizeof(ts), "%s/%u[gre]",
		 nh_addr_format(local, addr, sizeof(addr)),
		 nh_addr_bits(local));
	vici_put_list(b, "local_ts", ts);
	/* Any address where the kernel asks for SAs; of who negotiates, its own,
	 * so that nobody gets SAs for another's packets.
	 */
	vici_put_list(b, "remote_ts", "dynamic[gre]");
	put_seconds(b, "life_time", ipsec->lifetime);
	put_seconds(b, "rekey_time", ipsec->lifetime * 9ull / 10);
	put_seconds(b, "rand_time", ipsec->lifetime / 10);
	vici_put_u(b, "reqid", nh_ike_reqid(iface->conf->name,
					    local->family));
	vici_put_u(b, "replay_window", REPLAY_WINDOW);
	vici_put(b, "start_action", trap ? "trap" : "none");
	vici_put(b, "dpd_action", "clear");
	if (kind == NH_IKE_NAT) {
		vici_put(b, "if_id_in", "%unique");
		vici_put(b, "if_id_out", "%unique");
	}
	vici_section_end(b);
	vici_section_end(b);
}

static bool is_under_way(const struct nh_ike_sa *sa)
{
	return strcmp(sa->state, "CREATED") == 0 ||
	       strcmp(sa->state, "CONNECTING") == 0;
}

/* The number of the youngest IKE SA that there is with a peer, or 0. */
static uint32_t youngest(const struct nh_ike_table *t,
			 const struct nh_addr *remote)
{
	const struct nh_ike_sa *sa = NULL;
	uint32_t id = 0;

	while ((sa = nh_ike_table_with(t, remote, sa)))
		if (!is_under_way(sa) && sa->id > id)
			id = sa->id;
	return id;
}

/*
 * Asked to negotiate, the IKE daemon takes an IKE SA that it has by an equal
 * connection, whatever its name is, and that one may be dead. So this differs
 * in a time from that of the one before, and as a rule from all others; not from
 * that of one on its way, which needs no second one beside it.
 */
static void put_difference(struct vici_builder *b, const struct nh_iface *iface,
			   const struct nh_addr *remote)
{
	uint32_t spread = iface->conf->ipsec.ike_lifetime / 10;

	put_seconds(b, "rand_time", spread +
		    youngest(&iface->ike.table, remote) % (spread + 1));
}

static void put_ike(struct vici_builder *b, const struct nh_iface *iface,
		    enum nh_ike_kind kind, const struct nh_addr *local,
		    const struct nh_addr *remote)
{
	const struct nh_conf_ipsec *ipsec = &iface->conf->ipsec;
	const char *any = local->family == AF_INET ? "%any" : "%any6";
	char text[NH_ADDR_STRLEN];

	vici_put_u(b, "version", ipsec->version);
	vici_put_list(b, "local_addrs",
		      nh_addr_format(local, text, sizeof(text)));
	vici_put_list(b, "remote_addrs", kind == NH_IKE_ANY ? any :
		      nh_addr_format(remote, text, sizeof(text)));
	vici_put_list(b, "proposals", ipsec->proposals ? ipsec->proposals :
		      "default");
	vici_put(b, "unique", "never");
	/* The NBMA address is what NHRP knows of a peer: it may not change. */
	vici_put(b, "mobike", "no");
	put_seconds(b, "dpd_delay", ipsec->dpd);
	put_seconds(b, ipsec->version == 1 ? "reauth_time" : "rekey_time",
		    ipsec->ike_lifetime * 9ull / 10);
	put_seconds(b, "over_time", ipsec->ike_lifetime / 10);
	if (kind == NH_IKE_PEER)
		put_difference(b, iface, remote);
}

int nh_ike_conn_build(struct vici_builder *b, const struct nh_iface *iface,
		      enum nh_ike_kind kind, const struct nh_addr *remote,
		      char *why, size_t size)
{
	const struct nh_addr *local = nh_iface_local(iface, remote->family);
	const struct nh_conf_ipsec *ipsec = &iface->conf->ipsec;
	char name[NH_IKE_NAME_LEN];
	int err;

	if (!nh_addr_is_set(local))
		return -EADDRNOTAVAIL;
	vici_section_begin(b, nh_ike_conn_name(name, sizeof(name),
					       iface->conf->name, kind,
					       remote));
	put_ike(b, iface, kind, local, remote);
	err = put_local(b, ipsec, local, why, size);
	if (!err)
		err = put_remote(b, ipsec, why, size);
	if (!err) {
		put_child(b, iface, kind, local);
		vici_section_end(b);
		err = vici_builder_err(b);
		if (err)
			snprintf(why, size, "%s", strerror(-err));
	}
	if (err)
		vici_builder_free(b);
	return err;
}

/*
 * Those of ours that the secret is for, so that each device may have one. And
 * anybody, as who answers looks for it before it knows its own name.
 */
static void put_owners(struct vici_builder *b, const struct nh_iface *iface)
{
	const char *identity = iface->conf->ipsec.identity;
	const struct nh_addr *locals[] = { &iface->local4, &iface->local6 };
	char text[NH_ADDR_STRLEN];
	size_t i;

	vici_list_begin(b, "owners");
	if (identity)
		vici_list_item(b, identity);
	for (i = 0; i < 2; i++)
		if (nh_addr_is_set(locals[i]))
			vici_list_item(b, nh_addr_format(locals[i], text,
							 sizeof(text)));
	vici_list_item(b, "%any");
	vici_list_end(b);
}

int nh_ike_secret_build(struct vici_builder *b, const struct nh_iface *iface,
			const char **command, char *why, size_t size)
{
	const struct nh_conf_ipsec *ipsec = &iface->conf->ipsec;
	char id[NH_IKE_NAME_LEN], *key;

	if (ipsec->secret) {
		*command = "load-shared";
		vici_put(b, "id", nh_ike_secret_id(id, sizeof(id),
						   iface->conf->name));
		vici_put(b, "type", "IKE");
		vici_put_bytes(b, "data", ipsec->secret, ipsec->secret_len);
		put_owners(b, iface);
	} else {
		*command = "load-key";
		key = read_text(ipsec->key, why, size);
		if (!key)
			return -EINVAL;
		vici_put(b, "type", "any");
		vici_put(b, "data", key);
		explicit_bzero(key, strlen(key));
		free(key);
	}
	if (!vici_builder_err(b))
		return 0;
	vici_builder_free(b);
	snprintf(why, size, "out of memory");
	return -ENOMEM;
}
