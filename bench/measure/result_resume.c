// SPDX-License-Identifier: GPL-2.0
/* Going on with the result of an interrupted run. */
#include <errno.h>
#include <string.h>

#include "lib/array.h"
#include "measure/result_writer.h"

/* Figures that are in one file must have these in common. */
static const char *const common[] = {
	"version", "commit", "compiler", "cflags", "backend", "arch",
	"cpu_model", "microcode", "mitigations", "kernel", "command_line",
	"hvo", "governor", "turbo", "smt", "hypervisor",
	"transparent_hugepage", "page_size_user", "cpu", "cpu_kind",
	"tick_source", "kmod", "options",
};

static const char *text_of_value(const json_t *v)
{
	return json_is_string(v) ? json_string_value(v) :
		v ? "different" : "not set";
}

static int refuse_difference(const char *path, const char *key,
			     const json_t *old, const json_t *new,
			     struct errmsg *msg)
{
	const char *k;
	json_t *v;

	/* the option that differs, not all of them */
	json_object_foreach((json_t *)old, k, v)
		if (!json_equal(v, json_object_get(new, k)))
			return refuse_difference(path, k, v,
						 json_object_get(new, k), msg);
	json_object_foreach((json_t *)new, k, v)
		if (json_is_object(old) && !json_object_get(old, k))
			return refuse_difference(path, k, NULL, v, msg);
	return errmsg_set(msg, -EINVAL,
			  "%s: cannot be resumed: %s was %.80s, and is %.80s now",
			  path, key, text_of_value(old), text_of_value(new));
}

static int check_common(const struct result_writer *r,
			const struct result *old, struct errmsg *msg)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++) {
		const json_t *a = json_object_get(old->pfbench, common[i]);
		const json_t *b = json_object_get(r->pfbench, common[i]);

		if ((a || b) && !json_equal(a, b))
			return refuse_difference(old->path, common[i], a, b,
						 msg);
	}
	return 0;
}

static int keep_entries(struct result_writer *r, const struct result *old)
{
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(old->root, "benchmarks"), i, entry) {
		json_int_t group = json_integer_value(
			json_object_get(entry, "group"));
		char **grown = array_grow(r->entry, r->nr, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		r->entry = grown;
		r->entry[r->nr] = result_entry_text(entry);
		if (!r->entry[r->nr])
			return -ENOMEM;
		r->nr++;
		/* points are paired within a group of one part only */
		if (group >= r->first_group)
			r->first_group = group + 1;
	}
	return 0;
}

/* A part is a run; the date of the file is that of the first one. */
static void add_part(struct result_writer *r, const struct result *old)
{
	json_t *date = json_object_get(r->context, "date");
	json_t *first = json_object_get(old->context, "date");
	json_t *parts = json_deep_copy(json_object_get(old->pfbench, "parts"));

	if (!parts)
		parts = json_pack("[{s:O}]", "date", first);
	json_array_append_new(parts, json_pack("{s:O}", "date", date));
	json_object_set_new(r->pfbench, "parts", parts);
	if (first)
		json_object_set(r->context, "date", first);
}

static void merge_disturbances(struct result_writer *r,
			       const struct result *old)
{
	json_t *list = json_object_get(r->pfbench, "disturbances");
	json_t *line, *known;
	size_t i, k;

	json_array_foreach(json_object_get(old->pfbench, "disturbances"), i,
			   line) {
		bool new = true;

		json_array_foreach(list, k, known)
			new &= !json_equal(line, known);
		if (new)
			json_array_append(list, line);
	}
}

int result_writer_resume(struct result_writer *r, const struct result *old,
			 bool same_path, struct errmsg *msg)
{
	int ret = check_common(r, old, msg);

	if (!ret && same_path)
		ret = result_output_resume(&r->output, old->path, msg);
	if (ret)
		return ret;
	if (keep_entries(r, old))
		return errmsg_set(msg, -ENOMEM, "out of memory");
	add_part(r, old);
	merge_disturbances(r, old);
	r->earlier = json_incref((json_t *)old->pfbench);
	return 0;
}

static void add_integer(json_t *to, const json_t *from, const char *key)
{
	json_t *a = json_object_get(to, key), *b = json_object_get(from, key);

	if (json_is_integer(a) && json_is_integer(b) &&
	    json_integer_value(a) >= 0 && json_integer_value(b) >= 0)
		json_integer_set(a, json_integer_value(a) +
				 json_integer_value(b));
}

void result_writer_add_earlier(struct result_writer *r)
{
	json_t *dropped = json_object_get(r->pfbench, "dropped");
	json_t *twins = json_object_get(r->pfbench, "twins");
	json_t *earlier = json_object_get(r->earlier, "twins");
	const char *key;
	json_t *v;

	add_integer(r->pfbench, r->earlier, "rounds");
	add_integer(r->pfbench, r->earlier, "rounds_quiet");
	add_integer(r->pfbench, r->earlier, "steal_ticks");
	add_integer(r->pfbench, r->earlier, "cpu_moves");
	add_integer(twins, earlier, "measured");
	add_integer(twins, earlier, "equal");
	json_object_foreach(dropped, key, v)
		add_integer(dropped, json_object_get(r->earlier, "dropped"),
			    key);
}
