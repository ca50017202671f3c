// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/perf_event.h>
#include <perf/cpumap.h>
#include <perf/event.h>
#include <perf/evlist.h>
#include <perf/evsel.h>
#include <perf/mmap.h>
#include <perf/threadmap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/array.h"
#include "machine/counters_internal.h"
#include "machine/kernel_sampler.h"

/* Within the limit of perf_event_mlock_kb, 516 KiB per CPU. */
#define BUFFER_BYTES (256 << 10)
#define DRAIN_NS 20000000
#define MAX_PRECISE 3

/*
 * @ring: an event and its buffer by CPU. Inherited events have no buffer
 *	unless they are bound to a CPU; and CPUs of several kinds have PMUs of
 *	their own.
 */
struct sampling {
	struct kernel_sampler *sampler;
	struct perf_cpu_map *cpus;
	struct perf_thread_map *thread;
	struct perf_evlist **ring;
	int nr_rings;
	bool no_memory;
};

static struct perf_event_attr sampling_attr(const struct kernel_sampler *s,
					    int cpu)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(struct perf_event_attr),
		.config = PERF_COUNT_HW_CPU_CYCLES |
			(uint64_t)counters_core_pmu("", cpu) << 32,
		.sample_type = PERF_SAMPLE_IP,
		.sample_period = s->period,
		.precise_ip = s->precise,
		.disabled = 1,
		.enable_on_exec = 1,
		.inherit = 1,
		.exclude_user = 1,
		.exclude_hv = 1,
		/* nobody waits for the buffer */
		.watermark = 1,
		.wakeup_watermark = BUFFER_BYTES,
	};
}

static int open_ring(struct sampling *s, struct perf_evlist **list, int cpu)
{
	struct perf_event_attr attr = sampling_attr(s->sampler, cpu);
	struct perf_cpu_map *cpus;
	struct perf_evsel *evsel;
	char number[16];
	int err;

	snprintf(number, sizeof(number), "%d", cpu);
	cpus = perf_cpu_map__new(number);
	evsel = perf_evsel__new(&attr);
	*list = perf_evlist__new();
	if (!cpus || !evsel || !*list) {
		if (evsel)
			perf_evsel__delete(evsel);
		perf_cpu_map__put(cpus);
		return -ENOMEM;
	}
	perf_evlist__add(*list, evsel);
	perf_evlist__set_maps(*list, cpus, s->thread);
	perf_cpu_map__put(cpus);
	err = perf_evlist__open(*list);
	if (err)
		return err;
	if (perf_evlist__mmap(*list, BUFFER_BYTES / sysconf(_SC_PAGESIZE)))
		return -ENOBUFS;
	return 0;
}

static void close_rings(struct sampling *s)
{
	for (int i = 0; i < s->nr_rings; i++)
		perf_evlist__delete(s->ring[i]);
	free(s->ring);
	s->ring = NULL;
	s->nr_rings = 0;
	perf_thread_map__put(s->thread);
	perf_cpu_map__put(s->cpus);
}

static int open_rings(struct sampling *s, pid_t pid)
{
	struct perf_cpu cpu;
	int i, err = 0;

	counters_init_libperf();
	/* all that are online */
	s->cpus = perf_cpu_map__new(NULL);
	s->thread = perf_thread_map__new_dummy();
	if (s->cpus)
		s->ring = calloc(perf_cpu_map__nr(s->cpus), sizeof(*s->ring));
	if (!s->cpus || !s->thread || !s->ring)
		return -ENOMEM;
	perf_thread_map__set_pid(s->thread, 0, pid);
	perf_cpu_map__for_each_cpu(cpu, i, s->cpus) {
		s->nr_rings++;
		err = open_ring(s, &s->ring[i], cpu.cpu);
		if (err)
			break;
	}
	return err;
}

static void add_sample(struct sampling *s, const union perf_event *event)
{
	struct kernel_sampler *to = s->sampler;
	uint16_t misc = event->header.misc;
	uint64_t *ip;

	if ((misc & PERF_RECORD_MISC_CPUMODE_MASK) !=
	    PERF_RECORD_MISC_KERNEL) {
		to->elsewhere++;
		return;
	}
	ip = array_grow(to->ip, to->nr, sizeof(*ip));
	if (!ip) {
		s->no_memory = true;
		return;
	}
	to->ip = ip;
	ip[to->nr++] = event->sample.array[0];
	to->exact += !!(misc & PERF_RECORD_MISC_EXACT_IP);
}

static void drain_ring(struct sampling *s, struct perf_evlist *list)
{
	const union perf_event *event;
	struct perf_mmap *map;

	perf_evlist__for_each_mmap(list, map, false) {
		if (perf_mmap__read_init(map))
			continue;
		while ((event = perf_mmap__read_event(map))) {
			if (event->header.type == PERF_RECORD_SAMPLE)
				add_sample(s, event);
			else if (event->header.type == PERF_RECORD_LOST)
				s->sampler->lost += event->lost.lost;
			else if (event->header.type == PERF_RECORD_THROTTLE)
				s->sampler->throttled++;
			perf_mmap__consume(map);
		}
		perf_mmap__read_done(map);
	}
}

static void drain_rings(struct sampling *s)
{
	for (int i = 0; i < s->nr_rings; i++)
		drain_ring(s, s->ring[i]);
}

/* A child that executes @command as soon as a byte comes by @go. */
static pid_t start_child(char *const *command, int go[2], struct errmsg *msg)
{
	pid_t pid;
	char byte;

	if (pipe(go))
		return errmsg_set(msg, -errno, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0) {
		close(go[0]);
		close(go[1]);
		return errmsg_set(msg, -errno, "fork: %s", strerror(errno));
	}
	if (pid) {
		close(go[0]);
		return pid;
	}
	close(go[1]);
	if (read(go[0], &byte, 1) != 1)
		_exit(127);
	close(go[0]);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	execvp(command[0], command);
	fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
	_exit(127);
}

static int wait_for_child(struct sampling *s, pid_t pid,
			  const volatile sig_atomic_t *interrupted)
{
	const struct timespec pause = { .tv_nsec = DRAIN_NS };
	bool ended = false;
	int status = 0;

	while (!ended) {
		nanosleep(&pause, NULL);
		if (*interrupted)
			kill(pid, SIGTERM);
		ended = waitpid(pid, &status, WNOHANG) != 0;
		drain_rings(s);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
}

/* The remedies for a sampled event differ from those for a counter. */
static int explain_sampling(int err, struct errmsg *msg)
{
	char reason[160];

	if (err == -ENOBUFS)
		return errmsg_set(msg, err, "no memory for the buffers of samples: be root, or raise kernel.perf_event_mlock_kb");
	counters_reason(err, reason, sizeof(reason));
	return errmsg_set(msg, err, "cycles of the kernel cannot be sampled: %s%s",
			  reason, err == -EACCES || err == -EPERM ?
			  ": be root, or set kernel.perf_event_paranoid to 1" :
			  "");
}

int kernel_sampler_check(struct kernel_sampler *s, struct errmsg *msg)
{
	struct sampling session = { .sampler = s };
	int err = 0;

	for (int precise = MAX_PRECISE; precise >= 0; precise--) {
		s->precise = precise;
		err = open_rings(&session, 0);
		close_rings(&session);
		session = (struct sampling){ .sampler = s };
		if (!err)
			return 0;
	}
	return explain_sampling(err, msg);
}

int kernel_sampler_run(struct kernel_sampler *s, char *const *command,
		       const volatile sig_atomic_t *interrupted,
		       struct errmsg *msg)
{
	struct sampling session = { .sampler = s };
	int go[2], err;
	pid_t pid = start_child(command, go, msg);

	if (pid < 0)
		return pid;
	err = open_rings(&session, pid);
	if (!err && write(go[1], "", 1) != 1)
		err = -EIO;
	close(go[1]);
	if (err) {
		waitpid(pid, NULL, 0);
		explain_sampling(err, msg);
	} else {
		s->status = wait_for_child(&session, pid, interrupted);
		drain_rings(&session);
	}
	close_rings(&session);
	if (!err && session.no_memory)
		err = errmsg_set(msg, -ENOMEM, "out of memory for samples");
	return err;
}

void kernel_sampler_free(struct kernel_sampler *s)
{
	free(s->ip);
	s->ip = NULL;
	s->nr = 0;
}
