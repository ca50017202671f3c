// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "lib/plot_data.h"
#include "report/history_internal.h"
#include "data/palette.h"

static void extend_y_range(const struct history_row *row, double *least,
			   double *most)
{
	for (int pop = 0; pop < PF_MIXED; pop++) {
		const struct estimate *e = &row->at[pop].e;

		if (isnan(e->mid))
			continue;
		*least = fmin(*least, isfinite(e->lo) ? e->lo : e->mid);
		*most = fmax(*most, isfinite(e->hi) ? e->hi : e->mid);
	}
}

static void write_history_panel(FILE *f, const struct history *h,
				enum history_mode mode)
{
	double least = INFINITY, most = -INFINITY;

	for (size_t s = 0; s < HISTORY_STEPS; s++)
		extend_y_range(&h->replica[s][mode], &least, &most);
	for (size_t i = 0; i < h->nr; i++)
		extend_y_range(&h->kernel[i].own[mode], &least, &most);
	fprintf(f, "\"%s\" %.6g %.6g\n", history_mode_name(mode), least, most);
}

static void write_history_series(FILE *f, const struct history *h,
				 enum history_mode mode, enum pf_population pop)
{
	char release[16];
	size_t column = 0;

	fprintf(f, "\n\nreplicas \"%s\" \"%s\" \"%s\"\n",
		history_mode_name(mode), population_kind_name(pop),
		population_colour(pop));
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		const struct history_figure *v = &h->replica[s][mode].at[pop];

		if (!h->shown[s])
			continue;
		fprintf(f, "%6zu", ++column);
		plot_data_cell(f, &v->e, v->contended);
	}
	fprintf(f, "\n\nown \"%s\" \"%s\" \"%s\"\n", history_mode_name(mode),
		population_kind_name(pop), population_colour(pop));
	for (size_t i = 0; i < h->nr; i++) {
		const struct history_kernel *k = &h->kernel[i];
		const struct history_figure *v = &k->own[mode].at[pop];

		history_release(k, release, sizeof(release));
		fprintf(f, "# %s\n%6.3f", release, k->x);
		plot_data_cell(f, &v->e, v->contended);
	}
}

/* Texts and sizes of the plot. */
static void write_history_settings(FILE *f, const struct history *h)
{
	size_t columns = 0, panels = 0, series = 0, crowd = 0, n;
	char title[160], machine[160];

	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		columns += h->shown[s];
		n = history_kernels_at(h, s);
		crowd = n > crowd ? n : crowd;
	}
	for (int mode = 0; mode < HISTORY_MODES; mode++)
		panels += history_mode_shown(h, mode);
	for (int pop = 0; pop < PF_MIXED; pop++)
		series += history_population_shown(h, pop);
	history_title(h, title, sizeof(title));
	history_machine(h, machine, sizeof(machine));
	fprintf(f, "title \"%s\"\nmachine \"%s\"\nunit \"%s per operation\"\n",
		title, machine, h->unit_name);
	fprintf(f, "generations %zu\nkernels %zu\npanels %zu\nseries %zu\n"
		"crowd %zu\ncontended %d\n", columns, h->nr, panels, series,
		crowd, h->contended);
}

void history_write(FILE *f, const struct history *h)
{
	size_t column = 0;
	char release[16];

	fprintf(f, "# Cost from generation to generation; read by history.gp.\n"
		"# Block 0: texts and sizes of the plot (crowd: most kernels at one\n"
		"# generation). Block 1: generations and their years. Block 2: panels with\n"
		"# least and most. Block 3: kernels and their generation. Then two blocks\n"
		"# per panel and population: the replicas, as the median over the files in\n"
		"# the span of their intervals; and the kernels' own functions.\n"
		"# generation or place of the kernel, median, 95 %% interval from, to,\n"
		"# contended\n");
	write_history_settings(f, h);
	fprintf(f, "\n\n");
	for (size_t s = 0; s < HISTORY_STEPS; s++)
		if (h->shown[s])
			fprintf(f, "%6zu \"%s\" %d\n", ++column,
				history_step_name(s), history_steps[s].year);
	fprintf(f, "\n\n");
	for (int mode = 0; mode < HISTORY_MODES; mode++)
		if (history_mode_shown(h, mode))
			write_history_panel(f, h, mode);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < h->nr; i++) {
		history_release(&h->kernel[i], release, sizeof(release));
		fprintf(f, "%6.3f \"%s\" \"%s\"\n", h->kernel[i].x, release,
			history_step_name(h->kernel[i].step));
	}
	for (int mode = 0; mode < HISTORY_MODES; mode++)
		for (int pop = 0; history_mode_shown(h, mode) && pop < PF_MIXED;
		     pop++)
			if (history_population_shown(h, pop))
				write_history_series(f, h, mode, pop);
}
