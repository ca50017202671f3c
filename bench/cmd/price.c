// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "lib/auto_free.h"
#include "lib/text.h"
#include "machine/cpu_model.h"
#include "measure/program_cycles.h"
#include "report/price.h"
#include "workload/result.h"

#define MAX_TIMES 1000
#define MAX_WORDS 32
/* of all runs of a program */
#define RUN_SECONDS 10

enum { KEY_ACCESSOR = 1, KEY_OP_NS, KEY_RUN, KEY_KERNELS };

struct price_options {
	enum pf_accessor accessor;
	double *op_ns;
	size_t nr;
	const char *run;	/* directory of the programs */
	bool kernels;
};

static const struct argp_option price_argp_options[] = {
	{ "accessor", KEY_ACCESSOR, "NAME", 0,
	  "take the costs of this accessor for each look-up (default compound_head)" },
	{ "op-ns", KEY_OP_NS, "NS[,NS...]", 0,
	  "times of one operation on the machine of RESULT, in ns: adds per cent of its cycles" },
	{ "run", KEY_RUN, "DIR", 0,
	  "run the program of WORKLOAD, which is in DIR (build/workloads), on this machine, for the cycles of one operation: 10 s" },
	{ "kernels", KEY_KERNELS, NULL, 0,
	  "compare two kernels, from WORKLOAD and RESULT of the old one and of the new one: the predicted difference beside the counted one" },
	{ 0 }
};

static int parse_times(struct price_options *o, char *list)
{
	char *save, *end, *word = strtok_r(list, ",", &save);

	o->op_ns = calloc(MAX_TIMES, sizeof(*o->op_ns));
	if (!o->op_ns)
		return complain("price: out of memory");
	for (o->nr = 0; word; word = strtok_r(NULL, ",", &save)) {
		double ns = strtod(word, &end);

		if (end == word || *end || !(ns > 0 && ns < 1e15) ||
		    o->nr == MAX_TIMES)
			return complain("price: --op-ns: '%.40s': not a time in ns, or more than %d",
					word, MAX_TIMES);
		o->op_ns[o->nr++] = ns;
	}
	return o->nr ? EXIT_DONE : complain("price: --op-ns: no time");
}

static error_t parse_price_option(int key, char *arg, struct argp_state *state)
{
	struct price_options *o = state->input;

	switch (key) {
	case KEY_ACCESSOR:
		return choose_accessor("price", arg, &o->accessor);
	case KEY_OP_NS:
		free(o->op_ns);
		return parse_times(o, arg);
	case KEY_RUN:
		o->run = arg;
		return 0;
	case KEY_KERNELS:
		o->kernels = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp price_argp = {
	price_argp_options, parse_price_option, "WORKLOAD RESULT OLD NEW\n--kernels WORKLOAD RESULT WORKLOAD RESULT",
	"Estimate what generation NEW instead of OLD costs a workload: the look-ups that WORKLOAD, a file of 'pfbench workload', counted, times the differences that RESULT measured."
	"\v"
	"If RESULT has a recorded sequence (run --population), its difference is taken for all look-ups; otherwise those of small pages, heads and tails.\n"
	"\n"
	"Exit status: 0 the price was printed; 2 bad input, or RESULT lacks a point.\n"
	"\n"
	"Example: pfbench price munmap.json zen5.json v5.18-fakehead v7.1-mask",
	NULL, NULL, NULL
};

/* Only counts have a price: samples do not show how often code was executed. */
static int load_workload(const char *path, json_t **root)
{
	struct errmsg msg;

	if (workload_load(path, root, &msg))
		return complain("price: %s", msg.text);
	if (!workload_is_sampled(*root))
		return EXIT_DONE;
	json_decref(*root);
	return complain("price: %s: samples, not counts: count the workload without --perf",
			path);
}

/* The costs are of one kind of CPU, and so is an operation. */
static int check_cpu(const struct session *s, const struct result *result)
{
	auto_free char *here = cpu_id("", s->cpu.cpu);
	const char *there = result_context(result, "cpu_id");

	return here && !strcmp(here, there) ? EXIT_DONE :
		complain("price: --run: %s is of CPU %s, and this one is %s: measure both on one machine",
			 result->path, there, here ?: "unknown");
}

static void print_runs(const struct program_cycles *p)
{
	char line[256];
	struct utsname u;

	uname(&u);
	snprintf(line, sizeof(line),
		 "%s: %zu runs here, in Linux %s, %zu of them quiet%s", p->unit,
		 p->runs, u.release, p->quiet, p->contended ?
		 ": too few, all were used" : "");
	text_wrapped(stdout, line, 2);
}

static int run_here(const char *dir, struct price_query *q)
{
	struct session_options o = SESSION_DEFAULTS;
	const char *argv[MAX_WORDS + 1] = { NULL }, *slash;
	struct program_cycles cycles;
	struct session session;
	struct errmsg msg;
	json_t *word;
	size_t i;
	int ret;

	json_array_foreach(json_object_get(q->workload, "command"), i, word)
		if (i < MAX_WORDS)
			argv[i] = json_string_value(word) ?: "?";
	slash = strrchr(argv[0], '/');
	auto_free char *program = text_format("%s/%s", dir,
					      slash ? slash + 1 : argv[0]);
	argv[0] = program;
	o.events = "none";
	o.interrupted = &cmd_interrupted;
	cmd_catch_signals();
	if (!program || session_open(&session, &o, &msg))
		return complain("price: --run: %s", program ? msg.text :
				"out of memory");
	ret = check_cpu(&session, q->result);
	if (!ret && program_cycles(&session, argv, RUN_SECONDS, &cycles, &msg))
		ret = cmd_interrupted ? EXIT_INTERRUPTED :
			complain("price: --run: %s", msg.text);
	session_close(&session);
	if (ret)
		return ret;
	q->op = cycles.per_op;
	print_runs(&cycles);
	return EXIT_DONE;
}

static int print_price(const struct price_options *o, char **args)
{
	struct price_query q = {
		.accessor = o->accessor, .op = { .mid = NAN },
	};
	struct result result;
	json_t *workload;
	struct errmsg msg;
	int ret;

	if (choose_generation("price", args[2], &q.old) ||
	    choose_generation("price", args[3], &q.new) ||
	    load_workload(args[0], &workload))
		return EXIT_BAD;
	q.workload = workload;
	if (result_load(args[1], &result, &msg)) {
		json_decref(workload);
		return complain("price: %s", msg.text);
	}
	q.result = &result;
	if (o->op_ns)
		q.op = price_op_cycles(&result, o->op_ns, o->nr);
	ret = o->run ? run_here(o->run, &q) : EXIT_DONE;
	if (!ret && price_print(stdout, &q, &msg))
		ret = complain("price: %s", msg.text);
	result_free(&result);
	json_decref(workload);
	return ret;
}

static int predict_kernels(const struct price_options *o, char **args)
{
	struct price_kernel kernel[2];
	json_t *workload[2] = { NULL };
	struct result result[2];
	struct errmsg msg;
	int ret = EXIT_DONE, nr = 0;

	for (; nr < 2 && !ret; nr += !ret) {
		ret = load_workload(args[2 * nr], &workload[nr]);
		if (!ret && result_load(args[2 * nr + 1], &result[nr], &msg)) {
			json_decref(workload[nr]);
			ret = complain("price: %s", msg.text);
		}
		kernel[nr] = (struct price_kernel){ workload[nr], &result[nr] };
	}
	if (!ret && price_kernels_print(stdout, kernel, o->accessor, &msg))
		ret = complain("price: %s", msg.text);
	while (nr--) {
		result_free(&result[nr]);
		json_decref(workload[nr]);
	}
	return ret;
}

static int price_main(int argc, char **argv)
{
	struct price_options o = { .accessor = PF_ACC_compound_head };
	int ret, first;

	cmd_handle_help(&cmd_price, argc, argv);
	ret = cmd_parse(&cmd_price, argc, argv, &o, &first);
	if (!ret && argc - first != 4)
		ret = complain(o.kernels ?
			       "price: --kernels needs WORKLOAD and RESULT of the old kernel, then of the new one" :
			       "price: needs WORKLOAD, RESULT, OLD and NEW");
	if (!ret && !!o.op_ns + !!o.run + o.kernels > 1)
		ret = complain("price: one of --op-ns, --run and --kernels");
	if (!ret)
		ret = o.kernels ? predict_kernels(&o, argv + first) :
			print_price(&o, argv + first);
	free(o.op_ns);
	return ret;
}

const struct cmd cmd_price = {
	"price", "estimate what a generation costs a workload", &price_argp,
	price_main,
};
