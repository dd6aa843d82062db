// SPDX-License-Identifier: GPL-2.0-only
/* Tests of lpm.c, most of them against a list that is searched linearly. */
#include <linux/slab.h>

/* Allocations that succeed before one fails; negative: all succeed. */
static int allocs_left = -1;

static void *maybe_zalloc(struct kmem_cache *cache, gfp_t flags)
{
	if (allocs_left >= 0 && !allocs_left--)
		return NULL;
	return kmem_cache_alloc(cache, flags | __GFP_ZERO);
}

#undef kmem_cache_zalloc
#define kmem_cache_zalloc maybe_zalloc
#include "../lpm.c"

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/workqueue.h>

#include "lpm_fixture.h"

#define STEPS 10000

static void step_change(struct kunit *test, struct fixture *f)
{
	struct lpm_model *m = &f->model;
	struct prefix p = lpm_model_some_prefix(m);
	struct lpm_model_entry *e = lpm_model_find(m, &p);
	void *had = e ? e->entry : NULL;
	void *entry;

	entry = (void *)(++f->serial);
	/* Fill up and empty in turns. */
	if (lpm_model_below(m, 8) < (f->serial / 1000 % 2 ? 1 : 6)) {
		if (!had && m->n == LPM_MODEL_MAX)
			return;
		KUNIT_EXPECT_EQ(test, insert(f, p, entry), had ? -EEXIST : 0);
		if (!had)
			lpm_model_add(m, p, entry);
	} else if (lpm_model_below(m, 4)) {
		KUNIT_EXPECT_PTR_EQ(test, remove(f, p), had);
		if (had)
			*e = m->e[--m->n];
	} else {
		KUNIT_EXPECT_PTR_EQ(test, replace(f, p, entry), had);
		if (had)
			e->entry = entry;
	}
}

static void step_query(struct kunit *test, struct fixture *f)
{
	struct lpm_model *m = &f->model;
	struct prefix p = lpm_model_some_prefix(m);
	struct prefix outer = lpm_model_some_prefix(m);
	struct prefix cursor = p;
	struct lpm_model_entry *e;
	void *got;

	e = lpm_model_find(m, &p);
	KUNIT_EXPECT_PTR_EQ(test, find(f, p), e ? e->entry : NULL);

	e = lpm_model_next(m, &p, NULL);
	got = next(f, &cursor);
	KUNIT_EXPECT_PTR_EQ(test, got, e ? e->entry : NULL);
	KUNIT_EXPECT_EQ(test, prefix_compare(&cursor, e ? &e->p : &p), 0);

	cursor = (struct prefix){};
	e = lpm_model_next(m, &cursor, &outer);
	got = next_within(f, &outer, &cursor);
	KUNIT_EXPECT_PTR_EQ(test, got, e ? e->entry : NULL);

	lpm_model_flip_bits(m, &p.addr, 0);
	lpm_model_flip_bits(m, &p.addr, p.plen);
	e = lpm_model_lookup(m, &p.addr);
	KUNIT_EXPECT_PTR_EQ(test, lookup(f, p.addr), e ? e->entry : NULL);
}

/* Is the tree as the comment in lpm.c says? Returns its nodes. */
static unsigned int check_tree(struct kunit *test, struct fixture *f,
			       struct dmvpn_lpm_node __rcu **root)
{
	struct dmvpn_lpm_node *stack[130], *node, *child;
	unsigned int depth = 0, nodes = 0, children, i;

	mutex_lock(&f->lock);
	node = lpm_deref_locked(&f->table, *root);
	if (node)
		stack[depth++] = node;
	while (depth) {
		node = stack[--depth];
		nodes++;
		for (children = 0, i = 0; i < 2; i++) {
			child = lpm_deref_locked(&f->table, node->child[i]);
			if (!child)
				continue;
			children++;
			KUNIT_EXPECT_GT(test, child->plen, node->plen);
			KUNIT_EXPECT_EQ(test, key_common(&node->key,
							 &child->key,
							 node->plen),
					node->plen);
			KUNIT_EXPECT_EQ(test, key_bit(&child->key, node->plen),
					i);
			stack[depth++] = child;
		}
		if (!rcu_access_pointer(node->entry))
			KUNIT_EXPECT_EQ(test, children, 2);
	}
	mutex_unlock(&f->lock);
	return nodes;
}

static void check_all(struct kunit *test, struct fixture *f)
{
	struct prefix cursor = {}, last = {};
	struct lpm_model *m = &f->model;
	struct lpm_model_entry *e;
	unsigned int nodes, seen = 0;
	void *entry;

	while ((entry = next(f, &cursor))) {
		e = lpm_model_next(m, &last, NULL);
		KUNIT_ASSERT_NOT_NULL(test, e);
		KUNIT_EXPECT_PTR_EQ(test, entry, e->entry);
		KUNIT_EXPECT_EQ(test, prefix_compare(&cursor, &e->p), 0);
		last = cursor;
		seen++;
	}
	KUNIT_EXPECT_EQ(test, seen, m->n);
	KUNIT_EXPECT_EQ(test, f->table.entries, m->n);

	nodes = check_tree(test, f, &f->table.root4);
	nodes += check_tree(test, f, &f->table.root6);
	KUNIT_EXPECT_EQ(test, f->table.nodes, nodes);
	if (m->n)
		KUNIT_EXPECT_LT(test, nodes, 2 * m->n);
	else
		KUNIT_EXPECT_EQ(test, nodes, 0);
}

static void random_against_model(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct lpm_model *m = &f->model;
	unsigned int i, most = 0;

	lpm_model_seed(m, test);
	for (i = 0; i < STEPS; i++) {
		step_change(test, f);
		step_query(test, f);
		if (i % 500 == 0)
			check_all(test, f);
		most = max(most, m->n);
		cond_resched();
	}
	/* Else the numbers above are badly chosen and little was tested. */
	KUNIT_EXPECT_GT(test, most, LPM_MODEL_MAX / 2);
	while (m->n) {
		m->n--;
		KUNIT_EXPECT_PTR_EQ(test, remove(f, m->e[m->n].p),
				    m->e[m->n].entry);
	}
	check_all(test, f);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(f->table.root4));
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(f->table.root6));
}

/* Entries of the tests with fixed prefixes: numbers. */
#define E(number) ((void *)(unsigned long)(number))
#define P(text) prefix(test, text)

static void longest_match_wins(struct kunit *test)
{
	static const char * const nested[] = {
		"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24",
		"10.1.1.1/32",
	};
	static const char * const hosts[] = {
		"11.0.0.0", "10.0.0.0", "10.1.255.255", "10.1.1.255",
		"10.1.1.1",
	};
	struct fixture *f = test->priv;
	int i, j;

	/* From the middle out, so that nodes go above and below others. */
	for (i = 0; i < 5; i++) {
		j = (i + 2) % 5;
		KUNIT_EXPECT_EQ(test, insert(f, P(nested[j]), E(j + 1)), 0);
	}
	KUNIT_EXPECT_EQ(test, f->table.nodes, 5);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_PTR_EQ(test, lookup(f, P(hosts[i]).addr),
				    E(i + 1));
	for (i = 4; i > 0; i--) {
		KUNIT_EXPECT_PTR_EQ(test, remove(f, P(nested[i])), E(i + 1));
		KUNIT_EXPECT_PTR_EQ(test, lookup(f, P(hosts[i]).addr), E(i));
	}
	KUNIT_EXPECT_EQ(test, f->table.nodes, 1);
	KUNIT_EXPECT_NULL(test, lookup(f, P("2001:db8::1").addr));
}

static void edges_of_ipv6(struct kunit *test)
{
	static const char * const nested[] = {
		"::/0", "8000::/1", "ffff:ffff:ffff:fffe::/63",
		"ffff:ffff:ffff:ffff::/64", "ffff:ffff:ffff:ffff:8000::/65",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
	};
	static const char * const hosts[] = {
		"7fff::", "8000::", "ffff:ffff:ffff:fffe:ffff::",
		"ffff:ffff:ffff:ffff:7fff::", "ffff:ffff:ffff:ffff:8000::1",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	};
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nested); i++)
		KUNIT_EXPECT_EQ(test, insert(f, P(nested[i]), E(i + 1)), 0);
	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		KUNIT_EXPECT_PTR_EQ(test, lookup(f, P(hosts[i]).addr),
				    E(i + 1));
		KUNIT_EXPECT_PTR_EQ(test, find(f, P(nested[i])), E(i + 1));
	}
}

static void bad_prefixes_are_refused(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct prefix p = P("10.0.0.0/24");

	KUNIT_EXPECT_EQ(test, insert(f, p, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, insert(f, P("10.0.0.1/24"), E(1)), -EINVAL);
	KUNIT_EXPECT_EQ(test, insert(f, P("2001:db8::1/64"), E(1)), -EINVAL);
	p.plen = 33;
	KUNIT_EXPECT_EQ(test, insert(f, p, E(1)), -EINVAL);
	p.addr.family = 0;
	KUNIT_EXPECT_EQ(test, insert(f, p, E(1)), -EINVAL);
	KUNIT_EXPECT_EQ(test, f->table.nodes, 0);

	KUNIT_EXPECT_EQ(test, insert(f, P("10.0.0.0/24"), E(1)), 0);
	KUNIT_EXPECT_NULL(test, find(f, P("10.0.0.1/24")));
	KUNIT_EXPECT_NULL(test, remove(f, P("10.0.0.1/24")));
	KUNIT_EXPECT_NULL(test, replace(f, P("10.0.0.1/24"), E(2)));
	KUNIT_EXPECT_NULL(test, remove(f, P("10.0.0.0/23")));
	KUNIT_EXPECT_PTR_EQ(test, find(f, P("10.0.0.0/24")), E(1));
}

static void branch_is_no_entry(struct kunit *test)
{
	struct fixture *f = test->priv;

	insert(f, P("10.0.0.0/24"), E(1));
	insert(f, P("10.0.1.0/24"), E(2));
	KUNIT_EXPECT_EQ(test, f->table.nodes, 3);
	KUNIT_EXPECT_NULL(test, find(f, P("10.0.0.0/23")));
	KUNIT_EXPECT_NULL(test, remove(f, P("10.0.0.0/23")));
	KUNIT_EXPECT_NULL(test, replace(f, P("10.0.0.0/23"), E(3)));

	/* It becomes one, and a branch again, and goes with its child. */
	KUNIT_EXPECT_EQ(test, insert(f, P("10.0.0.0/23"), E(3)), 0);
	KUNIT_EXPECT_EQ(test, f->table.nodes, 3);
	KUNIT_EXPECT_PTR_EQ(test, remove(f, P("10.0.0.0/23")), E(3));
	KUNIT_EXPECT_EQ(test, f->table.nodes, 3);
	KUNIT_EXPECT_PTR_EQ(test, remove(f, P("10.0.0.0/24")), E(1));
	KUNIT_EXPECT_EQ(test, f->table.nodes, 1);
	KUNIT_EXPECT_PTR_EQ(test, lookup(f, P("10.0.1.1").addr), E(2));
}

static void out_of_memory_changes_nothing(struct kunit *test)
{
	static const char * const prefixes[] = {
		"10.0.0.0/24", "10.0.0.0/8", "10.0.0.1/32", "10.0.1.0/24",
	};
	struct fixture *f = test->priv;
	unsigned int i, fail, needed;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		/* The last one needs a branch as well. */
		needed = i == 3 ? 2 : 1;
		for (fail = 0; fail < needed; fail++) {
			allocs_left = fail;
			KUNIT_EXPECT_EQ(test, insert(f, P(prefixes[i]), E(9)),
					-ENOMEM);
			allocs_left = -1;
			check_all(test, f);
			KUNIT_EXPECT_NULL(test, find(f, P(prefixes[i])));
		}
		KUNIT_EXPECT_EQ(test, insert(f, P(prefixes[i]), E(i + 1)), 0);
		lpm_model_add(&f->model, P(prefixes[i]), E(i + 1));
		check_all(test, f);
	}
}

static void dump_survives_changes(struct kunit *test)
{
	struct prefix last = P("2001:db8::/32"), cursor = {};
	struct fixture *f = test->priv;

	insert(f, P("10.0.0.0/8"), E(1));
	insert(f, P("10.0.0.0/16"), E(2));
	insert(f, P("10.0.3.0/24"), E(3));
	insert(f, P("192.0.2.0/24"), E(4));
	insert(f, P("::/0"), E(5));
	insert(f, last, E(6));

	KUNIT_EXPECT_PTR_EQ(test, next(f, &cursor), E(1));
	/* The one shown goes, and so does the one that would be next. */
	remove(f, P("10.0.0.0/8"));
	remove(f, P("10.0.0.0/16"));
	KUNIT_EXPECT_PTR_EQ(test, next(f, &cursor), E(3));
	/* One comes before the cursor, one behind it. */
	insert(f, P("9.0.0.0/8"), E(7));
	insert(f, P("10.0.3.128/25"), E(8));
	KUNIT_EXPECT_PTR_EQ(test, next(f, &cursor), E(8));
	remove(f, P("10.0.3.128/25"));
	remove(f, P("10.0.3.0/24"));
	KUNIT_EXPECT_PTR_EQ(test, next(f, &cursor), E(4));
	remove(f, P("192.0.2.0/24"));
	remove(f, P("9.0.0.0/8"));
	KUNIT_EXPECT_PTR_EQ(test, next(f, &cursor), E(5));
	KUNIT_EXPECT_PTR_EQ(test, next(f, &cursor), E(6));
	KUNIT_EXPECT_EQ(test, prefix_compare(&cursor, &last), 0);
	KUNIT_EXPECT_NULL(test, next(f, &cursor));
	KUNIT_EXPECT_EQ(test, prefix_compare(&cursor, &last), 0);
}

/* dmvpn_lpm_remove() takes the entry out first, then the node. */
static void iteration_passes_a_leaf_that_goes(struct kunit *test)
{
	static const char * const leaves[] = {
		"10.0.0.0/24", "10.0.1.0/24", "2001:db8::/32",
	};
	struct fixture *f = test->priv;
	struct dmvpn_lpm_node *node;
	struct prefix p, cursor;
	unsigned int i, sum;
	void *entry;

	for (i = 0; i < ARRAY_SIZE(leaves); i++)
		insert(f, P(leaves[i]), E(1 << i));
	for (i = 0; i < ARRAY_SIZE(leaves); i++) {
		p = P(leaves[i]);
		mutex_lock(&f->lock);
		node = exact(&f->table, &p.addr, p.plen);
		RCU_INIT_POINTER(node->entry, NULL);
		mutex_unlock(&f->lock);

		cursor = (struct prefix){};
		for (sum = 0; (entry = next(f, &cursor)); )
			sum += (unsigned long)entry;
		KUNIT_EXPECT_EQ(test, sum, 7 - (1 << i));
		rcu_assign_pointer(node->entry, E(1 << i));
	}
}

static void iteration_within_a_prefix(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct prefix outer = P("10.1.0.0/16"), cursor = {};

	insert(f, P("10.0.0.0/8"), E(1));
	insert(f, P("10.1.0.0/16"), E(2));
	insert(f, P("10.1.0.0/24"), E(3));
	insert(f, P("10.1.255.255/32"), E(4));
	insert(f, P("10.2.0.0/16"), E(5));

	KUNIT_EXPECT_PTR_EQ(test, next_within(f, &outer, &cursor), E(2));
	KUNIT_EXPECT_PTR_EQ(test, next_within(f, &outer, &cursor), E(3));
	KUNIT_EXPECT_PTR_EQ(test, next_within(f, &outer, &cursor), E(4));
	KUNIT_EXPECT_NULL(test, next_within(f, &outer, &cursor));

	/* Nothing of its own, something inside; nothing at all. */
	cursor = (struct prefix){};
	outer = P("10.2.0.0/15");
	KUNIT_EXPECT_PTR_EQ(test, next_within(f, &outer, &cursor), E(5));
	KUNIT_EXPECT_NULL(test, next_within(f, &outer, &cursor));
	cursor = (struct prefix){};
	outer = P("10.1.1.0/24");
	KUNIT_EXPECT_NULL(test, next_within(f, &outer, &cursor));
}

static void freed_table_is_empty(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct prefix p = P("10.0.0.0/32"), cursor = {};
	u32 i;

	for (i = 0; i < 1000; i++) {
		p.addr.v4 = htonl(i * 0x9e3779b1);
		KUNIT_ASSERT_EQ(test, insert(f, p, E(1)), 0);
	}
	insert(f, P("2001:db8::/32"), E(2));
	mutex_lock(&f->lock);
	dmvpn_lpm_free(&f->table);
	mutex_unlock(&f->lock);
	KUNIT_EXPECT_EQ(test, f->table.nodes, 0);
	KUNIT_EXPECT_EQ(test, f->table.entries, 0);
	KUNIT_EXPECT_NULL(test, next(f, &cursor));
	KUNIT_EXPECT_EQ(test, insert(f, p, E(3)), 0);
	KUNIT_EXPECT_PTR_EQ(test, lookup(f, p.addr), E(3));
}

struct reader {
	struct work_struct work;
	struct fixture *f;
	bool stop;
	unsigned long rounds;
	unsigned long misses;
	unsigned long bad_dumps;
};

/* Entries with even numbers stay all the time, see below. */
static void reader_run(struct work_struct *work)
{
	struct reader *r = container_of(work, struct reader, work);
	unsigned long host = 0, stayed, number;
	struct dmvpn_addr addr;
	struct prefix cursor;

	while (!READ_ONCE(r->stop)) {
		addr = dmvpn_addr_from_v4(htonl(0x0a000000 |
						(host++ * 0x9e3779b1 >> 8 &
						 0xffffff)));
		number = (unsigned long)lookup(r->f, addr);
		r->misses += number < 2 || number > 9;

		cursor = (struct prefix){};
		stayed = 0;
		while ((number = (unsigned long)next(r->f, &cursor)))
			stayed += number % 2 ? 0 : number;
		r->bad_dumps += stayed != 2 + 4 + 6;
		r->rounds++;
		cond_resched();
	}
}

static void readers_never_miss(struct kunit *test)
{
	struct workqueue_struct *wq;
	struct fixture *f = test->priv;
	struct reader *r;
	unsigned int i;

	r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, r);
	insert(f, P("10.0.0.0/8"), E(2));
	insert(f, P("10.77.0.0/16"), E(4));
	insert(f, P("10.192.0.0/10"), E(6));
	wq = alloc_workqueue("dmvpn_kunit", WQ_UNBOUND, 0);
	KUNIT_ASSERT_NOT_NULL(test, wq);
	r->f = f;
	INIT_WORK(&r->work, reader_run);
	queue_work_on(cpumask_last(cpu_online_mask), wq, &r->work);

	lpm_model_seed(&f->model, test);
	for (i = 0; i < STEPS || READ_ONCE(r->rounds) < 100; i++) {
		struct prefix p = P("10.0.0.0");

		/* Few prefixes, so that each comes and goes often. */
		p.addr.v4 |= htonl(lpm_model_below(&f->model, 64) << 18);
		p.plen = 9 + lpm_model_below(&f->model, 10);
		p.addr = dmvpn_addr_masked(&p.addr, p.plen);
		if ((unsigned long)find(f, p) % 2)
			remove(f, p);
		else
			insert(f, p, E(9));
		cond_resched();
	}
	WRITE_ONCE(r->stop, true);
	destroy_workqueue(wq);
	KUNIT_EXPECT_EQ(test, r->misses, 0);
	KUNIT_EXPECT_EQ(test, r->bad_dumps, 0);
}

static int lpm_suite_init(struct kunit_suite *suite)
{
	return dmvpn_lpm_cache_init();
}

static void lpm_suite_exit(struct kunit_suite *suite)
{
	rcu_barrier();
	dmvpn_lpm_cache_destroy();
}

static int lpm_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	dmvpn_lpm_init(&f->table, &f->lock);
	allocs_left = -1;
	test->priv = f;
	return 0;
}

static void lpm_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	mutex_lock(&f->lock);
	dmvpn_lpm_free(&f->table);
	mutex_unlock(&f->lock);
}

static struct kunit_case lpm_cases[] = {
	KUNIT_CASE(longest_match_wins),
	KUNIT_CASE(edges_of_ipv6),
	KUNIT_CASE(bad_prefixes_are_refused),
	KUNIT_CASE(branch_is_no_entry),
	KUNIT_CASE(out_of_memory_changes_nothing),
	KUNIT_CASE(dump_survives_changes),
	KUNIT_CASE(iteration_passes_a_leaf_that_goes),
	KUNIT_CASE(iteration_within_a_prefix),
	KUNIT_CASE(freed_table_is_empty),
	KUNIT_CASE(random_against_model),
	KUNIT_CASE(readers_never_miss),
	{}
};

static struct kunit_suite lpm_suite = {
	.name = "dmvpn_lpm",
	.suite_init = lpm_suite_init,
	.suite_exit = lpm_suite_exit,
	.init = lpm_test_init,
	.exit = lpm_test_exit,
	.test_cases = lpm_cases,
};

kunit_test_suite(lpm_suite);
