/* SPDX-License-Identifier: GPL-2.0 */
/* A table of strings: each is kept once and has a number. */
#ifndef PFBENCH_LIB_STRTAB_H
#define PFBENCH_LIB_STRTAB_H

#include <stddef.h>
#include <stdint.h>

struct strtab {
	char **text;		/* by number; 0 is "" */
	size_t nr, room;
	uint32_t *slot;		/* open addressing; number + 1, or 0 */
	size_t nr_slots;
};

/**
 * strtab_add() - find a string, or add it
 * Return: its number, the same for equal strings; -1 if there is no memory.
 */
int strtab_add(struct strtab *s, const char *text);
void strtab_free(struct strtab *s);

#endif
