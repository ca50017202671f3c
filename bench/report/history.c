// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/history.h"
#include "lib/plot_data.h"
#include "report/palette.h"

/* In order of time; the year is the one that a generation stands for. */
static const struct {
	enum pf_generation gen;
	int year;
} steps[HISTORY_STEPS] = {
	{ PF_GEN_plain, 2015 },			/* the last without look-up */
	{ PF_GEN_v3_14_rmb, 2015 },		/* the rework as posted */
	{ PF_GEN_v4_4_word, 2016 },		/* the rework as merged, v4.5 */
	{ PF_GEN_v5_18_fakehead, 2022 },
	{ PF_GEN_v5_18_fakehead_hvo, 2022 },
	{ PF_GEN_v7_1_mask, 2026 },
};

static const enum pf_form forms[HISTORY_MODES] = {
	[HISTORY_THROUGHPUT] = PF_THROUGHPUT, [HISTORY_LATENCY] = PF_LATENCY,
};

static const char *const mode_names[HISTORY_MODES] = {
	[HISTORY_THROUGHPUT] = "throughput", [HISTORY_LATENCY] = "latency",
};

/* So much of the cost is no difference, as in selftest. */
#define SAME_COST 0.001

static const char *step_name(size_t step)
{
	return pf_generations[steps[step].gen].name;
}

static const char *pop_name(enum pf_population pop)
{
	static const char *const names[PF_MIXED] = {
		[PF_SMALL] = "small", [PF_HEADS] = "head", [PF_TAILS] = "tail",
	};

	return names[pop];
}

static const struct history_figure no_figure = { .e = { NAN, NAN, NAN, 0 } };

static bool is_there(const struct history_figure *f)
{
	return !isnan(f->e.mid);
}

static struct estimate scaled(struct estimate e, double scale)
{
	e.mid *= scale;
	e.lo *= scale;
	e.hi *= scale;
	return e;
}

static const struct result_point *find(const struct history *h,
				       const struct history_kernel *k,
				       enum pf_generation gen,
				       enum history_mode mode,
				       enum pf_population pop)
{
	struct point p = {
		.accessor = h->accessor, .generation = gen,
		.form = forms[mode], .population = pop,
		.order = pop == PF_SMALL ? 0 : PF_DEFAULT_ORDER,
	};

	return result_find(&k->result, &p);
}

static struct history_row row_of(const struct history *h,
				 const struct history_kernel *k,
				 enum pf_generation gen, enum history_mode mode)
{
	struct history_row row;

	for (int pop = 0; pop < PF_MIXED; pop++) {
		const struct result_point *p = find(h, k, gen, mode, pop);
		struct history_figure *f = &row.at[pop];

		*f = no_figure;
		if (!p)
			continue;
		f->e = scaled(p->ticks, k->scale);
		f->contended = p->contended;
	}
	return row;
}

static bool row_is_empty(const struct history_row *row)
{
	for (int pop = 0; pop < PF_MIXED; pop++)
		if (is_there(&row->at[pop]))
			return false;
	return true;
}

static bool mode_is_shown(const struct history *h, enum history_mode mode)
{
	for (size_t s = 0; s < HISTORY_STEPS; s++)
		if (!row_is_empty(&h->replica[s][mode]))
			return true;
	for (size_t i = 0; i < h->nr; i++)
		if (!row_is_empty(&h->kernel[i].own[mode]))
			return true;
	return false;
}

/* Folio accessors take no tails. */
static bool pop_is_shown(const struct history *h, enum pf_population pop)
{
	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		for (size_t s = 0; s < HISTORY_STEPS; s++)
			if (is_there(&h->replica[s][mode].at[pop]))
				return true;
		for (size_t i = 0; i < h->nr; i++)
			if (is_there(&h->kernel[i].own[mode].at[pop]))
				return true;
	}
	return false;
}

/* What the plot cannot do without; says what is wrong with the file if not. */
static int read_kernel(struct history *h, struct history_kernel *k,
		       struct errmsg *msg)
{
	const json_t *kmod = json_object_get(k->result.pfbench, "kmod");
	const char *is = json_string_value(json_object_get(kmod, "native_is"));
	const char *release = result_context(&k->result, "kernel");
	const char *path = k->result.path;

	if (!is)
		return errmsg_set(msg, -EINVAL,
			       "%s: not measured by the kernel module: pfbench run --backend=kmod",
			       path);
	for (k->step = 0; k->step < HISTORY_STEPS; k->step++)
		if (!strcmp(is, step_name(k->step)))
			break;
	if (k->step == HISTORY_STEPS)
		return errmsg_set(msg, -EINVAL,
			       "%s: context.pfbench.kmod.native_is: '%.60s' is no generation of this plot",
			       path, is);
	if (sscanf(release, "%3u.%3u", &k->major, &k->minor) != 2 ||
	    k->major > 999 || k->minor > 999)
		return errmsg_set(msg, -EINVAL,
			       "%s: context.pfbench.kernel: no release: '%.60s'",
			       path, release);
	k->scale = unit_per_tick(&k->result, h->unit);
	if (isnan(k->scale))
		return errmsg_set(msg, -EINVAL,
			       "%s: does not know the length of a cycle: --unit=ns or ticks",
			       path);
	return 0;
}

/* One plot has one architecture and one unit: the first file's. */
static int check_like(struct history *h, const struct history_kernel *k,
		      enum unit asked, struct errmsg *msg)
{
	const struct result *first = &h->kernel[0].result;
	const char *arch = result_context(&k->result, "arch");
	enum unit unit = unit_resolve(&k->result, asked);

	if (k == h->kernel)
		h->unit = unit;
	if (strcmp(arch, result_context(first, "arch")))
		return errmsg_set(msg, -EINVAL, "%s: of %.40s, but %s of %.40s",
			       k->result.path, arch, first->path,
			       result_context(first, "arch"));
	if (unit != h->unit)
		return errmsg_set(msg, -EINVAL, "%s: in %s, but %s in %s",
			       k->result.path, unit_name(unit),
			       first->path, unit_name(h->unit));
	return 0;
}

static int read_points(const struct history *h, struct history_kernel *k,
		       struct errmsg *msg)
{
	const char *acc = pf_accessors[h->accessor].name;
	bool any = false;

	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		k->own[mode] = row_of(h, k, PF_GEN_native, mode);
		any |= !row_is_empty(&k->own[mode]);
		for (size_t s = 0; s < HISTORY_STEPS; s++)
			k->replica[s][mode] = row_of(h, k, steps[s].gen, mode);
	}
	if (any)
		return 0;
	return errmsg_set(msg, -EINVAL,
		       "%s: no native points of %s: pfbench run --backend=kmod --benchmark_filter='^%s/.*/(small|head|tail)/hot/'",
		       k->result.path, acc, acc);
}

/*
 * The median over the kernels, from the least to the most that they say. Those
 * that saw no quiet round count only where none did. @value takes h->nr.
 */
static struct history_figure median_of(const struct history *h, size_t step,
				       enum history_mode mode,
				       enum pf_population pop, double *value)
{
	struct history_figure all = { .contended = true };
	size_t n = 0;

	for (size_t i = 0; i < h->nr; i++) {
		const struct history_figure *f =
			&h->kernel[i].replica[step][mode].at[pop];

		all.contended &= !is_there(f) || f->contended;
	}
	for (size_t i = 0; i < h->nr; i++) {
		const struct history_figure *f =
			&h->kernel[i].replica[step][mode].at[pop];

		if (!is_there(f) || f->contended != all.contended)
			continue;
		all.e.lo = n ? fmin(all.e.lo, f->e.lo) : f->e.lo;
		all.e.hi = n ? fmax(all.e.hi, f->e.hi) : f->e.hi;
		value[n++] = f->e.mid;
	}
	if (!n)
		return no_figure;
	all.e.mid = stats_median(value, n);
	all.e.n = n;
	return all;
}

static int join(struct history *h, struct errmsg *msg)
{
	double *value = calloc(h->nr, sizeof(*value));

	if (!value)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		for (int m = 0; m < HISTORY_MODES; m++) {
			struct history_row *row = &h->replica[s][m];

			for (int pop = 0; pop < PF_MIXED; pop++) {
				row->at[pop] = median_of(h, s, m, pop, value);
				h->contended |= row->at[pop].contended;
			}
			h->shown[s] |= !row_is_empty(row);
		}
	}
	for (size_t i = 0; i < h->nr; i++) {
		h->shown[h->kernel[i].step] = true;
		for (int m = 0; m < HISTORY_MODES; m++)
			for (int pop = 0; pop < PF_MIXED; pop++)
				h->contended |=
					h->kernel[i].own[m].at[pop].contended;
	}
	free(value);
	return 0;
}

static size_t kernels_at(const struct history *h, size_t step)
{
	size_t nr = 0;

	for (size_t i = 0; i < h->nr; i++)
		nr += h->kernel[i].step == step;
	return nr;
}

/* The kernels of one generation stand side by side around it. */
static void place_kernels(struct history *h)
{
	size_t column = 0, nr, k;

	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		nr = kernels_at(h, s);
		column += h->shown[s];
		k = 0;
		for (size_t i = 0; i < h->nr; i++)
			if (h->kernel[i].step == s)
				h->kernel[i].x = column +
					(k++ - (nr - 1) / 2.0) *
					fmin(0.3, 0.8 / nr);
	}
}

static int by_release(const void *pa, const void *pb)
{
	const struct history_kernel *a = pa, *b = pb;
	int d = (int)a->major - (int)b->major;

	if (!d)
		d = (int)a->minor - (int)b->minor;
	return d ? d : strcmp(a->result.path, b->result.path);
}

int history_load(struct history *h, enum pf_accessor accessor, enum unit unit,
		 size_t nr, char **paths, struct errmsg *msg)
{
	int err;

	memset(h, 0, sizeof(*h));
	h->accessor = accessor;
	h->kernel = calloc(nr, sizeof(*h->kernel));
	if (!h->kernel)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < nr; i++) {
		struct history_kernel *k = &h->kernel[i];

		err = result_load(paths[i], &k->result, msg);
		if (err)
			return err;
		h->nr++;
		err = check_like(h, k, unit, msg);
		if (!err)
			err = read_kernel(h, k, msg);
		if (!err)
			err = read_points(h, k, msg);
		if (err)
			return err;
	}
	qsort(h->kernel, h->nr, sizeof(*h->kernel), by_release);
	err = join(h, msg);
	place_kernels(h);
	return err;
}

void history_free(struct history *h)
{
	for (size_t i = 0; i < h->nr; i++)
		result_free(&h->kernel[i].result);
	free(h->kernel);
	memset(h, 0, sizeof(*h));
}

/* "four", or "17" */
static const char *number_word(size_t n, char *buf, size_t size)
{
	static const char *const words[] = {
		"no", "one", "two", "three", "four", "five", "six", "seven",
		"eight", "nine", "ten", "eleven", "twelve",
	};

	if (n < sizeof(words) / sizeof(*words))
		snprintf(buf, size, "%s", words[n]);
	else
		snprintf(buf, size, "%zu", n);
	return buf;
}

/* "Eleven years of PageLocked(), one loop, four kernels" */
static void title_of(const struct history *h, char *text, size_t size)
{
	const char *acc = pf_accessors[h->accessor].name;
	size_t first = HISTORY_STEPS, last = 0;
	char years[24], kernels[24];
	int n;

	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		if (!h->shown[s])
			continue;
		first = first < s ? first : s;
		last = s;
	}
	n = steps[last].year - steps[first].year;
	number_word(n, years, sizeof(years));
	*years = toupper((unsigned char)*years);
	number_word(h->nr, kernels, sizeof(kernels));
	if (n)
		n = snprintf(text, size, "%s year%s of %s()", years,
			     n == 1 ? "" : "s", acc);
	else
		n = snprintf(text, size, "%s() in %d", acc, steps[last].year);
	snprintf(text + n, size - n, ", one loop, %s kernel%s", kernels,
		 h->nr == 1 ? "" : "s");
}

static void machine_of(const struct history *h, char *text, size_t size)
{
	const struct result *first = &h->kernel[0].result;
	const char *model = result_context(first, "cpu_model");
	char cpu[64], arch[24], host[32];
	bool same = true;

	for (size_t i = 1; i < h->nr; i++)
		same &= !strcmp(model, result_context(&h->kernel[i].result,
						      "cpu_model"));
	plot_data_text(cpu, sizeof(cpu), model);
	plot_data_text(arch, sizeof(arch), result_context(first, "arch"));
	plot_data_text(host, sizeof(host), result_context(first, "host_name"));
	snprintf(text, size, "%s%s, %s, kmod backend, %s", cpu,
		 same ? "" : " and others", arch, host);
}

static void release_of(const struct history_kernel *k, char *text, size_t size)
{
	snprintf(text, size, "%u.%u", k->major, k->minor);
}

/* the data */

static void reach_out(const struct history_row *row, double *least,
		      double *most)
{
	for (int pop = 0; pop < PF_MIXED; pop++) {
		const struct estimate *e = &row->at[pop].e;

		if (isnan(e->mid))
			continue;
		*least = fmin(*least, isfinite(e->lo) ? e->lo : e->mid);
		*most = fmax(*most, isfinite(e->hi) ? e->hi : e->mid);
	}
}

static void write_panel(FILE *f, const struct history *h,
			enum history_mode mode)
{
	double least = INFINITY, most = -INFINITY;

	for (size_t s = 0; s < HISTORY_STEPS; s++)
		reach_out(&h->replica[s][mode], &least, &most);
	for (size_t i = 0; i < h->nr; i++)
		reach_out(&h->kernel[i].own[mode], &least, &most);
	fprintf(f, "\"%s\" %.6g %.6g\n", mode_names[mode], least, most);
}

static void write_series(FILE *f, const struct history *h,
			 enum history_mode mode, enum pf_population pop)
{
	char release[16];
	size_t column = 0;

	fprintf(f, "\n\nreplicas \"%s\" \"%s\" \"%s\"\n", mode_names[mode],
		pop_name(pop), population_colour(pop));
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		const struct history_figure *v = &h->replica[s][mode].at[pop];

		if (!h->shown[s])
			continue;
		fprintf(f, "%6zu", ++column);
		plot_data_cell(f, &v->e, v->contended);
	}
	fprintf(f, "\n\nown \"%s\" \"%s\" \"%s\"\n", mode_names[mode],
		pop_name(pop), population_colour(pop));
	for (size_t i = 0; i < h->nr; i++) {
		const struct history_kernel *k = &h->kernel[i];
		const struct history_figure *v = &k->own[mode].at[pop];

		release_of(k, release, sizeof(release));
		fprintf(f, "# %s\n%6.3f", release, k->x);
		plot_data_cell(f, &v->e, v->contended);
	}
}

/* What it says of itself, and how much there is of what. */
static void write_head(FILE *f, const struct history *h)
{
	size_t columns = 0, panels = 0, series = 0, crowd = 0, n;
	char title[160], machine[160];

	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		columns += h->shown[s];
		n = kernels_at(h, s);
		crowd = n > crowd ? n : crowd;
	}
	for (int mode = 0; mode < HISTORY_MODES; mode++)
		panels += mode_is_shown(h, mode);
	for (int pop = 0; pop < PF_MIXED; pop++)
		series += pop_is_shown(h, pop);
	title_of(h, title, sizeof(title));
	machine_of(h, machine, sizeof(machine));
	fprintf(f, "title \"%s\"\nmachine \"%s\"\nunit \"%s per operation\"\n",
		title, machine, unit_name(h->unit));
	fprintf(f, "generations %zu\nkernels %zu\npanels %zu\nseries %zu\n"
		"crowd %zu\ncontended %d\n", columns, h->nr, panels, series,
		crowd, h->contended);
}

void history_write(FILE *f, const struct history *h)
{
	size_t column = 0;
	char release[16];

	fprintf(f, "# Cost from generation to generation; read by history.gp.\n"
		"# First what the plot says and how much there is of what (crowd: the\n"
		"# most kernels at one generation); then the generations and the\n"
		"# years they stand for; the panels, from least to most; the kernels,\n"
		"# and which generation they are. Then two blocks a panel and\n"
		"# population: the replicas, as the median over the files from the\n"
		"# least to the most that they say; and the kernels' own functions.\n"
		"# generation or place of the kernel, median, 95 %% interval from,\n"
		"# to, contended\n");
	write_head(f, h);
	fprintf(f, "\n\n");
	for (size_t s = 0; s < HISTORY_STEPS; s++)
		if (h->shown[s])
			fprintf(f, "%6zu \"%s\" %d\n", ++column, step_name(s),
				steps[s].year);
	fprintf(f, "\n\n");
	for (int mode = 0; mode < HISTORY_MODES; mode++)
		if (mode_is_shown(h, mode))
			write_panel(f, h, mode);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < h->nr; i++) {
		release_of(&h->kernel[i], release, sizeof(release));
		fprintf(f, "%6.3f \"%s\" \"%s\"\n", h->kernel[i].x, release,
			step_name(h->kernel[i].step));
	}
	for (int mode = 0; mode < HISTORY_MODES; mode++)
		for (int pop = 0; mode_is_shown(h, mode) && pop < PF_MIXED;
		     pop++)
			if (pop_is_shown(h, pop))
				write_series(f, h, mode, pop);
}

/* the text */

/* Left of the figures: "v5.18-fakehead-hvo   2022 ", "6.12  = v4.4-word" */
#define LABEL_WIDTH 26

/* What stands behind the label: three narrow cells a mode, and what follows. */
static void print_row(FILE *f, const struct history *h, const char *label,
		      const struct history_row *const rows[HISTORY_MODES],
		      const char *after)
{
	char line[2 * TEXT_COLUMNS], cell[32];
	int len;

	len = snprintf(line, sizeof(line), "%-*s", LABEL_WIDTH, label);
	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		if (!mode_is_shown(h, mode))
			continue;
		for (int pop = 0; pop < PF_MIXED; pop++) {
			const struct history_figure *v = &rows[mode]->at[pop];

			format_median(&v->e, v->contended, cell,
					 sizeof(cell));
			len += snprintf(line + len, sizeof(line) - len, "%s",
					cell);
		}
		len += snprintf(line + len, sizeof(line) - len, "  ");
	}
	/* one blank less, or the longest would not fit */
	text_line(f, "%.*s%s", len - 1, line, after);
}

static void print_columns(FILE *f, const struct history *h)
{
	char over[2 * TEXT_COLUMNS], under[2 * TEXT_COLUMNS];
	int m = 0, n;

	n = snprintf(under, sizeof(under), "%-*s", LABEL_WIDTH,
		     "generation          as of");
	m = snprintf(over, sizeof(over), "%*s", LABEL_WIDTH, "");
	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		if (!mode_is_shown(h, mode))
			continue;
		m += snprintf(over + m, sizeof(over) - m, " %-17s  ",
			      mode_names[mode]);
		for (int pop = 0; pop < PF_MIXED; pop++)
			n += snprintf(under + n, sizeof(under) - n, "%5s ",
				      pop_name(pop));
		n += snprintf(under + n, sizeof(under) - n, "  ");
	}
	text_line(f, "%s", over);
	text_line(f, "%s", under);
}

static void print_generations(FILE *f, const struct history *h)
{
	char label[64];

	print_columns(f, h);
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		const struct history_row *rows[HISTORY_MODES];

		if (!h->shown[s])
			continue;
		for (int mode = 0; mode < HISTORY_MODES; mode++)
			rows[mode] = &h->replica[s][mode];
		snprintf(label, sizeof(label), "%-20s %d", step_name(s),
			 steps[s].year);
		print_row(f, h, label, rows, "");
	}
}

/* A gap between the two, and one that matters. */
static bool differ(const struct estimate *a, const struct estimate *b)
{
	double slack = SAME_COST * fmin(fabs(a->mid), fabs(b->mid));

	return a->lo - b->hi > slack || b->lo - a->hi > slack;
}

/* The two kernels that disagree most on a replica; false: none does. */
static bool find_quarrel(const struct history *h, size_t step,
			 enum history_mode mode, enum pf_population pop,
			 const struct history_kernel **low,
			 const struct history_kernel **high)
{
	double most = 0;

	for (size_t i = 0; i < h->nr; i++) {
		const struct history_kernel *a = &h->kernel[i];
		const struct history_figure *fa = &a->replica[step][mode].at[pop];

		for (size_t k = 0; k < h->nr; k++) {
			const struct history_kernel *b = &h->kernel[k];
			const struct history_figure *fb =
				&b->replica[step][mode].at[pop];

			if (!is_there(fa) || !is_there(fb) || fa->contended ||
			    fb->contended || !differ(&fa->e, &fb->e) ||
			    fb->e.mid - fa->e.mid <= most)
				continue;
			most = fb->e.mid - fa->e.mid;
			*low = a;
			*high = b;
		}
	}
	return most > 0;
}

static void print_quarrel(FILE *f, const struct history_kernel *low,
			  const struct history_kernel *high, size_t step,
			  enum history_mode mode, enum pf_population pop)
{
	const struct history_kernel *k[] = { low, high };
	char release[2][16], cell[2][32];

	for (int i = 0; i < 2; i++) {
		release_of(k[i], release[i], sizeof(release[i]));
		format_estimate(&k[i]->replica[step][mode].at[pop].e, false, cell[i],
			  sizeof(cell[i]));
	}
	text_line(f, "  %s, %s, %s:", step_name(step), pop_name(pop),
		  mode_names[mode]);
	text_line(f, "    %s with %s, %s with %s",
		  cell[0] + strspn(cell[0], " "), release[0],
		  cell[1] + strspn(cell[1], " "), release[1]);
}

/* The loops are the same in every file: so should be what they cost. */
static void print_quarrels(FILE *f, const struct history *h)
{
	const struct history_kernel *low, *high;
	size_t nr = 0;

	if (h->nr < 2)
		return;
	fprintf(f, "\n");
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		for (int m = 0; m < HISTORY_MODES; m++) {
			for (int pop = 0; pop < PF_MIXED; pop++) {
				if (!find_quarrel(h, s, m, pop, &low, &high))
					continue;
				if (!nr++)
					text_line(f, "NOTE: files disagree on replicas by more than their intervals:");
				print_quarrel(f, low, high, s, m, pop);
			}
		}
	}
	if (!nr)
		text_line(f, "No two files disagree on a replica by more than their intervals.");
}

/*
 * A kernel's own function less its replica, round by round; where that is too
 * few rounds for an interval, by the intervals of the two.
 */
static struct estimate difference_of(const struct history *h,
				     const struct history_kernel *k,
				     enum history_mode mode,
				     enum pf_population pop)
{
	const struct result_point *own, *replica;
	struct estimate e = no_figure.e;
	size_t n;

	own = find(h, k, PF_GEN_native, mode, pop);
	replica = find(h, k, steps[k->step].gen, mode, pop);
	if (!own || !replica)
		return e;
	n = own->nr_samples < replica->nr_samples ? own->nr_samples :
		replica->nr_samples;
	e = stats_paired_difference(own->sample, replica->sample, n,
				    STATS_CONFIDENCE);
	if (!isfinite(e.lo) || !isfinite(e.hi)) {
		e.mid = own->ticks.mid - replica->ticks.mid;
		e.lo = own->ticks.lo - replica->ticks.hi;
		e.hi = own->ticks.hi - replica->ticks.lo;
	}
	return scaled(e, k->scale);
}

enum verdict { UNTOLD, EQUAL, DIFFERS };

static enum verdict judge(const struct history_kernel *k,
			  enum history_mode mode, enum pf_population pop,
			  const struct estimate *difference)
{
	const struct history_figure *own = &k->own[mode].at[pop];
	const struct history_figure *replica =
		&k->replica[k->step][mode].at[pop];
	double slack = SAME_COST * fabs(replica->e.mid);

	if (own->contended || replica->contended ||
	    !isfinite(difference->lo) || !isfinite(difference->hi))
		return UNTOLD;
	return difference->lo > slack || difference->hi < -slack ? DIFFERS :
		EQUAL;
}

/* Of all that was measured of the kernel's own function. */
static enum verdict judge_kernel(const struct history *h,
				 const struct history_kernel *k)
{
	bool untold = false, differs = false;

	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		for (int pop = 0; pop < PF_MIXED; pop++) {
			struct estimate d;
			enum verdict v;

			if (!is_there(&k->own[mode].at[pop]))
				continue;
			d = difference_of(h, k, mode, pop);
			v = judge(k, mode, pop, &d);
			untold |= v == UNTOLD;
			differs |= v == DIFFERS;
		}
	}
	return differs ? DIFFERS : untold ? UNTOLD : EQUAL;
}

static void print_differences(FILE *f, const struct history *h,
			      const struct history_kernel *k)
{
	char cell[32];

	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		for (int pop = 0; pop < PF_MIXED; pop++) {
			struct estimate d = difference_of(h, k, mode, pop);

			if (judge(k, mode, pop, &d) != DIFFERS)
				continue;
			format_estimate(&d, false, cell, sizeof(cell));
			text_line(f, "        %s, %s: %s%s", pop_name(pop),
				  mode_names[mode], d.mid > 0 ? "+" : "",
				  cell + strspn(cell, " "));
		}
	}
}

static void print_kernels(FILE *f, const struct history *h)
{
	static const char *const words[] = {
		[UNTOLD] = "?", [EQUAL] = "equal", [DIFFERS] = "differs",
	};
	char release[16], label[64];
	bool untold = false;

	fprintf(f, "\n");
	text_line(f, "The kernels' own functions, and the replicas that they should equal");
	for (size_t i = 0; i < h->nr; i++) {
		const struct history_kernel *k = &h->kernel[i];
		const struct history_row *rows[HISTORY_MODES];
		enum verdict v = judge_kernel(h, k);

		for (int mode = 0; mode < HISTORY_MODES; mode++)
			rows[mode] = &k->own[mode];
		release_of(k, release, sizeof(release));
		snprintf(label, sizeof(label), "%-5s = %s", release,
			 step_name(k->step));
		print_row(f, h, label, rows, words[v]);
		print_differences(f, h, k);
		untold |= v == UNTOLD;
	}
	if (untold)
		text_line(f, "? no replica, or too few quiet rounds, to tell by");
}

void history_print(FILE *f, const struct history *h)
{
	char title[160], machine[160];

	title_of(h, title, sizeof(title));
	machine_of(h, machine, sizeof(machine));
	text_wrapped(f, title, 0);
	text_wrapped(f, machine, 0);
	text_line(f, "%s per operation; replicas: median over the files",
		  unit_name(h->unit));
	fprintf(f, "\n");
	print_generations(f, h);
	print_quarrels(f, h);
	print_kernels(f, h);
	if (h->contended)
		text_line(f, "! contended: no round was quiet, the core was shared");
}
