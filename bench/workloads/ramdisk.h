/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The RAM disk /dev/ram0, by the kernel's own brd or by /bin/brd.ko, which
 * scripts/workload copies to the guest.
 */
#ifndef PFBENCH_WORKLOADS_RAMDISK_H
#define PFBENCH_WORKLOADS_RAMDISK_H

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

#define RAM_DISK "/dev/ram0"

/* Make the disk, unless the kernel has it. */
static inline void load_ramdisk(unsigned long mib)
{
	char parameters[64];
	int fd;

	if (!access(RAM_DISK, W_OK))
		return;
	fd = open("/bin/brd.ko", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("/bin/brd.ko");
	snprintf(parameters, sizeof(parameters), "rd_nr=1 rd_size=%lu",
		 mib << 10);
	if (syscall(SYS_finit_module, fd, parameters, 0))
		fail("brd.ko");
	close(fd);
	if (access(RAM_DISK, W_OK))
		fail(RAM_DISK);
}

/* Run a command of the shell, which must succeed. */
static inline void shell(const char *command)
{
	if (system(command)) {
		fprintf(stderr, "failed: %s\n", command);
		exit(1);
	}
}

#endif
