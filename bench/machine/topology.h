/* SPDX-License-Identifier: GPL-2.0 */
/* Where to run and how big a cache is: hwloc, and nothing but hwloc. */
#ifndef PFBENCH_TOPOLOGY_H
#define PFBENCH_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/errmsg.h"

struct topology;		/* opaque: an hwloc topology and what we chose */

struct cpu_choice {
	int cpu;		/* OS index */
	int core;		/* logical index of its core, -1: none known */
	int package;		/* logical index, -1: none known */
	int node;		/* OS index of its NUMA node, -1: none known */
	char kind[32];		/* of a hybrid machine: "performance",
				 * "efficiency", of a third the number
				 * of its cpukind; "" where all are alike */
	bool smt;		/* the core has more than one thread */
};

struct cache_sizes {
	/*
	 * bytes, as the chosen CPU sees them; 0: none. The last level is the
	 * last one there is: without a third one, llc equals l2.
	 */
	size_t l1d, l2, llc;
};

/*
 * topology_open() - load this machine's topology, or the one recorded in
 * @xml_path (lstopo's XML; for tests), or that of the environment's
 * HWLOC_XMLFILE (all of its CPUs count as allowed; HWLOC_THISSYSTEM=1 says that
 * it is of this machine). Call it before binding the thread: which CPUs are
 * allowed is settled here. Loading takes 30 ms to 2 s: once, and outside timing.
 * Return: 0 or a negative errno with a line in @msg.
 */
int topology_open(struct topology **t, const char *xml_path, struct errmsg *msg);
/* Unmaps what topology_alloc() gave, too. */
void topology_close(struct topology *t);

/*
 * topology_choose() - pick a CPU
 * @cpu: an OS index that must be allowed (sched_getaffinity), or -1: the
 *	 quietest allowed one, by what /proc/stat says went on in @quiet_ms
 *	 milliseconds on it and on its SMT siblings; ties go to the highest
 *	 index, since interrupts mostly go to CPU 0.
 * @kind: "" or NULL: any; or "performance", "efficiency", or the number of an
 *	 hwloc cpukind: only CPUs of that kind.
 * Return: 0; -EINVAL with a line that lists what there is.
 */
int topology_choose(struct topology *t, int cpu, const char *kind,
		    unsigned int quiet_ms, struct cpu_choice *choice,
		    struct errmsg *msg);

/* Bind the calling thread to it. -EXDEV if the topology is a recorded one. */
int topology_bind(struct topology *t, const struct cpu_choice *choice,
		  struct errmsg *msg);

void topology_caches(struct topology *t, const struct cpu_choice *choice,
		     struct cache_sizes *sizes);

/*
 * Memory on the node of the chosen CPU, aligned to @align (a power of two),
 * zeroed, faulted in, in huge pages where the kernel gives them (as vmemmap
 * has). NULL if there is not enough (MemAvailable: the OOM killer would be the
 * other answer). The node is a wish: a full one spills into the others.
 */
void *topology_alloc(struct topology *t, const struct cpu_choice *choice,
		     size_t bytes, size_t align);
void topology_free(struct topology *t, void *p, size_t bytes);

/*
 * The SMT siblings of @cpu without itself, also those that a container hides;
 * returns how many fit in @max.
 */
size_t topology_siblings(struct topology *t, int cpu, int *siblings,
			 size_t max);

/*
 * The data caches as Google Benchmark's context lists them, for the result
 * file: calls @each once a cache level of the chosen CPU, the first
 * level first; @type is "Data" or "Unified".
 */
void topology_each_cache(struct topology *t, const struct cpu_choice *choice,
			 void (*each)(void *arg, const char *type,
				      unsigned int level, size_t bytes,
				      unsigned int num_sharing), void *arg);

#endif
