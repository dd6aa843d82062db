// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading configuration files: lines, sections, directories. */
#include "daemon/conf.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <linux/dmvpn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/conf_ipsec.h"
#include "daemon/conf_parse.h"
#include "daemon/conf_peers.h"

#define LINE_MAX_	200	/* libinih's own buffer */
#define SUFFIX		".conf"

void nh_conf_say(struct nh_conf_parse *p, unsigned int line,
		 const char *fmt, ...)
{
	char what[512], text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (line)
		snprintf(text, sizeof(text), "%s:%u: %s", p->path, line, what);
	else
		snprintf(text, sizeof(text), "%s: %s", p->path, what);
	p->errors++;
	p->report(p->arg, text);
}

/* Looks at a line before libinih does, which tells neither its number nor
 * that a section begins again.
 */
static void inspect(struct nh_conf_parse *p, char *line)
{
	char *end;

	if (!*line || *line == ';' || *line == '#')
		return;
	if (*line != '[') {
		if (!strpbrk(line, "=:"))
			nh_conf_say(p, p->line,
				    "expected KEY=VALUE or [SECTION]");
		return;
	}
	end = strchr(line, ']');
	if (!end) {
		nh_conf_say(p, p->line, "expected ] behind the section");
		p->section = NH_CONF_UNKNOWN;
		return;
	}
	*end = '\0';
	nh_conf_section_begin(p, line + 1);
	*end = ']';
}

/* ini_reader: fgets() that counts, trims, and refuses what libinih would cut. */
static char *read_line(char *buf, int size, void *arg)
{
	struct nh_conf_parse *p = arg;
	char *line = NULL, *start;
	size_t cap = 0;
	ssize_t len;

	len = getline(&line, &cap, p->file);
	if (len < 0) {
		free(line);
		return NULL;
	}
	p->line++;
	start = line + strspn(line, " \t");
	len -= start - line;
	while (len && strchr("\r\n \t", start[len - 1]) && start[len - 1])
		start[--len] = '\0';
	if (strlen(start) != (size_t)len) {
		nh_conf_say(p, p->line, "the line contains a NUL octet");
		*start = '\0';
	} else if (len + 2 > size || len >= LINE_MAX_ - 2) {
		nh_conf_say(p, p->line, "the line is longer than %d characters",
			    LINE_MAX_ - 3);
		*start = '\0';
	}
	inspect(p, start);
	snprintf(buf, (size_t)size, "%s\n", start);
	free(line);
	return buf;
}

static int on_key(void *arg, const char *section, const char *name,
		  const char *value)
{
	(void)section;
	nh_conf_key(arg, name, value ? value : "");
	return 1;
}

static struct nh_conf *conf_new(const char *path)
{
	struct nh_conf *conf = calloc(1, sizeof(*conf));

	if (!conf)
		return NULL;
	conf->file = strdup(path);
	if (!conf->file) {
		free(conf);
		return NULL;
	}
	conf->ttl = 255;
	conf->protection = DMVPN_PROTECTION_REQUIRED;
	conf->df = DMVPN_DF_SET;
	conf->hold_queue = -1;
	conf->upcall_rate = -1;
	conf->max_peers = -1;
	conf->max_entries = -1;
	conf->max_mcast = -1;
	conf->holdtime = 600;
	conf->unique = true;
	conf->link_local = true;
	conf->max_registrations = NH_CONF_REGISTRATIONS;
	conf->shortcut = true;
	conf->nat = true;
	return conf;
}

int nh_conf_read(struct nh_conf **conf, const char *path, FILE *file,
		 nh_conf_report report, void *arg)
{
	struct nh_conf_parse p = {
		.file = file,
		.path = path,
		.report = report,
		.arg = arg,
	};

	p.conf = conf_new(path);
	if (!p.conf)
		return -ENOMEM;
	if (ini_parse_stream(read_line, &p, on_key, &p) < 0)
		p.nomem = true;
	if (ferror(file))
		nh_conf_say(&p, 0, "cannot be read");
	nh_conf_section_end(&p);
	if (!p.errors)
		nh_conf_finish(&p);
	if (p.errors || p.nomem) {
		nh_conf_free(p.conf);
		return p.nomem ? -ENOMEM : -EINVAL;
	}
	*conf = p.conf;
	return 0;
}

void nh_conf_free(struct nh_conf *conf)
{
	if (!conf)
		return;
	explicit_bzero(&conf->auth, sizeof(conf->auth));
	nh_conf_ipsec_free(&conf->ipsec);
	nh_conf_peers_free(conf);
	free(conf->map);
	free(conf->file);
	free(conf);
}

static int has_suffix(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > strlen(SUFFIX) &&
	       strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) == 0;
}

__attribute__((format(printf, 3, 4)))
static int tell(nh_conf_report report, void *arg, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	report(arg, text);
	return -EINVAL;
}

static int load_file(struct nh_conf_set *set, const char *path,
		     nh_conf_report report, void *arg)
{
	struct nh_conf *conf;
	size_t i;
	FILE *file;
	int err;

	file = fopen(path, "re");
	if (!file)
		return tell(report, arg, "%s: %s", path, strerror(errno));
	err = nh_conf_read(&conf, path, file, report, arg);
	fclose(file);
	if (err)
		return err;
	for (i = 0; i < set->n; i++) {
		if (strcmp(set->conf[i]->name, conf->name) == 0) {
			err = tell(report, arg,
				   "%s: device %s is configured by %s already",
				   path, conf->name, set->conf[i]->file);
			nh_conf_free(conf);
			return err;
		}
	}
	set->conf[set->n++] = conf;
	return 0;
}

/* Goes on after an error, so that one run shows all of them. */
static int load_list(struct nh_conf_set *set, const char *dir,
		     struct dirent **list, int n, nh_conf_report report,
		     void *arg)
{
	int i, one, err = 0;
	char *path;

	set->conf = calloc((size_t)n, sizeof(struct nh_conf *));
	if (!set->conf)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		if (asprintf(&path, "%s/%s", dir, list[i]->d_name) < 0)
			return -ENOMEM;
		one = load_file(set, path, report, arg);
		free(path);
		if (one)
			err = one;
	}
	return err;
}

int nh_conf_load(struct nh_conf_set *set, const char *dir,
		 nh_conf_report report, void *arg)
{
	struct dirent **list;
	int i, n, err;

	*set = (struct nh_conf_set){ 0 };
	n = scandir(dir, &list, has_suffix, alphasort);
	if (n < 0)
		return tell(report, arg, "%s: %s", dir, strerror(errno));
	if (n)
		err = load_list(set, dir, list, n, report, arg);
	else
		err = tell(report, arg, "%s: no file *" SUFFIX " in it", dir);
	for (i = 0; i < n; i++)
		free(list[i]);
	free(list);
	if (err)
		nh_conf_set_free(set);
	return err;
}

void nh_conf_set_free(struct nh_conf_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		nh_conf_free(set->conf[i]);
	free(set->conf);
	*set = (struct nh_conf_set){ 0 };
}

const struct nh_conf_addr *nh_conf_proto(const struct nh_conf *conf,
					 uint8_t family)
{
	size_t i;

	for (i = 0; i < conf->naddr; i++)
		if (conf->addr[i].addr.family == family &&
		    !nh_addr_is_linklocal6(&conf->addr[i].addr))
			return &conf->addr[i];
	return NULL;
}

const struct nh_conf_addr *nh_conf_link_local(const struct nh_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->naddr; i++)
		if (nh_addr_is_linklocal6(&conf->addr[i].addr))
			return &conf->addr[i];
	return NULL;
}

bool nh_conf_touches(const struct nh_conf *conf, const struct nh_prefix *prefix)
{
	struct nh_prefix subnet;
	size_t i;

	for (i = 0; i < conf->naddr; i++) {
		nh_prefix_make(&subnet, &conf->addr[i].addr,
			       conf->addr[i].plen);
		if (nh_prefix_covers(&subnet, prefix) ||
		    nh_prefix_covers(prefix, &subnet))
			return true;
	}
	return false;
}

bool nh_conf_is_own(const struct nh_conf *conf, const struct nh_addr *addr)
{
	size_t i;

	for (i = 0; i < conf->naddr; i++)
		if (nh_addr_equal(&conf->addr[i].addr, addr))
			return true;
	return false;
}

bool nh_conf_has_nhs(const struct nh_conf *conf, const struct nh_prefix *prefix)
{
	size_t i;

	for (i = 0; i < conf->nnhs; i++)
		if (nh_prefix_is_host(prefix) &&
		    nh_addr_equal(&conf->nhs[i].proto, &prefix->addr))
			return true;
	return false;
}
