/* SPDX-License-Identifier: GPL-2.0 */
/* Time by CPU from /proc/stat, in ticks of USER_HZ since boot. */
#ifndef PFBENCH_MACHINE_PROC_STAT_H
#define PFBENCH_MACHINE_PROC_STAT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct proc_stat - an open /proc/stat and what was read from it last
 * @next: behind the line that proc_stat_cpu() found last
 */
struct proc_stat {
	int fd;
	char *text;
	size_t size;
	const char *next;
};

/**
 * struct cpu_ticks - how a CPU spent its time
 * @busy: user, nice, system, irq and softirq
 * @total: all, with idle, iowait and steal
 * @steal: taken by the hypervisor
 * @has_steal: the kernel reports steal
 */
struct cpu_ticks {
	unsigned long long busy, total, steal;
	bool has_steal;
};

/**
 * proc_stat_open() - open /proc/stat below @root; proc_stat_close() undoes it
 * Return: 0 or a negative errno.
 */
int proc_stat_open(struct proc_stat *s, const char *root);
void proc_stat_close(struct proc_stat *s);

/**
 * proc_stat_read() - read the file anew
 *
 * One pread() once the buffer is large enough: 12 us in a guest of 2 CPUs,
 * a quarter of the time with open() and close().
 *
 * Return: 0 or a negative errno.
 */
int proc_stat_read(struct proc_stat *s);

/**
 * proc_stat_cpu() - the times of one CPU, as read last
 * @cpu: OS index; found fastest in ascending order
 * Return: false if the file has no line of @cpu.
 */
bool proc_stat_cpu(struct proc_stat *s, int cpu, struct cpu_ticks *ticks);

#endif
