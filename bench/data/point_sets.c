// SPDX-License-Identifier: GPL-2.0
/* The sets of points that commands choose from. */
#include <errno.h>
#include <stdlib.h>

#include "data/point.h"
#include "data/sequence.h"
#include "lib/array.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))

/* A growing array of points. */
struct set {
	struct point *point;
	size_t nr;
	int err;
	bool native;		/* with the kernel's own accessors */
};

static void set_add(struct set *s, struct point p)
{
	struct point *grown;

	if (p.population == PF_SMALL || p.source != SOURCE_OWN)
		p.order = 0;
	else if (!p.order)
		p.order = PF_DEFAULT_ORDER;
	if (s->err || !point_exists(&p) ||
	    (p.generation == PF_GEN_native && !s->native))
		return;
	grown = array_grow(s->point, s->nr, sizeof(*grown));
	if (!grown) {
		s->err = -ENOMEM;
		return;
	}
	s->point = grown;
	s->point[s->nr++] = p;
}

/* @p in every generation that has it, as compiled or in all lowerings. */
static void add_generations(struct set *s, struct point p, bool lowerings)
{
	for (int g = 0; g < PF_NR_GENERATIONS; g++) {
		const struct pf_generation_info *info = &pf_generations[g];

		if (info->era == PF_ERA_SELFTEST)
			continue;
		/* a bit operation is the same in all of them: only in plain */
		if (info->era == PF_ERA_PLAIN && g != PF_GEN_plain &&
		    pf_accessors[p.accessor].policy != PF_POLICY_LOOKUP)
			continue;
		for (int l = 0; l < (lowerings ? PF_NR_LOWERINGS : 1); l++) {
			p.generation = g;
			p.lowering = l;
			set_add(s, p);
		}
	}
}

/* PageLocked in every population and lowering. */
static void add_page_locked(struct set *s, enum pf_form form)
{
	static const unsigned int shares[] = { 0, 5, 10, 25, 50, 75, 90, 95,
					       100 };
	struct point p = { .form = form, .accessor = PF_ACC_PageLocked };

	for (int pop = 0; pop < PF_MIXED; pop++) {
		p.population = pop;
		add_generations(s, p, true);
	}
	p.population = PF_MIXED;
	for (size_t i = 0; i < LEN(shares); i++) {
		p.tails = shares[i];
		if (form == PF_THROUGHPUT || p.tails == 50)
			add_generations(s, p, true);
	}
}

/* A few other accessors, and the primitives. */
static void add_others(struct set *s, enum pf_form form)
{
	static const enum pf_accessor short_list[] = {
		PF_ACC_compound_head, PF_ACC_SetPageDirty,
	};
	struct point p;

	for (size_t i = 0; i < LEN(short_list); i++) {
		p = (struct point){ .form = form, .accessor = short_list[i] };
		add_generations(s, p, false);
		p.population = PF_TAILS;
		add_generations(s, p, false);
	}
	p = (struct point){ .form = form, .generation = PF_GEN_v7_1_mask,
			    .accessor = PF_ACC_folio_test_locked };
	set_add(s, p);
	p.generation = PF_GEN_native;
	set_add(s, p);
	for (int a = PF_ACC_load; a < PF_ACC_add1; a++) {
		p = (struct point){ .form = form, .accessor = a,
				    .generation = PF_GEN_primitive };
		if (a == PF_ACC_branch_unpredictable) {
			p.population = PF_MIXED;
			p.tails = 50;
		}
		set_add(s, p);
	}
}

static void add_default(struct set *s)
{
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY };
	static const enum pf_generation ws_gens[] = {
		PF_GEN_plain, PF_GEN_v3_14_rmb, PF_GEN_v4_4_word,
		PF_GEN_v5_18_fakehead, PF_GEN_v7_1_mask,
	};

	for (size_t f = 0; f < LEN(forms); f++) {
		add_page_locked(s, forms[f]);
		add_others(s, forms[f]);
	}
	for (int ws = 0; ws < NR_WORKING_SETS; ws++)
		for (size_t i = 0; i < LEN(ws_gens); i++)
			set_add(s, (struct point){
				.accessor = PF_ACC_PageLocked,
				.generation = ws_gens[i],
				.population = PF_TAILS, .ws = ws,
				.form = PF_LATENCY, .shuffled = true });
}

/* @p in every form that the catalog has. */
static void add_all_uses(struct set *s, struct point p)
{
	for (int f = 0; f < PF_NR_FORMS; f++) {
		p.form = f;
		set_add(s, p);
	}
}

/* The same, in every lowering. */
static void add_all_forms(struct set *s, struct point p)
{
	for (int l = 0; l < PF_NR_LOWERINGS; l++) {
		p.lowering = l;
		add_all_uses(s, p);
	}
}

/*
 * Runs, where their neighbours can help: short and long ones in L1, long ones in
 * memory. Heads of order 6 and more begin a page of struct pages, where the test
 * for fake heads reads page[1]: in all working sets, as hot as the head is.
 */
static void add_runs(struct set *s, struct point p)
{
	p.shuffled = false;
	p.tails = 0;
	p.population = PF_RUNS;
	p.ws = WS_HOT;
	for (p.order = PF_DEFAULT_ORDER; p.order <= PF_MAX_ORDER; p.order++)
		if (p.order == PF_DEFAULT_ORDER || p.order == PF_MAX_ORDER)
			add_all_forms(s, p);
	p.order = PF_MAX_ORDER;
	p.ws = WS_MEMORY;
	add_all_forms(s, p);
	p.population = PF_HEADS;
	p.order = 6;
	for (p.ws = WS_L2; p.ws < NR_WORKING_SETS; p.ws++)
		add_all_forms(s, p);
}

static void add_all_populations(struct set *s, struct point p)
{
	static const unsigned int shares[] = { 0, 1, 5, 10, 25, 50, 75, 90, 95,
					       99, 100 };

	for (int ws = 0; ws < NR_WORKING_SETS; ws++) {
		p.ws = ws;
		p.tails = 0;
		for (int shuffled = 0; shuffled < 2; shuffled++) {
			p.shuffled = shuffled;
			for (int pop = 0; pop < PF_MIXED; pop++) {
				p.population = pop;
				add_all_forms(s, p);
			}
		}
		p.population = PF_MIXED;
		p.shuffled = false;
		for (size_t i = 0; i < LEN(shares); i++) {
			p.tails = shares[i];
			if (ws == WS_HOT || p.tails == 50)
				add_all_forms(s, p);
		}
	}
	add_runs(s, p);
	/* other sources and compound orders in L1, where they matter most */
	p.ws = WS_HOT;
	p.shuffled = false;
	p.tails = 0;
	for (p.source = SOURCE_OWN + 1; p.source < NR_SOURCES; p.source++)
		for (p.population = 0; p.population < PF_MIXED; p.population++)
			add_all_forms(s, p);
	p.source = SOURCE_OWN;
	for (p.order = 1; p.order <= PF_MAX_ORDER; p.order++) {
		if (p.order == PF_DEFAULT_ORDER)
			continue;
		p.population = PF_HEADS;
		add_all_forms(s, p);
		p.population = PF_TAILS;
		add_all_forms(s, p);
	}
	/* heads, none of them or all at the start of a page, and page[1] cold */
	p.cold_tail = true;
	p.population = PF_HEADS;
	for (p.order = PF_DEFAULT_ORDER; p.order <= PF_MAX_ORDER; p.order++)
		if (p.order == PF_DEFAULT_ORDER || p.order == PF_MAX_ORDER)
			add_all_forms(s, p);
}

/*
 * Every population that a path through an accessor can depend on. Instructions
 * on mixed pages are the mean of those on small and on tail pages, so PageLocked
 * alone shows that.
 */
static void add_counted_populations(struct set *s, struct point p)
{
	bool mixed = p.accessor == PF_ACC_PageLocked ||
		p.accessor == PF_ACC_branch_unpredictable;

	for (int pop = 0; pop <= PF_MIXED; pop++) {
		p.population = pop;
		p.tails = pop == PF_MIXED ? 50 : 0;
		if (pop == PF_MIXED && !mixed)
			continue;
		for (int low = 0; low < PF_NR_LOWERINGS; low++) {
			p.lowering = low;
			add_all_uses(s, p);
		}
	}
}

/* Call @add for every entry of the catalog. */
static void add_entries(struct set *s,
			void (*add)(struct set *s, struct point p))
{
	for (int a = 0; a < PF_NR_ACCESSORS; a++) {
		for (int g = 0; g < PF_NR_GENERATIONS; g++) {
			if (pf_generations[g].era == PF_ERA_SELFTEST)
				continue;
			add(s, (struct point){ .accessor = a,
					       .generation = g });
		}
	}
}

static void add_threadings(struct set *s, struct point p,
			   const struct thread_list *list)
{
	for (p.threading = THREADS_NONE + 1; p.threading < NR_THREADINGS;
	     p.threading++) {
		for (int one = 0; one < 2; one++) {
			p.one_page = one;
			for (unsigned int i = 0; i < list->nr; i++) {
				p.threads = list->threads[i];
				p.pair = list->pair[i];
				set_add(s, p);
			}
		}
	}
}

/* Readers of a flag, writers of a flag, and all schemes of counts. */
static bool in_threads_default(const struct point *p)
{
	static const enum pf_accessor accessors[] = {
		PF_ACC_PageLocked, PF_ACC_SetPageDirty, PF_ACC_folio_try_get,
		PF_ACC_folio_try_get_put, PF_ACC_folio_ref_count,
	};
	bool ref = pf_generations[p->generation].era == PF_ERA_REF;

	for (size_t i = 0; i < LEN(accessors); i++)
		if (accessors[i] == p->accessor)
			return p->population == (ref ? PF_SMALL : PF_TAILS) &&
				(ref || p->generation == PF_GEN_v4_4_word ||
				 p->generation == PF_GEN_v7_1_mask);
	return false;
}

static void add_replay(struct set *s, struct point p, unsigned int nr)
{
	p.population = PF_MIXED;
	p.replay = nr;
	add_generations(s, p, true);
	p.replay = 0;
	p.tails = sequence_tails(nr);
	add_generations(s, p, true);
	p.tails = 0;
	p.population = PF_SMALL;
	add_generations(s, p, true);
}

long points_of_replay(unsigned int nr, struct point **points)
{
	static const enum pf_accessor accessors[] = {
		PF_ACC_PageLocked, PF_ACC_compound_head,
	};
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY };
	struct set s = { .point = NULL };

	for (size_t i = 0; i < LEN(accessors); i++)
		for (size_t f = 0; f < LEN(forms); f++)
			add_replay(&s, (struct point){
				.accessor = accessors[i], .form = forms[f] },
				nr);
	if (s.err) {
		free(s.point);
		return s.err;
	}
	*points = s.point;
	return s.nr;
}

long points_of_threads(const struct thread_list *list, bool all,
		       struct point **points, bool native)
{
	struct set s = { .native = native };
	struct point *base = NULL;
	long n = points_of(POINTS_COUNTED, &base, native);

	for (long i = 0; i < n; i++)
		if (base[i].lowering == PF_AUTO &&
		    base[i].form == PF_THROUGHPUT &&
		    base[i].population != PF_MIXED &&
		    (all || in_threads_default(&base[i])))
			add_threadings(&s, base[i], list);
	if (n >= 0)
		free(base);
	if (s.err)
		free(s.point);
	*points = s.err ? NULL : s.point;
	return n < 0 ? n : s.err ? s.err : (long)s.nr;
}

long points_of(enum point_set set, struct point **points, bool native)
{
	struct set s = { .native = native };

	switch (set) {
	case POINTS_DEFAULT:
		add_default(&s);
		break;
	case POINTS_ALL:
		add_entries(&s, add_all_populations);
		break;
	case POINTS_COUNTED:
		add_entries(&s, add_counted_populations);
		break;
	}
	if (s.err) {
		free(s.point);
		return s.err;
	}
	*points = s.point;
	return s.nr;
}
