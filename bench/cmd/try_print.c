// SPDX-License-Identifier: GPL-2.0
/* The first part of the answer of 'pfbench try': is it right? */
#include <stdlib.h>
#include <string.h>

#include "cmd/try.h"
#include "lib/text.h"

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
	if (t->subject->scheme)
		text_line(t->out, "%s (%s), a scheme of reference counts",
			  name, t->file);
	else
		text_line(t->out, "%s (%s), layout %s", name, t->file,
			  t->layout);
}

static void print_na(const struct try *t, enum try_part part,
		     const char *what)
{
	char line[sizeof(t->na->text) + 64];

	snprintf(line, sizeof(line), "%s n/a: %s", what, t->na[part].text);
	text_wrapped(t->out, line, 2);
}

/* From the bound on: what is before is the same for every file. */
static void print_proof(const struct try *t)
{
	const char *from = t->proof ? strstr(t->proof, t->subject->proof) :
		NULL;

	if (from)
		fprintf(t->out, "\nThe proof: %s, by cbmc\n%s",
			t->subject->scheme ?
			"one page, two that take and put, and its owner" :
			"one look-up of one page against a writer", from);
}

void try_print_checks(const struct try *t)
{
	static const char *const what[] = { "right    ", "race     ",
					    "proof    " };

	print_verdict(t);
	if (t->part[TRY_RIGHT] && !*t->na[TRY_RIGHT].text)
		t->subject->print_right(t);
	if (t->part[TRY_RACE])
		t->subject->print_race(t);
	for (int part = TRY_RIGHT; part <= TRY_PROOF; part++)
		if (t->part[part] && *t->na[part].text)
			print_na(t, part, what[part]);
	if (t->part[TRY_PROOF])
		print_proof(t);
}
