// SPDX-License-Identifier: GPL-2.0
#include "machine/tsc.h"

uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

struct clock_pair clock_pair(void)
{
	struct clock_pair best = { 0 };
	uint64_t before, after, ns, width = UINT64_MAX;

	/* the closest of 20: an interrupt may come between the two */
	for (int i = 0; i < 20; i++) {
		before = clock_start();
		ns = clock_ns();
		after = clock_stop();
		if (after - before < width) {
			width = after - before;
			best.ticks = before + width / 2;
			best.ns = ns;
		}
	}
	return best;
}

double clock_ns_per_tick(struct clock_pair from, struct clock_pair to)
{
	return (double)(to.ns - from.ns) / (double)(to.ticks - from.ticks);
}

uint64_t clock_quantum(void)
{
	uint64_t gcd = 0, last = clock_start(), now, a, b, t;

	for (int i = 0; i < 20000; i++) {
		/* a clock may count instructions: vary their number */
		if (i & 1)
			asm volatile("nop");
		for (int k = i & 14; k; k -= 2)
			asm volatile("nop");
		now = clock_start();
		for (a = now - last, b = gcd; a; t = b % a, b = a, a = t)
			;
		gcd = b;
		last = now;
	}
	return gcd ? gcd : 1;
}
