// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "code/internal.h"
#include "code/mca_rows.h"
#include "data/point.h"

#define MAX_ROWS (PF_NR_REPLICAS * PF_NR_LOWERINGS * CODE_NR_PAGES)

bool mca_has_latency(const struct mca_query *query)
{
	return query->usage == CODE_VALUE &&
		PF_RETURNS(pf_accessors[query->accessor].kind);
}

void mca_row_label(const struct code_use *use, const struct code_use *above,
		   char *label, size_t size)
{
	bool again = above && above->generation == use->generation;
	const char *name = pf_generations[use->generation].name;

	if (again && above->lowering == use->lowering)
		*label = '\0';
	else if (use->lowering == PF_AUTO)
		snprintf(label, size, "%s", name);
	else if (again)
		snprintf(label, size, "  %s", lowering_name(use->lowering));
	else
		snprintf(label, size, "%s/%s", name,
			 lowering_name(use->lowering));
}

static bool is_wanted(const struct mca_query *q, enum pf_generation gen)
{
	const struct pf_generation_info *g = &pf_generations[gen];
	enum pf_policy policy = pf_accessors[q->accessor].policy;

	if (!pf_has(q->accessor, gen, PF_AUTO))
		return false;
	if (q->generations)
		return q->generations >> gen & 1;
	/* without a look-up all plain generations are alike */
	return g->era != PF_ERA_SELFTEST &&
		(g->era != PF_ERA_PLAIN || gen == PF_GEN_plain ||
		 policy == PF_POLICY_LOOKUP);
}

/* The number of instructions without the return, which inlined code lacks. */
static size_t path_length(const struct code_path *path)
{
	unsigned int last = path->nr ? path->insn[path->nr - 1]->classes : 0;

	return path->nr - ((last & CODE_RETURN) && !(last & CODE_BRANCH));
}

static bool same_path(const struct code_path *a, const struct code_path *b)
{
	return a->nr == b->nr &&
		!memcmp(a->insn, b->insn, a->nr * sizeof(*a->insn));
}

/* No model covers the cost of atomics and barriers. */
static void find_excluded(struct mca_row *row)
{
	const struct code_path *p = row->path;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		const char *kind =
			p->insn[i]->classes & CODE_ATOMIC ? "atomic" :
			p->insn[i]->classes & CODE_BARRIER ? "barrier" : NULL;

		if (!kind)
			continue;
		snprintf(row->excluded, sizeof(row->excluded), "n/a (%s: %s)",
			 kind, p->insn[i]->text);
		return;
	}
}

/* Add a row for each path of a use, with the pages that take it. */
static int add_use_rows(struct mca_rows *m, const struct code_use *use,
			struct errmsg *msg)
{
	size_t first = m->nr, i;
	int page, ret;

	/* some architectures have no select */
	if (use->lowering == PF_SELECT && !code_listing(m->code, use, NULL))
		return 0;
	for (page = 0; page < CODE_NR_PAGES; page++) {
		const struct code_path *path;

		if (!code_takes(use->accessor, page))
			continue;
		ret = code_path(m->code, use, page, &path, msg);
		if (ret)
			return ret;
		for (i = first; i < m->nr; i++)
			if (same_path(m->row[i].path, path))
				break;
		if (i == m->nr) {
			m->row[m->nr++] = (struct mca_row){ .use = *use,
							    .path = path };
			find_excluded(&m->row[i]);
		}
		m->row[i].pages |= 1U << page;
	}
	return 0;
}

static int add_mca_rows(struct mca_rows *m, struct errmsg *msg)
{
	struct code_use use = { .accessor = m->query.accessor,
				.usage = m->query.usage };
	unsigned long generations = 0;
	int gen, lowering, ret;

	for (gen = 0; gen < PF_NR_REPLICAS; gen++)
		if (is_wanted(&m->query, gen))
			generations |= 1UL << gen;
	ret = code_prepare(m->code, generations, msg);
	for (gen = 0; gen < PF_NR_REPLICAS && !ret; gen++) {
		for (lowering = 0; lowering < PF_NR_LOWERINGS && !ret;
		     lowering++) {
			use.generation = gen;
			use.lowering = lowering;
			if (generations >> gen & 1 && code_use_exists(&use))
				ret = add_use_rows(m, &use, msg);
		}
	}
	return ret;
}

/* The letter of a note, which is added if it is new. */
static char note_letter(struct mca_rows *m, const char *text)
{
	size_t i;

	for (i = 0; i < m->nr_notes; i++)
		if (!strcmp(m->note[i], text))
			return 'a' + i;
	if (i == MCA_MAX_NOTES)
		return '?';
	snprintf(m->note[i], sizeof(m->note[i]), "%s", text);
	m->nr_notes++;
	return 'a' + i;
}

static void set_figure(struct mca_rows *m, const struct mca_cpu *cpu,
		       char *cell, size_t size, double v, const char *lacks)
{
	char note[128];

	if (isnan(v)) {
		snprintf(note, sizeof(note), "%s: %s", cpu->head, lacks);
		snprintf(cell, size, "n/a %c", note_letter(m, note));
	} else {
		/* no "-0.00" */
		snprintf(cell, size, "%.2f", fabs(v) < 0.005 ? 0 : v);
	}
}

/* Fill in the cells row by row, so that notes are lettered as one reads. */
static void set_cells(struct mca_rows *m, struct mca_cycles **figure)
{
	const struct mca_cycles *f;
	size_t i, c, at = 0;

	for (i = 0; i < m->nr; i++) {
		struct mca_row *row = &m->row[i];

		for (c = 0; c < m->query.nr_cpus; c++) {
			strcpy(row->cell[0][c], "n/a");
			strcpy(row->cell[1][c], "n/a");
			if (*row->excluded)
				continue;
			f = &figure[c][at];
			set_figure(m, m->query.cpu[c], row->cell[0][c],
				   sizeof(row->cell[0][c]), f->throughput,
				   f->lacks);
			if (mca_has_latency(&m->query))
				set_figure(m, m->query.cpu[c], row->cell[1][c],
					   sizeof(row->cell[1][c]), f->latency,
					   f->lacks);
		}
		at += !*row->excluded;
	}
}

static int predict_rows(struct mca_rows *m, struct errmsg *msg)
{
	const struct code_arch *arch = code_arch_of(m->code);
	struct mca_cycles *figure[MCA_MAX_CPUS] = { NULL };
	struct mca_path path[MAX_ROWS] = { 0 };
	size_t i, c, nr = 0;
	int ret = 0;

	for (i = 0; i < m->nr; i++) {
		if (*m->row[i].excluded)
			continue;
		path[nr].insn = m->row[i].path->insn;
		path[nr++].nr = path_length(m->row[i].path);
	}
	if (nr)
		ret = mca_paths_open(m->mca, arch, path, nr, msg);
	for (c = 0; nr && c < m->query.nr_cpus && !ret; c++) {
		figure[c] = calloc(nr, sizeof(*figure[c]));
		if (code_interrupted(m->code))
			ret = errmsg_set(msg, -EINTR, "interrupted");
		else if (!figure[c])
			ret = errmsg_set(msg, -ENOMEM, "out of memory");
		else
			ret = mca_run(m->mca, arch, m->query.cpu[c], path, nr,
				      figure[c], msg);
	}
	if (!ret)
		set_cells(m, figure);
	mca_paths_close(path, nr);
	for (c = 0; c < m->query.nr_cpus; c++)
		free(figure[c]);
	return ret;
}

int mca_rows_open(struct mca_rows *m, const struct mca *mca, struct code *code,
		  const struct mca_query *query, struct errmsg *msg)
{
	int ret;

	*m = (struct mca_rows){ .mca = mca, .code = code, .query = *query };
	m->row = calloc(MAX_ROWS, sizeof(*m->row));
	if (!m->row)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = add_mca_rows(m, msg);
	return ret ? ret : predict_rows(m, msg);
}

void mca_rows_close(struct mca_rows *m)
{
	free(m->row);
	m->row = NULL;
}
