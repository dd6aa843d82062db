/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What iproute2 and its plug-ins know of each other. There is no header of it
 * to be installed; the layout is that of iproute2 since 4.20 (2018), and the
 * functions are those that ip exports.
 */
#ifndef DMVPN_IPROUTE2_H
#define DMVPN_IPROUTE2_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * struct link_util - a kind of device, as ip finds it in link_KIND.so
 * @next: for ip
 * @id: the kind
 * @maxattr: highest attribute that @print_opt gets
 * @parse_opt: words behind "type KIND" become attributes; 0 or -1
 * @print_opt: attributes become text or JSON
 * @print_xstats: not used
 * @print_help: usage, for "ip link help KIND"
 * @parse_ifla_xstats: not used
 * @print_ifla_xstats: not used
 */
struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv,
			 struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f,
			     struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv,
			   FILE *f);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *n, void *arg);
};

/* Length that ip's request may grow to. */
#define IPROUTE2_REQUEST_LEN	1024

/* PRINT_ANY: text, or JSON with -j. COLOR_NONE: as it is. */
enum { IPROUTE2_PRINT_ANY = 4, IPROUTE2_COLOR_NONE = 6 };

/*
 * Weak, so that an iproute2 that does not have them loads the plug-in and is
 * told so, rather than ending in the dynamic linker.
 */
#define IPROUTE2_PRINT(name, type) \
	extern int print_color_##name(int output, int color, const char *key, \
				      const char *fmt, type value) \
		__attribute__((weak))

IPROUTE2_PRINT(string, const char *);
IPROUTE2_PRINT(uint, unsigned int);
IPROUTE2_PRINT(on_off, bool);

#undef IPROUTE2_PRINT

/** iproute2_known() - whether this iproute2 has what a plug-in needs */
static inline bool iproute2_known(void)
{
	return print_color_string && print_color_uint && print_color_on_off;
}

#endif /* DMVPN_IPROUTE2_H */
