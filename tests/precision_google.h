/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_PRECISION_GOOGLE_H
#define TESTS_PRECISION_GOOGLE_H

#include <stddef.h>
#include <stdint.h>

#define MAX_REPETITIONS 1000

/**
 * struct google_loop - a loop that Google Benchmark times
 * @fn, @arg: called as often as Google Benchmark wants
 * @ops: operations per call
 * @ns, @nr: out: per operation, of each repetition
 */
struct google_loop {
	const char *name;
	void (*fn)(void *arg);
	void *arg;
	int64_t ops;
	double ns[MAX_REPETITIONS];
	size_t nr;
};

#ifdef __cplusplus
extern "C"
#endif
void google_time(int argc, char **argv, struct google_loop *loop, size_t nr);

#endif
