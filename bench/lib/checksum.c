// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "lib/auto_free.h"
#include "lib/checksum.h"
#include "lib/read_file.h"
#include "lib/subprocess.h"

#define HEX 64			/* digits of SHA-256 */
#define BATCH 256		/* files per sha256sum: far below ARG_MAX */

/* A file that has a checksum. */
struct summed {
	const char *path;
	char want[HEX + 1];
	const char **fault;
};

static bool is_checksum(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") == HEX &&
		(!text[HEX] || text[HEX] == ' ');
}

/* A backslash comes first if sha256sum escapes the name. */
static const char *skip_backslash(const char *line)
{
	return line + (*line == '\\');
}

/* The checksum beside a file; false if there is none. */
static bool read_checksum(const char *path, struct summed *s,
			  const char **fault)
{
	auto_free char *line = NULL;

	*fault = NULL;
	if (!file_exists("%s.sha256", path))
		return false;
	line = read_line("%s.sha256", path);
	if (!line || !is_checksum(skip_backslash(line))) {
		*fault = "the file beside it (.sha256) has no checksum";
		return false;
	}
	memcpy(s->want, skip_backslash(line), HEX);
	s->path = path;
	s->fault = fault;
	return true;
}

/* One line per file, in order, as sha256sum could read all of them. */
static void judge_sums(const struct summed *s, size_t nr, const char *out)
{
	for (size_t i = 0; i < nr; i++) {
		const char *end = out ? strchr(out, '\n') : NULL;
		const char *sum = end ? skip_backslash(out) : "";

		if (!end || !is_checksum(sum))
			*s[i].fault = "sha256sum printed no checksum";
		else if (strncasecmp(sum, s[i].want, HEX))
			*s[i].fault = "the checksum differs: the file was changed or cut off after it was written";
		out = end ? end + 1 : NULL;
	}
}

static void verify_sums(const struct summed *s, size_t nr)
{
	const char *argv[BATCH + 3] = { "sha256sum", "--" };
	auto_free char *out = NULL;
	int ret;

	for (size_t i = 0; i < nr; i++)
		argv[2 + i] = s[i].path;
	ret = subprocess_run(argv, &out, NULL);
	if (!ret) {
		judge_sums(s, nr, out);
	} else if (nr > 1) {
		/* a file cannot be read: find out which */
		for (size_t i = 0; i < nr; i++)
			verify_sums(&s[i], 1);
	} else {
		*s->fault = ret == -ENOENT ?
			"the checksum was not verified, as sha256sum is missing: install coreutils" :
			"the checksum was not verified: sha256sum failed";
	}
}

int checksum_verify(char *const *path, size_t nr, const char **fault)
{
	auto_free struct summed *s = calloc(nr + 1, sizeof(*s));
	size_t n = 0;

	if (!s)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		n += read_checksum(path[i], &s[n], &fault[i]);
	for (size_t i = 0; i < n; i += BATCH)
		verify_sums(&s[i], n - i < BATCH ? n - i : BATCH);
	return 0;
}
