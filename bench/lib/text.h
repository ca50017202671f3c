/* SPDX-License-Identifier: GPL-2.0 */
/* Lines of text that survive a mail client: ASCII, at most 72 columns. */
#ifndef PFBENCH_LIB_TEXT_H
#define PFBENCH_LIB_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#define TEXT_COLUMNS 72

/**
 * text_line() - print one line
 *
 * The line loses blanks at its end, "..." replaces what is beyond
 * TEXT_COLUMNS, and '?' replaces what is not printable ASCII.
 */
void text_line(FILE *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * text_wrapped() - print a paragraph
 * @text: broken at blanks into lines of at most TEXT_COLUMNS
 * @indent: columns by which the second and later lines are indented
 */
void text_wrapped(FILE *f, const char *text, int indent);

/**
 * text_format() - format a string
 * Return: a string to free(); NULL if there is no memory.
 */
char *text_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * text_has_word() - look for a whole word
 * @separator: the character between words, e.g. a blank or a newline
 */
bool text_has_word(const char *text, const char *word, char separator);

#endif
