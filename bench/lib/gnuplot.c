// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/subprocess.h"
#include "lib/gnuplot.h"
#include "lib/atomic_file.h"

#ifndef PFBENCH_DATADIR
#define PFBENCH_DATADIR "/usr/local/share/pageflags-bench/plots"
#endif

static bool try_script(char *path, size_t size, const char *dir,
		       const char *name)
{
	int n = snprintf(path, size, "%s/%s.gp", dir, name);

	return n > 0 && (size_t)n < size && !access(path, R_OK);
}

/* Where the scripts are: said, installed, or beside the build directory. */
static bool find_script(char *path, size_t size, const char *name)
{
	const char *said = getenv("PFBENCH_DATADIR");
	char exe[PATH_MAX], dir[PATH_MAX + 16], *slash;
	ssize_t n;

	if (said && *said)
		return try_script(path, size, said, name);
	if (try_script(path, size, PFBENCH_DATADIR, name))
		return true;
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	snprintf(dir, sizeof(dir), "%s/../plots", exe);
	return try_script(path, size, dir, name);
}

/* No shell, and no string of a file's on the command line. */
static int run(const char *script, const char *data, const char *out,
	       struct errmsg *msg)
{
	const char *const argv[] = { "gnuplot", "-d", "-c", script, data, out,
				     NULL };
	struct subprocess child;
	int ret;

	fflush(stdout);
	ret = subprocess_start(&child, argv, false);
	if (ret == -ENOENT)
		return ret;
	if (!ret)
		ret = subprocess_wait(&child, NULL, NULL);
	if (ret < 0)
		return errmsg_set(msg, ret, "gnuplot: %s", strerror(-ret));
	if (ret)
		return errmsg_set(msg, -EIO,
			       "gnuplot failed with %s (5.4 or later is needed)",
			       script);
	return 0;
}

/* What gnuplot left goes to its place, or goes. */
static int settle(const char *out, const char *base, const char *end, int err,
		  struct errmsg *msg)
{
	char from[PATH_MAX], to[PATH_MAX];

	snprintf(from, sizeof(from), "%s.%s", out, end);
	snprintf(to, sizeof(to), "%s.%s", base, end);
	if (!err && rename(from, to))
		err = errmsg_set(msg, -EIO, "%s: %s", to, strerror(errno));
	if (err)
		unlink(from);
	return err;
}

int gnuplot_draw(const char *script, const char *base, struct errmsg *msg)
{
	char path[2 * PATH_MAX], data[PATH_MAX], out[PATH_MAX - 8];
	int err;

	if (!find_script(path, sizeof(path), script))
		return errmsg_set(msg, -EINVAL,
			       "no %s.gp in $PFBENCH_DATADIR, " PFBENCH_DATADIR " or ../plots beside the program",
			       script);
	if (snprintf(out, sizeof(out), "%s.%ld.tmp", base, (long)getpid()) >=
	    (int)sizeof(out))
		return errmsg_set(msg, -ENAMETOOLONG, "%s: name too long", base);
	snprintf(data, sizeof(data), "%s.dat", base);
	err = run(path, data, out, msg);
	err = settle(out, base, "svg", err, msg);
	return settle(out, base, "png", err, msg);
}

int gnuplot_directory(const char *said, char *dir, size_t size,
		      struct errmsg *msg)
{
	if (!*said)
		return errmsg_set(msg, -EINVAL, "-o: the directory has no name");
	if (snprintf(dir, size, "%s%s", *said == '/' ? "" : "./", said) >=
	    (int)size)
		return errmsg_set(msg, -ENAMETOOLONG, "%s: name too long", said);
	return mkdir_p(dir, msg);
}

int gnuplot_output(const char *name, const char *said,
		   const struct gnuplot_file *files, const void *arg,
		   bool picture, struct errmsg *msg)
{
	char dir[PATH_MAX], base[PATH_MAX + 16], path[PATH_MAX + 32];
	const struct gnuplot_file *file;
	int err = gnuplot_directory(said, dir, sizeof(dir), msg);

	if (err)
		return err;
	snprintf(base, sizeof(base), "%s/%s", dir, name);
	for (file = files; file->suffix; file++) {
		snprintf(path, sizeof(path), "%s.%s", base, file->suffix);
		err = write_file_atomic(path, file->write, arg, msg);
		if (err)
			return err;
	}
	if (picture)
		err = gnuplot_draw(name, base, msg);
	if (err && err != -ENOENT)
		return err;
	printf("%s:", base);
	for (file = files; file->suffix; file++)
		printf(" %s", file->suffix);
	puts(!picture ? "; nothing to be drawn" : err ? "" : " svg png");
	if (fflush(stdout))
		return errmsg_set(msg, -EIO, "writing failed");
	if (err)
		errmsg_set(msg, err, "gnuplot is not there (Debian: apt install gnuplot-nox): only data and text were written");
	return err;
}
