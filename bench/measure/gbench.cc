// SPDX-License-Identifier: GPL-2.0
/* C functions for Google Benchmark 1.7 to 1.9. */
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>
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

/* Decimals that leave four digits. */
int decimals_of(double value)
{
	return value < 10 ? 3 : value < 100 ? 2 : value < 1000 ? 1 : 0;
}

std::string text_of(double value, int decimals)
{
	char text[400];

	if (!std::isfinite(value))
		return "?";
	snprintf(text, sizeof(text), "%.*f", decimals, value);
	/* not -0.000 */
	if (!strpbrk(text, "123456789") && *text == '-')
		return text + 1;
	return text;
}

/* Half of an interval as printed, not less than it is. */
std::string reach_of(double mid, double lo, double hi, int decimals)
{
	double step = pow(10, -decimals), half = fmax(hi - mid, mid - lo);

	return text_of(ceil(half / step - 1e-6) * step, decimals);
}

/* The table of a run: one line for each point that fits, at most 72 columns. */
class Table : public benchmark::BenchmarkReporter {
public:
	explicit Table(const struct gbench_output &o)
		: unit_(o.unit), unit_ns_(o.unit_ns)
	{
	}

	bool ReportContext(const Context &) override
	{
		print("net median of an operation, and half of its 95 % interval");
		print("quiet: share of rounds without a neighbour on the core");
		print("( ): cannot be trusted: no interval, or no quiet round");
		print("");
		row("point", std::string(unit_) + " ", "+-", "quiet");
		return true;
	}

	void ReportRuns(const std::vector<Run> &runs) override
	{
		for (const Run &run : runs)
			if (run.run_type == Run::RT_Aggregate)
				aggregate(run);
			else
				point(run);
		GetOutputStream().flush();
	}

private:
	static constexpr size_t columns = 72, figures = 26;

	void print(const std::string &line)
	{
		size_t len = line.find_last_not_of(' ');

		GetOutputStream() << line.substr(0, len + 1) << '\n';
	}

	/* A name is broken behind a slash, if that makes it fit. */
	void row(std::string name, const std::string &value,
		 const std::string &reach, const std::string &quiet)
	{
		char text[columns + 400];

		while (name.size() > columns - figures) {
			size_t cut = name.size() > columns ?
				name.rfind('/', columns - 1) : std::string::npos;

			if (cut == std::string::npos) {
				print(name);
				name = "";
				break;
			}
			print(name.substr(0, cut + 1));
			name = "  " + name.substr(cut + 1);
		}
		snprintf(text, sizeof(text), "%-*s%11s%8s%7s",
			 static_cast<int>(columns - figures), name.c_str(),
			 value.c_str(), reach.c_str(), quiet.c_str());
		print(text);
	}

	double in_unit(double ns) const
	{
		return unit_ns_ ? ns / *unit_ns_ : ns;
	}

	static double counter(const Run &run, const char *name)
	{
		auto it = run.counters.find(name);

		return it == run.counters.end() ? NAN : it->second.value;
	}

	void point(const Run &run)
	{
		double mid = in_unit(run.GetAdjustedRealTime());
		double lo, hi, quiet, rounds;
		int decimals = decimals_of(fabs(mid));
		std::string value, share = "?";

		last_ = run.run_name.function_name;
		if (run.iterations == 0)
			return row(last_, "- ", "", "");
		lo = in_unit(counter(run, "lo_ns"));
		hi = in_unit(counter(run, "hi_ns"));
		quiet = counter(run, "quiet");
		rounds = counter(run, "rounds");
		if (rounds > 0)
			share = quiet > 0 ?
				text_of(100 * quiet / rounds, 0) + " %" : "none";
		value = text_of(mid, decimals);
		if (quiet > 0 && std::isfinite(hi) && std::isfinite(lo))
			value += " ";
		else
			value = "(" + value + ")";
		row(last_, value, reach_of(mid, lo, hi, decimals), share);
	}

	/* Mean, median and deviation of repetitions. */
	void aggregate(const Run &run)
	{
		const std::string &name = run.run_name.function_name;
		double value;

		if (name != last_)
			row(name, "", "", "");
		last_ = name;
		if (run.aggregate_unit == benchmark::kPercentage) {
			value = 100 * run.real_accumulated_time;
			/* a deviation by a mean of zero */
			if (std::isfinite(value))
				row("  " + run.aggregate_name,
				    text_of(value, 1) + " %", "", "");
			return;
		}
		value = in_unit(run.GetAdjustedRealTime());
		row("  " + run.aggregate_name + " of " +
		    std::to_string(run.repetitions) + " repetitions",
		    text_of(value, decimals_of(fabs(value))) + " ", "", "");
	}

	const char *unit_;
	const double *unit_ns_;
	std::string last_;
};

/* CSVReporter is deprecated, but --benchmark_format=csv needs it */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
benchmark::BenchmarkReporter *reporter_of(const std::string &format,
					 const struct gbench_output &o)
{
	if (format == "csv")
		return new benchmark::CSVReporter;
	if (format == "console")
		return new Table(o);
	return new benchmark::JSONReporter;
}

/*
 * The table, or Google Benchmark's reporter of a format. Removes what Google Benchmark
 * appends to a name, and figures that are none.
 */
class Output : public benchmark::BenchmarkReporter {
public:
	Output(const std::string &format, const struct gbench_output &o,
	       bool aggregates_only, std::ostream *out)
		: inner_(reporter_of(format, o)), out_(out),
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
		display.add(new Output(o->format, *o, o->aggregates_only ||
				       o->show_aggregates_only, &std::cout));
	if (o->path)
		display.add(new Output(o->path_format, *o,
				       o->aggregates_only, &file));
	benchmark::RunSpecifiedBenchmarks(&display, nullptr, ".");
	if (!o->path || !display.measured)
		return 0;
	text = file.str();
	return write_file_atomic(o->path, write_text, &text, msg);
}
