// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "cmd/gbench_filter.h"
#include "cmd/run_replay.h"
#include "data/sequence.h"

int run_replay_select(struct point_filter *s, struct run_replay *r,
		      const char *filter, struct errmsg *msg)
{
	struct errmsg why = { "" };
	long site = -1;
	char *end;
	int ret;

	s->point = NULL;
	if (r->site) {
		site = strtol(r->site, &end, 10);
		if (*r->site < '0' || *r->site > '9' || *end || site > 999999)
			return errmsg_set(msg, -EINVAL,
					  "--site=%.40s: not the number of a site in the file",
					  r->site);
	}
	ret = sequence_read(r->file, site, &r->nr, &why);
	if (ret)
		return errmsg_set(msg, ret, "--population: %s", why.text);
	return point_filter_open_replay(s, r->nr, filter, gbench_matches, msg);
}

void run_replay_record(json_t *options, json_t *context,
		       const struct run_replay *r)
{
	static const char *const names[SEQUENCE_NR_KINDS] = {
		"small", "head", "tail",
	};
	const struct sequence *s;
	json_t *o, *looked_up, *visits;

	if (!r->file)
		return;
	json_object_set_new(options, "population", json_string(r->file));
	if (r->site)
		json_object_set_new(options, "site", json_string(r->site));
	s = sequence_get(r->nr);
	looked_up = json_object();
	visits = json_object();
	for (int kind = 0; kind < SEQUENCE_NR_KINDS; kind++) {
		json_object_set_new(looked_up, names[kind],
				    json_integer(s->looked_up[kind]));
		json_object_set_new(visits, names[kind],
				    json_integer(s->kept[kind]));
	}
	o = json_object();
	json_object_set_new(o, "name", json_string(s->name));
	json_object_set_new(o, "workload", json_string(s->workload));
	json_object_set_new(o, "kernel", json_string(s->kernel));
	json_object_set_new(o, "looked_up", looked_up);
	json_object_set_new(o, "visits", visits);
	json_object_set_new(context, "replay", o);
}
