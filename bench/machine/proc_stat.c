// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/proc_stat.h"

int proc_stat_open(struct proc_stat *s, const char *root)
{
	char *path;

	memset(s, 0, sizeof(*s));
	s->fd = -1;
	if (asprintf(&path, "%s/proc/stat", root) < 0)
		return -ENOMEM;
	s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	free(path);
	return s->fd < 0 ? -errno : 0;
}

void proc_stat_close(struct proc_stat *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->text);
	memset(s, 0, sizeof(*s));
	s->fd = -1;
}

int proc_stat_read(struct proc_stat *s)
{
	ssize_t n;
	char *text;

	if (s->fd < 0)
		return -EBADF;
	for (;;) {
		n = s->size ? pread(s->fd, s->text, s->size - 1, 0) : 0;
		if (n < 0)
			return -errno;
		if ((size_t)n + 1 < s->size)
			break;
		text = realloc(s->text, s->size ? s->size * 2 : 65536);
		if (!text)
			return -ENOMEM;
		s->text = text;
		s->size = s->size ? s->size * 2 : 65536;
	}
	s->text[n] = '\0';
	s->next = s->text;
	return 0;
}

bool proc_stat_cpu(struct proc_stat *s, int cpu, struct cpu_ticks *ticks)
{
	unsigned long long v[8] = { 0 };
	char key[24], *end;
	const char *p;
	int i, n;

	if (!s->text || cpu < 0)
		return false;
	/* the line of all CPUs comes first, so a newline precedes any other */
	n = snprintf(key, sizeof(key), "\ncpu%d ", cpu);
	p = strncmp(s->next, key, n) ? strstr(s->text, key) : s->next;
	if (!p)
		return false;
	p += n;
	s->next = strchrnul(p, '\n');
	for (n = 0; n < 8; n++, p = end) {
		v[n] = strtoull(p, &end, 10);
		if (end == p)
			break;
	}
	if (n < 4)
		return false;
	ticks->total = 0;
	for (i = 0; i < 8; i++)
		ticks->total += v[i];
	/* user, nice, system, irq, softirq; not idle, iowait, steal */
	ticks->busy = v[0] + v[1] + v[2] + v[5] + v[6];
	ticks->steal = v[7];
	ticks->has_steal = n == 8;
	return true;
}
