// SPDX-License-Identifier: GPL-2.0
/* trace_stubs.c for the loops: 1 to 4 iterations of each. */
#define PF_WALK_LOOPS
#include "trace_stubs.c"
