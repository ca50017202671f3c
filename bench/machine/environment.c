// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/text.h"
#include "machine/cpu_model.h"
#include "machine/environment.h"
#include "machine/environment_internal.h"
#include "machine/hypervisor.h"
#include "machine/proc_stat.h"

#ifndef PFBENCH_VERSION
#define PFBENCH_VERSION "n/a (not recorded)"
#endif
#ifndef PFBENCH_COMMIT
#define PFBENCH_COMMIT "n/a (not recorded)"
#endif
#ifndef PFBENCH_CFLAGS
#define PFBENCH_CFLAGS "n/a (not recorded)"
#endif

#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

#define LINE_MAX_CHARS 66

#define CPU_DIR "/sys/devices/system/cpu"

char *environment_cpu_line(const char *root, int cpu, const char *name)
{
	return read_line("%s" CPU_DIR "/cpu%d/%s", root, cpu, name);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static char *mitigations(const char *root)
{
	auto_free char *dir = text_format("%s" CPU_DIR "/vulnerabilities",
					  root);
	auto_free struct dirent **entries = NULL;
	char *all = NULL;
	int i, nr;

	nr = dir ? scandir(dir, &entries, visible, alphasort) : -1;
	for (i = 0; i < nr; i++) {
		auto_free struct dirent *entry = entries[i];
		auto_free char *state = read_line("%s/%s", dir, entry->d_name);
		char *c;

		if (!state)
			continue;

		auto_free char *before = all;

		/* the semicolon separates vulnerabilities */
		for (c = state; *c; c++)
			if (*c == ';')
				*c = ',';
		all = text_format("%s%s%s: %s", before ? before : "",
				  before ? "; " : "", entry->d_name, state);
	}
	return all;
}

/* The value of the last NAME=VALUE, which the kernel uses; NULL: none. */
static char *boot_option(const char *command_line, const char *name)
{
	size_t len = strlen(name);
	const char *p, *last = NULL;

	for (p = command_line; p && (p = strstr(p, name)); p += len)
		if ((p == command_line || p[-1] == ' ') && p[len] == '=')
			last = p + len + 1;
	return last ? strndup(last, strcspn(last, " ")) : NULL;
}

static bool has_config(const char *config, const char *name)
{
	auto_free char *line = text_format("CONFIG_%s=y", name);

	return line && text_has_word(config, line, '\n');
}

static char *kernel_config(const char *root, const char *release)
{
	char *text = NULL;

	if (release)
		text = read_file("%s/boot/config-%s", root, release);
	if (release && !text)
		text = read_file("%s/usr/lib/modules/%s/config", root, release);
	if (release && !text)
		text = read_file("%s/lib/modules/%s/config", root, release);
	return text;
}

/* Before 5.19, only the boot option controlled it. */
static bool before_sysctl(const char *release)
{
	int major, minor;

	return release && sscanf(release, "%d.%d", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 19));
}

static const char *hvo(const char *root, const char *release,
		       const char *command_line)
{
	static const char * const on_off[] = { "off", "on" };
	auto_free char *sysctl = read_line("%s/proc/sys/vm/"
					   "hugetlb_optimize_vmemmap", root);
	auto_free char *config = kernel_config(root, release);
	auto_free char *option = boot_option(command_line,
					     "hugetlb_free_vmemmap");

	if (sysctl)
		return on_off[!!strcmp(sysctl, "0")];
	if (file_exists("%s/sys/kernel/mm", root) &&
	    !file_exists("%s/sys/kernel/mm/hugepages", root))
		return "n/a (no HugeTLB in this kernel)";
	if (!config && file_exists("%s/proc/config.gz", root))
		return "n/a (no sysctl for it; /proc/config.gz may tell why)";
	if (!config)
		return "n/a (no sysctl for it and no kernel config found)";
	if (!has_config(config, "HUGETLB_PAGE_OPTIMIZE_VMEMMAP") &&
	    !has_config(config, "HUGETLB_PAGE_FREE_VMEMMAP"))
		return "n/a (not configured)";
	if (!before_sysctl(release))
		return "n/a (configured, but no sysctl for it)";
	if (option)
		return on_off[!strcmp(option, "on") || !strcmp(option, "1")];
	return on_off[has_config(config,
				 "HUGETLB_PAGE_FREE_VMEMMAP_DEFAULT_ON")];
}

int environment_turbo(const char *root, int cpu)
{
	auto_free char *off = read_line("%s" CPU_DIR "/intel_pstate/no_turbo",
					root);
	auto_free char *all = read_line("%s" CPU_DIR "/cpufreq/boost", root);
	auto_free char *own = environment_cpu_line(root, cpu, "cpufreq/boost");
	const char *boost = all ? all : own;

	if (off)
		return !strcmp(off, "0");
	return boost ? !strcmp(boost, "1") : -1;
}

static char *smt_state(const char *root, const struct cpu_choice *choice)
{
	auto_free char *control = read_line("%s" CPU_DIR "/smt/control", root);
	auto_free char *active = read_line("%s" CPU_DIR "/smt/active", root);
	const char *state = active && strcmp(active, "1") ? "off" : "on";

	if (!active && !choice->smt)
		return NULL;
	if (active && control && strcmp(control, state))
		return text_format("%s (%s)", state, control);
	return strdup(state);
}

char *environment_thp(const char *root)
{
	auto_free char *s = read_line("%s/sys/kernel/mm/transparent_hugepage/"
				      "enabled", root);
	char *open = s ? strchr(s, '[') : NULL;
	char *close = open ? strchr(open, ']') : NULL;

	return close ? strndup(open + 1, close - open - 1) : NULL;
}

static char *kernel_string(const char *root, const char *release)
{
	auto_free char *version = read_line("%s/proc/sys/kernel/version",
					    root);

	if (!release)
		return NULL;
	return text_format("%s%s%s", release, version ? " " : "",
			   version ? version : "");
}

static char *architecture(const char *root)
{
		/* since 6.1 */
	char *s = read_line("%s/proc/sys/kernel/arch", root);
	struct utsname name;

	if (!s && !*root && !uname(&name))
		s = strdup(name.machine);
	return s;
}

/* @value is freed; NULL: not available for @reason. */
static void put(json_t *o, const char *key, char *value, const char *reason)
{
	if (!value)
		value = text_format("n/a (%s)", reason);
	if (value)
		json_object_set_new(o, key, json_string(clean_line(value)));
	free(value);
}

json_t *environment_context(const char *root, const struct cpu_choice *choice)
{
	static const char * const on_off[] = { "off", "on" };
	const char *below = root ? root : "";
	auto_free char *cpuinfo = read_file("%s/proc/cpuinfo", below);
	auto_free char *release = read_line("%s/proc/sys/kernel/osrelease",
					    below);
	char *command_line = read_line("%s/proc/cmdline", below);
	int cpu = choice->cpu, on = environment_turbo(below, cpu);
	json_t *o = json_object();

	put(o, "cpu_model", cpu_model(below, cpuinfo, cpu),
	    cpuinfo ? "no known field in /proc/cpuinfo" : "no /proc/cpuinfo");
	put(o, "cpu_id", cpu_id(below, cpu), "no known field in /proc/cpuinfo");
	put(o, "microcode", cpuinfo_field(cpuinfo, "microcode", cpu),
	    cpuinfo ? "not in /proc/cpuinfo" : "no /proc/cpuinfo");
	put(o, "mitigations", mitigations(below),
	    "no " CPU_DIR "/vulnerabilities");
	put(o, "kernel", kernel_string(below, release),
	    "no /proc/sys/kernel/osrelease");
	put(o, "hvo", strdup(hvo(below, release, command_line)), "no memory");
	put(o, "command_line", command_line, "no /proc/cmdline");
	put(o, "governor",
	    environment_cpu_line(below, cpu, "cpufreq/scaling_governor"),
	    "no cpufreq");
	put(o, "turbo", on < 0 ? NULL : strdup(on_off[on]),
	    "neither intel_pstate/no_turbo nor cpufreq/boost");
	put(o, "smt", smt_state(below, choice), "no " CPU_DIR "/smt");
	put(o, "hypervisor", hypervisor_name(below, cpuinfo, cpu),
	    "no sign of one");
	put(o, "transparent_hugepage", environment_thp(below),
	    "no /sys/kernel/mm/transparent_hugepage");
	put(o, "compiler", strdup(COMPILER), "no memory");
	put(o, "cflags", strdup(PFBENCH_CFLAGS), "no memory");
	put(o, "commit", strdup(PFBENCH_COMMIT), "no memory");
	put(o, "version", strdup(PFBENCH_VERSION), "no memory");
	put(o, "node", choice->node < 0 ? NULL :
	    text_format("%d", choice->node), "no NUMA node known");
	put(o, "arch", architecture(below), "no /proc/sys/kernel/arch");
	return o;
}

static void add_line(json_t *lines, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add_line(json_t *lines, const char *fmt, ...)
{
	char line[LINE_MAX_CHARS + 1];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	json_array_append_new(lines, json_string(clean_line(line)));
}

static void add_busy_siblings(json_t *lines, struct proc_stat *stat,
			      struct topology *t, int cpu)
{
	static const struct timespec interval = { .tv_nsec = 100000000 };
	struct cpu_ticks before[16] = { 0 }, after;
	int siblings[16];
	size_t i, nr;

	nr = t ? topology_siblings(t, cpu, siblings, 16) : 0;
	if (!nr)
		return;
	for (i = 0; i < nr; i++)
		proc_stat_cpu(stat, siblings[i], &before[i]);
	nanosleep(&interval, NULL);
	if (proc_stat_read(stat))
		return;
	for (i = 0; i < nr; i++) {
		const char *when = "now";

		if (!before[i].total ||
		    !proc_stat_cpu(stat, siblings[i], &after))
			continue;
		if (after.total > before[i].total) {
			after.busy -= before[i].busy;
			after.total -= before[i].total;
		} else {
			/* a recorded machine */
			when = "since boot";
		}
		if (after.total && after.busy * 20 > after.total)
			add_line(lines, "SMT sibling CPU %d of CPU %d is busy: %llu %% %s",
				 siblings[i], cpu,
				 after.busy * 100 / after.total, when);
	}
}

static void add_steal(json_t *lines, struct proc_stat *stat, int cpu)
{
	struct cpu_ticks ticks;

	if (proc_stat_cpu(stat, cpu, &ticks) && ticks.steal)
		add_line(lines, "steal: %.2f %% of CPU %d's time since boot (%llu ticks)",
			 100.0 * ticks.steal / ticks.total, cpu, ticks.steal);
}

/*
 * One CPU is busy by this program, if it ran a minute ago. An eighth of the
 * others is little: they share the last-level cache, memory and the turbo.
 */
int environment_load(const char *root, double *load, int *cpus)
{
	auto_free char *text = read_line("%s/proc/loadavg", root);
	auto_free char *stat = read_file("%s/proc/stat", root);

	*cpus = 0;
	for (const char *p = stat; p && (p = strstr(p, "\ncpu")); p++)
		(*cpus)++;
	if (!text || !*cpus || sscanf(text, "%lf", load) != 1)
		return -1;
	return *load > 1 + *cpus / 8.0;
}

static void add_load(json_t *lines, const char *root)
{
	double load;
	int cpus;

	if (environment_load(root, &load, &cpus) == 1)
		add_line(lines, "load is %.1f on %d CPUs: other programs disturb: end them",
			 load, cpus);
}

bool environment_has_pmu(const char *root)
{
	static const char * const names[] = { "cpu", "cpu_core", "cpum_cf" };
	auto_free char *dir = text_format("%s/sys/bus/event_source/devices",
					  root);
	bool found = false;
	struct dirent *entry;
	size_t i;
	DIR *d;

	for (i = 0; dir && i < sizeof(names) / sizeof(*names); i++)
		if (file_exists("%s/%s", dir, names[i]))
			return true;
	d = dir ? opendir(dir) : NULL;
	/* arm64: an uncore PMU has "cpumask" instead */
	while (d && !found && (entry = readdir(d)))
		found = visible(entry) &&
			file_exists("%s/%s/cpus", dir, entry->d_name);
	if (d)
		closedir(d);
	return found;
}

json_t *environment_disturbances(const char *root, struct topology *t,
				 const struct cpu_choice *choice)
{
	const char *below = root ? root : "";
	auto_free char *cpuinfo = read_file("%s/proc/cpuinfo", below);
	auto_free char *hypervisor = hypervisor_name(below, cpuinfo,
						     choice->cpu);
	auto_free char *governor = environment_cpu_line(below, choice->cpu,
						 "cpufreq/scaling_governor");
	json_t *lines = json_array();
	int cpu = choice->cpu;
	struct proc_stat stat;

	if (governor && strcmp(governor, "performance"))
		add_line(lines, "governor of CPU %d is %.16s, not performance",
			 cpu, governor);
	if (environment_turbo(below, cpu) == 1)
		add_line(lines, "turbo is on: the clock follows load and temperature");
	if (!proc_stat_open(&stat, below) && !proc_stat_read(&stat)) {
		add_busy_siblings(lines, &stat, t, cpu);
		add_steal(lines, &stat, cpu);
		add_load(lines, below);
	}
	proc_stat_close(&stat);
	if (hypervisor && strcmp(hypervisor, "none"))
		add_line(lines, "a hypervisor is underneath: %s",
			 hypervisor);
	if (!environment_has_pmu(below))
		add_line(lines, "no PMU: instructions, branches, misses cannot be counted");
#ifndef __OPTIMIZE__
	add_line(lines, "this is a debug build (compiled without optimisation)");
#endif
	return lines;
}

long long environment_steal(const char *root, int cpu)
{
	/* kept open: the sampler calls this before and after every round */
	static struct proc_stat stat;
	static char *open_root;
	struct cpu_ticks ticks;

	if (!root)
		root = "";
	if (!open_root || strcmp(open_root, root)) {
		if (open_root)
			proc_stat_close(&stat);
		free(open_root);
		open_root = strdup(root);
		proc_stat_open(&stat, root);
	}
	if (proc_stat_read(&stat) || !proc_stat_cpu(&stat, cpu, &ticks) ||
	    !ticks.has_steal)
		return -1;
	return ticks.steal;
}
