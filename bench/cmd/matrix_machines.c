// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "cmd/matrix_files.h"
#include "cmd/matrix_machines.h"
#include "report/format.h"

int matrix_machines_order(struct matrix_machines *o, const char *order)
{
	o->wanted = true;
	o->across = order && !strcmp(order, "across");
	return !order || o->across || !strcmp(order, "down") ? EXIT_DONE :
		complain("matrix: --machines=%.40s: not down or across", order);
}

int matrix_machines_commits(struct matrix_machines *o, const char *which)
{
	o->any_commit = !strcmp(which, "any");
	return o->any_commit || !strcmp(which, "one") ? EXIT_DONE :
		complain("matrix: --commits=%.40s: not one or any", which);
}

int matrix_machines_threshold(struct matrix_machines *o, const char *arg)
{
	return choose_threshold("matrix", arg, &o->threshold);
}

/* The usual accessors, or all, or those that were named. */
static void set_machine_accessors(struct machines_request *to,
				  const struct matrix_request *from)
{
	static const enum pf_accessor usual[] = {
		PF_ACC_PageLocked, PF_ACC_SetPageDirty, PF_ACC_PageUptodate,
		PF_ACC_compound_head,
	};

	if (from->every_accessor) {
		for (int a = 0; a < PF_NR_ACCESSORS; a++)
			to->accessor[to->nr_accessors++] = a;
	} else if (from->nr_accessors) {
		to->nr_accessors = from->nr_accessors;
		memcpy(to->accessor, from->accessor, sizeof(to->accessor));
	} else {
		to->nr_accessors = sizeof(usual) / sizeof(*usual);
		memcpy(to->accessor, usual, sizeof(usual));
	}
}

static int set_machine_unit(struct machines_request *to,
			    const struct matrix_request *from)
{
	if (from->nr_metrics != 1 || (from->metric[0] != MATRIX_NS &&
				      from->metric[0] != MATRIX_CYCLES))
		return complain("matrix: --machines shows one metric: --metric=ns or --metric=cycles");
	to->unit = from->metric[0] == MATRIX_NS ? UNIT_NS : UNIT_CYCLES;
	return EXIT_DONE;
}

static int write_machines_text(FILE *f, const void *machines)
{
	return machines_print(f, machines) || ferror(f);
}

static int write_machines_data(FILE *f, const void *arg)
{
	const struct matrix_picture *p = arg;

	machines_write(f, p->view, p->accessor);
	return ferror(f);
}

static int write_shares_data(FILE *f, const void *arg)
{
	const struct matrix_picture *p = arg;

	machines_write_tails(f, p->view, p->accessor);
	return ferror(f);
}

/* Pictures of the accessors for which @have is true. */
static int write_machines_pictures(const struct machines *m, const char *name,
				   const char *directory,
				   const struct gnuplot_file *text,
				   const struct gnuplot_file *data,
				   bool (*have)(const struct machines *m,
						enum pf_accessor accessor))
{
	enum pf_accessor accessor[PF_NR_ACCESSORS];
	size_t nr = 0;

	for (size_t i = 0; i < m->request.nr_accessors; i++)
		if (have(m, m->request.accessor[i]))
			accessor[nr++] = m->request.accessor[i];
	return matrix_write_files(name, directory, text, data, m, accessor, nr);
}

static int write_machines_files(const struct machines *m, const char *directory)
{
	static const struct gnuplot_file text[] = {
		{ "txt", write_machines_text }, { 0 }
	};
	static const struct gnuplot_file data[] = {
		{ "dat", write_machines_data }, { 0 }
	};
	static const struct gnuplot_file tails[] = {
		{ "dat", write_shares_data }, { 0 }
	};
	int ret = write_machines_pictures(m, "machines", directory, text, data,
					  machines_have);

	return ret ? ret :
		write_machines_pictures(m, "machines-tails", directory, NULL,
					tails, machines_have_shares);
}

static int show_machines(const struct machines *m, const char *directory,
			 bool json)
{
	if (directory)
		return write_machines_files(m, directory);
	if ((json ? machines_print_json : machines_print)(stdout, m))
		return complain("matrix: out of memory, or standard output could not be written");
	return cmd_flush("matrix");
}

int matrix_machines_run(const struct matrix_machines *o,
			const struct matrix_request *request,
			const char *directory, bool json, int nr,
			char **names)
{
	struct machines_request r = {
		.nr_populations = request->nr_populations,
		.form = request->form, .nr_archs = request->nr_archs,
		.threshold = o->threshold, .any_commit = o->any_commit,
		.across = o->across,
	};
	struct errmsg msg = { "" };
	struct machines m;
	int ret;

	memcpy(r.population, request->population, sizeof(r.population));
	memcpy(r.arch, request->arch, sizeof(r.arch));
	set_machine_accessors(&r, request);
	if (o->metric && set_machine_unit(&r, request))
		return EXIT_BAD;
	ret = machines_open(&m, &r, nr, names, &msg) ?
		complain("matrix: %s", msg.text) :
		show_machines(&m, directory, json);
	machines_close(&m);
	return ret;
}
