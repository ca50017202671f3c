// SPDX-License-Identifier: GPL-2.0
/*
 * The data of all machines: one object with machines, rows of figures and
 * conclusions, and an element per conclusion with its differences.
 */
#include <math.h>
#include <string.h>

#include "data/names.h"
#include "data/palette.h"
#include "report/format.h"
#include "report/html_internal.h"
#include "report/machines_internal.h"

static void write_member(FILE *f, const char *key, const char *text)
{
	fprintf(f, "\"%s\":", key);
	html_json_string(f, text);
	fputc(',', f);
}

static void write_machine(FILE *f, const struct machine *n, size_t group)
{
	fputs("{", f);
	write_member(f, "file", n->path);
	write_member(f, "host", n->host);
	write_member(f, "microarchitecture", n->uarch);
	write_member(f, "cpu_model", n->model);
	write_member(f, "arch", n->arch);
	write_member(f, "kernel", n->kernel);
	write_member(f, "backend", n->backend);
	write_member(f, "commit", n->commit);
	write_member(f, "date", n->date);
	write_member(f, "unit", n->unit_name);
	fprintf(f, "\"emulated\":%s,\"counted\":%s,\"group\":%zu}",
		n->emulated ? "true" : "false", n->counted ? "true" : "false",
		group);
}

static void write_machines(FILE *f, const struct machines *m)
{
	fputs("\"machines\":[", f);
	for (size_t g = 0; g < m->nr_groups; g++)
		for (size_t i = m->group[g].first;
		     i < m->group[g].first + m->group[g].nr; i++) {
			if (i)
				fputs(",\n", f);
			write_machine(f, &m->machine[i], g);
		}
	fputs("],\n", f);
}

static void write_variant(FILE *f, const struct machines_variant *v)
{
	char name[64], origin[NAMES_TEXT_MAX];

	machines_variant_name(v, name, sizeof(name));
	fputs("{", f);
	write_member(f, "name", name);
	write_member(f, "generation", pf_generations[v->generation].name);
	write_member(f, "lowering", v->lowering ? lowering_name(v->lowering) :
		     "");
	names_generation_origin(v->generation, origin);
	write_member(f, "origin", origin);
	write_member(f, "text", names_generation_text(v->generation));
	write_member(f, "colour", generation_look(v->generation)->colour);
	fprintf(f, "\"lookup\":%s}", machines_has_lookup(v->generation) ?
		"true" : "false");
}

static void write_variants(FILE *f, const struct machines *m)
{
	fputs("\"variants\":[", f);
	for (size_t v = 0; v < m->nr_variants; v++) {
		if (v)
			fputs(",\n", f);
		write_variant(f, &m->variant[v]);
	}
	fputs("],\n", f);
}

static const struct estimate no_figure = { NAN, NAN, NAN, 0 };

static bool any_figure(const struct machines *m, enum pf_accessor accessor,
		       enum pf_population population,
		       const struct machines_variant *v)
{
	for (size_t i = 0; i < m->nr; i++)
		if (machines_figure(&m->machine[i], accessor, population, v))
			return true;
	return false;
}

/* The figures of all machines, then those that are contended. */
static void write_row(FILE *f, const struct machines *m,
		      enum pf_accessor accessor, enum pf_population population,
		      size_t v)
{
	const struct machine_figure *figure;
	bool comma = false;

	fprintf(f, "{\"accessor\":\"%s\",\"population\":\"%s\",\"variant\":%zu,\"figures\":[",
		pf_accessors[accessor].name, population_kind_name(population),
		v);
	for (size_t i = 0; i < m->nr; i++) {
		figure = machines_figure(&m->machine[i], accessor, population,
					 &m->variant[v]);
		html_json_estimate(f, figure ? &figure->e : &no_figure, i);
	}
	fputs("],\"contended\":[", f);
	for (size_t i = 0; i < m->nr; i++) {
		figure = machines_figure(&m->machine[i], accessor, population,
					 &m->variant[v]);
		if (figure && figure->contended) {
			fprintf(f, "%s%zu", comma ? "," : "", i);
			comma = true;
		}
	}
	fputs("]}", f);
}

static void write_rows(FILE *f, const struct machines *m)
{
	const struct machines_request *request = &m->request;
	bool comma = false;

	fputs("\"rows\":[", f);
	for (size_t a = 0; a < request->nr_accessors; a++)
		for (size_t p = 0; p < request->nr_populations; p++)
			for (size_t v = 0; v < m->nr_variants; v++) {
				if (!any_figure(m, request->accessor[a],
						request->population[p],
						&m->variant[v]))
					continue;
				if (comma)
					fputs(",\n", f);
				comma = true;
				write_row(f, m, request->accessor[a],
					  request->population[p], v);
			}
	fputs("],\n", f);
}

/* The curves of a machine: [accessor, generation, share, 3 numbers, ...] */
static void write_curve(FILE *f, const struct machine *n)
{
	fputs("[", f);
	for (size_t k = 0; k < n->nr_shares; k++) {
		const struct machine_share *s = &n->share[k];

		fprintf(f, "%s%d,%d,%u", k ? "," : "", s->accessor,
			s->generation, s->tails);
		html_json_estimate(f, &s->e, true);
	}
	fputs("]", f);
}

/* Numbers of accessors and generations in curves, and how lines look. */
static void write_curve_names(FILE *f)
{
	fputs("\"curve_accessors\":[", f);
	for (int a = 0; a < PF_NR_ACCESSORS; a++)
		fprintf(f, "%s\"%s\"", a ? "," : "", pf_accessors[a].name);
	fputs("],\n\"curve_generations\":[", f);
	for (int g = 0; g < PF_NR_GENERATIONS; g++)
		fprintf(f, "%s[\"%s\",\"%s\"]", g ? "," : "",
			pf_generations[g].name, generation_look(g)->colour);
	fputs("],\n", f);
}

static void write_curves(FILE *f, const struct machines *m)
{
	write_curve_names(f);
	fputs("\"curves\":[", f);
	for (size_t i = 0; i < m->nr; i++) {
		if (i)
			fputs(",\n", f);
		write_curve(f, &m->machine[i]);
	}
	fputs("],\n", f);
}

/* An answer per machine: w, l, s, u, or '-' for none. */
static void write_conclusion(FILE *f, const struct machines *m,
			     const struct machines_conclusion *c)
{
	static const char letters[MACHINES_NR_ANSWERS] = {
		[MACHINES_WINS] = 'w', [MACHINES_LOSES] = 'l',
		[MACHINES_SAME] = 's', [MACHINES_UNDECIDED] = 'u',
		[MACHINES_NOTHING] = '-',
	};
	double least, most;
	char name[64];

	fprintf(f, "{\"accessor\":\"%s\",\"population\":\"%s\",\"instructions\":%s,",
		pf_accessors[c->accessor].name,
		population_kind_name(c->population),
		c->counted ? "true" : "false");
	machines_variant_name(&c->a, name, sizeof(name));
	write_member(f, "a", name);
	machines_variant_name(&c->b, name, sizeof(name));
	write_member(f, "b", name);
	fputs("\"answers\":\"", f);
	for (size_t i = 0; i < m->nr; i++)
		fputc(letters[c->answer[i]], f);
	if (machines_saved(m, c, &least, &most))
		fprintf(f, "\",\"saved\":[%.5g,%.5g]}", least, most);
	else
		fputs("\",\"saved\":null}", f);
}

static void write_conclusions(FILE *f, const struct machines *m)
{
	fputs("\"conclusions\":[", f);
	for (size_t i = 0; i < m->nr_conclusions; i++) {
		if (i)
			fputs(",\n", f);
		write_conclusion(f, m, &m->conclusion[i]);
	}
	fputs("],\n", f);
}

static void write_left_out(FILE *f, const struct left_out *l)
{
	fputs("\"left_out\":[", f);
	for (size_t i = 0; i < l->nr; i++) {
		if (i)
			fputs(",\n", f);
		html_json_string(f, l->text[i]);
	}
	fputs("]", f);
}

/* Parsed when a reader opens the conclusion. */
static void write_differences(FILE *f, const struct machines *m, size_t number)
{
	const struct machines_conclusion *c = &m->conclusion[number];

	html_json_begin(f, "conclusion-", number);
	fputs("[", f);
	for (size_t i = 0; i < m->nr; i++)
		html_json_estimate(f, c->answer[i] == MACHINES_NOTHING ?
				   &no_figure : &c->difference[i], i);
	fputs("]", f);
	html_json_end(f);
}

void html_write_data(FILE *f, const struct machines *m)
{
	html_json_begin(f, "data", 0);
	fprintf(f, "{\"format\":1,\"quantum\":1e-5,\"threshold\":%g,\"version\":\"%s\",\n",
		m->request.threshold, PFBENCH_VERSION);
	write_member(f, "form", format_mode(m->request.form));
	write_machines(f, m);
	write_variants(f, m);
	write_rows(f, m);
	write_curves(f, m);
	write_conclusions(f, m);
	write_left_out(f, &m->left_out);
	fputs("}", f);
	html_json_end(f);
	for (size_t i = 0; i < m->nr_conclusions; i++)
		write_differences(f, m, i);
}
