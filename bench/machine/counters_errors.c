// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "machine/counters_internal.h"

static void explain_not_permitted(char *buf, size_t size, int err)
{
	auto_free char *level = read_line("/proc/sys/kernel/"
					  "perf_event_paranoid");

	snprintf(buf, size, "not permitted: perf_event_paranoid is %s%s",
		 level ? level : "unknown",
		 err == -EPERM ? "; or a container's seccomp filter" : "");
}

static const char *explain_einval(struct counters *c, size_t i)
{
	struct perf_event_attr all_modes = c->event[i].attr;

	all_modes.exclude_user = 0;
	all_modes.exclude_kernel = 0;
	all_modes.exclude_hv = 0;
	if (!counters_try_open(c, &all_modes))
		return "this PMU cannot count user and kernel mode apart";
	return "the kernel refuses it for a thread (EINVAL): an uncore PMU, or a wrong code";
}

static const char *explain_error(int err)
{
	switch (-err) {
	case ENOENT:
	case EOPNOTSUPP:
		return "no such event on this CPU (or no PMU in this virtual machine)";
	case ENODEV:
		return "this CPU's PMU cannot count it (ENODEV)";
	case ENOSYS:
		return "this kernel has no perf events";
	case EBUSY:
		return "the PMU is reserved by another user (EBUSY)";
	case EMFILE:
		return "too many open files: raise ulimit -n";
	case EAGAIN:
		return "opens, but is not counted all the time: wrong core type, or another user of the PMU";
	case ENODATA:
		return "opens, but reads zero while code runs: a virtual machine's PMU?";
	default:
		return strerror(-err);
	}
}

void counters_reason(int err, char *buf, size_t size)
{
	if (err == -EACCES || err == -EPERM)
		explain_not_permitted(buf, size, err);
	else
		snprintf(buf, size, "%s", explain_error(err));
}

void counters_explain(struct counters *c, size_t i, int err)
{
	char *buf = c->counter[i].reason;
	size_t size = sizeof(c->counter[i].reason);

	if (err == -EINVAL)
		snprintf(buf, size, "%s", explain_einval(c, i));
	else
		counters_reason(err, buf, size);
}
