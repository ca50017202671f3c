// SPDX-License-Identifier: GPL-2.0
/* Files that the assembler includes: paths are from the top. */
#include "report/html_internal.h"

#define INCLUDE(path) "\t.incbin \"" path "\"\n"
#define FILE_TEXT(file) INCLUDE("bench/report/html/" file)

/*
 * One statement per string: a compiler may change the order of statements. s390x
 * has addresses of even bytes only (larl).
 */
#define STRING(name, files)						\
	asm("\t.pushsection .rodata\n"					\
	    "\t.balign 8\n"						\
	    "\t.global " #name "\n"					\
	    #name ":\n"							\
	    files							\
	    "\t.byte 0\n"						\
	    "\t.popsection\n")

STRING(html_page, FILE_TEXT("page.html"));
STRING(html_style, FILE_TEXT("style.css"));
STRING(html_licences, FILE_TEXT("licences.txt"));
STRING(html_gpl, INCLUDE("COPYING"));

/* In the order in which they need each other. */
STRING(html_script,
       FILE_TEXT("data.js")
       FILE_TEXT("format.js")
       FILE_TEXT("state.js")
       FILE_TEXT("element.js")
       FILE_TEXT("table.js")
       FILE_TEXT("plot.js")
       FILE_TEXT("listing.js")
       FILE_TEXT("conclusion.js")
       FILE_TEXT("summary.js")
       FILE_TEXT("matrix.js")
       FILE_TEXT("curves.js")
       FILE_TEXT("machine.js")
       FILE_TEXT("main.js"));
