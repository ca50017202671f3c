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

static uint32_t *find_slot(const struct strtab *s, const char *text)
{
	size_t i = hash_string(text);

	for (;; i++) {
		uint32_t *slot = &s->slot[i & (s->nr_slots - 1)];

		if (!*slot || !strcmp(s->text[*slot - 1], text))
			return slot;
	}
}

static int grow_strtab(struct strtab *s)
{
	size_t room = s->room ? 2 * s->room : 1024;
	char **text = realloc(s->text, room * sizeof(*text));
	uint32_t *slot = calloc(2 * room, sizeof(*slot));

	if (text)
		s->text = text;
	if (!text || !slot) {
		free(slot);
		return -1;
	}
	free(s->slot);
	s->slot = slot;
	s->nr_slots = 2 * room;
	s->room = room;
	for (size_t i = 0; i < s->nr; i++)
		*find_slot(s, text[i]) = i + 1;
	return 0;
}

static int add_string(struct strtab *s, const char *text)
{
	uint32_t *slot;

	if (s->nr == s->room && grow_strtab(s))
		return -1;
	slot = find_slot(s, text);
	if (!*slot) {
		s->text[s->nr] = strdup(text);
		if (!s->text[s->nr])
			return -1;
		*slot = ++s->nr;
	}
	return *slot - 1;
}

int strtab_add(struct strtab *s, const char *text)
{
	if (!s->nr && add_string(s, ""))
		return -1;
	return add_string(s, text);
}

void strtab_free(struct strtab *s)
{
	for (size_t i = 0; i < s->nr; i++)
		free(s->text[i]);
	free(s->text);
	free(s->slot);
	*s = (struct strtab){ 0 };
}
