/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recorded samples: where a kernel spent its cycles while a command ran.
 * pfbench-workload(1) describes the file.
 */
#ifndef PFBENCH_DATA_SAMPLES_H
#define PFBENCH_DATA_SAMPLES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/errmsg.h"

#define SAMPLES_MAGIC "# pfbench samples "
#define SAMPLES_FORMAT 1
#define SAMPLES_MAX_WORDS 64

/* Samples at one address. */
struct samples_at {
	uint64_t ip, count;
};

/**
 * struct samples - a command that was sampled
 * @release, @version, @machine: of the kernel, as uname prints them
 * @build_id: of the kernel; @stext: where its symbol _stext was
 * @period: cycles from sample to sample
 * @precise: precise_ip of the event
 * @exact: samples with an exact address
 * @lost, @throttled, @elsewhere: see struct kernel_sampler
 * @status: of the command; -1: it was interrupted
 * @command: its words, then NULL
 * @at: @nr of them, by address
 * @total: samples
 */
struct samples {
	char release[65], version[65], machine[65], build_id[41];
	uint64_t stext, period, precise, exact, lost, throttled, elsewhere;
	uint64_t total;
	int64_t status;
	char *command[SAMPLES_MAX_WORDS + 1];
	struct samples_at *at;
	size_t nr;
};

/**
 * samples_set() - count the samples of each address
 * @ip: @nr addresses; sorted on return
 * Return: 0 or -ENOMEM.
 */
int samples_set(struct samples *s, uint64_t *ip, size_t nr);

/**
 * samples_set_command() - keep the words of a command
 * Return: 0 or -ENOMEM.
 */
int samples_set_command(struct samples *s, char *const *command);

/** samples_write() - for write_file_atomic(); @arg is a struct samples */
int samples_write(FILE *f, const void *arg);

/**
 * samples_read() - read a file; samples_free() frees it, after an error too
 * Return: 0; a negative errno with a line in @msg.
 */
int samples_read(const char *path, struct samples *s, struct errmsg *msg);
void samples_free(struct samples *s);

#endif
