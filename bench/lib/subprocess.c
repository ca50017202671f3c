// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/subprocess.h"

extern char **environ;

/* The environment with LC_ALL=C; only the array is to be freed. */
static char **environment_in_c_locale(void)
{
	static char lc_all[] = "LC_ALL=C";
	size_t nr = 0, n = 0, i;
	char **env;

	while (environ[nr])
		nr++;
	env = calloc(nr + 2, sizeof(*env));
	if (!env)
		return NULL;
	for (i = 0; i < nr; i++)
		if (strncmp(environ[i], "LC_ALL=", strlen("LC_ALL=")))
			env[n++] = environ[i];
	env[n] = lc_all;
	return env;
}

static void close_files(struct subprocess *c)
{
	if (c->out)
		fclose(c->out);
	if (c->err)
		fclose(c->err);
	c->out = c->err = NULL;
}

int subprocess_start(struct subprocess *c, const char *const argv[],
		     bool capture)
{
	posix_spawn_file_actions_t actions;
	char **env = environment_in_c_locale();
	int ret;

	memset(c, 0, sizeof(*c));
	if (!env)
		return -ENOMEM;
	ret = posix_spawn_file_actions_init(&actions);
	if (ret)
		goto out_env;
	ret = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
					       "/dev/null", O_RDONLY, 0);
	if (!ret && capture) {
		/* files, unlike pipes, need no reader while the program runs */
		c->out = tmpfile();
		c->err = tmpfile();
		ret = c->out && c->err ? 0 : errno;
		if (!ret)
			ret = posix_spawn_file_actions_adddup2(&actions,
					fileno(c->out), STDOUT_FILENO);
		if (!ret)
			ret = posix_spawn_file_actions_adddup2(&actions,
					fileno(c->err), STDERR_FILENO);
	}
	if (!ret)
		ret = posix_spawnp(&c->pid, argv[0], &actions, NULL,
				   (char *const *)argv, env);
	posix_spawn_file_actions_destroy(&actions);
	if (ret)
		close_files(c);
out_env:
	free(env);
	return -ret;
}

/* The whole file as a string; NULL if there is no memory. */
static char *captured_text(FILE *f)
{
	size_t size;
	char *text;

	if (fseek(f, 0, SEEK_END))
		return NULL;
	size = ftell(f);
	rewind(f);
	text = malloc(size + 1);
	if (text)
		text[fread(text, 1, size, f)] = '\0';
	return text;
}

int subprocess_wait(struct subprocess *c, char **out, char **err)
{
	int status, ret;

	if (out)
		*out = NULL;
	if (err)
		*err = NULL;
	while (waitpid(c->pid, &status, 0) < 0) {
		if (errno != EINTR) {
			ret = -errno;
			close_files(c);
			return ret;
		}
	}
	ret = WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
	if (out && c->out && !(*out = captured_text(c->out)))
		ret = -ENOMEM;
	if (err && c->err && !(*err = captured_text(c->err)))
		ret = -ENOMEM;
	close_files(c);
	return ret;
}

int subprocess_run(const char *const argv[], char **out, char **err)
{
	struct subprocess c;
	int ret;

	if (out)
		*out = NULL;
	if (err)
		*err = NULL;
	ret = subprocess_start(&c, argv, true);
	return ret ? ret : subprocess_wait(&c, out, err);
}
