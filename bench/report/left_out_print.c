// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "data/json.h"
#include "lib/text.h"
#include "report/left_out_print.h"

void left_out_print(FILE *f, const struct left_out *l)
{
	if (!l->nr)
		return;
	text_line(f, "left out: %zu", l->nr);
	for (size_t i = 0; i < l->nr; i++) {
		char *line = text_format("  %s", l->text[i]);

		if (line)
			text_wrapped(f, line, 4);
		free(line);
	}
	if (l->lost)
		text_line(f, "INCOMPLETE: out of memory");
}

json_t *left_out_json(const struct left_out *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->nr; i++)
		json_array_append_new(list, json_text(l->text[i]));
	return list;
}
