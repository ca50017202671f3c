// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/machines_internal.h"

const struct machine_figure *
machines_figure(const struct machine *machine, enum pf_accessor accessor,
		enum pf_population population,
		const struct machines_variant *variant)
{
	size_t cell = machines_cell(accessor, population, variant->generation,
				    variant->lowering);
	size_t lo = 0, hi = machine->nr;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (machine->figure[mid].cell < cell)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < machine->nr && machine->figure[lo].cell == cell ?
		&machine->figure[lo] : NULL;
}

/* Machines are sorted by architecture, microarchitecture and unit. */
static int find_groups(struct machines *m)
{
	m->group = calloc(m->nr, sizeof(*m->group));
	if (!m->group)
		return -ENOMEM;
	for (size_t i = 0; i < m->nr; i++) {
		const struct machine *n = &m->machine[i], *before = n - 1;

		if (!i || strcmp(n->arch, before->arch) ||
		    strcmp(n->uarch, before->uarch) ||
		    strcmp(n->unit_name, before->unit_name))
			m->group[m->nr_groups++].first = i;
		m->group[m->nr_groups - 1].nr++;
	}
	return 0;
}

bool machines_have(const struct machines *m, enum pf_accessor accessor)
{
	size_t first = machines_cell(accessor, 0, 0, 0);
	size_t after = machines_cell(accessor + 1, 0, 0, 0);

	for (size_t i = 0; i < m->nr; i++)
		for (size_t k = 0; k < m->machine[i].nr; k++)
			if (m->machine[i].figure[k].cell >= first &&
			    m->machine[i].figure[k].cell < after)
				return true;
	return false;
}

/* The variants of all machines, in the order of the catalog. */
static void find_variants(struct machines *m)
{
	bool has[PF_NR_GENERATIONS * PF_NR_LOWERINGS] = { false };

	for (size_t i = 0; i < m->nr; i++)
		for (size_t k = 0; k < m->machine[i].nr; k++)
			has[m->machine[i].figure[k].cell %
			    (PF_NR_GENERATIONS * PF_NR_LOWERINGS)] = true;
	for (size_t v = 0; v < PF_NR_GENERATIONS * PF_NR_LOWERINGS; v++)
		if (has[v])
			m->variant[m->nr_variants++] =
				(struct machines_variant){
					v / PF_NR_LOWERINGS,
					v % PF_NR_LOWERINGS };
}

int machines_open(struct machines *m, const struct machines_request *request,
		  size_t nr, char *const *names, struct errmsg *msg)
{
	int err;

	*m = (struct machines){ .request = *request };
	err = machines_read(m, nr, names, msg);
	if (err)
		return err;
	err = find_groups(m);
	if (!err) {
		find_variants(m);
		err = machines_conclude(m);
	}
	return err ? errmsg_set(msg, err, "out of memory") : 0;
}

void machines_close(struct machines *m)
{
	for (size_t i = 0; i < m->nr; i++)
		machines_free_one(&m->machine[i]);
	for (size_t i = 0; i < m->nr_conclusions; i++) {
		free(m->conclusion[i].answer);
		free(m->conclusion[i].difference);
	}
	free(m->machine);
	free(m->group);
	free(m->conclusion);
	left_out_free(&m->left_out);
}
