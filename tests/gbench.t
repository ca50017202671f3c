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

# fits FILE: at most 72 columns of ASCII without tabs and blanks at ends
fits()
{
	! grep -qE '.{73}|[^ -~]| $' "$1"
}

# The table

measure
fits out && [ "$(grep -c '^PageLocked/' out)" = 2 ] &&
	grep -qE '^point +(cycles|ns) +\+- +quiet$' out || bad=1
result "$bad" "the table has 72 columns and a unit" out
measure --rounds=4 --benchmark_repetitions=2
fits out && ! grep -qE 'nan|inf' out &&
	[ "$(grep -cE '^PageLocked.* \(-?[0-9.]+\) +\? +100 %$' out)" = 4 ] ||
	bad=1
result "$bad" "a figure without an interval is in brackets" out
[ "$(grep -cE '^  (mean|median|stddev) of 2 repetitions +[0-9.]+$' out)" = 6 ] &&
	bad=0 || bad=1
result "$bad" "mean, median and deviation of repetitions" out
measure --rounds=7
[ "$(grep -cE '^PageLocked.* -?[0-9.]+ +[0-9.]+ +100 %$' out)" = 2 ] || bad=1
result "$bad" "a figure with an interval is in no brackets" out
run 0 run --rounds=1 --out=r.json -q \
	--benchmark_filter='/v5.18-fakehead-hvo/small/hot/throughput/.*/cond/shuffled'
fits out && tr -d '\n' <out | tr -s ' ' ' ' |
	grep -q 'PageLocked/v5.18-fakehead-hvo/small/hot/throughput/branch/cond/shuffled (' ||
	bad=1
result "$bad" "long names fit, too" out

# -q and -v

measure
[ -s out ] && grep -q '^r.json: 2 points' err || bad=1
fits err || bad=1
result "$bad" "run reports what it did" out err
cp err normal
measure --quiet
[ -s out ] && [ ! -s err ] || bad=1
result "$bad" "--quiet: results only" out err
measure -q --events=cycles
[ -s out ] && [ ! -s err ] || bad=1
result "$bad" "-q: the same" out err
measure -v --benchmark_repetitions=2
[ "$(grep -c ': group of 2$' err)" = 2 ] &&
	[ "$(grep -cE '^  [0-9]+ rounds in .*, [0-9]+ to [0-9]+ of them quiet' err)" = 2 ] ||
	bad=1
result "$bad" "--verbose: what was done for each group" err
measure --rounds=4
grep -q '^verdict: poor' err && grep -q '^  2 of 2 .* use --rounds=6' err ||
	bad=1
result "$bad" "figures without intervals: the verdict, and what to do" err
measure --rounds=7 --sample-time=0.001
grep -qE '^verdict: (good|fair|poor)' err && ! grep -q 'without an int' err ||
	bad=1
result "$bad" "with intervals: another verdict" err
measure --rounds=4 --events=cycles,instructions,branches,branch-misses,page-faults
fits err && tr -s '\n ' ' ' <err >words &&
	grep -q "^CPU .* clock steps by [0-9]* .*verdict: poor" words || bad=1
result "$bad" "each note has 72 columns" err
mkdir -p "$tmp/$(printf '%080d' 0)"
measure --rounds=4 --out="$tmp/$(printf '%080d' 0)/r.json"
grep -qx "$tmp/$(printf '%080d' 0)/r.json:" err || bad=1
result "$bad" "a long file name stays whole" err

# Progress on a terminal

# terminal OPTION...: measure() with stderr on a terminal, which gets into screen
terminal()
{
	script -qec "stty cols 60; '$pfbench' run '$few' --max-time=0.005 \
		--out=r.json $* >out" /dev/null </dev/null | tr '\r' '\n' >screen
}

if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	terminal
	grep -qE '^\[0/2\] [0-9]+ s, PageLocked/plain/tail/hot/latency$' screen &&
		grep -qE '^ {30,}$' screen && ! grep -q '^\[.\{60\}' screen && bad=0 || bad=1
	result "$bad" "progress on a terminal, erased at the end" screen
	terminal --benchmark_repetitions=2
	grep -qE '^\[2/4\] [0-9]+ s, [0-9]+ s left, PageLocked/' screen && bad=0 || bad=1
	result "$bad" "with time left, and repetitions counted" screen
	terminal --quiet
	[ -s out ] && [ ! -s screen ] && bad=0 || bad=1
	result "$bad" "no progress with --quiet" screen
else
	skip "progress on a terminal" "no script(1), or no pseudo-terminal for it"
fi
! grep -q '^\[' normal && bad=0 || bad=1
result "$bad" "no progress where stderr is no terminal" normal

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

# Google Benchmark's flags, before anything is measured

# flag TEXT ARGUMENT...: refused() with the result file that must not appear
flag()
{
	flag_text=$1
	shift
	refused "$*" "$flag_text" run --out=no.json "$@"
}

flag 'repetitions=-3: not a number from 1 to ' --benchmark_repetitions=-3
flag 'repetitions=0: not a number from 1 to ' --benchmark_repetitions=0
flag 'not a number from 1 to ' --benchmark_repetitions=1000000000
flag 'repetitions=abc: not a number' --benchmark_repetitions=abc
flag 'repetitions=2x: not a number' --benchmark_repetitions=2x
flag 'repetitions=: not a number' --benchmark_repetitions=
flag 'no such format (console, json, csv)' --benchmark_format=xml
flag 'no such format (console, json, csv)' --benchmark_out_format=xml \
	--benchmark_out=x
flag 'benchmark_out=/no/dir/x: cannot be written: no such directory' \
	--benchmark_out=/no/dir/x
flag 'benchmark_out=.: cannot be written' --benchmark_out=.
flag 'write --benchmark_filter=XX' --benchmark_filter XX
flag 'write --benchmark_out=VALUE' --benchmark_out --all
flag 'did you mean --benchmark_repetitions' --benchmark_repetition=3
flag 'unknown flag --benchmark_nix (' --benchmark_nix
flag 'not true or false' --benchmark_enable_random_interleaving=maybe
flag 'not KEY=VALUE' --benchmark_context=x
flag 'use --max-time' --benchmark_min_time=1
flag 'use --events' --benchmark_perf_counters=CYCLES
flag '--ktap and --benchmark_format' --ktap --benchmark_format=json
flag '--lava and --benchmark_list_tests' --lava --benchmark_list_tests
flag '--benchmark_list_tests and --out' --benchmark_list_tests
flag 'without --benchmark_out' --benchmark_out_format=csv
flag 'are one file' --benchmark_out=./no.json
flag 'use --benchmark_repetitions=2' --benchmark_report_aggregates_only
flag 'exclude each other' -qv
# Google Benchmark reads these before main(), and has a line of its own for each.
(
	export BENCHMARK_REPETITIONS=abc BENCHMARK_MIN_WARMUP_TIME=x BENCHMARK_V=x
	run 0 list --generations
	[ ! -s err ] || bad=1
	result "$bad" "wrong variables that a command does not use" err
	flag "run: BENCHMARK_REPETITIONS=abc: not a number from 1 to " "$few"
)
n=$((n + 2))
for name in REPETITIONS FORMAT OUT_FORMAT ENABLE_RANDOM_INTERLEAVING; do
	(
		export "BENCHMARK_$name=-1"
		flag "run: BENCHMARK_$name=-1: " "$few"
	)
	n=$((n + 1))
done
[ ! -e no.json ] && [ ! -e x ] && bad=0 || bad=1
result "$bad" "a refused run leaves no file"
refused "list takes the filter only" "of 'pfbench run' only" \
	list --benchmark_repetitions=2

# Options that cannot both be followed

flag 'use --max-time=8 or --sample-time=0.000125' --sample-time=1 \
	--max-time=0.001
flag 'use --max-time=0.8 or ' --sample-time=0.1
flag '--rounds takes a fixed number' --rounds=7 --target-ci=1
flag '--icount takes a fixed number' --icount --target-ci=0.1
refused "the same in selftest" 'use --max-time=8 or ' selftest --sample-time=1

# A clock that counts nanoseconds
for command in run selftest; do
	refused "$command --icount on ordinary hardware" \
		"$command: --icount: the clock of this machine does not count" \
		"$command" --icount
done

# What Google Benchmark prints, and its file

# valid FILE: JSON, as jq and report read it
valid()
{
	! grep -qwE 'nan|NaN|inf|Infinity' "$1" || return 1
	! command -v jq >/dev/null || jq . "$1" >jq.out || return 1
}

# no interval, and a clock that has no counter
measure --rounds=4 --benchmark_repetitions=2 --benchmark_format=json \
	--benchmark_out=gb.json
valid out && valid gb.json && grep -q ': null' out && cmp -s out gb.json ||
	bad=1
result "$bad" "JSON without intervals is valid" out jq.out err
refused "Google Benchmark's file in report" "not written by pfbench run" \
	report gb.json
measure --rounds=4 --benchmark_repetitions=2 --benchmark_format=csv \
	--benchmark_out=gb.csv --benchmark_out_format=csv
grep -q 'latency_cv"' out && ! grep -qwE 'nan|inf' out && cmp -s out gb.csv &&
	awk -F, '{ if (!n) n = NF; if (NF != n) exit 1 }' out || bad=1
result "$bad" "CSV without intervals is valid" out err
measure --rounds=6 --benchmark_repetitions=3 --benchmark_format=csv \
	--benchmark_display_aggregates_only
! grep -q 'latency"' out && grep -q 'latency_mean"' out &&
	[ "$(grep -o '"repetition_index": *2' r.json | wc -l)" = 2 ] || bad=1
result "$bad" "only aggregates are shown, all repetitions are recorded" out r.json
for option in --benchmark_format=json --benchmark_format=csv \
	--benchmark_list_tests; do
	status=0 to='--out=r.json'
	[ $option != --benchmark_list_tests ] || to=
	# shellcheck disable=SC2086 # no word for none
	"$pfbench" run "$few" --max-time=0.005 $to -q $option >/dev/full \
		2>err || status=$?
	[ "$status" = 2 ] && [ "$(wc -l <err)" = 1 ] && bad=0 || bad=1
	result "$bad" "$option on a full disk" err
done
run 2 run "$few" --max-time=0.005 --out=r.json -q --benchmark_out=/dev/full
[ "$(wc -l <err)" = 1 ] && grep -q 'run: /dev/full: ' err || bad=1
result "$bad" "--benchmark_out on a full disk" err
echo before >gb.json
: >err
"$pfbench" run "$few" --rounds=10000 --sample-time=0.01 --out=r.json \
	--benchmark_out=gb.json 2>err >out &
# a shell's background process ignores the signal until pfbench catches it
for _ in $(seq 300); do
	! grep -q '^CPU ' err || break
	sleep 0.1
done
[ "$(cat gb.json)" = before ] && bad=0 || bad=1
kill -INT $!
wait $! || :
[ "$(cat gb.json)" = before ] || bad=1
result "$bad" "a run without a point keeps the file of --benchmark_out" gb.json err

# Google Benchmark is a program of its own: see docs/licence.md

# links FILE: the libraries that it names
links()
{
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}
gbench=$(dirname "$pfbench")/pfbench-gbench
if command -v readelf >/dev/null; then
	links "$pfbench" >out
	links "$gbench" >err
	grep -q '^libpfm\.' out && ! grep -qE '^lib(benchmark|stdc\+\+)\.' out &&
		grep -q '^libbenchmark\.' err && ! grep -qE '^lib(perf|pfm)\.' err &&
		bad=0 || bad=1
	result "$bad" "no program links both libraries" out err
else
	skip "no program links both libraries" "no readelf: install binutils"
fi
status=0
"$gbench" </dev/null >out 2>err || status=$?
[ "$status" = 2 ] && [ ! -s out ] && grep -q 'use pfbench$' err && bad=0 || bad=1
result "$bad" "pfbench-gbench alone does nothing" out err
printf '#!/bin/sh\necho protocol 0 >&0\n' >other
printf '#!/bin/sh\n' >ends
printf '#!/bin/sh\nkill -9 $$\n' >killed
chmod +x other ends killed
for program in none ends killed other; do
	(
		export "PFBENCH_GBENCH=$tmp/$program"
		case $program in
		none) text="$tmp/none: No such file" ;;
		other) text="install both programs of one release" ;;
		*) text="pfbench-gbench ended before the run" ;;
		esac
		refused "with another program: $program" "$text" run "$few" -q \
			--rounds=3 --out=no.json
	)
	n=$((n + 1))
done
[ ! -e no.json ] && bad=0 || bad=1
result "$bad" "without Google Benchmark no file is left"

echo "1..$n"
