// SPDX-License-Identifier: GPL-2.0-or-later
/* Random packets of every shape: encoded and decoded they are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nhrp/pdu.h"

#define ROUNDS	20000

static uint32_t state_;
static uint8_t pool[4096];
static uint8_t wire[NHRP_MAX_PKTSZ], again[NHRP_MAX_PKTSZ];
static struct nhrp_pdu in, out;

static uint32_t rnd(void)
{
	state_ ^= state_ << 13;
	state_ ^= state_ >> 17;
	state_ ^= state_ << 5;
	return state_;
}

static uint32_t below(uint32_t n)
{
	return rnd() % n;
}

static struct nh_view view(unsigned int len)
{
	if (!len)
		return (struct nh_view){ 0 };
	return (struct nh_view){ pool + below(sizeof(pool) - len),
				 (uint16_t)len };
}

static struct nh_addr address(unsigned int len)
{
	struct nh_addr a;

	if (below(3) == 0)
		len = 0;
	assert_int_equal(nh_addr_from_bytes(&a, pool + below(1024), len), 0);
	return a;
}

static struct nh_view subaddress(void)
{
	return view(below(4) ? 0 : below(NHRP_TL_LEN + 1));
}

static void random_cie(struct nhrp_cie *cie)
{
	*cie = (struct nhrp_cie){
		.code = (uint8_t)rnd(),
		.prefix = (uint8_t)rnd(),
		.unused = (uint16_t)rnd(),
		.mtu = (uint16_t)rnd(),
		.holdtime = (uint16_t)rnd(),
		.preference = (uint8_t)rnd(),
		.nbma_type = rnd() & NHRP_TL_E164,
		.sub_type = rnd() & NHRP_TL_E164,
		.nbma = address(nhrp_afn_len(in.family.afn)),
		.sub = subaddress(),
		.proto = address(nhrp_pro_len(in.family.pro_type)),
	};
}

static void random_ext(struct nhrp_ext *ext)
{
	static const uint16_t lists[] = { 3, 4, 5, 9 };
	unsigned int i;

	memset(ext, 0, sizeof(*ext));
	ext->head = (uint16_t)(rnd() & ~NHRP_EXT_TYPE);
	if (below(2)) {
		ext->head |= lists[below(4)];
		/* Types 3, 4, 5 and 9 once each. */
		if (!nhrp_ext_find(&in, nhrp_ext_type(ext))) {
			ext->is_list = true;
			ext->ncie = (uint8_t)below(NHRP_MAX_LIST_CIES + 1);
			for (i = 0; i < ext->ncie; i++)
				random_cie(&ext->cie[i]);
			return;
		}
		ext->head &= (uint16_t)~NHRP_EXT_TYPE;
	}
	ext->head |= 10 + below(NHRP_EXT_TYPE - 10);
	if (below(2))
		ext->head = (uint16_t)((ext->head & ~NHRP_EXT_TYPE) |
				       NHRP_EXT_AUTH);
	ext->value = view(below(40));
}

static void random_exts(void)
{
	unsigned int n = below(NHRP_MAX_EXTS + 1);

	in.has_exts = true;
	in.has_end = below(4) != 0;
	if (in.has_end)
		in.end_head = (uint16_t)(rnd() & ~NHRP_EXT_TYPE);
	while (in.next < n) {
		random_ext(&in.ext[in.next]);
		in.next++;
	}
}

static void random_pdu(void)
{
	unsigned int i;

	memset(&in, 0, sizeof(in));
	in.family.afn = below(2) ? NHRP_AFN_IPV4 : NHRP_AFN_IPV6;
	in.family.pro_type = below(2) ? NHRP_PRO_IPV4 : NHRP_PRO_IPV6;
	memcpy(in.snap, pool + below(1024), sizeof(in.snap));
	in.hopcnt = (uint8_t)rnd();
	in.type = (uint8_t)(1 + below(8));
	in.src_nbma_type = rnd() & NHRP_TL_E164;
	in.src_sub_type = rnd() & NHRP_TL_E164;
	in.flags = (uint16_t)rnd();
	in.src_nbma = address(nhrp_afn_len(in.family.afn));
	in.src_sub = subaddress();
	in.src_proto = address(nhrp_pro_len(in.family.pro_type));
	in.dst_proto = address(nhrp_pro_len(in.family.pro_type));
	if (nhrp_pdu_is_indication(&in)) {
		in.ind_code = (uint16_t)rnd();
		in.ind_offset = (uint16_t)rnd();
		in.quoted = view(below(1500));
	} else {
		in.reqid = rnd();
		in.ncie = (uint8_t)below(NHRP_MAX_CIES + 1);
		for (i = 0; i < in.ncie; i++)
			random_cie(&in.cie[i]);
	}
	if (in.type != NHRP_ERROR_INDICATION && below(4))
		random_exts();
}

static void assert_view(struct nh_view a, struct nh_view b)
{
	assert_int_equal(a.len, b.len);
	if (a.len)
		assert_memory_equal(a.data, b.data, a.len);
}

static void assert_cie(const struct nhrp_cie *a, const struct nhrp_cie *b)
{
	assert_int_equal(a->code, b->code);
	assert_int_equal(a->prefix, b->prefix);
	assert_int_equal(a->unused, b->unused);
	assert_int_equal(a->mtu, b->mtu);
	assert_int_equal(a->holdtime, b->holdtime);
	assert_int_equal(a->preference, b->preference);
	assert_int_equal(a->nbma_type, b->nbma_type);
	assert_int_equal(a->sub_type, b->sub_type);
	assert_true(nh_addr_equal(&a->nbma, &b->nbma));
	assert_view(a->sub, b->sub);
	assert_true(nh_addr_equal(&a->proto, &b->proto));
}

static void assert_ext(const struct nhrp_ext *a, const struct nhrp_ext *b)
{
	unsigned int i;

	assert_int_equal(a->head, b->head);
	assert_int_equal(a->is_list, b->is_list);
	assert_int_equal(a->ncie, b->ncie);
	for (i = 0; i < a->ncie; i++)
		assert_cie(&a->cie[i], &b->cie[i]);
	assert_view(a->value, b->value);
}

static void assert_same(void)
{
	unsigned int i;

	assert_int_equal(in.family.afn, out.family.afn);
	assert_int_equal(in.family.pro_type, out.family.pro_type);
	assert_memory_equal(in.snap, out.snap, sizeof(in.snap));
	assert_int_equal(in.hopcnt, out.hopcnt);
	assert_int_equal(in.type, out.type);
	assert_int_equal(in.src_nbma_type, out.src_nbma_type);
	assert_int_equal(in.src_sub_type, out.src_sub_type);
	assert_int_equal(in.flags, out.flags);
	assert_int_equal(in.reqid, out.reqid);
	assert_int_equal(in.ind_code, out.ind_code);
	assert_int_equal(in.ind_offset, out.ind_offset);
	assert_true(nh_addr_equal(&in.src_nbma, &out.src_nbma));
	assert_view(in.src_sub, out.src_sub);
	assert_true(nh_addr_equal(&in.src_proto, &out.src_proto));
	assert_true(nh_addr_equal(&in.dst_proto, &out.dst_proto));
	assert_int_equal(in.ncie, out.ncie);
	for (i = 0; i < in.ncie; i++)
		assert_cie(&in.cie[i], &out.cie[i]);
	assert_view(in.quoted, out.quoted);
	assert_int_equal(in.has_exts, out.has_exts);
	assert_int_equal(in.has_end, out.has_end);
	assert_int_equal(in.end_head, out.end_head);
	assert_int_equal(in.next, out.next);
	for (i = 0; i < in.next; i++)
		assert_ext(&in.ext[i], &out.ext[i]);
}

static void test_random(void **state)
{
	struct nhrp_refusal why;
	unsigned int round, i;
	ssize_t n;

	(void)state;
	state_ = 0x2332;
	for (i = 0; i < sizeof(pool); i++)
		pool[i] = (uint8_t)rnd();
	for (round = 0; round < ROUNDS; round++) {
		random_pdu();
		n = nhrp_pdu_encode(&in, wire, sizeof(wire));
		assert_true(n >= NHRP_HDR_LEN);
		if (!nhrp_pdu_decode(&out, wire, (size_t)n, &why))
			fail_msg("round %u: %s at %u", round,
				 nhrp_reason_text(why.reason), why.offset);
		assert_same();
		assert_int_equal(nhrp_pdu_encode(&out, again, (size_t)n), n);
		assert_memory_equal(wire, again, (size_t)n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
