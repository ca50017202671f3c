// SPDX-License-Identifier: GPL-2.0
/* Google Benchmark in the process of the loops: not to be shipped. */
#include <benchmark/benchmark.h>

#include <map>
#include <string>

#include "precision_google.h"

namespace {

class Keep : public benchmark::ConsoleReporter {
public:
	std::map<std::string, google_loop *> loops;

	void ReportRuns(const std::vector<Run> &runs) override
	{
		for (const Run &run : runs) {
			auto it = loops.find(run.run_name.function_name);

			if (run.run_type == Run::RT_Iteration &&
			    it != loops.end() &&
			    it->second->nr < MAX_REPETITIONS)
				it->second->ns[it->second->nr++] =
					run.GetAdjustedRealTime();
		}
		ConsoleReporter::ReportRuns(runs);
	}
};

} // namespace

extern "C" void google_time(int argc, char **argv, struct google_loop *loop,
			    size_t nr)
{
	Keep keep;

	benchmark::Initialize(&argc, argv);
	for (google_loop *l = loop; l < loop + nr; l++) {
		keep.loops[l->name] = l;
		benchmark::RegisterBenchmark(l->name,
					     [l](benchmark::State &state) {
			while (state.KeepRunningBatch(l->ops))
				l->fn(l->arg);
		});
	}
	benchmark::RunSpecifiedBenchmarks(&keep);
}
