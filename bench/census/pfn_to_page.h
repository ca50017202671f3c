/* SPDX-License-Identifier: GPL-2.0 */
/* pfn_to_page() is a macro, which no debug information names: by its code. */
#ifndef PFBENCH_CENSUS_PFN_H
#define PFBENCH_CENSUS_PFN_H

#include <elfutils/libdwfl.h>

#include "census/census.h"

/*
 * census_note_pfn_to_page() - note it in the functions from number @first on
 *
 * x86-64 with CONFIG_SPARSEMEM_VMEMMAP and CONFIG_RANDOMIZE_MEMORY adds the
 * variable vmemmap_base to a pfn that was shifted left
 * (asm-generic/memory_model.h, arch/x86/include/asm/pgtable_64.h). Found are an
 * addition from memory, a load that the next instruction adds, and a load with
 * shl $6 and an addition some instructions later; of them those without
 * shr $12 shortly before, which would make the pfn from an address. What the
 * compiler made otherwise is not found.
 *
 * Return: 0 or -ENOMEM. Other architectures and what is not linked have none.
 */
int census_note_pfn_to_page(struct census *c, size_t first,
			    Dwfl_Module *module);

#endif
