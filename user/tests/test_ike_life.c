// SPDX-License-Identifier: GPL-2.0-or-later
/* A device's charon comes, refuses, goes and comes back. */
#include <errno.h>
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "daemon/dispatch.h"
#include "tests/ike_lab.h"

static const struct fake_ike_sa peer7 = {
	.name = "dmvpn0", .id = 3, .remote = "192.0.2.7", .identity = "seven",
	.age = 100, .child = { { 5, 0xc1, 0xc2, 0, NULL } },
};

static bool knows(const struct fake_node *node, const char *nbma)
{
	const struct nh_endpoint ep = { .nbma = fake_addr(nbma) };

	return nh_ike_who(&node->iface->ike, &ep);
}

static void test_left_alone(void **state)
{
	struct fake_node *node = ike_lab_node("192.0.2.1", "");
	struct nh_addr nbma = fake_addr("192.0.2.7");
	struct nh_ike *ike = &node->iface->ike;

	(void)state;
	assert_null(ike->vici);
	assert_string_equal(fake_vici_said(), "");
	/* Nothing of it minds. */
	nh_ike_renew(ike, &nbma);
	ike_lab_peer(node, &(struct dmvpn_nl_peer){ .nbma = nbma });
	ike_lab_peer_gone(node, "192.0.2.7", 0);
	assert_false(knows(node, "192.0.2.7"));
	assert_false(nh_ike_has_nat(ike, &nbma));
	ike_lab_reload(node, "TTL=9\n");
	nh_iface_close(node->iface, true);
	node->iface = NULL;
	assert_string_equal(fake_vici_said(), "");
}

/* Registrations that waited for SAs go when there is somebody to make them. */
static void test_up(void **state)
{
	struct fake_node *node = ike_lab_node("192.0.2.1",
					      IKE_LAB_SECRET IKE_LAB_NHS);
	struct nh_vici *vici = ike_lab_vici(node);
	struct nh_ike *ike = &node->iface->ike;
	unsigned int acquires = node->acquires;

	(void)state;
	assert_string_equal(fake_vici_said(), "open /run/charon.vici\n");
	assert_string_equal(vici->events[0], "ike-updown");
	assert_int_equal(acquires, 1);
	assert_int_equal(ike_net->nsent, 0);
	fake_vici_up(vici);
	assert_int_equal(node->acquires, acquires);
	fake_vici_add(vici, &peer7);
	fake_vici_serve(vici);
	assert_true(ike->loaded);
	assert_true(knows(node, "192.0.2.7"));
	assert_int_equal(node->acquires, acquires + 1);
	assert_int_equal(ike_lab_lines(ike_lab_log(),
				       "IKE has the connection, sas=1"), 1);
	/* Those that were sent and not answered are not repeated. */
	node->secured[node->nsecured++] = fake_addr("192.0.2.9");
	fake_advance(ike_net, 1500);
	assert_int_equal(ike_net->nsent, 1);
	nh_nhs_kick(node->iface);
	assert_int_equal(ike_net->nsent, 1);
}

static struct json_object *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v))
		fail_msg("no member %s", key);
	return v;
}

/* What "show ipsec" gets, to be given to json_object_put(). */
static struct json_object *ask(struct fake_node *node)
{
	static const char line[] = "{\"cmd\":\"ipsec\"}";
	struct nh_daemon daemon = {
		.loop = ike_net->loop, .ifaces = node->ifaces,
	};
	char *answer = nh_ctl_answer(&daemon, line, sizeof(line) - 1);
	struct json_object *o = json_tokener_parse(answer);

	assert_non_null(o);
	free(answer);
	return o;
}

static void expect_state(struct fake_node *node, const char *state,
			 const char *error, unsigned int sas)
{
	struct json_object *o = ask(node), *ike;

	ike = json_object_array_get_idx(member(o, "ike"), 0);
	assert_string_equal(json_object_get_string(member(ike, "state")),
			    state);
	if (error)
		assert_string_equal(json_object_get_string(member(ike,
								  "error")),
				    error);
	else
		assert_null(member(ike, "error"));
	assert_int_equal(json_object_array_length(member(o, "ipsec")), sas);
	json_object_put(o);
}

/* The first reason only: the others are its consequences mostly. */
static void test_refused(void **state)
{
	struct fake_node *node = ike_lab_node("192.0.2.1", IKE_LAB_SECRET);
	struct nh_vici *vici = ike_lab_vici(node);
	struct nh_ike *ike = &node->iface->ike;
	struct nh_addr nbma = fake_addr("192.0.2.7");

	(void)state;
	expect_state(node, "unreachable", NULL, 0);
	vici->refuse = "load-";
	vici->errmsg = "no such\nalgorithm";
	fake_vici_up(vici);
	fake_vici_serve(vici);
	expect_state(node, "refused",
		     "what [IPsec] says: no such\nalgorithm", 0);
	assert_int_equal(ike_lab_lines(ike_lab_log(), "IKE refuses"), 1);
	assert_null(strstr(ike_lab_log(), "IKE has the connection"));
	assert_true(ike->listed);
	/* Nothing is negotiated by what is not there. */
	fake_vici_forget();
	nh_ike_renew(ike, &nbma);
	assert_string_equal(fake_vici_said(), "");
	/* The next reload may be better; a command may be unknown. */
	vici->errmsg = NULL;
	ike_lab_reload(node, IKE_LAB_SECRET);
	fake_vici_serve(vici);
	expect_state(node, "refused", "a command: Protocol error", 0);
	vici->refuse = NULL;
	ike_lab_reload(node, IKE_LAB_SECRET);
	fake_vici_serve(vici);
	expect_state(node, "connected", NULL, 0);
	assert_int_equal(ike_lab_lines(ike_lab_log(), "IKE refuses"), 2);
	assert_int_equal(ike_lab_lines(ike_lab_log(), "IKE has the conn"), 1);
}

static const char *text(struct json_object *o, const char *key)
{
	return json_object_get_string(member(o, key));
}

static void test_facts(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct fake_ike_sa nobody = { .name = "dmvpn0/192.0.2.8", .id = 4,
				      .remote = "192.0.2.8",
				      .initiator = true };
	struct json_object *o, *sa, *child;
	size_t i;

	(void)state;
	nh_loop_advance(ike_net->loop, 500000);
	ike_lab_sa(node, &peer7);
	ike_lab_sa(node, &nobody);
	nh_loop_advance(ike_net->loop, 1000);
	o = ask(node);
	for (i = 0; i < 2; i++) {
		sa = json_object_array_get_idx(member(o, "ipsec"), i);
		if (json_object_get_int(member(sa, "ike_id")) == 3)
			break;
		assert_null(member(sa, "identity"));
		assert_int_equal(json_object_array_length(member(sa,
								 "children")),
				 0);
		assert_true(json_object_get_boolean(member(sa, "initiator")));
	}
	assert_string_equal(text(sa, "ifname"), "dmvpn0");
	assert_string_equal(text(sa, "nbma"), "192.0.2.7");
	assert_string_equal(text(sa, "identity"), "seven");
	assert_string_equal(text(sa, "algorithms"), "AES_GCM_16-128/ECP_256");
	assert_string_equal(text(sa, "established_ms"), "101000");
	assert_string_equal(text(sa, "rekey_ms"), "12999000");
	child = json_object_array_get_idx(member(sa, "children"), 0);
	assert_string_equal(text(child, "spi_in"), "193");
	assert_string_equal(text(child, "state"), "INSTALLED");
	assert_string_equal(text(child, "installed_ms"), "21000");
	assert_string_equal(text(child, "expires_ms"), "3599000");
	json_object_put(o);
}

static void test_down(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct nh_vici *vici = ike_lab_vici(node);
	struct nh_ike *ike = &node->iface->ike;
	struct nh_addr nbma = fake_addr("192.0.2.8");

	(void)state;
	ike_lab_sa(node, &peer7);
	/* In the middle of all that can be on its way. */
	nh_ike_want(ike, &nbma);
	nbma = fake_addr("192.0.2.10");
	nh_ike_want(ike, &nbma);
	nh_ike_refresh(ike, 3);
	nh_ike_reload(ike, false);
	assert_int_equal(ike->nwanted, 1);
	fake_vici_down(vici);
	assert_int_equal(ike->nwanted, 0);
	assert_false(ike->loaded || ike->listed || ike->busy);
	/* Its SAs work on, and are still its. */
	assert_true(knows(node, "192.0.2.7"));
	assert_int_equal(ike_lab_lines(ike_lab_log(), "IKE cannot be reached at /run/charon.vici: charon closed the connection; no new SAs until it is back"),
			 1);
	assert_string_equal(ike->error, "");
	expect_state(node, "unreachable", NULL, 1);
	/* Whoever asks for something meanwhile asks for nothing. */
	fake_vici_forget();
	nh_ike_renew(ike, &nbma);
	nh_ike_reload(ike, false);
	fake_advance(ike_net, 100000);
	assert_string_equal(fake_vici_said(), "");
	/* All of it again. */
	fake_vici_up(vici);
	fake_vici_serve(vici);
	assert_non_null(fake_vici_line("load-shared"));
	assert_non_null(fake_vici_line("load-conn dmvpn0{"));
	assert_non_null(fake_vici_line("list-sas\n"));
	assert_true(knows(node, "192.0.2.7"));
	assert_true(ike->loaded);
}

/* A file of the same path may be another one. */
static void test_reload(void **state)
{
	const char *certs = ike_lab_certs();
	struct fake_node *node = ike_lab_up("192.0.2.1", certs);
	FILE *f;

	(void)state;
	ike_lab_sa(node, &peer7);
	f = fopen(node->iface->conf->ipsec.cert, "w");
	fputs("A RENEWED ONE", f);
	fclose(f);
	fake_vici_forget();
	ike_lab_reload(node, certs);
	assert_non_null(strstr(fake_vici_line("load-conn dmvpn0{"),
			       "certs=[A RENEWED ONE]"));
	/* Peers are known all the time: their packets are not refused. */
	assert_true(knows(node, "192.0.2.7"));
	fake_vici_serve(ike_lab_vici(node));
	assert_true(knows(node, "192.0.2.7"));
	fake_vici_forget();
	ike_lab_reload(node, "[IPsec]\nSecret=another-one\n");
	assert_non_null(strstr(fake_vici_line("load-shared"),
			       "data=another-one"));
	assert_null(fake_vici_line("open"));
	/* Those that are not there any more are forgotten then. */
	fake_vici_del(ike_lab_vici(node), 3);
	fake_vici_serve(ike_lab_vici(node));
	assert_false(knows(node, "192.0.2.7"));
}

/* Two lists on their way: the first one proves nothing. */
static void test_reload_twice(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct nh_vici *vici = ike_lab_vici(node);
	struct nh_ike *ike = &node->iface->ike;

	(void)state;
	ike_lab_sa(node, &peer7);
	ike_lab_esp(node, "192.0.2.7", 0xc1, 100, 0);
	nh_ike_reload(ike, false);
	while (vici->n > 1)
		fake_vici_answer(vici);
	nh_ike_reload(ike, false);
	fake_vici_answer(vici);
	assert_false(ike->listed);
	assert_true(knows(node, "192.0.2.7"));
	fake_vici_serve(vici);
	assert_true(ike->listed);
	assert_true(knows(node, "192.0.2.7"));
	assert_null(strstr(ike_lab_log(), "IKE does not know"));
}

static void test_reload_other_ike(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct nh_ike *ike = &node->iface->ike;

	(void)state;
	ike_lab_sa(node, &peer7);
	nh_ike_reload(ike, false);
	nh_ike_refresh(ike, 3);
	fake_vici_forget();
	ike_lab_reload(node, IKE_LAB_SECRET "Socket=/run/other.vici\n");
	assert_string_equal(fake_vici_said(),
			    "open /run/charon.vici\n"
			    "close /run/charon.vici\nopen /run/other.vici\n");
	assert_false(knows(node, "192.0.2.7"));
	fake_vici_up(ike->vici);
	fake_vici_serve(ike->vici);
	assert_true(ike->listed);
	fake_vici_forget();
	ike_lab_reload(node, "");
	/* The first one never came up: it is given up for the second. */
	assert_string_equal(fake_vici_said(),
			    "close /run/charon.vici\n"
			    "open /run/other.vici\n"
			    "close /run/other.vici\n");
	assert_null(ike->vici);
	ike_lab_reload(node, IKE_LAB_SECRET);
	assert_non_null(ike->vici);
	fake_vici_up(ike->vici);
	fake_vici_serve(ike->vici);
	assert_true(ike->loaded);
}

/* Without [IPsec] IKE is told to forget the device; the SAs stay. */
static void test_unload(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct nh_ike *ike = &node->iface->ike;

	(void)state;
	ike_lab_sa(node, &(struct fake_ike_sa){
		.name = "dmvpn0", .id = 10, .remote = "192.0.2.66",
		.nat = true, .child = { { 11, 3, 4, 0, NULL } } });
	fake_vici_serve(ike->vici);
	fake_vici_forget();
	ike_lab_reload(node, "");
	assert_null(ike->vici);
	assert_non_null(ike->unload);
	fake_vici_forget();
	fake_vici_up(fake_vici_last());
	fake_vici_serve(fake_vici_last());
	assert_string_equal(fake_vici_said(),
			    "unload-shared id=dmvpn-dmvpn0\n"
			    "unload-conn name=dmvpn0\n"
			    "unload-conn name=dmvpn0/ipv6\n"
			    "unload-conn name=dmvpn0/nat/192.0.2.66\n"
			    "version\n"
			    "close /run/charon.vici\n");
	assert_null(ike->unload);
}

/* Who does not come up, goes away or does not answer is not waited for. */
static void test_unload_in_vain(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct nh_ike *ike = &node->iface->ike;

	(void)state;
	ike_lab_reload(node, "");
	fake_advance(ike_net, 29000);
	assert_non_null(ike->unload);
	fake_advance(ike_net, 2000);
	assert_null(ike->unload);
	ike_lab_reload(node, IKE_LAB_SECRET);
	fake_vici_up(ike->vici);
	fake_vici_serve(ike->vici);
	ike_lab_reload(node, "");
	fake_vici_up(fake_vici_last());
	fake_vici_down(fake_vici_last());
	assert_null(ike->unload);
	/* The end of the daemon ends it, too. */
	ike_lab_reload(node, IKE_LAB_SECRET);
	fake_vici_up(ike->vici);
	ike_lab_reload(node, "");
	assert_non_null(ike->unload);
}

/* A device that is let go: IKE forgets it, though it is gone by then. */
static void test_let_go(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct nh_ike *ike = &node->iface->ike;
	struct nh_ike_unloads unloads;

	(void)state;
	LIST_INIT(&unloads);
	nh_ike_unload_leave(ike, &unloads);
	nh_ike_close(ike, false);
	assert_null(ike->unload);
	assert_false(LIST_EMPTY(&unloads));
	fake_vici_forget();
	fake_vici_up(fake_vici_last());
	fake_vici_serve(fake_vici_last());
	assert_string_equal(fake_vici_said(),
			    "unload-shared id=dmvpn-dmvpn0\n"
			    "unload-conn name=dmvpn0\n"
			    "unload-conn name=dmvpn0/ipv6\n"
			    "version\n"
			    "close /run/charon.vici\n");
	assert_true(LIST_EMPTY(&unloads));
	/* What was never told needs no taking back. */
	nh_ike_unload_leave(ike, &unloads);
	assert_true(LIST_EMPTY(&unloads));
}

/* It is back before IKE was reached: nothing is taken from it. */
static void test_let_go_and_back(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct nh_ike *ike = &node->iface->ike;
	struct nh_ike_unloads unloads;

	(void)state;
	LIST_INIT(&unloads);
	nh_ike_unload_leave(ike, &unloads);
	nh_ike_unload_forget(&unloads, "dmvpn1");
	assert_false(LIST_EMPTY(&unloads));
	nh_ike_unload_forget(&unloads, "dmvpn0");
	assert_true(LIST_EMPTY(&unloads));
	/* Another time it is not reached at all. */
	nh_ike_unload_leave(ike, &unloads);
	fake_advance(ike_net, 31000);
	assert_true(LIST_EMPTY(&unloads));
	nh_ike_unload_leave(ike, &unloads);
	nh_ike_unload_forget(&unloads, NULL);
	assert_true(LIST_EMPTY(&unloads));
}

static void test_local_address(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_DEV_CHANGE, .ifindex = FAKE_IFINDEX,
	};

	(void)state;
	nh_dispatch_event(&node->ifaces, &ev);
	assert_string_equal(fake_vici_said(), "");
	node->inner = fake_addr("198.51.100.1");
	nh_dispatch_event(&node->ifaces, &ev);
	assert_non_null(strstr(fake_vici_line("load-conn dmvpn0{"),
			       "local_addrs=[198.51.100.1]"));
	assert_non_null(strstr(fake_vici_line("load-shared"),
			       "owners=[198.51.100.1,%any]"));
	assert_non_null(fake_vici_line("list-sas"));
}

/* Traffic goes on without the daemon. */
static void test_close(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);

	(void)state;
	ike_lab_sa(node, &peer7);
	nh_ike_refresh(&node->iface->ike, 3);
	fake_vici_forget();
	fake_kill(node);
	assert_string_equal(fake_vici_said(), "close /run/charon.vici\n");
}

static void tear_down(struct fake_node *node)
{
	fake_vici_forget();
	nh_iface_close(node->iface, true);
	node->iface = NULL;
}

static void test_teardown(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	uint64_t begin;

	(void)state;
	ike_lab_sa(node, &peer7);
	ike_lab_sa(node, &(struct fake_ike_sa){
		.name = "dmvpn0/192.0.2.8", .id = 8, .remote = "192.0.2.8",
		.initiator = true, .child = { { 9, 1, 2, 0, NULL } } });
	ike_lab_sa(node, &(struct fake_ike_sa){
		.name = "dmvpn0", .id = 10, .remote = "192.0.2.66",
		.nat = true, .child = { { 11, 3, 4, 0, NULL } } });
	ike_lab_vici(node)->prompt = true;
	begin = nh_loop_now(ike_net->loop);
	tear_down(node);
	assert_string_equal(fake_vici_said(),
			    "unload-shared id=dmvpn-dmvpn0\n"
			    "unload-conn name=dmvpn0\n"
			    "terminate ike=dmvpn0 timeout=-1\n"
			    "unload-conn name=dmvpn0/ipv6\n"
			    "terminate ike=dmvpn0/ipv6 timeout=-1\n"
			    "unload-conn name=dmvpn0/nat/192.0.2.66\n"
			    "terminate ike=dmvpn0/nat/192.0.2.66 timeout=-1\n"
			    "terminate ike-id=8 timeout=-1\n"
			    "version\n"
			    "close /run/charon.vici\n");
	assert_int_equal(nh_loop_now(ike_net->loop), begin);
}

/* Who does not answer is not waited for. */
static void test_teardown_without_answer(void **state)
{
	struct fake_node *node = ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	uint64_t begin = nh_loop_now(ike_net->loop);

	(void)state;
	tear_down(node);
	assert_int_equal(nh_loop_now(ike_net->loop), begin + 3000);
	assert_non_null(fake_vici_line("version\n"));
	/* The queue may even be full. */
	node = ike_lab_up("192.0.2.2", IKE_LAB_SECRET);
	ike_lab_vici(node)->room = 3;
	tear_down(node);
	assert_null(fake_vici_line("version\n"));
	assert_int_equal(nh_loop_now(ike_net->loop), begin + 3000);
	/* And who is not there cannot be told. */
	node = ike_lab_node("192.0.2.3", IKE_LAB_SECRET);
	tear_down(node);
	assert_string_equal(fake_vici_said(), "close /run/charon.vici\n");
}

/* What the operator and the kernel say while charon is being told. */
static void meanwhile(void *arg)
{
	static const char line[] = "{\"cmd\":\"reload\"}";
	struct nh_daemon *daemon = arg;
	struct nh_iface *iface = LIST_FIRST(&daemon->ifaces);
	char *answer;

	assert_int_equal(nh_daemon_reload(daemon), -ESHUTDOWN);
	answer = nh_ctl_answer(daemon, line, sizeof(line) - 1);
	assert_non_null(strstr(answer, "the daemon is ending"));
	free(answer);
	nh_daemon_link(daemon, NULL);
	nh_iface_resync(iface);
	assert_true(LIST_EMPTY(&iface->nhs));
}

/* Nothing that comes during the farewell brings the device back. */
static void test_reload_at_the_end(void **state)
{
	static const char more[] = IKE_LAB_SECRET IKE_LAB_NHS;
	const char *conf = ike_lab_conf("192.0.2.1", more);
	char *dir = strdup(ike_lab_file("dmvpn0.conf", conf, strlen(conf)));
	struct fake_node *node = ike_lab_up("192.0.2.1", more);
	struct nh_daemon daemon = {
		.loop = ike_net->loop, .kernel = &node->kernel, .conf_dir = dir,
	};
	struct nh_timer timer;

	(void)state;
	*strrchr(dir, '/') = '\0';
	LIST_REMOVE(node->iface, link);
	LIST_INSERT_HEAD(&daemon.ifaces, node->iface, link);
	node->iface = NULL;
	nh_timer_init(&timer, meanwhile, &daemon);
	nh_loop_set(ike_net->loop, &timer, 10);
	nh_daemon_stop(&daemon, true);
	assert_true(LIST_EMPTY(&daemon.ifaces));
	assert_false(node->has_link);
	nh_loop_advance(ike_net->loop, 60000);
	free(dir);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, ike_lab_setup, \
					      ike_lab_teardown)
	const struct CMUnitTest tests[] = {
		T(test_left_alone),
		T(test_up),
		T(test_refused),
		T(test_facts),
		T(test_down),
		T(test_reload),
		T(test_reload_twice),
		T(test_reload_other_ike),
		T(test_unload),
		T(test_unload_in_vain),
		T(test_let_go),
		T(test_let_go_and_back),
		T(test_local_address),
		T(test_close),
		T(test_teardown),
		T(test_teardown_without_answer),
		T(test_reload_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
