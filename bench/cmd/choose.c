// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "lib/nearest.h"

int choose_names(const char *command, const char *what, const char *see,
		 char *list, const char *(*name)(int i), int nr, bool *chosen)
{
	char *save, *word = strtok_r(list, ",", &save);

	if (!word)
		return complain("%s: no %s given (see 'pfbench %s')", command,
				what, see);
	for (; word; word = strtok_r(NULL, ",", &save)) {
		struct nearest n = NEAREST(word);
		int i = 0;

		while (i < nr && strcmp(word, name(i)))
			nearest_offer(&n, name(i++));
		if (i == nr)
			return complain("%s: no %s '%.40s'%s (see 'pfbench %s')",
					command, what, word, nearest_hint(&n),
					see);
		if (chosen[i])
			return complain("%s: %s %s is given twice: give it once",
					command, what, word);
		chosen[i] = true;
	}
	return EXIT_DONE;
}

int choose_accessor(const char *command, const char *name,
		    enum pf_accessor *acc)
{
	struct errmsg msg;

	return names_accessor(name, acc, &msg) ?
		complain("%s: %s", command, msg.text) : EXIT_DONE;
}

int choose_generation(const char *command, const char *name,
		      enum pf_generation *gen)
{
	struct errmsg msg;

	return names_generation(name, PF_NR_REPLICAS, gen, &msg) ?
		complain("%s: %s", command, msg.text) : EXIT_DONE;
}
