// SPDX-License-Identifier: GPL-2.0
/*
 * Archives. libelf reads the headers; libdwfl reads the members, after all of
 * them have been checked. Neither library knows thin archives like the kernel's
 * built-in.a, which have the same headers but whose members are separate files.
 * So libelf reads a private copy with the magic of an ordinary archive, and the
 * paths of a thin archive are read here: libelf ends a name at its first '/'.
 */
#include <ar.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "census/reader.h"

#define THIN "!<thin>\n"

struct archive {
	int fd;
	char *image;
	size_t size;
	bool thin;
	const char *names;	/* of a thin archive: each ends with "/\n" */
	size_t names_size;
	Elf *elf;
};

bool archive_magic(const char *magic)
{
	return !memcmp(magic, ARMAG, SARMAG) || !memcmp(magic, THIN, SARMAG);
}

static int archive_damaged(struct reader *r)
{
	return errmsg_set(r->msg, -EINVAL,
		       "%s: the archive is damaged, or contains an archive",
		       r->where);
}

/* @name: relative to the directory of the archive */
static int read_thin_member(struct reader *r, const char *name)
{
	const char *archive = r->path, *slash = strrchr(archive, '/');
	int dir = *name != '/' && slash ? slash + 1 - archive : 0, err;
	char *path;

	if (asprintf(&path, "%.*s%s", dir, archive, name) < 0)
		return reader_no_memory(r);
	r->path = path;
	err = reader_read_file(r);
	r->path = archive;
	free(path);
	return err;
}

/* libdwfl would not name the member that it cannot read. */
static int check_member(struct reader *r, const char *data, size_t size)
{
	if (size >= SELFMAG && elf_is_llvm(data))
		return reader_bytecode(r);
	if (size < SELFMAG || memcmp(data, ELFMAG, SELFMAG))
		return errmsg_set(r->msg, -EINVAL, "%s: not an ELF file",
				  r->where);
	return 0;
}

/* @rawname: "/OFFSET" in the names; "/OFFSET:" is in a nested archive */
static char *thin_name(const struct archive *a, const char *rawname)
{
	size_t offset, length;
	const char *end;
	char *digits;

	offset = strtoul(rawname + 1, &digits, 10);
	if ((*digits && *digits != ' ') || offset >= a->names_size)
		return NULL;
	end = memchr(a->names + offset, '\n', a->names_size - offset);
	length = end ? (size_t)(end - a->names) - offset :
		 a->names_size - offset;
	while (length && strchr(" /", a->names[offset + length - 1]))
		length--;
	return strndup(a->names + offset, length);
}

static int read_member(struct reader *r, struct archive *a,
		       const Elf_Arhdr *header, const char *data, size_t size)
{
	char *where, *name;
	int err;

	if (a->thin && *header->ar_rawname == '/')
		name = thin_name(a, header->ar_rawname);
	else
		name = strdup(header->ar_name);
	if (!name)
		return archive_damaged(r);
	if (asprintf(&where, "%s(%s)", r->path, name) < 0) {
		free(name);
		return reader_no_memory(r);
	}
	r->where = where;
	r->file->members++;
	err = a->thin ? read_thin_member(r, name) : check_member(r, data, size);
	r->where = r->path;
	free(where);
	free(name);
	return err;
}

/*
 * read_entry() - read the header at offset @at, and what belongs to it
 * @size: set to the bytes behind the header
 */
static int read_entry(struct reader *r, struct archive *a, size_t at,
		      size_t *size)
{
	const struct ar_hdr *raw = (const void *)(a->image + at);
	const char *data = a->image + at + sizeof(*raw);
	Elf_Arhdr *header = NULL;
	bool is_member;
	Elf *member;
	int err = 0;

	if (elf_rand(a->elf, at) != at)
		return archive_damaged(r);
	member = elf_begin(a->fd, ELF_C_READ, a->elf);
	if (member)
		header = elf_getarhdr(member);
	if (!header) {
		elf_end(member);
		return archive_damaged(r);
	}
	/* libelf has checked the header, but cuts its size at the end */
	*size = strtoul(raw->ar_size, NULL, 10);
	is_member = *header->ar_rawname != '/' ||
		isdigit((unsigned char)header->ar_rawname[1]);
	if (a->thin && is_member)
		*size = 0;
	if (*size > a->size - at - sizeof(*raw)) {
		err = archive_damaged(r);
	} else if (is_member) {
		err = read_member(r, a, header, data, *size);
	} else if (!strcmp(header->ar_name, "//")) {
		a->names = data;
		a->names_size = *size;
	}
	elf_end(member);
	return err;
}

static int read_entries(struct reader *r, struct archive *a)
{
	size_t at = SARMAG, size = 0;
	int err = 0;

	/* the last member may have a byte of padding */
	while (!err && at + 1 < a->size) {
		err = read_entry(r, a, at, &size);
		at += sizeof(struct ar_hdr) + size + (size & 1);
	}
	if (!err && !r->file->members)
		err = errmsg_set(r->msg, -EINVAL, "%s: the archive is without members",
			      r->where);
	if (!err && !a->thin)
		err = reader_read_modules(r);
	if (!err && r->file->left_out == r->file->members)
		err = errmsg_set(r->msg, -ENODATA,
			      "%s: no debug information in any member: build with CONFIG_DEBUG_INFO",
			      r->where);
	return err;
}

int archive_read(struct reader *r, int fd, size_t size)
{
	struct archive a = { .fd = fd, .size = size };
	int err;

	if (r->archive)
		return archive_damaged(r);
	r->archive = true;
	a.image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (a.image == MAP_FAILED)
		return errmsg_set(r->msg, -errno, "%s: %s", r->where,
				  strerror(errno));
	a.thin = !memcmp(a.image, THIN, SARMAG);
	memcpy(a.image, ARMAG, SARMAG);
	elf_version(EV_CURRENT);
	a.elf = elf_memory(a.image, size);
	err = a.elf ? read_entries(r, &a) : archive_damaged(r);
	elf_end(a.elf);
	munmap(a.image, size);
	return err;
}
