// SPDX-License-Identifier: GPL-2.0
/* The results of a collection, one per machine. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/microarch.h"
#include "data/result_check.h"
#include "lib/array.h"
#include "report/format.h"
#include "report/machines_internal.h"

size_t machines_cell(enum pf_accessor accessor, enum pf_population population,
		     enum pf_generation generation, enum pf_lowering lowering)
{
	size_t i = accessor;

	i = i * PF_MIXED + population;
	i = i * PF_NR_GENERATIONS + generation;
	return i * PF_NR_LOWERINGS + lowering;
}

void machines_free_one(struct machine *machine)
{
	free(machine->path);
	free(machine->host);
	free(machine->model);
	free(machine->arch);
	free(machine->kernel);
	free(machine->backend);
	free(machine->commit);
	free(machine->date);
	free(machine->figure);
	free(machine->share);
}

/* Any population, on default pages. */
static bool is_requested_form(const struct machines_request *request,
			      const struct point *p)
{
	if (p->form != request->form || !point_is_default(p) ||
	    pf_generations[p->generation].era == PF_ERA_SELFTEST)
		return false;
	for (size_t i = 0; i < request->nr_accessors; i++)
		if (request->accessor[i] == p->accessor)
			return true;
	return false;
}

static bool is_requested_population(const struct machines_request *request,
				    const struct point *p)
{
	for (size_t i = 0; i < request->nr_populations; i++)
		if (request->population[i] == p->population)
			return true;
	return false;
}

static int compare_figures(const void *pa, const void *pb)
{
	const struct machine_figure *a = pa, *b = pb;

	return (a->cell > b->cell) - (a->cell < b->cell);
}

static int compare_shares(const void *pa, const void *pb)
{
	const struct machine_share *a = pa, *b = pb;

	if (a->accessor != b->accessor)
		return a->accessor < b->accessor ? -1 : 1;
	if (a->generation != b->generation)
		return a->generation < b->generation ? -1 : 1;
	return (a->tails > b->tails) - (a->tails < b->tails);
}

static int take_share(struct machine *n, const struct result_point *p,
		      double scale)
{
	struct machine_share *grown;

	if (p->point.population != PF_MIXED || p->point.lowering != PF_AUTO ||
	    p->contended)
		return 0;
	grown = array_grow(n->share, n->nr_shares, sizeof(*n->share));
	if (!grown)
		return -ENOMEM;
	n->share = grown;
	n->share[n->nr_shares++] = (struct machine_share){
		p->point.accessor, p->point.generation, p->point.tails,
		{ p->cost.mid * scale, p->cost.lo * scale,
		  p->cost.hi * scale, p->cost.n },
	};
	return 0;
}

static int take_figures(struct machine *n, const struct result *r,
			const struct machines_request *request, double scale)
{
	for (size_t i = 0; i < r->nr_points; i++) {
		const struct result_point *p = &r->point[i];
		struct machine_figure *grown;

		if (!is_requested_form(request, &p->point))
			continue;
		if (take_share(n, p, scale))
			return -ENOMEM;
		if (!is_requested_population(request, &p->point))
			continue;
		grown = array_grow(n->figure, n->nr, sizeof(*n->figure));
		if (!grown)
			return -ENOMEM;
		n->figure = grown;
		n->figure[n->nr++] = (struct machine_figure){
			.cell = machines_cell(p->point.accessor,
					      p->point.population,
					      p->point.generation,
					      p->point.lowering),
			.e = { p->cost.mid * scale, p->cost.lo * scale,
			       p->cost.hi * scale, p->cost.n },
			.contended = p->contended,
		};
	}
	if (n->nr)
		qsort(n->figure, n->nr, sizeof(*n->figure), compare_figures);
	if (n->nr_shares)
		qsort(n->share, n->nr_shares, sizeof(*n->share),
		      compare_shares);
	return 0;
}

/* A string of the context; "" where the file has none. */
static const char *context_or_empty(const struct result *r, const char *key)
{
	const char *text = result_context(r, key);

	return strncmp(text, "n/a", 3) ? text : "";
}

static int take_machine(struct machine *n, const struct result *r,
			const struct machines_request *request)
{
	const char *kernel = context_or_empty(r, "kernel");
	struct microarch_cpu cpu = {
		.arch = result_context(r, "arch"),
		.model = result_context(r, "cpu_model"),
		.id = context_or_empty(r, "cpu_id"),
		.kind = context_or_empty(r, "cpu_kind"),
	};
	enum unit unit = unit_resolve(r, request->unit);
	bool tcg = strstr(cpu.model, "TCG") != NULL;

	/* QEMU's model has the numbers of a real one, not its core */
	if (tcg)
		cpu.id = "";
	n->counted = unit_of_time(r) == UNIT_INSTRUCTIONS;
	if (n->counted)
		unit = UNIT_INSTRUCTIONS;
	n->unit_name = unit_name(r, unit);
	n->floor = unit_floor(r, unit);
	if (n->counted && !(n->floor > 0))
		n->floor = fmax(r->quantum_ticks, 0);
	n->path = strdup(r->path);
	n->host = strdup(context_or_empty(r, "host_name"));
	n->model = strdup(cpu.model);
	n->arch = strdup(cpu.arch);
	n->kernel = strndup(kernel, strcspn(kernel, " "));
	n->backend = strdup(result_context(r, "backend"));
	n->commit = strdup(context_or_empty(r, "commit"));
	n->date = strdup(context_or_empty(r, "date"));
	n->abi = result_abi(r);
	n->emulated = n->counted || tcg;
	if (!n->path || !n->host || !n->model || !n->arch || !n->kernel ||
	    !n->backend || !n->commit || !n->date)
		return -ENOMEM;
	microarch(&cpu, n->uarch, sizeof(n->uarch));
	return take_figures(n, r, request, unit_scale(r, unit));
}

static bool is_arch(const struct machines_request *request,
		    const struct result *r)
{
	const struct code_arch *arch =
		code_arch_find(result_context(r, "arch"));

	for (size_t i = 0; i < request->nr_archs; i++)
		if (request->arch[i] == arch)
			return true;
	return !request->nr_archs;
}

/* Called by several threads, each with another @i. */
static int take_one_machine(void *arg, size_t i, const struct result *r)
{
	struct machines *m = arg;

	return is_arch(&m->request, r) ?
		take_machine(&m->machine[i], r, &m->request) : 0;
}

/* Leave out the marked machines, in place. */
static void drop_machines(struct machines *m, const bool *drop)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->nr; i++) {
		if (drop[i])
			machines_free_one(&m->machine[i]);
		else
			m->machine[kept++] = m->machine[i];
	}
	m->nr = kept;
}

/* A machine per file; those of other architectures have no path. */
static int read_machines(struct machines *m, struct collection *c)
{
	bool *drop = calloc(c->nr + 1, sizeof(*drop));
	int err = -ENOMEM;

	m->machine = calloc(c->nr + 1, sizeof(*m->machine));
	if (drop && m->machine) {
		m->nr = c->nr;
		err = collection_read_all(c, take_one_machine, m, drop);
		for (size_t i = 0; i < m->nr; i++)
			drop[i] = !drop[i] || !m->machine[i].path;
		drop_machines(m, drop);
	}
	free(drop);
	return err;
}

/* The ABI that most results have, of equals the latest; 0 if none has one */
static int usual_abi(const struct machines *m)
{
	size_t most = 0;
	int best = 0;

	for (size_t i = 0; i < m->nr; i++) {
		int abi = m->machine[i].abi;
		size_t n = 0;

		/* nearly all collections have one */
		if (!abi || abi == best)
			continue;
		for (size_t k = 0; k < m->nr; k++)
			n += m->machine[k].abi == abi;
		if (n > most || (n == most && abi > best)) {
			most = n;
			best = abi;
		}
	}
	return best;
}

/* Files without an ABI are older than it, or counts. */
static void mark_other_abis(struct machines *m, bool *drop)
{
	int usual = usual_abi(m);

	for (size_t i = 0; i < m->nr; i++) {
		const struct machine *n = &m->machine[i];

		drop[i] = n->abi && n->abi != usual;
		if (drop[i])
			left_out_add(&m->left_out,
				     "%s: of ABI %d, most results are of ABI %d",
				     n->path, n->abi, usual);
	}
}

static int compare_commits(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The commit that most results have, of equals the first by name. */
static const char *usual_commit(const struct machines *m, char **sorted)
{
	const char *best = "";
	size_t n = 0, most = 0;

	for (size_t i = 0; i < m->nr; i++)
		if (*m->machine[i].commit)
			sorted[n++] = m->machine[i].commit;
	if (n)
		qsort(sorted, n, sizeof(*sorted), compare_commits);
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i; k < n && !strcmp(sorted[i], sorted[k]); k++)
			;
		if (k - i > most) {
			most = k - i;
			best = sorted[i];
		}
	}
	return best;
}

/* Counts files do not record a commit: counts are the same in every run. */
static void mark_other_commits(struct machines *m, char **scratch, bool *drop)
{
	const char *usual = usual_commit(m, scratch);

	for (size_t i = 0; i < m->nr && !m->request.any_commit; i++) {
		const struct machine *n = &m->machine[i];

		drop[i] = *n->commit && strcmp(n->commit, usual);
		if (drop[i])
			left_out_add(&m->left_out,
				     "%s: of commit %.40s, most results are of %.40s",
				     n->path, n->commit, usual);
	}
}

static int compare_identity(const struct machine *a, const struct machine *b)
{
	int d = strcmp(a->arch, b->arch);

	if (!d)
		d = strcmp(a->uarch, b->uarch);
	if (!d)
		d = strcmp(a->unit_name, b->unit_name);
	if (!d)
		d = strcmp(a->host, b->host);
	if (!d)
		d = strcmp(a->model, b->model);
	if (!d)
		d = strcmp(a->kernel, b->kernel);
	return d ? d : strcmp(a->backend, b->backend);
}

/* By group and machine, the newest run first. */
static int compare_machines(const void *a, const void *b)
{
	const struct machine *p = a, *q = b;
	int d = compare_identity(p, q);

	if (!d)
		d = strcmp(q->date, p->date);
	return d ? d : strcmp(p->path, q->path);
}

static void mark_older_runs(struct machines *m, bool *drop)
{
	size_t newest = 0;

	for (size_t i = 1; i < m->nr; i++) {
		const struct machine *n = &m->machine[i];

		drop[i] = !compare_identity(&m->machine[newest], n);
		if (drop[i])
			left_out_add(&m->left_out,
				     "%s: an older run of the machine of %s",
				     n->path, m->machine[newest].path);
		else
			newest = i;
	}
}

static void mark_empty(struct machines *m, bool *drop)
{
	for (size_t i = 0; i < m->nr; i++) {
		drop[i] = !m->machine[i].nr;
		if (drop[i])
			left_out_add(&m->left_out,
				     "%s: has none of the requested points",
				     m->machine[i].path);
	}
}

static int choose_machines(struct machines *m)
{
	bool *drop = calloc(m->nr + 1, sizeof(*drop));
	char **scratch = calloc(m->nr + 1, sizeof(*scratch));
	size_t nr = m->nr;

	if (drop && scratch && nr) {
		mark_empty(m, drop);
		drop_machines(m, drop);
		memset(drop, 0, nr);
		mark_other_abis(m, drop);
		drop_machines(m, drop);
		memset(drop, 0, nr);
		mark_other_commits(m, scratch, drop);
		drop_machines(m, drop);
		memset(drop, 0, nr);
		qsort(m->machine, m->nr, sizeof(*m->machine),
		      compare_machines);
		mark_older_runs(m, drop);
		drop_machines(m, drop);
	}
	nr = drop && scratch;
	free(scratch);
	free(drop);
	return nr ? 0 : -ENOMEM;
}

int machines_read(struct machines *m, size_t nr, char *const *names,
		  struct errmsg *msg)
{
	struct collection c;
	int err = collection_open(&c, nr, names, &m->left_out, msg);

	if (!err && (read_machines(m, &c) || choose_machines(m)))
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	collection_close(&c);
	if (!err && !m->nr)
		err = errmsg_set(msg, -EINVAL, "no result is left: %.400s",
				 m->left_out.nr ? m->left_out.text[0] :
				 "no file *.json or counts*.txt");
	return err;
}
