// SPDX-License-Identifier: GPL-2.0
/*
 * The reader of a census. libdwfl finds separate debug files, decompresses
 * sections and relocates objects; libdw reads the DWARF.
 *
 * The reader trusts no file: offsets must go forward, and the size of a section
 * bounds the depth and the number of its entries.
 */
#include <ar.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "census/pfn_to_page.h"
#include "census/reader.h"

int reader_no_memory(struct reader *r)
{
	return errmsg_set(r->msg, -ENOMEM,
			 "%s: out of memory: more than is left, or than the 400 MB that a file may take",
			 r->where);
}

int reader_damaged(struct reader *r, const char *what)
{
	return errmsg_set(r->msg, -EINVAL,
		       "%s: the debug information is damaged: %s",
		       r->where, what);
}

int reader_libdw_error(struct reader *r)
{
	int error = dwarf_errno();

	return reader_damaged(r, error ? dwarf_errmsg(error) :
			      "a section cannot be read, or not in 400 MB");
}

int reader_string(struct reader *r, const char *text)
{
	char clean[256];
	size_t i;
	int n;

	/* a name from a file is printed to terminals and in mails */
	for (i = 0; text[i] && i < sizeof(clean) - 1; i++)
		clean[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
	clean[i] = '\0';
	n = strtab_add(&r->c->strings, clean);
	return n < 0 ? reader_no_memory(r) : n;
}

int reader_bytecode(struct reader *r)
{
	return errmsg_set(r->msg, -EINVAL,
		       "%s: LTO bytecode, not machine code: take the census of the linked file",
		       r->where);
}

static int compare_ranges(const void *a, const void *b)
{
	const struct census_range *x = a, *y = b;

	if (x->site != y->site)
		return x->site < y->site ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* Add the ranges of a module to those of the census. */
static int keep_ranges(struct reader *r)
{
	struct census *c = r->c;
	size_t first = c->nr_ranges;
	struct census_range *range;

	for (size_t i = 0; c->ranges && i < r->nr_ranges; i++) {
		range = array_grow(c->range, c->nr_ranges, sizeof(*range));
		if (!range)
			return reader_no_memory(r);
		c->range = range;
		range[c->nr_ranges++] = r->range[i];
	}
	if (c->nr_ranges > first)
		qsort(c->range + first, c->nr_ranges - first,
		      sizeof(*c->range), compare_ranges);
	return 0;
}

static int read_code(struct reader *r, Dwfl_Module *module, Elf *elf,
		     Dwarf *dwarf)
{
	size_t first = r->c->nr_sites;
	size_t functions = r->c->nr_functions;
	int err;

	r->nr_text = 0;
	r->nr_ranges = 0;
	err = elf_read_sections(r, elf);
	if (!err)
		err = memory_read_units(r, dwarf);
	if (!err)
		err = elf_read_symbols(r, module);
	if (!err && r->c->layout)
		page_layout_read_symbols(r, module);
	if (!err && r->c->notes &&
	    census_note_pfn_to_page(r->c, functions, module))
		err = reader_no_memory(r);
	if (!err && census_share(r->c->site, first, r->c->nr_sites - first,
				 r->range, r->nr_ranges))
		err = reader_no_memory(r);
	if (!err)
		err = keep_ranges(r);
	return err;
}

static int read_module(struct reader *r, Dwfl_Module *module, const char *name)
{
	GElf_Addr bias;
	Dwarf *dwarf;
	Elf *elf;
	int err;

	if (*name)	/* of a member; the module is "ARCHIVE(MEMBER)" */
		dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL,
				 &r->where, NULL);
	elf = dwfl_module_getelf(module, &bias);
	if (!elf)
		return errmsg_set(r->msg, -EINVAL, "%s: %s", r->where,
			       dwfl_errmsg(-1));
	err = elf_read_identity(r, module, elf);
	if (err)
		return err;
	if (elf_is_bytecode(elf))
		return reader_bytecode(r);
	err = memory_check_relocation(r, elf);
	if (err)
		return err;
	dwarf = dwfl_module_getdwarf(module, &r->bias);
	if (!dwarf && r->archive && !elf_has_debug_info(elf)) {
		r->file->left_out++;
		return 0;
	}
	if (!dwarf)
		return errmsg_set(r->msg, -ENODATA,
			       "%s: no debug information (%s): build with CONFIG_DEBUG_INFO, or install the -dbg package",
			       r->where, dwfl_errmsg(-1));
	if (!elf_is_relocated(dwarf_getelf(dwarf)))
		return errmsg_set(r->msg, -EINVAL,
			       "%s: the libdw here cannot relocate %s: link it first",
			       r->where, r->file->arch);
	/* libdwfl moves files that may be loaded anywhere: arm64's vmlinux */
	r->bias -= bias;
	return read_code(r, module, elf, dwarf);
}

/* dwfl_getmodules() does not return the errno: keep it in the reader. */
static int on_module(Dwfl_Module *module, void **unused, const char *name,
		     Dwarf_Addr start, void *arg)
{
	struct reader *r = arg;

	r->err = read_module(r, module, name);
	return r->err ? DWARF_CB_ABORT : DWARF_CB_OK;
}

int reader_read_modules(struct reader *r)
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
		return reader_no_memory(r);
	dwfl_report_begin(dwfl);
	if (!dwfl_report_offline(dwfl, "", r->path, -1))
		err = errmsg_set(r->msg, -EINVAL, "%s: %s", r->where,
			      dwfl_errmsg(-1));
	dwfl_report_end(dwfl, NULL, NULL);
	if (!err && dwfl_getmodules(dwfl, on_module, r, 0))
		err = r->err ? r->err : reader_libdw_error(r);
	dwfl_end(dwfl);
	r->where = where;	/* dwfl_end() freed the name of a member */
	return err;
}

int reader_read_file(struct reader *r)
{
	char magic[SARMAG] = "";
	struct stat st = { 0 };
	struct rlimit old;
	int err, fd;

	if (!stat(r->path, &st) && !S_ISREG(st.st_mode))
		return errmsg_set(r->msg, -EINVAL, "%s: not a file", r->where);
	fd = open(r->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errmsg_set(r->msg, -errno, "%s: %s", r->where,
				  strerror(errno));
	if (pread(fd, magic, sizeof(magic), 0) < 0)
		*magic = '\0';
	/* by libelf; archive_read() maps an archive once more */
	memory_limit(r, &old, st.st_size, archive_magic(magic) ? 2 : 1);
	if (elf_is_llvm(magic))
		err = reader_bytecode(r);
	else if (archive_magic(magic))
		err = archive_read(r, fd, st.st_size);
	else
		err = reader_read_modules(r);
	memory_unlimit(&old);
	close(fd);
	return err;
}

int census_read(struct census *c, const char *path, struct errmsg *msg)
{
	size_t sites = c->nr_sites, functions = c->nr_functions;
	size_t notes = c->nr_notes, symbols = c->nr_symbols;
	size_t ranges = c->nr_ranges;
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
	err = reader_read_file(&r);
	free(r.text);
	free(r.range);
	if (err) {
		c->nr_sites = sites;
		c->nr_functions = functions;
		c->nr_notes = notes;
		c->nr_symbols = symbols;
		c->nr_ranges = ranges;
		return err;
	}
	f->nr = c->nr_sites - sites;
	f->nr_symbols = c->nr_symbols - symbols;
	c->nr_files++;
	return 0;
}
