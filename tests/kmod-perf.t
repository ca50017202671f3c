#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# On arm64, whose emulated PMU counts: instructions an operation, counted by
# libperf around the module's call, are those of the guest's clock.

set -eu

case ${1:-} in
-h) echo "usage: $0: compare libperf's counts with the guest's clock, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
needs arm64-6.12
cd "$tmp"

for backend in kmod user; do
	# The clock ticks once in 16 instructions: long samples. But each in one
	# stretch, since the PMU also counts what lies between two, and most of them
	# between two interrupts of the timer, which come every 4 ms: in the module
	# the PMU counts them, in user space the clock does.
	guest -p stretch_us=50000 -o "$backend" arm64-6.12 pfbench run \
		--backend="$backend" --icount --rounds=12 --sample-time=0.0004 \
		--events=instructions,cycles,branch-misses \
		--out=r.json '--benchmark_filter=^(PageLocked|SetPageDirty)/(plain|v3.14-rmb|v4.4-word|v7.1-mask|native)/(small|tail)/hot/throughput$'
	[ "$status" = 0 ] && bad=0 || bad=1
	result "$bad" "$backend: measured" out err
	sed -n 's/.*"name":"\([^"]*\)".*"real_time":\([-0-9.e]*\),.*"instructions":{"per_op":\([-0-9.e]*\),.*/\1 \2 \3/p' \
		"$backend/r.json" >counts 2>/dev/null || :
	expect=20
	[ "$backend" = kmod ] || expect=16
	[ "$(wc -l <counts)" = "$expect" ] && bad=0 || bad=1
	result "$bad" "$backend: instructions were counted at $expect points" counts
	awk '{ d = $3 / $2 - 1; if (d > 0.001 || d < -0.001 || !($2 > 0)) { print; bad = 1 } }
		END { exit bad || !NR }' counts >why && bad=0 || bad=1
	result "$bad" "$backend: libperf's are the clock's, within 0.1 %" why
	# what this PMU lacks is not counted as nought
	grep -q '"branch-misses":"n/a\|"branch-misses": "n/a' "$backend/r.json" &&
		! grep -q '"branch-misses":{' "$backend/r.json" && bad=0 || bad=1
	result "$bad" "$backend: branch-misses, which it lacks, read n/a" out
done

echo "1..$n"
