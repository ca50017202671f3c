/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PFBENCH_GBENCH_TABLE_H
#define PFBENCH_GBENCH_TABLE_H

#include <benchmark/benchmark.h>

#include <string>

/** Table - the table of a run: one line for each point, at most 72 columns */
class Table : public benchmark::BenchmarkReporter {
public:
	/**
	 * @unit: "ns", "cycles" or "instructions"
	 * @unit_ns: a unit in ns, which may change from point to point
	 */
	Table(const std::string &unit, const double *unit_ns)
		: unit_(unit), unit_ns_(unit_ns)
	{
	}

	bool ReportContext(const Context &) override;
	void ReportRuns(const std::vector<Run> &runs) override;

private:
	static constexpr size_t columns = 72, figures = 26;

	void print(const std::string &line);
	void row(std::string name, const std::string &value,
		 const std::string &reach, const std::string &quiet);
	void point(const Run &run);
	void aggregate(const Run &run);

	std::string unit_;
	const double *unit_ns_;
	std::string last_;
};

#endif
