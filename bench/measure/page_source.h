/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of this process that consists of pages from one source. */
#ifndef PFBENCH_MEASURE_PAGE_SOURCE_H
#define PFBENCH_MEASURE_PAGE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "data/point.h"
#include "lib/errmsg.h"

/**
 * struct source_memory - a mapping
 * @mapped, @bytes: for munmap(); NULL: none
 * @start, @length: the part to use, huge pages aligned
 */
struct source_memory {
	void *mapped;
	size_t bytes;
	uintptr_t start;
	size_t length;
};

/**
 * page_source_map() - map at least @bytes of memory from @source
 * @source: any but SOURCE_OWN
 * Return: 0; -ENOMEM with a line in @msg.
 */
int page_source_map(enum page_source source, size_t bytes,
		    struct source_memory *m, struct errmsg *msg);

/** page_source_unmap() - unmap it, if anything is mapped */
void page_source_unmap(struct source_memory *m);

#endif
