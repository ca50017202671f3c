// SPDX-License-Identifier: GPL-2.0
/* Run checks of a user's code in a child: it may crash, or never end. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/try.h"

static void died(struct try *t, enum try_part part, unsigned int seconds,
		 int status)
{
	const char *where = part == TRY_RACE ? " in a race" : "";

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		errmsg_set(&t->wrong, -EINVAL,
			   "the %s does not end within %u s%s",
			   t->subject->what, seconds, where);
	else if (WIFSIGNALED(status))
		errmsg_set(&t->wrong, -EINVAL, "the %s crashes%s: %s",
			   t->subject->what, where,
			   strsignal(WTERMSIG(status)));
	else
		errmsg_set(&t->na[part], -ENOMEM, "out of memory");
}

static void take_findings(struct try *t, enum try_part part,
			  const struct try_found *found)
{
	if (part == TRY_RIGHT)
		memcpy(t->right, found->right, sizeof(t->right));
	t->takes = found->takes;
	t->frees = found->frees;
	t->wrong = found->wrong;
	t->na[part] = found->na;
}

void try_in_child(struct try *t, enum try_part part, unsigned int seconds,
		  void (*check)(const struct try *t, struct try_found *found))
{
	struct try_found *found = mmap(NULL, sizeof(*found),
				       PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = found == MAP_FAILED ? -1 : fork(), ended = -1;
	int status = 0;

	if (!pid) {
		alarm(seconds);
		check(t, found);
		_exit(0);
	}
	while (pid > 0 && (ended = waitpid(pid, &status, 0)) < 0 &&
	       errno == EINTR)
		if (cmd_interrupted)
			kill(pid, SIGKILL);
	if (cmd_interrupted)
		errmsg_set(&t->na[part], -EINTR, "interrupted");
	else if (ended < 0)
		errmsg_set(&t->na[part], -errno, "no process: %s",
			   strerror(errno));
	else if (!found->done)
		died(t, part, seconds, status);
	else
		take_findings(t, part, found);
	if (found != MAP_FAILED)
		munmap(found, sizeof(*found));
}
