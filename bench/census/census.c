// SPDX-License-Identifier: GPL-2.0
/* Classes of names, and the end of a census. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "census/census.h"

#define UNKNOWN 0x80

static const struct {
	const char *glob;
	unsigned int class;
} classes[] = {
#define NAME(glob, class) { glob, class },
#define NOT_COUNTED(name)
#include "census/names.def"
#undef NAME
#undef NOT_COUNTED
};

static const char *const not_counted[] = {
#define NAME(glob, class)
#define NOT_COUNTED(name) name,
#include "census/names.def"
};

static bool is_not_counted(const char *name)
{
	for (size_t i = 0; i < sizeof(not_counted) / sizeof(*not_counted); i++)
		if (!strcmp(not_counted[i], name))
			return true;
	return false;
}

static unsigned int class_of_name(const struct census *c, const char *name)
{
	size_t nr = sizeof(classes) / sizeof(*classes);
	unsigned int class = 0;

	if (is_not_counted(name))
		nr = 0;
	for (size_t i = 0; i < nr; i++)
		if (!fnmatch(classes[i].glob, name, 0))
			class |= classes[i].class;
	for (const char *const *glob = c->extra; glob && *glob; glob++)
		if (!fnmatch(*glob, name, 0))
			class |= CENSUS_ACCESSOR;
	return class;
}

int census_class(struct census *c, uint32_t number)
{
	if (number >= c->nr_classes) {
		size_t room = c->strings.room;
		unsigned char *class = realloc(c->class, room);

		if (!class)
			return -ENOMEM;
		memset(class + c->nr_classes, UNKNOWN, room - c->nr_classes);
		c->class = class;
		c->nr_classes = room;
	}
	if (c->class[number] == UNKNOWN)
		c->class[number] = class_of_name(c, census_text(c, number));
	return c->class[number];
}

void census_free(struct census *c)
{
	strtab_free(&c->strings);
	free(c->class);
	free(c->file);
	free(c->site);
	free(c->function);
	free(c->note);
	free(c->symbol);
	free(c->range);
	*c = (struct census){ 0 };
}
