/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tight loops, generated from the catalog: PF_UNROLL operations per
 * iteration over a list of pages. Compile with -falign-functions=64, and
 * without alignment of loops and jumps: its nops would be executed and counted.
 */
#ifndef PAGEFLAGS_LOOP_H
#define PAGEFLAGS_LOOP_H

#include "pageflags/accessor.h"
#include "pageflags/memmap.h"

enum pf_form {
	PF_THROUGHPUT,		/* operations independent of each other */
	PF_THROUGHPUT_COND,	/* as before, the result decides a branch */
	PF_LATENCY,		/* each address depends on the last result */
	PF_NR_FORMS
};

/**
 * struct pf_walk - the list of pages that a loop visits again and again
 * @start: the list, a multiple of PF_UNROLL pages
 * @end: its end
 * @at: the next page
 * @zero: 0; the compiler must not know that
 */
struct pf_walk {
	struct pf_page **start, **end, **at;
	unsigned long zero;
};

/* A loop: at least 1 iteration of PF_UNROLL operations, from @walk->at on. */
typedef void (*pf_loop_fn)(struct pf_walk *walk, unsigned long iterations);

#define PF_REPEAT8(...) \
	PF_STEP(0, __VA_ARGS__) PF_STEP(1, __VA_ARGS__) \
	PF_STEP(2, __VA_ARGS__) PF_STEP(3, __VA_ARGS__) \
	PF_STEP(4, __VA_ARGS__) PF_STEP(5, __VA_ARGS__) \
	PF_STEP(6, __VA_ARGS__) PF_STEP(7, __VA_ARGS__)

/*
 * The body of a loop. @op is a specialised function, not pf_do(): inlining
 * pf_do() eight times takes the compiler ten times as long.
 */
#define PF_LOOP_BODY(walk, iterations, op, returns, form) do { \
	struct pf_page **at = (walk)->at; \
	unsigned long zero = (walk)->zero; \
	unsigned long v = 0, hits = 0; \
	const bool sinks = (form) == PF_THROUGHPUT && (returns); \
	struct pf_page *page; \
	\
	do { \
		PF_REPEAT8(op, sinks, form) \
		at += PF_UNROLL; \
		if (at == (walk)->end) \
			at = (walk)->start; \
	} while (--(iterations)); \
	pf_sink(v); \
	pf_sink(hits); \
	(walk)->at = at; \
} while (0)

#define PF_STEP(i, op, sinks, form) \
	page = at[i]; \
	if ((form) == PF_LATENCY) \
		page = (struct pf_page *)((unsigned long)page + (v & zero)); \
	v = op(page, (form) == PF_LATENCY); \
	if ((form) == PF_THROUGHPUT_COND) { \
		if (v) { \
			hits++; \
			pf_hide(hits); \
		} \
	} else if (sinks) { \
		pf_sink(v); \
	}

/*
 * All loops of one generation: [accessor][lowering][form], NULL without an
 * entry. A file with PF_STAMP_LOOPS, compiled with PF_STAMP_GEN=ID, defines
 * pf_loops_ID. One object per generation: they compile in parallel.
 */
typedef pf_loop_fn pf_loop_table[PF_NR_LOWERINGS][PF_NR_FORMS];
typedef unsigned long (*pf_use_fn)(struct pf_page *page);
typedef pf_use_fn pf_use_table[PF_NR_LOWERINGS];
typedef void (*pf_cond_fn)(struct pf_page *page);
typedef pf_cond_fn pf_cond_table[PF_NR_LOWERINGS];

#ifdef PF_STAMP_GEN
/* For accessors with forced lowerings only: parsing the others takes time. */
#define PF_IF_FORCED(acc, macro) PF_JOIN(PF_IF_, PF_IS_FORCED(acc))(macro)
#define PF_IF_0(macro) PF_NOTHING
#define PF_IF_1(macro) macro
#define PF_NOTHING(...)

#define PF_STAMP_OP(acc, kind, flag, policy, lowering) \
	static __always_inline unsigned long \
	pf_op_##acc##_##lowering(struct pf_page *page, bool want_result) \
	{ \
		const struct pf_layout *l = &pf_layouts[ \
			pf_generations[PF_STAMPED(PF_GEN_)].layout]; \
		\
		return pf_do(page, PF_##kind, PF_POLICY_##policy, l->flag, \
			     PF_STAMPED(PF_GEN_), PF_##lowering, want_result); \
	}
/* Flattened: the kernel leaves inlining to the compiler, and calls may stay. */
#define PF_STAMP_LOOP(acc, kind, lowering, form) \
	static noinline __maybe_unused __attribute__((__flatten__)) void \
	pf_loop_##acc##_##lowering##_##form(struct pf_walk *walk, \
				       unsigned long iterations) \
	{ \
		PF_LOOP_BODY(walk, iterations, pf_op_##acc##_##lowering, \
			     PF_RETURNS(PF_##kind), PF_##form); \
	}
#define PF_STAMP_LOWERING(acc, kind, flag, policy, lowering) \
	PF_STAMP_OP(acc, kind, flag, policy, lowering) \
	PF_STAMP_LOOP(acc, kind, lowering, THROUGHPUT) \
	PF_STAMP_LOOP(acc, kind, lowering, THROUGHPUT_COND) \
	PF_STAMP_LOOP(acc, kind, lowering, LATENCY)
#define PF_STAMP_FORCED(acc, kind, flag, policy) \
	PF_STAMP_LOWERING(acc, kind, flag, policy, BRANCH) \
	PF_STAMP_LOWERING(acc, kind, flag, policy, SELECT)
#define PF_STAMP_ACCESSOR(acc, kind, flag, policy, since, until) \
	PF_STAMP_LOWERING(acc, kind, flag, policy, AUTO) \
	PF_IF_FORCED(acc, PF_STAMP_FORCED)(acc, kind, flag, policy)

/* a file may leave out accessors that it does not need */
#ifndef PF_STAMP_WANTED
#define PF_STAMP_WANTED(acc) true
#endif

/*
 * The compiler drops loops that the table does not refer to. An enumerator has
 * whether there is an entry: the text of PF_HAS() is long.
 */
#define PF_STAMP_HAS_ONE(acc, kind, policy, since, until, lowering) \
	pf_has_##acc##_##lowering = PF_STAMP_WANTED(PF_ACC_##acc) && \
		PF_HAS(PF_IS_FORCED(acc), PF_##kind, PF_POLICY_##policy, since, \
		       until, \
		       PF_STAMPED(PF_SINCE_), PF_STAMPED(PF_UNTIL_), \
		       PF_STAMPED(PF_MARKING_OF_), PF_STAMPED(PF_ERA_OF_), \
		       PF_STAMPED(PF_LOOKUP_OF_), PF_##lowering),
#define PF_STAMP_HAS_FORCED(acc, kind, policy, since, until) \
	PF_STAMP_HAS_ONE(acc, kind, policy, since, until, BRANCH) \
	PF_STAMP_HAS_ONE(acc, kind, policy, since, until, SELECT)
#define PF_STAMP_HAS(acc, kind, flag, policy, since, until) \
	PF_STAMP_HAS_ONE(acc, kind, policy, since, until, AUTO) \
	PF_IF_FORCED(acc, PF_STAMP_HAS_FORCED)(acc, kind, policy, since, until)
enum { PF_ACCESSORS(PF_STAMP_HAS) };
#define PF_STAMPED_FORMS(acc, kind, lowering) \
	[PF_##lowering] = { \
		[PF_THROUGHPUT] = pf_has_##acc##_##lowering ? \
			pf_loop_##acc##_##lowering##_THROUGHPUT : NULL, \
		[PF_THROUGHPUT_COND] = \
			pf_has_##acc##_##lowering && PF_IS_TEST(PF_##kind) ? \
			pf_loop_##acc##_##lowering##_THROUGHPUT_COND : NULL, \
		[PF_LATENCY] = pf_has_##acc##_##lowering ? \
			pf_loop_##acc##_##lowering##_LATENCY : NULL, \
	},
#define PF_STAMPED_FORCED(acc, kind) \
	PF_STAMPED_FORMS(acc, kind, BRANCH) \
	PF_STAMPED_FORMS(acc, kind, SELECT)
#define PF_STAMPED_ENTRY(acc, kind, ...) \
	[PF_ACC_##acc] = { \
		PF_STAMPED_FORMS(acc, kind, AUTO) \
		PF_IF_FORCED(acc, PF_STAMPED_FORCED)(acc, kind) \
	},

/*
 * Single uses: pf_uses_ID[accessor][lowering] has functions named
 * pf_use_ACCESSOR_ID_LOWERING, which return the accessor's result;
 * pf_conds_ID has pf_cond_..., for tests only, which branch on it. They add no
 * instruction: without a result the return register stays unset, and the arm
 * of the branch is empty.
 */
#define PF_STAMP_USE(...) PF_STAMP_USE_(__VA_ARGS__)
#define PF_STAMP_USE_(gen, acc, kind, lowering) \
	static noinline __maybe_unused unsigned long \
	pf_use_##acc##_##gen##_##lowering(struct pf_page *page) \
	{ \
		unsigned long v = pf_op_##acc##_##lowering(page, false); \
		\
		if (!PF_RETURNS(PF_##kind)) \
			asm("" : "=r" (v)); \
		return v; \
	} \
	static noinline __maybe_unused void \
	pf_cond_##acc##_##gen##_##lowering(struct pf_page *page) \
	{ \
		if (pf_op_##acc##_##lowering(page, false)) \
			pf_keep_branch(); \
	}
#define PF_STAMP_FORCED_USES(acc, kind, flag, policy) \
	PF_STAMP_OP(acc, kind, flag, policy, BRANCH) \
	PF_STAMP_OP(acc, kind, flag, policy, SELECT) \
	PF_STAMP_USE(PF_STAMP_GEN, acc, kind, BRANCH) \
	PF_STAMP_USE(PF_STAMP_GEN, acc, kind, SELECT)
#define PF_STAMP_ACCESSOR_USES(acc, kind, flag, policy, since, until) \
	PF_STAMP_OP(acc, kind, flag, policy, AUTO) \
	PF_STAMP_USE(PF_STAMP_GEN, acc, kind, AUTO) \
	PF_IF_FORCED(acc, PF_STAMP_FORCED_USES)(acc, kind, flag, policy)
#define PF_STAMPED_USE(...) PF_STAMPED_USE_(__VA_ARGS__)
#define PF_STAMPED_USE_(gen, acc, lowering) \
	[PF_##lowering] = pf_has_##acc##_##lowering ? \
		pf_use_##acc##_##gen##_##lowering : NULL,
#define PF_STAMPED_FORCED_USES(acc) \
	PF_STAMPED_USE(PF_STAMP_GEN, acc, BRANCH) \
	PF_STAMPED_USE(PF_STAMP_GEN, acc, SELECT)
#define PF_STAMPED_USES(acc, ...) \
	[PF_ACC_##acc] = { \
		PF_STAMPED_USE(PF_STAMP_GEN, acc, AUTO) \
		PF_IF_FORCED(acc, PF_STAMPED_FORCED_USES)(acc) \
	},
#define PF_STAMPED_COND(...) PF_STAMPED_COND_(__VA_ARGS__)
#define PF_STAMPED_COND_(gen, acc, kind, lowering) \
	[PF_##lowering] = \
		pf_has_##acc##_##lowering && PF_IS_TEST(PF_##kind) ? \
		pf_cond_##acc##_##gen##_##lowering : NULL,
#define PF_STAMPED_FORCED_CONDS(acc, kind) \
	PF_STAMPED_COND(PF_STAMP_GEN, acc, kind, BRANCH) \
	PF_STAMPED_COND(PF_STAMP_GEN, acc, kind, SELECT)
#define PF_STAMPED_CONDS(acc, kind, ...) \
	[PF_ACC_##acc] = { \
		PF_STAMPED_COND(PF_STAMP_GEN, acc, kind, AUTO) \
		PF_IF_FORCED(acc, PF_STAMPED_FORCED_CONDS)(acc, kind) \
	},
#define PF_STAMP_USES \
	PF_ACCESSORS(PF_STAMP_ACCESSOR_USES) \
	const pf_use_table PF_STAMPED(pf_uses_)[PF_NR_ACCESSORS] = { \
		PF_ACCESSORS(PF_STAMPED_USES) \
	}; \
	const pf_cond_table PF_STAMPED(pf_conds_)[PF_NR_ACCESSORS] = { \
		PF_ACCESSORS(PF_STAMPED_CONDS) \
	};

#define PF_STAMP_LOOPS \
	PF_ACCESSORS(PF_STAMP_ACCESSOR) \
	const pf_loop_table PF_STAMPED(pf_loops_)[PF_NR_ACCESSORS] = { \
		PF_ACCESSORS(PF_STAMPED_ENTRY) \
	};
#endif

#define PF_G(id, ...) \
	extern const pf_loop_table pf_loops_##id[PF_NR_ACCESSORS]; \
	extern const pf_use_table pf_uses_##id[PF_NR_ACCESSORS]; \
	extern const pf_cond_table pf_conds_##id[PF_NR_ACCESSORS];
PF_GENERATIONS(PF_G)
PF_TRY(PF_G)
#undef PF_G

#endif
