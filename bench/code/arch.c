// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <sys/utsname.h>

#include "code/code.h"

const struct code_arch code_archs[CODE_NR_ARCHS] = {
	{ "x86-64", "x86_64", "amd64", "x86_64-linux-gnu", "qemu-x86_64",
	  "elf64-x86-64", PFBENCH_KERNEL_CFLAGS_x86_64 },
	{ "arm64", "aarch64", "arm64", "aarch64-linux-gnu", "qemu-aarch64",
	  "elf64-littleaarch64", PFBENCH_KERNEL_CFLAGS_aarch64 },
	{ "riscv64", "riscv64", "riscv64", "riscv64-linux-gnu", "qemu-riscv64",
	  "elf64-littleriscv", PFBENCH_KERNEL_CFLAGS_riscv64 },
	{ "ppc64le", "ppc64le", "ppc64el", "powerpc64le-linux-gnu",
	  "qemu-ppc64le", "elf64-powerpcle",
	  PFBENCH_KERNEL_CFLAGS_powerpc64le },
	{ "s390x", "s390x", "s390x", "s390x-linux-gnu", "qemu-s390x",
	  "elf64-s390", PFBENCH_KERNEL_CFLAGS_s390x },
};

const struct code_arch *code_arch_find(const char *name)
{
	const struct code_arch *a;

	for (a = code_archs; a < code_archs + CODE_NR_ARCHS; a++)
		if (!strcmp(name, a->name) || !strcmp(name, a->machine) ||
		    !strcmp(name, a->debian))
			return a;
	return NULL;
}

const struct code_arch *code_arch_here(void)
{
	struct utsname u;

	return uname(&u) ? NULL : code_arch_find(u.machine);
}
