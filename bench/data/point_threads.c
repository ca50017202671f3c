// SPDX-License-Identifier: GPL-2.0
/* Points that several threads run: their names, and which there are. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/point.h"

static const char *const threading_names[NR_THREADINGS] = {
	[THREADS_NONE] = "", [THREADS_SHARED] = "shared",
	[THREADS_PRIVATE] = "private", [THREADS_READER] = "reader",
	[THREADS_READER_REF] = "reader-ref",
};

static const char *const pair_names[NR_PAIRS] = {
	[PAIR_NONE] = "", [PAIR_SMT] = "smt", [PAIR_CORE] = "core",
	[PAIR_L3] = "l3", [PAIR_NUMA] = "numa", [PAIR_SOCKET] = "socket",
};

const char *threading_name(enum point_threading threading)
{
	return threading_names[threading];
}

const char *pair_name(enum point_pair pair)
{
	return pair_names[pair];
}

/* A number without leading zeros, or a pair. */
static bool parse_threads(const char *text, struct point *p)
{
	size_t n = strspn(text, "0123456789");

	p->pair = PAIR_NONE;
	if (n >= 1 && n <= 3 && !text[n] && *text != '0') {
		p->threads = strtoul(text, NULL, 10);
		return true;
	}
	for (int i = PAIR_NONE + 1; i < NR_PAIRS; i++) {
		if (!strcmp(text, pair_names[i])) {
			p->pair = i;
			p->threads = 2;
			return true;
		}
	}
	return false;
}

bool point_threads_parse(const char *part, struct point *p)
{
	size_t n = strcspn(part, ":");

	if (!strcmp(part, "one-page")) {
		p->one_page = true;
		return true;
	}
	if (!part[n])
		return false;
	for (int i = THREADS_NONE + 1; i < NR_THREADINGS; i++) {
		if (strlen(threading_names[i]) != n ||
		    strncmp(part, threading_names[i], n))
			continue;
		p->threading = i;
		return parse_threads(part + n + 1, p);
	}
	return false;
}

void point_threads_name(const struct point *p, char *text, size_t size)
{
	int n = 0;

	*text = '\0';
	if (p->threading && p->pair)
		n = snprintf(text, size, "/%s:%s",
			     threading_names[p->threading],
			     pair_names[p->pair]);
	else if (p->threading)
		n = snprintf(text, size, "/%s:%u",
			     threading_names[p->threading], p->threads);
	if (p->one_page)
		snprintf(text + n, size - n, "/one-page");
}

static bool add_threads(struct thread_list *list, const struct point *p)
{
	for (unsigned int i = 0; i < list->nr; i++)
		if (list->threads[i] == p->threads && list->pair[i] == p->pair)
			return true;
	if (list->nr == THREAD_LIST_MAX)
		return false;
	list->threads[list->nr] = p->threads;
	list->pair[list->nr++] = p->pair;
	return true;
}

int thread_list_parse(const char *text, unsigned int max,
		      struct thread_list *list, struct errmsg *msg)
{
	char word[16];
	struct point p = { 0 };
	size_t n;

	list->nr = 0;
	do {
		n = strcspn(text, ",");
		snprintf(word, sizeof(word), "%.*s", (int)(n < 15 ? n : 15),
			 text);
		p.pair = PAIR_NONE;
		p.threads = max;
		if (strcmp(word, "max") && !parse_threads(word, &p))
			return errmsg_set(msg, -EINVAL,
					  "'%s': not a number from 1 to %d, max, smt, core, l3, numa or socket",
					  word, POINT_MAX_THREADS);
		if (!add_threads(list, &p))
			return errmsg_set(msg, -EINVAL,
					  "more than %d numbers of threads: use fewer",
					  THREAD_LIST_MAX);
		text += n;
	} while (*text++);
	return 0;
}

/* The writer sets a flag that the reader does not test. */
static bool tests_dirty(enum pf_accessor acc)
{
	return acc == PF_ACC_PageDirty || acc == PF_ACC_folio_test_dirty;
}

static bool writer_fits(const struct point *p, enum pf_accessor acc)
{
	bool folio = pf_accessors[p->accessor].policy == PF_POLICY_FOLIO;

	return pf_has(acc, p->generation, PF_AUTO) &&
		folio == (pf_accessors[acc].policy == PF_POLICY_FOLIO);
}

bool point_writer(const struct point *p, struct point *writer)
{
	static const enum pf_accessor flags[] = {
		PF_ACC_SetPageDirty, PF_ACC_folio_set_dirty,
		PF_ACC_page_folio_set_dirty,
	}, others[] = {
		PF_ACC_ClearPageUptodate, PF_ACC_folio_clear_uptodate,
	};
	struct point w = *p;

	w.accessor = PF_NR_ACCESSORS;
	w.lowering = PF_AUTO;
	w.form = PF_THROUGHPUT;
	if (p->threading == THREADS_READER_REF) {
		w.accessor = pf_has(PF_ACC_get_page, p->generation, PF_AUTO) ?
			PF_ACC_get_page : PF_ACC_folio_get;
		if (!pf_has(w.accessor, p->generation, PF_AUTO))
			return false;
		*writer = w;
		return true;
	}
	if (tests_dirty(p->accessor)) {
		for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
			if (writer_fits(p, others[i]))
				w.accessor = others[i];
	} else {
		for (size_t i = sizeof(flags) / sizeof(*flags); i--;)
			if (writer_fits(p, flags[i]))
				w.accessor = flags[i];
	}
	if (w.accessor == PF_NR_ACCESSORS)
		return false;
	*writer = w;
	return true;
}

static const char *check_reader(const struct point *p, enum pf_kind kind)
{
	struct point writer;

	if (!PF_ONLY_READS(kind) || kind == PF_EMPTY)
		return "a reader reads only: use shared or private";
	if (!point_writer(p, &writer))
		return p->threading == THREADS_READER ?
			"the generation has no flag that other threads could set" :
			"the generation has no count that other threads could write";
	return NULL;
}

const char *point_threads_check(const struct point *p)
{
	enum pf_kind kind = pf_accessors[p->accessor].kind;

	if (!p->threading)
		return p->one_page ? "one-page is for threads" :
			p->threads || p->pair ? "no threads" : NULL;
	if (!p->threads || p->threads > POINT_MAX_THREADS ||
	    (p->pair && p->threads != 2))
		return "a number of threads is from 1 to 999";
	if (p->form != PF_THROUGHPUT)
		return "only throughput has a threaded form";
	if (p->ws != WS_HOT || p->source != SOURCE_OWN)
		return "threads run on hot pages that the backend makes";
	if (p->one_page && p->population == PF_MIXED)
		return "one page is not mixed";
	if (!PF_HAS_THREADS(kind))
		return "an operation that touches no memory has no threaded form";
	if (p->threading == THREADS_SHARED && !PF_HAS_SHARED(kind))
		return "it is not defined for several threads on one page";
	if (p->threading == THREADS_READER ||
	    p->threading == THREADS_READER_REF)
		return check_reader(p, kind);
	return NULL;
}
