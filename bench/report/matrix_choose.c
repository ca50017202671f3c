// SPDX-License-Identifier: GPL-2.0
/* Columns that are not shown, and rows that no column has. */
#include <errno.h>
#include <string.h>

#include "report/matrix_internal.h"

static bool arch_is_requested(const struct matrix_request *request,
			      const struct matrix_column *c)
{
	for (size_t i = 0; i < request->nr_archs; i++)
		if (!strcmp(request->arch[i]->name, c->arch))
			return true;
	return !request->nr_archs;
}

static int compare_releases(const struct matrix_column *a,
			    const struct matrix_column *b)
{
	const struct matrix_column *const c[] = { a, b };
	unsigned int v[2][3] = { { 0 } };

	for (int i = 0; i < 2; i++)
		sscanf(result_context(&c[i]->result, "kernel"), "%5u.%5u.%5u",
		       &v[i][0], &v[i][1], &v[i][2]);
	for (int i = 0; i < 3; i++)
		if (v[0][i] != v[1][i])
			return v[0][i] < v[1][i] ? -1 : 1;
	return 0;
}

/* Is there a guest that differs from this one in a newer kernel only? */
static bool has_newer_kernel(const struct matrix *m,
			     const struct matrix_column *c)
{
	if (!c->measured || !matrix_is_counted(&c->result))
		return false;
	for (size_t i = 0; i < m->nr; i++) {
		const struct matrix_column *o = &m->column[i];

		if (o->measured && matrix_is_counted(&o->result) &&
		    !strcmp(o->arch, c->arch) &&
		    !strcmp(o->compiler, c->compiler) &&
		    !strcmp(o->head[2], c->head[2]) &&
		    compare_releases(c, o) < 0)
			return true;
	}
	return false;
}

static bool has_several_archs(const struct matrix *m)
{
	for (size_t i = 1; i < m->nr; i++)
		if (strcmp(m->column[i].arch, m->column[0].arch))
			return true;
	return false;
}

/* Move column @i behind those that are shown. */
static void leave_out(struct matrix *m, size_t i)
{
	struct matrix_column c = m->column[i];

	memmove(&m->column[i], &m->column[i + 1],
		(m->nr + m->nr_left_out - i - 1) * sizeof(c));
	m->column[m->nr + m->nr_left_out - 1] = c;
	m->nr--;
	m->nr_left_out++;
}

int matrix_choose(struct matrix *m, struct errmsg *msg)
{
	size_t nr_files = m->nr;

	for (size_t i = m->nr; i-- > 0;)
		if (!arch_is_requested(&m->request, &m->column[i]))
			leave_out(m, i);
	if (!m->nr)
		return errmsg_set(msg, -EINVAL, "no file is of %s: %s is of %s",
				  m->request.arch[0]->name, m->column[0].path,
				  m->column[0].arch);
	m->nr_other_archs = nr_files - m->nr;
	if (m->request.every_kernel || !has_several_archs(m))
		return 0;
	for (size_t i = m->nr; i-- > 0;)
		if (has_newer_kernel(m, &m->column[i]))
			leave_out(m, i);
	return 0;
}

/* A list in @text that grows, and ends in "..." where it does not fit. */
static void append_word(char *text, size_t size, const char *word)
{
	size_t n = strlen(text), more = strlen(word) + 2;

	if (n + more + 8 < size)
		snprintf(text + n, size - n, "%s%s", n ? ", " : "", word);
	else if (n < 3 || strcmp(text + n - 3, "..."))
		snprintf(text + n, size - n, ", ...");
}

void matrix_left_out(const struct matrix *m, char *text, size_t size)
{
	size_t first = m->nr + m->nr_other_archs;
	char list[512] = "", word[64];

	*text = '\0';
	for (size_t i = m->nr + m->nr_left_out; i-- > first;) {
		const struct matrix_column *c = &m->column[i];

		snprintf(word, sizeof(word), "%s %s %s", c->head[0], c->head[1],
			 c->head[2]);
		append_word(list, sizeof(list), word);
	}
	if (*list)
		snprintf(text, size,
			 "left out: %s: a newer kernel is shown (--kernels=all shows all)",
			 list);
}

/* The rows of a generation that an accessor has and no column. */
static void name_lacking(const struct matrix *m, enum pf_accessor acc,
			enum pf_generation gen, char *text, size_t size)
{
	bool lacks[PF_NR_LOWERINGS] = { false }, any = false;
	char word[64];

	for (int l = 0; l < PF_NR_LOWERINGS; l++) {
		struct matrix_row row = { acc, gen, l };
		bool has = matrix_has_row(m, &row, MATRIX_NR_METRICS, 0, m->nr);

		any |= has;
		lacks[l] = !has && pf_has(acc, gen, l);
	}
	if (!any && lacks[PF_AUTO]) {
		append_word(text, size, pf_generations[gen].name);
		return;
	}
	for (int l = 0; l < PF_NR_LOWERINGS; l++) {
		snprintf(word, sizeof(word), "%s%s%s", pf_generations[gen].name,
			 l ? " " : "", l ? lowering_name(l) : "");
		if (lacks[l])
			append_word(text, size, word);
	}
}

void matrix_lacking_rows(const struct matrix *m, enum pf_accessor acc,
			 char *text, size_t size)
{
	*text = '\0';
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++) {
		enum pf_era era = pf_generations[gen].era;

		if (era == PF_ERA_PLAIN || era == PF_ERA_REWORK ||
		    era == PF_ERA_POLICY)
			name_lacking(m, acc, gen, text, size);
	}
}
