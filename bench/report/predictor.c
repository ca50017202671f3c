// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdlib.h>

#include "report/predictor.h"

#define BIMODAL_BITS 13
#define GSHARE_BITS 16

/* TAGE: seven tables with tags behind a bimodal one. */
#define TABLES 7
#define TABLE_BITS 9
#define TABLE_SIZE (1U << TABLE_BITS)
/* Useful bits age after so many branches. */
#define AGE_PERIOD (1U << 18)

/* From 5 to 130 outcomes, geometrically. */
static const unsigned int history_lengths[TABLES] = {
	5, 9, 15, 25, 44, 76, 130,
};
static const unsigned int tag_bits[TABLES] = { 9, 9, 10, 10, 11, 11, 12 };

#define HISTORY 256		/* a power of two above the longest */

struct entry {
	int8_t counter;		/* -4 to 3: taken from 0 on */
	uint8_t useful;		/* 0 to 3 */
	uint16_t tag;
};

/* The last @length outcomes, folded to @width bits. */
struct folded {
	uint32_t value;
	unsigned int length, width;
};

struct predictor {
	enum predictor_kind kind;
	uint8_t *counters;		/* two bits each: taken from 2 on */
	uint32_t last;			/* outcomes, the newest in bit 0 */
	struct entry table[TABLES][TABLE_SIZE];
	struct folded index[TABLES], tag[TABLES][2];
	uint8_t outcome[HISTORY];
	unsigned int newest;
	int use_other;			/* -8 to 7, for new entries */
	unsigned long steps;
	uint32_t random;
};

static struct folded fold(unsigned int length, unsigned int width)
{
	return (struct folded){ .length = length, .width = width };
}

struct predictor *predictor_open(enum predictor_kind kind)
{
	unsigned int n = 1U << (kind == PREDICTOR_GSHARE ? GSHARE_BITS :
				BIMODAL_BITS);
	struct predictor *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->kind = kind;
	p->random = 1;
	p->counters = malloc(n);
	if (!p->counters) {
		free(p);
		return NULL;
	}
	/* weakly not taken */
	for (unsigned int i = 0; i < n; i++)
		p->counters[i] = 1;
	for (int t = 0; t < TABLES; t++) {
		p->index[t] = fold(history_lengths[t], TABLE_BITS);
		p->tag[t][0] = fold(history_lengths[t], tag_bits[t]);
		p->tag[t][1] = fold(history_lengths[t], tag_bits[t] - 1);
	}
	return p;
}

void predictor_close(struct predictor *p)
{
	if (p)
		free(p->counters);
	free(p);
}

const char *predictor_name(enum predictor_kind kind)
{
	static const char *const names[PREDICTOR_NR] = {
		"bimodal", "gshare", "TAGE",
	};

	return names[kind];
}

static bool step_counter(uint8_t *counter, bool taken)
{
	bool predicted = *counter >= 2;

	if (taken && *counter < 3)
		++*counter;
	else if (!taken && *counter > 0)
		--*counter;
	return predicted != taken;
}

static bool step_gshare(struct predictor *p, unsigned int branch, bool taken)
{
	uint32_t mask = (1U << GSHARE_BITS) - 1;
	bool wrong = step_counter(&p->counters[(branch ^ p->last) & mask],
				  taken);

	p->last = p->last << 1 | taken;
	return wrong;
}

static uint32_t step_random(struct predictor *p)
{
	/* xorshift32 (Marsaglia 2003) */
	p->random ^= p->random << 13;
	p->random ^= p->random >> 17;
	return p->random ^= p->random << 5;
}

static void fold_outcome(struct predictor *p, struct folded *f, bool taken)
{
	unsigned int old = p->outcome[(p->newest - f->length + 1) % HISTORY];

	f->value = f->value << 1 | taken;
	f->value ^= old << f->length % f->width;
	f->value ^= f->value >> f->width;
	f->value &= (1U << f->width) - 1;
}

/* Before the new outcome is written, the oldest one of each length is there. */
static void add_outcome(struct predictor *p, bool taken)
{
	for (int t = 0; t < TABLES; t++) {
		fold_outcome(p, &p->index[t], taken);
		fold_outcome(p, &p->tag[t][0], taken);
		fold_outcome(p, &p->tag[t][1], taken);
	}
	p->newest = (p->newest + 1) % HISTORY;
	p->outcome[p->newest] = taken;
}

static struct entry *entry_of(struct predictor *p, int t, unsigned int branch)
{
	unsigned int i = branch ^ branch >> (TABLE_BITS - t) ^
		p->index[t].value;

	return &p->table[t][i % TABLE_SIZE];
}

static uint16_t tag_of(const struct predictor *p, int t, unsigned int branch)
{
	return (branch ^ p->tag[t][0].value ^ p->tag[t][1].value << 1) &
		((1U << tag_bits[t]) - 1);
}

/* A table with a longer history than @provider's takes the branch. */
static void take_entry(struct predictor *p, struct entry **e, int provider,
		     unsigned int branch, bool taken)
{
	int t = provider + 1;

	/* mostly the next one, so that entries do not replace each other */
	while (t + 1 < TABLES && !(step_random(p) & 1))
		t++;
	for (; t < TABLES; t++) {
		if (e[t]->useful)
			continue;
		*e[t] = (struct entry){ .counter = taken ? 0 : -1,
					.tag = tag_of(p, t, branch) };
		return;
	}
	for (t = provider + 1; t < TABLES; t++)
		if (e[t]->useful)
			e[t]->useful--;
}

static void step_entry(struct entry *e, bool taken)
{
	if (taken && e->counter < 3)
		e->counter++;
	else if (!taken && e->counter > -4)
		e->counter--;
}

static void age(struct predictor *p)
{
	unsigned int mask = p->steps / AGE_PERIOD & 1 ? 1 : 2;

	if (++p->steps % AGE_PERIOD)
		return;
	for (int t = 0; t < TABLES; t++)
		for (unsigned int i = 0; i < TABLE_SIZE; i++)
			p->table[t][i].useful &= mask;
}

static bool step_tage(struct predictor *p, unsigned int branch, bool taken)
{
	uint8_t *base = &p->counters[branch % (1U << BIMODAL_BITS)];
	struct entry *e[TABLES];
	int provider = -1, other = -1;
	bool is, alternative = *base >= 2, chosen, is_new;

	for (int t = 0; t < TABLES; t++) {
		e[t] = entry_of(p, t, branch);
		if (e[t]->tag != tag_of(p, t, branch))
			continue;
		other = provider;
		provider = t;
	}
	if (other >= 0)
		alternative = e[other]->counter >= 0;
	is = provider >= 0 ? e[provider]->counter >= 0 : alternative;
	is_new = provider >= 0 && !e[provider]->useful &&
		(e[provider]->counter == 0 || e[provider]->counter == -1);
	chosen = is_new && p->use_other >= 0 ? alternative : is;
	if (is_new && is != alternative) {
		if (alternative == taken && p->use_other < 7)
			p->use_other++;
		else if (alternative != taken && p->use_other > -8)
			p->use_other--;
	}
	if (chosen != taken && provider + 1 < TABLES &&
	    !(is_new && is == taken))
		take_entry(p, e, provider, branch, taken);
	if (provider < 0) {
		step_counter(base, taken);
	} else {
		step_entry(e[provider], taken);
		if (is != alternative) {
			if (is == taken && e[provider]->useful < 3)
				e[provider]->useful++;
			else if (is != taken && e[provider]->useful)
				e[provider]->useful--;
		}
	}
	age(p);
	add_outcome(p, taken);
	return chosen != taken;
}

/* Numbers of sites are small: spread them as addresses are. */
static unsigned int spread(unsigned int branch)
{
	branch *= 2654435761U;
	return branch ^ branch >> 15;
}

bool predictor_step(struct predictor *p, unsigned int branch, bool taken)
{
	switch (p->kind) {
	case PREDICTOR_GSHARE:
		return step_gshare(p, spread(branch), taken);
	case PREDICTOR_TAGE:
		return step_tage(p, spread(branch), taken);
	default:
		return step_counter(&p->counters[branch %
						 (1U << BIMODAL_BITS)], taken);
	}
}
