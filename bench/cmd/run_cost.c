// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/run_cost.h"
#include "cmd/verbosity.h"
#include "lib/progress.h"

/* A run that takes longer is reported, in seconds. */
#define LONG_RUN 600

static size_t count_groups(const struct point_filter *s)
{
	size_t nr = 0;

	for (size_t i = 0; i < s->nr; i++)
		nr += !i || !point_same_group(&s->point[i], &s->point[i - 1]);
	return nr;
}

/*
 * The time for sampling, if no interval is narrow early. It leaves out what
 * the sampler does not limit: filling pages, and the rounds of counters.
 */
static double sampling_seconds(const struct point_filter *s,
			       const struct session_options *o)
{
	return s->nr * (o->rounds || o->icount ?
			(o->rounds ? o->rounds : 6) * 1.1 * o->sample_seconds :
			o->max_seconds);
}

static bool answers_yes(void)
{
	char answer[16];

	fputs("Go on? [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) &&
		(*answer == 'y' || *answer == 'Y');
}

int run_confirm(const struct point_filter *selection,
		const struct session_options *o, bool ask, bool yes)
{
	double seconds = sampling_seconds(selection, o);
	bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	char text[256], time[32];

	if (!ask && seconds <= LONG_RUN)
		return EXIT_DONE;
	snprintf(text, sizeof(text),
		 "%zu points in %zu groups: about %s, longer with page sets above the caches",
		 selection->nr, count_groups(selection),
		 format_duration(time, sizeof(time), seconds));
	if (!ask || yes) {
		note("note: %s", text);
		return EXIT_DONE;
	}
	if (!terminal)
		return complain("run: --all: %s: add --yes", text);
	fprintf(stderr, "%s\n", text);
	return answers_yes() ? EXIT_DONE :
		complain("run: --all: not confirmed, nothing is measured");
}
