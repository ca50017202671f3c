/* SPDX-License-Identifier: GPL-2.0 */
/* Completion of commands and options by a shell. */
#ifndef PFBENCH_CMD_COMPLETION_H
#define PFBENCH_CMD_COMPLETION_H

/**
 * completion_print() - print a completion script to standard output
 * @shell: "bash" or "zsh"
 *
 * The script is made from the tables of commands and options that --help shows.
 *
 * Return: an exit status.
 */
int completion_print(const char *shell);

#endif
