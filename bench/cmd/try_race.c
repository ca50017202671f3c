// SPDX-License-Identifier: GPL-2.0
/* The race of a user's look-up with the writers of its layout, and the proof. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "code/shared.h"
#include "lib/subprocess.h"
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

void try_race(struct try *t)
{
	struct race_request request = {
		.gen = PF_GEN_try, .accessor = PF_ACC_compound_head,
		.readers = 1, .writers = 1, .interrupts = 10000,
		.seconds = t->race_seconds / PF_RACE_NR_PROTOCOLS,
	};
	int lock[2] = { -1, -1 };
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		CPU_ZERO(&set);
	for (int cpu = 0; cpu < CPU_SETSIZE && request.nr_cpus < 2; cpu++)
		if (CPU_ISSET(cpu, &set))
			request.cpu[request.nr_cpus++] = cpu;
	if (request.nr_cpus < 2) {
		errmsg_set(&t->na[TRY_RACE], -ENOENT, "needs two CPUs");
		return;
	}
	for (int i = 0; i < 2; i++) {
		lock[i] = cpu_lock(request.cpu[i], &t->na[TRY_RACE]);
		if (lock[i] == -EBUSY)
			goto out;
	}
	race_set_try(t->uses[PF_ACC_compound_head][PF_AUTO]);
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS && !cmd_interrupted &&
	     !*t->na[TRY_RACE].text; p++) {
		request.protocol = p;
		race_one(t, &request);
	}
out:
	for (int i = 0; i < 2; i++)
		if (lock[i] >= 0)
			close(lock[i]);
}

/* The last line of what the script wrote, without its name. */
static const char *words_of_verify(char *text)
{
	size_t n = strlen(text);
	char *line;

	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	return strncmp(line, "verify: ", 8) ? line : line + 8;
}

void try_proof(struct try *t)
{
	char script[PATH_MAX + 32], *err = NULL;
	const char *const argv[] = { "bash", script, "-f", t->path, NULL };
	int status;

	snprintf(script, sizeof(script), "%s/scripts/verify",
		 code_source_dir(t->shared));
	if (access(script, R_OK)) {
		errmsg_set(&t->na[TRY_PROOF], -errno, "%s: %s", script,
			   strerror(errno));
		return;
	}
	status = subprocess_run(argv, &t->proof, &err);
	if (status == EXIT_NO)
		errmsg_set(t->wrong.text[0] ? NULL : &t->wrong, -EINVAL,
			   "cbmc found an order of loads and stores with an unsafe answer: see the steps below");
	else if (status)
		errmsg_set(&t->na[TRY_PROOF], -ENOENT, "%s",
			   err && *err ? words_of_verify(err) :
			   "cbmc did not decide");
	free(err);
}
