// SPDX-License-Identifier: GPL-2.0
/*
 * One use of every accessor of a kernel, each a function of its own, for the
 * listings of scripts/compare-kernels. The object is no part of the module.
 */
#include <linux/compiler.h>

/* As PF_STAMP_USE(); __used keeps functions that nobody calls. */
#define PF_NATIVE_USE(acc, kind) \
	static noinline __used unsigned long \
	pf_use_##acc##_native_AUTO(struct pf_page *page) \
	{ \
		unsigned long v = pf_op_##acc##_AUTO(page, false); \
		\
		if (!PF_RETURNS(PF_##kind)) \
			asm("" : "=r" (v)); \
		return v; \
	}
#define NATIVE_STAMP_LOOPS PF_NATIVE_USE

#include "native.c"
