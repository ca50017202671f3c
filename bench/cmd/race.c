// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "data/point.h"
#include "machine/environment.h"
#include "lib/gnuplot.h"
#include "race/plot_data.h"
#include "race/print.h"
#include "race/race.h"
#include "race/result_file.h"
#include "lib/atomic_file.h"


static const char help[] =
"Usage: pfbench race [OPTION...]\n"
"       pfbench race [-o DIR] FILE\n"
"       pfbench race --list\n"
"\n"
"How often is the head no longer a head? Writers make and split compound pages\n"
"as the kernels of a generation did; readers run that generation's own look-up\n"
"at the same pages. Each answer is judged by what was true at some moment while\n"
"it was looked for: the head, the page itself, a head that had ceased to be one\n"
"(stale), or a word that never was one (garbage). With a FILE of an earlier run,\n"
"show that.\n"
"\n"
"      --generation=LIST  of these (default: all that look a head up)\n"
"      --accessor=NAME    compound_head (the default), or one that goes on to a\n"
"                         flag: was that on the right page when it was touched?\n"
"      --protocol=LIST    what the reader holds: none (the default), ref (v4.2: a\n"
"                         split goes on), ptl (a lock that a split takes too),\n"
"                         frozen (v4.5: a reference forbids a split), or all\n"
"      --time=SECONDS     of each run, at most (default 10; 1 with --stall)\n"
"      --lookups=N        of each run, at most (default: no such end)\n"
"      --readers=N, --writers=N  threads (1 and 1)\n"
"      --interrupts=HZ    of each reader by a timer (10000; none with --stall)\n"
"      --cpus=LIST        where, in turn (default: all that are allowed)\n"
"      --stall=WHERE:NS[,NS...]  hold each look-up up for so long, a run for each\n"
"                         length: flag-head, head-again, word-flag, flag-next,\n"
"                         head-flag, inside (all of them but the last), before;\n"
"                         --list tells who has which. Who has none of them is\n"
"                         held up before\n"
"      --by=KIND          spin (the default), sleep, signal (a handler spins),\n"
"                         preempt (a thread of higher priority does; root), or\n"
"                         irq (an interrupt handler does; kmod)\n"
"      --backend=NAME     user (the default), or kmod: threads of the kernel, by\n"
"                         way of the module; one reader, one writer\n"
"      --out=FILE         write all of it as JSON\n"
"  -o, --output=DIR       write race.txt, race.svg, race.png (gnuplot) and race.dat,\n"
"                         which a person can read too, into DIR\n"
"      --list             the gaps in each look-up\n"
"  -h, --help             this text\n"
"\n"
"None in N look-ups means: fewer than 3 in N, at 95 %. Where writers and readers\n"
"had one CPU, or the writers hardly ran, n/a is said instead.\n"
"\n"
"Exit status: 0 done, whatever was found; 2 bad input, or it could not be run;\n"
"130 interrupted, with what was done until then, marked as partial.\n"
"\n"
"Example: pfbench race --generation=v3.14-rmb,v4.4-word\n"
"         pfbench race --stall=inside:100,1000,10000 --protocol=all -o plots\n";

#define MAX_RUNS 4096
#define MAX_DELAYS 32
#define INSIDE (1U << PF_WINDOW_FLAG_HEAD | 1U << PF_WINDOW_HEAD_AGAIN | \
		1U << PF_WINDOW_WORD_FLAG | 1U << PF_WINDOW_FLAG_NEXT)

struct plan {
	struct race_request request;	/* what all runs have in common */
	bool generation[PF_NR_REPLICAS], some_generations;
	bool protocol[PF_RACE_NR_PROTOCOLS], some_protocols;
	unsigned long delay[MAX_DELAYS];
	size_t nr_delays;
	unsigned int windows;
	const char *out, *dir;
	bool list, some_by, some_interrupts;
	const char *said;		/* an option that asks for a run */
	const char *accessor;		/* the same, which --list takes, too */
	bool partial;			/* a run failed, or a signal came */
	struct race_result *result;
	size_t nr;
	json_t *machine;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	interrupted = sig;
}

static bool parse_count(const char *text, unsigned long min,
			unsigned long max, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno &&
		*value >= min && *value <= max;
}

static bool parse_generation(void *arg, const char *word)
{
	struct plan *p = arg;

	for (int gen = 0; gen < PF_NR_REPLICAS; gen++) {
		if (strcmp(word, pf_generations[gen].name))
			continue;
		if (p->generation[gen])
			return false;
		return p->generation[gen] = p->some_generations = true;
	}
	return false;
}

static bool parse_protocol(void *arg, const char *word)
{
	struct plan *p = arg;
	bool all = !strcmp(word, "all"), found = false;

	for (int i = 0; i < PF_RACE_NR_PROTOCOLS; i++) {
		if (!all && strcmp(word, race_protocol_name(i)))
			continue;
		if (p->protocol[i])
			return false;
		p->protocol[i] = p->some_protocols = found = true;
	}
	return found;
}

static bool parse_cpu(void *arg, const char *word)
{
	struct plan *p = arg;
	struct race_request *ask = &p->request;
	unsigned long cpu;
	cpu_set_t set;

	if (!parse_count(word, 0, CPU_SETSIZE - 1, &cpu) ||
	    ask->nr_cpus == RACE_MAX_THREADS ||
	    sched_getaffinity(0, sizeof(set), &set) || !CPU_ISSET(cpu, &set))
		return false;
	for (size_t i = 0; i < ask->nr_cpus; i++)
		if (ask->cpu[i] == (int)cpu)
			return false;
	ask->cpu[ask->nr_cpus++] = cpu;
	return true;
}

static bool parse_delay(void *arg, const char *word)
{
	struct plan *p = arg;
	unsigned long ns;

	if (p->nr_delays == MAX_DELAYS || !parse_count(word, 1, 10000000000, &ns))
		return false;
	for (size_t i = 0; i < p->nr_delays; i++)
		if (p->delay[i] == ns)
			return false;
	p->delay[p->nr_delays++] = ns;
	return true;
}

static int parse_stall(struct plan *p, char *text)
{
	char *colon = strchr(text, ':');

	if (!colon)
		return complain("race: --stall=%.40s: WHERE:NS is wanted (see 'pfbench race --help')",
				text);
	*colon = '\0';
	for (int window = PF_WINDOW_BEFORE; window < PF_NR_WINDOWS; window++)
		if (!strcmp(text, race_window_name(window)))
			p->windows = 1U << window;
	if (!strcmp(text, "inside"))
		p->windows = INSIDE;
	if (!p->windows)
		return complain("race: no gap '%.40s' (see 'pfbench race --list')",
				text);
	return cmd_words("race", "delay of 1 to 10^10 ns", colon + 1,
			   parse_delay, p);
}

static int parse_by(struct plan *p, const char *word)
{
	p->some_by = true;
	for (int kind = 0; kind < RACE_NR_DELAY_KINDS; kind++) {
		if (!strcmp(word, race_delay_name(kind))) {
			p->request.kind = kind;
			return EXIT_DONE;
		}
	}
	return complain("race: --by=%.40s: no such kind (spin, sleep, signal, preempt, irq)",
			word);
}

static int parse_backend(struct plan *p, const char *word)
{
	p->request.kmod = !strcmp(word, "kmod");
	if (p->request.kmod || !strcmp(word, "user"))
		return EXIT_DONE;
	return complain("race: --backend=%.40s: user or kmod", word);
}

static int parse_accessor(struct plan *p, const char *word)
{
	static const char names[] =
#define RACE_NAME(acc) " " #acc
		PF_RACE_ACCESSORS(RACE_NAME);
	enum pf_accessor acc;

	if (point_parse_accessor(word, &acc) ||
	    !race_lookups[acc][PF_GEN_v4_4_word])
		return complain("race: --accessor=%.40s: not one of%s", word,
				names);
	p->request.accessor = acc;
	p->accessor = "accessor";
	return EXIT_DONE;
}

static int parse_threads(unsigned int *threads, const char *name,
			 const char *text)
{
	unsigned long n;

	if (!parse_count(text, 1, RACE_MAX_THREADS / 2, &n))
		return complain("race: --%s=%.40s: not a number from 1 to %d",
				name, text, RACE_MAX_THREADS / 2);
	*threads = n;
	return EXIT_DONE;
}

static int parse_interrupts(struct plan *p, const char *text)
{
	unsigned long hz;

	if (!parse_count(text, 0, 100000, &hz))
		return complain("race: --interrupts=%.40s: not a number from 0 to 100000",
				text);
	p->request.interrupts = hz;
	p->some_interrupts = true;
	return EXIT_DONE;
}

static int parse_seconds(struct plan *p, const char *text)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v > 0 && v <= 1e6))
		return complain("race: --time=%.40s: not a number of seconds up to 10^6",
				text);
	p->request.seconds = v;
	return EXIT_DONE;
}

static int parse_lookups(struct plan *p, const char *text)
{
	char *end;
	double v = strtod(text, &end);

	/* 1e9 is easier to read than nine noughts */
	if (end == text || *end || !(v >= 1 && v <= 1e15))
		return complain("race: --lookups=%.40s: not a number from 1 to 10^15",
				text);
	p->request.lookups = v;
	return EXIT_DONE;
}

/* For the tests of the judge: not in the help. */
static int parse_plant(struct plan *p, const char *text)
{
	if (!strcmp(text, "stale"))
		p->request.inject = RACE_INJECT_STALE;
	else if (!strcmp(text, "garbage"))
		p->request.inject = RACE_INJECT_GARBAGE;
	else
		return complain("race: --plant=%.40s: stale or garbage", text);
	return EXIT_DONE;
}

static int parse_options(int argc, char **argv, struct plan *p)
{
	static const struct option options[] = {
		{ "generation", required_argument, NULL, 'g' },
		{ "accessor", required_argument, NULL, 'a' },
		{ "protocol", required_argument, NULL, 'p' },
		{ "time", required_argument, NULL, 't' },
		{ "lookups", required_argument, NULL, 'n' },
		{ "readers", required_argument, NULL, 'r' },
		{ "writers", required_argument, NULL, 'w' },
		{ "interrupts", required_argument, NULL, 'i' },
		{ "cpus", required_argument, NULL, 'c' },
		{ "stall", required_argument, NULL, 's' },
		{ "by", required_argument, NULL, 'b' },
		{ "backend", required_argument, NULL, 'B' },
		{ "plant", required_argument, NULL, 'P' },
		{ "out", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int c, at, ret = EXIT_DONE;

	opterr = 0;
	while (!ret && (c = getopt_long(argc, argv, ":ho:", options,
					&at)) != -1) {
		if (c != 'a' && strchr("gptnrwicsbBP", c))
			p->said = options[at].name;
		switch (c) {
		case 'g':
			ret = cmd_words("race", "generation", optarg,
					  parse_generation, p);
			break;
		case 'a':
			ret = parse_accessor(p, optarg);
			break;
		case 'p':
			ret = cmd_words("race", "protocol", optarg,
					  parse_protocol, p);
			break;
		case 't':
			ret = parse_seconds(p, optarg);
			break;
		case 'n':
			ret = parse_lookups(p, optarg);
			break;
		case 'r':
			ret = parse_threads(&p->request.readers, "readers",
					    optarg);
			break;
		case 'w':
			ret = parse_threads(&p->request.writers, "writers",
					    optarg);
			break;
		case 'i':
			ret = parse_interrupts(p, optarg);
			break;
		case 'c':
			ret = cmd_words("race", "CPU of ours", optarg,
					  parse_cpu, p);
			break;
		case 's':
			ret = p->windows ? complain("race: one --stall only") :
				parse_stall(p, optarg);
			break;
		case 'b':
			ret = parse_by(p, optarg);
			break;
		case 'B':
			ret = parse_backend(p, optarg);
			break;
		case 'P':
			ret = parse_plant(p, optarg);
			break;
		case 'f':
			p->out = optarg;
			break;
		case 'o':
			p->dir = optarg;
			break;
		case 'l':
			p->list = true;
			break;
		default:
			ret = complain_option(argc, argv, c);
		}
	}
	return ret;
}

static void all_cpus(struct race_request *ask)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		CPU_ZERO(&set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set) && ask->nr_cpus < RACE_MAX_THREADS)
			ask->cpu[ask->nr_cpus++] = cpu;
}

/* What was not said; and what was said and cannot be. */
static int complete(struct plan *p)
{
	struct race_request *ask = &p->request;
	bool flag = pf_accessors[ask->accessor].kind != PF_HEAD;

	if (p->some_by && !p->windows)
		return complain("race: --by without --stall (see 'pfbench race --help')");
	if (p->windows == 1U << PF_WINDOW_HEAD_FLAG && !flag)
		return complain("race: --stall=head-flag: compound_head touches no flag (see --accessor)");
	if (!p->nr_delays)
		p->delay[p->nr_delays++] = 0;
	if (!ask->seconds)
		ask->seconds = p->windows ? 1 : 10;
	if (!p->some_interrupts)
		ask->interrupts = p->windows ? 0 : 10000;
	if (!ask->nr_cpus)
		all_cpus(ask);
	if (!p->some_protocols)
		p->protocol[PF_RACE_NONE] = true;
	for (int gen = 0; gen < PF_NR_REPLICAS; gen++) {
		if (!p->some_generations)
			p->generation[gen] = race_can(gen, ask->accessor);
		if (p->generation[gen] && !race_can(gen, ask->accessor))
			return complain("race: %s of %s looks no head up",
					pf_accessors[ask->accessor].name,
					pf_generations[gen].name);
	}
	return EXIT_DONE;
}

/* What the backend can. */
static int check_backend(const struct plan *p)
{
	struct race_request ask = p->request;
	struct errmsg msg = { "" };

	ask.windows = p->windows;
	if (!ask.kmod && ask.kind == RACE_IRQ)
		return complain("race: --by=irq: only with --backend=kmod");
	for (size_t d = 0; ask.kmod && d < p->nr_delays; d++) {
		ask.ns = p->delay[d];
		if (race_check_kmod(&ask, &msg))
			return complain("race: %s", msg.text);
	}
	return EXIT_DONE;
}

static int list_gaps(const struct plan *p)
{
	enum pf_accessor acc = p->request.accessor;

	for (int gen = 0; gen < PF_NR_REPLICAS; gen++) {
		if (!race_can(gen, acc))
			continue;
		printf("%-18s", pf_generations[gen].name);
		for (int window = 1; window < PF_NR_WINDOWS; window++)
			if (race_windows(gen, acc) >> window & 1)
				printf(" %s", race_window_name(window));
		putchar('\n');
	}
	return fflush(stdout) ? complain("race: writing failed") : EXIT_DONE;
}

static int one_run(struct plan *p, enum pf_generation gen,
		   enum pf_race_protocol protocol, unsigned long ns)
{
	struct race_request ask = p->request;
	struct race_result *r = &p->result[p->nr];
	struct errmsg msg = { "" };

	if (p->nr == MAX_RUNS)
		return complain("race: more than %d runs", MAX_RUNS);
	ask.gen = gen;
	ask.protocol = protocol;
	ask.ns = ns;
	ask.windows = p->windows & race_windows(gen, ask.accessor);
	if (p->windows && !ask.windows)
		ask.windows = 1U << PF_WINDOW_BEFORE;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s, %s, %lu ns",
			pf_generations[gen].name,
			race_protocol_name(protocol), ns);
	if ((ask.kmod ? race_run_kmod : race_run)(&ask, r, &interrupted, &msg))
		return complain("race: %s", msg.text);
	p->nr++;
	return EXIT_DONE;
}

static int run_all(struct plan *p)
{
	struct sigaction sa = { .sa_handler = on_signal,
				.sa_flags = SA_RESETHAND };
	int ret = EXIT_DONE;

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	for (int protocol = 0; protocol < PF_RACE_NR_PROTOCOLS; protocol++)
		for (size_t d = 0; d < p->nr_delays; d++)
			for (int gen = 0; gen < PF_NR_REPLICAS; gen++)
				if (p->protocol[protocol] &&
				    p->generation[gen] && !ret && !interrupted)
					ret = one_run(p, gen, protocol,
						      p->delay[d]);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	return ret;
}

static int write_text(FILE *f, const void *arg)
{
	const struct plan *p = arg;

	race_print(f, p->result, p->nr, p->partial, p->machine);
	return ferror(f);
}

static int write_data(FILE *f, const void *arg)
{
	const struct plan *p = arg;

	race_write_data(f, p->result, p->nr);
	return ferror(f);
}

static int write_json(FILE *f, const void *arg)
{
	const struct plan *p = arg;
	json_t *root = race_json(p->result, p->nr, p->partial,
				 json_incref(p->machine));
	int err = !root || json_dumpf(root, f, JSON_INDENT(1) |
				      JSON_REAL_PRECISION(9));

	json_decref(root);
	return err || fputc('\n', f) == EOF;
}

static int draw(const struct plan *p)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_data }, { "txt", write_text }, { 0 }
	};
	struct errmsg msg;

	if (gnuplot_output("race", p->dir, files, p, true, &msg))
		return complain("race: %s", msg.text);
	return EXIT_DONE;
}

static int show(const struct plan *p)
{
	struct errmsg msg = { "" };
	int ret = EXIT_DONE;

	if (!p->nr)
		return interrupted ? EXIT_INTERRUPTED : EXIT_BAD;
	if (p->out && write_file_atomic(p->out, write_json, p, &msg))
		ret = complain("race: %s", msg.text);
	if (p->dir && draw(p))
		ret = EXIT_BAD;
	/* what cannot be kept is at least shown */
	if ((!p->dir || ret) && write_text(stdout, p))
		ret = complain("race: writing failed");
	if (fflush(stdout))
		ret = complain("race: writing failed");
	return ret ? ret : interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

static int run_or_load(struct plan *p, int argc, char **argv)
{
	struct cpu_choice choice = { .cpu = p->request.cpu[0] };
	struct errmsg msg = { "" };
	int ret;

	p->result = calloc(MAX_RUNS, sizeof(*p->result));
	if (!p->result)
		return complain("race: out of memory");
	if (argc) {
		if (race_load(argv[0], p->result, MAX_RUNS, &p->nr,
			      &p->partial, &p->machine, &msg))
			return complain("race: %s", msg.text);
		return show(p);
	}
	p->machine = environment_context("", &choice);
	/* what was done before a run failed is kept */
	ret = run_all(p);
	p->partial = ret || interrupted;
	return show(p) ?: ret;
}

static int race_main(int argc, char **argv)
{
	struct plan p = { .request = { .readers = 1, .writers = 1,
				       .accessor = PF_ACC_compound_head } };
	int ret;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	ret = parse_options(argc, argv, &p);
	if (ret)
		return ret;
	if (argc - optind > 1)
		return complain("race: one file at a time");
	if (argc > optind && !p.said)
		p.said = p.list ? "list" : p.accessor;
	if (argc > optind && p.said)
		return complain("race: --%s: of a run, and %.60s is one that was",
				p.said, argv[optind]);
	if (p.list && p.said)
		return complain("race: --%s: --list is of all, but for --accessor",
				p.said);
	ret = complete(&p);
	if (!ret)
		ret = check_backend(&p);
	if (ret)
		return ret;
	if (p.list)
		return list_gaps(&p);
	ret = run_or_load(&p, argc - optind, argv + optind);
	free(p.result);
	json_decref(p.machine);
	return ret;
}

const struct cmd cmd_race = {
	"race", "how often the head is no longer a head", &(const struct argp){ 0 },
	race_main,
};
