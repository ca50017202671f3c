// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>

#include "data/json.h"

/* The memory that malloc() keeps for itself per block. */
#define OVERHEAD sizeof(size_t)

/*
 * The memory of all JSON of a thread since the first json_read(). It is limited
 * while a file is read only: nobody wants a measurement to fail by this limit.
 */
static __thread struct {
	long long used;
	bool reading, full, lost;
} heap;

static void *counted_malloc(size_t size)
{
	void *p = NULL;

	if (heap.reading &&
	    heap.used + (long long)size > (long long)JSON_MAX_MEMORY)
		heap.full = true;
	else
		p = malloc(size);
	if (p)
		heap.used += malloc_usable_size(p) + OVERHEAD;
	else
		heap.lost = true;
	return p;
}

static void counted_free(void *p)
{
	if (p)
		heap.used -= malloc_usable_size(p) + OVERHEAD;
	free(p);
}

static int refuse_json(const struct input *in, const json_error_t *e,
		       struct errmsg *msg)
{
	bool cut_off = json_error_code(e) == json_error_premature_end_of_input;
	int err = input_error(in, msg);

	if (err)
		return err;
	if (heap.full)
		return errmsg_set(msg, -EFBIG,
				  "%s: needs more than %lu MiB of memory, the most that is used: measure fewer points per file",
				  in->name, JSON_MAX_MEMORY >> 20);
	if (heap.lost || json_error_code(e) == json_error_out_of_memory)
		return errmsg_set(msg, -ENOMEM, "%s: out of memory", in->name);
	if (!*in->start)
		return errmsg_set(msg, -EINVAL, in->total ?
				  "%s: not JSON: starts with a zero byte" :
				  "%s: empty", in->name);
	return errmsg_set(msg, -EINVAL, "%s:%d:%d: %s: %s", in->name, e->line,
			  e->column, cut_off ? "cut off" : "not JSON", e->text);
}

int json_read(struct input *in, json_t **root, struct errmsg *msg)
{
	json_error_t e;

	json_set_alloc_funcs(counted_malloc, counted_free);
	heap.full = heap.lost = false;
	heap.reading = true;
	*root = json_loadf(in->f, JSON_REJECT_DUPLICATES, &e);
	heap.reading = false;
	return *root ? 0 : refuse_json(in, &e, msg);
}

int json_parse(const char *text, size_t size, json_t **root)
{
	json_set_alloc_funcs(counted_malloc, counted_free);
	heap.full = heap.lost = false;
	heap.reading = true;
	*root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	heap.reading = false;
	return *root ? 0 : -EINVAL;
}

int json_print(FILE *f, json_t *root)
{
	int err;

	if (!root)
		return -ENOMEM;
	err = json_dumpf(root, f, JSON_INDENT(2) | JSON_REAL_PRECISION(7));
	json_decref(root);
	return err || fputc('\n', f) == EOF ? -EIO : 0;
}
