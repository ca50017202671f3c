/* SPDX-License-Identifier: GPL-2.0 */
/* Strings that are kept once, and numbered. */
#ifndef PFBENCH_INTERN_H
#define PFBENCH_INTERN_H

#include <stddef.h>
#include <stdint.h>

struct strtab {
	char **text;		/* by number; 0 is "" */
	size_t nr, room;
	uint32_t *slot;		/* open addressing; number + 1, or 0 */
	size_t nr_slots;
};

/* Return: the number of @text, the same for the same text; -1: out of memory. */
int strtab_add(struct strtab *in, const char *text);
void strtab_free(struct strtab *in);

#endif
