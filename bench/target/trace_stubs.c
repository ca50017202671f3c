// SPDX-License-Identifier: GPL-2.0
/*
 * Call every use of one generation once for a small page, a head and a tail,
 * under an emulator. The program has no C library and is linked with the object
 * of the uses. The instructions between two marks are one path.
 */
#include "pageflags/loop.h"

#define BLOCK (1UL << PF_DEFAULT_ORDER)
#define NR_PAGES (10 * BLOCK)

/* _start: set up the stack as the ABI demands, then call walk() */
#if defined(__x86_64__)
asm(".globl _start\n"
    "_start:\n\t"
    "call walk\n\t"
    "mov $60, %eax\n\t"
    "xor %edi, %edi\n\t"
    "syscall");
#elif defined(__aarch64__)
asm(".globl _start\n"
    "_start:\n\t"
    "bl walk\n\t"
    "mov x8, #93\n\t"
    "mov x0, #0\n\t"
    "svc #0");
#elif defined(__riscv)
asm(".globl _start\n"
    "_start:\n\t"
    "call walk\n\t"
    "li a7, 93\n\t"
    "li a0, 0\n\t"
    "ecall");
#elif defined(__powerpc64__)
/* a function computes its TOC from its own address in r12 */
asm(".globl _start\n"
    "_start:\n\t"
    "stdu 1, -128(1)\n\t"
    "lis 12, walk@ha\n\t"
    "addi 12, 12, walk@l\n\t"
    "mtctr 12\n\t"
    "bctrl\n\t"
    "li 0, 1\n\t"
    "li 3, 0\n\t"
    "sc");
#elif defined(__s390x__)
asm(".globl _start\n"
    "_start:\n\t"
    "aghi %r15, -160\n\t"
    "brasl %r14, walk\n\t"
    "lghi %r2, 0\n\t"
    "svc 1");
#endif

static struct pf_page map[NR_PAGES]
	__attribute__((aligned(sizeof(struct pf_page) << PF_MAX_ORDER)));

/* Called before each use: its address in the trace separates the paths. */
void noinline pf_mark(void);
void noinline pf_mark(void)
{
	asm volatile("" : : : "memory");
}

/* A small page, a head and a tail: the index in its block. */
static const struct {
	enum pf_population population;
	unsigned int nr;
} page[] = {
	{ PF_SMALL, 0 }, { PF_HEADS, 0 }, { PF_TAILS, 1 },
};

/* In the order in which code/use_trace.c reads. */
static void __maybe_unused walk_pages(pf_use_fn use, pf_cond_fn cond)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		pf_memmap_fill(map, NR_PAGES, PF_STAMPED(PF_GEN_),
			       page[i].population, PF_DEFAULT_ORDER);
		pf_mark();
		if (use)
			use(&map[page[i].nr]);
		else if (cond)
			cond(&map[page[i].nr]);
	}
}

#ifdef PF_WALK_LOOPS
/* The loop wraps around after four iterations. */
static struct pf_page *visit[4 * PF_UNROLL];

static void run_iterations(pf_loop_fn loop, unsigned long iterations)
{
	struct pf_walk walk = {
		.start = visit, .end = visit + 4 * PF_UNROLL, .at = visit,
	};

	pf_mark();
	if (loop)
		loop(&walk, iterations);
}

/*
 * In the order in which code/loop_trace.c reads: a run after which the pages no
 * longer change, then runs of 1 to 4 iterations. No struct page is the first in
 * its page of memory.
 */
static void walk_loop(pf_loop_fn loop)
{
	unsigned int i, j;

	for (i = 0; i < 3; i++) {
		pf_memmap_fill(map, NR_PAGES, PF_STAMPED(PF_GEN_),
			       page[i].population, PF_DEFAULT_ORDER);
		for (j = 0; j < 4 * PF_UNROLL; j++)
			visit[j] = &map[page[i].nr +
					BLOCK * (1 + j % PF_UNROLL)];
		run_iterations(loop, 4);
		for (j = 1; j <= 4; j++)
			run_iterations(loop, j);
	}
}

/* for _start only */
void walk(void);
void walk(void)
{
	int acc, lowering, form;

	for (acc = 0; acc < PF_NR_ACCESSORS; acc++)
		for (lowering = 0; lowering < PF_NR_LOWERINGS; lowering++)
			for (form = 0; form < PF_NR_FORMS; form++)
				walk_loop(PF_STAMPED(pf_loops_)[acc]
					  [lowering][form]);
}
#else
/* for _start only */
void walk(void);
void walk(void)
{
	int acc, lowering;

	for (acc = 0; acc < PF_NR_ACCESSORS; acc++) {
		for (lowering = 0; lowering < PF_NR_LOWERINGS; lowering++) {
			walk_pages(PF_STAMPED(pf_uses_)[acc][lowering], NULL);
			walk_pages(NULL, PF_STAMPED(pf_conds_)[acc][lowering]);
		}
	}
}
#endif
