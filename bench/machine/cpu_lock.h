/* SPDX-License-Identifier: GPL-2.0 */
/* One measurement at a time on a CPU, whoever started it. */
#ifndef PFBENCH_MACHINE_CPU_LOCK_H
#define PFBENCH_MACHINE_CPU_LOCK_H

#include "lib/errmsg.h"

/**
 * cpu_lock() - keep other measurements off a CPU
 *
 * The lock is on a file in $PFBENCH_LOCKDIR, /run/lock or /tmp: the first in
 * which the file exists or can be made. It ends with the process, however that
 * ends; the file stays. Without such a directory, nothing is locked.
 *
 * Return: a descriptor to close(), which releases the lock, or -1 if nothing is
 * locked; -EBUSY with a line in @msg that has the process that measures there.
 */
int cpu_lock(int cpu, struct errmsg *msg);

#endif
