// SPDX-License-Identifier: GPL-2.0
/* use_stubs.c for the accessors that pfbench try shows: it compiles sooner. */
#include "try_wanted.h"

PF_STAMP_USES
