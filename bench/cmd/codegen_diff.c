// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/codegen_diff.h"
#include "code/kernel_diff.h"
#include "data/names.h"

/* The accessor's use in one of the kernels; NULL after complain(). */
static const struct code_kernel_use *
named_use(const struct code_kernel_diff *d, const char *name)
{
	enum pf_accessor accessor;
	struct errmsg msg;
	size_t i;

	if (names_accessor(name, &accessor, &msg)) {
		complain("codegen: %s", msg.text);
		return NULL;
	}
	for (i = 0; i < d->nr; i++)
		if (d->use[i].accessor == accessor)
			return &d->use[i];
	complain("codegen: --diff: %s is in neither of the objects", name);
	return NULL;
}

/* Return: like code_kernel_print_use() */
static int print_named(const struct code_kernel_use *use,
		       const struct code_kernel_diff *d)
{
	putchar('\n');
	return code_kernel_print_use(stdout, d, use);
}

static int show_kernel_diff(const struct code_kernel_diff *d, int nr,
			    char **names)
{
	const struct code_kernel_use *use[PF_NR_ACCESSORS];
	bool all = nr == 1 && !strcmp(names[0], "all");
	size_t n = 0, i;
	int err;

	for (i = 0; all && i < d->nr; i++)
		if (d->use[i].changed)
			use[n++] = &d->use[i];
	for (i = 0; !all && i < (size_t)nr && n < PF_NR_ACCESSORS; i++) {
		use[n] = named_use(d, names[i]);
		if (!use[n++])
			return EXIT_BAD;
	}
	err = code_kernel_print_table(stdout, d);
	for (i = 0; i < n && !err; i++)
		err = print_named(use[i], d);
	if (err)
		return complain("codegen: out of memory");
	return cmd_flush("codegen") ? EXIT_BAD :
		d->nr_changed ? EXIT_NO : EXIT_DONE;
}

int codegen_diff(const struct code_arch *arch, int nr, char **args)
{
	const char *const path[2] = { args[0], args[1] };
	struct code_kernel_diff d;
	struct errmsg msg = { "" };
	int ret;

	if (code_kernel_diff(&d, arch, path, &msg))
		ret = complain("codegen: %s", msg.text);
	else
		ret = show_kernel_diff(&d, nr - 2, args + 2);
	code_kernel_diff_free(&d);
	return ret;
}
