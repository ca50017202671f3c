/* SPDX-License-Identifier: GPL-2.0 */
#define PF_TRY_NAME "my-mask"
static __always_inline unsigned long
pf_head_try(const struct pf_page *page, const struct pf_layout *l,
	    enum pf_lowering how)
{
	unsigned long info = READ_ONCE(page->word[l->word]);

	return (unsigned long)page & (info | ((info & 1) - 1));
}
