// SPDX-License-Identifier: GPL-2.0
/* The offsets of flags and of the word of a tail in a kernel's struct page. */
#include <dwarf.h>
#include <string.h>

#include "census/pfn_to_page.h"
#include "census/reader.h"

/* Unions and structures without a name inside each other, in 7.x: three */
#define MAX_NESTED 8
/* of a damaged file */
#define MAX_MEMBERS 4096

static bool has_name(Dwarf_Die *die, const char *wanted)
{
	const char *name = dwarf_diename(die);

	return name && !strcmp(name, wanted);
}

/* The type of @die without its typedefs and qualifiers. */
static bool peeled_type(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, DW_AT_type, &attr) &&
	       dwarf_formref_die(&attr, type) && !dwarf_peel_type(type, type);
}

static bool member_offset(Dwarf_Die *member, uint64_t *offset)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	*offset = 0;	/* members of a union have no location */
	if (!dwarf_attr(member, DW_AT_data_member_location, &attr))
		return true;
	if (dwarf_formudata(&attr, &value))
		return false;
	*offset = value;
	return true;
}

/* Look for flags and for the word of a tail, under both its names. */
static void read_members(struct census_page *page, Dwarf_Die *type,
			 uint64_t base, unsigned int depth,
			 unsigned int *budget)
{
	Dwarf_Die member, inner;
	uint64_t offset;
	int ret = dwarf_child(type, &member);

	for (; !ret && *budget; ret = dwarf_siblingof(&member, &member)) {
		--*budget;
		if (dwarf_tag(&member) != DW_TAG_member ||
		    !member_offset(&member, &offset))
			continue;
		if (has_name(&member, "compound_head") ||
		    has_name(&member, "compound_info")) {
			page->head = base + offset;
			page->has_head = true;
		} else if (!depth && has_name(&member, "flags")) {
			page->flags = base + offset;
			page->has_flags = true;
		} else if (!dwarf_diename(&member) && depth < MAX_NESTED &&
			   peeled_type(&member, &inner)) {
			read_members(page, &inner, base + offset, depth + 1,
				     budget);
		}
	}
}

void page_layout_read_struct(struct reader *r, Dwarf_Die *die)
{
	struct census_page *page = &r->c->page;
	unsigned int budget = MAX_MEMBERS;
	int size;

	if (page->size || !has_name(die, "page"))
		return;
	size = dwarf_bytesize(die);
	if (size <= 0)
		return;		/* a declaration */
	read_members(page, die, 0, 0, &budget);
	if (page->has_head && page->has_flags)
		page->size = size;
}

void page_layout_read_enum(struct reader *r, Dwarf_Die *die)
{
	struct census_page *page = &r->c->page;
	unsigned int budget = MAX_MEMBERS;
	Dwarf_Attribute attr;
	Dwarf_Die constant;
	Dwarf_Word value;
	int ret;

	if (page->has_head_bit || !has_name(die, "pageflags"))
		return;
	ret = dwarf_child(die, &constant);
	for (; !ret && budget; ret = dwarf_siblingof(&constant, &constant)) {
		budget--;
		if (has_name(&constant, "PG_head") &&
		    !dwarf_formudata(dwarf_attr(&constant, DW_AT_const_value,
						&attr), &value) &&
		    value < 64) {
			page->head_bit = value;
			page->has_head_bit = true;
		}
	}
}

void page_layout_read_symbols(struct reader *r, Dwfl_Module *module)
{
	struct census_page *page = &r->c->page;

	page->vmemmap_base = census_symbol_address(module, "vmemmap_base") ?:
		page->vmemmap_base;
	page->stext = census_symbol_address(module, "_stext") ?: page->stext;
	page->etext = census_symbol_address(module, "_etext") ?: page->etext;
}
