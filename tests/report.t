#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench report on files good and bad.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench report, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=report
cd "$top"

# fit FILE: at most 72 columns of printable ASCII
fit()
{
	! grep -qE '.{73}|[^ -~]' "$1"
}

# golden WHAT FILE ARGUMENT...
golden()
{
	what=$1 file=$2
	shift 2
	run 0 "$@"
	diff -u "$file" "$tmp/out" >"$tmp/diff" || bad=1
	fit "$tmp/out" || bad=1
	result $bad "$what" "$tmp/diff" "$tmp/err"
}

# says WHAT TEXT: the last report has a line with that
says()
{
	bad=0
	grep -qF -e "$2" "$tmp/out" || bad=1
	fit "$tmp/out" || bad=1
	result $bad "$1" "$tmp/out" "$tmp/err"
}

golden 'a whole report' tests/golden/report.txt tests/golden/run.json
golden 'in cycles, one accessor' tests/golden/report-cycles.txt \
	--unit=cycles --accessor=SetPageDirty tests/golden/run.json

# native points on pages of every source
golden 'every source of pages' tests/golden/report-sources.txt \
	tests/results/sources.json
sed -n 's/.*"ticks": \([0-9]*\.[0-9]\).*/\1/p' \
	tests/results/sources.json >"$tmp/medians"
bad=0
while read -r median; do
	grep -qF " $median" "$tmp/out" || bad=1
done <"$tmp/medians"
grep '^PageLocked' "$tmp/out" | sort | uniq -d >"$tmp/twice"
[ ! -s "$tmp/twice" ] || bad=1
result $bad 'every median is shown, and no table twice' "$tmp/out" "$tmp/twice"

run 0 --unit=cycles tests/golden/run.json
says 'cycles are estimated' 'estimated cycles'
says 'a contended point has its mark' '6.17!'
says 'and the mark is explained' '!    contended'
says 'a counter that is not there, with the reason' \
	'Not counted: instructions, branches, branch-misses: n/a (no PMU)'
run 0 --unit=ticks tests/results/good.json
says 'events are counted per operation' 'PageLocked: instructions'
says 'a figure without an interval is in brackets' ' (.704!)'
says 'which are explained' '( )  too few quiet rounds for a 95 % interval'
says 'a combination that was not measured' '       -'
run 0 tests/results/partial.json
says 'a partial file' 'PARTIAL'
says 'what disturbed it' 'Disturbance: interrupted by a signal'
run 0 tests/results/empty.json
says 'a file without points' 'no points in this file'
run 0 tests/results/hostile.json
says 'a host name with an escape in it' '?[2J'
run 0 tests/results/repetitions.json
says 'repetitions are joined' 'v4.4-word          (4.85)'
run 0 tests/results/good.json tests/golden/run.json
says 'of two files the first' 'pageflags-bench: example'
says 'and the second' 'pageflags-bench: testbox'

sed 's/"counters": { "instructions": { "per_op": 3.0/"counters": { "cycles": { "per_op": 17.5/' \
	tests/results/good.json >"$tmp/cycles.json"
run 0 --unit=cycles "$tmp/cycles.json"
says 'counted cycles go before estimated ones' 'cycles, counted'
says 'and are shown' '17.5'
# 1.345 cycles of format 2: converted to ticks and back, it prints as 1.35
run 0 --unit=cycles tests/results/format-2.json
says 'a cycle of the file is a cycle of the report' \
	'plain               1.34 +-0.01'

# cycles are the default where they are trustworthy
run 0 tests/results/format-2.json
says 'format 2 is in cycles' 'cycles              tail'
says 'so is what a look-up adds' 'v4.4-word           7.66 +-0.01'
says 'the cycle and its length' \
	'cycle (reference loop) 0.271 ns, 1 per dependent add'
run 0 --unit=ns tests/results/format-2.json
says 'ns is one option away' 'plain              0.365 +-.002'
run 0 tests/results/good.json
says 'format 1 is in ns' 'ns                  tail'
! grep -q "reference loop" "$tmp/out" && bad=0 || bad=1
result $bad 'and has no line on cycles' "$tmp/out"
# cycles FILE SED: format 2 with another source of its cycles
cycles()
{
	sed "$2" tests/results/format-2.json >"$tmp/$1.json"
	run 0 "$tmp/$1.json"
}
cycles counter 's/"reference loop"/"counter"/; s/AMD Example/Example CPU/'
says 'a counter has cycles on any CPU' 'plain               1.34 +-0.01'
says 'and is named' 'cycle (counter) 0.271 ns'
cycles unknown 's/AMD Example/Example CPU/'
says 'adds of unknown length: the default is ns' 'ns                  tail'
says 'with the reason' \
	'add (reference loop) 0.271 ns: how many cycles is not known'
run 0 --unit=cycles "$tmp/unknown.json"
says 'as cycles, they are called adds' 'adds                tail'
cycles null 's/"ticks_per_cycle"/"cycles_per_add": null, &/'
says 'the run says that the length is unknown' 'ns                  tail'
cycles two 's/"ticks_per_cycle"/"cycles_per_add": 2, &/; s/AMD Example/POWER9/'
says 'two cycles per add: twice the figures' 'v4.4-word          18.00 +-0.01'
says 'half the length' 'cycle (reference loop) 0.1355 ns, 2 per dependent add'
cycles sourceless '/"cycle_source"/d'
says 'no source of cycles: the default is ns' 'ns                  tail'
sed 's/"ticks_per_cycle"/"cycles_per_add": "1", &/' \
	tests/results/format-2.json >"$tmp/text.json"
refused 'a length that is no number' \
	'context.pfbench.cycles_per_add: not a number' "$tmp/text.json"
sed 's/"ticks_per_cycle"/"cycles_per_add": 0, &/' \
	tests/results/format-2.json >"$tmp/zero.json"
refused 'a length of zero' 'context.pfbench.cycles_per_add: 0 is not in' \
	"$tmp/zero.json"
sed 's/"counters": { "instructions": { "per_op": 3.0/"counters": { "cycles": { "per_op": 17.5/' \
	tests/results/format-2.json >"$tmp/both.json"
run 0 "$tmp/both.json"
says 'cycles of rounds go before counted ones' 'plain               1.34 +-0.01'
# twins and resolution, which the run itself has found
# trust FIELDS: format 2 with these fields in its context
trust()
{
	sed "s/\"ticks_per_cycle\"/$1, &/" tests/results/format-2.json \
		>"$tmp/trust.json"
	run 0 "$tmp/trust.json"
}
run 0 tests/results/format-2.json
! grep -q 'twins\|resolves' "$tmp/out" && bad=0 || bad=1
result $bad 'a run without twins: nothing is said of them' "$tmp/out"
both='"twins": { "measured": 9, "equal": 9 }, "resolution": {
	"throughput": { "seconds": 1.0, "cycles": 0.012 },
	"latency": { "seconds": 1.0, "cycles": 0.003 } }'
both=$(echo "$both" | tr -d '\n\t')
trust "$both"
says 'equal twins' 'twins: 9 of 9 equal'
says 'the resolution of both modes' \
	'resolves in 1 s: 0.012 cycles (throughput), 0.003 (latency)'
[ "$(head -c 15 "$tmp/out")" = pageflags-bench ] && bad=0 || bad=1
result $bad 'and no warning' "$tmp/out"
trust '"resolution": { "latency": { "seconds": 1.0, "cycles": 0.003 }, "throughput": null }'
says 'the resolution of one mode' 'resolves in 1 s: 0.003 cycles (latency)'
! grep -q 'twins\|throughput,' "$tmp/out" && bad=0 || bad=1
result $bad 'and of no other' "$tmp/out"
trust '"resolution": { "latency": { "seconds": 1.0, "cycles": 0.003 } }, "cycles_per_add": 2'
says 'two cycles per add' 'resolves in 1 s: 0.006 cycles (latency)'
# 7 or fewer of 9 happen by chance in 7 % of runs, 6 or fewer in 0.8 %
trust '"twins": { "measured": 9, "equal": 7 }'
says 'seven of nine happen' 'twins: 7 of 9 equal'
! grep -q 'NOT TRUST' "$tmp/out" && bad=0 || bad=1
result $bad 'without a warning' "$tmp/out"
trust '"twins": { "measured": 9, "equal": 6 }'
head -n 1 "$tmp/out" | grep -q '^DO NOT TRUST: only 6 of 9 points' && bad=0 ||
	bad=1
result $bad 'six of nine do not: the first line says so' "$tmp/out"
says 'with the remedy' 'measure again'
cp "$tmp/trust.json" "$tmp/few.json"

grep -v '"ticks_per_cycle"' tests/results/good.json |
	sed 's/"quiet_ticks"/&/' >"$tmp/nocycle.json"
refused 'a cycle of unknown length' 'length of a cycle' \
	--unit=cycles "$tmp/nocycle.json"

sed 's/"quantum_ticks": *[0-9]*, *//' tests/results/good.json >"$tmp/nostep.json"
run 0 "$tmp/nostep.json"
says 'a step of unknown length' 'steps of n/a, floor'
! grep -qw nan "$tmp/out" && bad=0 || bad=1
result $bad 'and no nan' "$tmp/out"

# JSON: the figures of the tables
# json WHAT FILTER [ARGUMENT]...: jq finds FILTER true of the report as JSON
json()
{
	what=$1 filter=$2
	shift 2
	if ! command -v jq >/dev/null; then
		skip "JSON: $what" 'no jq'
		return
	fi
	run 0 --json "$@"
	jq -e "$filter" "$tmp/out" >"$tmp/value" 2>>"$tmp/err" || bad=1
	result $bad "JSON: $what" "$tmp/err" "$tmp/value" "$tmp/out"
}
point='.reports[0].points[] | select(.name == "PageLocked/v4.4-word/tail/hot/latency")'
json 'a median, and what a look-up adds' \
	"$point | .median == 4.851 and .lo == 4.84715 and .hi == 4.85485 and
		.added.median == 1.60545" tests/results/good.json
run 0 tests/results/good.json
says 'the same median in the table' 'v4.4-word           4.85 +-0.01'
says 'and the same difference' 'v4.4-word           1.61 +-0.01'
json 'the unit' "(.reports[0].unit == \"ticks\") and ($point | .median == 12.6)" \
	--unit=ticks tests/results/good.json
json 'what is unknown' '.reports[0] | .points[2] | .lo == null and .added == null and .contended' \
	tests/results/good.json
json 'counters, and those without' '.reports[0] | .points[0].counters.instructions.median == 3 and
	.not_counted.cycles == "n/a (no PMU)"' tests/results/good.json
json 'counted cycles' '.reports[0] | .unit == "cycles, counted" and .points[0].median == 17.5' \
	--unit=cycles "$tmp/cycles.json"
json 'format 2 is in cycles' ".reports[0] | .unit == \"cycles\" and .added_unit == \"cycles\" and
	.context.cycle_source == \"reference loop\" and .context.ns_per_cycle == 0.27104 and
	.points[0].median == 1.345 and .points[0].lo == 1.34" tests/results/format-2.json
json 'or in ns' ".reports[0] | .unit == \"ns\" and (.points[1].median * 1e4 | round) == 24399" \
	--unit=ns tests/results/format-2.json
json 'adds' ".reports[0] | .unit == \"adds\" and .context.ns_per_cycle == null" \
	--unit=cycles "$tmp/unknown.json"
json 'too few equal twins' ".reports[0] | .twins.measured == 9 and .twins.equal == 6 and
	.twins.too_few and .resolution == null" "$tmp/few.json"
trust "$both"
json 'the resolution' ".reports[0] | (.twins.too_few | not) and .resolution.unit == \"cycles\" and
	.resolution.throughput.difference == 0.012 and .resolution.latency.seconds == 1" \
	"$tmp/trust.json"
json 'neither' '.reports[0] | .twins == null and .resolution == null' \
	tests/results/good.json
json 'one accessor' '[.reports[0].points[].name | startswith("PageLocked/")] | all and length == 2' \
	--accessor=PageLocked tests/results/good.json
json 'two files' '.format == 1 and (.reports | length) == 2 and
	.reports[1].partial and .reports[1].disturbances[0] == "interrupted by a signal"' \
	tests/results/good.json tests/results/partial.json
json 'a hostile name' '.reports[0].context.host_name | test("^[ -~]*$")' \
	tests/results/hostile.json

refused 'no file' 'no result file given'
refused 'a file that is not there' 'no-such-file' no-such-file
refused 'a directory' 'tests/results' tests/results
refused 'a unit that is none' 'ns, ticks, cycles' --unit=parsec \
	tests/results/good.json
refused 'an accessor that is none' 'PageMagic' --accessor=PageMagic \
	tests/results/good.json
refused 'an accessor that the file lacks' 'no points of PageDirty' \
	--accessor=PageDirty tests/results/good.json
refused 'an option that is none' '--magic' --magic tests/results/good.json
refused 'an option without its argument' 'argument' tests/results/good.json \
	--unit
for file in truncated not-json nan overflow huge-number negative wrong-type \
	unknown-name twice foreign later-format; do
	refused "$file" "tests/results/$file.json" "tests/results/$file.json"
done
head -c 100000 /dev/zero | tr '\0' '[' >"$tmp/deep.json"
refused 'nested 100000 deep' 'deep.json' "$tmp/deep.json"
head -c 1000 /dev/urandom >"$tmp/noise.json"
refused 'noise' 'noise.json' "$tmp/noise.json"

run 0 --help
grep -q '^Exit status' "$tmp/out" && grep -q '^Example' "$tmp/out" || bad=1
result $bad 'help' "$tmp/out" "$tmp/err"
if [ -w /dev/full ]; then
	status=0
	"$pfbench" report tests/results/good.json >/dev/full 2>"$tmp/err" ||
		status=$?
	[ "$status" = 2 ] && bad=0 || bad=1
	result $bad 'a full disk' "$tmp/err"
fi
echo "1..$n"
