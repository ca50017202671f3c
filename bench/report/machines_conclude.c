// SPDX-License-Identifier: GPL-2.0
/* The answers of all machines of a collection about two variants. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/text.h"
#include "report/machines_internal.h"

/* By the interval of the difference of both figures of a machine. */
static enum machines_answer ask_machine(const struct machines *m,
					const struct machine *n,
					const struct machines_conclusion *c,
					struct estimate *difference)
{
	const struct machine_figure *a, *b;
	struct estimate d;
	double limit;

	if (n->counted != c->counted)
		return MACHINES_NOTHING;
	a = machines_figure(n, c->accessor, c->population, &c->a);
	b = machines_figure(n, c->accessor, c->population, &c->b);
	if (!a || !b || a->contended || b->contended)
		return MACHINES_NOTHING;
	d = stats_unpaired_difference(&a->e, &b->e);
	if (n->counted)
		d.lo = d.hi = d.mid;
	*difference = d;
	if (!isfinite(d.hi - d.lo))
		return MACHINES_UNDECIDED;
	/* of the dearer one, for a hidden look-up costs next to nothing */
	limit = fmax(n->floor, m->request.threshold *
		     fmax(fabs(a->e.mid), fabs(b->e.mid)));
	if (d.lo > limit)
		return MACHINES_WINS;
	if (d.hi < -limit)
		return MACHINES_LOSES;
	return d.lo >= -limit && d.hi <= limit ? MACHINES_SAME :
		MACHINES_UNDECIDED;
}

static void turn_round(const struct machines *m, struct machines_conclusion *c)
{
	struct machines_variant v = c->a;
	size_t wins = c->count[MACHINES_WINS];

	c->a = c->b;
	c->b = v;
	c->count[MACHINES_WINS] = c->count[MACHINES_LOSES];
	c->count[MACHINES_LOSES] = wins;
	for (size_t i = 0; i < m->nr; i++) {
		struct estimate d = c->difference[i];

		c->difference[i] = (struct estimate){ -d.mid, -d.hi, -d.lo,
						      d.n };
		if (c->answer[i] == MACHINES_WINS)
			c->answer[i] = MACHINES_LOSES;
		else if (c->answer[i] == MACHINES_LOSES)
			c->answer[i] = MACHINES_WINS;
	}
}

/* Add a conclusion if a machine has both figures. */
static int conclude_pair(struct machines *m, struct machines_conclusion c)
{
	struct machines_conclusion *grown = array_grow(m->conclusion,
		m->nr_conclusions, sizeof(*m->conclusion));

	if (!grown)
		return -ENOMEM;
	m->conclusion = grown;
	c.answer = malloc(m->nr);
	c.difference = calloc(m->nr, sizeof(*c.difference));
	if (!c.answer || !c.difference) {
		free(c.answer);
		free(c.difference);
		return -ENOMEM;
	}
	for (size_t i = 0; i < m->nr; i++) {
		c.answer[i] = ask_machine(m, &m->machine[i], &c,
					  &c.difference[i]);
		c.count[c.answer[i]]++;
	}
	if (c.count[MACHINES_NOTHING] == m->nr) {
		free(c.answer);
		free(c.difference);
		return 0;
	}
	if (c.count[MACHINES_LOSES] > c.count[MACHINES_WINS])
		turn_round(m, &c);
	m->conclusion[m->nr_conclusions++] = c;
	return 0;
}

bool machines_has_lookup(enum pf_generation gen)
{
	enum pf_era era = pf_generations[gen].era;

	return era == PF_ERA_REWORK || era == PF_ERA_POLICY ||
		era == PF_ERA_MEMDESC || era == PF_ERA_NATIVE;
}

/*
 * The pairs that questions are about: a forced branch and select of one
 * generation, and the mask with the other generations in every lowering.
 */
static bool is_question(const struct machines_variant *a,
			const struct machines_variant *b)
{
	if (a->generation == b->generation)
		return a->lowering == PF_BRANCH && b->lowering == PF_SELECT;
	if (!machines_has_lookup(a->generation) ||
	    !machines_has_lookup(b->generation))
		return false;
	return (a->generation == PF_GEN_v7_1_mask && a->lowering == PF_AUTO) ||
		(b->generation == PF_GEN_v7_1_mask && b->lowering == PF_AUTO);
}

/* Successive released generations, as the compiler lowers them. */
static bool is_successor(const struct machines *m, size_t a, size_t b)
{
	if (m->variant[a].lowering || m->variant[b].lowering ||
	    !machines_has_lookup(m->variant[a].generation) ||
	    m->variant[b].generation > PF_GEN_v7_1_mask)
		return false;
	for (size_t i = a + 1; i < b; i++)
		if (!m->variant[i].lowering)
			return false;
	return true;
}

static int conclude_cell(struct machines *m, struct machines_conclusion c)
{
	int err = 0;

	for (size_t a = 0; a < m->nr_variants; a++) {
		for (size_t b = a + 1; b < m->nr_variants; b++) {
			c.a = m->variant[a];
			c.b = m->variant[b];
			if (!err && (is_question(&c.a, &c.b) ||
				     is_successor(m, a, b)))
				err = conclude_pair(m, c);
		}
	}
	return err;
}

int machines_conclude(struct machines *m)
{
	const struct machines_request *request = &m->request;
	int err = 0;

	for (size_t a = 0; a < request->nr_accessors; a++) {
		for (size_t p = 0; p < request->nr_populations; p++) {
			struct machines_conclusion c = {
				.accessor = request->accessor[a],
				.population = request->population[p],
			};

			if (!err)
				err = conclude_cell(m, c);
			c.counted = true;
			if (!err)
				err = conclude_cell(m, c);
		}
	}
	return err;
}

bool machines_saved(const struct machines *m,
		    const struct machines_conclusion *c, double *least,
		    double *most)
{
	*least = INFINITY;
	*most = -INFINITY;
	for (size_t i = 0; i < m->nr; i++) {
		const struct machine_figure *b;
		double share;

		if (c->answer[i] != MACHINES_WINS)
			continue;
		b = machines_figure(&m->machine[i], c->accessor, c->population,
				    &c->b);
		share = 100 * c->difference[i].mid / fabs(b->e.mid);
		*least = fmin(*least, share);
		*most = fmax(*most, share);
	}
	return isfinite(*most - *least);
}

/* ", by 4 to 31 %" */
static void format_shares(const struct machines *m,
			  const struct machines_conclusion *c, char *text,
			  size_t size)
{
	double least, most;

	*text = '\0';
	if (!machines_saved(m, c, &least, &most))
		return;
	if (round(least) == round(most))
		snprintf(text, size, ", by %.0f %%", most);
	else
		snprintf(text, size, ", by %.0f to %.0f %%", least, most);
}

/* "Zen 4 (2 of 3), Skylake (1 of 8)": where the answer is this one */
static char *list_groups(const struct machines *m,
			 const struct machines_conclusion *c,
			 enum machines_answer answer)
{
	char *text = strdup(""), *longer;

	for (size_t g = 0; g < m->nr_groups && text; g++) {
		const struct machines_group *group = &m->group[g];
		size_t n = 0, of = 0;

		for (size_t i = group->first; i < group->first + group->nr;
		     i++) {
			n += c->answer[i] == answer;
			of += c->answer[i] != MACHINES_NOTHING;
		}
		if (!n)
			continue;
		longer = text_format("%s%s%s (%zu of %zu)", text,
				     *text ? ", " : "",
				     m->machine[group->first].uarch, n, of);
		free(text);
		text = longer;
	}
	return text;
}

static void print_conclusion(FILE *f, const struct machines *m,
			     const struct machines_conclusion *c)
{
	size_t n = m->nr - c->count[MACHINES_NOTHING];
	char a[64], b[64], *wins, *loses, *line, counts[160], shares[64];
	size_t len = 0;

	machines_variant_name(&c->a, a, sizeof(a));
	machines_variant_name(&c->b, b, sizeof(b));
	format_shares(m, c, shares, sizeof(shares));
	*counts = '\0';
	if (c->count[MACHINES_LOSES])
		len += snprintf(counts + len, sizeof(counts) - len,
				", loses on %zu", c->count[MACHINES_LOSES]);
	if (c->count[MACHINES_SAME])
		len += snprintf(counts + len, sizeof(counts) - len,
				", is the same on %zu",
				c->count[MACHINES_SAME]);
	if (c->count[MACHINES_UNDECIDED])
		snprintf(counts + len, sizeof(counts) - len,
			 ", undecided on %zu", c->count[MACHINES_UNDECIDED]);
	if (c->count[MACHINES_WINS] == n)
		line = text_format("  %s beats %s on %s%zu%s", a, b, n > 1 ?
				   "all " : "", n, shares);
	else
		line = text_format("  %s beats %s on %zu of %zu%s%s", a, b,
				   c->count[MACHINES_WINS], n, shares, counts);
	if (line)
		text_wrapped(f, line, 6);
	free(line);
	if (!c->count[MACHINES_LOSES])
		return;
	wins = list_groups(m, c, MACHINES_WINS);
	loses = list_groups(m, c, MACHINES_LOSES);
	line = wins && loses ?
		text_format("      wins: %s; loses: %s", wins, loses) : NULL;
	if (line)
		text_wrapped(f, line, 8);
	free(line);
	free(wins);
	free(loses);
}

enum conclusion_kind { TURNS_ROUND, HOLDS, HOLDS_ON_SOME, NO_DIFFERENCE };

static enum conclusion_kind kind_of(const struct machines *m,
				    const struct machines_conclusion *c)
{
	size_t n = m->nr - c->count[MACHINES_NOTHING];

	if (c->count[MACHINES_LOSES])
		return TURNS_ROUND;
	if (!c->count[MACHINES_WINS])
		return NO_DIFFERENCE;
	return c->count[MACHINES_WINS] == n ? HOLDS : HOLDS_ON_SOME;
}

static void print_kind(FILE *f, const struct machines *m,
		       enum conclusion_kind kind, const char *title)
{
	const struct machines_conclusion *above = NULL;

	for (size_t i = 0; i < m->nr_conclusions; i++) {
		const struct machines_conclusion *c = &m->conclusion[i];

		if (kind_of(m, c) != kind)
			continue;
		if (!above)
			fprintf(f, "\n%s\n", title);
		if (!above || above->accessor != c->accessor ||
		    above->population != c->population ||
		    above->counted != c->counted)
			text_line(f, "%s, %s pages%s:",
				  pf_accessors[c->accessor].name,
				  population_kind_name(c->population),
				  c->counted ? ", in instructions" : "");
		above = c;
		print_conclusion(f, m, c);
	}
}

void machines_print_conclusions(FILE *f, const struct machines *m)
{
	size_t same = 0;

	fprintf(f, "\n");
	text_line(f, "Conclusions: costs that differ by more than %g %%, with the whole 95 %%",
		  100 * m->request.threshold);
	text_line(f, "interval of the difference, on each machine that has both");
	print_kind(f, m, TURNS_ROUND,
		   "TURNS ROUND FROM MACHINE TO MACHINE");
	print_kind(f, m, HOLDS, "HOLDS ON EVERY MACHINE");
	print_kind(f, m, HOLDS_ON_SOME,
		   "HOLDS ON SOME, AND THERE IS NO CONTRARY");
	for (size_t i = 0; i < m->nr_conclusions; i++)
		same += kind_of(m, &m->conclusion[i]) == NO_DIFFERENCE;
	if (same) {
		fprintf(f, "\n");
		text_line(f, "%zu of %zu questions: no machine has a difference",
			  same, m->nr_conclusions);
	}
}
