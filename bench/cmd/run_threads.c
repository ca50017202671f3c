// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/gbench_filter.h"
#include "cmd/run_threads.h"
#include "machine/topology_threads.h"

/* The number of CPUs that "max" stands for; negative: an errno. */
static int count_cpus(const struct session_options *o, struct errmsg *msg)
{
	struct topology *t;
	int ret;

	if (o->cpu >= 0)
		return 1;
	ret = topology_open(&t, NULL, msg);
	if (ret)
		return ret;
	if (o->cpus)
		ret = topology_restrict(t, o->cpus, msg);
	if (!ret)
		ret = topology_count(t, o->cpu_kind);
	topology_close(t);
	return ret;
}

int run_threads_select(struct point_filter *s, const struct run_threads *t,
		       const struct session_options *o, bool all,
		       const char *filter, struct errmsg *msg)
{
	struct thread_list list;
	struct errmsg why;
	int max = 1;

	s->point = NULL;
	if (o->icount)
		return errmsg_set(msg, -EINVAL,
				  "--threads: --icount counts the instructions of one CPU: leave one of them out");
	if (strstr(t->list, "max"))
		max = count_cpus(o, &why);
	if (max < 0)
		return errmsg_set(msg, max, "%s", why.text);
	if (max > POINT_MAX_THREADS)
		max = POINT_MAX_THREADS;
	/* without a CPU of that kind, the session says so */
	if (thread_list_parse(t->list, max ? max : 1, &list, &why))
		return errmsg_set(msg, -EINVAL, "--threads=%.40s: %s", t->list,
				  why.text);
	return point_filter_open_threads(s, &list, all,
					 !strcmp(o->backend, "kmod"), filter,
					 gbench_matches, msg);
}

int run_threads_check(struct run *r, const struct run_threads *t,
		      const struct session_options *o)
{
	const struct point_filter *s = &r->selection;
	int ret = 0;

	r->threads = (struct threads_options){
		.cpu_kind = o->cpu_kind, .cpu = o->cpu,
		.oversubscribe = t->oversubscribe,
		.seconds = o->max_seconds, .windows = o->rounds,
	};
	for (size_t i = 0; i < s->nr && !ret; i++)
		if (s->point[i].threading &&
		    (!i || !point_same_group(&s->point[i], &s->point[i - 1])))
			ret = threads_check(&r->session, &r->threads,
					    &s->point[i], &r->msg);
	return ret;
}

void run_threads_record(json_t *options, const struct run_threads *t,
			const struct session_options *o)
{
	char cpu[16];

	snprintf(cpu, sizeof(cpu), "%d", o->cpu);
	if (t->oversubscribe)
		json_object_set_new(options, "oversubscribe", json_true());
	if (!t->list)
		return;
	json_object_set_new(options, "threads", json_string(t->list));
	if (o->cpus || o->cpu >= 0)
		json_object_set_new(options, "cpu",
				    json_string(o->cpus ? o->cpus : cpu));
}
