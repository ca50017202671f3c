/* SPDX-License-Identifier: GPL-2.0 */
/* The length of a dependent add, which the reference loop counts, in cycles. */
#ifndef PFBENCH_DATA_ADD_CYCLES_H
#define PFBENCH_DATA_ADD_CYCLES_H

/**
 * struct add_cycles_cpu - a CPU, in the words of a result or of this machine
 * @arch: of uname -m: "x86_64"
 * @model: of cpu_model(): "AMD EPYC", "POWER9 (architected), altivec supported"
 * @id: of cpu_id(): "AuthenticAMD-25-1-1"; NULL if it was not recorded
 *
 * Each may be NULL.
 */
struct add_cycles_cpu {
	const char *arch, *model, *id;
};

/**
 * add_cycles() - cycles from the operand of an integer add to its result
 *
 * The chain adds a register to a register. Sources, by architecture:
 *
 * x86-64: 1. LLVM's scheduling models of Intel's family 6 and of AMD's CPUs
 * from K7 on. Unknown for family 15 of Intel (Pentium 4), with adds of half a cycle
 * by model, and without @id, as names do not show the design of an Intel CPU.
 *
 * arm64: 1 for the CPUs of the table: LLVM's AArch64Sched*.td, where llvm-mca
 * 19 finds one cycle per add of a chain.
 *
 * POWER9, POWER10, Power11: 2. GCC, config/rs6000/power9.md and power10.md (by
 * IBM): "Most ALU insns are simple 2 cycle"; LLVM's PPCScheduleP9.td and P10.td
 * agree. Unknown for POWER8: GCC's power8.md has 1, LLVM's PPCScheduleP8.td 2.
 *
 * riscv64: 1 for SiFive U74 and SpacemiT X60. LLVM's RISCVSchedSiFive7.td
 * ("everything is fully bypassed, so dependent instructions should only see 1
 * cycle latency", review D153666), GCC's config/riscv/spacemit-x60.md.
 *
 * s390x: unknown. GCC and LLVM give the latency of an add alone, but since z13
 * a core issues on two sides, and neither documents a chain across them.
 *
 * Return: cycles per add; NaN if unknown.
 */
double add_cycles(const struct add_cycles_cpu *cpu);

#endif
