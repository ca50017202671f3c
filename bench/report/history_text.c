// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <string.h>

#include "lib/plot_data.h"
#include "report/history_internal.h"

/* "four", or "17" */
static const char *number_word(size_t n, char *buf, size_t size)
{
	static const char *const words[] = {
		"no", "one", "two", "three", "four", "five", "six", "seven",
		"eight", "nine", "ten", "eleven", "twelve",
	};

	if (n < sizeof(words) / sizeof(*words))
		snprintf(buf, size, "%s", words[n]);
	else
		snprintf(buf, size, "%zu", n);
	return buf;
}

/* "Eleven years of PageLocked(), one loop, four kernels" */
void history_title(const struct history *h, char *text, size_t size)
{
	const char *acc = pf_accessors[h->accessor].name;
	size_t first = HISTORY_STEPS, last = 0;
	char years[24], kernels[24];
	int n;

	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		if (!h->shown[s])
			continue;
		first = first < s ? first : s;
		last = s;
	}
	n = history_steps[last].year - history_steps[first].year;
	number_word(n, years, sizeof(years));
	*years = toupper((unsigned char)*years);
	number_word(h->nr, kernels, sizeof(kernels));
	if (n)
		n = snprintf(text, size, "%s year%s of %s()", years,
			     n == 1 ? "" : "s", acc);
	else
		n = snprintf(text, size, "%s() in %d", acc,
			     history_steps[last].year);
	snprintf(text + n, size - n, ", one loop, %s kernel%s", kernels,
		 h->nr == 1 ? "" : "s");
}

void history_machine(const struct history *h, char *text, size_t size)
{
	const struct result *first = &h->kernel[0].result;
	const char *model = result_context(first, "cpu_model");
	char cpu[64], arch[24], host[32];
	bool same = true;

	for (size_t i = 1; i < h->nr; i++)
		same &= !strcmp(model, result_context(&h->kernel[i].result,
						      "cpu_model"));
	plot_data_text(cpu, sizeof(cpu), model);
	plot_data_text(arch, sizeof(arch), result_context(first, "arch"));
	plot_data_text(host, sizeof(host), result_context(first, "host_name"));
	snprintf(text, size, "%s%s, %s, kmod backend, %s", cpu,
		 same ? "" : " and others", arch, host);
}

void history_release(const struct history_kernel *k, char *text, size_t size)
{
	snprintf(text, size, "%u.%u", k->major, k->minor);
}
