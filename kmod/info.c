// SPDX-License-Identifier: GPL-2.0
/* PFBENCH_INFO and PFBENCH_ENTRY: the loops, and facts of the kernel. */
#include <linux/nospec.h>
#include <linux/log2.h>
#include <linux/math64.h>

#include "compat.h"
#include "pfbench.h"

DEFINE_STATIC_KEY_FALSE(pf_key_off);
DEFINE_STATIC_KEY_TRUE(pf_key_on);

#ifdef PFBENCH_FEW_GENERATIONS
/* see kmod/Kbuild: the address of what was not built is NULL */
#define PF_G(id, ...) \
	extern const pf_loop_table pf_loops_##id[PF_NR_ACCESSORS] __weak;
PF_GENERATIONS(PF_G)
#undef PF_G
#endif

static const pf_loop_table *const loops[PF_NR_GENERATIONS] = {
#define PF_G(id, ...) [PF_GEN_##id] = pf_loops_##id,
	PF_GENERATIONS(PF_G)
#undef PF_G
};

pf_loop_fn pfbench_loop(u32 accessor, u32 generation, u32 lowering, u32 form)
{
	const pf_loop_table *table = loops[generation];

	if (!table)
		return NULL;
	return table[accessor][lowering][form];
}

/* The replica of the kernel's own compound_head(). */
static u32 native_generation(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
	if (PFBENCH_HAVE_HVO && is_power_of_2(sizeof(struct page)))
		return PF_GEN_v7_1_mask;
	return PF_GEN_v7_1_pointer;
#else
	if (PFBENCH_HAVE_HVO_KEY)
		return pfbench_hvo_key_on() ? PF_GEN_v5_18_fakehead_hvo :
					      PF_GEN_v5_18_fakehead;
	return PF_GEN_v4_4_word;
#endif
}

static u64 kernel_facts(void)
{
	u64 f = 0;

	if (PFBENCH_HAVE_HVO)
		f |= PFBENCH_FACT_HVO;
	if (PFBENCH_HAVE_HVO_KEY)
		f |= PFBENCH_FACT_HVO_KEY;
	if (pfbench_hvo_key_on())
		f |= PFBENCH_FACT_HVO_KEY_ON;
	if (IS_ENABLED(CONFIG_DEBUG_VM))
		f |= PFBENCH_FACT_DEBUG_VM;
	if (IS_ENABLED(CONFIG_DEBUG_VM_PGFLAGS))
		f |= PFBENCH_FACT_DEBUG_VM_PGFLAGS;
	if (IS_ENABLED(CONFIG_KASAN))
		f |= PFBENCH_FACT_KASAN;
	if (IS_ENABLED(CONFIG_KCSAN))
		f |= PFBENCH_FACT_KCSAN;
	if (IS_ENABLED(CONFIG_LOCKDEP))
		f |= PFBENCH_FACT_LOCKDEP;
	if (IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE))
		f |= PFBENCH_FACT_THP;
	if (IS_ENABLED(CONFIG_HUGETLB_PAGE))
		f |= PFBENCH_FACT_HUGETLB;
	if (!pfbench_clock_step(PFBENCH_MAX_STEP_NS))
		f |= PFBENCH_FACT_COARSE_CLOCK;
	return f;
}

void pfbench_info(struct pfbench_info *info)
{
	BUILD_BUG_ON((int)PFBENCH_SELECT != (int)PF_SELECT);
	BUILD_BUG_ON((int)PFBENCH_LATENCY != (int)PF_LATENCY);
	BUILD_BUG_ON((int)PFBENCH_MIXED != (int)PF_MIXED);
	BUILD_BUG_ON((int)PFBENCH_RUNS != (int)PF_RUNS);

	info->abi = PFBENCH_ABI;
	info->nr_accessors = PF_NR_ACCESSORS;
	info->nr_generations = PF_NR_GENERATIONS;
	info->native_is = native_generation();
	info->unroll = PF_UNROLL;
	info->max_order = PF_MAX_ORDER;
	info->max_places = PFBENCH_MAX_PLACES;
	info->page_size = PAGE_SIZE;
	info->struct_page_size = sizeof(struct page);
	info->stretch_us = div_u64(pfbench_irq_off_ns(), NSEC_PER_USEC);
	info->facts = kernel_facts();
	info->max_bytes = pfbench_max_bytes();
	strscpy(info->version, PFBENCH_VERSION, sizeof(info->version));
	strscpy(info->commit, PFBENCH_COMMIT, sizeof(info->commit));
	strscpy(info->compiler, PFBENCH_COMPILER, sizeof(info->compiler));
}

int pfbench_entry(struct pfbench_entry *entry)
{
	u32 accessor, generation, lowering, form;

	if (entry->accessor >= PF_NR_ACCESSORS ||
	    entry->generation >= PF_NR_GENERATIONS)
		return -EINVAL;
	accessor = array_index_nospec(entry->accessor, PF_NR_ACCESSORS);
	generation = array_index_nospec(entry->generation, PF_NR_GENERATIONS);
	entry->loops = 0;
	for (lowering = 0; lowering < PF_NR_LOWERINGS; lowering++)
		for (form = 0; form < PF_NR_FORMS; form++)
			if (pfbench_loop(accessor, generation, lowering, form))
				entry->loops |= PFBENCH_LOOP(lowering, form);
	strscpy(entry->accessor_name, pf_accessors[accessor].name,
		sizeof(entry->accessor_name));
	strscpy(entry->generation_name, pf_generations[generation].name,
		sizeof(entry->generation_name));
	return 0;
}
