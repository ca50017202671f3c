// SPDX-License-Identifier: GPL-2.0
/* Units of debug information: the compiler and the source files of each. */
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census/reader.h"

/* "mm/swap.c", for any build directory */
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

/* The unit of the source of @die: gcc's LTO puts the code into other units. */
int dwarf_unit_of(struct reader *r, Dwarf_Die *die)
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
	if (!name)
		return r->unit_name;
	return reader_string(r, source_name(&unit, name));
}

/* Return: the number of a string, 0 if unknown, or a negative errno. */
int dwarf_call_file(struct reader *r, Dwarf_Word index)
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
	return name ? reader_string(r, source_name(r->unit, name)) : 0;
}
/* "GNU C11 12.2.0": the producer without its options */
static int compiler_name(struct reader *r, Dwarf_Die *die)
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
		return reader_no_memory(r);
	n = reader_string(r, name);
	free(name);
	return n;
}

/* @split: the entries of the unit if they are in a separate file */
static int read_unit(struct reader *r, Dwarf_Die *die, Dwarf_Die *split,
		     uint8_t type)
{
	Dwarf_Die *holder = split->cu ? split : die;
	Dwarf *dwarf = dwarf_cu_getdwarf(holder->cu);
	Dwarf_Off start = dwarf_dieoffset(holder) - dwarf_cuoffset(holder);
	Dwarf_Off next = 0;
	bool assembly = dwarf_srclang(holder) == DW_LANG_Mips_Assembler;
	Dwarf_Attribute attr;
	const char *name;
	size_t header;
	int n;

	if (type == DW_UT_skeleton && !split->cu) {
		name = dwarf_formstring(
			dwarf_attr(die, DW_AT_dwo_name, &attr) ?:
			dwarf_attr(die, DW_AT_GNU_dwo_name, &attr));
		return errmsg_set(r->msg, -ENOENT,
			       "%s: the split debug information %s is missing: run this in the build directory",
			       r->where, name ? name : "(.dwo)");
	}
	if (dwarf_next_unit(dwarf, start, &next, &header, NULL, NULL, NULL,
			    NULL, NULL, NULL))
		return reader_libdw_error(r);
	r->budget = next - start;
	r->unit = die;
	r->files_read = false;
	name = dwarf_diename(holder) ?: dwarf_diename(die);
	n = reader_string(r, name ? source_name(die, name) : "?");
	if (n < 0)
		return n;
	r->unit_name = n;
	/* units of assembly may come before the others */
	if (!r->file->compiler || (r->assembled && !assembly)) {
		n = compiler_name(r, holder);
		if (n < 0)
			return n;
		r->file->compiler = n;
		r->assembled = assembly;
	}
	r->file->units++;
	return dwarf_walk_unit(r, holder);
}

int dwarf_read_units(struct reader *r, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die, split;
	uint8_t type;
	int ret, err;

	while (!(ret = dwarf_get_units(dwarf, unit, &unit, NULL, &type, &die,
				       &split))) {
		/* type units and partial units hold no code */
		if (type != DW_UT_compile && type != DW_UT_skeleton)
			continue;
		err = read_unit(r, &die, &split, type);
		if (err)
			return err;
	}
	return ret < 0 ? reader_libdw_error(r) : 0;
}
