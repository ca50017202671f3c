// SPDX-License-Identifier: GPL-2.0
#include "data/json.h"
#include "report/left_out_print.h"
#include "report/machines_internal.h"

static json_t *machine_json(const struct machine *n, size_t number)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b}",
			 "machine", (json_int_t)number,
			 "file", json_text(n->path), "host", json_text(n->host),
			 "microarchitecture", json_text(n->uarch),
			 "cpu_model", json_text(n->model),
			 "arch", json_text(n->arch),
			 "kernel", json_text(n->kernel),
			 "backend", json_text(n->backend),
			 "commit", json_text(n->commit),
			 "date", json_text(n->date), "unit", n->unit_name,
			 "emulated", n->emulated);
}

static json_t *machine_figure_json(const struct machine_figure *f,
				   size_t number)
{
	return json_pack("{s:I, s:f, s:o, s:o, s:b}",
			 "machine", (json_int_t)number, "median", f->e.mid,
			 "lo", json_finite(f->e.lo), "hi", json_finite(f->e.hi),
			 "contended", f->contended);
}

static json_t *variant_json(const struct machines *m,
			    const struct machines_variant *v,
			    enum pf_accessor accessor,
			    enum pf_population population)
{
	json_t *figures = json_array();
	char name[64];

	for (size_t i = 0; i < m->nr; i++) {
		const struct machine_figure *f = machines_figure(
			&m->machine[i], accessor, population, v);

		if (f)
			json_array_append_new(figures,
					      machine_figure_json(f, i + 1));
	}
	machines_variant_name(v, name, sizeof(name));
	return json_pack("{s:s, s:s, s:s, s:o}",
			 "accessor", pf_accessors[accessor].name,
			 "population", population_kind_name(population),
			 "variant", name, "figures", figures);
}

static json_t *conclusion_json(const struct machines *m,
			       const struct machines_conclusion *c)
{
	static const char *const answers[] = {
		[MACHINES_WINS] = "wins", [MACHINES_LOSES] = "loses",
		[MACHINES_SAME] = "same", [MACHINES_UNDECIDED] = "undecided",
	};
	json_t *o = json_object(), *list, *differences = json_array();
	char a[64], b[64];

	machines_variant_name(&c->a, a, sizeof(a));
	machines_variant_name(&c->b, b, sizeof(b));
	json_object_set_new(o, "accessor",
			    json_string(pf_accessors[c->accessor].name));
	json_object_set_new(o, "population", json_string(
				    population_kind_name(c->population)));
	json_object_set_new(o, "instructions", json_boolean(c->counted));
	json_object_set_new(o, "a", json_string(a));
	json_object_set_new(o, "b", json_string(b));
	for (int k = 0; k < MACHINES_NOTHING; k++) {
		list = json_array();
		for (size_t i = 0; i < m->nr; i++)
			if (c->answer[i] == k)
				json_array_append_new(list,
						      json_integer(i + 1));
		json_object_set_new(o, answers[k], list);
	}
	for (size_t i = 0; i < m->nr; i++)
		if (c->answer[i] != MACHINES_NOTHING)
			json_array_append_new(differences, json_pack(
				"{s:I, s:f, s:o, s:o}",
				"machine", (json_int_t)i + 1,
				"value", c->difference[i].mid,
				"lo", json_finite(c->difference[i].lo),
				"hi", json_finite(c->difference[i].hi)));
	json_object_set_new(o, "differences", differences);
	return o;
}

int machines_print_json(FILE *f, const struct machines *m)
{
	const struct machines_request *request = &m->request;
	json_t *machines = json_array(), *rows = json_array();
	json_t *conclusions = json_array();

	for (size_t i = 0; i < m->nr; i++)
		json_array_append_new(machines,
				      machine_json(&m->machine[i], i + 1));
	for (size_t a = 0; a < request->nr_accessors; a++)
		for (size_t p = 0; p < request->nr_populations; p++)
			for (size_t v = 0; v < m->nr_variants; v++)
				json_array_append_new(rows, variant_json(m,
					&m->variant[v], request->accessor[a],
					request->population[p]));
	for (size_t i = 0; i < m->nr_conclusions; i++)
		json_array_append_new(conclusions,
				      conclusion_json(m, &m->conclusion[i]));
	return json_print(f, json_pack("{s:i, s:f, s:o, s:o, s:o, s:o}",
		"format", 1, "threshold", request->threshold,
		"machines", machines, "rows", rows,
		"conclusions", conclusions,
		"left_out", left_out_json(&m->left_out)));
}
