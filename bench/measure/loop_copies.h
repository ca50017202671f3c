/* SPDX-License-Identifier: GPL-2.0 */
/* The loops of user space, several times at unlike offsets in a page. */
#ifndef PFBENCH_MEASURE_LOOP_COPIES_H
#define PFBENCH_MEASURE_LOOP_COPIES_H

#include "pageflags/loop.h"

/*
 * The address of a loop matters as well: for milliseconds to seconds one loop
 * may be slower by up to a half while the same code elsewhere is not (Zen 5; as
 * if it were decoded again and again). So the Makefile links the loops four
 * times, and places use the copies in turn.
 */
#define LOOP_COPIES 4

/**
 * loop_copies - tables of loops; NULL for PF_GEN_native and PF_GEN_try
 *
 * pfbench try replaces tables by those that it has compiled.
 */
extern const pf_loop_table *loop_copies[PF_NR_SLOTS][LOOP_COPIES];

#endif
