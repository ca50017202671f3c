// SPDX-License-Identifier: GPL-2.0-or-later
#include "gbench/output.h"

namespace {

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

} // namespace

Output::Output(const std::string &format,
	       std::unique_ptr<benchmark::BenchmarkReporter> inner,
	       bool aggregates_only, const bool *interrupted, std::ostream *out)
	: inner_(std::move(inner)), out_(out),
	  instead_(format == "json" ? "null" : ""),
	  console_(format == "console"), aggregates_only_(aggregates_only),
	  interrupted_(interrupted)
{
	inner_->SetOutputStream(&text_);
	/* its context would go to stderr; pfbench prints its own there */
	inner_->SetErrorStream(&dropped_);
}

bool Output::ReportContext(const Context &context)
{
	bool go = inner_->ReportContext(context);

	print();
	return go;
}

void Output::ReportRuns(const std::vector<Run> &runs)
{
	std::vector<Run> renamed;

	for (const Run &run : runs) {
		/* no line for each benchmark that was not run */
		if (*interrupted_ && run.iterations == 0)
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

void Output::Finalize()
{
	inner_->Finalize();
	print();
}

void Output::print()
{
	*out_ << (console_ ? text_.str() : only_numbers(text_.str(), instead_))
	      << std::flush;
	text_.str("");
}
