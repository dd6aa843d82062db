// SPDX-License-Identifier: GPL-2.0-or-later
/* The command and a kernel that is played here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/dmvpn.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "cli/cmd.h"
#include "genl/link.h"
#include "genl/nl_peer.h"
#include "genl/nl_priv.h"

#define FAMILY	0x20
#define QUEUE	16

/**
 * struct kernel - what the kernel has, and what it was told
 * @queue: its answers that nobody has read yet
 * @n: their number
 * @links: devices
 * @changing: type of the dumps that always meet a change, or 0
 * @peer: the only peer
 * @has_peer: it is there
 * @set: what the last DMVPN_CMD_PEER_SET said
 * @sets: their number
 */
static struct kernel {
	struct nl_msg *queue[QUEUE];
	size_t n;
	uint32_t links;
	uint16_t changing;
	struct dmvpn_nl_peer peer;
	bool has_peer;
	struct dmvpn_nl_peer set;
	unsigned int sets;
} kernel;

static void answer(const struct nlmsghdr *request, struct nl_msg *msg)
{
	assert_true(kernel.n < QUEUE);
	nlmsg_hdr(msg)->nlmsg_seq = request->nlmsg_seq;
	kernel.queue[kernel.n++] = msg;
}

static void answer_error(const struct nlmsghdr *request, int err)
{
	const struct nlmsgerr e = { .error = err };
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_ERROR, NLM_F_CAPPED);

	nlmsg_append(msg, (void *)&e, sizeof(e), NLMSG_ALIGNTO);
	answer(request, msg);
}

/* "lo" is of kind dmvpn here. */
static void answer_link(const struct nlmsghdr *request, uint32_t ifindex,
			int flags)
{
	struct dmvpn_nl_link link = { .ifindex = ifindex, .name = "lo" };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, flags);

	if (ifindex > 1)
		snprintf(link.name, sizeof(link.name), "dmvpn%u", ifindex);
	assert_int_equal(dmvpn_nl_link_put(msg, &link), 0);
	answer(request, msg);
}

static bool is_dump(const struct nlmsghdr *request)
{
	return (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

static void answer_dump(const struct nlmsghdr *request)
{
	const int none = 0;
	struct nl_msg *done;
	int flags = NLM_F_MULTI;
	uint32_t i;

	if (request->nlmsg_type == kernel.changing)
		flags |= NLM_F_DUMP_INTR;
	for (i = 1; request->nlmsg_type == RTM_GETLINK && i <= kernel.links; i++)
		answer_link(request, i, flags);
	done = nlmsg_alloc_simple(NLMSG_DONE, flags);
	nlmsg_append(done, (void *)&none, sizeof(none), NLMSG_ALIGNTO);
	answer(request, done);
}

static void answer_peer(const struct nlmsghdr *request)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 0, 0, FAMILY, 0, 0, DMVPN_CMD_PEER_GET, 1);
	assert_int_equal(dmvpn_nl_peer_put(msg, &kernel.peer, UINT64_MAX), 0);
	answer(request, msg);
}

static void on_genl(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	switch (genl->cmd) {
	case DMVPN_CMD_PEER_GET:
		if (kernel.has_peer)
			answer_peer(nlh);
		else
			answer_error(nlh, -ENOENT);
		break;
	case DMVPN_CMD_PEER_SET:
		assert_int_equal(dmvpn_nl_peer_parse(nlh, &kernel.set), 0);
		kernel.sets++;
		answer_error(nlh, 0);
		break;
	default:
		fail_msg("request %u", genl->cmd);
	}
}

/* This and the next take the place of libnl's. */
int nl_send(struct nl_sock *sk, struct nl_msg *msg)
{
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);

	(void)sk;
	if (is_dump(nlh))
		answer_dump(nlh);
	else if (nlh->nlmsg_type == RTM_GETLINK)
		answer_link(nlh, 1, 0);
	else if (nlh->nlmsg_type == FAMILY)
		on_genl(nlh);
	else
		fail_msg("request of type %u", nlh->nlmsg_type);
	return nlh->nlmsg_len;
}

int nl_recv(struct nl_sock *sk, struct sockaddr_nl *from, unsigned char **buf,
	    struct ucred **creds)
{
	struct nlmsghdr *nlh;
	size_t len;

	(void)sk;
	(void)creds;
	if (!kernel.n)
		return -NLE_AGAIN;
	nlh = nlmsg_hdr(kernel.queue[0]);
	len = nlh->nlmsg_len;
	*buf = malloc(len);
	assert_non_null(*buf);
	memcpy(*buf, nlh, len);
	*from = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	nlmsg_free(kernel.queue[0]);
	memmove(kernel.queue, kernel.queue + 1,
		--kernel.n * sizeof(kernel.queue[0]));
	return len;
}

static struct dmvpn_nl *connection(uint16_t family)
{
	struct dmvpn_nl *nl = dmvpn_nl_new();

	nl->sk = nl_socket_alloc();
	nl->family = family;
	return nl;
}

static void prints(const char *line, int code, const char *out,
		   const char *err)
{
	char words[256], *argv[32], *word, *save = NULL, *got_out, *got_err;
	size_t out_size, err_size;
	struct cli cli = {
		.out = open_memstream(&got_out, &out_size),
		.err = open_memstream(&got_err, &err_size),
		.nl = connection(FAMILY),
		.route = connection(0),
	};
	int argc = 0, got;

	snprintf(words, sizeof(words), "%s", line);
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	assert_int_equal(cli_parse(&cli, argc, argv), CLI_OK);
	got = cli.cmd->run(&cli);
	fclose(cli.out);
	fclose(cli.err);
	if (got != code || strcmp(got_out, out) || strcmp(got_err, err))
		fail_msg("%s: %d: %s%s", line, got, got_out, got_err);
	assert_int_equal(kernel.n, 0);
	free(got_out);
	free(got_err);
	dmvpn_nl_free(cli.nl);
	dmvpn_nl_free(cli.route);
}

static int setup(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.peer.present = DMVPN_NL_BIT(DMVPN_A_PEER_IFINDEX) |
			      DMVPN_NL_BIT(DMVPN_A_PEER_NBMA) |
			      DMVPN_NL_BIT(DMVPN_A_PEER_FLAGS);
	kernel.peer.ifindex = 1;
	return nh_addr_parse(&kernel.peer.nbma, "192.0.2.99");
}

/* A peer that nothing keeps would be gone as soon as it is made. */
static void test_peer_missing(void **state)
{
	static const char *const lines[] = {
		"peer set 192.0.2.99 preference 20 dev lo",
		"peer set 192.0.2.99 nhs off dev lo",
		"peer set 192.0.2.99 permanent off nhs off preference 1 dev lo",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		prints(lines[i], CLI_NOT_FOUND, "",
		       "dmvpn: peer set: 192.0.2.99: No such file or directory\n");
	prints("peer set 192.0.2.99 if-id 5 dev lo", CLI_USAGE, "",
	       "dmvpn: peer set: nothing to change\n");
	assert_int_equal(kernel.sets, 0);

	prints("peer set 192.0.2.99 nhs on preference 3 dev lo", CLI_OK, "",
	       "");
	assert_int_equal(kernel.sets, 1);
	assert_int_equal(kernel.set.flags, DMVPN_PEER_FLAGS_NHS);
	assert_int_equal(kernel.set.preference, 3);
}

static void test_peer_there(void **state)
{
	(void)state;
	kernel.has_peer = true;
	kernel.peer.flags = DMVPN_PEER_FLAGS_PERMANENT;
	prints("peer set 192.0.2.99 nhs on dev lo", CLI_OK, "", "");
	assert_int_equal(kernel.set.flags, DMVPN_PEER_FLAGS_PERMANENT |
					   DMVPN_PEER_FLAGS_NHS);
	assert_false(DMVPN_NL_HAS(&kernel.set, DMVPN_A_PEER_PREFERENCE));

	/* Its cache entries keep it. */
	kernel.peer.flags = 0;
	prints("peer set 192.0.2.99 preference 20 dev lo", CLI_OK, "", "");
	assert_int_equal(kernel.set.preference, 20);
	assert_false(DMVPN_NL_HAS(&kernel.set, DMVPN_A_PEER_FLAGS));
	prints("peer set 192.0.2.99 nhs off dev lo", CLI_OK, "", "");
	assert_true(DMVPN_NL_HAS(&kernel.set, DMVPN_A_PEER_FLAGS));
	assert_int_equal(kernel.set.flags, 0);
	assert_int_equal(kernel.sets, 3);
}

#define GRAPH \
	"graph dmvpn {\n\tlayout=fdp;\n\toverlap=false;\n" \
	"\tnode [fontname=\"sans-serif\", fontsize=10];\n" \
	"\tedge [fontname=\"sans-serif\", fontsize=8];\n}\n"

#define CHANGED \
	"the table changed while it was read: a row may be missing or be there twice\n"

static void test_changing(void **state)
{
	(void)state;
	kernel.changing = RTM_GETLINK;
	prints("-j link show", CLI_OK, "[]\n", "dmvpn: link show: " CHANGED);
	prints("graph", CLI_OK, GRAPH, "dmvpn: graph: " CHANGED);
	kernel.changing = RTM_GETADDR;
	prints("graph", CLI_OK, GRAPH, "dmvpn: graph: " CHANGED);
	kernel.changing = 0;
	prints("graph", CLI_OK, GRAPH, "");
	prints("-j link show", CLI_OK, "[]\n", "");
}

/* The only row may be the only one that was not missed. */
static void test_only_device(void **state)
{
	uint32_t n;

	(void)state;
	kernel.changing = RTM_GETLINK;
	for (n = 0; n < 3; n++) {
		kernel.links = n;
		prints("peer set 192.0.2.99 nhs on", CLI_REFUSED, "",
		       "dmvpn: peer set: dev: is missing, and the devices changed while they were counted\n");
	}
	assert_int_equal(kernel.sets, 0);
	kernel.changing = 0;
	prints("peer set 192.0.2.99 nhs on", CLI_USAGE, "",
	       "dmvpn: peer set: dev: is missing, there are 2 dmvpn devices\n");
	kernel.links = 0;
	prints("peer set 192.0.2.99 nhs on", CLI_NOT_FOUND, "",
	       "dmvpn: peer set: dev: there is no dmvpn device\n");
	kernel.links = 1;
	prints("peer set 192.0.2.99 nhs on", CLI_OK, "", "");
	assert_int_equal(kernel.set.ifindex, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_peer_missing, setup),
		cmocka_unit_test_setup(test_peer_there, setup),
		cmocka_unit_test_setup(test_changing, setup),
		cmocka_unit_test_setup(test_only_device, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
