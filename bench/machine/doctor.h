/* SPDX-License-Identifier: GPL-2.0 */
/* Conditions that disturb figures here, and the commands that change them. */
#ifndef PFBENCH_MACHINE_DOCTOR_H
#define PFBENCH_MACHINE_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/topology.h"

enum doctor_verdict { DOCTOR_GOOD, DOCTOR_BAD, DOCTOR_UNKNOWN };

/**
 * struct doctor_check - one condition
 * @what: "governor", "SMT sibling", ...
 * @here: as read from this machine; "n/a (REASON)" if DOCTOR_UNKNOWN
 * @command: for a shell of root; a comment if no command of this machine
 *	changes it; "" unless DOCTOR_BAD
 */
struct doctor_check {
	const char *what;
	enum doctor_verdict verdict;
	char here[48];
	char command[72];
};

/**
 * struct doctor_patient - the machine to look at
 * @root: "" for this machine, or a directory that holds proc/ and sys/
 * @topology: NULL: the siblings of the CPU are unknown
 * @cpu: the CPU that would be measured
 * @privileged: may count events whatever perf_event_paranoid is
 */
struct doctor_patient {
	const char *root;
	struct topology *topology;
	int cpu;
	bool privileged;
};

#define DOCTOR_MAX_CHECKS 24

/**
 * doctor_examine() - make all checks; takes 100 ms
 * @checks: room for DOCTOR_MAX_CHECKS
 * Return: how many were made.
 */
size_t doctor_examine(const struct doctor_patient *patient,
		      struct doctor_check *checks);

/** doctor_verdict_name() - "good", "bad" or "unknown" */
const char *doctor_verdict_name(enum doctor_verdict verdict);

#endif
