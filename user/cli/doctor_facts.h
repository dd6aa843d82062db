/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "dmvpn doctor" looks at, as plain values. */
#ifndef CLI_DOCTOR_FACTS_H
#define CLI_DOCTOR_FACTS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/firewall.h"
#include "genl/netdev.h"
#include "genl/route.h"
#include "lib/addr.h"

struct cli;
struct dmvpn_nl_dev;
struct dmvpn_nl_link;
struct dmvpn_nl_peer;
struct ike_daemon;
struct snapshot;

/* A length of time that is not known. */
#define DOCTOR_NEVER	UINT64_MAX

/**
 * struct doctor_server - a next hop server of a device
 * @proto: its tunnel address, or empty
 * @nbma: its NBMA address, or empty
 * @name: that its NBMA address is looked up by, or NULL
 * @state: the daemon's word, or NULL
 * @answer: its last answer in the daemon's words, or NULL
 * @failures: requests in a row without a good answer
 * @expires: milliseconds until the registration ends, or DOCTOR_NEVER
 * @next: milliseconds until the next request, or DOCTOR_NEVER
 * @peer: the peer at @nbma, or NULL
 * @route_err: of the look-up of @route
 * @route: that packets to @nbma take
 * @way: the device that they leave by
 */
struct doctor_server {
	struct nh_addr proto;
	struct nh_addr nbma;
	const char *name;
	const char *state;
	const char *answer;
	uint64_t failures;
	uint64_t expires;
	uint64_t next;
	const struct dmvpn_nl_peer *peer;
	int route_err;
	struct dmvpn_nl_route route;
	struct dmvpn_nl_netdev way;
};

/* Room for two conditions on the name of a device. */
#define DOCTOR_RULE	(2 * (IFNAMSIZ + sizeof("iifname  ")))

/**
 * struct doctor_passage - a kind of packets that must pass a firewall
 * @what: in words
 * @v6: over IPv6
 * @forward: others', which we forward; else for us and our own
 * @rule: what nft's rule for them matches
 * @in: packets that begin something, those that are forwarded, too
 * @answers: packets to which there was one the other way before
 * @out: our own
 * @chain: that does not let those of @in pass for sure
 * @chain_out: that does not let those of @out pass for sure
 */
struct doctor_passage {
	const char *what;
	bool v6;
	bool forward;
	char rule[DOCTOR_RULE];
	enum firewall_verdict in;
	enum firewall_verdict answers;
	enum firewall_verdict out;
	char chain[FIREWALL_CHAIN_LEN];
	char chain_out[FIREWALL_CHAIN_LEN];
};

/* ESP, GRE, two ports of IKE and what is forwarded, for each family. */
#define DOCTOR_PASSAGES	10

/**
 * struct doctor_device - a device
 * @link: its settings
 * @dev: its facts; NULL when it went meanwhile
 * @self: as a network device
 * @inet4: it has an IPv4 address
 * @inet6: it has an IPv6 address that is not link-local
 * @local4: its local IPv4 NBMA address is one of this network namespace
 * @local6: its local IPv6 NBMA address is one of this network namespace
 * @holder4: the device that has the IPv4 one, or 0
 * @underlay_err: of the look-up of @underlay
 * @underlay: the device that its settings name
 * @rp_filter: in force on the device; -1 not known
 * @underlay_rp_filter: in force on the device that outer packets leave by
 * @way: name of that one, or "" not known
 * @servers: array
 * @n_servers: its length
 * @clients: number of peers that are no servers
 * @ike: how the daemon gets on with the IKE daemon; NULL, it has none to do with
 * @policy: there is an xfrm policy for all GRE of the local address: 1, 0 or
 *          a negative errno
 * @passages: array
 * @n_passages: its length
 */
struct doctor_device {
	const struct dmvpn_nl_link *link;
	const struct dmvpn_nl_dev *dev;
	struct dmvpn_nl_netdev self;
	bool inet4;
	bool inet6;
	bool local4;
	bool local6;
	uint32_t holder4;
	int underlay_err;
	struct dmvpn_nl_netdev underlay;
	int rp_filter;
	int underlay_rp_filter;
	char way[IFNAMSIZ];
	struct doctor_server *servers;
	size_t n_servers;
	size_t clients;
	const struct ike_daemon *ike;
	int policy;
	struct doctor_passage passages[DOCTOR_PASSAGES];
	size_t n_passages;
};

/**
 * struct doctor_facts - all of it
 * @now: seconds since the epoch
 * @kernel: the kernel knows dmvpn
 * @family: version of the netlink family, or a negative errno
 * @module: version of the module, or ""
 * @daemon: dmvpnd runs and answers
 * @version: its version, or NULL
 * @config_dir: where the configuration is
 * @config: exit status of "dmvpnd --check"; or a negative errno
 * @complaint: what that has said
 * @secrets: 0, or why some file that may have a secret in it could not be
 *           looked at, a negative errno
 * @open: files that have one, and that others than their owners have rights to
 * @n_open: their number
 * @wanted: name of the only device that is looked at, or NULL
 * @forward4: IPv4 is forwarded: 1, 0, or -1 not known
 * @forward6: IPv6 is forwarded
 * @firewall: why the firewall could not be looked at, or NULL
 * @legacy: there are rules of iptables that nft does not know of
 * @devices: array
 * @n_devices: its length
 */
struct doctor_facts {
	int64_t now;
	bool kernel;
	int family;
	char module[32];
	bool daemon;
	const char *version;
	const char *config_dir;
	int config;
	char *complaint;
	int secrets;
	char **open;
	size_t n_open;
	const char *wanted;
	int forward4;
	int forward6;
	const char *firewall;
	bool legacy;
	struct doctor_device *devices;
	size_t n_devices;
};

/** doctor_is_hub() - others depend on the device: it has clients, or redirects */
bool doctor_is_hub(const struct doctor_device *d);

/** doctor_is_esp() - the device demands protection */
bool doctor_is_esp(const struct doctor_device *d);

#endif /* CLI_DOCTOR_FACTS_H */
