// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "lib/auto_free.h"
#include "lib/nearest.h"
#include "lib/subprocess.h"
#include "lib/text.h"

/* Pages of man/ that are of no command. */
static const struct topic {
	const char *name, *section;
} topics[] = { { "points", "7" }, { "results", "5" } };

#define NR_TOPICS (sizeof(topics) / sizeof(*topics))

static const struct cmd *find_command(const char *name)
{
	const struct cmd *const *cmd = cmd_all();

	while (*cmd && strcmp((*cmd)->name, name))
		cmd++;
	return *cmd;
}

static void offer_commands(struct nearest *n)
{
	for (const struct cmd *const *cmd = cmd_all(); *cmd; cmd++)
		nearest_offer(n, (*cmd)->name);
}

const struct cmd *cmd_find(const char *name)
{
	const struct cmd *cmd = find_command(name);
	struct nearest n = NEAREST(name);

	if (!cmd) {
		offer_commands(&n);
		complain("no command '%.40s'%s (see 'pfbench --help')", name,
			 nearest_hint(&n));
	}
	return cmd;
}

/* The section of the page of a command or topic; NULL: it has none. */
static const char *section_of(const char *name)
{
	for (size_t i = 0; i < NR_TOPICS; i++)
		if (!strcmp(name, topics[i].name))
			return topics[i].section;
	return find_command(name) ? "1" : NULL;
}

static int complain_topic(const char *name)
{
	struct nearest n = NEAREST(name);

	offer_commands(&n);
	for (size_t i = 0; i < NR_TOPICS; i++)
		nearest_offer(&n, topics[i].name);
	return complain("help: no command '%.40s'%s (see 'pfbench --help')",
			name, nearest_hint(&n));
}

/* In man/ beside the build directory: the page of this very program. */
static char *page_in_tree(const char *page, const char *section)
{
	char exe[PATH_MAX], *slash, *path;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	path = text_format("%s/../man/%s.%s", exe, page, section);
	if (path && access(path, R_OK)) {
		free(path);
		path = NULL;
	}
	return path;
}

/* The empty entry at the end is man's own list of directories. */
static void add_installed_pages(void)
{
	const char *before = getenv("MANPATH");
	auto_free char *path = text_format("%s:%s",
					   PFBENCH_DATADIR "/../../man",
					   before ? before : "");

	if (path)
		setenv("MANPATH", path, 1);
}

/* Returns if man(1) or the page is missing. */
static void show_page(const char *page, const char *section)
{
	const char *const where[] = { "man", "-w", section, page, NULL };
	auto_free char *path = page_in_tree(page, section);

	if (path)
		execlp("man", "man", "-l", path, NULL);
	add_installed_pages();
	if (!subprocess_run(where, NULL, NULL))
		execlp("man", "man", section, page, NULL);
}

static const struct argp manual_argp = {
	NULL, NULL, "[COMMAND]",
	"Open the manual page of a command, or of pfbench, in man(1). 'points' and 'results' are the pages on the names of points and on the formats of results. Without man(1) or the page, the text of --help is printed."
	"\v"
	"Exit status: that of man(1); 2 there is no such command.\n"
	"\n"
	"Example: pfbench help run",
	NULL, NULL, NULL
};

static int manual_main(int argc, char **argv)
{
	const char *name, *section = "1";
	auto_free char *page = NULL;
	int first, ret = cmd_parse(&cmd_manual, argc, argv, NULL, &first);

	if (ret)
		return ret;
	if (argc - first > 1)
		return complain("help: %d commands: give one", argc - first);
	name = first < argc ? argv[first] : NULL;
	if (name)
		section = section_of(name);
	if (!section)
		return complain_topic(name);
	page = text_format("pfbench%s%s", name ? "-" : "", name ? name : "");
	if (page)
		show_page(page, section);
	if (name && !find_command(name))
		return complain("help: no man(1), or it has no page %s(%s): read man/%s.%s of the source",
				page, section, page, section);
	execl("/proc/self/exe", "pfbench", name ? name : "--help",
	      name ? "--help" : NULL, NULL);
	return complain("help: no man(1), and /proc/self/exe cannot be run: try 'pfbench%s%s --help'",
			name ? " " : "", name ? name : "");
}

const struct cmd cmd_manual = {
	"help", "open the manual page of a command", &manual_argp, manual_main,
};
