// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "report/matrix_internal.h"

/* More marks of one kind than this are a number: "4b" */
#define MAX_MARKS 3

const enum matrix_metric matrix_marks[MATRIX_NR_MARKS] = {
	MATRIX_BRANCHES, MATRIX_SELECTS, MATRIX_BARRIERS,
};

static char mark_letter(enum matrix_metric metric)
{
	return metric == MATRIX_BRANCHES ? 'b' :
		metric == MATRIX_SELECTS ? 's' : 'm';
}

/* "6", "8.05": counts are exact, so zeros at the end are left out. */
static void format_count(char *text, size_t size, double v)
{
	char *end;

	snprintf(text, size, "%.*f", fabs(v) >= 99.995 ? 0 : 2,
		 fabs(v) < 0.005 ? 0 : v);
	if (!strchr(text, '.'))
		return;
	for (end = text + strlen(text); end[-1] == '0'; end--)
		;
	end[end[-1] == '.' ? -1 : 0] = '\0';
}

/* Three digits, as format_median() prints. */
static void format_time(char *text, size_t size, double v)
{
	int decimals = fabs(v) >= 99.95 ? 0 : fabs(v) >= 9.995 ? 1 :
		fabs(v) >= 0.9995 ? 2 : 3;

	snprintf(text, size, "%.*f", decimals,
		 fabs(v) < 0.5 * pow(10, -decimals) ? 0 : v);
}

/* "b", "bb", "4b"; ",1.37b" if the count is not whole */
static size_t put_marks(char *text, size_t size, double v, char letter)
{
	long whole = lround(v);
	size_t n = 0;

	if (fabs(v - whole) > 0.02)
		return snprintf(text, size, ",%.2f%c", v, letter);
	if (whole > MAX_MARKS)
		return snprintf(text, size, ",%ld%c", whole, letter);
	while (whole-- > 0 && n + 1 < size)
		text[n++] = letter;
	text[n] = '\0';
	return n;
}

/*
 * The marks of a path. A mark that no column knows is left out; a mark that
 * only other columns know is "?".
 */
static void put_path(const struct matrix *m, const struct matrix_column *c,
		     const struct matrix_row *row, enum pf_population pop,
		     char *text, size_t size)
{
	bool unknown = false;
	size_t n = 0;

	*text = '\0';
	for (size_t i = 0; i < MATRIX_NR_MARKS; i++) {
		enum matrix_metric metric = matrix_marks[i];
		double v = matrix_figure(c, row, pop, metric).e.mid;

		if (!matrix_requests(m, metric) ||
		    !matrix_has_metric(m, metric))
			continue;
		if (isnan(v))
			unknown = true;
		else
			n += put_marks(text + n, size - n, v,
				       mark_letter(metric));
	}
	if (unknown)
		strcpy(text + n, "?");
}

static void count_part(const struct matrix *m, const struct matrix_column *c,
		       const struct matrix_row *row, enum pf_population pop,
		       char *text)
{
	struct matrix_figure f = matrix_figure(c, row, pop,
					       MATRIX_INSTRUCTIONS);
	char number[16] = "", path[MATRIX_PART_MAX - sizeof(number)];

	put_path(m, c, row, pop, path, sizeof(path) - 1);
	if (!matrix_requests(m, MATRIX_INSTRUCTIONS)) {
		snprintf(text, MATRIX_PART_MAX, "%s", !*path ? "." :
			 !strcmp(path, "?") ? "-" : path + (*path == ','));
		return;
	}
	if (!isnan(f.e.mid))
		format_count(number, sizeof(number), f.e.mid);
	else if (!strcmp(path, "?"))
		*path = '\0';
	snprintf(text, MATRIX_PART_MAX, "%s%s%s", *number ? number : "-", path,
		 f.contended ? "!" : "");
}

void matrix_part(const struct matrix *m, enum matrix_metric table,
		 const struct matrix_column *c, const struct matrix_row *row,
		 enum pf_population pop, char *text)
{
	struct matrix_figure f;

	if (table == MATRIX_INSTRUCTIONS) {
		count_part(m, c, row, pop, text);
		return;
	}
	f = matrix_figure(c, row, pop, table);
	strcpy(text, "-");
	if (!isnan(f.e.mid))
		format_time(text, MATRIX_PART_MAX - 1, f.e.mid);
	if (f.contended)
		strcat(text, "!");
}
