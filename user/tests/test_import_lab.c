// SPDX-License-Identifier: GPL-2.0-or-later
/* The three routers of the classic document, typed anew as running-configs in
 * tests/data, become what "make demo" runs with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/import_rig.h"

static void same_text(const char *a, const char *b)
{
	assert_string_equal(a ? a : "(none)", b ? b : "(none)");
}

/* [Tunnel] Address, MTU, Key, Protection, TTL, TOS, DF, Mark, StrictSource */
static void same_tunnel(const struct nh_conf *a, const struct nh_conf *b)
{
	size_t i;

	assert_string_equal(a->name, b->name);
	assert_int_equal(a->naddr, b->naddr);
	for (i = 0; i < a->naddr; i++) {
		assert_true(nh_addr_equal(&a->addr[i].addr, &b->addr[i].addr));
		assert_int_equal(a->addr[i].plen, b->addr[i].plen);
	}
	assert_int_equal(a->mtu, b->mtu);
	assert_int_equal(a->has_key, b->has_key);
	assert_int_equal(a->key, b->key);
	assert_int_equal(a->protection, b->protection);
	assert_int_equal(a->ttl, b->ttl);
	assert_int_equal(a->tos, b->tos);
	assert_int_equal(a->df, b->df);
	assert_int_equal(a->mark, b->mark);
	assert_int_equal(a->strict_source, b->strict_source);
}

/* All keys of [NHRP] */
static void same_nhrp(const struct nh_conf *a, const struct nh_conf *b)
{
	assert_int_equal(a->network_id, b->network_id);
	assert_memory_equal(&a->auth, &b->auth, sizeof(a->auth));
	assert_int_equal(a->holdtime, b->holdtime);
	assert_int_equal(a->registration, b->registration);
	assert_int_equal(a->unique, b->unique);
	assert_int_equal(a->link_local, b->link_local);
	assert_int_equal(a->redirect, b->redirect);
	assert_int_equal(a->shortcut, b->shortcut);
	assert_int_equal(a->mcast_dynamic, b->mcast_dynamic);
	assert_int_equal(a->nat, b->nat);
	assert_int_equal(a->server, b->server);
	assert_int_equal(a->max_send.burst, b->max_send.burst);
	assert_int_equal(a->max_send.seconds, b->max_send.seconds);
	assert_int_equal(a->max_registrations, b->max_registrations);
	assert_int_equal(a->also.n, b->also.n);
	assert_int_equal(a->accept.n, b->accept.n);
	assert_string_equal(a->group, b->group);
	assert_int_equal(a->if_state, b->if_state);
	assert_int_equal(a->fallback, b->fallback);
}

/* All keys of [NHS], and that there is no [Map] and no [Cluster] */
static void same_peers(const struct nh_conf *a, const struct nh_conf *b)
{
	size_t i;

	assert_int_equal(a->nnhs, b->nnhs);
	for (i = 0; i < a->nnhs; i++) {
		const struct nh_conf_nhs *x = &a->nhs[i], *y = &b->nhs[i];

		assert_true(nh_addr_equal(&x->proto, &y->proto));
		assert_true(nh_addr_equal(&x->nbma, &y->nbma));
		assert_int_equal(x->dynamic, y->dynamic);
		assert_string_equal(x->name, y->name);
		assert_int_equal(x->multicast, y->multicast);
		assert_int_equal(x->priority, y->priority);
		assert_int_equal(x->cluster, y->cluster);
	}
	assert_int_equal(a->nmap, b->nmap);
	assert_int_equal(a->ncluster, b->ncluster);
	assert_int_equal(a->peers, b->peers);
}

/*
 * [IPsec] Secret, identities and DPD. The demo negotiates what strongSwan does
 * by default; the document's routers what is tested here as it stands there:
 * IKEv1 with DES, MD5 and group 1, which are its defaults but for MD5, and ESP
 * with 3DES and MD5 in tunnel mode for 120 seconds.
 */
static void same_ipsec(const struct nh_conf *a, const struct nh_conf *b)
{
	const struct nh_conf_ipsec *x = &a->ipsec, *y = &b->ipsec;

	assert_true(x->present);
	assert_int_equal(x->secret_len, y->secret_len);
	assert_memory_equal(x->secret, y->secret, y->secret_len);
	same_text(x->identity, y->identity);
	same_text(x->remote_identity, y->remote_identity);
	same_text(x->socket, y->socket);
	assert_int_equal(x->dpd, y->dpd);
	assert_int_equal(x->idle, y->idle);
	assert_int_equal(x->ike_lifetime, y->ike_lifetime);
	assert_int_equal(x->version, 1);
	assert_string_equal(x->proposals, "des-md5-modp768");
	assert_string_equal(x->esp_proposals, "3des-md5");
	assert_true(x->tunnel);
	assert_int_equal(x->lifetime, 120);
}

static unsigned int is_command(const char *text)
{
	unsigned int n = 0;
	const char *line;

	for (line = text; line && *line; line = strchr(line, '\n') + 1)
		n += line[strspn(line, " ")] != '!' && *line != '\n';
	return n;
}

static void router(const char *name, const char *source)
{
	char path[128], *text, *demo;
	struct nh_conf *a, *b;
	struct nh_addr addr;
	struct import in;

	snprintf(path, sizeof(path), "tests/data/ios-%s.txt", name);
	text = imp_file(path);
	imp_ios(&in, text);
	assert_int_equal(in.nline, is_command(text));
	assert_int_equal(in.ntunnel, 1);
	a = imp_conf(&in, 0);
	snprintf(path, sizeof(path),
		 "../selftests/lab/etc/phase2/%s/dmvpn0.conf", name);
	demo = imp_file(path);
	b = imp_read("dmvpn0.conf", demo);

	same_tunnel(a, b);
	same_nhrp(a, b);
	same_peers(a, b);
	same_ipsec(a, b);
	/* The demo names the device of that address: fa0. */
	assert_string_equal(b->source_dev, "fa0");
	assert_string_equal(a->source_dev, "");
	assert_int_equal(nh_addr_parse(&addr, source), 0);
	assert_true(nh_addr_equal(&a->source4, &addr));

	nh_conf_free(a);
	nh_conf_free(b);
	import_free(&in);
	free(demo);
	free(text);
}

static void test_hub(void **state)
{
	(void)state;
	router("sv9-2", "209.168.202.225");
}

static void test_spokes(void **state)
{
	(void)state;
	router("sv9-3", "209.168.202.131");
	router("sv9-4", "209.168.202.130");
}

static void test_report(void **state)
{
	struct import in;
	char *text = imp_file("tests/data/ios-sv9-3.txt");

	(void)state;
	imp_ios(&in, text);
	imp_is(&in, "version", IMPORT_USED, "NatExtension=no");
	imp_is(&in, "enable password", IMPORT_IGNORED, "nothing");
	imp_is(&in, "hash md5", IMPORT_USED, "Proposals");
	imp_is(&in, "crypto isakmp key", IMPORT_USED, "Secret=");
	imp_is(&in, "interface Tunnel0", IMPORT_USED, "dmvpn0.conf");
	imp_is(&in, "ip nhrp map 192", IMPORT_USED, "[NHS] Nbma=");
	imp_is(&in, "ip nhrp map multicast 209", IMPORT_USED,
	       "[NHS] Multicast=yes");
	imp_is(&in, "ip nhrp nhs", IMPORT_USED, "[NHS] Address=192.168.1.1");
	imp_is(&in, "no ip redirects", IMPORT_IGNORED, "ICMP");
	imp_is(&in, "interface FastEthernet0/0", IMPORT_USED, "Source= of");
	imp_is(&in, "interface FastEthernet0/1", IMPORT_IGNORED, "no tunnel");
	imp_is(&in, "network 2.2.2.0", IMPORT_IGNORED, "routing");
	imp_is(&in, "ip route 3.3.3.0", IMPORT_LEFT, "routes");
	assert_string_equal(imp_line(&in, "ip route 3.3.3.0")->instead,
			    "ip route add 3.3.3.0/24 dev dmvpn0");
	imp_note(&in, "weak");
	import_free(&in);
	free(text);
}

/* Blanks in front get lost on the way, as in the document itself. */
static void test_no_indent(void **state)
{
	char *text = imp_file("tests/data/ios-sv9-4.txt"), *c;
	char *flat = calloc(1, strlen(text) + 1), *to = flat;
	struct import in, plain;
	char *a, *b;

	(void)state;
	for (c = text; *c; c++)
		if (*c != ' ' || (c != text && c[-1] != '\n'))
			*to++ = *c;
	imp_ios(&in, text);
	imp_ios(&plain, flat);
	a = imp_text(&in, 0);
	b = imp_text(&plain, 0);
	assert_string_equal(a, b);
	free(a);
	free(b);
	import_free(&in);
	import_free(&plain);
	free(flat);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hub),
		cmocka_unit_test(test_spokes),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_no_indent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
