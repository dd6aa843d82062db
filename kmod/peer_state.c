// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a peer can be sent to. That follows from its security associations,
 * of which packets and the key manager hook bring news; who is to know, hears
 * it from the kick work.
 *
 * Who answers an IKE exchange has its security associations before the other
 * end can use them. So a peer that has just been secured is left to the relay
 * until it is heard of by them, or until it had the time that an exchange takes.
 * Both ends may begin at once: then two exchanges cross, and the pair of the
 * second one takes the place of the first, which is in use already. Key managers
 * add the association from the peer before the one to it: until both are there,
 * packets go by the pair before, and that the peer was heard of by the new one
 * says nothing of that.
 */
#include "peer.h"

#include <linux/jiffies.h>

#include "compat/compat.h"
#include "dmvpn.h"
#include "hold.h"
#include "netlink.h"
#include "trace.h"
#include "xfrm.h"

/**
 * dmvpn_peer_set_state() - note a peer's state
 * @peer: peer
 * @state: enum dmvpn_peer_state
 *
 * Who wants to know is told by the kick work, as this runs in packets too.
 * There are two who note it, packets and that work, without a lock: the one may
 * find a peer secured while the other, who looked before, writes that it is not.
 * So nothing but its own end is the end of the time to settle: whoever comes
 * last, a peer that is called secured has it.
 *
 * Context: RCU read side or the device's lock.
 */
void dmvpn_peer_set_state(struct dmvpn_peer *peer, u8 state)
{
	if (READ_ONCE(peer->state) == state)
		return;
	WRITE_ONCE(peer->secured, jiffies);
	if (state == DMVPN_PEER_STATE_SECURED)
		WRITE_ONCE(peer->settle, (jiffies + DMVPN_SETTLE) | 1);
	else if (state == DMVPN_PEER_STATE_CLEAR)
		WRITE_ONCE(peer->settle, 0);
	/* Pairs with dmvpn_tx_ready(). */
	smp_store_release(&peer->state, state);
	trace_dmvpn_peer_state(peer->ddev->dev, &peer->key.nbma, state);
	dmvpn_peer_kick(peer, false);
}

/**
 * dmvpn_peer_found() - there is a way to a peer that packets may take
 * @conf: configuration of its device
 * @peer: peer
 *
 * Context: RCU read side or the device's lock.
 */
void dmvpn_peer_found(const struct dmvpn_conf *conf, struct dmvpn_peer *peer)
{
	dmvpn_peer_set_state(peer, conf->required ? DMVPN_PEER_STATE_SECURED :
						    DMVPN_PEER_STATE_CLEAR);
}

static void dmvpn_peer_ready(struct dmvpn_peer *peer)
{
	WRITE_ONCE(peer->settle, 0);
	dmvpn_hold_flush(peer->ddev);
}

/**
 * dmvpn_peer_heard() - a packet came from the peer by its security association
 * @peer: peer
 * @spi: of the association, network byte order
 *
 * If it is the newest one, and the one to the peer is there as well, the other
 * end has the pair that packets go by, and may be sent to.
 *
 * Context: RCU read side; any.
 */
void dmvpn_peer_heard(struct dmvpn_peer *peer, __be32 spi)
{
	__be32 newest;

	if (likely(!READ_ONCE(peer->settle)))
		return;
	if (atomic_read(&peer->unpaired))
		return;
	newest = READ_ONCE(peer->in_spi);
	if (!newest || newest == spi)
		dmvpn_peer_ready(peer);
}

/**
 * dmvpn_peer_sa_added() - there is another security association with the peer
 * @peer: peer
 * @spi: of the association, network byte order
 * @in: it is for packets from the peer
 *
 * What comes soon after the first ones is of an exchange that crossed theirs.
 * What comes later renews them, and there the one who answers waits for the
 * other end by itself (RFC 7296 section 2.8).
 *
 * Context: RCU read side; any.
 */
void dmvpn_peer_sa_added(struct dmvpn_peer *peer, __be32 spi, bool in)
{
	if (in) {
		WRITE_ONCE(peer->in_spi, spi);
		atomic_inc(&peer->unpaired);
	} else {
		atomic_dec(&peer->unpaired);
	}
	if (READ_ONCE(peer->state) == DMVPN_PEER_STATE_SECURED &&
	    dmvpn_pending(READ_ONCE(peer->secured) + DMVPN_YOUNG, DMVPN_YOUNG))
		WRITE_ONCE(peer->settle, (jiffies + DMVPN_SETTLE) | 1);
}

/**
 * dmvpn_peer_settle_over() - the time to settle has passed
 * @peer: peer
 * @settle: when it has passed, as it was read
 *
 * Context: RCU read side or the device's lock; any.
 *
 * Return: false when another association has come and begun it anew.
 */
bool dmvpn_peer_settle_over(struct dmvpn_peer *peer, unsigned long settle)
{
	int unpaired = atomic_read(&peer->unpaired);

	if (cmpxchg(&peer->settle, settle, 0) != settle)
		return false;
	/* The other half of a pair did not come, or was not seen. */
	atomic_cmpxchg(&peer->unpaired, unpaired, 0);
	dmvpn_hold_flush(peer->ddev);
	return true;
}

/**
 * dmvpn_peer_kick() - have a peer looked at soon
 * @peer: peer
 * @check: its security associations changed: look for them anew
 *
 * Context: RCU read side or the device's lock; any.
 */
void dmvpn_peer_kick(struct dmvpn_peer *peer, bool check)
{
	struct dmvpn_dev *ddev = peer->ddev;

	if (check) {
		WRITE_ONCE(peer->retry, 0);
		set_bit(DMVPN_KICK_CHECK, &peer->kick);
	}
	if (test_and_set_bit(DMVPN_KICK_QUEUED, &peer->kick))
		return;
	if (!refcount_inc_not_zero(&peer->refs))
		return;
	llist_add(&peer->kick_node, &ddev->kicked);
	queue_work(system_percpu_wq, &ddev->kick_work);
}

/* The associations were found to be in use at the other end, when @spi was the
 * newest from there. If there is another one since, that says nothing of it.
 */
static void dmvpn_peer_proven(struct dmvpn_peer *peer, __be32 spi)
{
	unsigned long settle = READ_ONCE(peer->settle);

	if (!settle || atomic_read(&peer->unpaired) ||
	    READ_ONCE(peer->in_spi) != spi)
		return;
	if (cmpxchg(&peer->settle, settle, 0) == settle)
		dmvpn_hold_flush(peer->ddev);
}

static void dmvpn_peer_kicked(struct dmvpn_peer *peer)
{
	struct dmvpn_dev *ddev = peer->ddev;
	struct dmvpn_conf *conf = dmvpn_conf_locked(ddev);
	int unpaired = atomic_read(&peer->unpaired);
	__be32 spi = READ_ONCE(peer->in_spi);
	bool proven = false;
	u8 state;

	if (peer->dead)
		return;
	if (!conf->required) {
		state = DMVPN_PEER_STATE_CLEAR;
	} else if (test_and_clear_bit(DMVPN_KICK_CHECK, &peer->kick)) {
		WRITE_ONCE(peer->retry, 0);
		state = dmvpn_xfrm_probe(ddev, conf, peer, &proven);
		/* Where there is none, no half of a pair is left, either;
		 * but one may have come since.
		 */
		if (state == DMVPN_PEER_STATE_IDLE)
			atomic_cmpxchg(&peer->unpaired, unpaired, 0);
	} else {
		state = READ_ONCE(peer->state);
	}
	dmvpn_peer_set_state(peer, state);
	if (proven)
		dmvpn_peer_proven(peer, spi);
	if (peer->told == state)
		return;
	peer->told = state;
	dmvpn_nl_notify_peer(peer, DMVPN_CMD_PEER_CHANGE_NTF);
	if (state >= DMVPN_PEER_STATE_SECURED)
		dmvpn_hold_flush(ddev);
}

/**
 * dmvpn_kick_work() - look at the peers that were kicked
 * @work: in the device
 */
void dmvpn_kick_work(struct work_struct *work)
{
	struct dmvpn_dev *ddev = container_of(work, struct dmvpn_dev,
					      kick_work);
	struct dmvpn_peer *peer, *next;
	struct llist_node *list;
	unsigned long id;

	mutex_lock(&ddev->lock);
	if (!ddev->dead && test_and_clear_bit(0, &ddev->kick_all)) {
		xa_for_each(&ddev->peer_ids, id, peer) {
			dmvpn_peer_kick(peer, true);
			cond_resched();
		}
	}
	list = llist_reverse_order(llist_del_all(&ddev->kicked));
	llist_for_each_entry_safe(peer, next, list, kick_node) {
		/* Who queues it from now on finds it off the list. */
		clear_bit_unlock(DMVPN_KICK_QUEUED, &peer->kick);
		/* What it was kicked for until now is seen below. */
		smp_mb__after_atomic();
		if (!ddev->dead)
			dmvpn_peer_kicked(peer);
		dmvpn_peer_put(peer);
		cond_resched();
	}
	mutex_unlock(&ddev->lock);
}

/**
 * dmvpn_peers_kick_all() - security associations changed, whose is not known
 * @ddev: device
 *
 * Context: any.
 */
void dmvpn_peers_kick_all(struct dmvpn_dev *ddev)
{
	set_bit(0, &ddev->kick_all);
	queue_work(system_percpu_wq, &ddev->kick_work);
}
