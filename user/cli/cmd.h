/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands: the table of them, and what they are given to work with. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/arg.h"

struct dmvpn_nl;
struct print;

/**
 * enum cli_exit - exit codes
 * @CLI_OK: done
 * @CLI_REFUSED: the kernel or the daemon refused, or a file is no good
 * @CLI_USAGE: the command line makes no sense
 * @CLI_NOT_FOUND: no such device, entry, peer or file
 * @CLI_NO_SERVICE: no kernel support, or the daemon does not run
 */
enum cli_exit {
	CLI_OK,
	CLI_REFUSED,
	CLI_USAGE,
	CLI_NOT_FOUND,
	CLI_NO_SERVICE,
};

/**
 * struct cli - a command being carried out
 * @out: where results go
 * @err: where complaints go
 * @json: results are wanted as JSON
 * @cmd: the command
 * @args: its arguments
 * @nl: connection to the family "dmvpn", see cli_nl()
 * @route: connection to rtnetlink, see cli_route()
 * @xfrm: connection to the kernel's IPsec, see cli_xfrm()
 */
struct cli {
	FILE *out;
	FILE *err;
	bool json;
	const struct cmd *cmd;
	struct args args;
	struct dmvpn_nl *nl;
	struct dmvpn_nl *route;
	struct dmvpn_nl *xfrm;
};

/**
 * struct cmd - a command
 * @name: its words
 * @args: what it takes
 * @run: does it; enum cli_exit
 * @json: knows -j
 * @hidden: not in the help
 * @doc: what it does, a line in lower case
 */
struct cmd {
	const char *name;
	const struct arg *args;
	int (*run)(struct cli *cli);
	bool json;
	bool hidden;
	const char *doc;
};

/* Each in the file of its name. */
extern const struct cmd cmd_cache_add, cmd_cache_del, cmd_cache_flush;
extern const struct cmd cmd_clear_counters, cmd_clear_ipsec, cmd_clear_nhrp;
extern const struct cmd cmd_clear_nhs, cmd_clear_shortcuts;
extern const struct cmd cmd_complete;
extern const struct cmd cmd_debug;
extern const struct cmd cmd_doctor;
extern const struct cmd cmd_events;
extern const struct cmd cmd_graph;
extern const struct cmd cmd_help, cmd_version;
extern const struct cmd cmd_import_frr, cmd_import_ios;
extern const struct cmd cmd_link_add, cmd_link_set, cmd_link_del, cmd_link_show;
extern const struct cmd cmd_metrics;
extern const struct cmd cmd_monitor;
extern const struct cmd cmd_multicast_add, cmd_multicast_del;
extern const struct cmd cmd_peer_set, cmd_peer_del;
extern const struct cmd cmd_show, cmd_show_ipsec, cmd_show_multicast;
extern const struct cmd cmd_show_nhs, cmd_show_peers, cmd_show_shortcuts;
extern const struct cmd cmd_show_stats;
extern const struct cmd cmd_show_traffic;

/* All commands in the order of the help; ends with NULL. */
extern const struct cmd *const cmd_table[];

/**
 * cmd_find() - the command with most words that @argv begins with
 * @words: set to the number of its words
 *
 * Return: the command; NULL without one.
 */
const struct cmd *cmd_find(int argc, char **argv, int *words);

/** cmd_usage() - write the usage of a command */
void cmd_usage(const struct cmd *cmd, FILE *out);

/**
 * cmd_list() - write the usage of all commands that begin with these words
 * @except: a command to leave out, or NULL
 * @out: NULL only counts
 *
 * Return: their number.
 */
int cmd_list(int argc, char **argv, const struct cmd *except, FILE *out);

/** cmd_next_words() - call @fn for each word that can follow these, once */
void cmd_next_words(int argc, char **argv,
		    void (*fn)(void *arg, const char *word), void *arg);

/** cmd_begins_with() - whether a command's first words are these */
bool cmd_begins_with(const struct cmd *cmd, int argc, char **argv);

/**
 * cli_run() - carry out a command line
 * @argc: number of words without the program's name
 * @argv: the words
 *
 * Return: enum cli_exit.
 */
int cli_run(int argc, char **argv, FILE *out, FILE *err);

/** cli_fail() - write "dmvpn: COMMAND: text"; returns @code */
int cli_fail(struct cli *cli, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** cli_note() - write the same, for what is no failure */
void cli_note(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * cli_refused() - write what a call on @nl has failed of
 * @err: what it returned
 * @what: the thing that it was about, e.g. "peer 192.0.2.1"
 *
 * Return: the exit code that fits @err.
 */
int cli_refused(struct cli *cli, const struct dmvpn_nl *nl, int err,
		const char *what);

/**
 * cli_parse() - find the command of a command line and read its arguments
 * @argc: number of words
 * @argv: the words; options are taken out of them
 *
 * Return: CLI_OK: @cli is ready for its command to run; else an exit code
 * after having said why.
 */
int cli_parse(struct cli *cli, int argc, char **argv);

/** cli_end() - print_end(), and the exit code that fits */
int cli_end(struct cli *cli, struct print *p);

#endif /* CLI_CMD_H */
