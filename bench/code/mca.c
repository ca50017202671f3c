// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/mca.h"
#include "lib/subprocess.h"

#define LLVM 19			/* the first with all these CPU models */
/*
 * Numbers of repetitions, both past the start-up. Their difference is a
 * multiple of the small numbers of ports that instructions alternate between.
 */
#define FEW "360"
#define MANY "1080"

/*
 * The code around a path, in registers that a function without calls does not
 * use: the pointer into the list of pages and the zero of PF_LOOP_BODY().
 */
struct mca_frame {
	const char *triple;
	const char *disassemble;	/* options for all instructions */
	const char *page;		/* page = *at */
	const char *chain;		/* page = *at + (value & zero) */
	/*
	 * The same for a path of no instructions. On x86-64 the value has a
	 * register of its own: a path that returns the page has a move that
	 * inlined code does without, and the figure includes the move.
	 */
	const char *empty;
};

/*
 * In the order of code_archs[]. Except on x86-64, the page is passed in the
 * register in which the value is returned.
 */
static const struct mca_frame frames[CODE_NR_ARCHS] = {
	{ "x86_64", NULL,
	  "movq (%rbx), %rdi\n",
	  "andq %rbp, %rax\nmovq (%rbx), %rdi\naddq %rax, %rdi\n",
	  "andq %rbp, %rax\nmovq (%rbx), %rdi\naddq %rdi, %rax\n" },
	{ "aarch64", "-mattr=+all",
	  "ldr x0, [x19]\n",
	  "and x0, x0, x20\nldr x9, [x19]\nadd x0, x0, x9\n",
	  "and x0, x0, x20\nldr x9, [x19]\nadd x0, x0, x9\n" },
	{ "riscv64", "-mattr=+m,+a,+c,+zba,+zbb,+zbs,+zicond",
	  "ld a0, 0(s1)\n",
	  "and a0, a0, s2\nld t0, 0(s1)\nadd a0, a0, t0\n",
	  "and a0, a0, s2\nld t0, 0(s1)\nadd a0, a0, t0\n" },
	{ "powerpc64le", "-mcpu=pwr10",
	  "ld 3, 0(30)\n",
	  "and 3, 3, 31\nld 11, 0(30)\nadd 3, 3, 11\n",
	  "and 3, 3, 31\nld 11, 0(30)\nadd 3, 3, 11\n" },
	{ "s390x", "-mcpu=z16",
	  "lg %r2, 0(%r12)\n",
	  "ngr %r2, %r13\nlg %r1, 0(%r12)\nagr %r2, %r1\n",
	  "ngr %r2, %r13\nlg %r1, 0(%r12)\nagr %r2, %r1\n" },
};

static const struct mca_frame *frame_of(const struct code_arch *arch)
{
	return &frames[arch - code_archs];
}

int mca_version(const char *text, char *version, size_t size)
{
	const char *at = strstr(text, "LLVM version ");

	*version = '\0';
	if (!at)
		return 0;
	at += strlen("LLVM version ");
	snprintf(version, size, "%.*s", (int)strcspn(at, " \n"), at);
	return atoi(version);
}

int mca_open(struct mca *m, struct errmsg *msg)
{
	static const char *const ends[] = { "-19", "" };
	const char *const argv[] = { m->mca, "--version", NULL };
	char *text, found[96] = "";
	int version;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(m->mca, sizeof(m->mca), "llvm-mca%s", ends[i]);
		snprintf(m->mc, sizeof(m->mc), "llvm-mc%s", ends[i]);
		if (subprocess_run(argv, &text, NULL)) {
			free(text);
			continue;
		}
		version = mca_version(text, m->version, sizeof(m->version));
		free(text);
		if (version >= LLVM)
			return 0;
		snprintf(found, sizeof(found), ": %s is %s", m->mca,
			 *m->version ? m->version : "of an unknown version");
	}
	return errmsg_set(msg, -ENOENT,
		       "needs llvm-mca %d or later%s (Debian: apt install llvm-%d)",
		       LLVM, found, LLVM);
}

/* Run a program of LLVM on a file with the text @input. */
static int run_llvm(const char *const argv[], const char *input, char **out,
		    char **err, struct errmsg *msg)
{
	const char *full[16] = { NULL }, *tmp = getenv("TMPDIR");
	size_t size = strlen(input), n;
	char path[PATH_MAX];
	int fd, ret;

	*out = *err = NULL;
	snprintf(path, sizeof(path), "%s/pfbench-XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return errmsg_set(msg, -EINVAL, "%s: %s", path, strerror(errno));
	for (n = 0; argv[n]; n++)
		full[n] = argv[n];
	full[n] = path;
	if (write(fd, input, size) != (ssize_t)size)
		ret = errmsg_set(msg, -EIO, "%s: could not be written (TMPDIR names the directory)",
				 path);
	else if ((ret = subprocess_run(full, out, err)) < 0)
		errmsg_set(msg, ret, "%s: %s", argv[0], strerror(-ret));
	else if (ret)
		ret = errmsg_set(msg, -EINVAL, "%s failed: %.*s", argv[0],
			      (int)strcspn(*err, "\n"), *err);
	close(fd);
	unlink(path);
	return ret;
}

/* The bytes of all instructions, one per line, as llvm-mc reads them. */
static char *hex_lines(const struct mca_path *paths, size_t nr)
{
	const struct code_insn *insn;
	char *text = NULL;
	size_t size, i, k;
	unsigned int b;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	for (i = 0; i < nr; i++) {
		for (k = 0; k < paths[i].nr; k++) {
			insn = paths[i].insn[k];
			for (b = 0; b < insn->size; b++)
				fprintf(f, "0x%02x ", insn->bytes[b]);
			fputc('\n', f);
		}
	}
	return fclose(f) ? NULL : text;
}

/* Is there a "FILE:LINE:COLUMN: warning: invalid ..." for this line? */
static bool is_invalid(const char *err, size_t line)
{
	char at[64];

	snprintf(at, sizeof(at), ":%zu:1: warning: invalid", line);
	return strstr(err, at);
}

/* Copy a line without its first tab, with a blank for the second. */
static char *copy_line(const char *line)
{
	char *text = strdup(line + (*line == '\t')), *tab;

	tab = text ? strchr(text, '\t') : NULL;
	if (tab)
		*tab = ' ';
	return text;
}

/* llvm-mc prints a line per instruction, in order; none for invalid ones. */
static int take_lines(char *out, const char *err, struct mca_path *paths,
		      size_t nr, struct errmsg *msg)
{
	size_t i, k, line = 0;
	char *save, *text;

	/* "<tab>.text" */
	text = strtok_r(out, "\n", &save);
	for (i = 0; i < nr; i++) {
		for (k = 0; k < paths[i].nr; k++) {
			const struct code_insn *insn = paths[i].insn[k];

			if (is_invalid(err, ++line)) {
				snprintf(paths[i].lacks,
					 sizeof(paths[i].lacks), "%s",
					 insn->text);
				paths[i].text[k] = strdup("");
			} else {
				text = strtok_r(NULL, "\n", &save);
				if (!text)
					return errmsg_set(msg, -EINVAL,
						       "llvm-mc: too few lines at '%s'",
						       insn->text);
				paths[i].text[k] = copy_line(text);
			}
			if (!paths[i].text[k])
				return errmsg_set(msg, -ENOMEM, "out of memory");
		}
	}
	return strtok_r(NULL, "\n", &save) ?
		errmsg_set(msg, -EINVAL, "llvm-mc: more lines than instructions") :
		0;
}

int mca_paths_open(const struct mca *m, const struct code_arch *arch,
		   struct mca_path *paths, size_t nr, struct errmsg *msg)
{
	const struct mca_frame *frame = frame_of(arch);
	const char *const argv[] = { m->mc, "--disassemble", "--triple",
				     frame->triple, frame->disassemble, NULL };
	char *hex, *out, *err;
	size_t i;
	int ret;

	for (i = 0; i < nr; i++) {
		paths[i].text = calloc(paths[i].nr + 1,
				       sizeof(*paths[i].text));
		if (!paths[i].text)
			return errmsg_set(msg, -ENOMEM, "out of memory");
	}
	hex = hex_lines(paths, nr);
	if (!hex)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = run_llvm(argv, hex, &out, &err, msg);
	if (!ret)
		ret = take_lines(out, err, paths, nr, msg);
	free(hex);
	free(out);
	free(err);
	return ret;
}

void mca_paths_close(struct mca_path *paths, size_t nr)
{
	size_t i, k;

	for (i = 0; i < nr; i++) {
		for (k = 0; paths[i].text && k < paths[i].nr; k++)
			free(paths[i].text[k]);
		free(paths[i].text);
		paths[i].text = NULL;
	}
}

static void put_region(FILE *f, const char *name, const char *before,
		       const struct mca_path *p)
{
	size_t k;

	/* on arm64 '#' begins a comment only at the start of a line */
	fprintf(f, "# LLVM-MCA-BEGIN %s\n%s", name, before);
	for (k = 0; p && k < p->nr; k++)
		fprintf(f, "%s\n", p->text[k]);
	fprintf(f, "# LLVM-MCA-END %s\n", name);
}

char *mca_input(const struct code_arch *arch, const struct mca_path *paths,
		size_t nr)
{
	const struct mca_frame *frame = frame_of(arch);
	char *text = NULL, name[32];
	size_t size, i;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	put_region(f, "t", frame->page, NULL);
	put_region(f, "l", frame->empty, NULL);
	for (i = 0; i < nr; i++) {
		if (*paths[i].lacks)
			continue;
		snprintf(name, sizeof(name), "t%zu", i);
		put_region(f, name, frame->page, &paths[i]);
		snprintf(name, sizeof(name), "l%zu", i);
		put_region(f, name, frame->chain, &paths[i]);
	}
	return fclose(f) ? NULL : text;
}

static const json_t *find_region(const json_t *root, const char *name)
{
	const json_t *regions = json_object_get(root, "CodeRegions"), *r;
	const char *is;
	size_t i;

	for (i = 0; i < json_array_size(regions); i++) {
		r = json_array_get(regions, i);
		is = json_string_value(json_object_get(r, "Name"));
		if (is && !strcmp(is, name))
			return r;
	}
	return NULL;
}

static double summary_number(const json_t *region, const char *key)
{
	const json_t *v = json_object_get(region, "SummaryView");

	v = json_object_get(v, key);
	return json_is_number(v) ? json_number_value(v) : NAN;
}

/* Cycles per repetition in the steady state; NaN if there is no figure. */
static double cycles_per_use(const json_t *few, const json_t *many,
			     const char *name)
{
	const json_t *a = find_region(few, name), *b = find_region(many, name);

	return (summary_number(b, "TotalCycles") - summary_number(a, "TotalCycles")) /
		(summary_number(b, "Iterations") - summary_number(a, "Iterations"));
}

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/*
 * The first instruction that llvm-mca left out of a region because the CPU has
 * no such instruction or its model no figures for it; NULL: there is none.
 */
static const char *first_left_out(const json_t *region, const char *before,
				  const struct mca_path *p)
{
	const json_t *list = json_object_get(region, "Instructions");
	size_t at = count_lines(before), k, n;
	const char *is;

	if (json_array_size(list) == at + p->nr)
		return NULL;
	for (k = 0; k < p->nr; k++, at++) {
		is = json_string_value(json_array_get(list, at));
		n = strcspn(p->text[k], " \t");
		if (!is || strncmp(is, p->text[k], n) ||
		    n != strcspn(is, " \t"))
			return p->text[k];
	}
	return "an instruction that the path does not have";
}

int mca_read(const json_t *few, const json_t *many,
	     const struct code_arch *arch, const struct mca_path *paths,
	     size_t nr, struct mca_cycles *figure, struct errmsg *msg)
{
	const struct mca_frame *frame = frame_of(arch);
	double page = cycles_per_use(few, many, "t");
	double chain = cycles_per_use(few, many, "l");
	const struct mca_path none = { .nr = 0 };
	const char *lacks;
	char name[32];
	size_t i;

	if (isnan(page) || isnan(chain) ||
	    first_left_out(find_region(few, "t"), frame->page, &none) ||
	    first_left_out(find_region(few, "l"), frame->empty, &none))
		return errmsg_set(msg, -EINVAL,
			       "llvm-mca: no figures for a load and an add");
	for (i = 0; i < nr; i++) {
		const struct mca_path *p = &paths[i];
		struct mca_cycles *f = &figure[i];

		snprintf(name, sizeof(name), "t%zu", i);
		lacks = *p->lacks ? p->lacks :
			first_left_out(find_region(few, name), frame->page, p);
		snprintf(f->lacks, sizeof(f->lacks), "%s", lacks ? lacks : "");
		f->throughput = f->latency = NAN;
		if (lacks)
			continue;
		f->throughput = cycles_per_use(few, many, name) - page;
		snprintf(name, sizeof(name), "l%zu", i);
		f->latency = cycles_per_use(few, many, name) - chain;
	}
	return 0;
}

/* Run llvm-mca for @iterations repetitions; NULL with a line in @msg. */
static json_t *run_mca(const struct mca *m, const struct code_arch *arch,
		       const struct mca_cpu *cpu, const char *iterations,
		       const char *input, struct errmsg *msg)
{
	/* an unknown instruction must not stop the others */
	const char *const argv[] = {
		m->mca, "--mtriple", frame_of(arch)->triple, "--mcpu",
		cpu->name, "--json", "--all-views=0", "--summary-view",
		"--skip-unsupported-instructions=any", "--iterations",
		iterations, NULL
	};
	char *out, *err;
	json_t *root = NULL;

	if (!run_llvm(argv, input, &out, &err, msg)) {
		/* llvm-mca 19 numbers units of one kind by a byte, from 0 on */
		root = json_loads(out, JSON_ALLOW_NUL, NULL);
		if (!root)
			errmsg_set(msg, -EINVAL, "%s: its output is not JSON",
				m->mca);
	}
	free(out);
	free(err);
	return root;
}

int mca_run(const struct mca *m, const struct code_arch *arch,
	    const struct mca_cpu *cpu, const struct mca_path *paths,
	    size_t nr, struct mca_cycles *figure, struct errmsg *msg)
{
	char *input = mca_input(arch, paths, nr);
	json_t *few = NULL, *many = NULL;
	int ret = -EINVAL;

	if (!input)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	few = run_mca(m, arch, cpu, FEW, input, msg);
	if (few)
		many = run_mca(m, arch, cpu, MANY, input, msg);
	if (many)
		ret = mca_read(few, many, arch, paths, nr, figure, msg);
	json_decref(few);
	json_decref(many);
	free(input);
	return ret;
}
