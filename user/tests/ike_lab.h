/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device with [IPsec], whose charon is a fake_vici, on a manual clock. */
#ifndef IKE_LAB_H
#define IKE_LAB_H

#include "tests/fake.h"
#include "tests/fake_vici.h"

#define IKE_LAB_SECRET	"[IPsec]\nSecret=s3cr3t-of-all\n"
#define IKE_LAB_NHS	"[NHS]\nAddress=10.0.0.9\nNbma=192.0.2.9\n"

extern struct fake_net *ike_net;

/**
 * struct ike_lab - the device that ike_lab_up() started last
 * @node: its machine
 * @vici: its connection to charon, until it is opened anew
 * @ike: what it knows
 */
struct ike_lab {
	struct fake_node *node;
	struct nh_vici *vici;
	struct nh_ike *ike;
};

extern struct ike_lab lab;

/** ike_lab_setup() - for cmocka; the log is kept, all of its levels */
int ike_lab_setup(void **state);

/** ike_lab_setup_up() - and the device at 192.0.2.1 is up, with a secret */
int ike_lab_setup_up(void **state);
int ike_lab_teardown(void **state);

/**
 * ike_lab_conf() - configuration of the device at @nbma: 192.0.2.X has 10.0.0.X
 * @more: further sections, and before them keys of [Tunnel]
 */
const char *ike_lab_conf(const char *nbma, const char *more);

/** ike_lab_node() - a machine of that configuration */
struct fake_node *ike_lab_node(const char *nbma, const char *more);

/** ike_lab_up() - the same, and its charon has answered all */
struct fake_node *ike_lab_up(const char *nbma, const char *more);

struct nh_vici *ike_lab_vici(const struct fake_node *node);

/** ike_lab_reload() - go over to the configuration of @more */
void ike_lab_reload(struct fake_node *node, const char *more);

/** ike_lab_file() - a temporary file; the path is valid to the end */
const char *ike_lab_file(const char *name, const void *data, size_t len);

/** ike_lab_certs() - a section [IPsec] of certificates, with good files */
const char *ike_lab_certs(void);

/** ike_lab_log() - the lines of the log, each with a newline behind it */
const char *ike_lab_log(void);

void ike_lab_log_forget(void);

/** ike_lab_lines() - how often @text is in @all */
unsigned int ike_lab_lines(const char *all, const char *text);

/** ike_lab_sa() - charon has @sa, new or changed, and says so */
void ike_lab_sa(struct fake_node *node, const struct fake_ike_sa *sa);

/** ike_lab_sa_gone() - charon has closed it, and says so */
void ike_lab_sa_gone(struct fake_node *node, uint32_t id);

/** ike_lab_advance() - let time pass; charon answers every second */
void ike_lab_advance(struct fake_node *node, unsigned int seconds);

/** ike_lab_peer() - the kernel has a peer, secured if not said, and says so */
void ike_lab_peer(struct fake_node *node, const struct dmvpn_nl_peer *peer);

/** ike_lab_peer_gone() - it has no longer, and says so */
void ike_lab_peer_gone(struct fake_node *node, const char *nbma,
		       uint32_t if_id);

/**
 * ike_lab_esp() - the kernel has a pair of ESP SAs of the device
 * @in: SPI of the one to us; the other one has the next
 * @age: seconds since they were added
 * @idle: seconds since they were used
 */
void ike_lab_esp(struct fake_node *node, const char *remote, uint32_t in,
		 unsigned int age, unsigned int idle);

#endif /* IKE_LAB_H */
