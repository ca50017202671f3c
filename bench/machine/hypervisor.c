// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/text.h"
#include "machine/cpu_model.h"
#include "machine/hypervisor.h"

static const struct {
	const char *part, *name;
} dmi_names[] = {
	/* products before vendors, some of which make real machines, too */
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

static const char *dmi_hypervisor(const char *root)
{
	auto_free char *vendor = read_line("%s/sys/class/dmi/id/sys_vendor",
					   root);
	auto_free char *product = read_line("%s/sys/class/dmi/id/product_name",
					    root);
	size_t i;

	/* Amazon's "c6g.metal" has no hypervisor */
	if (product && strstr(product, ".metal"))
		return NULL;
	for (i = 0; i < sizeof(dmi_names) / sizeof(*dmi_names); i++)
		if ((product && strstr(product, dmi_names[i].part)) ||
		    (vendor && strstr(vendor, dmi_names[i].part)))
			return dmi_names[i].name;
	return NULL;
}

static const char *device_tree_hypervisor(const char *root)
{
	static const char dir[] = "/proc/device-tree";
	auto_free char *name = read_line("%s%s/hypervisor/compatible", root,
					 dir);
	auto_free char *board = read_line("%s%s/compatible", root, dir);

	if (name)
		return strstr(name, "kvm") ? "KVM" :
		       strstr(name, "xen") ? "Xen" : "yes (device tree)";
	if (file_exists("%s%s/ibm,partition-name", root, dir))
		return "PowerVM";
	if (board && (text_has_word(board, "linux,dummy-virt", ' ') ||
		      text_has_word(board, "riscv-virtio", ' ')))
		return "QEMU virt board";
	return NULL;
}

/* s390 always has a hypervisor, listed in /proc/sysinfo. */
static char *s390_hypervisor(const char *root)
{
	auto_free char *text = read_file("%s/proc/sysinfo", root);
	char *s = cpuinfo_field(text, "VM00 Control Program", -1);

	if (text && !s && strstr(text, "LPAR Name:"))
		s = strdup("LPAR");
	return s;
}

/* The paravirtual clock, for machines whose firmware does not name it. */
static const char *clock_hypervisor(const char *root)
{
	auto_free char *s = read_line("%s/sys/devices/system/clocksource/"
				      "clocksource0/available_clocksource",
				      root);

	if (!s)
		return NULL;
	return text_has_word(s, "kvm-clock", ' ') ? "KVM" :
	       strstr(s, "hyperv_clocksource") ? "Hyper-V" :
	       text_has_word(s, "xen", ' ') ? "Xen" : NULL;
}

char *hypervisor_name(const char *root, const char *cpuinfo, int cpu)
{
	auto_free char *flags = cpuinfo_field(cpuinfo, "flags", cpu);
	auto_free char *platform = cpuinfo_field(cpuinfo, "platform", cpu);
	const char *clock = clock_hypervisor(root), *name;
	char *s = read_line("%s/sys/hypervisor/type", root);

	if (s)
		return s;
	/* x86 and PowerNV report with certainty that there is none */
	if ((flags && !text_has_word(flags, "hypervisor", ' ')) ||
	    (platform && !strcmp(platform, "PowerNV")))
		return strdup("none");
	name = dmi_hypervisor(root);
	/* QEMU emulates the CPU unless a paravirtual clock shows otherwise */
	if (name && !strcmp(name, "QEMU") && clock)
		return text_format("QEMU with %s", clock);
	if (!name)
		name = device_tree_hypervisor(root);
	if (!name)
		s = s390_hypervisor(root);
	if (!name && !s)
		name = clock ? clock : flags ? "yes (unnamed)" : NULL;
	return name ? strdup(name) : s;
}
