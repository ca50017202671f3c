/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The environment of the code under test. In the module: the kernel's own
 * READ_ONCE(), bitops and barriers. In user space: stand-ins that compile to
 * the same instructions. In both: the assembly that forces a select or
 * replaces a static key.
 */
#ifndef PAGEFLAGS_ENV_H
#define PAGEFLAGS_ENV_H

/* True, after a compare-and-swap that failed: retry_loops.c counts them. */
#ifndef pf_retried
#define pf_retried() 1
#endif

#ifdef __KERNEL__
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/jump_label.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/types.h>
#include <asm/barrier.h>
#define PF_PAGE_SIZE PAGE_SIZE
/*
 * In long loops: call the scheduler once per 4096 iterations. True if the loop
 * should end, because its caller is being killed.
 */
#define pf_relax(i) (!((i) & 4095) && pf_relax_now())
static inline bool pf_relax_now(void)
{
	cond_resched_tasks_rcu_qs();
	return fatal_signal_pending(current);
}
#else
#include "pageflags/env-user.h"
#define PF_PAGE_SIZE 4096UL
#define pf_relax(i) ((void)(i), false)
#endif

/* Make the compiler compute @v, in a register. */
#define pf_sink(v) asm volatile("" : : "r"(v))
/* Hide the value of @v from the compiler. */
#define pf_hide(v) asm volatile("" : "+r"(v))
/* A volatile asm is not speculated: an arm that has one stays a branch. */
#define pf_keep_branch() asm volatile("")

/*
 * One dependent instruction of the ALU that leaves @v as it is. Not an add of
 * zero, and not a move: Intel CPUs from Golden Cove on add small constants, and
 * many CPUs move registers, at rename, in no time.
 */
static __always_inline unsigned long pf_and_self(unsigned long v)
{
#if defined(__x86_64__)
	asm volatile("andq %0, %0" : "+r" (v) : : "cc");
#elif defined(__aarch64__) || defined(__riscv) || defined(__powerpc64__)
	asm volatile("and %0, %0, %0" : "+r" (v));
#elif defined(__s390x__)
	asm volatile("ngr %0, %0" : "+d" (v) : : "cc");
#else
	v++;
	pf_hide(v);
	v--;
	pf_hide(v);
#endif
	return v;
}

/**
 * pf_select() - choose by a conditional move
 *
 * The compiler cannot make a branch of it. PF_HAVE_SELECT is 0 where the
 * architecture has no conditional move (riscv64 without Zicond).
 *
 * Return: @if_set if @word has any bit of @mask, else @if_clear.
 */
#if defined(__x86_64__)
#define PF_HAVE_SELECT 1
static __always_inline unsigned long
pf_select(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear)
{
	asm("testl %[mask], %k[word]\n\t"
	    "cmovne %[set], %[ret]"
	    : [ret] "+r" (if_clear)
	    : [word] "r" (word), [mask] "ri" (mask), [set] "r" (if_set)
	    : "cc");
	return if_clear;
}
#elif defined(__aarch64__)
#define PF_HAVE_SELECT 1
static __always_inline unsigned long
pf_select(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear)
{
	unsigned long ret;

	asm("tst %w[word], %w[mask]\n\t"
	    "csel %[ret], %[set], %[clear], ne"
	    : [ret] "=r" (ret)
	    : [word] "r" (word), [mask] "Kr" (mask), [set] "r" (if_set),
	      [clear] "r" (if_clear)
	    : "cc");
	return ret;
}
#elif defined(__powerpc64__)
#define PF_HAVE_SELECT 1
static __always_inline unsigned long
pf_select(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear)
{
	unsigned long ret;

	/* isel reads r0 as zero in its first operand, hence "b" */
	asm("and. %[ret], %[word], %[mask]\n\t"
	    "isel %[ret], %[clear], %[set], 2"
	    : [ret] "=&r" (ret)
	    : [word] "r" (word), [mask] "r" ((unsigned long)mask),
	      [set] "r" (if_set), [clear] "b" (if_clear)
	    : "cr0");
	return ret;
}
#elif defined(__s390x__)
#define PF_HAVE_SELECT 1
static __always_inline unsigned long
pf_select(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear)
{
	/* locgr needs z196; a generic kernel is built for an older machine */
	asm(".machine push\n\t"
	    ".machine z196\n\t"
	    "ngr %[word], %[mask]\n\t"
	    "locgrne %[ret], %[set]\n\t"
	    ".machine pop"
	    : [ret] "+d" (if_clear), [word] "+d" (word)
	    : [mask] "d" ((unsigned long)mask), [set] "d" (if_set)
	    : "cc");
	return if_clear;
}
#elif defined(__riscv) && defined(__riscv_zicond)
#define PF_HAVE_SELECT 1
static __always_inline unsigned long
pf_select(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear)
{
	unsigned long cond = word & mask, set, clear;

	asm("czero.eqz %0, %1, %2" : "=r" (set) : "r" (if_set), "r" (cond));
	asm("czero.nez %0, %1, %2" : "=r" (clear) : "r" (if_clear), "r" (cond));
	return set | clear;
}
#else
#define PF_HAVE_SELECT 0
static __always_inline unsigned long
pf_select(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear)
{
	return word & mask ? if_set : if_clear;
}
#endif

/*
 * A static key as patched in a running kernel: a nop if the key is off, a jump
 * if the key is on (Documentation/staging/static-keys.rst).
 */
#ifdef __KERNEL__
/* declared like hugetlb_optimize_vmemmap_key; one is off, one is on */
DECLARE_STATIC_KEY_FALSE(pf_key_off);
DECLARE_STATIC_KEY_TRUE(pf_key_on);

static __always_inline bool pf_static_key(bool state)
{
	if (state)
		return static_branch_unlikely(&pf_key_on);
	return static_branch_unlikely(&pf_key_off);
}
#else
#if defined(__x86_64__)
#define PF_KEY_NOP ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00"
#define PF_KEY_JUMP "jmp %l[on]"
#elif defined(__aarch64__)
#define PF_KEY_NOP "nop"
#define PF_KEY_JUMP "b %l[on]"
#elif defined(__riscv)
#define PF_KEY_NOP ".option push\n\t.option norvc\n\tnop\n\t.option pop"
#define PF_KEY_JUMP "j %l[on]"
#elif defined(__powerpc64__)
#define PF_KEY_NOP "nop"
#define PF_KEY_JUMP "b %l[on]"
#elif defined(__s390x__)
#define PF_KEY_NOP "brcl 0, ."
#define PF_KEY_JUMP "jg %l[on]"
#endif

static __always_inline bool pf_static_key(bool state)
{
#ifdef PF_KEY_NOP
	if (state)
		asm goto(PF_KEY_JUMP : : : : on);
	else
		asm goto(PF_KEY_NOP : : : : on);
	return false;
on:
	return true;
#else
	return state;
#endif
}
#endif

#endif
