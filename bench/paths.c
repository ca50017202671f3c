// SPDX-License-Identifier: GPL-2.0
/*
 * Every use of one generation once for a small page, a head and a tail: what
 * codegen has an emulator walk through. A program without a C library, linked
 * with the uses' object. What is called between two marks is one path.
 */
#include "pageflags/loop.h"

#define NR_PAGES (2UL << PF_DEFAULT_ORDER)

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

/* In the order in which code_path.c counts. */
static void walk_pages(pf_use_fn use, pf_cond_fn cond)
{
	static const struct {
		enum pf_population population;
		unsigned int nr;
	} page[] = {
		{ PF_SMALL, 0 }, { PF_HEADS, 0 }, { PF_TAILS, 1 },
	};
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
