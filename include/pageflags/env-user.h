/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User-space stand-ins for the kernel's READ_ONCE(), barriers, bitops and
 * atomics. They compile to the same instructions as the kernel's own; C11
 * builtins are used where they do.
 */
#ifndef PAGEFLAGS_ENV_USER_H
#define PAGEFLAGS_ENV_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#ifndef noinline
#define noinline __attribute__((__noinline__))
#endif
#define __maybe_unused __attribute__((__unused__))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define fallthrough __attribute__((__fallthrough__))
#define barrier() asm volatile("" : : : "memory")
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define BITS_PER_LONG (8 * (int)sizeof(long))

/* arch/ARCH/include/asm/barrier.h, as of v6.12 */
#if defined(__x86_64__)
#define smp_mb() asm volatile("lock; addl $0,-4(%%rsp)" : : : "memory", "cc")
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#elif defined(__aarch64__)
#define smp_mb() asm volatile("dmb ish" : : : "memory")
#define smp_rmb() asm volatile("dmb ishld" : : : "memory")
#define smp_wmb() asm volatile("dmb ishst" : : : "memory")
#elif defined(__riscv)
#define smp_mb() asm volatile("fence rw,rw" : : : "memory")
#define smp_rmb() asm volatile("fence r,r" : : : "memory")
#define smp_wmb() asm volatile("fence w,w" : : : "memory")
#elif defined(__powerpc64__)
#define smp_mb() asm volatile("sync" : : : "memory")
#define smp_rmb() asm volatile("lwsync" : : : "memory")
#define smp_wmb() asm volatile("lwsync" : : : "memory")
#elif defined(__s390x__)
#define smp_mb() asm volatile("bcr 14,0" : : : "memory")
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#else
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#endif
#define smp_load_acquire(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)

static __always_inline bool test_bit(long nr,
				     const volatile unsigned long *addr)
{
	return (*addr & (1UL << nr)) != 0;
}

static __always_inline void __set_bit(long nr, volatile unsigned long *addr)
{
#ifdef __x86_64__
	asm volatile("btsq %1, %0" : "+m" (*addr) : "Ir" (nr) : "memory");
#else
	*(unsigned long *)addr |= 1UL << nr;
#endif
}

#ifdef __x86_64__
/* arch/x86/include/asm/bitops.h: a constant bit is set in its byte */
static __always_inline void set_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; orb %b1, %0"
		     : "+m" (((volatile char *)addr)[nr >> 3])
		     : "iq" (1 << (nr & 7)) : "memory");
}

static __always_inline void clear_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; andb %b1, %0"
		     : "+m" (((volatile char *)addr)[nr >> 3])
		     : "iq" (~(1 << (nr & 7))));
}

static __always_inline bool test_and_set_bit(long nr,
					     volatile unsigned long *addr)
{
	bool old;

	asm volatile("lock; btsq %2, %1"
		     : "=@ccc" (old), "+m" (*addr) : "Ir" (nr) : "memory");
	return old;
}

static __always_inline bool test_and_clear_bit(long nr,
					       volatile unsigned long *addr)
{
	bool old;

	asm volatile("lock; btrq %2, %1"
		     : "=@ccc" (old), "+m" (*addr) : "Ir" (nr) : "memory");
	return old;
}

#define test_and_set_bit_lock(nr, addr) test_and_set_bit(nr, addr)
#define PF_ATOMIC_ENTRY() do { } while (0)
#define PF_ATOMIC_EXIT() do { } while (0)
#define PF_ATOMIC_ORDERED __ATOMIC_SEQ_CST

static __always_inline void clear_bit_unlock(long nr,
					     volatile unsigned long *addr)
{
	barrier();
	clear_bit(nr, addr);
}

#else /* !__x86_64__ */

/* ppc64 has barriers before and after ordered atomics (asm/synch.h) */
#ifdef __powerpc64__
#define PF_ATOMIC_ENTRY() asm volatile("lwsync" : : : "memory")
#define PF_ATOMIC_EXIT() asm volatile("sync" : : : "memory")
#define PF_ATOMIC_ORDERED __ATOMIC_RELAXED
#elif defined(__aarch64__) && !defined(__ARM_FEATURE_ATOMICS)
/* arm64's ldxr/stlxr loop ends in a barrier (asm/atomic_ll_sc.h) */
#define PF_ATOMIC_ENTRY() do { } while (0)
#define PF_ATOMIC_EXIT() smp_mb()
#define PF_ATOMIC_ORDERED __ATOMIC_RELEASE
#else
#define PF_ATOMIC_ENTRY() do { } while (0)
#define PF_ATOMIC_EXIT() do { } while (0)
#define PF_ATOMIC_ORDERED __ATOMIC_SEQ_CST
#endif

static __always_inline void set_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_or(addr, 1UL << nr, __ATOMIC_RELAXED);
}

static __always_inline void clear_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(addr, ~(1UL << nr), __ATOMIC_RELAXED);
}

static __always_inline bool test_and_set_bit(long nr,
					     volatile unsigned long *addr)
{
	unsigned long old;

	PF_ATOMIC_ENTRY();
	old = __atomic_fetch_or(addr, 1UL << nr, PF_ATOMIC_ORDERED);
	PF_ATOMIC_EXIT();
	return old >> nr & 1;
}

static __always_inline bool test_and_clear_bit(long nr,
					       volatile unsigned long *addr)
{
	unsigned long old;

	PF_ATOMIC_ENTRY();
	old = __atomic_fetch_and(addr, ~(1UL << nr), PF_ATOMIC_ORDERED);
	PF_ATOMIC_EXIT();
	return old >> nr & 1;
}

/* include/asm-generic/bitops/lock.h: does not write to a held lock */
static __always_inline bool test_and_set_bit_lock(long nr,
						  volatile unsigned long *addr)
{
	if (*addr & (1UL << nr))
		return true;
	return __atomic_fetch_or(addr, 1UL << nr, __ATOMIC_ACQUIRE) >> nr & 1;
}

static __always_inline void clear_bit_unlock(long nr,
					     volatile unsigned long *addr)
{
	__atomic_fetch_and(addr, ~(1UL << nr), __ATOMIC_RELEASE);
}
#endif

/* operations on atomic_t (Documentation/atomic_t.txt) */
typedef struct { int counter; } atomic_t;

static inline void atomic_set(atomic_t *v, int i)
{
	WRITE_ONCE(v->counter, i);
}

static inline void atomic_set_release(atomic_t *v, int i)
{
	__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);
}

static __always_inline int atomic_read(const atomic_t *v)
{
	return READ_ONCE(v->counter);
}

static __always_inline bool atomic_try_cmpxchg(atomic_t *v, int *old, int new)
{
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

static inline int atomic_xchg_acquire(atomic_t *v, int new)
{
	return __atomic_exchange_n(&v->counter, new, __ATOMIC_ACQUIRE);
}

static inline int atomic_fetch_sub_release(int i, atomic_t *v)
{
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_RELEASE);
}

static inline int atomic_fetch_or_release(int i, atomic_t *v)
{
	return __atomic_fetch_or(&v->counter, i, __ATOMIC_RELEASE);
}

static inline void atomic_andnot(int i, atomic_t *v)
{
	__atomic_fetch_and(&v->counter, ~i, __ATOMIC_RELAXED);
}

/* arch/x86/include/asm/atomic.h: inc, dec, xadd, cmpxchg; C11 would add */
#ifdef __x86_64__
static __always_inline void atomic_inc(atomic_t *v)
{
	asm volatile("lock; incl %0" : "+m" (v->counter) : : "memory", "cc");
}

static __always_inline bool atomic_dec_and_test(atomic_t *v)
{
	bool zero;

	asm volatile("lock; decl %0"
		     : "+m" (v->counter), "=@cce" (zero) : : "memory");
	return zero;
}
#else
static __always_inline void atomic_inc(atomic_t *v)
{
	__atomic_fetch_add(&v->counter, 1, __ATOMIC_RELAXED);
}

static __always_inline bool atomic_dec_and_test(atomic_t *v)
{
	int old;

	PF_ATOMIC_ENTRY();
	old = __atomic_fetch_sub(&v->counter, 1, PF_ATOMIC_ORDERED);
	PF_ATOMIC_EXIT();
	return old == 1;
}
#endif

static __always_inline void atomic_add(int i, atomic_t *v)
{
	__atomic_fetch_add(&v->counter, i, __ATOMIC_RELAXED);
}

static __always_inline int atomic_add_return(int i, atomic_t *v)
{
	int new;

	PF_ATOMIC_ENTRY();
	new = __atomic_add_fetch(&v->counter, i, PF_ATOMIC_ORDERED);
	PF_ATOMIC_EXIT();
	return new;
}

#define atomic_sub_return(i, v) atomic_add_return(-(i), v)

/* include/linux/atomic/atomic-arch-fallback.h */
static __always_inline bool atomic_add_unless(atomic_t *v, int i, int unless)
{
	int old = atomic_read(v);

	do {
		if (unlikely(old == unless))
			return false;
	} while (!atomic_try_cmpxchg(v, &old, old + i) && pf_retried());
	return true;
}

static __always_inline bool atomic_try_cmpxchg_relaxed(atomic_t *v, int *old,
							int new)
{
	return __atomic_compare_exchange_n(&v->counter, old, new, false,
					   __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* without PREEMPT_RCU */
#define rcu_read_lock() barrier()
#define rcu_read_unlock() barrier()

#endif
