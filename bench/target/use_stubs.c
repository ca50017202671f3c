// SPDX-License-Identifier: GPL-2.0
/*
 * One use of every accessor of one generation, each a function of its own: for
 * the listings, and for the tests of semantics, which call them.
 */
#include "pageflags/loop.h"

PF_STAMP_USES
