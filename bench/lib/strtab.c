// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "lib/strtab.h"

/* FNV-1a */
static uint32_t hash_string(const char *text)
{
	uint32_t h = 2166136261U;

	while (*text)
		h = (h ^ (unsigned char)*text++) * 16777619U;
	return h;
}

static uint32_t *find_slot(const struct strtab *in, const char *text)
{
	size_t i = hash_string(text);

	for (;; i++) {
		uint32_t *slot = &in->slot[i & (in->nr_slots - 1)];

		if (!*slot || !strcmp(in->text[*slot - 1], text))
			return slot;
	}
}

static int grow_strtab(struct strtab *in)
{
	size_t room = in->room ? 2 * in->room : 1024;
	char **text = realloc(in->text, room * sizeof(*text));
	uint32_t *slot = calloc(2 * room, sizeof(*slot));

	if (text)
		in->text = text;
	if (!text || !slot) {
		free(slot);
		return -1;
	}
	free(in->slot);
	in->slot = slot;
	in->nr_slots = 2 * room;
	in->room = room;
	for (size_t i = 0; i < in->nr; i++)
		*find_slot(in, text[i]) = i + 1;
	return 0;
}

static int add_string(struct strtab *in, const char *text)
{
	uint32_t *slot;

	if (in->nr == in->room && grow_strtab(in))
		return -1;
	slot = find_slot(in, text);
	if (!*slot) {
		in->text[in->nr] = strdup(text);
		if (!in->text[in->nr])
			return -1;
		*slot = ++in->nr;
	}
	return *slot - 1;
}

int strtab_add(struct strtab *in, const char *text)
{
	if (!in->nr && add_string(in, ""))
		return -1;
	return add_string(in, text);
}

void strtab_free(struct strtab *in)
{
	for (size_t i = 0; i < in->nr; i++)
		free(in->text[i]);
	free(in->text);
	free(in->slot);
	*in = (struct strtab){ 0 };
}
