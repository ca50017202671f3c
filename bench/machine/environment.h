/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The conditions of a measurement: the machine, the kernel, the build, and what
 * disturbs measurements on this machine.
 */
#ifndef PFBENCH_MACHINE_ENVIRONMENT_H
#define PFBENCH_MACHINE_ENVIRONMENT_H

#include <jansson.h>

#include "machine/topology.h"

/**
 * environment_context() - describe the machine, the kernel and the build
 * @root: "" or NULL for this machine, or a directory that holds proc/ and sys/
 * @choice: the CPU that is measured
 *
 * All values are strings of printable ASCII; an unknown value reads
 * "n/a (reason)". The keys: cpu_model, microcode, mitigations ("name: state;
 * ..."), kernel, command_line, hvo (HugeTLB vmemmap optimisation, "on" or
 * "off"), governor, turbo, smt, hypervisor, transparent_hugepage, compiler,
 * cflags, commit, version, node, arch.
 *
 * Return: a new JSON object; NULL if there is no memory.
 */
json_t *environment_context(const char *root, const struct cpu_choice *choice);

/**
 * environment_disturbances() - list what can disturb measurements
 * @root: as above
 * @t: NULL: do not check the SMT siblings, which takes 100 ms
 * @choice: the CPU that is measured
 *
 * Reports a governor other than performance, turbo, a busy SMT sibling, steal
 * since boot, a hypervisor, a missing PMU and a debug build of this program.
 *
 * Return: a new JSON array of strings of at most 66 characters, empty if
 * nothing disturbs; NULL if there is no memory.
 */
json_t *environment_disturbances(const char *root, struct topology *t,
				 const struct cpu_choice *choice);

/**
 * environment_steal() - time that the hypervisor took from a CPU since boot
 * @root: as above
 * @cpu: OS index
 *
 * Takes about 12 us, for the file stays open. Not thread-safe.
 *
 * Return: ticks of USER_HZ; -1 if the kernel does not report steal.
 */
long long environment_steal(const char *root, int cpu);

#endif
