// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdint.h>

#include "machine/tsc.h"
#include "measure/reference_loops.h"

#define LINE_WORDS (64 / sizeof(void *))

/*
 * The loops start at a cache line: the ratio depends on the layout of the code,
 * and the level is kept for other builds.
 */
#define ALIGN_LOOP() asm volatile(".p2align 6")
#ifdef __x86_64__
/* eight bytes: readings of one-byte ones vary with what ran before (Zen 5) */
#define NOP "nopl 512(%rax,%rax)"
#elif defined(__s390x__)
#define NOP "nopr"
#else
#define NOP "nop"
#endif
#define HIDE(v) asm volatile("" : "+r"(v))
/*
 * The addend is in a register: Intel CPUs from Golden Cove on add small
 * constants while they rename registers, several per cycle (uops.info, INC (R64)
 * on Alder Lake-P; www.complang.tuwien.ac.at/anton/additions).
 */
#define ADD1(a) a += one; HIDE(a);
#define CHAIN4 ADD1(a) ADD1(a) ADD1(a) ADD1(a)

double __attribute__((noinline))
reference_chain(unsigned long iterations)
{
	unsigned long a = 0, one = 1, i = iterations;
	uint64_t start = clock_start();

	HIDE(a);
	HIDE(one);
	HIDE(i);
	ALIGN_LOOP();
	do {
		CHAIN4 CHAIN4 CHAIN4 CHAIN4
	} while (--i);
	return clock_stop() - start;
}

/* Only the front end and the retirement of a core limit no-operations. */
double __attribute__((noinline))
reference_nops(unsigned long iterations)
{
	unsigned long i = iterations;
	uint64_t start = clock_start();

	HIDE(i);
	ALIGN_LOOP();
	do {
		asm volatile(".rept 64\n\t" NOP "\n\t.endr");
	} while (--i);
	return clock_stop() - start;
}

static void *lines[REFERENCE_LINES * LINE_WORDS] __attribute__((aligned(4096)));

/* One cycle through all lines (Sattolo's shuffle, with a fixed seed). */
static void link_loads(void)
{
	unsigned short order[REFERENCE_LINES];
	unsigned int seed = 1;

	for (int i = 0; i < REFERENCE_LINES; i++)
		order[i] = i;
	for (int i = REFERENCE_LINES - 1; i > 0; i--) {
		int j = (seed = seed * 1103515245 + 12345) / 65536 % i;
		unsigned short t = order[i];

		order[i] = order[j];
		order[j] = t;
	}
	for (int i = 0; i < REFERENCE_LINES; i++)
		lines[i * LINE_WORDS] = &lines[order[i] * LINE_WORDS];
}

double __attribute__((noinline)) reference_loads(void)
{
	uint64_t start = clock_start();
	void **at = lines;

	for (int i = 0; i < REFERENCE_LINES; i += 4) {
		at = *at;
		at = *at;
		at = *at;
		at = *at;
		HIDE(at);
	}
	return clock_stop() - start;
}

#ifdef __x86_64__
/* Half of the lines are pages of the walk: bit 0 of their fifth word is clear. */
#define WALK_PAGES (REFERENCE_LINES / 2)

static void *walk_list[WALK_PAGES] __attribute__((aligned(4096)));

#define LOOK_UP(k) \
	"mov " #k "*8(%%rax), %%rdx\n\t" \
	"mov 0x20(%%rdx), %%r8\n\t" \
	"lea -1(%%r8), %%r9\n\t" \
	"and $1, %%r8d\n\t" \
	"cmovne %%r9, %%rdx\n\t" \
	"mov (%%rdx), %%rdx\n\t" \
	"and $1, %%edx\n\t"

double __attribute__((noinline)) reference_walk(unsigned long iterations)
{
	void **end = walk_list + WALK_PAGES;
	unsigned long i = iterations;
	uint64_t start = clock_start();

	asm volatile("mov %[list], %%rax\n\t"
		     ".p2align 6\n"
		     "1:\n\t"
		     LOOK_UP(0) LOOK_UP(1) LOOK_UP(2) LOOK_UP(3)
		     LOOK_UP(4) LOOK_UP(5) LOOK_UP(6) LOOK_UP(7)
		     "add $64, %%rax\n\t"
		     "cmp %%rax, %[end]\n\t"
		     "jne 2f\n\t"
		     "mov %[list], %%rax\n"
		     "2:\n\t"
		     "dec %[i]\n\t"
		     "jnz 1b"
		     : [i] "+r"(i) : [list] "r"(walk_list), [end] "r"(end)
		     : "rax", "rdx", "r8", "r9", "memory", "cc");
	return clock_stop() - start;
}

static void link_walk(void)
{
	for (int i = 0; i < WALK_PAGES; i++)
		walk_list[i] = &lines[i * LINE_WORDS];
}
#else
double reference_walk(unsigned long iterations)
{
	(void)iterations;
	return NAN;
}

static void link_walk(void)
{
}
#endif

void reference_link(void)
{
	link_loads();
	link_walk();
}
