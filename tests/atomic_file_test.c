// SPDX-License-Identifier: GPL-2.0
/* Output files: which are replaced, which are written to, which are refused. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/atomic_file.h"
#include "lib/read_file.h"

static struct errmsg msg;

static int write_text(FILE *f, const void *text)
{
	return fputs(text, f) == EOF;
}

static int write_part(FILE *f, const void *text)
{
	fputs(text, f);
	errno = EFBIG;
	return -1;
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void assert_text(const char *path, const char *text)
{
	char *got = read_file("%s", path);

	assert_non_null(got);
	assert_string_equal(got, text);
	free(got);
}

static ino_t inode(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_ino;
}

static void assert_refused(const char *path, const char *why)
{
	assert_true(output_check(path, &msg) < 0);
	assert_non_null(strstr(msg.text, why));
	assert_true(write_file_atomic(path, write_text, "x", &msg) < 0);
	assert_non_null(strstr(msg.text, why));
}

static void test_refused(void **state)
{
	assert_int_equal(mkdir("dir", 0777), 0);
	assert_int_equal(symlink("missing", "dangling"), 0);
	put("file", "old");
	assert_refused("", "empty");
	assert_refused("dir", "directory");
	assert_refused("no/file", "no such directory");
	assert_refused("/proc/x", "cannot be written");
	assert_refused("file/x", "Not a directory");
	assert_refused("dangling", "symbolic link");
	assert_text("file", "old");
	assert_int_equal(access("no", F_OK), -1);
	assert_int_equal(access("missing", F_OK), -1);
}

static void test_check_leaves_nothing(void **state)
{
	put("kept", "old");
	assert_int_equal(output_check("kept", &msg), 0);
	assert_text("kept", "old");
	assert_int_equal(output_check("absent", &msg), 0);
	assert_int_equal(access("absent", F_OK), -1);
}

static void test_replace(void **state)
{
	struct stat st;

	put("target", "old");
	assert_int_equal(chmod("target", 0600), 0);
	assert_int_equal(symlink("target", "link"), 0);
	assert_false(output_is_stream("link"));
	assert_int_equal(write_file_atomic("link", write_text, "new", &msg), 0);
	assert_text("target", "new");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat("target", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(write_file_atomic("link", write_part, "bad", &msg), -EFBIG);
	assert_non_null(strstr(msg.text, "ulimit"));
	assert_text("target", "new");
}

/* A file that is open on a descriptor of the caller is written through it. */
static void test_descriptor(void **state)
{
	int fd, saved = dup(STDOUT_FILENO);
	bool is_stdout, stream;
	ino_t before;
	int ret;

	put("redirected", "");
	before = inode("redirected");
	fd = open("redirected", O_WRONLY | O_APPEND);
	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	stream = output_is_stream("/dev/stdout");
	is_stdout = output_is_stdout("/dev/stdout");
	ret = write_file_atomic("/dev/stdout", write_text, "one", &msg) ?:
		write_file_atomic("redirected", write_text, "two", &msg);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(fd);
	assert_int_equal(ret, 0);
	assert_true(stream);
	assert_true(is_stdout);
	assert_true(inode("redirected") == before);
	assert_text("redirected", "onetwo");
}

static void test_fifo(void **state)
{
	char text[8] = "";
	int fd;

	assert_int_equal(mkfifo("fifo", 0666), 0);
	fd = open("fifo", O_RDWR);
	assert_true(fd >= 0);
	/* not a descriptor of the caller */
	assert_int_equal(fcntl(fd, F_DUPFD, 20), 20);
	close(fd);
	assert_true(output_is_stream("fifo"));
	assert_int_equal(write_file_atomic("fifo", write_text, "abc", &msg), 0);
	assert_int_equal(read(20, text, sizeof(text)), 3);
	assert_string_equal(text, "abc");
	close(20);
}

static void test_new(void **state)
{
	char path[64] = "a.b/new.json", dot[64] = ".new";

	assert_int_equal(mkdir("a.b", 0777), 0);
	put("a.b/new.json", "1");
	put("a.b/new-2.json", "2");
	put(".new", "1");
	assert_int_equal(write_file_new(path, sizeof(path), write_text, "3",
					&msg), 0);
	assert_string_equal(path, "a.b/new-3.json");
	assert_text("a.b/new.json", "1");
	assert_text("a.b/new-2.json", "2");
	assert_text("a.b/new-3.json", "3");
	assert_int_equal(write_file_new(dot, sizeof(dot), write_text, "2",
					&msg), 0);
	assert_string_equal(dot, ".new-2");
	strcpy(path, "no/new.json");
	assert_int_equal(write_file_new(path, sizeof(path), write_text, "4",
					&msg), -ENOENT);
}

static int enter(void **state)
{
	static char dir[] = "/tmp/atomic_file.XXXXXX";

	*state = dir;
	return !mkdtemp(dir) || chdir(dir);
}

static int leave(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
	return chdir("/") || system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_check_leaves_nothing),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_descriptor),
		cmocka_unit_test(test_fifo),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
