// SPDX-License-Identifier: GPL-2.0
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/text.h"
#include "machine/kernel_image.h"

#define MAX_NOTES (1 << 20)

/* Read @size bytes at @at; the files are made when they are read. */
static bool read_at(FILE *f, uint64_t at, void *to, size_t size)
{
	return !fseeko(f, at, SEEK_SET) && fread(to, 1, size, f) == size;
}

/**
 * find_note() - find a note
 * @notes: @size bytes
 * @name: of its owner, with @type
 * @length: set to that of the contents
 * Return: the contents, or NULL.
 */
static const char *find_note(const char *notes, size_t size, const char *name,
			     uint32_t type, size_t *length)
{
	size_t at = 0, desc;
	Elf64_Nhdr note;

	while (at + sizeof(note) <= size) {
		memcpy(&note, notes + at, sizeof(note));
		at += sizeof(note);
		if (note.n_namesz > size || note.n_descsz > size)
			break;
		desc = at + ((note.n_namesz + 3) & ~3U);
		if (desc + note.n_descsz > size)
			break;
		if (note.n_type == type && note.n_namesz == strlen(name) + 1 &&
		    !memcmp(notes + at, name, note.n_namesz)) {
			*length = note.n_descsz;
			return notes + desc;
		}
		at = desc + ((note.n_descsz + 3) & ~3U);
	}
	return NULL;
}

static int image_build_id(const char *root, struct kernel_image *image,
			  struct errmsg *msg)
{
	auto_free char *path = text_format("%s/sys/kernel/notes", root);
	FILE *f = path ? fopen(path, "re") : NULL;
	size_t size = 0, length = 0;
	const char *id = NULL;
	char notes[65536];

	if (f) {
		size = fread(notes, 1, sizeof(notes), f);
		fclose(f);
		id = find_note(notes, size, "GNU", NT_GNU_BUILD_ID, &length);
	}
	if (!id || length > 20)
		return errmsg_set(msg, -ENOENT,
				  "%s: no build-id of the running kernel: its vmlinux cannot be checked",
				  path ?: "notes");
	for (size_t i = 0; i < length; i++)
		sprintf(image->build_id + 2 * i, "%02x", (unsigned char)id[i]);
	return 0;
}

/* 0: hidden, or no such file */
static uint64_t stext_of_kallsyms(const char *root)
{
	auto_free char *path = text_format("%s/proc/kallsyms", root);
	FILE *f = path ? fopen(path, "re") : NULL;
	uint64_t address = 0;
	char line[1024];

	while (f && !address && fgets(line, sizeof(line), f)) {
		char *type = strchr(line, ' ');

		if (type && !strcmp(type + 1 + !!type[1], " _stext\n"))
			address = strtoull(line, NULL, 16);
	}
	if (f)
		fclose(f);
	return address;
}

/* The text "KEY=VALUE" per line, which a crash dump has as well. */
static uint64_t stext_of_vmcoreinfo(const char *text, size_t length)
{
	static const char key[] = "SYMBOL(_stext)=";
	const char *at = memmem(text, length, key, sizeof(key) - 1);
	char value[17];
	size_t left;

	if (!at)
		return 0;
	at += sizeof(key) - 1;
	left = text + length - at;
	snprintf(value, sizeof(value), "%.*s", left < 16 ? (int)left : 16, at);
	return strtoull(value, NULL, 16);
}

static uint64_t stext_of_kcore_notes(FILE *f, const Elf64_Phdr *segment)
{
	size_t size = segment->p_filesz, length;
	auto_free char *notes = malloc(size < MAX_NOTES ? size + 1 : 1);
	const char *text = NULL;

	if (notes && size < MAX_NOTES &&
	    read_at(f, segment->p_offset, notes, size))
		text = find_note(notes, size, "VMCOREINFO", 0, &length);
	return text ? stext_of_vmcoreinfo(text, length) : 0;
}

static uint64_t stext_of_kcore(const char *root)
{
	auto_free char *path = text_format("%s/proc/kcore", root);
	FILE *f = path ? fopen(path, "re") : NULL;
	uint64_t address = 0;
	Elf64_Phdr segment;
	Elf64_Ehdr head;

	if (!f)
		return 0;
	if (read_at(f, 0, &head, sizeof(head)) &&
	    !memcmp(head.e_ident, ELFMAG, SELFMAG) &&
	    head.e_phentsize == sizeof(segment))
		for (int i = 0; !address && i < head.e_phnum; i++)
			if (read_at(f, head.e_phoff + i * sizeof(segment),
				    &segment, sizeof(segment)) &&
			    segment.p_type == PT_NOTE)
				address = stext_of_kcore_notes(f, &segment);
	fclose(f);
	return address;
}

int kernel_image_read(const char *root, struct kernel_image *image,
		      struct errmsg *msg)
{
	auto_free char *restricted = read_line("%s/proc/sys/kernel/kptr_restrict",
					       root);
	int err;

	memset(image, 0, sizeof(*image));
	uname(&image->uts);
	err = image_build_id(root, image, msg);
	if (err)
		return err;
	image->stext = stext_of_kallsyms(root) ?: stext_of_kcore(root);
	if (image->stext)
		return 0;
	return errmsg_set(msg, -EPERM,
			  "the address of _stext is hidden in /proc/kallsyms, and /proc/kcore does not have it: kptr_restrict is %s: be root, or set kernel.kptr_restrict to 0",
			  restricted ?: "unknown");
}
