// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/text.h"
#include "machine/counters.h"

/* after linux/perf_event.h, which libpfm4 otherwise replaces by a copy */
#include <perfmon/pfmlib_perf_event.h>

#define SEE "see 'perf list' or libpfm4's showevtinfo"
#define DEVICES "sys/bus/event_source/devices"

#define HW(x) PERF_TYPE_HARDWARE, PERF_COUNT_HW_##x
#define SW(x) PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##x

static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
} generic[] = {
	{ "cycles",			HW(CPU_CYCLES) },
	{ "cpu-cycles",			HW(CPU_CYCLES) },
	{ "instructions",		HW(INSTRUCTIONS) },
	{ "cache-references",		HW(CACHE_REFERENCES) },
	{ "cache-misses",		HW(CACHE_MISSES) },
	{ "branches",			HW(BRANCH_INSTRUCTIONS) },
	{ "branch-instructions",	HW(BRANCH_INSTRUCTIONS) },
	{ "branch-misses",		HW(BRANCH_MISSES) },
	{ "bus-cycles",			HW(BUS_CYCLES) },
	{ "stalled-cycles-frontend",	HW(STALLED_CYCLES_FRONTEND) },
	{ "idle-cycles-frontend",	HW(STALLED_CYCLES_FRONTEND) },
	{ "stalled-cycles-backend",	HW(STALLED_CYCLES_BACKEND) },
	{ "idle-cycles-backend",	HW(STALLED_CYCLES_BACKEND) },
	{ "ref-cycles",			HW(REF_CPU_CYCLES) },
	{ "cpu-clock",			SW(CPU_CLOCK) },
	{ "task-clock",			SW(TASK_CLOCK) },
	{ "page-faults",		SW(PAGE_FAULTS) },
	{ "faults",			SW(PAGE_FAULTS) },
	{ "context-switches",		SW(CONTEXT_SWITCHES) },
	{ "cs",				SW(CONTEXT_SWITCHES) },
	{ "cpu-migrations",		SW(CPU_MIGRATIONS) },
	{ "migrations",			SW(CPU_MIGRATIONS) },
	{ "minor-faults",		SW(PAGE_FAULTS_MIN) },
	{ "major-faults",		SW(PAGE_FAULTS_MAJ) },
	{ "alignment-faults",		SW(ALIGNMENT_FAULTS) },
	{ "emulation-faults",		SW(EMULATION_FAULTS) },
};

static const struct {
	const char *name;
	uint64_t config;
} cache[] = {
	{ "L1-dcache",	PERF_COUNT_HW_CACHE_L1D },
	{ "L1-icache",	PERF_COUNT_HW_CACHE_L1I },
	{ "LLC",	PERF_COUNT_HW_CACHE_LL },
	{ "dTLB",	PERF_COUNT_HW_CACHE_DTLB },
	{ "iTLB",	PERF_COUNT_HW_CACHE_ITLB },
	{ "branch",	PERF_COUNT_HW_CACHE_BPU },
	{ "node",	PERF_COUNT_HW_CACHE_NODE },
}, access_kind[] = {
#define ACCESS(op, result) (PERF_COUNT_HW_CACHE_OP_##op << 8 | \
			    PERF_COUNT_HW_CACHE_RESULT_##result << 16)
	{ "-loads",		ACCESS(READ, ACCESS) },
	{ "-load-misses",	ACCESS(READ, MISS) },
	{ "-stores",		ACCESS(WRITE, ACCESS) },
	{ "-store-misses",	ACCESS(WRITE, MISS) },
	{ "-prefetches",	ACCESS(PREFETCH, ACCESS) },
	{ "-prefetch-misses",	ACCESS(PREFETCH, MISS) },
};

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static bool parse_generic(const char *name, struct perf_event_attr *attr)
{
	size_t i, j, len;

	for (i = 0; i < NR(generic); i++) {
		if (strcmp(name, generic[i].name))
			continue;
		attr->type = generic[i].type;
		attr->config = generic[i].config;
		return true;
	}
	for (i = 0; i < NR(cache); i++) {
		len = strlen(cache[i].name);
		if (strncmp(name, cache[i].name, len))
			continue;
		for (j = 0; j < NR(access_kind); j++) {
			if (strcmp(name + len, access_kind[j].name))
				continue;
			attr->type = PERF_TYPE_HW_CACHE;
			attr->config = cache[i].config | access_kind[j].config;
			return true;
		}
	}
	return false;
}

/* An event of a PMU in sysfs, while its terms are read. */
struct pmu {
	const char *event;	/* as given, for messages */
	const char *terms;	/* of the event, up to its last slash */
	const char *dir;	/* the PMU's directory */
	struct perf_event_attr *attr;
	struct errmsg *msg;
};

static bool parse_term_value(const char *s, uint64_t *v)
{
	int base = !strncmp(s, "0x", 2) || !strncmp(s, "0X", 2) ? 16 : 10;
	char *end;

	/* strtoull() takes a sign and leading blanks, a term does not */
	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	*v = strtoull(s, &end, base);
	return !errno && !*end;
}

static uint64_t low_bits(unsigned int n)
{
	return n >= 64 ? ~0ULL : (1ULL << n) - 1;
}

static int set_field(struct pmu *p, const char *term, const char *format,
		     uint64_t value)
{
	uint64_t *word, mask, out = 0, all = 0;
	unsigned int lo, hi, width = 0;
	const char *s;
	int n;

	if (!strncmp(format, "config:", 7)) {
		word = (uint64_t *)&p->attr->config;
	} else if (!strncmp(format, "config1:", 8)) {
		word = (uint64_t *)&p->attr->config1;
	} else if (!strncmp(format, "config2:", 8)) {
		word = (uint64_t *)&p->attr->config2;
	} else {
		return errmsg_set(p->msg, -EINVAL,
				  "%s: format of term '%s' is '%s', which is unknown; give config=, config1= and config2= instead",
				  p->event, term, format);
	}
	for (s = strchr(format, ':') + 1; ; s++) {
		n = 0;
		if (sscanf(s, "%2u%n", &lo, &n) != 1)
			goto bad;
		s += n;
		hi = lo;
		if (*s == '-') {
			if (sscanf(++s, "%2u%n", &hi, &n) != 1)
				goto bad;
			s += n;
		}
		if (hi < lo || hi > 63)
			goto bad;
		mask = low_bits(hi - lo + 1);
		if (width < 64)
			out |= (value >> width & mask) << lo;
		all |= mask << lo;
		width += hi - lo + 1;
		if (!*s)
			break;
		if (*s != ',')
			goto bad;
	}
	if (value & ~low_bits(width))
		return errmsg_set(p->msg, -EINVAL,
				  "%s: %s=%#llx is too large: at most %#llx (%s)",
				  p->event, term, (unsigned long long)value,
				  (unsigned long long)low_bits(width), format);
	/* a term that follows an alias replaces the value of the alias */
	*word = (*word & ~all) | out;
	return 0;
bad:
	return errmsg_set(p->msg, -EINVAL, "%s: cannot read %s/format/%s: '%s'",
			  p->event, p->dir, term, format);
}

static bool has_term(const char *terms, const char *key)
{
	size_t len = strlen(key);
	const char *s;

	for (s = terms; s; s = strchr(s, ',')) {
		s += *s == ',';
		if (!strncmp(s, key, len) && s[len] == '=')
			return true;
	}
	return false;
}

static int apply_terms(struct pmu *p, char *terms, bool alias);

static int apply_term(struct pmu *p, char *term, bool alias)
{
	char *value = strchr(term, '=');
	uint64_t v = 1;

	if (value)
		*value++ = '\0';
	if (!*term || *term == '.')
		return errmsg_set(p->msg, -EINVAL, "%s: an empty term; " SEE,
				  p->event);

	auto_free char *terms = value || alias ? NULL :
		read_line("%s/events/%s", p->dir, term);
	auto_free char *format = read_line("%s/format/%s", p->dir, term);

	if (terms)
		return apply_terms(p, terms, true);
	if (value && alias && !strcmp(value, "?")) {
		if (has_term(p->terms, term))
			return 0;
		return errmsg_set(p->msg, -EINVAL,
				  "%s: needs a value for '%s': add ,%s=NUMBER before the last slash",
				  p->event, term, term);
	}
	if (value && !parse_term_value(value, &v))
		return errmsg_set(p->msg, -EINVAL,
				  "%s: '%s=%s' is not a number", p->event, term,
				  value);
	if (value && !strcmp(term, "config"))
		p->attr->config = v;
	else if (value && !strcmp(term, "config1"))
		p->attr->config1 = v;
	else if (value && !strcmp(term, "config2"))
		p->attr->config2 = v;
	else if (format)
		return set_field(p, term, format, v);
	else
		return errmsg_set(p->msg, -EINVAL,
				  "%s: no term or event '%s' in %s/format or events; "
				  SEE, p->event, term, p->dir);
	return 0;
}

/* Cuts @terms up. */
static int apply_terms(struct pmu *p, char *terms, bool alias)
{
	char *term;
	int err = 0;

	while (!err && (term = strsep(&terms, ",")))
		err = apply_term(p, term, alias);
	return err;
}

static int parse_sysfs(const char *root, const char *name,
		       struct perf_event_attr *attr, struct errmsg *msg)
{
	struct pmu p = { .event = name, .attr = attr, .msg = msg };
	const char *first = strchr(name, '/'), *last = strrchr(name, '/');
	int pmu_len = first - name;
	uint64_t number;

	if (first == last)
		return errmsg_set(msg, -EINVAL,
				  "%s: no closing slash: write PMU/EVENT/ or PMU/TERM=VALUE,.../",
				  name);
	if (last[1])
		return errmsg_set(msg, -EINVAL,
				  "%s: leave out '%s': the backend decides between user and kernel mode",
				  name, last + 1);

	auto_free char *terms = strndup(first + 1, last - first - 1);
	auto_free char *dir = text_format("%s/" DEVICES "/%.*s", root, pmu_len,
					  name);
	if (!terms || !dir)
		return errmsg_set(msg, -ENOMEM, "%s: out of memory", name);
	/* names become parts of a path: they must stay below its directory */
	if (strchr(terms, '/') || first == name || *name == '.')
		return errmsg_set(msg, -EINVAL,
				  "%s: write PMU/EVENT/ or PMU/TERM=VALUE,.../; "
				  SEE, name);

	auto_free char *type = read_line("%s/type", dir);
	if (!type)
		return errmsg_set(msg, -EINVAL,
				  "%s: no PMU '%.*s' in %s/" DEVICES "; " SEE,
				  name, pmu_len, name, root);
	if (!parse_term_value(type, &number) || number > UINT32_MAX)
		return errmsg_set(msg, -EINVAL, "%s: cannot read %s/type: '%s'",
				  name, dir, type);
	attr->type = number;
	p.terms = first + 1;
	p.dir = dir;
	return apply_terms(&p, terms, false);
}

static bool parse_raw(const char *name, struct perf_event_attr *attr)
{
	size_t len = strlen(name + 1);

	if (*name != 'r' || len < 1 || len > 16 ||
	    strspn(name + 1, "0123456789abcdefABCDEF") != len)
		return false;
	attr->type = PERF_TYPE_RAW;
	attr->config = strtoull(name + 1, NULL, 16);
	return true;
}

static int parse_libpfm4(const char *name, struct perf_event_attr *attr,
			 struct errmsg *msg)
{
	struct perf_event_attr found = { .size = sizeof(found) };
	pfm_perf_encode_arg_t arg = { .attr = &found, .size = sizeof(arg) };
	static bool initialised;
	int err;

	if (!initialised) {
		err = pfm_initialize();
		if (err != PFM_SUCCESS)
			return errmsg_set(msg, -EINVAL,
					  "%s: libpfm4 does not start (%s): use perf's own names, PMU/TERM=VALUE/ or rNNN",
					  name, pfm_strerror(err));
		initialised = true;
	}
	err = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3,
					PFM_OS_PERF_EVENT, &arg);
	if (err != PFM_SUCCESS)
		return errmsg_set(msg, -EINVAL, "%s: %s; " SEE, name,
				  pfm_strerror(err));
	/* both modes were requested: the name restricts them */
	if (found.exclude_user != found.exclude_kernel)
		return errmsg_set(msg, -EINVAL,
				  "%s: leave out :u and :k: the backend decides between user and kernel mode",
				  name);
	/* libpfm4 also sets flags, which counters.c decides */
	attr->type = found.type;
	attr->config = found.config;
	attr->config1 = found.config1;
	attr->config2 = found.config2;
	return 0;
}

int event_parse(const char *root, const char *name,
		struct perf_event_attr *attr, struct errmsg *msg)
{
	memset(attr, 0, sizeof(*attr));
	attr->size = sizeof(*attr);
	if (!*name)
		return errmsg_set(msg, -EINVAL, "an event without a name; " SEE);
	if (parse_generic(name, attr))
		return 0;
	if (strchr(name, '/'))
		return parse_sysfs(root, name, attr, msg);
	if (parse_raw(name, attr))
		return 0;
	return parse_libpfm4(name, attr, msg);
}
