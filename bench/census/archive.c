// SPDX-License-Identifier: GPL-2.0
#include <ar.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census/reader.h"

#define THIN "!<thin>\n"

/*
 * Of a thin archive a member is a file, its path told from where the archive is;
 * of another it stands in @f, and libdwfl would not say which one it cannot take.
 */
static int read_member(struct reader *r, FILE *f, const char *name)
{
	const char *archive = r->path, *slash = strrchr(archive, '/');
	int dir = *name != '/' && slash ? slash + 1 - archive : 0, err = 0;
	char magic[SELFMAG] = "", *where, *path;

	if (asprintf(&where, "%s(%s)", archive, name) < 0)
		return reader_no_memory(r);
	if (asprintf(&path, "%.*s%s", dir, archive, name) < 0) {
		free(where);
		return reader_no_memory(r);
	}
	r->where = where;
	r->file->members++;
	if (r->thin) {
		r->path = path;
		err = reader_read_file(r);
		r->path = archive;
	} else if (fread(magic, sizeof(magic), 1, f) == 1 && elf_is_llvm(magic)) {
		err = reader_bytecode(r);
	} else if (memcmp(magic, ELFMAG, SELFMAG)) {
		err = errmsg_set(r->msg, -EINVAL, "%s: not an ELF file", where);
	}
	r->where = archive;
	free(where);
	free(path);
	return err;
}

static bool is_member(const struct ar_hdr *h)
{
	return *h->ar_name != '/' || isdigit((unsigned char)h->ar_name[1]);
}

/* "NAME/", or "/OFFSET" of a name in @long_names, which ends with "/\n" there */
static char *member_name(const struct ar_hdr *h, const char *long_names)
{
	const char *name = h->ar_name, *end = name + sizeof(h->ar_name);
	char *digits;
	size_t at;

	if (*name == '/') {
		at = strtoul(name + 1, &digits, 10);
		if (*digits != ' ' || !long_names || at >= strlen(long_names))
			return NULL;	/* "/OFFSET:" is in another archive */
		name = long_names + at;
		end = name + strcspn(name, "\n");
	}
	while (end > name && (end[-1] == ' ' || end[-1] == '/'))
		end--;
	return strndup(name, end - name);
}

static int damaged(struct reader *r)
{
	return errmsg_set(r->msg, -EINVAL,
		       "%s: a damaged archive, or one with another in it",
		       r->where);
}

/* @length: of what follows the header in @f */
static int read_header(struct reader *r, FILE *f, const struct ar_hdr *h,
		       size_t length, char **long_names)
{
	char *name;
	int err;

	if (!strncmp(h->ar_name, "// ", 3) && !*long_names) {
		*long_names = calloc(length + 1, 1);
		if (!*long_names)
			return reader_no_memory(r);
		if (fread(*long_names, 1, length, f) != length)
			return damaged(r);
	}
	if (!is_member(h))
		return 0;	/* that, or a table of symbols */
	name = member_name(h, *long_names);
	if (!name)
		return damaged(r);
	err = read_member(r, f, name);
	free(name);
	return err;
}

bool archive_magic(const char *magic)
{
	return !memcmp(magic, ARMAG, SARMAG) || !memcmp(magic, THIN, SARMAG);
}

/*
 * ar(5) as GNU's and LLVM's write it. libdwfl knows no thin archives; of others
 * it reads the members, once they are known to be all there.
 */
int archive_read(struct reader *r, FILE *f, uint64_t size)
{
	uint64_t at = SARMAG, length;
	char *long_names = NULL, magic[SARMAG];
	struct ar_hdr h;
	int err = 0;

	if (r->archive)
		return damaged(r);
	r->archive = true;
	rewind(f);
	if (fread(magic, sizeof(magic), 1, f) != 1)
		return damaged(r);
	r->thin = !memcmp(magic, THIN, SARMAG);
	while (!err && at + 1 < size) {
		if (fseeko(f, at, SEEK_SET) || fread(&h, sizeof(h), 1, f) != 1 ||
		    memcmp(h.ar_fmag, ARFMAG, sizeof(h.ar_fmag))) {
			err = damaged(r);
			break;
		}
		at += sizeof(h);
		length = strtoul(h.ar_size, NULL, 10);
		if (r->thin && is_member(&h))
			length = 0;	/* there */
		if (length > size - at)
			err = damaged(r);
		else
			err = read_header(r, f, &h, length, &long_names);
		at += length + (length & 1);
	}
	free(long_names);
	if (!err && !r->file->members)
		err = errmsg_set(r->msg, -EINVAL, "%s: an archive without members",
			      r->where);
	if (!err && !r->thin)
		err = reader_read_modules(r);
	if (!err && r->file->left_out == r->file->members)
		err = errmsg_set(r->msg, -ENODATA,
			      "%s: no debug information in any member: it takes CONFIG_DEBUG_INFO",
			      r->where);
	return err;
}
