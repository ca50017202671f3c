// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "lib/plot_data.h"

void plot_data_text(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; from[i] && i + 1 < size; i++)
		to[i] = isalnum((unsigned char)from[i]) ||
			strchr(" .,:;/+-_()[]=", from[i]) ? from[i] : '?';
	to[i] = '\0';
}

static void print_finite(FILE *f, double v)
{
	if (isfinite(v))
		fprintf(f, " %10.6g", v);
	else
		fprintf(f, " %10s", "?");
}

void plot_data_cell(FILE *f, const struct estimate *e, bool contended)
{
	print_finite(f, e->mid);
	print_finite(f, e->lo);
	print_finite(f, e->hi);
	fprintf(f, "  %d\n", contended);
}
