/* SPDX-License-Identifier: GPL-2.0 */
/* Samples of a kernel on the look-ups of its vmlinux. */
#ifndef PFBENCH_CMD_WORKLOAD_MAP_H
#define PFBENCH_CMD_WORKLOAD_MAP_H

#include <errno.h>
#include <stdlib.h>

#include "workload/result.h"
#include "workload/sampled.h"

#ifndef PFBENCH_WITHOUT_CENSUS
/**
 * workload_map_open() - read the debug information of a sampled kernel
 * @vmlinux: NULL: search for that of s->release
 * @s: only the kernel is needed
 *
 * Return: NULL with a line in @msg; what workload_map_close() frees.
 */
struct workload *workload_map_open(const char *vmlinux, const struct samples *s,
				   struct errmsg *msg);

/** workload_map() - see sampled_result() */
json_t *workload_map(struct workload *w, const struct samples *s,
		     const char *partial);
void workload_map_close(struct workload *w);
#else
static inline struct workload *workload_map_open(const char *vmlinux,
						 const struct samples *s,
						 struct errmsg *msg)
{
	errmsg_set(msg, -ENOSYS,
		   "this pfbench was built without the reader of debug information: use --record=FILE here, and FILE with another one");
	return NULL;
}

static inline json_t *workload_map(struct workload *w, const struct samples *s,
				   const char *partial)
{
	return NULL;
}

static inline void workload_map_close(struct workload *w)
{
}
#endif

#endif
