/* SPDX-License-Identifier: GPL-2.0 */
/* The differences between kernels, v5.10 to v7.3. */
#ifndef PFBENCH_KMOD_COMPAT_H
#define PFBENCH_KMOD_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/hugetlb.h>
#include <linux/irqflags.h>
#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/version.h>

/* flags became memdesc_flags_t in v6.18 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define pfbench_flags(page) (&(page)->flags.f)
#else
#define pfbench_flags(page) (&(page)->flags)
#endif

/*
 * The HugeTLB vmemmap optimisation, and the static key of the look-ups, which
 * was renamed in v5.19.
 */
#if defined(CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP) || \
	defined(CONFIG_HUGETLB_PAGE_FREE_VMEMMAP)
#define PFBENCH_HAVE_HVO 1
#else
#define PFBENCH_HAVE_HVO 0
#endif
#if PFBENCH_HAVE_HVO && LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(7, 1, 0)
#define PFBENCH_HAVE_HVO_KEY 1
#define pfbench_hvo_key_on() static_key_enabled(&hugetlb_optimize_vmemmap_key)
#elif PFBENCH_HAVE_HVO && LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(5, 19, 0)
#define PFBENCH_HAVE_HVO_KEY 1
#define pfbench_hvo_key_on() \
	static_key_enabled(&hugetlb_free_vmemmap_enabled_key)
#else
#define PFBENCH_HAVE_HVO_KEY 0
#define pfbench_hvo_key_on() false
#endif

/* hrtimer_init() and an assignment before v6.15 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define pfbench_hrtimer_setup hrtimer_setup
#else
static inline void
pfbench_hrtimer_setup(struct hrtimer *timer,
		      enum hrtimer_restart (*fn)(struct hrtimer *timer),
		      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif

#endif
