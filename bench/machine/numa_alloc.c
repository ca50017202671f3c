// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "machine/topology_internal.h"

#define HUGE_PAGE (2UL << 20)

struct numa_mapping {
	struct numa_mapping *next;
	void *p;
	size_t len;
};

/* With overcommit, mmap() succeeds and the OOM killer comes later. */
static bool memory_available(size_t bytes)
{
	static const char key[] = "MemAvailable:";
	auto_free char *text = read_file("/proc/meminfo");
	char *kib = text ? strstr(text, key) : NULL;

	return !kib || bytes / 1024 < strtoull(kib + strlen(key), NULL, 10);
}

static void bind_to_node(struct topology *t, int node, void *p, size_t len)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();

	/* not STRICT: a full node spills into other nodes */
	if (set && !hwloc_bitmap_set(set, node))
		hwloc_set_area_membind(t->hw, p, len, set, HWLOC_MEMBIND_BIND,
				       HWLOC_MEMBIND_BYNODESET);
	hwloc_bitmap_free(set);
}

void *topology_alloc(struct topology *t, const struct cpu_choice *choice,
		     size_t bytes, size_t align)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t unit = bytes >= HUGE_PAGE ? HUGE_PAGE : page;
	size_t len, head, total;
	struct numa_mapping *mapping;
	char *map, *p;

	if (!bytes || (align & (align - 1)) || bytes > SIZE_MAX - unit)
		return NULL;
	if (unit < page)
		unit = page;
	if (align < unit)
		align = unit;
	len = (bytes + unit - 1) & ~(unit - 1);
	if (len > SIZE_MAX - align || !memory_available(len))
		return NULL;
	mapping = malloc(sizeof(*mapping));
	if (!mapping)
		return NULL;

	total = len + align;
	map = mmap(NULL, total, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED) {
		free(mapping);
		return NULL;
	}
	head = -(uintptr_t)map & (align - 1);
	p = map + head;
	if (head)
		munmap(map, head);
	munmap(p + len, total - head - len);

	if (choice->node >= 0)
		bind_to_node(t, choice->node, p, len);
	if (bytes >= HUGE_PAGE)
		madvise(p, len, MADV_HUGEPAGE);
	memset(p, 0, len);

	mapping->p = p;
	mapping->len = len;
	mapping->next = t->mappings;
	t->mappings = mapping;
	return p;
}

void topology_free(struct topology *t, void *p, size_t bytes)
{
	struct numa_mapping **link, *mapping;

	for (link = &t->mappings; *link; link = &(*link)->next) {
		mapping = *link;
		if (mapping->p != p)
			continue;
		*link = mapping->next;
		munmap(mapping->p, mapping->len);
		free(mapping);
		return;
	}
}

void numa_free_all(struct topology *t)
{
	while (t->mappings)
		topology_free(t, t->mappings->p, t->mappings->len);
}
