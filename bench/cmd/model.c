// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/code.h"
#include "cmd/cmd.h"
#include "code/mca.h"
#include "report/format.h"

static const char help[] =
"Usage: pfbench model [OPTION...] ACCESSOR [GENERATION...]\n"
"\n"
"Print what llvm-mca 19 predicts for the compiled code of an accessor, path by\n"
"path and CPU model by CPU model: a model, not a measurement, and called so.\n"
"\n"
"      --arch=ARCH         x86-64, arm64, riscv64, ppc64le, s390x or all\n"
"                          (default: this machine's)\n"
"      --cc=COMPILER       gcc-14, clang-19, ... (default: gcc)\n"
"      --cpu-model=NAME,...  these only, by the names that LLVM has for them\n"
"      --usage=USAGE       value (the default) or condition\n"
"      --result=FILE       beside what was measured on a machine: the model of\n"
"                          its CPU, where the file tells which it is or one\n"
"                          --cpu-model does; may be repeated\n"
"  -h, --help              this text\n"
"\n"
"Figures are cycles a use, net of the load of the page's address (throughput)\n"
"or of the chain around it (latency), as measurements are of the empty loop.\n"
"\n"
"Exit status: 0 done; 1 some architectures were skipped, one line each; 2 bad\n"
"input, or nothing could be modelled here; 130 interrupted.\n"
"\n"
"Example: pfbench model --arch=arm64 PageLocked v4.4-word v7.1-mask\n";

#define LABEL 18		/* the longest name of a generation */
#define PAGES 11		/* " small,head" */
#define CELL 6
#define ACROSS ((TEXT_COLUMNS - LABEL - PAGES) / CELL)
#define MAX_CPUS 16
#define MAX_NOTES 26		/* a letter each */

struct job {
	struct mca model;
	enum pf_accessor accessor;
	enum code_usage usage;
	unsigned long generations;	/* bits; 0: all that are worth it */
	const char *cc;
	bool arch[CODE_NR_ARCHS];
	const char **cpu;		/* said; NULL at the end */
	size_t nr_cpus;
	struct result *result;
	size_t nr_results;
};

/* A path, and which pages take it. */
struct row {
	struct code_use use;
	unsigned int pages;		/* bits, of enum code_page */
	const struct code_path *path;
	char na[96];			/* why it has no figures; "": it has */
	size_t at;			/* which of the paths it is */
};

/* What there is to say of one architecture. */
struct block {
	const struct code_arch *arch;
	struct code *code;
	struct row *row;
	size_t nr;
	struct mca_path *path;
	size_t nr_paths;
	const struct mca_cpu *cpu[MAX_CPUS];
	struct mca_cycles *figure[MAX_CPUS];
	size_t nr_cpus;
	char note[MAX_NOTES][128];
	size_t nr_notes;
};

static const char *const page_names[CODE_NR_PAGES] = {
	"small", "head", "tail",
};

static struct point point_of(const struct job *job, const struct code_use *use,
			     enum code_page page, bool latency)
{
	static const enum pf_population pops[CODE_NR_PAGES] = {
		PF_SMALL, PF_HEADS, PF_TAILS,
	};

	return (struct point){
		.accessor = use->accessor, .generation = use->generation,
		.lowering = use->lowering, .population = pops[page],
		.form = latency ? PF_LATENCY : job->usage == CODE_CONDITION ?
			PF_THROUGHPUT_COND : PF_THROUGHPUT,
		.order = page == CODE_SMALL ? 0 : PF_DEFAULT_ORDER,
	};
}

/* Is there a value that the next page could depend on? */
static bool has_latency(const struct job *job)
{
	return job->usage == CODE_VALUE &&
		PF_RETURNS(pf_accessors[job->accessor].kind);
}

static bool is_wanted(const struct job *job, enum pf_generation gen)
{
	const struct pf_generation_info *g = &pf_generations[gen];
	enum pf_policy policy = pf_accessors[job->accessor].policy;

	if (job->generations)
		return job->generations >> gen & 1;
	/* what is a bit operation is looked at once, as plain */
	return g->era != PF_ERA_SELFTEST &&
		(g->era != PF_ERA_PLAIN || gen == PF_GEN_plain ||
		 policy == PF_POLICY_LOOKUP);
}

/* The instructions but the final return, which an inlined use has not. */
static size_t length(const struct code_path *path)
{
	unsigned int last = path->nr ? path->insn[path->nr - 1]->classes : 0;

	return path->nr - ((last & CODE_RETURN) && !(last & CODE_BRANCH));
}

static void set_na(struct row *row)
{
	const struct code_path *p = row->path;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		const char *what =
			p->insn[i]->classes & CODE_ATOMIC ? "atomic" :
			p->insn[i]->classes & CODE_BARRIER ? "barrier" : NULL;

		if (!what)
			continue;
		snprintf(row->na, sizeof(row->na), "n/a (%s: %s)", what,
			 p->insn[i]->text);
		return;
	}
}

static bool same_path(const struct code_path *a, const struct code_path *b)
{
	return a->nr == b->nr &&
		!memcmp(a->insn, b->insn, a->nr * sizeof(*a->insn));
}

/* A row for each path of a use, with the pages that take it. */
static int add_use(const struct job *job, struct block *b,
		   const struct code_use *use, struct errmsg *msg)
{
	size_t first = b->nr, i;
	int page, ret;

	/* not every architecture has a select */
	if (use->lowering == PF_SELECT && !code_listing(b->code, use, NULL))
		return 0;
	for (page = 0; page < CODE_NR_PAGES; page++) {
		const struct code_path *path;

		if (!code_takes(use->accessor, page))
			continue;
		ret = code_path(b->code, use, page, &path, msg);
		if (ret)
			return ret;
		for (i = first; i < b->nr; i++)
			if (same_path(b->row[i].path, path))
				break;
		if (i == b->nr) {
			b->row[b->nr++] = (struct row){ .use = *use,
							.path = path };
			set_na(&b->row[i]);
		}
		b->row[i].pages |= 1U << page;
	}
	return 0;
}

static int add_rows(const struct job *job, struct block *b, struct errmsg *msg)
{
	struct code_use use = { .accessor = job->accessor,
				.usage = job->usage };
	unsigned long generations = 0;
	int gen, low, ret;
	size_t i;

	b->row = calloc(PF_NR_REPLICAS * PF_NR_LOWERINGS * CODE_NR_PAGES,
			sizeof(*b->row));
	b->path = calloc(PF_NR_REPLICAS * PF_NR_LOWERINGS * CODE_NR_PAGES,
			 sizeof(*b->path));
	if (!b->row || !b->path)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (gen = 0; gen < PF_NR_REPLICAS; gen++)
		if (is_wanted(job, gen) && pf_has(job->accessor, gen, PF_AUTO))
			generations |= 1UL << gen;
	ret = code_prepare(b->code, generations, msg);
	for (gen = 0; gen < PF_NR_REPLICAS && !ret; gen++) {
		for (low = 0; low < PF_NR_LOWERINGS && !ret; low++) {
			use.generation = gen;
			use.lowering = low;
			if (generations >> gen & 1 && code_use_exists(&use))
				ret = add_use(job, b, &use, msg);
		}
	}
	for (i = 0; i < b->nr; i++) {
		struct row *row = &b->row[i];

		if (*row->na)
			continue;
		row->at = b->nr_paths++;
		b->path[row->at].insn = row->path->insn;
		b->path[row->at].nr = length(row->path);
	}
	return ret;
}

/* A letter that stands for @text. */
static char note_letter(struct block *b, const char *text)
{
	size_t i;

	for (i = 0; i < b->nr_notes; i++)
		if (!strcmp(b->note[i], text))
			return 'a' + i;
	if (i == MAX_NOTES)
		return '?';
	snprintf(b->note[i], sizeof(b->note[i]), "%s", text);
	b->nr_notes++;
	return 'a' + i;
}

static void figure_cell(struct block *b, size_t cpu, const struct row *row,
			bool latency, char *text, size_t size)
{
	const struct mca_cycles *f = &b->figure[cpu][row->at];
	double v = latency ? f->latency : f->throughput;
	char note[128];

	if (isnan(v)) {
		snprintf(note, sizeof(note), "%s: %s", b->cpu[cpu]->head,
			 f->lacks);
		snprintf(text, size, "n/a %c", note_letter(b, note));
	} else {
		/* nought has no sign */
		snprintf(text, size, "%.2f", fabs(v) < 0.005 ? 0 : v);
	}
}

static void row_label(const struct row *row, const struct row *above,
		      char *label, size_t size)
{
	bool again = above && above->use.generation == row->use.generation &&
		above->use.lowering == row->use.lowering;

	if (again)
		*label = '\0';
	else if (row->use.lowering == PF_AUTO)
		snprintf(label, size, "%s",
			 pf_generations[row->use.generation].name);
	else if (above && above->use.generation == row->use.generation)
		snprintf(label, size, "  %s", lowering_name(row->use.lowering));
	else
		snprintf(label, size, "%s/%s",
			 pf_generations[row->use.generation].name,
			 lowering_name(row->use.lowering));
}

/* "all", "small,head": which of the pages that it may be asked take it */
static void pages_label(const struct row *row, char *label, size_t size)
{
	unsigned int all = 0;
	size_t n = 0;
	int page;

	for (page = 0; page < CODE_NR_PAGES; page++)
		if (code_takes(row->use.accessor, page))
			all |= 1U << page;
	if (row->pages == all) {
		snprintf(label, size, "all");
		return;
	}
	for (page = 0; page < CODE_NR_PAGES; page++)
		if (row->pages >> page & 1)
			n += snprintf(label + n, size - n, "%s%s",
				      n ? "," : "", page_names[page]);
}

static void print_table(const struct job *job, struct block *b, bool latency,
			size_t from, size_t to)
{
	char line[256], label[64], pages[32], cell[32];
	size_t i, c, n;

	printf("\n");
	text_line(stdout, "%s, %s: model (llvm-mca %s), not measured",
		  b->arch->name, latency ? "latency" : "throughput",
		  job->model.version);
	n = snprintf(line, sizeof(line), "%-*s", LABEL + PAGES, "cycles a use");
	for (c = from; c < to; c++)
		n += snprintf(line + n, sizeof(line) - n, "%*s", CELL,
			      b->cpu[c]->head);
	text_line(stdout, "%s", line);
	for (i = 0; i < b->nr; i++) {
		const struct row *row = &b->row[i];

		row_label(row, i ? row - 1 : NULL, label, sizeof(label));
		pages_label(row, pages, sizeof(pages));
		n = snprintf(line, sizeof(line), "%-*s %-*s", LABEL, label,
			     PAGES - 1, pages);
		if (*row->na)
			snprintf(line + n, sizeof(line) - n, " %s", row->na);
		for (c = from; c < to && !*row->na; c++) {
			figure_cell(b, c, row, latency, cell, sizeof(cell));
			n += snprintf(line + n, sizeof(line) - n, "%*s", CELL,
				      cell);
		}
		text_line(stdout, "%s", line);
	}
}

static const char *no_latency(const struct job *job)
{
	return job->usage == CODE_CONDITION ?
		"a condition hands no value on" :
		"it returns nothing";
}

static void print_tables(const struct job *job, struct block *b)
{
	size_t from, to, i;
	int latency;

	for (latency = 0; latency <= has_latency(job); latency++) {
		for (from = 0; from < b->nr_cpus; from = to) {
			to = from + ACROSS < b->nr_cpus ? from + ACROSS :
				b->nr_cpus;
			print_table(job, b, latency, from, to);
		}
	}
	if (!has_latency(job))
		printf("\n%s, latency: n/a (%s)\n", b->arch->name,
		       no_latency(job));
	for (i = 0; i < b->nr_notes; i++)
		text_line(stdout, "%s%c  n/a: no model of %s",
			  i ? "" : "\n", 'a' + (int)i, b->note[i]);
}

static void print_heading(const struct job *job, const struct block *b)
{
	char line[512];
	size_t i;

	text_line(stdout, "pageflags-bench model: %s, used as a %s, on %s",
		  pf_accessors[job->accessor].name,
		  code_usage_name(job->usage), b->arch->name);
	text_line(stdout, "code of %s", code_compiler(b->code));
	for (i = 0; i < b->nr_cpus; i++) {
		const struct mca_cpu *cpu = b->cpu[i];

		if (!strcmp(cpu->head, cpu->name))
			continue;
		snprintf(line, sizeof(line), "%-5s %s%s%s%s", cpu->head,
			 cpu->name, *cpu->others ? "; LLVM takes it for " : "",
			 cpu->others, *cpu->others ? ", too" : "");
		text_wrapped(stdout, line, 6);
	}
}

/* measured */

/* In estimated cycles: "1.67 +-0.01", or "-" if the file has no such point. */
static void measured_cell(const struct job *job, const struct result *r,
			  const struct code_use *use, enum code_page page,
			  bool latency, char *text, size_t size)
{
	struct point p = point_of(job, use, page, latency);
	const struct result_point *found = result_find(r, &p);
	double scale = unit_per_tick(r, UNIT_CYCLES);
	struct estimate e = { NAN, NAN, NAN, 0 };

	if (found) {
		e = found->ticks;
		e.mid *= scale;
		e.lo *= scale;
		e.hi *= scale;
	}
	format_estimate(&e, found && found->contended, text, size);
}

static bool has_point(const struct job *job, const struct result *r,
		      const struct code_use *use, enum code_page page)
{
	struct point a = point_of(job, use, page, false);
	struct point b = point_of(job, use, page, true);

	return result_find(r, &a) ||
		(job->usage == CODE_VALUE && result_find(r, &b));
}

static void print_beside_row(const struct job *job, struct block *b,
			     const struct result *r, size_t cpu,
			     const struct row *row, const char *label,
			     enum code_page page)
{
	char line[256], model[32], measured[64];
	int latency;
	size_t n;

	n = snprintf(line, sizeof(line), "%-*s %-5s", LABEL, label,
		     page_names[page]);
	for (latency = 0; latency <= (job->usage == CODE_VALUE); latency++) {
		if (*row->na || (latency && !has_latency(job)))
			strcpy(model, "n/a");
		else
			figure_cell(b, cpu, row, latency, model,
				    sizeof(model));
		measured_cell(job, r, &row->use, page, latency, measured,
			      sizeof(measured));
		n += snprintf(line + n, sizeof(line) - n, "  %6s  %s", model,
			      measured);
	}
	text_line(stdout, "%s", line);
}

static void print_beside(const struct job *job, struct block *b,
			 const struct result *r, size_t cpu)
{
	const struct row *row, *above = NULL;
	char label[64];
	int page;
	size_t i;

	printf("\n");
	text_line(stdout, "%s: model (llvm-mca %s) of %s, beside measured",
		  b->arch->name, job->model.version, b->cpu[cpu]->name);
	text_line(stdout, "measured, in estimated cycles: %s", r->path);
	format_context(stdout, r);
	text_line(stdout, "%-*s  throughput%s", LABEL + 6, "cycles a use",
		  job->usage == CODE_VALUE ? "             latency" : "");
	text_line(stdout, "%-*s   model   measured%s", LABEL + 6, "",
		  job->usage == CODE_VALUE ? "       model   measured" : "");
	for (i = 0; i < b->nr; i++) {
		row = &b->row[i];
		for (page = 0; page < CODE_NR_PAGES; page++) {
			if (!(row->pages >> page & 1) ||
			    !has_point(job, r, &row->use, page))
				continue;
			row_label(row, above, label, sizeof(label));
			print_beside_row(job, b, r, cpu, row, label, page);
			above = row;
		}
	}
	if (!above)
		text_line(stdout, "(no hot points of %s in this file)",
			  pf_accessors[job->accessor].name);
}

/* one architecture */

/* The CPU models to ask: those that were said, or all. */
static void choose_cpus(const struct job *job, struct block *b)
{
	size_t nr, i, k;
	const struct mca_cpu *cpu = mca_cpus(b->arch, &nr);

	for (i = 0; i < nr && b->nr_cpus < MAX_CPUS; i++) {
		for (k = 0; k < job->nr_cpus; k++)
			if (mca_cpu_find(b->arch, job->cpu[k]) == &cpu[i])
				break;
		if (!job->nr_cpus || k < job->nr_cpus)
			b->cpu[b->nr_cpus++] = &cpu[i];
	}
}

static int ask(const struct job *job, struct block *b, struct errmsg *msg)
{
	int ret;
	size_t c;

	if (!b->nr_paths)
		return 0;
	ret = mca_paths_open(&job->model, b->arch, b->path, b->nr_paths, msg);
	for (c = 0; c < b->nr_cpus && !ret; c++) {
		if (cmd_interrupted)
			return errmsg_set(msg, -EINTR, "interrupted");
		b->figure[c] = calloc(b->nr_paths, sizeof(*b->figure[c]));
		if (!b->figure[c])
			return errmsg_set(msg, -ENOMEM, "out of memory");
		ret = mca_run(&job->model, b->arch, b->cpu[c], b->path,
				b->nr_paths, b->figure[c], msg);
	}
	return ret;
}

/* Which column is the CPU that a result is of? find_cpus() has seen to it. */
static size_t column_of(const struct job *job, const struct block *b,
			const struct result *r)
{
	const struct mca_cpu *cpu = job->nr_cpus == 1 ? b->cpu[0] :
		mca_cpu_by_name(b->arch, result_context(r, "cpu_model"));
	size_t c;

	for (c = 0; c < b->nr_cpus; c++)
		if (b->cpu[c] == cpu)
			break;
	return c;
}

static void print_all(const struct job *job, struct block *b)
{
	const struct result *r = job->result;
	size_t i;

	print_heading(job, b);
	print_tables(job, b);
	for (i = 0; i < job->nr_results; i++, r++)
		if (code_arch_find(result_context(r, "arch")) == b->arch)
			print_beside(job, b, r, column_of(job, b, r));
	printf("\n");
}

static int model_arch(const struct job *job, const struct code_arch *arch,
		      struct errmsg *msg)
{
	struct block b = { .arch = arch };
	size_t c;
	int ret;

	choose_cpus(job, &b);
	ret = code_open(&b.code, arch, job->cc, NULL, &cmd_interrupted, msg);
	if (ret)
		return ret;
	ret = add_rows(job, &b, msg);
	if (!ret)
		ret = ask(job, &b, msg);
	if (!ret)
		print_all(job, &b);
	mca_paths_close(b.path, b.nr_paths);
	for (c = 0; c < b.nr_cpus; c++)
		free(b.figure[c]);
	free(b.path);
	free(b.row);
	code_close(b.code);
	return ret;
}

static void print_notes(void)
{
	static const char *const notes[] = {
		"A model: what LLVM's tables for a CPU say of the instructions "
		"that a page takes through the code, laid out straight and "
		"repeated, in the steady state. Net of the load of the page's "
		"address (throughput) or of the chain that leads from a value "
		"to the next page (latency).",
		"What the model cannot know, and no figure here holds:",
		"- branches: each counts as predicted; what a mispredicted one "
		"costs is not in it.",
		"- barriers and atomic operations: what ordering costs depends "
		"on what else is under way. LLVM has numbers for some that are "
		"not that: these paths read n/a.",
		"- memory: every load hits the L1 data cache, and waits for no "
		"store.",
		"- the front end: fetch, decode, alignment, taken branches.",
	};
	size_t i;

	for (i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		text_wrapped(stdout, notes[i], *notes[i] == '-' ? 2 : 0);
}

static int model_all(const struct job *job)
{
	size_t i, done = 0, skipped = 0;
	struct errmsg msg = { "" };
	int ret;

	for (i = 0; i < CODE_NR_ARCHS; i++) {
		if (!job->arch[i])
			continue;
		ret = model_arch(job, &code_archs[i], &msg);
		if (cmd_interrupted)
			return EXIT_INTERRUPTED;
		if (ret) {
			complain("model: %s: %s", code_archs[i].name, msg.text);
			skipped++;
		} else {
			done++;
		}
	}
	if (done)
		print_notes();
	if (done && skipped)
		text_line(stdout, "Skipped: %zu of %zu architectures",
			  skipped, done + skipped);
	if (fflush(stdout))
		return complain("model: writing failed");
	return !done ? EXIT_BAD : skipped ? EXIT_NO : EXIT_DONE;
}

/* the command line */

static int parse_arch(struct job *job, const char *name)
{
	const struct code_arch *arch = code_arch_find(name);
	size_t i;

	for (i = 0; i < CODE_NR_ARCHS; i++)
		job->arch[i] = !strcmp(name, "all") || &code_archs[i] == arch;
	return arch || !strcmp(name, "all") ? 0 :
		complain("model: no architecture '%s' (x86-64, arm64, riscv64, ppc64le, s390x, all)",
			 name);
}

static int parse_usage(struct job *job, const char *name)
{
	return code_usage_find(name, &job->usage) ?
		complain("model: no usage '%s' (value, condition)", name) : 0;
}

/* @list is written to. */
static int parse_cpus(struct job *job, char *list)
{
	char *save, *name;

	free(job->cpu);
	job->cpu = calloc(strlen(list) + 1, sizeof(*job->cpu));
	job->nr_cpus = 0;
	if (!job->cpu)
		return complain("model: out of memory");
	for (name = strtok_r(list, ",", &save); name;
	     name = strtok_r(NULL, ",", &save))
		job->cpu[job->nr_cpus++] = name;
	return job->nr_cpus ? 0 : complain("model: --cpu-model: no name");
}

static int load_result(struct job *job, const char *path)
{
	struct result *grown = realloc(job->result, (job->nr_results + 1) *
				       sizeof(*job->result));
	struct errmsg msg = { "" };
	struct result *r;

	if (!grown)
		return complain("model: out of memory");
	job->result = grown;
	r = &job->result[job->nr_results];
	if (result_load(path, r, &msg))
		return complain("model: %s", msg.text);
	job->nr_results++;
	if (unit_resolve(r, UNIT_DEFAULT) == UNIT_INSTRUCTIONS)
		return complain("model: %s: counts instructions, there are no cycles in it",
				path);
	if (isnan(unit_per_tick(r, UNIT_CYCLES)))
		return complain("model: %s: does not know the length of a cycle",
				path);
	return 0;
}

/* Say that there is no such CPU model, and which there are. */
static int complain_cpu(const struct job *job, const char *name)
{
	char known[512] = "";
	size_t a, i, nr, n = 0;

	for (a = 0; a < CODE_NR_ARCHS; a++) {
		const struct mca_cpu *cpu = mca_cpus(&code_archs[a], &nr);

		for (i = 0; i < nr && job->arch[a] && n < sizeof(known); i++)
			n += snprintf(known + n, sizeof(known) - n, "%s%s",
				      n ? ", " : "", cpu[i].name);
	}
	return complain("model: no CPU model '%s' (%s)", name, known);
}

/* Are the CPU models known, and does each result have one? */
static int find_cpus(struct job *job)
{
	bool used[CODE_NR_ARCHS] = { false };
	size_t i, k, c;

	for (k = 0; k < job->nr_cpus; k++) {
		bool found = false;

		for (i = 0; i < CODE_NR_ARCHS; i++) {
			if (!job->arch[i] ||
			    !mca_cpu_find(&code_archs[i], job->cpu[k]))
				continue;
			used[i] = found = true;
		}
		if (!found)
			return complain_cpu(job, job->cpu[k]);
	}
	for (i = 0; i < CODE_NR_ARCHS && job->nr_cpus; i++)
		job->arch[i] &= used[i];
	for (k = 0; k < job->nr_results; k++) {
		const struct result *r = &job->result[k];
		struct block b = { .arch = code_arch_find(
					result_context(r, "arch")) };

		if (!b.arch || !job->arch[b.arch - code_archs])
			return complain("model: %s: of %s, which is not asked for (see --arch)",
					r->path, result_context(r, "arch"));
		choose_cpus(job, &b);
		c = column_of(job, &b, r);
		if (c == b.nr_cpus)
			return complain("model: %s: '%s' does not tell which CPU model that is: say so by one --cpu-model",
					r->path,
					result_context(r, "cpu_model"));
	}
	return 0;
}

static int parse_arguments(struct job *job, int nr, char **args)
{
	int i, gen;

	if (!nr)
		return complain("model: which accessor? (see 'pfbench model --help')");
	if (point_parse_accessor(args[0], &job->accessor))
		return complain("model: no accessor '%s' (see 'pfbench list --all')",
				args[0]);
	for (i = 1; i < nr; i++) {
		for (gen = 0; gen < PF_NR_REPLICAS; gen++)
			if (!strcmp(args[i], pf_generations[gen].name))
				break;
		if (gen == PF_NR_REPLICAS)
			return complain("model: no generation '%s' with code of its own",
					args[i]);
		if (!pf_has(job->accessor, gen, PF_AUTO))
			return complain("model: %s had no %s", args[i],
					args[0]);
		job->generations |= 1UL << gen;
	}
	if (job->usage == CODE_CONDITION &&
	    !PF_IS_TEST(pf_accessors[job->accessor].kind))
		return complain("model: %s decides nothing: --usage=value",
				args[0]);
	return 0;
}

static int parse(struct job *job, int argc, char **argv)
{
	static const struct option options[] = {
		{ "arch", required_argument, NULL, 'a' },
		{ "cc", required_argument, NULL, 'c' },
		{ "cpu-model", required_argument, NULL, 'm' },
		{ "usage", required_argument, NULL, 'u' },
		{ "result", required_argument, NULL, 'r' },
		{ 0 }
	};
	int c, bad = 0;

	opterr = 0;
	while (!bad &&
	       (c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (c) {
		case 'a':
			bad = parse_arch(job, optarg);
			break;
		case 'c':
			job->cc = optarg;
			break;
		case 'm':
			bad = parse_cpus(job, optarg);
			break;
		case 'u':
			bad = parse_usage(job, optarg);
			break;
		case 'r':
			bad = load_result(job, optarg);
			break;
		default:
			bad = complain_option(argc, argv, c);
		}
	}
	if (!bad)
		bad = parse_arguments(job, argc - optind, argv + optind);
	return bad ? bad : find_cpus(job);
}

static int model_main(int argc, char **argv)
{
	const struct code_arch *here = code_arch_here();
	struct errmsg msg = { "" };
	struct job job = { 0 };
	size_t i;
	int ret;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	if (here)
		job.arch[here - code_archs] = true;
	ret = parse(&job, argc, argv);
	if (!ret && mca_open(&job.model, &msg))
		ret = complain("model: %s", msg.text);
	cmd_catch_signals();
	if (!ret)
		ret = model_all(&job);
	for (i = 0; i < job.nr_results; i++)
		result_free(&job.result[i]);
	free(job.result);
	free(job.cpu);
	return ret;
}

const struct cmd cmd_model = {
	"model", "what llvm-mca predicts for the compiled code", &(const struct argp){ 0 },
	model_main,
};
