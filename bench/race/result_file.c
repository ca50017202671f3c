// SPDX-License-Identifier: GPL-2.0
/* Runs of the race as JSON, and back. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "data/json.h"
#include "race/race.h"

static const char *const verdicts[PF_RACE_NR_VERDICTS] = {
	[PF_RACE_RIGHT] = "right", [PF_RACE_ITSELF] = "itself",
	[PF_RACE_STALE] = "stale", [PF_RACE_GARBAGE] = "garbage",
	[PF_RACE_UNDECIDED] = "undecided",
};

static json_t *cpus(const struct race_request *ask)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ask->nr_cpus; i++)
		json_array_append_new(list, json_integer(ask->cpu[i]));
	return list;
}

static json_t *windows(unsigned int mask)
{
	json_t *list = json_array();

	for (int window = 1; window < PF_NR_WINDOWS; window++)
		if (mask >> window & 1)
			json_array_append_new(list,
					      json_string(race_window_name(window)));
	return list;
}

static json_t *run_json(const struct race_result *r)
{
	const struct race_request *ask = &r->of;
	const char *idle = race_idle(r);
	json_t *run = json_pack(
		"{ss ss ss ss si si si so so ss sI so sI so so so sb}",
		"backend", ask->kmod ? "kmod" : "user",
		"generation", pf_generations[ask->gen].name,
		"accessor", pf_accessors[ask->accessor].name,
		"protocol", race_protocol_name(ask->protocol),
		"readers", ask->readers, "writers", ask->writers,
		"interrupts", ask->interrupts,
		"cpus", cpus(ask), "gaps", windows(ask->windows),
		"stall", ask->windows ? race_delay_name(ask->kind) : "none",
		"delay_ns", (json_int_t)ask->ns,
		"delay_measured_ns", json_finite(r->delay),
		"delays", (json_int_t)r->delays,
		"seconds", json_finite(r->seconds), "first_s", json_finite(r->first),
		"dispersion", json_finite(r->dispersion),
		"partial", r->partial);

	json_object_set_new(run, "lookups", json_integer(r->counts.lookups));
	for (int v = 0; v < PF_RACE_NR_VERDICTS; v++)
		json_object_set_new(run, verdicts[v],
				    json_integer(r->counts.verdict[v]));
	json_object_set_new(run, "wrong_flags",
			    json_integer(r->counts.wrong_flags));
	json_object_set_new(run, "undecided_flags",
			    json_integer(r->counts.unknown_flags));
	json_object_set_new(run, "moving", json_integer(r->counts.moving));
	json_object_set_new(run, "passed", json_integer(r->counts.passed));
	json_object_set_new(run, "changes", json_integer(r->changes));
	json_object_set_new(run, "refused", json_integer(r->refused));
	if (ask->kmod) {
		json_object_set_new(run, "came", json_integer(r->came));
		json_object_set_new(run, "switches",
				    json_integer(r->switches));
	}
	if (ask->inject)
		json_object_set_new(run, "planted", json_integer(r->injected));
	if (idle)
		json_object_set_new(run, "idle", json_string(idle));
	return run;
}

json_t *race_json(const struct race_result *r, size_t nr, bool partial,
		  json_t *machine)
{
	json_t *runs = json_array();

	for (size_t i = 0; i < nr; i++) {
		partial |= r[i].partial;
		json_array_append_new(runs, run_json(&r[i]));
	}
	return json_pack("{si sb so so}", "pfbench_race", 1, "partial",
			 partial, "machine", machine, "runs", runs);
}

/* Which of @nr names; -1: none of them. */
static int which(const json_t *run, const char *key, int nr,
		 const char *(*name)(int i))
{
	const char *text = json_string_value(json_object_get(run, key));

	for (int i = 0; text && i < nr; i++)
		if (!strcmp(text, name(i)))
			return i;
	return -1;
}

static const char *generation_name(int i)
{
	return pf_generations[i].name;
}

static const char *accessor_name(int i)
{
	return pf_accessors[i].name;
}

static const char *protocol_name(int i)
{
	return race_protocol_name(i);
}

static const char *stall_name(int i)
{
	return race_delay_name(i);
}

static unsigned long count_of(const json_t *run, const char *key)
{
	json_int_t v = json_integer_value(json_object_get(run, key));

	return v > 0 ? v : 0;
}

static double number_of(const json_t *run, const char *key)
{
	const json_t *v = json_object_get(run, key);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

static bool read_request(const json_t *run, struct race_request *ask)
{
	int gen = which(run, "generation", PF_NR_REPLICAS, generation_name);
	int acc = which(run, "accessor", PF_NR_ACCESSORS, accessor_name);
	int protocol = which(run, "protocol", PF_RACE_NR_PROTOCOLS,
			     protocol_name);
	int kind = which(run, "stall", RACE_NR_DELAY_KINDS, stall_name);
	const char *backend =
		json_string_value(json_object_get(run, "backend"));
	json_t *window, *cpu;
	size_t i;

	if (gen < 0 || acc < 0 || protocol < 0 || !race_can(gen, acc))
		return false;
	*ask = (struct race_request){ .gen = gen,
		.kmod = backend && !strcmp(backend, "kmod"), .accessor = acc,
		.protocol = protocol, .kind = kind < 0 ? RACE_SPIN : kind,
		.readers = count_of(run, "readers"),
		.writers = count_of(run, "writers"),
		.interrupts = count_of(run, "interrupts"),
		.ns = count_of(run, "delay_ns"),
		.inject = json_object_get(run, "planted") != NULL };
	json_array_foreach(json_object_get(run, "gaps"), i, window)
		for (int g = 1; json_is_string(window) && g < PF_NR_WINDOWS; g++)
			if (!strcmp(json_string_value(window), race_window_name(g)))
				ask->windows |= 1U << g;
	json_array_foreach(json_object_get(run, "cpus"), i, cpu)
		if (ask->nr_cpus < RACE_MAX_THREADS)
			ask->cpu[ask->nr_cpus++] = json_integer_value(cpu);
	return ask->readers && ask->writers && ask->nr_cpus;
}

/* What no run of ours can have written. */
static bool is_sane(const struct race_result *r)
{
	const struct pf_race_counts *c = &r->counts;
	unsigned long verdicts = 0;

	for (int v = 0; v < PF_RACE_NR_VERDICTS; v++) {
		if (c->verdict[v] > c->lookups)
			return false;
		verdicts += c->verdict[v];
	}
	return verdicts == c->lookups && c->wrong_flags <= c->lookups &&
		c->unknown_flags <= c->lookups - c->wrong_flags &&
		c->moving <= c->lookups && r->seconds > 0 &&
		!(r->first < 0) && !(r->delay < 0) && !(r->dispersion < 1);
}

static bool are_counts(const json_t *run)
{
	static const char *const keys[] = { "lookups", "wrong_flags",
		"undecided_flags", "moving", "changes", "delays" };
	const json_t *v;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		v = json_object_get(run, keys[i]);
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return false;
	}
	return true;
}

static bool read_run(const json_t *run, struct race_result *r)
{
	*r = (struct race_result){ .injected = count_of(run, "planted") };
	if (!read_request(run, &r->of) || !are_counts(run))
		return false;
	for (int v = 0; v < PF_RACE_NR_VERDICTS; v++)
		r->counts.verdict[v] = count_of(run, verdicts[v]);
	r->counts.lookups = count_of(run, "lookups");
	r->counts.wrong_flags = count_of(run, "wrong_flags");
	r->counts.unknown_flags = count_of(run, "undecided_flags");
	r->counts.moving = count_of(run, "moving");
	r->counts.passed = count_of(run, "passed");
	r->changes = count_of(run, "changes");
	r->refused = count_of(run, "refused");
	r->came = count_of(run, "came");
	r->switches = count_of(run, "switches");
	r->delays = count_of(run, "delays");
	r->delay = number_of(run, "delay_measured_ns");
	r->seconds = number_of(run, "seconds");
	r->first = number_of(run, "first_s");
	r->dispersion = number_of(run, "dispersion");
	r->partial = json_is_true(json_object_get(run, "partial"));
	return is_sane(r);
}

int race_load(const char *path, struct race_result *r, size_t max, size_t *nr,
	      bool *partial, json_t **machine, struct errmsg *msg)
{
	json_error_t error;
	json_t *root = json_load_file(path, 0, &error), *run;
	int err = 0;
	size_t i;

	if (!root)
		return errmsg_set(msg, -EINVAL, "%s: %s", path, error.text);
	if (json_integer_value(json_object_get(root, "pfbench_race")) != 1)
		err = errmsg_set(msg, -EINVAL,
			      "%s: not a file of pfbench race (format 1)",
			      path);
	*nr = 0;
	json_array_foreach(json_object_get(root, "runs"), i, run) {
		if (err)
			break;
		if (*nr == max)
			err = errmsg_set(msg, -EINVAL, "%s: more than %zu runs",
				      path, max);
		else if (!read_run(run, &r[(*nr)++]))
			err = errmsg_set(msg, -EINVAL,
				      "%s: run %zu is not one of ours", path,
				      i + 1);
	}
	if (!err && !*nr)
		err = errmsg_set(msg, -EINVAL, "%s: has no runs", path);
	*partial = json_is_true(json_object_get(root, "partial"));
	*machine = json_incref(json_object_get(root, "machine"));
	json_decref(root);
	return err;
}
