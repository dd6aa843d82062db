// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn doctor: what is wrong with a set-up, and what to do about it. */
#include <errno.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/doctor_gather.h"
#include "cli/finding.h"
#include "cli/print.h"
#include "cli/snapshot.h"
#include "cli/target.h"

enum {
	ARG_DEV,
	ARG_CONFIG,
};

#define CONFIG_DIR	"/etc/dmvpn"

static const struct arg args[] = {
	[ARG_DEV] = TARGET_DEVS,
	[ARG_CONFIG] = {
		.name = "config", .kind = ARG_TEXT, .value = "DIR",
		.offer = OFFER_FILE,
		.doc = "where the configuration is, default /etc/dmvpn" },
	{ .name = NULL },
};

static void print_finding(struct print *p, const struct finding *found)
{
	print_row(p);
	print_text(p, "severity", "SEVERITY",
		   arg_word_name(severity_words, found->severity));
	print_text(p, "check", "CHECK", found->check);
	if (found->device)
		print_text(p, "ifname", "DEVICE", found->device);
	else
		print_text(p, NULL, "DEVICE", "-");
	print_text(p, "found", "FOUND", found->found);
	if (found->remedy)
		print_text(p, "remedy", "REMEDY", found->remedy);
	else
		print_text(p, NULL, "REMEDY", "-");
}

static int print_findings(struct cli *cli, const struct findings *f)
{
	struct print *p = print_new(cli->out, cli->json, PRINT_TABLE);
	bool failed = false;
	size_t i;
	int code;

	for (i = 0; p && i < f->n; i++) {
		print_finding(p, &f->list[i]);
		failed |= f->list[i].severity == SEVERITY_FAIL;
	}
	code = cli_end(cli, p);
	return !code && failed ? CLI_REFUSED : code;
}

static int examine(struct cli *cli, const struct snapshot *s,
		   const struct ike_facts *ike)
{
	const struct arg_value *v = cli->args.v;
	struct doctor_facts facts = {
		.wanted = v[ARG_DEV].set ? v[ARG_DEV].text : NULL,
		.config_dir = v[ARG_CONFIG].set ? v[ARG_CONFIG].text :
						  CONFIG_DIR,
	};
	struct findings f = { .list = NULL };
	int code = CLI_OK;

	if (doctor_gather(cli, s, ike, &facts))
		f.failed = true;
	else
		doctor_check(&facts, &f);
	if (f.failed)
		code = cli_fail(cli, CLI_REFUSED, "out of memory");
	else
		code = print_findings(cli, &f);
	findings_free(&f);
	doctor_facts_free(&facts);
	return code;
}

static int run(struct cli *cli)
{
	struct ike_facts ike = { .daemons = NULL };
	struct snapshot s;
	int code;

	code = snapshot_read(cli, 0, SNAPSHOT_PEERS | SNAPSHOT_NHS |
			     SNAPSHOT_IPSEC, &s);
	/* An answer that makes no sense is one without IKE daemons. */
	if (!code && s.ipsec && ike_facts_read(&ike, s.ipsec))
		ike = (struct ike_facts){ .daemons = NULL };
	if (!code)
		code = examine(cli, &s, &ike);
	ike_facts_free(&ike);
	snapshot_free(&s);
	return code;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.args = args,
	.run = run,
	.json = true,
	.doc = "look for what is wrong with a set-up, and say what to do",
};
