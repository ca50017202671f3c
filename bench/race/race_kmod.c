// SPDX-License-Identifier: GPL-2.0
/* The race between threads of the kernel, by way of the module's device. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "machine/kmod_device.h"
#include "race/race.h"
#include "uapi/pfbench.h"

static const uint32_t delays[RACE_NR_DELAY_KINDS] = {
	[RACE_SPIN] = PFBENCH_DELAY_SPIN,
	[RACE_SLEEP] = PFBENCH_DELAY_SLEEP,
	[RACE_IRQ] = PFBENCH_DELAY_IRQ,
	[RACE_PREEMPT] = PFBENCH_DELAY_PREEMPT,
};

/* Numbers are those of the catalog, if module and driver have the same one. */
static int check_names(int fd, const struct race_request *ask, struct errmsg *msg)
{
	struct pfbench_entry e = { .size = sizeof(e),
				   .accessor = ask->accessor,
				   .generation = ask->gen };

	if (!ioctl(fd, PFBENCH_ENTRY, &e) &&
	    !strcmp(e.accessor_name, pf_accessors[ask->accessor].name) &&
	    !strcmp(e.generation_name, pf_generations[ask->gen].name))
		return 0;
	return errmsg_set(msg, -EPROTO,
		       "--backend=kmod: the module has another catalog than this pfbench: build both from one tree");
}

static int explain(const struct pfbench_race *as, int err, struct errmsg *msg)
{
	switch (err) {
	case ENOTTY:
	case E2BIG:
		return errmsg_set(msg, -err,
			       "--backend=kmod: the module is older than this pfbench: build both from one tree");
	case ENODEV:
		return errmsg_set(msg, -err,
			       "--backend=kmod: CPU %u or %u is not online, or went",
			       as->reader_cpu, as->writer_cpu);
	default:
		return errmsg_set(msg, -err, "--backend=kmod: %s: %s",
			       PFBENCH_DEVICE, strerror(err));
	}
}

static struct pfbench_race request(const struct race_request *ask)
{
	return (struct pfbench_race){
		.size = sizeof(struct pfbench_race),
		.accessor = ask->accessor,
		.generation = ask->gen,
		.protocol = ask->protocol,
		.windows = ask->windows,
		.delay = ask->windows ? delays[ask->kind] : 0,
		.delay_ns = ask->windows ? ask->ns : 0,
		.reader_cpu = ask->cpu[0],
		.writer_cpu = ask->cpu[1 % ask->nr_cpus],
		.inject = ask->inject,
		.timer_hz = ask->interrupts,
	};
}

static void add(struct race_result *r, const struct pfbench_race *as)
{
	struct pf_race_counts *c = &r->counts;

	if (isnan(r->first) && as->first_ns)
		r->first = r->seconds + as->first_ns / 1e9;
	r->seconds += as->ns / 1e9;
	c->lookups += as->lookups;
	c->verdict[PF_RACE_RIGHT] += as->right;
	c->verdict[PF_RACE_ITSELF] += as->itself;
	c->verdict[PF_RACE_STALE] += as->stale;
	c->verdict[PF_RACE_GARBAGE] += as->garbage;
	c->verdict[PF_RACE_UNDECIDED] += as->undecided;
	c->wrong_flags += as->wrong_flags;
	c->unknown_flags += as->unknown_flags;
	c->moving += as->moving;
	c->passed += as->passed;
	r->injected += as->injected;
	r->changes += as->changes;
	r->refused += as->refused;
	r->delays += as->delays;
	r->delay += as->delayed_ns;
	r->came += as->interrupts;
	r->switches += as->switches;
}

static bool done(const struct race_result *r)
{
	return r->seconds >= r->of.seconds ||
		(r->of.lookups && r->counts.lookups >= r->of.lookups);
}

/* A part at a time, at most as much as the module takes; a signal ends it early. */
static int run_all(int fd, struct race_result *r,
		   const volatile sig_atomic_t *interrupted, struct errmsg *msg)
{
	double most = fmin(PFBENCH_RACE_MAX_NS, 1e9 * r->of.seconds /
			   RACE_PARTS);
	struct pfbench_race as = request(&r->of);
	struct race_parts parts = { 0 };
	bool flag = pf_accessors[r->of.accessor].kind != PF_HEAD;

	do {
		as.most_ns = fmax(1, fmin(most, 1e9 * (r->of.seconds -
						       r->seconds)));
		if (r->of.lookups)
			as.most_lookups = r->of.lookups - r->counts.lookups;
		as.seed++;
		if (ioctl(fd, PFBENCH_RACE, &as))
			return explain(&as, errno, msg);
		add(r, &as);
		race_add_part(&parts, as.lookups, flag ? as.wrong_flags :
			      as.stale + as.garbage);
	} while (!*interrupted && !done(r));
	r->dispersion = race_dispersion(&parts);
	r->partial = !done(r);
	return 0;
}

int race_run_kmod(const struct race_request *ask, struct race_result *result,
		  const volatile sig_atomic_t *interrupted, struct errmsg *msg)
{
	int fd = kmod_device_open(msg), err;

	if (fd < 0)
		return fd;
	*result = (struct race_result){ .of = *ask, .first = NAN,
					.dispersion = NAN };
	err = check_names(fd, ask, msg);
	if (!err)
		err = run_all(fd, result, interrupted, msg);
	result->delay = result->delays ? result->delay / result->delays : NAN;
	close(fd);
	return err;
}

int race_check_kmod(const struct race_request *ask, struct errmsg *msg)
{
	if (ask->windows && ask->ns > PFBENCH_RACE_MAX_DELAY_NS)
		return errmsg_set(msg, -EINVAL,
			       "--backend=kmod: --stall: at most %llu ns in the kernel",
			       PFBENCH_RACE_MAX_DELAY_NS);
	if (ask->readers != 1 || ask->writers != 1)
		return errmsg_set(msg, -EINVAL,
			       "--backend=kmod: one reader and one writer only");
	if (ask->windows && ask->kind == RACE_SIGNAL)
		return errmsg_set(msg, -EINVAL,
			       "--backend=kmod: no signals in the kernel: --by=irq");
	return 0;
}
