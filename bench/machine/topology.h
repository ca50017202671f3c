/* SPDX-License-Identifier: GPL-2.0 */
/* CPUs, caches and memory nodes, by hwloc. */
#ifndef PFBENCH_MACHINE_TOPOLOGY_H
#define PFBENCH_MACHINE_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/errmsg.h"

struct topology;

/**
 * struct cpu_choice - a CPU and where it is
 * @cpu: OS index
 * @core: logical index of its core, -1: unknown
 * @package: logical index of its package, -1: unknown
 * @node: OS index of its NUMA node, -1: unknown
 * @kind: on a hybrid machine "performance" or "efficiency", or the number of
 *	its hwloc cpukind if there are more than two; "" if all CPUs are alike
 * @smt: the core has more than one thread
 */
struct cpu_choice {
	int cpu;
	int core;
	int package;
	int node;
	char kind[32];
	bool smt;
};

/**
 * struct cache_sizes - data caches of a CPU in bytes, 0: none
 * @llc: the last level, equal to @l2 on a CPU without a third level
 */
struct cache_sizes {
	size_t l1d, l2, llc;
};

/**
 * topology_open() - load a topology
 * @t: out, for topology_close()
 * @xml_path: a topology recorded by lstopo as XML, for tests; NULL or "": the
 *	file that the environment names in HWLOC_XMLFILE, else this machine
 *
 * All CPUs of a recorded topology count as allowed; HWLOC_THISSYSTEM=1 declares
 * that the file describes this machine. The CPUs that the calling thread may
 * run on are read here: call this before the thread is bound. Loading takes
 * 30 ms to 2 s.
 *
 * Return: 0, or a negative errno with a line in @msg.
 */
int topology_open(struct topology **t, const char *xml_path,
		  struct errmsg *msg);

/** topology_close() - free the topology and the memory of topology_alloc() */
void topology_close(struct topology *t);

/**
 * topology_choose() - choose a CPU
 * @cpu: an OS index that must be allowed; -1: the CPU whose core (all of its
 *	threads) was least busy by /proc/stat during @observe_ms. Of equal CPUs
 *	the one with the highest index, since most interrupts go to CPU 0.
 * @kind: only CPUs of this kind: "performance", "efficiency", or the number of
 *	an hwloc cpukind; "" or NULL: any
 * @observe_ms: milliseconds
 * Return: 0; -EINVAL with the available choices in @msg.
 */
int topology_choose(struct topology *t, int cpu, const char *kind,
		    unsigned int observe_ms, struct cpu_choice *choice,
		    struct errmsg *msg);

/** topology_exclude() - let topology_choose() not choose @cpu any more */
void topology_exclude(struct topology *t, int cpu);

/** topology_readmit() - undo all topology_exclude() */
void topology_readmit(struct topology *t);

/**
 * topology_restrict() - let topology_choose() choose from a list only
 * @list: OS indices, "0,2-5"
 * Return: 0; -EINVAL with a line in @msg if it is not a list, or has a CPU that
 * is not available.
 */
int topology_restrict(struct topology *t, const char *list, struct errmsg *msg);

/**
 * topology_bind() - bind the calling thread to the chosen CPU
 * Return: 0, or a negative errno with a line in @msg; -EXDEV if the topology is
 * a recorded one.
 */
int topology_bind(struct topology *t, const struct cpu_choice *choice,
		  struct errmsg *msg);

/** topology_caches() - sizes of the chosen CPU's data caches */
void topology_caches(struct topology *t, const struct cpu_choice *choice,
		     struct cache_sizes *sizes);

/**
 * topology_each_cache() - call @each for each data cache of the chosen CPU
 * @each: gets @arg and what Google Benchmark's context has of a cache; @type is
 *	"Data" or "Unified", @num_sharing the threads that share the cache
 *
 * The first level comes first.
 */
void topology_each_cache(struct topology *t, const struct cpu_choice *choice,
			 void (*each)(void *arg, const char *type,
				      unsigned int level, size_t bytes,
				      unsigned int num_sharing), void *arg);

/**
 * topology_siblings() - the other threads of a CPU's core
 * @siblings: room for @max OS indices; threads that a container hides count
 * Return: how many were filled in.
 */
size_t topology_siblings(struct topology *t, int cpu, int *siblings,
			 size_t max);

/**
 * topology_alloc() - allocate zeroed memory on the chosen CPU's node
 * @bytes: from 2 MiB on, huge pages are requested, as vmemmap uses them
 * @align: a power of two
 *
 * All pages are present. A full node spills into other nodes.
 *
 * Return: memory for topology_free() or topology_close(); NULL if there is not
 * enough (MemAvailable of /proc/meminfo), or the arguments are invalid.
 */
void *topology_alloc(struct topology *t, const struct cpu_choice *choice,
		     size_t bytes, size_t align);

/** topology_free() - unmap @p; nothing happens if it was not allocated here */
void topology_free(struct topology *t, void *p, size_t bytes);

#endif
