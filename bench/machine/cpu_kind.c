// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "machine/topology_internal.h"

static int nr_cpu_kinds(struct topology *t)
{
	int nr = hwloc_cpukinds_get_nr(t->hw, 0);

	return nr < 0 ? 0 : nr;
}

int cpu_kind_of(struct topology *t, int cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	int kind = -1;

	if (set && !hwloc_bitmap_set(set, cpu))
		kind = hwloc_cpukinds_get_by_cpuset(t->hw, set, 0);
	hwloc_bitmap_free(set);
	return kind;
}

void cpu_kind_name(struct topology *t, int kind, char *name, size_t size)
{
	struct hwloc_info_s *infos = NULL;
	unsigned int i, nr_infos = 0;
	int efficiency = -1;
	int nr = nr_cpu_kinds(t);

	*name = '\0';
	if (kind < 0 || nr < 2)
		return;
	snprintf(name, size, "%d", kind);
	if (hwloc_cpukinds_get_info(t->hw, kind, NULL, &efficiency, &nr_infos,
				    &infos, 0))
		return;
	/* before the rank: two ranks may have one core type */
	for (i = 0; i < nr_infos; i++) {
		if (strcmp(infos[i].name, "CoreType"))
			continue;
		if (!strcmp(infos[i].value, "IntelCore")) {
			snprintf(name, size, "performance");
			return;
		}
		if (!strcmp(infos[i].value, "IntelAtom")) {
			snprintf(name, size, "efficiency");
			return;
		}
	}
	if (efficiency == 0)
		snprintf(name, size, "efficiency");
	else if (efficiency == nr - 1)
		snprintf(name, size, "performance");
}

bool cpu_kind_matches(struct topology *t, int kind, const char *wanted)
{
	char name[32], number[16];

	if (kind < 0)
		return false;
	snprintf(number, sizeof(number), "%d", kind);
	cpu_kind_name(t, kind, name, sizeof(name));
	return !strcmp(wanted, number) || !strcmp(wanted, name);
}

/* "2=performance (CPUs 0-3), 1 (CPUs 4-5), 0=efficiency (CPUs 6-9)" */
static void list_cpu_kinds(struct topology *t, char *buf, size_t size)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	size_t len = 0;
	int i;

	*buf = '\0';
	for (i = nr_cpu_kinds(t) - 1; set && i >= 0 && len < size; i--) {
		char name[32], number[16], cpus[128];
		bool named;

		if (hwloc_cpukinds_get_info(t->hw, i, set, NULL, NULL, NULL, 0))
			continue;
		hwloc_bitmap_and(set, set, t->allowed);
		hwloc_bitmap_list_snprintf(cpus, sizeof(cpus), set);
		cpu_kind_name(t, i, name, sizeof(name));
		snprintf(number, sizeof(number), "%d", i);
		named = strcmp(name, number);
		len += snprintf(buf + len, size - len, "%s%s%s%s (CPUs %s)",
				len ? ", " : "", number, named ? "=" : "",
				named ? name : "", *cpus ? cpus : "none");
	}
	hwloc_bitmap_free(set);
}

int cpu_kind_refuse(struct topology *t, const char *kind, struct errmsg *msg)
{
	char list[384];

	if (nr_cpu_kinds(t) < 2)
		return errmsg_set(msg, -EINVAL,
				  "CPU kind %.32s: this machine has only one kind, name none",
				  kind);
	list_cpu_kinds(t, list, sizeof(list));
	return errmsg_set(msg, -EINVAL,
			  "CPU kind %.32s: unknown, this machine has %s", kind,
			  list);
}
