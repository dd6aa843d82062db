// SPDX-License-Identifier: GPL-2.0-or-later
/* Gathering of what "dmvpn doctor" looks at: who may read the secrets. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor_facts.h"
#include "cli/doctor_gather.h"

#define SUFFIX		".conf"
#define OTHERS		(S_IRWXG | S_IRWXO)

/**
 * struct scan - where the reading of a configuration file is
 * @facts: where it goes to
 * @file: the configuration
 * @secret: the file has a secret in it
 * @nomem: memory ran out
 */
struct scan {
	struct doctor_facts *facts;
	FILE *file;
	bool secret;
	bool nomem;
};

/* The first that cannot be looked at is told. */
static void failed(struct doctor_facts *facts, int err)
{
	if (!facts->secrets)
		facts->secrets = err;
}

/* Two devices may have one key. */
static bool is_known(const struct doctor_facts *facts, const char *path)
{
	size_t i;

	for (i = 0; i < facts->n_open; i++)
		if (!strcmp(facts->open[i], path))
			return true;
	return false;
}

static void see(struct scan *scan, const char *path, const struct stat *st)
{
	struct doctor_facts *facts = scan->facts;
	char **list, *copy;

	if (!(st->st_mode & OTHERS) || is_known(facts, path))
		return;
	copy = strdup(path);
	list = copy ? realloc(facts->open, (facts->n_open + 1) *
						   sizeof(*list)) : NULL;
	if (!list) {
		free(copy);
		scan->nomem = true;
		return;
	}
	facts->open = list;
	list[facts->n_open++] = copy;
}

/* A relative path starts where the configuration file is. */
static void see_named(struct scan *scan, const char *value)
{
	struct stat st;
	char *path;
	int n;

	if (*value == '/')
		n = asprintf(&path, "%s", value);
	else
		n = asprintf(&path, "%s/%s", scan->facts->config_dir, value);
	if (n < 0) {
		scan->nomem = true;
		return;
	}
	if (stat(path, &st))
		failed(scan->facts, -errno);
	else
		see(scan, path, &st);
	free(path);
}

static int on_key(void *arg, const char *section, const char *name,
		  const char *value)
{
	bool ipsec = !strcmp(section, "IPsec");
	struct scan *scan = arg;

	if (!value || !*value)
		return 1;
	if ((ipsec && !strcmp(name, "Secret")) ||
	    (!strcmp(section, "NHRP") && !strcmp(name, "Authentication")))
		scan->secret = true;
	else if (ipsec && (!strcmp(name, "SecretFile") ||
			   !strcmp(name, "PrivateKey")))
		see_named(scan, value);
	return 1;
}

/* libinih takes a line with a blank in front for more of the one before it. */
static char *read_line(char *line, int size, void *arg)
{
	struct scan *scan = arg;
	char *start;

	if (!fgets(line, size, scan->file))
		return NULL;
	start = line + strspn(line, " \t");
	memmove(line, start, strlen(start) + 1);
	return line;
}

/* Without waiting for what is a pipe. */
static FILE *open_file(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	FILE *file = NULL;

	if (fd >= 0 && !fstat(fd, st))
		file = fdopen(fd, "r");
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static void see_file(struct scan *scan, const char *name)
{
	struct stat st;
	char *path;

	if (asprintf(&path, "%s/%s", scan->facts->config_dir, name) < 0) {
		scan->nomem = true;
		return;
	}
	scan->secret = false;
	scan->file = open_file(path, &st);
	if (scan->file) {
		ini_parse_stream(read_line, scan, on_key, scan);
		fclose(scan->file);
	} else {
		failed(scan->facts, -errno);
	}
	if (scan->secret)
		see(scan, path, &st);
	free(path);
}

/* Those that dmvpnd reads. */
static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > strlen(SUFFIX) &&
	       !strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX);
}

int doctor_gather_secrets(struct doctor_facts *facts)
{
	struct scan scan = { .facts = facts };
	struct dirent **list;
	int i, n;

	n = scandir(facts->config_dir, &list, is_conf, alphasort);
	if (n < 0) {
		failed(facts, -errno);
		return 0;
	}
	for (i = 0; i < n; i++) {
		see_file(&scan, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return scan.nomem ? -ENOMEM : 0;
}
