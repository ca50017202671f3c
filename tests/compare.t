#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench compare: what it finds changed, and what it does not.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench compare, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
before=tests/golden/before.json
after=tests/golden/after.json

# expect WHAT WANTED-STATUS TEXT ARGUMENT...: TEXT on stdout or stderr
expect()
{
	what=$1 want=$2 text=$3 status=0 bad=0
	shift 3
	"$pfbench" compare "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$status" = "$want" ] || bad=1
	grep -qF -e "$text" "$tmp/out" "$tmp/err" || bad=1
	# JSON is as wide as its names
	grep -q "^{" "$tmp/out" ||
		! grep -qE '.{73}|[^ -~]' "$tmp/out" || bad=1
	[ "$(wc -l <"$tmp/err")" -le 1 ] || bad=1
	result $bad "$what" "$tmp/out" "$tmp/err"
}

# says WHAT TEXT: the last comparison does
says()
{
	grep -qF -e "$2" "$tmp/out" && bad=0 || bad=1
	result $bad "$1" "$tmp/out"
}

expect 'a change of 5 %' 1 '28 points: 2 changed, 1 undecided, 25 the same' \
	"$before" "$after"
diff -u tests/golden/compare.txt "$tmp/out" >"$tmp/diff" && bad=0 || bad=1
result $bad 'the whole table' "$tmp/diff"

sed 's/"contended":true/"contended":false/' "$before" >"$tmp/a.json"
sed 's/"contended":true/"contended":false/' "$after" >"$tmp/b.json"
expect 'a file with itself' 0 '28 points: 0 changed' "$tmp/a.json" \
	"$tmp/a.json"
expect 'within the threshold' 0 'threshold 10 %' --threshold=10 "$tmp/a.json" \
	"$tmp/b.json"
expect 'a threshold of zero' 1 'threshold 0 %' --threshold 0 "$tmp/a.json" \
	"$tmp/b.json"
expect 'the other way round' 1 '0.952' "$tmp/b.json" "$tmp/a.json"
expect 'contended: undecided' 2 '1 point is undecided' "$before" \
	"$before"
says 'with the reason' '? contended'
expect 'too few rounds' 2 '? too few' tests/results/good.json \
	tests/results/partial.json
says 'and how many were in one file only' '2 only in A, 0 only in B'
says 'and that one was cut short' 'PARTIAL: B'
says 'nothing is made of intervals that are none' '-      -  ? too few'
expect 'nothing in common' 2 'no point is in both' tests/results/good.json \
	tests/results/below-zero.json
expect 'no points at all' 2 'no point is in both' tests/results/empty.json \
	tests/results/empty.json
expect 'too close to zero for a ratio' 0 \
	'branch_predicted          +0.000ns' "$tmp/a.json" "$tmp/a.json"
expect 'what differs' 1 'differs: commit: aaaaaaa | bbbbbbb' "$before" "$after"
# the same times by a clock twice as fast
sed 's/"ns_per_tick":0.3852/"ns_per_tick":0.7704/' "$tmp/a.json" >"$tmp/c.json"
expect 'times count, not ticks' 1 '2.000' "$tmp/a.json" "$tmp/c.json"

expect 'native points on pages of every source' 0 '52 points: 0 changed' \
	tests/results/sources.json tests/results/sources.json
bad=0
for source in anon thp hugetlb fake file; do
	grep -q "^PageLocked/\*/.*/hot/latency/$source\$" "$tmp/out" || bad=1
done
result $bad 'a block for each source' "$tmp/out"

# a regime of a second level in a third of the rounds: wide, not changed
awk '/v4.4-word\/tail\/hot\/throughput"/ {
	sub(/"samples":\[.*\]/, "\"samples\":[1.7,1.7,1.9,1.7,1.9,1.7,1.9,1.9,1.7,1.9,1.7,1.9,1.8,1.8]")
} { print }' "$tmp/a.json" >"$tmp/wide.json"
expect 'too wide to decide' 2 '? too wide' "$tmp/wide.json" "$tmp/wide.json"

expect 'JSON' 1 '"verdict": "changed"' --json "$before" "$after"
says 'a point in it' '"name": "PageLocked/v7.1-mask/tail/hot/latency"'
says 'and what is unknown' '"p": null'
if command -v jq >/dev/null; then
	jq -e '.format == 1 and .counts.changed == 2 and .counts.same == 25 and
		(.points | length) == 28 and
		([.points[] | select(.verdict == "cannot tell")] | length) == 1' \
		"$tmp/out" >/dev/null 2>"$tmp/err" && bad=0 || bad=1
	result $bad 'which is JSON, and adds up' "$tmp/out" "$tmp/err"
else
	n=$((n + 1))
	echo "ok $n - which is JSON # SKIP no jq"
fi
expect 'JSON of nothing in common' 2 '"points": []' --json \
	tests/results/good.json tests/results/below-zero.json

# several runs per side: the same samples by clocks of other speeds

# as NAME FACTOR: a run that is slower by FACTOR
as()
{
	sed "s/\"ns_per_tick\":0.3852/\"ns_per_tick\":$(
		awk "BEGIN { printf \"%.9f\", 0.3852 * $2 }")/" \
		"$tmp/a.json" >"$tmp/$1.json"
}
# runs SIDE FACTOR...: makes the runs, prints their list
runs()
{
	side=$1 i=0 list=
	shift
	for factor; do
		i=$((i + 1))
		as "$side$i" "$factor"
		list=$list,$tmp/$side$i.json
	done
	echo "${list#,}"
}
a=$(runs a 1 1.02) b=$(runs b 1.1 1.12)
expect 'two runs each: too few for 28 tests' 2 \
	'the variance between runs: 2 of A, 2 of B' "$a" "$b"
# exp(d), exp(d -+ 4.302653 s), with the logarithms of these factors
says 'their ratio and its interval' \
	'plain                      1.099     1.038 1.164  0.546  ? unsure'
a=$(runs a 1 1.001 0.999) b=$(runs b 1.05 1.051 1.049)
expect 'three runs each: changed' 1 '27 changed' "$a" "$b"
says 'with the interval of four degrees of freedom' \
	'plain                      1.050     1.048 1.052  <.001  CHANGED'
expect 'within the threshold' 0 '28 points: 0 changed' --threshold=10 "$a" "$b"
# the shift between two runs is larger than the interval within each run
a=$(runs a 1 1.05 1.01) b=$(runs b 1.05 1.01 1.045)
expect 'two single runs seem to differ' 1 '27 changed' "$tmp/a1.json" \
	"$tmp/b1.json"
says 'with a warning' 'two runs can differ by more'
expect 'their repetition shows that they do not' 2 ' 0 changed' "$a" "$b"
expect 'one run against three' 2 ' 0 changed' "$tmp/a2.json" "$b"
expect 'three runs with themselves' 2 ' 0 changed' "$a" "$a"
cp "$tmp/a1.json" "$tmp/a,1.json"
expect 'a name with a comma is one file' 0 '28 points: 0 changed' \
	"$tmp/a,1.json" "$tmp/a1.json"
sed '/v4.4-word\/tail\/hot\/latency"/d' "$tmp/b1.json" >"$tmp/fewer.json"
a=$(runs a 1 1.001 0.999) b=$(runs b 1.05 1.051 1.049)
expect 'a point that one run lacks' 1 '"changed": 27' --json "$a" \
	"$tmp/fewer.json,$b"
[ "$(grep -c '"b_runs": 3' "$tmp/out")" = 1 ] &&
	[ "$(grep -c '^      "b_runs": 4' "$tmp/out")" = 27 ] && bad=0 || bad=1
result $bad 'has fewer runs' "$tmp/out"
expect 'a run that is not there' 2 'no-such: No such file' "$tmp/a1.json,no-such" \
	"$tmp/b1.json"
expect 'a list of no names' 2 'names no file' , "$tmp/b1.json"
expect 'commits of one side' 2 'differs within A: commit: aaaaaaa | bbbbbbb' \
	"$tmp/a.json,$tmp/b.json" "$tmp/a.json"

# only what changed, and only what differs
expect 'only the changes' 1 '28 points: 2 changed, 1 undecided, 25 the same' \
	--only-changed "$before" "$after"
[ "$(grep -c '^  ' "$tmp/out")" = 3 ] && [ "$(grep -c CHANGED "$tmp/out")" = 2 ] &&
	bad=0 || bad=1
result $bad 'are printed' "$tmp/out"
expect 'in JSON' 1 '"changed": 2' --only-changed --json "$before" "$after"
[ "$(grep -c '"name"' "$tmp/out")" = 2 ] && bad=0 || bad=1
result $bad 'too' "$tmp/out"
awk '/v4.4-word\/tail\/hot\/throughput\/select"/ {
	sub(/"samples":\[[^]]*\]/, "\"samples\":[9,9,9,9,9,9,9,9,9,9,9,9,9,9,9,9,9,9]")
	sub(/"ticks":[0-9.]*/, "\"ticks\":9")
} { print }' "$tmp/a.json" >"$tmp/one.json"
expect 'a forced lowering alone' 1 '1 changed' --only-changed "$tmp/a.json" \
	"$tmp/one.json"
[ "$(grep -A1 -x '  v4.4-word' "$tmp/out" | grep -c '^    select .*CHANGED')" = 1 ] &&
	bad=0 || bad=1
result $bad 'below its generation' "$tmp/out"
expect 'only the changes as KTAP' 2 '--only-changed excludes' --only-changed \
	--ktap "$before" "$after"
long='meltdown: Not affected; spectre_v1: Mitigation, usercopy/swapgs barriers and __user pointer sanitization'
sed "s|\"kernel\":|\"mitigations\":\"$long; tsa: Vulnerable\",&|" "$tmp/a.json" \
	>"$tmp/m1.json"
sed "s|\"kernel\":|\"mitigations\":\"$long; tsa: Mitigation, Clear CPU buffers when the processor enters an idle state\",&|" \
	"$tmp/a.json" >"$tmp/m2.json"
expect 'of the mitigations' 0 'differs: mitigations: tsa: Vulnerable | tsa: Mitigation, Clear CPU' \
	"$tmp/m1.json" "$tmp/m2.json"
grep -q 'spectre\|meltdown' "$tmp/out" && bad=1 || bad=0
grep -q '^         buffers when the processor enters an idle state$' "$tmp/out" ||
	bad=1
result $bad 'only those that differ, wrapped at words' "$tmp/out"
expect 'counts against times' 2 'different units: tests/golden/before.json has times, results/qemu-amd64-6.12/counts-user.txt.gz has instructions' \
	"$before" results/qemu-amd64-6.12/counts-user.txt.gz
counts=results/qemu-amd64-6.12/counts-user.txt.gz
expect 'runs of counts' 2 'counts are exact' "$counts,$counts" $counts

# format 2: in cycles, which times and estimates do not mix with
cycles=tests/results/format-2.json
expect 'cycles with themselves' 2 'Unit: cycles (cy)' $cycles $cycles
says 'the points but the contended one are the same' '1 undecided, 2 the same'
# a change of the clock rate changes times, not cycles
sed 's/"ns_per_tick": 0.385/"ns_per_tick": 0.77/' $cycles >"$tmp/slow.json"
expect 'another clock rate' 2 ' 0 changed' $cycles "$tmp/slow.json"
expect 'in ns it doubles the times' 1 '2 changed' --unit=ns $cycles \
	"$tmp/slow.json"
says 'which the unit says' 'Unit: ns'
expect 'times against cycles' 2 \
	"different units: tests/results/good.json has ns, $cycles has cycles: compare times, with --unit=ns" \
	tests/results/good.json $cycles
[ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/err")" = 1 ] && bad=0 || bad=1
result $bad 'one line, and no comparison' "$tmp/out" "$tmp/err"
expect 'cycles against times' 2 "$cycles has cycles, tests/results/good.json has ns" \
	$cycles tests/results/good.json
expect 'a run of format 1 among those of a side' 2 \
	'tests/results/good.json has ns: compare times' \
	$cycles,$cycles $cycles,tests/results/good.json
expect 'as times they compare' 1 'Unit: ns' --unit=ns tests/results/good.json \
	$cycles
expect 'cycles against estimated cycles' 2 \
	"$cycles has cycles, tests/results/good.json has estimated cycles" \
	--unit=cycles $cycles tests/results/good.json
expect 'estimates against estimates' 2 'Unit: estimated cycles' --unit=cycles \
	tests/results/good.json tests/results/good.json
sed 's/AMD Example/Example CPU/' $cycles >"$tmp/adds.json"
expect 'adds of unknown length: times' 2 'Unit: ns' "$tmp/adds.json" \
	"$tmp/adds.json"
expect 'adds against cycles' 2 'adds.json has adds' --unit=cycles $cycles \
	"$tmp/adds.json"
sed '/"ticks_per_cycle"/s/"ticks_per_cycle": [0-9.]*, *//' \
	tests/results/good.json >"$tmp/nocycle.json"
expect 'cycles of unknown length' 2 'does not record the length of a cycle' \
	--unit=cycles "$tmp/nocycle.json" "$tmp/nocycle.json"
expect 'a unit that is none' 2 "no unit 'ticks' (cycles, ns)" --unit=ticks \
	$cycles $cycles
# several runs, of other clock rates
for i in 1 2 3; do
	sed "s/\"ns_per_tick\": 0.385/\"ns_per_tick\": 0.38$i/" $cycles \
		>"$tmp/r$i.json"
done
r=$tmp/r1.json,$tmp/r2.json,$tmp/r3.json
expect 'several runs in cycles' 2 'the variance between runs: 3 of A, 3 of B' \
	"$r" "$r"
says 'in which they are equal' \
	'v4.4-word                  1.000     1.000 1.000'
if command -v jq >/dev/null; then
	status=0
	"$pfbench" compare --json $cycles $cycles >"$tmp/out" 2>"$tmp/err" ||
		status=$?
	jq -e '.unit == "cycles" and .points[0].a_cost == 1.345 and
		(.points[0].a_ns * 1e7 | round) == 3645488' "$tmp/out" \
		>/dev/null 2>>"$tmp/err" && bad=0 || bad=1
	result $bad 'JSON: cycles and ns' "$tmp/out" "$tmp/err"
fi

expect 'one file' 2 'two result files' "$before"
expect 'no file' 2 'two result files'
expect 'a threshold that is none' 2 'per cent' --threshold=much "$before" \
	"$after"
expect 'a threshold below zero' 2 'per cent' --threshold=-1 "$before" \
	"$after"
expect 'a threshold that is not a number' 2 'per cent' --threshold=nan \
	"$before" "$after"
expect 'an option that is none' 2 '--magic' --magic "$before" "$after"
for file in truncated not-json nan overflow huge-number negative wrong-type \
	unknown-name twice foreign later-format; do
	expect "$file" 2 "tests/results/$file.json" "$before" \
		"tests/results/$file.json"
done
expect 'a file that is not there' 2 'no-such-file: No such' no-such-file \
	"$before"
expect 'a hostile name' 2 'hostile.json, ?[2J' tests/results/hostile.json \
	tests/results/hostile.json
"$pfbench" compare --help >"$tmp/out" && grep -q '^Exit status' "$tmp/out" &&
	grep -q '^Example' "$tmp/out" && bad=0 || bad=1
result $bad 'help' "$tmp/out"
echo "1..$n"
