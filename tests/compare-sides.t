#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench compare: several sides against one base, and the checks of each file.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench compare with several sides, in TAP"
	exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=compare
cd "$top"

# a file without times of its own, so that ns_per_tick alone decides
sed 's/"contended":true/"contended":false/; s/"real_time":[^,]*,//' \
	tests/golden/before.json >"$tmp/a.json"
# as NAME FACTOR: a run that is slower by FACTOR
as()
{
	sed "s/\"ns_per_tick\":0.3852/\"ns_per_tick\":$(
		awk "BEGIN { printf \"%.9f\", 0.3852 * $2 }")/" \
		"$tmp/a.json" >"$tmp/$1.json"
}
as fast 0.95
as same 1.005
as slow 1.05
as slower 1.5
sed '/v4.4-word\/tail\/hot\/latency"/d' "$tmp/slow.json" >"$tmp/fewer.json"
cd "$tmp"

run 1 a.json fast.json same.json slow.json slower.json fewer.json
result $bad 'five sides: something changed' err
says 'improved, the same and regressed' \
	'  v4.4-word               0.682  (I) -5.0      +0.5  (R) +5.0  (R) +50.0'
says 'below the clock: a difference' \
	'  branch_predicted        0.000  +0.000ns  +0.000ns  +0.000ns   +0.000ns'
says 'a forced lowering below its generation' \
	'    branch                0.643  (I) -5.0      +0.5  (R) +5.0  (R) +50.0'
says 'sides that do not fit: a table below' \
	'                           base         5'
says 'in which a point that the side lacks is empty' \
	'  v4.4-word               4.778'
says 'the correction is over all sides' \
	'  0.05 after Holm over 139; ? undecided'
says 'a line per side' \
	'3: 28 points: 0 improved, 27 regressed, 0 undecided, 1 the same'
says 'and what it lacks' \
	'5: 27 points: 0 improved, 26 regressed, 0 undecided, 1 the same; lacks'
[ "$(grep -c '^PageLocked/\*/tail/hot/latency$' out)" = 2 ] && bad=0 || bad=1
result $bad 'both tables have all blocks' out

run 0 a.json same.json a.json
result $bad 'nothing changed' err
says 'no mark' '  v7.1-mask               0.774      +0.5      +0.0'
run 0 --threshold=60 a.json slower.json slow.json
result $bad 'within the threshold' err
run 2 "$top/tests/golden/before.json" "$top/tests/golden/before.json" \
	"$top/tests/golden/before.json"
[ "$(wc -l <err)" = 1 ] && grep -q 'some points are undecided' err || bad=1
result $bad 'a contended point is undecided' err
says 'with a question mark' '  order-in-flags          9.112    ? +0.0    ? +0.0'
run 1 --only-changed a.json same.json "$top/tests/golden/after.json"
[ "$(grep -c '^  [a-z*]' out)" = 2 ] || bad=1
result $bad 'only changes: of any side' out err
says 'with the figures of the others' '  v7.1-mask               0.774     +0.5  (R) +5.0'
says 'what differs, by side' '2 differs: commit: aaaaaaa | bbbbbbb'
run 0 --only-changed a.json same.json a.json
! grep -q 'base$' out && ! grep -q '^ .*base ' out || bad=1
result $bad 'no change: no table' out
run 1 --only-changed a.json slow.json slow.json,nosuch
result $bad 'a missing file of a side' err
says 'costs itself' '  nosuch: No such file or directory'
says 'and not the side' \
	'2: 28 points: 0 improved, 27 regressed, 0 undecided, 1 the same'

# several runs of a side: the variance between them
as a2 1.002
as a3 0.999
as b1 1.05
as b2 1.052
as b3 1.049
run 1 a.json,a2.json,a3.json b1.json,b2.json,b3.json a.json,a2.json
result $bad 'sides of several runs' err
says 'of each the first, and how many more' \
	'1: b1.json and 2 more, testbox, 2026-11-20T18:00'
says 'their geometric mean' '  v4.4-word               0.682  (R) +5.0      +0.1'
! grep -q 'interval is of the rounds' out && bad=0 || bad=1
result $bad 'without the warning of single runs' out

# counts
gzip -cd "$top/results/qemu-amd64-6.12/counts-user.txt.gz" >counts.txt
counts=counts.txt
sed 's|^PageLocked/plain/small/hot/throughput 2.000 n/a|PageLocked/plain/small/hot/throughput 3.000 n/a|' \
	"$counts" >more.txt
sed 's|^PageLocked/plain/small/hot/throughput 2.000 n/a|PageLocked/plain/small/hot/throughput 1.500 n/a|' \
	"$counts" >less.txt
run 1 --only-changed "$counts" more.txt less.txt
result $bad 'counts' err
says 'as differences' '  plain                   2.000  (R) +1.000  (I) -0.500'

# JSON, and test reports
run 1 --json a.json fast.json slow.json cut.json
if command -v jq >/dev/null; then
	jq -e '.format == 1 and .unit == "ns" and .base == "a.json" and
		.tested == 56 and .verdict == "changed" and
		(.sides | length) == 2 and .sides[1].side == 2 and
		.sides[0].counts.changed == 27 and
		([.sides[0].points[].mark] | unique) == ["", "I"] and
		([.sides[1].points[].mark] | unique) == ["", "R"] and
		(.left_out | length) == 1' out >/dev/null 2>>err || bad=1
	result $bad 'JSON' err out
else
	skip 'JSON' 'no jq'
fi
run 1 --ktap a.json same.json slow.json cut.json
grep -q '^not ok .* slow.json$' out && grep -q '^ok .* same.json$' out &&
	grep -q 'SKIP.*cut.json: No such file' out || bad=1
result $bad 'KTAP: a test per side, and what was left out' out err

# left WHAT TEXT: bad.json alone is left out, for this reason
left()
{
	run 1 a.json slow.json bad.json
	[ ! -s err ] && [ "$(grep -c '^left out: ' out)" = 1 ] &&
		tr -s '\n ' ' ' <out | grep -qF -e "bad.json: $2" || bad=1
	grep -q '^1: 28 points: 0 improved, 27 regressed' out || bad=1
	! grep -qE '.{73}|[^ -~]| $' out || bad=1
	result $bad "left out: $1" out err
}
# good WHAT: bad.json is a side like any other
good()
{
	run 1 a.json slow.json bad.json
	[ ! -s err ] && ! grep -q '^left out' out || bad=1
	result $bad "not left out: $1" out err
}
cp "$top/tests/results/not-json.json" bad.json
run 1 a.json slow.json bad.json
grep -q '^  bad.json:.*not JSON' out || bad=1
result $bad 'left out: no JSON' out
cp slow.json bad.json
sha256sum bad.json >bad.json.sha256
good 'a checksum that is right'
(cd / && sha256sum "$tmp/bad.json") | tr a-f A-F >bad.json.sha256
good 'of another path, in capitals'
echo >>bad.json
left 'another checksum' 'the checksum differs: the file was changed or cut off'
echo none >bad.json.sha256
left 'no checksum' 'the file beside it (.sha256) has no checksum'
sha256sum bad.json >bad.json.sha256
mkdir bin
for tool in grep tr; do ln -s "$(command -v $tool)" bin/; done
status=0
PATH=$tmp/bin "$pfbench" compare a.json slow.json bad.json >out 2>err ||
	status=$?
[ "$status" = 1 ] && tr -s '\n ' ' ' <out | grep -qF \
	'bad.json: the checksum was not verified, as sha256sum is missing' &&
	bad=0 || bad=1
result $bad 'left out: a checksum that cannot be verified' out err
rm bad.json.sha256
sed 's/"partial":false/"partial":true/' slow.json >bad.json
left 'an interrupted run' 'the run was interrupted'
sed 's/"commit":"aaaaaaa",//' slow.json >bad.json
left 'no commit' 'the commit of the program is not recorded'
sed 's/"backend":"user"/"backend":"kmod","kmod":{"commit":"bbbbbbb"}/' \
	slow.json >bad.json
left 'a module of another commit' \
	'the module is of commit bbbbbbb, the program of aaaaaaa'
sed 's/"backend":"user"/"backend":"kmod","kmod":{"commit":"aaaaaaa"}/' \
	slow.json >bad.json
good 'a module of one commit'
sed 's/"ns_per_tick":[^,]*,/"ns_per_tick":0.4,"ticks_per_cycle":0.01,/; s/"ticks_per_cycle":0\.[2-9][^,]*,//' \
	slow.json >bad.json
left 'a clock too fast' 'a cycle of 0.004 ns: the clock is wrong'
sed 's/"quantum_ticks":[^,]*,/"quantum_ticks":3e7,/' slow.json >bad.json
left 'a clock of large steps' 'a step of the clock of '
# times of the points that are not those of the clock
sed 's/"contended":true/"contended":false/; s/"ns_per_tick":0.3852/"ns_per_tick":0.77810/' \
	"$top/tests/golden/before.json" >bad.json
left 'times of another clock' \
	'the times of its points are 0.495 times those of its clock'
sed 's/"contended":true/"contended":false/; s/"ns_per_tick":0.3852/"ns_per_tick":0.7600/' \
	"$top/tests/golden/before.json" >bad.json
good 'a clock rate that changed'
sed 's/"partial":false/&,"twins":{"measured":20,"equal":15}/' slow.json >bad.json
left 'twins that differ' \
	'only 15 of 20 points that were measured twice were equal'
sed 's/"partial":false/&,"twins":{"measured":20,"equal":17}/' slow.json >bad.json
good 'twins that differ by chance'
run 1 a.json slow.json slow.json,./slow.json
grep -q '^  ./slow.json: the run of slow.json again: counted once$' out || bad=1
result $bad 'left out: a run that came back twice' out
sed 's/"format":1/"format":2,"cycle_source":"counter"/
	s/"ticks\(_lo\|_hi\|\)":/"cycles\1":/g' a.json >cycles.json
run 1 --only-changed a.json slow.json cycles.json
grep -q '^  side 2: different units: a.json has ns, cycles.json has cycles' out ||
	bad=1
result $bad 'left out: a side of another unit' out err

# nothing is left
refused 'a base with a fault' 'the base: nosuch: No such file' nosuch a.json \
	slow.json
refused 'no side left' 'no side is left: nosuch: No such file' a.json nosuch \
	nosuch2
refused 'a list of no names' "names no file" , a.json slow.json

echo "1..$n"
