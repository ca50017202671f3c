/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find the accessors in compiled code: every inlined instance and every
 * out-of-line copy in the debug information, and the bytes of code of each.
 *
 * A site is an instance or a copy. Its own bytes are those whose innermost
 * accessor it is; helpers that are no accessors (test_bit() in PageLocked())
 * count for the accessor around them. Its whole bytes are its own and those of
 * the sites inside it. No byte is counted twice: the own bytes of all sites add
 * up to the code of all accessors.
 */
#ifndef PFBENCH_CENSUS_CENSUS_H
#define PFBENCH_CENSUS_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/array.h"
#include "lib/errmsg.h"
#include "lib/strtab.h"

/* The classes of a function, by its name; see names.def. */
enum {
	CENSUS_LOOKUP = 1,	/* leads from any page to its head */
	CENSUS_ACCESSOR = 2,	/* is counted; look-ups are accessors too */
	CENSUS_PFN = 4,		/* is called by code that has a pfn */
	CENSUS_TRY_GET = 8,	/* takes a reference if there is one */
	CENSUS_CALLED = 16,	/* is a function of the same unit */
	CENSUS_NOTED = CENSUS_PFN | CENSUS_TRY_GET,
};

/* Names are numbers of strings in census.strings. */
struct census_site {
	uint32_t name;
	uint32_t chain;		/* inlines around it, innermost first: "a < b" */
	uint32_t function;	/* around it, in census.function */
	uint32_t call_file, call_line;	/* 0: unknown, or a copy */
	int32_t outer;		/* the innermost site around it; -1: none */
	bool copy;		/* out of line */
	bool lookup;		/* a look-up, not part of another */
	bool hidden;		/* a look-up in another accessor */
	uint64_t address;	/* its lowest; 0: no code */
	uint64_t own, whole;	/* bytes */
};

/* A function that holds a site or a note. */
struct census_function {
	uint32_t name, unit;	/* unit: the source file compiled */
	uint32_t file;		/* in census.file */
	uint64_t start, end;	/* of its largest piece */
};

/* A call, or an inlined instance, of a function of one of these classes. */
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
	char arch[16];		/* "x86-64"; "EM_n" for an unknown machine */
	/* e_machine, EI_CLASS, EI_DATA */
	unsigned int machine, elf_class, data;
	char build_id[41];	/* hexadecimal; empty: none */
	uint32_t compiler;	/* of the first unit in C; without options */
	uint64_t text;		/* bytes of executable sections */
	size_t units;
	size_t members;		/* of an archive */
	size_t left_out;	/* members without debug information */
	size_t first, nr;	/* its sites */
	size_t first_symbol, nr_symbols;	/* functions with a size */
};

/* A piece of code that belongs to a site. */
struct census_range {
	uint64_t start, end;
	uint32_t site;
};

/* A kernel's struct page, and addresses; @size is 0 if no unit describes it */
struct census_page {
	uint64_t size;
	uint64_t flags, head;	/* offsets of flags, and of a tail's word */
	unsigned int head_bit;	/* PG_head */
	uint64_t vmemmap_base;	/* address of that variable of x86; 0: none */
	uint64_t stext, etext;	/* of these symbols; 0: none */
	bool has_flags, has_head, has_head_bit;
};

struct census {
	struct strtab strings;
	unsigned char *class;	/* by string; filled in by census_class() */
	size_t nr_classes;
	const char *const *extra;	/* --name: globs, then NULL */
	bool notes;		/* collect notes */
	bool ranges;		/* keep ranges */
	bool layout;		/* fill in page */

	struct census_page page;
	struct census_file *file;
	struct census_site *site;
	struct census_function *function;
	struct census_note *note;
	struct census_symbol *symbol;
	struct census_range *range;	/* by site, then by address */
	size_t nr_files, nr_sites, nr_functions, nr_notes, nr_symbols;
	size_t nr_ranges;
};

static inline const char *census_text(const struct census *c, uint32_t number)
{
	return c->strings.text[number];
}

/**
 * census_class() - the classes of a name
 * @number: of the string
 * Return: CENSUS_ bits, or -ENOMEM.
 */
int census_class(struct census *c, uint32_t number);

/**
 * census_read() - add the sites, functions and symbols of a file
 * @path: an ELF file, relocatable or linked, for the architecture of the files
 *	before; or an archive of such files, thin or not. The debug information
 *	may be compressed, split (.dwo), or in a separate file that libdwfl
 *	finds by build-id or debug link.
 *
 * Return: 0; a negative errno with a line in @msg, and nothing is added:
 * -ENODATA without debug information, -ENOENT without the .dwo, -EINVAL for a
 * file that is damaged or cannot be read here.
 */
int census_read(struct census *c, const char *path, struct errmsg *msg);

void census_free(struct census *c);

/**
 * census_share() - give each byte to the innermost site around it
 * @first: number of the first of @nr sites
 * @range: of these sites; sorted on return
 *
 * Fills in own and whole. Sites that overlap without nesting are a compiler's
 * mistake: the later site gets the bytes.
 *
 * Return: 0 or -ENOMEM.
 */
int census_share(struct census_site *site, size_t first, size_t nr,
		 struct census_range *range, size_t nr_ranges);

/**
 * census_pieces() - cut ranges into pieces of the innermost sites
 * @range: of any sites; sorted on return
 * @pieces: set to an array to free(): no two overlap, in the order of addresses
 *
 * The pieces of a site have as many bytes as the own bytes of census_share().
 *
 * Return: 0 or -ENOMEM.
 */
int census_pieces(struct census_range *range, size_t nr,
		  struct census_range **pieces, size_t *nr_pieces);

#endif
