// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "lib/table.h"
#include "lib/text.h"
#include "machine/doctor.h"

struct doctor_options {
	const char *root;
	int cpu;		/* -1: the quietest one */
	bool json;
};

enum { KEY_CPU = 1, KEY_JSON, KEY_ROOT };

static const struct argp_option doctor_argp_options[] = {
	{ "cpu", KEY_CPU, "N", 0,
	  "the CPU that would measure (default: the quietest allowed one)" },
	{ "json", KEY_JSON, NULL, 0, "print JSON" },
	{ "root", KEY_ROOT, "DIR", OPTION_HIDDEN,
	  "read proc/ and sys/ of a recorded machine in DIR, for tests" },
	{ 0 }
};

static error_t parse_doctor_option(int key, char *arg, struct argp_state *state)
{
	struct doctor_options *o = state->input;
	unsigned long cpu;
	char *end;

	switch (key) {
	case KEY_CPU:
		errno = 0;
		cpu = strtoul(arg, &end, 10);
		if (*arg < '0' || *arg > '9' || *end || errno || cpu > 1 << 20)
			return complain("doctor: --cpu=%.40s: not a CPU number",
					arg);
		o->cpu = cpu;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	case KEY_ROOT:
		o->root = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp doctor_argp = {
	doctor_argp_options, parse_doctor_option, NULL,
	"Report what disturbs figures on this machine: clock frequency, SMT, other tasks, interrupts, hypervisor, huge pages, access to the PMU, clock source. Each line has the condition, its state here and good, bad or unknown. Below what is bad is the command that changes it, for a shell of root; after a '#' it is advice. Nothing is changed."
	"\v"
	"A state that cannot be read is unknown: n/a, with the reason.\n"
	"\n"
	"Exit status: 0 nothing disturbs; 1 something does; 2 bad input or failure.\n"
	"\n"
	"Example: pfbench doctor --cpu=3",
	NULL, NULL, NULL
};

static int print_doctor_table(const struct doctor_check *checks, size_t nr,
			      int cpu, size_t bad)
{
	size_t unknown = 0;
	struct table t;
	int err = 0;

	table_open(&t, 3);
	for (size_t i = 0; i < nr; i++) {
		unknown += checks[i].verdict == DOCTOR_UNKNOWN;
		table_row(&t);
		table_cell(&t, 0, "%s", checks[i].what);
		table_cell(&t, 1, "%s", checks[i].here);
		table_cell(&t, 2, "%s",
			   doctor_verdict_name(checks[i].verdict));
	}
	text_line(stdout, "CPU %d:", cpu);
	for (size_t i = 0; i < nr && !err; i++) {
		err = table_print_rows(&t, stdout, i, i + 1, 1, 3);
		if (checks[i].command[0])
			text_line(stdout, "    %s", checks[i].command);
	}
	text_line(stdout, "%zu conditions: %zu good, %zu bad, %zu unknown", nr,
		  nr - bad - unknown, bad, unknown);
	table_close(&t);
	return err ? complain("doctor: out of memory") : cmd_flush("doctor");
}

static int print_doctor_json(const struct doctor_check *checks, size_t nr,
			     int cpu, size_t bad)
{
	json_t *list = json_array(), *root;
	int err = 0;

	for (size_t i = 0; i < nr; i++)
		err |= json_array_append_new(list, json_pack(
			"{s:s, s:s, s:s, s:s}", "what", checks[i].what,
			"here", checks[i].here, "verdict",
			doctor_verdict_name(checks[i].verdict),
			"command", checks[i].command));
	root = json_pack("{s:i, s:i, s:o}", "cpu", cpu, "bad", (int)bad,
			 "checks", list);
	if (!root || err) {
		json_decref(root);
		return complain("doctor: out of memory");
	}
	err = json_dumpf(root, stdout, JSON_INDENT(1));
	json_decref(root);
	if (!err)
		putchar('\n');
	return cmd_flush("doctor");
}

static int doctor_main(int argc, char **argv)
{
	struct doctor_options o = { .root = "", .cpu = -1 };
	struct doctor_check checks[DOCTOR_MAX_CHECKS];
	struct doctor_patient p = { .privileged = !geteuid() };
	struct errmsg msg = { "" };
	struct cpu_choice choice;
	size_t nr, bad = 0;
	int ret;

	ret = cmd_parse(&cmd_doctor, argc, argv, &o, NULL);
	if (ret)
		return ret;
	if (topology_open(&p.topology, NULL, &msg))
		return complain("doctor: %s", msg.text);
	if (topology_choose(p.topology, o.cpu, NULL, 50, &choice, &msg)) {
		topology_close(p.topology);
		return complain("doctor: %s", msg.text);
	}
	p.root = o.root;
	p.cpu = choice.cpu;
	nr = doctor_examine(&p, checks);
	topology_close(p.topology);
	for (size_t i = 0; i < nr; i++)
		bad += checks[i].verdict == DOCTOR_BAD;
	ret = (o.json ? print_doctor_json : print_doctor_table)(checks, nr,
								p.cpu, bad);
	return ret ? ret : bad ? EXIT_NO : EXIT_DONE;
}

const struct cmd cmd_doctor = {
	"doctor", "report what disturbs figures on this machine", &doctor_argp,
	doctor_main,
};
