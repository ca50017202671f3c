#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Test 'pfbench run --threads': refused arguments, and the result of two
# threads. Times are not checked.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test 'pfbench run --threads', in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
point='^folio_try_get/ref-cas/small/hot/throughput/shared:[0-9]*$'

# refused PATTERN OPTION...: one line that has PATTERN, and exit status 2
refused()
{
	pattern=$1
	shift
	status=0
	"$pfbench" run --out=x.json "$@" >out 2>err || status=$?
	[ "$status" = 2 ] && [ "$(grep -c . err)" = 1 ] &&
		grep -q -- "$pattern" err && bad=0 || bad=1
	result "$bad" "refused: $*" out err
}

refused 'not a number from 1' --threads=0
refused 'not a number from 1' --threads=2,two
refused '999 threads, but' --threads=999 --benchmark_filter='/small/hot/throughput/shared:999$'
refused 'icount' --threads=2 --icount
refused 'only throughput has a threaded form' \
	--benchmark_filter='^PageLocked/plain/tail/hot/latency/shared:2$'
refused 'not defined for several threads' \
	--benchmark_filter='^folio_last_put/ref-cas/small/hot/throughput/shared:2$'

"$pfbench" run --threads=1,2 --oversubscribe --rounds=6 --events=none \
	--benchmark_filter="$point" --out=two.json >out 2>err && bad=0 || bad=1
grep -q '"threads":2,' two.json && grep -q '"rounds":6,' two.json || bad=1
[ "$(grep -o '"cpu":[0-9]*,"rate"' two.json | wc -l)" = 3 ] || bad=1
result "$bad" 'one and two threads: a figure for each thread' out err
"$pfbench" report two.json >out 2>err &&
	grep -q '^folio_try_get, threads, shared, small$' out && bad=0 || bad=1
result "$bad" 'report has a table of them' out err

# Alone nothing fails; what shares CPUs is not counted.
"$pfbench" run --threads=1 --rounds=6 --events=none \
	--benchmark_filter='^folio_try_get/ref-(cas|frozen-bit)/small/hot/throughput/shared:1$' \
	--out=one.json >out 2>err && bad=0 || bad=1
[ "$(grep -o '"retries":{"median":0.0,' one.json | wc -l)" = 2 ] || bad=1
result "$bad" 'one thread: no compare-and-swap fails' out err one.json
sed '/ref-cas/s/"retries":{"median":0.0,/"retries":{"median":0.25,/' one.json >quarter.json
"$pfbench" report quarter.json >out 2>err &&
	grep -q 'failed compare-and-swaps per operation: ref-cas on 1 0.250, and 0 in 1' out &&
	bad=0 || bad=1
result "$bad" 'report has the compare-and-swaps that failed' out err
sed 's/"retries":{"median":0.0,/"retries":{"median":-1,/' one.json >minus.json
"$pfbench" report minus.json >out 2>err && bad=1 || bad=0
grep -q 'retries' err && [ "$(grep -c . err)" = 1 ] || bad=1
result "$bad" 'fewer than none are refused' out err

PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots} "$pfbench" plot two.json -o plots \
	>out 2>err && bad=0 || bad=1
grep -q 'plots/threads-shared: dat txt svg png$' out || bad=1
grep -q '^sets 2$' plots/threads-shared.dat &&
	grep -q '^lines 1$' plots/threads-shared.dat &&
	grep -q 'million operations per second, by threads, of all threads' \
		plots/threads-shared.txt || bad=1
! grep -qE '.{73}|[^ -~]' plots/threads-shared.txt || bad=1
if command -v gnuplot >/dev/null; then
	result "$bad" 'plot draws totals and costs' out err
else
	skip 'plot draws totals and costs' 'no gnuplot'
fi

echo "1..$n"
