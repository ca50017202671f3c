// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/point.h"

static const char *const ws_names[NR_WORKING_SETS] = {
	[WS_HOT] = "hot", [WS_L2] = "L2", [WS_LLC] = "LLC",
	[WS_MEMORY] = "memory",
};

static const char *const pop_names[PF_NR_POPULATIONS] = {
	[PF_SMALL] = "small", [PF_HEADS] = "head", [PF_TAILS] = "tail",
	[PF_MIXED] = "mixed",
};

static const char *const lowering_names[PF_NR_LOWERINGS] = {
	[PF_AUTO] = "auto", [PF_BRANCH] = "branch", [PF_SELECT] = "select",
};

static const char *const source_names[NR_SOURCES] = {
	[SOURCE_OWN] = "own", [SOURCE_ANON] = "anon", [SOURCE_THP] = "thp",
	[SOURCE_HUGETLB] = "hugetlb", [SOURCE_FAKE] = "fake",
	[SOURCE_FILE] = "file",
};

const char *working_set_name(enum working_set ws)
{
	return ws_names[ws];
}

const char *lowering_name(enum pf_lowering how)
{
	return lowering_names[how];
}

const char *source_name(enum page_source source)
{
	return source_names[source];
}

void population_name(const struct point *p, char *buf)
{
	if (p->population == PF_MIXED)
		snprintf(buf, POPULATION_NAME_MAX, "mixed:%u", p->tails);
	else
		snprintf(buf, POPULATION_NAME_MAX, "%s",
			 pop_names[p->population]);
}

void point_name(const struct point *p, char *name)
{
	char pop[POPULATION_NAME_MAX];
	int n;

	population_name(p, pop);
	n = snprintf(name, POINT_NAME_MAX, "%s/%s/%s/%s/%s",
		     pf_accessors[p->accessor].name,
		     pf_generations[p->generation].name, pop, ws_names[p->ws],
		     point_is_latency(p) ? "latency" : "throughput");
	if (p->lowering != PF_AUTO)
		n += snprintf(name + n, POINT_NAME_MAX - n, "/%s",
			      lowering_names[p->lowering]);
	if (p->form == PF_THROUGHPUT_COND)
		n += snprintf(name + n, POINT_NAME_MAX - n, "/cond");
	if (p->shuffled)
		n += snprintf(name + n, POINT_NAME_MAX - n, "/shuffled");
	if (p->order && p->order != PF_DEFAULT_ORDER)
		n += snprintf(name + n, POINT_NAME_MAX - n, "/order:%u",
			      p->order);
	if (p->source != SOURCE_OWN)
		snprintf(name + n, POINT_NAME_MAX - n, "/%s",
			 source_names[p->source]);
}

/* Tests that write nothing, on what such memory is made of. */
static bool source_exists(const struct point *p, enum pf_kind kind)
{
	if (p->generation != PF_GEN_native || p->order ||
	    pf_accessors[p->accessor].policy == PF_POLICY_PRIMITIVE ||
	    !PF_ONLY_READS(kind))
		return false;
	switch (p->source) {
	case SOURCE_ANON:
		return p->population == PF_SMALL;
	case SOURCE_FAKE:
		return p->population == PF_TAILS;
	case SOURCE_FILE:
		return p->population != PF_MIXED;
	default:
		return p->population == PF_HEADS || p->population == PF_TAILS;
	}
}

bool point_exists(const struct point *p)
{
	enum pf_kind kind;
	enum pf_policy policy;

	if (p->accessor >= PF_NR_ACCESSORS ||
	    p->generation >= PF_NR_GENERATIONS ||
	    p->lowering >= PF_NR_LOWERINGS || p->form >= PF_NR_FORMS ||
	    p->population >= PF_NR_POPULATIONS || p->ws >= NR_WORKING_SETS ||
	    p->source >= NR_SOURCES)
		return false;
	kind = pf_accessors[p->accessor].kind;
	policy = pf_accessors[p->accessor].policy;
	if (!pf_has(p->accessor, p->generation, p->lowering))
		return false;
	if (p->form == PF_THROUGHPUT_COND && !PF_IS_TEST(kind))
		return false;
	if (p->population == PF_MIXED ? p->tails > 100 : p->tails != 0)
		return false;
	if (p->source != SOURCE_OWN) {
		if (!source_exists(p, kind))
			return false;
	} else if (p->population == PF_SMALL ? p->order != 0 :
		   p->order < 1 || p->order > PF_MAX_ORDER) {
		return false;
	}
	/* mixed is always at random: said once */
	if (p->population == PF_MIXED && p->shuffled)
		return false;
	/* a folio is no tail */
	if (policy == PF_POLICY_FOLIO && p->population != PF_SMALL &&
	    p->population != PF_HEADS)
		return false;
	if (kind == PF_UNPREDICTABLE)
		return p->population == PF_MIXED;
	if (policy == PF_POLICY_PRIMITIVE)
		return p->population == PF_SMALL ||
			(p->population == PF_MIXED && kind != PF_PREDICTED);
	return true;
}

bool point_equal(const struct point *a, const struct point *b)
{
	return !point_compare(a, b);
}

int point_compare(const struct point *p, const struct point *q)
{
	const int d[] = {
		p->accessor - q->accessor, p->generation - q->generation,
		p->lowering - q->lowering, p->form - q->form,
		p->population - q->population, (int)p->tails - (int)q->tails,
		p->ws - q->ws, p->shuffled - q->shuffled,
		(int)p->order - (int)q->order, p->source - q->source,
	};

	for (size_t i = 0; i < sizeof(d) / sizeof(*d); i++)
		if (d[i])
			return d[i];
	return 0;
}

struct point point_empty(const struct point *p)
{
	struct point empty = *p;

	empty.accessor = PF_ACC_empty;
	if (p->generation != PF_GEN_native)
		empty.generation = PF_GEN_primitive;
	empty.lowering = PF_AUTO;
	if (empty.form == PF_THROUGHPUT_COND)
		empty.form = PF_THROUGHPUT;
	return empty;
}

uint64_t point_group_key(const struct point *p)
{
	unsigned int accessor = p->accessor;
	uint64_t key;

	if (p->generation == PF_GEN_primitive)
		accessor = PF_NR_ACCESSORS;
	key = accessor;
	key = key << 4 | p->form;
	key = key << 4 | p->population;
	key = key << 8 | p->tails;
	key = key << 4 | p->ws;
	key = key << 1 | p->shuffled;
	key = key << 4 | p->source;
	return key << 8 | p->order;
}

/* The next part of a name, without its slash; false at the end. */
static bool next_part(const char **name, char *part, size_t size)
{
	size_t n = strcspn(*name, "/");

	if (!**name)
		return false;
	snprintf(part, size, "%.*s", (int)n, *name);
	*name += n;
	if (**name == '/')
		(*name)++;
	return true;
}

/* A decimal number of at most three digits, and nothing behind it. */
static bool parse_small(const char *s, unsigned int *value)
{
	size_t n = strspn(s, "0123456789");

	if (n < 1 || n > 3 || s[n] || (s[0] == '0' && n > 1))
		return false;
	*value = strtoul(s, NULL, 10);
	return true;
}

static bool parse_population(const char *part, struct point *p)
{
	for (int i = 0; i < PF_MIXED; i++) {
		if (!strcmp(part, pop_names[i])) {
			p->population = i;
			return true;
		}
	}
	p->population = PF_MIXED;
	return !strncmp(part, "mixed:", 6) && parse_small(part + 6, &p->tails) &&
		p->tails <= 100;
}

static bool parse_source(const char *part, struct point *p)
{
	for (int i = SOURCE_OWN + 1; i < NR_SOURCES; i++) {
		if (!strcmp(part, source_names[i])) {
			p->source = i;
			return true;
		}
	}
	return false;
}

static int known_accessor(const char *part, struct point *p, struct errmsg *msg)
{
	for (int i = 0; i < PF_NR_ACCESSORS; i++) {
		if (!strcmp(part, pf_accessors[i].name)) {
			p->accessor = i;
			return 0;
		}
	}
	return errmsg_set(msg, -EINVAL,
		       "no accessor '%s' (see 'pfbench list --all')", part);
}

static int known_generation(const char *part, struct point *p, struct errmsg *msg)
{
	for (int i = 0; i < PF_NR_GENERATIONS; i++) {
		if (!strcmp(part, pf_generations[i].name)) {
			p->generation = i;
			return 0;
		}
	}
	return errmsg_set(msg, -EINVAL,
		       "no generation '%s' (plain, v4.4-word, v7.1-mask, ...; see 'pfbench list --all')",
		       part);
}

static int known_working_set(const char *part, struct point *p,
			     struct errmsg *msg)
{
	for (int i = 0; i < NR_WORKING_SETS; i++) {
		if (!strcmp(part, ws_names[i])) {
			p->ws = i;
			return 0;
		}
	}
	return errmsg_set(msg, -EINVAL,
		       "no working set '%s' (hot, L2, LLC, memory)", part);
}

int point_parse(const char *name, struct point *p, struct errmsg *msg)
{
	static const char *const missing[] = {
		"an accessor", "a generation", "a population", "a working set",
		"a mode (throughput or latency)",
	};
	const char *rest = name;
	char part[POINT_NAME_MAX], again[POINT_NAME_MAX];
	int ret = 0;

	memset(p, 0, sizeof(*p));
	p->order = PF_DEFAULT_ORDER;
	for (int i = 0; i < 5; i++) {
		if (!next_part(&rest, part, sizeof(part)))
			return errmsg_set(msg, -EINVAL,
				       "'%.100s': %s is missing (ACCESSOR/GENERATION/POPULATION/WORKINGSET/MODE)",
				       name, missing[i]);
		switch (i) {
		case 0:
			ret = known_accessor(part, p, msg);
			break;
		case 1:
			ret = known_generation(part, p, msg);
			break;
		case 2:
			if (!parse_population(part, p))
				ret = errmsg_set(msg, -EINVAL,
					      "no population '%s' (small, head, tail, mixed:0 to mixed:100)",
					      part);
			break;
		case 3:
			ret = known_working_set(part, p, msg);
			break;
		case 4:
			if (!strcmp(part, "latency"))
				p->form = PF_LATENCY;
			else if (strcmp(part, "throughput"))
				ret = errmsg_set(msg, -EINVAL,
					      "no mode '%s' (throughput, latency)",
					      part);
			break;
		}
		if (ret)
			return ret;
	}
	if (p->population == PF_SMALL)
		p->order = 0;
	while (next_part(&rest, part, sizeof(part))) {
		if (!strcmp(part, "branch"))
			p->lowering = PF_BRANCH;
		else if (!strcmp(part, "select"))
			p->lowering = PF_SELECT;
		else if (!strcmp(part, "cond") && p->form == PF_THROUGHPUT)
			p->form = PF_THROUGHPUT_COND;
		else if (!strcmp(part, "shuffled"))
			p->shuffled = true;
		else if (parse_source(part, p))
			p->order = 0;
		else if (strncmp(part, "order:", 6) ||
			 !parse_small(part + 6, &p->order) ||
			 p->order < 1 || p->order > PF_MAX_ORDER)
			return errmsg_set(msg, -EINVAL,
				       "'%.100s': unknown part '%s' (branch, select, cond, shuffled, order:1 to order:%d, anon, thp, hugetlb, fake, file)",
				       name, part, PF_MAX_ORDER);
	}
	if (!point_exists(p))
		return errmsg_set(msg, -EINVAL,
			       "'%.100s' has no entry in the catalog (see 'pfbench list --all')",
			       name);
	/* one point, one name: parts out of order or said twice are another */
	point_name(p, again);
	if (strcmp(name, again))
		return errmsg_set(msg, -EINVAL, "'%.100s' is written '%s'", name,
			       again);
	return 0;
}

/* A growing array of points. */
struct set {
	struct point *point;
	size_t nr, max;
	int err;
	bool native;		/* may have those, too */
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
	if (s->nr == s->max) {
		s->max = s->max ? 2 * s->max : 1024;
		grown = realloc(s->point, s->max * sizeof(*grown));
		if (!grown) {
			s->err = -ENOMEM;
			return;
		}
		s->point = grown;
	}
	s->point[s->nr++] = p;
}

static long set_done(struct set *s, struct point **points)
{
	if (s->err) {
		free(s->point);
		return s->err;
	}
	*points = s->point;
	return s->nr;
}

/* Every generation that has it, as the compiler likes or in all lowerings. */
static void add_generations(struct set *s, struct point p, bool lowerings)
{
	for (int g = 0; g < PF_NR_GENERATIONS; g++) {
		const struct pf_generation_info *info = &pf_generations[g];

		if (info->era == PF_ERA_SELFTEST)
			continue;
		/* what is a bit operation is measured once, as plain */
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

static void add_default(struct set *s)
{
	static const enum pf_population pops[] = { PF_SMALL, PF_HEADS,
						   PF_TAILS };
	static const unsigned int shares[] = { 0, 5, 10, 25, 50, 75, 90, 95,
					       100 };
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY };
	static const enum pf_generation ws_gens[] = {
		PF_GEN_plain, PF_GEN_v3_14_rmb, PF_GEN_v4_4_word,
		PF_GEN_v5_18_fakehead, PF_GEN_v7_1_mask,
	};
	static const enum pf_accessor short_list[] = {
		PF_ACC_compound_head, PF_ACC_SetPageDirty,
	};
	size_t i, f;

	for (f = 0; f < 2; f++) {
		struct point p = { .form = forms[f],
				   .accessor = PF_ACC_PageLocked };

		for (i = 0; i < 3; i++) {
			p.population = pops[i];
			add_generations(s, p, true);
		}
		p.population = PF_MIXED;
		for (i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
			p.tails = shares[i];
			if (p.form == PF_THROUGHPUT || p.tails == 50)
				add_generations(s, p, true);
		}
		for (i = 0; i < 2; i++) {
			p = (struct point){ .form = forms[f],
					    .accessor = short_list[i] };
			add_generations(s, p, false);
			p.population = PF_TAILS;
			add_generations(s, p, false);
		}
		p = (struct point){ .form = forms[f],
				    .generation = PF_GEN_v7_1_mask,
				    .accessor = PF_ACC_folio_test_locked };
		set_add(s, p);
		p.generation = PF_GEN_native;
		set_add(s, p);
		for (i = PF_ACC_load; i < PF_ACC_add1; i++) {
			p = (struct point){ .form = forms[f], .accessor = i,
					    .generation = PF_GEN_primitive };
			if (i == PF_ACC_branch_unpredictable) {
				p.population = PF_MIXED;
				p.tails = 50;
			}
			set_add(s, p);
		}
	}
	for (int ws = 0; ws < NR_WORKING_SETS; ws++) {
		for (i = 0; i < sizeof(ws_gens) / sizeof(*ws_gens); i++)
			set_add(s, (struct point){
				.accessor = PF_ACC_PageLocked,
				.generation = ws_gens[i],
				.population = PF_TAILS, .ws = ws,
				.form = PF_LATENCY, .shuffled = true });
	}
}

/* All forms and lowerings that an entry of the catalog has, over @p. */
static void add_all_forms(struct set *s, struct point p)
{
	for (int l = 0; l < PF_NR_LOWERINGS; l++) {
		for (int f = 0; f < PF_NR_FORMS; f++) {
			p.lowering = l;
			p.form = f;
			set_add(s, p);
		}
	}
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
		for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
			p.tails = shares[i];
			if (ws == WS_HOT || p.tails == 50)
				add_all_forms(s, p);
		}
	}
	/* other compound orders where they matter most: in L1 */
	p.ws = WS_HOT;
	p.shuffled = false;
	p.tails = 0;
	for (p.source = SOURCE_OWN + 1; p.source < NR_SOURCES; p.source++) {
		for (p.population = 0; p.population < PF_MIXED; p.population++)
			add_all_forms(s, p);
	}
	p.source = SOURCE_OWN;
	for (p.order = 1; p.order <= PF_MAX_ORDER; p.order++) {
		if (p.order == PF_DEFAULT_ORDER)
			continue;
		p.population = PF_HEADS;
		add_all_forms(s, p);
		p.population = PF_TAILS;
		add_all_forms(s, p);
	}
}

/* Every population that a path through an accessor can depend on. */
static void add_counted_populations(struct set *s, struct point p)
{
	for (int pop = 0; pop < PF_NR_POPULATIONS; pop++) {
		p.population = pop;
		p.tails = pop == PF_MIXED ? 50 : 0;
		add_all_forms(s, p);
	}
}

/* What @add adds of every entry of the catalog. */
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
	return set_done(&s, points);
}

int point_parse_accessor(const char *name, enum pf_accessor *acc)
{
	int a;

	for (a = 0; a < PF_NR_ACCESSORS; a++) {
		if (!strcmp(name, pf_accessors[a].name)) {
			*acc = a;
			return 0;
		}
	}
	return -1;
}
