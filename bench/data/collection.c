// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/stat.h>

#include "data/collection.h"
#include "data/result_check.h"
#include "lib/array.h"
#include "lib/auto_free.h"
#include "lib/checksum.h"
#include "lib/text.h"

/* More would wait for the disk. */
#define MAX_THREADS 16

void left_out_add(struct left_out *l, const char *fmt, ...)
{
	char **grown = array_grow(l->text, l->nr, sizeof(*l->text));
	va_list ap;

	if (!grown) {
		l->lost = true;
		return;
	}
	l->text = grown;
	va_start(ap, fmt);
	if (vasprintf(&l->text[l->nr], fmt, ap) < 0)
		l->lost = true;
	else
		l->nr++;
	va_end(ap);
}

void left_out_free(struct left_out *l)
{
	for (size_t i = 0; i < l->nr; i++)
		free(l->text[i]);
	free(l->text);
	*l = (struct left_out){ 0 };
}

static int add_path(struct collection *c, const char *path)
{
	char **grown = array_grow(c->path, c->nr, sizeof(*c->path));

	if (!grown)
		return -ENOMEM;
	c->path = grown;
	c->path[c->nr] = strdup(path);
	return c->path[c->nr++] ? 0 : -ENOMEM;
}

/* Other files of this program lie beside results: plots, texts, races. */
static bool is_result_name(const FTSENT *e)
{
	struct input in;
	bool race;

	if (e->fts_info != FTS_F)
		return false;
	if (!fnmatch("counts*.txt", e->fts_name, 0) ||
	    !fnmatch("counts*.txt.gz", e->fts_name, 0))
		return true;
	if (fnmatch("*.json", e->fts_name, 0) &&
	    fnmatch("*.json.gz", e->fts_name, 0))
		return false;
	if (input_open(&in, e->fts_accpath, NULL))
		return true;
	race = strstr(in.start, "\"pfbench_race\"") != NULL;
	input_close(&in);
	return !race;
}

static int compare_by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int add_directory(struct collection *c, char *name)
{
	char *const names[] = { name, NULL };
	FTS *fts = fts_open(names, FTS_PHYSICAL | FTS_NOCHDIR, compare_by_name);
	FTSENT *e;
	int err = 0;

	if (!fts)
		return -errno;
	while (!err && (e = fts_read(fts))) {
		if (e->fts_info == FTS_DNR)
			left_out_add(c->left_out, "%s: %s", e->fts_path,
				     strerror(e->fts_errno));
		else if (is_result_name(e))
			err = add_path(c, e->fts_path);
	}
	fts_close(fts);
	return err;
}

static int add_name(struct collection *c, char *name, struct errmsg *msg)
{
	struct stat st;
	int err;

	if (!strcmp(name, "-"))
		return add_path(c, name);
	if (stat(name, &st)) {
		left_out_add(c->left_out, "%s: %s", name, strerror(errno));
		return 0;
	}
	err = S_ISDIR(st.st_mode) ? add_directory(c, name) : add_path(c, name);
	return err ? errmsg_set(msg, err, "%s: %s", name, strerror(-err)) : 0;
}

int collection_open(struct collection *c, size_t nr, char *const *names,
		    struct left_out *left_out, struct errmsg *msg)
{
	int err = 0;

	*c = (struct collection){ .left_out = left_out };
	for (size_t i = 0; i < nr && !err; i++)
		err = add_name(c, names[i], msg);
	if (err)
		return err;
	c->checksum = calloc(c->nr + 1, sizeof(*c->checksum));
	c->run_path = calloc(c->nr + 2, sizeof(*c->run_path));
	if (!c->checksum || !c->run_path ||
	    checksum_verify(c->path, c->nr, c->checksum))
		return errmsg_set(msg, -ENOMEM, "out of memory");
	return 0;
}

void collection_close(struct collection *c)
{
	for (size_t i = 0; i < c->nr; i++)
		free(c->path[i]);
	free(c->path);
	free(c->checksum);
	free(c->run_path);
	strtab_free(&c->runs);
	memset(c, 0, sizeof(*c));
}

/*
 * A run, as no other run has it: copies of a result are equal in these. A
 * guest's clock may start at the same second in each run, so the points and the
 * measured length of a tick belong to it.
 */
static char *run_key(const struct result *r)
{
	return text_format("%s|%s|%s|%s|%s|%s|%s|%zu|%s|%.12g|%.12g",
			   result_context(r, "host_name"),
			   result_context(r, "cpu_id"),
			   result_context(r, "arch"),
			   result_context(r, "kernel"),
			   result_context(r, "backend"),
			   result_context(r, "compiler"),
			   result_context(r, "date"), r->nr_points,
			   r->nr_points ? r->point[0].name : "",
			   r->nr_points ? r->point[0].cost.mid : 0,
			   r->ns_per_tick);
}

/* The path from which the run was loaded before; "": from none */
static const char *loaded_from(struct collection *c, size_t i,
			       const char *key)
{
	size_t before = c->runs.nr;
	int n = strtab_add(&c->runs, key);

	if (n < 0)
		return NULL;
	if ((size_t)n < before)
		return c->run_path[n];
	c->run_path[n] = c->path[i];
	return "";
}

/* Load and check a file: 0; 1 with its fault in @fault; -ENOMEM. */
static int read_checked(const struct collection *c, size_t i,
			unsigned int flags, struct result *r,
			struct errmsg *fault)
{
	const char *path = c->path[i];
	struct errmsg msg = { "" };
	int err;

	if (c->checksum[i]) {
		errmsg_set(fault, 1, "%s: %s", path, c->checksum[i]);
		return 1;
	}
	err = flags & COLLECTION_FIGURES ?
		result_load_figures(path, r, fault) :
		result_load(path, r, fault);
	if (err)
		return err == -ENOMEM ? err : 1;
	if (!result_check(r, &msg))
		return 0;
	errmsg_set(fault, 1, "%s: %s", path, msg.text);
	result_free(r);
	return 1;
}

/* Was the run not accepted from an earlier file? */
static bool accept_run(struct collection *c, size_t i, const char *key)
{
	const char *before = loaded_from(c, i, key);

	if (!before)
		c->left_out->lost = true;
	else if (*before)
		left_out_add(c->left_out,
			     "%s: the run of %s again: counted once",
			     c->path[i], before);
	return before && !*before;
}

int collection_load(struct collection *c, size_t i, unsigned int flags,
		    struct result *r)
{
	auto_free char *key = NULL;
	struct errmsg fault;
	int ret = read_checked(c, i, flags, r, &fault);

	if (ret) {
		if (ret > 0)
			left_out_add(c->left_out, "%s", fault.text);
		return ret;
	}
	key = run_key(r);
	if (key && accept_run(c, i, key))
		return 0;
	result_free(r);
	return key ? 1 : -ENOMEM;
}

/* The threads share this; @next and @err are atomic. */
struct reading {
	const struct collection *c;
	int (*take)(void *arg, size_t i, const struct result *r);
	void *arg;
	char **fault, **key;
	size_t next;
	int err;
};

static int read_one(struct reading *s, size_t i)
{
	struct errmsg fault;
	struct result r;
	int ret = read_checked(s->c, i, COLLECTION_FIGURES, &r, &fault);

	if (ret < 0)
		return ret;
	if (ret) {
		s->fault[i] = strdup(fault.text);
		return s->fault[i] ? 0 : -ENOMEM;
	}
	s->key[i] = run_key(&r);
	ret = s->key[i] ? s->take(s->arg, i, &r) : -ENOMEM;
	result_free(&r);
	return ret;
}

static void *read_some(void *arg)
{
	struct reading *s = arg;
	size_t i;

	while ((i = __atomic_fetch_add(&s->next, 1, __ATOMIC_RELAXED)) <
	       s->c->nr) {
		int err = read_one(s, i);

		if (err)
			__atomic_store_n(&s->err, err, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* One thread per CPU that this program may use, this thread included. */
static void read_in_threads(struct reading *s)
{
	pthread_t thread[MAX_THREADS];
	size_t nr = 0, want;
	cpu_set_t cpus;

	want = sched_getaffinity(0, sizeof(cpus), &cpus) ? 1 :
		CPU_COUNT(&cpus);
	want = MIN(MIN(want, s->c->nr), MAX_THREADS);
	/* the first use sets the seed of all hash tables */
	json_object_seed(0);
	while (nr + 1 < want &&
	       !pthread_create(&thread[nr], NULL, read_some, s))
		nr++;
	read_some(s);
	while (nr)
		pthread_join(thread[--nr], NULL);
}

int collection_read_all(struct collection *c,
			int (*take)(void *arg, size_t i,
				    const struct result *r),
			void *arg, bool *taken)
{
	struct reading s = { .c = c, .take = take, .arg = arg };

	s.fault = calloc(c->nr + 1, sizeof(*s.fault));
	s.key = calloc(c->nr + 1, sizeof(*s.key));
	if (s.fault && s.key)
		read_in_threads(&s);
	else
		s.err = -ENOMEM;
	for (size_t i = 0; i < c->nr && s.fault && s.key; i++) {
		if (s.fault[i])
			left_out_add(c->left_out, "%s", s.fault[i]);
		taken[i] = s.key[i] && accept_run(c, i, s.key[i]);
		free(s.fault[i]);
		free(s.key[i]);
	}
	free(s.fault);
	free(s.key);
	return s.err;
}
