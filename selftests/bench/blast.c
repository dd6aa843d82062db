// SPDX-License-Identifier: GPL-2.0-or-later
/* blast [-w COPIES] COUNT OCTETS ADDRESS PEERS: send packets, tell what one costs.
 *
 * COUNT UDP packets with so many octets of payload go to PEERS addresses from
 * ADDRESS on, one after the other. Printed is the time that one packet takes
 * until the last device on this machine has it, in nanoseconds: on a machine
 * with one processor, whose clock counts instructions, that is exact.
 *
 * What is left to kernel threads is done when there is nothing else to do: the
 * processor is given away after each batch. With -w the time ends when a counter
 * has grown by COPIES for each packet; file descriptor 3 is open to read it.
 */
#include <arpa/inet.h>
#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "number.h"

#define MAX	9000

static struct mmsghdr msgs[BATCH];
static struct sockaddr_in to[BATCH];
static char payload[MAX];

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

static uint64_t arrived(void)
{
	char text[32];
	ssize_t n = pread(3, text, sizeof(text) - 1, 0);

	if (n <= 0)
		err(1, "descriptor 3");
	text[n] = '\0';
	return strtoull(text, NULL, 10);
}

/* Leave the processor to those who work on it until all have arrived. */
static void await(uint64_t whole)
{
	const struct sched_param none = { 0 };
	uint64_t end = now() + 10000000000;

	if (sched_setscheduler(0, SCHED_IDLE, &none))
		err(1, "SCHED_IDLE");
	while (arrived() < whole) {
		if (now() > end)
			errx(1, "%llu packets have not arrived",
			     (unsigned long long)(whole - arrived()));
		sched_yield();
	}
}

int main(int argc, char **argv)
{
	unsigned long count, peers, sent = 0;
	struct iovec iov = { .iov_base = payload };
	uint32_t first;
	unsigned int batch = BATCH;
	uint64_t begin, arrive = 0;
	int fd, n, i;

	if (argc > 2 && !strcmp(argv[1], "-w")) {
		arrive = number(argv[2], 1, 1000000);
		argv += 2;
		argc -= 2;
	}
	if (argc != 5)
		errx(2, "usage: blast [-w COPIES] COUNT OCTETS ADDRESS PEERS");
	count = number(argv[1], 1, 100000000);
	iov.iov_len = number(argv[2], 1, MAX);
	if (inet_pton(AF_INET, argv[3], &first) != 1)
		errx(2, "'%s': no IPv4 address", argv[3]);
	peers = number(argv[4], 1, 1000000);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(1, "socket");
	prepare(&iov);
	if (arrive)
		arrive = arrive * count + arrived();
	begin = now();
	while (sent < count) {
		if (count - sent < batch)
			batch = (unsigned int)(count - sent);
		for (i = 0; i < BATCH; i++)
			to[i].sin_addr.s_addr =
				htonl(ntohl(first) +
				      (uint32_t)((sent + (unsigned long)i) %
						 peers));
		n = sendmmsg(fd, msgs, batch, 0);
		if (n <= 0)
			err(1, "sendmmsg");
		sent += (unsigned long)n;
		sched_yield();
	}
	if (arrive)
		await(arrive);
	printf("%.1f\n", (double)(now() - begin) / (double)sent);
	return 0;
}
