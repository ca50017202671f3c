/* SPDX-License-Identifier: GPL-2.0 */
/* Figures of a result of pfbench workload, for its printers. */
#ifndef PFBENCH_WORKLOAD_FIGURES_H
#define PFBENCH_WORKLOAD_FIGURES_H

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static inline double figure(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static inline const char *text(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

static inline double percent(double part, double all)
{
	return all > 0 ? 100 * part / all : 0;
}

/* "munmap 64 small", without the directory of the program; @size bytes */
static inline const char *command_text(const json_t *result, char *line, size_t size)
{
	const char *word, *slash;
	size_t len = 0, i;
	json_t *value;

	*line = '\0';
	json_array_foreach(json_object_get(result, "command"), i, value) {
		word = json_string_value(value) ?: "?";
		slash = i ? NULL : strrchr(word, '/');
		len += snprintf(line + len, size - len, "%s%s", i ? " " : "",
				slash ? slash + 1 : word);
		if (len >= size)
			break;
	}
	return line;
}

#endif
