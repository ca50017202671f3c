/* SPDX-License-Identifier: GPL-2.0 */
/* The state of the reader of a census, for the files that it consists of. */
#ifndef PFBENCH_CENSUS_READER_H
#define PFBENCH_CENSUS_READER_H

#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <sys/resource.h>

#include "census/census.h"

/* gcc nests a dozen inlines in the kernel; each may hold lexical blocks */
#define MAX_DEPTH 512
/* copy, abstract instance, declaration; gcc's LTO adds one */
#define MAX_ORIGINS 8

struct reader_section {
	uint64_t start, end;
};

struct reader {
	struct census *c;
	struct census_file *file;
	struct errmsg *msg;
	int err;		/* of the last module */
	const char *path;	/* being read: a file or a thin member */
	size_t size;		/* of that file, in bytes */
	const char *where;	/* for messages: "FILE" or "ARCHIVE(MEMBER)" */
	bool archive;

	struct reader_section *text;	/* executable */
	size_t nr_text;
	struct census_range *range;
	size_t nr_ranges;

	Dwarf_Die *unit;
	uint32_t unit_name;
	bool assembled;		/* file->compiler is an assembler */
	Dwarf_Files *files;	/* of the unit, once needed */
	size_t nr_files;
	bool files_read;
	size_t budget;		/* entries that fit into the rest of the unit */
	Dwarf_Addr bias;	/* from debug information to the file itself */

	Dwarf_Die *function;	/* being walked */
	int function_number;	/* -1: no site or note yet */
	const char *inlines[MAX_DEPTH];	/* around the entry, outermost first */
	size_t nr_inlines;
	size_t first_inline;	/* in the function being walked */
};

/* reader.c: errors, each with a line in r->msg; strings */
int reader_no_memory(struct reader *r);
int reader_damaged(struct reader *r, const char *what);
int reader_libdw_error(struct reader *r);
int reader_bytecode(struct reader *r);
int reader_string(struct reader *r, const char *text);

/* reader.c: a file or a member of a thin archive; the modules of a file */
int reader_read_file(struct reader *r);
int reader_read_modules(struct reader *r);

/* memory.c: limit what a file may take; read units within that limit */
void memory_limit(struct reader *r, struct rlimit *old, size_t file_size,
		  unsigned int mappings);
int memory_check_relocation(struct reader *r, Elf *elf);
void memory_unlimit(const struct rlimit *old);
int memory_read_units(struct reader *r, Dwarf *dwarf);

/* archive.c */
bool archive_magic(const char *magic);
int archive_read(struct reader *r, int fd, size_t size);

/* elf.c */
int elf_read_identity(struct reader *r, Dwfl_Module *module, Elf *elf);
int elf_read_sections(struct reader *r, Elf *elf);
int elf_read_symbols(struct reader *r, Dwfl_Module *module);
bool elf_has_debug_info(Elf *elf);
bool elf_is_bytecode(Elf *elf);
bool elf_is_relocated(Elf *elf);
bool elf_is_llvm(const char *magic);

/* dwarf_unit.c */
int dwarf_read_units(struct reader *r, Dwarf *dwarf);
int dwarf_unit_of(struct reader *r, Dwarf_Die *die);
int dwarf_call_file(struct reader *r, Dwarf_Word index);

/* page_layout.c: fill in census.page from a type, if it is the wanted one */
void page_layout_read_struct(struct reader *r, Dwarf_Die *die);
void page_layout_read_enum(struct reader *r, Dwarf_Die *die);
void page_layout_read_symbols(struct reader *r, Dwfl_Module *module);

/* dwarf.c: add the sites and notes of a unit */
int dwarf_walk_unit(struct reader *r, Dwarf_Die *unit);

#endif
