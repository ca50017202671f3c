/* SPDX-License-Identifier: GPL-2.0 */
/* What topology.c and numa_alloc.c share. */
#ifndef PFBENCH_MACHINE_TOPOLOGY_INTERNAL_H
#define PFBENCH_MACHINE_TOPOLOGY_INTERNAL_H

#include <hwloc.h>
#include <stdbool.h>

#include "machine/topology.h"

/**
 * struct topology - a loaded topology
 * @allowed: CPUs that the calling thread may run on
 * @recorded: from a file, not of this machine
 * @mappings: what topology_alloc() returned and is not yet freed
 */
struct topology {
	hwloc_topology_t hw;
	hwloc_bitmap_t allowed;
	bool recorded;
	struct numa_mapping *mappings;
};

/** numa_free_all() - unmap what is left of topology_alloc() */
void numa_free_all(struct topology *t);

#endif
