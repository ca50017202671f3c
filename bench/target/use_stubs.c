// SPDX-License-Identifier: GPL-2.0
/*
 * One use of every accessor of one generation, each a function of its own:
 * what a listing shows and what the tests of semantics call.
 */
#include "pageflags/loop.h"

PF_STAMP_USES
