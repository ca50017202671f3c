// SPDX-License-Identifier: GPL-2.0
/* The race in the kernel, through the device of the module. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "machine/kmod_device.h"
#include "race/race.h"
#include "uapi/pfbench.h"

static const uint32_t uapi_delays[RACE_NR_DELAY_KINDS] = {
	[RACE_SPIN] = PFBENCH_DELAY_SPIN,
	[RACE_SLEEP] = PFBENCH_DELAY_SLEEP,
	[RACE_IRQ] = PFBENCH_DELAY_IRQ,
	[RACE_PREEMPT] = PFBENCH_DELAY_PREEMPT,
};

/* The request has the catalog's numbers: the module must have the same ones. */
static int check_catalog(int fd, const struct race_request *request,
			 struct errmsg *msg)
{
	struct pfbench_entry e = { .size = sizeof(e),
				   .accessor = request->accessor,
				   .generation = request->gen };

	if (!ioctl(fd, PFBENCH_ENTRY, &e) &&
	    !strcmp(e.accessor_name, pf_accessors[request->accessor].name) &&
	    !strcmp(e.generation_name, pf_generations[request->gen].name))
		return 0;
	return errmsg_set(msg, -EPROTO,
			  "--backend=kmod: the module has another catalog than this pfbench: build both from one tree");
}

static int race_ioctl_error(int fd, const struct pfbench_race *io, int err,
			    struct errmsg *msg)
{
	struct pfbench_info info = { .size = sizeof(info) };

	switch (err) {
	case EINVAL:
		if (io->delay != PFBENCH_DELAY_IRQ ||
		    ioctl(fd, PFBENCH_INFO, &info))
			break;
		return errmsg_set(msg, -err,
				  "--backend=kmod: --by=irq: at most %llu ns: the module's parameter stretch_us is %u",
				  info.stretch_us * 1000ULL, info.stretch_us);
	case ENOTTY:
	case E2BIG:
		return errmsg_set(msg, -err,
				  "--backend=kmod: the module is older than this pfbench: build both from one tree");
	case ENODEV:
		return errmsg_set(msg, -err,
				  "--backend=kmod: CPU %u or %u is offline, or went offline during the run",
				  io->reader_cpu, io->writer_cpu);
	case EPERM:
		return errmsg_set(msg, -err,
				  "--backend=kmod: this process may not run on CPU %u or %u, or lacks CAP_SYS_NICE for --by=preempt",
				  io->reader_cpu, io->writer_cpu);
	case ETIME:
		return errmsg_set(msg, -err,
				  "--backend=kmod: the kernel's clock is too coarse: select another in /sys/devices/system/clocksource/clocksource0/current_clocksource");
	}
	return errmsg_set(msg, -err, "--backend=kmod: %s: %s", PFBENCH_DEVICE,
			  strerror(err));
}

static struct pfbench_race uapi_request(const struct race_request *request)
{
	return (struct pfbench_race){
		.size = sizeof(struct pfbench_race),
		.accessor = request->accessor,
		.generation = request->gen,
		.protocol = request->protocol,
		.windows = request->windows,
		.delay = request->windows ? uapi_delays[request->kind] : 0,
		.delay_ns = request->windows ? request->ns : 0,
		.reader_cpu = request->cpu[0],
		.writer_cpu = request->cpu[1 % request->nr_cpus],
		.inject = request->inject,
		.timer_hz = request->interrupts,
	};
}

static void add_counts(struct race_result *r, const struct pfbench_race *io)
{
	struct pf_race_counts *c = &r->counts;

	if (isnan(r->first) && io->first_ns)
		r->first = r->seconds + io->first_ns / 1e9;
	r->seconds += io->ns / 1e9;
	c->lookups += io->lookups;
	c->verdict[PF_RACE_RIGHT] += io->right;
	c->verdict[PF_RACE_ITSELF] += io->itself;
	c->verdict[PF_RACE_STALE] += io->stale;
	c->verdict[PF_RACE_GARBAGE] += io->garbage;
	c->verdict[PF_RACE_UNDECIDED] += io->undecided;
	c->wrong_flags += io->wrong_flags;
	c->unknown_flags += io->unknown_flags;
	c->moving += io->moving;
	c->passed += io->passed;
	r->injected += io->injected;
	r->changes += io->changes;
	r->refused += io->refused;
	r->delays += io->delays;
	r->delay += io->delayed_ns;
	r->came += io->interrupts;
	r->switches += io->switches;
}

static bool request_is_done(const struct race_result *r)
{
	return r->seconds >= r->of.seconds ||
		(r->of.lookups && r->counts.lookups >= r->of.lookups);
}

/* Part by part, each within the module's limit; a signal ends a part early. */
static int run_parts(int fd, struct race_result *r,
		     const volatile sig_atomic_t *interrupted,
		     struct errmsg *msg)
{
	double most = fmin(PFBENCH_RACE_MAX_NS, 1e9 * r->of.seconds /
			   RACE_PARTS);
	struct pfbench_race io = uapi_request(&r->of);
	struct race_parts parts = { 0 };

	do {
		io.most_ns = fmax(1, fmin(most, 1e9 * (r->of.seconds -
						       r->seconds)));
		if (r->of.lookups)
			io.most_lookups = r->of.lookups - r->counts.lookups;
		io.seed++;
		if (ioctl(fd, PFBENCH_RACE, &io))
			return race_ioctl_error(fd, &io, errno, msg);
		add_counts(r, &io);
		race_add_part(&parts, io.lookups, race_has_flag(r) ?
			      io.wrong_flags : io.stale + io.garbage);
	} while (!*interrupted && !request_is_done(r));
	r->dispersion = race_dispersion(&parts);
	r->partial = !request_is_done(r);
	return 0;
}

int race_run_kmod(const struct race_request *request,
		  struct race_result *result,
		  const volatile sig_atomic_t *interrupted, struct errmsg *msg)
{
	int fd = kmod_device_open(msg), err;

	if (fd < 0)
		return fd;
	*result = (struct race_result){ .of = *request, .first = NAN,
					.dispersion = NAN };
	err = check_catalog(fd, request, msg);
	if (!err)
		err = run_parts(fd, result, interrupted, msg);
	result->delay = result->delays ? result->delay / result->delays : NAN;
	close(fd);
	return err;
}

int race_check_kmod(const struct race_request *request, struct errmsg *msg)
{
	if (request->windows && request->ns > PFBENCH_RACE_MAX_DELAY_NS)
		return errmsg_set(msg, -EINVAL,
				  "--backend=kmod: --stall: at most %llu ns in the kernel",
				  PFBENCH_RACE_MAX_DELAY_NS);
	if (request->readers != 1 || request->writers != 1)
		return errmsg_set(msg, -EINVAL,
				  "--backend=kmod: one reader and one writer only");
	if (request->windows && request->kind == RACE_SIGNAL)
		return errmsg_set(msg, -EINVAL,
				  "--backend=kmod: no signals in the kernel: use --by=irq");
	return 0;
}
