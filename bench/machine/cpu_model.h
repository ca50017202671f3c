/* SPDX-License-Identifier: GPL-2.0 */
/* The CPU by name and by number, from /proc/cpuinfo of any architecture. */
#ifndef PFBENCH_MACHINE_CPU_MODEL_H
#define PFBENCH_MACHINE_CPU_MODEL_H

/**
 * cpuinfo_field() - a field of /proc/cpuinfo
 * @text: the whole file, or another one of "key : value" lines
 * @name: key
 * @cpu: OS index
 *
 * The value comes from the block of @cpu if that block has the field, else
 * from the first block: some architectures give a field once for all CPUs.
 *
 * Return: a string to free(); NULL if there is no such field, or it is empty.
 */
char *cpuinfo_field(const char *text, const char *name, int cpu);

/**
 * cpu_model() - the name of a CPU, with its board's if the CPU has only numbers
 * @root: "" for this machine, or a directory that holds proc/
 * @cpuinfo: its /proc/cpuinfo; may be NULL
 * @cpu: OS index
 * Return: a string to free(); NULL if no known field names the CPU.
 */
char *cpu_model(const char *root, const char *cpuinfo, int cpu);

/**
 * cpu_id() - identify a kind of CPU
 * @root: "" for this machine, or a directory that holds proc/
 * @cpu: OS index
 *
 * A model name can cover several designs: "AMD EPYC" in virtual machines is
 * Zen 3 and Zen 4 alike.
 *
 * Return: "vendor-family-model-stepping", or the corresponding numbers of
 * another architecture, to free(); without them cpu_model(), which may be NULL.
 */
char *cpu_id(const char *root, int cpu);

#endif
