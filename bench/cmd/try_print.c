// SPDX-License-Identifier: GPL-2.0
/* The first part of the answer of 'pfbench try': is the look-up right? */
#include <stdlib.h>
#include <string.h>

#include "cmd/try.h"
#include "lib/text.h"
#include "race/race.h"

static void print_verdict(const struct try *t)
{
	const char *name = pf_generations[PF_GEN_try].name;
	char line[sizeof(t->wrong.text) + 64];

	if (*t->wrong.text) {
		snprintf(line, sizeof(line), "%s is WRONG: %s", name,
			 t->wrong.text);
		text_wrapped(t->out, line, 2);
		return;
	}
	text_line(t->out, "%s (%s), layout %s", name, t->file, t->layout);
}

static void print_na(const struct try *t, enum try_part part,
		     const char *what)
{
	char line[sizeof(t->na->text) + 64];

	snprintf(line, sizeof(line), "%s n/a: %s", what, t->na[part].text);
	text_wrapped(t->out, line, 2);
}

static void print_right(const struct try *t)
{
	const unsigned long *n = t->right;
	enum pf_layout_id layout = pf_generations[PF_GEN_try].layout;

	text_line(t->out, "pages     right answers: small %lu, heads %lu, tails %lu",
		  n[TRY_SMALL], n[TRY_HEAD], n[TRY_TAIL]);
	if (n[TRY_FAKE])
		text_line(t->out, "          fake heads %lu", n[TRY_FAKE]);
	else if (layout == PF_LAYOUT_v5_18)
		text_line(t->out, "          fake heads n/a: PF_TRY_FAKES is not ON");
}

static void print_race(const struct try *t)
{
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
		if (t->race_looked_up[p])
			text_line(t->out, "%s %s held: %.0f bad heads in %.2g look-ups",
				  p ? "         " : "race     ",
				  p ? race_protocol_name(p) : "nothing",
				  t->bad[p], t->race_looked_up[p]);
}

/* From the bound on: what is before is the same for every file. */
static void print_proof(const struct try *t)
{
	const char *from = t->proof ? strstr(t->proof, "\nmake: ") : NULL;

	if (from)
		fprintf(t->out, "\nThe proof: one look-up of one page against a writer, by cbmc\n%s",
			from);
}

void try_print_checks(const struct try *t)
{
	static const char *const what[] = { "pages    ", "race     ",
					    "proof    " };

	print_verdict(t);
	if (t->part[TRY_RIGHT] && !*t->na[TRY_RIGHT].text)
		print_right(t);
	if (t->part[TRY_RACE])
		print_race(t);
	for (int part = TRY_RIGHT; part <= TRY_PROOF; part++)
		if (t->part[part] && *t->na[part].text)
			print_na(t, part, what[part]);
	if (t->part[TRY_PROOF])
		print_proof(t);
}
