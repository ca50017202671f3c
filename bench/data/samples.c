// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "data/samples.h"
#include "lib/array.h"
#include "lib/lines.h"
#include "lib/read_file.h"

/* Sums of counts do not overflow; intervals of more take long. */
#define MAX_COUNT (UINT64_C(1) << 36)

#define WORD_MAX 400

static int order_addresses(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int add_address(struct samples *s, uint64_t ip, uint64_t count)
{
	struct samples_at *at = array_grow(s->at, s->nr, sizeof(*at));

	if (!at)
		return -ENOMEM;
	s->at = at;
	at[s->nr++] = (struct samples_at){ ip, count };
	return 0;
}

int samples_set(struct samples *s, uint64_t *ip, size_t nr)
{
	size_t first = 0;
	int err = 0;

	s->total = nr;
	if (nr)
		qsort(ip, nr, sizeof(*ip), order_addresses);
	for (size_t i = 1; !err && i <= nr; i++) {
		if (i < nr && ip[i] == ip[first])
			continue;
		err = add_address(s, ip[first], i - first);
		first = i;
	}
	return err;
}

static int add_command_word(struct samples *s, const char *word)
{
	size_t n = 0;

	while (s->command[n])
		n++;
	if (n == SAMPLES_MAX_WORDS)
		return 0;
	s->command[n] = strndup(word, WORD_MAX);
	if (!s->command[n])
		return -ENOMEM;
	clean_line(s->command[n]);
	return 0;
}

int samples_set_command(struct samples *s, char *const *command)
{
	int err = 0;

	for (; !err && *command; command++)
		err = add_command_word(s, *command);
	return err;
}

/* The keys of the file: a text with room for 65 or 41 bytes, or a number. */
struct key {
	const char *name;
	size_t offset, size;	/* size 0: a number */
	int base;
	bool is_signed;
};

#define TEXT(member) { #member, offsetof(struct samples, member), \
	sizeof(((struct samples *)0)->member), 0, false }
#define NUMBER(name, member, base) { name, offsetof(struct samples, member), \
	0, base, false }

static const struct key keys[] = {
	TEXT(release), TEXT(version), TEXT(machine), TEXT(build_id),
	NUMBER("stext", stext, 16), NUMBER("period", period, 10),
	NUMBER("precise_ip", precise, 10), NUMBER("exact", exact, 10),
	NUMBER("lost", lost, 10), NUMBER("throttled", throttled, 10),
	NUMBER("elsewhere", elsewhere, 10), NUMBER("samples", total, 10),
	{ "status", offsetof(struct samples, status), 0, 10, true },
};

#define NR_KEYS (sizeof(keys) / sizeof(*keys))

int samples_write(FILE *f, const void *arg)
{
	const struct samples *s = arg;

	fprintf(f, SAMPLES_MAGIC "%d\n", SAMPLES_FORMAT);
	for (size_t i = 0; i < NR_KEYS; i++) {
		const void *member = (const char *)s + keys[i].offset;

		if (keys[i].size)
			fprintf(f, "# %s: %s\n", keys[i].name,
				(const char *)member);
		else
			fprintf(f, keys[i].base == 16 ? "# %s: %" PRIx64 "\n" :
				"# %s: %" PRId64 "\n", keys[i].name,
				*(const uint64_t *)member);
	}
	for (char *const *word = s->command; *word; word++)
		fprintf(f, "# command: %s\n", *word);
	for (size_t i = 0; i < s->nr; i++)
		fprintf(f, "%" PRIx64 " %" PRIu64 "\n", s->at[i].ip,
			s->at[i].count);
	return ferror(f);
}

static bool parse_sample_number(const char *text, const struct key *k,
				uint64_t *to)
{
	const char *digits = text + (k->is_signed && *text == '-');
	char *end;

	errno = 0;
	*to = strtoull(text, &end, k->base);
	return !errno && !*end && *digits &&
		strspn(digits, "0123456789abcdef") == strlen(digits) &&
		(k->base == 16 || (int64_t)*to < (int64_t)MAX_COUNT);
}

/* "# key: value"; @seen: by key */
static int read_header(struct lines *l, struct samples *s, bool *seen)
{
	char *value = strstr(l->line, ": ");
	const char *name = l->line + 2;

	if (!value || strncmp(l->line, "# ", 2))
		return lines_refuse(l, "no '# KEY: VALUE'");
	*value = '\0';
	value += 2;
	if (!strcmp(name, "command"))
		return add_command_word(s, value);
	for (size_t i = 0; i < NR_KEYS; i++) {
		void *to = (char *)s + keys[i].offset;

		if (strcmp(name, keys[i].name))
			continue;
		if (seen[i])
			return lines_refuse(l, "a second '%s'", name);
		seen[i] = true;
		if (keys[i].size)
			snprintf(to, keys[i].size, "%s", value);
		else if (!parse_sample_number(value, &keys[i], to))
			return lines_refuse(l, "%s: not a number", name);
		return 0;
	}
	return 0;
}

/* "IP COUNT" */
static int read_address(struct lines *l, struct samples *s)
{
	static const struct key hex = { .base = 16 }, decimal = { .base = 10 };
	char *blank = strchr(l->line, ' ');
	uint64_t ip, count;

	if (blank)
		*blank = '\0';
	if (!blank || !parse_sample_number(l->line, &hex, &ip) ||
	    !parse_sample_number(blank + 1, &decimal, &count) || !count)
		return lines_refuse(l, "no 'ADDRESS COUNT'");
	if (s->nr && ip <= s->at[s->nr - 1].ip)
		return lines_refuse(l, "the addresses are not in their order");
	return add_address(s, ip, count);
}

static int read_samples(struct lines *l, struct samples *s)
{
	bool seen[NR_KEYS] = { false };
	uint64_t sum = 0;
	int ret = lines_first(l, SAMPLES_MAGIC, "file of samples",
			      SAMPLES_FORMAT);

	if (ret)
		return ret;
	while ((ret = lines_next(l)) > 0) {
		ret = *l->line == '#' ? read_header(l, s, seen) :
			read_address(l, s);
		if (ret == -ENOMEM)
			errmsg_set(l->msg, ret, "out of memory");
		if (ret)
			return ret;
	}
	if (ret)
		return ret;
	for (size_t i = 0; i < NR_KEYS; i++)
		if (!seen[i])
			return errmsg_set(l->msg, -EINVAL, "%s: no '# %s:'",
					  l->in->name, keys[i].name);
	for (size_t i = 0; i < s->nr; i++)
		sum += s->at[i].count;
	if (sum != s->total || sum > UINT32_MAX)
		return errmsg_set(l->msg, -EINVAL,
				  "%s: %" PRIu64 " samples, not %" PRIu64 ": it is cut off, or was changed (at most 2^32)",
				  l->in->name, sum, s->total);
	return s->command[0] ? 0 :
		errmsg_set(l->msg, -EINVAL, "%s: no '# command:'",
			   l->in->name);
}

int samples_read(const char *path, struct samples *s, struct errmsg *msg)
{
	struct input in;
	struct lines l = { .in = &in, .msg = msg };
	int err;

	memset(s, 0, sizeof(*s));
	err = input_open(&in, path, msg);
	if (err)
		return err;
	err = read_samples(&l, s);
	input_close(&in);
	return err;
}

void samples_free(struct samples *s)
{
	for (char **word = s->command; *word; word++)
		free(*word);
	free(s->at);
	memset(s, 0, sizeof(*s));
}
