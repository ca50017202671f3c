/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by session.c and session_cpu.c. */
#ifndef PFBENCH_MEASURE_SESSION_INTERNAL_H
#define PFBENCH_MEASURE_SESSION_INTERNAL_H

#include "measure/session.h"

/**
 * session_choose_cpu() - choose @s->cpu and lock it
 * Return: 0, or a negative errno with a line in @msg.
 */
int session_choose_cpu(struct session *s, const struct session_options *o,
		       struct errmsg *msg);

/** session_release_cpu() - release the lock */
void session_release_cpu(struct session *s);

/**
 * session_move() - continue on another CPU of the same kind and memory node
 * @arg: the session
 * Return: false if there is no other one, or all are in use by other pfbench.
 */
bool session_move(void *arg);

#endif
