// SPDX-License-Identifier: GPL-2.0
/* The order of the results of a trend, and its releases. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/trend_internal.h"

size_t trend_short_kernel(const char *kernel)
{
	return strcspn(kernel, " ");
}

/* "-gabcdef0": the abbreviated commit that git describe or the build adds */
static bool has_commit(const char *label)
{
	for (const char *at = label; (at = strstr(at, "-g")); at += 2)
		if (strspn(at + 2, "0123456789abcdef") >= 7)
			return true;
	return false;
}

bool trend_is_release(const char *label, enum trend_by by)
{
	if (strstr(label, "-rc") || strstr(label, "-next") ||
	    strstr(label, "-dirty") || has_commit(label))
		return false;
	if (by == TREND_BY_KERNEL)
		return isdigit((unsigned char)*label);
	return *label == 'v' && isdigit((unsigned char)label[1]);
}

/* "6.1" is "6.1.50-amd64", not "6.12" */
static bool begins_with(const char *text, const char *start)
{
	size_t n = strlen(start);

	return !strncmp(text, start, n) && !isalnum((unsigned char)text[n]);
}

static bool is_marked(const struct trend *t, const struct trend_result *r)
{
	const char *release = t->request.release;

	if (!release)
		return trend_is_release(r->label, t->request.by);
	return begins_with(r->commit, release) ||
		begins_with(r->version, release) ||
		begins_with(r->kernel, release);
}

/* A candidate has a negative number, so that it comes before its release. */
struct kernel_version {
	unsigned int part[3];
	int candidate;
};

static struct kernel_version version_of(const char *kernel)
{
	struct kernel_version v = { { 0 }, 0 };
	const char *rc = strstr(kernel, "-rc");
	unsigned int n;

	sscanf(kernel, "%5u.%5u.%5u", &v.part[0], &v.part[1], &v.part[2]);
	if (rc && sscanf(rc, "-rc%5u", &n) == 1)
		v.candidate = (int)n - 100000;
	return v;
}

static int compare_kernels(const char *a, const char *b)
{
	struct kernel_version v = version_of(a), w = version_of(b);

	for (int i = 0; i < 3; i++)
		if (v.part[i] != w.part[i])
			return v.part[i] < w.part[i] ? -1 : 1;
	if (v.candidate != w.candidate)
		return v.candidate < w.candidate ? -1 : 1;
	return 0;
}

static int compare_dates(const void *pa, const void *pb)
{
	const struct trend_result *a = pa, *b = pb;
	int d = strcmp(a->date, b->date);

	return d ? d : strcmp(a->path, b->path);
}

static int compare_results(const void *pa, const void *pb)
{
	const struct trend_result *a = pa, *b = pb;
	int d = compare_kernels(a->kernel, b->kernel);

	if (!d)
		d = strcmp(a->kernel, b->kernel);
	return d ? d : compare_dates(a, b);
}

/* How many different commits, or kernels, the results have. */
static size_t count_labels(const struct trend *t, bool commits)
{
	size_t n = 0, k;

	for (size_t i = 0; i < t->nr; i++) {
		const struct trend_result *a = &t->result[i], *b;

		for (k = 0; k < i; k++) {
			b = &t->result[k];
			if (!strcmp(commits ? a->commit : a->kernel,
				    commits ? b->commit : b->kernel))
				break;
		}
		n += k == i;
	}
	return n;
}

static enum trend_by usual_order(const struct trend *t)
{
	size_t kernels = count_labels(t, false);

	return kernels > 1 && kernels >= count_labels(t, true) ?
		TREND_BY_KERNEL : TREND_BY_COMMIT;
}

/*
 * The last result that is marked, before those of the newest label: a release
 * that was just measured is compared with the release before.
 */
static ssize_t find_release(const struct trend *t)
{
	ssize_t i = (ssize_t)t->nr - 1;

	while (i >= 0 && !strcmp(t->result[i].label,
				 t->result[t->nr - 1].label))
		i--;
	while (i >= 0 && !t->result[i].release)
		i--;
	return i;
}

void trend_order(struct trend *t)
{
	if (t->request.by == TREND_BY_DEFAULT)
		t->request.by = usual_order(t);
	qsort(t->result, t->nr, sizeof(*t->result),
	      t->request.by == TREND_BY_KERNEL ? compare_results :
	      compare_dates);
	for (size_t i = 0; i < t->nr; i++) {
		struct trend_result *r = &t->result[i];

		r->label = t->request.by == TREND_BY_KERNEL ? r->kernel :
			r->commit;
		r->release = is_marked(t, r);
	}
	t->last_release = find_release(t);
}
