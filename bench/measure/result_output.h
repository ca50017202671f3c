/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file of a run. It appears when it holds a point. An earlier file is
 * replaced by a complete result only, and the file of another run never.
 */
#ifndef PFBENCH_MEASURE_RESULT_OUTPUT_H
#define PFBENCH_MEASURE_RESULT_OUTPUT_H

#include <stdint.h>
#include <sys/stat.h>

#include "data/result.h"
#include "lib/errmsg.h"

/* A file as it was: another program has changed it if this differs. */
struct file_stamp {
	bool exists;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
};

/**
 * struct result_output - where a result goes
 * @path: the file; the next one if the file turns out to be another run's
 * @replaces: an earlier file to replace once the result is complete, or ""
 * @left: @path as this run left it
 * @earlier: @replaces as it was at the start
 * @stream: a pipe or a terminal, which is written once
 * @written: something is in @path
 * @ended_ns, @took_ns: the last write, by clock_ns()
 */
struct result_output {
	char path[4096], replaces[4096];
	struct file_stamp left, earlier;
	bool stream, written;
	uint64_t ended_ns, took_ns;
};

/**
 * result_output_open() - choose the file, and check that it can be written
 * @path: an earlier file, unless it is empty, stays until the result is
 *	complete: up to then "FILE.partial.json" is written instead of
 *	"FILE.json"
 * @fresh: @path was made up: if something has the name, choose another
 * Return: 0, or a negative errno with a line in @msg.
 */
int result_output_open(struct result_output *o, const char *path, bool fresh,
		       struct errmsg *msg);

/**
 * result_output_resume() - go on with the file of an earlier run
 * Return: 0, or a negative errno with a line in @msg.
 */
int result_output_resume(struct result_output *o, const char *path,
			 struct errmsg *msg);

/**
 * result_output_write() - write the result as it is now
 * @complete: nothing is missing
 * @last: the run is over
 *
 * Does nothing without a point. Above 16 MiB, at most a twentieth of the time
 * is spent on writing, and calls before @last may do nothing.
 *
 * Return: 0, or a negative errno with a line in @msg.
 */
int result_output_write(struct result_output *o,
			const struct result_text *text, bool complete,
			bool last, struct errmsg *msg);

#endif
