// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "measure/page_source.h"

/* A file's pages: in the page cache while the file is mapped and pinned. */
static void *map_file(size_t bytes)
{
	const char *dir = getenv("TMPDIR");
	char path[256];
	void *memory;
	int fd;

	snprintf(path, sizeof(path), "%s/pfbench-XXXXXX",
		 dir && *dir ? dir : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return MAP_FAILED;
	unlink(path);
	memory = posix_fallocate(fd, 0, bytes) ? MAP_FAILED :
		mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, fd, 0);
	close(fd);
	return memory;
}

static void *map_pages(enum page_source source, size_t bytes)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	void *memory;

	if (source == SOURCE_FILE)
		return map_file(bytes);
	if (source == SOURCE_HUGETLB || source == SOURCE_FAKE)
		flags |= MAP_HUGETLB;
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (memory == MAP_FAILED)
		return memory;
	if (source == SOURCE_ANON)
		madvise(memory, bytes, MADV_NOHUGEPAGE);
	else if (source == SOURCE_THP)
		madvise(memory, bytes, MADV_HUGEPAGE);
	memset(memory, 1, bytes);
	return memory;
}

/* The size of a huge page; 2 MiB if the kernel does not report it. */
static size_t huge_bytes(enum page_source source)
{
	const char *key = "Hugepagesize:", *at;
	auto_free char *text = source == SOURCE_THP ?
		read_file("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size") :
		read_file("/proc/meminfo");
	size_t bytes = 0;

	if (text && source == SOURCE_THP)
		bytes = strtoul(text, NULL, 10);
	else if (text && (at = strstr(text, key)))
		bytes = strtoul(at + strlen(key), NULL, 10) << 10;
	return bytes ? bytes : 2 << 20;
}

int page_source_map(enum page_source source, size_t bytes,
		    struct source_memory *m, struct errmsg *msg)
{
	bool hugetlb = source == SOURCE_HUGETLB || source == SOURCE_FAKE;
	size_t huge = hugetlb || source == SOURCE_THP ? huge_bytes(source) : 1;

	m->length = (bytes + huge - 1) / huge * huge;
	m->bytes = m->length;
	/* room to align the start; hugetlb is aligned */
	if (source == SOURCE_THP)
		m->bytes += huge;
	m->mapped = map_pages(source, m->bytes);
	if (m->mapped == MAP_FAILED) {
		m->mapped = NULL;
		return errmsg_set(msg, -ENOMEM, hugetlb ?
				  "no %zu MiB of huge pages: raise /proc/sys/vm/nr_hugepages" :
				  "no %zu MiB of memory for the pages",
				  (m->bytes + (1 << 20) - 1) >> 20);
	}
	m->start = (uintptr_t)m->mapped;
	if (source == SOURCE_THP)
		m->start = (m->start + huge - 1) / huge * huge;
	return 0;
}

void page_source_unmap(struct source_memory *m)
{
	if (m->mapped)
		munmap(m->mapped, m->bytes);
}
