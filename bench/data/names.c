// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/names.h"
#include "data/sequence.h"
#include "lib/nearest.h"

int names_accessor(const char *name, enum pf_accessor *acc, struct errmsg *msg)
{
	struct nearest n = NEAREST(name);

	for (int i = 0; i < PF_NR_ACCESSORS; i++) {
		if (!strcmp(name, pf_accessors[i].name)) {
			*acc = i;
			return 0;
		}
	}
	/* files have thousands of right names: the nearest is for wrong ones */
	for (int i = 0; i < PF_NR_ACCESSORS; i++)
		nearest_offer(&n, pf_accessors[i].name);
	return errmsg_set(msg, -EINVAL,
			  "no accessor '%.60s'%s (see 'pfbench list --accessors')",
			  name, nearest_hint(&n));
}

int names_generation(const char *name, int nr, enum pf_generation *gen,
		     struct errmsg *msg)
{
	struct nearest n = NEAREST(name);

	for (int i = 0; i < nr; i++) {
		if (!strcmp(name, pf_generations[i].name)) {
			*gen = i;
			return 0;
		}
	}
	for (int i = 0; i < nr; i++)
		nearest_offer(&n, pf_generations[i].name);
	return errmsg_set(msg, -EINVAL,
			  "no generation '%.60s'%s (see 'pfbench list --generations')",
			  name, nearest_hint(&n));
}

/* A per cent, without a sign, a blank or a zero in front. */
static bool parse_tails(const char *text, unsigned int *tails)
{
	size_t n = strspn(text, "0123456789");

	if (n < 1 || n > 3 || text[n] || (text[0] == '0' && n > 1))
		return false;
	*tails = strtoul(text, NULL, 10);
	return *tails <= 100;
}

int names_population(const char *name, enum pf_population *population,
		     unsigned int *tails, unsigned int *replay,
		     struct errmsg *msg)
{
	struct nearest n = NEAREST(name);
	int number;

	*tails = 0;
	*replay = 0;
	for (int i = 0; i < PF_NR_POPULATIONS; i++) {
		if (i == PF_MIXED)
			continue;
		if (!strcmp(name, population_kind_name(i))) {
			*population = i;
			return 0;
		}
	}
	*population = PF_MIXED;
	if (!strncmp(name, "mixed:", 6) && parse_tails(name + 6, tails))
		return 0;
	if (!strncmp(name, "replay:", 7)) {
		number = sequence_number(name + 7);
		if (number > 0) {
			*replay = number;
			return 0;
		}
		return errmsg_set(msg, -EINVAL, number == -ENOSPC ?
				  "'%.60s': more than %d sequences" :
				  "'%.60s': not 1 to %d letters, digits, dots and dashes",
				  name, number == -ENOSPC ? SEQUENCE_MAX :
				  SEQUENCE_NAME_MAX);
	}
	for (int i = 0; i < PF_NR_POPULATIONS; i++)
		if (i != PF_MIXED)
			nearest_offer(&n, population_kind_name(i));
	return errmsg_set(msg, -EINVAL,
			  "no population '%.60s'%s (small, head, tail, mixed:0 to mixed:100, runs, replay:NAME)",
			  name, nearest_hint(&n));
}

/* Parts of names that are in no table. */
static const char *const other_parts[] = {
	"throughput", "latency", "branch", "select", "cond", "shuffled",
	"order:9", "mixed:50", "shared:2", "private:2", "reader:2",
	"reader-ref:2", "shared:smt", "shared:core", "shared:l3",
	"shared:numa", "shared:socket", "one-page", "cold-tail",
};

#define NR_OTHER_PARTS (sizeof(other_parts) / sizeof(*other_parts))

/* Calls @each for all parts that names of points have. */
static void each_part(void (*each)(void *arg, const char *part), void *arg)
{
	for (int i = 0; i < PF_NR_ACCESSORS; i++)
		each(arg, pf_accessors[i].name);
	for (int i = 0; i < PF_NR_GENERATIONS; i++)
		each(arg, pf_generations[i].name);
	for (int i = 0; i < PF_NR_POPULATIONS; i++)
		each(arg, population_kind_name(i));
	for (int i = 0; i < NR_WORKING_SETS; i++)
		each(arg, working_set_name(i));
	for (int i = SOURCE_OWN + 1; i < NR_SOURCES; i++)
		each(arg, source_name(i));
	for (size_t i = 0; i < NR_OTHER_PARTS; i++)
		each(arg, other_parts[i]);
}

struct filter_word {
	struct nearest nearest;
	bool found;		/* a part contains the word */
};

static void compare_part(void *arg, const char *part)
{
	struct filter_word *w = arg;

	w->found |= !!strstr(part, w->nearest.word);
	nearest_offer(&w->nearest, part);
}

bool names_in_filter(const char *filter, char *text, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";
	char word[NEAREST_MAX + 1];
	size_t n, length;

	for (; *filter; filter += n) {
		struct filter_word w = { NEAREST(word), false };

		filter += strcspn(filter, letters);
		n = strspn(filter, letters);
		/* ".*" after a word */
		for (length = n; length && filter[length - 1] == '.';)
			length--;
		if (length < 3 || length > NEAREST_MAX)
			continue;
		snprintf(word, sizeof(word), "%.*s", (int)length, filter);
		each_part(compare_part, &w);
		if ( w.found || !w.nearest.name)
			continue;
		snprintf(text, size, "'%s'%s", word, nearest_hint(&w.nearest));
		return true;
	}
	return false;
}

/* "2.6.22 to 4.3", "7.1 and later" */
static void format_releases(int since, int until, char *text, size_t size)
{
	char from[48];

	snprintf(from, sizeof(from), since % 100 ? "%d.%d.%d" : "%d.%d",
		 since / 10000, since / 100 % 100, since % 100);
	if (until >= PF_KV_EVER)
		snprintf(text, size, "%s and later", from);
	else
		snprintf(text, size, "%s to before %d.%d", from,
			 until / 10000, until / 100 % 100);
}

int names_check(enum pf_accessor acc, enum pf_generation gen,
		enum pf_lowering lowering, struct errmsg *msg)
{
	const struct pf_accessor_info *a = &pf_accessors[acc];
	const struct pf_generation_info *g = &pf_generations[gen];
	char of_a[96], of_g[96];

	/* the catalog of every machine, with a select or without */
	if (pf_has(acc, gen, lowering == PF_SELECT ? PF_BRANCH : lowering))
		return 0;
	if (a->kind == PF_SELECTED && g->era == PF_ERA_PRIMITIVE &&
	    lowering == PF_AUTO)
		return 0;
	if (pf_has(acc, gen, PF_AUTO))
		return errmsg_set(msg, -EINVAL,
				  "%s/%s makes no choice that a lowering could force: leave out '%s'",
				  a->name, g->name, lowering_name(lowering));
	if (a->since < g->until && g->since < a->until)
		return errmsg_set(msg, -EINVAL,
				  "%s/%s does not exist (see pfbench-points(7))",
				  a->name, g->name);
	format_releases(a->since, a->until, of_a, sizeof(of_a));
	format_releases(g->since, g->until, of_g, sizeof(of_g));
	return errmsg_set(msg, -EINVAL,
			  "%s (%s) does not exist in %s (%s)",
			  a->name, of_a, g->name, of_g);
}
