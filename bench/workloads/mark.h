/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Instructions that do nothing, by which a program in a guest starts and stops
 * the counting of bench/plugin/lookups.c. A mark needs no device, no system
 * call and no right, and is one instruction on each architecture.
 */
#ifndef PFBENCH_WORKLOADS_MARK_H
#define PFBENCH_WORKLOADS_MARK_H

#include <stddef.h>
#include <string.h>

enum {
	MARK_START = 1,
	MARK_STOP = 2,
	MARK_ONLY = 3,		/* what was counted so far does not count */
	MARK_SOON = 4,		/* a start follows */
};

/* nopl 0x7066624N(%rax,%rax,1); no compiler pads with such an offset */
#define MARK_SIZE_X86_64 8
/* mov xzr, #0x706N */
#define MARK_SIZE_AARCH64 4
#define MARK_SIZE 8

#if defined(__x86_64__)
#define mark(kind) __asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00\n\t" \
		".long 0x70666240 + %c0" : : "i"(kind) : "memory")
#elif defined(__aarch64__)
#define mark(kind) __asm__ volatile(".inst 0xd280001f + ((0x7060 + %c0) << 5)" \
		: : "i"(kind) : "memory")
#endif

/**
 * mark_kind() - tell which mark an instruction is
 * @code: @size bytes
 * Return: MARK_..., or 0 if it is no mark.
 */
static inline int mark_kind(const unsigned char *code, size_t size)
{
	static const unsigned char nopl[] = { 0x0f, 0x1f, 0x84, 0x00 };
	unsigned int word, kind = 0;

	if (size == MARK_SIZE_X86_64 && !memcmp(code, nopl, 4) &&
	    !memcmp(code + 5, "\x62\x66\x70", 3)) {
		kind = code[4] - 0x40;
	} else if (size == MARK_SIZE_AARCH64) {
		word = code[0] | code[1] << 8 | code[2] << 16 |
			(unsigned int)code[3] << 24;
		if ((word & ~(0xfU << 5)) == (0xd280001fU | 0x7060U << 5))
			kind = word >> 5 & 0xf;
	}
	return kind >= MARK_START && kind <= MARK_SOON ? kind : 0;
}

#endif
