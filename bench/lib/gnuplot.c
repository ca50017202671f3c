// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/atomic_file.h"
#include "lib/gnuplot.h"
#include "lib/subprocess.h"

#ifndef PFBENCH_DATADIR
#define PFBENCH_DATADIR "/usr/local/share/pageflags-bench/plots"
#endif

static bool script_in(char *path, size_t size, const char *dir,
		      const char *name)
{
	int n = snprintf(path, size, "%s/%s.gp", dir, name);

	return n > 0 && (size_t)n < size && !access(path, R_OK);
}

/* In $PFBENCH_DATADIR; else installed, or beside the build directory. */
static bool find_script(char *path, size_t size, const char *name)
{
	const char *data = getenv("PFBENCH_DATADIR");
	char exe[PATH_MAX], dir[PATH_MAX + 16], *slash;
	ssize_t n;

	if (data && *data)
		return script_in(path, size, data, name);
	if (script_in(path, size, PFBENCH_DATADIR, name))
		return true;
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	snprintf(dir, sizeof(dir), "%s/../plots", exe);
	return script_in(path, size, dir, name);
}

/* The last line with text in @text, for a message; "" if there is none. */
static const char *last_line(char *text)
{
	char *line = "", *next;

	for (; text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		if (text[strspn(text, " \t\r")])
			line = text + strspn(text, " \t\r");
	}
	return line;
}

/* No shell, and no text of a result file on the command line. */
static int run_gnuplot(const char *script, const char *data, const char *out,
		       struct errmsg *msg)
{
	const char *const argv[] = { "gnuplot", "-d", "-c", script, data, out,
				     NULL };
	char *err = NULL;
	int ret = subprocess_run(argv, NULL, &err);

	if (ret == -ENOENT)
		ret = errmsg_set(msg, ret, "gnuplot is not there (Debian: apt install gnuplot-nox): only data and text were written");
	else if (ret < 0)
		ret = errmsg_set(msg, ret, "gnuplot: %s", strerror(-ret));
	else if (ret > 128)
		ret = errmsg_set(msg, -EIO, "gnuplot with %s: %s", script,
				 strsignal(ret - 128));
	else if (ret)
		ret = errmsg_set(msg, -EIO,
				 "gnuplot failed with %s (5.4 or later is needed): %s",
				 script, last_line(err));
	else if (err)
		fputs(err, stderr);
	free(err);
	return ret;
}

/* Each picture, and the bytes that it ends with, white space aside. */
static const struct picture {
	const char *suffix, *end;
	size_t length;
} pictures[] = {
	{ "svg", "</svg>", 6 }, { "png", "IEND\xae\x42\x60\x82", 8 },
};

#define NR_PICTURES (sizeof(pictures) / sizeof(*pictures))
#define PICTURE_PATH (PATH_MAX + 80)

static bool ends_in(int fd, off_t size, const struct picture *p)
{
	char tail[64];
	size_t want = size < (off_t)sizeof(tail) ? size : (off_t)sizeof(tail);
	ssize_t n = pread(fd, tail, want, size - want);

	while (n > 0 && isspace((unsigned char)tail[n - 1]))
		n--;
	return n >= (ssize_t)p->length &&
		!memcmp(tail + n - p->length, p->end, p->length);
}

/*
 * Does a picture have all its bytes, on the disk? gnuplot exits with 0 after a
 * failed write. @name: for the message.
 */
static int check_picture(const char *path, const struct picture *p,
			 const char *name, struct errmsg *msg)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int err = 0;

	if (fd < 0 || fstat(fd, &st) || fsync(fd))
		err = errmsg_set(msg, -EIO, "%s: %s", name, strerror(errno));
	else if (!ends_in(fd, st.st_size, p))
		err = errmsg_set(msg, -EIO,
				 "%s: cut short at %lld bytes: make room in its file system",
				 name, (long long)st.st_size);
	if (fd >= 0)
		close(fd);
	return err;
}

static void picture_path(char *path, const char *base, size_t i)
{
	snprintf(path, PICTURE_PATH, "%s.%s", base, pictures[i].suffix);
}

/* Rename the pictures if all are complete, or remove what there is of them. */
static int settle_pictures(const char *out, const char *base, int err,
			   struct errmsg *msg)
{
	char from[PICTURE_PATH], to[PICTURE_PATH];
	size_t i;

	for (i = 0; i < NR_PICTURES && !err; i++) {
		picture_path(from, out, i);
		picture_path(to, base, i);
		err = check_picture(from, &pictures[i], to, msg);
	}
	for (i = 0; i < NR_PICTURES; i++) {
		picture_path(from, out, i);
		picture_path(to, base, i);
		if (!err && rename(from, to))
			err = errmsg_set(msg, -EIO, "%s: %s", to,
					 strerror(errno));
		if (err)
			unlink(from);
	}
	return err;
}

/* BASE.svg and BASE.png from BASE.dat */
static int draw_pictures(const char *script, const char *base,
			 struct errmsg *msg)
{
	char path[2 * PATH_MAX], data[PATH_MAX + 80], out[PATH_MAX - 8];
	int err;

	if (!find_script(path, sizeof(path), script))
		return errmsg_set(msg, -EINVAL,
				  "no %s.gp in $PFBENCH_DATADIR, " PFBENCH_DATADIR " or ../plots beside the program",
				  script);
	if (snprintf(out, sizeof(out), "%s.%ld.tmp", base, (long)getpid()) >=
	    (int)sizeof(out))
		return errmsg_set(msg, -ENAMETOOLONG, "%s: name too long",
				  base);
	snprintf(data, sizeof(data), "%s.dat", base);
	err = run_gnuplot(path, data, out, msg);
	return settle_pictures(out, base, err, msg);
}

/* @base: DIR/NAME, with a "./" before what gnuplot would take for a command */
static int open_base(char *base, size_t size, const char *dir,
		     const char *name, struct errmsg *msg)
{
	char path[PATH_MAX];

	if (!*dir)
		return errmsg_set(msg, -EINVAL, "-o: the directory has no name");
	if (snprintf(path, sizeof(path), "%s%s", *dir == '/' ? "" : "./",
		     dir) >= (int)sizeof(path))
		return errmsg_set(msg, -ENAMETOOLONG, "%s: name too long", dir);
	snprintf(base, size, "%s/%s", path, name);
	return mkdir_p(path, msg);
}

static int output_files(const char *script, const char *name, const char *dir,
			const struct gnuplot_file *files, const void *arg,
			const char *without, struct errmsg *msg)
{
	char base[PATH_MAX + 64], path[PATH_MAX + 96];
	const struct gnuplot_file *file;
	int err = open_base(base, sizeof(base), dir, name, msg);

	if (err)
		return err;
	for (file = files; file->suffix; file++) {
		snprintf(path, sizeof(path), "%s.%s", base, file->suffix);
		err = write_file_atomic(path, file->write, arg, msg);
		if (err)
			return err == -ENOENT ? -EIO : err;
	}
	if (script)
		err = draw_pictures(script, base, msg);
	if (err && err != -ENOENT)
		return err;
	printf("%s:", base);
	for (file = files; file->suffix; file++)
		printf(" %s", file->suffix);
	puts(!script ? without : err ? "" : " svg png");
	if (fflush(stdout))
		return errmsg_set(msg, -EIO,
				  "standard output could not be written");
	return err;
}

int gnuplot_output_as(const char *script, const char *name, const char *dir,
		      const struct gnuplot_file *files, const void *arg,
		      struct errmsg *msg)
{
	return output_files(script, name, dir, files, arg, "", msg);
}

int gnuplot_output(const char *name, const char *dir,
		   const struct gnuplot_file *files, const void *arg,
		   bool picture, struct errmsg *msg)
{
	return output_files(picture ? name : NULL, name, dir, files, arg,
			    "; nothing to be drawn", msg);
}
