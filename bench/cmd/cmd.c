// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "lib/auto_free.h"
#include "lib/nearest.h"
#include "lib/text.h"

volatile sig_atomic_t cmd_interrupted;

/* A parser has reported its error. */
static bool complained;

int complain(const char *fmt, ...)
{
	va_list ap;

	complained = true;
	fflush(stdout);
	fputs("pfbench: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return EXIT_BAD;
}

int cmd_flush(const char *command)
{
	return fflush(stdout) || ferror(stdout) ?
		complain("%s: standard output could not be written", command) :
		EXIT_DONE;
}

static void note_signal(int sig)
{
	cmd_interrupted = sig;
}

void cmd_catch_signals(void)
{
	struct sigaction sa = { .sa_handler = note_signal,
				.sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

int cmd_words(const char *command, const char *what, char *list,
	      bool (*each)(void *arg, const char *word), void *arg)
{
	char *save, *word = strtok_r(list, ",", &save);

	if (!word)
		return complain("%s: no %s given (see 'pfbench %s --help')",
				command, what, command);
	for (; word; word = strtok_r(NULL, ",", &save))
		if (!each(arg, word))
			return complain("%s: no %s '%.40s', or given twice (see 'pfbench %s --help')",
					command, what, word, command);
	return EXIT_DONE;
}

/* The width of the terminal, or of a mail. */
static void set_width(void)
{
	struct winsize size;
	char format[64];
	int width = TEXT_COLUMNS;

	if (isatty(STDOUT_FILENO) &&
	    !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col > 40)
		width = size.ws_col - 1;
	snprintf(format, sizeof(format),
		 "no-dup-args-note,opt-doc-col=26,rmargin=%d", width);
	setenv("ARGP_HELP_FMT", format, 0);
}

static int cmd_help(const struct argp *argp, char *name)
{
	set_width();
	argp_help(argp, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK, name);
	return cmd_flush(name);
}

static int cmd_usage(const struct argp *argp, char *name)
{
	set_width();
	argp_help(argp, stdout, ARGP_HELP_USAGE, name);
	return cmd_flush(name);
}

/* The option with the full name @word, short or long; NULL: none. */
static const struct argp_option *find_option(const struct argp *argp,
					     const char *word)
{
	size_t n = strcspn(word, "=");
	const struct argp_option *o;
	const struct argp_child *child;

	for (o = argp->options; o && (o->name || o->key || o->doc); o++)
		if ((o->name && !strncmp(word, "--", 2) &&
		     n - 2 == strlen(o->name) &&
		     !strncmp(word + 2, o->name, n - 2)) ||
		    (word[0] == '-' && word[1] == o->key && !word[2]))
			return o;
	for (child = argp->children; child && child->argp; child++) {
		o = find_option(child->argp, word);
		if (o)
			return o;
	}
	return NULL;
}

/* An alias has only names: everything else is that of the entry before. */
static void each_option(const struct argp *argp,
			void (*each)(void *arg, const struct argp_option *o),
			void *arg)
{
	const struct argp_option *o;
	const struct argp_child *child;
	struct argp_option option = { 0 };

	for (o = argp->options; o && (o->name || o->key || o->doc); o++) {
		if (!(o->flags & OPTION_ALIAS))
			option = *o;
		option.name = o->name;
		option.key = o->key;
		if ((o->name || o->key) &&
		    !(option.flags & (OPTION_HIDDEN | OPTION_DOC)))
			each(arg, &option);
	}
	for (child = argp->children; child && child->argp; child++)
		each_option(child->argp, each, arg);
}

enum { KEY_USAGE = 0x1000 };

static const struct argp_option common_options[] = {
	{ "usage", KEY_USAGE, NULL, 0, "show a summary of the options", -1 },
	{ "help", 'h', NULL, 0, "show this help", -1 },
	{ "version", 'V', NULL, 0, "show the version", -1 },
	{ 0 }
};

/* The common options; a --usage of the command's own replaces the first. */
static const struct argp_option *common_of(const struct cmd *cmd)
{
	return common_options + !!find_option(cmd->argp, "--usage");
}

void cmd_each_option(const struct cmd *cmd,
		     void (*each)(void *arg, const struct argp_option *o),
		     void *arg)
{
	const struct argp_child child[] = { { cmd->argp, 0, NULL, 0 }, { 0 } };
	const struct argp argp = { .options = common_of(cmd),
				   .children = child };

	each_option(&argp, each, arg);
}

struct parse {
	void *input;		/* the command's own */
	int next;		/* index of the word after a bad option */
};

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;

	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = p->input;
	else if (key == ARGP_KEY_ERROR)
		p->next = state->next;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

/* Checked before other options, which may be invalid. */
void cmd_handle_help(const struct cmd *cmd, int argc, char **argv)
{
	const struct argp_child child[] = { { cmd->argp, 0, NULL, 0 }, { 0 } };
	const struct argp argp = { common_of(cmd), parse_common, NULL, NULL,
				   child, NULL, NULL };
	char name[64];

	snprintf(name, sizeof(name), "pfbench %s", cmd->name);
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			exit(cmd_help(&argp, name));
		if (!strcmp(argv[i], "--usage") &&
		    common_of(cmd) == common_options)
			exit(cmd_usage(&argp, name));
		if (!strcmp(argv[i], "-V") || !strcmp(argv[i], "--version")) {
			puts("pfbench " PFBENCH_VERSION);
			exit(cmd_flush("--version"));
		}
	}
}

static void offer_option(void *arg, const struct argp_option *o)
{
	nearest_offer(arg, o->name);
}

/* An unknown @word, with the long option that it may stand for. */
static int complain_unknown_option(const struct argp *argp,
				   const char *command, const char *word)
{
	auto_free char *name = NULL;
	struct nearest n = NEAREST("");

	if (!strncmp(word, "--", 2)) {
		name = strndup(word + 2, strcspn(word + 2, "="));
		n.word = name ? name : "";
		each_option(argp, offer_option, &n);
	}
	return complain("%s: unknown option %s%s%s (see 'pfbench %s --help')",
			command, word, n.name ? "; the nearest is --" : "",
			n.name ? n.name : "", command);
}

/* The bad option is in argv[next], or is the word before. */
static int complain_bad_option(const struct argp *argp, const char *command,
			       char **argv, int next)
{
	const char *word = next > 1 ? argv[next - 1] : argv[1];
	const struct argp_option *o = find_option(argp, word);

	if (o && o->arg && !strchr(word, '='))
		return complain("%s: %s needs an argument (see 'pfbench %s --help')",
				command, word, command);
	if (o && !o->arg && strchr(word, '='))
		return complain("%s: --%s takes no argument (see 'pfbench %s --help')",
				command, o->name, command);
	/* in the middle of a word like -xyz */
	if (o || word[0] != '-')
		word = argv[next];
	return complain_unknown_option(argp, command, word);
}

int cmd_parse(const struct cmd *cmd, int argc, char **argv, void *input,
	      int *first)
{
	const struct argp_child child[] = { { cmd->argp, 0, NULL, 0 }, { 0 } };
	const struct argp argp = { common_of(cmd), parse_common,
				   NULL, NULL, child, NULL, NULL };
	struct parse p = { .input = input };
	int rest = argc;
	error_t err;

	cmd_handle_help(cmd, argc, argv);
	complained = false;
	err = argp_parse(&argp, argc, argv, ARGP_NO_HELP | ARGP_NO_ERRS |
			 ARGP_NO_EXIT, &rest, &p);
	if (err)
		return complained ? EXIT_BAD :
			complain_bad_option(&argp, cmd->name, argv, p.next);
	if (first)
		*first = rest;
	else if (rest < argc)
		return complain("%s: '%s': no arguments are taken (see 'pfbench %s --help')",
				cmd->name, argv[rest], cmd->name);
	return EXIT_DONE;
}
