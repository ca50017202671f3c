// SPDX-License-Identifier: GPL-2.0
/* The lines that make a user's scheme one of the catalog. */
#include <string.h>

#include "cmd/try.h"

void try_ref_print_replace(const struct try *t, FILE *f, const char *id)
{
	const char *name = pf_generations[PF_GEN_try].name;

	/* the generation of a scheme ID is ref_ID */
	if (!strncmp(name, "ref-", 4)) {
		name += 4;
		id += 4;
	}
	fprintf(f, "\ninclude/pageflags/ref.h, in PF_REF_SCHEMES:\n");
	fprintf(f, "\tR(%s, \"ref-%s\", \"%s\") \\\n", id, name, name);
	fprintf(f, "include/pageflags/ref.h, a case PF_REF_%s in each function that has PF_REF_try, with the code of %s\n",
		id, t->file);
	fprintf(f, "include/pageflags/head.h, beside ref_cas:\n");
	fprintf(f, "#define pf_head_ref_%s pf_head_plain\n", id);
	fprintf(f, "include/pageflags/catalog.h, in PF_REPLICAS before primitive:\n");
	fprintf(f, "\tG(ref_%s, \"ref-%s\", PF_KV(7, 1, 0), PF_KV_EVER, v7_1_pointer, REF, NONE, NONE, \"%s\", \"proposed\", \"-\", \"any configuration\") \\\n",
		id, name, name);
	fprintf(f, "bench/data/palette.c, in generation_looks[]:\n");
	fprintf(f, "\t[PF_GEN_ref_%s] = { \"#000080\", 25, 'Q', '?' },\n", id);
}
