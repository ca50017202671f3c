// SPDX-License-Identifier: GPL-2.0
/*
 * Who owns a byte, against painting each byte in turn; and what a name is.
 * (What is counted, and of which bytes, in real code: tests/census-counts.t.)
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

#define BYTES 200
#define SITES 24
#define PIECES 3

struct made {
	struct census_site site[SITES];
	struct census_range range[SITES * PIECES];
	size_t nr, nr_ranges;
	int owner[BYTES];	/* by byte; -1: nobody's */
};

/* Sites are made in the order of entries: what is inside comes later. */
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

static void shares_as_painted(void **state)
{
	struct made m;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		make(&m, i % 10 == 0);
		check(&m);
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

/* What cannot be read leaves no trace of itself. */
static void adds_nothing_of_what_it_refuses(void **state)
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

/* An object without debug information: the errno is that of the reader. */
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
		cmocka_unit_test(adds_nothing_of_what_it_refuses),
		cmocka_unit_test(keeps_the_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
