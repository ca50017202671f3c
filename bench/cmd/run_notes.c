// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>

#include "cmd/run_notes.h"
#include "cmd/verbosity.h"
#include "lib/progress.h"

void note_group(const struct sampled *sampled, size_t n, double seconds)
{
	char name[POINT_NAME_MAX], took[32];
	size_t rounds = 0, least = 0, most = 0, failed = 0;
	bool first = true;

	if (!cmd_verbose || !n)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct sampled *s = &sampled[i];

		failed += s->err != 0;
		if (s->err)
			continue;
		rounds = s->rounds;
		if (first || s->rounds_quiet < least)
			least = s->rounds_quiet;
		if (s->rounds_quiet > most)
			most = s->rounds_quiet;
		first = false;
	}
	point_name(&sampled[0].point, name);
	note("%s: group of %zu", name, n);
	note("  %zu rounds in %s, %zu to %zu of them quiet", rounds,
	     format_duration(took, sizeof(took), seconds), least, most);
	if (failed)
		note("  %zu points failed", failed);
}

void note_verdict(const struct sampler *s)
{
	unsigned long bad = s->contended + s->unbounded + s->wide;

	if (!s->sampled)
		return;
	note("verdict: %s", !bad ? "good: all points have quiet rounds and narrow intervals" :
	     bad <= s->sampled / 10 ? "fair: some points are uncertain" :
	     "poor: many points are uncertain");
	if (s->contended)
		note("  %lu of %lu without a quiet round: the core was shared. Stop other programs, or choose an idle CPU (--cpu). See QUIET in pfbench-run(1).",
		     s->contended, s->sampled);
	if (s->unbounded)
		note("  %lu of %lu without an interval: %s", s->unbounded,
		     s->sampled, s->fixed_rounds ?
		     "use --rounds=6 or more" : "use a longer --max-time");
	if (s->wide)
		note("  %lu of %lu with an interval wider than +-%.0f %%: use %s",
		     s->wide, s->sampled, 100 * SAMPLER_WIDE, s->fixed_rounds ?
		     "more --rounds" : "a longer --max-time");
}

void note_moves(const struct session *s)
{
	char cpus[40] = "";
	size_t len = 0;

	if (!s->moves)
		return;
	for (size_t i = 0; i < s->nr_used && len < sizeof(cpus); i++)
		len += snprintf(cpus + len, sizeof(cpus) - len, "%s%d",
				i ? "," : "", s->used[i]);
	note("%lu moves between CPUs %s: each was contended for a while",
	     s->moves, cpus);
}
