// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "machine/kmod_device.h"
#include "uapi/pfbench.h"

int kmod_device_open(struct errmsg *msg)
{
	int fd = open(PFBENCH_DEVICE, O_RDWR | O_CLOEXEC), err = errno;

	if (fd >= 0)
		return fd;
	if (err == ENOENT)
		return errmsg_set(msg, -err,
			       "--backend=kmod: no %s: load the module (make run-kmod does all of it)",
			       PFBENCH_DEVICE);
	if (err == EACCES || err == EPERM)
		return errmsg_set(msg, -err,
			       "--backend=kmod: %s: only root may use it",
			       PFBENCH_DEVICE);
	return errmsg_set(msg, -err, "--backend=kmod: %s: %s", PFBENCH_DEVICE,
		       strerror(err));
}
