// SPDX-License-Identifier: GPL-2.0-or-later
/* A device with [IPsec], whose charon is a fake_vici, on a manual clock. */
#include "tests/ike_lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "daemon/ike_conn.h"
#include "lib/log.h"
#include "tests/fake_kernel.h"

#define FILES	16

struct fake_net *ike_net;
struct ike_lab lab;

static char *logged;
static char dir[32];
static char path[FILES][64];
static size_t nfiles;

static void keep(void *arg, enum nh_log_level level, const char *line)
{
	char *more;

	(void)arg;
	(void)level;
	if (getenv("FAKE_LOG"))
		fprintf(stderr, "# %s\n", line);
	assert_true(asprintf(&more, "%s%s\n", ike_lab_log(), line) >= 0);
	free(logged);
	logged = more;
}

const char *ike_lab_log(void)
{
	return logged ? logged : "";
}

void ike_lab_log_forget(void)
{
	free(logged);
	logged = NULL;
}

unsigned int ike_lab_lines(const char *all, const char *text)
{
	unsigned int n = 0;

	for (; (all = strstr(all, text)); all++)
		n++;
	return n;
}

int ike_lab_setup(void **state)
{
	(void)state;
	ike_net = fake_net_new();
	nh_log_sink(keep, NULL);
	strcpy(dir, "/tmp/test_ike.XXXXXX");
	assert_non_null(mkdtemp(dir));
	return 0;
}

int ike_lab_teardown(void **state)
{
	(void)state;
	fake_net_free(ike_net);
	fake_vici_forget();
	ike_lab_log_forget();
	while (nfiles)
		unlink(path[--nfiles]);
	rmdir(dir);
	return 0;
}

const char *ike_lab_file(const char *name, const void *data, size_t len)
{
	char *own = path[nfiles];
	FILE *f;

	assert_true(nfiles < FILES);
	snprintf(own, sizeof(path[0]), "%s/%s", dir, name);
	f = fopen(own, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
	nfiles++;
	return own;
}

const char *ike_lab_certs(void)
{
	static char text[512];

	snprintf(text, sizeof(text),
		 "[IPsec]\nCertificate=%s\nPrivateKey=%s\nCA=%s\n",
		 ike_lab_file("cert.pem", "CERT OF OURS", 12),
		 ike_lab_file("key.pem", "PRIVATE-K3Y", 11),
		 ike_lab_file("ca.pem", "CERT OF CA", 10));
	return text;
}

const char *ike_lab_conf(const char *nbma, const char *more)
{
	static char text[4096];
	const char *last = strrchr(nbma, '.');

	snprintf(text, sizeof(text),
		 "[Tunnel]\nSource=%s\nAddress=10.0.0.%s/24\n%s", nbma,
		 last ? last + 1 : "6", more);
	return text;
}

struct fake_node *ike_lab_node(const char *nbma, const char *more)
{
	return fake_node(ike_net, nbma, ike_lab_conf(nbma, more));
}

struct nh_vici *ike_lab_vici(const struct fake_node *node)
{
	return node->iface->ike.vici;
}

struct fake_node *ike_lab_up(const char *nbma, const char *more)
{
	struct fake_node *node = ike_lab_node(nbma, more);

	fake_vici_up(ike_lab_vici(node));
	fake_vici_serve(ike_lab_vici(node));
	fake_vici_forget();
	ike_lab_log_forget();
	lab = (struct ike_lab){
		.node = node,
		.vici = ike_lab_vici(node),
		.ike = &node->iface->ike,
	};
	return node;
}

int ike_lab_setup_up(void **state)
{
	ike_lab_setup(state);
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	return 0;
}

void ike_lab_reload(struct fake_node *node, const char *more)
{
	char nbma[NH_ADDR_STRLEN];

	nh_addr_format(&node->nbma, nbma, sizeof(nbma));
	assert_int_equal(nh_iface_reload(node->iface,
					 fake_conf(ike_lab_conf(nbma, more))),
			 0);
}

static void raise_updown(struct fake_node *node, const char *event,
			 const struct fake_ike_sa *sa, bool up)
{
	struct vici_builder b = { 0 };

	if (up)
		vici_put(&b, "up", "yes");
	fake_vici_put_sa(&b, sa);
	fake_vici_event(ike_lab_vici(node), event, &b);
	fake_vici_serve(ike_lab_vici(node));
}

void ike_lab_sa(struct fake_node *node, const struct fake_ike_sa *sa)
{
	fake_vici_add(ike_lab_vici(node), sa);
	raise_updown(node, "child-updown", sa, true);
}

void ike_lab_sa_gone(struct fake_node *node, uint32_t id)
{
	struct nh_vici *vici = ike_lab_vici(node);
	size_t i;

	for (i = 0; i < FAKE_VICI_SAS && vici->sa[i].id; i++) {
		struct fake_ike_sa sa = vici->sa[i];

		if (sa.id != id)
			continue;
		fake_vici_del(vici, id);
		raise_updown(node, "ike-updown", &sa, false);
		return;
	}
	fail_msg("no IKE SA %u", id);
}

void ike_lab_advance(struct fake_node *node, unsigned int seconds)
{
	while (seconds--) {
		fake_advance(ike_net, 1000);
		fake_vici_serve(ike_lab_vici(node));
	}
}

static void raise_peer(struct fake_node *node, enum dmvpn_event_type type,
		       const struct dmvpn_nl_peer *peer)
{
	struct dmvpn_event ev = {
		.type = type, .ifindex = FAKE_IFINDEX, .peer = *peer,
	};

	nh_dispatch_event(&node->ifaces, &ev);
}

void ike_lab_peer(struct fake_node *node, const struct dmvpn_nl_peer *peer)
{
	const struct nh_endpoint ep = { peer->nbma, peer->if_id };
	struct dmvpn_nl_peer *own = fake_kernel_peer(node, &ep, true);

	assert_non_null(own);
	*own = *peer;
	own->ifindex = FAKE_IFINDEX;
	if (own->state == DMVPN_PEER_STATE_IDLE)
		own->state = DMVPN_PEER_STATE_SECURED;
	raise_peer(node, DMVPN_EVENT_PEER_CHANGE, own);
}

void ike_lab_peer_gone(struct fake_node *node, const char *nbma,
		       uint32_t if_id)
{
	const struct nh_endpoint ep = { fake_addr(nbma), if_id };
	struct dmvpn_nl_peer *own = fake_kernel_peer(node, &ep, false);
	struct dmvpn_nl_peer peer;

	assert_non_null(own);
	peer = *own;
	*own = node->peer[--node->npeer];
	raise_peer(node, DMVPN_EVENT_PEER_GONE, &peer);
}

void ike_lab_esp(struct fake_node *node, const char *remote, uint32_t in,
		 unsigned int age, unsigned int idle)
{
	const uint64_t now = (uint64_t)time(NULL);
	char local[NH_ADDR_STRLEN];
	struct dmvpn_nl_sa *sa;
	unsigned int i;

	nh_addr_format(&node->nbma, local, sizeof(local));
	for (i = 0; i < 2; i++) {
		sa = fake_sa(node, i ? local : remote, i ? remote : local,
			     in + i);
		sa->reqid = nh_ike_reqid("dmvpn0", node->nbma.family);
		sa->added = now - age;
		sa->used = now - idle;
	}
}
