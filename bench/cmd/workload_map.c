// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/workload_map.h"

/* Debian, Fedora, a kernel of one's own, and its build directory. */
static int find_debug_information(const char *release, char path[PATH_MAX],
				  struct errmsg *msg)
{
	static const char *const places[] = {
		"/usr/lib/debug/boot/vmlinux-%s",
		"/usr/lib/debug/lib/modules/%s/vmlinux",
		"/boot/vmlinux-%s",
		"/lib/modules/%s/build/vmlinux",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, PATH_MAX, places[i], release);
		if (!access(path, R_OK))
			return 0;
	}
	return errmsg_set(msg, -ENOENT,
			  "no vmlinux of kernel %s in /usr/lib/debug or /boot: install its debug information (on Debian linux-image-%s-dbg), or name it by --vmlinux",
			  release, release);
}

struct workload *workload_map_open(const char *vmlinux, const struct samples *s,
				   struct errmsg *msg)
{
	struct workload *w;
	char path[PATH_MAX];

	if (!vmlinux && find_debug_information(s->release, path, msg))
		return NULL;
	w = malloc(sizeof(*w));
	if (!w) {
		errmsg_set(msg, -ENOMEM, "out of memory");
		return NULL;
	}
	if (workload_open(w, vmlinux ?: path, msg) ||
	    sampled_check(w, vmlinux ?: path, s, msg)) {
		workload_map_close(w);
		return NULL;
	}
	return w;
}

json_t *workload_map(struct workload *w, const struct samples *s,
		     const char *partial)
{
	return sampled_result(w, s, partial);
}

void workload_map_close(struct workload *w)
{
	workload_close(w);
	free(w);
}
