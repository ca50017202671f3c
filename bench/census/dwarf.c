// SPDX-License-Identifier: GPL-2.0
/*
 * The census's reader: DWARF by libdw, through libdwfl, which finds separate debug
 * files, unpacks what is compressed and relocates what is relocatable.
 *
 * Nothing that it says is trusted: offsets only go forward, depth and numbers
 * are bounded by the size of the section that they stand in.
 */
#include <ar.h>
#include <ctype.h>
#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "census/census.h"
#include "census/pfn_to_page.h"

/* gcc nests a dozen inlines in the kernel; each may hold lexical blocks */
#define MAX_DEPTH 512
/* a copy of what is inlined of what is declared; gcc's LTO adds one */
#define MAX_ORIGINS 8

#define THIN "!<thin>\n"

struct text {
	uint64_t start, end;
};

struct reader {
	struct census *c;
	struct census_file *file;
	struct errmsg *msg;
	const char *path;	/* that is read: the file's, or a thin member's */
	const char *where;	/* for messages: "FILE" or "ARCHIVE(MEMBER)" */
	bool archive, thin;

	struct text *text;	/* sections that are executed */
	size_t nr_text;
	struct census_range *range;
	size_t nr_ranges;

	Dwarf_Die *unit;
	uint32_t unit_name;
	bool assembled;		/* file->compiler is an assembler */
	Dwarf_Files *files;	/* of the unit, once needed */
	size_t nr_files;
	bool files_read;
	size_t budget;		/* entries that fit into what is left of it */
	Dwarf_Addr bias;	/* from debug information to the file itself */

	Dwarf_Die *function;	/* that is being walked */
	int function_number;	/* -1: holds nothing yet */
	const char *inlines[MAX_DEPTH];	/* around, outermost first */
	size_t nr_inlines, first_inline;	/* of the function being walked */
};

/* What surrounds an entry. */
struct around {
	int outer;		/* innermost site, or -1 */
	bool in_lookup, in_accessor;
	unsigned int depth;
};

static int no_memory(struct reader *r)
{
	return errmsg_set(r->msg, -ENOMEM, "%s: out of memory", r->where);
}

static int cut(struct reader *r, const char *what)
{
	return errmsg_set(r->msg, -EINVAL,
		       "%s: its debug information is damaged: %s",
		       r->where, what);
}

static int bad(struct reader *r)
{
	const char *msg = dwarf_errmsg(-1);

	return cut(r, msg ? msg : "libdw does not say how");
}

static int number_of(struct reader *r, const char *text)
{
	char clean[256];
	size_t i;
	int n;

	/* a name out of a file ends up on terminals and in mails */
	for (i = 0; text[i] && i < sizeof(clean) - 1; i++)
		clean[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
	clean[i] = '\0';
	n = strtab_add(&r->c->strings, clean);
	return n < 0 ? no_memory(r) : n;
}

/* The section that holds all of it, or NULL. */
static const struct text *text_of(const struct reader *r, uint64_t start,
				  uint64_t end)
{
	for (size_t i = 0; i < r->nr_text; i++)
		if (start >= r->text[i].start && end <= r->text[i].end)
			return &r->text[i];
	return NULL;
}

/* fn() for each piece of code of @die; what the linker dropped is no code. */
static int for_ranges(struct reader *r, Dwarf_Die *die,
		      int (*fn)(struct reader *r, uint64_t start, uint64_t end,
				void *arg), void *arg)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	size_t n = 0;
	int err = 0;

	while (!err && (at = dwarf_ranges(die, at, &base, &start, &end)) > 0) {
		/* each takes at least a byte of the section that lists them */
		if (++n > 1 << 20)
			return cut(r, "a range list without end");
		start += r->bias;
		end += r->bias;
		if (start < end && text_of(r, start, end))
			err = fn(r, start, end, arg);
	}
	if (at < 0)
		return bad(r);
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

/* "mm/swap.c", whatever directory it was compiled in */
static const char *source_name(Dwarf_Die *unit, const char *name)
{
	Dwarf_Attribute attr;
	const char *dir;
	size_t len;

	dir = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attr));
	len = dir ? strlen(dir) : 0;
	if (len && !strncmp(name, dir, len) && name[len] == '/')
		name += len + 1;
	while (!strncmp(name, "./", 2))
		name += 2;
	return name;
}

/* The unit that has the source of @die: gcc's LTO makes others of the code. */
static int unit_of(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Die origin = *die, next, unit;
	Dwarf_Attribute attr;
	const char *name;

	for (int i = 0; i < MAX_ORIGINS; i++) {
		if (!dwarf_attr(&origin, DW_AT_abstract_origin, &attr) &&
		    !dwarf_attr(&origin, DW_AT_specification, &attr))
			break;
		if (!dwarf_formref_die(&attr, &next))
			break;
		origin = next;
	}
	if (origin.cu == die->cu || !dwarf_diecu(&origin, &unit, NULL, NULL) ||
	    dwarf_tag(&unit) != DW_TAG_compile_unit)
		return r->unit_name;
	name = dwarf_diename(&unit);
	return name ? number_of(r, source_name(&unit, name)) : (int)r->unit_name;
}

/* The number of the function being walked: it is kept once it holds a thing. */
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
		return no_memory(r);
	c->function = f;
	name = dwarf_diename(r->function);
	n = number_of(r, name ? name : "?");
	if (n < 0)
		return n;
	unit = unit_of(r, r->function);
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

/* Return: a string's number, 0 if it is not told, or a negative errno. */
static int call_file(struct reader *r, Dwarf_Word index)
{
	const char *name;

	if (!r->files_read) {
		r->files_read = true;
		if (dwarf_getsrcfiles(r->unit, &r->files, &r->nr_files))
			r->files = NULL;
	}
	if (!r->files || index >= r->nr_files)
		return 0;
	name = dwarf_filesrc(r->files, index, NULL, NULL);
	return name ? number_of(r, source_name(r->unit, name)) : 0;
}

static Dwarf_Word constant(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attr), &value))
		return 0;
	return value;
}

static int chain(struct reader *r)
{
	char text[2048];
	size_t len = 0;

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
	len = strtab_add(&r->c->strings, text);
	return (int)len < 0 ? no_memory(r) : (int)len;
}

static int add_range(struct reader *r, uint64_t start, uint64_t end, void *arg)
{
	struct census_range *range;
	struct census_site *site = arg;

	range = array_grow(r->range, r->nr_ranges, sizeof(*range));
	if (!range)
		return no_memory(r);
	r->range = range;
	range[r->nr_ranges++] = (struct census_range){
		start, end, r->c->nr_sites,
	};
	if (!site->address || start < site->address)
		site->address = start;
	return 0;
}

/* An accessor's instance or copy; inside it, @in holds. */
static int add_site(struct reader *r, Dwarf_Die *die, uint32_t name,
		    unsigned int class, bool copy, struct around *in)
{
	struct census *c = r->c;
	struct census_site *site;
	int n, where = 0, function = function_number(r);
	int err;

	if (function < 0)
		return function;
	n = copy ? 0 : chain(r);
	if (n >= 0 && !copy)
		where = call_file(r, constant(die, DW_AT_call_file));
	if (n < 0 || where < 0)
		return n < 0 ? n : where;
	site = array_grow(c->site, c->nr_sites, sizeof(*site));
	if (!site)
		return no_memory(r);
	c->site = site;
	site += c->nr_sites;
	*site = (struct census_site){
		.name = name, .chain = n, .function = function,
		.call_file = where, .outer = in->outer, .copy = copy,
		.call_line = copy ? 0 : constant(die, DW_AT_call_line),
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
		return no_memory(r);
	c->note = note;
	note[c->nr_notes++] = (struct census_note){
		.name = name, .function = function, .class = class,
		.address = address,
	};
	return 0;
}

/*
 * class_of() - CENSUS_ bits of the function @die, whose name has number @n
 * A method in Rust or C++ may be called page_count(), and is none of ours. Their
 * names are mangled for the linker; those of C are not.
 */
static int class_of(struct reader *r, Dwarf_Die *die, uint32_t n)
{
	int class = census_class(r->c, n);
	Dwarf_Attribute attr;
	const char *name;

	if (class < 0)
		return no_memory(r);
	if (!class)
		return 0;
	name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name,
						     &attr));
	if (name && name[0] == '_' && (name[1] == 'R' || name[1] == 'Z'))
		return 0;
	return class;
}

static int lowest(struct reader *r, uint64_t start, uint64_t end, void *arg)
{
	uint64_t *address = arg;

	if (!*address || start < *address)
		*address = start;
	return 0;
}

static int walk(struct reader *r, Dwarf_Die *die, struct around in);

static int inlined(struct reader *r, Dwarf_Die *die, struct around in)
{
	const char *name = dwarf_diename(die);
	int n = number_of(r, name ? name : "?"), class, err = 0;
	uint64_t address = 0;

	if (n < 0)
		return n;
	class = class_of(r, die, n);
	if (class < 0)
		return class;
	if (class & CENSUS_NOTED && r->c->notes) {
		err = for_ranges(r, die, lowest, &address);
		if (!err)
			err = add_note(r, n, class & CENSUS_NOTED, address);
	}
	if (!err && class & CENSUS_ACCESSOR)
		err = add_site(r, die, n, class, false, &in);
	if (err)
		return err;
	r->inlines[r->nr_inlines++] = census_text(r->c, n);
	err = walk(r, die, in);
	r->nr_inlines--;
	return err;
}

static int called(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die callee;
	const char *name;
	Dwarf_Addr address = 0;
	int n, class;

	if (!dwarf_attr(die, DW_AT_call_origin, &attr) &&
	    !dwarf_attr(die, DW_AT_abstract_origin, &attr))
		return 0;	/* by a pointer */
	if (!dwarf_formref_die(&attr, &callee))
		return bad(r);
	name = dwarf_diename(&callee);
	n = name ? number_of(r, name) : 0;
	if (n <= 0)
		return n;
	class = class_of(r, &callee, n);
	if (class < 0)
		return class;
	class &= CENSUS_NOTED;
	if (!class && !dwarf_hasattr(&callee, DW_AT_declaration))
		class = CENSUS_CALLED;
	if (!class)
		return 0;
	/* where it returns to, in DWARF 5 and in gcc's DWARF 4 */
	if (dwarf_attr(die, DW_AT_call_return_pc, &attr) ||
	    dwarf_attr(die, DW_AT_call_pc, &attr) ||
	    dwarf_attr(die, DW_AT_low_pc, &attr))
		dwarf_formaddr(&attr, &address);
	return add_note(r, n, class, address ? address + r->bias : 0);
}

/*
 * is_linked() - is there code of the function @die?
 * A linker leaves entries of what it dropped, at addresses where no code is. Only
 * where it begins is asked: of split objects for riscv64 no end is known.
 * Return: 1 or 0; or a negative errno
 */
static int is_linked(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	size_t n = 0;

	if (!dwarf_lowpc(die, &start))
		return !!text_of(r, start + r->bias, start + r->bias);
	while ((at = dwarf_ranges(die, at, &base, &start, &end)) > 0 &&
	       ++n < 1 << 20)
		if (text_of(r, start + r->bias, start + r->bias))
			return 1;
	return at < 0 ? bad(r) : 0;
}

static int function(struct reader *r, Dwarf_Die *die, unsigned int depth)
{
	Dwarf_Die *outer_function = r->function;
	int outer_number = r->function_number, class = 0, n = 0, err = 0;
	size_t nr_inlines = r->nr_inlines, first = r->first_inline;
	struct around in = { .outer = -1, .depth = depth };
	const char *name;

	if (!dwarf_hasattr(die, DW_AT_low_pc) &&
	    !dwarf_hasattr(die, DW_AT_ranges))
		return 0;	/* a declaration, or the inlines' pattern */
	err = is_linked(r, die);
	if (err <= 0)
		return err;
	r->function = die;
	r->function_number = -1;
	r->first_inline = nr_inlines;
	name = dwarf_diename(die);
	if (name) {
		n = number_of(r, name);
		class = n < 0 ? n : class_of(r, die, n);
	}
	if (class < 0)
		return class;
	err = 0;
	if (class & CENSUS_ACCESSOR) {
		err = add_site(r, die, n, class, true, &in);
		r->inlines[r->nr_inlines++] = census_text(r->c, n);
	}
	if (!err)
		err = walk(r, die, in);
	r->function = outer_function;
	r->function_number = outer_number;
	r->nr_inlines = nr_inlines;
	r->first_inline = first;
	return err;
}

static int entry(struct reader *r, Dwarf_Die *die, struct around in)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
		return function(r, die, in.depth);
	case DW_TAG_inlined_subroutine:
		return r->function ? inlined(r, die, in) : 0;
	case DW_TAG_call_site:
	case DW_TAG_GNU_call_site:
		return r->function && r->c->notes ? called(r, die) : 0;
	case DW_TAG_lexical_block:
	case DW_TAG_namespace:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
		return walk(r, die, in);
	default:
		return 0;
	}
}

/* All that is directly in @die. */
static int walk(struct reader *r, Dwarf_Die *die, struct around in)
{
	Dwarf_Off before = dwarf_dieoffset(die), offset;
	Dwarf_Die child;
	int ret = dwarf_child(die, &child), err;

	if (++in.depth >= MAX_DEPTH)
		return cut(r, "its entries are nested too deep");
	for (; !ret; ret = dwarf_siblingof(&child, &child)) {
		offset = dwarf_dieoffset(&child);
		if (offset <= before || !r->budget--)
			return cut(r, "its entries lead back to each other");
		before = offset;
		err = entry(r, &child, in);
		if (err)
			return err;
	}
	return ret < 0 ? bad(r) : 0;
}

/* What of the compiler's name and options is the name: "GNU C11 12.2.0" */
static int compiler(struct reader *r, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *producer = dwarf_formstring(dwarf_attr(die, DW_AT_producer,
							   &attr));
	const char *options;
	char *name;
	int n;

	if (!producer)
		producer = "unknown compiler";
	options = strstr(producer, " -");
	name = strndup(producer, options ? (size_t)(options - producer) :
		       strlen(producer));
	if (!name)
		return no_memory(r);
	n = number_of(r, name);
	free(name);
	return n;
}

/* @split: the same unit's entries where they are in a file of their own */
static int read_unit(struct reader *r, Dwarf_Die *die, Dwarf_Die *split,
		     uint8_t type)
{
	Dwarf_Die *holder = split->cu ? split : die;
	Dwarf *dwarf = dwarf_cu_getdwarf(holder->cu);
	Dwarf_Off start = dwarf_dieoffset(holder) - dwarf_cuoffset(holder);
	Dwarf_Off next = 0;
	bool assembly = dwarf_srclang(holder) == DW_LANG_Mips_Assembler;
	struct around in = { .outer = -1 };
	Dwarf_Attribute attr;
	const char *name;
	size_t header;
	int n;

	if (type == DW_UT_skeleton && !split->cu) {
		name = dwarf_formstring(dwarf_attr(die, DW_AT_dwo_name, &attr) ?:
					dwarf_attr(die, DW_AT_GNU_dwo_name,
						   &attr));
		return errmsg_set(r->msg, -ENOENT,
			       "%s: its split debug information %s is not there: run this where it was built",
			       r->where, name ? name : "(.dwo)");
	}
	if (dwarf_next_unit(dwarf, start, &next, &header, NULL, NULL, NULL,
			    NULL, NULL, NULL))
		return bad(r);
	r->budget = next - start;
	r->unit = die;
	r->files_read = false;
	name = dwarf_diename(holder) ?: dwarf_diename(die);
	n = number_of(r, name ? source_name(die, name) : "?");
	if (n < 0)
		return n;
	r->unit_name = n;
	/* units of assembly may stand before the others */
	if (!r->file->compiler || (r->assembled && !assembly)) {
		n = compiler(r, holder);
		if (n < 0)
			return n;
		r->file->compiler = n;
		r->assembled = assembly;
	}
	r->file->units++;
	return walk(r, holder, in);
}

static int read_units(struct reader *r, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die, split;
	uint8_t type;
	int ret, err;

	while (!(ret = dwarf_get_units(dwarf, unit, &unit, NULL, &type, &die,
				       &split))) {
		/* of types and of another's shared entries, nothing is code */
		if (type != DW_UT_compile && type != DW_UT_skeleton)
			continue;
		err = read_unit(r, &die, &split, type);
		if (err)
			return err;
	}
	return ret < 0 ? bad(r) : 0;
}

static const char *arch_name(GElf_Half machine, char *text, size_t size)
{
	static const struct {
		GElf_Half machine;
		const char *name;
	} names[] = {
		{ EM_X86_64, "x86-64" }, { EM_386, "i386" },
		{ EM_AARCH64, "arm64" }, { EM_ARM, "arm" },
		{ EM_RISCV, "riscv" }, { EM_PPC64, "ppc64" },
		{ EM_PPC, "ppc" }, { EM_S390, "s390" }, { EM_MIPS, "mips" },
		{ EM_SPARCV9, "sparc64" }, { EM_PARISC, "parisc" },
		{ EM_LOONGARCH, "loongarch" },
	};

	snprintf(text, size, "EM_%u", machine);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].machine == machine)
			snprintf(text, size, "%s", names[i].name);
	return text;
}

/*
 * Sections that are executed, at the addresses that the file itself tells; those
 * of a relocatable one libdwfl has given to it.
 */
static int read_sections(struct reader *r, Elf *elf)
{
	Elf_Scn *section = NULL;
	struct text *text;
	GElf_Shdr shdr;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &shdr) ||
		    !(shdr.sh_flags & SHF_EXECINSTR) || !shdr.sh_size)
			continue;
		text = array_grow(r->text, r->nr_text, sizeof(*text));
		if (!text)
			return no_memory(r);
		r->text = text;
		text[r->nr_text++] = (struct text){
			shdr.sh_addr, shdr.sh_addr + shdr.sh_size,
		};
		r->file->text += shdr.sh_size;
	}
	return 0;
}

static bool is_of_kind(const struct census_file *f, const GElf_Ehdr *ehdr)
{
	return f->machine == ehdr->e_machine &&
	       f->elf_class == ehdr->e_ident[EI_CLASS] &&
	       f->data == ehdr->e_ident[EI_DATA];
}

static int read_identity(struct reader *r, Dwfl_Module *module, Elf *elf)
{
	struct census_file *f = r->file;
	const unsigned char *id;
	GElf_Addr where;
	GElf_Ehdr ehdr;
	int len;

	if (!gelf_getehdr(elf, &ehdr))
		return errmsg_set(r->msg, -EINVAL, "%s: %s", r->where,
			       elf_errmsg(-1));
	/* members of an archive are one file: of one kind, then */
	if (f->machine && !is_of_kind(f, &ehdr))
		return errmsg_set(r->msg, -EINVAL,
			       "%s: its members are of different architectures",
			       f->path);
	f->machine = ehdr.e_machine;
	f->elf_class = ehdr.e_ident[EI_CLASS];
	f->data = ehdr.e_ident[EI_DATA];
	arch_name(f->machine, f->arch, sizeof(f->arch));
	if (!is_of_kind(r->c->file, &ehdr))
		return errmsg_set(r->msg, -EINVAL,
			       "%s is for %s, %s for %s: a census is of one architecture",
			       r->c->file->path, r->c->file->arch, f->path,
			       strcmp(r->c->file->arch, f->arch) ? f->arch :
			       "another size or byte order of it");
	len = dwfl_module_build_id(module, &id, &where);
	for (int i = 0; i < len && i < 20; i++)
		sprintf(f->build_id + 2 * i, "%02x", id[i]);
	return 0;
}

/* "do_fault.constprop.0.cold" is do_fault */
static int base_name(struct reader *r, const char *name)
{
	static const char *const suffixes[] = {
		".isra", ".part", ".cold", ".constprop", ".localalias",
		".lto_priv", ".llvm",
	};
	char base[256];
	char *dot;

	snprintf(base, sizeof(base), "%s", name);
	for (dot = strchr(base, '.'); dot; dot = strchr(dot + 1, '.'))
		for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes);
		     i++)
			if (!strncmp(dot, suffixes[i], strlen(suffixes[i])) &&
			    dot > base)
				*dot = '\0';
	return number_of(r, base);
}

/* What stands before a function for its caller or for ftrace is no function. */
static bool is_padding(const char *name)
{
	return !strncmp(name, "__pfx_", 6) || !strncmp(name, "__cfi_", 6);
}

static int read_symbols(struct reader *r, Dwfl_Module *module)
{
	int nr = dwfl_module_getsymtab(module);
	struct census *c = r->c;
	struct census_symbol *s;
	GElf_Addr address;
	const char *name;
	GElf_Sym sym;
	int n;

	for (int i = 1; i < nr; i++) {
		name = dwfl_module_getsym_info(module, i, &sym, &address, NULL,
					       NULL, NULL);
		if (!name || !*name || is_padding(name) || !sym.st_size ||
		    sym.st_shndx == SHN_UNDEF ||
		    GELF_ST_TYPE(sym.st_info) != STT_FUNC)
			continue;
		n = base_name(r, name);
		if (n < 0)
			return n;
		s = array_grow(c->symbol, c->nr_symbols, sizeof(*s));
		if (!s)
			return no_memory(r);
		c->symbol = s;
		s[c->nr_symbols++] = (struct census_symbol){ n, sym.st_size };
	}
	return 0;
}

static const char *section_name(Elf *elf, const GElf_Shdr *shdr)
{
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return "";
	return elf_strptr(elf, names, shdr->sh_name) ?: "";
}

static bool is_debug_info(Elf *elf, const GElf_Shdr *shdr)
{
	const char *name = section_name(elf, shdr);

	return !strcmp(name, ".debug_info") || !strcmp(name, ".zdebug_info");
}

static bool has_debug_info(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &shdr) && is_debug_info(elf, &shdr))
			return true;
	return false;
}

/* gcc's: nothing to execute in it, and its debug information is a part only */
static bool is_bytecode(Elf *elf)
{
	Elf_Scn *section = NULL;
	bool lto = false;
	GElf_Shdr shdr;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &shdr))
			continue;
		if (shdr.sh_flags & SHF_EXECINSTR && shdr.sh_size)
			return false;
		lto |= !strncmp(section_name(elf, &shdr), ".gnu.lto_", 9);
	}
	return lto;
}

static int bytecode(struct reader *r)
{
	return errmsg_set(r->msg, -EINVAL,
		       "%s: LTO bytecode, which is no code yet: take the census of what it is linked to",
		       r->where);
}

/*
 * Without a word libdwfl leaves as they are the relocations of machines that it
 * does not know, and names are anything then. Those that it has made are gone.
 */
static bool is_relocated(Elf *elf)
{
	Elf_Scn *section = NULL, *of;
	GElf_Shdr shdr, target;
	GElf_Ehdr ehdr;

	if (!gelf_getehdr(elf, &ehdr) || ehdr.e_type != ET_REL)
		return true;
	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &shdr) || !shdr.sh_size ||
		    (shdr.sh_type != SHT_REL && shdr.sh_type != SHT_RELA))
			continue;
		of = elf_getscn(elf, shdr.sh_info);
		if (of && gelf_getshdr(of, &target) &&
		    is_debug_info(elf, &target))
			return false;
	}
	return true;
}

static int read_code(struct reader *r, Dwfl_Module *module, Elf *elf,
		     Dwarf *dwarf)
{
	size_t first = r->c->nr_sites;
	size_t functions = r->c->nr_functions;
	int err;

	r->nr_text = 0;
	r->nr_ranges = 0;
	err = read_sections(r, elf);
	if (!err)
		err = read_units(r, dwarf);
	if (!err)
		err = read_symbols(r, module);
	if (!err && r->c->notes &&
	    census_note_pfn_to_page(r->c, functions, module))
		err = no_memory(r);
	if (!err && census_share(r->c->site, first, r->c->nr_sites - first,
				 r->range, r->nr_ranges))
		err = no_memory(r);
	return err;
}

static int read_module(Dwfl_Module *module, void **unused, const char *name,
		       Dwarf_Addr start, void *arg)
{
	struct reader *r = arg;
	GElf_Addr bias;
	Dwarf *dwarf;
	Elf *elf;
	int err;

	if (*name)	/* a member's; and this is "ARCHIVE(MEMBER)" */
		dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL,
				 &r->where, NULL);
	elf = dwfl_module_getelf(module, &bias);
	if (!elf)
		return errmsg_set(r->msg, -EINVAL, "%s: %s", r->where,
			       dwfl_errmsg(-1));
	err = read_identity(r, module, elf);
	if (err)
		return err;
	if (is_bytecode(elf))
		return bytecode(r);
	dwarf = dwfl_module_getdwarf(module, &r->bias);
	if (!dwarf && r->archive && !has_debug_info(elf)) {
		r->file->left_out++;
		return 0;
	}
	if (!dwarf)
		return errmsg_set(r->msg, -ENODATA,
			       "%s: no debug information (%s): it takes CONFIG_DEBUG_INFO, or the -dbg package",
			       r->where, dwfl_errmsg(-1));
	if (!is_relocated(dwarf_getelf(dwarf)))
		return errmsg_set(r->msg, -EINVAL,
			       "%s: libdw here cannot relocate %s: link it first",
			       r->where, r->file->arch);
	/* libdwfl moves what may be loaded anywhere: arm64's vmlinux, too */
	r->bias -= bias;
	return read_code(r, module, elf, dwarf);
}

static int read_modules(struct reader *r)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);
	const char *where = r->where;
	int err = 0;

	if (!dwfl)
		return no_memory(r);
	dwfl_report_begin(dwfl);
	if (!dwfl_report_offline(dwfl, "", r->path, -1))
		err = errmsg_set(r->msg, -EINVAL, "%s: %s", r->where,
			      dwfl_errmsg(-1));
	dwfl_report_end(dwfl, NULL, NULL);
	if (!err && dwfl_getmodules(dwfl, read_module, r, 0) && !*r->msg->text)
		err = bad(r);
	if (!err && *r->msg->text)
		err = -EINVAL;
	dwfl_end(dwfl);
	r->where = where;	/* a member's name went with it */
	return err;
}

/* What LLVM's bytecode begins with: as it is, and in a wrapper */
static bool is_llvm(const char *magic)
{
	return !memcmp(magic, "BC\xc0\xde", 4) ||
	       !memcmp(magic, "\xde\xc0\x17\x0b", 4);
}

static int read_file(struct reader *r);

/*
 * Of a thin archive a member is a file, its path told from where the archive is;
 * of another it stands in @f, and libdwfl would not say which one it cannot take.
 */
static int read_member(struct reader *r, FILE *f, const char *name)
{
	const char *archive = r->path, *slash = strrchr(archive, '/');
	int dir = *name != '/' && slash ? slash + 1 - archive : 0, err = 0;
	char magic[SELFMAG] = "", *where, *path;

	if (asprintf(&where, "%s(%s)", archive, name) < 0)
		return no_memory(r);
	if (asprintf(&path, "%.*s%s", dir, archive, name) < 0) {
		free(where);
		return no_memory(r);
	}
	r->where = where;
	r->file->members++;
	if (r->thin) {
		r->path = path;
		err = read_file(r);
		r->path = archive;
	} else if (fread(magic, sizeof(magic), 1, f) == 1 && is_llvm(magic)) {
		err = bytecode(r);
	} else if (memcmp(magic, ELFMAG, SELFMAG)) {
		err = errmsg_set(r->msg, -EINVAL, "%s: not an ELF file", where);
	}
	r->where = archive;
	free(where);
	free(path);
	return err;
}

static bool is_member(const struct ar_hdr *h)
{
	return *h->ar_name != '/' || isdigit((unsigned char)h->ar_name[1]);
}

/* "NAME/", or "/OFFSET" of a name in @long_names, which ends with "/\n" there */
static char *member_name(const struct ar_hdr *h, const char *long_names)
{
	const char *name = h->ar_name, *end = name + sizeof(h->ar_name);
	char *digits;
	size_t at;

	if (*name == '/') {
		at = strtoul(name + 1, &digits, 10);
		if (*digits != ' ' || !long_names || at >= strlen(long_names))
			return NULL;	/* "/OFFSET:" is in another archive */
		name = long_names + at;
		end = name + strcspn(name, "\n");
	}
	while (end > name && (end[-1] == ' ' || end[-1] == '/'))
		end--;
	return strndup(name, end - name);
}

static int damaged(struct reader *r)
{
	return errmsg_set(r->msg, -EINVAL,
		       "%s: a damaged archive, or one with another in it",
		       r->where);
}

/* @length: of what follows the header in @f */
static int read_header(struct reader *r, FILE *f, const struct ar_hdr *h,
		       size_t length, char **long_names)
{
	char *name;
	int err;

	if (!strncmp(h->ar_name, "// ", 3) && !*long_names) {
		*long_names = calloc(length + 1, 1);
		if (!*long_names)
			return no_memory(r);
		if (fread(*long_names, 1, length, f) != length)
			return damaged(r);
	}
	if (!is_member(h))
		return 0;	/* that, or a table of symbols */
	name = member_name(h, *long_names);
	if (!name)
		return damaged(r);
	err = read_member(r, f, name);
	free(name);
	return err;
}

/*
 * ar(5) as GNU's and LLVM's write it. libdwfl knows no thin archives; of others
 * it reads the members, once they are known to be all there.
 */
static int read_archive(struct reader *r, FILE *f, uint64_t size)
{
	uint64_t at = SARMAG, length;
	char *long_names = NULL;
	struct ar_hdr h;
	int err = 0;

	while (!err && at + 1 < size) {
		if (fseeko(f, at, SEEK_SET) || fread(&h, sizeof(h), 1, f) != 1 ||
		    memcmp(h.ar_fmag, ARFMAG, sizeof(h.ar_fmag))) {
			err = damaged(r);
			break;
		}
		at += sizeof(h);
		length = strtoul(h.ar_size, NULL, 10);
		if (r->thin && is_member(&h))
			length = 0;	/* there */
		if (length > size - at)
			err = damaged(r);
		else
			err = read_header(r, f, &h, length, &long_names);
		at += length + (length & 1);
	}
	free(long_names);
	if (!err && !r->file->members)
		err = errmsg_set(r->msg, -EINVAL, "%s: an archive without members",
			      r->where);
	if (!err && !r->thin)
		err = read_modules(r);
	if (!err && r->file->left_out == r->file->members)
		err = errmsg_set(r->msg, -ENODATA,
			      "%s: no debug information in any member: it takes CONFIG_DEBUG_INFO",
			      r->where);
	return err;
}

static int read_file(struct reader *r)
{
	char magic[SARMAG] = "";
	struct stat st;
	FILE *f;
	int err;

	if (stat(r->path, &st) || access(r->path, R_OK))
		return errmsg_set(r->msg, -errno, "%s: %s", r->where,
			       strerror(errno));
	if (!S_ISREG(st.st_mode))
		return errmsg_set(r->msg, -EINVAL, "%s: not a file", r->where);
	f = fopen(r->path, "re");
	if (!f)
		return errmsg_set(r->msg, -errno, "%s: %s", r->where,
			       strerror(errno));
	if (fread(magic, 1, sizeof(magic), f) && is_llvm(magic)) {
		err = bytecode(r);
	} else if (memcmp(magic, ARMAG, SARMAG) && memcmp(magic, THIN, SARMAG)) {
		err = read_modules(r);
	} else if (r->archive) {
		err = damaged(r);
	} else {
		r->archive = true;
		r->thin = magic[2] == THIN[2];
		err = read_archive(r, f, st.st_size);
	}
	fclose(f);
	return err;
}

int census_read(struct census *c, const char *path, struct errmsg *msg)
{
	size_t sites = c->nr_sites, functions = c->nr_functions;
	size_t notes = c->nr_notes, symbols = c->nr_symbols;
	struct reader r = { .c = c, .msg = msg, .function_number = -1 };
	struct census_file *f;
	int err;

	msg->text[0] = '\0';
	f = array_grow(c->file, c->nr_files, sizeof(*f));
	if (!f)
		return errmsg_set(msg, -ENOMEM, "%s: out of memory", path);
	c->file = f;
	f += c->nr_files;
	*f = (struct census_file){
		.path = path, .first = sites, .first_symbol = symbols,
	};
	r.file = f;
	r.path = r.where = path;
	err = read_file(&r);
	free(r.text);
	free(r.range);
	if (err) {
		c->nr_sites = sites;
		c->nr_functions = functions;
		c->nr_notes = notes;
		c->nr_symbols = symbols;
		return err;
	}
	f->nr = c->nr_sites - sites;
	f->nr_symbols = c->nr_symbols - symbols;
	c->nr_files++;
	return 0;
}
