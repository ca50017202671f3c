/* SPDX-License-Identifier: GPL-2.0 */
/* The microarchitecture of a CPU, which names of models do not show. */
#ifndef PFBENCH_DATA_MICROARCH_H
#define PFBENCH_DATA_MICROARCH_H

#include <stddef.h>

/**
 * struct microarch_cpu - a CPU, in the words of a result
 * @arch: of uname -m: "x86_64"
 * @model: of cpu_model(): "AMD EPYC", "Neoverse-N1 (implementer ...)"
 * @id: of cpu_id(): "AuthenticAMD-25-1-1"; "" if it was not recorded
 * @kind: of a hybrid machine: "performance", "efficiency"; else ""
 */
struct microarch_cpu {
	const char *arch, *model, *id, *kind;
};

/**
 * microarch() - name the microarchitecture
 * @name: "Zen 4", "Golden Cove", "Neoverse-N1", "POWER9". Where no name is
 *	known, what else is equal for one design: vendor, family and model, or
 *	the name of the CPU.
 *
 * x86-64: families and models of AMD as the kernel's arch/x86/kernel/cpu/amd.c
 * has them (v6.18), those of Intel as arch/x86/include/asm/intel-family.h.
 */
void microarch(const struct microarch_cpu *cpu, char *name, size_t size);

#endif
