// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "data/json.h"
#include "report/test_report.h"
#include "report/format.h"

static const char help[] =
"Usage: pfbench compare [OPTION...] A B\n"
"\n"
"What changed from result file A to B, point by point, in nanoseconds?\n"
"\n"
"      --threshold=PCT  changes up to this many per cent do not matter (2)\n"
"      --json           the answer as JSON instead of a table\n"
"      --ktap           the answer as KTAP; exit status as of kselftest: 0\n"
"                       nothing changed, 1 something did, 4 nothing can be told\n"
"      --lava           the same as lines that LAVA reads\n"
"  -h, --help           this text\n"
"\n"
"A point has changed if its ratio B/A, with all of its 95 % interval, is beyond\n"
"the threshold, by more than the clock can resolve, and Mann and Whitney's test\n"
"with Holm's correction over all points says so too (p < 0.05). Figures below\n"
"what the clock can resolve are subtracted instead (ns). A point cannot be told\n"
"if it was contended, has fewer than 6 quiet rounds, or is too wide or too\n"
"unsure an estimate of what may be a change. All intervals are of rounds within\n"
"a run: two runs can differ by more, so compare a run with itself repeated\n"
"before you believe a small change.\n"
"\n"
"Counts ('pfbench count') have no interval: one is the same or has changed, and\n"
"what changed is all that is shown; a point that is in one file only has changed\n"
"too.\n"
"\n"
"JSON: format (1), a, b (paths), threshold, verdict, counts {same, changed,\n"
"cannot_tell, only_a, only_b}, points [{name, kind (ratio or difference), value,\n"
"lo, hi, a_ns, b_ns, p, p_holm, verdict (same, changed, cannot tell), reason}];\n"
"what is unknown or without bounds is null.\n"
"\n"
"Exit status: 0 nothing changed; 1 something changed; 2 some points cannot be\n"
"told and none changed, no point is in both files, or bad input.\n"
"\n"
"Example: pfbench compare --threshold=5 before.json after.json\n";

#define SIGNIFICANT 0.05
/* Fewer rounds than this have no 95 % interval. */
#define FEWEST 6
#define LABEL 27

enum verdict { SAME, CHANGED, CANNOT_TELL, NR_VERDICTS };

static const char *const verdict_names[NR_VERDICTS] = {
	"same", "changed", "cannot tell",
};

struct pair {
	const struct result_point *a, *b;
	double *va, *vb;		/* samples in ns */
	bool difference;		/* not a ratio: too near to nought */
	struct estimate value;		/* of the ratio or the difference */
	double a_ns, b_ns;
	double p, p_holm;
	enum verdict verdict;
	const char *reason;		/* for CANNOT_TELL, else "" */
};

struct comparison {
	struct result a, b;
	double threshold;		/* 0.02 for 2 % */
	double floor_ns;		/* the coarser of both */
	bool exact;			/* both are counted, not sampled */
	struct pair *pair;
	size_t nr, tested, only_a, only_b;
	size_t count[NR_VERDICTS];
};

static double *in_ns(const struct result_point *p, double ns_per_tick)
{
	double *v = malloc((p->nr_samples + 1) * sizeof(*v));
	size_t i;

	for (i = 0; v && i < p->nr_samples; i++)
		v[i] = p->sample[i] * ns_per_tick;
	return v;
}

static size_t rounds_of(const struct result_point *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->nr_samples; i++)
		n += !isnan(p->sample[i]);
	return n;
}

static double floor_ns(const struct result *r)
{
	double ticks = result_number(r, "floor_ticks");

	return isnan(ticks) ? 0 : ticks * r->ns_per_tick;
}

/* Counted: see counts.h. */
static bool is_exact(const struct result *r)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (r->point[i].nr_samples)
			return false;
	return json_is_true(json_object_get(r->pfbench, "icount"));
}

/*
 * Of medians of unpaired samples; the bounds after Zou and Donner 2008, who
 * recover variances from the bounds of each.
 */
static struct estimate difference(const struct estimate *a, double a_scale,
				  const struct estimate *b, double b_scale)
{
	struct estimate d;

	d.mid = b->mid * b_scale - a->mid * a_scale;
	d.lo = d.mid - hypot((b->mid - b->lo) * b_scale,
			     (a->hi - a->mid) * a_scale);
	d.hi = d.mid + hypot((b->hi - b->mid) * b_scale,
			     (a->mid - a->lo) * a_scale);
	d.n = a->n + b->n;
	return d;
}

/* All that is known of a pair but the verdict, which takes all of them. */
static int measure(struct comparison *c, struct pair *p)
{
	double sa = c->a.ns_per_tick, sb = c->b.ns_per_tick;

	p->a_ns = p->a->ticks.mid * sa;
	p->b_ns = p->b->ticks.mid * sb;
	p->reason = "";
	p->p = NAN;
	if (c->exact) {
		p->difference = true;
		p->value.mid = p->b_ns - p->a_ns;
		p->value.lo = p->value.hi = p->value.mid;
		return 0;
	}
	p->difference = fabs(p->a_ns) <= c->floor_ns ||
			fabs(p->b_ns) <= c->floor_ns;
	if (p->a->contended || p->b->contended)
		p->reason = "contended";
	else if (rounds_of(p->a) < FEWEST || rounds_of(p->b) < FEWEST)
		p->reason = "too few";

	p->va = in_ns(p->a, sa);
	p->vb = in_ns(p->b, sb);
	if (!p->va || !p->vb)
		return -ENOMEM;
	if (p->difference)
		p->value = difference(&p->a->ticks, sa, &p->b->ticks, sb);
	else
		p->value = stats_ratio(p->va, p->a->nr_samples, p->vb,
				       p->b->nr_samples, STATS_CONFIDENCE);
	if (!p->difference && isnan(p->value.mid))
		p->value.mid = p->b_ns / p->a_ns;
	if (!*p->reason)
		p->p = stats_mann_whitney(p->va, p->a->nr_samples, p->vb,
					  p->b->nr_samples);
	return 0;
}

static enum verdict judge(const struct comparison *c, struct pair *p)
{
	double lo, hi, middle = p->difference ? 0 : 1, limit, room;
	double unit = p->difference ? 1 : fabs(p->a_ns);

	if (c->exact)
		return fabs(p->value.mid) <= c->floor_ns ? SAME : CHANGED;
	if (*p->reason)
		return CANNOT_TELL;
	limit = p->difference ? c->floor_ns : c->threshold;
	/* of a difference each bound of each file may be a step off */
	room = p->difference ? 4 * c->floor_ns : c->threshold;
	lo = p->value.lo - middle;
	hi = p->value.hi - middle;
	if (lo >= -limit && hi <= limit)
		return SAME;
	if (lo > limit || hi < -limit) {
		/* what the clock cannot resolve is no change, however sure */
		if (fabs(p->b_ns - p->a_ns) <= c->floor_ns)
			return SAME;
		if (p->p_holm < SIGNIFICANT)
			return CHANGED;
		p->reason = "unsure";
		return CANNOT_TELL;
	}
	/* the limit is in it: if narrow, it is at the limit and not beyond */
	if (hi - lo <= room || (hi - lo) * unit <= 2 * c->floor_ns)
		return SAME;
	p->reason = "too wide";
	return CANNOT_TELL;
}

static int judge_all(struct comparison *c)
{
	double *p = malloc((c->nr + 1) * sizeof(*p));
	size_t i;

	if (!p)
		return -ENOMEM;
	for (i = 0; i < c->nr; i++) {
		p[i] = c->pair[i].p;
		c->tested += !isnan(p[i]);
	}
	stats_holm(p, c->nr);
	for (i = 0; i < c->nr; i++) {
		c->pair[i].p_holm = p[i];
		c->pair[i].verdict = judge(c, &c->pair[i]);
		c->count[c->pair[i].verdict]++;
	}
	free(p);
	return 0;
}

static int compare(struct comparison *c)
{
	size_t i;
	int err;

	c->exact = is_exact(&c->a) && is_exact(&c->b);
	if (c->exact)
		/* figures have three decimals, rounded both */
		c->floor_ns = fmax(c->a.quantum_ticks, c->b.quantum_ticks) +
			0.0011;
	else
		c->floor_ns = fmax(floor_ns(&c->a), floor_ns(&c->b));
	c->pair = calloc(c->a.nr_points + 1, sizeof(*c->pair));
	if (!c->pair)
		return -ENOMEM;
	for (i = 0; i < c->a.nr_points; i++) {
		const struct result_point *a = &c->a.point[i];
		const struct result_point *b = result_find(&c->b, &a->point);

		if (!b) {
			c->only_a++;
			continue;
		}
		c->pair[c->nr].a = a;
		c->pair[c->nr].b = b;
		err = measure(c, &c->pair[c->nr++]);
		if (err)
			return err;
	}
	c->only_b = c->b.nr_points - c->nr;
	return judge_all(c);
}

static void comparison_free(struct comparison *c)
{
	size_t i;

	for (i = 0; c->pair && i < c->nr; i++) {
		free(c->pair[i].va);
		free(c->pair[i].vb);
	}
	free(c->pair);
	result_free(&c->a);
	result_free(&c->b);
}

/*
 * What the points of a block have in common, as a name with a star in it, and
 * what is left to tell them apart.
 */
static void block_name(const struct point *p, char *name, size_t size)
{
	bool primitive = p->generation == PF_GEN_primitive;
	char full[POINT_NAME_MAX], *first, *second;
	struct point q = *p;

	q.lowering = PF_AUTO;
	point_name(&q, full);
	first = strchr(full, '/');
	second = strchr(first + 1, '/');
	if (primitive)
		snprintf(name, size, "*%s", first);
	else
		snprintf(name, size, "%.*s/*%s", (int)(first - full), full,
			 second);
}

static void row_name(const struct point *p, char *name, size_t size)
{
	if (p->generation == PF_GEN_primitive)
		snprintf(name, size, "%s", pf_accessors[p->accessor].name);
	else
		snprintf(name, size, "%s%s%s",
			 pf_generations[p->generation].name,
			 p->lowering == PF_AUTO ? "" : " ",
			 p->lowering == PF_AUTO ? "" :
			 lowering_name(p->lowering));
}

static void format_p(char *text, size_t size, double p)
{
	if (isnan(p))
		snprintf(text, size, "-");
	else if (p < 0.001)
		snprintf(text, size, "<.001");
	else
		snprintf(text, size, "%.3f", p);
}

static void print_pair(const struct pair *p)
{
	char name[64], value[32], interval[64] = "-", holm[16];

	row_name(&p->a->point, name, sizeof(name));
	snprintf(value, sizeof(value), p->difference ? "%+.3fns" : "%.3f  ",
		 p->value.mid);
	if (isnan(p->value.mid))
		strcpy(value, "-  ");
	if (isfinite(p->value.hi - p->value.lo))
		snprintf(interval, sizeof(interval),
			 p->difference ? "%+.3f %+.3f" : "%.3f %.3f",
			 p->value.lo, p->value.hi);
	format_p(holm, sizeof(holm), p->p_holm);
	text_line(stdout, "  %-*s%9s %13s  %5s  %s%s", LABEL - 2, name, value,
		  interval, holm, p->verdict == CANNOT_TELL ? "? " : "",
		  p->verdict == CHANGED ? "CHANGED" : *p->reason ? p->reason :
		  verdict_names[p->verdict]);
}

/* Of the machines and builds, what is not the same. */
static void print_differences(const struct comparison *c)
{
	static const char *const keys[] = {
		"host_name", "cpu_model", "microcode", "kernel", "hypervisor",
		"mitigations", "hvo", "governor", "turbo", "smt",
		"transparent_hugepage", "backend", "commit", "compiler",
		"cflags",
	};
	char line[1024];
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *a = result_context(&c->a, keys[i]);
		const char *b = result_context(&c->b, keys[i]);

		if (!strcmp(a, b))
			continue;
		snprintf(line, sizeof(line), "differs: %s: %.400s | %.400s",
			 keys[i], a, b);
		text_wrapped(stdout, line, 9);
	}
	if (c->a.partial || c->b.partial)
		text_line(stdout, "PARTIAL: %s", !c->b.partial ? "A" :
			  !c->a.partial ? "B" : "A and B");
}

/* Points of @r that the other file lacks, a line each. */
static void print_lacking(const struct result *r, const struct result *other,
			  const char *what)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (!result_find(other, &r->point[i].point))
			printf("%-20s %s\n", what, r->point[i].name);
}

/* Figures first: names may be as long as they like. */
static void print_counts(const struct comparison *c)
{
	text_line(stdout, "A: %s", c->a.path);
	text_line(stdout, "B: %s", c->b.path);
	print_differences(c);
	text_line(stdout, "Instructions an operation");
	for (size_t i = 0; i < c->nr; i++)
		if (c->pair[i].verdict == CHANGED)
			printf("%8.3f -> %8.3f %s\n", c->pair[i].a_ns,
			       c->pair[i].b_ns, c->pair[i].a->name);
	print_lacking(&c->a, &c->b, "  only in A");
	print_lacking(&c->b, &c->a, "  only in B");
	text_line(stdout, "%zu points: %zu changed, %zu the same, %zu only in A, %zu only in B",
		  c->nr + c->only_a + c->only_b, c->count[CHANGED],
		  c->count[SAME], c->only_a, c->only_b);
}

static void print_table(const struct comparison *c)
{
	char block[POINT_NAME_MAX] = "", name[POINT_NAME_MAX];
	size_t i;

	text_line(stdout, "A: %s, %s, %.16s", c->a.path,
		  result_context(&c->a, "host_name"),
		  result_context(&c->a, "date"));
	text_line(stdout, "B: %s, %s, %.16s", c->b.path,
		  result_context(&c->b, "host_name"),
		  result_context(&c->b, "date"));
	print_differences(c);
	text_line(stdout, "Ratio B/A, 95 %% interval, p after Holm over %zu; threshold %g %%",
		  c->tested, 100 * c->threshold);
	text_line(stdout, "%-*s %7s %14s %6s", LABEL, "", "B/A", "from to", "p");
	for (i = 0; i < c->nr; i++) {
		block_name(&c->pair[i].a->point, name, sizeof(name));
		if (strcmp(name, block)) {
			printf("\n");
			text_line(stdout, "%s", name);
			strcpy(block, name);
		}
		print_pair(&c->pair[i]);
	}
	printf("\n");
	text_line(stdout, "%zu point%s: %zu changed, %zu cannot be told, %zu the same",
		  c->nr, c->nr == 1 ? "" : "s", c->count[CHANGED],
		  c->count[CANNOT_TELL],
		  c->count[SAME]);
	if (c->only_a || c->only_b)
		text_line(stdout, "left out: %zu only in A, %zu only in B",
			  c->only_a, c->only_b);
}

static json_t *pair_json(const struct pair *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(p->a->name));
	json_object_set_new(o, "kind", json_string(p->difference ?
						   "difference" : "ratio"));
	json_object_set_new(o, "value", json_finite(p->value.mid));
	json_object_set_new(o, "lo", json_finite(p->value.lo));
	json_object_set_new(o, "hi", json_finite(p->value.hi));
	json_object_set_new(o, "a_ns", json_finite(p->a_ns));
	json_object_set_new(o, "b_ns", json_finite(p->b_ns));
	json_object_set_new(o, "p", json_finite(p->p));
	json_object_set_new(o, "p_holm", json_finite(p->p_holm));
	json_object_set_new(o, "verdict",
			    json_string(verdict_names[p->verdict]));
	json_object_set_new(o, "reason", json_string(p->reason));
	return o;
}

static int print_json(const struct comparison *c, enum verdict verdict)
{
	json_t *points = json_array(), *root;
	size_t i;
	int err;

	for (i = 0; i < c->nr; i++)
		json_array_append_new(points, pair_json(&c->pair[i]));
	/* a path need not be UTF-8: then it is null */
	root = json_pack("{s:i, s:o, s:o, s:f, s:s, s:{s:I, s:I, s:I, s:I, s:I}, s:o}",
			 "format", 1,
			 "a", json_string(c->a.path) ?: json_null(),
			 "b", json_string(c->b.path) ?: json_null(),
			 "threshold", c->threshold,
			 "verdict", verdict_names[verdict],
			 "counts",
			 "same", (json_int_t)c->count[SAME],
			 "changed", (json_int_t)c->count[CHANGED],
			 "cannot_tell", (json_int_t)c->count[CANNOT_TELL],
			 "only_a", (json_int_t)c->only_a,
			 "only_b", (json_int_t)c->only_b,
			 "points", points);
	err = root ? json_dumpf(root, stdout, JSON_INDENT(2) |
				JSON_REAL_PRECISION(7)) : -1;
	putchar('\n');
	json_decref(root);
	return err;
}

static void lab_pair(struct test_report *lab, const struct comparison *c,
		     const struct pair *p)
{
	enum unit ua = unit_resolve(&c->a, UNIT_DEFAULT);
	enum unit ub = unit_resolve(&c->b, UNIT_DEFAULT);
	char text[200];
	size_t n;

	n = snprintf(text, sizeof(text), "%.4g %s, was %.4g %s",
		     p->b->ticks.mid * unit_per_tick(&c->b, ub),
		     unit_name(ub),
		     p->a->ticks.mid * unit_per_tick(&c->a, ua),
		     unit_name(ua));
	/* counts have no interval, and too few rounds have none either */
	if (!c->exact && isfinite(p->value.hi - p->value.lo))
		snprintf(text + n, sizeof(text) - n,
			 "; %s %.4g (%.4g to %.4g)",
			 p->difference ? "difference" : "ratio",
			 p->value.mid, p->value.lo, p->value.hi);
	test_report_add(lab, &(struct test_case){
		.name = p->a->name, .what = text, .reason = p->reason,
		.status = p->verdict == CHANGED ? TEST_FAIL :
			p->verdict == SAME ? TEST_PASS : TEST_SKIP,
		.value = p->b->ticks.mid * unit_per_tick(&c->b, ub),
		.unit = unit_name(ub) });
}

/* Points of @r that @other lacks: of counts that is a change. */
static void lab_only(struct test_report *lab, const struct comparison *c,
		     const struct result *r, const struct result *other,
		     const char *reason)
{
	for (size_t i = 0; i < r->nr_points; i++) {
		if (result_find(other, &r->point[i].point))
			continue;
		test_report_add(lab, &(struct test_case){
			.name = r->point[i].name, .value = NAN,
			.status = c->exact ? TEST_FAIL : TEST_SKIP,
			.reason = c->exact ? NULL : reason,
			.what = c->exact ? reason : NULL });
	}
}

static int answer_lab(struct comparison *c, struct test_report *lab)
{
	char note[512], threshold[40] = "";

	if (!c->exact)
		snprintf(threshold, sizeof(threshold), ", threshold %g %%",
			 100 * c->threshold);
	snprintf(note, sizeof(note), "against %.400s%s%s", c->a.path,
		 threshold, c->a.partial || c->b.partial ?
		 ", one of them PARTIAL" : "");
	test_report_open(lab, c->b.path, note);
	for (size_t i = 0; i < c->nr; i++)
		lab_pair(lab, c, &c->pair[i]);
	lab_only(lab, c, &c->a, &c->b, "only in the first file");
	lab_only(lab, c, &c->b, &c->a, "only in the second file");
	if (test_report_write(lab, stdout))
		return complain("compare: writing failed");
	return test_report_exit(lab);
}

static int answer(struct comparison *c, bool json, struct test_report *lab)
{
	enum verdict verdict = SAME;

	if (compare(c))
		return complain("compare: out of memory");
	if (lab->format != TEST_REPORT_NONE)
		return answer_lab(c, lab);
	if (c->count[CHANGED] || (c->exact && c->only_a + c->only_b))
		verdict = CHANGED;
	else if (c->count[CANNOT_TELL] || !c->nr)
		verdict = CANNOT_TELL;
	if (json && print_json(c, verdict))
		return complain("compare: writing failed");
	if (!json && c->exact)
		print_counts(c);
	else if (!json)
		print_table(c);
	if (fflush(stdout))
		return complain("compare: writing failed");
	if (!c->nr)
		return complain("compare: no point is in both %s and %s",
				c->a.path, c->b.path);
	if (verdict == CANNOT_TELL)
		return complain("compare: %zu point%s cannot be told: measure again, longer or on a quieter machine",
				c->count[CANNOT_TELL],
				c->count[CANNOT_TELL] == 1 ? "" : "s");
	return verdict == CHANGED ? EXIT_NO : EXIT_DONE;
}

static int parse_threshold(const char *text, double *threshold)
{
	char *end;
	double pct;

	pct = strtod(text, &end);
	if (end == text || *end || !(pct >= 0 && pct <= 1000))
		return complain("compare: --threshold=%s: per cent, please, from 0 to 1000",
				text);
	*threshold = pct / 100;
	return 0;
}

static int compare_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "threshold", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		TEST_REPORT_OPTIONS,
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct comparison cmp = { .threshold = 0.02 };
	struct errmsg msg = { "" };
	struct test_report lab = { 0 };
	bool json = false, bad = false;
	int c, ret;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (c) {
		case 't':
			if (parse_threshold(optarg, &cmp.threshold))
				return EXIT_BAD;
			break;
		case 'j':
			json = true;
			break;
		case 'K':
		case 'L':
			bad |= test_report_option(&lab, c);
			break;
		default:
			return complain_option(argc, argv, c);
		}
	}
	if (bad || (json && lab.format != TEST_REPORT_NONE))
		return complain("compare: one of --json, --ktap and --lava, please");
	if (argc - optind != 2)
		return complain("compare: two result files, please (see 'pfbench compare --help')");
	if (result_load(argv[optind], &cmp.a, &msg))
		return complain("compare: %s", msg.text);
	if (result_load(argv[optind + 1], &cmp.b, &msg)) {
		result_free(&cmp.a);
		return complain("compare: %s", msg.text);
	}
	ret = answer(&cmp, json, &lab);
	test_report_free(&lab);
	comparison_free(&cmp);
	return ret;
}

const struct cmd cmd_compare = {
	"compare", "what changed from one result to another", &(const struct argp){ 0 },
	compare_main,
};
