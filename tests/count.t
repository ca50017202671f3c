#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Test 'pfbench count': in guests whose clock counts instructions, by both
# backends; and its error where nothing counts.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test 'pfbench count', in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=count
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"
unset BENCHMARK_FILTER

"$pfbench" count --help >out && grep -q '^Usage: pfbench count' out &&
	[ "$(awk 'length > 80' out | wc -l)" = 0 ] && bad=0 || bad=1
result "$bad" "count --help" out
refused "an argument" "no arguments are taken" PageLocked
refused "an unknown option" "unknown option --events" --events=cycles
refused "a filter that matches nothing" "no point matches" \
	--benchmark_filter='^PageFrozen/'
if [ ! -e /dev/pfbench ]; then
	refused "no module" "load the module" --backend=kmod
else
	skip "no module" "/dev/pfbench is there"
fi
if "$pfbench" count --benchmark_filter='^add1/' >out 2>err; then
	skip "nothing counts" "this machine counts instructions"
else
	run 2 --benchmark_filter='^add1/'
	[ "$(wc -l <err)" = 1 ] && [ ! -s out ] &&
		grep -qE 'nothing counts instructions here|not exact here' err || bad=1
	result "$bad" "refused: nothing counts" out err
fi

if ! has amd64-6.12; then
	echo "1..$n"
	exit 0
fi

filter='^(add[124]/primitive|PageLocked/(plain|v3.14-rmb|v5.18-fakehead|native))/(small|tail|mixed:50)/hot/(throughput|latency)(/branch)?$'
# With a timed run of the same kernel to compare. Its short runs visit all pages:
# the module splits each run once after the first pass, and the entry of a loop
# drops out of the difference.
guest -p stretch_us=100000 -o counted amd64-6.12 sh -c "
	pfbench count --backend=user --out=user.txt --benchmark_filter='$filter' &&
	pfbench count --backend=kmod --out=kmod.txt --benchmark_filter='$filter' &&
	pfbench run --backend=kmod --icount --sample-time=0.0004 --out=run.json --benchmark_filter='$filter' >&2"
[ "$status" = 0 ] && bad=0 || bad=1
result "$bad" "counted in user space and in the kernel" out err

# figure FILE POINT
figure()
{
	awk -v name="$2" '$1 == name { print $2 }' "$1"
}

for backend in user kmod; do
	file=counted/$backend.txt
	at=/primitive/small/hot/latency
	echo "$(figure $file add1$at) $(figure $file add2$at) $(figure $file add4$at)" |
		awk '{ exit !($2 - $1 == 1 && $3 - $2 == 2) }' && bad=0 || bad=1
	result "$bad" "$backend: one and two more adds count as one and two more" $file
	awk '/^#/ { next } { cost[$1] = $2 } END {
		for (name in cost) {
			if (name !~ /mixed/)
				continue
			small = tail = name
			sub(/mixed:50/, "small", small)
			sub(/mixed:50/, "tail", tail)
			if (!(small in cost) || !(tail in cost))
				continue
			d = cost[name] - (cost[small] + cost[tail]) / 2
			seen++
			if (d > 0.02 || d < -0.02) {
				print name, cost[name]
				bad = 1
			}
		}
		exit bad || seen < 6
	}' $file >why && bad=0 || bad=1
	result "$bad" "$backend: 50 % tails cost the mean of 0 % and 100 %" why $file
	"$pfbench" report $file >out 2>err && grep -q 'v3.14-rmb' out &&
		bad=0 || bad=1
	result "$bad" "$backend: report reads the file" out err
done
grep -q '^PageLocked/native/' counted/kmod.txt &&
	! grep -q '^PageLocked/native/' counted/user.txt && bad=0 || bad=1
result "$bad" "native points are counted in the kernel only"
[ "$(sed -n 's/^# native_is: //p' counted/kmod.txt)" = v5.18-fakehead ] &&
	bad=0 || bad=1
result "$bad" "the file has the generation of the native accessors"
grep -v '^#' counted/kmod.txt | while read -r name figure _; do
	was=$(of counted/run.json "$name")
	awk -v a="$figure" -v b="${was:-none}" 'BEGIN {
		d = a - b
		exit !(b != "none" && d < 0.01 && d > -0.01)
	}' || echo "$name: counted $figure, run ${was:-none}"
done >why
[ ! -s why ] && bad=0 || bad=1
result "$bad" "counts equal the figures of 'run --icount'" why

"$pfbench" compare counted/kmod.txt counted/kmod.txt >out 2>err && bad=0 || bad=1
result "$bad" "a file equals itself" out err
sed 's/^\(PageLocked\/plain\/tail\/hot\/throughput\) [^ ]*/\1 2.125/' \
	counted/kmod.txt >changed.txt
sed '/^PageLocked\/plain\/small\/hot\/latency /d' changed.txt >gone.txt
status=0
"$pfbench" compare counted/kmod.txt gone.txt >out 2>err || status=$?
[ "$status" = 1 ] && grep -q '2.000 -> *2.125 PageLocked/plain/tail/hot/throughput$' out &&
	grep -q 'only in A *PageLocked/plain/small/hot/latency$' out &&
	grep -q ': 1 changed, .* 1 only in A, 0 only in B$' out && bad=0 || bad=1
result "$bad" "compare lists changed and missing points" out err

# An interrupted run writes the points counted so far, marked partial.
# shellcheck disable=SC2016 # expanded in the guest
guest -o killed amd64-6.12 sh -c '
	for delay in 0.4 0.5 0.6 0.7 0.8 0.9 1; do
		pfbench count --out=c.txt 2>/dev/null & pid=$!
		sleep $delay; kill -TERM $pid; wait $pid; status=$?
		[ "$status" != 130 ] || break
	done
	echo "status $status"' 2>/dev/null
grep -q '^status 130' out && grep -q '^# partial' killed/c.txt &&
	[ "$(grep -vc '^#' killed/c.txt)" -gt 0 ] && bad=0 || bad=1
result "$bad" "interrupted: the file is marked partial" out err

echo "1..$n"
