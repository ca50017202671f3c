// SPDX-License-Identifier: GPL-2.0
/* Recorded sequences: files, visits, and models of predictors. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/point.h"
#include "data/sequence.h"
#include "measure/replay.h"
#include "report/predictor.h"

#define PAGES 64

static char path[] = "/tmp/sequence-test-XXXXXX";

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void refused(const char *text, const char *words)
{
	struct errmsg msg = { "" };
	unsigned int nr;

	write_file(text);
	assert_true(sequence_read(path, -1, &nr, &msg) < 0);
	if (!strstr(msg.text, words))
		fail_msg("'%s' does not have '%s'", msg.text, words);
}

static void reads_runs(void **state)
{
	struct errmsg msg = { "" };
	const struct sequence *s;
	unsigned int nr;

	(void)state;
	write_file("# pfbench sequence 1\n# name: runs\n# workload: by hand\n"
		   "# kernel: 6.12\n# other: ignored\n"
		   "site 0 first\nsite 4095 last\n"
		   "0 head 1\n0 tail 15\n4095 small 3\n");
	assert_int_equal(sequence_read(path, -1, &nr, &msg), 0);
	s = sequence_get(nr);
	assert_string_equal(s->name, "runs");
	assert_string_equal(s->workload, "by hand");
	assert_string_equal(s->kernel, "6.12");
	/* the last three are no whole iteration */
	assert_int_equal(s->nr, 16);
	assert_int_equal(s->looked_up[SEQUENCE_SMALL], 3);
	assert_int_equal(s->kept[SEQUENCE_SMALL], 0);
	assert_int_equal(s->kept[SEQUENCE_HEAD], 1);
	assert_int_equal(s->kept[SEQUENCE_TAIL], 15);
	assert_int_equal(s->kind[0], SEQUENCE_HEAD);
	for (int i = 1; i < 16; i++)
		assert_int_equal(s->kind[i], SEQUENCE_TAIL);
	assert_int_equal(sequence_tails(nr), 94);
	assert_int_equal(sequence_number("runs"), nr);
	assert_true(sequence_read(path, -1, &nr, &msg) < 0);
	assert_non_null(strstr(msg.text, "was read already"));
}

static void reads_one_site(void **state)
{
	struct errmsg msg = { "" };
	unsigned int nr;

	(void)state;
	write_file("# pfbench sequence 1\n# name: one\n"
		   "0 tail 100\n7 small 9\n0 tail 100\n7 head 7\n");
	assert_int_equal(sequence_read(path, 7, &nr, &msg), 0);
	assert_int_equal(sequence_get(nr)->nr, 16);
	assert_int_equal(sequence_get(nr)->kept[SEQUENCE_TAIL], 0);
	assert_int_equal(sequence_get(nr)->kept[SEQUENCE_SMALL], 9);
}

static void long_ones_are_cut(void **state)
{
	struct errmsg msg = { "" };
	unsigned int nr;

	(void)state;
	write_file("# pfbench sequence 1\n# name: long\n0 tail 1099511627776\n"
		   "0 small 1\n");
	assert_int_equal(sequence_read(path, -1, &nr, &msg), 0);
	assert_int_equal(sequence_get(nr)->nr, SEQUENCE_VISITS);
	assert_int_equal(sequence_get(nr)->kept[SEQUENCE_TAIL],
			 SEQUENCE_VISITS);
	assert_int_equal(sequence_get(nr)->looked_up[SEQUENCE_TAIL],
			 1099511627776);
}

#define HEAD "# pfbench sequence 1\n# name: bad\n"

static void bad_files(void **state)
{
	(void)state;
	refused("", "not a sequence");
	refused("# pfbench sequence 2\n", "2");
	refused(HEAD "0 tail 7\n", "fewer than 8");
	refused(HEAD "0 page 8\n", ":3: no kind of page 'page'");
	refused(HEAD "0 tail 0\n", "no number of look-ups");
	refused(HEAD "0 tail -1\n", "no number of look-ups");
	refused(HEAD "0 tail 8x\n", "no number of look-ups");
	refused(HEAD "0 tail 1099511627777\n", "no number of look-ups");
	refused(HEAD "0 tail\n", "no number of look-ups");
	refused(HEAD "x tail 8\n", "SITE KIND COUNT");
	refused(HEAD "4096 tail 8\n", "at most 4095");
	refused(HEAD "site 1\n", "SITE");
	refused(HEAD "site 1 \n", "1 to 63");
	refused("# pfbench sequence 1\n0 tail 8\n", "name");
	refused("# pfbench sequence 1\n# name: a b\n0 tail 8\n", "letters");
	refused("# pfbench sequence 1\n# name: 1234567890123\n", "12 char");
}

static void names_of_points(void **state)
{
	char name[POINT_NAME_MAX];
	struct errmsg msg = { "" };
	struct point p, q;

	(void)state;
	assert_int_equal(point_parse("PageLocked/v4.4-word/replay:zap/hot/latency",
				     &p, &msg), 0);
	assert_int_equal(p.population, PF_MIXED);
	point_name(&p, name);
	assert_string_equal(name,
			    "PageLocked/v4.4-word/replay:zap/hot/latency");
	assert_int_equal(point_parse("PageLocked/v4.4-word/replay:exec/hot/latency",
				     &q, &msg), 0);
	assert_false(point_equal(&p, &q));
	assert_false(point_same_group(&p, &q));
	assert_false(point_same_column(&p, &q));
	assert_int_equal(point_parse("PageLocked/v4.4-word/mixed:0/hot/latency",
				     &q, &msg), 0);
	assert_false(point_equal(&p, &q));
	assert_false(point_same_group(&p, &q));
	assert_true(point_parse("PageLocked/v4.4-word/replay:/hot/latency",
				&q, &msg) < 0);
	assert_true(point_parse("PageLocked/v4.4-word/replay:zap/L2/latency",
				&q, &msg) < 0);
}

static void visits_have_the_kinds(void **state)
{
	static struct pf_page map[PAGES];
	unsigned char kind[] = { 2, 2, 1, 0, 0, 2, 1, 0 };
	struct sequence s = { .kind = kind, .nr = sizeof(kind) };
	struct pf_page *visit[sizeof(kind)];

	(void)state;
	assert_int_equal(replay_visits(map, PAGES, 2, &s, visit),
			 sizeof(kind));
	/* four pages of a compound page, then four small ones, and so on */
	assert_ptr_equal(visit[0], &map[1]);
	assert_ptr_equal(visit[1], &map[2]);
	assert_ptr_equal(visit[2], &map[0]);
	assert_ptr_equal(visit[3], &map[4]);
	assert_ptr_equal(visit[4], &map[5]);
	assert_ptr_equal(visit[5], &map[3]);
	assert_ptr_equal(visit[6], &map[8]);
	assert_ptr_equal(visit[7], &map[6]);
}

/* Wrong predictions among the last @n / 2 branches. */
static unsigned int wrong(enum predictor_kind kind, unsigned int n,
			  bool (*outcome)(unsigned int i),
			  unsigned int branches)
{
	struct predictor *p = predictor_open(kind);
	unsigned int sum = 0;

	assert_non_null(p);
	for (unsigned int i = 0; i < n; i++) {
		bool w = predictor_step(p, i % branches, outcome(i));

		sum += i >= n / 2 && w;
	}
	predictor_close(p);
	return sum;
}

static bool never(unsigned int i)
{
	return i & 0;
}

static bool always(unsigned int i)
{
	return i | 1;
}

static bool every_other(unsigned int i)
{
	return i & 1;
}

/* longer than the 16 outcomes of gshare, not than the longest of TAGE */
static bool one_of_forty(unsigned int i)
{
	return i % 40 == 0;
}

static bool by_chance(unsigned int i)
{
	static uint64_t state = 20150805;

	(void)i;
	return pf_random(&state) >> 63;
}

static void predictors(void **state)
{
	unsigned int n = 20000;

	(void)state;
	for (int k = 0; k < PREDICTOR_NR; k++) {
		assert_int_equal(wrong(k, n, never, 1), 0);
		assert_int_equal(wrong(k, n, always, 7), 0);
		/* half of the second half, whatever predicts */
		assert_in_range(wrong(k, n, by_chance, 1), 4500, 5500);
	}
	/* a counter is wrong at least every other time */
	assert_in_range(wrong(PREDICTOR_BIMODAL, n, every_other, 1), n / 4,
			n / 2);
	assert_int_equal(wrong(PREDICTOR_GSHARE, n, every_other, 1), 0);
	assert_int_equal(wrong(PREDICTOR_TAGE, n, every_other, 1), 0);
	assert_int_equal(wrong(PREDICTOR_BIMODAL, n, one_of_forty, 1),
			 n / 2 / 40);
	assert_int_equal(wrong(PREDICTOR_GSHARE, n, one_of_forty, 1),
			 n / 2 / 40);
	assert_in_range(wrong(PREDICTOR_TAGE, n, one_of_forty, 1), 0, 5);
	/* two branches with opposite outcomes: a counter each */
	assert_int_equal(wrong(PREDICTOR_BIMODAL, n, every_other, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_runs),
		cmocka_unit_test(reads_one_site),
		cmocka_unit_test(long_ones_are_cut),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(names_of_points),
		cmocka_unit_test(visits_have_the_kinds),
		cmocka_unit_test(predictors),
	};
	int fd = mkstemp(path), ret;

	if (fd < 0)
		return 1;
	close(fd);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return ret;
}
