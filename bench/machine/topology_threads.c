// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "lib/auto_free.h"
#include "machine/topology_internal.h"
#include "machine/topology_threads.h"

static hwloc_obj_t find_pu(struct topology *t, int cpu)
{
	return cpu < 0 ? NULL : hwloc_get_pu_obj_by_os_index(t->hw, cpu);
}

/* Have both an ancestor of that type, and is it the same one? Without: @none */
static bool same_ancestor(struct topology *t, hwloc_obj_type_t type,
			  hwloc_obj_t a, hwloc_obj_t b, bool none)
{
	hwloc_obj_t x = hwloc_get_ancestor_obj_by_type(t->hw, type, a);
	hwloc_obj_t y = hwloc_get_ancestor_obj_by_type(t->hw, type, b);

	return x || y ? x == y : none;
}

static bool same_node(hwloc_obj_t a, hwloc_obj_t b)
{
	return !a->nodeset || !b->nodeset ||
		hwloc_bitmap_isequal(a->nodeset, b->nodeset);
}

enum cpu_pair topology_distance(struct topology *t, int a, int b)
{
	hwloc_obj_t x = find_pu(t, a), y = find_pu(t, b);

	if (!x || !y || x == y)
		return CPU_PAIR_NONE;
	if (same_ancestor(t, HWLOC_OBJ_CORE, x, y, false))
		return CPU_PAIR_SMT;
	if (!same_ancestor(t, HWLOC_OBJ_PACKAGE, x, y, true))
		return CPU_PAIR_SOCKET;
	if (!same_node(x, y))
		return CPU_PAIR_NUMA;
	return same_ancestor(t, HWLOC_OBJ_L3CACHE, x, y, true) ?
		CPU_PAIR_CORE : CPU_PAIR_L3;
}

static bool may_use(struct topology *t, int cpu, const char *kind)
{
	return hwloc_bitmap_isset(t->allowed, cpu) && find_pu(t, cpu) &&
		(!kind || !*kind ||
		 cpu_kind_matches(t, cpu_kind_of(t, cpu), kind));
}

unsigned int topology_count(struct topology *t, const char *kind)
{
	unsigned int nr = 0;
	int cpu;

	hwloc_bitmap_foreach_begin(cpu, t->allowed)
		nr += may_use(t, cpu, kind);
	hwloc_bitmap_foreach_end();
	return nr;
}

/* Threads that @cpus has already placed on the core of @cpu. */
static unsigned int on_core(struct topology *t, int cpu, const int *cpus,
			    unsigned int nr)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr; i++)
		n += topology_distance(t, cpu, cpus[i]) == CPU_PAIR_SMT;
	return n;
}

static bool is_among(int cpu, const int *cpus, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (cpus[i] == cpu)
			return true;
	return false;
}

/* The next CPU: fewest threads on its core, then nearest, then lowest. */
static int next_cpu(struct topology *t, const char *kind, const int *cpus,
		    unsigned int nr)
{
	unsigned int least = UINT_MAX, cost;
	int best = -1, cpu;

	hwloc_bitmap_foreach_begin(cpu, t->allowed)
		if (!may_use(t, cpu, kind) || is_among(cpu, cpus, nr))
			continue;
		cost = on_core(t, cpu, cpus, nr) * 16 +
			topology_distance(t, cpus[0], cpu);
		if (cost < least) {
			least = cost;
			best = cpu;
		}
	hwloc_bitmap_foreach_end();
	return best;
}

int topology_threads(struct topology *t, int first, const char *kind,
		     unsigned int nr, int *cpus, bool share,
		     struct errmsg *msg)
{
	unsigned int have = topology_count(t, kind), i;
	char list[128];

	hwloc_bitmap_list_snprintf(list, sizeof(list), t->allowed);
	if (nr > have && !share)
		return errmsg_set(msg, -EINVAL,
				  "%u threads, but CPUs that may be used: %u (%s): use fewer threads, a longer --cpu list, or --oversubscribe",
				  nr, have, list);
	if (!have || !may_use(t, first, kind))
		return errmsg_set(msg, -EINVAL, "CPU %d: not available, choose from CPUs %s",
				  first, list);
	cpus[0] = first;
	for (i = 1; i < nr; i++)
		cpus[i] = i < have ? next_cpu(t, kind, cpus, i) :
				     cpus[i % have];
	return 0;
}

/* The first allowed CPU that is @pair apart from @a; -1: none. */
static int partner(struct topology *t, int a, const char *kind,
		   enum cpu_pair pair)
{
	int found = -1, b;

	hwloc_bitmap_foreach_begin(b, t->allowed)
		if (found < 0 && may_use(t, b, kind) &&
		    topology_distance(t, a, b) == pair)
			found = b;
	hwloc_bitmap_foreach_end();
	return found;
}

int topology_pair(struct topology *t, int first, const char *kind,
		  enum cpu_pair pair, int cpus[2], struct errmsg *msg)
{
	static const char *const text[] = {
		[CPU_PAIR_SMT] = "two threads of one core",
		[CPU_PAIR_CORE] = "two cores that share their last cache",
		[CPU_PAIR_L3] = "two last caches of one memory node",
		[CPU_PAIR_NUMA] = "two memory nodes of one package",
		[CPU_PAIR_SOCKET] = "two packages",
	};
	char list[128];
	int a;

	cpus[0] = first;
	cpus[1] = may_use(t, first, kind) ? partner(t, first, kind, pair) : -1;
	hwloc_bitmap_foreach_begin(a, t->allowed)
		if (cpus[1] < 0 && may_use(t, a, kind)) {
			cpus[0] = a;
			cpus[1] = partner(t, a, kind, pair);
		}
	hwloc_bitmap_foreach_end();
	if (cpus[1] >= 0)
		return 0;
	hwloc_bitmap_list_snprintf(list, sizeof(list), t->allowed);
	return errmsg_set(msg, -EINVAL,
			  "the CPUs that may be used (%s) are not %s: choose another pair, or a longer --cpu list",
			  list, text[pair]);
}
