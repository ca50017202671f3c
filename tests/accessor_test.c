// SPDX-License-Identifier: GPL-2.0
/*
 * Every accessor of every generation in every low, and every loop,
 * against one simple model. The model knows an accessor by its name only and
 * a generation by the facts below; of the headers it takes nothing but the
 * names and struct pf_page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "pageflags/loop.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))

enum marking { TWOBIT, BIT, WORD, MASK, ORDER, MEMDESC };

/* How a reference count is kept: as it is, or with a bit for frozen, or not. */
enum ref { NUMBER, FROZEN_31, USED_31, USED_0 };

struct bits {
	unsigned int locked, referenced, uptodate, dirty, lru, active,
		     writeback, head;
};

/* include/linux/page-flags.h of the release */
static const struct bits v2_6_22 = { 0, 2, 3, 4, 5, 6, 12, 14 };
static const struct bits v2_6_26 = { 0, 2, 3, 4, 5, 6, 12, 13 };
static const struct bits v4_2 = { 0, 2, 3, 4, 5, 6, 13, 14 };
static const struct bits v5_10 = { 0, 1, 2, 3, 4, 5, 15, 16 };
static const struct bits v6_12 = { 0, 2, 3, 4, 5, 8, 1, 6 };
static const struct bits ours = { 4, 5, 6, 7, 8, 9, 10, 1 };

static const struct facts {
	const char *name;
	bool looks_up;		/* do its flag accessors? */
	enum marking marking;
	unsigned int offset;	/* of the word that leads to the head */
	unsigned int tail;	/* bit, or first of four for the order */
	const struct bits *bits;
	unsigned int folio;	/* offset of the folio in its first page */
	enum ref ref;
} facts[] = {
	{ "plain", false, BIT, 0x30, 15, &v4_2 },
	{ "v2.6.22-twobit", false, TWOBIT, 0x10, 17, &v2_6_22 },
	{ "v2.6.26-bit", false, BIT, 0x10, 14, &v2_6_26 },
	{ "v3.14-rmb", true, BIT, 0x30, 15, &v4_2 },
	{ "v4.4-word", true, WORD, 0x20, 0, &v4_2 },
	{ "v5.18-fakehead", true, WORD, 0x08, 0, &v5_10 },
	{ "v5.18-fakehead-hvo", true, WORD, 0x08, 0, &v5_10 },
	{ "v7.1-mask", true, MASK, 0x08, 0, &v6_12 },
	{ "v7.1-pointer", true, WORD, 0x08, 0, &v6_12 },
	{ "v7.1-mask-fakehead", true, MASK, 0x08, 0, &v6_12 },
	{ "mask-branch", true, MASK, 0x08, 0, &v6_12 },
	{ "order-in-flags", true, ORDER, 0x20, 24, &v4_2 },
	{ "memdesc-32", true, MEMDESC, 0x08, 0, &v6_12, 0x20 },
	{ "memdesc-8", true, MEMDESC, 0x00, 0, &v6_12, 0x10 },
	{ "ref-cas", false, WORD, 0x08, 0, &v6_12, 0, NUMBER },
	{ "ref-cas-rcu", false, WORD, 0x08, 0, &v6_12, 0, NUMBER },
	{ "ref-assume-one", false, WORD, 0x08, 0, &v6_12, 0, NUMBER },
	{ "ref-frozen-bit", false, WORD, 0x08, 0, &v6_12, 0, FROZEN_31 },
	{ "ref-inverted-high", false, WORD, 0x08, 0, &v6_12, 0, USED_31 },
	{ "ref-inverted-low", false, WORD, 0x08, 0, &v6_12, 0, USED_0 },
	{ "primitive", false, BIT, 0x30, 0, &ours },
	{ "selftest-same", true, WORD, 0x20, 0, &v4_2 },
	{ "selftest-plus1", true, WORD, 0x20, 0, &v4_2 },
};

static const struct {
	const char *name;
	const pf_use_table *uses;
	const pf_loop_table *loops;
} generations[PF_NR_REPLICAS] = {
#define PF_G(id, name, ...) { name, pf_uses_##id, pf_loops_##id },
	PF_REPLICAS(PF_G)
#undef PF_G
};

static const struct facts *facts_of(const char *generation)
{
	for (size_t i = 0; i < LEN(facts); i++)
		if (!strcmp(facts[i].name, generation))
			return &facts[i];
	fail_msg("generation %s: no facts to test it against", generation);
	return NULL;
}

/* The operation of an accessor, by its name. */
enum what {
	READ, SET, CLEAR, TEST_AND_SET, TEST_AND_CLEAR, TRYLOCK, TRYLOCK_UNLOCK,
	LOOKUP, IS_HEAD, IS_TAIL, IS_COMPOUND,
	PASS, LOAD, LOAD_PLUS_BIT, PICK, AND_MASK, SET_AND_LOAD,
	ANON, TYPE, TYPE_BIT, HUGE_BYTE, EXCLUSIVE, FIELD, COUNT_4,
	COUNT, GET, PUT, TRY, TRY_FROZEN, TRY_PUT, LAST_PUT, GET_PUT,
};

struct op {
	enum what what;
	bool has_flag, looks_up, folio, mark;
	bool own;		/* the page's, in all releases */
	unsigned int bit;
	unsigned long width;	/* of a FIELD, its largest value */
};

static bool after(const char *name, const char *prefix, const char **rest)
{
	size_t n = strlen(prefix);

	*rest = name + n;
	return !strncmp(name, prefix, n);
}

static bool bit_of(const struct facts *f, const char *flag, unsigned int *bit)
{
	const struct {
		const char *name;
		unsigned int bit;
	} known[] = {
		{ "locked", f->bits->locked },
		{ "referenced", f->bits->referenced },
		{ "uptodate", f->bits->uptodate },
		{ "dirty", f->bits->dirty }, { "lru", f->bits->lru },
		{ "active", f->bits->active },
		{ "writeback", f->bits->writeback },
	};

	for (size_t i = 0; i < LEN(known); i++) {
		if (!strcasecmp(known[i].name, flag)) {
			*bit = known[i].bit;
			return true;
		}
	}
	return false;
}

static bool known_whole(const struct facts *f, const char *name, struct op *op)
{
	static const struct {
		const char *name;
		enum what what;
		bool has_flag;
	} known[] = {
		{ "compound_head", LOOKUP, false },
		{ "page_folio", LOOKUP, false },
		{ "PageHead", IS_HEAD, false },
		{ "PageTail", IS_TAIL, false },
		{ "PageCompound", IS_COMPOUND, false },
		{ "trylock_page", TRYLOCK, true },
		{ "folio_trylock", TRYLOCK, true },
		{ "unlock_page", CLEAR, true },
		{ "folio_unlock", CLEAR, true },
		{ "trylock_unlock_page", TRYLOCK_UNLOCK, true },
	};

	for (size_t i = 0; i < LEN(known); i++) {
		if (!strcmp(known[i].name, name)) {
			op->what = known[i].what;
			op->has_flag = known[i].has_flag;
			op->bit = f->bits->locked;
			return true;
		}
	}
	return false;
}

static bool known_prefix(const struct facts *f, const char *name, struct op *op)
{
	static const struct {
		const char *prefix;
		enum what what;
	} known[] = {
		{ "Page", READ }, { "SetPage", SET }, { "__SetPage", SET },
		{ "ClearPage", CLEAR }, { "TestSetPage", TEST_AND_SET },
		{ "TestClearPage", TEST_AND_CLEAR },
		{ "folio_test_", READ }, { "folio_set_", SET },
		{ "folio_mark_", SET }, { "folio_clear_", CLEAR },
		{ "folio_test_set_", TEST_AND_SET },
		{ "folio_test_clear_", TEST_AND_CLEAR },
	};
	const char *flag;

	for (size_t i = 0; i < LEN(known); i++) {
		if (after(name, known[i].prefix, &flag) &&
		    bit_of(f, flag, &op->bit)) {
			op->what = known[i].what;
			op->has_flag = true;
			return true;
		}
	}
	return false;
}

static bool known_primitive(const struct facts *f, const char *name,
			    struct op *op)
{
	static const struct {
		const char *name;
		enum what what;
	} known[] = {
		{ "empty", PASS }, { "add", PASS }, { "load", LOAD },
		{ "smp_", LOAD }, { "branch_", LOAD_PLUS_BIT },
		{ "select", PICK }, { "mask", AND_MASK },
		{ "locked_or", SET_AND_LOAD },
	};
	const char *rest;

	for (size_t i = 0; i < LEN(known); i++) {
		if (after(name, known[i].name, &rest)) {
			op->what = known[i].what;
			op->bit = f->bits->dirty;
			return true;
		}
	}
	return false;
}

static bool known_reference(const char *name, struct op *op)
{
	static const struct {
		const char *name;
		enum what what;
		bool looks_up;
	} known[] = {
		{ "page_count", COUNT, true }, { "get_page", GET, true },
		{ "get_put_page", GET_PUT, true },
		{ "put_page", PUT, true }, { "folio_ref_count", COUNT, false },
		{ "folio_get", GET, false }, { "folio_put", PUT, false },
		{ "folio_try_get", TRY, false },
		{ "folio_try_get_frozen", TRY_FROZEN, false },
		{ "folio_try_get_put", TRY_PUT, false },
		{ "folio_last_put", LAST_PUT, false },
	};

	for (size_t i = 0; i < LEN(known); i++) {
		if (!strcmp(known[i].name, name)) {
			op->what = known[i].what;
			op->looks_up = known[i].looks_up;
			return true;
		}
	}
	return false;
}

/* Accessors of other things than the flags of a head, by name. */
static bool known_state(const struct facts *f, const char *name, struct op *op)
{
	/* mappedtodisk, later owner_2 */
	unsigned int exclusive = f->bits == &v5_10 ? 17 :
		f->bits == &v6_12 ? 11 : 16;
	const struct {
		const char *name;
		enum what what;
		bool has_flag, own, looks_up;
		unsigned int bit;
		unsigned long width;
	} known[] = {
		{ "PageAnon", ANON, false, false, f->looks_up },
		{ "PageSlab", READ, true, false, f->looks_up,
		  f->bits == &v5_10 ? 9 : 7 },
		{ "PageSlab_head_type", TYPE, false, false, f->looks_up, 0xf5 },
		{ "PageHuge", HUGE_BYTE, false, false, true },
		{ "PageAnonExclusive_huge", EXCLUSIVE, false, false, true,
		  exclusive },
		{ "virt_to_head_page", LOOKUP, false, false, true },
		{ "page_folio_nid", FIELD, false, false, true, 54, 1023 },
		{ "PageLocked_x4", COUNT_4, true, false, f->looks_up, 0 },
		/* v4.2 */
		{ "PageReserved", READ, true, true, false, 10 },
		{ "PageHWPoison", READ, true, true, false, 23 },
		{ "PageAnonExclusive", READ, true, true, false, 17 },
		{ "page_zonenum", FIELD, false, true, false, 51, 7 },
		{ "page_to_nid", FIELD, false, true, false, 54, 1023 },
		{ "PageTable", TYPE_BIT, false, true, false, 9 },
		{ "PageSlab_type", TYPE, false, true, false, 0xf5 },
	};

	for (size_t i = 0; i < LEN(known); i++) {
		if (strcmp(known[i].name, name))
			continue;
		op->what = known[i].what;
		op->has_flag = known[i].has_flag;
		op->own = known[i].own;
		op->looks_up = known[i].looks_up;
		op->bit = known[i].bit;
		op->width = known[i].width;
		return true;
	}
	return false;
}

static struct op op_of(const struct facts *f, const char *name)
{
	struct op op = { 0 };
	const char *rest, *model = name;

	if (!strcmp(f->name, "primitive")) {
		if (!known_primitive(f, name, &op))
			fail_msg("%s: no model of it", name);
		return op;
	}
	op.folio = after(name, "folio_", &rest);
	if (known_state(f, name, &op))
		return op;
	if (known_reference(name, &op))
		return op;
	/* page_folio_test_locked: folio_test_locked() of page_folio() */
	if (after(name, "page_folio_", &rest))
		model = name + strlen("page_");
	if (!known_whole(f, model, &op) && !known_prefix(f, model, &op))
		fail_msg("%s: no model of it", name);
	op.mark = op.what == IS_HEAD || op.what == IS_TAIL ||
		  op.what == IS_COMPOUND;
	/* SetPageUptodate() never looked up the head */
	op.looks_up = op.what == LOOKUP ||
		(op.has_flag && f->looks_up && !op.folio &&
		 strcmp(name, "SetPageUptodate"));
	return op;
}

#define MAX_PAGES (2UL << 9)

/* Pages, and the model of them. */
struct world {
	const struct facts *f;
	struct pf_page *map, *want;
	unsigned long nr;
	unsigned int head_of[MAX_PAGES];
	bool is_head[MAX_PAGES], is_tail[MAX_PAGES];
	bool is_bare[MAX_PAGES];	/* part of no folio */
	uint64_t seed;
};

static uint64_t random64(struct world *w)
{
	/* Knuth's MMIX; the high bits are the random ones */
	w->seed = w->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return w->seed >> 32 | w->seed << 32;
}

static unsigned long *word_of(struct pf_page *page, const struct facts *f)
{
	return (unsigned long *)((char *)page + f->offset);
}

/* The flags of a folio whose first page is @page. */
static unsigned long *flags_of(struct pf_page *page, const struct facts *f)
{
	return (unsigned long *)((char *)page + f->folio);
}

/* The words that tests of a page's state read. */
static unsigned long *mapping_of(struct pf_page *page, const struct facts *f)
{
	bool second = f->bits == &v4_2;

	return (unsigned long *)((char *)page + (second ? 0x08 : 0x18));
}

static unsigned int *type_of(struct pf_page *page)
{
	return (unsigned int *)((char *)page + 0x30);
}

/* compound_dtor of the compound page whose head is @page */
static unsigned char *dtor_of(struct pf_page *page, const struct facts *f)
{
	return (unsigned char *)(page + 1) + (f->bits == &v4_2 ? 0x28 : 0x10);
}

/* Each answer of a test of the type: slabs, hugetlb, page tables, others. */
static void set_types(struct world *w, const struct facts *f)
{
	static const unsigned int types[] = {
		0xf5ffffff, 0xf4ffffff, 0xfffffdff, 0xffffffff, 0x75ffffff,
		0x7ffffdff, 0xf4fffdff, 0xf5000000,
	};

	for (unsigned long i = 0; i < w->nr; i++)
		*type_of(&w->map[i]) = types[random64(w) % LEN(types)];
	if (f->bits == &v4_2 || f->bits == &v5_10)
		*dtor_of(&w->map[0], f) = random64(w) & 1 ? 2 : 1;
}

/* _refcount, the count of a frozen page, and that of one with one reference */
static int *count_of(struct pf_page *page, enum what what)
{
	return (int *)((char *)page + (what == TRY_FROZEN ? 0x38 :
		       what == TRY_PUT || what == LAST_PUT ? 0x3c : 0x34));
}

static int references(const struct facts *f, int nr)
{
	return f->ref == USED_31 ? nr - 2147483647 - 1 :
		f->ref == USED_0 ? 2 * nr + 1 : nr;
}

static void count_references(struct pf_page *page, const struct facts *f,
			     unsigned int nr)
{
	*count_of(page, COUNT) = references(f, 1000 + nr);
	*count_of(page, TRY_FROZEN) = f->ref == FROZEN_31 ?
		-2147483647 - 1 : 0;
	*count_of(page, LAST_PUT) = references(f, 1);
}

static unsigned long mark_bits(const struct facts *f)
{
	unsigned long head = 1UL << f->bits->head;

	switch (f->marking) {
	case TWOBIT:
	case BIT:
		return head | 1UL << f->tail;
	case ORDER:
		return head | 15UL << f->tail;
	default:
		return head;
	}
}

/* Mark page @i as a tail of page @h; by the rules of its generation. */
static void mark_tail(struct world *w, unsigned int i, unsigned int h,
		      unsigned int order)
{
	const struct facts *f = w->f;
	struct pf_page *page = &w->map[i];
	unsigned long head = (unsigned long)&w->map[h];

	switch (f->marking) {
	case TWOBIT:
		page->flags |= 1UL << f->bits->head;
		/* fall through */
	case BIT:
		page->flags |= 1UL << f->tail;
		*word_of(page, f) = head;
		break;
	case WORD:
		*word_of(page, f) = head + 1;
		break;
	case MASK:
		*word_of(page, f) = -(64UL << order) + 1;
		break;
	case ORDER:
		break;
	case MEMDESC:
		/* 2: of a file; 3: anonymous */
		*word_of(page, f) = (head + f->folio) | 2 | (random64(w) & 1);
		break;
	}
	w->head_of[i] = h;
	w->is_tail[i] = true;
}

/*
 * One compound page and as many small pages, in which everything without a
 * meaning is garbage: random other flags, words that look like pointers.
 */
static void build(struct world *w, const struct facts *f, unsigned int order)
{
	unsigned long i, compound = 1UL << order;
	static const unsigned char types[14] = {
		0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	};

	w->f = f;
	w->nr = 2 * compound;
	for (i = 0; i < w->nr; i++) {
		unsigned long *words = (unsigned long *)&w->map[i];

		for (size_t k = 0; k < sizeof(*w->map) / sizeof(*words); k++)
			words[k] = random64(w);
		if (f->marking == WORD || f->marking == MASK ||
		    f->marking == ORDER)
			count_references(&w->map[i], f, i);
		w->map[i].flags &= ~mark_bits(f);
		*word_of(&w->map[i], f) =
			(unsigned long)&w->map[random64(w) % w->nr];
		/* older generations ignore even this bit */
		if (f->marking != WORD && f->marking != MASK)
			*word_of(&w->map[i], f) |= 1;
		/* PG_reclaim alone does not make a tail */
		if (f->marking == TWOBIT && i >= compound && random64(w) & 1)
			w->map[i].flags |= 1UL << f->tail;
		w->head_of[i] = i;
		w->is_head[i] = w->is_tail[i] = false;
		w->is_bare[i] = false;
		if (f->marking == MEMDESC && (i < compound || i & 3)) {
			mark_tail(w, i, i, 0);
			w->is_tail[i] = false;
		} else if (f->marking == MEMDESC) {
			/* a pointer to something else, or no pointer */
			*word_of(&w->map[i], f) &= ~15UL;
			*word_of(&w->map[i], f) |= types[random64(w) % 14];
			w->is_bare[i] = true;
		}
		if (f->marking == ORDER && i < compound)
			w->map[i].flags |= (unsigned long)order << f->tail;
		if (i && i < compound)
			mark_tail(w, i, 0, order);
	}
	if (f->marking != MEMDESC &&
	    (f->marking != BIT || !strcmp(f->name, "plain")))
		set_types(w, f);
	if (f->marking != MEMDESC)
		w->map[0].flags |= 1UL << f->bits->head;
	w->is_head[0] = true;
}

static unsigned int target_of(const struct world *w, const struct op *op,
			      unsigned int i)
{
	return op->looks_up ? w->head_of[i] : i;
}

/*
 * The model: do @op on page @i of w->want, with its result in @ret.
 * Return: false if the operation returns nothing.
 */
static bool model(struct world *w, const struct op *op, unsigned int i,
		  unsigned long *ret)
{
	unsigned int t = target_of(w, op, i);
	unsigned long *flags = flags_of(&w->want[t], w->f);
	unsigned long bit = 1UL << op->bit;
	unsigned long page = (unsigned long)&w->map[i];
	int *count = count_of(&w->want[t], op->what);
	int one = w->f->ref == USED_0 ? 2 : 1;
	bool was = *flags & bit;

	*ret = was;
	if (op->looks_up && w->is_bare[i]) {
		*ret = 0;
		return op->what != SET;
	}
	switch (op->what) {
	case READ:
		return true;
	case SET:
		*flags |= bit;
		return false;
	case CLEAR:
		*flags &= ~bit;
		return false;
	case TEST_AND_SET:
		*flags |= bit;
		return true;
	case TEST_AND_CLEAR:
		*flags &= ~bit;
		return true;
	case TRYLOCK:
		*flags |= bit;
		*ret = !was;
		return true;
	case TRYLOCK_UNLOCK:
		*ret = !was;
		return true;
	case LOOKUP:
		*ret = (unsigned long)flags_of(&w->map[t], w->f);
		return true;
	case IS_HEAD:
		*ret = w->is_head[i];
		return true;
	case IS_TAIL:
		*ret = w->is_tail[i];
		return true;
	case IS_COMPOUND:
		*ret = w->is_head[i] || w->is_tail[i];
		return true;
	case PASS:
		*ret = page;
		return true;
	case LOAD:
		*ret = *flags;
		return true;
	case LOAD_PLUS_BIT:
		*ret = *flags + (*flags & 1);
		return true;
	case PICK:
		*ret = *flags & 1 ? page : *flags;
		return true;
	case AND_MASK:
		*ret = *flags & 1 ? page & *flags : page;
		return true;
	case SET_AND_LOAD:
		*flags |= bit;
		*ret = *flags;
		return true;
	case ANON:
		*ret = *mapping_of(&w->want[t], w->f) & 1;
		return true;
	case TYPE:
		*ret = *type_of(&w->want[t]) / (1U << 24) == op->bit;
		return true;
	case TYPE_BIT:
		*ret = *type_of(&w->want[t]) >= 0xf0000000 &&
			!(*type_of(&w->want[t]) & bit);
		return true;
	case HUGE_BYTE:
		*ret = (w->is_head[i] || w->is_tail[i]) &&
			*dtor_of(&w->want[t], w->f) == 2;
		return true;
	case EXCLUSIVE:
		if (*type_of(&w->want[t]) / (1U << 24) != 0xf4)
			flags = flags_of(&w->want[i], w->f);
		*ret = (*flags & bit) != 0;
		return true;
	case FIELD:
		*ret = *flags / bit % (op->width + 1);
		return true;
	case COUNT_4:
		*ret = 4 * was;
		return true;
	case COUNT:
		*ret = w->f->ref == USED_0 ? *count / 2 : *count & 0x7fffffff;
		return true;
	case GET:
		*count += one;
		return false;
	case GET_PUT:
		return false;
	case PUT:
		*count -= one;
		*ret = false;
		return true;
	case TRY:
		*count += one;
		*ret = true;
		return true;
	case TRY_FROZEN:
		/* an attempt is counted, but for a compare-and-swap */
		if (w->f->ref != NUMBER)
			*count += one;
		*ret = false;
		return true;
	case TRY_PUT:
	case LAST_PUT:
		*ret = true;
		return true;
	}
	return false;
}

static void put_bit(const struct world *w, struct pf_page *page,
		    const struct op *op, bool value)
{
	unsigned long bit = 1UL << op->bit, *flags = flags_of(page, w->f);

	*flags = value ? *flags | bit : *flags & ~bit;
}

static bool same_pages(const struct world *w)
{
	return !memcmp(w->map, w->want, w->nr * sizeof(*w->map));
}

static const char *const lowerings[PF_NR_LOWERINGS] = {
	"auto", "branch", "select",
};

static void wrong(const struct world *w, unsigned int g, unsigned int a,
		  int low, unsigned int i, const char *what)
{
	for (unsigned long k = 0; k < w->nr; k++)
		if (memcmp(&w->map[k], &w->want[k], sizeof(*w->map)))
			print_error("page %lu: flags %#lx, should be %#lx\n", k,
				    w->map[k].flags, w->want[k].flags);
	fail_msg("%s/%s/%s, page %u (%s) of %lu: %s", pf_accessors[a].name,
		 generations[g].name, lowerings[low], i,
		 w->is_head[i] ? "head" : w->is_tail[i] ? "tail" :
		 w->is_bare[i] ? "bare" : "small",
		 w->nr, what);
}

/* One use on one page; w->want equals w->map before and after. */
static void check_use(struct world *w, unsigned int g, unsigned int a, int low,
		      const struct op *op, unsigned int i, bool flag)
{
	unsigned int t = target_of(w, op, i);
	unsigned long before = *flags_of(&w->map[t], w->f), got, should;

	if (op->has_flag) {
		put_bit(w, &w->map[t], op, flag);
		put_bit(w, &w->want[t], op, flag);
	}
	got = generations[g].uses[a][low](&w->map[i]);
	if (model(w, op, i, &should) && got != should) {
		print_error("returned %#lx, not %#lx\n", got, should);
		wrong(w, g, a, low, i, "wrong answer");
	}
	if (!same_pages(w))
		wrong(w, g, a, low, i, "another change than that of the bit");
	*flags_of(&w->map[t], w->f) = before;
	*flags_of(&w->want[t], w->f) = before;
}

/*
 * One accessor on all pages of a world. In every page but the target the
 * flag's bit is the opposite, so the wrong page gives the wrong answer.
 */
static void check_accessor(struct world *w, unsigned int g, unsigned int a,
			   const struct op *op)
{
	for (int flag = 0; flag < (op->has_flag ? 2 : 1); flag++) {
		for (unsigned long i = 0; op->has_flag && i < w->nr; i++)
			put_bit(w, &w->map[i], op, !flag);
		memcpy(w->want, w->map, w->nr * sizeof(*w->map));
		for (int low = 0; low < PF_NR_LOWERINGS; low++) {
			if (!generations[g].uses[a][low])
				continue;
			for (unsigned long i = 0; i < w->nr; i++)
				if (!op->folio || !w->is_tail[i])
					check_use(w, g, a, low, op, i, flag);
		}
	}
}

static bool has_any(unsigned int g, unsigned int a)
{
	for (int low = 0; low < PF_NR_LOWERINGS; low++)
		if (generations[g].uses[a][low])
			return true;
	return false;
}

static int new_world(void **state)
{
	static struct world w;

	w.seed = 20150805;
	w.map = aligned_alloc(64UL << 9, MAX_PAGES * sizeof(*w.map));
	w.want = aligned_alloc(64UL << 9, MAX_PAGES * sizeof(*w.want));
	*state = &w;
	return !w.map || !w.want;
}

static int free_world(void **state)
{
	struct world *w = *state;

	free(w->map);
	free(w->want);
	return 0;
}

static void layouts(void **state)
{
	(void)state;
	assert_int_equal(LEN(facts), PF_NR_REPLICAS);
	assert_int_equal(sizeof(struct pf_page), 64);
	for (int g = 0; g < PF_NR_REPLICAS; g++) {
		const struct facts *f = facts_of(generations[g].name);
		const struct pf_layout *l =
			&pf_layouts[pf_generations[g].layout];

		assert_string_equal(pf_generations[g].name, f->name);
		assert_int_equal(offsetof(struct pf_page, word) +
				 (int)l->word * (long)sizeof(long), f->offset);
		assert_int_equal(l->folio, f->folio);
		assert_int_equal(l->locked, f->bits->locked);
		assert_int_equal(l->referenced, f->bits->referenced);
		assert_int_equal(l->uptodate, f->bits->uptodate);
		assert_int_equal(l->dirty, f->bits->dirty);
		assert_int_equal(l->lru, f->bits->lru);
		assert_int_equal(l->active, f->bits->active);
		assert_int_equal(l->writeback, f->bits->writeback);
		assert_int_equal(l->head, f->bits->head);
		if (f->marking != WORD && f->marking != MASK)
			assert_int_equal(l->tail, f->tail);
	}
}

/* Has forced lowerings, where the look-up has a choice. */
static bool forced(const char *name)
{
	static const char *const names[] = {
		"PageLocked", "PageUptodate", "SetPageDirty",
		"TestSetPageDirty", "compound_head", "page_folio",
		"page_folio_test_locked", "get_put_page",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Forced lowerings exist exactly where the look-up has a choice. */
static void entries(void **state)
{
	unsigned long nr = 0;

	(void)state;
	for (int g = 0; g < PF_NR_REPLICAS; g++) {
		const struct facts *f = facts_of(generations[g].name);
		bool choice = f->marking != ORDER &&
			strcmp(f->name, "v7.1-mask") &&
			strncmp(f->name, "selftest", 8);

		for (int a = 0; a < PF_NR_ACCESSORS; a++) {
			const pf_use_fn *use = generations[g].uses[a];
			struct op op;

			for (int low = 0; low < PF_NR_LOWERINGS; low++) {
				assert_int_equal(use[low] != NULL,
						 pf_has(a, g, low));
				nr += use[low] != NULL;
			}
			if (!use[PF_AUTO]) {
				assert_null(use[PF_BRANCH]);
				assert_null(use[PF_SELECT]);
				continue;
			}
			op = op_of(f, pf_accessors[a].name);
			assert_int_equal(use[PF_BRANCH] != NULL,
					 op.looks_up && choice &&
					 forced(pf_accessors[a].name));
			assert_int_equal(use[PF_SELECT] != NULL,
					 use[PF_BRANCH] && PF_HAVE_SELECT);
		}
	}
	/* the table is not empty */
	assert_true(nr > PF_NR_ACCESSORS + PF_NR_REPLICAS);
}

static void semantics(void **state)
{
	struct world *w = *state;

	for (int g = 0; g < PF_NR_REPLICAS; g++) {
		const struct facts *f = facts_of(generations[g].name);

		for (unsigned int order = 1; order <= 9; order++) {
			build(w, f, order);
			for (int a = 0; a < PF_NR_ACCESSORS; a++) {
				struct op op;

				if (!has_any(g, a))
					continue;
				op = op_of(f, pf_accessors[a].name);
				check_accessor(w, g, a, &op);
			}
		}
	}
}

/* Accessors without a look-up use the page itself, whatever its marks. */
static void without_lookup(void **state)
{
	struct world *w = *state;
	bool folio = false, plain = false;

	for (int g = 0; g < PF_NR_REPLICAS; g++) {
		const struct facts *f = facts_of(generations[g].name);

		build(w, f, 5);
		for (unsigned long i = 0; i < w->nr; i++) {
			w->map[i].flags |= mark_bits(f);
			*word_of(&w->map[i], f) = 1 +
				(unsigned long)&w->map[(i + 7) % w->nr];
			w->is_head[i] = w->is_tail[i] = false;
			w->is_bare[i] = false;
		}
		for (int a = 0; a < PF_NR_ACCESSORS; a++) {
			struct op op;

			if (!has_any(g, a))
				continue;
			op = op_of(f, pf_accessors[a].name);
			if (op.looks_up || op.mark)
				continue;
			folio |= op.folio;
			plain |= !op.folio;
			check_accessor(w, g, a, &op);
		}
	}
	assert_true(folio);
	assert_true(plain);
}

/*
 * With HVO the second page of struct pages maps the first one again: its struct
 * page looks like the head. page_fixed_fake_head() finds the head if the key
 * is on. All other look-ups take the page for a head.
 */
static void fake_heads(void **state)
{
	struct world *w = *state;
	bool on = false, off = false, mask = false;

	for (int g = 0; g < PF_NR_REPLICAS; g++) {
		const struct facts *f = facts_of(generations[g].name);
		bool key = !strcmp(f->name, "v5.18-fakehead-hvo");

		/* the mask of a tail in the second half leads to page 512 */
		unsigned int head = f->marking == MASK ? 512 : 0;

		if (f->marking != WORD && f->marking != MASK)
			continue;
		build(w, f, 9);
		for (unsigned int fake = 64; fake < 512; fake += 64) {
			w->map[fake] = w->map[0];
			if (key)
				continue;
			w->head_of[fake] = fake;
			w->is_head[fake] = true;
			w->is_tail[fake] = false;
		}
		/* not at the start of a page: not a fake head */
		w->map[100] = w->map[0];
		w->head_of[100] = 100;
		w->is_head[100] = true;
		w->is_tail[100] = false;
		/* without PG_head: not a fake head */
		w->map[576] = w->map[520];
		assert_false(w->map[576].flags & 1UL << f->bits->head);
		mark_tail(w, 577, head, 9);
		/* not before a tail: not a fake head */
		w->map[640].flags |= 1UL << f->bits->head;
		w->is_head[640] = true;
		mark_tail(w, 642, head, 9);
		/* the next struct page decides */
		w->map[704].flags |= 1UL << f->bits->head;
		mark_tail(w, 705, head, 9);
		w->head_of[704] = key ? 0 : 704;
		w->is_head[704] = !key;
		w->is_tail[704] = key;
		for (int a = 0; a < PF_NR_ACCESSORS; a++) {
			struct op op;

			if (!has_any(g, a))
				continue;
			op = op_of(f, pf_accessors[a].name);
			check_accessor(w, g, a, &op);
			on |= key;
			off |= !key;
			mask |= f->marking == MASK;
		}
	}
	assert_true(on);
	assert_true(off);
	assert_true(mask);
}

/* One loop: three iterations over a list of @visits. */
static void check_loop(struct world *w, unsigned int g, unsigned int a, int low,
		       int form, const struct op *op, unsigned long visits)
{
	static struct pf_page *visit[64];
	static unsigned int index[64];
	unsigned long n = 3 * PF_UNROLL, ret, k;
	struct pf_walk walk = { visit, visit + visits, visit, 0 };

	for (k = 0; k < visits; k++) {
		do {
			index[k] = random64(w) % w->nr;
		} while (op->folio && w->is_tail[index[k]]);
		visit[k] = &w->map[index[k]];
	}
	for (k = 0; k < w->nr; k++)
		if (op->has_flag)
			put_bit(w, &w->map[k], op, random64(w) & 1);
	memcpy(w->want, w->map, w->nr * sizeof(*w->map));
	for (k = 0; k < n; k++)
		model(w, op, index[k % visits], &ret);
	generations[g].loops[a][low][form](&walk, 3);
	if (!same_pages(w))
		wrong(w, g, a, low, index[0], "a loop has a wrong result");
	if (walk.at != visit + n % visits || walk.start != visit ||
	    walk.end != visit + visits || walk.zero)
		wrong(w, g, a, low, index[0], "a loop left its walk at another page");
}

static bool is_yes_or_no(enum what what)
{
	return what == READ || what == TEST_AND_SET || what == TEST_AND_CLEAR ||
		what == TRYLOCK || what == IS_HEAD || what == IS_TAIL ||
		what == IS_COMPOUND || what == PUT || what == TRY ||
		what == TRY_FROZEN || what == TRY_PUT || what == LAST_PUT ||
		what == ANON || what == TYPE || what == TYPE_BIT ||
		what == HUGE_BYTE || what == EXCLUSIVE;
}

static void loops(void **state)
{
	struct world *w = *state;

	for (int g = 0; g < PF_NR_REPLICAS; g++) {
		const struct facts *f = facts_of(generations[g].name);

		build(w, f, 3);
		for (int i = 0; i < PF_NR_ACCESSORS * PF_NR_LOWERINGS; i++) {
			int a = i / PF_NR_LOWERINGS, low = i % PF_NR_LOWERINGS;
			const pf_loop_fn *loop = generations[g].loops[a][low];
			bool has = generations[g].uses[a][low] != NULL;
			struct op op;

			assert_int_equal(loop[PF_THROUGHPUT] != NULL, has);
			assert_int_equal(loop[PF_LATENCY] != NULL, has);
			if (!has) {
				assert_null(loop[PF_THROUGHPUT_COND]);
				continue;
			}
			op = op_of(f, pf_accessors[a].name);
			assert_int_equal(loop[PF_THROUGHPUT_COND] != NULL,
					 is_yes_or_no(op.what));
			for (int form = 0; form < PF_NR_FORMS; form++) {
				if (!loop[form])
					continue;
				/* shorter and longer than 3 iterations */
				check_loop(w, g, a, low, form, &op, 8);
				check_loop(w, g, a, low, form, &op, 16);
				check_loop(w, g, a, low, form, &op, 24);
				check_loop(w, g, a, low, form, &op, 32);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts),
		cmocka_unit_test(entries),
		cmocka_unit_test(semantics),
		cmocka_unit_test(without_lookup),
		cmocka_unit_test(fake_heads),
		cmocka_unit_test(loops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, new_world, free_world);
}
