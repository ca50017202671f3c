// SPDX-License-Identifier: GPL-2.0
/* The code of a kernel's look-ups, for the plugin. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "workload/lookups.h"

int workload_open(struct workload *w, const char *vmlinux, struct errmsg *msg)
{
	struct census *c = &w->census;
	int err;

	memset(w, 0, sizeof(*w));
	c->ranges = c->layout = true;
	err = census_read(c, vmlinux, msg);
	if (err)
		return err;
	if (strcmp(c->file->arch, "x86-64") && strcmp(c->file->arch, "arm64"))
		return errmsg_set(msg, -EINVAL,
				  "%s is for %s: look-ups are counted on x86-64 and arm64",
				  vmlinux, c->file->arch);
	if (!c->page.size || !c->page.has_head_bit || !c->nr_ranges)
		return errmsg_set(msg, -EINVAL,
				  "%s: no struct page with a word for tails, or no PG_head: is it the vmlinux of a kernel from 4.4 on?",
				  vmlinux);
	if (!strcmp(c->file->arch, "arm64") && c->range->start >> 47 != 0x1ffff)
		return errmsg_set(msg, -EINVAL,
				  "%s: neither 48 nor 52 bits of virtual addresses: the place of its struct pages is not known",
				  vmlinux);
	if (!*c->file->build_id)
		return errmsg_set(msg, -EINVAL,
				  "%s: no build-id: it cannot be compared with the booted kernel",
				  vmlinux);
	w->count = calloc(c->nr_sites, sizeof(*w->count));
	if (!w->count || census_pieces(c->range, c->nr_ranges, &w->piece,
				       &w->nr_pieces))
		return errmsg_set(msg, -ENOMEM, "out of memory");
	return 0;
}

void workload_close(struct workload *w)
{
	census_free(&w->census);
	free(w->piece);
	free(w->count);
	memset(w, 0, sizeof(*w));
}

int workload_lookup_of(struct workload *w, size_t site)
{
	const struct census_site *s;

	for (int i = site; i >= 0; i = s->outer) {
		s = &w->census.site[i];
		/* an out-of-line copy is a look-up too */
		if (s->lookup || (s->copy && census_class(&w->census, s->name) &
				  CENSUS_LOOKUP))
			return i;
	}
	return -1;
}

static bool is_fake_head_test(const struct census *c, uint32_t name)
{
	const char *text = census_text(c, name);

	return !strcmp(text, "page_fixed_fake_head") ||
	       !strcmp(text, "page_is_fake_head");
}

/* The role of a site, which decides how loads count: see the plugin. */
static char role(struct workload *w, size_t site)
{
	const struct census *c = &w->census;
	int lookup = workload_lookup_of(w, site);

	if (lookup < 0)
		return 'a';
	for (int i = site; i != lookup; i = c->site[i].outer)
		if (is_fake_head_test(c, c->site[i].name))
			return 'f';
	return 'l';
}

/*
 * The addresses of struct pages. gcc moves other code into look-ups, which loads
 * too, from page tables for example. x86-64 has the lowest address in a variable,
 * or at 0xffffea... without CONFIG_DYNAMIC_MEMORY_LAYOUT. On arm64 the array lies
 * between the two constants with 48 and with 52 bits, and the upper end of
 * vmalloc's area, which may be there too, is not reached.
 */
static void write_vmemmap(FILE *f, const struct census *c)
{
	bool arm = !strcmp(c->file->arch, "arm64");

	fprintf(f, "vmemmap %" PRIx64 " %" PRIx64 " %" PRIx64 "\n",
		c->page.vmemmap_base, arm ? 0xffffc1ffc0000000 :
		0xffffea0000000000, arm ? 0x3e0000000000 : 1UL << 40);
}

int workload_write_sites(FILE *f, const void *arg)
{
	struct workload *w = (struct workload *)arg;
	const struct census *c = &w->census;

	fprintf(f, "# pfbench sites 1\npage %" PRIu64 " %" PRIu64 " %" PRIu64
		" %u\n", c->page.size, c->page.head, c->page.flags,
		c->page.head_bit);
	write_vmemmap(f, c);
	fprintf(f, "sites %zu\npieces %zu\n", c->nr_sites, w->nr_pieces);
	for (size_t i = 0; i < w->nr_pieces; i++)
		fprintf(f, "piece %" PRIx64 " %" PRIx64 " %" PRIu32 " %c\n",
			w->piece[i].start, w->piece[i].end, w->piece[i].site,
			role(w, w->piece[i].site));
	return ferror(f);
}

/* Add the counts of a site to its own and to those of its look-up. */
static void add_site_counts(struct workload *w, size_t site,
		       const struct workload_count *n)
{
	int lookup = workload_lookup_of(w, site);
	struct workload_count *to;

	w->count[site].own = n->own;
	if (lookup < 0)
		return;
	to = &w->count[lookup];
	to->whole += n->own;
	to->tail += n->tail;
	to->head += n->head;
	to->small += n->small;
	to->tested += n->tested;
	to->fake += n->fake;
}

static bool read_all_counts(struct workload *w, FILE *f)
{
	struct workload_count n = { 0 };
	int open = 0;
	size_t site;
	char end[4];

	if (fscanf(f, "# pfbench counts of look-ups 1\nstarts %" SCNu64
		   "\nopen %d\nunread %" SCNu64 "\nuser %" SCNu64
		   "\nkernel %" SCNu64 "\nrepeated %" SCNu64
		   "\niterations %" SCNu64 "\n", &w->starts, &open,
		   &w->unread, &w->user, &w->kernel, &w->repeated,
		   &w->iterations) != 7)
		return false;
	w->open = open;
	while (fscanf(f, "site %zu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		      " %" SCNu64 " %" SCNu64 "\n", &site, &n.own, &n.tail,
		      &n.head, &n.small, &n.tested, &n.fake) == 7) {
		if (site >= w->census.nr_sites)
			return false;
		add_site_counts(w, site, &n);
	}
	return fscanf(f, "%3s", end) == 1 && !strcmp(end, "end");
}

int workload_read_counts(struct workload *w, const char *path,
			 struct errmsg *msg)
{
	FILE *f = fopen(path, "re");
	bool whole;

	if (!f)
		return errmsg_set(msg, -errno, "%s: %s", path, strerror(errno));
	whole = read_all_counts(w, f);
	fclose(f);
	return whole ? 0 :
		errmsg_set(msg, -ENODATA,
			   "%s: the plugin's counts are cut off: is its file system full?",
			   path);
}
