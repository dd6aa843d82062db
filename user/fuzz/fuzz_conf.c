// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration files of any octets: read, or refused with a reason. */
#include <stdlib.h>

#include "daemon/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *arg, const char *text)
{
	(void)text;
	++*(unsigned int *)arg;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nh_conf *conf;
	unsigned int errors = 0;
	FILE *file;
	int err;

	if (!size)
		return 0;
	file = fmemopen((void *)data, size, "r");
	if (!file)
		return 0;
	err = nh_conf_read(&conf, "dmvpn0.conf", file, count, &errors);
	fclose(file);
	/* Refused means told, and told means refused. */
	if (!err == !!errors)
		abort();
	if (err)
		return 0;
	if (!conf->name[0] || !conf->naddr)
		abort();
	if (conf->ipsec.present && !conf->ipsec.secret == !conf->ipsec.cert)
		abort();
	if (conf->peers != !!conf->nrule || !nh_conf_ipsec_equal(conf, conf))
		abort();
	nh_conf_free(conf);
	return 0;
}
