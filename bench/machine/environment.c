// SPDX-License-Identifier: GPL-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE	/* vasprintf, strchrnul */
#endif
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "machine/environment.h"

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
#define TEXT_MAX (16UL << 20)	/* of one file: a cap, not an expectation */

#define CPU_DIR "/sys/devices/system/cpu"

static char *make_string(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static char *make_string(const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return n < 0 ? NULL : s;
}

static int open_below(const char *root, const char *path)
{
	char full[PATH_MAX];
	int n = snprintf(full, sizeof(full), "%s%s", root, path);

	if (n < 0 || (size_t)n >= sizeof(full)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static bool exists_below(const char *root, const char *path)
{
	char full[PATH_MAX];
	int n = snprintf(full, sizeof(full), "%s%s", root, path);

	return n > 0 && (size_t)n < sizeof(full) && !access(full, F_OK);
}

/* A whole file as a string to free(), NULL if it cannot be read. */
static char *read_text(const char *root, const char *path)
{
	int fd = open_below(root, path);
	size_t len = 0, size = 0, i;
	char *text = NULL;
	ssize_t n;

	if (fd < 0)
		return NULL;
	do {
		if (size - len < 2) {
			char *more;

			size = size ? size * 2 : 4096;
			more = size > TEXT_MAX ? NULL : realloc(text, size);
			if (!more) {
				n = -1;
				break;
			}
			text = more;
		}
		n = read(fd, text + len, size - len - 1);
		if (n > 0)
			len += n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	close(fd);
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	/* the device tree separates and ends its strings by NUL */
	for (i = 0; i < len; i++)
		if (!text[i])
			text[i] = ' ';
	return text;
}

/* In place: one line of ASCII, no blanks at either end. */
static char *clean(char *s)
{
	size_t len, skip = 0;
	char *c;

	for (c = s; *c; c++) {
		if (*c == '\t' || *c == '\n')
			*c = ' ';
		else if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
			*c = '?';
	}
	len = strlen(s);
	while (len && s[len - 1] == ' ')
		s[--len] = '\0';
	while (s[skip] == ' ')
		skip++;
	memmove(s, s + skip, len - skip + 1);
	return s;
}

/* The same as one clean line; NULL if there is nothing in it. */
static char *read_line(const char *root, const char *path)
{
	char *s = read_text(root, path);

	if (s && !*clean(s)) {
		free(s);
		s = NULL;
	}
	return s;
}

static char *read_cpu_line(const char *root, int cpu, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), CPU_DIR "/cpu%d/%s", cpu, name);
	return read_line(root, path);
}

/* "key : value" of one line, blanks and all; false if it has no colon. */
static bool split_line(const char *line, const char *end, const char **key,
		       size_t *key_len, const char **value, size_t *value_len)
{
	const char *colon = memchr(line, ':', end - line);
	const char *k;

	if (!colon)
		return false;
	for (k = colon; k > line && isspace((unsigned char)k[-1]); )
		k--;
	*key = line;
	*key_len = k - line;
	for (colon++; colon < end && isspace((unsigned char)*colon); )
		colon++;
	*value = colon;
	*value_len = end - colon;
	return true;
}

/*
 * A field of /proc/cpuinfo to free(): @cpu's own if its block has it, else
 * the first one, since some architectures tell a thing once for all CPUs.
 */
static char *cpuinfo_field(const char *text, const char *name, int cpu)
{
	const char *line, *end, *key, *value, *found = NULL;
	size_t key_len, value_len, found_len = 0;
	bool ours = false;
	char *s;

	for (line = text; line && *line; line = *end ? end + 1 : NULL) {
		end = strchrnul(line, '\n');
		if (!split_line(line, end, &key, &key_len, &value,
				&value_len)) {
			/* a blank line ends a CPU's block */
			if (line == end)
				ours = false;
			continue;
		}
		if (key_len == strlen("processor") &&
		    !strncmp(key, "processor", key_len))
			ours = atoi(value) == cpu;
		if (key_len != strlen(name) || strncmp(key, name, key_len))
			continue;
		if (!found || ours) {
			found = value;
			found_len = value_len;
		}
		if (ours)
			break;
	}
	if (!found)
		return NULL;
	s = strndup(found, found_len);
	if (s && !*clean(s)) {
		free(s);
		s = NULL;
	}
	return s;
}

static const struct {
	unsigned int implementer, part;
	const char *name;
} arm_parts[] = {
	{ 0x41, 0xd03, "Cortex-A53" },	{ 0x41, 0xd05, "Cortex-A55" },
	{ 0x41, 0xd07, "Cortex-A57" },	{ 0x41, 0xd08, "Cortex-A72" },
	{ 0x41, 0xd09, "Cortex-A73" },	{ 0x41, 0xd0a, "Cortex-A75" },
	{ 0x41, 0xd0b, "Cortex-A76" },	{ 0x41, 0xd0d, "Cortex-A77" },
	{ 0x41, 0xd41, "Cortex-A78" },	{ 0x41, 0xd44, "Cortex-X1" },
	{ 0x41, 0xd46, "Cortex-A510" },	{ 0x41, 0xd47, "Cortex-A710" },
	{ 0x41, 0xd48, "Cortex-X2" },	{ 0x41, 0xd4d, "Cortex-A715" },
	{ 0x41, 0xd4e, "Cortex-X3" },	{ 0x41, 0xd0c, "Neoverse-N1" },
	{ 0x41, 0xd40, "Neoverse-V1" },	{ 0x41, 0xd49, "Neoverse-N2" },
	{ 0x41, 0xd4f, "Neoverse-V2" },	{ 0x43, 0x0af, "ThunderX2" },
	{ 0x46, 0x001, "A64FX" },	{ 0x48, 0xd01, "TaiShan-v110" },
	{ 0x61, 0x022, "Apple Icestorm" }, { 0x61, 0x023, "Apple Firestorm" },
	{ 0xc0, 0xac3, "Ampere-1" },	{ 0xc0, 0xac4, "Ampere-1a" },
};

static char *arm_model(const char *cpuinfo, int cpu)
{
	char *implementer = cpuinfo_field(cpuinfo, "CPU implementer", cpu);
	char *part = cpuinfo_field(cpuinfo, "CPU part", cpu);
	char *variant = cpuinfo_field(cpuinfo, "CPU variant", cpu);
	char *revision = cpuinfo_field(cpuinfo, "CPU revision", cpu);
	const char *name = "arm";
	char *s = NULL;
	size_t i;

	if (implementer && part) {
		for (i = 0; i < sizeof(arm_parts) / sizeof(*arm_parts); i++)
			if (arm_parts[i].implementer ==
			    strtoul(implementer, NULL, 0) &&
			    arm_parts[i].part == strtoul(part, NULL, 0))
				name = arm_parts[i].name;
		s = make_string("%s (implementer %s part %s r%lup%lu)", name,
				implementer, part,
				variant ? strtoul(variant, NULL, 0) : 0,
				revision ? strtoul(revision, NULL, 0) : 0);
	}
	free(implementer);
	free(part);
	free(variant);
	free(revision);
	return s;
}

static char *riscv_model(const char *cpuinfo, int cpu)
{
	char *uarch = cpuinfo_field(cpuinfo, "uarch", cpu);
	char *vendor = cpuinfo_field(cpuinfo, "mvendorid", cpu);
	char *march = cpuinfo_field(cpuinfo, "marchid", cpu);
	char *isa = cpuinfo_field(cpuinfo, "isa", cpu);
	char *s = NULL;

	if (uarch)
		s = make_string("%s%s%s", uarch, isa ? " " : "",
				isa ? isa : "");
	else if (isa && vendor && march)
		s = make_string("mvendorid %s marchid %s %s", vendor, march,
				isa);
	else if (isa)
		s = make_string("%s", isa);
	free(uarch);
	free(vendor);
	free(march);
	free(isa);
	return s;
}

static char *ppc_model(const char *cpuinfo, int cpu)
{
	char *name = cpuinfo_field(cpuinfo, "cpu", cpu);
	char *revision = cpuinfo_field(cpuinfo, "revision", cpu);
	char *s = NULL;

	if (name)
		s = make_string("%s%s%s", name, revision ? ", revision " : "",
				revision ? revision : "");
	free(name);
	free(revision);
	return s;
}

static char *s390_model(const char *cpuinfo, int cpu)
{
	char *vendor = cpuinfo_field(cpuinfo, "vendor_id", cpu);
	char *processor, *s = NULL;
	char key[32];

	/* "processor 0: version = FF,  identification = ...,  machine = 8561" */
	snprintf(key, sizeof(key), "processor %d", cpu);
	processor = cpuinfo_field(cpuinfo, key, cpu);
	if (!processor)
		processor = cpuinfo_field(cpuinfo, "processor 0", cpu);
	if (vendor && processor) {
		const char *machine = strstr(processor, "machine = ");

		s = make_string("%s %s", vendor, machine ? machine : processor);
	}
	free(vendor);
	free(processor);
	return s;
}

static char *cpu_model(const char *root, const char *cpuinfo, int cpu)
{
	/* MIPS and LoongArch have spellings of their own */
	static const char * const names[] = { "model name", "Model Name",
					      "cpu model" };
	char *s = NULL, *board;
	size_t i;

	if (!cpuinfo)
		return NULL;
	for (i = 0; !s && i < sizeof(names) / sizeof(*names); i++)
		s = cpuinfo_field(cpuinfo, names[i], cpu);
	if (s)
		return s;
	s = arm_model(cpuinfo, cpu);
	if (!s)
		s = riscv_model(cpuinfo, cpu);
	if (!s)
		s = ppc_model(cpuinfo, cpu);
	if (!s)
		s = s390_model(cpuinfo, cpu);
	/* where the CPU has no name to speak of, the board's says more */
	board = read_line(root, "/proc/device-tree/model");
	if (s && board) {
		char *both = make_string("%s, %s", s, board);

		free(s);
		s = both;
	}
	free(board);
	return s;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static char *mitigations(const char *root)
{
	static const char dir[] = CPU_DIR "/vulnerabilities";
	char path[PATH_MAX];
	struct dirent **entries;
	char *all = NULL;
	int i, nr;

	snprintf(path, sizeof(path), "%s%s", root, dir);
	nr = scandir(path, &entries, visible, alphasort);
	for (i = 0; i < nr; i++) {
		char *state, *more, *c;

		snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
		free(entries[i]);
		state = read_line(root, path);
		if (!state)
			continue;
		/* the semicolon is what separates ours */
		for (c = state; *c; c++)
			if (*c == ';')
				*c = ',';
		more = make_string("%s%s%s: %s", all ? all : "",
				   all ? "; " : "", strrchr(path, '/') + 1,
				   state);
		free(state);
		if (more) {
			free(all);
			all = more;
		}
	}
	if (nr >= 0)
		free(entries);
	return all;
}

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);
	const char *p;

	for (p = text; (p = strstr(p, line)); p += len)
		if ((p == text || p[-1] == '\n') &&
		    (p[len] == '\n' || !p[len]))
			return true;
	return false;
}

/* The last one counts, as for the kernel; NULL: not there. */
static char *boot_option(const char *command_line, const char *name)
{
	size_t len = strlen(name);
	const char *p, *last = NULL;

	for (p = command_line; p && (p = strstr(p, name)); p += len)
		if ((p == command_line || p[-1] == ' ') && p[len] == '=')
			last = p + len + 1;
	return last ? strndup(last, strcspn(last, " ")) : NULL;
}

static char *kernel_config(const char *root, const char *release)
{
	static const char * const places[] = { "/boot/config-%s",
					       "/usr/lib/modules/%s/config",
					       "/lib/modules/%s/config" };
	char path[PATH_MAX];
	char *text = NULL;
	size_t i;

	for (i = 0; release && !text && i < sizeof(places) / sizeof(*places);
	     i++) {
		const char *at = strstr(places[i], "%s");

		snprintf(path, sizeof(path), "%.*s%s%s",
			 (int)(at - places[i]), places[i], release, at + 2);
		text = read_text(root, path);
	}
	return text;
}

/* Before 5.19 there was no sysctl, only the option that boot time knew. */
static bool before_sysctl(const char *release)
{
	int major, minor;

	return release && sscanf(release, "%d.%d", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 19));
}

static const char *hvo(const char *root, const char *release,
		       const char *command_line)
{
	char *config, *option;
	const char *s;
	bool on;

	option = read_line(root, "/proc/sys/vm/hugetlb_optimize_vmemmap");
	if (option) {
		s = strcmp(option, "0") ? "on" : "off";
		free(option);
		return s;
	}
	if (exists_below(root, "/sys/kernel/mm") &&
	    !exists_below(root, "/sys/kernel/mm/hugepages"))
		return "n/a (no HugeTLB in this kernel)";
	config = kernel_config(root, release);
	if (!config && exists_below(root, "/proc/config.gz"))
		return "n/a (no sysctl for it; /proc/config.gz may tell why)";
	if (!config)
		return "n/a (no sysctl for it and no kernel config found)";

	option = boot_option(command_line, "hugetlb_free_vmemmap");
	if (!has_line(config, "CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP=y") &&
	    !has_line(config, "CONFIG_HUGETLB_PAGE_FREE_VMEMMAP=y")) {
		s = "n/a (not configured)";
	} else if (!before_sysctl(release)) {
		s = "n/a (configured, but no sysctl for it)";
	} else {
		on = has_line(config,
			      "CONFIG_HUGETLB_PAGE_FREE_VMEMMAP_DEFAULT_ON=y");
		if (option)
			on = !strcmp(option, "on") || !strcmp(option, "1");
		s = on ? "on" : "off";
	}
	free(option);
	free(config);
	return s;
}

/* 1: on, 0: off, -1: not told */
static int turbo(const char *root, int cpu)
{
	char *s = read_line(root, CPU_DIR "/intel_pstate/no_turbo");
	int on;

	if (s) {
		on = !strcmp(s, "0");
	} else {
		s = read_line(root, CPU_DIR "/cpufreq/boost");
		if (!s)
			s = read_cpu_line(root, cpu, "cpufreq/boost");
		on = s ? !strcmp(s, "1") : -1;
	}
	free(s);
	return on;
}

static char *smt_state(const char *root, const struct cpu_choice *choice)
{
	char *control = read_line(root, CPU_DIR "/smt/control");
	char *active = read_line(root, CPU_DIR "/smt/active");
	bool on = active && !strcmp(active, "1");
	const char *word = on ? "on" : "off";
	char *s = NULL;

	if (active && control && strcmp(control, word))
		s = make_string("%s (%s)", word, control);
	else if (active)
		s = make_string("%s", word);
	else if (choice->smt)
		s = make_string("on");
	free(control);
	free(active);
	return s;
}

/* "always [madvise] never": the one in brackets */
static char *transparent_hugepage(const char *root)
{
	char *s = read_line(root, "/sys/kernel/mm/transparent_hugepage/enabled");
	char *open = s ? strchr(s, '[') : NULL;
	char *close = open ? strchr(open, ']') : NULL;
	char *word = close ? strndup(open + 1, close - open - 1) : NULL;

	free(s);
	return word;
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *p;

	for (p = text; (p = strstr(p, word)); p += len)
		if ((p == text || p[-1] == ' ') && (!p[len] || p[len] == ' '))
			return true;
	return false;
}

static const struct {
	const char *part, *name;
} dmi_names[] = {
	/* products before vendors: some vendors make real machines too */
	{ "KVM", "KVM" },
	{ "VMware", "VMware" },
	{ "VirtualBox", "VirtualBox" },
	{ "HVM domU", "Xen" },
	{ "BHYVE", "bhyve" },
	{ "Parallels", "Parallels" },
	{ "Virtual Machine", "Hyper-V" },
	{ "Google Compute Engine", "Google Compute Engine" },
	{ "OpenStack", "OpenStack" },
	{ "Apple Virtualization", "Apple Virtualization" },
	{ "vServer", "Hetzner vServer" },
	{ "Droplet", "DigitalOcean Droplet" },
	{ "Alibaba Cloud ECS", "Alibaba Cloud ECS" },
	{ "QEMU", "QEMU" },
	{ "Bochs", "Bochs" },
	{ "Amazon EC2", "Amazon EC2" },
};

static char *dmi_hypervisor(const char *root)
{
	char *vendor = read_line(root, "/sys/class/dmi/id/sys_vendor");
	char *product = read_line(root, "/sys/class/dmi/id/product_name");
	char *s = NULL;
	size_t i;

	/* "c6g.metal" is Amazon's as well, and has none */
	if (!product || !strstr(product, ".metal"))
		for (i = 0; !s && i < sizeof(dmi_names) / sizeof(*dmi_names);
		     i++)
			if ((product && strstr(product, dmi_names[i].part)) ||
			    (vendor && strstr(vendor, dmi_names[i].part)))
				s = strdup(dmi_names[i].name);
	free(vendor);
	free(product);
	return s;
}

static char *device_tree_hypervisor(const char *root)
{
	char *s, *name = NULL;

	s = read_line(root, "/proc/device-tree/hypervisor/compatible");
	if (s) {
		name = strdup(strstr(s, "kvm") ? "KVM" :
			      strstr(s, "xen") ? "Xen" : "yes (device tree)");
		free(s);
		return name;
	}
	if (exists_below(root, "/proc/device-tree/ibm,partition-name"))
		return strdup("PowerVM");
	s = read_line(root, "/proc/device-tree/compatible");
	if (s && (has_word(s, "linux,dummy-virt") ||
		  has_word(s, "riscv-virtio")))
		name = strdup("QEMU virt board");
	free(s);
	return name;
}

/* s390 always runs under one: /proc/sysinfo says which is the nearest */
static char *s390_hypervisor(const char *root)
{
	char *text = read_text(root, "/proc/sysinfo");
	char *s = NULL;

	if (text)
		s = cpuinfo_field(text, "VM00 Control Program", -1);
	if (text && !s && strstr(text, "LPAR Name:"))
		s = strdup("LPAR");
	free(text);
	return s;
}

/* The paravirtual clock names it where firmware tables do not. */
static char *clock_hypervisor(const char *root)
{
	char *s = read_line(root, "/sys/devices/system/clocksource/clocksource0/available_clocksource");
	const char *name = NULL;

	if (s && has_word(s, "kvm-clock"))
		name = "KVM";
	else if (s && strstr(s, "hyperv_clocksource"))
		name = "Hyper-V";
	else if (s && has_word(s, "xen"))
		name = "Xen";
	free(s);
	return name ? strdup(name) : NULL;
}

/* Its name, "none", or NULL if nothing tells. */
static char *hypervisor(const char *root, const char *cpuinfo, int cpu)
{
	char *flags = cpuinfo ? cpuinfo_field(cpuinfo, "flags", cpu) : NULL;
	char *platform = cpuinfo ? cpuinfo_field(cpuinfo, "platform", cpu) :
				   NULL;
	char *s = read_line(root, "/sys/hypervisor/type");

	/* x86 and PowerNV say so for certain */
	if (!s && ((flags && !has_word(flags, "hypervisor")) ||
		   (platform && !strcmp(platform, "PowerNV"))))
		s = strdup("none");
	if (!s)
		s = dmi_hypervisor(root);
	/* QEMU's own machines may be emulated: that is another world */
	if (s && !strcmp(s, "QEMU")) {
		char *clock = clock_hypervisor(root);

		if (clock) {
			free(s);
			s = make_string("QEMU with %s", clock);
			free(clock);
		}
	}
	if (!s)
		s = device_tree_hypervisor(root);
	if (!s)
		s = s390_hypervisor(root);
	if (!s)
		s = clock_hypervisor(root);
	if (!s && flags)
		s = strdup("yes (unnamed)");
	free(flags);
	free(platform);
	return s;
}

static char *kernel_string(const char *root)
{
	char *release = read_line(root, "/proc/sys/kernel/osrelease");
	char *version = read_line(root, "/proc/sys/kernel/version");
	char *s = NULL;

	if (release)
		s = make_string("%s%s%s", release, version ? " " : "",
				version ? version : "");
	free(release);
	free(version);
	return s;
}

static char *architecture(const char *root)
{
	/* since 6.1 */
	char *s = read_line(root, "/proc/sys/kernel/arch");
	struct utsname name;

	if (!s && !*root && !uname(&name))
		s = strdup(name.machine);
	return s;
}

/* Takes @value, which may be NULL: then it is not available for @reason. */
static void put(json_t *o, const char *key, char *value, const char *reason)
{
	if (!value)
		value = make_string("n/a (%s)", reason);
	if (value)
		json_object_set_new(o, key, json_string(clean(value)));
	free(value);
}

json_t *environment_context(const char *root, const struct cpu_choice *choice)
{
	static const char * const on_off[] = { "off", "on" };
	char *cpuinfo, *command_line, *release;
	int cpu = choice->cpu, on;
	json_t *o = json_object();

	if (!o)
		return NULL;
	if (!root)
		root = "";
	cpuinfo = read_text(root, "/proc/cpuinfo");
	command_line = read_line(root, "/proc/cmdline");
	release = read_line(root, "/proc/sys/kernel/osrelease");
	on = turbo(root, cpu);

	put(o, "cpu_model", cpu_model(root, cpuinfo, cpu),
	    cpuinfo ? "no known field in /proc/cpuinfo" : "no /proc/cpuinfo");
	put(o, "microcode",
	    cpuinfo ? cpuinfo_field(cpuinfo, "microcode", cpu) : NULL,
	    cpuinfo ? "not in /proc/cpuinfo" : "no /proc/cpuinfo");
	put(o, "mitigations", mitigations(root),
	    "no " CPU_DIR "/vulnerabilities");
	put(o, "kernel", kernel_string(root), "no /proc/sys/kernel/osrelease");
	put(o, "hvo", strdup(hvo(root, release, command_line)), "no memory");
	put(o, "command_line", command_line, "no /proc/cmdline");
	put(o, "governor", read_cpu_line(root, cpu, "cpufreq/scaling_governor"),
	    "no cpufreq");
	put(o, "turbo", on < 0 ? NULL : strdup(on_off[on]),
	    "neither intel_pstate/no_turbo nor cpufreq/boost");
	put(o, "smt", smt_state(root, choice), "no " CPU_DIR "/smt");
	put(o, "hypervisor", hypervisor(root, cpuinfo, cpu), "no sign of one");
	put(o, "transparent_hugepage", transparent_hugepage(root),
	    "no /sys/kernel/mm/transparent_hugepage");
	put(o, "compiler", strdup(COMPILER), "no memory");
	put(o, "cflags", strdup(PFBENCH_CFLAGS), "no memory");
	put(o, "commit", strdup(PFBENCH_COMMIT), "no memory");
	put(o, "version", strdup(PFBENCH_VERSION), "no memory");
	put(o, "node", choice->node < 0 ? NULL :
	    make_string("%d", choice->node), "no NUMA node known");
	put(o, "arch", architecture(root), "no /proc/sys/kernel/arch");
	free(cpuinfo);
	free(release);
	return o;
}

struct cpu_time {
	unsigned long long busy, total, steal;
	bool has_steal;
};

static bool find_cpu_time(const char *stat, int cpu, struct cpu_time *time)
{
	unsigned long long v[8] = { 0 };
	char key[24];
	const char *p;
	int i, n;

	/* behind the line of all CPUs, so a newline always goes before */
	n = snprintf(key, sizeof(key), "\ncpu%d ", cpu);
	p = cpu < 0 ? NULL : strstr(stat, key);
	if (!p)
		return false;
	n = sscanf(p + n, "%llu %llu %llu %llu %llu %llu %llu %llu", &v[0],
		   &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]);
	if (n < 4)
		return false;
	time->total = 0;
	for (i = 0; i < 8; i++)
		time->total += v[i];
	/* user, nice, system, irq, softirq; not idle, iowait, steal */
	time->busy = v[0] + v[1] + v[2] + v[5] + v[6];
	time->steal = v[7];
	time->has_steal = n == 8;
	return true;
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
	json_array_append_new(lines, json_string(clean(line)));
}

static void add_busy_siblings(json_t *lines, const char *root,
			      struct topology *t, int cpu)
{
	static const struct timespec look = { .tv_nsec = 100 * 1000 * 1000 };
	struct cpu_time before, after;
	char *stat, *later;
	int siblings[16];
	size_t i, nr;

	nr = t ? topology_siblings(t, cpu, siblings, 16) : 0;
	if (!nr)
		return;
	stat = read_text(root, "/proc/stat");
	nanosleep(&look, NULL);
	later = read_text(root, "/proc/stat");
	for (i = 0; stat && later && i < nr; i++) {
		unsigned long long busy, total;
		const char *when = "now";

		if (!find_cpu_time(stat, siblings[i], &before) ||
		    !find_cpu_time(later, siblings[i], &after))
			continue;
		busy = after.busy - before.busy;
		total = after.total - before.total;
		/* a recorded machine does not go on */
		if (after.total <= before.total) {
			busy = after.busy;
			total = after.total;
			when = "since boot";
		}
		if (total && busy * 20 > total)
			add_line(lines, "SMT sibling CPU %d of CPU %d is busy: %llu %% %s",
				 siblings[i], cpu, busy * 100 / total, when);
	}
	free(stat);
	free(later);
}

static void add_steal(json_t *lines, const char *root, int cpu)
{
	char *stat = read_text(root, "/proc/stat");
	struct cpu_time time;

	if (stat && find_cpu_time(stat, cpu, &time) && time.steal)
		add_line(lines, "steal: %.2f %% of CPU %d's time since boot (%llu ticks)",
			 100.0 * time.steal / time.total, cpu, time.steal);
	free(stat);
}

/* The cores' own counters: other PMUs count for a memory controller or so. */
static bool has_pmu(const char *root)
{
	static const char dir[] = "/sys/bus/event_source/devices";
	static const char * const names[] = { "cpu", "cpu_core", "cpum_cf" };
	char path[PATH_MAX];
	bool found = false;
	struct dirent *entry;
	size_t i;
	DIR *d;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (exists_below(root, path))
			return true;
	}
	snprintf(path, sizeof(path), "%s%s", root, dir);
	d = opendir(path);
	while (d && !found && (entry = readdir(d))) {
		/* of arm64: uncore ones have a "cpumask" instead */
		snprintf(path, sizeof(path), "%s/%s/cpus", dir, entry->d_name);
		found = visible(entry) && exists_below(root, path);
	}
	if (d)
		closedir(d);
	return found;
}

json_t *environment_disturbances(const char *root, struct topology *t,
				 const struct cpu_choice *choice)
{
	int cpu = choice->cpu;
	json_t *lines = json_array();
	char *cpuinfo, *s;

	if (!lines)
		return NULL;
	if (!root)
		root = "";
	s = read_cpu_line(root, cpu, "cpufreq/scaling_governor");
	if (s && strcmp(s, "performance"))
		add_line(lines, "governor of CPU %d is %.16s, not performance",
			 cpu, s);
	free(s);
	if (turbo(root, cpu) == 1)
		add_line(lines, "turbo is on: the clock follows load and temperature");
	add_busy_siblings(lines, root, t, cpu);
	add_steal(lines, root, cpu);
	cpuinfo = read_text(root, "/proc/cpuinfo");
	s = hypervisor(root, cpuinfo, cpu);
	if (s && strcmp(s, "none"))
		add_line(lines, "a hypervisor is underneath: %s", s);
	free(s);
	free(cpuinfo);
	if (!has_pmu(root))
		add_line(lines, "no PMU: instructions, branches, misses cannot be counted");
#ifndef __OPTIMIZE__
	add_line(lines, "this is a debug build (compiled without optimisation)");
#endif
	return lines;
}

long long environment_steal(const char *root, int cpu)
{
	/* kept open: this is called around every round */
	static char *open_root;
	static char *text;
	static size_t size;
	static int fd = -1;
	struct cpu_time time;
	ssize_t n;

	if (!root)
		root = "";
	if (fd < 0 || !open_root || strcmp(open_root, root)) {
		if (fd >= 0)
			close(fd);
		free(open_root);
		open_root = strdup(root);
		fd = open_below(root, "/proc/stat");
	}
	if (fd < 0)
		return -1;
	do {
		if (!text) {
			size = size ? size * 2 : 65536;
			text = malloc(size);
			if (!text)
				return -1;
		}
		n = pread(fd, text, size - 1, 0);
		if (n < 0)
			return -1;
		text[n] = '\0';
		if (find_cpu_time(text, cpu, &time))
			return time.has_steal ? (long long)time.steal : -1;
		/* cut off before it: a machine of a thousand CPUs */
		if ((size_t)n == size - 1 && size < TEXT_MAX) {
			free(text);
			text = NULL;
		}
	} while (!text);
	return -1;
}
