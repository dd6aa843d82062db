// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing: what has become of each line, for people and as JSON. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import_tunnel.h"
#include "cli/print.h"

/* Room for a line as it is shown. */
#define SHOWN	(IMPORT_LINE + 32)

static const char *const classes[] = {
	[IMPORT_OPEN] = "ignored",
	[IMPORT_USED] = "used",
	[IMPORT_IGNORED] = "ignored",
	[IMPORT_LEFT] = "not-translated",
};

/* The first word at @at and its length; NULL behind the last one. */
static const char *word_at(const char *at, size_t *len)
{
	at += strspn(at, " ");
	*len = strcspn(at, " ");
	return *len ? at : NULL;
}

static bool is_word(const char *word, size_t len, const char *text)
{
	return strlen(text) == len && !memcmp(word, text, len);
}

/* Words that a secret comes behind, somewhere in the rest of the line. */
static bool is_secretive(const char *word, size_t len)
{
	static const char *const words[] = {
		"authentication", "authentication-key", "community", "key",
		"key-string", "md5", "message-digest-key", "password",
		"pre-shared-key", "secret", "sha", "auth", "priv",
		"snmp-server", "wpa-psk", "passphrase", "shared-secret",
		"encryption", "sha1", "area-password", "domain-password",
		"session-key", "psk",
	};
	static const char *const ends[] = {
		"-key", "-auth", "-secret", "-password", "md5",
	};
	size_t i, n;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_word(word, len, words[i]))
			return true;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		n = strlen(ends[i]);
		if (len > n && !memcmp(word + len - n, ends[i], n))
			return true;
	}
	return false;
}

/* Lines that have such a word and no secret. */
static bool is_harmless(const char *text)
{
	static const char *const begins[] = {
		"tunnel key", "authentication pre-share",
		"authentication rsa-sig", "authentication rsa-encr",
		"authentication ecdsa-sig", "authentication local pre-share",
		"authentication remote pre-share",
		"authentication local rsa-sig",
		"authentication remote rsa-sig", "hash", "integrity", "prf",
		"encryption", "aaa authentication",
	};
	const char *word = NULL;
	size_t i, len;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]) && !word; i++) {
		len = strlen(begins[i]);
		if (!strncmp(text, begins[i], len) &&
		    (text[len] == ' ' || !text[len]))
			word = text + len;
	}
	if (!word)
		return false;
	while ((word = word_at(word, &len))) {
		if (is_word(word, len, "key"))
			return false;
		word += len;
	}
	return true;
}

/* A line without what may be a secret, and with "?" for what is no ASCII. */
static const char *shown(const struct import_line *l, char *out)
{
	const char *word;
	size_t len;
	char *c;

	snprintf(out, SHOWN, "%s", l->text);
	for (c = out; *c; c++)
		if (*c == '\t' || *c == '\r')
			*c = ' ';
		else if (*c < ' ' || *c > '~')
			*c = '?';
	/* An address of a file may have a password in it. */
	c = strstr(out, "://");
	if (c)
		snprintf(c, SHOWN - (size_t)(c - out),
			 "://(not shown)");
	if (is_harmless(out))
		return out;
	for (word = out; (word = word_at(word, &len)); word += len) {
		if (!is_secretive(word, len) || !word[len])
			continue;
		len += (size_t)(word - out);
		snprintf(out + len, SHOWN - len, " (not shown)");
		break;
	}
	return out;
}

static void report_line(const struct import *in, const struct import_line *l,
			FILE *out)
{
	char text[SHOWN];

	fprintf(out, "%s:%u: %s: %s", in->file, l->number, classes[l->class],
		shown(l, text));
	if (l->what[0])
		fprintf(out, "%s%s", l->class == IMPORT_USED ? " -> " : ": ",
			l->what);
	if (l->instead[0])
		fprintf(out, "; instead: %s", l->instead);
	fputc('\n', out);
}

void import_report(const struct import *in, FILE *out)
{
	unsigned int count[IMPORT_LEFT + 1] = { 0 };
	size_t i;

	for (i = 0; i < in->nline; i++) {
		report_line(in, &in->line[i], out);
		count[in->line[i].class]++;
	}
	for (i = 0; i < in->nnote; i++)
		fprintf(out, "%s: %s%s%s\n", in->file, in->note[i].device,
			in->note[i].device[0] ? ": " : "", in->note[i].text);
	fprintf(out,
		"%s: lines: %u used, %u ignored, %u not translated; devices: %zu\n",
		in->file, count[IMPORT_USED],
		count[IMPORT_IGNORED] + count[IMPORT_OPEN],
		count[IMPORT_LEFT], in->ntunnel);
}

/* 0, or -1 without memory. */
static int add(struct json_object *o, const char *key, struct json_object *v)
{
	if (v && !json_object_object_add(o, key, v))
		return 0;
	json_object_put(v);
	return -1;
}

static int add_text(struct json_object *o, const char *key, const char *text)
{
	return add(o, key, print_json_text(text));
}

/* An empty text is not there. */
static int add_some(struct json_object *o, const char *key, const char *text)
{
	return *text ? add_text(o, key, text) : 0;
}

/* Takes @o even if it fails. */
static int append(struct json_object *list, struct json_object *o, int err)
{
	if (!err && o && !json_object_array_add(list, o))
		return 0;
	json_object_put(o);
	return -1;
}

static int append_line(struct json_object *list, const struct import_line *l)
{
	struct json_object *o = json_object_new_object();
	char text[SHOWN];
	int err;

	if (!o)
		return -1;
	err = add(o, "line", json_object_new_int64(l->number)) |
	      add_text(o, "text", shown(l, text)) |
	      add_text(o, "class", classes[l->class]) |
	      add_some(o, "device", l->device) |
	      add_some(o, l->class == IMPORT_USED ? "key" : "reason",
		       l->what) |
	      add_some(o, "instead", l->instead);
	return append(list, o, err);
}

static int append_tunnel(struct json_object *list,
			 const struct import_tunnel *t)
{
	struct json_object *o = json_object_new_object();
	char file[IFNAMSIZ + 8], *text = NULL;
	size_t size;
	FILE *f;
	int err;

	f = open_memstream(&text, &size);
	if (!f || !o) {
		if (f)
			fclose(f);
		free(text);
		json_object_put(o);
		return -1;
	}
	import_write(t, f);
	err = fclose(f) ? -1 : 0;
	snprintf(file, sizeof(file), "%s.conf", t->device);
	if (!err)
		err = add_text(o, "device", t->device) |
		      add_text(o, "file", file) |
		      add_text(o, "text", text);
	free(text);
	return append(list, o, err);
}

static int append_note(struct json_object *list, const struct import_note *n)
{
	struct json_object *o = json_object_new_object();

	return append(list, o, o ? add_some(o, "device", n->device) |
		      add_text(o, "text", n->text) : -1);
}

static int fill(const struct import *in, struct json_object *tunnels,
		struct json_object *lines, struct json_object *notes)
{
	int err = 0;
	size_t i;

	for (i = 0; i < in->ntunnel && !err; i++)
		err = append_tunnel(tunnels, in->tunnel[i]);
	for (i = 0; i < in->nline && !err; i++)
		err = append_line(lines, &in->line[i]);
	for (i = 0; i < in->nnote && !err; i++)
		err = append_note(notes, &in->note[i]);
	return err;
}

int import_json(const struct import *in, FILE *out)
{
	struct json_object *o = json_object_new_object();
	struct json_object *tunnels = json_object_new_array();
	struct json_object *lines = json_object_new_array();
	struct json_object *notes = json_object_new_array();
	int err = -1;

	if (o && tunnels && lines && notes)
		err = fill(in, tunnels, lines, notes);
	/* Each of these takes its last argument, whatever comes of it. */
	if (o)
		err |= add(o, "configurations", tunnels) |
		       add(o, "lines", lines) | add(o, "notes", notes);
	if (!err && fprintf(out, "%s\n", json_object_to_json_string_ext(
			o, JSON_C_TO_STRING_PLAIN |
			JSON_C_TO_STRING_NOSLASHESCAPE)) < 0)
		err = -1;
	json_object_put(o);
	return err;
}
