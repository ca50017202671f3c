// SPDX-License-Identifier: GPL-2.0
/* loops.c for the accessors that pfbench try measures: it compiles sooner. */
#include "try_wanted.h"

PF_STAMP_LOOPS
