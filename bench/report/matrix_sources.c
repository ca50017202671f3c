// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "lib/text.h"
#include "report/matrix_internal.h"

void matrix_head(const struct matrix *m, size_t i, int line, char *text,
		 size_t size)
{
	const struct matrix_column *c = &m->column[i];

	if (line < MATRIX_HEADS - 1)
		snprintf(text, size, "%s", c->head[line]);
	else
		snprintf(text, size, "%s[%zu]", c->head[line], i + 1);
}

const char *matrix_form_name(enum pf_form form)
{
	static const char *const names[PF_NR_FORMS] = {
		[PF_THROUGHPUT] = "throughput", [PF_LATENCY] = "latency",
		[PF_THROUGHPUT_COND] = "throughput, cond",
	};

	return names[form];
}

void matrix_pages(const struct matrix *m, char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < m->request.nr_populations; i++)
		n += snprintf(text + n, size - n, "%s%s", i ? "/" : "",
			      population_kind_name(m->request.population[i]));
	snprintf(text + n, size - n, " pages");
}

void matrix_mark_key(const struct matrix *m, char *text, size_t size)
{
	static const char *const names[MATRIX_NR_METRICS] = {
		[MATRIX_BRANCHES] = "b conditional branch",
		[MATRIX_SELECTS] = "s select",
		[MATRIX_BARRIERS] = "m barrier",
	};
	size_t n = 0;

	*text = '\0';
	for (size_t i = 0; i < MATRIX_NR_MARKS; i++)
		if (matrix_requests(m, matrix_marks[i]) &&
		    matrix_has_metric(m, matrix_marks[i]))
			n += snprintf(text + n, size - n, "%s%s",
				      n ? ", " : "", names[matrix_marks[i]]);
}

void matrix_print_legend(FILE *f, const struct matrix *m)
{
	char text[256], marks[160], pages[64];
	size_t n = 0;

	matrix_pages(m, pages, sizeof(pages));
	for (size_t i = 0; i < m->request.nr_metrics; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%s",
			      i ? ", " : "",
			      matrix_metric_name(m->request.metric[i]));
	snprintf(text + n, sizeof(text) - n, " per operation, %s, %s", pages,
		 matrix_form_name(m->request.form));
	text_wrapped(f, text, 2);
	matrix_mark_key(m, marks, sizeof(marks));
	if (!*marks)
		return;
	snprintf(text, sizeof(text), "%s, %s? not known", marks,
		 matrix_requests(m, MATRIX_INSTRUCTIONS) ? "" : ". none, ");
	text_wrapped(f, text, 2);
}

void matrix_print_notation(FILE *f, const struct matrix *m)
{
	char marks[160];

	if (!matrix_requests(m, MATRIX_INSTRUCTIONS) ||
	    !matrix_has_metric(m, MATRIX_INSTRUCTIONS))
		return;
	matrix_mark_key(m, marks, sizeof(marks));
	if (*marks)
		text_wrapped(f, "5b  5 instructions, one of them a conditional branch; 8bbb: 8 with three branches; 10.17,4b: 10.17 with four", 4);
	text_wrapped(f, "5.12 instructions are no whole number because the loop is unrolled: its iterations share some instructions",
		     4);
}

static const char *source_name_of(enum matrix_source source,
				  enum matrix_metric metric)
{
	switch (source) {
	case MATRIX_CLOCK:
		return metric == MATRIX_INSTRUCTIONS ?
			"by a clock that counts them" :
			metric == MATRIX_CYCLES ? "measured in cycles" :
			"by the clock";
	case MATRIX_COUNTER:
		return metric == MATRIX_BRANCHES ?
			"by its counter, jumps included" : "by their counter";
	case MATRIX_ESTIMATE:
		return "estimated from the latency of an add";
	default:
		return "from one use, compiled alone:";
	}
}

/* How far the widest interval shown reaches; INFINITY: one has no interval */
static double widest_reach(const struct matrix *m,
			   const struct matrix_column *c,
			   enum matrix_metric metric)
{
	double most = 0;

	for (size_t a = 0; a < m->request.nr_accessors; a++) {
		matrix_for_each_row(m, row, m->request.accessor[a]) {
			for (size_t p = 0; p < m->request.nr_populations; p++) {
				struct estimate e = matrix_figure(c, &row,
					m->request.population[p], metric).e;

				if (!isnan(e.mid))
					most = fmax(most, fmax(e.hi - e.mid,
							       e.mid - e.lo));
			}
		}
	}
	return most;
}

/* Do two metrics of a column share a line? */
static bool same_source(const struct matrix_column *c, enum matrix_metric a,
			enum matrix_metric b)
{
	if (c->source[a] != c->source[b])
		return false;
	if (c->source[a] == MATRIX_NOWHERE)
		return !strcmp(c->reason[a], c->reason[b]);
	return c->source[a] == MATRIX_CODE;
}

static bool source_was_printed(const struct matrix *m,
			       const struct matrix_column *c, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (same_source(c, m->request.metric[i], m->request.metric[k]))
			return true;
	return false;
}

static void print_source(FILE *f, const struct matrix *m,
			 const struct matrix_column *c, size_t k)
{
	enum matrix_metric metric = m->request.metric[k];
	enum matrix_source source = c->source[metric];
	const char *name = source_name_of(source, metric);
	char text[1024] = "    ";
	size_t n = strlen(text);
	double reach;

	for (size_t i = k; i < m->request.nr_metrics; i++)
		if (i == k || same_source(c, metric, m->request.metric[i]))
			n += snprintf(text + n, sizeof(text) - n, "%s%s",
				      i == k ? "" : ", ",
				      matrix_metric_name(m->request.metric[i]));
	if (source == MATRIX_NOWHERE) {
		snprintf(text + n, sizeof(text) - n, ": %s", c->reason[metric]);
	} else if (source == MATRIX_CODE) {
		snprintf(text + n, sizeof(text) - n, ": %s %.300s", name,
			 c->code->path);
	} else {
		reach = widest_reach(m, c, metric);
		n += snprintf(text + n, sizeof(text) - n, ": %s, to +-", name);
		snprintf(text + n, sizeof(text) - n,
			 isfinite(reach) ? "%.2g" : "?", reach);
	}
	text_wrapped(f, text, 6);
}

/* "[1] x86-64, AMD EPYC, Linux 6.18.44, user backend, gcc 12.2.0" */
size_t matrix_describe(const struct matrix *m, size_t i, char *text,
		       size_t size)
{
	const struct matrix_column *c = &m->column[i];
	const struct result *r = &c->result;
	const char *kernel, *model;
	bool is_long;

	if (!c->measured)
		return snprintf(text, size, "[%zu] %s, code by %.200s", i + 1,
				c->arch, c->code->compiler);
	/* some machines have a paragraph for a model */
	model = result_context(r, "cpu_model");
	is_long = strlen(model) > 44;
	kernel = result_context(r, "kernel");
	return snprintf(text, size,
			"[%zu] %s, %.*s%s, Linux %.*s, %.20s backend, %s%s",
			i + 1, c->arch, is_long ? 41 : 44, model,
			is_long ? "..." : "", (int)strcspn(kernel, " "), kernel,
			result_context(r, "backend"), c->compiler,
			r->partial ? ", PARTIAL" : "");
}

void matrix_print_column(FILE *f, const struct matrix *m, size_t i)
{
	const struct matrix_column *c = &m->column[i];
	const json_t *kmod = json_object_get(c->result.pfbench, "kmod");
	const char *native = json_string_value(json_object_get(kmod,
							       "native_is"));
	char text[1024];
	size_t n;

	n = matrix_describe(m, i, text, sizeof(text));
	if (native)
		snprintf(text + n, sizeof(text) - n, ", native is %.40s",
			 native);
	text_wrapped(f, text, 4);
	for (size_t k = 0; k < m->request.nr_metrics; k++)
		if (!source_was_printed(m, c, k))
			print_source(f, m, c, k);
}
