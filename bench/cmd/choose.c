// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
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

int choose_form(const char *command, const char *name, enum pf_form *form)
{
	static const char *const names[PF_NR_FORMS] = {
		[PF_THROUGHPUT] = "throughput", [PF_THROUGHPUT_COND] = "cond",
		[PF_LATENCY] = "latency",
	};

	for (int i = 0; i < PF_NR_FORMS; i++) {
		if (!strcmp(name, names[i])) {
			*form = i;
			return EXIT_DONE;
		}
	}
	return complain("%s: no form '%s' (throughput, cond, latency)",
			command, name);
}

int choose_threshold(const char *command, const char *arg, double *threshold)
{
	char *end;
	double pct = strtod(arg, &end);

	if (end == arg || *end || !(pct >= 0 && pct <= 1000))
		return complain("%s: --threshold=%.40s: not a number of per cent from 0 to 1000",
				command, arg);
	*threshold = pct / 100;
	return EXIT_DONE;
}
