// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "cmd/race_options.h"
#include "cmd/verbosity.h"
#include "data/point.h"
#include "lib/nearest.h"

#define INSIDE (1U << PF_WINDOW_FLAG_HEAD | 1U << PF_WINDOW_HEAD_AGAIN | \
		1U << PF_WINDOW_WORD_FLAG | 1U << PF_WINDOW_FLAG_NEXT)

static bool parse_count(const char *text, unsigned long min,
			unsigned long max, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno &&
		*value >= min && *value <= max;
}

static const char *generation_name(int i)
{
	return pf_generations[i].name;
}

static int parse_generations(struct race_options *o, char *list)
{
	o->some_generations = true;
	return choose_names("race", "generation", "list --generations", list,
			    generation_name, PF_NR_REPLICAS, o->generation);
}

static const char *protocol_name(int i)
{
	return race_protocol_name(i);
}

static int parse_protocols(struct race_options *o, char *list)
{
	o->some_protocols = true;
	if (strcmp(list, "all"))
		return choose_names("race", "protocol", "race --help", list,
				    protocol_name, PF_RACE_NR_PROTOCOLS,
				    o->protocol);
	for (int i = 0; i < PF_RACE_NR_PROTOCOLS; i++)
		o->protocol[i] = true;
	return EXIT_DONE;
}

static bool add_cpu(void *arg, const char *word)
{
	struct race_request *request = &((struct race_options *)arg)->request;
	unsigned long cpu;
	cpu_set_t set;

	if (!parse_count(word, 0, CPU_SETSIZE - 1, &cpu) ||
	    request->nr_cpus == RACE_MAX_THREADS ||
	    sched_getaffinity(0, sizeof(set), &set) || !CPU_ISSET(cpu, &set))
		return false;
	for (size_t i = 0; i < request->nr_cpus; i++)
		if (request->cpu[i] == (int)cpu)
			return false;
	request->cpu[request->nr_cpus++] = cpu;
	return true;
}

static bool add_delay(void *arg, const char *word)
{
	struct race_options *o = arg;
	unsigned long ns;

	if (o->nr_delays == RACE_MAX_DELAYS ||
	    !parse_count(word, 1, 10000000000, &ns))
		return false;
	for (size_t i = 0; i < o->nr_delays; i++)
		if (o->delay[i] == ns)
			return false;
	o->delay[o->nr_delays++] = ns;
	return true;
}

static int parse_stall(struct race_options *o, char *text)
{
	char *colon = strchr(text, ':');
	struct nearest n = NEAREST(text);

	if (o->windows)
		return complain("race: --stall is given twice: give it once");
	if (!colon)
		return complain("race: --stall=%.40s: not WHERE:NS (see 'pfbench race --help')",
				text);
	*colon = '\0';
	for (int window = PF_WINDOW_BEFORE; window < PF_NR_WINDOWS; window++) {
		nearest_offer(&n, race_window_name(window));
		if (!strcmp(text, race_window_name(window)))
			o->windows = 1U << window;
	}
	nearest_offer(&n, "inside");
	if (!strcmp(text, "inside"))
		o->windows = INSIDE;
	if (!o->windows)
		return complain("race: --stall: no window '%.40s'%s (see 'pfbench race --list')",
				text, nearest_hint(&n));
	return cmd_words("race", "delay of 1 to 10^10 ns", colon + 1,
			 add_delay, o);
}

static int parse_delay_kind(struct race_options *o, const char *word)
{
	o->some_by = true;
	for (int kind = 0; kind < RACE_NR_DELAY_KINDS; kind++) {
		if (!strcmp(word, race_delay_name(kind))) {
			o->request.kind = kind;
			return EXIT_DONE;
		}
	}
	return complain("race: --by=%.40s: no such kind (spin, sleep, signal, preempt, irq)",
			word);
}

static int parse_race_backend(struct race_options *o, const char *word)
{
	o->request.kmod = !strcmp(word, "kmod");
	if (o->request.kmod || !strcmp(word, "user"))
		return EXIT_DONE;
	return complain("race: --backend=%.40s: no such backend (user, kmod)",
			word);
}

static int parse_race_accessor(struct race_options *o, const char *word)
{
	static const char names[] =
#define RACE_NAME(acc) " " #acc
		PF_RACE_ACCESSORS(RACE_NAME);
	enum pf_accessor acc;

	if (point_parse_accessor(word, &acc) ||
	    !race_lookups[acc][PF_GEN_v4_4_word])
		return complain("race: --accessor=%.40s: not one of%s", word,
				names);
	o->request.accessor = acc;
	o->some_accessor = true;
	return EXIT_DONE;
}

static int parse_integer(unsigned int *value, const char *name,
			 const char *text, unsigned long min, unsigned long max)
{
	unsigned long n;

	if (!parse_count(text, min, max, &n))
		return complain("race: --%s=%.40s: not a number from %lu to %lu",
				name, text, min, max);
	*value = n;
	return EXIT_DONE;
}

static int parse_seconds(struct race_options *o, const char *text)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v > 0 && v <= 1e6))
		return complain("race: --time=%.40s: not a number of seconds up to 10^6",
				text);
	o->request.seconds = v;
	return EXIT_DONE;
}

static int parse_lookups(struct race_options *o, const char *text)
{
	char *end;
	double v = strtod(text, &end);	/* 1e9 is easier to read */

	if (end == text || *end || !(v >= 1 && v <= 1e15))
		return complain("race: --lookups=%.40s: not a number from 1 to 10^15",
				text);
	o->request.lookups = v;
	return EXIT_DONE;
}

static int parse_plant(struct race_options *o, const char *text)
{
	if (!strcmp(text, "stale"))
		o->request.inject = RACE_INJECT_STALE;
	else if (!strcmp(text, "garbage"))
		o->request.inject = RACE_INJECT_GARBAGE;
	else
		return complain("race: --plant=%.40s: not stale or garbage",
				text);
	return EXIT_DONE;
}

enum {
	KEY_GENERATION = 1, KEY_ACCESSOR, KEY_PROTOCOL, KEY_TIME, KEY_LOOKUPS,
	KEY_READERS, KEY_WRITERS, KEY_INTERRUPTS, KEY_CPUS, KEY_STALL, KEY_BY,
	KEY_BACKEND, KEY_PLANT, KEY_OUT, KEY_LIST,
};

static const struct argp_option race_argp_options[] = {
	{ "generation", KEY_GENERATION, "LIST", 0,
	  "generations to race (default: all with a look-up)" },
	{ "accessor", KEY_ACCESSOR, "NAME", 0,
	  "compound_head (the default), or an accessor that goes on to a flag; then flags on the wrong page are counted" },
	{ "protocol", KEY_PROTOCOL, "LIST", 0,
	  "what the reader holds: none (the default), ref (v4.2: a reference; splits go on), ptl (a lock that a split takes too), frozen (v4.5: a reference, which prevents a split), or all" },
	{ "time", KEY_TIME, "SECONDS", 0,
	  "longest duration of a run (default 10; 1 with --stall)" },
	{ "lookups", KEY_LOOKUPS, "N", 0,
	  "end a run after N look-ups (default: never)" },
	{ "readers", KEY_READERS, "N", 0, "reading threads (default 1)" },
	{ "writers", KEY_WRITERS, "N", 0, "writing threads (default 1)" },
	{ "interrupts", KEY_INTERRUPTS, "HZ", 0,
	  "timer interrupts per second and reader (default 10000; 0 with --stall)" },
	{ "cpus", KEY_CPUS, "LIST", 0,
	  "CPUs of readers and writers, assigned alternately (default: all allowed CPUs)" },
	{ "stall", KEY_STALL, "WHERE:NS[,NS...]", 0,
	  "delay each look-up in a window for NS, one run per NS: flag-head, head-again, word-flag, flag-next, head-flag, inside (all but the last one) or before; --list shows the windows of each generation. Look-ups without that window are delayed before their first load" },
	{ "by", KEY_BY, "KIND", 0,
	  "what delays them: spin (the default), sleep, signal (a handler spins), preempt (a thread of higher priority spins; root), or irq (an interrupt handler spins; kmod)" },
	{ "backend", KEY_BACKEND, "NAME", 0,
	  "user (the default), or kmod: threads of the kernel, by the module; one reader, one writer" },
	{ "plant", KEY_PLANT, "KIND", OPTION_HIDDEN,
	  "inject bad answers, to test the judge: stale or garbage" },
	{ "out", KEY_OUT, "FILE", 0, "write all results to FILE, as JSON" },
	{ "output", 'o', "DIR", 0,
	  "write race.txt, race.svg, race.png (gnuplot) and race.dat, the data of the plot, into DIR" },
	{ "list", KEY_LIST, NULL, 0, "list the windows of each look-up" },
	{ 0 }
};

static const char *option_name(int key)
{
	const struct argp_option *option = race_argp_options;

	while (option->key != key)
		option++;
	return option->name;
}

/* Options that a new run takes, but neither --list nor a file. */
static error_t parse_run_only_option(int key, char *arg,
				     struct race_options *o)
{
	o->run_option = option_name(key);
	switch (key) {
	case KEY_GENERATION:
		return parse_generations(o, arg);
	case KEY_PROTOCOL:
		return parse_protocols(o, arg);
	case KEY_TIME:
		return parse_seconds(o, arg);
	case KEY_LOOKUPS:
		return parse_lookups(o, arg);
	case KEY_READERS:
		return parse_integer(&o->request.readers, "readers", arg, 1,
				     RACE_MAX_THREADS / 2);
	case KEY_WRITERS:
		return parse_integer(&o->request.writers, "writers", arg, 1,
				     RACE_MAX_THREADS / 2);
	case KEY_INTERRUPTS:
		o->some_interrupts = true;
		return parse_integer(&o->request.interrupts, "interrupts", arg,
				     0, 100000);
	case KEY_CPUS:
		return cmd_words("race", "allowed CPU", arg, add_cpu, o);
	case KEY_STALL:
		return parse_stall(o, arg);
	case KEY_BY:
		return parse_delay_kind(o, arg);
	case KEY_BACKEND:
		return parse_race_backend(o, arg);
	default:
		return parse_plant(o, arg);
	}
}

static error_t parse_race_option(int key, char *arg, struct argp_state *state)
{
	struct race_options *o = state->input;

	switch (key) {
	case KEY_ACCESSOR:
		return parse_race_accessor(o, arg);
	case KEY_OUT:
		o->out = arg;
		return 0;
	case 'o':
		o->dir = arg;
		return 0;
	case KEY_LIST:
		o->list = true;
		return 0;
	default:
		if (key < KEY_GENERATION || key > KEY_LIST)
			return ARGP_ERR_UNKNOWN;
		return parse_run_only_option(key, arg, o);
	}
}

static const struct argp_child race_argp_children[] = {
	{ &verbosity_argp, 0, NULL, 0 }, { 0 }
};

const struct argp race_argp = {
	race_argp_options, parse_race_option, "[FILE]",
	"Measure how often compound_head() loses a race with a split. Writers make and split compound pages as the kernels of a generation did; readers run the look-up of that generation on the same pages. Each answer is compared with what was true at some moment of the look-up: it is the head, the page itself, a former head (stale), or a word that was never a head (garbage). With the FILE of an earlier run, show that run."
	"\v"
	"\"none: below N\" is the bound at 95 %: fewer than 3 in all look-ups. Where readers and writers had one CPU, or the writers hardly ran, the report has n/a instead.\n"
	"\n"
	"Exit status: 0 done, whatever was found; 2 bad input or failure; 130 interrupted: what was done is shown and written, marked as partial.\n"
	"\n"
	"Examples:\n"
	"  pfbench race --generation=v3.14-rmb,v4.4-word\n"
	"  pfbench race --stall=inside:100,1000,10000 --protocol=all -o plots",
	race_argp_children, NULL, NULL
};

static void use_all_cpus(struct race_request *request)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		CPU_ZERO(&set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set) && request->nr_cpus < RACE_MAX_THREADS)
			request->cpu[request->nr_cpus++] = cpu;
}

static int check_race_backend(const struct race_options *o)
{
	struct race_request request = o->request;
	struct errmsg msg = { "" };

	request.windows = o->windows;
	if (!request.kmod && request.kind == RACE_IRQ)
		return complain("race: --by=irq: only with --backend=kmod");
	for (size_t i = 0; request.kmod && i < o->nr_delays; i++) {
		request.ns = o->delay[i];
		if (race_check_kmod(&request, &msg))
			return complain("race: %s", msg.text);
	}
	return EXIT_DONE;
}

int race_options_complete(struct race_options *o)
{
	struct race_request *request = &o->request;
	bool flag = pf_accessors[request->accessor].kind != PF_HEAD;

	if (o->some_by && !o->windows)
		return complain("race: --by without --stall (see 'pfbench race --help')");
	if (o->windows == 1U << PF_WINDOW_HEAD_FLAG && !flag)
		return complain("race: --stall=head-flag: compound_head touches no flag (see --accessor)");
	if (!o->nr_delays)
		o->delay[o->nr_delays++] = 0;
	if (!request->seconds)
		request->seconds = o->windows ? 1 : 10;
	if (!o->some_interrupts)
		request->interrupts = o->windows ? 0 : 10000;
	if (!request->nr_cpus)
		use_all_cpus(request);
	if (!o->some_protocols)
		o->protocol[PF_RACE_NONE] = true;
	for (int gen = 0; gen < PF_NR_REPLICAS; gen++) {
		if (!o->some_generations)
			o->generation[gen] = race_can(gen, request->accessor);
		if (o->generation[gen] && !race_can(gen, request->accessor))
			return complain("race: --generation: %s of %s looks no head up",
					pf_accessors[request->accessor].name,
					pf_generations[gen].name);
	}
	return check_race_backend(o);
}
