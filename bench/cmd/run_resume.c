// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/run_resume.h"
#include "lib/text.h"

static void set_text(json_t *o, const char *key, const char *text)
{
	if (text)
		json_object_set_new(o, key, json_string(text));
}

static void set_number_text(json_t *o, const char *key, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.9g", v);
	set_text(o, key, text);
}

json_t *run_options_json(const struct session_options *o, bool all,
			 const struct gbench_flags *flags)
{
	json_t *options = json_object();

	if (all && !flags->filter)
		json_object_set_new(options, "all", json_true());
	if (o->icount)
		json_object_set_new(options, "icount", json_true());
	set_text(options, "benchmark_filter", flags->filter);
	set_number_text(options, "benchmark_repetitions", flags->repetitions);
	set_text(options, "events", o->events);
	set_text(options, "cpu-kind", o->cpu_kind);
	set_number_text(options, "target-ci", 100 * o->target_ci);
	set_number_text(options, "max-time", o->max_seconds);
	set_number_text(options, "sample-time", o->sample_seconds);
	if (o->rounds)
		set_number_text(options, "rounds", o->rounds);
	return options;
}

/* The words of a file could do more than it should, without this list. */
static const char *const recorded[] = {
	"all", "icount", "benchmark_filter", "benchmark_repetitions", "events",
	"cpu-kind", "target-ci", "max-time", "sample-time", "rounds",
	"threads", "oversubscribe", "cpu", "population", "site",
};

#define NR_RECORDED (sizeof(recorded) / sizeof(*recorded))

static void add_word(struct run_resume *r, char *word)
{
	if (word)
		r->argv[1 + r->nr_made++] = word;
}

static void add_recorded_words(struct run_resume *r)
{
	const json_t *p = r->result.pfbench;
	const json_t *options = json_object_get(p, "options");
	const char *backend = json_string_value(json_object_get(p, "backend"));

	if (backend)
		add_word(r, text_format("--backend=%s", backend));
	/* threads need more than the CPU of the first one */
	if (!json_object_get(options, "threads"))
		add_word(r, text_format("--cpu=%lld", (long long)
			json_integer_value(json_object_get(p, "cpu"))));
	/* the cost was confirmed when the run began */
	add_word(r, strdup("--yes"));
	for (size_t i = 0; i < NR_RECORDED; i++) {
		const json_t *v = json_object_get(options, recorded[i]);

		if (json_is_string(v))
			add_word(r, text_format("--%s=%s", recorded[i],
						json_string_value(v)));
		else if (json_is_true(v))
			add_word(r, text_format("--%s", recorded[i]));
	}
}

static const char *resume_path(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strncmp(argv[i], "--resume=", 9))
			return argv[i] + 9;
		if (!strcmp(argv[i], "--resume") && i + 1 < argc)
			return argv[i + 1];
	}
	return NULL;
}

int run_resume_open(struct run_resume *r, int *argc, char ***argv)
{
	struct errmsg msg = { "" };

	memset(r, 0, sizeof(*r));
	r->path = resume_path(*argc, *argv);
	if (!r->path)
		return EXIT_DONE;
	if (result_load(r->path, &r->result, &msg))
		return complain("run: --resume: %s", msg.text);
	if (!r->result.partial)
		return complain("run: --resume: %s: is complete: nothing is missing",
				r->path);
	if (!json_object_get(r->result.pfbench, "options"))
		return complain("run: --resume: %s: does not have the options of its run: measure anew",
				r->path);
	r->argv = calloc(*argc + NR_RECORDED + 5, sizeof(*r->argv));
	if (!r->argv)
		return complain("run: out of memory");
	r->argv[0] = (*argv)[0];
	add_recorded_words(r);
	memcpy(r->argv + 1 + r->nr_made, *argv + 1,
	       (*argc - 1) * sizeof(**argv));
	*argc += r->nr_made;
	*argv = r->argv;
	return EXIT_DONE;
}

void run_resume_close(struct run_resume *r)
{
	if (!r->path)
		return;
	/* the words that were made are few, and options point to them */
	free(r->argv);
	result_free(&r->result);
}
