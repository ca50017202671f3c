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

/* A member of an entry that is left out; @value: only if it has this value. */
struct unread {
	const char *key, *value;
	size_t key_len, value_len;
};

#define UNREAD(key) { "\"" key "\"", NULL, sizeof(key) + 1, 0 }
#define DEFAULT(key, value) \
	{ "\"" key "\"", value, sizeof(key) + 1, sizeof(value) - 1 }

/*
 * Members that no view of many files looks at, and values that are read as if
 * the member were missing: two thirds of the text without samples.
 */
static const struct unread unread[] = {
	UNREAD("family_index"), UNREAD("per_family_instance_index"),
	UNREAD("run_name"), UNREAD("repetitions"), UNREAD("threads"),
	UNREAD("iterations"), UNREAD("cpu_time"), UNREAD("time_unit"),
	UNREAD("gross_cycles"), UNREAD("gross_ticks"), UNREAD("group"),
	DEFAULT("run_type", "\"iteration\""), DEFAULT("repetition_index", "0"),
	DEFAULT("contended", "false"), DEFAULT("counters", "{}"),
};

/* The end of a string without escapes, or of a number; NULL: it is neither. */
static const char *skip_simple(const char *value)
{
	const char *end;

	if (*value != '"')
		return skip_number(value);
	end = value + 1 + strcspn(value + 1, "\"\\\n");
	return *end == '"' ? end + 1 : NULL;
}

/* The end of the value of a member that is left out; NULL: it stays. */
static const char *skip_unread(const char *key, size_t len, const char *value)
{
	for (size_t i = 0; i < sizeof(unread) / sizeof(*unread); i++) {
		const struct unread *u = &unread[i];

		if (len != u->key_len || memcmp(key, u->key, len))
			continue;
		if (!u->value)
			return skip_simple(value);
		return strncmp(value, u->value, u->value_len) ? NULL :
			value + u->value_len;
	}
	return NULL;
}

/*
 * Leave out the comma behind a member that ends at @end, or, as the last one
 * has none, the comma before @to. Returns where to go on; NULL: the member
 * stays.
 */
static const char *skip_comma(const char *end, const char *text, char **to)
{
	if (*end == ',')
		return end + 1;
	if (*end != '}' || *to == text || (*to)[-1] != ',')
		return NULL;
	(*to)--;
	return end;
}

/*
 * Replace each member "samples" by a short one and leave out members that are
 * unread, in place. Returns the new size; 0 if the text is no JSON, or has
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
		} else if (value) {
			after = skip_unread(quote, end - quote, value);
			if (after)
				after = skip_comma(after, text, &to);
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
