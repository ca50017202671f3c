/* SPDX-License-Identifier: GPL-2.0 */
/* Notes of a run: what the sampler did, and if its figures can be trusted. */
#ifndef PFBENCH_CMD_RUN_NOTES_H
#define PFBENCH_CMD_RUN_NOTES_H

#include "measure/session.h"

/**
 * note_group() - with --verbose, print what the sampler did for a group
 * @sampled: @n of them, filled in by sampler_group()
 * @seconds: that it took
 */
void note_group(const struct sampled *sampled, size_t n, double seconds);

/** note_moves() - print which CPUs were in use, if it was more than one */
void note_moves(const struct session *s);

/**
 * note_verdict() - print if the figures of a run are good, and what to do if not
 * @s: after the last group
 *
 * The lines go to standard error, unless --quiet.
 */
void note_verdict(const struct sampler *s);

#endif
