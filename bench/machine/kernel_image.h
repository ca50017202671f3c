/* SPDX-License-Identifier: GPL-2.0 */
/* The running kernel: which build it is, and where its code lies. */
#ifndef PFBENCH_MACHINE_KERNEL_IMAGE_H
#define PFBENCH_MACHINE_KERNEL_IMAGE_H

#include <stdint.h>
#include <sys/utsname.h>

#include "lib/errmsg.h"

/**
 * struct kernel_image - a kernel that was booted
 * @build_id: hexadecimal
 * @stext: address of the symbol _stext, after KASLR
 */
struct kernel_image {
	struct utsname uts;
	char build_id[41];
	uint64_t stext;
};

/**
 * kernel_image_read() - read what the running kernel says of itself
 * @root: "" for this machine, or a directory that holds sys/ and proc/
 *
 * The build-id is from sys/kernel/notes. The address is from proc/kallsyms, or
 * from the VMCOREINFO note of proc/kcore where kptr_restrict hides addresses.
 *
 * Return: 0; a negative errno with a line in @msg.
 */
int kernel_image_read(const char *root, struct kernel_image *image,
		      struct errmsg *msg);

#endif
