// SPDX-License-Identifier: GPL-2.0-or-later
/* nfqueue NUMBER: accept what a firewall queues, for tests.
 *
 * "ready" is printed when the queue is there, and "accepted" for each packet.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdio.h>
#include <stdlib.h>

static uint16_t queue;

static struct nl_msg *request(int type)
{
	const struct nfgenmsg head = { .version = NFNETLINK_V0,
				       .res_id = htons(queue) };
	struct nl_msg *msg;

	msg = nlmsg_alloc_simple(NFNL_SUBSYS_QUEUE << 8 | type, NLM_F_REQUEST);
	if (!msg ||
	    nlmsg_append(msg, (void *)&head, sizeof(head), NLMSG_ALIGNTO))
		errx(1, "out of memory");
	return msg;
}

static void send_it(struct nl_sock *sk, struct nl_msg *msg)
{
	int n = nl_send_auto(sk, msg);

	nlmsg_free(msg);
	if (n < 0)
		errx(1, "send: %s", nl_geterror(n));
}

static void configure(struct nl_sock *sk)
{
	const struct nfqnl_msg_config_cmd bind = {
		.command = NFQNL_CFG_CMD_BIND,
	};
	const struct nfqnl_msg_config_params how = {
		.copy_mode = NFQNL_COPY_META,
	};
	struct nl_msg *msg = request(NFQNL_MSG_CONFIG);

	nla_put(msg, NFQA_CFG_CMD, sizeof(bind), &bind);
	nla_put(msg, NFQA_CFG_PARAMS, sizeof(how), &how);
	send_it(sk, msg);
}

static int on_packet(struct nl_msg *msg, void *arg)
{
	struct nfqnl_msg_verdict_hdr verdict = { .verdict = htonl(NF_ACCEPT) };
	const struct nfqnl_msg_packet_hdr *packet;
	struct nl_sock *sk = arg;
	struct nl_msg *answer;
	struct nlattr *nla;

	nla = nlmsg_find_attr(nlmsg_hdr(msg), sizeof(struct nfgenmsg),
			      NFQA_PACKET_HDR);
	if (!nla || (size_t)nla_len(nla) < sizeof(*packet))
		return NL_OK;
	packet = nla_data(nla);
	verdict.id = packet->packet_id;
	answer = request(NFQNL_MSG_VERDICT);
	nla_put(answer, NFQA_VERDICT_HDR, sizeof(verdict), &verdict);
	send_it(sk, answer);
	puts("accepted");
	return NL_OK;
}

int main(int argc, char **argv)
{
	struct nl_sock *sk = nl_socket_alloc();
	int n;

	if (argc != 2)
		errx(2, "usage: nfqueue NUMBER");
	setlinebuf(stdout);
	queue = (uint16_t)strtoul(argv[1], NULL, 10);
	if (!sk || nl_connect(sk, NETLINK_NETFILTER))
		errx(1, "no socket");
	nl_socket_disable_seq_check(sk);
	nl_socket_disable_auto_ack(sk);
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, on_packet, sk);
	configure(sk);
	puts("ready");
	do {
		n = nl_recvmsgs_default(sk);
	} while (n >= 0);
	errx(1, "receive: %s", nl_geterror(n));
}
