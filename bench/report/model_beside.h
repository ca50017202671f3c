/* SPDX-License-Identifier: GPL-2.0 */
/* Figures of a model beside those of a result file. */
#ifndef PFBENCH_REPORT_MODEL_BESIDE_H
#define PFBENCH_REPORT_MODEL_BESIDE_H

#include <stdbool.h>
#include <stdio.h>

#include "data/result.h"

/* A row: points that may be in the file, and the model's cells for them. */
struct model_beside_row {
	char label[64];
	const char *page;
	struct point throughput, latency;
	const char *model[2];		/* throughput, latency */
};

struct model_beside {
	char title[128];
	const char *cpu;		/* the CPU model */
	const char *accessor;
	bool latency;			/* show it, too */
	struct model_beside_row *row;
	size_t nr;
};

/** model_beside_has() - does the file hold one of the row's points? */
bool model_beside_has(const struct model_beside *b, const struct result *r,
		      const struct model_beside_row *row);
/** model_beside_print() - print the table; 0 or -ENOMEM */
int model_beside_print(FILE *f, const struct model_beside *b,
		       const struct result *r);

/** model_beside_json() - the same figures; NULL if there is no memory */
json_t *model_beside_json(const struct model_beside *b, const struct result *r);

#endif
