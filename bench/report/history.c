// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/history_internal.h"

const struct history_step history_steps[HISTORY_STEPS] = {
	{ PF_GEN_plain, 2015 },			/* the last without look-up */
	{ PF_GEN_v3_14_rmb, 2015 },		/* the rework as posted */
	{ PF_GEN_v4_4_word, 2016 },		/* the rework as merged, v4.5 */
	{ PF_GEN_v5_18_fakehead, 2022 },
	{ PF_GEN_v5_18_fakehead_hvo, 2022 },
	{ PF_GEN_v7_1_mask, 2026 },
	{ PF_GEN_v7_1_pointer, 2026 },		/* without HVO */
};

static const enum pf_form forms[HISTORY_MODES] = {
	[HISTORY_THROUGHPUT] = PF_THROUGHPUT, [HISTORY_LATENCY] = PF_LATENCY,
};

static const struct history_figure no_figure = { .e = { NAN, NAN, NAN, 0 } };

const char *history_step_name(size_t step)
{
	return pf_generations[history_steps[step].gen].name;
}

const char *history_mode_name(enum history_mode mode)
{
	return mode == HISTORY_LATENCY ? "latency" : "throughput";
}

bool history_known(const struct history_figure *f)
{
	return !isnan(f->e.mid);
}

bool history_is_open(const struct history_figure *f)
{
	return !f->contended && format_is_open(&f->e);
}

struct estimate history_scaled(struct estimate e, double scale)
{
	e.mid *= scale;
	e.lo *= scale;
	e.hi *= scale;
	return e;
}

const struct result_point *history_find(const struct history *h,
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

static struct history_row kernel_row(const struct history *h,
				     const struct history_kernel *k,
				     enum pf_generation gen,
				     enum history_mode mode)
{
	struct history_row row;

	for (int pop = 0; pop < PF_MIXED; pop++) {
		const struct result_point *p = history_find(h, k, gen,
							      mode, pop);
		struct history_figure *f = &row.at[pop];

		*f = no_figure;
		if (!p)
			continue;
		f->e = history_scaled(p->cost, k->scale);
		f->contended = p->contended;
	}
	return row;
}

static bool row_is_empty(const struct history_row *row)
{
	for (int pop = 0; pop < PF_MIXED; pop++)
		if (history_known(&row->at[pop]))
			return false;
	return true;
}

bool history_mode_shown(const struct history *h, enum history_mode mode)
{
	for (size_t s = 0; s < HISTORY_STEPS; s++)
		if (!row_is_empty(&h->replica[s][mode]))
			return true;
	for (size_t i = 0; i < h->nr; i++)
		if (!row_is_empty(&h->kernel[i].own[mode]))
			return true;
	return false;
}

bool history_population_shown(const struct history *h, enum pf_population pop)
{
	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		for (size_t s = 0; s < HISTORY_STEPS; s++)
			if (history_known(&h->replica[s][mode].at[pop]))
				return true;
		for (size_t i = 0; i < h->nr; i++)
			if (history_known(&h->kernel[i].own[mode].at[pop]))
				return true;
	}
	return false;
}

/* Release, generation and unit; an error if the file lacks one of them. */
static int set_kernel(struct history *h, struct history_kernel *k,
		      struct errmsg *msg)
{
	const json_t *kmod = json_object_get(k->result.pfbench, "kmod");
	const char *native = json_string_value(json_object_get(kmod,
							       "native_is"));
	const char *release = result_context(&k->result, "kernel");
	const char *path = k->result.path;

	if (!native)
		return errmsg_set(msg, -EINVAL,
			       "%s: not measured by the kernel module: pfbench run --backend=kmod",
			       path);
	for (k->step = 0; k->step < HISTORY_STEPS; k->step++)
		if (!strcmp(native, history_step_name(k->step)))
			break;
	if (k->step == HISTORY_STEPS)
		return errmsg_set(msg, -EINVAL,
			       "%s: context.pfbench.kmod.native_is: '%.60s' is no generation of this plot",
			       path, native);
	if (sscanf(release, "%3u.%3u", &k->major, &k->minor) != 2 ||
	    k->major > 999 || k->minor > 999)
		return errmsg_set(msg, -EINVAL,
			       "%s: context.pfbench.kernel: no release: '%.60s'",
			       path, release);
	k->scale = unit_scale(&k->result, h->unit);
	if (isnan(k->scale))
		return errmsg_set(msg, -EINVAL,
			       "%s: does not record the length of a cycle: use --unit=ns or ticks",
			       path);
	return 0;
}

/* All files must have the architecture and the unit of the first file. */
static int check_comparable(struct history *h, const struct history_kernel *k,
			    enum unit asked, struct errmsg *msg)
{
	const struct result *first = &h->kernel[0].result;
	const char *arch = result_context(&k->result, "arch");
	enum unit unit = unit_resolve(&k->result, asked);
	const char *name = unit_name(&k->result, unit);

	if (k == h->kernel) {
		h->unit = unit;
		h->unit_name = name;
	}
	if (strcmp(arch, result_context(first, "arch")))
		return errmsg_set(msg, -EINVAL, "%s: of %.40s, but %s of %.40s",
			       k->result.path, arch, first->path,
			       result_context(first, "arch"));
	if (strcmp(name, h->unit_name))
		return errmsg_set(msg, -EINVAL,
			       "%s: in %s, but %s in %s: give files of one unit, or --unit=ns for times",
			       k->result.path, name, first->path, h->unit_name);
	return 0;
}

static int set_figures(const struct history *h, struct history_kernel *k,
		       struct errmsg *msg)
{
	const char *acc = pf_accessors[h->accessor].name;
	bool any = false;

	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		k->own[mode] = kernel_row(h, k, PF_GEN_native, mode);
		any |= !row_is_empty(&k->own[mode]);
		for (size_t s = 0; s < HISTORY_STEPS; s++)
			k->replica[s][mode] = kernel_row(h, k,
				history_steps[s].gen, mode);
	}
	if (any)
		return 0;
	return errmsg_set(msg, -EINVAL,
		       "%s: no native points of %s: pfbench run --backend=kmod --benchmark_filter='^%s/.*/(small|head|tail)/hot/'",
		       k->result.path, acc, acc);
}

/*
 * The median over the kernels, in the span of their intervals. Contended
 * figures count only if all are contended. @value has room for h->nr.
 */
static struct history_figure replica_median(const struct history *h,
					    size_t step, enum history_mode mode,
					    enum pf_population pop,
					    double *value)
{
	struct history_figure all = { .contended = true };
	size_t n = 0;

	for (size_t i = 0; i < h->nr; i++) {
		const struct history_figure *f =
			&h->kernel[i].replica[step][mode].at[pop];

		all.contended &= !history_known(f) || f->contended;
	}
	for (size_t i = 0; i < h->nr; i++) {
		const struct history_figure *f =
			&h->kernel[i].replica[step][mode].at[pop];

		if (!history_known(f) || f->contended != all.contended)
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

static int join_replicas(struct history *h, struct errmsg *msg)
{
	double *value = calloc(h->nr, sizeof(*value));

	if (!value)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		for (int m = 0; m < HISTORY_MODES; m++) {
			struct history_row *row = &h->replica[s][m];

			for (int pop = 0; pop < PF_MIXED; pop++) {
				row->at[pop] = replica_median(h, s, m, pop,
							      value);
				h->contended |= row->at[pop].contended;
				h->open |= history_is_open(&row->at[pop]);
			}
			h->shown[s] |= !row_is_empty(row);
		}
	}
	for (size_t i = 0; i < h->nr; i++) {
		h->shown[h->kernel[i].step] = true;
		for (int m = 0; m < HISTORY_MODES; m++) {
			const struct history_row *row = &h->kernel[i].own[m];

			for (int pop = 0; pop < PF_MIXED; pop++) {
				h->contended |= row->at[pop].contended;
				h->open |= history_is_open(&row->at[pop]);
			}
		}
	}
	free(value);
	return 0;
}

size_t history_kernels_at(const struct history *h, size_t step)
{
	size_t nr = 0;

	for (size_t i = 0; i < h->nr; i++)
		nr += h->kernel[i].step == step;
	return nr;
}

/* Kernels of one generation stand side by side, centred on the generation. */
static void place_kernels(struct history *h)
{
	size_t column = 0, nr, k;

	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		nr = history_kernels_at(h, s);
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
		err = check_comparable(h, k, unit, msg);
		if (!err)
			err = set_kernel(h, k, msg);
		if (!err)
			err = set_figures(h, k, msg);
		if (err)
			return err;
	}
	qsort(h->kernel, h->nr, sizeof(*h->kernel), by_release);
	err = join_replicas(h, msg);
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
