/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the accessors are in compiled code: every inlined instance and every
 * out-of-line copy that the debug information tells of, and which bytes of
 * code each takes.
 *
 * A site's own bytes are those of which it is the innermost accessor: helpers
 * that are no accessors (test_bit() in PageLocked()) are their accessor's. Its
 * whole is its own and that of the sites inside. So no byte is counted twice,
 * and the own bytes of all sites are the bytes of all accessors' code.
 */
#ifndef PFBENCH_CENSUS_H
#define PFBENCH_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/array.h"
#include "lib/strtab.h"
#include "lib/errmsg.h"

/* What a function's name makes of it. */
enum {
	CENSUS_LOOKUP = 1,	/* leads from any page to its head */
	CENSUS_ACCESSOR = 2,	/* is counted; look-ups are accessors too */
	CENSUS_PFN = 4,		/* what code calls that has a pfn */
	CENSUS_TRY_GET = 8,	/* takes a reference if there is one */
	CENSUS_CALLED = 16,	/* a function of the same unit */
	CENSUS_NOTED = CENSUS_PFN | CENSUS_TRY_GET,
};

/* Numbers of strings are of census.strings. */
struct census_site {
	uint32_t name;
	uint32_t chain;		/* inlines around it, innermost first: "a < b" */
	uint32_t function;	/* that holds it, in census.function */
	uint32_t call_file, call_line;	/* 0: not told, or a copy */
	int32_t outer;		/* the innermost site around it; -1: none */
	bool copy;		/* out of line */
	bool lookup;		/* a look-up, not part of another */
	bool hidden;		/* a look-up in another accessor */
	uint64_t address;	/* its lowest; 0: no code */
	uint64_t own, whole;	/* bytes */
};

/* A function that holds a site, or (with notes) a note. */
struct census_function {
	uint32_t name, unit;	/* unit: the source file compiled */
	uint32_t file;		/* in census.file */
	uint64_t start, end;	/* of its largest piece */
};

/* A call of what has one of these classes, or an inlined instance. */
struct census_note {
	uint32_t name, function;
	unsigned int class;
	uint64_t address;
};

struct census_symbol {
	uint32_t name;		/* without the suffixes of gcc's clones */
	uint64_t size;
};

struct census_file {
	const char *path;
	char arch[16];		/* as libelf knows it: "x86-64"; "EM_n" */
	unsigned int machine, elf_class, data;	/* e_machine, EI_CLASS, EI_DATA */
	char build_id[41];	/* hexadecimal; empty: none */
	uint32_t compiler;	/* of the first unit in C; without options */
	uint64_t text;		/* bytes of sections that are executed */
	size_t units;
	size_t members, left_out;	/* of an archive; without debug information */
	size_t first, nr;	/* its sites */
	size_t first_symbol, nr_symbols;	/* functions with a size */
};

struct census {
	struct strtab strings;
	unsigned char *class;	/* by string, CENSUS_UNKNOWN until asked */
	size_t nr_classes;
	const char *const *extra;	/* --name: globs, after them NULL */
	bool notes;		/* wanted */

	struct census_file *file;
	struct census_site *site;
	struct census_function *function;
	struct census_note *note;
	struct census_symbol *symbol;
	size_t nr_files, nr_sites, nr_functions, nr_notes, nr_symbols;
};

static inline const char *census_text(const struct census *c, uint32_t number)
{
	return c->strings.text[number];
}

/* CENSUS_ bits of the string of that number; negative: out of memory. */
int census_class(struct census *c, uint32_t number);

/*
 * census_read() - add what one file holds
 * @path: an ELF file, relocatable or linked, of the architecture of those before;
 *	or an archive of such, thin or not. Its debug information may be
 *	compressed, split (.dwo), or in a file of its own where libdwfl finds it
 *	(by build-id or debug link).
 * Return: 0; a negative errno with a line in @msg; nothing was added then.
 */
int census_read(struct census *c, const char *path, struct errmsg *msg);

void census_free(struct census *c);

/* A piece of code that belongs to a site. */
struct census_range {
	uint64_t start, end;
	uint32_t site;
};

/*
 * census_share() - give each byte to the innermost site that has it
 *
 * Where sites overlap without one being inside the other, which compilers do
 * not mean to do, the later one has it. Fills in own and whole.
 * @range: of sites from number @first on; is sorted
 * Return: 0 or -ENOMEM
 */
int census_share(struct census_site *site, size_t first, size_t nr,
		 struct census_range *range, size_t nr_ranges);

#endif
