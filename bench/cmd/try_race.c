// SPDX-License-Identifier: GPL-2.0
/* The race of a user's look-up with the writers of its layout. */
#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "lib/text.h"
#include "machine/cpu_lock.h"
#include "race/race.h"

static void race_one(struct try *t, struct race_request *request)
{
	struct race_result r;
	const char *idle;
	unsigned long bad;

	if (race_run(request, &r, &cmd_interrupted, &t->na[TRY_RACE]))
		return;
	bad = race_found_bad(&r);
	idle = race_idle(&r);
	t->race_looked_up[request->protocol] = race_decided(&r);
	t->bad[request->protocol] = bad;
	t->looked_up += race_decided(&r);
	if (bad && !*t->wrong.text)
		errmsg_set(&t->wrong, -EINVAL,
			   "%lu of %lu look-ups in a race gave a page that was not the head (a reader holds: %s)",
			   bad, race_decided(&r),
			   race_protocol_name(request->protocol));
	else if (!bad && idle)
		errmsg_set(&t->na[TRY_RACE], -EAGAIN, "%s", idle);
}

unsigned int try_take_cpus(struct try *t, unsigned int most, int *cpu,
			   int *lock)
{
	unsigned int nr = 0;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		CPU_ZERO(&set);
	for (int i = 0; i < CPU_SETSIZE && nr < most; i++)
		if (CPU_ISSET(i, &set))
			cpu[nr++] = i;
	for (unsigned int i = 0; i < most; i++)
		lock[i] = -1;
	if (nr < 2) {
		errmsg_set(&t->na[TRY_RACE], -ENOENT, "needs two CPUs");
		return 0;
	}
	for (unsigned int i = 0; i < nr; i++) {
		lock[i] = cpu_lock(cpu[i], &t->na[TRY_RACE]);
		if (lock[i] == -EBUSY) {
			try_release_cpus(lock, most);
			return 0;
		}
	}
	return nr;
}

void try_release_cpus(const int *lock, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (lock[i] >= 0)
			close(lock[i]);
}

void try_race(struct try *t)
{
	struct race_request request = {
		.gen = PF_GEN_try, .accessor = t->subject->shown[0],
		.readers = 1, .writers = 1, .interrupts = 10000,
		.seconds = t->race_seconds / PF_RACE_NR_PROTOCOLS,
	};
	int lock[2];

	request.nr_cpus = try_take_cpus(t, 2, request.cpu, lock);
	if (!request.nr_cpus)
		return;
	race_set_try(t->uses[request.accessor][PF_AUTO], request.accessor);
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS && !cmd_interrupted &&
	     !*t->na[TRY_RACE].text; p++) {
		request.protocol = p;
		race_one(t, &request);
	}
	try_release_cpus(lock, 2);
}

void try_print_race(const struct try *t)
{
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
		if (t->race_looked_up[p])
			text_line(t->out, "%s %s held: %.0f bad heads in %.2g look-ups",
				  p ? "         " : "race     ",
				  p ? race_protocol_name(p) : "nothing",
				  t->bad[p], t->race_looked_up[p]);
}

void try_claim_race(const struct try *t, FILE *f)
{
	double bad = 0;

	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
		bad += t->bad[p];
	if (bad > 0)
		text_line(f, "lost %.3g of %.2g look-ups in a race", bad,
			  t->looked_up);
	else
		text_line(f, "no race found in %.2g look-ups", t->looked_up);
}
