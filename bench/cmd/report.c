// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "data/json.h"
#include "report/report.h"

enum { KEY_UNIT = 1, KEY_ACCESSOR, KEY_JSON };

/* With --json all reports are one object. */
struct report_command {
	struct report_options options;
	json_t *reports;		/* NULL: text */
	bool json;
};

static const struct argp_option report_argp_options[] = {
	{ "unit", KEY_UNIT, "UNIT", 0,
	  "cycles, ns or ticks; the default is cycles where each sample was taken in cycles, else ns. Cycles of other files are counted where the file has that counter, else estimated from the length of a dependent add" },
	{ "accessor", KEY_ACCESSOR, "NAME", 0, "this accessor only" },
	{ "json", KEY_JSON, NULL, 0, "print JSON instead of tables" },
	{ 0 }
};

static error_t parse_report_option(int key, char *arg, struct argp_state *state)
{
	struct report_command *command = state->input;
	struct report_options *o = &command->options;
	enum pf_accessor accessor;

	switch (key) {
	case KEY_UNIT:
		if (unit_parse(arg, &o->unit))
			return complain("report: no unit '%.40s' (ns, ticks, cycles)",
					arg);
		return 0;
	case KEY_ACCESSOR:
		if (choose_accessor("report", arg, &accessor))
			return EXIT_BAD;
		o->accessor = accessor;
		return 0;
	case KEY_JSON:
		command->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp report_argp = {
	report_argp_options, parse_report_option, "FILE...",
	"Print result files as tables for a plain-text mail: one report after the other, at most 72 columns, ASCII."
	"\v"
	"Figures are net of the empty loop, per operation: the median and half the width of its 95 % interval. The cost that a look-up adds is the difference to the plain bit operation that was sampled in the same rounds. Columns of pages that the kernel's own accessors were measured on say where the pages come from: tail/thp.\n"
	"\n"
	"Exit status: 0 done; 2 a file could not be read, or has nothing to show.\n"
	"\n"
	"Example: pfbench report --accessor=PageLocked results/*/*.json",
	NULL, NULL, NULL
};

static int report_file(const char *path, const struct report_command *command)
{
	struct errmsg msg = { "" };
	struct result r;
	int err;

	if (result_load(path, &r, &msg))
		return complain("report: %s", msg.text);
	err = command->json ?
		report_json(command->reports, &r, &command->options, &msg) :
		report_print(stdout, &r, &command->options, &msg);
	result_free(&r);
	return err ? complain("report: %s", msg.text) : EXIT_DONE;
}

static int report_main(int argc, char **argv)
{
	struct report_command command = { .options.accessor = -1 };
	int ret, i;

	ret = cmd_parse(&cmd_report, argc, argv, &command, &i);
	if (ret)
		return ret;
	if (i == argc)
		return complain("report: no result file given (see 'pfbench report --help')");
	command.reports = json_array();
	for (; i < argc && !ret; i++) {
		ret = report_file(argv[i], &command);
		command.options.separate = true;
	}
	if (!ret && command.json &&
	    json_print(stdout, json_pack("{s:i, s:O}", "format", 1, "reports",
					 command.reports)))
		ret = complain("report: out of memory, or standard output could not be written");
	json_decref(command.reports);
	return ret ? ret : cmd_flush("report");
}

const struct cmd cmd_report = {
	"report", "print result files as tables for a mail", &report_argp,
	report_main,
};
