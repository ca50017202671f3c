// SPDX-License-Identifier: GPL-2.0
/* The other side of bench/gbench/main.cc, which describes the messages. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/atomic_file.h"
#include "measure/gbench.h"

#define PROGRAM "pfbench-gbench"
#define PROTOCOL 1

extern char **environ;

struct gbench_state {
	FILE *answer;
};

struct registered {
	char *name;
	void (*fn)(struct gbench_state *state, void *arg);
	void *arg;
};

static struct {
	char **word;		/* for the program, ended by NULL */
	struct registered *point;
	size_t nr, room;
} gbench;

/* The program and what it sent that is not read yet. */
struct connection {
	pid_t pid;
	int fd;
	size_t begin, end;
	char buffer[4096];
};

void gbench_init(int argc, char **argv)
{
	gbench.word = calloc(argc + 1, sizeof(*gbench.word));
	for (int i = 0; gbench.word && i < argc; i++)
		gbench.word[i] = strdup(argv[i]);
}

int gbench_register(const char *name,
		    void (*fn)(struct gbench_state *, void *), void *arg)
{
	if (gbench.nr == gbench.room) {
		size_t room = gbench.room ? 2 * gbench.room : 64;
		struct registered *point = reallocarray(gbench.point, room,
							sizeof(*point));

		if (!point)
			return -ENOMEM;
		gbench.point = point;
		gbench.room = room;
	}
	gbench.point[gbench.nr] = (struct registered){ strdup(name), fn, arg };
	return gbench.point[gbench.nr].name ? gbench.nr++, 0 : -ENOMEM;
}

static double thread_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return 1e9 * t.tv_sec + t.tv_nsec;
}

void gbench_result(struct gbench_state *state, double ns,
		   void (*loop)(void *), void *arg, int64_t ops)
{
	double start = thread_cpu_ns();

	loop(arg);
	fprintf(state->answer, "result %.17g %.17g %lld\n", ns,
		(thread_cpu_ns() - start) / ops, (long long)ops);
}

void gbench_counter(struct gbench_state *state, const char *name, double value)
{
	fprintf(state->answer, "counter %s %.17g\n", name, value);
}

void gbench_label(struct gbench_state *state, const char *label)
{
	fprintf(state->answer, "label %s\n", label);
}

void gbench_skip(struct gbench_state *state, const char *reason)
{
	if (reason)
		fprintf(state->answer, "skip %s\n", reason);
	else
		fputs("interrupted\n", state->answer);
}

/* Beside this program, as in the build directory, or where it is installed. */
static void find_program(char path[PATH_MAX])
{
	const char *given = getenv("PFBENCH_GBENCH");
	ssize_t len = readlink("/proc/self/exe", path,
			       PATH_MAX - sizeof("/" PROGRAM));
	char *slash;

	if (given && *given) {
		snprintf(path, PATH_MAX, "%s", given);
		return;
	}
	if (len > 0) {
		path[len] = '\0';
		slash = strrchr(path, '/');
		if (slash) {
			strcpy(slash + 1, PROGRAM);
			if (!access(path, X_OK))
				return;
		}
	}
	snprintf(path, PATH_MAX, "%s/" PROGRAM, PFBENCH_LIBEXECDIR);
}

/* Without the variables that Google Benchmark would read before main(). */
static char **other_environment(void)
{
	size_t nr = 0, n = 0;
	char **env;

	while (environ[nr])
		nr++;
	env = calloc(nr + 1, sizeof(*env));
	for (size_t i = 0; env && i < nr; i++)
		if (strncmp(environ[i], "BENCHMARK_", strlen("BENCHMARK_")))
			env[n++] = environ[i];
	return env;
}

/*
 * The program ends when the socket is closed. It does not have the signals that
 * a terminal sends to pfbench, which answers the questions until the end.
 */
static int spawn(struct connection *c, int socket, const char *path)
{
	static char *none[] = { PROGRAM, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char **env = other_environment();
	sigset_t blocked;
	int ret;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	ret = posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
	if (!ret)
		ret = posix_spawn_file_actions_addclosefrom_np(&actions,
							STDERR_FILENO + 1);
	if (!ret)
		ret = posix_spawnattr_setsigmask(&attr, &blocked);
	if (!ret)
		ret = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	if (!ret)
		ret = posix_spawn(&c->pid, path, &actions, &attr,
				  gbench.word ? gbench.word : none, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	free(env);
	return -ret;
}

static int connect_program(struct connection *c, struct errmsg *msg)
{
	char path[PATH_MAX];
	int pair[2], ret;

	find_program(path);
	fflush(stdout);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return errmsg_set(msg, -errno, "socketpair: %s",
				  strerror(errno));
	ret = spawn(c, pair[1], path);
	close(pair[1]);
	c->fd = pair[0];
	if (!ret)
		return 0;
	close(c->fd);
	return errmsg_set(msg, ret, "%s: %s: install it beside pfbench, or set $PFBENCH_GBENCH",
			  path, strerror(-ret));
}

static int ended_early(struct errmsg *msg)
{
	return errmsg_set(msg, -EPIPE,
			  PROGRAM " ended before the run: is standard output closed?");
}

static int send_all(struct connection *c, const char *data, size_t len,
		    struct errmsg *msg)
{
	while (len) {
		ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ended_early(msg);
		data += n;
		len -= n;
	}
	return 0;
}

static int receive_some(struct connection *c, struct errmsg *msg)
{
	ssize_t n;

	do
		n = read(c->fd, c->buffer, sizeof(c->buffer));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return ended_early(msg);
	c->begin = 0;
	c->end = n;
	return 0;
}

static int receive_line(struct connection *c, char *line, size_t size,
			struct errmsg *msg)
{
	size_t len = 0;
	int ret;

	for (;;) {
		if (c->begin == c->end) {
			ret = receive_some(c, msg);
			if (ret)
				return ret;
		}
		line[len] = c->buffer[c->begin++];
		if (line[len] == '\n')
			break;
		if (len < size - 1)
			len++;
	}
	line[len] = '\0';
	return 0;
}

static int receive_bytes(struct connection *c, char *to, size_t len,
			 struct errmsg *msg)
{
	int ret;

	while (len) {
		size_t n = c->end - c->begin;

		if (!n) {
			ret = receive_some(c, msg);
			if (ret)
				return ret;
			continue;
		}
		if (n > len)
			n = len;
		memcpy(to, c->buffer + c->begin, n);
		c->begin += n;
		to += n;
		len -= n;
	}
	return 0;
}

/* Send and free what was written to a memory stream. */
static int send_stream(struct connection *c, FILE *f, char **text, size_t *len,
		       struct errmsg *msg)
{
	int ret = fclose(f) ? errmsg_set(msg, -ENOMEM, "out of memory") :
		send_all(c, *text, *len, msg);

	free(*text);
	return ret;
}

static int send_setup(struct connection *c, const struct gbench_output *o,
		      struct errmsg *msg)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	fprintf(f, "protocol %d\n", PROTOCOL);
	if (o->format)
		fprintf(f, "print %s %d %s\n", o->format, o->aggregates_only ||
			o->show_aggregates_only, o->unit);
	if (o->path)
		fprintf(f, "file %s %d %s\n", o->path_format,
			o->aggregates_only, o->unit);
	for (size_t i = 0; i < gbench.nr; i++)
		fprintf(f, "point %s\n", gbench.point[i].name);
	fputs("run\n", f);
	return send_stream(c, f, &text, &len, msg);
}

/* Everything in one message: the program is to sleep while a loop runs. */
static int answer(struct connection *c, size_t i, const struct gbench_output *o,
		  struct errmsg *msg)
{
	struct gbench_state state;
	char *text;
	size_t len;

	state.answer = open_memstream(&text, &len);
	if (!state.answer)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	gbench.point[i].fn(&state, gbench.point[i].arg);
	if (o->unit_ns)
		fprintf(state.answer, "unit %.17g\n", *o->unit_ns);
	fputs("done\n", state.answer);
	return send_stream(c, state.answer, &text, &len, msg);
}

struct text {
	size_t len;
	char *bytes;
};

static int write_text(FILE *f, const void *arg)
{
	const struct text *t = arg;

	return fwrite(t->bytes, 1, t->len, f) != t->len;
}

static int receive_file(struct connection *c, size_t len,
			const struct gbench_output *o, struct errmsg *msg)
{
	struct text t = { len, malloc(len + 1) };
	int ret;

	if (!t.bytes)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = receive_bytes(c, t.bytes, len, msg);
	if (!ret)
		ret = write_file_atomic(o->path, write_text, &t, msg);
	free(t.bytes);
	return ret;
}

static int serve(struct connection *c,
		 void (*each)(void *, const struct gbench_run *), void *arg,
		 const struct gbench_output *o, struct errmsg *msg)
{
	struct gbench_run run;
	char line[512];
	size_t i, len;
	int ret;

	for (;;) {
		long long index, of, iterations;

		ret = receive_line(c, line, sizeof(line), msg);
		if (ret || !strcmp(line, "end"))
			return ret;
		if (!strncmp(line, "error ", 6))
			return errmsg_set(msg, -EIO, "%s", line + 6);
		if (sscanf(line, "measure %zu", &i) == 1 && i < gbench.nr) {
			ret = answer(c, i, o, msg);
		} else if (sscanf(line, "repetition %zu %lld %lld %lld %lf", &i,
				  &index, &of, &iterations, &run.cpu_ns) == 5 &&
			   i < gbench.nr) {
			run.arg = gbench.point[i].arg;
			run.repetition = index;
			run.repetitions = of;
			run.iterations = iterations;
			run.skipped = !iterations;
			each(arg, &run);
		} else if (sscanf(line, "text %zu", &len) == 1 && o->path) {
			ret = receive_file(c, len, o, msg);
		} else {
			ret = errmsg_set(msg, -EPROTO, PROGRAM " sent '%.60s': install both programs of one release",
					 line);
		}
		if (ret)
			return ret;
	}
}

static void forget(void)
{
	for (size_t i = 0; i < gbench.nr; i++)
		free(gbench.point[i].name);
	free(gbench.point);
	for (size_t i = 0; gbench.word && gbench.word[i]; i++)
		free(gbench.word[i]);
	free(gbench.word);
	memset(&gbench, 0, sizeof(gbench));
}

int gbench_run(void (*each)(void *, const struct gbench_run *), void *arg,
	       const struct gbench_output *o, struct errmsg *msg)
{
	struct connection c = { .fd = -1 };
	int ret = connect_program(&c, msg);

	if (!ret) {
		ret = send_setup(&c, o, msg);
		/* a program that has ended may have said why */
		if (!ret || ret == -EPIPE)
			ret = serve(&c, each, arg, o, msg);
		close(c.fd);
		while (waitpid(c.pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	forget();
	return ret;
}
