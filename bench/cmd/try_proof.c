// SPDX-License-Identifier: GPL-2.0
/* The proof of a user's look-up or scheme, by scripts/verify. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "code/shared.h"
#include "lib/subprocess.h"

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
	const char *const argv[] = { "bash", script, "-f", t->path, "-s",
				     t->subject->scenarios, NULL };
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
			   "cbmc found %s: see the steps below",
			   t->subject->refuted);
	else if (status)
		errmsg_set(&t->na[TRY_PROOF], -ENOENT, "%s",
			   err && *err ? words_of_verify(err) :
			   "cbmc did not decide");
	free(err);
}
