// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin of QEMU's TCG, for the API of QEMU 10.0: count instructions of the
 * guest, those inside accessors, and the page that each look-up sees.
 *
 *	-plugin lookups.so,sites=FILE,counts=FILE[,sequence=FILE]
 *
 * bench/workload/lookups.c writes the file of sites and reads that of counts.
 * The sequence has the look-ups in their order, a line per run: site, kind of
 * page, how many in a row. Counting starts and stops at the instructions of
 * bench/workloads/mark.h. An instruction that faults is counted each time it
 * begins.
 */
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <qemu-plugin.h>

#include "mark.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/*
 * In the row of a vCPU; the sites follow. Iterations of the string instructions
 * of x86 are counted apart, since QEMU executes each as an instruction.
 */
enum { USER, KERNEL, REPEATED, ITERATIONS, FIRST_SITE };

/* Code of one site. */
struct piece {
	uint64_t start, end;
	uint32_t site;
	/* a: accessor, l: look-up, f: fake-head test of a look-up */
	char role;
};

struct pages {
	uint64_t tail, head, small, tested, fake;
};

static struct {
	uint64_t size, head, flags, head_bit;
} layout;

/* The array of struct pages; @variable has @start, once the kernel is up. */
static struct {
	uint64_t variable, start, size;
} vmemmap;

static struct piece *piece;
static size_t nr_pieces;
static size_t nr_sites;

static struct qemu_plugin_scoreboard *row;
static uint64_t *at_start, *sum;	/* by number in the row */
static size_t *used, nr_used;		/* numbers that were ever translated */
static bool *is_used;
static struct pages *pages;		/* by site */
static GByteArray *bytes;

static size_t mark_size;
static qemu_plugin_id_t plugin;
static bool prepared;		/* code is translated to be counted */
static bool counting;
static uint64_t starts, unread;
static FILE *counts;
static const char *counts_path;

/* The run of equal look-ups that goes on. */
static FILE *sequence;
static const char *sequence_path;
static struct {
	uint32_t site;
	const char *kind;
	uint64_t nr;
} run;

static bool read_word(uint64_t address, uint64_t *word)
{
	if (!qemu_plugin_read_memory_vaddr(address, bytes, sizeof(*word)))
		return false;
	memcpy(word, bytes->data, sizeof(*word));
	return true;
}

static void start(void)
{
	const uint64_t *now = qemu_plugin_scoreboard_find(row, 0);

	for (size_t i = 0; !counting && i < nr_used; i++)
		at_start[used[i]] = now[used[i]];
	starts += !counting;
	counting = true;
}

static void stop(void)
{
	const uint64_t *now = qemu_plugin_scoreboard_find(row, 0);

	for (size_t i = 0; counting && i < nr_used; i++)
		sum[used[i]] += now[used[i]] - at_start[used[i]];
	counting = false;
}

static void end_run(void)
{
	if (run.nr)
		fprintf(sequence, "%" PRIu32 " %s %" PRIu64 "\n", run.site,
			run.kind, run.nr);
	run.nr = 0;
}

/* @kind: one string per kind */
static void add_to_sequence(uint32_t site, const char *kind)
{
	if (!sequence)
		return;
	if (site != run.site || kind != run.kind)
		end_run();
	run.site = site;
	run.kind = kind;
	run.nr++;
}

/* Forget everything: from here on, the program itself marks what counts. */
static void only(void)
{
	if (sequence) {
		run.nr = 0;
		rewind(sequence);
		if (ftruncate(fileno(sequence), 0))
			fprintf(stderr, "lookups.so: %s: %s\n", sequence_path,
				strerror(errno));
	}
	counting = false;
	starts = unread = 0;
	memset(sum, 0, (FIRST_SITE + nr_sites) * sizeof(*sum));
	memset(pages, 0, nr_sites * sizeof(*pages));
}

static void prepare(qemu_plugin_id_t id);

static void on_mark(unsigned int vcpu, void *kind)
{
	if (!prepared) {
		prepared = true;
		qemu_plugin_reset(plugin, prepare);
	}
	switch ((uintptr_t)kind) {
	case MARK_START:
		start();
		break;
	case MARK_STOP:
		stop();
		break;
	case MARK_ONLY:
		only();
		break;
	}
}

/* A look-up has loaded the word of a tail: of its page, or of page[1]. */
static void on_load(unsigned int vcpu, qemu_plugin_meminfo_t info,
		    uint64_t address, void *arg)
{
	static const char *const kinds[] = { "tail", "head", "small" };
	const struct piece *p = arg;
	struct pages *n = &pages[p->site];
	uint64_t page = address - layout.head, value, flags;

	if (!counting || qemu_plugin_mem_size_shift(info) != 3)
		return;
	/* here, and not in user space: page tables of user space may lack it */
	if (vmemmap.variable && read_word(vmemmap.variable, &vmemmap.start))
		vmemmap.variable = 0;
	/* not another field, nor what the compiler moved into the look-up */
	if (page - vmemmap.start >= vmemmap.size ||
	    (page - vmemmap.start) % layout.size)
		return;
	value = qemu_plugin_mem_get_value(info).data.u64;
	if (p->role == 'f') {
		n->tested++;
		n->fake += value & 1 && value - 1 != page - layout.size;
	} else if (value & 1) {
		n->tail++;
		add_to_sequence(p->site, kinds[0]);
	} else if (!read_word(page + layout.flags, &flags)) {
		unread++;
	} else if (flags >> layout.head_bit & 1) {
		n->head++;
		add_to_sequence(p->site, kinds[1]);
	} else {
		n->small++;
		add_to_sequence(p->site, kinds[2]);
	}
}

static int compare_piece(const void *key, const void *element)
{
	const uint64_t *address = key;
	const struct piece *p = element;

	return *address < p->start ? -1 : *address >= p->end;
}

static void use(size_t number)
{
	if (is_used[number])
		return;
	is_used[number] = true;
	used[nr_used++] = number;
}

static void count_in(struct qemu_plugin_insn *insn, size_t number)
{
	qemu_plugin_u64 counter = { row, number * sizeof(uint64_t) };

	use(number);
	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn,
			QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}

/* rep movs, stos, cmps, scas, lods, ins and outs of x86 */
static bool is_repeated(struct qemu_plugin_insn *insn)
{
	unsigned char code[8];
	size_t n = qemu_plugin_insn_data(insn, code, sizeof(code)), i = 0;
	bool rep = false;

	if (mark_size != MARK_SIZE_X86_64)
		return false;
	for (; i < n && (code[i] >> 4 == 4 || code[i] == 0x66 ||
			 code[i] == 0x67 || code[i] >> 1 == 0x79); i++)
		rep |= code[i] >> 1 == 0x79;
	return rep && i < n && (code[i] >> 2 == 0x1b ||
				(code[i] >> 4 == 0xa && code[i] != 0xa8 &&
				 code[i] != 0xa9 && code[i] > 0xa3));
}

/* An iteration; the first one if anything else was executed before it. */
static void on_repeated(unsigned int vcpu, void *address)
{
	uint64_t *now = qemu_plugin_scoreboard_find(row, 0);
	static uint64_t last_others;
	static void *last;

	if (address != last || last_others != now[USER] + now[KERNEL]) {
		now[(uintptr_t)address >> 63 ? KERNEL : USER]++;
		now[REPEATED]++;
		last_others = now[USER] + now[KERNEL];
		last = address;
	}
	now[ITERATIONS]++;
}

/* Count an instruction of user space or of the kernel. */
static void count_one(struct qemu_plugin_insn *insn, uint64_t address)
{
	size_t number = address >> 63 ? KERNEL : USER;

	if (!is_repeated(insn)) {
		count_in(insn, number);
		return;
	}
	use(number);
	use(REPEATED);
	use(ITERATIONS);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_repeated,
			QEMU_PLUGIN_CB_NO_REGS, (void *)(uintptr_t)address);
}

static void translate_kernel(struct qemu_plugin_insn *insn, uint64_t address)
{
	struct piece *p = bsearch(&address, piece, nr_pieces, sizeof(*piece),
				  compare_piece);

	count_one(insn, address);
	if (!p)
		return;
	count_in(insn, FIRST_SITE + p->site);
	if (p->role != 'a')
		qemu_plugin_register_vcpu_mem_cb(insn, on_load,
				QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_R, p);
}

static void translate_user(struct qemu_plugin_insn *insn)
{
	unsigned char code[MARK_SIZE] = { 0 };
	int kind = 0;

	if (qemu_plugin_insn_size(insn) == mark_size)
		kind = mark_kind(code, qemu_plugin_insn_data(insn, code,
							     sizeof(code)));
	if (kind)	/* the mark itself is not counted */
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark,
				QEMU_PLUGIN_CB_NO_REGS,
				(void *)(uintptr_t)kind);
	else if (prepared)
		count_one(insn, qemu_plugin_insn_vaddr(insn));
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		/* the upper half is the kernel's, on x86-64 and arm64 */
		if (!(address >> 63))
			translate_user(insn);
		else if (prepared)
			translate_kernel(insn, address);
	}
}

static void close_output(FILE *f, const char *path)
{
	errno = 0;
	if (ferror(f) | fclose(f))
		fprintf(stderr, "lookups.so: %s: %s\n", path,
			errno ? strerror(errno) : "cannot be written");
}

static void at_end(qemu_plugin_id_t id, void *unused)
{
	bool open = counting;

	stop();
	if (sequence) {
		end_run();
		fprintf(sequence, "end\n");
		close_output(sequence, sequence_path);
	}
	fprintf(counts, "# pfbench counts of look-ups 1\n");
	fprintf(counts, "starts %" PRIu64 "\nopen %d\nunread %" PRIu64 "\n",
		starts, open, unread);
	fprintf(counts, "user %" PRIu64 "\nkernel %" PRIu64 "\nrepeated %"
		PRIu64 "\niterations %" PRIu64 "\n", sum[USER], sum[KERNEL],
		sum[REPEATED], sum[ITERATIONS]);
	for (size_t i = 0; i < nr_sites; i++)
		if (sum[FIRST_SITE + i])
			fprintf(counts, "site %zu %" PRIu64 " %" PRIu64 " %"
				PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
				i, sum[FIRST_SITE + i], pages[i].tail,
				pages[i].head, pages[i].small, pages[i].tested,
				pages[i].fake);
	fprintf(counts, "end\n");
	close_output(counts, counts_path);
}

/*
 * The boot, of which nothing counts, runs without counters: it is translated to
 * find the first mark. Then all code is translated anew.
 */
static void prepare(qemu_plugin_id_t id)
{
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, at_end, NULL);
}

static bool read_pieces(FILE *f)
{
	uint64_t start, end;
	uint32_t site;
	char role;

	for (size_t i = 0; i < nr_pieces; i++) {
		if (fscanf(f, "piece %" SCNx64 " %" SCNx64 " %" SCNu32 " %c\n",
			   &start, &end, &site, &role) != 4 ||
		    site >= nr_sites)
			return false;
		piece[i] = (struct piece){ start, end, site, role };
	}
	return true;
}

static bool read_sites(const char *path)
{
	FILE *f = fopen(path, "r");
	bool ok;

	if (!f)
		return false;
	ok = fscanf(f, "# pfbench sites 1\npage %" SCNu64 " %" SCNu64 " %"
		    SCNu64 " %" SCNu64 "\n"
		    "vmemmap %" SCNx64 " %" SCNx64 " %" SCNx64 "\n"
		    "sites %zu\npieces %zu\n",
		    &layout.size, &layout.head, &layout.flags,
		    &layout.head_bit, &vmemmap.variable, &vmemmap.start,
		    &vmemmap.size, &nr_sites, &nr_pieces) == 9;
	if (ok) {
		piece = g_new0(struct piece, nr_pieces);
		ok = read_pieces(f);
	}
	fclose(f);
	return ok;
}

static void allocate(void)
{
	size_t nr = FIRST_SITE + nr_sites;

	row = qemu_plugin_scoreboard_new(nr * sizeof(uint64_t));
	at_start = g_new0(uint64_t, nr);
	sum = g_new0(uint64_t, nr);
	used = g_new0(size_t, nr);
	is_used = g_new0(bool, nr);
	pages = g_new0(struct pages, nr_sites);
	bytes = g_byte_array_new();
}

static int refuse(const char *what, const char *name)
{
	fprintf(stderr, "lookups.so: %s%s\n", what, name);
	return -1;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
					   const qemu_info_t *info, int argc,
					   char **argv)
{
	const char *sites = "";

	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "sites=", 6))
			sites = argv[i] + 6;
		else if (!strncmp(argv[i], "counts=", 7))
			counts_path = argv[i] + 7;
		else if (!strncmp(argv[i], "sequence=", 9))
			sequence_path = argv[i] + 9;
		else
			return refuse("unknown argument: ", argv[i]);
	}
	if (!info->system_emulation || info->system.smp_vcpus != 1)
		return refuse("counts on a machine with one CPU only", "");
	if (!strcmp(info->target_name, "x86_64"))
		mark_size = MARK_SIZE_X86_64;
	else if (!strcmp(info->target_name, "aarch64"))
		mark_size = MARK_SIZE_AARCH64;
	else
		return refuse("there is no mark for ", info->target_name);
	if (!counts_path)
		return refuse("no counts=FILE", "");
	if (!read_sites(sites))
		return refuse("no file of sites: ", sites);
	counts = fopen(counts_path, "w");
	if (!counts)
		return refuse("cannot be written: ", counts_path);
	if (sequence_path) {
		sequence = fopen(sequence_path, "w");
		if (!sequence)
			return refuse("cannot be written: ", sequence_path);
	}
	allocate();
	plugin = id;
	prepare(id);
	return 0;
}
