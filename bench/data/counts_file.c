// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/counts_file.h"
#include "data/result.h"
#include "lib/lines.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))
/* As many instructions as a result can have, see result_schema.c. */
#define MAX_FIGURE 1e12
/* More than the catalog has: a file without end is refused here. */
#define MAX_POINTS 150000

/* The strings of a result's context that a file has, in this order. */
static const char *const keys[] = {
	"arch", "backend", "kernel", "native_is", "compiler", "cflags",
	"cpu_model", "version",
};

static int compare_counts(const void *pa, const void *pb)
{
	const struct point_count *a = pa, *b = pb;

	return point_compare(&a->point, &b->point);
}

void counts_sort(struct point_count *counted, size_t nr)
{
	qsort(counted, nr, sizeof(*counted), compare_counts);
}

/* " 1.250", never "-0.000" */
static void write_figure(FILE *f, double v)
{
	fprintf(f, " %.3f", fabs(v) < 0.0005 ? 0 : v);
}

int counts_write(FILE *f, const void *arg)
{
	const struct counts *c = arg;
	char name[POINT_NAME_MAX];
	const char *text;

	fprintf(f, COUNTS_MAGIC "%d\n", COUNTS_FORMAT);
	for (size_t i = 0; i < LEN(keys); i++) {
		text = json_string_value(json_object_get(c->context, keys[i]));
		if (text && *text)
			fprintf(f, "# %s: %s\n", keys[i], text);
	}
	fprintf(f, "# resolution: %g\n", c->resolution);
	fprintf(f, "# perf: %s\n", c->perf);
	if (c->partial)
		fputs("# partial: interrupted\n", f);
	fputs("# point instructions perf\n", f);
	for (size_t i = 0; i < c->nr; i++) {
		const struct point_count *p = &c->counted[i];

		if (isnan(p->instructions))
			continue;
		point_name(&p->point, name);
		fputs(name, f);
		write_figure(f, p->instructions);
		if (isnan(p->perf))
			fputs(" n/a", f);
		else
			write_figure(f, p->perf);
		fputc('\n', f);
	}
	return ferror(f) ? -1 : 0;
}

/* "# key: value" goes into the context; other comments are ignored. */
static int read_header_line(struct lines *l, json_t *pfbench)
{
	char *line = l->line, *value = strstr(line, ": "), *key = line + 2;
	char *end;
	double number;

	if (strncmp(line, "# ", 2) || !value)
		return 0;
	*value = '\0';
	value += 2;
	if (!strcmp(key, "resolution")) {
		number = strtod(value, &end);
		if (end == value || *end || !(number >= 0 && number <= 1))
			return lines_refuse(l, "resolution: '%.40s' is not a number from 0 to 1",
					    value);
		json_object_set_new(pfbench, "quantum_ticks",
				    json_real(number));
	} else if (!strcmp(key, "partial")) {
		json_object_set_new(pfbench, "partial", json_true());
	} else if (!strcmp(key, "perf")) {
		json_object_set_new(pfbench, "counters",
				    json_pack("{s:s?}", "instructions", value));
	} else if (!strcmp(key, "native_is")) {
		json_object_set_new(pfbench, "kmod",
				    json_pack("{s:s?}", key, value));
	} else {
		for (size_t i = 0; i < LEN(keys); i++)
			if (!strcmp(key, keys[i]))
				json_object_set_new(pfbench, key,
						    json_string(value));
	}
	return 0;
}

static bool read_figure(const char *text, double *value)
{
	char *end;

	if (!text || !(isdigit((unsigned char)*text) || *text == '-'))
		return false;
	errno = 0;
	*value = strtod(text, &end);
	return !*end && !errno && fabs(*value) <= MAX_FIGURE;
}

static int read_point(struct lines *l, double resolution, json_t *benchmarks)
{
	char *save, *name = strtok_r(l->line, " ", &save);
	char *figure = strtok_r(NULL, " ", &save);
	char *perf = strtok_r(NULL, " ", &save);
	double instructions, counted;
	json_t *entry;

	if (!read_figure(figure, &instructions) ||
	    (perf && strcmp(perf, "n/a") && !read_figure(perf, &counted)) ||
	    strtok_r(NULL, " ", &save))
		return lines_refuse(l, "not 'POINT INSTRUCTIONS [PERF]', with numbers from -%g to %g",
				    MAX_FIGURE, MAX_FIGURE);
	entry = json_pack("{s:s?, s:f, s:f, s:f, s:i, s:i, s:{}}", "name", name,
			  "ticks", instructions,
			  "ticks_lo", instructions - resolution,
			  "ticks_hi", instructions + resolution,
			  "rounds", 1, "rounds_quiet", 1, "counters");
	if (entry && perf && strcmp(perf, "n/a"))
		json_object_set_new(json_object_get(entry, "counters"),
				    "instructions",
				    json_pack("{s:f}", "per_op", counted));
	/* result_take() checks that the name is a point */
	return json_array_append_new(benchmarks, entry) ?
		errmsg_set(l->msg, -ENOMEM, "%s: out of memory", l->in->name) :
		0;
}

static int read_counts(struct lines *l, json_t *pfbench, json_t *benchmarks)
{
	const json_t *resolution;
	int ret = lines_first(l, COUNTS_MAGIC, "counts file", COUNTS_FORMAT);

	if (ret)
		return ret;
	while ((ret = lines_next(l)) > 0) {
		resolution = json_object_get(pfbench, "quantum_ticks");
		ret = *l->line == '#' ? read_header_line(l, pfbench) :
			read_point(l, json_number_value(resolution),
				   benchmarks);
		if (ret)
			break;
		if (json_array_size(benchmarks) > MAX_POINTS)
			return lines_refuse(l, "more points than the catalog has");
	}
	return ret;
}

int counts_parse(struct input *in, json_t **root, struct errmsg *msg)
{
	struct lines l = { .in = in, .msg = msg };
	json_t *benchmarks = json_array();
	json_t *pfbench = json_pack("{s:i, s:f, s:b}", "format", 1,
				    "ns_per_tick", 1.0, "icount", 1);
	int err;

	*root = json_pack("{s:{s:o}, s:o}", "context", "pfbench", pfbench,
			  "benchmarks", benchmarks);
	if (!*root)
		return errmsg_set(msg, -ENOMEM, "%s: out of memory", in->name);
	err = read_counts(&l, pfbench, benchmarks);
	if (err) {
		json_decref(*root);
		*root = NULL;
	}
	return err;
}
