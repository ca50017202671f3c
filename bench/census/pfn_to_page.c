// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census/pfn_to_page.h"

#define LOAD 7			/* bytes of add or mov disp32(%rip), r64 */
#define BETWEEN 16		/* bytes from a load to the shift of the pfn */
#define BEFORE 16		/* bytes searched for a shift to the right */
#define AFTER (LOAD + BETWEEN + 4 + 4)
#define ANY 16			/* register */

uint64_t census_symbol_address(Dwfl_Module *module, const char *wanted)
{
	int nr = dwfl_module_getsymtab(module);
	GElf_Addr address;
	const char *name;
	GElf_Sym sym;

	for (int i = 1; i < nr; i++) {
		name = dwfl_module_getsym_info(module, i, &sym, &address, NULL,
					       NULL, NULL);
		if (name && !strcmp(name, wanted) &&
		    sym.st_shndx != SHN_UNDEF)
			return sym.st_value;
	}
	return 0;
}

/* shr $12: C1 /5 ib; a register by the last three bits of ModRM */
static bool shifted_right(const unsigned char *at, size_t before)
{
	for (size_t i = 4; i <= before && i <= BEFORE; i++)
		if (at[-(long)i] >> 4 == 4 && at[1 - (long)i] == 0xc1 &&
		    (at[2 - (long)i] & 0xf8) == 0xe8 && at[3 - (long)i] == 12)
			return true;
	return false;
}

/* Is it lea (a, b, 1), r or add a, b? */
static bool adds_registers(const unsigned char *at, int a, int b)
{
	int one, two;

	if ((at[0] & 0xf8) != 0x48)
		return false;
	if (at[1] == 0x8d && (at[2] & 0xc7) == 0x04 && !(at[3] & 0xc0)) {
		one = (at[3] & 7) | (at[0] & 1) << 3;
		two = (at[3] >> 3 & 7) | (at[0] & 2) << 2;
	} else if ((at[1] == 0x01 || at[1] == 0x03) && at[2] >> 6 == 3) {
		one = (at[2] & 7) | (at[0] & 1) << 3;
		two = (at[2] >> 3 & 7) | (at[0] & 4) << 1;
	} else {
		return false;
	}
	return (one == a && (b == ANY || two == b)) ||
		(two == a && (b == ANY || one == b));
}

/* add or mov disp32(%rip), r64, of that variable (Intel SDM, volume 2) */
static bool loads_variable(const unsigned char *at, uint64_t address,
			   uint64_t variable)
{
	int32_t disp;

	if ((at[0] & 0xfb) != 0x48 || (at[1] != 0x03 && at[1] != 0x8b) ||
	    (at[2] & 0xc7) != 0x05)
		return false;
	memcpy(&disp, at + 3, sizeof(disp));
	return address + LOAD + disp == variable;
}

/*
 * Is the value that @at loads added to a pfn? The compiler may put other
 * instructions between the load and the addition. They are not decoded: shl $6
 * (struct page has 64 bytes) followed by the addition of these two registers is
 * seven or eight bytes that other code is unlikely to contain. A false hit also
 * needs an unrelated load in front, and adds one entry to a list for people.
 */
static bool adds_to_pfn(const unsigned char at[AFTER])
{
	int base = (at[2] >> 3 & 7) | (at[0] & 4) << 1;

	if (at[1] == 0x03 || adds_registers(at + LOAD, base, ANY))
		return true;
	for (size_t i = LOAD; i < LOAD + BETWEEN; i++)
		if ((at[i] & 0xfe) == 0x48 && at[i + 1] == 0xc1 &&
		    (at[i + 2] & 0xf8) == 0xe0 && at[i + 3] == 6 &&
		    adds_registers(at + i + 4, base,
			    (at[i + 2] & 7) | (at[i] & 1) << 3))
			return !shifted_right(at + i, i - LOAD);
	return false;
}

static int add_pfn_note(struct census *c, size_t first, uint64_t address)
{
	int name = strtab_add(&c->strings, "pfn_to_page");
	struct census_note *n;
	size_t i;

	for (i = first; i < c->nr_functions; i++)
		if (address >= c->function[i].start &&
		    address < c->function[i].end)
			break;
	if (i == c->nr_functions)
		return 0;
	n = array_grow(c->note, c->nr_notes, sizeof(*n));
	if (name < 0 || !n)
		return -ENOMEM;
	c->note = n;
	n[c->nr_notes++] = (struct census_note){
		.name = name, .function = i, .class = CENSUS_PFN,
		.address = address,
	};
	return 0;
}

static int scan_code(struct census *c, size_t first, const Elf_Data *data,
		uint64_t address, uint64_t variable)
{
	const unsigned char *code = data->d_buf;
	int err;

	for (size_t i = 0; i + LOAD <= data->d_size; i++) {
		unsigned char at[AFTER] = { 0 };

		if (!loads_variable(code + i, address + i, variable))
			continue;
		memcpy(at, code + i, data->d_size - i < AFTER ?
		       data->d_size - i : AFTER);
		if (!adds_to_pfn(at) || shifted_right(code + i, i))
			continue;
		err = add_pfn_note(c, first, address + i);
		if (err)
			return err;
	}
	return 0;
}

int census_note_pfn_to_page(struct census *c, size_t first,
			    Dwfl_Module *module)
{
	Elf_Scn *section = NULL;
	uint64_t variable;
	Elf_Data *data;
	GElf_Ehdr ehdr;
	GElf_Shdr shdr;
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	int err = 0;

	if (!elf || !gelf_getehdr(elf, &ehdr) || ehdr.e_type == ET_REL ||
	    ehdr.e_machine != EM_X86_64)
		return 0;
	variable = census_symbol_address(module, "vmemmap_base");
	while (!err && variable && (section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &shdr) ||
		    shdr.sh_type != SHT_PROGBITS ||
		    !(shdr.sh_flags & SHF_EXECINSTR))
			continue;
		data = elf_rawdata(section, NULL);
		if (data && data->d_buf)
			err = scan_code(c, first, data, shdr.sh_addr, variable);
	}
	return err;
}
