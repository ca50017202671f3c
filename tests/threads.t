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

echo "1..$n"
