/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "Physical memory scanners: this code requires audit" (Kirill A. Shutemov,
 * August 2015): functions that come from a pfn and hide a look-up.
 */
#ifndef PFBENCH_CENSUS_AUDIT_H
#define PFBENCH_CENSUS_AUDIT_H

#include <stdio.h>

#include "census.h"

/*
 * census_print_walkers() - the audit's starting list, 72 columns
 * @c: read with notes
 * @top: so many functions; 0: all
 * Return: 0, -ENOMEM or -EIO
 */
int census_print_walkers(FILE *f, const struct census *c, size_t top);

#endif
