// SPDX-License-Identifier: GPL-2.0
/* The same as paths.c of the loops, one turn to four of each. */
#define PF_WALK_LOOPS
#include "paths.c"
