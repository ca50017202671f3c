// SPDX-License-Identifier: GPL-2.0
/* C functions for Google Benchmark 1.7 to 1.9. */
#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "measure/gbench.h"

namespace {

benchmark::State &state_of(struct gbench_state *state)
{
	return *reinterpret_cast<benchmark::State *>(state);
}

std::map<std::string, void *> registered;
bool interrupted;
bool silent;

/* A reporter that removes what Google Benchmark appends to a name. */
class Renamer : public benchmark::BenchmarkReporter {
public:
	explicit Renamer(BenchmarkReporter *inner) : inner_(inner) {}

	bool ReportContext(const Context &context) override
	{
		inner_->SetOutputStream(&GetOutputStream());
		/* its context would go to stderr; run prints its own there */
		inner_->SetErrorStream(&dropped_);
		return inner_->ReportContext(context);
	}

	void ReportRuns(const std::vector<Run> &runs) override
	{
		std::vector<Run> renamed;

		for (const Run &run : runs) {
			/* no line for each benchmark that was not run */
			if (interrupted && run.iterations == 0)
				continue;
			renamed.push_back(run);
			renamed.back().run_name.iterations.clear();
			renamed.back().run_name.time_type.clear();
		}
		if (!renamed.empty())
			inner_->ReportRuns(renamed);
	}

	void Finalize() override { inner_->Finalize(); }

private:
	std::unique_ptr<BenchmarkReporter> inner_;
	std::ostringstream dropped_;
};

/* The same for the display; also calls each() of gbench_run(). */
class Display : public Renamer {
public:
	Display(void (*each)(void *, const struct gbench_run *), void *arg)
		: Renamer(benchmark::CreateDefaultDisplayReporter()),
		  each_(each), arg_(arg)
	{
	}

	void ReportRuns(const std::vector<Run> &runs) override
	{
		Renamer::ReportRuns(runs);
		for (const Run &run : runs) {
			struct gbench_run out = {};
			const std::string &name = run.run_name.function_name;
			auto it = registered.find(name);

			if (run.run_type != Run::RT_Iteration ||
			    it == registered.end())
				continue;
			out.name = name.c_str();
			out.arg = it->second;
			out.iterations = run.iterations;
			out.repetition = run.repetition_index;
			out.repetitions = run.repetitions;
			/* 1.8 renamed the flag: use iterations */
			out.skipped = run.iterations == 0;
			if (out.skipped) {
				each_(arg_, &out);
				continue;
			}
			out.real_ns = 1e9 * run.real_accumulated_time /
				      run.iterations;
			out.cpu_ns = 1e9 * run.cpu_accumulated_time /
				     run.iterations;
			each_(arg_, &out);
		}
	}

private:
	void (*each_)(void *, const struct gbench_run *);
	void *arg_;
};

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

} // namespace

extern "C" void gbench_init(int *argc, char **argv)
{
	static char program[] = "pfbench";
	char *command = argv[0];

	/* the context of its reports has argv[0] */
	argv[0] = program;
	benchmark::Initialize(argc, argv);
	argv[0] = command;
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

extern "C" void gbench_silence(void)
{
	silent = true;
}

extern "C" void gbench_run(void (*each)(void *, const struct gbench_run *),
			   void *arg, const char *out_format)
{
	Display display(each, arg);
	std::ostream dropped(nullptr);

	if (silent)
		display.SetOutputStream(&dropped);
	if (out_format) {
		Renamer file(reporter_of(out_format));

		benchmark::RunSpecifiedBenchmarks(&display, &file, ".");
	} else {
		benchmark::RunSpecifiedBenchmarks(&display, nullptr, ".");
	}
}
