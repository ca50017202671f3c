// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/internal.h"
#include "code/kernel_diff.h"
#include "code/listing_diff.h"

static int read_kernel_object(struct code_object *o, struct code *code,
			      const char *path, struct errmsg *msg)
{
	struct errmsg inner = { "" };
	char *text = NULL;
	int ret = code_dump(code, "-tdrw", path, &text, msg);

	if (ret)
		return ret;
	ret = code_object_parse_kernel(o, code->arch, text, &inner);
	free(text);
	return ret ? errmsg_set(msg, ret, "%s: %s", path, inner.text) : 0;
}

/* scripts/compare-kernels has a call of it where a kernel lacks a function */
static bool calls_missing(const struct code_listing *l)
{
	for (size_t i = 0; i < l->nr; i++)
		if (strstr(l->insn[i].text, "pf_missing"))
			return true;
	return false;
}

static const struct code_listing *find_kernel_use(const struct code_object *o,
						  enum pf_accessor accessor)
{
	char name[CODE_SYMBOL_MAX];
	const struct code_symbol *s;

	snprintf(name, sizeof(name), "pf_use_%s_native_AUTO",
		 pf_accessors[accessor].name);
	s = code_object_symbol(o, name);
	return s && o->listing && o->listing[s - o->symbol].nr &&
		!calls_missing(&o->listing[s - o->symbol]) ?
		&o->listing[s - o->symbol] : NULL;
}

static int compare_use(struct code_kernel_use *use)
{
	struct code_diff d;

	use->changed = true;
	if (!use->of[CODE_OLD] || !use->of[CODE_NEW])
		return 0;
	if (code_diff(&d, use->of[CODE_OLD], use->of[CODE_NEW]))
		return -ENOMEM;
	use->changed = d.head + d.tail < d.nr;
	code_diff_free(&d);
	return 0;
}

static int compare_uses(struct code_kernel_diff *d)
{
	for (int acc = 0; acc < PF_NR_ACCESSORS; acc++) {
		struct code_kernel_use *use = &d->use[d->nr];

		use->accessor = acc;
		for (int i = 0; i < 2; i++)
			use->of[i] = find_kernel_use(d->object[i], acc);
		/* the empty use is the reference of loops */
		if (pf_accessors[acc].kind == PF_EMPTY ||
		    (!use->of[CODE_OLD] && !use->of[CODE_NEW]))
			continue;
		if (compare_use(use))
			return -ENOMEM;
		d->nr_changed += use->changed;
		d->nr++;
	}
	return 0;
}

int code_kernel_diff(struct code_kernel_diff *d, const struct code_arch *arch,
		     const char *const path[2], struct errmsg *msg)
{
	struct code *code = calloc(1, sizeof(*code));
	int ret = -ENOMEM;

	*d = (struct code_kernel_diff){ .arch = arch };
	for (int i = 0; i < 2; i++)
		d->object[i] = calloc(1, sizeof(*d->object[i]));
	if (code && d->object[CODE_OLD] && d->object[CODE_NEW]) {
		code->arch = arch;
		ret = code_find_objdump(code, msg);
		for (int i = 0; i < 2 && !ret; i++)
			ret = read_kernel_object(d->object[i], code, path[i],
						 msg);
		if (!ret)
			ret = compare_uses(d);
	}
	free(code);
	if (ret == -ENOMEM)
		return errmsg_set(msg, ret, "out of memory");
	for (int i = 0; i < 2 && !ret; i++)
		if (!find_kernel_use(d->object[i], PF_ACC_empty))
			ret = errmsg_set(msg, -EINVAL,
					 "%s: has no uses of kmod/native_uses.c",
					 path[i]);
	return ret;
}

void code_kernel_diff_free(struct code_kernel_diff *d)
{
	for (int i = 0; i < 2; i++) {
		if (d->object[i])
			code_object_free(d->object[i]);
		free(d->object[i]);
	}
}
