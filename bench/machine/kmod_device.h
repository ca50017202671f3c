/* SPDX-License-Identifier: GPL-2.0 */
/* The device of the kernel module. */
#ifndef PFBENCH_MACHINE_KMOD_DEVICE_H
#define PFBENCH_MACHINE_KMOD_DEVICE_H

#include "lib/errmsg.h"

/**
 * kmod_device_open() - open /dev/pfbench
 *
 * Return: a file descriptor, closed by the caller and on exec; a negative errno
 * with a line in @msg if the module is not loaded or the caller is not root.
 */
int kmod_device_open(struct errmsg *msg);

#endif
