// SPDX-License-Identifier: GPL-2.0-or-later
/* copies COUNT OCTETS DEVICE FROM PEERS: copy multicast packets in user space.
 *
 * COUNT packets of so many octets are sent to each of PEERS routers, whose
 * addresses begin with FROM, by ip_gre's multipoint DEVICE: one system call a
 * copy that names the router as the next hop, as FRR's nhrpd does it. Printed is
 * what a packet costs with all its copies, in nanoseconds.
 */
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "number.h"

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(0x0800),
				  .sll_halen = sizeof(uint32_t) };
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 1,
			    .protocol = IPPROTO_UDP };
	unsigned long count, peers, i, k;
	char packet[1500] = "";
	struct in_addr from;
	uint32_t peer;
	uint64_t begin;
	size_t octets;
	int fd;

	if (argc != 6)
		errx(2, "usage: copies COUNT OCTETS DEVICE FROM PEERS");
	count = number(argv[1], 1, 100000000);
	octets = number(argv[2], sizeof(ip), sizeof(packet));
	if (inet_pton(AF_INET, argv[4], &from) != 1)
		errx(2, "'%s': no IPv4 address", argv[4]);
	peers = number(argv[5], 1, 1000000);
	ip.tot_len = htons((uint16_t)octets);
	ip.saddr = inet_addr("172.16.0.1");
	ip.daddr = inet_addr("239.1.1.1");
	memcpy(packet, &ip, sizeof(ip));
	to.sll_ifindex = (int)if_nametoindex(argv[3]);
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (!to.sll_ifindex || fd < 0)
		err(1, "%s", argv[3]);
	begin = now();
	for (i = 0; i < count; i++) {
		for (k = 0; k < peers; k++) {
			peer = htonl(ntohl(from.s_addr) + (uint32_t)k);
			memcpy(to.sll_addr, &peer, sizeof(peer));
			if (sendto(fd, packet, octets, 0,
				   (struct sockaddr *)&to, sizeof(to)) < 0)
				err(1, "sendto");
		}
	}
	printf("%.1f\n", (double)(now() - begin) / (double)count);
	return 0;
}
