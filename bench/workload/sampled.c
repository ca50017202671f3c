// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "data/json.h"
#include "lib/stats.h"
#include "workload/result_internal.h"
#include "workload/sampled.h"

/* The version of the JSON, and its kind, by which it differs from counts. */
#define FORMAT 1
#define KIND "sampled, estimate"

int sampled_check(const struct workload *w, const char *vmlinux,
		  const struct samples *s, struct errmsg *msg)
{
	const struct census *c = &w->census;

	if (strcmp(c->file->build_id, s->build_id))
		return errmsg_set(msg, -EINVAL,
				  "%s is not the vmlinux of the sampled kernel: its build-id is %s, that of the kernel %s",
				  vmlinux, c->file->build_id, s->build_id);
	if (!c->page.stext || c->page.etext <= c->page.stext)
		return errmsg_set(msg, -EINVAL,
				  "%s: no symbols _stext and _etext: it is stripped",
				  vmlinux);
	return 0;
}

/* The piece of a site at an address of vmlinux, or NULL. */
static const struct census_range *piece_at(const struct workload *w,
					   uint64_t address)
{
	size_t lo = 0, hi = w->nr_pieces;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->piece[mid].end <= address)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->nr_pieces && w->piece[lo].start <= address ?
		&w->piece[lo] : NULL;
}

/* Return: samples outside of the code of vmlinux: in modules, for example. */
static uint64_t place_samples(struct workload *w, const struct samples *s)
{
	uint64_t moved = s->stext - w->census.page.stext, outside = 0;
	const struct census_range *piece;

	for (size_t i = 0; i < s->nr; i++) {
		uint64_t address = s->at[i].ip - moved, n = s->at[i].count;
		int lookup;

		if (address < w->census.page.stext ||
		    address >= w->census.page.etext) {
			outside += n;
			continue;
		}
		piece = piece_at(w, address);
		if (!piece)
			continue;
		w->count[piece->site].own += n;
		lookup = workload_lookup_of(w, piece->site);
		if (lookup >= 0)
			w->count[lookup].whole += n;
	}
	return outside;
}

static json_t *share_json(uint64_t part, uint64_t all)
{
	struct estimate e = stats_binomial_share(part, all, STATS_CONFIDENCE);

	return json_pack("{so so so}", "mid", json_finite(e.mid),
			 "lo", json_finite(e.lo), "hi", json_finite(e.hi));
}

static json_t *sampled_figures(const struct workload_row *r, const void *arg)
{
	const struct samples *s = arg;

	return json_pack("{sI so sI so}",
			 "lookup_samples", (json_int_t)r->count.whole,
			 "lookup_share", share_json(r->count.whole, s->total),
			 "accessor_samples", (json_int_t)r->accessors,
			 "accessor_share", share_json(r->accessors, s->total));
}

static json_t *sampled_total(struct workload *w, const struct samples *s,
			     uint64_t outside)
{
	struct workload_row total = workload_total(w);
	json_t *o = sampled_figures(&total, s);

	json_object_set_new(o, "samples", json_integer(s->total));
	json_object_set_new(o, "exact", json_integer(s->exact));
	json_object_set_new(o, "lost", json_integer(s->lost));
	json_object_set_new(o, "throttled", json_integer(s->throttled));
	json_object_set_new(o, "elsewhere", json_integer(s->elsewhere));
	json_object_set_new(o, "outside", json_integer(outside));
	return o;
}

json_t *sampled_result(struct workload *w, const struct samples *s,
		       const char *partial)
{
	const struct census_file *file = w->census.file;
	json_t *root, *command = json_array();
	uint64_t outside = place_samples(w, s);

	for (char *const *word = s->command; *word; word++)
		json_array_append_new(command, json_text(*word));
	root = json_pack("{si ss sb so sI so ss ss ss ss ss sI sI so}",
			 "pfbench_workload", FORMAT, "kind", KIND,
			 "partial", !!partial, "partial_reason", partial ?
			 json_text(partial) : json_null(),
			 "status", (json_int_t)s->status, "command", command,
			 "release", s->release, "version", s->version,
			 "arch", file->arch, "build_id", file->build_id,
			 "event", "cycles:k", "period", (json_int_t)s->period,
			 "precise_ip", (json_int_t)s->precise,
			 "total", sampled_total(w, s, outside));
	if (root && workload_add_tables(root, w, sampled_figures, s)) {
		json_decref(root);
		return NULL;
	}
	return root;
}
