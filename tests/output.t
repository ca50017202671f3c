#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Output is never lost in silence: standard output that cannot be written, files
# that grow too large, and files that exist. Times are not checked.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test what happens to output, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
unset BENCHMARK_FILTER BENCHMARK_OUT BENCHMARK_FORMAT BENCHMARK_OUT_FORMAT

few='--benchmark_filter=^PageLocked/(plain|v4.4-word)/tail/hot/latency$'
quick='--max-time=0.005'

# verdict BAD WHAT: result() with the last output
verdict()
{
	result "$1" "$2" out err
}

# lost ARGUMENT...: standard output is full, then closed: status 2 and one line
lost()
{
	bad=0
	for to in full closed; do
		status=0
		if [ $to = full ]; then
			"$pfbench" "$@" >/dev/full 2>err || status=$?
		else
			"$pfbench" "$@" >&- 2>err || status=$?
		fi
		[ "$status" = 2 ] || bad=1
		[ "$(grep -c 'standard output could not be written' err)" = 1 ] ||
			bad=1
	done
	: >out
	verdict $bad "stdout that cannot be written: $*"
}

lost --help
lost --version
lost list
lost run --help
lost run --version
lost run --benchmark_list_tests
lost run "$few" $quick --out=lost.json
"$pfbench" report lost.json >out 2>err && bad=0 || bad=1
verdict $bad 'the result of a run is written all the same'
lost run "$few" $quick --out=lost.json --benchmark_format=json
lost run "$few" $quick --out=lost.json --ktap

# the shell says nothing of a signal if it is not the last command
status=0
(ulimit -f 1; "$pfbench" run "$few" $quick --out=large.json) >out 2>err ||
	status=$?
[ "$status" = 2 ] && [ "$(grep -c '^pfbench: ' err)" = 1 ] &&
	grep -q 'large.json: .*ulimit' err && bad=0 || bad=1
[ -z "$(find . -name 'large.json*')" ] || bad=1
verdict $bad 'a file beyond the limit: one line, and no file is left'

echo "1..$n"
