// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/gbench_filter.h"
#include "data/point.h"
#include "lib/auto_free.h"
#include "lib/read_file.h"

/* A reasonable filter takes some 20 ms and 1 MiB for all points. */
#define MOST_SECONDS 5
#define MOST_BYTES (512UL << 20)

static regex_t compiled;
static bool negative, any = true;

int gbench_matches(const char *name)
{
	int ret;

	if (any)
		return 1;
	ret = regexec(&compiled, name, 0, NULL, 0);
	if (ret && ret != REG_NOMATCH)
		return -EINVAL;
	return !ret != negative;
}

/* The memory of a sanitizer counts, too: limit only what is added. */
static void limit_filter(void)
{
	auto_free char *statm = read_line("/proc/self/statm");
	unsigned long now = statm ? strtoul(statm, NULL, 10) : 0;
	struct rlimit space = { 0 }, seconds = { MOST_SECONDS, MOST_SECONDS };
	struct rlimit none = { 0, 0 };

	space.rlim_cur = now * sysconf(_SC_PAGESIZE) + MOST_BYTES;
	space.rlim_max = space.rlim_cur;
	setrlimit(RLIMIT_AS, &space);
	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &none);
}

/* Exit statuses of the child: an error of regcomp(), or this. */
#define TOO_COSTLY 99

/* All that the filter will be used for, and more; returns the exit status. */
static int try_filter(const char *regex)
{
	char name[POINT_NAME_MAX];
	struct point *point;
	long n = points_of(POINTS_ALL, &point, true);
	int err;

	limit_filter();
	err = regcomp(&compiled, regex, REG_EXTENDED | REG_NOSUB);
	if (err)
		return err == REG_ESPACE ? TOO_COSTLY : err;
	any = false;
	for (long i = 0; i < n; i++) {
		point_name(&point[i], name);
		if (gbench_matches(name) < 0)
			return TOO_COSTLY;
	}
	return 0;
}

/* regcomp() and regexec() have no limits of their own. */
static int try_in_child(const char *regex)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return TOO_COSTLY;
	if (!pid)
		_exit(try_filter(regex));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return TOO_COSTLY;
	return WIFEXITED(status) ? WEXITSTATUS(status) : TOO_COSTLY;
}

int gbench_filter_set(const char *filter, struct errmsg *msg)
{
	char why[128];
	int err;

	any = !filter || !*filter || !strcmp(filter, "all");
	if (any)
		return 0;
	negative = *filter == '-';
	filter += negative;
	err = try_in_child(filter);
	if (err == TOO_COSTLY)
		return errmsg_set(msg, -EINVAL,
				  "matching takes more than %d s or %lu MiB: use fewer or shorter repetitions",
				  MOST_SECONDS, MOST_BYTES >> 20);
	if (!err)
		err = regcomp(&compiled, filter, REG_EXTENDED | REG_NOSUB);
	if (!err) {
		any = false;
		return 0;
	}
	regerror(err, &compiled, why, sizeof(why));
	return errmsg_set(msg, -EINVAL, "not a regular expression: %s", why);
}
