// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/verbosity.h"
#include "cmd/workload_map.h"
#include "cmd/workload_perf.h"
#include "data/samples.h"
#include "lib/atomic_file.h"
#include "machine/kernel_image.h"
#include "machine/kernel_sampler.h"

static void fill_kernel(struct samples *s, const struct kernel_image *image)
{
	snprintf(s->release, sizeof(s->release), "%s", image->uts.release);
	snprintf(s->version, sizeof(s->version), "%s", image->uts.version);
	snprintf(s->machine, sizeof(s->machine), "%s", image->uts.machine);
	snprintf(s->build_id, sizeof(s->build_id), "%s", image->build_id);
	s->stext = image->stext;
}

static int fill_samples(struct samples *s, struct kernel_sampler *from,
			char *const *command, struct errmsg *msg)
{
	s->period = from->period;
	s->precise = from->precise;
	s->exact = from->exact;
	s->lost = from->lost;
	s->throttled = from->throttled;
	s->elsewhere = from->elsewhere;
	s->status = cmd_interrupted ? -1 : from->status;
	if (samples_set(s, from->ip, from->nr) ||
	    samples_set_command(s, command))
		return errmsg_set(msg, -ENOMEM, "out of memory");
	return s->total ? 0 :
		errmsg_set(msg, -ENODATA,
			   "%s ended with status %d, and no sample was taken: it was too short for the period (%lu cycles), or this PMU does not interrupt (a virtual machine?)",
			   command[0], from->status,
			   (unsigned long)from->period);
}

static int check_status(const struct samples *s, struct errmsg *msg)
{
	if (s->status < 0)
		return errmsg_set(msg, -ECANCELED, "%s was interrupted",
				  s->command[0]);
	return !s->status ? 0 :
		errmsg_set(msg, -ECANCELED, "%s ended with status %d",
			   s->command[0], (int)s->status);
}

/* The rights first, then the debug information, then the command. */
static int sample_command(const struct workload_options *o,
			  char *const *command, struct samples *s,
			  struct workload **w, struct errmsg *msg)
{
	struct kernel_sampler sampler = { .period = o->period };
	struct kernel_image image;
	int err = kernel_sampler_check(&sampler, msg);

	if (!err)
		err = kernel_image_read("", &image, msg);
	if (err)
		return err;
	fill_kernel(s, &image);
	if (!o->record) {
		if (cmd_verbose)
			note("reading the look-ups of %s", s->release);
		*w = workload_map_open(o->vmlinux, s, msg);
		if (!*w)
			return -EINVAL;
	}
	if (cmd_verbose)
		note("sampling with precise_ip %u", sampler.precise);
	err = kernel_sampler_run(&sampler, command, &cmd_interrupted, msg);
	if (!err)
		err = fill_samples(s, &sampler, command, msg);
	kernel_sampler_free(&sampler);
	return err;
}

static int recorded_samples(const struct workload_options *o, const char *path,
			    struct samples *s, struct workload **w,
			    struct errmsg *msg)
{
	int err = samples_read(path, s, msg);

	if (err)
		return err;
	*w = workload_map_open(o->vmlinux, s, msg);
	return *w ? 0 : -EINVAL;
}

int workload_sample(const struct workload_options *o, char *const *command,
		    const char *recorded, json_t **result, struct errmsg *msg)
{
	struct samples s = { 0 };
	struct workload *w = NULL;
	int ended = 0, err;

	err = command ? sample_command(o, command, &s, &w, msg) :
		recorded_samples(o, recorded, &s, &w, msg);
	if (!err)
		ended = check_status(&s, msg);
	if (!err && o->record)
		err = write_file_atomic(o->record, samples_write, &s, msg);
	if (!err && w) {
		*result = workload_map(w, &s, ended ? msg->text : NULL);
		if (!*result)
			err = errmsg_set(msg, -ENOMEM, "out of memory");
	}
	if (w)
		workload_map_close(w);
	samples_free(&s);
	return err ?: ended;
}
