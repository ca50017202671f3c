// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/code.h"
#include "code/check_counts.h"
#include "code/listing_diff.h"
#include "cmd/cmd.h"
#include "data/point.h"
#include "lib/atomic_file.h"
#include "measure/working_set.h"
#include "report/format.h"

static const char help[] =
"Usage: pfbench codegen [OPTION...] ACCESSOR [GENERATION...]\n"
"       pfbench codegen --out=DIR [OPTION...]\n"
"       pfbench codegen --check=COUNTS --objects=DIR --arch=ARCH\n"
"\n"
"The instructions of one inlined use of an accessor: compiled with the kernel's\n"
"flags, disassembled by objdump, and walked through by QEMU. One GENERATION is\n"
"listed alone; of several, or all if none is named, each beside the first.\n"
"\n"
"      --arch=ARCH         x86-64, arm64, riscv64, ppc64le or s390x, whose\n"
"                          compiler is needed, not whose CPU; this machine's is\n"
"                          the default; all: a table for each\n"
"      --cc=NAME[,NAME]    compilers: gcc (the default), gcc-14, clang-19, or a\n"
"                          cross compiler's whole name\n"
"      --objects=DIR       take DIR/uses-*.o instead, as make has compiled them\n"
"      --usage=USAGE       value (the default), or condition: it decides a\n"
"                          branch, which leads past nothing\n"
"      --lowering=HOW      auto (the default), branch or select\n"
"      --table             counts instead of instructions\n"
"      --out=DIR           for programs, of all accessors: counts, into\n"
"                          DIR/code-ARCH/COMPILER.txt, and instructions, into\n"
"                          DIR/code-ARCH/COMPILER.listing.txt\n"
"      --check=COUNTS      is each count what the path through the loop has that\n"
"                          was counted? DIR/loops-*.o of --objects are walked\n"
"  -h, --help              this text\n"
"\n"
"The table has the bytes of the whole use and, of the fast path (a small page)\n"
"and the tail path (a tail), as fast/tail, how many instructions are executed,\n"
"and how many of them are loads, stores, conditional branches, selects (cmov,\n"
"csel, isel, locgr), barriers and atomics; an atomic is a load and a store too.\n"
"The return is left out. Nothing is measured here.\n"
"\n"
"Exit status: 0 all of it was shown; 1 some was skipped, which is said at the\n"
"end, or a count differs; 2 all of it was, or bad input; 130 interrupted.\n"
"\n"
"Environment: PFBENCH_SRCDIR, a directory with include/ and bench/target/use_stubs.c\n"
"\n"
"Example: pfbench codegen PageLocked plain v3.14-rmb --arch=x86-64\n"
"         pfbench codegen PageLocked --arch=all --cc=gcc,clang-19\n";

#define MAX_COMPILERS 16
#define MAX_SKIPPED 128
#define COLUMN 35		/* of two, one beside the other */

struct job {
	enum pf_accessor accessor;
	enum pf_generation gen[PF_NR_REPLICAS];
	size_t nr;
	enum code_usage usage;
	enum pf_lowering lowering;
	const struct code_arch *arch;	/* NULL: all */
	const char *cc[MAX_COMPILERS];
	size_t nr_cc;
	const char *objects, *out, *check;
	bool table;

	unsigned int shown;
	struct errmsg skipped[MAX_SKIPPED];
	size_t nr_skipped;
};

/* What is skipped is said at the end, each reason once. */
static void skip(struct job *job, const struct errmsg *msg)
{
	size_t i;

	for (i = 0; i < job->nr_skipped; i++)
		if (!strcmp(job->skipped[i].text, msg->text))
			return;
	if (i < MAX_SKIPPED)
		job->skipped[job->nr_skipped++] = *msg;
}

static struct code_use use_of(const struct job *job, size_t i)
{
	return (struct code_use){
		.accessor = job->accessor, .generation = job->gen[i],
		.lowering = job->lowering, .usage = job->usage,
	};
}

static const char *generation_name(const struct job *job, size_t i)
{
	return pf_generations[job->gen[i]].name;
}

/* Listings */

/* "mov    (%rdi),%rax": operands under each other, as objdump has them */
static void put_text(char *to, size_t size, const struct code_insn *insn)
{
	int n = strcspn(insn->text, " ");

	if (!strncmp(insn->text, "lock ", 5))
		n += 1 + strcspn(insn->text + n + 1, " ");
	if (!insn->text[n])
		snprintf(to, size, "%s", insn->text);
	else
		snprintf(to, size, "%-6.*s %s", n, insn->text,
			 insn->text + n + 1);
}

/* As objdump prints them: bytes, or one number. */
static void put_bytes(const struct code_arch *arch, char *to,
		      const struct code_insn *insn)
{
	bool number = !strcmp(arch->name, "arm64") ||
		!strcmp(arch->name, "riscv64");
	unsigned int i;

	*to = '\0';
	for (i = 0; i < insn->size; i++)
		to += sprintf(to, "%s%02x", i && !number ? " " : "",
			      insn->bytes[number ? insn->size - 1 - i : i]);
}

static void print_one(const struct code_arch *arch,
		      const struct code_listing *l)
{
	char bytes[3 * sizeof(l->insn->bytes) + 1], text[256];
	size_t i;
	int room = 0, n;

	for (i = 0; i < l->nr; i++) {
		put_bytes(arch, bytes, &l->insn[i]);
		n = strlen(bytes);
		room = n > room ? n : room;
	}
	for (i = 0; i < l->nr; i++) {
		put_bytes(arch, bytes, &l->insn[i]);
		put_text(text, sizeof(text), &l->insn[i]);
		text_line(stdout, "%4" PRIx64 ": %-*s  %s", l->insn[i].address,
			  room, bytes, text);
	}
}

/* One row of two columns; what is too wide goes on below. */
static void print_row(const struct code_insn *a, const struct code_insn *b)
{
	const struct code_insn *insn[2] = { a, b };
	char text[2][256] = { "", "" }, cell[2][COLUMN + 1];
	const char *at[2] = { text[0], text[1] };
	bool first = true;
	int i;

	for (i = 0; i < 2; i++)
		if (insn[i])
			put_text(text[i], sizeof(text[i]), insn[i]);
	do {
		for (i = 0; i < 2; i++) {
			*cell[i] = '\0';
			if (!*at[i])
				continue;
			if (first)
				snprintf(cell[i], sizeof(cell[i]),
					 "%4" PRIx64 ": %.*s",
					 insn[i]->address, COLUMN - 6, at[i]);
			else
				snprintf(cell[i], sizeof(cell[i]), "%6s%.*s",
					 "", COLUMN - 6, at[i]);
			at[i] += strnlen(at[i], COLUMN - 6);
		}
		text_line(stdout, "%-*s  %s", COLUMN, cell[0], cell[1]);
		first = false;
	} while (*at[0] || *at[1]);
}

static void print_mark(const char *above, const char *below)
{
	char line[256];

	snprintf(line, sizeof(line), "[instructions %s%s%s%s%s]",
		 above ? "above " : "", above ? above : "",
		 above && below ? "; those " : "", below ? "below " : "",
		 below ? below : "");
	printf("\n");
	text_wrapped(stdout, line, 1);
	if (below)
		printf("\n");
}

/* What the rows in between are, seen from the first one. */
static const char *change_of(const struct code_diff *d)
{
	bool only_a = false, only_b = false;
	size_t i;

	for (i = d->head; i < d->nr - d->tail; i++) {
		only_a |= d->row[i].b < 0;
		only_b |= d->row[i].a < 0;
	}
	if (only_a && only_b)
		return "changed";
	return only_a ? "left out" : "added";
}

/* As the mail of 5 August 2015 on linux-mm showed what had been added. */
static int print_two(const struct job *job, size_t other,
		     const struct code_listing *a, const struct code_listing *b)
{
	char same[64], changed[64];
	struct code_diff d;
	size_t i, end;

	if (code_diff(&d, a, b))
		return complain("codegen: out of memory");
	end = d.nr - d.tail;
	snprintf(same, sizeof(same), "same as %s", generation_name(job, 0));
	snprintf(changed, sizeof(changed), "%s by %s", change_of(&d),
		 generation_name(job, other));
	text_line(stdout, "%-*s  %s", COLUMN, generation_name(job, 0),
		  generation_name(job, other));
	for (i = 0; i < d.nr; i++) {
		if (i == d.head && d.head < end)
			print_mark(i ? same : NULL, changed);
		else if (i == end && d.head < end)
			print_mark(changed, same);
		print_row(d.row[i].a < 0 ? NULL : &a->insn[d.row[i].a],
			  d.row[i].b < 0 ? NULL : &b->insn[d.row[i].b]);
	}
	if (d.head == end)
		print_mark(same, NULL);
	else if (!d.tail)
		print_mark(changed, NULL);
	code_diff_free(&d);
	return 0;
}

static void print_header(const struct job *job, const struct code_arch *arch,
			 const struct code *code)
{
	static bool again;

	if (again)
		printf("\n");
	again = true;
	text_line(stdout, "%s, %s, lowering %s",
		  pf_accessors[job->accessor].name,
		  code_usage_name(job->usage), lowering_name(job->lowering));
	text_line(stdout, "%s, %s", arch->name, code_compiler(code));
}

static int show_listings(struct job *job, const struct code_arch *arch,
			 struct code *code)
{
	const struct code_listing *first = NULL, *l;
	struct code_use use;
	struct errmsg msg = { "" };
	size_t i;
	int ret = 0;

	for (i = 0; i < job->nr && !ret; i++) {
		use = use_of(job, i);
		l = code_listing(code, &use, &msg);
		if (!l) {
			skip(job, &msg);
			if (!i)
				break;
			continue;
		}
		job->shown++;
		if (!i)
			first = l;
		if (job->nr > 1 && !i)
			continue;
		print_header(job, arch, code);
		printf("\n");
		if (job->nr == 1) {
			text_line(stdout, "%s", generation_name(job, 0));
			print_one(arch, l);
		} else {
			ret = print_two(job, i, first, l);
		}
	}
	return ret;
}

/* The table */

/* "2/9"; "2/-" where no tail is taken */
static const char *pair(char *cell, size_t size, unsigned int fast,
			unsigned int tail, bool takes_tail)
{
	if (takes_tail)
		snprintf(cell, size, "%u/%u", fast, tail);
	else
		snprintf(cell, size, "%u/-", fast);
	return cell;
}

/* Count both paths; an error is kept for the end. */
static bool count_paths(struct job *job, struct code *code,
			const struct code_use *use, struct code_tally *fast,
			struct code_tally *tail)
{
	const struct code_path *path;
	struct errmsg msg = { "" };

	memset(tail, 0, sizeof(*tail));
	if (!code_path(code, use, CODE_SMALL, &path, &msg) &&
	    !code_tally(path, fast, &msg) &&
	    (!code_takes(use->accessor, CODE_TAIL) ||
	     (!code_path(code, use, CODE_TAIL, &path, &msg) &&
	      !code_tally(path, tail, &msg))))
		return true;
	skip(job, &msg);
	return false;
}

#define ROW "%-18s %5s %5s %5s %6s %6s %6s %7s %6s"

static void print_counts(struct job *job, struct code *code,
			 const struct code_use *use,
			 const struct code_listing *l)
{
	const char *name = pf_generations[use->generation].name;
	bool tail = code_takes(use->accessor, CODE_TAIL);
	char bytes[16], cell[7][16];
	struct code_tally f, t;

	snprintf(bytes, sizeof(bytes), "%u", code_bytes(l));
	job->shown++;
	if (!count_paths(job, code, use, &f, &t)) {
		text_line(stdout, ROW, name, bytes, "n/a", "n/a", "n/a", "n/a",
			  "n/a", "n/a", "n/a");
		return;
	}
#define PAIR(i, what) pair(cell[i], sizeof(cell[i]), f.what, t.what, tail)
	text_line(stdout, ROW, name, bytes, PAIR(0, insns), PAIR(1, loads),
		  PAIR(2, stores), PAIR(3, branches), PAIR(4, selects),
		  PAIR(5, barriers), PAIR(6, atomics));
#undef PAIR
}

static int show_table(struct job *job, const struct code_arch *arch,
		      struct code *code)
{
	const struct code_listing *l;
	unsigned long generations = 0;
	struct errmsg msg = { "" };
	struct code_use use;
	size_t i;

	for (i = 0; i < job->nr; i++)
		generations |= 1UL << job->gen[i];
	/* what fails will say so again below */
	code_prepare(code, generations, NULL);
	for (i = 0; i < job->nr; i++) {
		use = use_of(job, i);
		if (code_listing(code, &use, &msg))
			break;
		skip(job, &msg);
	}
	if (i == job->nr)
		return 0;
	print_header(job, arch, code);
	text_line(stdout, ROW, "", "bytes", "insns", "loads", "stores",
		  "branch", "select", "barrier", "atomic");
	for (i = 0; i < job->nr; i++) {
		use = use_of(job, i);
		l = code_listing(code, &use, &msg);
		if (l) {
			print_counts(job, code, &use, l);
			continue;
		}
		skip(job, &msg);
		text_line(stdout, ROW, generation_name(job, i), "n/a", "n/a",
			  "n/a", "n/a", "n/a", "n/a", "n/a", "n/a");
	}
	return 0;
}

/* Files for programs */

struct output {
	struct job *job;
	const struct code_arch *arch;
	struct code *code;
	/* write what there is of a use */
	void (*put)(FILE *f, const struct output *o, const struct code_use *use,
		    const struct code_listing *l);
	const char *columns;
};

static void put_counts(FILE *f, const struct output *o,
		       const struct code_use *use, const struct code_listing *l)
{
	static const char *const pages[CODE_NR_PAGES] = {
		"small", "head", "tail",
	};
	const struct code_path *path;
	struct code_tally n;
	struct errmsg msg = { "" };
	char name[CODE_USE_NAME_MAX];
	int page;

	code_use_name(use, name);
	for (page = 0; page < CODE_NR_PAGES; page++) {
		if (!code_takes(use->accessor, page))
			continue;
		fprintf(f, "%s %s %u", name, pages[page], code_bytes(l));
		if (!code_path(o->code, use, page, &path, &msg) &&
		    !code_tally(path, &n, &msg)) {
			fprintf(f, " %u %u %u %u %u %u %u\n", n.insns, n.loads,
				n.stores, n.branches, n.selects, n.barriers,
				n.atomics);
			continue;
		}
		skip(o->job, &msg);
		fprintf(f, " n/a n/a n/a n/a n/a n/a n/a\n");
	}
}

static void put_listing(FILE *f, const struct output *o,
			const struct code_use *use,
			const struct code_listing *l)
{
	char name[CODE_USE_NAME_MAX];
	size_t i;

	code_use_name(use, name);
	fprintf(f, "%s:", name);
	for (i = 0; i < l->nr; i++)
		fprintf(f, "%s %s", i ? ";" : "", l->insn[i].text);
	fprintf(f, "\n");
}

static void write_uses(FILE *f, const struct output *o, enum pf_accessor acc,
		       enum pf_generation gen)
{
	const struct code_listing *l;
	struct code_use use;
	int how, usage;

	for (how = 0; how < PF_NR_LOWERINGS; how++) {
		for (usage = 0; usage < CODE_NR_USAGES; usage++) {
			use = (struct code_use){ acc, gen, how, usage };
			l = code_use_exists(&use) ?
				code_listing(o->code, &use, NULL) : NULL;
			if (l)
				o->put(f, o, &use, l);
		}
	}
}

static int write_output(FILE *f, const void *arg)
{
	const struct output *o = arg;
	int acc, gen;

	fprintf(f, "# pfbench code 1\n# arch: %s\n# compiler: %s\n# %s\n",
		o->arch->name, code_compiler(o->code), o->columns);
	for (acc = 0; acc < PF_NR_ACCESSORS; acc++)
		for (gen = 0; gen < PF_NR_REPLICAS; gen++)
			if (pf_generations[gen].era != PF_ERA_SELFTEST)
				write_uses(f, o, acc, gen);
	return ferror(f) || cmd_interrupted;
}

/* "gcc-12", "clang-19": by what it says of itself */
static void compiler_id(const char *version, char *id, size_t size)
{
	const char *clang = strstr(version, "clang version ");
	const char *number = clang ? clang + strlen("clang version ") :
		strrchr(version, ' ');

	snprintf(id, size, "%s-%d", clang ? "clang" : "gcc",
		 number ? atoi(number + !clang) : 0);
}

static int write_files(struct job *job, const struct code_arch *arch,
		       struct code *code)
{
	struct output o = { .job = job, .arch = arch, .code = code };
	char path[PATH_MAX], id[32];
	struct errmsg msg = { "" };
	int ret;

	ret = code_prepare(code, (1UL << PF_NR_REPLICAS) - 1, &msg);
	if (ret) {
		skip(job, &msg);
		return 0;
	}
	compiler_id(code_compiler(code), id, sizeof(id));
	snprintf(path, sizeof(path), "%s/code-%s/%s.txt", job->out,
		 arch->debian, id);
	o.put = put_counts;
	o.columns = "use path bytes instructions loads stores branches selects barriers atomics";
	ret = write_file_atomic(path, write_output, &o, &msg);
	if (ret)
		return cmd_interrupted ? EXIT_INTERRUPTED :
			complain("codegen: %s", msg.text);
	puts(path);
	snprintf(path, sizeof(path), "%s/code-%s/%s.listing.txt", job->out,
		 arch->debian, id);
	o.put = put_listing;
	o.columns = "use: instruction; instruction; ...";
	ret = write_file_atomic(path, write_output, &o, &msg);
	if (ret)
		return cmd_interrupted ? EXIT_INTERRUPTED :
			complain("codegen: %s", msg.text);
	puts(path);
	job->shown++;
	return 0;
}

/* One architecture and compiler. */
/* Counts against the code that was counted. */
static int check_counts(const struct job *job)
{
	struct errmsg msg = { "" };
	struct code *code;
	struct result r;
	struct code_check check;
	int ret;

	if (result_load(job->check, &r, &msg))
		return complain("codegen: %s", msg.text);
	if (!code_arch_find(result_context(&r, "arch")) ||
	    code_arch_find(result_context(&r, "arch")) != job->arch) {
		complain("codegen: %s is of %s, not of %s", job->check,
			 result_context(&r, "arch"), job->arch->name);
		result_free(&r);
		return EXIT_BAD;
	}
	ret = code_open(&code, job->arch, NULL, job->objects, &cmd_interrupted,
			&msg);
	if (ret) {
		result_free(&r);
		return complain("codegen: %s", msg.text);
	}
	ret = code_check_counts(code, &r, working_set_exact_visits, &check,
				&msg);
	code_close(code);
	if (!ret)
		code_check_print(stdout, &check);
	if (cmd_interrupted)
		ret = EXIT_INTERRUPTED;
	else if (ret)
		ret = complain("codegen: %s", msg.text);
	else if (!check.checked)
		ret = complain("codegen: %s: nothing to check", job->check);
	else
		ret = check.nr ? EXIT_NO : EXIT_DONE;
	code_check_close(&check);
	result_free(&r);
	return ret;
}

static int show(struct job *job, const struct code_arch *arch, const char *cc)
{
	struct errmsg msg = { "" };
	struct code *code;
	int ret;

	if (code_open(&code, arch, cc, job->objects, &cmd_interrupted, &msg)) {
		skip(job, &msg);
		return 0;
	}
	if (job->out)
		ret = write_files(job, arch, code);
	else if (job->table)
		ret = show_table(job, arch, code);
	else
		ret = show_listings(job, arch, code);
	code_close(code);
	return ret;
}

static int show_all(struct job *job)
{
	unsigned int total = 0, shown = 0, before;
	const struct code_arch *arch = job->arch ? job->arch : code_archs;
	const struct code_arch *end = job->arch ? job->arch + 1 :
		code_archs + CODE_NR_ARCHS;
	size_t i;
	int ret;

	for (; arch < end; arch++) {
		for (i = 0; i < job->nr_cc; i++) {
			before = job->shown;
			ret = show(job, arch, job->cc[i]);
			if (cmd_interrupted)
				return EXIT_INTERRUPTED;
			if (ret)
				return ret;
			total++;
			shown += job->shown > before;
		}
	}
	if (!shown)
		return complain("codegen: %s%s", job->skipped[0].text,
				job->nr_skipped > 1 ? " (and more like it)" :
				"");
	if (total > 1 || job->nr_skipped)
		printf("\n%u of %u shown (architectures x compilers)%s\n",
		       shown, total, job->nr_skipped ? "; n/a or skipped:" : "");
	for (i = 0; i < job->nr_skipped; i++)
		text_wrapped(stdout, job->skipped[i].text, 2);
	if (fflush(stdout))
		return complain("codegen: writing failed");
	return job->nr_skipped ? EXIT_NO : EXIT_DONE;
}

/* "gcc,clang-19" */
static int parse_compilers(struct job *job, char *names)
{
	char *save, *name;

	for (name = strtok_r(names, ",", &save); name;
	     name = strtok_r(NULL, ",", &save)) {
		if (job->nr_cc == MAX_COMPILERS)
			return complain("codegen: --cc: more than %d compilers",
					MAX_COMPILERS);
		job->cc[job->nr_cc++] = name;
	}
	return job->nr_cc ? 0 : complain("codegen: --cc: which compiler?");
}

static int parse_generation(struct job *job, const char *name)
{
	char use_name[CODE_USE_NAME_MAX];
	struct code_use use;
	size_t i;

	for (i = 0; i < PF_NR_REPLICAS; i++)
		if (!strcmp(name, pf_generations[i].name))
			break;
	if (i == PF_NR_REPLICAS)
		return complain("codegen: no generation '%s' with code here (see 'pfbench list --all')",
				name);
	if (job->nr == PF_NR_REPLICAS)
		return complain("codegen: more generations than there are");
	job->gen[job->nr] = i;
	use = use_of(job, job->nr++);
	code_use_name(&use, use_name);
	return code_use_exists(&use) ? 0 :
		complain("codegen: %s: not in the catalog", use_name);
}

static int parse_generations(struct job *job, int nr, char **names)
{
	struct code_use use;
	int i, ret = 0;

	if (job->usage == CODE_CONDITION &&
	    !PF_IS_TEST(pf_accessors[job->accessor].kind))
		return complain("codegen: %s answers neither yes nor no: it is no --usage=condition",
				pf_accessors[job->accessor].name);
	if (nr && strcmp(names[0], "all")) {
		for (i = 0; i < nr && !ret; i++)
			ret = parse_generation(job, names[i]);
		return ret;
	}
	if (nr > 1)
		return complain("codegen: 'all' and '%s': which?", names[1]);
	for (i = 0; i < PF_NR_REPLICAS; i++) {
		if (pf_generations[i].era == PF_ERA_SELFTEST)
			continue;
		job->gen[job->nr] = i;
		use = use_of(job, job->nr);
		job->nr += code_use_exists(&use);
	}
	return job->nr ? 0 :
		complain("codegen: %s has no %s in any generation",
			 pf_accessors[job->accessor].name,
			 lowering_name(job->lowering));
}

static int parse_lowering(struct job *job, const char *name)
{
	int how;

	for (how = 0; how < PF_NR_LOWERINGS; how++) {
		if (!strcmp(name, lowering_name(how))) {
			job->lowering = how;
			return 0;
		}
	}
	return complain("codegen: no lowering '%s' (auto, branch, select)",
			name);
}

static int parse_usage(struct job *job, const char *name)
{
	return code_usage_find(name, &job->usage) ?
		complain("codegen: no usage '%s' (value, condition)", name) : 0;
}

static int parse_arch(struct job *job, const char *name)
{
	if (!strcmp(name, "all")) {
		job->arch = NULL;
		job->table = true;
		return 0;
	}
	job->arch = code_arch_find(name);
	return job->arch ? 0 :
		complain("codegen: no architecture '%s' (x86-64, arm64, riscv64, ppc64le, s390x, all)",
			 name);
}

static int parse_options(struct job *job, int argc, char **argv)
{
	static const struct option options[] = {
		{ "arch", required_argument, NULL, 'a' },
		{ "cc", required_argument, NULL, 'c' },
		{ "objects", required_argument, NULL, 'O' },
		{ "usage", required_argument, NULL, 'u' },
		{ "lowering", required_argument, NULL, 'l' },
		{ "table", no_argument, NULL, 't' },
		{ "out", required_argument, NULL, 'o' },
		{ "check", required_argument, NULL, 'C' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	bool arch = false;
	int c, ret = 0;

	opterr = 0;
	while (!ret && (c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (c) {
		case 'a':
			ret = parse_arch(job, optarg);
			arch = true;
			break;
		case 'c':
			ret = parse_compilers(job, optarg);
			break;
		case 'O':
			job->objects = optarg;
			break;
		case 'u':
			ret = parse_usage(job, optarg);
			break;
		case 'l':
			ret = parse_lowering(job, optarg);
			break;
		case 't':
			job->table = true;
			break;
		case 'o':
			job->out = optarg;
			break;
		case 'C':
			job->check = optarg;
			break;
		default:
			ret = complain_option(argc, argv, c);
		}
	}
	if (ret)
		return ret;
	if (job->objects && (job->nr_cc || (arch && !job->arch)))
		return complain("codegen: --objects: these are of one architecture and compiler: no --cc, no --arch=all");
	if (!arch)
		job->arch = code_arch_here();
	if (!arch && !job->arch)
		return complain("codegen: nothing is known of this machine's architecture: say --arch");
	return 0;
}

static int codegen_main(int argc, char **argv)
{
	struct job job = { .usage = CODE_VALUE };
	int ret;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	ret = parse_options(&job, argc, argv);
	if (ret)
		return ret;
	if (job.check && (!job.objects || job.out || optind < argc))
		return complain("codegen: --check is of all that was counted, against --objects=DIR");
	cmd_catch_signals();
	if (job.check)
		return check_counts(&job);
	if (job.out && optind < argc)
		return complain("codegen: --out is of all accessors: '%s'?",
				argv[optind]);
	if (!job.out && optind == argc)
		return complain("codegen: which accessor? (see 'pfbench codegen --help')");
	if (!job.out && point_parse_accessor(argv[optind], &job.accessor))
		return complain("codegen: no accessor '%s' (see 'pfbench list --all')",
				argv[optind]);
	if (!job.out)
		ret = parse_generations(&job, argc - optind - 1,
					argv + optind + 1);
	if (ret)
		return ret;
	if (!job.nr_cc)
		job.cc[job.nr_cc++] = NULL;
	return show_all(&job);
}

const struct cmd cmd_codegen = {
	"codegen", "what the accessors are compiled to", &(const struct argp){ 0 },
	codegen_main,
};
