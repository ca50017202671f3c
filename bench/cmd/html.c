// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "lib/atomic_file.h"
#include "report/html.h"

struct html_options {
	struct machines_request request;
	const char *output;
	bool every_accessor;
};

enum { KEY_ACCESSOR = 1, KEY_FORM, KEY_METRIC, KEY_THRESHOLD, KEY_COMMITS };

static const struct argp_option html_argp_options[] = {
	{ "output", 'o', "FILE", 0, "write FILE; '-': standard output", 1 },
	{ "accessor", KEY_ACCESSOR, "NAME", 0,
	  "compare this accessor; may be given again; 'all' for all (PageLocked, SetPageDirty, PageUptodate, compound_head)",
	  2 },
	{ "form", KEY_FORM, "FORM", 0,
	  "compare throughput (the default), cond (the result decides a branch) or latency",
	  2 },
	{ "metric", KEY_METRIC, "UNIT", 0,
	  "ns or cycles (the unit of each machine)", 2 },
	{ "threshold", KEY_THRESHOLD, "PCT", 0,
	  "differences up to PCT per cent do not matter (default 2)", 2 },
	{ "commits", KEY_COMMITS, "WHICH", 0,
	  "one (the default): only results of the commit that most have; or any",
	  2 },
	{ 0 }
};

static int add_html_accessor(struct html_options *o, const char *name)
{
	struct machines_request *r = &o->request;
	enum pf_accessor accessor;

	if (!strcmp(name, "all")) {
		o->every_accessor = true;
		return EXIT_DONE;
	}
	if (choose_accessor("html", name, &accessor))
		return EXIT_BAD;
	for (size_t i = 0; i < r->nr_accessors; i++)
		if (r->accessor[i] == accessor)
			return EXIT_DONE;
	r->accessor[r->nr_accessors++] = accessor;
	return EXIT_DONE;
}

static int set_html_metric(struct machines_request *r, const char *name)
{
	if (unit_parse(name, &r->unit) || r->unit == UNIT_TICKS)
		return complain("html: no metric '%.40s' (ns, cycles)", name);
	return EXIT_DONE;
}

static int set_html_commits(struct machines_request *r, const char *which)
{
	r->any_commit = !strcmp(which, "any");
	return r->any_commit || !strcmp(which, "one") ? EXIT_DONE :
		complain("html: --commits=%.40s: not one or any", which);
}

static error_t parse_html_option(int key, char *arg, struct argp_state *state)
{
	struct html_options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case KEY_ACCESSOR:
		return add_html_accessor(o, arg);
	case KEY_FORM:
		return choose_form("html", arg, &o->request.form);
	case KEY_METRIC:
		return set_html_metric(&o->request, arg);
	case KEY_THRESHOLD:
		return choose_threshold("html", arg, &o->request.threshold);
	case KEY_COMMITS:
		return set_html_commits(&o->request, arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp html_argp = {
	html_argp_options, parse_html_option, "-o FILE FILE|DIR...",
	"Write results as one HTML page that needs no network: which conclusions hold on all machines, the figures of all machines to sort and filter, curves to zoom, and the report, the context and the code of each machine."
	"\v"
	"Results are read, checked and compared as 'pfbench matrix --machines' does; the reports are those of 'pfbench report'. Listings (FILE.listing.txt and FILE.txt of 'pfbench codegen --out') among FILEs, or in DIRs, are shown behind the figures of their architecture.\n"
	"\n"
	"The page contains jQuery, DataTables and dygraphs (MIT licence), which are read from PFBENCH_JSPATH, a list of directories (/usr/share/javascript:/usr/share/nodejs). Debian's packages are libjs-jquery, libjs-jquery-datatables and libjs-dygraphs.\n"
	"\n"
	"Exit status: 0 done; 2 bad input, nothing to show, or no libraries.\n"
	"\n"
	"Examples:\n"
	"  pfbench html -o report.html results/HOST/*.json\n"
	"  pfbench html -o report.html lab results/code-*",
	NULL, NULL, NULL
};

/* The usual accessors, unless others were named. */
static void set_html_accessors(struct html_options *o)
{
	static const enum pf_accessor usual[] = {
		PF_ACC_PageLocked, PF_ACC_SetPageDirty, PF_ACC_PageUptodate,
		PF_ACC_compound_head,
	};
	struct machines_request *r = &o->request;

	if (o->every_accessor) {
		r->nr_accessors = 0;
		for (int a = 0; a < PF_NR_ACCESSORS; a++)
			r->accessor[r->nr_accessors++] = a;
	} else if (!r->nr_accessors) {
		r->nr_accessors = sizeof(usual) / sizeof(*usual);
		memcpy(r->accessor, usual, sizeof(usual));
	}
}

/* Files are read twice: for the comparison, and one by one. */
static int refuse_stream(int nr, char **names)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(names[i], "-"))
			return complain("html: standard input cannot be read twice: give a file");
	return EXIT_DONE;
}

static int write_html(const struct html_options *o, int nr, char **names)
{
	struct errmsg msg = { "" };
	struct html h;
	int err = output_check(o->output, &msg);

	if (err)
		return complain("html: %s", msg.text);
	err = html_open(&h, &o->request, nr, names, &msg);
	if (!err)
		err = write_file_atomic(o->output, html_write, &h, &msg);
	html_close(&h);
	return err ? complain("html: %s", msg.text) : EXIT_DONE;
}

static int html_main(int argc, char **argv)
{
	struct html_options o = { .request = {
		.population = { PF_SMALL, PF_HEADS, PF_TAILS },
		.nr_populations = 3, .form = PF_THROUGHPUT, .threshold = 0.02,
	} };
	int first, ret = cmd_parse(&cmd_html, argc, argv, &o, &first);

	if (ret)
		return ret;
	if (!o.output)
		return complain("html: no -o FILE was given (see 'pfbench html --help')");
	if (first == argc)
		return complain("html: no result was given (see 'pfbench html --help')");
	set_html_accessors(&o);
	return refuse_stream(argc - first, argv + first) ?:
		write_html(&o, argc - first, argv + first);
}

const struct cmd cmd_html = {
	"html", "a page of results to sort, filter and zoom", &html_argp,
	html_main,
};
