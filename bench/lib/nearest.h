/* SPDX-License-Identifier: GPL-2.0 */
/* The nearest name to a misspelt word, for the message that refuses it. */
#ifndef PFBENCH_LIB_NEAREST_H
#define PFBENCH_LIB_NEAREST_H

#define NEAREST_MAX 64		/* characters of a word; longer ones have none */

/**
 * struct nearest - the best of the names offered so far
 * @word: what was typed
 * @name: NULL: none is near
 * @distance: edits from @word to @name; see nearest_offer()
 * @hint: room for nearest_hint()
 */
struct nearest {
	const char *word, *name;
	unsigned int distance;
	char hint[NEAREST_MAX + 32];
};

/** NEAREST() - initial value for a word; the word is borrowed */
#define NEAREST(typed) { .word = (typed) }

/**
 * nearest_offer() - compare one more name with the word
 * @name: borrowed; NULL: ignored
 *
 * A name is near if few edits turn the word into it: inserting, deleting or
 * replacing a character, or swapping two neighbours; upper and lower case count
 * as equal. A word of n characters may need 1 + n / 5 edits. If no name is that
 * near, the shortest name that contains the word is. The first of equals stays.
 */
void nearest_offer(struct nearest *n, const char *name);

/** nearest_hint() - "; the nearest is NAME", or "" if no name is near */
const char *nearest_hint(struct nearest *n);

#endif
