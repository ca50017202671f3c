/* SPDX-License-Identifier: GPL-2.0 */
/* Read by environment.c, and judged by doctor.c too. */
#ifndef PFBENCH_MACHINE_ENVIRONMENT_INTERNAL_H
#define PFBENCH_MACHINE_ENVIRONMENT_INTERNAL_H

#include <stdbool.h>

/* A file of a CPU as one line, or NULL; see read_line(). */
char *environment_cpu_line(const char *root, int cpu, const char *name);

/* Return: 1: on, 0: off, -1: unknown. */
int environment_turbo(const char *root, int cpu);

/* The chosen word of "always [madvise] never"; NULL: unknown. */
char *environment_thp(const char *root);

/* A PMU of the cores, not of a memory controller or the like. */
bool environment_has_pmu(const char *root);

/*
 * The load average of a minute and the number of CPUs. Return: 1: high, 0: not,
 * -1: unknown.
 */
int environment_load(const char *root, double *load, int *cpus);

#endif
