// SPDX-License-Identifier: GPL-2.0
/* The loops of one generation: PF_STAMP_GEN, which the Makefile sets. */
#include "pageflags/loop.h"

PF_STAMP_LOOPS
