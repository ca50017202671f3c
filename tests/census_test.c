// SPDX-License-Identifier: GPL-2.0
/*
 * The sharing of bytes, compared with painting each byte; the classes of names;
 * errors of the reader; and the walkers of a large census. (Counts and bytes of
 * real code: tests/census-counts.t.)
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
#include <unistd.h>
#include <cmocka.h>

#include "census/census.h"
#include "census/pfn_walkers.h"

#define BYTES 200
#define SITES 24
#define PIECES 3

struct made {
	struct census_site site[SITES];
	struct census_range range[SITES * PIECES];
	size_t nr, nr_ranges;
	int owner[BYTES];	/* by byte; -1: none */
};

/* Sites in the order of entries: an inner site comes after the outer one. */
static void make(struct made *m, bool apart)
{
	memset(m, 0, sizeof(*m));
	memset(m->owner, 0xff, sizeof(m->owner));
	m->nr = 1 + rand() % SITES;
	for (size_t i = 0; i < m->nr; i++) {
		m->site[i].outer = i && rand() % 4 ? rand() % (int)i : -1;
		for (int k = rand() % (PIECES + 1); k > 0; k--) {
			uint64_t start = rand() % BYTES;
			uint64_t end = start + rand() % (BYTES - start + 1);

			if (apart) {
				start = i * BYTES / m->nr;
				end = (i + 1) * BYTES / m->nr;
			}
			if (start == end)
				continue;
			m->range[m->nr_ranges++] = (struct census_range){
				1000 + start, 1000 + end, i,
			};
			for (; start < end; start++)
				m->owner[start] = i;
		}
	}
}

static void check(struct made *m)
{
	uint64_t own[SITES] = { 0 }, whole[SITES] = { 0 };

	for (size_t i = 0; i < BYTES; i++)
		if (m->owner[i] >= 0)
			own[m->owner[i]]++;
	for (size_t i = 0; i < m->nr; i++)
		for (int k = i; k >= 0; k = m->site[k].outer)
			whole[k] += own[i];
	assert_int_equal(census_share(m->site, 0, m->nr, m->range,
				      m->nr_ranges), 0);
	for (size_t i = 0; i < m->nr; i++) {
		assert_int_equal(m->site[i].own, own[i]);
		assert_int_equal(m->site[i].whole, whole[i]);
	}
}

/* Pieces are in order, apart, and each byte has the painted owner. */
static void check_pieces(struct made *m)
{
	struct census_range *piece;
	size_t nr, bytes = 0, at = 0;

	for (size_t i = 0; i < BYTES; i++)
		bytes += m->owner[i] >= 0;
	assert_int_equal(census_pieces(m->range, m->nr_ranges, &piece, &nr), 0);
	for (size_t i = 0; i < nr; i++) {
		assert_true(piece[i].start < piece[i].end);
		assert_true(piece[i].start >= at);
		/* neighbours of one site are one piece */
		assert_false(i && piece[i].start == at &&
			     piece[i].site == piece[i - 1].site);
		at = piece[i].end;
		for (size_t b = piece[i].start; b < at; b++, bytes--)
			assert_int_equal(m->owner[b - 1000], piece[i].site);
	}
	assert_int_equal(bytes, 0);
	free(piece);
}

static void shares_as_painted(void **state)
{
	struct made m;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		make(&m, i % 10 == 0);
		check(&m);
		check_pieces(&m);
	}
}

static void shares_nothing(void **state)
{
	struct census_site site = { .outer = -1 };

	assert_int_equal(census_share(&site, 0, 1, NULL, 0), 0);
	assert_int_equal(site.own, 0);
	assert_int_equal(site.whole, 0);
}

static int class_of(struct census *c, const char *name)
{
	int n = strtab_add(&c->strings, name);

	assert_true(n > 0);
	return census_class(c, n);
}

static void knows_names(void **state)
{
	const char *const extra[] = { "my_*", NULL };
	struct census c = { .extra = extra };
	static const struct {
		const char *name;
		int class;
	} names[] = {
		{ "compound_head", CENSUS_LOOKUP | CENSUS_ACCESSOR },
		{ "_compound_head", CENSUS_LOOKUP | CENSUS_ACCESSOR },
		{ "page_folio", CENSUS_LOOKUP | CENSUS_ACCESSOR },
		{ "page_fixed_fake_head", CENSUS_ACCESSOR },
		{ "PageTail", CENSUS_ACCESSOR },
		{ "__SetPageUptodate", CENSUS_ACCESSOR },
		{ "folio_try_get", CENSUS_ACCESSOR | CENSUS_TRY_GET },
		{ "pfn_to_online_page", CENSUS_PFN },
		{ "my_own", CENSUS_ACCESSOR },
		{ "folio_set_dirty", CENSUS_ACCESSOR },
		{ "folio_clear_dirty", CENSUS_ACCESSOR },
		{ "folio_set_private", CENSUS_ACCESSOR },
		{ "folio_set_hwpoison", CENSUS_ACCESSOR },
		{ "folio_clear_hugetlb_freed", CENSUS_ACCESSOR },
		{ "__folio_set_hugetlb", CENSUS_ACCESSOR },
		{ "folio_test_large", CENSUS_ACCESSOR },
		{ "compound_headed", 0 },
		{ "compound_order", 0 },
		{ "Page", 0 },
		{ "Pagelocked", 0 },
		{ "MyPageLocked", 0 },
		{ "put_pages_list", 0 },
		{ "folio_set_order", 0 },
		{ "folio_clear_dirty_for_io", 0 },
		{ "folio_set_private_1", 0 },
		{ "folio_set_hugetlb_hwpoison", 0 },
		{ "folio_test_pmd_mappable", 0 },
	};

	for (int again = 0; again < 2; again++)
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			assert_int_equal(class_of(&c, names[i].name),
					 names[i].class);
	census_free(&c);
}

/* A census made by hand. */
struct by_hand {
	struct census c;
};

static uint32_t by_hand_name(struct by_hand *b, const char *name)
{
	int n = strtab_add(&b->c.strings, name);

	assert_true(n >= 0);
	return n;
}

static void by_hand_make(struct by_hand *b, size_t room)
{
	memset(b, 0, sizeof(*b));
	b->c.file = calloc(1, sizeof(*b->c.file));
	b->c.nr_files = 1;
	b->c.function = calloc(room, sizeof(*b->c.function));
	b->c.note = calloc(4 * room, sizeof(*b->c.note));
	b->c.site = calloc(2 * room, sizeof(*b->c.site));
}

static void by_hand_note(struct by_hand *b, uint32_t name, uint32_t function,
			 unsigned int class, uint64_t address)
{
	b->c.note[b->c.nr_notes++] = (struct census_note){
		.name = name, .function = function, .class = class,
		.address = address,
	};
}

/* An accessor with a look-up in it. */
static void by_hand_site(struct by_hand *b, uint32_t accessor, uint32_t lookup,
			 uint32_t function, uint64_t address)
{
	struct census_site *s = &b->c.site[b->c.nr_sites];

	s[0] = (struct census_site){
		.name = accessor, .function = function, .outer = -1,
		.address = address,
	};
	s[1] = (struct census_site){
		.name = lookup, .function = function, .outer = b->c.nr_sites,
		.address = address, .lookup = true, .hidden = true,
	};
	b->c.nr_sites += 2;
	assert_true(census_class(&b->c, accessor) >= 0);
	assert_true(census_class(&b->c, lookup) >= 0);
}

/*
 * Pairs of functions: one gets a page from a pfn, takes a reference and calls
 * the other twice, which hides a look-up. The time of a walk through all notes
 * and sites per function would be hours.
 */
static void finds_walkers_in_a_large_census(void **state)
{
	const size_t pairs = 200000;
	struct census_walkers all;
	struct census_evidence e;
	struct by_hand b;
	uint32_t pfn, get, put, head;
	char name[32];

	by_hand_make(&b, 2 * pairs);
	pfn = by_hand_name(&b, "pfn_to_online_page");
	get = by_hand_name(&b, "get_page_unless_zero");
	put = by_hand_name(&b, "put_page");
	head = by_hand_name(&b, "compound_head");
	for (size_t i = 0; i < pairs; i++) {
		uint64_t at = 0x100 * i + 1;
		uint32_t callee;

		snprintf(name, sizeof(name), "callee_%zu", i);
		callee = by_hand_name(&b, name);
		snprintf(name, sizeof(name), "walker_%zu", i);
		b.c.function[2 * i].name = by_hand_name(&b, name);
		b.c.function[2 * i + 1].name = callee;
		by_hand_note(&b, pfn, 2 * i, CENSUS_PFN, at);
		by_hand_note(&b, get, 2 * i, CENSUS_TRY_GET, at + 8);
		by_hand_note(&b, callee, 2 * i, CENSUS_CALLED, at + 16);
		by_hand_note(&b, callee, 2 * i, CENSUS_CALLED, at + 24);
		by_hand_site(&b, put, head, 2 * i, at + 4);
		by_hand_site(&b, put, head, 2 * i + 1, at + 128);
	}
	b.c.nr_functions = 2 * pairs;
	alarm(60);
	assert_int_equal(census_walkers(&all, &b.c), 0);
	assert_int_equal(all.nr, pairs);
	for (size_t i = 0; i < all.nr; i++) {
		assert_int_equal(all.w[i].hidden, 2);
		assert_int_equal(all.w[i].guarded, 1);
		assert_int_equal(census_evidence(&e, &all, &all.w[i]), 0);
		assert_int_equal(e.pfn.nr, 1);
		assert_int_equal(e.hidden.nr, 2);
		assert_int_equal(e.hidden.t[0].count, 1);
		assert_int_equal(e.reference.nr, 1);
		census_evidence_free(&e);
	}
	alarm(0);
	census_walkers_free(&all);
	census_free(&b.c);
}

/* Two functions of one name, such as the clones of gcc, are one callee. */
static void adds_up_callees_of_one_name(void **state)
{
	struct census_walkers all;
	uint32_t callee, put, head;
	struct by_hand b;

	by_hand_make(&b, 3);
	callee = by_hand_name(&b, "callee");
	put = by_hand_name(&b, "put_page");
	head = by_hand_name(&b, "compound_head");
	b.c.function[0].name = by_hand_name(&b, "walker");
	b.c.function[1].name = b.c.function[2].name = callee;
	by_hand_note(&b, by_hand_name(&b, "pfn_to_online_page"), 0, CENSUS_PFN,
		     1);
	by_hand_note(&b, callee, 0, CENSUS_CALLED, 2);
	by_hand_site(&b, put, head, 1, 3);
	by_hand_site(&b, put, head, 2, 4);
	b.c.nr_functions = 3;
	assert_int_equal(census_walkers(&all, &b.c), 0);
	assert_int_equal(all.nr, 1);
	assert_int_equal(all.w[0].hidden, 2);
	census_walkers_free(&all);
	census_free(&b.c);
}

/* A file that cannot be read adds nothing. */
static void adds_nothing_of_an_unreadable_file(void **state)
{
	struct census c = { 0 };
	struct errmsg msg;

	assert_true(census_read(&c, "/nowhere", &msg) < 0);
	assert_non_null(strstr(msg.text, "/nowhere: "));
	assert_int_equal(c.nr_files, 0);
	assert_int_equal(c.nr_sites, 0);
	assert_true(census_read(&c, "/dev/null", &msg) < 0);
	assert_int_equal(c.nr_files, 0);
	assert_null(strchr(msg.text, '\n'));
	census_free(&c);
}

/* census_read() of an object without debug information returns -ENODATA. */
static void keeps_the_errno(void **state)
{
	char path[] = "/tmp/census-test-XXXXXX";
	const Elf64_Ehdr ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_REL, .e_machine = EM_X86_64,
		.e_version = EV_CURRENT, .e_ehsize = sizeof(ehdr),
	};
	struct census c = { 0 };
	struct errmsg msg;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, &ehdr, sizeof(ehdr)), sizeof(ehdr));
	close(fd);
	assert_int_equal(census_read(&c, path, &msg), -ENODATA);
	assert_non_null(strstr(msg.text, "no debug information"));
	unlink(path);
	census_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_as_painted),
		cmocka_unit_test(shares_nothing),
		cmocka_unit_test(knows_names),
		cmocka_unit_test(adds_nothing_of_an_unreadable_file),
		cmocka_unit_test(keeps_the_errno),
		cmocka_unit_test(adds_up_callees_of_one_name),
		cmocka_unit_test(finds_walkers_in_a_large_census),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
