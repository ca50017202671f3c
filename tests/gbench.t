#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What 'pfbench run' prints and what it refuses before it measures: the table,
# the notes, Google Benchmark's flags, options that contradict each other. Times
# are not checked.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test the output of 'pfbench run', in TAP"
	exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
for name in $(env | sed -n 's/^\(BENCHMARK_[A-Z_]*\)=.*/\1/p'); do
	unset "$name"
done

few='--benchmark_filter=^PageLocked/(plain|v4.4-word)/tail/hot/latency$'

# measure OPTION...: run() two points of one group quickly
measure()
{
	run 0 run "$few" --max-time=0.005 --out=r.json "$@"
}

# terminal OPTION...: the same with stderr on a terminal, which gets into "tty"
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	terminal()
	{
		script -qec "'$pfbench' run '$few' --max-time=0.005 \
			--out=r.json $* >out" /dev/null </dev/null >tty
	}
else
	terminal=no
fi

# -q and -v

measure
[ -s out ] && grep -q '^r.json: 2 points' err || bad=1
result "$bad" "run reports what it did" out err
cp err normal
measure --quiet
[ -s out ] && [ ! -s err ] || bad=1
result "$bad" "--quiet: results only" out err
measure -q --events=cycles
[ -s out ] && [ ! -s err ] || bad=1
result "$bad" "-q: the same" out err
refused "--quiet with --verbose" "exclude each other" run -q -v
refused "-qq -v" "exclude each other" run -qqv

# The filter: names do not match slowly, and nothing is worth minutes

run 0 list --all
cp out all
run 0 list --benchmark_filter='-(.*)*(.*)*(.*)*(.*)*x$'
cmp -s out all || bad=1
result "$bad" "a filter that backtracking cannot match" err
for filter in '.*[a-z].{40}x' '((((((((a{99}){99}){99}){99}){99}){99}){99}){99}' \
	"$(printf '%70000s' '' | tr ' ' '(')"; do
	refused "a costly filter: $(echo "$filter" | cut -c 1-20)" \
		'use fewer or shorter repetitions' list --benchmark_filter="$filter"
done
refused "an open parenthesis" '=(a: not a regular expression: ' \
	list '--benchmark_filter=(a'

echo "1..$n"
