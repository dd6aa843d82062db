// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of the machine: module, daemon, configuration, secrets, clock. */
#include "cli/doctor_checks.h"

#include <errno.h>
#include <linux/dmvpn.h>
#include <string.h>

#include "cli/doctor_facts.h"
#include "cli/finding.h"
#include "lib/version.h"

/* The clock has not been set before this, the year 2024. */
#define CLOCK_SET	1704067200

static void check_module(const struct doctor_facts *facts, struct findings *f)
{
	if (!facts->kernel) {
		finding_add(f, SEVERITY_FAIL, "module", NULL,
			    "the kernel does not know dmvpn");
		finding_remedy(f,
			       "modprobe dmvpn; if there is none, apt install linux-headers-$(uname -r), and see dkms status");
	} else if (facts->family != DMVPN_FAMILY_VERSION) {
		finding_add(f, SEVERITY_FAIL, "module", NULL,
			    "it speaks version %d of the interface, this command %d",
			    facts->family, DMVPN_FAMILY_VERSION);
		finding_remedy(f, "install module and command of one version");
	} else if (facts->module[0] && strcmp(facts->module, DMVPN_VERSION)) {
		finding_add(f, SEVERITY_WARN, "module", NULL,
			    "version %s is loaded, this command is %s",
			    facts->module, DMVPN_VERSION);
		finding_remedy(f, "systemctl stop dmvpnd; modprobe -r dmvpn; modprobe dmvpn; systemctl start dmvpnd");
	} else {
		finding_add(f, SEVERITY_OK, "module", NULL, "version %s",
			    facts->module[0] ? facts->module : "unknown");
	}
}

static void check_daemon(const struct doctor_facts *facts, struct findings *f)
{
	if (!facts->daemon) {
		finding_add(f, SEVERITY_FAIL, "daemon", NULL,
			    "dmvpnd does not run in this network namespace, or does not answer");
		finding_remedy(f, "systemctl start dmvpnd");
	} else if (facts->version && strcmp(facts->version, DMVPN_VERSION)) {
		finding_add(f, SEVERITY_WARN, "daemon", NULL,
			    "version %s runs, this command is %s",
			    facts->version, DMVPN_VERSION);
		finding_remedy(f, "systemctl restart dmvpnd");
	} else {
		finding_add(f, SEVERITY_OK, "daemon", NULL, "version %s",
			    facts->version ?: "unknown");
	}
}

static void check_config(const struct doctor_facts *facts, struct findings *f)
{
	if (facts->config < 0) {
		finding_add(f, SEVERITY_UNKNOWN, "config", NULL,
			    "dmvpnd --check could not be run: %s",
			    strerror(-facts->config));
	} else if (facts->config) {
		finding_add(f, SEVERITY_FAIL, "config", NULL, "%s",
			    facts->complaint && *facts->complaint ?
				    facts->complaint : "dmvpnd --check fails");
		finding_remedy(f, "dmvpnd --check -c %s; man dmvpnd.conf",
			       facts->config_dir);
	} else {
		finding_add(f, SEVERITY_OK, "config", NULL, "%s",
			    facts->config_dir);
	}
}

static void check_secrets(const struct doctor_facts *facts, struct findings *f)
{
	size_t i;

	for (i = 0; i < facts->n_open; i++) {
		finding_add(f, SEVERITY_WARN, "secrets", NULL,
			    "%s, which has a secret in it, is open to others than its owner",
			    facts->open[i]);
		finding_remedy(f, "chmod 600 %s", facts->open[i]);
	}
	if (facts->secrets)
		finding_add(f, SEVERITY_UNKNOWN, "secrets", NULL,
			    "not every file could be looked at: %s",
			    strerror(-facts->secrets));
	else if (!facts->n_open)
		finding_add(f, SEVERITY_OK, "secrets", NULL,
			    "no file that has one is open to others");
}

/* Certificates are of no use to who believes that it is 1970. */
static void check_clock(const struct doctor_facts *facts, struct findings *f)
{
	if (facts->now < CLOCK_SET) {
		finding_add(f, SEVERITY_FAIL, "clock", NULL,
			    "it is years behind: certificates are not valid yet");
		finding_remedy(f, "timedatectl set-ntp true");
	} else {
		finding_add(f, SEVERITY_OK, "clock", NULL, "it was set");
	}
}

static void check_devices(const struct doctor_facts *facts, struct findings *f)
{
	size_t i;

	if (!facts->n_devices && facts->wanted) {
		finding_add(f, SEVERITY_FAIL, "device", facts->wanted,
			    "there is no such dmvpn device");
		finding_remedy(f, "%s/%s.conf, see man dmvpnd.conf",
			       facts->config_dir, facts->wanted);
	} else if (!facts->n_devices) {
		finding_add(f, SEVERITY_FAIL, "device", NULL,
			    "there is no dmvpn device");
		finding_remedy(f, "%s/dmvpn0.conf, see man dmvpnd.conf",
			       facts->config_dir);
	}
	for (i = 0; i < facts->n_devices; i++) {
		const struct doctor_device *d = &facts->devices[i];

		doctor_check_device(facts, d, f);
		doctor_check_underlay(d, f);
		doctor_check_ipsec(facts, d, f);
		doctor_check_firewall(facts, d, f);
		doctor_check_servers(d, f);
	}
}

void doctor_check(const struct doctor_facts *facts, struct findings *f)
{
	check_module(facts, f);
	check_daemon(facts, f);
	check_config(facts, f);
	check_secrets(facts, f);
	check_clock(facts, f);
	check_devices(facts, f);
}
