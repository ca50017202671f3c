// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/format.h"

int unit_parse(const char *name, enum unit *unit)
{
	if (!strcmp(name, "ns"))
		*unit = UNIT_NS;
	else if (!strcmp(name, "ticks"))
		*unit = UNIT_TICKS;
	else if (!strcmp(name, "cycles"))
		*unit = UNIT_CYCLES;
	else
		return -EINVAL;
	return 0;
}

enum unit unit_of_time(const struct result *r)
{
	return json_is_true(json_object_get(r->pfbench, "icount")) ?
		UNIT_INSTRUCTIONS : UNIT_NS;
}

bool unit_has_cycles(const struct result *r)
{
	return r->in_cycles && !isnan(r->cycles_per_unit);
}

enum unit unit_resolve(const struct result *r, enum unit unit)
{
	if (unit != UNIT_DEFAULT)
		return unit;
	return unit_has_cycles(r) ? UNIT_CYCLES : unit_of_time(r);
}

const char *unit_name(const struct result *r, enum unit unit)
{
	static const char *const names[] = {
		[UNIT_NS] = "ns", [UNIT_TICKS] = "ticks",
		[UNIT_INSTRUCTIONS] = "instructions",
	};

	if (unit == UNIT_CYCLES)
		return !r->in_cycles ? "estimated cycles" :
			unit_has_cycles(r) ? "cycles" : "adds";
	return names[unit];
}

double unit_scale(const struct result *r, enum unit unit)
{
	double ticks = r->in_cycles ? r->ticks_per_cycle : 1;

	if (unit == UNIT_TICKS)
		return ticks;
	if (unit == UNIT_CYCLES)
		return !r->in_cycles ? 1 / r->ticks_per_cycle :
			isnan(r->cycles_per_unit) ? 1 : r->cycles_per_unit;
	/* with run --icount a nanosecond is an instruction */
	return ticks * r->ns_per_tick;
}

double unit_floor(const struct result *r, enum unit unit)
{
	double ticks = result_number(r, "floor_ticks");

	return isnan(ticks) ? 0 :
		ticks * unit_scale(r, unit) / unit_scale(r, UNIT_TICKS);
}

static int decimals_of(double mid, double half)
{
	if (fabs(mid) >= 999.5 || half >= 99.5)
		return 0;
	if (fabs(mid) >= 99.95 || half >= 9.95)
		return 1;
	return mid >= 0 && mid < 0.9995 && half < 0.0995 ? 3 : 2;
}

/* @v in at most five characters, six where it is negative. */
static void format_number(char *text, size_t size, double v, int decimals)
{
	/* zero has no sign */
	v = fabs(v) < 0.5 * pow(10, -decimals) ? 0 : v;
	if (fabs(v) >= 99999)
		snprintf(text, size, "%.0e", v);
	else
		snprintf(text, size, "%.*f", decimals, v);
}

double format_reach(const struct estimate *e, int decimals)
{
	double step = pow(10, -decimals), mid = round(e->mid / step) * step;
	double half = fmax(e->hi - mid, mid - e->lo);

	return fmax(ceil(half / step - 1e-6), 1) * step;
}

bool format_is_open(const struct estimate *e)
{
	return !isnan(e->mid) && !isfinite(e->hi - e->lo);
}

void format_estimate(const struct estimate *e, bool contended, char *text,
		     size_t size)
{
	double half = fmax(e->hi - e->mid, e->mid - e->lo);
	char mid[32], reach[40];
	int d = decimals_of(e->mid, isfinite(half) ? half : 0);

	if (isnan(e->mid)) {
		snprintf(text, size, "%5s        ", "-");
		return;
	}
	format_number(mid, sizeof(mid), e->mid, d);
	if (!isfinite(half)) {
		/* ".030", for the bracket takes the place of the zero */
		snprintf(reach, sizeof(reach), "(%s%s", mid + (d == 3),
			 contended ? "!)" : ")");
		snprintf(text, size, "%-12s", reach);
		return;
	}
	format_number(reach, sizeof(reach), format_reach(e, d), d);
	/* ".001": the zero would make the cell too wide */
	snprintf(text, size, "%5s%c+-%-4s", mid, contended ? '!' : ' ',
		 reach + (d == 3 && *reach == '0'));
}

void format_median(const struct estimate *e, bool contended, char *text,
		   size_t size)
{
	int d = fabs(e->mid) >= 99.95 ? 0 : fabs(e->mid) >= 9.995 ? 1 :
		e->mid >= 0 && e->mid < 0.9995 ? 3 : 2;
	char mid[32] = "-";

	if (!isnan(e->mid))
		format_number(mid, sizeof(mid), e->mid, d);
	snprintf(text, size, "%5s%c", mid + (d == 3), contended ? '!' : ' ');
}

const char *format_mode(enum pf_form form)
{
	static const char *const names[PF_NR_FORMS] = {
		[PF_THROUGHPUT] = "throughput",
		[PF_THROUGHPUT_COND] = "throughput, cond",
		[PF_LATENCY] = "latency",
	};

	return names[form];
}

void format_generation(enum pf_generation gen, enum pf_lowering lowering,
		       char *text, size_t size)
{
	snprintf(text, size, "%s%s%s", pf_generations[gen].name,
		 lowering == PF_AUTO ? "" : " ",
		 lowering == PF_AUTO ? "" : lowering_name(lowering));
}

static void print_cycle(FILE *f, const struct result *r)
{
	double ns = unit_scale(r, UNIT_NS) / unit_scale(r, UNIT_CYCLES);
	const char *source = result_context(r, "cycle_source");

	if (!unit_has_cycles(r))
		text_line(f, "add (%s) %.4g ns: how many cycles is not known",
			  source, ns);
	else if (strcmp(source, "counter"))
		text_line(f, "cycle (%s) %.4g ns, %.4g per dependent add",
			  source, ns, r->cycles_per_unit);
	else
		text_line(f, "cycle (%s) %.4g ns", source, ns);
}

void format_context(FILE *f, const struct result *r)
{
	double quiet = result_number(r, "rounds_quiet");
	double rounds = result_number(r, "rounds");
	double floor_ticks = result_number(r, "floor_ticks");
	const char *kind = result_context(r, "cpu_kind");
	const char *id =
		json_string_value(json_object_get(r->pfbench, "cpu_id"));
	char kind_of[72] = "";
	char share[64] = "n/a", fine[64] = "n/a", cpu[32] = "n/a";
	char step[32] = "n/a";

	if (rounds > 0 && quiet >= 0)
		snprintf(share, sizeof(share), "%.0f %% of %.0f",
			 floor(100 * quiet / rounds), rounds);
	if (floor_ticks >= 0)
		snprintf(fine, sizeof(fine), "%.2g ticks = %.2g ns",
			 floor_ticks, floor_ticks * r->ns_per_tick);
	if (!isnan(r->quantum_ticks))
		snprintf(step, sizeof(step), "%.4g ticks", r->quantum_ticks);
	if (result_number(r, "cpu") >= 0)
		snprintf(cpu, sizeof(cpu), "%.0f", result_number(r, "cpu"));
	if (!strncmp(kind, "n/a", 3))
		kind = "";
	if (id && strncmp(id, "n/a", 3))
		snprintf(kind_of, sizeof(kind_of), " (%.60s)", id);
	text_line(f, "%s%s, CPU %s%s%s, Linux %s",
		  result_context(r, "cpu_model"), kind_of, cpu,
		  *kind ? " " : "", kind, result_context(r, "kernel"));
	text_line(f, "%s backend, quiet rounds %s, %s %s",
		  result_context(r, "backend"), share,
		  result_context(r, "compiler"), result_context(r, "cflags"));
	text_line(f, "tick (%s) %.4g ns, steps of %s, floor %s",
		  result_context(r, "tick_source"), r->ns_per_tick, step, fine);
	if (r->in_cycles)
		print_cycle(f, r);
}
