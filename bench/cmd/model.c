// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "code/mca_rows.h"
#include "data/json.h"
#include "lib/array.h"
#include "lib/text.h"
#include "report/format.h"
#include "report/model_beside.h"

struct model {
	struct mca mca;
	struct mca_query query;		/* without CPUs */
	const char *cc;
	bool arch[CODE_NR_ARCHS];
	const char **cpu;		/* of --cpu-model */
	size_t nr_cpus;
	struct result *result;
	size_t nr_results;
	bool as_json;
	json_t *archs, *skipped;	/* with as_json */
};

/* The hot point that a use and page are measured as. */
static struct point model_point(const struct code_use *use, enum code_page page,
				bool latency)
{
	static const enum pf_population pops[CODE_NR_PAGES] = {
		PF_SMALL, PF_HEADS, PF_TAILS,
	};

	return (struct point){
		.accessor = use->accessor, .generation = use->generation,
		.lowering = use->lowering, .population = pops[page],
		.form = latency ? PF_LATENCY :
			use->usage == CODE_CONDITION ? PF_THROUGHPUT_COND :
			PF_THROUGHPUT,
		.order = page == CODE_SMALL ? 0 : PF_DEFAULT_ORDER,
	};
}

/* Put the CPU models of --cpu-model, or all of @arch, into the query. */
static void choose_cpus(const struct model *m, const struct code_arch *arch,
			struct mca_query *q)
{
	size_t nr, i, k;
	const struct mca_cpu *cpu = mca_cpus(arch, &nr);

	q->nr_cpus = 0;
	for (i = 0; i < nr && q->nr_cpus < MCA_MAX_CPUS; i++) {
		for (k = 0; k < m->nr_cpus; k++)
			if (mca_cpu_find(arch, m->cpu[k]) == &cpu[i])
				break;
		if (!m->nr_cpus || k < m->nr_cpus)
			q->cpu[q->nr_cpus++] = &cpu[i];
	}
}

/* The column of the CPU that a result is of; find_cpus() checked it. */
static size_t result_column(const struct model *m, const struct code_arch *arch,
			    const struct mca_query *q, const struct result *r)
{
	const struct mca_cpu *cpu = m->nr_cpus == 1 ? q->cpu[0] :
		mca_cpu_by_name(arch, result_context(r, "cpu_model"));
	size_t c;

	for (c = 0; c < q->nr_cpus; c++)
		if (q->cpu[c] == cpu)
			break;
	return c;
}

/* Add the rows of which the result holds a point. */
static int add_beside_rows(const struct mca_rows *rows, size_t cpu,
			   const struct result *r, struct model_beside *b)
{
	const struct code_use *above = NULL;
	struct model_beside_row *grown;
	size_t i;
	int page;

	for (i = 0; i < rows->nr; i++) {
		const struct mca_row *row = &rows->row[i];

		for (page = 0; page < CODE_NR_PAGES; page++) {
			struct model_beside_row to = {
				.page = code_page_name(page),
				.throughput = model_point(&row->use, page,
							  false),
				.latency = model_point(&row->use, page, true),
				.model = { row->cell[0][cpu],
					   row->cell[1][cpu] },
			};

			if (!(row->pages >> page & 1) ||
			    !model_beside_has(b, r, &to))
				continue;
			mca_row_label(&row->use, above, to.label,
				      sizeof(to.label));
			above = &row->use;
			grown = array_grow(b->row, b->nr, sizeof(to));
			if (!grown)
				return -ENOMEM;
			b->row = grown;
			b->row[b->nr++] = to;
		}
	}
	return 0;
}

/* Print the table of a result, or append it to "measured" of @json. */
static int show_beside(const struct model *m, const struct code_arch *arch,
		       const struct mca_rows *rows, const struct result *r,
		       json_t *json)
{
	size_t cpu = result_column(m, arch, &rows->query, r);
	struct model_beside b = {
		.cpu = rows->query.cpu[cpu]->name,
		.accessor = pf_accessors[rows->query.accessor].name,
		.latency = rows->query.usage == CODE_VALUE,
	};
	int ret;

	snprintf(b.title, sizeof(b.title),
		 "%s: model (llvm-mca %s) of %s, beside measured", arch->name,
		 m->mca.version, rows->query.cpu[cpu]->name);
	ret = add_beside_rows(rows, cpu, r, &b);
	if (!ret && m->as_json)
		ret = json_array_append_new(json_object_get(json, "measured"),
					    model_beside_json(&b, r));
	else if (!ret)
		ret = model_beside_print(stdout, &b, r);
	free(b.row);
	return ret;
}

static int show_model(const struct model *m, const struct code_arch *arch,
		      const struct mca_rows *rows)
{
	json_t *json = m->as_json ? mca_json(rows) : NULL;
	const struct result *r = m->result;
	int ret;

	ret = m->as_json ? json_array_append_new(m->archs, json) :
		mca_print(stdout, rows);
	for (size_t i = 0; i < m->nr_results && !ret; i++, r++)
		if (code_arch_find(result_context(r, "arch")) == arch)
			ret = show_beside(m, arch, rows, r, json);
	if (!m->as_json)
		printf("\n");
	return ret;
}

static int model_arch(const struct model *m, const struct code_arch *arch,
		      struct errmsg *msg)
{
	struct mca_query query = m->query;
	struct mca_rows rows;
	struct code *code;
	int ret;

	choose_cpus(m, arch, &query);
	ret = code_open(&code, arch, m->cc, NULL, &cmd_interrupted, msg);
	if (ret)
		return ret;
	ret = mca_rows_open(&rows, &m->mca, code, &query, msg);
	if (!ret && show_model(m, arch, &rows))
		ret = errmsg_set(msg, -ENOMEM, "out of memory");
	mca_rows_close(&rows);
	code_close(code);
	return ret;
}

static int print_model_json(const struct model *m)
{
	return json_print(stdout, json_pack("{s:i, s:s, s:O, s:O}", "format", 1,
					    "llvm_mca", m->mca.version,
					    "architectures", m->archs,
					    "skipped", m->skipped)) ?
		complain("model: out of memory, or standard output could not be written") :
		EXIT_DONE;
}

static int model_all(const struct model *m)
{
	size_t i, done = 0, skipped = 0;
	struct errmsg msg = { "" };
	int ret;

	for (i = 0; i < CODE_NR_ARCHS; i++) {
		if (!m->arch[i])
			continue;
		ret = model_arch(m, &code_archs[i], &msg);
		if (cmd_interrupted)
			return EXIT_INTERRUPTED;
		if (ret) {
			complain("model: %s: %s", code_archs[i].name, msg.text);
			json_array_append_new(m->skipped, json_pack("{s:s, s:s}",
				"arch", code_archs[i].name, "reason", msg.text));
			skipped++;
		} else {
			done++;
		}
	}
	if (done && m->as_json && print_model_json(m))
		return EXIT_BAD;
	if (done && !m->as_json)
		mca_print_limits(stdout);
	if (done && skipped && !m->as_json)
		text_line(stdout, "Skipped: %zu of %zu architectures",
			  skipped, done + skipped);
	ret = cmd_flush("model");
	return ret || !done ? EXIT_BAD : skipped ? EXIT_NO : EXIT_DONE;
}

static int parse_model_arch(struct model *m, const char *name)
{
	const struct code_arch *arch = code_arch_find(name);
	size_t i;

	for (i = 0; i < CODE_NR_ARCHS; i++)
		m->arch[i] = !strcmp(name, "all") || &code_archs[i] == arch;
	return arch || !strcmp(name, "all") ? 0 :
		complain("model: no architecture '%s' (x86-64, arm64, riscv64, ppc64le, s390x, all)",
			 name);
}

/* @list is written to. */
static int parse_cpu_models(struct model *m, char *list)
{
	char *save, *name;

	free(m->cpu);
	m->cpu = calloc(strlen(list) + 1, sizeof(*m->cpu));
	m->nr_cpus = 0;
	if (!m->cpu)
		return complain("model: out of memory");
	for (name = strtok_r(list, ",", &save); name;
	     name = strtok_r(NULL, ",", &save))
		m->cpu[m->nr_cpus++] = name;
	return m->nr_cpus ? 0 : complain("model: --cpu-model: no name");
}

static int load_measured(struct model *m, const char *path)
{
	struct result *r, *grown = array_grow(m->result, m->nr_results,
					      sizeof(*m->result));
	struct errmsg msg = { "" };

	if (!grown)
		return complain("model: out of memory");
	m->result = grown;
	r = &m->result[m->nr_results];
	if (result_load(path, r, &msg))
		return complain("model: %s", msg.text);
	m->nr_results++;
	if (unit_of_time(r) == UNIT_INSTRUCTIONS)
		return complain("model: %s: counts instructions and has no cycles",
				path);
	if (isnan(unit_scale(r, UNIT_CYCLES)))
		return complain("model: %s: lacks the length of a cycle", path);
	return 0;
}

static int complain_cpu(const struct model *m, const char *name)
{
	char known[512] = "";
	size_t a, i, nr, n = 0;

	for (a = 0; a < CODE_NR_ARCHS; a++) {
		const struct mca_cpu *cpu = mca_cpus(&code_archs[a], &nr);

		for (i = 0; i < nr && m->arch[a] && n < sizeof(known); i++)
			n += snprintf(known + n, sizeof(known) - n, "%s%s",
				      n ? ", " : "", cpu[i].name);
	}
	return complain("model: no CPU model '%s' (%s)", name, known);
}

/* Check that the result is of one of the CPU models. */
static int check_measured(const struct model *m, const struct result *r)
{
	const struct code_arch *arch =
		code_arch_find(result_context(r, "arch"));
	struct mca_query query;

	if (!arch || !m->arch[arch - code_archs])
		return complain("model: %s: is of %s (see --arch)", r->path,
				result_context(r, "arch"));
	choose_cpus(m, arch, &query);
	return result_column(m, arch, &query, r) < query.nr_cpus ? 0 :
		complain("model: %s: no known CPU model is named '%s': name one with --cpu-model",
			 r->path, result_context(r, "cpu_model"));
}

/* Check the CPU models, and leave out the architectures without any. */
static int find_cpus(struct model *m)
{
	bool used[CODE_NR_ARCHS] = { false };
	size_t i, k;
	int ret = 0;

	for (k = 0; k < m->nr_cpus; k++) {
		bool found = false;

		for (i = 0; i < CODE_NR_ARCHS; i++) {
			if (!m->arch[i] ||
			    !mca_cpu_find(&code_archs[i], m->cpu[k]))
				continue;
			used[i] = found = true;
		}
		if (!found)
			return complain_cpu(m, m->cpu[k]);
	}
	for (i = 0; i < CODE_NR_ARCHS && m->nr_cpus; i++)
		m->arch[i] &= used[i];
	for (k = 0; k < m->nr_results && !ret; k++)
		ret = check_measured(m, &m->result[k]);
	return ret;
}

static int model_arguments(struct mca_query *q, int nr, char **args)
{
	enum pf_generation gen;
	struct errmsg msg;
	int i;

	if (!nr)
		return complain("model: which accessor? (see 'pfbench model --help')");
	if (choose_accessor("model", args[0], &q->accessor))
		return EXIT_BAD;
	for (i = 1; i < nr; i++) {
		if (choose_generation("model", args[i], &gen))
			return EXIT_BAD;
		if (names_check(q->accessor, gen, PF_AUTO, &msg))
			return complain("model: %s", msg.text);
		q->generations |= 1UL << gen;
	}
	if (q->usage == CODE_CONDITION &&
	    !PF_IS_TEST(pf_accessors[q->accessor].kind))
		return complain("model: %s is not a test and has no --usage=condition",
				args[0]);
	return 0;
}

enum { KEY_ARCH = 1, KEY_CC, KEY_CPU_MODEL, KEY_USAGE, KEY_RESULT, KEY_JSON };

static const struct argp_option model_argp_options[] = {
	{ "arch", KEY_ARCH, "ARCH", 0,
	  "x86-64, arm64, riscv64, ppc64le, s390x or all (default: this machine's)" },
	{ "cc", KEY_CC, "COMPILER", 0, "gcc-14, clang-19, ... (default: gcc)" },
	{ "cpu-model", KEY_CPU_MODEL, "NAME[,NAME]", 0,
	  "only these CPU models, by LLVM's names (default: all)" },
	{ "usage", KEY_USAGE, "USAGE", 0, "value (the default) or condition" },
	{ "result", KEY_RESULT, "FILE", 0,
	  "show measurements beside the model of their CPU, which the file or one --cpu-model names; may be repeated" },
	{ "json", KEY_JSON, NULL, 0, "print JSON instead of tables" },
	{ 0 }
};

static error_t parse_model_option(int key, char *arg, struct argp_state *state)
{
	struct model *m = state->input;

	switch (key) {
	case KEY_ARCH:
		return parse_model_arch(m, arg);
	case KEY_CC:
		m->cc = arg;
		return 0;
	case KEY_CPU_MODEL:
		return parse_cpu_models(m, arg);
	case KEY_USAGE:
		return code_usage_find(arg, &m->query.usage) ?
			complain("model: no usage '%s' (value, condition)",
				 arg) : 0;
	case KEY_RESULT:
		return load_measured(m, arg);
	case KEY_JSON:
		m->as_json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp model_argp = {
	model_argp_options, parse_model_option, "ACCESSOR [GENERATION...]",
	"Print what llvm-mca 19 predicts for the compiled code of an accessor, path by path and CPU model by CPU model. This is a model, not a measurement, and the output says so."
	"\v"
	"Figures are cycles per use, net of the load of the page's address (throughput) or of the chain around it (latency), as measurements are net of the empty loop.\n"
	"\n"
	"Exit status: 0 done; 1 some architectures were skipped, one line each; 2 bad input, or there is no model here; 130 interrupted.\n"
	"\n"
	"Example: pfbench model --arch=arm64 PageLocked v4.4-word v7.1-mask",
	NULL, NULL, NULL
};

static int model_main(int argc, char **argv)
{
	const struct code_arch *here = code_arch_here();
	struct errmsg msg = { "" };
	struct model m = { 0 };
	size_t i;
	int ret, first;

	if (here)
		m.arch[here - code_archs] = true;
	ret = cmd_parse(&cmd_model, argc, argv, &m, &first);
	if (!ret)
		ret = model_arguments(&m.query, argc - first, argv + first);
	if (!ret)
		ret = find_cpus(&m);
	if (!ret && mca_open(&m.mca, &msg))
		ret = complain("model: %s", msg.text);
	cmd_catch_signals();
	m.archs = json_array();
	m.skipped = json_array();
	if (!ret)
		ret = model_all(&m);
	json_decref(m.archs);
	json_decref(m.skipped);
	for (i = 0; i < m.nr_results; i++)
		result_free(&m.result[i]);
	free(m.result);
	free(m.cpu);
	return ret;
}

const struct cmd cmd_model = {
	"model", "show what llvm-mca predicts for the compiled code",
	&model_argp, model_main,
};
