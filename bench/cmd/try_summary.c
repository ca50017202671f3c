// SPDX-License-Identifier: GPL-2.0
/* One line per claim, and the lines for the catalog. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/try.h"
#include "lib/text.h"
#include "report/format.h"

static const char *name_of(enum pf_generation gen)
{
	return pf_generations[gen].name;
}

static void claim_right(const struct try *t, FILE *f)
{
	unsigned long n = 0;

	for (int kind = 0; kind < TRY_NR_KINDS; kind++)
		n += t->right[kind];
	text_line(f, "right on %lu pages: small, heads, tails%s", n,
		  t->right[TRY_FAKE] ? " and fake heads" : "");
}

static void claim_race(const struct try *t, FILE *f)
{
	double bad = 0;

	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
		bad += t->bad[p];
	if (bad > 0)
		text_line(f, "lost %.3g of %.2g look-ups in a race", bad,
			  t->looked_up);
	else
		text_line(f, "no race found in %.2g look-ups", t->looked_up);
}

/* The largest number before @what in the titles of the tables. */
static int largest(const char *text, const char *what)
{
	const char *at = text;
	int most = 0, n;

	while ((at = strstr(at, what))) {
		n = at > text ? at[-1] - '0' : 0;
		if (n > most && n <= 9)
			most = n;
		at++;
	}
	return most;
}

static void claim_proof(const struct try *t, FILE *f)
{
	const char *from = t->proof ? strstr(t->proof, "\nmake: ") : NULL;

	if (!from)
		return;
	if (strstr(from, "\nProved: "))
		text_line(f, "proved for up to %d changes of %d pages, SC/TSO/PSO/RMO (cbmc)",
			  largest(from, " changes, "), largest(from, " pages)"));
	else
		text_line(f, "refuted by cbmc: an order of loads and stores is unsafe");
}

/* "-2 instructions on 4 of 5 architectures, -1 on 1" */
static void claim_insns(const struct try *t, FILE *f)
{
	char line[512];
	size_t n, walked = 0, done = 0, i, k;
	bool counted[CODE_NR_ARCHS] = { false };

	for (i = 0; i < t->nr_archs; i++)
		walked += t->arch[i].walked;
	if (!walked)
		return;
	n = snprintf(line, sizeof(line), "compound_head() on small pages:");
	for (i = 0; i < t->nr_archs; i++) {
		const struct code_tally *a = t->arch[i].fast;
		int d = (int)a[1].insns - (int)a[0].insns, same = 0;

		if (counted[i] || !t->arch[i].walked)
			continue;
		for (k = i; k < t->nr_archs; k++) {
			const struct code_tally *b = t->arch[k].fast;

			if (!t->arch[k].walked ||
			    (int)b[1].insns - (int)b[0].insns != d)
				continue;
			counted[k] = true;
			same++;
		}
		n += snprintf(line + n, sizeof(line) - n,
			      done++ ? ", %+d on %d" :
			      " %+d instructions on %d", d, same);
	}
	snprintf(line + n, sizeof(line) - n, " of %zu architectures", walked);
	text_wrapped(f, line, 2);
}

static void claim_latency(const struct try *t, FILE *f)
{
	const struct estimate *e = &t->latency.e;
	char line[256];

	if (!t->latency.measured || format_is_open(e))
		return;
	snprintf(line, sizeof(line),
		 "compound_head() on small pages: latency %+.2f +-%.2f %s on %s",
		 e->mid, format_reach(e, 2), t->unit, t->cpu);
	text_wrapped(f, line, 2);
}

static void claim_weight(const struct try *t, FILE *f)
{
	for (size_t i = 0; i < t->nr_archs; i++)
		if (t->arch[i].weighed)
			text_line(f, "%.1f bytes per look-up instead of %.1f (%s, %s)",
				  t->arch[i].weight[1], t->arch[i].weight[0],
				  t->arch[i].arch->name, t->arch[i].compiler);
}

static void claim_na(const struct try *t, FILE *f)
{
	static const char *const names[TRY_NR_PARTS] = {
		"right", "race", "proof", "code", "time",
	};
	char line[sizeof(t->na->text) + 32];

	for (int part = 0; part < TRY_NR_PARTS; part++) {
		if (!*t->na[part].text)
			continue;
		snprintf(line, sizeof(line), "%s n/a: %s", names[part],
			 t->na[part].text);
		text_wrapped(f, line, 2);
	}
}

void try_summary(const struct try *t, FILE *f)
{
	char line[sizeof(t->wrong.text) + 16];

	fprintf(f, "\n");
	text_line(f, "%s beside %s", name_of(PF_GEN_try), name_of(TRY_NEWEST));
	if (*t->wrong.text) {
		snprintf(line, sizeof(line), "WRONG: %s", t->wrong.text);
		text_wrapped(f, line, 2);
	} else if (t->part[TRY_RIGHT] && !*t->na[TRY_RIGHT].text) {
		claim_right(t, f);
	}
	claim_insns(t, f);
	claim_latency(t, f);
	claim_weight(t, f);
	if (t->part[TRY_RACE] && !*t->na[TRY_RACE].text)
		claim_race(t, f);
	claim_proof(t, f);
	claim_na(t, f);
}

void try_print_replace(const struct try *t, FILE *f)
{
	static const char *const lookups[] = {
		[PF_LOOKUP_FIXED] = "FIXED", [PF_LOOKUP_CHOICE] = "CHOICE",
	};
	static const char *const fakes[] = { "NONE", "OFF", "ON" };
	const struct pf_generation_info *g = &pf_generations[PF_GEN_try];
	char id[32];

	snprintf(id, sizeof(id), "%s", g->name);
	for (char *c = id; *c; c++)
		if (*c == '.' || *c == '-')
			*c = '_';
	fprintf(f, "\ninclude/pageflags/head.h, after the function of %s:\n",
		t->file);
	fprintf(f, "#define pf_head_%s pf_head_try\n", id);
	fprintf(f, "include/pageflags/catalog.h, in PF_REPLICAS before primitive:\n");
	fprintf(f, "\tG(%s, \"%s\", PF_KV(%d, %d, %d), PF_KV_EVER, %s, POLICY, %s, %s, \"%s\", \"proposed\", \"-\", \"any configuration\") \\\n",
		id, g->name, g->since / 10000, g->since / 100 % 100,
		g->since % 100, t->layout, lookups[g->lookup],
		fakes[g->fakes], g->name);
	fprintf(f, "bench/data/palette.c, in generation_looks[]:\n");
	fprintf(f, "\t[PF_GEN_%s] = { \"#000080\", 25, 'Q', '?' },\n", id);
}
