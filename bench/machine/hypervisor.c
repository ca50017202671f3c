// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

static char *dmi_hypervisor(const char *root)
{
	char *vendor = read_line("%s/sys/class/dmi/id/sys_vendor", root);
	char *product = read_line("%s/sys/class/dmi/id/product_name", root);
	char *s = NULL;
	size_t i;

	/* Amazon's "c6g.metal" has no hypervisor */
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

	s = read_line("%s/proc/device-tree/hypervisor/compatible", root);
	if (s) {
		name = strdup(strstr(s, "kvm") ? "KVM" :
			      strstr(s, "xen") ? "Xen" : "yes (device tree)");
		free(s);
		return name;
	}
	if (file_exists("%s/proc/device-tree/ibm,partition-name", root))
		return strdup("PowerVM");
	s = read_line("%s/proc/device-tree/compatible", root);
	if (s && (text_has_word(s, "linux,dummy-virt", ' ') ||
		  text_has_word(s, "riscv-virtio", ' ')))
		name = strdup("QEMU virt board");
	free(s);
	return name;
}

/* s390 always has a hypervisor, listed in /proc/sysinfo. */
static char *s390_hypervisor(const char *root)
{
	char *text = read_file("%s/proc/sysinfo", root);
	char *s = cpuinfo_field(text, "VM00 Control Program", -1);

	if (text && !s && strstr(text, "LPAR Name:"))
		s = strdup("LPAR");
	free(text);
	return s;
}

/* The paravirtual clock, for machines whose firmware does not name it. */
static char *clock_hypervisor(const char *root)
{
	char *s = read_line("%s/sys/devices/system/clocksource/clocksource0/"
			    "available_clocksource", root);
	const char *name = NULL;

	if (s && text_has_word(s, "kvm-clock", ' '))
		name = "KVM";
	else if (s && strstr(s, "hyperv_clocksource"))
		name = "Hyper-V";
	else if (s && text_has_word(s, "xen", ' '))
		name = "Xen";
	free(s);
	return name ? strdup(name) : NULL;
}

char *hypervisor_name(const char *root, const char *cpuinfo, int cpu)
{
	char *flags = cpuinfo_field(cpuinfo, "flags", cpu);
	char *platform = cpuinfo_field(cpuinfo, "platform", cpu);
	char *s = read_line("%s/sys/hypervisor/type", root);

	/* x86 and PowerNV report with certainty that there is none */
	if (!s && ((flags && !text_has_word(flags, "hypervisor", ' ')) ||
		   (platform && !strcmp(platform, "PowerNV"))))
		s = strdup("none");
	if (!s)
		s = dmi_hypervisor(root);
	/* QEMU emulates the CPU unless a paravirtual clock shows otherwise */
	if (s && !strcmp(s, "QEMU")) {
		char *clock = clock_hypervisor(root);

		if (clock) {
			free(s);
			s = text_format("QEMU with %s", clock);
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

