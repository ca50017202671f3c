/* SPDX-License-Identifier: GPL-2.0 */
/* Strings that are kept once, and numbered. */
#ifndef PFBENCH_INTERN_H
#define PFBENCH_INTERN_H

#include <stddef.h>
#include <stdint.h>

struct intern {
	char **text;		/* by number; 0 is "" */
	size_t nr, room;
	uint32_t *slot;		/* open addressing; number + 1, or 0 */
	size_t nr_slots;
};

/* Return: the number of @text, the same for the same text; -1: out of memory. */
int intern(struct intern *in, const char *text);
void intern_free(struct intern *in);

#endif
