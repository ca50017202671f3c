// SPDX-License-Identifier: GPL-2.0
/* Names of points: writing, reading, the sets of points and refused names. */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/point.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))

struct sets {
	struct point *all, *standard;
	long nr_all, nr_standard;
};

static int get_sets(void **state)
{
	static struct sets s;

	s.nr_all = points_of(POINTS_ALL, &s.all, true);
	s.nr_standard = points_of(POINTS_DEFAULT, &s.standard, true);
	*state = &s;
	return s.nr_all <= 0 || s.nr_standard <= 0;
}

static int put_sets(void **state)
{
	struct sets *s = *state;

	free(s->all);
	free(s->standard);
	return 0;
}

static bool known(const char *name)
{
	struct point p;

	return !point_parse(name, &p, NULL);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static char (*sorted_names(const struct point *p, long nr))[POINT_NAME_MAX]
{
	char (*names)[POINT_NAME_MAX] = calloc(nr, POINT_NAME_MAX);

	assert_non_null(names);
	for (long i = 0; i < nr; i++)
		point_name(&p[i], names[i]);
	qsort(names, nr, POINT_NAME_MAX, by_name);
	return names;
}

/* Each point exists, and its name is read back as the same point. */
static void round_trip(const struct point *set, long nr)
{
	for (long i = 0; i < nr; i++) {
		char name[POINT_NAME_MAX], again[POINT_NAME_MAX];
		struct errmsg msg = { "" };
		struct point p;

		memset(name, '#', sizeof(name));
		point_name(&set[i], name);
		if (!point_exists(&set[i]))
			fail_msg("%s is in a set but does not exist", name);
		if (point_parse(name, &p, &msg))
			fail_msg("%s: %s", name, msg.text);
		point_name(&p, again);
		if (strcmp(name, again) || !point_equal(&set[i], &p) ||
		    !point_same_group(&set[i], &p))
			fail_msg("%s was read back as %s", name, again);
		if (p.accessor != set[i].accessor ||
		    p.generation != set[i].generation ||
		    p.lowering != set[i].lowering || p.form != set[i].form ||
		    p.population != set[i].population ||
		    p.tails != set[i].tails || p.ws != set[i].ws ||
		    p.shuffled != set[i].shuffled || p.order != set[i].order)
			fail_msg("%s was read back with another field", name);
		/* leaves room for a long host or event name */
		assert_true(strlen(name) < 100);
		for (const char *c = name; *c; c++)
			if (!isalnum((unsigned char)*c) && !strchr("/.:_-", *c))
				fail_msg("%s has a %#x in it", name, *c);
	}
}

static void unique(const struct point *set, long nr)
{
	char (*names)[POINT_NAME_MAX] = sorted_names(set, nr);

	for (long i = 1; i < nr; i++)
		if (!strcmp(names[i - 1], names[i]))
			fail_msg("%s is there twice", names[i]);
	free(names);
}

static void all_of_them(void **state)
{
	struct sets *s = *state;

	round_trip(s->all, s->nr_all);
	unique(s->all, s->nr_all);
}

static void standard_set(void **state)
{
	struct sets *s = *state;
	char (*names)[POINT_NAME_MAX] = sorted_names(s->all, s->nr_all);

	round_trip(s->standard, s->nr_standard);
	unique(s->standard, s->nr_standard);
	assert_true(s->nr_standard < s->nr_all / 10);
	for (long i = 0; i < s->nr_standard; i++) {
		char name[POINT_NAME_MAX];

		point_name(&s->standard[i], name);
		if (!bsearch(name, names, s->nr_all, POINT_NAME_MAX, by_name))
			fail_msg("%s is not among all points", name);
	}
	free(names);
}

/* The set of all points has each combination of its values that exists. */
static void all_is_all(void **state)
{
	struct sets *s = *state;
	long nr = 0, in_set = 0;

	for (int a = 0; a < PF_NR_ACCESSORS; a++)
		for (int g = 0; g < PF_NR_GENERATIONS; g++)
			for (int l = 0; l < PF_NR_LOWERINGS; l++)
				/* points of the selftest are in no set */
				nr += pf_generations[g].era != PF_ERA_SELFTEST &&
					pf_has(a, g, l);
	for (long i = 0; i < s->nr_all; i++) {
		const struct point *p = &s->all[i];

		/* one per entry of the catalog */
		in_set += p->form == PF_LATENCY && p->ws == WS_HOT &&
			!p->shuffled && p->source == SOURCE_OWN &&
			(p->accessor == PF_ACC_branch_unpredictable ?
			 p->population == PF_MIXED && p->tails == 50 :
			 p->population == PF_SMALL);
	}
	assert_int_equal(in_set, nr);
}

/*
 * The message has the wrong part of the name. NULL: any message will do.
 */
static const struct {
	const char *name, *part;
} bad[] = {
	{ "", "accessor" },
	{ "/", "accessor" },
	{ "//////", "accessor" },
	{ " PageLocked/plain/tail/hot/latency", "' PageLocked'" },
	{ "PageLoked/plain/tail/hot/latency", "'PageLoked'" },
	{ "pagelocked/plain/tail/hot/latency", "'pagelocked'" },
	{ "PageLocked", "generation" },
	{ "PageLocked/", "generation" },
	{ "PageLocked/v4.4/tail/hot/latency", "'v4.4'" },
	{ "PageLocked/v4.4-word /tail/hot/latency", "'v4.4-word '" },
	{ "PageLocked//tail/hot/latency", "generation" },
	{ "PageLocked/plain", "population" },
	{ "PageLocked/plain/tails/hot/latency", "'tails'" },
	{ "PageLocked/plain/mixed/hot/latency", "'mixed'" },
	{ "PageLocked/plain/mixed:/hot/latency", "'mixed:'" },
	{ "PageLocked/plain/mixed:101/hot/latency", "'mixed:101'" },
	{ "PageLocked/plain/mixed:007/hot/latency", "'mixed:007'" },
	{ "PageLocked/plain/mixed:00/hot/latency", "'mixed:00'" },
	{ "PageLocked/plain/mixed:-1/hot/latency", "'mixed:-1'" },
	{ "PageLocked/plain/mixed:+5/hot/latency", "'mixed:+5'" },
	{ "PageLocked/plain/mixed:5%/hot/latency", "'mixed:5%'" },
	{ "PageLocked/plain/mixed: 5/hot/latency", "'mixed: 5'" },
	{ "PageLocked/plain/mixed:5.0/hot/latency", "'mixed:5.0'" },
	{ "PageLocked/plain/mixed:0x5/hot/latency", "'mixed:0x5'" },
	{ "PageLocked/plain/mixed:4294967301/hot/latency", "'mixed:4294967301'" },
	{ "PageLocked/plain/tail", "working set" },
	{ "PageLocked/plain/tail/", "working set" },
	{ "PageLocked/plain/tail/L1/latency", "'L1'" },
	{ "PageLocked/plain/tail/l2/latency", "'l2'" },
	{ "PageLocked/plain/tail/hot", "mode" },
	{ "PageLocked/plain/tail/hot/", "mode" },
	{ "PageLocked/plain/tail/hot/fast", "'fast'" },
	{ "PageLocked/plain/tail/hot/latency/fast", "'fast'" },
	{ "PageLocked/plain/tail/hot/latency/", NULL },
	{ "PageLocked/plain/tail/hot/latency//", NULL },
	{ "PageLocked/plain/tail/hot/throughput//cond", NULL },
	{ "PageLocked/plain/tail/hot/latency/order:10", "'order:10'" },
	{ "PageLocked/plain/tail/hot/latency/order:02", "order:02" },
	{ "PageLocked/plain/tail/hot/latency/order:0", "'order:0'" },
	{ "PageLocked/plain/tail/hot/latency/order:", "order:" },
	{ "PageLocked/plain/tail/hot/latency/order:9x", "order:9x" },
	{ "PageLocked/plain/tail/hot/latency/order:-1", "order:-1" },
	{ "PageLocked/plain/tail/hot/latency/order:1000000", "order:1000000" },
	/* defaults and repeated parts */
	{ "PageLocked/plain/tail/hot/latency/order:2", "'PageLocked/plain/tail/hot/latency'" },
	{ "PageLocked/plain/tail/hot/latency/auto", "'auto'" },
	{ "PageLocked/plain/tail/hot/latency/shuffled/shuffled", "latency/shuffled'" },
	{ "PageLocked/v4.4-word/tail/hot/latency/branch/select", NULL },
	{ "PageLocked/v4.4-word/tail/hot/throughput/throughput", "'throughput'" },
	/* parts in another order */
	{ "PageLocked/v4.4-word/tail/hot/throughput/cond/select", "select/cond'" },
	{ "PageLocked/v4.4-word/tail/hot/latency/shuffled/select", "select/shuffled'" },
	{ "PageLocked/plain/tail/hot/latency/order:9/shuffled", "shuffled/order:9'" },
	{ "PageLocked/plain/head/hot/latency/cold-tail/order:9", "order:9/cold-tail'" },
	{ "v4.4-word/PageLocked/tail/hot/latency", "'v4.4-word'" },
	{ "PageLocked/v4.4-word/hot/tail/latency", "'hot'" },
	/* no such combination */
	{ "PageLocked/plain/small/hot/latency/order:3", NULL },
	{ "PageLocked/plain/tail/hot/latency/cond", "'cond'" },
	{ "SetPageDirty/plain/tail/hot/throughput/cond", "SetPageDirty" },
	{ "PageLocked/plain/tail/hot/latency/branch", "PageLocked/plain" },
	{ "PageLocked/v7.1-mask/tail/hot/latency/select", "v7.1-mask" },
	{ "PageLocked/plain/mixed:50/hot/latency/shuffled", "shuffled" },
	{ "PageLocked/plain/tail/hot/latency/cold-tail", "cold-tail" },
	{ "PageLocked/plain/head/L2/latency/cold-tail", "cold-tail" },
	{ "PageLocked/plain/head/hot/latency/shuffled/cold-tail", "cold-tail" },
	{ "PageLocked/native/head/hot/latency/cold-tail", "cold-tail" },
	{ "PageLocked/plain/head/hot/throughput/cold-tail/shared:2", "cold-tail" },
	{ "compound_head/plain/tail/hot/latency", "compound_head/plain" },
	{ "folio_test_locked/v7.1-mask/tail/hot/latency", "folio_test_locked" },
	{ "folio_test_locked/v7.1-mask/mixed:0/hot/latency", "folio_test_locked" },
	{ "PageLocked/primitive/small/hot/latency", "PageLocked/primitive" },
	{ "load/plain/small/hot/latency", "load/plain" },
	{ "load/primitive/tail/hot/latency", "load/primitive" },
	{ "branch_unpredictable/primitive/small/hot/latency", "branch_unpredictable" },
	{ "branch_predicted/primitive/mixed:50/hot/latency", "branch_predicted" },
	/* control characters do not reach a terminal */
	{ "Page\033[2JLocked/plain/tail/hot/latency", "Page?[2JLocked" },
	{ "PageLocked/plain/tail/hot/latency\n", NULL },
	{ "PageLocked/pl\nain/tail/hot/latency", "'pl?ain'" },
	{ "PageLocked/plain/\t/hot/latency", "'?'" },
	{ "PageLocked/plain/tail/hot/latency/\a", "'?'" },
	{ "%s%n/%s%n/tail/hot/latency", "'%s%n'" },
};

static void refused(const char *name, const char *part)
{
	struct errmsg msg = { "" };
	struct point p;
	int err = point_parse(name, &p, &msg);

	if (err != -EINVAL)
		fail_msg("'%.100s' is accepted: %d", name, err);
	if (!msg.text[0])
		fail_msg("'%.100s' is refused without a word", name);
	for (const char *c = msg.text; *c; c++)
		if (iscntrl((unsigned char)*c))
			fail_msg("'%.100s': a control character in \"%s\"",
				 name, msg.text);
	if (part && !strstr(msg.text, part))
		fail_msg("'%.100s': \"%s\" does not say \"%s\"", name,
			 msg.text, part);
	assert_int_equal(point_parse(name, &p, NULL), -EINVAL);
}

static void grammar(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(bad); i++)
		refused(bad[i].name, bad[i].part);
}

/* A name with a part of 10000 characters, in each place. */
static void long_names(void **state)
{
	static const char *const before[] = {
		"", "PageLocked/", "PageLocked/plain/", "PageLocked/plain/tail/",
		"PageLocked/plain/tail/hot/",
		"PageLocked/plain/tail/hot/latency/",
		"PageLocked/plain/tail/hot/latency/order:",
		"PageLocked/plain/mixed:",
	};
	static const char fill[] = "x0/";
	static char name[10100];

	(void)state;
	for (size_t i = 0; i < LEN(before); i++) {
		for (const char *c = fill; *c; c++) {
			size_t n = strlen(before[i]);

			strcpy(name, before[i]);
			memset(name + n, *c, 10000);
			name[n + 10000] = '\0';
			refused(name, NULL);
		}
	}
	/* a valid name followed by more than POINT_NAME_MAX bytes */
	memset(name, ' ', sizeof(name));
	memcpy(name, "PageLocked/plain/tail/hot/latency", 33);
	name[10000] = '\0';
	refused(name, NULL);
}

/* A truncated name is invalid, or names another point. */
static void cut_short(void **state)
{
	static const char whole[] =
		"PageLocked/v4.4-word/mixed:50/hot/throughput/select/cond";
	char name[sizeof(whole)];

	(void)state;
	assert_true(known(whole));
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		memcpy(name, whole, n);
		name[n] = 0;
		if (known(name) &&
		    strcmp(name, "PageLocked/v4.4-word/mixed:50/hot/throughput") &&
		    strcmp(name, "PageLocked/v4.4-word/mixed:50/hot/throughput/select"))
			fail_msg("%s is accepted", name);
	}
}

static void examples(void **state)
{
	struct point p;

	(void)state;
	assert_int_equal(point_parse("PageLocked/v4.4-word/tail/hot/latency",
				     &p, NULL), 0);
	assert_int_equal(p.accessor, PF_ACC_PageLocked);
	assert_int_equal(p.generation, PF_GEN_v4_4_word);
	assert_int_equal(p.population, PF_TAILS);
	assert_int_equal(p.ws, WS_HOT);
	assert_int_equal(p.form, PF_LATENCY);
	assert_int_equal(p.lowering, PF_AUTO);
	assert_int_equal(p.order, 2);
	assert_false(p.shuffled);
	assert_int_equal(point_parse("PageHead/mask-branch/mixed:33/L2/throughput/select/cond/order:9",
				     &p, NULL), -EINVAL);
	assert_int_equal(point_parse("PageUptodate/mask-branch/mixed:33/L2/throughput/select/cond/order:9",
				     &p, NULL), 0);
	assert_int_equal(p.accessor, PF_ACC_PageUptodate);
	assert_int_equal(p.population, PF_MIXED);
	assert_int_equal(p.tails, 33);
	assert_int_equal(p.ws, WS_L2);
	assert_int_equal(p.form, PF_THROUGHPUT_COND);
	assert_int_equal(p.lowering, PF_SELECT);
	assert_int_equal(p.order, 9);
}

/* Points of one group differ in generation and lowering only. */
static void groups(void **state)
{
	struct sets *s = *state;
	unsigned long same = 0;

	for (long i = 0; i < s->nr_standard; i++) {
		for (long j = 0; j < s->nr_standard; j++) {
			const struct point *a = &s->standard[i];
			const struct point *b = &s->standard[j];
			bool primitive = a->generation == PF_GEN_primitive;
			bool alike = a->form == b->form &&
				a->population == b->population &&
				a->tails == b->tails && a->ws == b->ws &&
				a->shuffled == b->shuffled &&
				a->order == b->order &&
				primitive == (b->generation ==
					      PF_GEN_primitive) &&
				(primitive || a->accessor == b->accessor);

			assert_int_equal(point_same_group(a, b), alike);
			assert_int_equal(point_equal(a, b), i == j);
			same += alike && i != j;
		}
	}
	assert_true(same > 0);
}

static int by_key(const void *a, const void *b)
{
	uint64_t x = point_group_key(a), y = point_group_key(b);

	return x < y ? -1 : x > y;
}

/* The same for all points, sorted by key. */
static void keys(void **state)
{
	struct sets *s = *state;
	struct point *p = calloc(s->nr_all, sizeof(*p));

	assert_non_null(p);
	memcpy(p, s->all, s->nr_all * sizeof(*p));
	qsort(p, s->nr_all, sizeof(*p), by_key);
	for (long i = 1; i < s->nr_all; i++) {
		const struct point *a = &p[i - 1], *b = &p[i];

		if (!point_same_group(a, b))
			continue;
		assert_int_equal(a->form, b->form);
		assert_int_equal(a->population, b->population);
		assert_int_equal(a->tails, b->tails);
		assert_int_equal(a->ws, b->ws);
		assert_int_equal(a->shuffled, b->shuffled);
		assert_int_equal(a->order, b->order);
		assert_int_equal(a->generation == PF_GEN_primitive,
				 b->generation == PF_GEN_primitive);
		if (a->generation != PF_GEN_primitive)
			assert_int_equal(a->accessor, b->accessor);
	}
	free(p);
}

/* Does a point of this accessor and generation exist, in any form? */
static bool any(const struct sets *s, const char *accessor,
		const char *generation)
{
	for (long i = 0; i < s->nr_all; i++)
		if (!strcmp(pf_accessors[s->all[i].accessor].name, accessor) &&
		    !strcmp(pf_generations[s->all[i].generation].name,
			    generation))
			return true;
	return false;
}

/*
 * When accessors were added and removed: X in the column of each generation that
 * has the accessor.
 */
static const char *const columns[] = {
	"plain", "v2.6.22-twobit", "v2.6.26-bit", "v3.14-rmb", "v4.4-word",
	"v5.18-fakehead", "v5.18-fakehead-hvo", "v7.1-mask", "v7.1-pointer",
	"v7.1-mask-fakehead", "mask-branch", "order-in-flags", "memdesc-32",
	"memdesc-8", "primitive",
};

static const struct {
	const char *accessor, *has;
} history[] = {
	{ "PageLocked",           "XXXXXXXXXXXX..." },
	{ "SetPageDirty",         "XXXXXXXXXXXX..." },
	{ "PageReferenced",       "XXXXXXX....X..." },
	{ "PageActive",           "XXXXXXX....X..." },
	{ "SetPageActive",        "XXXXXXX....X..." },
	{ "ClearPageReferenced",  "XXXXXXX....X..." },
	{ "PageLRU",              "XXXXXXXXXXXX..." },
	{ "TestClearPageLRU",     "....XXXXXXX...." },
	{ "compound_head",        ".XXXXXXXXXXX..." },
	{ "PageTail",             ".XXXXXXXXXX...." },
	{ "page_folio",           "....XXXXXXX.XX." },
	{ "page_folio_test_locked", "....XXXXXXX.XX." },
	{ "page_folio_set_dirty", "....XXXXXXX.XX." },
	{ "folio_test_locked",    "....XXXXXXX...." },
	{ "folio_test_referenced", "....XXXXXXX...." },
	{ "folio_trylock",        "....XXXXXXX...." },
	{ "trylock_page",         "XXXXXXXXXXXX..." },
	{ "smp_rmb",              "..............X" },
	{ "add4",                 "..............X" },
};

static void entries(void **state)
{
	struct sets *s = *state;

	for (size_t i = 0; i < LEN(history); i++)
		for (size_t k = 0; k < LEN(columns); k++)
			if (any(s, history[i].accessor, columns[k]) !=
			    (history[i].has[k] == 'X'))
				fail_msg("%s/%s: should%s be there",
					 history[i].accessor, columns[k],
					 history[i].has[k] == 'X' ? "" :
					 " not");
	/* folio accessors exist since v5.16; primitives have one generation */
	for (long i = 0; i < s->nr_all; i++) {
		const struct point *p = &s->all[i];
		const char *name = pf_accessors[p->accessor].name;

		if (!strncmp(name, "folio_", 6) || !strcmp(name, "page_folio"))
			assert_true(pf_generations[p->generation].until >
				    PF_KV(5, 16, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them),
		cmocka_unit_test(standard_set),
		cmocka_unit_test(all_is_all),
		cmocka_unit_test(grammar),
		cmocka_unit_test(long_names),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(examples),
		cmocka_unit_test(groups),
		cmocka_unit_test(keys),
		cmocka_unit_test(entries),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, get_sets, put_sets);
}
