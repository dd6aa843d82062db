/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments: tables say what a command takes; usage and parser read them. */
#ifndef CLI_ARG_H
#define CLI_ARG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

/* Most arguments in a table. */
#define ARGS_MAX	32

/* Room for what arg_parse() says. */
#define ARG_ERROR_LEN	320

/**
 * enum arg_kind - what a value is
 * @ARG_FLAG: no value, the name says all
 * @ARG_NUMBER: a number from min to max
 * @ARG_WORD: only one of the words
 * @ARG_ADDR: an IPv4 or IPv6 address
 * @ARG_ADDRS: the same; may be given once for each family
 * @ARG_PREFIX: an address block
 * @ARG_IFNAME: name of a network device, which may exist or not
 * @ARG_PATH: a path
 * @ARG_TEXT: any text; as a last positional one may be given many times
 */
enum arg_kind {
	ARG_FLAG,
	ARG_NUMBER,
	ARG_WORD,
	ARG_ADDR,
	ARG_ADDRS,
	ARG_PREFIX,
	ARG_IFNAME,
	ARG_PATH,
	ARG_TEXT,
};

/**
 * enum arg_offer - what exists and could be completed to
 * @OFFER_NONE: nothing
 * @OFFER_DMVPN: network devices of kind dmvpn
 * @OFFER_DEVICE: all network devices
 * @OFFER_PEER: NBMA addresses of peers
 * @OFFER_PREFIX: prefixes of cache entries
 * @OFFER_COMMAND: names of commands
 * @OFFER_FILE: paths, which shells know better
 */
enum arg_offer {
	OFFER_NONE,
	OFFER_DMVPN,
	OFFER_DEVICE,
	OFFER_PEER,
	OFFER_PREFIX,
	OFFER_COMMAND,
	OFFER_FILE,
};

/**
 * struct arg_word - a word that stands for a number
 * @name: NULL ends a list of words
 * @value: the number
 */
struct arg_word {
	const char *name;
	uint32_t value;
};

extern const struct arg_word arg_onoff[];

/**
 * struct arg - an argument of a command
 * @name: the word in front of its value; for a positional argument the
 *        value's name in capitals
 * @kind: enum arg_kind
 * @positional: known by its place; these come first in a table
 * @needed: the command does not do without
 * @value: name of the value in the usage; NULL: that of the kind
 * @min: least number
 * @max: greatest number
 * @words: the words of ARG_WORD; of another kind those that may stand for
 *         a value; or NULL
 * @offer: enum arg_offer
 * @doc: what it means, a line in lower case
 */
struct arg {
	const char *name;
	uint8_t kind;
	bool positional;
	bool needed;
	const char *value;
	uint64_t min;
	uint64_t max;
	const struct arg_word *words;
	uint8_t offer;
	const char *doc;
};

/**
 * struct arg_value - what was given for an argument
 * @set: something was
 * @word: the word, if one of the table's was given
 * @number: the number, or that of the word
 * @addr: the address; of ARG_ADDRS the IPv4 one
 * @addr6: of ARG_ADDRS the IPv6 one
 * @prefix: the address block
 * @text: the text as it was given
 */
struct arg_value {
	bool set;
	const char *word;
	uint64_t number;
	struct nh_addr addr;
	struct nh_addr addr6;
	struct nh_prefix prefix;
	const char *text;
};

/**
 * struct args - the arguments of a command line
 * @v: by the index of the argument in its table
 * @rest: of a last positional ARG_TEXT, all that was given
 * @n_rest: their number
 */
struct args {
	struct arg_value v[ARGS_MAX];
	char **rest;
	int n_rest;
};

/**
 * arg_parse() - read the words after a command's name
 * @table: arguments, a NULL name ends it
 * @args: set on success
 * @error: receives, on failure, the argument and what is wrong with it
 *
 * Return: 0, or -EINVAL.
 */
int arg_parse(const struct arg *table, int argc, char **argv,
	      struct args *args, char error[ARG_ERROR_LEN]);

/** arg_usage() - an argument as the usage shows it: "[key N|none]" */
void arg_usage(const struct arg *arg, char *buf, size_t size);

/** arg_expected() - what a value must be: "a number 0..255 or inherit" */
void arg_expected(const struct arg *arg, char *buf, size_t size);

/** arg_find() - the argument named @name that is not positional, or NULL */
const struct arg *arg_find(const struct arg *table, const char *name);

/** arg_word_name() - the word for @value, or NULL */
const char *arg_word_name(const struct arg_word *words, uint32_t value);

#endif /* CLI_ARG_H */
