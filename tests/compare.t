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

expect 'one file' 2 'two result files' "$before"
expect 'three files' 2 'two result files' "$before" "$before" "$before"
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
