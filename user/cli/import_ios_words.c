// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: algorithms in strongSwan's words. */
#include <string.h>

#include "cli/import_ios.h"

/**
 * struct word - a word of IOS and that of strongSwan
 */
struct word {
	const char *ios;
	const char *swan;
};

static const char *translate(const struct word *table, const char *word)
{
	for (; table->ios; table++)
		if (!strcmp(table->ios, word))
			return table->swan;
	return NULL;
}

const char *ios_dh_group(const char *number)
{
	static const struct word groups[] = {
		{ "1", "modp768" },
		{ "2", "modp1024" },
		{ "5", "modp1536" },
		{ "14", "modp2048" },
		{ "15", "modp3072" },
		{ "16", "modp4096" },
		{ "19", "ecp256" },
		{ "20", "ecp384" },
		{ "21", "ecp521" },
		{ "24", "modp2048s256" },
		{ NULL, NULL },
	};

	return translate(groups, number);
}

const char *ios_integrity(const char *word)
{
	static const struct word hashes[] = {
		{ "md5", "md5" },
		{ "sha", "sha1" },
		{ "sha1", "sha1" },
		{ "sha256", "sha256" },
		{ "sha384", "sha384" },
		{ "sha512", "sha512" },
		{ NULL, NULL },
	};

	return translate(hashes, word);
}

bool ios_join(char *list, const char *word)
{
	size_t len = strlen(list);
	int n = snprintf(list + len, IOS_WORDS - len, "%s%s", len ? "-" : "",
			 word);

	if (n >= 0 && (size_t)n < IOS_WORDS - len)
		return true;
	list[len] = '\0';
	return false;
}

/* "aes" with the bits that may follow, "gcm" and "gmac" likewise. Returns the
 * words used, or 0.
 */
static int with_bits(int n, char **w, const char *form, char *list)
{
	uint32_t bits = 128;
	int used = 1;
	char word[32];

	if (n > 1 && import_number(w[1], 128, 256, &bits)) {
		if (bits % 64)
			return 0;
		used = 2;
	}
	/* The forms are those of ios_transform(). */
	snprintf(word, sizeof(word), "aes%u%s", bits, form);
	return ios_join(list, word) ? used : 0;
}

static int encryption(int n, char **w, struct ios_obj *obj)
{
	if (!strcmp(w[0], "esp-aes"))
		return with_bits(n, w, "", obj->enc);
	if (!strcmp(w[0], "esp-gcm"))
		return with_bits(n, w, "gcm16", obj->aead);
	if (!strcmp(w[0], "esp-gmac"))
		return with_bits(n, w, "gmac", obj->aead);
	return 0;
}

static int transform(int n, char **w, struct ios_obj *obj)
{
	static const struct word plain[] = {
		{ "esp-des", "des" },
		{ "esp-3des", "3des" },
		{ "esp-null", "null" },
		{ NULL, NULL },
	};
	static const struct word hashes[] = {
		{ "esp-md5-hmac", "md5" },
		{ "esp-sha-hmac", "sha1" },
		{ "esp-sha256-hmac", "sha256" },
		{ "esp-sha384-hmac", "sha384" },
		{ "esp-sha512-hmac", "sha512" },
		{ NULL, NULL },
	};
	const char *word = translate(plain, w[0]);

	if (word)
		return ios_join(obj->enc, word);
	word = translate(hashes, w[0]);
	if (word)
		return ios_join(obj->integ, word);
	return encryption(n, w, obj);
}

void ios_transform(struct import_at *at, struct ios_obj *obj, int n, char **w)
{
	import_used(at->line, "[IPsec] EspProposals=");
	while (n) {
		int used = transform(n, w, obj);

		if (!used) {
			obj->bad = true;
			import_left(at->line, "no \"%.32s\" here", w[0]);
			import_instead(at->line,
				       "another transform set, in [IPsec] EspProposals=");
			return;
		}
		n -= used;
		w += used;
	}
	if (obj->aead[0] || (obj->enc[0] && obj->integ[0]))
		return;
	obj->bad = true;
	import_left(at->line, "encryption and integrity are both needed");
	import_instead(at->line,
		       "another transform set, in [IPsec] EspProposals=");
}
