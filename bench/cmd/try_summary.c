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
	const char *from = t->proof ? strstr(t->proof, t->subject->proof) :
		NULL;

	if (!from)
		return;
	if (strstr(from, "\nRefuted: "))
		text_line(f, "refuted by cbmc: see the steps");
	else if (!strstr(from, "\nProved: "))
		return;
	else if (t->subject->proved)
		text_line(f, "proved for %s (cbmc)", t->subject->proved);
	else
		text_line(f, "proved for up to %d changes of %d pages, SC/TSO/PSO/RMO (cbmc)",
			  largest(from, " changes, "), largest(from, " pages)"));
}

/* "folio_put():", "compound_head() on small pages:" */
static void claim_subject(const struct try *t, size_t shown, char *line,
			  size_t size)
{
	snprintf(line, size, "%s()%s:",
		 pf_accessors[t->subject->shown[shown]].name,
		 t->subject->scheme ? "" : " on small pages");
}

static int insns_more(const struct try_use *u)
{
	return (int)u->fast[1].insns - (int)u->fast[0].insns;
}

/* "-2 instructions on 4 of 5 architectures, -1 on 1" */
static void claim_insns(const struct try *t, size_t shown, FILE *f)
{
	char line[512];
	size_t n, walked = 0, done = 0, i, k;
	bool counted[CODE_NR_ARCHS] = { false };

	for (i = 0; i < t->nr_archs; i++)
		walked += t->arch[i].use[shown].walked;
	if (!walked)
		return;
	claim_subject(t, shown, line, sizeof(line));
	n = strlen(line);
	for (i = 0; i < t->nr_archs; i++) {
		int d = insns_more(&t->arch[i].use[shown]), same = 0;

		if (counted[i] || !t->arch[i].use[shown].walked)
			continue;
		for (k = i; k < t->nr_archs; k++) {
			if (!t->arch[k].use[shown].walked ||
			    insns_more(&t->arch[k].use[shown]) != d)
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

static void claim_latency(const struct try *t, size_t shown, FILE *f)
{
	const struct estimate *e = &t->latency[shown].e;
	char line[256];
	size_t n;

	if (!t->latency[shown].measured || format_is_open(e))
		return;
	claim_subject(t, shown, line, sizeof(line));
	n = strlen(line);
	snprintf(line + n, sizeof(line) - n, " latency %+.2f +-%.2f %s on %s",
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
	text_line(f, "%s beside %s", name_of(PF_GEN_try),
		  name_of(try_newest(t)));
	if (*t->wrong.text) {
		snprintf(line, sizeof(line), "WRONG: %s", t->wrong.text);
		text_wrapped(f, line, 2);
	} else if (t->part[TRY_RIGHT] && !*t->na[TRY_RIGHT].text) {
		t->subject->claim_right(t, f);
	}
	for (size_t i = 0; i < t->subject->nr_shown; i++) {
		claim_insns(t, i, f);
		claim_latency(t, i, f);
	}
	claim_weight(t, f);
	if (t->part[TRY_RACE] && !*t->na[TRY_RACE].text)
		t->subject->claim_race(t, f);
	claim_proof(t, f);
	claim_na(t, f);
}

void try_print_replace(const struct try *t, FILE *f)
{
	char id[32];

	snprintf(id, sizeof(id), "%s", name_of(PF_GEN_try));
	for (char *c = id; *c; c++)
		if (*c == '.' || *c == '-')
			*c = '_';
	t->subject->print_replace(t, f, id);
}

void try_look_up_print_replace(const struct try *t, FILE *f, const char *id)
{
	static const char *const lookups[] = {
		[PF_LOOKUP_FIXED] = "FIXED", [PF_LOOKUP_CHOICE] = "CHOICE",
	};
	static const char *const fakes[] = { "NONE", "OFF", "ON" };
	const struct pf_generation_info *g = &pf_generations[PF_GEN_try];

	fprintf(f, "\ninclude/pageflags/head.h, after the function of %s:\n",
		t->file);
	fprintf(f, "#define pf_head_%s pf_head_try\n", id);
	fprintf(f, "include/pageflags/catalog.h, in PF_REPLICAS before primitive:\n");
	fprintf(f, "\tG(%s, \"%s\", PF_KV(%d, %d, %d), PF_KV_EVER, %s, %s, %s, %s, \"%s\", \"proposed\", \"-\", \"any configuration\") \\\n",
		id, g->name, g->since / 10000, g->since / 100 % 100,
		g->since % 100, t->layout,
		g->era == PF_ERA_MEMDESC ? "MEMDESC" : "POLICY", lookups[g->lookup],
		fakes[g->fakes], g->name);
	fprintf(f, "bench/data/palette.c, in generation_looks[]:\n");
	fprintf(f, "\t[PF_GEN_%s] = { \"#000080\", 25, 'Q', '?' },\n", id);
}
