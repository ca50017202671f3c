/* SPDX-License-Identifier: GPL-2.0 */
/* pfn_to_page() is a macro, not in debug information: found by its code. */
#ifndef PFBENCH_CENSUS_PFN_TO_PAGE_H
#define PFBENCH_CENSUS_PFN_TO_PAGE_H

#include <elfutils/libdwfl.h>

#include "census/census.h"

/** census_symbol_address() - address of a symbol of that name; 0: none */
uint64_t census_symbol_address(Dwfl_Module *module, const char *name);

/**
 * census_note_pfn_to_page() - add notes for pfn_to_page() to functions
 * @first: number of the first function to look at
 *
 * x86-64 with CONFIG_SPARSEMEM_VMEMMAP and CONFIG_RANDOMIZE_MEMORY adds the
 * variable vmemmap_base to a pfn that was shifted left
 * (asm-generic/memory_model.h, arch/x86/include/asm/pgtable_64.h). Three
 * sequences are found: an addition from memory; a load that the next
 * instruction adds; a load with shl $6 and an addition some instructions
 * later. A shr $12 shortly before rules a sequence out, because the pfn comes
 * from an address then. Other code for pfn_to_page() is not found.
 *
 * Return: 0 or -ENOMEM. Files of other architectures and files that are not
 * linked get no notes.
 */
int census_note_pfn_to_page(struct census *c, size_t first,
			    Dwfl_Module *module);

#endif
