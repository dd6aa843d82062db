// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as lines, in plain words or in JSON. */
#include "cli/monitor.h"

#include <stdio.h>
#include <time.h>

#include "cli/names.h"
#include "cli/print.h"
#include "cli/relay.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_event.h"

/* Upcalls go to the daemon alone, so they have no words here. */
static const char *words_of(enum dmvpn_event_type type)
{
	switch (type) {
	case DMVPN_EVENT_DEV_CHANGE:
		return "device changed";
	case DMVPN_EVENT_PEER_CHANGE:
		return "peer changed";
	case DMVPN_EVENT_PEER_GONE:
		return "peer removed";
	case DMVPN_EVENT_ENTRY_CHANGE:
		return "entry set";
	case DMVPN_EVENT_ENTRY_REFRESH:
		return "entry to be renewed";
	case DMVPN_EVENT_ENTRY_EXPIRED:
		return "entry expired";
	case DMVPN_EVENT_ENTRY_GONE:
		return "entry removed";
	default:
		return dmvpn_event_name(type);
	}
}

static void print_time(struct print *p, uint64_t now_ms)
{
	time_t seconds = now_ms / 1000;
	char text[16], clock[32];
	struct tm tm;

	print_number(p, "time_ms", NULL, now_ms);
	localtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	snprintf(clock, sizeof(clock), "%s.%03u", text,
		 (unsigned int)(now_ms % 1000));
	print_text(p, NULL, "", clock);
}

static void print_dev(struct print *p, const struct dmvpn_nl_dev *dev)
{
	print_addr(p, "local4", "local", &dev->local4);
	if (nh_addr_is_set(&dev->local6))
		print_addr(p, "local6", "and", &dev->local6);
	print_number_or(p, "owner", "owner", dev->owner,
			dev->owner ? NULL : "none");
}

/* Of what is gone, text leaves out where it stood last; JSON has it all. */
static void print_peer(struct print *p, const struct dmvpn_nl_peer *peer,
		       bool gone)
{
	print_addr(p, "nbma", "", &peer->nbma);
	if (peer->if_id)
		print_number(p, "if_id", "if-id", peer->if_id);
	if (DMVPN_NL_HAS(peer, DMVPN_A_PEER_STATE))
		print_text(p, "state", gone ? NULL : "state",
			   names_of(names_peer_state, peer->state));
	if (DMVPN_NL_HAS(peer, DMVPN_A_PEER_FLAGS))
		print_flags(p, "flags", peer->flags ? "flags" : NULL,
			    peer->flags, names_peer_flags, NAMES_PEER_FLAGS);
	print_onoff(p, "multicast", peer->mcast ? "multicast" : NULL,
		    peer->mcast);
}

static void print_entry(struct print *p, const struct dmvpn_nl_entry *e,
			bool gone)
{
	char state[RELAY_STATE_LEN];

	print_prefix(p, "prefix", "", &e->prefix);
	if (nh_addr_is_set(&e->nbma))
		print_addr(p, "nbma", "nbma", &e->nbma);
	if (e->if_id)
		print_number(p, "if_id", "if-id", e->if_id);
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_TYPE))
		print_text(p, "type", "type",
			   names_of(names_entry_type, e->type));
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_PATH))
		print_text(p, "state", gone ? NULL : "state",
			   relay_state(NULL, e, state));
	print_number(p, "holding_time", NULL, e->holding_time);
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_EXPIRES))
		print_duration(p, "expires_ms", gone ? NULL : "expires in",
			       e->expires);
	if (e->flags)
		print_flags(p, "flags", "flags", e->flags, names_entry_flags,
			    NAMES_ENTRY_FLAGS);
}

static void begin(struct print *p, uint64_t now_ms)
{
	print_row(p);
	print_time(p, now_ms);
}

void monitor_print(struct print *p, const struct dmvpn_event *ev,
		   uint64_t now_ms)
{
	char name[IFNAMSIZ];

	begin(p, now_ms);
	print_text(p, "ifname", "", cli_ifname(ev->ifindex, name));
	print_word(p, "event", "", dmvpn_event_name(ev->type),
		   words_of(ev->type));
	switch (ev->type) {
	case DMVPN_EVENT_DEV_CHANGE:
		print_dev(p, &ev->dev);
		break;
	case DMVPN_EVENT_PEER_CHANGE:
	case DMVPN_EVENT_PEER_GONE:
		print_peer(p, &ev->peer, ev->type == DMVPN_EVENT_PEER_GONE);
		break;
	case DMVPN_EVENT_ENTRY_CHANGE:
	case DMVPN_EVENT_ENTRY_REFRESH:
	case DMVPN_EVENT_ENTRY_EXPIRED:
	case DMVPN_EVENT_ENTRY_GONE:
		print_entry(p, &ev->entry,
			    ev->type == DMVPN_EVENT_ENTRY_EXPIRED ||
			    ev->type == DMVPN_EVENT_ENTRY_GONE);
		break;
	default:
		break;
	}
}

void monitor_lost(struct print *p, uint64_t now_ms)
{
	begin(p, now_ms);
	print_word(p, "event", "", "lost",
		   "events were lost: the kernel was faster than this command");
}
