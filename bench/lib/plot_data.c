// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "lib/plot_data.h"

/* after Okabe and Ito: told apart by the colour-blind too */
static const char *const population_colours[PF_NR_POPULATIONS] = {
	[PF_SMALL] = "#56B4E9", [PF_HEADS] = "#0072B2",
	[PF_TAILS] = "#E69F00", [PF_MIXED] = "#CC79A7",
};

void plot_data_tame(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; from[i] && i + 1 < size; i++)
		to[i] = isalnum((unsigned char)from[i]) ||
			strchr(" .,:;/+-_()[]=", from[i]) ? from[i] : '?';
	to[i] = '\0';
}

static void put_number(FILE *f, double v)
{
	if (isfinite(v))
		fprintf(f, " %10.6g", v);
	else
		fprintf(f, " %10s", "?");
}

void plot_data_cell(FILE *f, const struct estimate *e, bool contended)
{
	put_number(f, e->mid);
	put_number(f, e->lo);
	put_number(f, e->hi);
	fprintf(f, "  %d\n", contended);
}

const char *plot_data_colour(enum pf_population pop)
{
	return population_colours[pop];
}
