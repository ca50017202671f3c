/* SPDX-License-Identifier: GPL-2.0 */
/* Samples of a kernel's cycles, by the look-ups and accessors they fell in. */
#ifndef PFBENCH_WORKLOAD_SAMPLED_H
#define PFBENCH_WORKLOAD_SAMPLED_H

#include <jansson.h>

#include "data/samples.h"
#include "workload/lookups.h"

/**
 * sampled_check() - are the samples those of this kernel?
 * @vmlinux: for messages, the path of @w
 * Return: 0; -EINVAL with a line in @msg.
 */
int sampled_check(const struct workload *w, const char *vmlinux,
		  const struct samples *s, struct errmsg *msg);

/**
 * sampled_result() - make the result, which workload_load() reads
 * @w: from workload_open(), passed by sampled_check(); its counts become samples
 * @partial: why the samples are not those of the whole command, or NULL
 *
 * Return: NULL if there is no memory.
 */
json_t *sampled_result(struct workload *w, const struct samples *s,
		       const char *partial);

#endif
