// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "data/json.h"
#include "lib/array.h"
#include "lib/atomic_file.h"
#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "machine/environment.h"
#include "machine/tsc.h"
#include "measure/result_writer.h"
#include "measure/threads_json.h"
#include "uapi/pfbench.h"

/* Samples per point in the file, at most: every n-th round is kept. */
#define MAX_SAMPLES 240
/* Samples of all points, at most: a larger file takes too much memory to read. */
#define MAX_ALL_SAMPLES 2000000

/* Samples are most of a file: five significant digits are enough. */
static double five_digits(double v)
{
	char text[32];

	if (!isfinite(v))
		return v;
	snprintf(text, sizeof(text), "%.5g", v);
	return strtod(text, NULL);
}

static void set_number(json_t *object, const char *key, double v)
{
	if (isfinite(v))
		json_object_set_new(object, key, json_real(v));
}

static void host_name(char *name, size_t size)
{
	if (gethostname(name, size) || !name[0])
		snprintf(name, size, "unknown");
	name[size - 1] = '\0';
	for (char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-' && *c != '.' &&
		    *c != '_')
			*c = '_';
	if (name[0] == '.')
		name[0] = '_';
}

static void add_cache(void *arg, const char *type, unsigned int level,
		      size_t bytes, unsigned int num_sharing)
{
	json_array_append_new(arg, json_pack("{s:s, s:i, s:I, s:i}", "type",
					     type, "level", level, "size",
					     (json_int_t)bytes, "num_sharing",
					     num_sharing));
}

static double max_mhz(int cpu)
{
	auto_free char *khz = read_line("/sys/devices/system/cpu/cpu%d/cpufreq/cpuinfo_max_freq",
					cpu);

	return khz ? strtod(khz, NULL) / 1000 : 0;
}

/* The part of the context that Google Benchmark's own tools read. */
static json_t *google_context(const char *executable, const char *host,
			      struct topology *t, const struct cpu_choice *cpu,
			      const struct tm *tm)
{
	json_t *context = json_object(), *caches = json_array(),
	       *loads = json_array();
	double load[3];
	char date[64];

	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S%z", tm);
	json_object_set_new(context, "date", json_string(date));
	json_object_set_new(context, "host_name", json_string(host));
	json_object_set_new(context, "executable", json_string(executable));
	json_object_set_new(context, "num_cpus",
			    json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_set_new(context, "mhz_per_cpu",
			    json_integer(lround(max_mhz(cpu->cpu))));
	json_object_set_new(context, "cpu_scaling_enabled",
			    json_boolean(max_mhz(cpu->cpu) > 0));
	topology_each_cache(t, cpu, add_cache, caches);
	json_object_set_new(context, "caches", caches);
	for (int i = 0, n = getloadavg(load, 3); i < n; i++)
		json_array_append_new(loads, json_real(load[i]));
	json_object_set_new(context, "load_avg", loads);
	json_object_set_new(context, "library_build_type",
			    json_string("release"));
	return context;
}

/* Names are made up to the second: runs within a second get a number. */
static int open_output(struct result_output *o, const char *path,
		       const char *host, const char *backend,
		       const struct tm *tm, struct errmsg *msg)
{
	char time[64], name[512];
	int ret;

	if (path)
		return result_output_open(o, path, false, msg);
	strftime(time, sizeof(time), "%Y%m%d-%H%M%S", tm);
	snprintf(name, sizeof(name), "results/%s/%s-%s.json", host, time,
		 backend);
	ret = make_parents(name, msg);
	return ret ? ret : result_output_open(o, name, true, msg);
}

int result_writer_open(struct result_writer *r, const char *path,
		       const char *backend, const char *executable,
		       struct topology *t, const struct cpu_choice *cpu,
		       struct errmsg *msg)
{
	time_t now = time(NULL);
	char host[256];
	struct tm tm;
	int ret;

	memset(r, 0, sizeof(*r));
	localtime_r(&now, &tm);
	host_name(host, sizeof(host));
	ret = open_output(&r->output, path, host, backend, &tm, msg);
	if (ret)
		return ret;
	r->context = google_context(executable, host, t, cpu, &tm);
	r->pfbench = environment_context("", cpu);
	if (!r->context || !r->pfbench)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	json_object_set_new(r->context, "pfbench", r->pfbench);
	json_object_set_new(r->pfbench, "format", json_integer(1));
	json_object_set_new(r->pfbench, "backend", json_string(backend));
	json_object_set_new(r->pfbench, "abi", json_integer(PFBENCH_ABI));
	json_object_set_new(r->pfbench, "cpu", json_integer(cpu->cpu));
	json_object_set_new(r->pfbench, "node", json_integer(cpu->node));
	json_object_set_new(r->pfbench, "cpu_kind", json_string(cpu->kind));
	json_object_set_new(r->pfbench, "tick_source",
			    json_string(CLOCK_TICK_SOURCE));
	json_object_set_new(r->pfbench, "counters", json_object());
	json_object_set_new(r->pfbench, "disturbances",
			    environment_disturbances("", t, cpu));
	return 0;
}

static json_t *resolution_json(const struct twins *t, enum pf_form form)
{
	double cycles = twins_resolution(t, form);

	return isnan(cycles) ? json_null() :
		json_pack("{s:f, s:f}", "seconds", 1.0, "cycles", cycles);
}

/* How many A/A twins were equal, and the differences that they resolve. */
static void set_twins(json_t *p, const struct twins *t)
{
	json_object_set_new(p, "twins", json_pack("{s:I, s:I}", "measured",
						  (json_int_t)t->measured,
						  "equal",
						  (json_int_t)t->equal));
	json_object_set_new(p, "resolution", json_pack("{s:o, s:o}",
			"throughput", resolution_json(t, PF_THROUGHPUT),
			"latency", resolution_json(t, PF_LATENCY)));
}

static void set_cpus(json_t *p, const struct session *s)
{
	json_t *cpus = json_array();

	for (size_t i = 0; i < s->nr_used; i++)
		json_array_append_new(cpus, json_integer(s->used[i]));
	json_object_set_new(p, "cpus", cpus);
	json_object_set_new(p, "cpu_moves", json_integer(s->moves));
}

void result_writer_progress(struct result_writer *r,
			    const struct session *session)
{
	const struct sampler *s = &session->sampler;
	json_t *p = r->pfbench;

	set_number(p, "ns_per_tick", s->ns_per_tick);
	set_number(p, "quantum_ticks", s->quantum);
	set_number(p, "ticks_per_cycle", s->cycles ? sampler_unit(s) :
		   contention_cycle(s->contention));
	json_object_set_new(p, "cycles_per_add", json_finite(s->add_cycles));
	set_number(p, "quiet_ticks",
		   s->contention->nops.level * contention_cycle(s->contention));
	set_number(p, "floor_ticks", s->floor * sampler_unit(s));
	if (!s->fixed_rounds)
		json_object_set_new(p, "cycle_source",
				    json_string(s->cycles ? "counter" :
						"reference loop"));
	json_object_set_new(p, "format",
			    json_integer(s->fixed_rounds ? 1 : 2));
	if (s->twins)
		set_twins(p, s->twins);
	set_cpus(p, session);
	if (s->icount)
		json_object_set_new(p, "icount", json_true());
	if (s->fixed_rounds)
		json_object_set_new(p, "fixed_rounds",
				    json_integer(s->fixed_rounds));
	json_object_set_new(p, "rounds", json_integer(s->rounds));
	json_object_set_new(p, "rounds_quiet", json_integer(s->rounds_quiet));
	json_object_set_new(p, "dropped", json_pack("{s:I, s:I, s:I, s:I}",
			"unquiet", (json_int_t)s->unquiet,
			"steal", (json_int_t)s->steal,
			"migration", (json_int_t)s->migration,
			"switch", (json_int_t)s->context_switch));
	json_object_set_new(p, "steal_ticks", json_integer(session_steal(session)));
	if (r->earlier)
		result_writer_add_earlier(r);
}

static json_t *estimate_json(const struct estimate *e)
{
	json_t *o = json_object();

	set_number(o, "per_op", e->mid);
	set_number(o, "lo", e->lo);
	set_number(o, "hi", e->hi);
	return o;
}

static json_t *samples_json(const struct sampled *sampled, size_t points)
{
	size_t most = points * MAX_SAMPLES > MAX_ALL_SAMPLES ?
		MAX_ALL_SAMPLES / points : MAX_SAMPLES;
	size_t step = 1 + (sampled->rounds - 1) / (most ? most : 1);
	json_t *samples = json_array();

	for (size_t i = 0; i < sampled->rounds; i += step)
		json_array_append_new(samples,
			json_finite(five_digits(sampled->sample[i])));
	return samples;
}

static void set_cost(json_t *entry, const struct sampled *sampled,
			bool cycles)
{
	const struct estimate *c = &sampled->cost;

	set_number(entry, cycles ? "cycles" : "ticks", c->mid);
	set_number(entry, cycles ? "cycles_lo" : "ticks_lo", c->lo);
	set_number(entry, cycles ? "cycles_hi" : "ticks_hi", c->hi);
	set_number(entry, cycles ? "gross_cycles" : "gross_ticks",
		   sampled->gross);
}

static json_t *counters_json(const struct sampled *sampled,
			     const struct counters *counters)
{
	json_t *counted = json_object();

	for (size_t i = 0; counters && sampled->counted &&
	     i < counters_nr(counters); i++)
		if (sampled->counted[i].available)
			json_object_set_new(counted,
				counters_get(counters, i)->name,
				estimate_json(&sampled->counted[i].per_op));
	return counted;
}

int result_writer_add(struct result_writer *r,
		      const struct result_writer_entry *e)
{
	const struct sampled *sampled = e->sampled;
	char name[POINT_NAME_MAX];
	char **grown, *text;
	json_t *entry;

	grown = array_grow(r->entry, r->nr, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	r->entry = grown;
	point_name(&sampled->point, name);
	entry = json_pack("{s:s, s:I, s:i, s:s, s:s, s:I, s:I, s:i, s:I}",
			  "name", name,
			  "family_index",
			  (json_int_t)r->nr,
			  "per_family_instance_index", 0,
			  "run_name", name,
			  "run_type", "iteration",
			  "repetitions", (json_int_t)e->repetitions,
			  "repetition_index", (json_int_t)e->repetition,
			  "threads", (int)(sampled->threaded ?
					   sampled->threaded->nr : 1),
			  "iterations", (json_int_t)e->iterations);
	set_number(entry, "real_time", sampled->cost.mid * e->ns_per_unit);
	set_number(entry, "cpu_time", e->cpu_ns);
	json_object_set_new(entry, "time_unit", json_string("ns"));
	set_cost(entry, sampled, e->cycles);
	json_object_set_new(entry, "group",
			    json_integer(r->first_group + e->group));
	json_object_set_new(entry, "rounds", json_integer(sampled->rounds));
	json_object_set_new(entry, "rounds_quiet",
			    json_integer(sampled->rounds_quiet));
	json_object_set_new(entry, "contended",
			    json_boolean(sampled->contended));
	json_object_set_new(entry, "samples", samples_json(sampled, r->points));
	json_object_set_new(entry, "counters",
			    counters_json(sampled, e->counters));
	if (sampled->threaded)
		json_object_set_new(entry, "threaded",
				    threaded_json(&sampled->point,
						  sampled->threaded));
	text = result_entry_text(entry);
	json_decref(entry);
	if (!text)
		return -ENOMEM;
	r->entry[r->nr++] = text;
	return 0;
}

void result_writer_drop(struct result_writer *r, size_t n)
{
	while (n--)
		free(r->entry[--r->nr]);
}

static struct result_text text_of(const struct result_writer *r)
{
	return (struct result_text){ r->context, r->entry, r->nr };
}

int result_writer_write(struct result_writer *r, bool partial, bool last,
			struct errmsg *msg)
{
	const struct result_text text = text_of(r);

	json_object_set_new(r->pfbench, "partial", json_boolean(partial));
	return result_output_write(&r->output, &text, !partial, last, msg);
}

int result_writer_result(const struct result_writer *r, struct result *result,
			 struct errmsg *msg)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nr; i++)
		json_array_append_new(list, json_loads(r->entry[i], 0, NULL));
	return result_take(json_pack("{s:O, s:o}", "context", r->context,
				     "benchmarks", list),
			   r->output.path, result, msg);
}

void result_writer_close(struct result_writer *r)
{
	for (size_t i = 0; i < r->nr; i++)
		free(r->entry[i]);
	free(r->entry);
	json_decref(r->context);
	json_decref(r->earlier);
	memset(r, 0, sizeof(*r));
}
