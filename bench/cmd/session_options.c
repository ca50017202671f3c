// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/session_options.h"

enum {
	KEY_BACKEND = 0x2000, KEY_CPU, KEY_CPU_KIND, KEY_EVENTS, KEY_TARGET_CI,
	KEY_MAX_TIME, KEY_PATIENCE, KEY_SAMPLE_TIME, KEY_ROUNDS, KEY_ICOUNT,
};

static const struct argp_option session_argp_options[] = {
	{ NULL, 0, NULL, 0, "How to measure:", 2 },
	{ "backend", KEY_BACKEND, "BACKEND", 0,
	  "where the loops run: user (the default), or kmod, the kernel module, which must be loaded" },
	{ "cpu", KEY_CPU, "LIST", 0,
	  "bind to a CPU of LIST, such as 3 or 0,2-5 (default: any allowed one); while it is contended, measure on another one" },
	{ "cpu-kind", KEY_CPU_KIND, "KIND", 0,
	  "kind of core of a hybrid machine: performance or efficiency" },
	{ "events", KEY_EVENTS, "LIST", 0,
	  "counters to read, by perf, sysfs or libpfm4 name, or none (default cycles,instructions,branches,branch-misses)" },
	{ "target-ci", KEY_TARGET_CI, "PERCENT", 0,
	  "a point is done when its 95 % interval is within PERCENT of its median, or as narrow as the steps of the clock allow (default 0.5)" },
	{ "max-time", KEY_MAX_TIME, "SECONDS", 0,
	  "a point is also done after SECONDS (default 0.12)" },
	{ "patience", KEY_PATIENCE, "SECONDS", 0,
	  "wait so long in all for a quiet core, beyond --max-time, and for the time that other points did not need (default 10)" },
	{ "sample-time", KEY_SAMPLE_TIME, "SECONDS", 0,
	  "duration of one sample (default 0.00002; 0.00008 with --rounds or --icount)" },
	{ "rounds", KEY_ROUNDS, "N", 0,
	  "take exactly N rounds and discard none, for machines without noise; fewer than 6 give no interval" },
	{ "icount", KEY_ICOUNT, NULL, 0,
	  "the clock counts instructions, one per ns (QEMU -icount shift=0): take 6 rounds unless --rounds is given, and call the unit instructions" },
	{ 0 }
};

static bool parse_real(const char *text, double min, double max, double *value)
{
	char *end;

	errno = 0;
	*value = strtod(text, &end);
	return end != text && !*end && !errno && *value >= min && *value <= max;
}

int session_set_backend(struct session_options *o, const char *command,
			const char *name)
{
	if (strcmp(name, "user") && strcmp(name, "kmod"))
		return complain("%s: --backend=%.40s: no such backend (user, kmod)",
				command, name);
	o->backend = name;
	return 0;
}

int session_set_cpu(struct session_options *o, const char *command,
		    const char *text)
{
	double v;

	if (text[strcspn(text, ",-")] && *text != '-') {
		o->cpu = -1;
		o->cpus = text;
		return 0;
	}
	if (!parse_real(text, 0, 1 << 20, &v) || v != (int)v)
		return complain("%s: --cpu=%.40s: not a CPU number, nor a list such as 0,2-5",
				command, text);
	o->cpu = v;
	o->cpus = NULL;
	return 0;
}

/* Refuse options that cannot both be followed; complete the others. */
static int check_session_options(struct session_options *o,
				 const char *command)
{
	const double least = SAMPLER_FEWEST_ROUNDS * o->sample_seconds;
	bool fixed = o->rounds || o->icount;

	if (fixed && o->target_ci_given)
		return complain("%s: %s takes a fixed number of rounds: leave out --target-ci",
				command, o->rounds ? "--rounds" : "--icount");
	if (!fixed && o->max_seconds < least)
		return complain("%s: a point takes %d samples of --sample-time=%g, longer than --max-time=%g: use --max-time=%g or --sample-time=%g",
				command, SAMPLER_FEWEST_ROUNDS,
				o->sample_seconds, o->max_seconds, least,
				o->max_seconds / SAMPLER_FEWEST_ROUNDS);
	if (fixed && !o->sample_given)
		o->sample_seconds = SESSION_FIXED_SAMPLE;
	return 0;
}

static error_t parse_session_option(int key, char *arg,
				    struct argp_state *state)
{
	struct session_options *o = state->input;
	const char *command = state->argv[0];
	double v;

	switch (key) {
	case KEY_BACKEND:
		return session_set_backend(o, command, arg);
	case KEY_EVENTS:
		o->events = arg;
		break;
	case KEY_CPU_KIND:
		o->cpu_kind = arg;
		break;
	case KEY_CPU:
		return session_set_cpu(o, command, arg);
	case KEY_TARGET_CI:
		if (!parse_real(arg, 0, 100, &v))
			return complain("%s: --target-ci=%.40s: not a percentage from 0 to 100",
					command, arg);
		o->target_ci = v / 100;
		o->target_ci_given = true;
		break;
	case KEY_MAX_TIME:
		if (!parse_real(arg, 0.001, 3600, &v))
			return complain("%s: --max-time=%.40s: not a number of seconds from 0.001 to 3600",
					command, arg);
		o->max_seconds = v;
		break;
	case KEY_PATIENCE:
		if (!parse_real(arg, 0, 86400, &v))
			return complain("%s: --patience=%.40s: not a number of seconds from 0 to 86400",
					command, arg);
		o->patience = v;
		break;
	case KEY_SAMPLE_TIME:
		if (!parse_real(arg, 1e-6, 1, &v))
			return complain("%s: --sample-time=%.40s: not a number of seconds from 0.000001 to 1",
					command, arg);
		o->sample_seconds = v;
		o->sample_given = true;
		break;
	case KEY_ROUNDS:
		if (!parse_real(arg, 1, SAMPLER_MAX_ROUNDS, &v) ||
		    v != (long)v)
			return complain("%s: --rounds=%.40s: not a number from 1 to %d",
					command, arg, SAMPLER_MAX_ROUNDS);
		o->rounds = v;
		break;
	case KEY_ICOUNT:
		o->icount = true;
		break;
	case ARGP_KEY_END:
		return check_session_options(o, command);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp session_argp = { session_argp_options, parse_session_option,
				   NULL, NULL, NULL, NULL, NULL };
