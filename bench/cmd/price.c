// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "data/json.h"
#include "report/price.h"

#define MAX_TIMES 1000

enum { KEY_ACCESSOR = 1, KEY_OP_NS };

struct price_options {
	enum pf_accessor accessor;
	double *op_ns;
	size_t nr;
};

static const struct argp_option price_argp_options[] = {
	{ "accessor", KEY_ACCESSOR, "NAME", 0,
	  "take the costs of this accessor for each look-up (default compound_head)" },
	{ "op-ns", KEY_OP_NS, "NS[,NS...]", 0,
	  "times of one operation on the machine of RESULT, in ns: adds per cent of its cycles" },
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
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp price_argp = {
	price_argp_options, parse_price_option, "WORKLOAD RESULT OLD NEW",
	"Estimate what generation NEW instead of OLD costs a workload: the look-ups that WORKLOAD, a file of 'pfbench workload', counted, times the differences that RESULT measured."
	"\v"
	"If RESULT has a recorded sequence (run --population), its difference is taken for all look-ups; otherwise those of small pages, heads and tails.\n"
	"\n"
	"Exit status: 0 the price was printed; 2 bad input, or RESULT lacks a point.\n"
	"\n"
	"Example: pfbench price munmap.json zen5.json v5.18-fakehead v7.1-mask",
	NULL, NULL, NULL
};

static int load_workload(const char *path, json_t **root)
{
	struct errmsg msg;
	struct input in;
	int ret = input_open(&in, path, &msg);

	if (!ret) {
		ret = json_read(&in, root, &msg);
		input_close(&in);
	}
	return ret ? complain("price: %s", msg.text) : EXIT_DONE;
}

static int print_price(struct price_query *q, char **args)
{
	struct result result;
	json_t *workload;
	struct errmsg msg;
	int ret;

	if (choose_generation("price", args[2], &q->old) ||
	    choose_generation("price", args[3], &q->new) ||
	    load_workload(args[0], &workload))
		return EXIT_BAD;
	q->workload = workload;
	ret = result_load(args[1], &result, &msg);
	if (!ret) {
		q->result = &result;
		ret = price_print(stdout, q, &msg);
		result_free(&result);
	}
	json_decref(workload);
	return ret ? complain("price: %s", msg.text) : EXIT_DONE;
}

static int price_main(int argc, char **argv)
{
	struct price_options o = { .accessor = PF_ACC_compound_head };
	struct price_query q = { .op_ns = NULL };
	int ret, first;

	cmd_handle_help(&cmd_price, argc, argv);
	ret = cmd_parse(&cmd_price, argc, argv, &o, &first);
	if (!ret && argc - first != 4)
		ret = complain("price: needs WORKLOAD, RESULT, OLD and NEW");
	if (!ret) {
		q.accessor = o.accessor;
		q.op_ns = o.op_ns;
		q.nr_op_ns = o.nr;
		ret = print_price(&q, argv + first);
	}
	free(o.op_ns);
	return ret;
}

const struct cmd cmd_price = {
	"price", "estimate what a generation costs a workload", &price_argp,
	price_main,
};
