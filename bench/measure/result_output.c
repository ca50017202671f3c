// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/atomic_file.h"
#include "machine/tsc.h"
#include "measure/result_output.h"

/* A file above this size is not written for each group. */
#define LARGE (16 << 20)

static struct file_stamp stamp_now(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return (struct file_stamp){ .exists = false };
	return (struct file_stamp){ true, st.st_dev, st.st_ino, st.st_size,
				    st.st_mtim };
}

static bool same_stamp(const struct file_stamp *a, const struct file_stamp *b)
{
	return a->exists && b->exists && a->dev == b->dev &&
		a->ino == b->ino && a->size == b->size &&
		a->mtime.tv_sec == b->mtime.tv_sec &&
		a->mtime.tv_nsec == b->mtime.tv_nsec;
}

/* "a.json": "a.partial.json" */
static int name_partial(struct result_output *o, struct errmsg *msg)
{
	const char *base = strrchr(o->replaces, '/');
	const char *dot = strrchr(base ? base : o->replaces, '.');
	int stem = dot ? dot - o->replaces : (int)strlen(o->replaces);

	if (snprintf(o->path, sizeof(o->path), "%.*s.partial%s", stem,
		     o->replaces, o->replaces + stem) < (int)sizeof(o->path))
		return 0;
	return errmsg_set(msg, -ENAMETOOLONG, "%.60s...: name too long",
			  o->replaces);
}

static int set_path(struct result_output *o, const char *path,
		    struct errmsg *msg)
{
	memset(o, 0, sizeof(*o));
	if (strlen(path) >= sizeof(o->path))
		return errmsg_set(msg, -ENAMETOOLONG, "%.60s...: name too long",
				  path);
	strcpy(o->path, path);
	return output_check(path, msg);
}

int result_output_open(struct result_output *o, const char *path, bool fresh,
		       struct errmsg *msg)
{
	int ret = set_path(o, path, msg);

	if (ret)
		return ret;
	o->stream = output_is_stream(path);
	if (o->stream || fresh)
		return 0;
	o->left = stamp_now(path);
	if (!o->left.size)
		return 0;
	strcpy(o->replaces, path);
	o->earlier = o->left;
	o->left = (struct file_stamp){ .exists = false };
	return name_partial(o, msg);
}

int result_output_resume(struct result_output *o, const char *path,
			 struct errmsg *msg)
{
	int ret = set_path(o, path, msg);

	if (ret)
		return ret;
	if (output_is_stream(path))
		return errmsg_set(msg, -EINVAL,
				  "%s: cannot be resumed: not a regular file",
				  path);
	o->left = stamp_now(path);
	o->written = true;
	return 0;
}

/* @path, which is as in @before, or has a new name afterwards. */
static int replace_same(char *path, size_t size,
			const struct file_stamp *before,
			const struct result_text *text, struct errmsg *msg)
{
	struct file_stamp now = stamp_now(path);

	if (same_stamp(&now, before))
		return write_file_atomic(path, result_print, text, msg);
	return write_file_new(path, size, result_print, text, msg);
}

/* The earlier file is replaced; the one that was written so far goes away. */
static int replace_earlier(struct result_output *o,
			   const struct result_text *text, struct errmsg *msg)
{
	int ret = replace_same(o->replaces, sizeof(o->replaces), &o->earlier,
			       text, msg);
	struct file_stamp now;

	if (ret)
		return ret;
	now = stamp_now(o->path);
	if (o->written && same_stamp(&now, &o->left))
		unlink(o->path);
	strcpy(o->path, o->replaces);
	*o->replaces = '\0';
	return 0;
}

static bool too_early(const struct result_output *o, uint64_t now)
{
	return o->written && o->left.size > LARGE &&
		now - o->ended_ns < 19 * o->took_ns;
}

int result_output_write(struct result_output *o,
			const struct result_text *text, bool complete,
			bool last, struct errmsg *msg)
{
	uint64_t now = clock_ns();
	int ret;

	if (!text->nr || (!last && (o->stream || too_early(o, now))))
		return 0;
	if (o->stream)
		ret = write_file_atomic(o->path, result_print, text, msg);
	else if (complete && *o->replaces)
		ret = replace_earlier(o, text, msg);
	else
		ret = replace_same(o->path, sizeof(o->path), &o->left, text,
				   msg);
	if (ret)
		return ret;
	o->left = stamp_now(o->path);
	o->written = true;
	o->ended_ns = clock_ns();
	o->took_ns = o->ended_ns - now;
	return 0;
}
