// SPDX-License-Identifier: GPL-2.0
/*
 * The entry points of libFuzzer: a census of a file with the fuzzer's bytes.
 * scripts/fuzz-census builds and runs this program.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "census/census.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct census census = { .notes = true };
	struct errmsg msg;
	char path[64];
	int fd = memfd_create("census", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	census_read(&census, path, &msg);
	census_free(&census);
	close(fd);
	return 0;
}

/* The contents of section @pick of an ELF file, or NULL. */
static uint8_t *section(uint8_t *data, size_t size, unsigned int pick,
			size_t *length)
{
	Elf64_Ehdr ehdr;
	Elf64_Shdr shdr;
	size_t at;

	if (size < sizeof(ehdr))
		return NULL;
	memcpy(&ehdr, data, sizeof(ehdr));
	if (memcmp(ehdr.e_ident, ELFMAG, SELFMAG) || !ehdr.e_shnum ||
	    ehdr.e_ident[EI_DATA] != ELFDATA2LSB || ehdr.e_shoff >= size)
		return NULL;
	at = ehdr.e_shoff + pick % ehdr.e_shnum * sizeof(shdr);
	if (at + sizeof(shdr) > size)
		return NULL;
	memcpy(&shdr, data + at, sizeof(shdr));
	if (shdr.sh_type == SHT_NOBITS || shdr.sh_type == SHT_RELA ||
	    !shdr.sh_size || shdr.sh_offset >= size ||
	    shdr.sh_size > size - shdr.sh_offset)
		return NULL;
	*length = shdr.sh_size;
	return data + shdr.sh_offset;
}

/* Mostly mutate one section in place: moved sections are refused early. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	size_t length;
	uint8_t *part = seed % 8 ? section(data, size, seed / 8, &length) : NULL;

	if (!part)
		return LLVMFuzzerMutate(data, size, max_size);
	LLVMFuzzerMutate(part, length, length);
	return size;
}
