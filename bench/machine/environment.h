/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a stranger needs to judge a figure: the machine, the kernel and the
 * build, and what disturbs a measurement. It reads /proc and /sys below a
 * root that tests can set.
 */
#ifndef PFBENCH_ENVIRONMENT_H
#define PFBENCH_ENVIRONMENT_H

#include <jansson.h>

#include "machine/topology.h"

/*
 * environment_context() - a new JSON object of strings: cpu_model, microcode,
 * mitigations (one string, "name: state; ..."), kernel, command_line, hvo
 * (HugeTLB vmemmap optimisation: "on", "off", or "n/a (reason)"),
 * governor, turbo, smt, hypervisor, transparent_hugepage, compiler, cflags,
 * commit, version, node, arch. What cannot be known reads "n/a (reason)".
 * @root: "" for this machine, or a directory that holds proc/ and sys/.
 */
json_t *environment_context(const char *root, const struct cpu_choice *choice);

/*
 * environment_disturbances() - a new JSON array of strings, one line each
 * (at most 66 characters), about what can spoil figures here: governor not
 * performance, turbo on, SMT sibling busy (looked at for 100 ms, unless @t is
 * NULL), steal since boot, a debug build of ours, a hypervisor, no PMU (only
 * what this function can see itself). Empty if nothing does.
 */
json_t *environment_disturbances(const char *root, struct topology *t,
				 const struct cpu_choice *choice);

/*
 * environment_steal() - ticks of /proc/stat (USER_HZ) that the hypervisor took
 * from @cpu since boot; -1 if that is not told. One pread on an open file:
 * cheap enough to call around every round. Not for two threads at once.
 */
long long environment_steal(const char *root, int cpu);

#endif
