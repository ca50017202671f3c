/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user's file of pfbench try. head.h includes it for a look-up; ref.h does
 * for a scheme of reference counts, with -DPF_TRY_REF. ref.h has functions of
 * the same names that take a scheme: those of the file get other names.
 */
#ifndef PAGEFLAGS_TRY_H
#define PAGEFLAGS_TRY_H

#define pf_ref_try_get pf_try_ref_get
#define pf_ref_put pf_try_ref_put
#include PF_TRY_HEADER
#undef pf_ref_try_get
#undef pf_ref_put

#endif
