/* SPDX-License-Identifier: GPL-2.0 */
/* CPUs for several threads that run at the same time, by hwloc. */
#ifndef PFBENCH_MACHINE_TOPOLOGY_THREADS_H
#define PFBENCH_MACHINE_TOPOLOGY_THREADS_H

#include "machine/topology.h"

/**
 * enum cpu_pair - the nearest that two CPUs have in common
 * @CPU_PAIR_SMT: the core
 * @CPU_PAIR_CORE: the last cache, but not the core; without such caches, the
 *	memory node
 * @CPU_PAIR_L3: the memory node, but not the last cache
 * @CPU_PAIR_NUMA: the package, but not the memory node
 * @CPU_PAIR_SOCKET: the machine
 */
enum cpu_pair {
	CPU_PAIR_NONE, CPU_PAIR_SMT, CPU_PAIR_CORE, CPU_PAIR_L3,
	CPU_PAIR_NUMA, CPU_PAIR_SOCKET,
};

/**
 * topology_distance() - what two CPUs have in common
 * Return: CPU_PAIR_NONE if they are one CPU, or one is not in the topology.
 */
enum cpu_pair topology_distance(struct topology *t, int a, int b);

/**
 * topology_count() - how many CPUs topology_threads() can choose from
 * @kind: as for topology_choose()
 */
unsigned int topology_count(struct topology *t, const char *kind);

/**
 * topology_threads() - choose CPUs for @nr threads
 * @first: the CPU of the first thread
 * @kind: as for topology_choose()
 * @cpus: takes @nr OS indices
 * @share: let threads share CPUs if there are too few
 *
 * Each core gets one thread before any gets a second one, and near CPUs come
 * before far ones.
 *
 * Return: 0; -EINVAL with a line in @msg if there are too few CPUs; -ENOMEM.
 */
int topology_threads(struct topology *t, int first, const char *kind,
		     unsigned int nr, int *cpus, bool share,
		     struct errmsg *msg);

/**
 * topology_pair() - choose two CPUs at a distance
 * @first: preferred as one of them
 * Return: 0; -EINVAL with a line in @msg if no two CPUs are so far apart.
 */
int topology_pair(struct topology *t, int first, const char *kind,
		  enum cpu_pair pair, int cpus[2], struct errmsg *msg);

#endif
