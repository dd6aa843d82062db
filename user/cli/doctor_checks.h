/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of "dmvpn doctor": facts in, findings out, nothing else. */
#ifndef CLI_DOCTOR_CHECKS_H
#define CLI_DOCTOR_CHECKS_H

struct doctor_device;
struct doctor_facts;
struct findings;

/** doctor_check() - all of them, in the order in which one depends on another */
void doctor_check(const struct doctor_facts *facts, struct findings *f);

/* Those about a device, each in a file of its own. */
void doctor_check_device(const struct doctor_facts *facts,
			 const struct doctor_device *d, struct findings *f);
void doctor_check_underlay(const struct doctor_device *d, struct findings *f);
void doctor_check_servers(const struct doctor_device *d, struct findings *f);
void doctor_check_ipsec(const struct doctor_facts *facts,
			const struct doctor_device *d, struct findings *f);
void doctor_check_firewall(const struct doctor_facts *facts,
			   const struct doctor_device *d, struct findings *f);

#endif /* CLI_DOCTOR_CHECKS_H */
