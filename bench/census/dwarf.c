// SPDX-License-Identifier: GPL-2.0
/* Walk through the entries (DIEs) of a unit, and add its sites and notes. */
#include <dwarf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "census/reader.h"

/* The sites around an entry. */
struct around {
	int outer;		/* innermost site, or -1 */
	bool in_lookup, in_accessor;
	unsigned int depth;
};

/* The executable section that contains the range, or NULL. */
static const struct reader_section *
executed_section(const struct reader *r, uint64_t start, uint64_t end)
{
	for (size_t i = 0; i < r->nr_text; i++)
		if (start >= r->text[i].start && end <= r->text[i].end)
			return &r->text[i];
	return NULL;
}

/* Call fn() for each range of @die that the linker has kept. */
static int for_ranges(struct reader *r, Dwarf_Die *die,
		      int (*fn)(struct reader *r, uint64_t start, uint64_t end,
				void *arg), void *arg)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	size_t n = 0;
	int err = 0;

	while (!err && (at = dwarf_ranges(die, at, &base, &start, &end)) > 0) {
		/* a damaged list may have no end */
		if (++n > 1 << 20)
			return reader_damaged(r, "a range list without end");
		start += r->bias;
		end += r->bias;
		if (start < end && executed_section(r, start, end))
			err = fn(r, start, end, arg);
	}
	if (at < 0)
		return reader_libdw_error(r);
	return err;
}

static int widen_function(struct reader *r, uint64_t start, uint64_t end,
			  void *arg)
{
	struct census_function *f = arg;

	if (end - start > f->end - f->start) {
		f->start = start;
		f->end = end;
	}
	return 0;
}

/* The function being walked; it gets a number with its first site or note. */
static int function_number(struct reader *r)
{
	struct census *c = r->c;
	struct census_function *f;
	const char *name;
	int n, unit, err;

	if (r->function_number >= 0)
		return r->function_number;
	f = array_grow(c->function, c->nr_functions, sizeof(*f));
	if (!f)
		return reader_no_memory(r);
	c->function = f;
	name = dwarf_diename(r->function);
	n = reader_string(r, name ? name : "?");
	if (n < 0)
		return n;
	unit = dwarf_unit_of(r, r->function);
	if (unit < 0)
		return unit;
	f[c->nr_functions] = (struct census_function){
		.name = n, .unit = unit, .file = r->file - c->file,
	};
	err = for_ranges(r, r->function, widen_function, &f[c->nr_functions]);
	if (err)
		return err;
	r->function_number = c->nr_functions++;
	return r->function_number;
}

static Dwarf_Word attribute_constant(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attr), &value))
		return 0;
	return value;
}

static int inline_chain(struct reader *r)
{
	char text[2048];
	size_t len = 0;
	int number;

	text[0] = '\0';
	for (size_t i = r->nr_inlines; i-- > r->first_inline;) {
		int n = snprintf(text + len, sizeof(text) - len, "%s%s",
				 len ? " < " : "", r->inlines[i]);

		if ((size_t)n >= sizeof(text) - len)
			break;
		len += n;
	}
	for (char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	number = strtab_add(&r->c->strings, text);
	return number < 0 ? reader_no_memory(r) : number;
}

static int add_range(struct reader *r, uint64_t start, uint64_t end, void *arg)
{
	struct census_range *range;
	struct census_site *site = arg;

	range = array_grow(r->range, r->nr_ranges, sizeof(*range));
	if (!range)
		return reader_no_memory(r);
	r->range = range;
	range[r->nr_ranges++] = (struct census_range){
		start, end, r->c->nr_sites,
	};
	if (!site->address || start < site->address)
		site->address = start;
	return 0;
}

/* Add an instance or a copy, and update @in for the entries inside it. */
static int add_site(struct reader *r, Dwarf_Die *die, uint32_t name,
		    unsigned int class, bool copy, struct around *in)
{
	struct census *c = r->c;
	struct census_site *site;
	int n, where = 0, function = function_number(r);
	uint32_t line;
	int err;

	if (function < 0)
		return function;
	n = copy ? 0 : inline_chain(r);
	if (n >= 0 && !copy)
		where = dwarf_call_file(r, attribute_constant(die,
							DW_AT_call_file));
	if (n < 0 || where < 0)
		return n < 0 ? n : where;
	site = array_grow(c->site, c->nr_sites, sizeof(*site));
	if (!site)
		return reader_no_memory(r);
	c->site = site;
	site += c->nr_sites;
	line = copy ? 0 : attribute_constant(die, DW_AT_call_line);
	*site = (struct census_site){
		.name = name, .chain = n, .function = function,
		.call_file = where, .outer = in->outer, .copy = copy,
		.call_line = line,
		.lookup = !copy && class & CENSUS_LOOKUP && !in->in_lookup,
	};
	site->hidden = site->lookup && in->in_accessor;
	err = for_ranges(r, die, add_range, site);
	if (err)
		return err;
	in->outer = c->nr_sites++;
	in->in_lookup |= !!(class & CENSUS_LOOKUP);
	in->in_accessor |= !(class & CENSUS_LOOKUP);
	return 0;
}

static int add_note(struct reader *r, uint32_t name, unsigned int class,
		    uint64_t address)
{
	struct census *c = r->c;
	struct census_note *note;
	int function = function_number(r);

	if (function < 0)
		return function;
	note = array_grow(c->note, c->nr_notes, sizeof(*note));
	if (!note)
		return reader_no_memory(r);
	c->note = note;
	note[c->nr_notes++] = (struct census_note){
		.name = name, .function = function, .class = class,
		.address = address,
	};
	return 0;
}

/*
 * CENSUS_ bits of the function @die, whose name has number @n. A method in Rust
 * or C++ named page_count() is no accessor: it has a mangled linkage name.
 */
static int function_class(struct reader *r, Dwarf_Die *die, uint32_t n)
{
	int class = census_class(r->c, n);
	Dwarf_Attribute attr;
	const char *name;

	if (class < 0)
		return reader_no_memory(r);
	if (!class)
		return 0;
	name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name,
						     &attr));
	if (name && name[0] == '_' && (name[1] == 'R' || name[1] == 'Z'))
		return 0;
	return class;
}

static int lowest_address(struct reader *r, uint64_t start, uint64_t end,
			  void *arg)
{
	uint64_t *address = arg;

	if (!*address || start < *address)
		*address = start;
	return 0;
}

static int walk_children(struct reader *r, Dwarf_Die *die, struct around in);

static int walk_inlined(struct reader *r, Dwarf_Die *die, struct around in)
{
	const char *name = dwarf_diename(die);
	int n = reader_string(r, name ? name : "?"), class, err = 0;
	uint64_t address = 0;

	if (n < 0)
		return n;
	class = function_class(r, die, n);
	if (class < 0)
		return class;
	if (class & CENSUS_NOTED && r->c->notes) {
		err = for_ranges(r, die, lowest_address, &address);
		if (!err)
			err = add_note(r, n, class & CENSUS_NOTED, address);
	}
	if (!err && class & CENSUS_ACCESSOR)
		err = add_site(r, die, n, class, false, &in);
	if (err)
		return err;
	r->inlines[r->nr_inlines++] = census_text(r->c, n);
	err = walk_children(r, die, in);
	r->nr_inlines--;
	return err;
}

static int note_call(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die callee;
	const char *name;
	Dwarf_Addr address = 0;
	int n, class;

	if (!dwarf_attr(die, DW_AT_call_origin, &attr) &&
	    !dwarf_attr(die, DW_AT_abstract_origin, &attr))
		return 0;	/* through a pointer */
	if (!dwarf_formref_die(&attr, &callee))
		return reader_libdw_error(r);
	name = dwarf_diename(&callee);
	n = name ? reader_string(r, name) : 0;
	if (n <= 0)
		return n;
	class = function_class(r, &callee, n);
	if (class < 0)
		return class;
	class &= CENSUS_NOTED;
	if (!class && !dwarf_hasattr(&callee, DW_AT_declaration))
		class = CENSUS_CALLED;
	if (!class)
		return 0;
	/* the return address, in DWARF 5 and in gcc's DWARF 4 */
	if (dwarf_attr(die, DW_AT_call_return_pc, &attr) ||
	    dwarf_attr(die, DW_AT_call_pc, &attr) ||
	    dwarf_attr(die, DW_AT_low_pc, &attr))
		dwarf_formaddr(&attr, &address);
	return add_note(r, n, class, address ? address + r->bias : 0);
}

/*
 * Return: 1 if the linker has kept the function @die, 0 if not (its entry then
 * has an address without code), or a negative errno. Only the start counts:
 * split objects for riscv64 have no end.
 */
static int is_linked(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	size_t n = 0;

	if (!dwarf_lowpc(die, &start))
		return !!executed_section(r, start + r->bias, start + r->bias);
	while ((at = dwarf_ranges(die, at, &base, &start, &end)) > 0 &&
	       ++n < 1 << 20)
		if (executed_section(r, start + r->bias, start + r->bias))
			return 1;
	return at < 0 ? reader_libdw_error(r) : 0;
}

static int walk_function(struct reader *r, Dwarf_Die *die, unsigned int depth)
{
	Dwarf_Die *outer_function = r->function;
	int outer_number = r->function_number, class = 0, n = 0, err = 0;
	size_t nr_inlines = r->nr_inlines, first = r->first_inline;
	struct around in = { .outer = -1, .depth = depth };
	const char *name;

	if (!dwarf_hasattr(die, DW_AT_low_pc) &&
	    !dwarf_hasattr(die, DW_AT_ranges))
		return 0;	/* a declaration, or an abstract instance */
	err = is_linked(r, die);
	if (err <= 0)
		return err;
	r->function = die;
	r->function_number = -1;
	r->first_inline = nr_inlines;
	name = dwarf_diename(die);
	if (name) {
		n = reader_string(r, name);
		class = n < 0 ? n : function_class(r, die, n);
	}
	if (class < 0)
		return class;
	err = 0;
	if (class & CENSUS_ACCESSOR) {
		err = add_site(r, die, n, class, true, &in);
		r->inlines[r->nr_inlines++] = census_text(r->c, n);
	}
	if (!err)
		err = walk_children(r, die, in);
	r->function = outer_function;
	r->function_number = outer_number;
	r->nr_inlines = nr_inlines;
	r->first_inline = first;
	return err;
}

static int walk_entry(struct reader *r, Dwarf_Die *die, struct around in)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
		return walk_function(r, die, in.depth);
	case DW_TAG_inlined_subroutine:
		return r->function ? walk_inlined(r, die, in) : 0;
	case DW_TAG_call_site:
	case DW_TAG_GNU_call_site:
		return r->function && r->c->notes ? note_call(r, die) : 0;
	case DW_TAG_lexical_block:
	case DW_TAG_namespace:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
		return walk_children(r, die, in);
	case DW_TAG_structure_type:
		if (r->c->layout)
			page_layout_read_struct(r, die);
		return 0;
	case DW_TAG_enumeration_type:
		if (r->c->layout)
			page_layout_read_enum(r, die);
		return 0;
	default:
		return 0;
	}
}

/* The children of @die. */
static int walk_children(struct reader *r, Dwarf_Die *die, struct around in)
{
	Dwarf_Off before = dwarf_dieoffset(die), offset;
	Dwarf_Die child;
	int ret = dwarf_child(die, &child), err;

	if (++in.depth >= MAX_DEPTH)
		return reader_damaged(r, "the entries are nested too deep");
	for (; !ret; ret = dwarf_siblingof(&child, &child)) {
		offset = dwarf_dieoffset(&child);
		if (offset <= before || !r->budget--)
			return reader_damaged(r, "the entries lead back to each other");
		before = offset;
		err = walk_entry(r, &child, in);
		if (err)
			return err;
	}
	return ret < 0 ? reader_libdw_error(r) : 0;
}

int dwarf_walk_unit(struct reader *r, Dwarf_Die *unit)
{
	return walk_children(r, unit, (struct around){ .outer = -1 });
}
