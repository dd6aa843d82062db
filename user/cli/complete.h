/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may come next on a command line. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

struct cli;

/**
 * complete_words() - write what the last word may become, one a line
 * @argc: number of words, without the program's name
 * @argv: the words; the last one is the beginning of the word wanted, or ""
 *
 * Says nothing about failures: without the kernel's answer there is just less
 * to offer.
 */
void complete_words(struct cli *cli, int argc, char **argv);

#endif /* CLI_COMPLETE_H */
