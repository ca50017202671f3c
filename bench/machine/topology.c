// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/auto_free.h"
#include "machine/proc_stat.h"
#include "machine/topology_internal.h"

static int check_readable(const char *path, struct errmsg *msg)
{
	struct stat st;
	int err = 0;

	if (access(path, R_OK) || stat(path, &st))
		err = errno;
	else if (S_ISDIR(st.st_mode))
		err = EISDIR;
	if (err)
		return errmsg_set(msg, -err, "topology %s: %s", path,
				  strerror(err));
	return 0;
}

static int find_allowed(struct topology *t, struct errmsg *msg)
{
	if (t->recorded) {
		hwloc_bitmap_copy(t->allowed,
				  hwloc_topology_get_topology_cpuset(t->hw));
	} else {
		/* as sched_getaffinity(), for any number of CPUs */
		if (hwloc_get_cpubind(t->hw, t->allowed,
				      HWLOC_CPUBIND_THREAD))
			return errmsg_set(msg, -errno,
					  "cannot read this thread's affinity: %s",
					  strerror(errno));
		hwloc_bitmap_and(t->allowed, t->allowed,
				 hwloc_topology_get_allowed_cpuset(t->hw));
	}
	if (hwloc_bitmap_iszero(t->allowed) ||
	    hwloc_bitmap_last(t->allowed) < 0)
		return errmsg_set(msg, -ENODEV,
				  "the topology has no CPU that this process may run on: check taskset and the cpuset");
	return 0;
}

static int load_topology(struct topology *t, const char *xml_path,
			 struct errmsg *msg)
{
	if (xml_path) {
		/* which CPUs the recording process was allowed is irrelevant */
		hwloc_topology_set_flags(t->hw,
				HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
		if (hwloc_topology_set_xml(t->hw, xml_path))
			return errmsg_set(msg, -EINVAL,
					  "topology %s: not an hwloc XML file (lstopo --of xml makes one)",
					  xml_path);
	}
	errno = 0;
	if (hwloc_topology_load(t->hw)) {
		if (xml_path)
			return errmsg_set(msg, -EINVAL,
					  "topology %s: hwloc cannot load it: the file is corrupt or incomplete",
					  xml_path);
		return errmsg_set(msg, errno ? -errno : -EIO,
				  "hwloc cannot find this machine's topology: %s",
				  strerror(errno ? errno : EIO));
	}
	/* with HWLOC_THISSYSTEM=1, the file describes this machine */
	t->recorded = !hwloc_topology_is_thissystem(t->hw);
	return find_allowed(t, msg);
}

int topology_open(struct topology **ret, const char *xml_path,
		  struct errmsg *msg)
{
	struct topology *t;
	int err = 0;

	*ret = NULL;
	if (!xml_path || !*xml_path)
		xml_path = getenv("HWLOC_XMLFILE");
	if (xml_path && !*xml_path)
		xml_path = NULL;
	/* hwloc would silently load this machine's topology instead */
	if (xml_path)
		err = check_readable(xml_path, msg);
	if (err)
		return err;

	t = calloc(1, sizeof(*t));
	if (t) {
		t->allowed = hwloc_bitmap_alloc();
		t->excluded = hwloc_bitmap_alloc();
	}
	if (!t || !t->allowed || !t->excluded ||
	    hwloc_topology_init(&t->hw)) {
		if (t) {
			hwloc_bitmap_free(t->allowed);
			hwloc_bitmap_free(t->excluded);
		}
		free(t);
		return errmsg_set(msg, -ENOMEM, "no memory for the topology");
	}
	err = load_topology(t, xml_path, msg);
	if (err)
		topology_close(t);
	else
		*ret = t;
	return err;
}

void topology_close(struct topology *t)
{
	if (!t)
		return;
	numa_free_all(t);
	hwloc_topology_destroy(t->hw);
	hwloc_bitmap_free(t->allowed);
	hwloc_bitmap_free(t->excluded);
	free(t);
}

static hwloc_obj_t pu_of(struct topology *t, int cpu)
{
	return cpu < 0 ? NULL : hwloc_get_pu_obj_by_os_index(t->hw, cpu);
}

static bool is_allowed(struct topology *t, int cpu)
{
	return cpu >= 0 && hwloc_bitmap_isset(t->allowed, cpu) &&
	       !hwloc_bitmap_isset(t->excluded, cpu) &&
	       pu_of(t, cpu);
}

static hwloc_obj_t core_of(struct topology *t, hwloc_obj_t pu)
{
	return hwloc_get_ancestor_obj_by_type(t->hw, HWLOC_OBJ_CORE, pu);
}

/* The complete set: threads that a container hides share the core, too. */
static hwloc_const_bitmap_t threads_of(hwloc_obj_t core)
{
	return core->complete_cpuset ? core->complete_cpuset : core->cpuset;
}

/*
 * Ticks that each CPU was busy since boot, by OS index; stolen time counts,
 * since another tenant used the core. CPUs without a line keep their 0.
 */
static void read_busy(struct proc_stat *stat, unsigned long long *busy, int nr)
{
	struct cpu_ticks ticks;
	int cpu;

	if (proc_stat_read(stat))
		return;
	for (cpu = 0; cpu < nr; cpu++)
		if (proc_stat_cpu(stat, cpu, &ticks))
			busy[cpu] = ticks.busy + ticks.steal;
}

static unsigned long long core_load(struct topology *t, int cpu,
				    const unsigned long long *before,
				    const unsigned long long *after, int nr)
{
	hwloc_obj_t core = core_of(t, pu_of(t, cpu));
	unsigned long long load = 0;
	int i;

	if (!core)
		return after[cpu] - before[cpu];
	hwloc_bitmap_foreach_begin(i, threads_of(core))
		if (i < nr && after[i] > before[i])
			load += after[i] - before[i];
	hwloc_bitmap_foreach_end();
	return load;
}

/* The CPU of @set whose core was least busy in @ms; ties go to the last. */
static int least_busy(struct topology *t, hwloc_const_bitmap_t set,
		      unsigned int ms)
{
	struct timespec ts = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};
	int last = hwloc_bitmap_last(set);
	int cpu, best = last;
	int nr = last + 1;
	struct proc_stat stat;
	unsigned long long least = ULLONG_MAX;

	if (t->recorded || !ms || hwloc_bitmap_weight(set) == 1)
		return last;
	/* siblings may have higher indices than any CPU of @set */
	cpu = hwloc_bitmap_last(hwloc_topology_get_complete_cpuset(t->hw));
	if (cpu >= nr)
		nr = cpu + 1;

	auto_free unsigned long long *before = calloc(nr, sizeof(*before));
	auto_free unsigned long long *after = calloc(nr, sizeof(*after));

	if (!before || !after)
		return last;
	proc_stat_open(&stat, "");
	read_busy(&stat, before, nr);
	/* a signal shortens the observation, which does no harm */
	nanosleep(&ts, NULL);
	read_busy(&stat, after, nr);
	proc_stat_close(&stat);
	hwloc_bitmap_foreach_begin(cpu, set) {
		unsigned long long load = core_load(t, cpu, before, after, nr);

		if (load <= least) {
			least = load;
			best = cpu;
		}
	} hwloc_bitmap_foreach_end();
	return best;
}

static void fill_choice(struct topology *t, int cpu, struct cpu_choice *choice)
{
	hwloc_obj_t pu = pu_of(t, cpu);
	hwloc_obj_t core = core_of(t, pu);
	hwloc_obj_t package = hwloc_get_ancestor_obj_by_type(t->hw,
						HWLOC_OBJ_PACKAGE, pu);

	memset(choice, 0, sizeof(*choice));
	choice->cpu = cpu;
	choice->core = core ? (int)core->logical_index : -1;
	choice->package = package ? (int)package->logical_index : -1;
	choice->node = pu->nodeset ? hwloc_bitmap_first(pu->nodeset) : -1;
	cpu_kind_name(t, cpu_kind_of(t, cpu), choice->kind,
		      sizeof(choice->kind));
	choice->smt = core && hwloc_bitmap_weight(threads_of(core)) > 1;
}

int topology_choose(struct topology *t, int cpu, const char *kind,
		    unsigned int observe_ms, struct cpu_choice *choice,
		    struct errmsg *msg)
{
	hwloc_bitmap_t set;
	char cpus[256];
	int i, err = 0;

	if (kind && !*kind)
		kind = NULL;
	set = hwloc_bitmap_alloc();
	if (!set)
		return errmsg_set(msg, -ENOMEM, "no memory for a set of CPUs");
	hwloc_bitmap_foreach_begin(i, t->allowed)
		if (is_allowed(t, i) &&
		    (!kind || cpu_kind_matches(t, cpu_kind_of(t, i), kind)))
			hwloc_bitmap_set(set, i);
	hwloc_bitmap_foreach_end();

	hwloc_bitmap_list_snprintf(cpus, sizeof(cpus), set);
	if (hwloc_bitmap_iszero(set) && kind)
		err = cpu_kind_refuse(t, kind, msg);
	else if (hwloc_bitmap_iszero(set))
		err = errmsg_set(msg, -EINVAL, "no CPU that this process may run on");
	else if (cpu < -1 || (cpu >= 0 && !hwloc_bitmap_isset(set, cpu)))
		err = errmsg_set(msg, -EINVAL,
				 "CPU %d: not available, choose from CPUs %s%s%.32s%s", cpu,
				 cpus, kind ? " (of kind " : "",
				 kind ? kind : "", kind ? ")" : "");
	if (!err)
		fill_choice(t, cpu >= 0 ? cpu : least_busy(t, set, observe_ms),
			    choice);
	hwloc_bitmap_free(set);
	return err;
}

void topology_exclude(struct topology *t, int cpu)
{
	hwloc_bitmap_set(t->excluded, cpu);
}

void topology_readmit(struct topology *t)
{
	hwloc_bitmap_zero(t->excluded);
}

/* hwloc takes any text for an empty list, and "3-" for all from 3 on. */
static bool parse_cpus(const char *list, hwloc_bitmap_t set)
{
	return *list && !list[strspn(list, "0123456789,-")] &&
	       !hwloc_bitmap_list_sscanf(set, list) &&
	       hwloc_bitmap_weight(set) > 0;
}

int topology_restrict(struct topology *t, const char *list, struct errmsg *msg)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	char cpus[256];
	int ret = 0;

	hwloc_bitmap_list_snprintf(cpus, sizeof(cpus), t->allowed);
	if (!set)
		ret = errmsg_set(msg, -ENOMEM, "no memory for a set of CPUs");
	else if (!parse_cpus(list, set))
		ret = errmsg_set(msg, -EINVAL,
				 "CPUs %.40s: not a list such as 0,2-5", list);
	else if (!hwloc_bitmap_isincluded(set, t->allowed))
		ret = errmsg_set(msg, -EINVAL,
				 "CPUs %.40s: not all available, choose from CPUs %s",
				 list, cpus);
	else
		hwloc_bitmap_copy(t->allowed, set);
	hwloc_bitmap_free(set);
	return ret;
}

int topology_bind(struct topology *t, const struct cpu_choice *choice,
		  struct errmsg *msg)
{
	hwloc_bitmap_t set;
	int err = 0;

	if (t->recorded)
		return errmsg_set(msg, -EXDEV,
				  "CPU %d belongs to a recorded topology, where nothing can run: unset HWLOC_XMLFILE",
				  choice->cpu);
	if (choice->cpu < 0)
		return errmsg_set(msg, -EINVAL, "CPU %d: no such CPU",
				  choice->cpu);
	set = hwloc_bitmap_alloc();
	if (!set || hwloc_bitmap_set(set, choice->cpu))
		err = errmsg_set(msg, -ENOMEM, "no memory for a set of CPUs");
	else if (hwloc_set_cpubind(t->hw, set, HWLOC_CPUBIND_THREAD))
		err = errmsg_set(msg, -errno,
				 "cannot bind to CPU %d: %s: check that it is online and in the cpuset",
				 choice->cpu, strerror(errno));
	hwloc_bitmap_free(set);
	return err;
}

static bool is_data_cache(hwloc_obj_t obj)
{
	return hwloc_obj_type_is_dcache(obj->type) && obj->attr &&
	       obj->attr->cache.size;
}

void topology_caches(struct topology *t, const struct cpu_choice *choice,
		     struct cache_sizes *sizes)
{
	hwloc_obj_t obj;

	memset(sizes, 0, sizeof(*sizes));
	for (obj = pu_of(t, choice->cpu); obj; obj = obj->parent) {
		if (!is_data_cache(obj))
			continue;
		if (obj->attr->cache.depth == 1)
			sizes->l1d = obj->attr->cache.size;
		else if (obj->attr->cache.depth == 2)
			sizes->l2 = obj->attr->cache.size;
		/* from the CPU upwards: the last level comes last */
		sizes->llc = obj->attr->cache.size;
	}
}

void topology_each_cache(struct topology *t, const struct cpu_choice *choice,
			 void (*each)(void *arg, const char *type,
				      unsigned int level, size_t bytes,
				      unsigned int num_sharing), void *arg)
{
	hwloc_obj_t obj;

	for (obj = pu_of(t, choice->cpu); obj; obj = obj->parent) {
		int sharing;

		if (!is_data_cache(obj))
			continue;
		sharing = hwloc_bitmap_weight(threads_of(obj));
		each(arg, obj->attr->cache.type == HWLOC_OBJ_CACHE_DATA ?
		     "Data" : "Unified", obj->attr->cache.depth,
		     obj->attr->cache.size, sharing > 0 ? sharing : 1);
	}
}

size_t topology_siblings(struct topology *t, int cpu, int *siblings,
			 size_t max)
{
	hwloc_obj_t pu = pu_of(t, cpu);
	hwloc_obj_t core = pu ? core_of(t, pu) : NULL;
	size_t nr = 0;
	int i;

	if (!core)
		return 0;
	hwloc_bitmap_foreach_begin(i, threads_of(core))
		if (i != cpu && nr < max)
			siblings[nr++] = i;
	hwloc_bitmap_foreach_end();
	return nr;
}
