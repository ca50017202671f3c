// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "cmd/cmd.h"
#include "report/sequence.h"

#define SHOWN 20

enum { KEY_TOP = 1 };

struct sequence_options {
	unsigned int most;
};

static const struct argp_option sequence_argp_options[] = {
	{ "top", KEY_TOP, "N", 0,
	  "show the N sites with most look-ups (default 20), and the sum of the others" },
	{ 0 }
};

static error_t parse_sequence_option(int key, char *arg,
				     struct argp_state *state)
{
	struct sequence_options *o = state->input;
	char *end;
	long n;

	if (key != KEY_TOP)
		return ARGP_ERR_UNKNOWN;
	n = strtol(arg, &end, 10);
	if (end == arg || *end || n < 0 || n > 4096)
		return complain("sequence: --top=%.40s: not a number from 0 to 4096",
				arg);
	o->most = n;
	return 0;
}

static const struct argp sequence_argp = {
	sequence_argp_options, parse_sequence_option, "FILE",
	"Show the look-ups that a workload executed, by site: how many, the share of tails, its entropy in bits per look-up, and the wrong predictions of three branch predictors for the branch of a look-up."
	"\v"
	"FILE is a recorded sequence, '-' standard input. The predictors are models of the literature: bimodal, gshare of 16 bits and TAGE of 64 Kbits; pfbench-sequence(1) has the sources. To measure the predictor of this machine, replay the file: 'pfbench run --population=FILE'.\n"
	"\n"
	"Exit status: 0 the table was printed; 2 bad input.",
	NULL, NULL, NULL
};

static int sequence_main(int argc, char **argv)
{
	struct sequence_options o = { .most = SHOWN };
	struct errmsg msg;
	int ret, first;

	cmd_handle_help(&cmd_sequence, argc, argv);
	ret = cmd_parse(&cmd_sequence, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (argc - first != 1)
		return complain("sequence: %s",
				first == argc ? "no FILE: name a recorded sequence" :
				"more than one FILE: run it once per sequence");
	if (sequence_report(stdout, argv[first], o.most, &msg))
		return complain("sequence: %s", msg.text);
	return EXIT_DONE;
}

const struct cmd cmd_sequence = {
	"sequence", "show a recorded sequence of look-ups", &sequence_argp,
	sequence_main,
};
