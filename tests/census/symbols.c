// SPDX-License-Identifier: GPL-2.0
/* Replace the symbols of an ELF file by many functions with long names. */
#include <elf.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME 200		/* bytes, with the one that ends it */

int main(int argc, char **argv)
{
	size_t nr = argc == 3 ? strtoul(argv[1], NULL, 10) : 0, size, end;
	FILE *f = nr ? fopen(argv[2], "r") : NULL;
	static char file[1 << 20];
	Elf64_Ehdr *header = (void *)file;
	Elf64_Shdr *s;

	if (!f)
		errx(2, "usage: symbols NUMBER FILE >BIGGER");
	size = fread(file, 1, sizeof(file) - 4096, f);
	s = (void *)(file + header->e_shoff);
	/* behind the file, in this order: symbols, their names */
	end = (size + 7) & ~7UL;
	for (int i = 0; i < header->e_shnum; i++) {
		if (s[i].sh_type != SHT_SYMTAB)
			continue;
		s[s[i].sh_link].sh_offset = end + nr * s[i].sh_entsize;
		s[s[i].sh_link].sh_size = nr * NAME;
		s[i].sh_offset = end;
		s[i].sh_size = nr * s[i].sh_entsize;
		s[i].sh_info = 1;
	}
	fwrite(file, 1, end, stdout);
	for (size_t i = 0; i < nr; i++) {
		Elf64_Sym symbol = {
			.st_name = i * NAME, .st_shndx = 1, .st_size = 1,
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			.st_value = header->e_entry,
		};

		fwrite(&symbol, sizeof(symbol), 1, stdout);
	}
	for (size_t i = 0; i < nr; i++)
		printf("%0*zu%c", NAME - 1, i, '\0');
	return fflush(stdout) ? 1 : 0;
}
