// SPDX-License-Identifier: GPL-2.0
/*
 * An ELF file without its debug information: machine, executable sections,
 * functions in the symbol table.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "census/reader.h"

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

/* Bytes, more than any file has. Sums over all symbols fit in an int64_t. */
#define CODE_MAX (1ULL << 36)

/*
 * Executable sections, at the addresses in the file; libdwfl has assigned those
 * of a relocatable file.
 */
int elf_read_sections(struct reader *r, Elf *elf)
{
	Elf_Scn *section = NULL;
	struct reader_section *text;
	GElf_Shdr shdr;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &shdr) ||
		    !(shdr.sh_flags & SHF_EXECINSTR) || !shdr.sh_size)
			continue;
		if (shdr.sh_size > CODE_MAX - r->file->text)
			return reader_damaged(r, "too much code");
		text = array_grow(r->text, r->nr_text, sizeof(*text));
		if (!text)
			return reader_no_memory(r);
		r->text = text;
		text[r->nr_text++] = (struct reader_section){
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

int elf_read_identity(struct reader *r, Dwfl_Module *module, Elf *elf)
{
	struct census_file *f = r->file;
	const unsigned char *id;
	GElf_Addr where;
	GElf_Ehdr ehdr;
	int len;

	if (!gelf_getehdr(elf, &ehdr))
		return errmsg_set(r->msg, -EINVAL, "%s: %s", r->where,
			       elf_errmsg(-1));
	/* the members of an archive are one file, of one architecture */
	if (f->machine && !is_of_kind(f, &ehdr))
		return errmsg_set(r->msg, -EINVAL,
			       "%s: the members are for different architectures",
			       f->path);
	f->machine = ehdr.e_machine;
	f->elf_class = ehdr.e_ident[EI_CLASS];
	f->data = ehdr.e_ident[EI_DATA];
	arch_name(f->machine, f->arch, sizeof(f->arch));
	if (!is_of_kind(r->c->file, &ehdr))
		return errmsg_set(r->msg, -EINVAL,
			       "%s is for %s, %s for %s: a census covers one architecture",
			       r->c->file->path, r->c->file->arch, f->path,
			       strcmp(r->c->file->arch, f->arch) ? f->arch :
			       "another size or byte order of it");
	len = dwfl_module_build_id(module, &id, &where);
	for (int i = 0; i < len && i < 20; i++)
		sprintf(f->build_id + 2 * i, "%02x", id[i]);
	return 0;
}

/* "do_fault.constprop.0.cold" is do_fault */
static int function_base_name(struct reader *r, const char *name)
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
	return reader_string(r, base);
}

/* Code in front of a function, for kCFI or for ftrace, is no function. */
static bool is_prefix_symbol(const char *name)
{
	return !strncmp(name, "__pfx_", 6) || !strncmp(name, "__cfi_", 6);
}

int elf_read_symbols(struct reader *r, Dwfl_Module *module)
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
		if (!name || !*name || is_prefix_symbol(name) || !sym.st_size ||
		    sym.st_size > r->file->text || sym.st_shndx == SHN_UNDEF ||
		    GELF_ST_TYPE(sym.st_info) != STT_FUNC)
			continue;
		n = function_base_name(r, name);
		if (n < 0)
			return n;
		s = array_grow(c->symbol, c->nr_symbols, sizeof(*s));
		if (!s)
			return reader_no_memory(r);
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

bool elf_has_debug_info(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &shdr) && is_debug_info(elf, &shdr))
			return true;
	return false;
}

/* LTO bytecode of gcc: no code, and incomplete debug information */
bool elf_is_bytecode(Elf *elf)
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

/*
 * libdwfl ignores relocations of machines that it does not know, without an
 * error, and names are then wrong. It removes the relocations that it applies.
 */
bool elf_is_relocated(Elf *elf)
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

/* LLVM's bytecode, plain or in a wrapper */
bool elf_is_llvm(const char *magic)
{
	return !memcmp(magic, "BC\xc0\xde", 4) ||
	       !memcmp(magic, "\xde\xc0\x17\x0b", 4);
}
