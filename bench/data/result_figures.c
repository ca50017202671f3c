// SPDX-License-Identifier: GPL-2.0
/* Loading a result without its samples, for views of many files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"
#include "data/result.h"
#include "lib/auto_free.h"

/* Larger files are rare; they are read in the slow way, piece by piece. */
#define TEXT_MAX (64UL << 20)

/* result_load() refuses larger samples; a digit more may be too large. */
#define MOST_DIGITS 12

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_white(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/*
 * The end of a number of JSON. NULL if it is no number, or one that
 * result_load() could refuse for its size. @text ends in a zero byte.
 */
static const char *skip_number(const char *text)
{
	const char *from;

	text += *text == '-';
	from = text;
	while (is_digit(*text))
		text++;
	if (text == from || text - from > MOST_DIGITS ||
	    (*from == '0' && text - from > 1))
		return NULL;
	if (*text == '.') {
		for (from = ++text; is_digit(*text); text++)
			;
		if (text == from)
			return NULL;
	}
	if (*text != 'e' && *text != 'E')
		return text;
	/* small numbers alone have an exponent */
	if (*++text != '-')
		return NULL;
	for (from = ++text; is_digit(*text); text++)
		;
	return text == from || text - from > 2 ? NULL : text;
}

static const char *skip_null(const char *text)
{
	return strncmp(text, "null", 4) ? NULL : text + 4;
}

/* The end of an array of numbers and nulls; NULL if it is something else. */
static const char *skip_samples(const char *text)
{
	if (*text++ != '[')
		return NULL;
	while (is_white(*text))
		text++;
	if (*text == ']')
		return text + 1;
	for (;;) {
		while (is_white(*text))
			text++;
		text = *text == 'n' ? skip_null(text) : skip_number(text);
		if (!text)
			return NULL;
		while (is_white(*text))
			text++;
		if (*text == ']')
			return text + 1;
		if (*text++ != ',')
			return NULL;
	}
}

/* The end of a string that begins behind @text; NULL if it is cut off. */
static const char *skip_string(const char *text)
{
	for (;;) {
		text += strcspn(text, "\"\\");
		if (!*text)
			return NULL;
		if (*text == '"')
			return text + 1;
		text += 1 + (text[1] != '\0');
	}
}

static bool is_key(const char *key, const char *end, const char *name)
{
	size_t n = strlen(name);

	return (size_t)(end - key) == n + 2 && !memcmp(key + 1, name, n);
}

/* The value behind the key that ends at @end; NULL: the string is no key. */
static const char *value_of(const char *end)
{
	while (is_white(*end))
		end++;
	if (*end++ != ':')
		return NULL;
	while (is_white(*end))
		end++;
	return end;
}

/*
 * Members of an entry that no reader of this program looks at. Half the time of
 * reading a file without samples would be theirs.
 */
static bool is_ignored(const char *key, const char *end)
{
	static const char *const names[] = {
		"family_index", "per_family_instance_index", "run_name",
		"repetitions", "iterations", "cpu_time", "time_unit",
		"gross_cycles", "gross_ticks", "group",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_key(key, end, names[i]))
			return true;
	return false;
}

/* The end of a simple value and the comma behind it; NULL: it is not simple. */
static const char *skip_ignored(const char *value)
{
	const char *end = *value != '"' ? skip_number(value) :
		value + 1 + strcspn(value + 1, "\"\\\n");

	if (*value == '"')
		end = *end == '"' ? end + 1 : NULL;
	return end && *end == ',' ? end + 1 : NULL;
}

/*
 * Replace each member "samples" by a short one and leave out members that are
 * ignored, in place. Returns the new size; 0 if the text is no JSON, or has
 * samples that are none.
 */
static size_t drop_samples(char *text)
{
	const char *from = text, *quote, *end, *value, *after;
	char *to = text;

	while ((quote = strchr(from, '"'))) {
		end = skip_string(quote + 1);
		if (!end)
			return 0;
		value = value_of(end);
		after = NULL;
		memmove(to, from, quote - from);
		to += quote - from;
		if (value && is_key(quote, end, "samples")) {
			after = skip_samples(value);
			if (!after)
				return 0;
			memcpy(to, "\"-\":0", 5);
			to += 5;
		} else if (value && is_ignored(quote, end)) {
			after = skip_ignored(value);
		}
		if (!after) {
			memmove(to, quote, end - quote);
			to += end - quote;
		}
		from = after ? after : end;
	}
	memmove(to, from, strlen(from) + 1);
	return to - text + strlen(to);
}

/* The text of a file; NULL if it is too large or cannot be read. */
static char *read_text(struct input *in)
{
	size_t size = 1 << 20, n = 0;
	char *text = NULL, *more;

	for (;;) {
		more = size > TEXT_MAX ? NULL : realloc(text, size);
		if (!more)
			break;
		text = more;
		n += fread(text + n, 1, size - n - 1, in->f);
		if (n < size - 1)
			break;
		size *= 2;
	}
	if (more && !ferror(in->f) && !memchr(text, '\0', n)) {
		text[n] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

/* Figures of several repetitions are computed from their samples. */
static bool has_repetitions(const json_t *root)
{
	json_t *list = json_object_get(root, "benchmarks"), *entry;
	size_t i;

	json_array_foreach(list, i, entry)
		if (json_integer_value(json_object_get(entry,
						       "repetition_index")))
			return true;
	return false;
}

/* The root without samples; NULL: result_load() is to read the file. */
static json_t *read_figures(const char *path)
{
	auto_free char *text = NULL;
	json_t *root = NULL;
	struct input in;
	size_t size;

	if (!strcmp(path, "-") || input_open(&in, path, NULL))
		return NULL;
	if (!input_is(&in, "# "))
		text = read_text(&in);
	input_close(&in);
	size = text ? drop_samples(text) : 0;
	if (!size || json_parse(text, size, &root))
		return NULL;
	if (!has_repetitions(root))
		return root;
	json_decref(root);
	return NULL;
}

int result_load_figures(const char *path, struct result *result,
			struct errmsg *msg)
{
	json_t *root = read_figures(path);

	return root ? result_take(root, path, result, msg) :
		result_load(path, result, msg);
}
