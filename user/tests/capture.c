// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads capture files with libpcap and strips what surrounds NHRP. */
#include "tests/capture.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/buf.h"

#define ETHERTYPE_IPV4	0x0800
#define ETHERTYPE_VLAN	0x8100
#define ETHERTYPE_NHRP	0x2001
#define IPPROTO_NARP_	54
#define IPPROTO_GRE_	47
#define GRE_CSUM	0x8000
#define GRE_KEY		0x2000
#define GRE_SEQ		0x1000

const char *capture_dir(void)
{
	const char *dir = getenv("DMVPN_CAPTURES");

	if (!dir || !*dir)
		dir = "../../shared/captures";
	return access(dir, R_OK | X_OK) == 0 ? dir : NULL;
}

static bool strip_link(struct nh_reader *r, int link)
{
	uint16_t type;

	if (link != DLT_EN10MB)
		return link == DLT_RAW || link == DLT_IPV4;
	nh_get_view(r, 12);
	type = nh_get_be16(r);
	while (type == ETHERTYPE_VLAN) {
		nh_get_be16(r);
		type = nh_get_be16(r);
	}
	return type == ETHERTYPE_IPV4;
}

/* Leaves the reader at exactly the NHRP packet. */
static bool strip_ip(struct nh_reader *r)
{
	size_t hlen, total;
	uint16_t gre;
	uint8_t proto;

	hlen = (nh_get_u8(r) & 0x0f) * 4u;
	nh_get_u8(r);
	total = nh_get_be16(r);
	nh_get_view(r, 5);
	proto = nh_get_u8(r);
	nh_get_view(r, hlen - 10);
	if (r->err || total < hlen)
		return false;
	*r = nh_get_sub(r, total - hlen);
	if (proto == IPPROTO_NARP_)
		return !r->err;
	if (proto != IPPROTO_GRE_)
		return false;
	gre = nh_get_be16(r);
	if (nh_get_be16(r) != ETHERTYPE_NHRP)
		return false;
	nh_get_view(r, (gre & GRE_CSUM ? 4 : 0) + (gre & GRE_KEY ? 4 : 0) +
		       (gre & GRE_SEQ ? 4 : 0));
	return !r->err;
}

int capture_each(const char *name,
		 void (*fn)(unsigned int frame, const uint8_t *data, size_t len,
			    void *arg),
		 void *arg)
{
	char path[4096], err[PCAP_ERRBUF_SIZE];
	const char *dir = capture_dir();
	struct pcap_pkthdr *head;
	const unsigned char *data;
	unsigned int frame = 0;
	int count = 0;
	pcap_t *p;

	if (!dir)
		return -1;
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	p = pcap_open_offline(path, err);
	if (!p)
		return -1;
	while (pcap_next_ex(p, &head, &data) == 1) {
		struct nh_reader r;
		struct nh_view v;

		frame++;
		nh_reader_init(&r, data, head->caplen);
		if (!strip_link(&r, pcap_datalink(p)) || !strip_ip(&r))
			continue;
		v = nh_get_view(&r, nh_reader_left(&r));
		fn(frame, v.data, v.len, arg);
		count++;
	}
	pcap_close(p);
	return count;
}
