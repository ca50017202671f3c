// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ostream>

#include "gbench/table.h"

namespace {

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

double counter(const benchmark::BenchmarkReporter::Run &run, const char *name)
{
	auto it = run.counters.find(name);

	return it == run.counters.end() ? NAN : it->second.value;
}

} // namespace

bool Table::ReportContext(const Context &)
{
	print("net median of an operation, and half of its 95 % interval");
	print("quiet: share of rounds without a neighbour on the core");
	print("( ): cannot be trusted: no interval, or no quiet round");
	print("");
	row("point", unit_ + " ", "+-", "quiet");
	return true;
}

void Table::ReportRuns(const std::vector<Run> &runs)
{
	for (const Run &run : runs)
		if (run.run_type == Run::RT_Aggregate)
			aggregate(run);
		else
			point(run);
}

void Table::print(const std::string &line)
{
	size_t len = line.find_last_not_of(' ');

	GetOutputStream() << line.substr(0, len + 1) << '\n';
}

/* A name is broken behind a slash, if that makes it fit. */
void Table::row(std::string name, const std::string &value,
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

void Table::point(const Run &run)
{
	double mid = run.GetAdjustedRealTime() / *unit_ns_;
	double lo, hi, quiet, rounds;
	int decimals = decimals_of(fabs(mid));
	std::string value, share = "?";

	last_ = run.run_name.function_name;
	if (run.iterations == 0)
		return row(last_, "- ", "", "");
	lo = counter(run, "lo_ns") / *unit_ns_;
	hi = counter(run, "hi_ns") / *unit_ns_;
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
void Table::aggregate(const Run &run)
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
	value = run.GetAdjustedRealTime() / *unit_ns_;
	row("  " + run.aggregate_name + " of " +
	    std::to_string(run.repetitions) + " repetitions",
	    text_of(value, decimals_of(fabs(value))) + " ", "", "");
}
