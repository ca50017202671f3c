// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/text.h"
#include "machine/doctor.h"
#include "machine/environment_internal.h"
#include "machine/hypervisor.h"
#include "machine/proc_stat.h"

#define CPUS "/sys/devices/system/cpu"
#define BUSY_PERCENT 5

__attribute__((format(printf, 3, 4)))
static void set_here(struct doctor_check *c, enum doctor_verdict verdict,
		     const char *fmt, ...)
{
	va_list ap;

	c->verdict = verdict;
	va_start(ap, fmt);
	vsnprintf(c->here, sizeof(c->here), fmt, ap);
	va_end(ap);
	clean_line(c->here);
}

static void set_unknown(struct doctor_check *c, const char *reason)
{
	set_here(c, DOCTOR_UNKNOWN, "n/a (%s)", reason);
}

__attribute__((format(printf, 2, 3)))
static void set_command(struct doctor_check *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->command, sizeof(c->command), fmt, ap);
	va_end(ap);
}

static enum doctor_verdict good_if(bool good)
{
	return good ? DOCTOR_GOOD : DOCTOR_BAD;
}

static void check_governor(const struct doctor_patient *p,
			   struct doctor_check *c)
{
	auto_free char *governor = environment_cpu_line(p->root, p->cpu,
						"cpufreq/scaling_governor");

	c->what = "governor";
	if (!governor) {
		set_unknown(c, "no cpufreq");
		return;
	}
	set_here(c, good_if(!strcmp(governor, "performance")), "%s", governor);
	set_command(c, "cpupower -c %d frequency-set -g performance", p->cpu);
}

static void check_turbo(const struct doctor_patient *p, struct doctor_check *c)
{
	int on = environment_turbo(p->root, p->cpu);

	c->what = "turbo";
	if (on < 0) {
		set_unknown(c, "neither no_turbo nor cpufreq/boost");
		return;
	}
	set_here(c, good_if(!on), on ? "on: clock follows load and heat" :
		 "off");
	if (file_exists("%s" CPUS "/intel_pstate/no_turbo", p->root))
		set_command(c, "echo 1 >" CPUS "/intel_pstate/no_turbo");
	else if (file_exists("%s" CPUS "/cpufreq/boost", p->root))
		set_command(c, "echo 0 >" CPUS "/cpufreq/boost");
	else
		set_command(c, "echo 0 >" CPUS "/cpu%d/cpufreq/boost", p->cpu);
}

/* Does a list like "0-3,8" have the CPU? */
static bool list_has(const char *list, int cpu)
{
	int from, to, n;

	for (; *list; list += *list == ',') {
		if (sscanf(list, "%d%n", &from, &n) != 1)
			return false;
		list += n;
		to = from;
		if (sscanf(list, "-%d%n", &to, &n) == 1)
			list += n;
		if (from <= cpu && cpu <= to)
			return true;
	}
	return false;
}

/* In a list of CPUs that the boot option makes: isolated, nohz_full. */
static void check_list(const struct doctor_patient *p, struct doctor_check *c,
		       const char *name, const char *yes, const char *no)
{
	auto_free char *list = read_line("%s" CPUS "/%s", p->root, name);
	bool has = list && list_has(list, p->cpu);

	if (!file_exists("%s" CPUS "/%s", p->root, name)) {
		set_here(c, DOCTOR_UNKNOWN, "n/a (no cpu/%s)", name);
		return;
	}
	set_here(c, good_if(has), "%s", has ? yes : no);
}

static void check_isolation(const struct doctor_patient *p,
			    struct doctor_check *c)
{
	c->what = "isolation";
	check_list(p, c, "isolated", "isolated",
		   "not isolated: other tasks run here");
	set_command(c, "# boot with isolcpus=managed_irq,domain,%d", p->cpu);
}

static void check_tick(const struct doctor_patient *p, struct doctor_check *c)
{
	c->what = "timer tick";
	check_list(p, c, "nohz_full", "nohz_full", "not nohz_full: ticks go on");
	set_command(c, "# boot with nohz_full=%d rcu_nocbs=%d", p->cpu, p->cpu);
}

/* Busy time of a CPU in per cent: now, of a recorded machine since boot. */
struct busy {
	int cpu;
	double percent;		/* below 0: unknown */
	const char *when;
};

static void measure_busy(const char *root, struct busy *busy, size_t nr)
{
	static const struct timespec interval = { .tv_nsec = 100000000 };
	struct cpu_ticks before[nr], after;
	struct proc_stat stat;
	bool read = !proc_stat_open(&stat, root) && !proc_stat_read(&stat);

	memset(before, 0, sizeof(before));
	for (size_t i = 0; read && i < nr; i++)
		proc_stat_cpu(&stat, busy[i].cpu, &before[i]);
	if (read)
		nanosleep(&interval, NULL);
	read = read && !proc_stat_read(&stat);
	for (size_t i = 0; i < nr; i++) {
		busy[i].percent = -1;
		busy[i].when = "now";
		if (!read || !before[i].total ||
		    !proc_stat_cpu(&stat, busy[i].cpu, &after))
			continue;
		if (after.total > before[i].total) {
			after.busy -= before[i].busy;
			after.total -= before[i].total;
		} else {
			busy[i].when = "since boot";
		}
		busy[i].percent = 100.0 * after.busy / after.total;
	}
	proc_stat_close(&stat);
}

static void judge_busy(const struct busy *busy, struct doctor_check *c)
{
	if (busy->percent < 0)
		set_here(c, DOCTOR_UNKNOWN, "n/a (no line of CPU %d in /proc/stat)",
			 busy->cpu);
	else
		set_here(c, good_if(busy->percent <= BUSY_PERCENT),
			 "CPU %d busy: %.0f %% %s", busy->cpu, busy->percent,
			 busy->when);
}

#define MAX_SIBLINGS 4

/* The CPU itself and its siblings; returns the number of checks. */
static size_t check_busy(const struct doctor_patient *p, struct doctor_check *c)
{
	struct busy busy[1 + MAX_SIBLINGS] = { { .cpu = p->cpu } };
	int siblings[MAX_SIBLINGS];
	size_t nr = p->topology ? topology_siblings(p->topology, p->cpu,
						    siblings, MAX_SIBLINGS) : 0;

	for (size_t i = 0; i < nr; i++)
		busy[i + 1].cpu = siblings[i];
	measure_busy(p->root, busy, nr + 1);
	c[0].what = "tasks here";
	judge_busy(&busy[0], &c[0]);
	set_command(&c[0], "# stop what 'ps -eo psr,pcpu,pid,comm' shows on CPU %d",
		    p->cpu);
	for (size_t i = 1; i <= nr; i++) {
		c[i].what = "SMT sibling";
		judge_busy(&busy[i], &c[i]);
		set_command(&c[i], "echo 0 >" CPUS "/cpu%d/online",
			    busy[i].cpu);
	}
	if (nr)
		return 1 + nr;
	c[1].what = "SMT sibling";
	if (p->topology)
		set_here(&c[1], DOCTOR_GOOD, "none");
	else
		set_unknown(&c[1], "topology unknown");
	return 2;
}

static void check_load(const struct doctor_patient *p, struct doctor_check *c)
{
	double load;
	int cpus, high = environment_load(p->root, &load, &cpus);

	c->what = "load";
	if (high < 0) {
		set_unknown(c, "no /proc/loadavg or no /proc/stat");
		return;
	}
	set_here(c, good_if(!high), "%.2f on %d CPUs", load, cpus);
	set_command(c, "# stop what 'ps -eo pcpu,pid,comm --sort=-pcpu' shows");
}

static void check_steal(const struct doctor_patient *p, struct doctor_check *c)
{
	struct cpu_ticks ticks;
	struct proc_stat stat;

	c->what = "steal";
	if (proc_stat_open(&stat, p->root) || proc_stat_read(&stat) ||
	    !proc_stat_cpu(&stat, p->cpu, &ticks) || !ticks.has_steal ||
	    !ticks.total)
		set_unknown(c, "not in /proc/stat");
	else
		set_here(c, good_if(!ticks.steal), "%.2f %% since boot",
			 100.0 * ticks.steal / ticks.total);
	proc_stat_close(&stat);
	set_command(c, "# on the host: virsh vcpupin GUEST %d CPU", p->cpu);
}

static void check_hypervisor(const struct doctor_patient *p,
			     struct doctor_check *c)
{
	auto_free char *cpuinfo = read_file("%s/proc/cpuinfo", p->root);
	auto_free char *name = hypervisor_name(p->root, cpuinfo, p->cpu);

	c->what = "hypervisor";
	if (!name) {
		set_unknown(c, "no sign of one");
		return;
	}
	set_here(c, good_if(!strcmp(name, "none")), "%s", name);
	set_command(c, "# measure on the host or on bare metal");
}

/* The path of this process in the unified hierarchy; NULL: none. */
static char *control_group(const char *root)
{
	auto_free char *lines = read_line("%s/proc/self/cgroup", root);
	const char *at = lines ? strstr(lines, "0::/") : NULL;

	return at ? strndup(at + 3, strcspn(at + 3, " ")) : NULL;
}

/* A group, or one above it, may allow part of the time alone: "50000 100000" */
static void check_quota(const struct doctor_patient *p, struct doctor_check *c)
{
	auto_free char *group = control_group(p->root);
	char *slash = NULL;

	c->what = "CPU quota";
	set_unknown(c, "no cpu.max of a control group");
	set_command(c, "# raise cpu.max of the control group of this shell");
	do {
		auto_free char *max = group ? read_line(
			"%s/sys/fs/cgroup%s/cpu.max", p->root, group) : NULL;

		if (max)
			set_here(c, good_if(!strncmp(max, "max", 3)), "%s us",
				 max);
		if (c->verdict == DOCTOR_BAD)
			return;
		slash = group ? strrchr(group, '/') : NULL;
		if (slash)
			*slash = '\0';
	} while (slash);
	if (c->verdict == DOCTOR_GOOD)
		set_here(c, DOCTOR_GOOD, "none");
}

static void check_thp(const struct doctor_patient *p, struct doctor_check *c)
{
	auto_free char *thp = environment_thp(p->root);

	c->what = "huge pages";
	if (!thp) {
		set_unknown(c, "no transparent_hugepage");
		return;
	}
	set_here(c, good_if(strcmp(thp, "never")), "transparent: %s", thp);
	set_command(c, "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled");
}

/* A switch of /proc/sys that should be 0. */
static void check_sysctl(const struct doctor_patient *p,
			 struct doctor_check *c, const char *name)
{
	auto_free char *value = read_line("%s/proc/sys/kernel/%s", p->root,
					  name);

	if (!value) {
		set_here(c, DOCTOR_UNKNOWN, "n/a (no kernel.%s)", name);
		return;
	}
	set_here(c, good_if(!strcmp(value, "0")), "kernel.%s is %s", name,
		 value);
	set_command(c, "sysctl kernel.%s=0", name);
}

static void check_numa(const struct doctor_patient *p, struct doctor_check *c)
{
	c->what = "NUMA moves";
	check_sysctl(p, c, "numa_balancing");
}

static void check_watchdog(const struct doctor_patient *p,
			   struct doctor_check *c)
{
	c->what = "NMI watchdog";
	check_sysctl(p, c, "nmi_watchdog");
}

static void check_pmu(const struct doctor_patient *p, struct doctor_check *c)
{
	bool has = environment_has_pmu(p->root);

	c->what = "PMU";
	if (!file_exists("%s/sys/bus/event_source/devices", p->root) && !has) {
		set_unknown(c, "no /sys/bus/event_source");
		return;
	}
	set_here(c, good_if(has), "%s", has ? "yes" :
		 "no: instructions are not counted");
	set_command(c, "# in a guest, on the host: qemu -cpu host,pmu=on");
}

static void check_pmu_access(const struct doctor_patient *p,
			     struct doctor_check *c)
{
	auto_free char *value = read_line("%s/proc/sys/kernel/perf_event_paranoid",
					  p->root);
	int paranoid = value ? atoi(value) : 0;

	c->what = "PMU access";
	if (!value) {
		set_unknown(c, "no kernel.perf_event_paranoid");
		return;
	}
	set_here(c, good_if(p->privileged || paranoid <= 2),
		 "perf_event_paranoid %d%s", paranoid,
		 p->privileged ? ", but this is root" : "");
	set_command(c, "sysctl kernel.perf_event_paranoid=1");
}

/* Counters of the CPU itself; others are devices, slow and coarse. */
static bool is_cpu_clock(const char *name)
{
	static const char *const names[] = {
		"tsc", "kvm-clock", "arch_sys_counter", "riscv_clocksource",
		"timebase", "tod",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return !strncmp(name, "hyperv_clocksource_tsc", 22);
}

static void check_clock(const struct doctor_patient *p, struct doctor_check *c)
{
	static const char dir[] = "/sys/devices/system/clocksource/clocksource0";
	auto_free char *now = read_line("%s%s/current_clocksource", p->root,
					dir);
	auto_free char *all = read_line("%s%s/available_clocksource", p->root,
					dir);

	c->what = "clock source";
	if (!now) {
		set_unknown(c, "no current_clocksource");
		return;
	}
	set_here(c, good_if(is_cpu_clock(now)), "%s", now);
	if (all && text_has_word(all, "tsc", ' '))
		set_command(c, "echo tsc | tee /sys/bus/clocksource/devices/*/current_clocksource");
	else
		set_command(c, "# boot with tsc=reliable if the TSC is constant");
}

static void check_build(const struct doctor_patient *p, struct doctor_check *c)
{
	c->what = "build";
#ifdef __OPTIMIZE__
	set_here(c, DOCTOR_GOOD, "optimised");
#else
	set_here(c, DOCTOR_BAD, "debug build, not optimised");
#endif
	set_command(c, "make clean && make");
}

size_t doctor_examine(const struct doctor_patient *patient,
		      struct doctor_check *checks)
{
	static void (*const each[])(const struct doctor_patient *p,
				    struct doctor_check *c) = {
		check_governor, check_turbo, check_isolation, check_tick,
		check_load, check_quota, check_steal, check_hypervisor,
		check_thp, check_numa, check_pmu, check_pmu_access, check_watchdog,
		check_clock, check_build,
	};
	size_t nr;

	memset(checks, 0, DOCTOR_MAX_CHECKS * sizeof(*checks));
	nr = check_busy(patient, checks);
	for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++)
		each[i](patient, &checks[nr++]);
	for (size_t i = 0; i < nr; i++)
		if (checks[i].verdict != DOCTOR_BAD)
			checks[i].command[0] = '\0';
	return nr;
}

const char *doctor_verdict_name(enum doctor_verdict verdict)
{
	static const char *const names[] = {
		[DOCTOR_GOOD] = "good", [DOCTOR_BAD] = "bad",
		[DOCTOR_UNKNOWN] = "unknown",
	};

	return names[verdict];
}
