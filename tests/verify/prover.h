/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The environment of head.h and mark.h for cbmc: the plain C of env.h instead
 * of assembly, and barriers of cbmc's memory models. head.h and mark.h are
 * unchanged.
 */
#ifndef PFBENCH_VERIFY_PROVER_H
#define PFBENCH_VERIFY_PROVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* no architecture: env.h then uses plain C */
#undef __x86_64__
#undef __aarch64__
#undef __riscv
#undef __powerpc64__
#undef __s390x__
#include "pageflags/env.h"

/* the position of the word that leads to the head does not matter here */
#define PF_PAGE_WORDS 1

/* two struct pages per page of memory: the smallest memmap with fake heads */
#undef PF_PAGE_SIZE
#define PF_PAGE_SIZE 128UL

#undef smp_mb
#define smp_mb() __CPROVER_fence("WWfence", "RRfence", "RWfence", "WRfence")

#ifdef LOADS_REORDERED
static void fetch_all(void);
#endif

#undef smp_rmb
#ifdef WITHOUT_RMB
#define smp_rmb() do { } while (0)
#elif defined(LOADS_REORDERED)
#define smp_rmb() fetch_all()
#else
#define smp_rmb() __CPROVER_fence("RRfence")
#endif

#undef smp_wmb
#ifdef WITHOUT_WMB
#define smp_wmb() do { } while (0)
#else
#define smp_wmb() __CPROVER_fence("WWfence")
#endif

/* one load; or two, an injected mistake */
#undef READ_ONCE
#ifdef TWO_LOADS
#define READ_ONCE(x) (((x) & ~1UL) | ((x) & 1UL))
#else
#define READ_ONCE(x) (x)
#endif

#undef WRITE_ONCE
#define WRITE_ONCE(x, v) ((x) = (v))

#endif
