// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/sequence.h"
#include "lib/lines.h"
#include "pageflags/memmap.h"

/* Sums of runs do not overflow. */
#define MAX_RUN (1UL << 40)

/* Number i + 1. Names stay known: points refer to them. */
static struct sequence sequences[SEQUENCE_MAX];
static unsigned int nr_sequences;

static const char *const kind_names[SEQUENCE_NR_KINDS] = {
	"small", "head", "tail",
};

/* Results are read in several threads, and have names of points. */
static pthread_mutex_t names_lock = PTHREAD_MUTEX_INITIALIZER;

static int number_of(const char *name)
{
	for (unsigned int i = 0; i < nr_sequences; i++)
		if (!strcmp(sequences[i].name, name))
			return i + 1;
	if (nr_sequences == SEQUENCE_MAX)
		return -ENOSPC;
	strcpy(sequences[nr_sequences].name, name);
	return ++nr_sequences;
}

int sequence_number(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	int nr;

	if (n < 1 || n > SEQUENCE_NAME_MAX || name[n])
		return -EINVAL;
	pthread_mutex_lock(&names_lock);
	nr = number_of(name);
	pthread_mutex_unlock(&names_lock);
	return nr;
}

const struct sequence *sequence_get(unsigned int nr)
{
	return &sequences[nr - 1];
}

unsigned int sequence_tails(unsigned int nr)
{
	const struct sequence *s = sequence_get(nr);

	return (100 * s->kept[SEQUENCE_TAIL] + s->nr / 2) / s->nr;
}

/* "# key: value" */
static int read_comment(struct lines *l, struct sequence *s)
{
	char *value = strstr(l->line, ": "), *to = NULL;
	size_t size = sizeof(s->workload);

	if (!value)
		return 0;
	*value = '\0';
	value += 2;
	if (!strcmp(l->line, "# name")) {
		to = s->name;
		size = sizeof(s->name);
		if (strlen(value) >= size)
			return lines_refuse(l, "the name has more than %d characters",
					    SEQUENCE_NAME_MAX);
	} else if (!strcmp(l->line, "# workload")) {
		to = s->workload;
	} else if (!strcmp(l->line, "# kernel")) {
		to = s->kernel;
	}
	if (to)
		snprintf(to, size, "%s", value);
	return 0;
}

/* The number of a site, and a blank after it; @rest: what follows. */
static int read_site_number(struct lines *l, const char *text,
			    unsigned int *site, const char **rest)
{
	size_t n = strspn(text, "0123456789");

	if (n < 1 || n > 4 || text[n] != ' ')
		return lines_refuse(l, "no 'SITE KIND COUNT' and no 'site SITE NAME'");
	*site = strtoul(text, NULL, 10);
	*rest = text + n + 1;
	return *site < SEQUENCE_SITES ? 0 :
		lines_refuse(l, "site %u: at most %d", *site,
			     SEQUENCE_SITES - 1);
}

/* "site SITE NAME" */
static int read_site(struct lines *l, const struct sequence_reader *r)
{
	unsigned int site;
	const char *name;
	int ret = read_site_number(l, l->line + 5, &site, &name);

	if (ret)
		return ret;
	if (!*name || strlen(name) > SEQUENCE_SITE_NAME_MAX)
		return lines_refuse(l, "the name of a site has 1 to %d characters",
				    SEQUENCE_SITE_NAME_MAX);
	if (r->site)
		r->site(r->arg, site, name);
	return 0;
}

/* "SITE KIND COUNT" */
static int read_run(struct lines *l, const struct sequence_reader *r)
{
	unsigned int site;
	const char *rest;
	char kind[8], *end;
	unsigned long n;
	int at = 0, ret = read_site_number(l, l->line, &site, &rest);

	if (ret)
		return ret;
	if (sscanf(rest, "%7s %n", kind, &at) != 1 || !at)
		return lines_refuse(l, "no 'SITE KIND COUNT'");
	rest += at;
	errno = 0;
	n = strtoul(rest, &end, 10);
	if (*rest < '0' || *rest > '9' || *end || !n || errno ||
	    n > MAX_RUN)
		return lines_refuse(l, "'%.20s' is no number of look-ups",
				    rest);
	for (int i = 0; i < SEQUENCE_NR_KINDS; i++) {
		if (strcmp(kind, kind_names[i]))
			continue;
		r->run(r->arg, site, i, n);
		return 0;
	}
	return lines_refuse(l, "no kind of page '%s' (small, head, tail)",
			    kind);
}

static int read_lines(struct lines *l, const struct sequence_reader *r,
		      struct sequence *head)
{
	int ret = lines_first(l, SEQUENCE_MAGIC, "sequence", SEQUENCE_FORMAT);

	while (!ret && (ret = lines_next(l)) == 1) {
		if (l->line[0] == '#')
			ret = read_comment(l, head);
		else if (!strncmp(l->line, "site ", 5))
			ret = read_site(l, r);
		else
			ret = read_run(l, r);
	}
	return ret;
}

int sequence_walk(const char *path, const struct sequence_reader *r,
		  struct sequence *head, struct errmsg *msg)
{
	struct input in;
	struct lines l = { .in = &in, .msg = msg };
	int ret = input_open(&in, path, msg);

	if (ret)
		return ret;
	ret = read_lines(&l, r, head);
	input_close(&in);
	return ret;
}

/* The visits of one site, or of all. */
struct keeper {
	struct sequence *s;
	int site;
};

static void keep_visits(void *arg, unsigned int site, enum sequence_kind kind,
			unsigned long n)
{
	const struct keeper *k = arg;
	struct sequence *s = k->s;

	if (k->site >= 0 && (unsigned int)k->site != site)
		return;
	s->looked_up[kind] += n;
	for (; n && s->nr < SEQUENCE_VISITS; n--)
		s->kind[s->nr++] = kind;
}

/* Keep whole iterations, and give the sequence its number. */
static int finish(struct sequence *s, const char *path, unsigned int *nr,
		  struct errmsg *msg)
{
	int number;

	s->nr -= s->nr % PF_UNROLL;
	if (!s->nr)
		return errmsg_set(msg, -EINVAL,
				  "%s: fewer than %d look-ups: nothing to replay",
				  path, PF_UNROLL);
	for (size_t i = 0; i < s->nr; i++)
		s->kept[s->kind[i]]++;
	number = sequence_number(s->name);
	if (number < 0)
		return errmsg_set(msg, number,
				  "%s: '# name: %s': not 1 to %d letters, digits, dots and dashes",
				  path, s->name, SEQUENCE_NAME_MAX);
	if (sequence_get(number)->kind)
		return errmsg_set(msg, -EINVAL, "%s: '%s' was read already",
				  path, s->name);
	sequences[number - 1] = *s;
	*nr = number;
	return 0;
}

int sequence_read(const char *path, int site, unsigned int *nr,
		  struct errmsg *msg)
{
	struct sequence s = { .kind = malloc(SEQUENCE_VISITS) };
	struct keeper k = { .s = &s, .site = site };
	const struct sequence_reader r = { .run = keep_visits, .arg = &k };
	int ret;

	if (!s.kind)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = sequence_walk(path, &r, &s, msg);
	if (!ret)
		ret = finish(&s, path, nr, msg);
	if (ret)
		free(s.kind);
	return ret;
}
