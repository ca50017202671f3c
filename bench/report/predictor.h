/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Branch predictors of the literature, as models: they see the branches that
 * they are given and no others.
 */
#ifndef PFBENCH_REPORT_PREDICTOR_H
#define PFBENCH_REPORT_PREDICTOR_H

#include <stdbool.h>

enum predictor_kind {
	PREDICTOR_BIMODAL,
	PREDICTOR_GSHARE,
	PREDICTOR_TAGE,
	PREDICTOR_NR
};

struct predictor;

/**
 * predictor_open() - a predictor that knows nothing yet
 *
 * Bimodal: a two-bit counter per branch (Smith, "A study of branch prediction
 * strategies", ISCA 1981). Gshare: 2^16 two-bit counters, by the branch and 16
 * outcomes (McFarling, "Combining branch predictors", WRL TN-36, 1993). TAGE: the
 * predictor of eight components and 64 Kbits of Seznec and Michaud, "A case for
 * (partially) tagged geometric history length branch prediction", JILP 8, 2006.
 *
 * Return: NULL without memory.
 */
struct predictor *predictor_open(enum predictor_kind kind);
void predictor_close(struct predictor *p);

/**
 * predictor_step() - predict a branch, and learn its outcome
 * @branch: stands for its address
 * Return: true if the prediction was wrong.
 */
bool predictor_step(struct predictor *p, unsigned int branch, bool taken);

/** predictor_name() - "bimodal", "gshare", "TAGE" */
const char *predictor_name(enum predictor_kind kind);

#endif
