// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes packets as they pass between dmvpnd and charon, as fuzz seeds. */
#include <stdio.h>
#include <string.h>

#include "vici/msg.h"

static const char *directory;
static int failures;

/* @b is consumed. */
static void save(const char *file, enum vici_packet_type type,
		 const char *name, struct vici_builder *b)
{
	uint8_t head[VICI_HEAD_MAX];
	char path[512];
	ssize_t n;
	FILE *f;

	n = vici_packet_head(head, sizeof(head), type, name, b->len);
	if (vici_builder_err(b))
		n = -1;
	snprintf(path, sizeof(path), "%s/%s", directory, file);
	f = n > 0 ? fopen(path, "wb") : NULL;
	if (!f || fwrite(head + VICI_LEN_SIZE, 1, (size_t)n - VICI_LEN_SIZE,
			 f) != (size_t)n - VICI_LEN_SIZE ||
	    (b->len && fwrite(b->data, 1, b->len, f) != b->len)) {
		fprintf(stderr, "%s: cannot write\n", path);
		failures++;
	}
	if (f && fclose(f))
		failures++;
	vici_builder_free(b);
}

static void save_conn(void)
{
	struct vici_builder b = { 0 };

	vici_section_begin(&b, "dmvpn-tun0");
	vici_put_list(&b, "local_addrs", "198.51.100.2");
	vici_put_list(&b, "proposals", "aes256-sha256-modp2048,default");
	vici_put_u(&b, "rekey_time", 14400);
	vici_section_begin(&b, "local-1");
	vici_put(&b, "auth", "psk");
	vici_section_end(&b);
	vici_section_begin(&b, "children");
	vici_section_begin(&b, "gre");
	vici_put_list(&b, "local_ts", "dynamic[gre]");
	vici_put(&b, "mode", "transport");
	vici_section_end(&b);
	vici_section_end(&b);
	vici_section_end(&b);
	save("load-conn", VICI_CMD_REQUEST, "load-conn", &b);

	vici_put(&b, "type", "IKE");
	vici_put_bytes(&b, "data", "\0\1\2\3", 4);
	vici_put_list(&b, "owners", "198.51.100.2, 203.0.113.1");
	save("load-shared", VICI_CMD_REQUEST, "load-shared", &b);
}

static void save_answers(void)
{
	struct vici_builder b = { 0 };

	vici_put(&b, "success", "yes");
	save("yes", VICI_CMD_RESPONSE, NULL, &b);
	vici_put(&b, "success", "no");
	vici_put(&b, "errmsg", "CHILD_SA config 'gre' not found");
	save("no", VICI_CMD_RESPONSE, NULL, &b);
	save("unknown", VICI_CMD_UNKNOWN, NULL, &b);
	save("confirm", VICI_EVENT_CONFIRM, NULL, &b);
	save("register", VICI_EVENT_REGISTER, "child-updown", &b);
}

/* With all that is read of it. */
static void save_list_sa(void)
{
	struct vici_builder b = { 0 };

	vici_section_begin(&b, "dmvpn0/nat/203.0.113.1");
	vici_put_u(&b, "uniqueid", 3);
	vici_put_u(&b, "version", 2);
	vici_put(&b, "state", "ESTABLISHED");
	vici_put(&b, "remote-host", "203.0.113.1");
	vici_put_u(&b, "remote-port", 4500);
	vici_put(&b, "remote-id", "C=DE, O=example, CN=spoke");
	vici_put(&b, "initiator", "yes");
	vici_put(&b, "initiator-spi", "f0c0ffee00c0ffee");
	vici_put(&b, "nat-remote", "yes");
	vici_put(&b, "encr-alg", "AES_GCM_16");
	vici_put_u(&b, "encr-keysize", 128);
	vici_put_u(&b, "established", 100);
	vici_put_u(&b, "rekey-time", 12000);
	vici_list_begin(&b, "tasks-active");
	vici_list_end(&b);
	vici_section_begin(&b, "child-sas");
	vici_section_begin(&b, "gre-7");
	vici_put_u(&b, "uniqueid", 7);
	vici_put_u(&b, "reqid", 1);
	vici_put(&b, "state", "INSTALLED");
	vici_put(&b, "mode", "TRANSPORT");
	vici_put(&b, "spi-in", "c0ffee01");
	vici_put(&b, "spi-out", "c0ffee02");
	vici_put(&b, "if-id-out", "0000000a");
	vici_put_u(&b, "install-time", 20);
	vici_put_u(&b, "life-time", 3600);
	vici_put_list(&b, "remote-ts", "203.0.113.1/32[gre]");
	vici_section_end(&b);
	vici_section_end(&b);
	vici_section_end(&b);
	save("list-sa", VICI_EVENT, "list-sa", &b);
}

static void save_rekey(void)
{
	struct vici_builder b = { 0 };

	vici_section_begin(&b, "dmvpn0");
	vici_section_begin(&b, "old");
	vici_put_u(&b, "uniqueid", 3);
	vici_section_end(&b);
	vici_section_begin(&b, "new");
	vici_put_u(&b, "uniqueid", 4);
	vici_section_end(&b);
	vici_section_end(&b);
	save("ike-rekey", VICI_EVENT, "ike-rekey", &b);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[1];
	save_conn();
	save_answers();
	save_list_sa();
	save_rekey();
	return failures ? 1 : 0;
}
