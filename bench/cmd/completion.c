// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/completion.h"

static bool has_short_name(const struct argp_option *o)
{
	return o->key > 0 && o->key < 128 && isgraph(o->key);
}

static bool needs_arg(const struct argp_option *o)
{
	return o->arg && !(o->flags & OPTION_ARG_OPTIONAL);
}

/* " -h --help", " --out=" */
static void print_bash_option(void *arg, const struct argp_option *o)
{
	(void)arg;
	if (has_short_name(o))
		printf(" -%c", o->key);
	if (o->name)
		printf(" --%s%s", o->name, needs_arg(o) ? "=" : "");
}

static void print_commands(void)
{
	for (const struct cmd *const *cmd = cmd_all(); *cmd; cmd++)
		printf("%s ", (*cmd)->name);
}

static void print_bash(void)
{
	const struct cmd *const *cmd;

	fputs("# bash completion for pfbench; made by 'pfbench --completion=bash'\n"
	      "_pfbench()\n"
	      "{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} words=\n"
	      "\n"
	      "\tCOMPREPLY=()\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	      "\t\twords='", stdout);
	print_commands();
	fputs("-h --help --usage -V --version'\n"
	      "\telif [[ ${COMP_WORDS[1]} = help && $word != -* ]]; then\n"
	      "\t\twords='points results ", stdout);
	print_commands();
	fputs("'\n"
	      "\telif [[ $word = -* ]]; then\n"
	      "\t\tcase ${COMP_WORDS[1]} in\n", stdout);
	for (cmd = cmd_all(); *cmd; cmd++) {
		printf("\t\t%s) words='", (*cmd)->name);
		cmd_each_option(*cmd, print_bash_option, NULL);
		fputs("' ;;\n", stdout);
	}
	fputs("\t\tesac\n"
	      "\tfi\n"
	      "\t[ -n \"$words\" ] || return 0\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	      "\t# a value follows, without a blank\n"
	      "\t[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null || :\n"
	      "}\n"
	      "# without a reply, and after '=': names of files\n"
	      "complete -o default -F _pfbench pfbench\n", stdout);
}

/* The first @n bytes of @text, quoted for a spec within ' '. */
static void print_zsh_text(const char *text, size_t n)
{
	for (; n && *text; n--, text++) {
		if (*text == '\'')
			fputs("'\\'", stdout);
		else if (strchr("[]:\\", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_zsh_spec(const struct argp_option *o, const char *name)
{
	const char *doc = o->doc ? o->doc : "";
	size_t n = strcspn(doc, ";:(");

	if (n && doc[n - 1] == ' ')
		n--;
	printf("\t\t\t'%s%s[", name,
	       needs_arg(o) && name[1] == '-' ? "=" : "");
	print_zsh_text(doc, n);
	putchar(']');
	if (needs_arg(o)) {
		putchar(':');
		print_zsh_text(o->arg, SIZE_MAX);
		fputs(strstr(o->arg, "FILE") || strstr(o->arg, "DIR") ?
		      ":_files" : ": ", stdout);
	}
	fputs("' \\\n", stdout);
}

static void print_zsh_option(void *arg, const struct argp_option *o)
{
	char name[80];

	(void)arg;
	if (has_short_name(o)) {
		snprintf(name, sizeof(name), "-%c", o->key);
		print_zsh_spec(o, name);
	}
	if (o->name) {
		snprintf(name, sizeof(name), "--%s", o->name);
		print_zsh_spec(o, name);
	}
}

static void print_zsh(void)
{
	const struct cmd *const *cmd;

	fputs("#compdef pfbench\n"
	      "# zsh completion for pfbench; made by 'pfbench --completion=zsh'\n"
	      "_pfbench()\n"
	      "{\n"
	      "\tlocal -a commands=(\n", stdout);
	for (cmd = cmd_all(); *cmd; cmd++) {
		printf("\t\t'%s:", (*cmd)->name);
		print_zsh_text((*cmd)->summary, SIZE_MAX);
		fputs("'\n", stdout);
	}
	fputs("\t)\n"
	      "\n"
	      "\tif (( CURRENT == 2 )); then\n"
	      "\t\t_describe command commands\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tshift words\n"
	      "\t(( CURRENT-- ))\n"
	      "\tcase $words[1] in\n", stdout);
	for (cmd = cmd_all(); *cmd; cmd++) {
		printf("\t%s)\n\t\t_arguments \\\n", (*cmd)->name);
		cmd_each_option(*cmd, print_zsh_option, NULL);
		if (*cmd == &cmd_manual) {
			fputs("\t\t\t'1:command:(points results ", stdout);
			print_commands();
			fputs(")' ;;\n", stdout);
		} else {
			fputs("\t\t\t'*:file:_files' ;;\n", stdout);
		}
	}
	fputs("\tesac\n"
	      "}\n"
	      "\n"
	      "if [ \"$funcstack[1]\" = _pfbench ]; then\n"
	      "\t_pfbench \"$@\"\n"
	      "else\n"
	      "\tcompdef _pfbench pfbench\n"
	      "fi\n", stdout);
}

int completion_print(const char *shell)
{
	if (!strcmp(shell, "bash"))
		print_bash();
	else if (!strcmp(shell, "zsh"))
		print_zsh();
	else
		return complain("--completion=%.40s: not bash or zsh", shell);
	return cmd_flush("--completion");
}
