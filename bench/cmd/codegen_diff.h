/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFBENCH_CMD_CODEGEN_DIFF_H
#define PFBENCH_CMD_CODEGEN_DIFF_H

#include "code/code.h"

/**
 * codegen_diff() - pfbench codegen --diff
 * @args: OLD, NEW and accessors
 * Return: the exit status: EXIT_DONE if nothing changed, else EXIT_NO;
 * EXIT_BAD after complain().
 */
int codegen_diff(const struct code_arch *arch, int nr, char **args);

#endif
