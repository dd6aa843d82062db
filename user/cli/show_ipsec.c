// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of "dmvpn show ipsec". The kernel tells of the security
 * associations, the daemon of IKE: either may lack what the other one has.
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/columns.h"
#include "cli/ctl.h"
#include "cli/ike.h"
#include "cli/ipsec_join.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/show.h"
#include "genl/sa.h"
#include "lib/duration.h"

/* What IKE tells and what is computed here have the same unknown. */
#define UNKNOWN		IKE_UNKNOWN

static void number_or_null(struct print *p, const char *key,
			   const char *heading, uint64_t value)
{
	if (value == UNKNOWN)
		print_null(p, key, heading);
	else
		print_number(p, key, heading, value);
}

static void ms_or_null(struct print *p, const char *key, const char *heading,
		       uint64_t ms)
{
	if (ms == UNKNOWN)
		print_null(p, key, heading);
	else
		print_duration(p, key, heading, ms);
}

static void text_or_null(struct print *p, const char *key, const char *heading,
			 const char *text)
{
	if (text)
		print_text(p, key, heading, text);
	else
		print_null(p, key, heading);
}

static void addr_or_null(struct print *p, const char *key, const char *heading,
			 const struct nh_addr *addr)
{
	if (nh_addr_is_set(addr))
		print_addr(p, key, heading, addr);
	else
		print_null(p, key, heading);
}

static void truth_or_null(struct print *p, const char *key,
			  enum ike_truth truth)
{
	if (truth == IKE_MAYBE)
		print_null(p, key, NULL);
	else
		print_onoff(p, key, NULL, truth == IKE_YES);
}

static uint64_t ms_of(uint64_t seconds)
{
	return seconds < UNKNOWN / 1000 ? seconds * 1000 : UNKNOWN - 1;
}

/* The clock may have been set back since then. */
static uint64_t since(uint64_t then, uint64_t now)
{
	return then < now ? ms_of(now - then) : 0;
}

/* What is left of a lifetime, of which 0 means that it does not end. */
static uint64_t left(const struct dmvpn_nl_sa *sa, uint64_t seconds,
		     uint64_t now)
{
	uint64_t age = sa->added < now ? now - sa->added : 0;

	if (!seconds)
		return UNKNOWN;
	return age < seconds ? ms_of(seconds - age) : 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t age_of(const struct ipsec_row *row, uint64_t now)
{
	return least(row->in ? since(row->in->added, now) : UNKNOWN,
		     row->out ? since(row->out->added, now) : UNKNOWN);
}

/* IKE renews before the kernel asks for it, and knows when. */
static uint64_t rekey_of(const struct ipsec_row *row, uint64_t now)
{
	if (row->child && row->child->rekey != UNKNOWN)
		return row->child->rekey;
	return least(row->in ? left(row->in, row->in->soft_seconds, now) :
			       UNKNOWN,
		     row->out ? left(row->out, row->out->soft_seconds, now) :
				UNKNOWN);
}

static void print_mode(struct print *p, const struct dmvpn_nl_sa *sa)
{
	const char *mode;
	char text[32];

	if (!sa) {
		print_null(p, "mode", "MODE");
		return;
	}
	mode = names_of(names_sa_mode, sa->mode);
	snprintf(text, sizeof(text), "%s%s", mode, sa->encap ? "/udp" : "");
	print_word(p, "mode", "MODE", mode, text);
}

static void print_spi(struct print *p, const char *key, const char *heading,
		      const struct dmvpn_nl_sa *sa)
{
	char hex[16];

	if (!sa) {
		print_null(p, key, heading);
		return;
	}
	snprintf(hex, sizeof(hex), "0x%08x", sa->spi);
	print_number_or(p, key, heading, sa->spi, hex);
}

/* "v2 established" */
static void print_ike_state(struct print *p, const struct ike_sa *ike)
{
	char text[48] = "";
	size_t len, i;

	if (ike && ike->version != UNKNOWN)
		snprintf(text, sizeof(text), "v%u", (unsigned int)ike->version);
	len = strlen(text);
	if (ike && ike->state)
		snprintf(text + len, sizeof(text) - len, "%s%s",
			 len ? " " : "", ike->state);
	for (i = len; text[i]; i++)
		text[i] = tolower((unsigned char)text[i]);
	print_text(p, NULL, "IKE", *text ? text : "-");
}

static void print_columns(struct print *p, const struct ipsec_row *row,
			  struct columns columns, uint64_t now)
{
	const struct dmvpn_nl_sa *in = row->in, *out = row->out;
	const struct dmvpn_nl_sa *any = out ? out : in;

	print_text(p, "ifname", columns.device, row->dev->name);
	addr_or_null(p, "nbma", "NBMA", &row->nbma);
	print_number(p, "if_id", columns.if_id, row->if_id);
	text_or_null(p, NULL, "IDENTITY", row->ike ? row->ike->identity : NULL);
	print_ike_state(p, row->ike);
	print_mode(p, any);
	print_spi(p, "spi_in", "SPI-IN", in);
	print_spi(p, "spi_out", "SPI-OUT", out);
	number_or_null(p, "encrypted", "ENCRYPTED",
		       out ? out->packets : UNKNOWN);
	number_or_null(p, "decrypted", "DECRYPTED", in ? in->packets : UNKNOWN);
	text_or_null(p, "algorithm", "ALGORITHM", any ? any->alg : NULL);
	ms_or_null(p, "age_ms", "AGE", age_of(row, now));
	ms_or_null(p, "rekey_ms", "REKEY", rekey_of(row, now));
	number_or_null(p, "errors", "ERRORS",
		       in ? (uint64_t)in->integrity_failed + in->replay +
					in->replay_window :
			    UNKNOWN);
}

/* From here on what only JSON has room for. */

static void print_encap(struct print *p, const struct dmvpn_nl_sa *sa)
{
	if (!sa->encap) {
		print_null(p, "encap", NULL);
		return;
	}
	print_open(p, "encap");
	print_number(p, "sport", NULL, sa->encap_sport);
	print_number(p, "dport", NULL, sa->encap_dport);
	print_close(p);
}

static void print_sa(struct print *p, const char *key,
		     const struct dmvpn_nl_sa *sa, uint64_t now)
{
	if (!sa) {
		print_null(p, key, NULL);
		return;
	}
	print_open(p, key);
	print_addr(p, "src", NULL, &sa->src);
	print_addr(p, "dst", NULL, &sa->dst);
	print_number(p, "spi", NULL, sa->spi);
	print_number(p, "reqid", NULL, sa->reqid);
	print_number(p, "if_id", NULL, sa->if_id);
	print_number(p, "mark", NULL, sa->mark);
	print_number(p, "mark_mask", NULL, sa->mark_mask);
	print_text(p, "mode", NULL, names_of(names_sa_mode, sa->mode));
	print_encap(p, sa);
	print_text(p, "algorithm", NULL, sa->alg);
	print_number(p, "packets", NULL, sa->packets);
	print_number(p, "bytes", NULL, sa->bytes);
	print_duration(p, "age_ms", NULL, since(sa->added, now));
	ms_or_null(p, "idle_ms", NULL,
		   sa->used ? since(sa->used, now) : UNKNOWN);
	ms_or_null(p, "soft_lifetime_ms", NULL,
		   sa->soft_seconds ? ms_of(sa->soft_seconds) : UNKNOWN);
	ms_or_null(p, "hard_lifetime_ms", NULL,
		   sa->hard_seconds ? ms_of(sa->hard_seconds) : UNKNOWN);
	ms_or_null(p, "rekey_ms", NULL, left(sa, sa->soft_seconds, now));
	ms_or_null(p, "expires_ms", NULL, left(sa, sa->hard_seconds, now));
	print_number(p, "integrity_failed", NULL, sa->integrity_failed);
	print_number(p, "replay", NULL, sa->replay);
	print_number(p, "replay_window", NULL, sa->replay_window);
	print_close(p);
}

static void print_ike(struct print *p, const struct ike_sa *ike)
{
	if (!ike) {
		print_null(p, "ike", NULL);
		return;
	}
	print_open(p, "ike");
	text_or_null(p, "name", NULL, ike->name);
	number_or_null(p, "ike_id", NULL, ike->ike_id);
	number_or_null(p, "version", NULL, ike->version);
	text_or_null(p, "state", NULL, ike->state);
	truth_or_null(p, "initiator", ike->initiator);
	number_or_null(p, "port", NULL, ike->port);
	text_or_null(p, "local_identity", NULL, ike->local_identity);
	text_or_null(p, "identity", NULL, ike->identity);
	truth_or_null(p, "nat", ike->nat);
	text_or_null(p, "algorithms", NULL, ike->algorithms);
	ms_or_null(p, "established_ms", NULL, ike->established);
	ms_or_null(p, "rekey_ms", NULL, ike->rekey);
	print_close(p);
}

static void print_child(struct print *p, const struct ike_child *child)
{
	if (!child) {
		print_null(p, "child", NULL);
		return;
	}
	print_open(p, "child");
	number_or_null(p, "id", NULL, child->id);
	text_or_null(p, "state", NULL, child->state);
	text_or_null(p, "mode", NULL, child->mode);
	number_or_null(p, "spi_in", NULL,
		       child->spi_in ? child->spi_in : UNKNOWN);
	number_or_null(p, "spi_out", NULL,
		       child->spi_out ? child->spi_out : UNKNOWN);
	number_or_null(p, "if_id", NULL, child->if_id);
	ms_or_null(p, "installed_ms", NULL, child->installed);
	ms_or_null(p, "rekey_ms", NULL, child->rekey);
	ms_or_null(p, "expires_ms", NULL, child->expires);
	print_close(p);
}

static void print_rows(struct print *p, const struct ipsec_row *rows, size_t n,
		       uint64_t now)
{
	struct columns columns = { .device = NULL };
	size_t i;

	for (i = 0; i < n; i++)
		columns_see(&columns, rows[i].dev->ifindex, rows[i].if_id);
	for (i = 0; i < n; i++) {
		print_row(p);
		print_columns(p, &rows[i], columns, now);
		print_sa(p, "inbound", rows[i].in, now);
		print_sa(p, "outbound", rows[i].out, now);
		print_ike(p, rows[i].ike);
		print_child(p, rows[i].child);
	}
}

/* An IKE daemon that does not do its work; one that does is not told of. */
static bool is_trouble(const struct ipsec_tables *t,
		       const struct ike_daemon *daemon)
{
	size_t i;

	if (!strcmp(daemon->state, "connected"))
		return false;
	for (i = 0; i < t->n_devs; i++) {
		if (t->devs[i].ifindex == t->ifindex)
			return !strcmp(t->devs[i].name, daemon->ifname);
	}
	return true;
}

static void print_daemons(struct print *p, const struct ipsec_tables *t)
{
	size_t i;

	for (i = 0; t->ike && i < t->ike->n_daemons; i++) {
		const struct ike_daemon *daemon = &t->ike->daemons[i];

		if (!is_trouble(t, daemon))
			continue;
		print_row(p);
		print_text(p, "ifname", NULL, daemon->ifname);
		print_open(p, "ike_daemon");
		print_text(p, "state", NULL, daemon->state);
		text_or_null(p, "socket", NULL, daemon->socket);
		text_or_null(p, "error", NULL, daemon->error);
		ms_or_null(p, "since_ms", NULL, daemon->since);
		print_close(p);
	}
}

/* What is wrong may be in the words of a stranger. */
static void note_daemon(struct cli *cli, const struct ike_daemon *daemon)
{
	char duration[NH_DURATION_STRLEN], text[256], *c;

	nh_duration_format(daemon->since, duration, sizeof(duration));
	snprintf(text, sizeof(text), "%s%s%s%s%s%s%s", daemon->state,
		 daemon->since == UNKNOWN ? "" : " for ",
		 daemon->since == UNKNOWN ? "" : duration,
		 daemon->socket ? ": " : "",
		 daemon->socket ? daemon->socket : "",
		 daemon->error ? ": " : "", daemon->error ? daemon->error : "");
	for (c = text; *c; c++) {
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			*c = '?';
	}
	cli_note(cli, "%s: IKE: %s", daemon->ifname, text);
}

static void note_daemons(struct cli *cli, const struct ipsec_tables *t)
{
	size_t i;

	for (i = 0; t->ike && i < t->ike->n_daemons; i++) {
		if (is_trouble(t, &t->ike->daemons[i]))
			note_daemon(cli, &t->ike->daemons[i]);
	}
}

static int show(struct cli *cli, const struct ipsec_tables *t, uint64_t now)
{
	struct ipsec_row *rows;
	struct print *p;
	size_t n;
	int code;

	if (ipsec_join(t, &rows, &n))
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	p = print_new(cli->out, cli->json, PRINT_TABLE);
	if (p)
		print_rows(p, rows, n, now);
	if (p && cli->json)
		print_daemons(p, t);
	code = cli_end(cli, p);
	free(rows);
	if (!cli->json)
		note_daemons(cli, t);
	return code;
}

static int read_ike(struct cli *cli, struct ike_facts *facts,
		    struct json_object **reply)
{
	struct json_object *answer;
	int code = ctl_command(cli, "ipsec", true, &answer);

	if (code)
		return code;
	*reply = answer;
	switch (ike_facts_read(facts, answer)) {
	case 0:
		return CLI_OK;
	case -EPROTO:
		return cli_fail(cli, CLI_REFUSED, "dmvpnd: senseless answer");
	default:
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	}
}

/*
 * Without a daemon there is nothing to be told of IKE, which is no failure.
 * One that refuses is; but what the kernel knows is shown all the same.
 */
int show_ipsec(struct cli *cli, struct ipsec_tables *tables, uint64_t now)
{
	struct json_object *reply = NULL;
	struct ike_facts facts = { .daemons = NULL };
	int refused, code;

	refused = read_ike(cli, &facts, &reply);
	tables->ike = refused ? NULL : &facts;
	code = show(cli, tables, now);
	ike_facts_free(&facts);
	json_object_put(reply);
	return code || refused == CLI_NO_SERVICE ? code : refused;
}
