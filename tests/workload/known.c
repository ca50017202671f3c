// SPDX-License-Identifier: GPL-2.0
/*
 * known N: what is counted is known beforehand. Counts
 *
 *	N system calls that touch no page,
 *	N first writes to anonymous pages,
 *	N unmapped small pages, one per call, and
 *	N unmapped tail pages of huge pages, one per call,
 *
 * and prints how many instructions the clock of the guest saw in that time.
 */
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../bench/workloads/workload.h"

#if defined(__x86_64__)
#define MARK_BYTES ".byte 0x0f, 0x1f, 0x84, 0x00\n\t.long 0x70666240 + "

/* rdtsc is the first instruction that is counted, and the last one. */
static inline uint64_t start_ticks(void)
{
	uint32_t lo, hi;

	__asm__ volatile(MARK_BYTES "%c2\n\trdtsc" : "=a"(lo), "=d"(hi) :
			 "i"(MARK_START) : "memory");
	return (uint64_t)hi << 32 | lo;
}

static inline uint64_t stop_ticks(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc\n\t" MARK_BYTES "%c2" : "=a"(lo), "=d"(hi) :
			 "i"(MARK_STOP) : "memory");
	return (uint64_t)hi << 32 | lo;
}
#else
/* The clock of arm64 ticks every 16 instructions: not exact enough. */
static inline uint64_t start_ticks(void)
{
	mark(MARK_START);
	return 0;
}

static inline uint64_t stop_ticks(void)
{
	mark(MARK_STOP);
	return 0;
}
#endif

static uint64_t calls(unsigned long n)
{
	uint64_t start;

	syscall(SYS_getppid);
	start = start_ticks();
	for (unsigned long i = 0; i < n; i++)
		syscall(SYS_getppid);
	return stop_ticks() - start;
}

static uint64_t faults(unsigned long n)
{
	char *p = map_anonymous(n * PAGE, MADV_NOHUGEPAGE);
	uint64_t start = start_ticks();

	touch(p, n * PAGE, PAGE);
	return stop_ticks() - start;
}

static uint64_t unmap(unsigned long n, int huge)
{
	size_t size = huge ? (n + 510) / 511 * HUGE : n * PAGE;
	char *p = map_anonymous(size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	uint64_t start;

	touch(p, size, PAGE);
	/* without its first page, a huge page is mapped page by page */
	for (size_t i = 0; huge && i < size; i += HUGE)
		if (madvise(p + i, PAGE, MADV_DONTNEED))
			fail("madvise");
	start = start_ticks();
	for (size_t i = 0; n; i += PAGE) {
		if (huge && i % HUGE == 0)
			continue;
		madvise(p + i, PAGE, MADV_DONTNEED);
		n--;
	}
	return stop_ticks() - start;
}

int main(int argc, char **argv)
{
	unsigned long n = size_argument(argc, argv, 1, 1);
	uint64_t ticks;

	/* no fault of this program's own pages */
	if (mlockall(MCL_CURRENT))
		fail("mlockall");
	mark(MARK_ONLY);
	ticks = calls(n);
	ticks += faults(n);
	ticks += unmap(n, 0);
	ticks += unmap(n, 1);
	print_operations(n, "of each kind");
	printf("ticks: %lu\n", (unsigned long)ticks);
	return 0;
}
