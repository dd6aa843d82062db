// SPDX-License-Identifier: GPL-2.0-or-later
/* spokes COUNT DEVICE: register many clients with one server, and time it.
 *
 * Spoke number i has the NBMA address 198.18.0.1 + i and the tunnel address
 * 10.1.0.1 + i; the server has 192.0.2.1 and 10.0.0.1. Some are under way at a
 * time, and what is not answered within a second is sent again. Of every few that
 * are registered one asks for the first one's address; how long it takes until
 * the server answers, or hands the request on to the first one, is told too.
 *
 * Printed are nanoseconds a registration, how many were sent again, and the
 * median and the longest time of those requests in nanoseconds.
 */
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "nhrp/build.h"
#include "nhrp/pdu.h"
#include "number.h"

#define WINDOW		64
#define ASK_EACH	16
#define ASKED		0x80000000u	/* in request ids of resolutions */
#define GIVE_UP		60		/* seconds without any answer */

enum state { NOT_YET, SENT, DONE };

struct spoke {
	uint8_t state;
	uint64_t asked;
};

static struct spoke *spokes;
static uint64_t *waits;
static unsigned long count, done, again, nwaits;
static struct nhrp_self self;
static struct nhrp_pdu pdu;
static int fd;

static struct nh_addr v4(uint32_t address)
{
	struct nh_addr a;

	address = htonl(address);
	nh_addr_from_bytes(&a, (const uint8_t *)&address, sizeof(address));
	return a;
}

static uint16_t ip_sum(const void *header)
{
	uint16_t words[10];
	uint32_t sum = 0;
	int i;

	memcpy(words, header, sizeof(words));
	for (i = 0; i < 10; i++)
		sum += words[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Put what is in @pdu on the cable, as spoke number @i. */
static void transmit(unsigned long i)
{
	uint8_t frame[600] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, 8, 0 };
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = 47 };
	ssize_t n = nhrp_pdu_encode(&pdu, frame + 38, sizeof(frame) - 38);

	if (n < 0)
		errx(1, "a packet that cannot be encoded");
	ip.tot_len = htons((uint16_t)(n + 24));
	ip.saddr = htonl(0xc6120001u + (uint32_t)i);
	ip.daddr = htonl(0xc0000201u);
	ip.check = ip_sum(&ip);
	memcpy(frame + 14, &ip, sizeof(ip));
	frame[36] = 0x20;
	frame[37] = 0x01;
	if (send(fd, frame, (size_t)n + 38, 0) < 0)
		err(1, "send");
}

static void identity(unsigned long i)
{
	self.nbma = v4(0xc6120001u + (uint32_t)i);
	self.proto = v4(0x0a010001u + (uint32_t)i);
}

static void register_one(unsigned long i)
{
	struct nhrp_registration reg = {
		.nhs_proto = v4(0x0a000001u), .nhs_nbma = v4(0xc0000201u),
		.reqid = (uint32_t)i + 1, .unique = true,
		.prefix = NHRP_PREFIX_HOST_RFC,
	};

	identity(i);
	nhrp_build_registration_request(&pdu, &self, &reg);
	transmit(i);
	spokes[i].state = SENT;
}

static void ask(unsigned long i)
{
	struct nh_addr first = v4(0x0a010001u);

	identity(i);
	nhrp_build_resolution_request(&pdu, &self, &first,
				      ASKED | (uint32_t)i, 0x8000);
	spokes[i].asked = now();
	transmit(i);
}

/* Returns how many registrations it ended. */
static unsigned long receive(const uint8_t *frame, ssize_t len)
{
	const uint8_t *nhrp = frame + 38;
	uint32_t id;

	if (len < 80 || frame[23] != 47 || frame[36] != 0x20 || frame[37] != 1)
		return 0;
	memcpy(&id, nhrp + 24, sizeof(id));
	id = ntohl(id);
	if (id & ASKED) {
		id &= ~ASKED;
		if (id < count && spokes[id].asked && nhrp[17] <= 2) {
			waits[nwaits++] = now() - spokes[id].asked;
			spokes[id].asked = 0;
		}
		return 0;
	}
	if (nhrp[17] != 4 || !id || id > count || spokes[id - 1].state != SENT)
		return 0;
	if (nhrp[40])
		errx(1, "registration %u refused, code %u", id, nhrp[40]);
	spokes[id - 1].state = DONE;
	if (!(++done % ASK_EACH) && id > 1)
		ask(id - 1);
	return 1;
}

static void open_device(const char *name)
{
	/* All protocols: those of one come behind the hook that drops them. */
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(0x0003) };
	int on = 1, room = 16 << 20;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	at.sll_ifindex = (int)if_nametoindex(name);
	if (fd < 0 || !at.sll_ifindex ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		       sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "%s", name);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Send again what is under way; returns how many. */
static unsigned long repeat(unsigned long limit)
{
	unsigned long i, n = 0;

	for (i = 0; i < limit; i++)
		if (spokes[i].state == SENT) {
			register_one(i);
			n++;
		}
	again += n;
	return n;
}

static void run(void)
{
	unsigned long next = 0, away = 0;
	struct pollfd p = { .events = POLLIN };
	uint8_t frame[2048];
	int silent = 0;
	ssize_t n;

	p.fd = fd;
	while (done < count) {
		while (away < WINDOW && next < count) {
			register_one(next++);
			away++;
		}
		if (!poll(&p, 1, 1000)) {
			if (++silent > GIVE_UP)
				errx(1, "%lu of %lu registered, then silence",
				     done, count);
			away = repeat(next);
			continue;
		}
		silent = 0;
		while ((n = recv(fd, frame, sizeof(frame), MSG_DONTWAIT)) > 0)
			away -= receive(frame, n);
	}
}

int main(int argc, char **argv)
{
	static struct nhrp_auth none;
	uint64_t begin, end;

	if (argc != 3)
		errx(2, "usage: spokes COUNT DEVICE");
	count = number(argv[1], 1, 130000);
	spokes = calloc(count, sizeof(*spokes));
	waits = calloc(count, sizeof(*waits));
	if (!spokes || !waits)
		err(1, "memory");
	self = (struct nhrp_self){ .mtu = 1400, .holdtime = 4000,
				   .auth = &none };
	open_device(argv[2]);
	begin = now();
	run();
	end = now();
	qsort(waits, nwaits, sizeof(*waits), by_size);
	printf("%.1f %lu %llu %llu\n",
	       (double)(end - begin) / (double)count, again,
	       (unsigned long long)(nwaits ? waits[nwaits / 2] : 0),
	       (unsigned long long)(nwaits ? waits[nwaits - 1] : 0));
	return 0;
}
