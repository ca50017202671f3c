// SPDX-License-Identifier: GPL-2.0
/*
 * The JavaScript libraries, as Debian installs them: jQuery and DataTables for
 * the tables, dygraphs for the plots. docs/html.md gives the reasons.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "report/html_internal.h"

/* The directory of all libraries; a colon separates several. */
#define DEFAULT_PATH "/usr/share/javascript:/usr/share/nodejs"

static const struct {
	const char *file, *package;
} libraries[] = {
	{ "jquery/jquery.min.js", "libjs-jquery" },
	{ "jquery-datatables/jquery.dataTables.min.js",
	  "libjs-jquery-datatables" },
	{ "dygraphs/dygraph.min.js", "libjs-dygraphs" },
};

#define NR_LIBRARIES (sizeof(libraries) / sizeof(*libraries))

_Static_assert(sizeof(((struct html *)0)->library) / sizeof(char *) ==
	       NR_LIBRARIES, "each library has a text");

static char *find_library(const char *file)
{
	auto_free char *path = strdup(getenv("PFBENCH_JSPATH") ?: DEFAULT_PATH);
	char *text = NULL, *rest = path, *directory;

	while (!text && rest && (directory = strsep(&rest, ":")))
		text = read_file("%s/%s", directory, file);
	return text;
}

int html_library_read(struct html *h, struct errmsg *msg)
{
	for (size_t i = 0; i < NR_LIBRARIES; i++) {
		h->library[i] = find_library(libraries[i].file);
		if (!h->library[i])
			return errmsg_set(msg, -ENOENT,
				"no %s in %s: install %s (scripts/install-deps does)",
				libraries[i].file,
				getenv("PFBENCH_JSPATH") ?: DEFAULT_PATH,
				libraries[i].package);
	}
	return 0;
}

void html_library_free(struct html *h)
{
	for (size_t i = 0; i < NR_LIBRARIES; i++)
		free(h->library[i]);
}
