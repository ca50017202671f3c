/* SPDX-License-Identifier: GPL-2.0 */
/* Evict a line from all caches, without a privilege. */
#ifndef PFBENCH_MACHINE_CACHE_FLUSH_H
#define PFBENCH_MACHINE_CACHE_FLUSH_H

/*
 * clflush is in all 64-bit x86 CPUs (SDM, CLFLUSH); Linux lets user space use
 * dc civac (SCTLR_EL1.UCI); dcbf is a user instruction of the Power ISA.
 */
#if defined(__x86_64__)
#define CACHE_FLUSH(line) asm volatile("clflush (%0)" : : "r" (line) : "memory")
#define CACHE_FLUSH_WAIT() asm volatile("mfence" : : : "memory")
#elif defined(__aarch64__)
#define CACHE_FLUSH(line) asm volatile("dc civac, %0" : : "r" (line) : "memory")
#define CACHE_FLUSH_WAIT() asm volatile("dsb sy" : : : "memory")
#elif defined(__powerpc64__)
#define CACHE_FLUSH(line) asm volatile("dcbf 0, %0" : : "r" (line) : "memory")
#define CACHE_FLUSH_WAIT() asm volatile("sync" : : : "memory")
#endif

#endif
