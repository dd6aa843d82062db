// SPDX-License-Identifier: GPL-2.0-or-later
/* Configurations of others, of any octets: what is made of them dmvpnd takes.
 * The first octet says whose it is: "f" FRR's, all else IOS's.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/import_tunnel.h"
#include "daemon/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(void *arg, const char *text)
{
	fprintf(stderr, "%s\n%s", text, (const char *)arg);
	abort();
}

/* What is to be filled in is filled in with what the file cannot have. */
static void put_line(const char *line, size_t len, FILE *out)
{
	if (!strncmp(line, "#Source=", 8))
		fputs("Source=fuzz0\n", out);
	else if (!strncmp(line, "#Address=", 9))
		fputs("Address=203.0.113.77/32\nAddress=2001:db8:f::77/128\n",
		      out);
	else
		fwrite(line, 1, len, out);
}

static char *filled_in(const struct import_tunnel *t)
{
	char *text, *result, *line, *end;
	size_t size;
	FILE *f;

	f = open_memstream(&text, &size);
	import_write(t, f);
	fclose(f);
	f = open_memstream(&result, &size);
	for (line = text; *line; line = end) {
		end = strchr(line, '\n') + 1;
		put_line(line, (size_t)(end - line), f);
	}
	fclose(f);
	free(text);
	return result;
}

static void must_be_taken(const struct import_tunnel *t)
{
	char name[32], *text = filled_in(t);
	FILE *f = fmemopen(text, strlen(text), "r");
	struct nh_conf *conf;

	snprintf(name, sizeof(name), "%s.conf", t->device);
	if (nh_conf_read(&conf, name, f, show, text))
		abort();
	if (strcmp(conf->name, t->device) || conf->nnhs != t->nnhs ||
	    conf->nmap != t->nmap)
		abort();
	fclose(f);
	nh_conf_free(conf);
	free(text);
}

/* Each line has a class, and all of it is text. */
static void check_report(const struct import *in)
{
	size_t i, size;
	char *text;
	FILE *f;

	f = open_memstream(&text, &size);
	import_report(in, f);
	if (import_json(in, f))
		abort();
	fclose(f);
	for (i = 0; i < size; i++)
		if (((unsigned char)text[i] < ' ' && text[i] != '\n') ||
		    (unsigned char)text[i] > '~')
			abort();
	free(text);
	for (i = 0; i < in->nline; i++)
		if (in->line[i].class == IMPORT_OPEN || !in->line[i].what[0])
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[512];
	struct import in;
	size_t i;
	FILE *f;
	int err;

	if (size < 2)
		return 0;
	f = fmemopen((void *)(data + 1), size - 1, "r");
	if (!f)
		return 0;
	err = import_read(&in, "fuzz", f, *data == 'f' ? "!#" : "!", error,
			  sizeof(error));
	fclose(f);
	if (!err != !error[0])
		abort();
	if (!err) {
		if (*data == 'f')
			import_frr(&in);
		else
			import_ios(&in);
		for (i = 0; i < in.ntunnel; i++)
			must_be_taken(in.tunnel[i]);
		check_report(&in);
	}
	import_free(&in);
	return 0;
}
