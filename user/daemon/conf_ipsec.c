// SPDX-License-Identifier: GPL-2.0-or-later
/* The section [IPsec]: how IKE authenticates and what it negotiates. */
#include "daemon/conf_ipsec.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dmvpn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET	"/run/charon.vici"
#define SOCKET_MAX \
	((int)sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)

void nh_conf_ipsec_begin(struct nh_conf_parse *p)
{
	struct nh_conf_ipsec *ipsec = &p->conf->ipsec;

	if (ipsec->present)
		return;
	*ipsec = (struct nh_conf_ipsec){
		.present = true,
		.line = p->line,
		.version = 2,
		.lifetime = 3600,
		.ike_lifetime = 14400,
		.dpd = 30,
	};
}

/* Secret= and SecretFile= in one file are refused, but only at its end. */
static void drop_secret(struct nh_conf_ipsec *ipsec)
{
	if (ipsec->secret)
		explicit_bzero(ipsec->secret, ipsec->secret_len);
	free(ipsec->secret);
	ipsec->secret = NULL;
	ipsec->secret_len = 0;
}

static bool set_secret(struct nh_conf_parse *p, const char *secret, size_t len)
{
	struct nh_conf_ipsec *ipsec = &p->conf->ipsec;

	drop_secret(ipsec);
	ipsec->secret = malloc(len);
	if (!ipsec->secret) {
		p->nomem = true;
		return false;
	}
	memcpy(ipsec->secret, secret, len);
	ipsec->secret_len = len;
	return true;
}

bool nh_conf_ipsec_secret(struct nh_conf_parse *p,
			  const struct nh_conf_key *key, const char *value)
{
	size_t len = strlen(value);

	if (!len || len > NH_CONF_SECRET_MAX)
		return nh_conf_hidden(p, key, NH_CONF_SECRET_MAX);
	return set_secret(p, value, len);
}

/* A relative path starts where the configuration file is. */
static char *resolve(struct nh_conf_parse *p, const char *value)
{
	const char *slash = strrchr(p->path, '/');
	int dir = slash && *value != '/' ? (int)(slash + 1 - p->path) : 0;
	char *path;

	if (asprintf(&path, "%.*s%s", dir, p->path, value) >= 0)
		return path;
	p->nomem = true;
	return NULL;
}

static bool unreadable(struct nh_conf_parse *p, const struct nh_conf_key *key,
		       const char *value, const char *path, const char *why)
{
	nh_conf_say(p, p->line, "[%s] %s=%s: cannot read %s: %s", p->name,
		    key->name, value, path, why);
	return false;
}

/* Opens the regular file at @path, without waiting for one that is a pipe. */
static int open_regular(const char *path, const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0) {
		*why = strerror(errno);
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	*why = "not a regular file";
	close(fd);
	return -1;
}

/* Gives the file's descriptor and, to be freed, its path; or reports. */
static int open_value(struct nh_conf_parse *p, const struct nh_conf_key *key,
		      const char *value, char **path)
{
	const char *why;
	int fd;

	if (!*value) {
		nh_conf_wrong(p, key, value, "the path of a file");
		return -1;
	}
	*path = resolve(p, value);
	if (!*path)
		return -1;
	fd = open_regular(*path, &why);
	if (fd < 0) {
		unreadable(p, key, value, *path, why);
		free(*path);
	}
	return fd;
}

static bool readable(struct nh_conf_parse *p, const struct nh_conf_key *key,
		     const char *value, char **path)
{
	int fd = open_value(p, key, value, path);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Length of the first line of @n octets, without its end. */
static size_t first_line(const char *text, size_t n)
{
	const char *end = memchr(text, '\n', n);

	if (!end)
		return n;
	n = (size_t)(end - text);
	return n && text[n - 1] == '\r' ? n - 1 : n;
}

bool nh_conf_ipsec_secret_file(struct nh_conf_parse *p,
			       const struct nh_conf_key *key,
			       const char *value)
{
	/* One octet more than fits, behind which an end of line may be. */
	char text[NH_CONF_SECRET_MAX + 3], *path;
	ssize_t got;
	size_t len;
	bool ok;
	int fd;

	fd = open_value(p, key, value, &path);
	if (fd < 0)
		return false;
	got = read(fd, text, sizeof(text));
	len = got > 0 ? first_line(text, (size_t)got) : 0;
	if (got < 0) {
		ok = unreadable(p, key, value, path, strerror(errno));
	} else if (!len || len > NH_CONF_SECRET_MAX) {
		nh_conf_say(p, p->line,
			    "[%s] %s=%s: expected 1 to %d characters in the first line of %s",
			    p->name, key->name, value, NH_CONF_SECRET_MAX,
			    path);
		ok = false;
	} else {
		ok = set_secret(p, text, len);
	}
	explicit_bzero(text, sizeof(text));
	free(path);
	close(fd);
	return ok;
}

bool nh_conf_ipsec_file(struct nh_conf_parse *p,
			const struct nh_conf_key *key, const char *value)
{
	char *path;

	if (!readable(p, key, value, &path))
		return false;
	*(char **)nh_conf_member(p, key) = path;
	return true;
}

bool nh_conf_ipsec_ca(struct nh_conf_parse *p, const struct nh_conf_key *key,
		      const char *value)
{
	struct nh_conf_ipsec *ipsec = &p->conf->ipsec;
	char *path;

	if (ipsec->nca == NH_CONF_CAS)
		return nh_conf_wrong(p, key, value, "fewer files");
	if (!readable(p, key, value, &path))
		return false;
	ipsec->ca[ipsec->nca++] = path;
	return true;
}

bool nh_conf_ipsec_identity(struct nh_conf_parse *p,
			    const struct nh_conf_key *key, const char *value)
{
	if (!*value)
		return nh_conf_wrong(p, key, value, "an identity");
	return nh_conf_string(p, key, value);
}

bool nh_conf_ipsec_proposals(struct nh_conf_parse *p,
			     const struct nh_conf_key *key, const char *value)
{
	static const char accept[] = "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-,";
	size_t len = strlen(value);

	if (!len || value[strspn(value, accept)] || *value == ',' ||
	    value[len - 1] == ',' || strstr(value, ",,"))
		return nh_conf_wrong(p, key, value,
				     "proposals with a comma between two");
	return nh_conf_string(p, key, value);
}

bool nh_conf_ipsec_mode(struct nh_conf_parse *p,
			const struct nh_conf_key *key, const char *value)
{
	if (strcmp(value, "transport") && strcmp(value, "tunnel"))
		return nh_conf_wrong(p, key, value, "transport or tunnel");
	p->conf->ipsec.tunnel = strcmp(value, "tunnel") == 0;
	return true;
}

bool nh_conf_ipsec_idle(struct nh_conf_parse *p,
			const struct nh_conf_key *key, const char *value)
{
	uint32_t v;

	if (!nh_conf_number(p, key, value, &v))
		return false;
	/* So short a pause is part of any conversation. */
	if (v && v < 10)
		return nh_conf_wrong(p, key, value, "0, or 10 and more");
	p->conf->ipsec.idle = v;
	return true;
}

bool nh_conf_ipsec_socket(struct nh_conf_parse *p,
			  const struct nh_conf_key *key, const char *value)
{
	char expected[64];

	if (*value == '/' && strlen(value) <= (size_t)SOCKET_MAX)
		return nh_conf_string(p, key, value);
	snprintf(expected, sizeof(expected),
		 "an absolute path of at most %d characters", SOCKET_MAX);
	return nh_conf_wrong(p, key, value, expected);
}

/* Either of two secrets, or all three of certificates. */
static void check_auth(struct nh_conf_parse *p)
{
	static const char *const names[] = {
		"Secret", "SecretFile", "Certificate", "PrivateKey", "CA",
	};
	enum { CERTS = 2, NAMES = 5 };
	unsigned int line[NAMES];
	int i, first = NAMES;

	for (i = NAMES - 1; i >= 0; i--) {
		line[i] = nh_conf_seen(p, NH_CONF_IPSEC, names[i]);
		if (line[i])
			first = i;
	}
	if (first == NAMES) {
		nh_conf_say(p, p->conf->ipsec.line,
			    "[IPsec]: Secret=, SecretFile=, or Certificate=, PrivateKey= and CA= are missing");
		return;
	}
	for (i = first < CERTS ? first + 1 : CERTS; i < NAMES; i++) {
		if (first < CERTS && line[i])
			nh_conf_say(p, line[i],
				    "[IPsec] %s=: expected one way to authenticate; %s= is given in line %u",
				    names[i], names[first], line[first]);
		else if (first >= CERTS && !line[i])
			nh_conf_say(p, p->conf->ipsec.line,
				    "[IPsec]: %s= is missing", names[i]);
	}
}

void nh_conf_ipsec_finish(struct nh_conf_parse *p)
{
	struct nh_conf_ipsec *ipsec = &p->conf->ipsec;

	if (!ipsec->present)
		return;
	if (!ipsec->socket) {
		ipsec->socket = strdup(SOCKET);
		p->nomem |= !ipsec->socket;
	}
	check_auth(p);
	if (p->conf->protection == DMVPN_PROTECTION_NONE)
		nh_conf_say(p, ipsec->line,
			    "[IPsec]: expected [Tunnel] Protection=required");
}

void nh_conf_ipsec_free(struct nh_conf_ipsec *ipsec)
{
	size_t i;

	drop_secret(ipsec);
	for (i = 0; i < ipsec->nca; i++)
		free(ipsec->ca[i]);
	free(ipsec->cert);
	free(ipsec->key);
	free(ipsec->identity);
	free(ipsec->remote_identity);
	free(ipsec->proposals);
	free(ipsec->esp_proposals);
	free(ipsec->socket);
}

/* NULL, not given, is equal to itself only. */
static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_auth(const struct nh_conf_ipsec *a,
		      const struct nh_conf_ipsec *b)
{
	size_t i;

	if (a->secret_len != b->secret_len || a->nca != b->nca ||
	    !same(a->cert, b->cert) || !same(a->key, b->key) ||
	    !same(a->identity, b->identity) ||
	    !same(a->remote_identity, b->remote_identity))
		return false;
	for (i = 0; i < a->nca; i++)
		if (!same(a->ca[i], b->ca[i]))
			return false;
	return !a->secret_len ||
	       memcmp(a->secret, b->secret, a->secret_len) == 0;
}

bool nh_conf_ipsec_equal(const struct nh_conf *a, const struct nh_conf *b)
{
	const struct nh_conf_ipsec *x = &a->ipsec, *y = &b->ipsec;

	return x->present == y->present && x->version == y->version &&
	       x->tunnel == y->tunnel && x->lifetime == y->lifetime &&
	       x->ike_lifetime == y->ike_lifetime && x->dpd == y->dpd &&
	       x->idle == y->idle && same(x->socket, y->socket) &&
	       same(x->proposals, y->proposals) &&
	       same(x->esp_proposals, y->esp_proposals) && same_auth(x, y);
}
