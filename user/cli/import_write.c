// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing: a tunnel as text for dmvpnd.conf(5). */
#include <sys/socket.h>

#include "cli/import_tunnel.h"

static void put_number(FILE *out, const char *key,
		       const struct import_num *num)
{
	if (num->line)
		fprintf(out, "%s=%u\n", key, num->value);
}

static void put_addr(FILE *out, const char *key, const struct nh_addr *addr)
{
	char text[NH_ADDR_STRLEN];

	fprintf(out, "%s=%s\n", key, nh_addr_format(addr, text, sizeof(text)));
}

static void write_tunnel(const struct import_tunnel *t, FILE *out)
{
	char text[NH_ADDR_STRLEN];
	size_t i;

	fputs("[Tunnel]\n", out);
	if (t->source_dev[0])
		fprintf(out, "Source=%s\n", t->source_dev);
	else if (nh_addr_is_set(&t->source))
		put_addr(out, "Source", &t->source);
	else
		fprintf(out, "# To be filled in: %s\n#Source=\n",
			t->source_hint[0] ? t->source_hint :
			"the NBMA address, or the device that has it");
	for (i = 0; i < t->naddr; i++)
		fprintf(out, "Address=%s/%u\n",
			nh_addr_format(&t->addr[i].addr, text, sizeof(text)),
			t->addr[i].plen);
	if (!t->naddr)
		fprintf(out,
			"# To be filled in: the tunnel address%s, with the prefix length of the cloud\n#Address=\n",
			t->address_hint);
	put_number(out, "MTU", &t->mtu);
	put_number(out, "Key", &t->key);
	if (t->key_hint[0])
		fprintf(out,
			"# To be filled in, if there is one: the key of %s\n#Key=\n",
			t->key_hint);
	put_number(out, "TTL", &t->ttl);
	put_number(out, "TOS", &t->tos);
	if (t->tos_inherit)
		fputs("TOS=inherit\n", out);
	fprintf(out, "Protection=%s\n", t->ipsec.line ? "required" : "none");
}

/* What recent routers have on unless it is switched off. */
static bool is_on(const struct import_tunnel *t, const struct import_num *num)
{
	return num->line ? num->value : t->recent;
}

static void write_nhrp(const struct import_tunnel *t, FILE *out)
{
	fputs("\n[NHRP]\n", out);
	put_number(out, "NetworkId", &t->network_id);
	if (t->auth_line)
		fprintf(out, "Authentication=%s\n", t->auth);
	put_number(out, "HoldTime", &t->holdtime);
	put_number(out, "RegistrationTimeout", &t->registration);
	if (t->no_unique.line)
		fprintf(out, "RegistrationUnique=%s\n",
			t->no_unique.value ? "yes" : "no");
	/* What these are without a line is not what dmvpnd has them be. */
	fprintf(out, "MapMulticast=%s\n", is_on(t, &t->mcast_dynamic) ?
		"dynamic" : "none");
	if (t->redirect.line && t->redirect.value)
		fputs("Redirect=yes\n", out);
	fprintf(out, "Shortcut=%s\n", is_on(t, &t->shortcut) ? "yes" : "no");
	if (t->old)
		fputs("# Routers of this age know no NAT extension\nNatExtension=no\n",
		      out);
	if (t->send_packets.line)
		fprintf(out, "MaxSend=%u/%u\n", t->send_packets.value,
			t->send_seconds.value);
	if (t->group_line)
		fprintf(out, "Group=%s\n", t->group);
	if (t->if_state.line && t->if_state.value)
		fputs("IfState=nhrp\n", out);
	put_number(out, "NhsFallback", &t->fallback);
}

static void write_nhs(const struct import_nhs *nhs, FILE *out)
{
	fputs("\n[NHS]\n", out);
	if (nhs->dynamic)
		fprintf(out, "Address=dynamic%s\n",
			nhs->family == AF_INET6 ? "6" : "");
	else
		put_addr(out, "Address", &nhs->proto);
	if (nhs->name[0])
		fprintf(out, "Nbma=%s\n", nhs->name);
	else
		put_addr(out, "Nbma", &nhs->nbma);
	if (nhs->multicast)
		fputs("Multicast=yes\n", out);
	if (nhs->priority)
		fprintf(out, "Priority=%u\n", nhs->priority);
	if (nhs->cluster)
		fprintf(out, "Cluster=%u\n", nhs->cluster);
}

static void write_peers(const struct import_tunnel *t, FILE *out)
{
	char text[NH_PREFIX_STRLEN];
	size_t i;

	for (i = 0; i < t->nnhs; i++)
		write_nhs(&t->nhs[i], out);
	for (i = 0; i < IMPORT_CLUSTERS; i++)
		if (t->cluster[i].line)
			fprintf(out, "\n[Cluster]\nId=%zu\nMaxConnections=%u\n",
				i, t->cluster[i].value);
	for (i = 0; i < t->nmap; i++) {
		fprintf(out, "\n[Map]\nPrefix=%s\n",
			nh_prefix_format(&t->map[i].prefix, text,
					 sizeof(text)));
		put_addr(out, "Nbma", &t->map[i].nbma);
		if (t->map[i].multicast)
			fputs("Multicast=yes\n", out);
	}
}

/* Without a secret all of it is a comment: the section would be refused. */
static void write_ipsec(const struct import_ipsec *ipsec, FILE *out)
{
	const char *off = ipsec->secret[0] ? "" : "#";
	char key[32];

	if (!ipsec->section)
		return;
	fputc('\n', out);
	if (*off)
		fprintf(out, "# To be filled in: %sCertificate=, PrivateKey= and CA=\n",
			ipsec->certs ? "" : "Secret=, or ");
	fprintf(out, "%s[IPsec]\n", off);
	if (ipsec->certs)
		fprintf(out, "%sCertificate=\n%sPrivateKey=\n%sCA=\n", off,
			off, off);
	else
		fprintf(out, "%sSecret=%s\n", off, ipsec->secret);
	if (ipsec->version)
		fprintf(out, "%sVersion=%u\n", off, ipsec->version);
	if (ipsec->identity[0])
		fprintf(out, "%sIdentity=%s\n", off, ipsec->identity);
	if (ipsec->proposals[0])
		fprintf(out, "%sProposals=%s\n", off, ipsec->proposals);
	if (ipsec->esp[0])
		fprintf(out, "%sEspProposals=%s\n", off, ipsec->esp);
	if (ipsec->tunnel)
		fprintf(out, "%sMode=tunnel\n", off);
	snprintf(key, sizeof(key), "%sLifetime", off);
	put_number(out, key, &ipsec->lifetime);
	snprintf(key, sizeof(key), "%sIkeLifetime", off);
	put_number(out, key, &ipsec->ike_lifetime);
	snprintf(key, sizeof(key), "%sDPD", off);
	put_number(out, key, &ipsec->dpd);
	snprintf(key, sizeof(key), "%sIdleTime", off);
	put_number(out, key, &ipsec->idle);
}

void import_write(const struct import_tunnel *t, FILE *out)
{
	fprintf(out, "# From %s\n", t->origin);
	write_tunnel(t, out);
	write_nhrp(t, out);
	write_peers(t, out);
	write_ipsec(&t->ipsec, out);
}
