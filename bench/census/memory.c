// SPDX-License-Identifier: GPL-2.0
/*
 * The memory that a file may take. A small file may claim, or unpack to, many
 * gigabytes, in libelf and libdw before the reader sees anything of it. So the
 * kernel refuses more: RLIMIT_DATA counts the heap and private mappings. libelf
 * maps the file that way, and its clean pages are not counted.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "census/reader.h"

#define DATA_MAX (400UL << 20)

/* libdw calls a function without arguments when an allocation fails. */
static jmp_buf *out_of_memory;

static void __attribute__((noreturn)) on_out_of_memory(void)
{
	longjmp(*out_of_memory, 1);
}

/* The heap and private mappings of this process, in bytes. */
static size_t data_size(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages;

	if (!f)
		return 0;
	if (fscanf(f, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

void memory_limit(struct reader *r, struct rlimit *old, size_t file_size,
		  unsigned int mappings)
{
	size_t data = data_size();
	size_t most = data + mappings * file_size + DATA_MAX;
	struct rlimit limit;

	r->size = file_size;
	getrlimit(RLIMIT_DATA, old);
	limit = *old;
	if (data && limit.rlim_cur > most) {
		limit.rlim_cur = most;
		setrlimit(RLIMIT_DATA, &limit);
	}
}

int memory_check_relocation(struct reader *r, Elf *elf)
{
	GElf_Ehdr ehdr;

	if (r->size <= DATA_MAX || !gelf_getehdr(elf, &ehdr) ||
	    ehdr.e_type != ET_REL)
		return 0;
	return errmsg_set(r->msg, -EFBIG,
			  "%s: objects of more than %lu MB are not relocated here: take the census of the linked file",
			  r->where, DATA_MAX >> 20);
}

void memory_unlimit(const struct rlimit *old)
{
	setrlimit(RLIMIT_DATA, old);
}

int memory_read_units(struct reader *r, Dwarf *dwarf)
{
	Dwarf_OOM before;
	jmp_buf here;
	int err;

	out_of_memory = &here;
	before = dwarf_new_oom_handler(dwarf, on_out_of_memory);
	err = setjmp(here) ? reader_no_memory(r) : dwarf_read_units(r, dwarf);
	dwarf_new_oom_handler(dwarf, before);
	return err;
}
