// SPDX-License-Identifier: GPL-2.0
/*
 * Compiled code: what objdump prints, read and classified, against listings
 * that a person has read; what two listings have in common.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "code/listing_diff.h"
#include "code/internal.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))

static const struct {
	const char *name;
	unsigned int class;
} classes[] = {
	{ "load", CODE_LOAD }, { "store", CODE_STORE },
	{ "branch", CODE_BRANCH }, { "jump", CODE_JUMP },
	{ "select", CODE_SELECT }, { "barrier", CODE_BARRIER },
	{ "atomic", CODE_ATOMIC }, { "return", CODE_RETURN },
	{ "nop", CODE_NOP }, { "unknown", CODE_UNKNOWN }, { "-", 0 },
};

/* The words before the bar, "branch 1c"; @target is -1 without a target. */
static unsigned int parse_classes(const char *class_names, long *target)
{
	char copy[64], *save, *word;
	unsigned int all = 0;
	size_t i;

	*target = -1;
	snprintf(copy, sizeof(copy), "%s", class_names);
	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		for (i = 0; i < LEN(classes); i++)
			if (!strcmp(word, classes[i].name))
				break;
		if (i < LEN(classes)) {
			all |= classes[i].class;
			continue;
		}
		*target = strtol(word, &word, 16);
		if (*word)
			fail_msg("'%s': unknown class", class_names);
	}
	return all;
}

struct fixture {
	const struct code_arch *arch;
	char text[65536];		/* as objdump wrote it */
	char class_names[256][64];		/* of the instructions that are kept */
	size_t nr, extra;
};

static void read_line(struct fixture *f, char *line)
{
	unsigned int want, got;
	char *at, *end, *class_names = line;
	long target;

	line[strcspn(line, "\n")] = '\0';
	at = line + 18;
	if (*line == '#' || strlen(line) < 19)
		return;
	for (end = at; end > line && end[-1] == ' ';)
		end--;
	if (*at == '|') {
		snprintf(f->text + strlen(f->text),
			 sizeof(f->text) - strlen(f->text), "%s\n",
			 at + 1 + (at[1] == ' '));
		*end = '\0';
		if (*class_names && strcmp(class_names, "padding") &&
		    strcmp(class_names, "beyond")) {
			assert_true(f->nr < LEN(f->class_names));
			strcpy(f->class_names[f->nr++], class_names);
		}
		return;
	}
	assert_int_equal(*at, '=');
	*end = '\0';
	want = parse_classes(class_names, &target);
	got = code_classify(f->arch, at + 2);
	if (got != want)
		fail_msg("%s: '%s' must be '%s', not %#x", f->arch->name,
			 at + 2, class_names, got);
	f->extra++;
}

static void read_fixture(struct fixture *f, const struct code_arch *arch)
{
	char path[64], line[512];
	FILE *file;

	memset(f, 0, sizeof(*f));
	f->arch = arch;
	snprintf(path, sizeof(path), "tests/listings/%s.txt", arch->name);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		read_line(f, line);
	fclose(file);
}

/* In the order of addresses, as the fixture has them. */
static void check_listing(const struct fixture *f, const char *name,
			  const struct code_listing *l, size_t *at)
{
	unsigned int want;
	long target;
	size_t i;

	for (i = 0; i < l->nr; i++) {
		const struct code_insn *insn = &l->insn[i];

		assert_true(*at < f->nr);
		want = parse_classes(f->class_names[*at], &target);
		if (insn->classes != want)
			fail_msg("%s, %s: '%s' must be '%s', not %#x",
				 f->arch->name, name, insn->text, f->class_names[*at],
				 insn->classes);
		if ((target < 0) != (insn->target < 0) ||
		    (target >= 0 && l->insn[insn->target].address !=
		     (uint64_t)target))
			fail_msg("%s, %s: '%s' leads to %#lx", f->arch->name,
				 name, insn->text, target);
		(*at)++;
	}
}

static void listings(void **state)
{
	static struct fixture f;
	struct code_object o;
	struct errmsg msg = { "" };
	size_t i, k, at;

	(void)state;
	for (i = 0; i < CODE_NR_ARCHS; i++) {
		read_fixture(&f, &code_archs[i]);
		assert_true(f.nr > 40);
		assert_true(f.extra > 10);
		if (code_object_parse(&o, f.arch, f.text, &msg))
			fail_msg("%s: %s", f.arch->name, msg.text);
		assert_true(o.nr >= 6);
		for (k = 0, at = 0; k < o.nr; k++) {
			assert_true(o.listing[k].nr > 1);
			check_listing(&f, o.symbol[k].name, &o.listing[k], &at);
		}
		assert_int_equal(at, f.nr);
		code_object_free(&o);
	}
}

static const struct code_listing *listing_of(const struct code_object *o,
					     const char *name)
{
	const struct code_symbol *s = code_object_symbol(o, name);

	assert_non_null(s);
	return &o->listing[s - o->symbol];
}

/* Bytes and text in the forms that objdump prints. */
static void texts(void **state)
{
	static const struct {
		const char *arch, *function;
		size_t insn;
		const char *text;
		unsigned int size;
		unsigned char bytes[8];
	} want[] = {
		{ "x86-64", "pf_use_PageLocked_v4_4_word_BRANCH", 2, "jne 10",
		  2, { 0x75, 0x08 } },
		{ "arm64", "pf_use_PageUptodate_v4_4_word_AUTO", 7, "b.eq 24",
		  4, { 0x40, 0x00, 0x00, 0x54 } },
		{ "arm64", "pf_use_PageLocked_v4_4_word_BRANCH", 1,
		  "tbnz w1, #0, 14", 4, { 0x81, 0x00, 0x00, 0x37 } },
		{ "riscv64", "pf_use_PageLocked_v4_4_word_BRANCH", 2,
		  "bnez a4,e", 2, { 0x01, 0xe7 } },
		{ "ppc64le", "pf_use_SetPageDirty_v4_4_word_BRANCH", 6, "bne c",
		  4, { 0xf4, 0xff, 0x82, 0x40 } },
		{ "s390x", "pf_use_trylock_page_v4_4_word_AUTO", 5, "je 22", 4,
		  { 0xa7, 0x84, 0x00, 0x05 } },
	};
	static struct fixture f;
	struct code_object o;
	struct errmsg msg = { "" };
	size_t i;

	(void)state;
	for (i = 0; i < LEN(want); i++) {
		const struct code_insn *insn;

		read_fixture(&f, code_arch_find(want[i].arch));
		assert_int_equal(code_object_parse(&o, f.arch, f.text, &msg),
				 0);
		insn = &listing_of(&o, want[i].function)->insn[want[i].insn];
		assert_string_equal(insn->text, want[i].text);
		assert_int_equal(insn->size, want[i].size);
		assert_memory_equal(insn->bytes, want[i].bytes, insn->size);
		code_object_free(&o);
	}
}

static void refused(void **state)
{
	char other[] = "x.o:     file format elf64-littleaarch64\n";
	char elsewhere[] =
		"x.o:     file format elf64-x86-64\n\nSYMBOL TABLE:\n"
		"0000000000000000 l     F .text\t0000000000000003 pf_use_x\n\n"
		"Disassembly of section .text:\n\n"
		"0000000000000000 <pf_use_x>:\n"
		"   0:\t75 10                \tjne    12 <pf_use_y>\n"
		"   2:\tc3                   \tret\n";
	const struct code_arch *x86 = code_arch_find("x86-64");
	struct code_object o;
	struct errmsg msg = { "" };

	(void)state;
	assert_int_equal(code_object_parse(&o, x86, other, &msg), -EINVAL);
	assert_string_equal(msg.text, "not an object for x86-64");
	code_object_free(&o);
	assert_int_equal(code_object_parse(&o, x86, elsewhere, &msg), -EINVAL);
	assert_string_equal(msg.text, "pf_use_x: the target of jne 12 is outside");
	code_object_free(&o);
}

/* A listing of the instructions of @text, which ends with NULL. */
static struct code_listing make(const char *arch, const char *const *text)
{
	static struct code_insn room[4][32];
	static unsigned int next;
	struct code_listing l = { room[next++ % LEN(room)], 0 };

	for (; text[l.nr]; l.nr++) {
		assert_true(l.nr < LEN(room[0]));
		l.insn[l.nr] = (struct code_insn){
			.address = 4 * l.nr, .size = 4, .target = -1,
			.text = (char *)text[l.nr],
			.classes = code_classify(code_arch_find(arch),
						 text[l.nr]),
		};
	}
	return l;
}

static void counts(void **state)
{
	static const char *const text[] = {
		"ld r9,0(r3)", "ldarx r9,0,r3", "stdcx. r9,0,r3", "bne 1820",
		"iselgt r3,r4,r3", "lwsync", "beqlr", "nop", "std r5,0(r4)",
		"blr", NULL
	};
	static const char *const odd[] = { "blr", "vaddudm v1,v2,v3", NULL };
	const struct code_insn *walk[16];
	struct code_path path = { walk, 0 };
	struct code_listing l = make("ppc64le", text);
	struct errmsg msg = { "" };
	struct code_tally n;
	size_t i;

	(void)state;
	for (i = 0; i < l.nr; i++)
		walk[path.nr++] = &l.insn[i];
	assert_int_equal(code_tally(&path, &n, &msg), 0);
	assert_int_equal(n.insns, 9);
	assert_int_equal(n.loads, 2);
	assert_int_equal(n.stores, 2);
	/* a conditional return is a branch, and stays */
	assert_int_equal(n.branches, 2);
	assert_int_equal(n.selects, 1);
	assert_int_equal(n.barriers, 1);
	assert_int_equal(n.atomics, 1);
	assert_int_equal(code_bytes(&l), 4 * 9);

	l = make("ppc64le", odd);
	for (i = 0, path.nr = 0; i < l.nr; i++)
		walk[path.nr++] = &l.insn[i];
	assert_int_equal(code_tally(&path, &n, &msg), -EINVAL);
	assert_string_equal(msg.text,
			    "'vaddudm v1,v2,v3': unknown instruction");
}

/* "=" same at head or tail, "~" same between, "-" and "+" in one listing */
static void check_diff(const char *arch, const char *const *a,
		       const char *const *b, const char *want)
{
	struct code_listing la = make(arch, a), lb = make(arch, b);
	char got[64] = "";
	struct code_diff d;
	size_t i;

	assert_int_equal(code_diff(&d, &la, &lb), 0);
	assert_true(d.nr < sizeof(got));
	for (i = 0; i < d.nr; i++)
		got[i] = i < d.head || i >= d.nr - d.tail ? '=' :
			d.row[i].a < 0 ? '+' : d.row[i].b < 0 ? '-' : '~';
	assert_string_equal(got, want);
	code_diff_free(&d);
}

static void diffs(void **state)
{
	static const char *const plain[] = {
		"mov (%rdi),%rax", "and $0x1,%eax", "ret", NULL
	};
	/* page_is_locked() of the mail of 5 August 2015, without its frame */
	static const char *const rework[] = {
		"mov (%rdi),%rax", "test $0x80,%ah", "je 1c",
		"mov 0x30(%rdi),%rax", "mov (%rdi),%rdx", "and $0x80,%dh",
		"cmove %rdi,%rax", "jmp 1f", "mov %rdi,%rax", "mov (%rax),%rax",
		"and $0x1,%eax", "retq", NULL
	};
	static const char *const rework_ret[] = {
		"mov (%rdi),%rax", "test $0x80,%ah", "je 1c",
		"mov 0x30(%rdi),%rax", "mov (%rdi),%rdx", "and $0x80,%dh",
		"cmove %rdi,%rax", "jmp 1f", "mov %rdi,%rax", "mov (%rax),%rax",
		"and $0x1,%eax", "ret", NULL
	};
	static const char *const renamed[] = {
		"mov (%rdi),%rdx", "and $0x1,%edx", "ret", NULL
	};
	static const char *const crossed[] = {
		"mov (%rax),%rax", "and $0x1,%eax", "ret", NULL
	};
	static const char *const narrower[] = {
		"mov (%rdi),%eax", "and $0x1,%eax", "ret", NULL
	};
	static const char *const arm[] = {
		"ldr x0, [x0]", "and x0, x0, #0x1", "ret", NULL
	};
	static const char *const arm_word[] = {
		"ldr x1, [x0, #32]", "tbnz w1, #0, 14", "ldr x0, [x0]",
		"and x0, x0, #0x1", "ret", NULL
	};
	static const char *const arm_other[] = {
		"ldr x8, [x0, #32]", "sub x9, x8, #0x1", "tbnz w8, #0, 18",
		"dmb ishld", "ldr x0, [x0]", "and x0, x0, #0x1", "ret", NULL
	};
	static const char *const none[] = { NULL };

	(void)state;
	check_diff("x86-64", plain, plain, "===");
	check_diff("x86-64", plain, rework_ret, "=+++++++++==");
	check_diff("x86-64", rework_ret, plain, "=---------==");
	check_diff("x86-64", plain, rework, "=+++++++++~-+");
	/* the same in other registers, if they correspond throughout */
	check_diff("x86-64", plain, renamed, "===");
	check_diff("x86-64", plain, crossed, "-+==");
	check_diff("x86-64", plain, narrower, "-+==");
	check_diff("x86-64", plain, none, "---");
	check_diff("arm64", arm, arm_word, "++===");
	/* the target of a branch is no difference */
	check_diff("arm64", arm_word, arm_other, "=+~+===");
}

static void names(void **state)
{
	struct code_use use = {
		PF_ACC_PageLocked, PF_GEN_v4_4_word, PF_BRANCH, CODE_CONDITION,
	};
	char name[CODE_USE_NAME_MAX];

	(void)state;
	code_use_name(&use, name);
	assert_string_equal(name, "PageLocked/v4.4-word/branch/condition");
	assert_true(code_use_exists(&use));
	/* on any machine */
	use.lowering = PF_SELECT;
	assert_true(code_use_exists(&use));
	use.generation = PF_GEN_v7_1_mask;
	assert_false(code_use_exists(&use));
	use.lowering = PF_AUTO;
	assert_true(code_use_exists(&use));
	use.accessor = PF_ACC_SetPageDirty;
	assert_false(code_use_exists(&use));
	use.usage = CODE_VALUE;
	assert_true(code_use_exists(&use));
	use.generation = PF_GEN_native;
	assert_false(code_use_exists(&use));

	assert_true(code_takes(PF_ACC_PageLocked, CODE_TAIL));
	assert_true(code_takes(PF_ACC_folio_test_locked, CODE_HEAD));
	assert_false(code_takes(PF_ACC_folio_test_locked, CODE_TAIL));
	assert_false(code_takes(PF_ACC_smp_mb, CODE_HEAD));

	assert_string_equal(code_arch_find("ppc64el")->name, "ppc64le");
	assert_string_equal(code_arch_find("aarch64")->name, "arm64");
	assert_string_equal(code_arch_find("amd64")->name, "x86-64");
	assert_null(code_arch_find("x86"));
}

static void missing(void **state)
{
	const struct code_arch *arm = code_arch_find("arm64");
	const struct code_arch *here = code_arch_here();
	struct errmsg msg = { "" };
	struct code *code;

	(void)state;
	if (here && here != arm) {
		assert_int_equal(code_open(&code, arm, "gcc-99", NULL, NULL, &msg),
				 -ENOENT);
		assert_null(code);
		assert_non_null(strstr(msg.text, "arm64"));
		assert_non_null(strstr(msg.text, "apt install "));
	}
	if (!here)
		skip();
	assert_int_equal(code_open(&code, here, "clang-99", NULL, NULL, &msg),
			 -ENOENT);
	assert_non_null(strstr(msg.text, "apt install clang-99"));
	assert_int_equal(code_open(&code, here, "tcc-99", NULL, NULL, &msg), -ENOENT);
	assert_non_null(strstr(msg.text, "tcc-99: no compiler for"));
	assert_int_equal(code_open(&code, here, NULL, "tests", NULL, &msg), -ENOENT);
	assert_non_null(strstr(msg.text, "tests: no uses-*.o there"));
}

/* A letter for each instruction of a path but arithmetic and jumps. */
static void letters(const struct code_path *path, char *to)
{
	size_t i;

	for (i = 0; i < path->nr; i++) {
		unsigned int c = path->insn[i]->classes;

		if (c & CODE_ATOMIC)
			*to++ = c & CODE_LOAD ? 'A' : 'a';
		else if (c & (CODE_LOAD | CODE_STORE))
			*to++ = c & CODE_STORE ? 'S' : 'L';
		else if (c & CODE_BRANCH)
			*to++ = 'B';
		else if (c & CODE_SELECT)
			*to++ = 'C';
		else if (c & CODE_BARRIER)
			*to++ = 'F';
		else if (c & CODE_RETURN)
			*to++ = 'R';
	}
	*to = '\0';
}

/* Paths through the accessors as gcc compiles and QEMU executes them. */
static void walks(void **state)
{
	static const struct {
		enum pf_accessor accessor;
		enum pf_generation generation;
		enum pf_lowering lowering;
		enum code_usage usage;
		enum code_page page;
		/* by architecture, in the order of code_archs[]; NULL: none */
		const char *path[CODE_NR_ARCHS];
	} want[] = {
#define SAME(path) { path, path, path, path, path }
		/* the mail of 5 August 2015, with other barriers */
		{ PF_ACC_PageLocked, PF_GEN_v3_14_rmb, PF_SELECT, CODE_VALUE,
		  CODE_TAIL,
		  { "LBLLCLR", "LBLFLCLR", NULL, "LBLFLCLR", "LBLLCLR" } },
		{ PF_ACC_PageLocked, PF_GEN_v3_14_rmb, PF_BRANCH, CODE_VALUE,
		  CODE_TAIL,
		  { "LBLLBLR", "LBLFLBLR", "LBLFLBLR", "LBLFLBLR",
		    "LBLLBLR" } },
		{ PF_ACC_PageLocked, PF_GEN_v3_14_rmb, PF_BRANCH, CODE_VALUE,
		  CODE_SMALL, SAME("LBLR") },
		{ PF_ACC_PageLocked, PF_GEN_plain, PF_AUTO, CODE_VALUE,
		  CODE_TAIL, SAME("LR") },
		{ PF_ACC_PageLocked, PF_GEN_v4_4_word, PF_BRANCH, CODE_VALUE,
		  CODE_SMALL, SAME("LBLR") },
		{ PF_ACC_PageLocked, PF_GEN_v4_4_word, PF_BRANCH, CODE_VALUE,
		  CODE_HEAD, SAME("LBLR") },
		{ PF_ACC_PageLocked, PF_GEN_v4_4_word, PF_BRANCH, CODE_VALUE,
		  CODE_TAIL, SAME("LBLR") },
		{ PF_ACC_PageLocked, PF_GEN_v4_4_word, PF_SELECT, CODE_VALUE,
		  CODE_TAIL, { "LCLR", "LCLR", NULL, "LCLR", "LCLR" } },
		{ PF_ACC_PageLocked, PF_GEN_v7_1_mask, PF_AUTO, CODE_VALUE,
		  CODE_SMALL, SAME("LLR") },
		{ PF_ACC_PageLocked, PF_GEN_v7_1_mask, PF_AUTO, CODE_VALUE,
		  CODE_TAIL, SAME("LLR") },
		/* PG_uptodate is set: the barrier is on every path */
		{ PF_ACC_PageUptodate, PF_GEN_plain, PF_AUTO, CODE_VALUE,
		  CODE_SMALL, { "LBR", "LBFR", "LBFR", "LBFR", "LBR" } },
		/* a writer, on a page that no earlier call wrote to */
		{ PF_ACC_SetPageDirty, PF_GEN_v4_4_word, PF_BRANCH, CODE_VALUE,
		  CODE_TAIL, { "LBAR", "LBAR", "LBAR", "LBLaBR", "LBAR" } },
		{ PF_ACC_folio_trylock, PF_GEN_v4_4_word, PF_AUTO, CODE_VALUE,
		  CODE_HEAD, { "AR", "LBAR", "LBAR", "LBLaBFR", "LBAR" } },
		{ PF_ACC_smp_mb, PF_GEN_primitive, PF_AUTO, CODE_VALUE,
		  CODE_SMALL, SAME("LFR") },
#undef SAME
	};
	const struct code_arch *arch = *state;
	const struct code_path *path;
	struct errmsg msg = { "" };
	struct code *code;
	char got[64];
	size_t i;
	int ret;

	setenv("PFBENCH_SRCDIR", ".", 1);
	ret = code_open(&code, arch, NULL, NULL, NULL, &msg);
	if (ret == -ENOENT) {
		print_message("# %s\n", msg.text);
		skip();
	}
	if (ret)
		fail_msg("%s", msg.text);
	for (i = 0; i < LEN(want); i++) {
		struct code_use use = {
			want[i].accessor, want[i].generation, want[i].lowering,
			want[i].usage,
		};
		const char *should = want[i].path[arch - code_archs];
		char name[CODE_USE_NAME_MAX];

		if (!should) {
			assert_null(code_listing(code, &use, &msg));
			continue;
		}
		ret = code_path(code, &use, want[i].page, &path, &msg);
		if (ret == -ENOENT) {
			code_close(code);
			print_message("# %s\n", msg.text);
			skip();
		}
		if (ret)
			fail_msg("%s", msg.text);
		letters(path, got);
		code_use_name(&use, name);
		if (strcmp(got, should))
			fail_msg("%s, %s, page %d: %s, should be %s",
				 arch->name, name, want[i].page, got, should);
	}
	code_close(code);
}

int main(void)
{
#define WALKS(i, arch) \
	{ "walks, " arch, walks, NULL, NULL, (void *)&code_archs[i] }
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listings),
		cmocka_unit_test(texts),
		cmocka_unit_test(refused),
		cmocka_unit_test(counts),
		cmocka_unit_test(diffs),
		cmocka_unit_test(names),
		cmocka_unit_test(missing),
		WALKS(0, "x86-64"), WALKS(1, "arm64"), WALKS(2, "riscv64"),
		WALKS(3, "ppc64le"), WALKS(4, "s390x"),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
