// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/nearest.h"

/* More than any distance between words of NEAREST_MAX: a name contains them. */
#define CONTAINED 1000

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance, in three rows of the usual table. */
static unsigned int edit_distance(const char *a, const char *b)
{
	unsigned int rows[3][NEAREST_MAX + 1];
	unsigned int *two = rows[0], *one = rows[1], *row = rows[2], *last;
	size_t na = strlen(a), nb = strlen(b), i, j;

	for (j = 0; j <= nb; j++)
		one[j] = j;
	for (i = 1; i <= na; i++) {
		row[0] = i;
		for (j = 1; j <= nb; j++) {
			row[j] = least(one[j], row[j - 1]) + 1;
			row[j] = least(row[j], one[j - 1] +
				       !same_letter(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]))
				row[j] = least(row[j], two[j - 2] + 1);
		}
		last = two;
		two = one;
		one = row;
		row = last;
	}
	return one[nb];
}

void nearest_offer(struct nearest *n, const char *name)
{
	size_t typed = strlen(n->word), length = name ? strlen(name) : 0;
	unsigned int distance;

	if (!typed || !length || typed > NEAREST_MAX || length > NEAREST_MAX)
		return;
	distance = edit_distance(n->word, name);
	if (distance > 1 + typed / 5) {
		if (typed < 3 || !strcasestr(name, n->word))
			return;
		distance = CONTAINED + length;
	}
	if (n->name && distance >= n->distance)
		return;
	n->name = name;
	n->distance = distance;
}

const char *nearest_hint(struct nearest *n)
{
	n->hint[0] = '\0';
	if (n->name)
		snprintf(n->hint, sizeof(n->hint), "; the nearest is %s",
			 n->name);
	return n->hint;
}
