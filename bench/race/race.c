// SPDX-License-Identifier: GPL-2.0
/* Names, windows and statistics of the race. */
#include <math.h>

#include "race/delay.h"
#include "race/race.h"

static pf_race_fn tried;
static enum pf_accessor tried_accessor;

void race_set_try(pf_race_fn look, enum pf_accessor acc)
{
	tried = look;
	tried_accessor = acc;
}

pf_race_fn race_look(enum pf_generation gen, enum pf_accessor acc,
		     bool delayed)
{
	if (gen == PF_GEN_try)
		return acc == tried_accessor && !delayed ? tried : NULL;
	if (gen >= PF_NR_REPLICAS)
		return NULL;
	return (delayed ? race_lookups_delayed : race_lookups)[acc][gen];
}

bool race_can(enum pf_generation gen, enum pf_accessor acc)
{
	return race_look(gen, acc, false) &&
		pf_race_can(acc, gen);
}

static void record_window(void *arg, enum pf_window window,
			  struct pf_page *page)
{
	*(unsigned int *)arg |= 1U << window;
}

unsigned int race_windows(enum pf_generation gen, enum pf_accessor acc)
{
	/* the first page of each page of memory may be taken for a fake head */
	static struct pf_page map[2 * PF_PAGE_SIZE / sizeof(struct pf_page)]
		__attribute__((aligned(PF_PAGE_SIZE)));
	unsigned int windows = 1U << PF_WINDOW_BEFORE;
	unsigned long state = 0;
	struct pf_race_page page = { .state = &state };

	race_own_note()->page = &page;
	race_set_delay(record_window, &windows);
	pf_memmap_fill(map, PF_PAGE_SIZE / sizeof(struct pf_page), gen,
		       PF_MIXED, 1);
	for (int i = 0; i < 4; i++)
		race_lookups_delayed[acc][gen](&map[i]);
	race_set_delay(NULL, NULL);
	return windows;
}

const char *race_window_name(enum pf_window window)
{
	static const char *const names[PF_NR_WINDOWS] = {
		[PF_WINDOW_NONE] = "none", [PF_WINDOW_BEFORE] = "before",
		[PF_WINDOW_FLAG_HEAD] = "flag-head",
		[PF_WINDOW_HEAD_AGAIN] = "head-again",
		[PF_WINDOW_WORD_FLAG] = "word-flag",
		[PF_WINDOW_FLAG_NEXT] = "flag-next",
		[PF_WINDOW_HEAD_FLAG] = "head-flag",
	};

	return names[window];
}

const char *race_delay_name(enum race_delay_kind kind)
{
	static const char *const names[RACE_NR_DELAY_KINDS] = {
		[RACE_SPIN] = "spin", [RACE_SLEEP] = "sleep",
		[RACE_SIGNAL] = "signal", [RACE_PREEMPT] = "preempt",
		[RACE_IRQ] = "irq",
	};

	return names[kind];
}

const char *race_protocol_name(enum pf_race_protocol protocol)
{
	static const char *const names[PF_RACE_NR_PROTOCOLS] = {
		[PF_RACE_NONE] = "none", [PF_RACE_REF] = "ref",
		[PF_RACE_PTL] = "ptl", [PF_RACE_FROZEN] = "frozen",
	};

	return names[protocol];
}

void race_add_part(struct race_parts *parts, unsigned long lookups,
		   unsigned long bad)
{
	stats_scatter_add(&parts->bad, bad, lookups);
	stats_scatter_add(&parts->good, lookups - bad, lookups);
}

double race_dispersion(const struct race_parts *parts)
{
	return stats_dispersion(parts->bad.count <= parts->good.count ?
				&parts->bad : &parts->good);
}

bool race_has_flag(const struct race_result *r)
{
	return pf_accessors[r->of.accessor].kind != PF_HEAD;
}

unsigned long race_found_bad(const struct race_result *r)
{
	return pf_race_bad(&r->counts, race_has_flag(r));
}

unsigned long race_decided(const struct race_result *r)
{
	return r->counts.lookups - (race_has_flag(r) ? r->counts.unknown_flags :
				    r->counts.verdict[PF_RACE_UNDECIDED]);
}

struct estimate race_rate(const struct race_result *r)
{
	double n = race_decided(r), bad = race_found_bad(r);
	bool mostly_bad = bad > n / 2;
	double scatter = isnan(r->dispersion) ? 1 : r->dispersion;
	double per = scatter * 1e9 / n;
	struct estimate e = stats_poisson((mostly_bad ? n - bad : bad) /
					  scatter, RACE_CONFIDENCE);

	e.mid *= per;
	e.lo *= per;
	e.hi = fmin(e.hi * per, 1e9);
	if (mostly_bad)
		e = (struct estimate){ .mid = 1e9 - e.mid, .lo = 1e9 - e.hi,
				       .hi = 1e9 - e.lo };
	return e;
}

const char *race_idle(const struct race_result *r)
{
	if (!r->counts.lookups)
		return "no look-up";
	/* readers and writers get the CPUs alternately */
	if (r->of.nr_cpus == 1 || r->of.cpu[0] == r->of.cpu[1])
		return "one CPU: they took turns";
	if (r->changes < 1000 || r->changes < r->counts.lookups / 1000)
		return "writers starved";
	return NULL;
}
