#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench trend: changes of one machine, releases, the plot, and errors.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench trend, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=trend
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR

# a file without times of its own, so that ns_per_tick alone decides
sed 's/"contended":true/"contended":false/; s/"real_time":[^,]*,//' \
	tests/golden/before.json >"$tmp/a.json"
# as DIR N FACTOR COMMIT KERNEL: a result of day N that is slower by FACTOR
as()
{
	dd=$(printf %02d "$2")
	sed "s/\"ns_per_tick\":0.3852/\"ns_per_tick\":$(
		awk "BEGIN { printf \"%.9f\", 0.3852 * $3 }")/
		s/2026-11-20T18:00:00/2026-11-${dd}T18:00:00/
		s/\"commit\":\"aaaaaaa\"/\"commit\":\"$4\"/
		s/\"kernel\":\"[^\"]*\"/\"kernel\":\"$5\"/" \
		"$tmp/a.json" >"$tmp/$1/r$dd.json"
}
# steps DIR FACTOR...: a result per FACTOR, one a day
steps()
{
	dir=$1 day=0
	shift
	mkdir -p "$tmp/$dir"
	for factor; do
		day=$((day + 1))
		as "$dir" $day "$factor" "c0ffee$day" 6.1.0
	done
}

steps up 1 1.001 0.999 1.002 1 1.001 0.998 1 1.001 1.0015 1.05 1.051 1.049 \
	1.052 1.05 1.0505 1.0495 1.051 1.05 1.0512
cd "$tmp"
as up 8 1 v0.2 6.1.0
mask=--benchmark_filter=PageLocked/v7.1-mask/

run 1 up
result $bad 'a step of 5 %: exit status 1' err
says 'the results' '20 results by date, with commits, 2026-11-01T18:00:00+00:00 to'
says 'the last release is a tag' 'last release: v0.2, result 8'
says 'the level is over the points' \
	'E-divisive with means, p < 0.0018 (0.05 over 28 points); interval of'
says 'the result with the new cost' 'result 11, c0ffee11, 2026-11-11T18:00:'
says 'the size of the change, and its interval' \
	'  (R) +5.0 % (+4.9 to +5.1)  PageLocked/v7.1-mask/tail/hot/latency'
says 'a summary' '28 points: 27 changes since the release, 0 before; 1 steady'
run 1 $mask up
says 'a filter' '2 points: 2 changes since the release, 0 before; 0 steady'
says 'fewer points: another level' \
	'E-divisive with means, p < 0.025 (0.05 over 2 points); interval of runs'
run 0 --threshold=10 $mask up
result $bad 'within the threshold: exit status 0' err
says 'and no change' \
	'2 points: 0 changes since the release, 0 before; 2 steady'
run 0 $mask --release=c0ffee12 up
result $bad 'a change before the release: exit status 0' err
says 'and says so' 'result 11, c0ffee11, 2026-11-11T18:00, before the release:'
run 1 $mask --release=c0ffee1 up
says 'a release of another name' 'last release: c0ffee1, result 1'
run 1 $mask --release=no up
says 'no release' 'last release: none of the results: all changes count'
says 'no release: a summary' '2 points: 2 changes; 0 steady'
if command -v jq >/dev/null; then
	run 1 --json $mask up
	jq -e '.format == 1 and .by == "commit" and .last_release == 8 and
		.changes_since == 2 and (.results | length) == 20 and
		.results[7].release and (.results[8].release | not) and
		(.points | length) == 2 and (.points[0].costs | length) == 20 and
		(.points[0].changes | length) == 1 and
		(.points[0].changes[0] | .at == 11 and .from == 11 and
		 .to == 11 and .mark == "R" and .since_release and
		 .value > 1.049 and .value < 1.051 and .p < 0.025)' out \
		>/dev/null 2>>err || bad=1
	result $bad 'JSON' err out
else
	skip 'JSON' 'no jq'
fi

# the cost comes back: two changes, one on each side of the release
steps back 1 1.001 0.999 1.002 1 1.001 1.08 1.081 1.079 1.082 1.08 1.0815 1 \
	1.001 0.999 1.002 1 1.0005
as back 10 1.082 v0.3 6.1.0
run 1 $mask back
says 'a change before the release' \
	'result 7, c0ffee7, 2026-11-07T18:00, before the release:'
says 'and one after' 'result 13, c0ffee13, 2026-11-13T18:00:'
says 'an improvement' \
	'  (I) -7.4 % (-7.5 to -7.3)  PageLocked/v7.1-mask/tail/hot/latency'
steps steady 1 1.01 0.99 1.005 1 1.012 0.993 1.001 0.995 1.004 1.002 1
run 0 $mask steady
says 'noise is no change' '2 points: 0 changes; 2 steady'
steps few 1 1.001 0.999 1.05 1.051 1.049
run 2 $mask few
grep -qF '2 points, and no point has the 9 results that are needed' err &&
	[ "$(wc -l <err)" = 1 ] || bad=1
result $bad 'too few results' err
says 'undecided' '2 undecided: fewer than 9 results'

# files with faults cost themselves
cp up/r03.json up/copy.json
head -c 2000 up/r04.json >up/cut.json
sed 's/testbox/other/; s/11-05/11-25/' up/r05.json >up/other.json
cp "$top/results/race/flag/race.json" up/
run 1 $mask up
says 'left out: three files' 'left out: 3'
says 'a run that is there twice' \
	'  up/r03.json: the run of up/copy.json again: counted once'
says 'another machine' \
	'  up/other.json: another machine: other, AMD EPYC 9R14, x86_64, user'
cp up/other.json up/other2.json
sed -i 's/T18:00/T19:00/; s/"other"/"third"/' up/other2.json
run 1 $mask up
says 'one line for all other machines' 'left out: 3'
tr -s '\n ' ' ' <out | grep -qF 'user backend; and 1 more of other machines' &&
	bad=0 || bad=1
result $bad 'with their number' out
rm up/other2.json
run 1 $mask up
grep -q '^  up/cut.json:.*: cut off' out && ! grep -q race out && bad=0 || bad=1
result $bad 'a file that is cut off, and no race file' out
says 'and nothing else' '2 points: 2 changes since the release, 0 before; 0 steady'
run 2 $mask --host=other up
grep -q '^1 result by date' out || bad=1
result $bad 'the other machine, alone' out err

# kernels: in the order of their releases, candidates before their release
steps kernels 1 1.001 0.999 1.05 1.051 1.05 1.049 1.002 1.001
i=0
for kernel in 6.9.0 6.10.0-rc1 6.10.0-rc10 6.11.0-rc2 6.11.0-rc1 6.11.0 \
	6.12.0-rc1 6.10.0 6.10.0-rc2; do
	i=$((i + 1))
	factor=$(echo "1 1.001 0.999 1.05 1.051 1.05 1.049 1.002 1.001" |
		cut -d ' ' -f $i)
	as kernels $i "$factor" aaaaaaa "$kernel-amd64 #1 SMP"
done
run 0 --benchmark_filter=PageLocked/v7.1-mask/tail/hot/latency kernels
says 'kernels in order' \
	'9 results by kernel, 6.9.0-amd64 to 6.12.0-rc1-amd64; ns per operation'
says 'the change is with a candidate' \
	'result 6, 6.11.0-rc1-amd64, 2026-11-05T18:00, before the release:'
says 'the last release is no candidate' \
	'last release: 6.11.0-amd64, result 8'
result $bad 'no change since' err
latency=--benchmark_filter=PageLocked/v7.1-mask/tail/hot/latency
run 1 $latency --release=6.10 kernels
says 'a release by its beginning' 'last release: 6.10.0-amd64, result 5'
says 'changes since' 'result 6, 6.11.0-rc1-amd64, 2026-11-05T18:00:'
run 1 $latency --by=commit kernels
says 'by date instead' '9 results by date, with commits, 2026-11-01T18:00:00+00:00 to'
# released RELEASE NAME...: of these kernels RELEASE, the last but one, is the
# last release, or none is if it is '-'
released()
{
	wanted=$1 day=0
	shift
	rm -rf names
	mkdir names
	for name; do
		day=$((day + 1))
		as names $day 1 aaaaaaa "$name"
	done
	run 2 --by=kernel $latency names
	case $wanted in
	-) grep -q '^last release: none' out || bad=1 ;;
	*) grep -q "^last release: $wanted, result 1\$" out || bad=1 ;;
	esac
	result $bad "$1: $wanted" out
}
released 6.12.3 6.12.3 6.13.0-rc1
released 6.12.3+deb13-amd64 6.12.3+deb13-amd64 6.13.0-rc1
released - 6.13.0-rc1 6.13.0-rc2
released - 6.12.0-next-20261120 6.13.0
released - 6.12.0-00012-gabcdef012345 6.13.0
released - 6.12.0 6.12.0
# and of commits
tagged()
{
	wanted=$1 day=0
	shift
	rm -rf names
	mkdir names
	for name; do
		day=$((day + 1))
		as names $day 1 "$name" 6.1.0
	done
	run 2 $latency names
	grep -q "^last release: $wanted" out || bad=1
	result $bad "$1: $wanted" out
}
tagged 'v1.2, result 1' v1.2 abcdef0
tagged none abcdef0 abcdef1
tagged none v1.2-3-gabcdef0 abcdef1
tagged none v1.3-rc1 abcdef1
tagged none v1.2-dirty abcdef1
tagged none v1.2 v1.2

# counts are exact: guests of two kernels
cd "$top"
run 1 --benchmark_filter='^PageLocked/(plain|native)/small/hot/throughput$' \
	results/qemu-amd64-*/counts-kmod.txt.gz
says 'counts: a step is a change' '  (R) +2.000  PageLocked/native/small/hot/throughput'
says 'counts: nothing else is' '2 points: 1 change since the release, 0 before; 1 steady'
says 'counts: two results are enough' 'counts are exact: each step is a change'

# the plot
cd "$tmp"
run 1 $mask up -o plots
if command -v gnuplot >/dev/null; then
	[ "$(cat out)" = './plots/trend: dat txt svg png' ] && [ ! -s err ] || bad=1
	result $bad 'text, data and pictures' out err
	for label in 'PageLocked/v7.1-mask/tail/hot/latency' '20 results by date.*' \
		c0ffee1 'ns per operation' 'last release'; do
		grep -q ">$label *<" plots/trend.svg && bad=0 || bad=1
		result $bad "the picture says $label" err
	done
else
	skip 'the plot' 'no gnuplot'
fi
"$pfbench" trend $mask up >again || :
diff again plots/trend.txt >"$tmp/diff" && bad=0 || bad=1
result $bad 'the text file equals the output without -o' "$tmp/diff"
grep -qx '11 20 5.68.*' plots/trend.dat && grep -qx '10.5 10.5 10.5 1' plots/trend.dat &&
	grep -qx 'release 8' plots/trend.dat && bad=0 || bad=1
result $bad 'the data: levels and changes' plots/trend.dat
status=0
env PATH=/nowhere "$pfbench" trend $mask up -o without >out 2>err || status=$?
[ "$status" = 2 ] && [ "$(wc -l <err)" = 1 ] &&
	grep -qF 'gnuplot is not there' err && [ -s without/trend.txt ] && bad=0 || bad=1
result $bad 'without gnuplot: one line, text and data are written' err

refused 'no directory' 'no directory was given'
refused 'a directory that is not there' 'nowhere: No such file' nowhere
mkdir empty
refused 'an empty directory' 'no file *.json or counts*.txt' empty
refused 'an unknown host' 'no result is of host nobody' --host=nobody up
refused 'an unknown order' '--by=size: not commit or kernel' --by=size up
refused 'a threshold that is none' 'per cent' --threshold=x up
refused 'an unknown unit' "no unit 'ticks'" --unit=ticks up
refused 'a filter that is none' 'benchmark_filter' '--benchmark_filter=(' up
refused 'a filter that matches nothing' 'no quiet figure of these points' \
	--benchmark_filter=nothing few
refused 'JSON into a directory' 'give one of them' --json -o x up

echo "1..$n"
