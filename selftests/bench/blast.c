// SPDX-License-Identifier: GPL-2.0-or-later
/* blast COUNT OCTETS ADDRESS PEERS: send packets, and tell what one costs.
 *
 * COUNT UDP packets with so many octets of payload go to PEERS addresses from
 * ADDRESS on, one after the other. Printed is the time that one packet takes
 * until the last device on this machine has it, in nanoseconds: on a machine
 * with one processor, whose clock counts instructions, that is exact.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH	64
#define MAX	9000

static struct mmsghdr msgs[BATCH];
static struct sockaddr_in to[BATCH];
static char payload[MAX];

static unsigned long number(const char *text, unsigned long least,
			    unsigned long most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end || n < least || n > most)
		errx(2, "'%s': not a number from %lu to %lu", text, least,
		     most);
	return n;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void prepare(struct iovec *iov)
{
	int i;

	for (i = 0; i < BATCH; i++) {
		to[i].sin_family = AF_INET;
		to[i].sin_port = htons(9);
		msgs[i].msg_hdr.msg_name = &to[i];
		msgs[i].msg_hdr.msg_namelen = sizeof(to[i]);
		msgs[i].msg_hdr.msg_iov = iov;
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
}

int main(int argc, char **argv)
{
	unsigned long count, peers, sent = 0;
	struct iovec iov = { .iov_base = payload };
	uint32_t first;
	uint64_t begin;
	int fd, n, i;

	if (argc != 5)
		errx(2, "usage: blast COUNT OCTETS ADDRESS PEERS");
	count = number(argv[1], 1, 100000000);
	iov.iov_len = number(argv[2], 1, MAX);
	if (inet_pton(AF_INET, argv[3], &first) != 1)
		errx(2, "'%s': no IPv4 address", argv[3]);
	peers = number(argv[4], 1, 1000000);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(1, "socket");
	prepare(&iov);
	begin = now();
	while (sent < count) {
		for (i = 0; i < BATCH; i++)
			to[i].sin_addr.s_addr =
				htonl(ntohl(first) +
				      (uint32_t)((sent + (unsigned long)i) %
						 peers));
		n = sendmmsg(fd, msgs, BATCH, 0);
		if (n <= 0)
			err(1, "sendmmsg");
		sent += (unsigned long)n;
	}
	printf("%.1f\n", (double)(now() - begin) / (double)sent);
	return 0;
}
