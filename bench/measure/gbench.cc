// SPDX-License-Identifier: GPL-2.0
/* C functions for Google Benchmark 1.7 to 1.9. */
#include <benchmark/benchmark.h>

#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

extern "C" {
#include "lib/atomic_file.h"
}
#include "measure/gbench.h"

namespace {

benchmark::State &state_of(struct gbench_state *state)
{
	return *reinterpret_cast<benchmark::State *>(state);
}

std::map<std::string, void *> registered;
bool interrupted;

/* Printed by reporters for what has no number; no JSON, and no CSV. */
bool is_no_number(const std::string &word)
{
	return word == "NaN" || word == "-NaN" || word == "Infinity" ||
	       word == "-Infinity" || word == "nan" || word == "-nan" ||
	       word == "inf" || word == "-inf";
}

/* Replace what is no number, between a blank or comma and the end, by @with. */
std::string only_numbers(const std::string &text, const char *with)
{
	std::string out, word;
	char before = '\n';

	for (char c : text + '\0') {
		if (c && c != ',' && c != '\n' && c != ' ') {
			word += c;
			continue;
		}
		/* ": NaN," and ",nan," */
		out += is_no_number(word) && (before == ' ' || before == ',') ?
			with : word;
		word.clear();
		if (c)
			out += c;
		before = c;
	}
	return out;
}

/* CSVReporter is deprecated, but --benchmark_format=csv needs it */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
benchmark::BenchmarkReporter *reporter_of(const std::string &format)
{
	if (format == "csv")
		return new benchmark::CSVReporter;
	if (format == "console")
		return new benchmark::ConsoleReporter(
			benchmark::ConsoleReporter::OO_None);
	return new benchmark::JSONReporter;
}

/*
 * Google Benchmark's reporter of a format. Removes what Google Benchmark
 * appends to a name, and figures that are none.
 */
class Output : public benchmark::BenchmarkReporter {
public:
	Output(const std::string &format, bool aggregates_only,
	       std::ostream *out)
		: inner_(reporter_of(format)), out_(out),
		  instead_(format == "json" ? "null" : ""),
		  console_(format == "console"),
		  aggregates_only_(aggregates_only)
	{
		inner_->SetOutputStream(&text_);
		/* its context would go to stderr; run prints its own there */
		inner_->SetErrorStream(&dropped_);
	}

	bool ReportContext(const Context &context) override
	{
		bool go = inner_->ReportContext(context);

		print();
		return go;
	}

	void ReportRuns(const std::vector<Run> &runs) override
	{
		std::vector<Run> renamed;

		for (const Run &run : runs) {
			/* no line for each benchmark that was not run */
			if (interrupted && run.iterations == 0)
				continue;
			if (aggregates_only_ && run.repetitions > 1 &&
			    run.run_type == Run::RT_Iteration)
				continue;
			renamed.push_back(run);
			renamed.back().run_name.iterations.clear();
			renamed.back().run_name.time_type.clear();
		}
		if (!renamed.empty())
			inner_->ReportRuns(renamed);
		print();
	}

	void Finalize() override
	{
		inner_->Finalize();
		print();
	}

private:
	void print()
	{
		*out_ << (console_ ? text_.str() :
			  only_numbers(text_.str(), instead_));
		text_.str("");
	}

	std::unique_ptr<BenchmarkReporter> inner_;
	std::ostream *out_;
	const char *instead_;
	bool console_, aggregates_only_;
	std::ostringstream text_, dropped_;
};

/* All outputs; also calls each() of gbench_run(). */
class Display : public benchmark::BenchmarkReporter {
public:
	Display(void (*each)(void *, const struct gbench_run *), void *arg)
		: each_(each), arg_(arg)
	{
	}

	void add(benchmark::BenchmarkReporter *output)
	{
		outputs_.emplace_back(output);
	}

	bool ReportContext(const Context &context) override
	{
		for (auto &output : outputs_)
			output->ReportContext(context);
		return true;
	}

	void ReportRuns(const std::vector<Run> &runs) override
	{
		for (auto &output : outputs_)
			output->ReportRuns(runs);
		for (const Run &run : runs)
			report(run);
	}

	void Finalize() override
	{
		for (auto &output : outputs_)
			output->Finalize();
	}

	/* repetitions that have figures */
	unsigned long measured = 0;

private:
	void report(const Run &run)
	{
		struct gbench_run out = {};
		const std::string &name = run.run_name.function_name;
		auto it = registered.find(name);

		if (run.run_type != Run::RT_Iteration || it == registered.end())
			return;
		out.name = name.c_str();
		out.arg = it->second;
		out.iterations = run.iterations;
		out.repetition = run.repetition_index;
		out.repetitions = run.repetitions;
		/* 1.8 renamed the flag: use iterations */
		out.skipped = run.iterations == 0;
		if (!out.skipped) {
			measured++;
			out.real_ns = 1e9 * run.real_accumulated_time /
				      run.iterations;
			out.cpu_ns = 1e9 * run.cpu_accumulated_time /
				     run.iterations;
		}
		each_(arg_, &out);
	}

	void (*each_)(void *, const struct gbench_run *);
	void *arg_;
	std::vector<std::unique_ptr<BenchmarkReporter>> outputs_;
};

int write_text(FILE *f, const void *arg)
{
	const std::string &text = *static_cast<const std::string *>(arg);

	return fwrite(text.data(), 1, text.size(), f) != text.size();
}

} // namespace

extern "C" void gbench_init(int *argc, char **argv)
{
	benchmark::Initialize(argc, argv);
}

extern "C" void gbench_register(const char *name,
				void (*fn)(struct gbench_state *, void *),
				void *arg)
{
	registered[name] = arg;
	benchmark::RegisterBenchmark(name, [fn, arg](benchmark::State &state) {
		fn(reinterpret_cast<struct gbench_state *>(&state), arg);
	})->Iterations(1)->UseManualTime();
}

extern "C" void gbench_register_plain(const char *name, void (*fn)(void *),
				      void *arg, int64_t ops)
{
	registered[name] = arg;
	benchmark::RegisterBenchmark(name,
				     [fn, arg, ops](benchmark::State &state) {
		while (state.KeepRunningBatch(ops))
			fn(arg);
	});
}

extern "C" void gbench_result(struct gbench_state *handle, double ns,
			      void (*loop)(void *), void *arg, int64_t ops)
{
	benchmark::State &state = state_of(handle);

	/* more than the one iteration requested: counts as @ops */
	while (state.KeepRunningBatch(ops)) {
		loop(arg);
		state.SetIterationTime(1e-9 * ns * static_cast<double>(ops));
	}
}

extern "C" void gbench_counter(struct gbench_state *handle, const char *name,
			       double value)
{
	state_of(handle).counters[name] = value;
}

extern "C" void gbench_label(struct gbench_state *handle, const char *label)
{
	state_of(handle).SetLabel(label);
}

extern "C" void gbench_skip(struct gbench_state *handle, const char *reason)
{
	interrupted |= !reason;
	state_of(handle).SkipWithError(reason ? reason : "interrupted");
}

extern "C" int gbench_run(void (*each)(void *, const struct gbench_run *),
			  void *arg, const struct gbench_output *o,
			  struct errmsg *msg)
{
	Display display(each, arg);
	std::ostringstream file;
	std::string text;

	if (o->format)
		display.add(new Output(o->format, o->aggregates_only ||
				       o->show_aggregates_only, &std::cout));
	if (o->path)
		display.add(new Output(o->path_format, o->aggregates_only,
				       &file));
	benchmark::RunSpecifiedBenchmarks(&display, nullptr, ".");
	if (!o->path || !display.measured)
		return 0;
	text = file.str();
	return write_file_atomic(o->path, write_text, &text, msg);
}
