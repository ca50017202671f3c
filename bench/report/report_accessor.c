// SPDX-License-Identifier: GPL-2.0
/* The tables of one accessor: which there are, and what each one shows. */
#include <stdarg.h>
#include <string.h>

#include "report/report_table.h"

/* With more shares of tails than this, shares have a table of their own. */
#define MAX_SHARES 2

/* The parts of a point that the head of a column shows. */
enum head { HEAD_PAGES, HEAD_SHARE, HEAD_WORKING_SET, HEAD_ORDER };

/* Which points a table takes, and how it shows them. */
struct choice {
	bool (*want)(const struct point *p, const void *choice);
	struct point like;
	enum pf_form form, form2;
	bool some_shares;	/* of the mixed populations 50 only */
	enum head head;
	bool narrow;
};

static bool want_base(const struct point *p, const void *arg)
{
	const struct choice *c = arg;

	if (p->form != c->form && p->form != c->form2)
		return false;
	return point_is_default(p) && (p->population != PF_MIXED || p->replay ||
				       p->tails == 50 || !c->some_shares);
}

static bool want_sources(const struct point *p, const void *arg)
{
	const struct choice *c = arg;
	struct point own = *p;

	own.source = SOURCE_OWN;
	return p->source != SOURCE_OWN && point_is_default(&own) &&
		(p->form == c->form || p->form == c->form2);
}

static bool want_shares(const struct point *p, const void *arg)
{
	const struct choice *c = arg;

	return p->form == c->form && p->population == PF_MIXED &&
		!p->replay && point_is_default(p);
}

static bool want_working_sets(const struct point *p, const void *arg)
{
	struct point like = ((const struct choice *)arg)->like;

	like.ws = p->ws;
	return point_same_column(p, &like);
}

static bool want_orders(const struct point *p, const void *arg)
{
	struct point like = ((const struct choice *)arg)->like;

	like.order = p->order;
	return point_same_column(p, &like);
}

static bool want_populations(const struct point *p, const void *arg)
{
	const struct point *like = &((const struct choice *)arg)->like;

	return !p->threading && p->form == like->form && p->ws == like->ws &&
		p->shuffled == like->shuffled &&
		p->cold_tail == like->cold_tail &&
		(p->order == like->order || !p->order || !like->order);
}

static size_t count_choice(struct report *rep, const struct choice *c)
{
	struct report_table t;
	size_t nr;

	report_table_columns(rep, &t, c->want, c);
	nr = t.nr;
	report_table_close(&t);
	return nr;
}

static void set_heads(struct report_table *t, enum head head)
{
	for (size_t i = 0; i < t->nr; i++) {
		const struct point *key = &t->column[i].key;
		char *text = t->column[i].head;
		size_t size = sizeof(t->column[i].head);

		if (head == HEAD_SHARE)
			snprintf(text, size, "%u", key->tails);
		else if (head == HEAD_WORKING_SET)
			snprintf(text, size, "%s", working_set_name(key->ws));
		else if (head == HEAD_ORDER)
			snprintf(text, size, "%u", key->order);
	}
}

/* A table of medians; its title is the accessor and what follows. */
static void __attribute__((format(printf, 3, 4)))
print_choice(struct report *rep, const struct choice *c, const char *fmt, ...)
{
	struct report_table t = { .figure = REPORT_MEDIAN,
				  .narrow = c->narrow };
	size_t n = snprintf(t.title, sizeof(t.title), "%s, ",
			    pf_accessors[rep->accessor].name);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t.title + n, sizeof(t.title) - n, fmt, ap);
	va_end(ap);
	report_table_columns(rep, &t, c->want, c);
	set_heads(&t, c->head);
	report_table_print(rep, &t);
	report_table_close(&t);
}

/* One or both modes, then what look-ups add to plain. */
static void print_base(struct report *rep, enum pf_form form,
		       enum pf_form form2, bool some_shares)
{
	const char *name = pf_accessors[rep->accessor].name, *mode;
	struct choice c = { .form = form, .form2 = form2,
			    .some_shares = some_shares };
	struct report_table t = { .figure = REPORT_MEDIAN };

	report_table_columns(rep, &t, want_base, &c);
	if (t.nr) {
		/* two modes are named in the heads instead */
		mode = t.column[0].key.form == t.column[t.nr - 1].key.form ?
			format_mode(t.column[0].key.form) : "";
		snprintf(t.title, sizeof(t.title), "%s%s%s", name,
			 *mode ? ", " : "", mode);
		report_table_print(rep, &t);
		snprintf(t.title, sizeof(t.title),
			 "%s%s%s: what the look-up adds to plain", name,
			 *mode ? ", " : "", mode);
		t.figure = REPORT_ADDED;
		report_table_print(rep, &t);
	}
	report_table_close(&t);
}

/* Every counter, throughput and latency side by side. */
static void print_events(struct report *rep, bool narrow,
			 bool (*want)(const struct point *p, const void *arg))
{
	const json_t *counters = json_object_get(rep->r->pfbench, "counters");
	struct choice c = { .form = PF_THROUGHPUT, .form2 = PF_LATENCY,
			    .some_shares = true };
	struct report_table t = { .figure = REPORT_EVENT, .narrow = narrow };
	json_t *v;

	report_table_columns(rep, &t, want, &c);
	for (size_t i = 0; narrow && i < t.nr; i++)
		if (t.column[i].key.population == PF_MIXED)
			strcpy(t.column[i].head, t.column[i].key.replay ?
			       "replay" : "mixed");
	json_object_foreach((json_t *)counters, t.event, v) {
		snprintf(t.title, sizeof(t.title), "%s: %s%s",
			 pf_accessors[rep->accessor].name, t.event,
			 narrow ? "" : ", by source of the pages");
		report_table_print(rep, &t);
	}
	report_table_close(&t);
}

static void print_working_sets(struct report *rep, const struct point *like)
{
	struct choice c = { .want = want_working_sets, .like = *like,
			    .head = HEAD_WORKING_SET };
	char pages[POPULATION_NAME_MAX];

	pages_name(like, pages);
	print_choice(rep, &c, "%s, %s%s, by working set",
		     format_mode(like->form), pages,
		     like->shuffled ? ", shuffled" : "");
}

static const char *cold_tail_text(const struct point *p)
{
	return p->cold_tail ? ", page[1] cold" : "";
}

static void print_orders(struct report *rep, const struct point *like)
{
	struct choice c = { .want = want_orders, .like = *like,
			    .head = HEAD_ORDER, .narrow = true };
	char pages[POPULATION_NAME_MAX];

	pages_name(like, pages);
	print_choice(rep, &c, "%s, %s%s%s, by compound order",
		     format_mode(like->form), pages,
		     like->shuffled ? ", shuffled" : "", cold_tail_text(like));
}

static void print_populations(struct report *rep, const struct point *like)
{
	struct choice c = { .want = want_populations, .like = *like };
	struct report_table t;

	/* no narrow column is wide enough for a source */
	report_table_columns(rep, &t, want_populations, &c);
	c.narrow = t.nr > 2 * REPORT_MAX_WIDE;
	for (size_t i = 0; i < t.nr; i++)
		c.narrow &= t.column[i].key.source == SOURCE_OWN;
	report_table_close(&t);
	print_choice(rep, &c, "%s%s%s, %s%s", format_mode(like->form),
		     like->shuffled ? ", shuffled" : "", cold_tail_text(like),
		     working_set_name(like->ws), !like->order ||
		     like->order == PF_DEFAULT_ORDER ? "" : ", other order");
}

/* Points that no table has shown yet, by what they differ in. */
static void print_rest(struct report *rep)
{
	const struct point *p;
	size_t i;

	for (i = 0; i < rep->nr; i++)
		if (!rep->shown[i] && rep->point[i]->point.ws != WS_HOT)
			print_working_sets(rep, &rep->point[i]->point);
	for (i = 0; i < rep->nr; i++) {
		p = &rep->point[i]->point;
		if (!rep->shown[i] && p->order &&
		    p->order != PF_DEFAULT_ORDER)
			print_orders(rep, p);
	}
	for (i = 0; i < rep->nr; i++)
		if (!rep->shown[i])
			print_populations(rep, &rep->point[i]->point);
}

void report_accessor(struct report *rep)
{
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY,
					      PF_THROUGHPUT_COND };
	size_t shares[3], i;
	bool some;

	for (i = 0; i < 3; i++)
		shares[i] = count_choice(rep, &(struct choice){
			.want = want_shares, .form = forms[i] });
	some = shares[0] > MAX_SHARES || shares[1] > MAX_SHARES;
	if (count_choice(rep, &(struct choice){
			.want = want_base, .form = PF_THROUGHPUT,
			.form2 = PF_LATENCY, .some_shares = some }) <=
	    REPORT_MAX_WIDE) {
		print_base(rep, PF_THROUGHPUT, PF_LATENCY, some);
	} else {
		print_base(rep, PF_THROUGHPUT, PF_THROUGHPUT, some);
		print_base(rep, PF_LATENCY, PF_LATENCY, some);
	}
	print_base(rep, PF_THROUGHPUT_COND, PF_THROUGHPUT_COND, some);
	for (i = 0; i < 3; i++)
		if (some && shares[i] > 1)
			print_choice(rep, &(struct choice){
				.want = want_shares, .form = forms[i],
				.head = HEAD_SHARE, .narrow = true },
				"%s, by share of tail pages (%%), at random",
				format_mode(forms[i]));
	for (i = 0; i < 3; i++)
		print_choice(rep, &(struct choice){
			.want = want_sources, .form = forms[i],
			.form2 = forms[i] }, "%s, by source of the pages",
			format_mode(forms[i]));
	print_events(rep, true, want_base);
	print_events(rep, false, want_sources);
	print_rest(rep);
}
