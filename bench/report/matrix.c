// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/matrix.h"
#include "report/format.h"

static const char *const metric_names[MATRIX_NR_METRICS] = {
	[MATRIX_INSTRUCTIONS] = "instructions", [MATRIX_BRANCHES] = "branches",
	[MATRIX_SELECTS] = "selects", [MATRIX_BARRIERS] = "barriers",
	[MATRIX_NS] = "ns", [MATRIX_CYCLES] = "cycles",
};

/* Which column of a code table a metric is; -1: none */
static const int code_counts[MATRIX_NR_METRICS] = {
	[MATRIX_INSTRUCTIONS] = CODE_INSTRUCTIONS,
	[MATRIX_BRANCHES] = CODE_BRANCHES, [MATRIX_SELECTS] = CODE_SELECTS,
	[MATRIX_BARRIERS] = CODE_BARRIERS, [MATRIX_NS] = -1,
	[MATRIX_CYCLES] = -1,
};

/* What a run counts, if the machine can. */
static const char *const events[MATRIX_NR_METRICS] = {
	[MATRIX_INSTRUCTIONS] = "instructions",
	[MATRIX_BRANCHES] = "branches", [MATRIX_CYCLES] = "cycles",
};

const char *matrix_metric_name(enum matrix_metric metric)
{
	return metric_names[metric];
}

const char *matrix_population_name(enum pf_population pop)
{
	static const char *const names[PF_MIXED] = {
		[PF_SMALL] = "small", [PF_HEADS] = "head", [PF_TAILS] = "tail",
	};

	return names[pop];
}

static const struct matrix_figure no_figure = { .e = { NAN, NAN, NAN, 0 } };

/* figures */

/* Files have thousands of points: they are looked through once. */
struct matrix_cell {
	const struct result_point *point;
	const struct code_table_line *line;
};

#define NR_CELLS (PF_NR_ACCESSORS * PF_NR_GENERATIONS * PF_NR_LOWERINGS * \
		  PF_MIXED)

static struct matrix_cell *cell_of(const struct matrix_column *c,
				   const struct matrix_row *row,
				   enum pf_population pop)
{
	size_t i = row->accessor;

	i = i * PF_NR_GENERATIONS + row->generation;
	i = i * PF_NR_LOWERINGS + row->lowering;
	return &c->cell[i * PF_MIXED + pop];
}

static bool is_base(const struct point *p)
{
	return p->ws == WS_HOT && !p->shuffled && p->source == SOURCE_OWN &&
		p->population < PF_MIXED &&
		(p->order == 0 || p->order == PF_DEFAULT_ORDER);
}

static void index_points(struct matrix_column *c, enum pf_form form)
{
	for (size_t i = 0; i < c->result.nr_points; i++) {
		const struct result_point *p = &c->result.point[i];
		struct matrix_row row = {
			p->point.accessor, p->point.generation,
			p->point.lowering,
		};

		if (p->point.form == form && is_base(&p->point))
			cell_of(c, &row, p->point.population)->point = p;
	}
}

static void index_code(struct matrix_column *c, enum code_usage usage)
{
	static const enum pf_population pops[CODE_NR_PAGES] = {
		[CODE_SMALL] = PF_SMALL, [CODE_HEAD] = PF_HEADS,
		[CODE_TAIL] = PF_TAILS,
	};

	for (size_t i = 0; i < c->code->nr; i++) {
		const struct code_table_line *l = &c->code->line[i];
		struct matrix_row row = {
			l->use.accessor, l->use.generation, l->use.lowering,
		};

		if (l->use.usage == usage)
			cell_of(c, &row, pops[l->page])->line = l;
	}
}

static struct matrix_figure clock_figure(const struct matrix_column *c,
					 const struct result_point *p,
					 enum matrix_metric metric)
{
	double scale = unit_per_tick(&c->result, metric == MATRIX_CYCLES ?
				  UNIT_CYCLES : UNIT_NS);
	struct matrix_figure f = { p->ticks, p->contended };

	f.e.mid *= scale;
	f.e.lo *= scale;
	f.e.hi *= scale;
	return f;
}

static struct matrix_figure counter_figure(const struct result_point *p,
					   enum matrix_metric metric)
{
	const json_t *counters = json_object_get(p->json, "counters");
	const json_t *v = json_object_get(counters, events[metric]);
	const json_t *lo = json_object_get(v, "lo");
	const json_t *hi = json_object_get(v, "hi");
	struct matrix_figure f = { .contended = p->contended };

	if (!v)
		return no_figure;
	f.e.mid = json_number_value(json_object_get(v, "per_op"));
	f.e.lo = lo ? json_number_value(lo) : -INFINITY;
	f.e.hi = hi ? json_number_value(hi) : INFINITY;
	return f;
}

static struct matrix_figure code_figure(const struct code_table_line *line,
					enum matrix_metric metric)
{
	struct matrix_figure f = no_figure;
	long count = line->count[code_counts[metric]];

	if (count >= 0)
		f.e.mid = f.e.lo = f.e.hi = count;
	return f;
}

struct matrix_figure matrix_figure(const struct matrix *m,
				   const struct matrix_column *c,
				   const struct matrix_row *row,
				   enum pf_population pop,
				   enum matrix_metric metric)
{
	const struct matrix_cell *cell = cell_of(c, row, pop);
	enum matrix_source source = c->source[metric];

	/* code beside a run is of what was run */
	if (source == MATRIX_CODE && cell->line && (cell->point || !c->measured))
		return code_figure(cell->line, metric);
	if (source == MATRIX_COUNTER && cell->point)
		return counter_figure(cell->point, metric);
	if ((source == MATRIX_CLOCK || source == MATRIX_ESTIMATE) &&
	    cell->point)
		return clock_figure(c, cell->point, metric);
	return no_figure;
}

double matrix_added(const struct matrix *m, const struct matrix_column *c,
		    const struct matrix_row *row, enum pf_population pop,
		    enum matrix_metric metric)
{
	struct matrix_row plain = { row->accessor, PF_GEN_plain, PF_AUTO };
	double v = matrix_figure(m, c, row, pop, metric).e.mid;

	if (!pf_has(row->accessor, PF_GEN_plain, PF_AUTO))
		return v;
	return v - matrix_figure(m, c, &plain, pop, metric).e.mid;
}

bool matrix_has_row(const struct matrix *m, const struct matrix_row *row)
{
	const struct matrix_request *ask = &m->ask;

	if (pf_generations[row->generation].era == PF_ERA_SELFTEST)
		return false;
	for (size_t i = 0; i < m->nr; i++)
		for (size_t k = 0; k < ask->nr_metrics; k++)
			for (size_t p = 0; p < ask->nr_populations; p++)
				if (!isnan(matrix_figure(m, &m->column[i], row,
							 ask->population[p],
							 ask->metric[k]).e.mid))
					return true;
	return false;
}

/* where they come from */

/* Is there such a counter, with any of the points? */
static bool counts_event(const struct result *r, const char *event)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (json_object_get(json_object_get(r->point[i].json,
						    "counters"), event))
			return true;
	return false;
}

static bool is_counted(const struct result *r)
{
	return json_is_true(json_object_get(r->pfbench, "icount"));
}

/* Why there is no such counter, in the words of the file. */
static void counter_reason(struct matrix_column *c, enum matrix_metric metric)
{
	const json_t *v = json_object_get(c->result.pfbench, "counters");
	const char *said;

	v = json_object_get(v, events[metric]);
	said = v && strcmp(json_string_value(v), "ok") ?
		json_string_value(v) : "not counted";
	snprintf(c->reason[metric], sizeof(c->reason[metric]),
		 strncmp(said, "n/a", 3) ? "n/a (%s)" : "%s", said);
}

static bool take_code(struct matrix_column *c, enum matrix_metric metric)
{
	char *reason = c->reason[metric];
	size_t size = sizeof(c->reason[metric]);

	if (c->code && c->code->walked) {
		c->source[metric] = MATRIX_CODE;
		return true;
	}
	if (c->code)
		snprintf(reason, size, "n/a (no emulator walked the paths)");
	else
		snprintf(reason, size, "n/a (no code table of %s by %s)",
			 c->arch, c->compiler);
	return false;
}

static void source_of(struct matrix_column *c, enum matrix_metric metric)
{
	const struct result *r = &c->result;
	char *reason = c->reason[metric];
	size_t size = sizeof(c->reason[metric]);
	bool counter = c->measured && events[metric] &&
		counts_event(r, events[metric]);

	if (metric == MATRIX_BRANCHES || metric == MATRIX_SELECTS ||
	    metric == MATRIX_BARRIERS) {
		if (!take_code(c, metric) && counter)
			c->source[metric] = MATRIX_COUNTER;
	} else if (!c->measured) {
		if (metric == MATRIX_INSTRUCTIONS)
			take_code(c, metric);
		else
			snprintf(reason, size, "n/a (code, not a run)");
	} else if (is_counted(r)) {
		if (metric == MATRIX_INSTRUCTIONS)
			c->source[metric] = MATRIX_CLOCK;
		else
			snprintf(reason, size,
				 "n/a (the clock counts instructions)");
	} else if (metric == MATRIX_NS) {
		c->source[metric] = MATRIX_CLOCK;
	} else if (counter) {
		c->source[metric] = MATRIX_COUNTER;
	} else if (metric == MATRIX_CYCLES && !isnan(r->ticks_per_cycle)) {
		c->source[metric] = MATRIX_ESTIMATE;
	} else {
		counter_reason(c, metric);
	}
}

/* reading files */

/* "6.12" out of "6.12.107+deb13-cloud-amd64 #1 SMP ..." */
static void short_release(const char *kernel, char *text, size_t size)
{
	unsigned int major, minor;

	if (sscanf(kernel, "%3u.%3u", &major, &minor) == 2)
		snprintf(text, size, "%u.%u", major, minor);
	else
		snprintf(text, size, "%.*s", (int)strcspn(kernel, " "), kernel);
}

static const char *host_of(const struct result *r)
{
	const char *host = result_context(r, "host_name");

	return strncmp(host, "n/a", 3) ? host : result_context(r, "cpu_model");
}

static void set_arch(struct matrix_column *c, const char *name)
{
	const struct code_arch *arch = code_arch_find(name);

	snprintf(c->arch, sizeof(c->arch), "%s", arch ? arch->name : name);
}

static void name_result(struct matrix_column *c)
{
	const struct result *r = &c->result;

	set_arch(c, result_context(r, "arch"));
	code_compiler_name(result_context(r, "compiler"), c->compiler,
			   sizeof(c->compiler));
	snprintf(c->head[0], sizeof(c->head[0]), "%s", c->arch);
	if (is_counted(r))
		short_release(result_context(r, "kernel"), c->head[1],
			      sizeof(c->head[1]));
	else
		snprintf(c->head[1], sizeof(c->head[1]), "%s", host_of(r));
	snprintf(c->head[2], sizeof(c->head[2]), "%s",
		 result_context(r, "backend"));
}

static void name_table(struct matrix_column *c)
{
	c->path = c->code->path;
	set_arch(c, c->code->arch->name);
	code_compiler_name(c->code->compiler, c->compiler, sizeof(c->compiler));
	snprintf(c->head[0], sizeof(c->head[0]), "%s", c->arch);
	snprintf(c->head[1], sizeof(c->head[1]), "%.15s", c->compiler);
	snprintf(c->head[2], sizeof(c->head[2]), "code");
}

static bool same_string(const struct result *a, const struct result *b,
			const char *key, const char *up_to)
{
	const char *p = result_context(a, key), *q = result_context(b, key);
	size_t n = strcspn(p, up_to);

	return n == strcspn(q, up_to) && !strncmp(p, q, n);
}

static bool same_column(const struct matrix_column *a,
			const struct matrix_column *b)
{
	const struct result *r = &a->result, *s = &b->result;

	if (strcmp(a->arch, b->arch) || strcmp(a->compiler, b->compiler) ||
	    is_counted(r) != is_counted(s) ||
	    !same_string(r, s, "backend", "") ||
	    !same_string(r, s, "kernel", " "))
		return false;
	/* a guest's name and model say nothing */
	return is_counted(r) || (same_string(r, s, "cpu_model", "") &&
				 same_string(r, s, "host_name", ""));
}

static bool same_code(const struct code_table *a, const struct code_table *b)
{
	char p[64], q[64];

	code_compiler_name(a->compiler, p, sizeof(p));
	code_compiler_name(b->compiler, q, sizeof(q));
	return a->arch == b->arch && !strcmp(p, q);
}

static int load_table(struct matrix *m, const char *path, struct errmsg *msg)
{
	struct code_table *t = &m->table[m->nr_tables];
	int err = code_table_load(path, t, msg);

	if (err)
		return err;
	m->nr_tables++;
	for (struct code_table *o = m->table; o < t; o++)
		if (same_code(o, t))
			return errmsg_set(msg, -EINVAL,
				       "%s and %s: both are code of %s by %.60s: give one of them",
				       o->path, t->path, t->arch->name,
				       t->compiler);
	return 0;
}

static int load_result(struct matrix *m, const char *path, struct errmsg *msg)
{
	struct matrix_column *c = &m->column[m->nr];
	int err = result_load(path, &c->result, msg);

	if (err)
		return err;
	m->nr++;
	c->measured = true;
	c->path = c->result.path;
	name_result(c);
	for (struct matrix_column *o = m->column; o < c; o++)
		if (same_column(o, c))
			return errmsg_set(msg, -EINVAL,
				       "%s and %s: both are column '%s %s %s' by %s: give one of them",
				       o->path, c->path, c->head[0], c->head[1],
				       c->head[2], c->compiler);
	return 0;
}

/* Code goes beside the runs of its compiler, or is a column of its own. */
static void place_table(struct matrix *m, const struct code_table *t)
{
	struct matrix_column own = { .code = t };
	bool taken = false;

	name_table(&own);
	for (size_t i = 0; i < m->nr; i++) {
		struct matrix_column *c = &m->column[i];

		if (!c->measured || strcmp(c->arch, own.arch) ||
		    strcmp(c->compiler, own.compiler))
			continue;
		c->code = t;
		taken = true;
	}
	if (!taken)
		m->column[m->nr++] = own;
}

static size_t rank_of(const struct matrix_column *c)
{
	size_t i;

	for (i = 0; i < CODE_NR_ARCHS; i++)
		if (!strcmp(c->arch, code_archs[i].name))
			break;
	return i;
}

/* As they came, which qsort() would not keep. */
static void sort_columns(struct matrix *m)
{
	struct matrix_column c;
	size_t k;

	for (size_t i = 1; i < m->nr; i++) {
		c = m->column[i];
		for (k = i; k && rank_of(&m->column[k - 1]) > rank_of(&c); k--)
			m->column[k] = m->column[k - 1];
		m->column[k] = c;
	}
}

/* what of it is shown */

static bool is_asked(const struct matrix_request *ask, enum pf_accessor acc)
{
	for (size_t i = 0; i < ask->nr_accessors; i++)
		if (ask->accessor[i] == acc)
			return true;
	return false;
}

/* Has the column a point or path of it, whatever it knows of that? */
static bool has_accessor(const struct matrix *m, const struct matrix_column *c,
			 enum pf_accessor acc)
{
	struct matrix_row row = { .accessor = acc };
	const struct matrix_cell *cell;
	int gen, how;
	size_t p;

	for (gen = 0; gen < PF_NR_GENERATIONS; gen++) {
		if (pf_generations[gen].era == PF_ERA_SELFTEST)
			continue;
		row.generation = gen;
		for (how = 0; how < PF_NR_LOWERINGS; how++) {
			row.lowering = how;
			for (p = 0; p < m->ask.nr_populations; p++) {
				cell = cell_of(c, &row, m->ask.population[p]);
				if (cell->point || cell->line)
					return true;
			}
		}
	}
	return false;
}

static bool any_has(const struct matrix *m, enum pf_accessor acc)
{
	for (size_t i = 0; i < m->nr; i++)
		if (has_accessor(m, &m->column[i], acc))
			return true;
	return false;
}

/* Of those not asked for by name, the ones that there are. */
static void choose_accessors(struct matrix *m)
{
	static const enum pf_accessor usual[] = {
		PF_ACC_PageLocked, PF_ACC_SetPageDirty, PF_ACC_PageUptodate,
		PF_ACC_compound_head,
	};
	struct matrix_request *ask = &m->ask;

	if (ask->nr_accessors)
		return;
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (any_has(m, usual[i]))
			ask->accessor[ask->nr_accessors++] = usual[i];
	for (int a = 0; ask->every_accessor && a < PF_NR_ACCESSORS; a++)
		if (!is_asked(ask, a) && any_has(m, a))
			ask->accessor[ask->nr_accessors++] = a;
}

static int check_accessors(const struct matrix *m, struct errmsg *msg)
{
	const struct matrix_request *ask = &m->ask;
	size_t i, k;

	for (i = 0; i < ask->nr_accessors; i++)
		if (!any_has(m, ask->accessor[i]))
			return errmsg_set(msg, -EINVAL,
				       "no file has %s for these populations and this form",
				       pf_accessors[ask->accessor[i]].name);
	for (i = 0; i < m->nr; i++) {
		for (k = 0; k < ask->nr_accessors; k++)
			if (has_accessor(m, &m->column[i], ask->accessor[k]))
				break;
		if (k == ask->nr_accessors)
			return errmsg_set(msg, -EINVAL,
				       "%s: has no points in common with what is asked for",
				       m->column[i].path);
	}
	return 0;
}

/* A metric that no file has is not a table of dashes, but a reason. */
static int check_metrics(const struct matrix *m, struct errmsg *msg)
{
	bool any = false;

	for (size_t i = 0; i < m->nr; i++)
		for (size_t k = 0; k < m->ask.nr_metrics; k++)
			any |= m->column[i].source[m->ask.metric[k]] !=
				MATRIX_NOWHERE;
	if (any)
		return 0;
	return errmsg_set(msg, -EINVAL, "%s: %s: %s", m->column[0].path,
		       metric_names[m->ask.metric[0]],
		       m->column[0].reason[m->ask.metric[0]]);
}

/* Who has what, and from where. */
static int index_columns(struct matrix *m)
{
	for (size_t i = 0; i < m->nr; i++) {
		struct matrix_column *c = &m->column[i];

		c->cell = calloc(NR_CELLS, sizeof(*c->cell));
		if (!c->cell)
			return -ENOMEM;
		if (c->measured)
			index_points(c, m->ask.form);
		if (c->code)
			index_code(c, m->ask.form == PF_THROUGHPUT_COND ?
				   CODE_CONDITION : CODE_VALUE);
		for (int metric = 0; metric < MATRIX_NR_METRICS; metric++)
			source_of(c, metric);
	}
	return 0;
}

int matrix_load(struct matrix *m, const struct matrix_request *ask, size_t nr,
		char **paths, struct errmsg *msg)
{
	int err = 0;

	memset(m, 0, sizeof(*m));
	m->ask = *ask;
	m->column = calloc(nr, sizeof(*m->column));
	m->table = calloc(nr, sizeof(*m->table));
	if (!m->column || !m->table)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < nr && !err; i++)
		err = code_table_is(paths[i]) ?
			load_table(m, paths[i], msg) :
			load_result(m, paths[i], msg);
	if (err)
		return err;
	for (size_t i = 0; i < m->nr_tables; i++)
		place_table(m, &m->table[i]);
	sort_columns(m);
	if (index_columns(m))
		return errmsg_set(msg, -ENOMEM, "out of memory");
	choose_accessors(m);
	err = check_accessors(m, msg);
	return err ? err : check_metrics(m, msg);
}

void matrix_free(struct matrix *m)
{
	for (size_t i = 0; i < m->nr; i++) {
		if (m->column[i].measured)
			result_free(&m->column[i].result);
		free(m->column[i].cell);
	}
	for (size_t i = 0; i < m->nr_tables; i++)
		code_table_free(&m->table[i]);
	free(m->column);
	free(m->table);
	memset(m, 0, sizeof(*m));
}
