/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A netlink connection: to family "dmvpn", to rtnetlink, or to xfrm. */
#ifndef DMVPN_NL_H
#define DMVPN_NL_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct dmvpn_nl - a connection
 *
 * Calls on one connection must not run at the same time. There is no other
 * state: any number of connections may be open. All calls wait for the kernel's
 * answer, which comes at once; only dmvpn_nl_event_read() never waits.
 *
 * Errors are negative errno values: the kernel's own, or
 * -EPROTO for an answer that makes no sense,
 * -ETIMEDOUT for an answer that does not come,
 * -ENOBUFS for an answer lost among events, see dmvpn_nl_event_open(),
 * -EINVAL for a request that cannot be put into a message.
 * The text of the last failure is kept, see dmvpn_nl_error().
 */
struct dmvpn_nl;

/**
 * dmvpn_nl_new() - make a connection that is not open yet
 *
 * Return: the connection, to be given to dmvpn_nl_free(); NULL without memory.
 */
struct dmvpn_nl *dmvpn_nl_new(void);

/** dmvpn_nl_free() - close and free; gives up ownership of bound devices */
void dmvpn_nl_free(struct dmvpn_nl *nl);

/**
 * dmvpn_nl_open() - connect to the generic netlink family "dmvpn"
 *
 * Return: 0; -EOPNOTSUPP when the kernel has no such family (the module is not
 * loaded and cannot be).
 */
int dmvpn_nl_open(struct dmvpn_nl *nl);

/**
 * dmvpn_nl_family_version() - which version of the family the kernel has
 *
 * Ours is DMVPN_FAMILY_VERSION. Needs no connection.
 *
 * Return: the version; -EOPNOTSUPP when the kernel has no such family; another
 * negative errno.
 */
int dmvpn_nl_family_version(void);

/** dmvpn_nl_open_route() - connect to rtnetlink, for link.h, inet.h, route.h */
int dmvpn_nl_open_route(struct dmvpn_nl *nl);

/**
 * dmvpn_nl_open_xfrm() - connect to the kernel's IPsec, for sa.h
 *
 * What the kernel sends on this connection holds keys: the library wipes the
 * memory that it was received in.
 *
 * Return: 0; -EPROTONOSUPPORT when the kernel has no such interface.
 */
int dmvpn_nl_open_xfrm(struct dmvpn_nl *nl);

/**
 * dmvpn_nl_error() - what went wrong in the last call that failed
 *
 * Return: the kernel's own words where it gave some, else those of the errno;
 * "" when nothing has failed. Valid until the next call on the connection.
 */
const char *dmvpn_nl_error(const struct dmvpn_nl *nl);

/**
 * DMVPN_NL_BIT() - bit of an attribute in a "present" mask
 *
 * Each object has such a mask. In an object that was parsed, the bit says that
 * the attribute was there. In an object to be sent, a field goes along if its
 * bit is set or if it is not zero; the bit is needed to send a zero.
 */
#define DMVPN_NL_BIT(attr)	(1ULL << (attr))

/** DMVPN_NL_HAS() - whether @obj was given attribute @attr */
#define DMVPN_NL_HAS(obj, attr)	(!!((obj)->present & DMVPN_NL_BIT(attr)))

/**
 * DMVPN_NL_CHANGED - a dump met changes to the end
 *
 * Returned by dumps in place of 0 when the table changed during each of the
 * bounded number of tries. The list is then the one of the last try: each
 * object in it is right, but one may be missing or be there twice.
 */
#define DMVPN_NL_CHANGED	1

#endif /* DMVPN_NL_H */
