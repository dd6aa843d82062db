// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owns a dmvpn device as the daemon does, and prints its upcalls as lines.
 *
 * usage: upcall [-e] [-r OCTETS] DEVICE
 *
 * -e  notifications as well; -r  size of the receive buffer
 *
 * Commands on standard input, each answered by a line "done" or
 * "done: ERROR", behind all upcalls that came until then:
 *
 *	sync			nothing else
 *	pause			leave upcalls unread until the next command
 *	send NBMA HEX		send an NHRP packet
 */
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "genl/dmvpn_nl.h"
#include "genl/nl_dev.h"
#include "genl/nl_event.h"

/* Room for "send" with the longest packet. */
#define LINE_MAX_LEN	(64 + 2 * (DMVPN_PACKET_MAX + 1))

/**
 * struct upcall - state of the program
 * @nl: connection
 * @ifindex: the device
 * @paused: upcalls stay where they are
 * @len: octets in @line
 * @line: input that is not a whole line yet
 */
struct upcall {
	struct dmvpn_nl *nl;
	uint32_t ifindex;
	bool paused;
	size_t len;
	char line[LINE_MAX_LEN];
};

static void print_addr(const char *name, const struct nh_addr *addr)
{
	char text[NH_ADDR_STRLEN];

	if (nh_addr_is_set(addr))
		printf(" %s %s", name,
		       nh_addr_format(addr, text, sizeof(text)));
}

static void print_packet(const struct dmvpn_nl_packet *p)
{
	size_t i;

	print_addr("nbma", &p->nbma);
	print_addr("local", &p->local);
	if (DMVPN_NL_HAS(p, DMVPN_A_PACKET_SPI))
		printf(" spi 0x%x reqid %u", __builtin_bswap32(p->spi),
		       p->reqid);
	printf(" lost %llu length %zu payload ", (unsigned long long)p->lost,
	       p->payload_len);
	for (i = 0; i < p->payload_len; i++)
		printf("%02x", p->payload[i]);
}

static void on_event(const struct dmvpn_event *ev, void *arg)
{
	char text[NH_PREFIX_STRLEN];

	(void)arg;
	printf("%s", dmvpn_event_name(ev->type));
	switch (ev->type) {
	case DMVPN_EVENT_PACKET:
	case DMVPN_EVENT_REDIRECT:
		print_packet(&ev->packet);
		break;
	case DMVPN_EVENT_MISS:
		print_addr("target", &ev->miss.target);
		print_addr("destination", &ev->miss.destination);
		print_addr("source", &ev->miss.source);
		printf(" lost %llu", (unsigned long long)ev->miss.lost);
		break;
	case DMVPN_EVENT_DEV_CHANGE:
		printf(" owner %u", ev->dev.owner);
		print_addr("local4", &ev->dev.local4);
		print_addr("local6", &ev->dev.local6);
		break;
	case DMVPN_EVENT_PEER_CHANGE:
	case DMVPN_EVENT_PEER_GONE:
		print_addr("nbma", &ev->peer.nbma);
		printf(" state %u flags %u", ev->peer.state, ev->peer.flags);
		break;
	default:
		printf(" %s", nh_prefix_format(&ev->entry.prefix, text,
					       sizeof(text)));
	}
	putchar('\n');
}

/* Prints all that waits. Returns 0 or a negative errno. */
static int drain(struct upcall *u)
{
	int n;

	do {
		n = dmvpn_nl_event_read(u->nl, on_event, NULL);
		if (n == -ENOBUFS)
			printf("overrun\n");
	} while (n > 0 || n == -ENOBUFS);
	return n;
}

static int hex_bytes(const char *hex, uint8_t *bytes, size_t max)
{
	char pair[3] = "", *end;
	size_t n;

	for (n = 0; *hex; n++, hex += 2) {
		if (n == max || !hex[1])
			return -EINVAL;
		memcpy(pair, hex, 2);
		bytes[n] = strtoul(pair, &end, 16);
		if (*end)
			return -EINVAL;
	}
	return n;
}

static const char *do_send(struct upcall *u, const char *to, const char *hex)
{
	struct dmvpn_nl_packet packet = { .ifindex = u->ifindex };
	/* One octet more than allowed, so that the kernel may refuse it. */
	uint8_t payload[DMVPN_PACKET_MAX + 1];
	int len = hex ? hex_bytes(hex, payload, sizeof(payload)) : -EINVAL;

	if (len < 0 || nh_addr_parse(&packet.nbma, to))
		return "not NBMA HEX";
	packet.payload = payload;
	packet.payload_len = len;
	return dmvpn_nl_packet_send(u->nl, &packet) ? dmvpn_nl_error(u->nl) :
						      NULL;
}

static int do_line(struct upcall *u, char *line)
{
	const char *verb = strtok(line, " "), *error = NULL;
	const char *to;
	int err = 0;

	u->paused = verb && !strcmp(verb, "pause");
	if (verb && !strcmp(verb, "send")) {
		to = strtok(NULL, " ");
		error = to ? do_send(u, to, strtok(NULL, " ")) : "not NBMA HEX";
	} else if (!verb || (strcmp(verb, "sync") && !u->paused)) {
		error = "no such command";
	}
	if (!u->paused)
		err = drain(u);
	printf("done%s%s\n", error ? ": " : "", error ? error : "");
	return err;
}

/* Returns 1 at the end of input, 0, or a negative errno. */
static int do_input(struct upcall *u)
{
	ssize_t n = read(STDIN_FILENO, u->line + u->len,
			 sizeof(u->line) - 1 - u->len);
	char *end;
	int err;

	if (n <= 0)
		return n ? -errno : 1;
	u->len += n;
	u->line[u->len] = 0;
	while ((end = strchr(u->line, '\n'))) {
		*end++ = 0;
		err = do_line(u, u->line);
		if (err)
			return err;
		u->len -= end - u->line;
		memmove(u->line, end, u->len + 1);
	}
	return u->len < sizeof(u->line) - 1 ? 0 : -E2BIG;
}

static int loop(struct upcall *u)
{
	struct pollfd pfd[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = dmvpn_nl_event_fd(u->nl), .events = POLLIN },
	};
	int err = 0;

	while (!err) {
		if (poll(pfd, u->paused ? 1 : 2, -1) < 0)
			return -errno;
		if (pfd[0].revents)
			err = do_input(u);
		if (!err && !u->paused && pfd[1].revents)
			err = drain(u);
	}
	return err > 0 ? 0 : err;
}

static int run(struct upcall *u, const char *name, bool join, int rcvbuf)
{
	int err = dmvpn_nl_open(u->nl);

	if (!err)
		err = dmvpn_nl_event_open(u->nl, join ? DMVPN_NL_HEAR_ALL :
					  DMVPN_NL_HEAR_NONE, rcvbuf);
	u->ifindex = if_nametoindex(name);
	if (!err)
		err = dmvpn_nl_bind(u->nl, u->ifindex);
	if (err) {
		printf("%s: %s\n", name, dmvpn_nl_error(u->nl));
		return err;
	}
	printf("bound\n");
	return loop(u);
}

int main(int argc, char **argv)
{
	static struct upcall u;
	bool join = false;
	int rcvbuf = 0;
	int opt, err;

	while ((opt = getopt(argc, argv, "er:")) != -1) {
		switch (opt) {
		case 'e':
			join = true;
			break;
		case 'r':
			rcvbuf = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	if (optind + 1 != argc)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	u.nl = dmvpn_nl_new();
	if (!u.nl)
		return 1;
	err = run(&u, argv[optind], join, rcvbuf);
	dmvpn_nl_free(u.nl);
	return err ? 1 : 0;
}
