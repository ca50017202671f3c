// SPDX-License-Identifier: GPL-2.0
/* Compile a user's look-up or scheme for this process, and load it. */
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "code/shared.h"
#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "measure/loop_copies.h"

int try_find_file(struct try *t)
{
	struct stat st;

	if (stat(t->file, &st))
		return complain("try: %s: %s", t->file, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return complain("try: %s: not a file", t->file);
	if (!realpath(t->file, t->path))
		return complain("try: %s: %s", t->file, strerror(errno));
	if (strpbrk(t->path, "\"\\\n"))
		return complain("try: %s: a quote or a backslash in the path: rename it",
				t->file);
	return EXIT_DONE;
}

/* Make blanks of comments, which may name functions. */
static void blank_comments(char *text)
{
	char *end;

	while ((text = strchr(text, '/'))) {
		end = text[1] == '*' ? strstr(text + 2, "*/") :
			text[1] == '/' ? strchr(text, '\n') : text + 1;
		if (!end)
			end = text + strlen(text);
		else if (text[1] == '*')
			end += 2;
		if (end > text + 1)
			memset(text, ' ', end - text);
		text = end;
	}
}

int try_find_subjects(const struct try *t, bool *look_up, bool *scheme)
{
	auto_free char *text = read_file("%s", t->path);
	bool get, put;

	if (!text)
		return complain("try: %s: cannot be read", t->file);
	blank_comments(text);
	get = strstr(text, "pf_ref_try_get(");
	put = strstr(text, "pf_ref_put(");
	*scheme = get && put;
	/* without a scheme: a file that it includes may have the look-up */
	*look_up = strstr(text, "pf_head_try") || !*scheme;
	if (get != put)
		return complain("try: %s: no pf_ref_%s(): 'pfbench try --template=ref' prints both functions",
				t->file, get ? "put" : "try_get");
	return EXIT_DONE;
}

/* The compiler's words, after a line of ours. */
static int complain_words(const struct try *t, const char *line)
{
	const char *words = code_words(t->shared);

	if (strstr(words, "'pf_head_try' undeclared") ||
	    strstr(words, "undeclared identifier 'pf_head_try'"))
		return complain("try: %s: no pf_head_try(), nor pf_ref_try_get() and pf_ref_put(): 'pfbench try --template' prints a look-up to start from, --template=ref a scheme of reference counts",
				t->file);
	complain("try: %s: does not compile%s%s", t->file, *words ? "" : ": ",
		 *words ? "" : line);
	fputs(words, stderr);
	return EXIT_BAD;
}

static const void *find_symbol(void *object, const char *name,
			       struct errmsg *msg)
{
	const void *symbol = dlsym(object, name);

	if (!symbol)
		errmsg_set(msg, -EINVAL, "%s", dlerror());
	return symbol;
}

/* The installed sources are those of this program? */
static bool same_form(void *object)
{
	const unsigned int want[] = {
		PF_NR_ACCESSORS, PF_NR_SLOTS, PF_NR_LAYOUTS,
		sizeof(struct pf_generation_info),
		sizeof(struct pf_ref_functions), sizeof(pf_loop_table),
	};
	const void *form = dlsym(object, "pf_try_form");

	return form && !memcmp(form, want, sizeof(want));
}

static int check_info(const struct try *t, const struct pf_generation_info *g)
{
	size_t n = strspn(g->name, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

	if (!n || g->name[n] || n > 18)
		return complain("try: %s: PF_TRY_NAME \"%.40s\": not 1 to 18 letters, digits, dots and dashes",
				t->file, g->name);
	for (int i = 0; i < PF_NR_GENERATIONS; i++)
		if (!strcmp(g->name, pf_generations[i].name))
			return complain("try: %s: PF_TRY_NAME \"%s\" is in the catalog: choose another name",
					t->file, g->name);
	if (!g->since)
		return complain("try: %s: PF_TRY_LAYOUT %s: no generation looks up in it: choose another layout",
				t->file, t->layout);
	return EXIT_DONE;
}

static int load_uses(struct try *t)
{
	const struct pf_generation_info *const *info;
	bool scheme = t->subject->scheme;
	enum pf_generation gen = PF_GEN_try;
	char path[PATH_MAX + 64];
	struct errmsg msg = { "" };
	void *object;

	if (code_shared_link(t->shared, 0, "try", &gen, 0, path, &msg) ||
	    code_shared_compile(t->shared, "try_uses.c", "uses", &gen, 1,
				&msg) ||
	    code_shared_link(t->shared, 0, "uses", &gen, 1, path, &msg))
		return complain_words(t, msg.text);
	object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!object)
		return complain("try: %s", dlerror());
	if (!same_form(object))
		return complain("try: %s: the sources are of another version than this program: install both again",
				code_source_dir(t->shared));
	info = find_symbol(object, "pf_try_info", &msg);
	t->uses = find_symbol(object, "pf_uses_try", &msg);
	t->layout = find_symbol(object, "pf_try_layout", &msg);
	if (scheme)
		t->functions = find_symbol(object, "pf_try_functions", &msg);
	if (!info || !t->uses || !t->layout || (scheme && !t->functions))
		return complain("try: %s", msg.text);
	t->info = *info;
	if (t->info->era == PF_ERA_MEMDESC)
		t->subject = &try_memdesc;
	return check_info(t, t->info);
}

int try_load(struct try *t)
{
	struct errmsg msg = { "" };

	if (code_shared_open(&t->shared, t->cc, t->path, t->subject->scheme,
			     &cmd_interrupted, &msg))
		return complain("try: %s", msg.text);
	return load_uses(t);
}

void try_use(const struct try *t)
{
	pf_generations[PF_GEN_try] = *t->info;
	pf_try_functions = t->functions;
}

static int load_copy(struct try *t, unsigned int copy,
		     const enum pf_generation *gen, size_t nr,
		     struct errmsg *msg)
{
	char path[PATH_MAX + 64], name[64];
	const void *table;
	void *object;
	int ret = code_shared_link(t->shared, copy, "loops", gen, nr, path,
				   msg);

	if (ret)
		return ret;
	object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!object)
		return errmsg_set(msg, -EINVAL, "%s", dlerror());
	for (size_t i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "pf_loops_%s",
			 code_generation_id(gen[i]));
		table = find_symbol(object, name, msg);
		if (!table)
			return -EINVAL;
		loop_copies[gen[i]][copy] = table;
	}
	return 0;
}

int try_load_loops(struct try *t, const enum pf_generation *gen, size_t nr,
		   struct errmsg *msg)
{
	enum pf_generation all[CODE_SHARED_MAX];
	int ret;

	memcpy(all, gen, nr * sizeof(*gen));
	all[nr++] = PF_GEN_try;
	all[nr++] = PF_GEN_primitive;
	ret = code_shared_compile(t->shared, "try_loops.c", "loops", all, nr,
				  msg);
	for (unsigned int copy = 0; copy < LOOP_COPIES && !ret; copy++)
		ret = load_copy(t, copy, all, nr, msg);
	return ret;
}

void try_unload(struct try *t)
{
	code_close(t->shared);
	free(t->proof);
}
