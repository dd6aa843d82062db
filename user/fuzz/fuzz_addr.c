// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text as an address or prefix: what is accepted survives a round trip. */
#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void try_addr(const char *text)
{
	char shown[NH_ADDR_STRLEN];
	struct nh_addr a, b;

	if (nh_addr_parse(&a, text) < 0)
		return;
	check(nh_addr_bits(&a) == 32 || nh_addr_bits(&a) == 128);
	check(nh_addr_parse(&b, nh_addr_format(&a, shown,
					       sizeof(shown))) == 0);
	check(nh_addr_equal(&a, &b));
	check(nh_addr_hash(&a, 1) == nh_addr_hash(&b, 1));
}

static void try_prefix(const char *text)
{
	char shown[NH_PREFIX_STRLEN];
	struct nh_prefix p, q;
	const char *why;

	if (nh_prefix_parse(&p, text, &why) < 0) {
		check(why && why[0]);
		return;
	}
	check(nh_prefix_contains(&p, &p.addr));
	check(nh_prefix_parse(&q, nh_prefix_format(&p, shown, sizeof(shown)),
			      NULL) == 0);
	check(nh_prefix_equal(&p, &q) && nh_prefix_covers(&p, &q));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	try_addr(text);
	try_prefix(text);
	free(text);
	return 0;
}
