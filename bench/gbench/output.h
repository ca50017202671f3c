/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PFBENCH_GBENCH_OUTPUT_H
#define PFBENCH_GBENCH_OUTPUT_H

#include <benchmark/benchmark.h>

#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

/**
 * Output - the table, or Google Benchmark's reporter of a format
 *
 * Removes what Google Benchmark appends to a name, and figures that are none.
 */
class Output : public benchmark::BenchmarkReporter {
public:
	/**
	 * @format: "console", "json" or "csv"
	 * @inner: prints that format
	 * @aggregates_only: leave out repetitions
	 * @interrupted: true: leave out points that were not measured
	 */
	Output(const std::string &format,
	       std::unique_ptr<benchmark::BenchmarkReporter> inner,
	       bool aggregates_only, const bool *interrupted,
	       std::ostream *out);

	bool ReportContext(const Context &context) override;
	void ReportRuns(const std::vector<Run> &runs) override;
	void Finalize() override;

private:
	void print();

	std::unique_ptr<benchmark::BenchmarkReporter> inner_;
	std::ostream *out_;
	const char *instead_;
	bool console_, aggregates_only_;
	const bool *interrupted_;
	std::ostringstream text_, dropped_;
};

#endif
