// SPDX-License-Identifier: GPL-2.0
/*
 * Samples of a kernel: the file, what the running kernel says of itself, and
 * the sites on which samples fall.
 */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "data/samples.h"
#include "machine/kernel_image.h"
#include "workload/sampled.h"

static char root[] = "/tmp/pfbench-test-XXXXXX";

static void put(const char *name, const void *data, size_t size)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, size, f), size);
	fclose(f);
}

static int make_root(void **state)
{
	static const char *const dirs[] = { "", "/sys", "/sys/kernel", "/proc" };
	char path[64];

	if (!mkdtemp(root))
		return -1;
	for (size_t i = 1; i < sizeof(dirs) / sizeof(*dirs); i++) {
		snprintf(path, sizeof(path), "%s%s", root, dirs[i]);
		if (mkdir(path, 0700))
			return -1;
	}
	return 0;
}

static int remove_root(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static const char good[] =
	"# pfbench samples 1\n# release: 6.12.1\n# version: #1 SMP\n"
	"# machine: x86_64\n# build_id: 3bde\n# stext: ffffffff91000000\n"
	"# period: 100003\n# precise_ip: 2\n# exact: 4\n# lost: 0\n"
	"# throttled: 0\n# elsewhere: 1\n# samples: 5\n# status: -1\n"
	"# command: ls\n# command: -R\nffffffff91000008 2\nffffffff91000010 3\n";

static int read_as(const char *text, struct samples *s, struct errmsg *msg)
{
	char path[64];

	put("samples", text, strlen(text));
	snprintf(path, sizeof(path), "%s/samples", root);
	return samples_read(path, s, msg);
}

static void reads_and_writes(void **state)
{
	struct samples s;
	struct errmsg msg;
	char *text = NULL;
	size_t size;
	FILE *f;

	assert_int_equal(read_as(good, &s, &msg), 0);
	assert_string_equal(s.release, "6.12.1");
	assert_int_equal(s.stext, 0xffffffff91000000);
	assert_int_equal(s.period, 100003);
	assert_int_equal(s.total, 5);
	assert_int_equal(s.status, -1);
	assert_string_equal(s.command[1], "-R");
	assert_null(s.command[2]);
	assert_int_equal(s.nr, 2);
	assert_int_equal(s.at[1].ip, 0xffffffff91000010);
	assert_int_equal(s.at[1].count, 3);
	f = open_memstream(&text, &size);
	assert_int_equal(samples_write(f, &s), 0);
	fclose(f);
	assert_string_equal(text, good);
	free(text);
	samples_free(&s);
}

static void counts_addresses(void **state)
{
	uint64_t ip[] = { 7, 3, 7, 7, 9, 3 };
	struct samples s = { 0 };

	assert_int_equal(samples_set(&s, ip, 6), 0);
	assert_int_equal(s.total, 6);
	assert_int_equal(s.nr, 3);
	assert_int_equal(s.at[0].ip, 3);
	assert_int_equal(s.at[0].count, 2);
	assert_int_equal(s.at[1].count, 3);
	assert_int_equal(s.at[2].count, 1);
	samples_free(&s);
	assert_int_equal(samples_set(&s, NULL, 0), 0);
	assert_int_equal(s.total, 0);
}

/* Replaces @from, which is in the file once, and expects a line with @wanted. */
static void refused_with(const char *from, const char *to, const char *wanted)
{
	const char *at = strstr(good, from);
	char text[1024];
	struct samples s;
	struct errmsg msg;

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, to,
		 at + strlen(from));
	assert_int_equal(read_as(text, &s, &msg), -EINVAL);
	if (!strstr(msg.text, wanted))
		fail_msg("'%s' lacks '%s'", msg.text, wanted);
	samples_free(&s);
}

static void refuses(void **state)
{
	refused_with("# pfbench samples 1", "# pfbench samples 2", "version 2");
	refused_with("# lost: 0\n", "", "no '# lost:'");
	refused_with("# lost: 0\n", "# lost: -1\n", "lost: not a number");
	refused_with("# lost: 0\n", "# lost: 0\n# lost: 0\n", "a second 'lost'");
	refused_with("# samples: 5", "# samples: 6", "5 samples, not 6");
	refused_with("ffffffff91000010 3\n", "", "2 samples, not 5");
	refused_with("91000010 3", "91000008 3", "not in their order");
	refused_with("91000010 3", "91000010 0", "no 'ADDRESS COUNT'");
	refused_with("91000010 3", "91000010", "no 'ADDRESS COUNT'");
	refused_with("91000010 3", "9100001x 3", "no 'ADDRESS COUNT'");
	refused_with("# command: ls\n# command: -R\n", "", "no '# command:'");
	refused_with("# lost: 0", "# lost", "no '# KEY: VALUE'");
}

/* A note with its padding, as /sys/kernel/notes and /proc/kcore have them. */
static size_t add_note(char *to, const char *name, uint32_t type,
		       const void *desc, size_t size)
{
	Elf64_Nhdr note = { strlen(name) + 1, size, type };
	size_t at = sizeof(note);

	memset(to, 0, 512);
	memcpy(to, &note, sizeof(note));
	strcpy(to + at, name);
	at += (note.n_namesz + 3) & ~3U;
	memcpy(to + at, desc, size);
	return at + ((size + 3) & ~3UL);
}

static void put_notes(void)
{
	char notes[2048];
	size_t n = add_note(notes, "Xen", 6, "abc", 3);

	n += add_note(notes + n, "GNU", NT_GNU_BUILD_ID, "\x3b\xde\x01\xff", 4);
	put("sys/kernel/notes", notes, n);
}

static void put_kcore(const char *vmcoreinfo)
{
	Elf64_Ehdr head = { .e_phoff = sizeof(head), .e_phnum = 2,
		.e_phentsize = sizeof(Elf64_Phdr) };
	Elf64_Phdr segment[2] = { { .p_type = PT_LOAD }, { .p_type = PT_NOTE,
		.p_offset = sizeof(head) + sizeof(segment) } };
	char file[4096];
	size_t n = segment[1].p_offset;

	memcpy(head.e_ident, ELFMAG, SELFMAG);
	n += add_note(file + n, "CORE", 1, "status", 6);
	n += add_note(file + n, "VMCOREINFO", 0, vmcoreinfo,
		      strlen(vmcoreinfo));
	segment[1].p_filesz = n - segment[1].p_offset;
	memcpy(file, &head, sizeof(head));
	memcpy(file + sizeof(head), segment, sizeof(segment));
	put("proc/kcore", file, n);
}

static const char shown[] = "ffffffff91000000 T _text\n"
	"ffffffff91000040 T _stext\nffffffff91000080 t not_stext\n";
static const char hidden[] = "0000000000000000 T _text\n"
	"0000000000000000 T _stext\n";

static void reads_kernel(void **state)
{
	struct kernel_image image;
	struct errmsg msg;

	assert_int_equal(kernel_image_read(root, &image, &msg), -ENOENT);
	assert_non_null(strstr(msg.text, "no build-id"));
	put_notes();
	put("proc/kallsyms", shown, strlen(shown));
	assert_int_equal(kernel_image_read(root, &image, &msg), 0);
	assert_string_equal(image.build_id, "3bde01ff");
	assert_int_equal(image.stext, 0xffffffff91000040);
	/* hidden by kptr_restrict, with and without the other source */
	put("proc/kallsyms", hidden, strlen(hidden));
	assert_int_equal(kernel_image_read(root, &image, &msg), -EPERM);
	assert_non_null(strstr(msg.text, "kptr_restrict"));
	put_kcore("OSRELEASE=6\nSYMBOL(_text)=1\nSYMBOL(_stext)=ffffffff92000040\n");
	assert_int_equal(kernel_image_read(root, &image, &msg), 0);
	assert_int_equal(image.stext, 0xffffffff92000040);
	put_kcore("SYMBOL(_stext)=");
	assert_int_equal(kernel_image_read(root, &image, &msg), -EPERM);
	put("proc/kcore", ELFMAG, SELFMAG);
	assert_int_equal(kernel_image_read(root, &image, &msg), -EPERM);
}

/* PageLocked() at 0x108 around a look-up at 0x110; the text is 0x100 to 0x200. */
static void make_sites(struct workload *w)
{
	struct census *c = &w->census;
	struct census_range *piece = calloc(2, sizeof(*piece));

	memset(w, 0, sizeof(*w));
	c->file = calloc(1, sizeof(*c->file));
	c->function = calloc(1, sizeof(*c->function));
	c->site = calloc(2, sizeof(*c->site));
	w->count = calloc(2, sizeof(*w->count));
	c->nr_functions = 1;
	c->nr_sites = w->nr_pieces = 2;
	strcpy(c->file->arch, "x86-64");
	strcpy(c->file->build_id, "3bde");
	c->page = (struct census_page){ .stext = 0x100, .etext = 0x200 };
	c->function[0].name = strtab_add(&c->strings, "do_fault");
	c->function[0].unit = strtab_add(&c->strings, "mm/memory.c");
	c->site[0] = (struct census_site){ .outer = -1,
		.name = strtab_add(&c->strings, "PageLocked"),
		.chain = strtab_add(&c->strings, "") };
	c->site[1] = (struct census_site){ .outer = 0, .lookup = true,
		.name = strtab_add(&c->strings, "_compound_head"),
		.hidden = true, .chain = c->site[0].name };
	piece[0] = (struct census_range){ 0x108, 0x110, 0 };
	piece[1] = (struct census_range){ 0x110, 0x118, 1 };
	w->piece = piece;
}

static json_int_t of(const json_t *root, const char *table, const char *key)
{
	const json_t *o = json_object_get(root, table);

	o = json_is_array(o) ? json_array_get(o, 0) : o;
	return json_integer_value(json_object_get(o, key));
}

static void places_samples(void **state)
{
	/* KASLR moved the kernel up by 0x1000 */
	uint64_t ip[] = { 0x1108, 0x110f, 0x1110, 0x1117, 0x1117, 0x1118,
		0x1107, 0x1200, 0x10ff, 0x9000 };
	struct samples s = { .build_id = "3bde", .stext = 0x1100 };
	char *command[] = { "ls", NULL };
	struct workload w;
	struct errmsg msg;
	json_t *result;

	make_sites(&w);
	assert_int_equal(samples_set(&s, ip, sizeof(ip) / sizeof(*ip)), 0);
	assert_int_equal(samples_set_command(&s, command), 0);
	assert_int_equal(sampled_check(&w, "vmlinux", &s, &msg), 0);
	result = sampled_result(&w, &s, NULL);
	assert_non_null(result);
	assert_int_equal(of(result, "total", "samples"), 10);
	assert_int_equal(of(result, "total", "outside"), 3);
	assert_int_equal(of(result, "total", "accessor_samples"), 5);
	assert_int_equal(of(result, "total", "lookup_samples"), 3);
	assert_int_equal(of(result, "function", "lookup_samples"), 3);
	assert_int_equal(of(result, "chain", "lookup_samples"), 3);
	/* an accessor has its look-up's, too */
	assert_int_equal(of(result, "accessor", "accessor_samples"), 5);
	assert_string_equal(json_string_value(json_object_get(result, "kind")),
			    "sampled, estimate");
	json_decref(result);
	strcpy(s.build_id, "3bdf");
	assert_int_equal(sampled_check(&w, "vmlinux", &s, &msg), -EINVAL);
	assert_non_null(strstr(msg.text, "not the vmlinux of the sampled"));
	strcpy(s.build_id, "3bde");
	w.census.page.stext = 0;
	assert_int_equal(sampled_check(&w, "vmlinux", &s, &msg), -EINVAL);
	assert_non_null(strstr(msg.text, "_stext"));
	samples_free(&s);
	workload_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(counts_addresses),
		cmocka_unit_test(refuses),
		cmocka_unit_test(reads_kernel),
		cmocka_unit_test(places_samples),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
