#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The default set in a guest gives the same file twice, to the byte, and the
# empty accessor costs nothing. The duration is printed, not checked.

set -eu

case ${1:-} in
-h) echo "usage: $0: run the default set in a guest, twice, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
needs amd64-6.1
cd "$tmp"

# Two guests at once: the load of the machine does not change their counts.
measure()
{
	mkdir "$1"
	start=$(date +%s)
	"$top/scripts/guest" -B -o "$1" amd64-6.1 pfbench run \
		--backend=kmod --icount --out=default.json >"$1.log" 2>&1 ||
		rm -f "$1/default.json"
	echo "# the default set, boot to result: $(($(date +%s) - start)) s, two at a time"
}
measure first &
measure second &
wait
for run in first second; do
	[ -s "$run/default.json" ] && bad=0 || bad=1
	result "$bad" "the default set in the kernel, the $run time" "$run.log"
done
# dates are compared too: the guests' clocks start at the same date
cmp first/default.json second/default.json >why 2>&1 && bad=0 || bad=1
result "$bad" "two runs give the same file, to the byte" why
[ "$(costs first/default.json | wc -l)" -gt 400 ] && bad=0 || bad=1
result "$bad" "the file has the points of the default set"
grep -q '"icount":true\|"icount": true' first/default.json && bad=0 || bad=1
result "$bad" "the file says that the clock counts instructions"

guest -o empty amd64-6.1 pfbench run --backend=kmod --icount \
	--out=empty.json '--benchmark_filter=^empty/.*/(small|mixed:50)/(hot|L2)/(throughput|latency)$'
[ "$(costs empty/empty.json | wc -l)" -ge 6 ] && bad=0 || bad=1
result "$bad" "the empty accessor: measured" out err
costs empty/empty.json | awk '{ if ($2 > 0.02 || $2 < -0.02) { print; bad = 1 } }
	END { exit bad || !NR }' >why && bad=0 || bad=1
result "$bad" "the empty accessor costs at most 0.02 instructions" why

# user space in the same guest is as exact
guest -o user amd64-6.1 pfbench run --icount --out=user.json \
	'--benchmark_filter=^add[124]/primitive/small/hot/latency$'
costs user/user.json >why 2>/dev/null || :
awk '{ cost[$1] = $2 } END {
	at = "/primitive/small/hot/latency"
	one = cost["add2" at] - cost["add1" at] - 1
	two = cost["add4" at] - cost["add2" at] - 2
	exit !(NR == 3 && one < 0.01 && one > -0.01 && two < 0.01 && two > -0.01)
}' why && bad=0 || bad=1
result "$bad" "in user space 1 and 2 more instructions cost 1 and 2 more" why out err

echo "1..$n"
