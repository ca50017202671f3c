// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/subprocess.h"
#include "code/mca.h"

#define LLVM 19			/* the first that models what we list */
/*
 * Both past the start-up; the difference can be divided by all that ports are
 * taken in turns by.
 */
#define FEW "360"
#define MANY "1080"

/*
 * The CPU models. Names and borrowers: llvm-mca 19 -mcpu=help and the resources
 * that it prints. cpu_model: the numbers that vendors give a generation (of
 * Xeon x3xxH is another one, Cooper Lake), the names in bench/machine/environment.c,
 * and for s390x machine types, in the kernel's arch/s390/kernel/processor.c.
 */
static const struct mca_cpu x86_64[] = {
	{ "skylake-avx512", "SKX", "cascadelake cooperlake",
	  "Xeon\\(R\\) (Platinum 8[12]|Gold [56][12]|Silver 4[12]|"
	  "Bronze 3[12])[0-9]{2}" },
	{ "icelake-server", "ICX", "",
	  "Xeon\\(R\\) (Platinum 8|Gold [56]|Silver 4)"
	  "3[0-9]{2}([A-GI-Z]| |$)" },
	{ "sapphirerapids", "SPR", "emeraldrapids graniterapids",
	  "Xeon\\(R\\) (Platinum 8|Gold [56]|Silver 4|Bronze 3)4[0-9]{2}" },
	{ "znver1", "Zen1", "", "AMD EPYC 7[0-9A-Z]{2}1[A-Z]?( |$)" },
	{ "znver2", "Zen2", "", "AMD EPYC 7[0-9A-Z]{2}2[A-Z]?( |$)" },
	{ "znver3", "Zen3", "", "AMD EPYC 7[0-9A-Z]{2}3[A-Z]?( |$)" },
	{ "znver4", "Zen4", "znver5",
	  "AMD EPYC [489][0-9A-Z]{2}4[A-Z]?( |$)" },
};

static const struct mca_cpu arm64[] = {
	{ "cortex-a55", "A55", "", "^Cortex-A55 " },
	{ "cortex-a57", "A57",
	  "cortex-a72 cortex-a73 cortex-a75 cortex-a76 cortex-a77 "
	  "cortex-a78 cortex-x1",
	  "^Cortex-A57 " },
	{ "cortex-a510", "A510", "cortex-a520", "^Cortex-A510 " },
	{ "neoverse-n1", "N1", "", "^Neoverse-N1 " },
	{ "neoverse-n2", "N2",
	  "neoverse-n3 cortex-a710 cortex-a715 cortex-a720 cortex-x2 "
	  "cortex-x3 cortex-x4",
	  "^Neoverse-N2 " },
	{ "neoverse-v1", "V1", "neoverse-512tvb", "^Neoverse-V1 " },
	{ "neoverse-v2", "V2", "neoverse-v3", "^Neoverse-V2 " },
};

static const struct mca_cpu riscv64[] = {
	{ "sifive-u74", "U74", "sifive-s76 sifive-x280", "^sifive,u74" },
	{ "sifive-p450", "P450", "", NULL },
	{ "sifive-p670", "P670", "", NULL },
};

static const struct mca_cpu ppc64le[] = {
	{ "pwr8", "P8", "", "^POWER8" },
	{ "pwr9", "P9", "", "^POWER9" },
	{ "pwr10", "P10", "pwr11", "^POWER10" },
};

static const struct mca_cpu s390x[] = {
	{ "z13", "z13", "", "machine = 296[45]" },
	{ "z14", "z14", "", "machine = 390[67]" },
	{ "z15", "z15", "", "machine = 856[12]" },
	{ "z16", "z16", "", "machine = 393[12]" },
};

/*
 * What stands around a path, in registers that a function without calls has no
 * use for: the pointer into the list of pages and the zero of PF_LOOP_BODY().
 */
struct surroundings {
	const struct mca_cpu *cpu;
	size_t nr_cpus;
	const char *triple;
	const char *disassemble;	/* options, to know every instruction */
	const char *page;		/* page = *at */
	const char *chain;		/* page = *at + (value & zero) */
	/*
	 * The same for a path of no instructions. On x86-64, where the value is
	 * in a register of its own, a path that hands the page back has a move
	 * that an inlined use can do without: it is in the figure.
	 */
	const char *empty;
};

#define CPUS(cpus) cpus, sizeof(cpus) / sizeof(*(cpus))

/* In the order of code_archs[]. Else than on x86-64, the page comes in the
   register that the value is returned in. */
static const struct surroundings around[CODE_NR_ARCHS] = {
	{ CPUS(x86_64), "x86_64", NULL,
	  "movq (%rbx), %rdi\n",
	  "andq %rbp, %rax\nmovq (%rbx), %rdi\naddq %rax, %rdi\n",
	  "andq %rbp, %rax\nmovq (%rbx), %rdi\naddq %rdi, %rax\n" },
	{ CPUS(arm64), "aarch64", "-mattr=+all",
	  "ldr x0, [x19]\n",
	  "and x0, x0, x20\nldr x9, [x19]\nadd x0, x0, x9\n",
	  "and x0, x0, x20\nldr x9, [x19]\nadd x0, x0, x9\n" },
	{ CPUS(riscv64), "riscv64", "-mattr=+m,+a,+c,+zba,+zbb,+zbs,+zicond",
	  "ld a0, 0(s1)\n",
	  "and a0, a0, s2\nld t0, 0(s1)\nadd a0, a0, t0\n",
	  "and a0, a0, s2\nld t0, 0(s1)\nadd a0, a0, t0\n" },
	{ CPUS(ppc64le), "powerpc64le", "-mcpu=pwr10",
	  "ld 3, 0(30)\n",
	  "and 3, 3, 31\nld 11, 0(30)\nadd 3, 3, 11\n",
	  "and 3, 3, 31\nld 11, 0(30)\nadd 3, 3, 11\n" },
	{ CPUS(s390x), "s390x", "-mcpu=z16",
	  "lg %r2, 0(%r12)\n",
	  "ngr %r2, %r13\nlg %r1, 0(%r12)\nagr %r2, %r1\n",
	  "ngr %r2, %r13\nlg %r1, 0(%r12)\nagr %r2, %r1\n" },
};

static const struct surroundings *around_of(const struct code_arch *arch)
{
	return &around[arch - code_archs];
}

const struct mca_cpu *mca_cpus(const struct code_arch *arch, size_t *nr)
{
	*nr = around_of(arch)->nr_cpus;
	return around_of(arch)->cpu;
}

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (; *words; words += strcspn(words, " "), words += *words == ' ')
		if (strcspn(words, " ") == n && !strncmp(words, word, n))
			return true;
	return false;
}

const struct mca_cpu *mca_cpu_find(const struct code_arch *arch,
				       const char *name)
{
	size_t nr, i;
	const struct mca_cpu *cpu = mca_cpus(arch, &nr);

	for (i = 0; i < nr; i++)
		if (!strcmp(cpu[i].name, name) || has_word(cpu[i].others, name))
			return &cpu[i];
	return NULL;
}

const struct mca_cpu *mca_cpu_by_name(const struct code_arch *arch,
				       const char *cpu_model)
{
	size_t nr, i;
	const struct mca_cpu *cpu = mca_cpus(arch, &nr);
	bool is = false;
	regex_t regex;

	for (i = 0; i < nr && !is; i++) {
		if (!cpu[i].told ||
		    regcomp(&regex, cpu[i].told, REG_EXTENDED | REG_NOSUB))
			continue;
		is = !regexec(&regex, cpu_model, 0, NULL, 0);
		regfree(&regex);
	}
	return is ? &cpu[i - 1] : NULL;
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
			 *m->version ? m->version : "of no known version");
	}
	return errmsg_set(msg, -ENOENT,
		       "needs llvm-mca %d or later%s (Debian: apt install llvm-%d)",
		       LLVM, found, LLVM);
}

/* Run a program of LLVM's on a file that holds @input. */
static int run_on(const char *const argv[], const char *input, char **out,
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
		ret = errmsg_set(msg, -EIO, "%s: cannot be written", path);
	else if ((ret = subprocess_run(full, out, err)) < 0)
		errmsg_set(msg, ret, "%s: %s", argv[0], strerror(-ret));
	else if (ret)
		ret = errmsg_set(msg, -EINVAL, "%s failed: %.*s", argv[0],
			      (int)strcspn(*err, "\n"), *err);
	close(fd);
	unlink(path);
	return ret;
}

/* The bytes of all instructions, one a line, as llvm-mc reads them. */
static char *hex_of(const struct mca_path *paths, size_t nr)
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

/* Does a "FILE:LINE:COLUMN: warning: invalid ..." speak of this line? */
static bool is_invalid(const char *err, size_t line)
{
	char at[64];

	snprintf(at, sizeof(at), ":%zu:1: warning: invalid", line);
	return strstr(err, at);
}

/* Without the tab before it, and with a blank for the one in it. */
static char *plain(const char *line)
{
	char *text = strdup(line + (*line == '\t')), *tab;

	tab = text ? strchr(text, '\t') : NULL;
	if (tab)
		*tab = ' ';
	return text;
}

/* A line of llvm-mc's for each instruction, in order, but for the invalid. */
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
				paths[i].text[k] = plain(text);
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
	const struct surroundings *a = around_of(arch);
	const char *const argv[] = { m->mc, "--disassemble", "--triple",
				     a->triple, a->disassemble, NULL };
	char *hex, *out, *err;
	size_t i;
	int ret;

	for (i = 0; i < nr; i++) {
		paths[i].text = calloc(paths[i].nr + 1,
				       sizeof(*paths[i].text));
		if (!paths[i].text)
			return errmsg_set(msg, -ENOMEM, "out of memory");
	}
	hex = hex_of(paths, nr);
	if (!hex)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = run_on(argv, hex, &out, &err, msg);
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

	/* '#' begins a comment in none but this place on arm64 */
	fprintf(f, "# LLVM-MCA-BEGIN %s\n%s", name, before);
	for (k = 0; p && k < p->nr; k++)
		fprintf(f, "%s\n", p->text[k]);
	fprintf(f, "# LLVM-MCA-END %s\n", name);
}

char *mca_input(const struct code_arch *arch, const struct mca_path *paths,
		  size_t nr)
{
	const struct surroundings *a = around_of(arch);
	char *text = NULL, name[32];
	size_t size, i;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	put_region(f, "t", a->page, NULL);
	put_region(f, "l", a->empty, NULL);
	for (i = 0; i < nr; i++) {
		if (*paths[i].lacks)
			continue;
		snprintf(name, sizeof(name), "t%zu", i);
		put_region(f, name, a->page, &paths[i]);
		snprintf(name, sizeof(name), "l%zu", i);
		put_region(f, name, a->chain, &paths[i]);
	}
	return fclose(f) ? NULL : text;
}

static const json_t *region(const json_t *root, const char *name)
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

static double summary(const json_t *region, const char *key)
{
	const json_t *v = json_object_get(region, "SummaryView");

	v = json_object_get(v, key);
	return json_is_number(v) ? json_number_value(v) : NAN;
}

/* Cycles a repetition in the steady state; NaN if it is not there. */
static double slope(const json_t *few, const json_t *many, const char *name)
{
	const json_t *a = region(few, name), *b = region(many, name);

	return (summary(b, "TotalCycles") - summary(a, "TotalCycles")) /
		(summary(b, "Iterations") - summary(a, "Iterations"));
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/*
 * What llvm-mca left out of a region because this CPU has no such instruction
 * or the model no figures for it: the first whose mnemonic is not there.
 */
static const char *left_out(const json_t *region, const char *before,
			    const struct mca_path *p)
{
	const json_t *list = json_object_get(region, "Instructions");
	size_t at = lines_of(before), k, n;
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
	return "what was not asked for";
}

int mca_read(const json_t *few, const json_t *many,
	       const struct code_arch *arch, const struct mca_path *paths,
	       size_t nr, struct mca_cycles *figure, struct errmsg *msg)
{
	const struct surroundings *a = around_of(arch);
	double page = slope(few, many, "t"), chain = slope(few, many, "l");
	const struct mca_path none = { .nr = 0 };
	const char *lacks;
	char name[32];
	size_t i;

	if (isnan(page) || isnan(chain) ||
	    left_out(region(few, "t"), a->page, &none) ||
	    left_out(region(few, "l"), a->empty, &none))
		return errmsg_set(msg, -EINVAL,
			       "llvm-mca: no figures for a load and an add");
	for (i = 0; i < nr; i++) {
		const struct mca_path *p = &paths[i];
		struct mca_cycles *f = &figure[i];

		snprintf(name, sizeof(name), "t%zu", i);
		lacks = *p->lacks ? p->lacks :
			left_out(region(few, name), a->page, p);
		snprintf(f->lacks, sizeof(f->lacks), "%s", lacks ? lacks : "");
		f->throughput = f->latency = NAN;
		if (lacks)
			continue;
		f->throughput = slope(few, many, name) - page;
		snprintf(name, sizeof(name), "l%zu", i);
		f->latency = slope(few, many, name) - chain;
	}
	return 0;
}

/* llvm-mca's JSON for so many repetitions; NULL with a line in @msg. */
static json_t *predict(const struct mca *m, const struct code_arch *arch,
		       const struct mca_cpu *cpu, const char *iterations,
		       const char *input, struct errmsg *msg)
{
	/* one instruction that is not known must not stop all others */
	const char *const argv[] = {
		m->mca, "--mtriple", around_of(arch)->triple, "--mcpu",
		cpu->name, "--json", "--all-views=0", "--summary-view",
		"--skip-unsupported-instructions=any", "--iterations",
		iterations, NULL
	};
	char *out, *err;
	json_t *root = NULL;

	if (!run_on(argv, input, &out, &err, msg)) {
		/* llvm-mca 19 numbers units of one kind by a byte, from NUL */
		root = json_loads(out, JSON_ALLOW_NUL, NULL);
		if (!root)
			errmsg_set(msg, -EINVAL, "%s: its output is no JSON",
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
	few = predict(m, arch, cpu, FEW, input, msg);
	if (few)
		many = predict(m, arch, cpu, MANY, input, msg);
	if (many)
		ret = mca_read(few, many, arch, paths, nr, figure, msg);
	json_decref(few);
	json_decref(many);
	free(input);
	return ret;
}
