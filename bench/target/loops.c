// SPDX-License-Identifier: GPL-2.0
/* The loops of one generation, whose id the Makefile gives in PF_STAMP_GEN. */
#include "pageflags/loop.h"

PF_STAMP_LOOPS
