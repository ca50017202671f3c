// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/verbosity.h"
#include "cmd/workload.h"
#include "cmd/workload_perf.h"
#include "lib/atomic_file.h"
#include "workload/plot.h"
#include "workload/print.h"

static int write_result(FILE *f, const void *arg)
{
	return json_dumpf(arg, f, JSON_INDENT(1)) || fputc('\n', f) == EOF;
}

static int printed(int err)
{
	if (err == -ENOMEM)
		return complain("workload: out of memory");
	return cmd_flush("workload");
}

/* Count or sample a command, or take the samples of a file. */
static int obtain_result(const struct workload_options *o, char **command,
			 const char *recorded)
{
	struct errmsg msg = { "" }, fault;
	json_t *result = NULL;
	int err, ret = EXIT_DONE;

	if (o->out && output_check(o->out, &msg))
		return complain("workload: -o: %s", msg.text);
	if (o->sequence && output_check(o->sequence, &msg))
		return complain("workload: --sequence: %s", msg.text);
	if (o->record && output_check(o->record, &msg))
		return complain("workload: --record: %s", msg.text);
	cmd_catch_signals();
	err = o->perf ? workload_sample(o, command, recorded, &result, &msg) :
		workload_count(o, command, &result, &msg);
	if (!result && !(o->record && (!err || err == -ECANCELED)))
		return cmd_interrupted ? EXIT_INTERRUPTED :
			complain("workload: %s", msg.text);
	if (err) {
		complain("workload: %s: what was %s is marked partial",
			 msg.text, o->perf ? "sampled" : "counted");
		ret = EXIT_NO;
	}
	if (result && o->out &&
	    write_file_atomic(o->out, write_result, result, &fault))
		ret = complain("workload: %s", fault.text);
	if (result && (!o->out || !output_is_stdout(o->out)))
		ret = printed(workload_print(stdout, result, o->top)) ?: ret;
	json_decref(result);
	return cmd_interrupted ? EXIT_INTERRUPTED : ret;
}

static int draw_results(const char *dir, json_t *const *result, size_t nr)
{
	struct errmsg msg;

	if (workload_plot(dir, result, nr, &msg))
		return complain("workload: %s", msg.text);
	return cmd_flush("workload");
}

static int show_files(const struct workload_options *o, int nr, char **path)
{
	json_t *result[WORKLOAD_MAX_RESULTS];
	struct errmsg msg = { "" };
	int loaded = 0, ret = EXIT_DONE;

	if (nr > WORKLOAD_MAX_RESULTS)
		return complain("workload: more than %d files", WORKLOAD_MAX_RESULTS);
	for (; loaded < nr && !ret; loaded += !ret)
		if (workload_load(path[loaded], &result[loaded], &msg))
			ret = complain("workload: %s", msg.text);
	for (int i = 0; !ret && (nr > 1 || o->plot) && i < nr; i++)
		if (workload_is_sampled(result[i]))
			ret = complain("workload: %.200s: samples, not counts: show it alone",
				       path[i]);
	if (!ret && o->plot)
		ret = draw_results(o->plot, result, nr);
	else if (!ret && nr == 1)
		ret = printed(workload_print(stdout, *result, o->top));
	else if (!ret)
		ret = printed(workload_print_summary(stdout, result, nr,
						     o->top ?: SIZE_MAX));
	while (loaded)
		json_decref(result[--loaded]);
	return ret;
}

static int parse_number(const char *option, const char *text,
			unsigned long least, unsigned long most,
			unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || *number < least ||
	    *number > most)
		return complain("workload: %s %.40s: not a number from %lu to %lu",
				option, text, least, most);
	return EXIT_DONE;
}

enum {
	KEY_WORKLOAD_TOP = 1, KEY_VMLINUX, KEY_SEQUENCE, KEY_WORKLOAD_PLOT,
	KEY_PERF, KEY_PERIOD, KEY_RECORD,
};

static const struct argp_option workload_argp_options[] = {
	{ "kernel", 'k', "KERNEL", 0,
	  "a guest of scripts/guest -l (amd64-6.12), or the directory of a kernel that you built" },
	{ "vmlinux", KEY_VMLINUX, "FILE", 0,
	  "the debug information of KERNEL, if it is not in its place" },
	{ "input", 'i', "FILE", 0,
	  "copy FILE to /bin of the guest, or unpack a directory or FILE.tar in /; may be given again" },
	{ "output", 'o', "FILE", 0, "write the result to FILE, as JSON" },
	{ "sequence", KEY_SEQUENCE, "FILE", 0,
	  "write the look-ups in their order to FILE, for pfbench sequence and pfbench run --population" },
	{ "time", 't', "SECONDS", 0,
	  "stop the guest after SECONDS from the start of its boot (600)" },
	{ "plot", KEY_WORKLOAD_PLOT, "DIR", 0,
	  "draw the results of FILEs into DIR, made if it is missing: workload.svg, .png, .txt and .dat" },
	{ "perf", KEY_PERF, NULL, 0,
	  "sample the cycles of the running kernel by its PMU, instead of counting in a guest: an estimate" },
	{ "period", KEY_PERIOD, "CYCLES", 0,
	  "with --perf: cycles of the kernel from sample to sample (100003)" },
	{ "record", KEY_RECORD, "FILE", 0,
	  "with --perf: write the samples to FILE, for --perf FILE elsewhere, and read no debug information" },
	{ "top", KEY_WORKLOAD_TOP, "N", 0,
	  "rows per table, 0 for all (5)" },
	{ 0 }
};

static error_t parse_workload_option(int key, char *arg,
				     struct argp_state *state)
{
	struct workload_options *o = state->input;
	unsigned long number;
	int ret;

	if (key == KEY_WORKLOAD_TOP) {
		ret = parse_number("--top", arg, 0, 1000000, &number);
		o->top = number;
		return ret;
	}
	o->counts |= key == 'k' || key == 'i' || key == 'o' || key == 't' ||
		key == KEY_VMLINUX || key == KEY_SEQUENCE;
	o->guest |= key == 'k' || key == 'i' || key == 't' ||
		key == KEY_SEQUENCE;
	o->perf_only |= key == KEY_PERIOD || key == KEY_RECORD;
	switch (key) {
	case 'k':
		o->kernel = arg;
		return 0;
	case KEY_VMLINUX:
		o->vmlinux = arg;
		return 0;
	case 'i':
		if (o->nr_files == WORKLOAD_MAX_FILES)
			return complain("workload: -i: more than %d files: give a directory",
					WORKLOAD_MAX_FILES);
		o->files[o->nr_files++] = arg;
		return 0;
	case KEY_PERF:
		o->perf = true;
		return 0;
	case KEY_PERIOD:
		return parse_number("--period", arg, 1000, 1000000000,
				    &o->period);
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case KEY_SEQUENCE:
		o->sequence = arg;
		return 0;
	case 'o':
		o->out = arg;
		return 0;
	case KEY_WORKLOAD_PLOT:
		o->plot = arg;
		return 0;
	case 't':
		o->seconds = arg;
		return parse_number("-t", arg, 1, 1000000, &number);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child workload_argp_children[] = {
	{ &verbosity_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp workload_argp = {
	workload_argp_options, parse_workload_option,
	"-- COMMAND [ARGUMENT...]\n--perf -- COMMAND [ARGUMENT...]\n--perf SAMPLES\nFILE...",
	"Count the look-ups of compound_head() that COMMAND executes in a kernel, exactly: COMMAND runs in a guest under QEMU, and a plugin of QEMU counts the kernel's instructions, those inside look-ups and other accessors, and the executions of each look-up, by whether it saw a tail, a head or a small page. With --perf, estimate the share of look-ups in the cycles of the running kernel by samples. With FILEs, show results again: one in full, several as a table.\v"
	"Programs of bench/workloads/ are found by their names: fork, exec, fault, munmap, read, tmpfs and others. They count their operations alone; any other COMMAND is counted from its start to its end, with all that the kernel does in that time.\n"
	"\n"
	"Exit status: 0 done; 1 COMMAND failed or did not end, and the result is marked partial; 2 bad input, or nothing was counted; 130 interrupted.\n"
	"\n"
	"Environment: PFBENCH_SRCDIR, a checkout with scripts/; PFBENCH_CACHE; TMPDIR\n"
	"\n"
	"Examples:\n"
	"  pfbench workload -- munmap 64 huge\n"
	"  pfbench workload -k amd64-6.1 -o ls.json -- ls -R /\n"
	"  pfbench workload --perf -- make -j8",
	workload_argp_children, NULL, NULL
};

static bool has_separator(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			return true;
	return false;
}

static int perf_main(const struct workload_options *o, bool command, int nr,
		     char **argv)
{
	if (o->guest)
		return complain("workload: -k, -i, -t and --sequence are for a guest: --perf samples the running kernel");
	if (command)
		return obtain_result(o, argv, NULL);
	if (o->record)
		return complain("workload: --record: put -- before the COMMAND to sample");
	if (nr > 1)
		return complain("workload: --perf takes one FILE, or -- and a COMMAND");
	return obtain_result(o, NULL, argv[0]);
}

static int workload_main(int argc, char **argv)
{
	struct workload_options o = {
		.kernel = "amd64-6.12", .seconds = "600", .top = 5,
		.period = 100003,
	};
	bool command = has_separator(argc, argv);
	int ret, first;

	ret = cmd_parse(&cmd_workload, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (first == argc)
		return complain("workload: no COMMAND after --, and no FILE (see 'pfbench workload --help')");
	if (command && o.plot)
		return complain("workload: --plot is for result FILEs, not for a new run");
	if (o.perf)
		return perf_main(&o, command, argc - first, argv + first);
	if (o.perf_only)
		return complain("workload: --period and --record go with --perf");
	if (command)
		return obtain_result(&o, argv + first, NULL);
	if (o.counts)
		return complain("workload: %.60s: -k, --vmlinux, --sequence, -i, -o and -t are for a new run: put -- before its COMMAND",
				argv[first]);
	return show_files(&o, argc - first, argv + first);
}

const struct cmd cmd_workload = {
	"workload", "count the look-ups that a workload executes",
	&workload_argp, workload_main,
};
