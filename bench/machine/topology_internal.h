/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by topology.c, cpu_kind.c and numa_alloc.c. */
#ifndef PFBENCH_MACHINE_TOPOLOGY_INTERNAL_H
#define PFBENCH_MACHINE_TOPOLOGY_INTERNAL_H

#include <hwloc.h>
#include <stdbool.h>

#include "machine/topology.h"

/**
 * struct topology - a loaded topology
 * @allowed: CPUs that the calling thread may run on
 * @excluded: see topology_exclude()
 * @recorded: from a file, not of this machine
 * @mappings: what topology_alloc() returned and is not yet freed
 */
struct topology {
	hwloc_topology_t hw;
	hwloc_bitmap_t allowed, excluded;
	bool recorded;
	struct numa_mapping *mappings;
};

/** cpu_kind_of() - index of the hwloc cpukind of @cpu; -1: unknown */
int cpu_kind_of(struct topology *t, int cpu);

/** cpu_kind_name() - write the kind as struct cpu_choice has it */
void cpu_kind_name(struct topology *t, int kind, char *name, size_t size);

/** cpu_kind_matches() - is @wanted the name or the number of @kind? */
bool cpu_kind_matches(struct topology *t, int kind, const char *wanted);

/** cpu_kind_refuse() - report the available kinds; Return: -EINVAL */
int cpu_kind_refuse(struct topology *t, const char *kind, struct errmsg *msg);

/** numa_free_all() - unmap what is left of topology_alloc() */
void numa_free_all(struct topology *t);

#endif
