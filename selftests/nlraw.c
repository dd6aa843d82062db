// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sends one request of any attributes, right or wrong, and prints what the
 * kernel says to it: "ok", or "ERRNO: TEXT".
 *
 * usage: nlraw COMMAND [ATTRIBUTE=TYPE:VALUE]...    generic netlink
 *        nlraw link NAME [ATTRIBUTE=TYPE:VALUE]...  a new dmvpn device
 *        nlraw COMMAND dump [...]                   a dump; counts objects
 *        nlraw -                                    each line of input is
 *                                                   one of these, all by
 *                                                   the same socket
 *
 * ATTRIBUTE is a number or one of the names below. TYPE is u8, u16, u32 (host
 * byte order), ip (an address) or hex (octets as they are).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/dmvpn.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/**
 * struct word - name of a number
 * @text: the name
 * @number: the number
 */
struct word {
	const char *text;
	int number;
};

static const struct word commands[] = {
	{ "dev-get", DMVPN_CMD_DEV_GET },
	{ "bind", DMVPN_CMD_BIND },
	{ "unbind", DMVPN_CMD_UNBIND },
	{ "peer-set", DMVPN_CMD_PEER_SET },
	{ "peer-del", DMVPN_CMD_PEER_DEL },
	{ "peer-get", DMVPN_CMD_PEER_GET },
	{ "entry-set", DMVPN_CMD_ENTRY_SET },
	{ "entry-del", DMVPN_CMD_ENTRY_DEL },
	{ "entry-get", DMVPN_CMD_ENTRY_GET },
	{ "entry-flush", DMVPN_CMD_ENTRY_FLUSH },
	{ "mcast-add", DMVPN_CMD_MCAST_ADD },
	{ "mcast-del", DMVPN_CMD_MCAST_DEL },
	{ "packet-send", DMVPN_CMD_PACKET_SEND },
	{ NULL, 0 },
};

static const struct word attributes[] = {
	{ "dev.ifindex", DMVPN_A_DEV_IFINDEX },
	{ "peer.ifindex", DMVPN_A_PEER_IFINDEX },
	{ "peer.nbma", DMVPN_A_PEER_NBMA },
	{ "peer.if-id", DMVPN_A_PEER_IF_ID },
	{ "peer.flags", DMVPN_A_PEER_FLAGS },
	{ "peer.preference", DMVPN_A_PEER_PREFERENCE },
	{ "entry.ifindex", DMVPN_A_ENTRY_IFINDEX },
	{ "entry.prefix", DMVPN_A_ENTRY_PREFIX },
	{ "entry.plen", DMVPN_A_ENTRY_PLEN },
	{ "entry.type", DMVPN_A_ENTRY_TYPE },
	{ "entry.nbma", DMVPN_A_ENTRY_NBMA },
	{ "entry.if-id", DMVPN_A_ENTRY_IF_ID },
	{ "entry.holding-time", DMVPN_A_ENTRY_HOLDING_TIME },
	{ "entry.flags", DMVPN_A_ENTRY_FLAGS },
	{ "entry.claimed", DMVPN_A_ENTRY_CLAIMED },
	{ "entry.protocol", DMVPN_A_ENTRY_PROTOCOL },
	{ "entry.mtu", DMVPN_A_ENTRY_MTU },
	{ "entry.preference", DMVPN_A_ENTRY_PREFERENCE },
	{ "entry.exclusive", DMVPN_A_ENTRY_EXCLUSIVE },
	{ "entry.update", DMVPN_A_ENTRY_UPDATE },
	{ "entry.renew", DMVPN_A_ENTRY_RENEW },
	{ "entry.peer-max", DMVPN_A_ENTRY_PEER_MAX },
	{ "entry.mcast", DMVPN_A_ENTRY_MCAST },
	{ "packet.ifindex", DMVPN_A_PACKET_IFINDEX },
	{ "packet.nbma", DMVPN_A_PACKET_NBMA },
	{ "packet.payload", DMVPN_A_PACKET_PAYLOAD },
	{ "link.link", IFLA_DMVPN_LINK },
	{ "link.local4", IFLA_DMVPN_LOCAL4 },
	{ "link.local6", IFLA_DMVPN_LOCAL6 },
	{ "link.key", IFLA_DMVPN_KEY },
	{ "link.no-key", IFLA_DMVPN_NO_KEY },
	{ "link.df", IFLA_DMVPN_DF },
	{ "link.protection", IFLA_DMVPN_PROTECTION },
	{ "link.redirect", IFLA_DMVPN_REDIRECT },
	{ "link.max-peers", IFLA_DMVPN_MAX_PEERS },
	{ NULL, 0 },
};

static union {
	struct nlmsghdr nlh;
	char octets[16384];
} msg;

static void usage(const char *what)
{
	fprintf(stderr, "nlraw: %s?\n", what);
	exit(2);
}

static int lookup(const struct word *words, const char *text)
{
	for (; words->text; words++) {
		if (!strcmp(words->text, text))
			return words->number;
	}
	if (*text < '0' || *text > '9')
		usage(text);
	return atoi(text);
}

static struct nlattr *put(int type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)(msg.octets + msg.nlh.nlmsg_len);

	if (msg.nlh.nlmsg_len + NLA_HDRLEN + len + NLA_ALIGNTO >
	    sizeof(msg.octets))
		usage("too long");
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy(attr + 1, data, len);
	msg.nlh.nlmsg_len += NLA_ALIGN(attr->nla_len);
	return attr;
}

static struct nlattr *nest(int type)
{
	return put(type | NLA_F_NESTED, NULL, 0);
}

static void nest_end(struct nlattr *attr)
{
	attr->nla_len = msg.octets + msg.nlh.nlmsg_len - (char *)attr;
}

static void put_hex(int type, const char *hex)
{
	uint8_t octets[4096];
	unsigned int octet;
	size_t n = 0;

	for (; hex[0] && hex[1] && n < sizeof(octets); hex += 2) {
		if (sscanf(hex, "%2x", &octet) != 1)
			usage(hex);
		octets[n++] = octet;
	}
	put(type, octets, n);
}

/* ATTRIBUTE=TYPE:VALUE; cut in pieces */
static void put_argument(char *arg)
{
	char *kind = strchr(arg, '='), *value;
	uint8_t addr[16];
	unsigned long n;
	int type;

	value = kind ? strchr(kind, ':') : NULL;
	if (!value)
		usage(arg);
	*kind++ = 0;
	*value++ = 0;
	type = lookup(attributes, arg);
	n = strtoul(value, NULL, 0);
	if (!strcmp(kind, "hex"))
		put_hex(type, value);
	else if (!strcmp(kind, "u8"))
		put(type, &(uint8_t){ n }, 1);
	else if (!strcmp(kind, "u16"))
		put(type, &(uint16_t){ n }, 2);
	else if (!strcmp(kind, "u32"))
		put(type, &(uint32_t){ n }, 4);
	else if (!strcmp(kind, "ip") && inet_pton(AF_INET, value, addr) == 1)
		put(type, addr, 4);
	else if (!strcmp(kind, "ip") && inet_pton(AF_INET6, value, addr) == 1)
		put(type, addr, 16);
	else
		usage(kind);
}

static void start(int type, int flags, const void *header, size_t len)
{
	memset(&msg, 0, sizeof(msg));
	msg.nlh.nlmsg_type = type;
	msg.nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	msg.nlh.nlmsg_len = NLMSG_LENGTH(len);
	memcpy(NLMSG_DATA(&msg.nlh), header, len);
	msg.nlh.nlmsg_len = NLMSG_ALIGN(msg.nlh.nlmsg_len);
}

static struct nlattr *find(void *from, size_t len, int type)
{
	struct nlattr *attr = from;
	size_t step;

	while (len >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN &&
	       attr->nla_len <= len) {
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		step = NLA_ALIGN(attr->nla_len);
		len -= step < len ? step : len;
		attr = (void *)((char *)attr + step);
	}
	return NULL;
}

/* What the kernel says to its refusal, or "". */
static const char *reason(struct nlmsghdr *nlh)
{
	struct nlmsgerr *e = NLMSG_DATA(nlh);
	size_t skip = sizeof(*e);
	struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return "";
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - sizeof(e->msg);
	attr = find((char *)e + skip, nlh->nlmsg_len - NLMSG_HDRLEN - skip,
		    NLMSGERR_ATTR_MSG);
	return attr ? (const char *)(attr + 1) : "";
}

static int talk(int fd, int *objects)
{
	static char reply[65536];
	struct nlmsghdr *nlh;
	ssize_t len;
	int error;

	if (send(fd, &msg, msg.nlh.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		len = recv(fd, reply, sizeof(reply), 0);
		if (len < 0)
			return -errno;
		nlh = (struct nlmsghdr *)reply;
		for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(nlh);
			if (nlh->nlmsg_type != NLMSG_ERROR) {
				(*objects)++;
				continue;
			}
			error = ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
			if (error)
				printf("%s: %s\n", strerrorname_np(-error),
				       reason(nlh));
			return error;
		}
	}
}

static int open_socket(int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, protocol);
	int one = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one))) {
		perror("nlraw");
		exit(1);
	}
	return fd;
}

static int family(int fd)
{
	struct genlmsghdr ctrl = { .cmd = CTRL_CMD_GETFAMILY };
	char reply[8192];
	struct nlmsghdr *nlh = (struct nlmsghdr *)reply;
	struct nlattr *attr = NULL;
	ssize_t len;

	start(GENL_ID_CTRL, 0, &ctrl, sizeof(ctrl));
	put(CTRL_ATTR_FAMILY_NAME, DMVPN_FAMILY_NAME,
	    sizeof(DMVPN_FAMILY_NAME));
	if (send(fd, &msg, msg.nlh.nlmsg_len, 0) > 0) {
		len = recv(fd, reply, sizeof(reply), 0);
		if (len > 0 && nlh->nlmsg_type == GENL_ID_CTRL)
			attr = find(reply + NLMSG_LENGTH(GENL_HDRLEN),
				    len - NLMSG_LENGTH(GENL_HDRLEN),
				    CTRL_ATTR_FAMILY_ID);
	}
	if (!attr) {
		fprintf(stderr, "nlraw: no family dmvpn\n");
		exit(1);
	}
	return *(uint16_t *)(attr + 1);
}

/**
 * struct raw - the sockets, of which all requests are sent
 * @genl: generic netlink
 * @route: rtnetlink
 * @family: number of the family
 */
struct raw {
	int genl;
	int route;
	uint16_t family;
};

static int request_link(struct raw *raw, int argc, char **argv)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	struct nlattr *info, *data;
	int i, objects = 0;

	start(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &ifi,
	      sizeof(ifi));
	put(IFLA_IFNAME, argv[1], strlen(argv[1]) + 1);
	info = nest(IFLA_LINKINFO);
	put(IFLA_INFO_KIND, "dmvpn", 6);
	data = nest(IFLA_INFO_DATA);
	for (i = 2; i < argc; i++)
		put_argument(argv[i]);
	nest_end(data);
	nest_end(info);
	return talk(raw->route, &objects);
}

static int request(struct raw *raw, int argc, char **argv)
{
	struct genlmsghdr genl = { .version = DMVPN_FAMILY_VERSION };
	bool dump = argc > 1 && !strcmp(argv[1], "dump");
	int i, err, objects = 0;

	if (argc > 1 && !strcmp(argv[0], "link")) {
		err = request_link(raw, argc, argv);
	} else {
		genl.cmd = lookup(commands, argv[0]);
		start(raw->family, dump ? NLM_F_DUMP : NLM_F_ACK, &genl,
		      sizeof(genl));
		for (i = dump ? 2 : 1; i < argc; i++)
			put_argument(argv[i]);
		err = talk(raw->genl, &objects);
	}
	if (!err && dump)
		printf("%d objects\n", objects);
	else if (!err)
		printf("ok\n");
	return err;
}

static void request_lines(struct raw *raw)
{
	static char line[16384];
	char *argv[32];
	int argc;

	while (fgets(line, sizeof(line), stdin)) {
		argc = 0;
		argv[0] = strtok(line, " \n");
		while (argv[argc] && argc < 31)
			argv[++argc] = strtok(NULL, " \n");
		if (argc)
			request(raw, argc, argv);
	}
}

int main(int argc, char **argv)
{
	struct raw raw;

	if (argc < 2)
		usage("COMMAND");
	raw.genl = open_socket(NETLINK_GENERIC);
	raw.route = open_socket(NETLINK_ROUTE);
	raw.family = family(raw.genl);
	if (strcmp(argv[1], "-"))
		return request(&raw, argc - 1, argv + 1) ? 1 : 0;
	request_lines(&raw);
	return 0;
}
