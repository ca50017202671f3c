// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "report/format.h"
#include "report/matrix_internal.h"

const char *matrix_counter_name(enum matrix_metric metric)
{
	static const char *const counters[MATRIX_NR_METRICS] = {
		[MATRIX_INSTRUCTIONS] = "instructions",
		[MATRIX_BRANCHES] = "branches", [MATRIX_CYCLES] = "cycles",
	};

	return counters[metric];
}

bool matrix_is_counted(const struct result *r)
{
	return unit_of_time(r) == UNIT_INSTRUCTIONS;
}

static bool column_has_counter(const struct matrix_column *c,
			       enum matrix_metric metric)
{
	const char *name = matrix_counter_name(metric);

	if (!c->measured || !name)
		return false;
	for (size_t i = 0; i < c->result.nr_points; i++)
		if (json_object_get(json_object_get(c->result.point[i].json,
						    "counters"), name))
			return true;
	return false;
}

/* The file records why a counter was not available. */
static void set_counter_reason(struct matrix_column *c,
			       enum matrix_metric metric)
{
	const json_t *counters = json_object_get(c->result.pfbench, "counters");
	const char *state = json_string_value(json_object_get(counters,
					      matrix_counter_name(metric)));

	if (!state || !strcmp(state, "ok"))
		state = "not counted";
	snprintf(c->reason[metric], sizeof(c->reason[metric]),
		 strncmp(state, "n/a", 3) ? "n/a (%s)" : "%s", state);
}

static bool take_code(struct matrix_column *c, enum matrix_metric metric)
{
	char *reason = c->reason[metric];
	size_t size = sizeof(c->reason[metric]);

	if (c->code && c->code->walked) {
		c->source[metric] = MATRIX_CODE;
		return true;
	}
	if (c->code)
		snprintf(reason, size, "n/a (no emulator walked the paths)");
	else
		snprintf(reason, size, "n/a (no code table of %s by %s)",
			 c->arch, c->compiler);
	return false;
}

void matrix_set_source(struct matrix_column *c, enum matrix_metric metric)
{
	bool counter = column_has_counter(c, metric);
	char *reason = c->reason[metric];
	size_t size = sizeof(c->reason[metric]);

	if (metric == MATRIX_BRANCHES || metric == MATRIX_SELECTS ||
	    metric == MATRIX_BARRIERS) {
		if (!take_code(c, metric) && counter)
			c->source[metric] = MATRIX_COUNTER;
	} else if (!c->measured) {
		if (metric == MATRIX_INSTRUCTIONS)
			take_code(c, metric);
		else
			snprintf(reason, size, "n/a (code, not a run)");
	} else if (matrix_is_counted(&c->result)) {
		if (metric == MATRIX_INSTRUCTIONS)
			c->source[metric] = MATRIX_CLOCK;
		else
			snprintf(reason, size,
				 "n/a (the clock counts instructions)");
	} else if (metric == MATRIX_NS ||
		   (metric == MATRIX_CYCLES && unit_has_cycles(&c->result))) {
		c->source[metric] = MATRIX_CLOCK;
	} else if (counter) {
		c->source[metric] = MATRIX_COUNTER;
	} else if (metric == MATRIX_CYCLES &&
		   !isnan(c->result.ticks_per_cycle)) {
		c->source[metric] = MATRIX_ESTIMATE;
	} else {
		set_counter_reason(c, metric);
	}
}
