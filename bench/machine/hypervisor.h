/* SPDX-License-Identifier: GPL-2.0 */
/* The hypervisor, as /proc and /sys name it. */
#ifndef PFBENCH_MACHINE_HYPERVISOR_H
#define PFBENCH_MACHINE_HYPERVISOR_H

/**
 * hypervisor_name() - the hypervisor that this kernel runs on
 * @root: "" for this machine, or a directory that holds proc/ and sys/
 * @cpuinfo: its /proc/cpuinfo; may be NULL
 * @cpu: OS index
 * Return: a string to free(): the name, "yes (...)" if there is an unnamed
 * one, "none" if the CPU or the platform reports that there is none; NULL if
 * nothing indicates one.
 */
char *hypervisor_name(const char *root, const char *cpuinfo, int cpu);

#endif
