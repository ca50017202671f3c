// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pfbench-gbench: Google Benchmark 1.7 to 1.9, for 'pfbench run'
 *
 * A program of its own, so that no program has code of Google Benchmark
 * (Apache-2.0) and of libperf (GPL-2.0-only): see docs/licence.md. It measures
 * nothing. Google Benchmark decides here which point is next and how often,
 * and computes and prints; pfbench measures.
 *
 * The arguments are flags for Google Benchmark. Standard input is a socket to
 * pfbench; each message is a line. pfbench begins:
 *
 *   protocol 1
 *   print FORMAT AGGREGATES UNIT   standard output: console, json or csv;
 *                                  AGGREGATES: 1: no repetitions; UNIT: of the
 *                                  console's table
 *   file FORMAT AGGREGATES UNIT    the same for the text that is sent back
 *   point NAME                     as often as there are points
 *   run
 *
 * Messages to pfbench; N is the number of a point, from 0:
 *
 *   measure N                      once for each repetition
 *   repetition N INDEX OF ITERATIONS CPU_NS
 *                                  printed; 0 iterations: without a result
 *   text BYTES                     of the file, if anything was measured; the
 *                                  text follows
 *   end | error REASON             the last message
 *
 * pfbench answers "measure" with lines, the last of which is "done":
 *
 *   result NS CPU_NS OPERATIONS    per operation
 *   unit NS                        a unit of the table, from now on
 *   counter NAME VALUE
 *   label TEXT
 *   skip REASON | interrupted      there is no result
 */
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <unistd.h>

#include "gbench/output.h"
#include "gbench/table.h"

namespace {

using benchmark::BenchmarkReporter;

struct Point {
	std::string name;
	/* CPU seconds per operation of the repetitions that have a result */
	std::vector<double> cpu;
	/* how Google Benchmark computes mean, median and so on */
	decltype(BenchmarkReporter::Run::statistics) statistics = nullptr;
};

struct Format {
	std::string name, unit;
	int aggregates_only = 0;
};

FILE *from_pfbench, *to_pfbench;
std::vector<Point> points;
std::map<std::string, size_t> number_of;
Format printed, filed;
bool interrupted;
double unit_ns = 1;

[[noreturn]] void fail(const char *why)
{
	fprintf(to_pfbench, "error %s\n", why);
	fflush(to_pfbench);
	exit(2);
}

/* The next message: its first word, and the rest. */
bool read_message(std::string &word, std::string &rest)
{
	static char *line;
	static size_t size;
	ssize_t len = getline(&line, &size, from_pfbench);
	std::string text;
	size_t blank;

	if (len <= 0)
		return false;
	text.assign(line, len - (line[len - 1] == '\n'));
	blank = text.find(' ');
	word = text.substr(0, blank);
	rest = blank == std::string::npos ? "" : text.substr(blank + 1);
	return true;
}

void read_format(Format &f, const std::string &rest)
{
	std::istringstream words(rest);

	words >> f.name >> f.aggregates_only >> f.unit;
}

/* Reads the request of pfbench; false: pfbench did not start this program. */
bool read_setup()
{
	std::string word, rest;

	if (!read_message(word, rest) || word != "protocol")
		return false;
	if (rest != "1")
		fail("pfbench and pfbench-gbench are of different releases: install them together");
	while (read_message(word, rest) && word != "run") {
		if (word == "print")
			read_format(printed, rest);
		else if (word == "file")
			read_format(filed, rest);
		else if (word == "point") {
			number_of[rest] = points.size();
			points.push_back({ rest, {}, nullptr });
		}
	}
	return word == "run";
}

/* Called by Google Benchmark, once per repetition of a point. */
void measure(benchmark::State &state, Point &point)
{
	std::string word, rest, reason;
	double ns = 0, cpu_ns = 0, value;
	long long operations = 0;
	char name[256];

	if (interrupted)
		return state.SkipWithError("interrupted");
	fprintf(to_pfbench, "measure %zu\n", &point - points.data());
	fflush(to_pfbench);
	while (word != "done") {
		if (!read_message(word, rest))
			exit(2);	/* pfbench was killed */
		if (word == "result")
			sscanf(rest.c_str(), "%lf %lf %lld", &ns, &cpu_ns,
			       &operations);
		else if (word == "unit")
			sscanf(rest.c_str(), "%lf", &unit_ns);
		else if (word == "counter" &&
			 sscanf(rest.c_str(), "%255s %lf", name, &value) == 2)
			state.counters[name] = value;
		else if (word == "label")
			state.SetLabel(rest.c_str());
		else if (word == "skip")
			reason = rest;
		else if (word == "interrupted")
			interrupted = true;
	}
	if (!operations) {
		state.SkipWithError(interrupted ? "interrupted" :
				    reason.c_str());
		return;
	}
	point.cpu.push_back(1e-9 * cpu_ns);
	/* more than the one iteration requested: counts as @operations */
	while (state.KeepRunningBatch(operations))
		state.SetIterationTime(1e-9 * ns *
				       static_cast<double>(operations));
}

/* Reports to all outputs, and to pfbench. */
class Display : public BenchmarkReporter {
public:
	void add(const Format &f, std::ostream *out)
	{
		if (!f.name.empty())
			outputs_.emplace_back(new Output(f.name, inner_of(f),
				f.aggregates_only, &interrupted, out));
	}

	bool ReportContext(const Context &context) override
	{
		for (auto &output : outputs_)
			output->ReportContext(context);
		return true;
	}

	void ReportRuns(const std::vector<Run> &measured) override
	{
		std::vector<Run> runs = measured;
		size_t nth = 0;

		for (Run &run : runs)
			set_cpu(run, nth);
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

	/* repetitions that have a result */
	unsigned long with_result = 0;

private:
/* CSVReporter is deprecated, but --benchmark_format=csv needs it */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	static std::unique_ptr<BenchmarkReporter> inner_of(const Format &f)
	{
		using Reporter = std::unique_ptr<BenchmarkReporter>;

		if (f.name == "csv")
			return Reporter(new benchmark::CSVReporter);
		if (f.name == "console")
			return Reporter(new Table(f.unit, &unit_ns));
		return Reporter(new benchmark::JSONReporter);
	}
#pragma GCC diagnostic pop

	/*
	 * Google Benchmark took the CPU time of this process, in which nothing
	 * ran. @nth: repetitions with a result so far.
	 */
	static void set_cpu(Run &run, size_t &nth)
	{
		auto it = number_of.find(run.run_name.function_name);
		double seconds;

		if (it == number_of.end() || run.iterations == 0)
			return;
		Point &point = points[it->second];

		if (run.run_type == Run::RT_Iteration) {
			point.statistics = run.statistics;
			if (nth < point.cpu.size())
				run.cpu_accumulated_time = point.cpu[nth++] *
					static_cast<double>(run.iterations);
			return;
		}
		if (!point.statistics)
			return;
		for (const auto &s : *point.statistics) {
			if (s.name_ != run.aggregate_name)
				continue;
			seconds = s.compute_(point.cpu);
			run.cpu_accumulated_time = seconds;
			if (run.aggregate_unit == benchmark::kTime)
				run.cpu_accumulated_time *=
					static_cast<double>(run.iterations);
		}
	}

	void report(const Run &run)
	{
		auto it = number_of.find(run.run_name.function_name);

		if (run.run_type != Run::RT_Iteration || it == number_of.end())
			return;
		with_result += run.iterations != 0;
		fprintf(to_pfbench, "repetition %zu %lld %lld %lld %.17g\n",
			it->second,
			static_cast<long long>(run.repetition_index),
			static_cast<long long>(run.repetitions),
			static_cast<long long>(run.iterations),
			run.iterations ? 1e9 * run.cpu_accumulated_time /
			static_cast<double>(run.iterations) : 0);
	}

	std::vector<std::unique_ptr<BenchmarkReporter>> outputs_;
};

void run_all()
{
	std::ostringstream file;
	Display display;
	std::string text;

	display.add(printed, &std::cout);
	display.add(filed, &file);
	for (Point &point : points)
		benchmark::RegisterBenchmark(point.name.c_str(),
			[&point](benchmark::State &state) {
				measure(state, point);
			})->Iterations(1)->UseManualTime();
	benchmark::RunSpecifiedBenchmarks(&display, nullptr, ".");
	if (!std::cout.flush())
		fail("standard output could not be written");
	text = file.str();
	if (!filed.name.empty() && display.with_result) {
		fprintf(to_pfbench, "text %zu\n", text.size());
		fwrite(text.data(), 1, text.size(), to_pfbench);
	}
	fputs("end\n", to_pfbench);
}

} // namespace

int main(int argc, char **argv)
{
	from_pfbench = fdopen(STDIN_FILENO, "r");
	to_pfbench = fdopen(dup(STDIN_FILENO), "w");
	if (isatty(STDIN_FILENO) || !from_pfbench || !to_pfbench ||
	    !read_setup()) {
		fputs("pfbench-gbench: 'pfbench run' starts this program: use pfbench\n",
		      stderr);
		return 2;
	}
	benchmark::Initialize(&argc, argv);
	BenchmarkReporter::Context::executable_name = "pfbench";
	run_all();
	return fflush(to_pfbench) != 0;
}
