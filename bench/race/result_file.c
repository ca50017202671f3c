// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "data/json.h"
#include "race/result_file.h"

/* The counts of a run, in the order of the file. */
static const struct count_key {
	const char *key;
	size_t offset;
	bool required, kmod_only;
} count_keys[] = {
#define COUNT(key, member, ...) \
	{ key, offsetof(struct race_result, member), __VA_ARGS__ }
	COUNT("lookups", counts.lookups, true),
	COUNT("right", counts.verdict[PF_RACE_RIGHT]),
	COUNT("itself", counts.verdict[PF_RACE_ITSELF]),
	COUNT("stale", counts.verdict[PF_RACE_STALE]),
	COUNT("garbage", counts.verdict[PF_RACE_GARBAGE]),
	COUNT("undecided", counts.verdict[PF_RACE_UNDECIDED]),
	COUNT("wrong_flags", counts.wrong_flags, true),
	COUNT("undecided_flags", counts.unknown_flags, true),
	COUNT("moving", counts.moving, true),
	COUNT("passed", counts.passed),
	COUNT("changes", changes, true),
	COUNT("refused", refused),
	COUNT("came", came, false, true),
	COUNT("switches", switches, false, true),
#undef COUNT
};

#define NR_COUNTS (sizeof(count_keys) / sizeof(*count_keys))

static unsigned long *count_of_run(struct race_result *r,
				   const struct count_key *k)
{
	return (unsigned long *)((char *)r + k->offset);
}

static json_t *cpus_json(const struct race_request *request)
{
	json_t *list = json_array();

	for (size_t i = 0; i < request->nr_cpus; i++)
		json_array_append_new(list, json_integer(request->cpu[i]));
	return list;
}

static json_t *windows_json(unsigned int windows)
{
	json_t *list = json_array();

	for (int w = 1; w < PF_NR_WINDOWS; w++)
		if (windows >> w & 1)
			json_array_append_new(list,
					      json_string(race_window_name(w)));
	return list;
}

static json_t *run_json(struct race_result r)
{
	const struct race_request *of = &r.of;
	const char *idle = race_idle(&r);
	json_t *run = json_pack(
		"{ss ss ss ss si si si so so ss sI so sI so so so sb}",
		"backend", of->kmod ? "kmod" : "user",
		"generation", pf_generations[of->gen].name,
		"accessor", pf_accessors[of->accessor].name,
		"protocol", race_protocol_name(of->protocol),
		"readers", of->readers, "writers", of->writers,
		"interrupts", of->interrupts,
		"cpus", cpus_json(of), "gaps", windows_json(of->windows),
		"stall", of->windows ? race_delay_name(of->kind) : "none",
		"delay_ns", (json_int_t)of->ns,
		"delay_measured_ns", json_finite(r.delay),
		"delays", (json_int_t)r.delays,
		"seconds", json_finite(r.seconds),
		"first_s", json_finite(r.first),
		"dispersion", json_finite(r.dispersion),
		"partial", r.partial);

	for (size_t i = 0; i < NR_COUNTS; i++) {
		const struct count_key *k = &count_keys[i];

		if (of->kmod || !k->kmod_only)
			json_object_set_new(run, k->key,
					    json_integer(*count_of_run(&r, k)));
	}
	if (of->inject)
		json_object_set_new(run, "planted", json_integer(r.injected));
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
		json_array_append_new(runs, run_json(r[i]));
	}
	return json_pack("{si sb so so}", "pfbench_race", 1, "partial",
			 partial, "machine", machine, "runs", runs);
}

/* The index of the name under @key; -1: none of @nr. */
static int name_index(const json_t *run, const char *key, int nr,
		      const char *(*name)(int i))
{
	const char *text = json_string_value(json_object_get(run, key));

	for (int i = 0; text && i < nr; i++)
		if (!strcmp(text, name(i)))
			return i;
	return -1;
}

static const char *generation_name_at(int i)
{
	return pf_generations[i].name;
}

static const char *accessor_name_at(int i)
{
	return pf_accessors[i].name;
}

static const char *protocol_name_at(int i)
{
	return race_protocol_name(i);
}

static const char *delay_name_at(int i)
{
	return race_delay_name(i);
}

static unsigned long read_count(const json_t *run, const char *key)
{
	json_int_t v = json_integer_value(json_object_get(run, key));

	return v > 0 ? v : 0;
}

static double read_number(const json_t *run, const char *key)
{
	const json_t *v = json_object_get(run, key);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

static bool read_request(const json_t *run, struct race_request *request)
{
	int gen = name_index(run, "generation", PF_NR_REPLICAS,
			     generation_name_at);
	int acc = name_index(run, "accessor", PF_NR_ACCESSORS,
			     accessor_name_at);
	int protocol = name_index(run, "protocol", PF_RACE_NR_PROTOCOLS,
				  protocol_name_at);
	int kind = name_index(run, "stall", RACE_NR_DELAY_KINDS, delay_name_at);
	const char *backend =
		json_string_value(json_object_get(run, "backend"));
	json_t *name, *cpu;
	size_t i;

	if (gen < 0 || acc < 0 || protocol < 0 || !race_can(gen, acc))
		return false;
	*request = (struct race_request){ .gen = gen,
		.kmod = backend && !strcmp(backend, "kmod"), .accessor = acc,
		.protocol = protocol, .kind = kind < 0 ? RACE_SPIN : kind,
		.readers = read_count(run, "readers"),
		.writers = read_count(run, "writers"),
		.interrupts = read_count(run, "interrupts"),
		.ns = read_count(run, "delay_ns"),
		.inject = json_object_get(run, "planted") != NULL };
	json_array_foreach(json_object_get(run, "gaps"), i, name)
		for (int w = 1; json_is_string(name) && w < PF_NR_WINDOWS; w++)
			if (!strcmp(json_string_value(name),
				    race_window_name(w)))
				request->windows |= 1U << w;
	json_array_foreach(json_object_get(run, "cpus"), i, cpu)
		if (request->nr_cpus < RACE_MAX_THREADS)
			request->cpu[request->nr_cpus++] =
				json_integer_value(cpu);
	return request->readers && request->writers && request->nr_cpus;
}

/* False for what no run can have written. */
static bool run_is_consistent(const struct race_result *r)
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

static bool has_count(const json_t *run, const char *key)
{
	const json_t *v = json_object_get(run, key);

	return json_is_integer(v) && json_integer_value(v) >= 0;
}

/* Check a number that may be missing or null. */
static int check_number(const json_t *run, const char *key, double min,
			double max, struct errmsg *fault)
{
	const json_t *v = json_object_get(run, key);

	if (!v || json_is_null(v))
		return 0;
	if (!json_is_number(v))
		return errmsg_set(fault, -EINVAL, ".%s: not a number", key);
	return json_number_value(v) >= min && json_number_value(v) <= max ? 0 :
		errmsg_set(fault, -EINVAL, ".%s: %g is not in %g to %g", key,
			   json_number_value(v), min, max);
}

static int check_numbers(const json_t *run, struct errmsg *fault)
{
	/* a day and longer delays are no races; nor is a run of years */
	static const struct {
		const char *key;
		double min, max;
	} number[] = {
		{ "delay_measured_ns", 0, 1e12 }, { "seconds", 1e-9, 1e9 },
		{ "first_s", 0, 1e9 }, { "dispersion", 1, 1e12 },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(number) / sizeof(*number) && !err; i++)
		err = check_number(run, number[i].key, number[i].min,
				   number[i].max, fault);
	return err;
}

/* @fault: ".KEY: why" below the run. */
static int read_race_run(const json_t *run, struct race_result *r,
			 struct errmsg *fault)
{
	const char *missing = !has_count(run, "delays") ? "delays" : NULL;

	*r = (struct race_result){ .injected = read_count(run, "planted") };
	for (size_t i = 0; i < NR_COUNTS; i++) {
		const struct count_key *k = &count_keys[i];

		if (k->required && !has_count(run, k->key))
			missing = k->key;
		*count_of_run(r, k) = read_count(run, k->key);
	}
	if (missing)
		return errmsg_set(fault, -EINVAL,
				  ".%s: missing, or not an integer from 0",
				  missing);
	if (check_numbers(run, fault))
		return -EINVAL;
	r->delays = read_count(run, "delays");
	r->delay = read_number(run, "delay_measured_ns");
	r->seconds = read_number(run, "seconds");
	r->first = read_number(run, "first_s");
	r->dispersion = read_number(run, "dispersion");
	r->partial = json_is_true(json_object_get(run, "partial"));
	return read_request(run, &r->of) && run_is_consistent(r) ? 0 :
		errmsg_set(fault, -EINVAL,
			   " is invalid: no pfbench race can have written it");
}

/* Read all runs of a file; @nr: how many are in @r. */
static int read_runs(const char *name, const json_t *root,
		     struct race_result *r, size_t max, size_t *nr,
		     struct errmsg *msg)
{
	struct errmsg fault;
	json_t *run;
	size_t i;

	*nr = 0;
	if (json_integer_value(json_object_get(root, "pfbench_race")) != 1)
		return errmsg_set(msg, -EINVAL,
				  "%s: not a file of pfbench race (format 1)",
				  name);
	json_array_foreach(json_object_get(root, "runs"), i, run) {
		if (*nr == max)
			return errmsg_set(msg, -EINVAL, "%s: more than %zu runs",
					  name, max);
		if (read_race_run(run, &r[*nr], &fault))
			return errmsg_set(msg, -EINVAL, "%s: runs[%zu]%s", name,
					  i, fault.text);
		++*nr;
	}
	return *nr ? 0 : errmsg_set(msg, -EINVAL, "%s: has no runs", name);
}

int race_load(const char *path, struct race_result *r, size_t max, size_t *nr,
	      bool *partial, json_t **machine, struct errmsg *msg)
{
	struct input in;
	json_t *root;
	int err;

	err = input_open(&in, path, msg);
	if (err)
		return err;
	err = json_read(&in, &root, msg);
	input_close(&in);
	if (err)
		return err;
	err = read_runs(in.name, root, r, max, nr, msg);
	*partial = json_is_true(json_object_get(root, "partial"));
	*machine = json_incref(json_object_get(root, "machine"));
	json_decref(root);
	return err;
}
