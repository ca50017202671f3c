// SPDX-License-Identifier: GPL-2.0
/* Reading a result: in builds without the reader of debug information, too. */
#include <errno.h>
#include <string.h>

#include "data/json.h"
#include "workload/result.h"
#include "workload/result_internal.h"

const char *const workload_table_names[WORKLOAD_TABLES] = {
	[BY_ACCESSOR] = "accessor", [BY_FUNCTION] = "function",
	[BY_CHAIN] = "chain", [BY_LOOKUP] = "lookup",
};

const char *const workload_table_keys[WORKLOAD_TABLES][4] = {
	[BY_ACCESSOR] = { "accessor" },
	[BY_FUNCTION] = { "function", "unit" },
	[BY_CHAIN] = { "lookup", "hidden_by" },
	[BY_LOOKUP] = { "lookup", "hidden_by", "function", "unit" },
};

static const char *const counts[] = {
	"lookups", "tail", "head", "small", "hidden", "fake_tested", "fake",
	"sites", "lookup_instructions", "accessor_instructions", NULL
};

static const char *const sums[] = {
	"kernel_instructions", "user_instructions", NULL
};

static const char *const sampled[] = {
	"lookup_samples", "accessor_samples", NULL
};

static const char *const sampled_sums[] = {
	"samples", "exact", "lost", "throttled", "elsewhere", "outside", NULL
};

bool workload_is_sampled(const json_t *result)
{
	return json_object_get(result, "kind") != NULL;
}

static bool has_figures(const json_t *row, const char *const *key)
{
	const json_t *v;

	for (; *key; key++) {
		v = json_object_get(row, *key);
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return false;
	}
	return true;
}

static bool has_strings(const json_t *o, const char *const *key, size_t nr)
{
	for (size_t i = 0; i < nr && key[i]; i++)
		if (!json_is_string(json_object_get(o, key[i])))
			return false;
	return true;
}

/* The key of what is missing or wrong in a result, or NULL. */
static const char *find_fault(const json_t *root)
{
	static const char *const strings[] = {
		"release", "version", "arch", "build_id", "kernel", "emulator",
	};
	bool estimate = workload_is_sampled(root);
	const char *const *figures = estimate ? sampled : counts;
	json_t *total = json_object_get(root, "total"), *word, *table, *row;
	json_t *command = json_object_get(root, "command");
	size_t i;

	for (i = 0; i < (estimate ? 4 : 6); i++)
		if (!has_strings(root, &strings[i], 1))
			return strings[i];
	json_array_foreach(command, i, word)
		if (!json_is_string(word) && !json_is_null(word))
			return "command";
	if (!json_array_size(command))
		return "command";
	if (!has_figures(total, figures) ||
	    !has_figures(total, estimate ? sampled_sums : sums))
		return "total";
	if (estimate && json_integer_value(json_object_get(total, "samples")) >
	    UINT32_MAX)
		return "total";
	for (int by = 0; by < WORKLOAD_TABLES; by++) {
		table = json_object_get(root, workload_table_names[by]);
		if (!json_is_array(table))
			return workload_table_names[by];
		json_array_foreach(table, i, row)
			if (!has_figures(row, figures) ||
			    !has_strings(row, workload_table_keys[by], 4))
				return workload_table_names[by];
	}
	return NULL;
}

int workload_load(const char *path, json_t **result, struct errmsg *msg)
{
	const char *fault;
	struct input in;
	json_t *root;
	int err;

	err = input_open(&in, path, msg);
	if (err)
		return err;
	err = json_read(&in, &root, msg);
	input_close(&in);
	if (err)
		return err;
	if (json_integer_value(json_object_get(root, "pfbench_workload")) != 1)
		err = errmsg_set(msg, -EINVAL,
				 "%s: not a file of pfbench workload (format 1)",
				 in.name);
	else if ((fault = find_fault(root)))
		err = errmsg_set(msg, -EINVAL,
				 "%s: %s: missing, or of the wrong type",
				 in.name, fault);
	if (err)
		json_decref(root);
	else
		*result = root;
	return err;
}
