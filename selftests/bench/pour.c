// SPDX-License-Identifier: GPL-2.0-or-later
/* pour COUNT OCTETS DEVICE FROM TO DESTINATION PEERS [KEY [SPI]]
 *
 * Put packets on a cable as if PEERS routers had sent them, and tell what one
 * costs, in nanoseconds: IPv4 packets of so many octets to DESTINATION. With a
 * KEY they come in GRE, from FROM and the addresses that follow it, to TO; with
 * an SPI, of the first peer, in ESP that does not encrypt, in transport mode.
 */
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "number.h"

#define MAX_FRAME	2048
#define ESP_SPI		(14 + 20)	/* offsets in a frame */
#define IP_SOURCE	(14 + 12)
#define IP_SUM		(14 + 10)

static uint8_t frames[BATCH][MAX_FRAME];
static struct mmsghdr msgs[BATCH];
static struct iovec iovs[BATCH];

static uint32_t ipv4(const char *text)
{
	struct in_addr a;

	if (inet_pton(AF_INET, text, &a) != 1)
		errx(2, "'%s': no IPv4 address", text);
	return a.s_addr;
}

static uint16_t ip_sum(const uint8_t *header)
{
	uint32_t sum = 0;
	int i;

	for (i = 0; i < 20; i += 2)
		sum += (uint32_t)header[i] << 8 | header[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static size_t put_ip(uint8_t *p, uint8_t protocol, size_t len, uint32_t from,
		     uint32_t to)
{
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = protocol,
		.tot_len = htons((uint16_t)len), .frag_off = htons(IP_DF),
		.saddr = from, .daddr = to,
	};

	memcpy(p, &ip, sizeof(ip));
	ip.check = ip_sum(p);
	memcpy(p, &ip, sizeof(ip));
	return sizeof(ip);
}

static size_t put_u32(uint8_t *p, uint32_t value)
{
	value = htonl(value);
	memcpy(p, &value, sizeof(value));
	return sizeof(value);
}

/* One frame for anybody; returns its length. */
static size_t build(uint8_t *frame, size_t octets, char **argv, const char *key,
		    const char *spi)
{
	static const uint8_t ether[14] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3,
					   8, 0 };
	size_t gre = octets + (key ? 8 : 0), pad = (2 - gre) & 3, len, n;
	uint8_t *p = frame;

	memcpy(p, ether, sizeof(ether));
	p += sizeof(ether);
	len = spi ? 20 + 8 + gre + pad + 2 : 20 + gre;
	if (key)
		p += put_ip(p, spi ? IPPROTO_ESP : IPPROTO_GRE, len,
			    ipv4(argv[4]), ipv4(argv[5]));
	if (spi) {
		p += put_u32(p, (uint32_t)number(spi, 256, 0xffffffff));
		p += put_u32(p, 1);
	}
	if (key) {
		p += put_u32(p, 0x20000800);	/* with key, IPv4 */
		p += put_u32(p, (uint32_t)number(key, 0, 0xffffffff));
	}
	put_ip(p, IPPROTO_UDP, octets, ipv4("10.9.9.9"), ipv4(argv[6]));
	put_u32(p + 20, 9 << 16 | 9);
	put_u32(p + 24, (uint32_t)(octets - 20) << 16);
	p += octets;
	if (spi) {
		for (n = 1; n <= pad; n++)
			*p++ = (uint8_t)n;
		*p++ = (uint8_t)pad;
		*p++ = IPPROTO_GRE;
	}
	return (size_t)(p - frame);
}

/* Give the frame to peer number @n. */
static void address(uint8_t *frame, uint32_t from, uint32_t spi, uint32_t n)
{
	uint16_t sum;

	put_u32(frame + IP_SOURCE, from + n);
	memset(frame + IP_SUM, 0, sizeof(sum));
	sum = ip_sum(frame + 14);
	memcpy(frame + IP_SUM, &sum, sizeof(sum));
	if (spi)
		put_u32(frame + ESP_SPI, spi + n);
}

static int open_device(const char *name)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	at.sll_ifindex = (int)if_nametoindex(name);
	if (!at.sll_ifindex)
		err(1, "%s", name);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "packet socket");
	return fd;
}

int main(int argc, char **argv)
{
	const char *key = argc > 8 ? argv[8] : NULL;
	const char *spi = argc > 9 ? argv[9] : NULL;
	unsigned long count, octets, peers, sent = 0;
	uint32_t from, first;
	unsigned int batch = BATCH;
	uint64_t begin;
	int fd, n, i;

	if (argc < 8 || argc > 10)
		errx(2, "usage: pour COUNT OCTETS DEVICE FROM TO DESTINATION PEERS [KEY [SPI]]");
	count = number(argv[1], 1, 100000000);
	octets = number(argv[2], 28, 1500);
	peers = number(argv[7], 1, 1000000);
	from = ntohl(ipv4(argv[4]));
	first = spi ? (uint32_t)number(spi, 256, 0xffffffff) : 0;
	fd = open_device(argv[3]);
	for (i = 0; i < BATCH; i++) {
		iovs[i].iov_base = frames[i];
		iovs[i].iov_len = build(frames[i], octets, argv, key, spi);
		msgs[i].msg_hdr.msg_iov = &iovs[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	begin = now();
	while (sent < count) {
		if (count - sent < batch)
			batch = (unsigned int)(count - sent);
		for (i = 0; key && i < BATCH; i++)
			address(frames[i], from, first,
				(uint32_t)((sent + (unsigned long)i) % peers));
		n = sendmmsg(fd, msgs, batch, 0);
		if (n <= 0)
			err(1, "sendmmsg");
		sent += (unsigned long)n;
		sched_yield();
	}
	printf("%.1f\n", (double)(now() - begin) / (double)sent);
	return 0;
}
