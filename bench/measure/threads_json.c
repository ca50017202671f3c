// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "data/json.h"
#include "measure/threads_json.h"

static json_t *interval_json(const struct estimate *e)
{
	return json_pack("{s:o, s:o, s:o}", "median", json_finite(e->mid),
			 "lo", json_finite(e->lo), "hi", json_finite(e->hi));
}

json_t *threaded_json(const struct point *p, const struct threaded *t)
{
	json_t *threads = json_array(), *o;

	for (unsigned int i = 0; i < t->nr; i++)
		json_array_append_new(threads, json_pack("{s:i, s:o, s:o}",
			"cpu", t->thread[i].cpu,
			"rate", interval_json(&t->thread[i].rate),
			"cycles", interval_json(&t->thread[i].cost)));
	o = json_pack("{s:s, s:b, s:o, s:o, s:o}",
		      "sharing", threading_name(p->threading),
		      "oversubscribed", t->oversubscribed,
		      "total", interval_json(&t->total),
		      "fairness", interval_json(&t->fairness),
		      "thread", threads);
	if (!isnan(t->retries.mid))
		json_object_set_new(o, "retries", interval_json(&t->retries));
	if (t->writer != PF_NR_ACCESSORS)
		json_object_set_new(o, "writer",
			json_string(pf_accessors[t->writer].name));
	return o;
}
