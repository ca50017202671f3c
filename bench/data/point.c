// SPDX-License-Identifier: GPL-2.0
/* Points: names, order and groups. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/names.h"
#include "data/point.h"
#include "data/sequence.h"

static const char *const ws_names[NR_WORKING_SETS] = {
	[WS_HOT] = "hot", [WS_L2] = "L2", [WS_LLC] = "LLC",
	[WS_MEMORY] = "memory",
};

static const char *const pop_names[PF_NR_POPULATIONS] = {
	[PF_SMALL] = "small", [PF_HEADS] = "head", [PF_TAILS] = "tail",
	[PF_MIXED] = "mixed", [PF_RUNS] = "runs",
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

const char *population_kind_name(enum pf_population population)
{
	return pop_names[population];
}

const char *lowering_name(enum pf_lowering lowering)
{
	return lowering_names[lowering];
}

const char *source_name(enum page_source source)
{
	return source_names[source];
}

void population_name(const struct point *p, char *buf)
{
	if (p->replay)
		snprintf(buf, POPULATION_NAME_MAX, "replay:%s",
			 sequence_get(p->replay)->name);
	else if (p->population == PF_MIXED)
		snprintf(buf, POPULATION_NAME_MAX, "mixed:%u", p->tails);
	else
		snprintf(buf, POPULATION_NAME_MAX, "%s",
			 pop_names[p->population]);
}

void pages_name(const struct point *p, char *buf)
{
	size_t n;

	population_name(p, buf);
	n = strlen(buf);
	if (p->source != SOURCE_OWN)
		snprintf(buf + n, POPULATION_NAME_MAX - n, "/%s",
			 source_names[p->source]);
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
		n += snprintf(name + n, POINT_NAME_MAX - n, "/%s",
			      source_names[p->source]);
	if (p->cold_tail)
		n += snprintf(name + n, POINT_NAME_MAX - n, "/cold-tail");
	point_threads_name(p, name + n, POINT_NAME_MAX - n);
}

/* Other sources have read-only points, in the populations of such memory. */
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
		return p->population < PF_MIXED;
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
	if (point_threads_check(p))
		return false;
	if (p->form == PF_THROUGHPUT_COND && !PF_IS_TEST(kind))
		return false;
	if (p->population == PF_MIXED ? p->tails > 100 : p->tails != 0)
		return false;
	/* the sequence has the shares, and is longer than other lists */
	if (p->replay &&
	    (p->population != PF_MIXED || p->tails || p->ws != WS_HOT ||
	     p->threading || p->replay > SEQUENCE_MAX))
		return false;
	if (p->source != SOURCE_OWN) {
		if (!source_exists(p, kind))
			return false;
	} else if (p->population == PF_SMALL ? p->order != 0 :
		   p->order < 1 || p->order > PF_MAX_ORDER) {
		return false;
	}
	/* between two visits the lines of page[1] are flushed, those alone */
	if (p->cold_tail &&
	    (p->population != PF_HEADS || p->ws != WS_HOT || p->shuffled ||
	     p->threading || p->source != SOURCE_OWN ||
	     p->generation == PF_GEN_native))
		return false;
	/* mixed is always visited at random, runs never */
	if (p->population >= PF_MIXED && p->shuffled)
		return false;
	/*
	 * The folios of a memdesc share cache lines with struct pages of 64
	 * bytes: in the L1 cache alone that changes nothing.
	 */
	if (pf_generations[p->generation].era == PF_ERA_MEMDESC &&
	    p->ws != WS_HOT)
		return false;
	/* a folio is never a tail */
	if ((policy == PF_POLICY_FOLIO || policy == PF_POLICY_REF) &&
	    p->population != PF_SMALL && p->population != PF_HEADS)
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
		(int)p->replay - (int)q->replay, p->ws - q->ws, p->shuffled - q->shuffled,
		(int)p->order - (int)q->order, p->source - q->source,
		p->cold_tail - q->cold_tail,
		p->threading - q->threading, p->one_page - q->one_page,
		(int)p->threads - (int)q->threads, p->pair - q->pair,
	};

	for (size_t i = 0; i < sizeof(d) / sizeof(*d); i++)
		if (d[i])
			return d[i];
	return 0;
}

int point_compare_columns(const struct point *p, const struct point *q)
{
	const int d[] = {
		p->form - q->form, p->population - q->population,
		(int)p->tails - (int)q->tails,
		(int)p->replay - (int)q->replay, p->ws - q->ws,
		p->shuffled - q->shuffled, p->source - q->source,
		(int)p->order - (int)q->order, p->cold_tail - q->cold_tail,
		p->threading - q->threading, p->one_page - q->one_page,
		(int)p->threads - (int)q->threads, p->pair - q->pair,
	};

	for (size_t i = 0; i < sizeof(d) / sizeof(*d); i++)
		if (d[i])
			return d[i];
	return 0;
}

bool point_is_default(const struct point *p)
{
	return p->ws == WS_HOT && !p->shuffled && p->source == SOURCE_OWN &&
		!p->threading && !p->cold_tail &&
		(p->order == 0 || p->order == PF_DEFAULT_ORDER);
}

struct point point_empty(const struct point *p)
{
	struct point empty = *p;

	empty.accessor = PF_ACC_empty;
	if (p->generation != PF_GEN_native)
		empty.generation = PF_GEN_primitive;
	empty.lowering = PF_AUTO;
	empty.threading = THREADS_NONE;
	empty.threads = 0;
	empty.pair = PAIR_NONE;
	empty.one_page = false;
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
	key = key << 7 | p->tails;
	key = key << 5 | p->replay;
	key = key << 4 | p->ws;
	key = key << 1 | p->shuffled;
	key = key << 4 | p->source;
	key = key << 8 | p->order;
	key = key << 1 | p->cold_tail;
	key = key << 3 | p->threading;
	key = key << 10 | p->threads;
	key = key << 3 | p->pair;
	return key << 1 | p->one_page;
}

unsigned long point_counted_pages(const struct point *p)
{
	unsigned long heads = POINT_COUNTED_PAGES >> p->order;

	return p->population == PF_HEADS ? heads :
		p->population == PF_TAILS ? POINT_COUNTED_PAGES - heads :
		POINT_COUNTED_PAGES;
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

/* A decimal number of at most three digits, and nothing after it. */
static bool parse_small(const char *s, unsigned int *value)
{
	size_t n = strspn(s, "0123456789");

	if (n < 1 || n > 3 || s[n] || (s[0] == '0' && n > 1))
		return false;
	*value = strtoul(s, NULL, 10);
	return true;
}

/* The index of @part in @names; -1: not there. */
static int part_index(const char *part, const char *const *names, int nr)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(part, names[i]))
			return i;
	return -1;
}

int point_parse_accessor(const char *name, enum pf_accessor *acc)
{
	for (int a = 0; a < PF_NR_ACCESSORS; a++) {
		if (!strcmp(name, pf_accessors[a].name)) {
			*acc = a;
			return 0;
		}
	}
	return -1;
}

static int set_accessor(const char *part, struct point *p, struct errmsg *msg)
{
	return names_accessor(part, &p->accessor, msg);
}

static int set_generation(const char *part, struct point *p,
			  struct errmsg *msg)
{
	return names_generation(part, PF_NR_GENERATIONS, &p->generation, msg);
}

static int set_population(const char *part, struct point *p,
			  struct errmsg *msg)
{
	return names_population(part, &p->population, &p->tails, &p->replay,
				msg);
}

static int set_working_set(const char *part, struct point *p,
			   struct errmsg *msg)
{
	int i = part_index(part, ws_names, NR_WORKING_SETS);

	p->ws = i;
	return i >= 0 ? 0 : errmsg_set(msg, -EINVAL,
				       "no working set '%s' (hot, L2, LLC, memory)", part);
}

static int set_mode(const char *part, struct point *p, struct errmsg *msg)
{
	if (!strcmp(part, "latency"))
		p->form = PF_LATENCY;
	else if (strcmp(part, "throughput"))
		return errmsg_set(msg, -EINVAL,
				  "no mode '%s' (throughput, latency)", part);
	return 0;
}

/* The parts that every name has, in their order. */
static const struct {
	const char *what;
	int (*set)(const char *part, struct point *p, struct errmsg *msg);
} required_parts[] = {
	{ "an accessor", set_accessor },
	{ "a generation", set_generation },
	{ "a population", set_population },
	{ "a working set", set_working_set },
	{ "a mode (throughput or latency)", set_mode },
};

/* A part after the required ones. */
static bool set_optional_part(const char *part, struct point *p)
{
	int source;

	if (!strcmp(part, "branch")) {
		p->lowering = PF_BRANCH;
	} else if (!strcmp(part, "select")) {
		p->lowering = PF_SELECT;
	} else if (!strcmp(part, "cond") && p->form == PF_THROUGHPUT) {
		p->form = PF_THROUGHPUT_COND;
	} else if (!strcmp(part, "shuffled")) {
		p->shuffled = true;
	} else if (!strcmp(part, "cold-tail")) {
		p->cold_tail = true;
	} else if (!strncmp(part, "order:", 6)) {
		return parse_small(part + 6, &p->order) && p->order >= 1 &&
			p->order <= PF_MAX_ORDER;
	} else if (!point_threads_parse(part, p)) {
		source = part_index(part, source_names, NR_SOURCES);
		if (source <= SOURCE_OWN)
			return false;
		p->source = source;
		p->order = 0;
	}
	return true;
}

int point_parse(const char *name, struct point *p, struct errmsg *msg)
{
	const char *rest = name;
	char part[POINT_NAME_MAX], canonical[POINT_NAME_MAX];
	int ret;

	memset(p, 0, sizeof(*p));
	p->order = PF_DEFAULT_ORDER;
	for (size_t i = 0; i < sizeof(required_parts) /
			       sizeof(*required_parts); i++) {
		if (!next_part(&rest, part, sizeof(part)))
			return errmsg_set(msg, -EINVAL,
					  "'%.100s': %s is missing (ACCESSOR/GENERATION/POPULATION/WORKINGSET/MODE)",
					  name, required_parts[i].what);
		ret = required_parts[i].set(part, p, msg);
		if (ret)
			return ret;
	}
	if (p->population == PF_SMALL)
		p->order = 0;
	while (next_part(&rest, part, sizeof(part)))
		if (!set_optional_part(part, p))
			return errmsg_set(msg, -EINVAL,
					  "'%.100s': unknown part '%s' (branch, select, cond, shuffled, order:1 to order:%d, anon, thp, hugetlb, fake, file, cold-tail, one-page, shared:N, private:N, reader:N, reader-ref:N)",
					  name, part, PF_MAX_ORDER);
	if (names_check(p->accessor, p->generation, p->lowering, msg))
		return -EINVAL;
	if (point_threads_check(p))
		return errmsg_set(msg, -EINVAL, "'%.100s': %s", name,
				  point_threads_check(p));
	if (!point_exists(p))
		return errmsg_set(msg, -EINVAL,
				  "'%.100s' does not exist: not all parts go together (see pfbench-points(7))",
				  name);
	/* one point, one name: reordered or repeated parts are refused */
	point_name(p, canonical);
	if (strcmp(name, canonical))
		return errmsg_set(msg, -EINVAL, "'%.100s' is written '%s'",
				  name, canonical);
	return 0;
}
