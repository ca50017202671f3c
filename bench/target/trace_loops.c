// SPDX-License-Identifier: GPL-2.0
/* The same as trace_stubs.c of the loops, one turn to four of each. */
#define PF_WALK_LOOPS
#include "trace_stubs.c"
