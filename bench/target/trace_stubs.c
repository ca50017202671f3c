// SPDX-License-Identifier: GPL-2.0
/*
 * Every use of one generation once for a small page, a head and a tail: what
 * codegen has an emulator walk through. A program without a C library, linked
 * with the uses' object. What is called between two marks is one path.
 */
#include "pageflags/loop.h"

#define BLOCK (1UL << PF_DEFAULT_ORDER)
#define NR_PAGES (10 * BLOCK)

/* _start: set up what a function of ours may rely on, then call walk() */
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
/* a function finds its TOC by its own address, in r12 */
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

/* One in front of each call; its address in the trace says so. */
void noinline pf_mark(void);
void noinline pf_mark(void)
{
	asm volatile("" : : : "memory");
}

/* A small page, a head and a tail: which in a block of so many. */
static const struct {
	enum pf_population population;
	unsigned int nr;
} page[] = {
	{ PF_SMALL, 0 }, { PF_HEADS, 0 }, { PF_TAILS, 1 },
};

/* In the order in which code_path.c counts. */
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
/* Four turns are once round. */
static struct pf_page *visit[4 * PF_UNROLL];

static void run_turns(pf_loop_fn loop, unsigned long iterations)
{
	struct pf_walk walk = {
		.start = visit, .end = visit + 4 * PF_UNROLL, .at = visit,
	};

	pf_mark();
	if (loop)
		loop(&walk, iterations);
}

/*
 * In the order in which code_loops.c counts: until the pages are as the loop
 * leaves them, then one turn to four. No page of them begins a page of memory.
 */
static void walk_loop(pf_loop_fn loop)
{
	unsigned int i, j;

	for (i = 0; i < 3; i++) {
		pf_memmap_fill(map, NR_PAGES, PF_STAMPED(PF_GEN_),
			       page[i].population, PF_DEFAULT_ORDER);
		for (j = 0; j < 4 * PF_UNROLL; j++)
			visit[j] = &map[page[i].nr + BLOCK * (1 + j % PF_UNROLL)];
		run_turns(loop, 4);
		for (j = 1; j <= 4; j++)
			run_turns(loop, j);
	}
}

/* for _start only */
void walk(void);
void walk(void)
{
	int acc, how, form;

	for (acc = 0; acc < PF_NR_ACCESSORS; acc++)
		for (how = 0; how < PF_NR_LOWERINGS; how++)
			for (form = 0; form < PF_NR_FORMS; form++)
				walk_loop(PF_STAMPED(pf_loops_)[acc][how][form]);
}
#else
/* for _start only */
void walk(void);
void walk(void)
{
	int acc, how;

	for (acc = 0; acc < PF_NR_ACCESSORS; acc++) {
		for (how = 0; how < PF_NR_LOWERINGS; how++) {
			walk_pages(PF_STAMPED(pf_uses_)[acc][how], NULL);
			walk_pages(NULL, PF_STAMPED(pf_conds_)[acc][how]);
		}
	}
}
#endif
