/* SPDX-License-Identifier: GPL-2.0 */
/* JSON files, and values that every writer of this project writes alike. */
#ifndef PFBENCH_DATA_JSON_H
#define PFBENCH_DATA_JSON_H

#include <jansson.h>
#include <math.h>

#include "lib/input.h"

/* All JSON of a thread; pfbench-results(5) documents this limit. */
#define JSON_MAX_MEMORY (352UL << 20)

/**
 * json_read() - read a JSON file
 *
 * Reading fails if all JSON in memory takes more than JSON_MAX_MEMORY, so that
 * a small file of many small values does not take all memory.
 *
 * Return: 0, or a negative errno with a line in @msg: -EINVAL with line and
 * column; -EFBIG; -ENOMEM; the error of the file.
 */
int json_read(struct input *in, json_t **root, struct errmsg *msg);

/**
 * json_parse() - the same of text in memory, without a message
 * Return: 0; -EINVAL for any error.
 */
int json_parse(const char *text, size_t size, json_t **root);

/**
 * json_print() - print JSON as all commands do, with a newline
 * @root: is released; may be NULL if there was no memory for it
 * Return: 0, -ENOMEM, or -EIO.
 */
int json_print(FILE *f, json_t *root);

/**
 * json_finite() - a number, or null
 *
 * JSON has neither NaN nor infinity: both are null.
 *
 * Return: a new reference; NULL if there is no memory.
 */
static inline json_t *json_finite(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

/** json_text() - a string, or null if it is not UTF-8, as a path may be */
static inline json_t *json_text(const char *text)
{
	return json_string(text) ?: json_null();
}

#endif
