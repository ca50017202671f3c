// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>

#include "data/json.h"
#include "report/html_internal.h"

static const double quantum = 1e-5;

void html_json_string(FILE *f, const char *text)
{
	json_t *string = json_text(text);
	char *quoted = string ? json_dumps(string, JSON_ENCODE_ANY |
					   JSON_ENSURE_ASCII) : NULL;

	for (const char *c = quoted ? quoted : "null"; *c; c++) {
		if (*c == '<' || *c == '>' || *c == '&')
			fprintf(f, "\\u%04x", *c);
		else
			fputc(*c, f);
	}
	free(quoted);
	json_decref(string);
}

static void write_number(FILE *f, double v)
{
	if (isfinite(v) && fabs(v) < 1e18)
		fprintf(f, "%.0f", v + 0.0);
	else
		fprintf(f, "null");
}

void html_json_estimate(FILE *f, const struct estimate *e, bool comma)
{
	double mid = round(e->mid / quantum);

	if (comma)
		fputc(',', f);
	write_number(f, mid);
	fputc(',', f);
	write_number(f, round(e->lo / quantum) - mid);
	fputc(',', f);
	write_number(f, round(e->hi / quantum) - mid);
}

void html_json_begin(FILE *f, const char *id, size_t number)
{
	fprintf(f, "<script type=\"application/json\" id=\"%s%zu\">", id,
		number);
}

void html_json_end(FILE *f)
{
	fprintf(f, "</script>\n");
}
