// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/matrix_internal.h"

/* "6.12.107+deb13-cloud-amd64 #1 SMP ..." becomes "6.12" */
static void short_release(const char *kernel, char *text, size_t size)
{
	unsigned int major, minor;

	if (sscanf(kernel, "%3u.%3u", &major, &minor) == 2)
		snprintf(text, size, "%u.%u", major, minor);
	else
		snprintf(text, size, "%.*s", (int)strcspn(kernel, " "), kernel);
}

static const char *machine_name(const struct result *r)
{
	const char *host = result_context(r, "host_name");

	return strncmp(host, "n/a", 3) ? host : result_context(r, "cpu_model");
}

static void set_column_arch(struct matrix_column *c, const char *name)
{
	const struct code_arch *arch = code_arch_find(name);

	snprintf(c->arch, sizeof(c->arch), "%s", arch ? arch->name : name);
}

static void name_result_column(struct matrix_column *c)
{
	const struct result *r = &c->result;

	set_column_arch(c, result_context(r, "arch"));
	code_compiler_name(result_context(r, "compiler"), c->compiler,
			   sizeof(c->compiler));
	snprintf(c->head[0], sizeof(c->head[0]), "%s", c->arch);
	if (matrix_is_counted(r))
		short_release(result_context(r, "kernel"), c->head[1],
			      sizeof(c->head[1]));
	else
		snprintf(c->head[1], sizeof(c->head[1]), "%s", machine_name(r));
	snprintf(c->head[2], sizeof(c->head[2]), "%s",
		 result_context(r, "backend"));
}

static void name_code_column(struct matrix_column *c)
{
	c->path = c->code->path;
	set_column_arch(c, c->code->arch->name);
	code_compiler_name(c->code->compiler, c->compiler, sizeof(c->compiler));
	snprintf(c->head[0], sizeof(c->head[0]), "%s", c->arch);
	snprintf(c->head[1], sizeof(c->head[1]), "%.15s", c->compiler);
	snprintf(c->head[2], sizeof(c->head[2]), "code");
}

static bool same_context(const struct result *a, const struct result *b,
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
	    matrix_is_counted(r) != matrix_is_counted(s) ||
	    !same_context(r, s, "backend", "") ||
	    !same_context(r, s, "kernel", " "))
		return false;
	/* the name and CPU model of a guest are arbitrary */
	return matrix_is_counted(r) || (same_context(r, s, "cpu_model", "") &&
					same_context(r, s, "host_name", ""));
}

static bool same_code(const struct code_table *a, const struct code_table *b)
{
	char p[64], q[64];

	code_compiler_name(a->compiler, p, sizeof(p));
	code_compiler_name(b->compiler, q, sizeof(q));
	return a->arch == b->arch && !strcmp(p, q);
}

static int load_code_table(struct matrix *m, struct input *in,
			   struct errmsg *msg)
{
	struct code_table *t = &m->table[m->nr_tables];
	int err = code_table_parse(in, t, msg);

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

static int load_result_column(struct matrix *m, struct input *in,
			      struct errmsg *msg)
{
	struct matrix_column *c = &m->column[m->nr];
	int err = result_read(in, &c->result, msg);

	if (err)
		return err;
	m->nr++;
	result_drop_samples(&c->result);
	c->measured = true;
	c->path = c->result.path;
	name_result_column(c);
	for (struct matrix_column *o = m->column; o < c; o++)
		if (same_column(o, c))
			return errmsg_set(msg, -EINVAL,
				       "%s and %s: both are column '%s %s %s' by %s: give one of them",
				       o->path, c->path, c->head[0], c->head[1],
				       c->head[2], c->compiler);
	return 0;
}

static int load_column(struct matrix *m, const char *path, struct errmsg *msg)
{
	struct input in;
	int err = input_open(&in, path, msg);

	if (err)
		return err;
	err = input_is(&in, CODE_TABLE_MAGIC) ? load_code_table(m, &in, msg) :
		load_result_column(m, &in, msg);
	input_close(&in);
	return err;
}

/* Code joins the results of its compiler, or is a column of its own. */
static void place_table(struct matrix *m, const struct code_table *t)
{
	struct matrix_column own = { .code = t };
	bool taken = false;

	name_code_column(&own);
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

static size_t arch_rank(const struct matrix_column *c)
{
	size_t i;

	for (i = 0; i < CODE_NR_ARCHS; i++)
		if (!strcmp(c->arch, code_archs[i].name))
			break;
	return i;
}

/* A stable sort, which qsort() is not. */
static void sort_columns(struct matrix *m)
{
	struct matrix_column c;
	size_t k;

	for (size_t i = 1; i < m->nr; i++) {
		c = m->column[i];
		for (k = i; k > 0; k--) {
			if (arch_rank(&m->column[k - 1]) <= arch_rank(&c))
				break;
			m->column[k] = m->column[k - 1];
		}
		m->column[k] = c;
	}
}

static bool is_requested(const struct matrix_request *request,
			 enum pf_accessor acc)
{
	for (size_t i = 0; i < request->nr_accessors; i++)
		if (request->accessor[i] == acc)
			return true;
	return false;
}

/* Has the column a point or a path of the accessor, with figures or not? */
static bool column_has_accessor(const struct matrix *m,
				const struct matrix_column *c,
				enum pf_accessor acc)
{
	struct matrix_row row = { .accessor = acc };
	const struct matrix_cell *cell;

	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++) {
		if (pf_generations[gen].era == PF_ERA_SELFTEST)
			continue;
		row.generation = gen;
		for (int l = 0; l < PF_NR_LOWERINGS; l++) {
			row.lowering = l;
			for (size_t p = 0; p < m->request.nr_populations; p++) {
				cell = matrix_cell(c, &row,
						   m->request.population[p]);
				if (cell->point || cell->line)
					return true;
			}
		}
	}
	return false;
}

static bool any_has_accessor(const struct matrix *m, enum pf_accessor acc)
{
	for (size_t i = 0; i < m->nr; i++)
		if (column_has_accessor(m, &m->column[i], acc))
			return true;
	return false;
}

/* The default accessors, or all, as far as the files have them. */
static void choose_accessors(struct matrix *m)
{
	static const enum pf_accessor usual[] = {
		PF_ACC_PageLocked, PF_ACC_SetPageDirty, PF_ACC_PageUptodate,
		PF_ACC_compound_head,
	};
	struct matrix_request *request = &m->request;

	if (request->nr_accessors)
		return;
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (any_has_accessor(m, usual[i]))
			request->accessor[request->nr_accessors++] = usual[i];
	for (int a = 0; request->every_accessor && a < PF_NR_ACCESSORS; a++)
		if (!is_requested(request, a) && any_has_accessor(m, a))
			request->accessor[request->nr_accessors++] = a;
}

static int check_accessors(const struct matrix *m, struct errmsg *msg)
{
	const struct matrix_request *request = &m->request;
	size_t i, k;

	for (i = 0; i < request->nr_accessors; i++)
		if (!any_has_accessor(m, request->accessor[i]))
			return errmsg_set(msg, -EINVAL,
				       "no file has %s for these populations and this form",
				       pf_accessors[request->accessor[i]].name);
	for (i = 0; i < m->nr; i++) {
		for (k = 0; k < request->nr_accessors; k++)
			if (column_has_accessor(m, &m->column[i],
						request->accessor[k]))
				break;
		if (k == request->nr_accessors)
			return errmsg_set(msg, -EINVAL,
				       "%s: has none of the requested points (see --accessor, --population, --form)",
				       m->column[i].path);
	}
	return 0;
}

/* If no file has any metric, report why instead of a table of dashes. */
static int check_metrics(const struct matrix *m, struct errmsg *msg)
{
	enum matrix_metric first = m->request.metric[0];

	for (size_t k = 0; k < m->request.nr_metrics; k++)
		if (matrix_has_metric(m, m->request.metric[k]))
			return 0;
	return errmsg_set(msg, -EINVAL, "%s: %s: %s%s", m->column[0].path,
			  matrix_metric_name(first),
			  m->column[0].reason[first],
			  matrix_has_metric(m, MATRIX_NS) ?
			  ": try --metric=ns" : "");
}

static int index_columns(struct matrix *m, struct errmsg *msg)
{
	for (size_t i = 0; i < m->nr; i++) {
		if (matrix_index(&m->column[i], m->request.form))
			return errmsg_set(msg, -ENOMEM, "out of memory");
		for (int metric = 0; metric < MATRIX_NR_METRICS; metric++)
			matrix_set_source(&m->column[i], metric);
	}
	return 0;
}

int matrix_load(struct matrix *m, const struct matrix_request *request,
		size_t nr, char **paths, struct errmsg *msg)
{
	int err = 0;

	memset(m, 0, sizeof(*m));
	m->request = *request;
	m->column = calloc(nr, sizeof(*m->column));
	m->table = calloc(nr, sizeof(*m->table));
	if (!m->column || !m->table)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < nr && !err; i++)
		err = load_column(m, paths[i], msg);
	if (err)
		return err;
	for (size_t i = 0; i < m->nr_tables; i++)
		place_table(m, &m->table[i]);
	sort_columns(m);
	err = matrix_choose(m, msg);
	if (!err)
		err = index_columns(m, msg);
	if (err)
		return err;
	choose_accessors(m);
	err = check_accessors(m, msg);
	return err ? err : check_metrics(m, msg);
}

void matrix_free(struct matrix *m)
{
	for (size_t i = 0; i < m->nr + m->nr_left_out; i++) {
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
