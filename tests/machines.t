#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench matrix --machines: a collection by microarchitecture, conclusions, the
# heat map, and what is left out.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench matrix --machines, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=matrix
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR

# machine FILE HOST ID MASK SELECT: small pages cost v7.1-mask MASK cycles and a
# forced select of v4.4-word SELECT, each +-0.01; marked as made up
machine()
{
	cat >"$tmp/$1" <<-END
	{ "context": { "date": "2026-11-2${6:-0}T12:00:00+00:00",
	 "host_name": "$2", "pfbench": {
	 "comment": "By hand: no figure was measured.",
	 "format": 2, "cycle_source": "counter", "ticks_per_cycle": 1,
	 "ns_per_tick": 0.4, "backend": "user", "abi": 4, "arch": "x86_64",
	 "cpu_model": "Example CPU", "cpu_id": "$3", "kernel": "6.1.0 #1",
	 "commit": "${7:-c0ffee1}", "version": "0.1", "partial": false } },
	 "benchmarks": [
	 { "name": "PageLocked/plain/small/hot/throughput", "cycles": 1,
	   "cycles_lo": 0.99, "cycles_hi": 1.01 },
	 { "name": "PageLocked/v4.4-word/small/hot/throughput/branch",
	   "cycles": 2, "cycles_lo": 1.99, "cycles_hi": 2.01 },
	 { "name": "PageLocked/v4.4-word/small/hot/throughput/select",
	   "cycles": $5, "cycles_lo": $(awk "BEGIN { print $5 - 0.01 }"),
	   "cycles_hi": $(awk "BEGIN { print $5 + 0.01 }") },
	 { "name": "PageLocked/v7.1-mask/small/hot/throughput",
	   "cycles": $4, "cycles_lo": $(awk "BEGIN { print $4 - 0.01 }"),
	   "cycles_hi": $(awk "BEGIN { print $4 + 0.01 }") } ] }
	END
}
mkdir "$tmp/lab" "$tmp/lab/deeper"
machine lab/a.json ant AuthenticAMD-25-17-1 2.5 3
machine lab/b.json bee AuthenticAMD-25-97-2 2.6 3.1
machine lab/c.json cat AuthenticAMD-25-1-1 3.2 3
machine lab/deeper/d.json dog GenuineIntel-6-143-8 3.5 3
machine lab/deeper/e.json eel GenuineIntel-6-207-2 3.01 3
# a file of an earlier version
sed -i 's/ "abi": 4,//' "$tmp/lab/deeper/e.json"
cd "$tmp"

run 0 --machines lab
cat >wanted <<'END'
5 machines of 4 microarchitectures; cost per operation, throughput
1 plain, 2 v4.4-word branch, 3 v4.4-word select, 4 v7.1-mask

PageLocked, small pages
                           1      2      3      4
Golden Cove, x86_64: 1 machine, cycles
  [1] dog               1.00   2.00   3.00   3.50
Raptor Cove, x86_64: 1 machine, cycles
  [2] eel               1.00   2.00   3.00   3.01
Zen 3, x86_64: 1 machine, cycles
  [3] cat               1.00   2.00   3.00   3.20
Zen 4, x86_64: 2 machines, cycles
  [4] ant               1.00   2.00   3.00   2.50
  [5] bee               1.00   2.00   3.10   2.60

Conclusions: costs that differ by more than 2 %, with the whole 95 %
interval of the difference, on each machine that has both

TURNS ROUND FROM MACHINE TO MACHINE
PageLocked, small pages:
  v4.4-word select beats v7.1-mask on 2 of 5, by 6 to 14 %, loses on 2,
      is the same on 1
      wins: Golden Cove (1 of 1), Zen 3 (1 of 1); loses: Zen 4 (2 of 2)

HOLDS ON EVERY MACHINE
PageLocked, small pages:
  v4.4-word branch beats v4.4-word select on all 5, by 33 to 35 %
  v4.4-word branch beats v7.1-mask on all 5, by 20 to 43 %

[1] dog, Example CPU, Linux 6.1.0, user backend, 2026-11-20:
    lab/deeper/d.json
[2] eel, Example CPU, Linux 6.1.0, user backend, 2026-11-20:
    lab/deeper/e.json
[3] cat, Example CPU, Linux 6.1.0, user backend, 2026-11-20: lab/c.json
[4] ant, Example CPU, Linux 6.1.0, user backend, 2026-11-20: lab/a.json
[5] bee, Example CPU, Linux 6.1.0, user backend, 2026-11-20: lab/b.json
- no such point; ! contended: no round was quiet
END
diff wanted out >diffs && [ ! -s err ] || bad=1
result $bad 'five machines, down' diffs err
run 0 --machines=across lab
says 'across: microarchitectures' \
	'                         Golden   Raptor      Zen      Zen'
says 'in two lines' '                           Cove     Cove        3        4'
says 'across: machines' \
	'                            [1]      [2]      [3]      [4]      [5]'
says 'across: a row per generation' \
	'v7.1-mask                 3.50     3.01     3.20     2.50     2.60'
run 0 --machines --metric=ns lab
says 'in ns' '  [4] ant               .400   .800   1.20   1.00'
run 0 --machines --threshold=20 lab
says 'another threshold' \
	'  v4.4-word branch beats v7.1-mask on 4 of 5, by 23 to 43 %, undecided'
says 'with fewer differences' \
	'1 of 3 questions: no machine has a difference'
# within an interval of the threshold nothing is decided
machine lab/f.json fox AuthenticAMD-25-18-2 2.945 3
run 0 --machines lab
says 'undecided' \
	'  v4.4-word select beats v7.1-mask on 2 of 6, by 6 to 14 %, loses on 2,'
says 'is counted' '      is the same on 1, undecided on 1'
rm lab/f.json

if command -v jq >/dev/null; then
	run 0 --machines --json lab
	jq -e '.format == 1 and (.machines | length) == 5 and
		.machines[3].microarchitecture == "Zen 4" and
		.machines[3].unit == "cycles" and
		(.rows[] | select(.variant == "v7.1-mask" and
		 .population == "small" and .accessor == "PageLocked") |
		 .figures[3].median == 2.5 and .figures[3].hi == 2.51) and
		(.conclusions[] | select(.b == "v7.1-mask" and
		 .a == "v4.4-word select") | .wins == [1, 3] and
		 .loses == [4, 5] and .same == [2] and .undecided == [] and
		 (.differences[0] | .value == 0.5 and .lo < 0.49 and
		  .lo > 0.485))' out \
		>/dev/null 2>>err || bad=1
	result $bad 'JSON' err out
else
	skip 'JSON' 'no jq'
fi

# what is left out costs itself: the five machines stay as they are
run 0 --machines lab
sed '/^left out/,$d' out >before
head -c 500 lab/a.json >lab/cut.json
cp lab/b.json lab/twice.json
sed 's/"partial": false/"partial": true/' lab/c.json >lab/partial.json
machine lab/older.json dog GenuineIntel-6-143-8 9 9 1
sed -i 's/2026-11-21/2026-11-11/' lab/older.json
machine lab/other.json gnu AuthenticAMD-25-17-1 9 9 0 deadbee
sed 's/"abi": 4/"abi": 3/; s/"cat"/"fly"/' lab/c.json >lab/abi.json
sed 's/"abi": 4/"abi": 4, "kmod": { "abi": 3 }/; s/"cat"/"bat"/' lab/c.json \
	>lab/module.json
sed 's,/small/hot/,/head/hot/,' lab/c.json >lab/none.json
sed -i 's/"cat"/"hen"/' lab/none.json
sha256sum lab/a.json >lab/deeper/sum.json.sha256
sed 's/"ant"/"liar"/' lab/a.json >lab/deeper/sum.json
cp "$top/results/race/flag/race.json" lab/
run 0 --machines lab
sed '/^left out/,$d' out | diff before - >diffs || bad=1
result $bad 'nine files with faults leave the others alone' diffs err
says 'their number' 'left out: 9'
says 'another ABI' '  lab/abi.json: of ABI 3, most results are of ABI 4'
says 'the same run twice' '  lab/twice.json: the run of lab/b.json again: counted once'
says 'an older run' '  lab/older.json: an older run of the machine of lab/deeper/d.json'
says 'another commit' '  lab/other.json: of commit deadbee, most results are of c0ffee1'
says 'no such points' '  lab/none.json: has none of the requested points'
for text in 'lab/cut.json:.*cut off' 'lab/partial.json: the run was interrupted' \
	'lab/deeper/sum.json: the checksum differs' \
	'lab/module.json: the module has ABI 3, the program 4'; do
	grep -q "^  $text" out && bad=0 || bad=1
	result $bad "left out: $text" out
done
! grep -q 'race.json' out && bad=0 || bad=1
result $bad 'a race file is no result' out
run 0 --machines --commits=any lab
says 'any commit' '  [6] gnu               1.00   2.00   9.00   9.00'
says 'but not any ABI' '  lab/abi.json: of ABI 3, most results are of ABI 4'

# emulated guests answer apart
run 0 --machines --accessor=PageLocked --population=small lab/a.json \
	"$top"/results/qemu-*/counts-user.txt.gz
says 'guests are marked' 'POWER9, ppc64le: 3 machines, instructions, emulated'
says 'and have conclusions of their own' 'PageLocked, small pages, in instructions:'
grep -qx '  v7.1-mask beats v4.4-word select on 1, by 17 %' out || bad=1
result $bad 'apart from times' out
run 0 --machines --arch=arm64 lab "$top"/results/qemu-*/counts-user.txt.gz
says 'one architecture' '2 machines of 1 microarchitecture; cost per operation, throughput'

# a thousand machines, resampled from a real one at run time
"$top/tests/resample" 1000 many "$top"/results/epyc-26-2-vm/2*-user.json.gz \
	'^compound_head/(v5.18-fakehead-hvo|v7.1-mask)/small/hot/throughput$'
grep -q '"resampled": ".*results/epyc' many/resampled-0001.json && bad=0 || bad=1
result $bad 'resampled files say so' many/resampled-0001.json
run 0 --machines --population=small many
says 'a thousand machines' \
	'1000 machines of 1 microarchitecture; cost per operation, throughput'
says 'one group' 'Zen 5, x86_64: 1000 machines, cycles'
cp out all
run 0 --machines --population=small many
cmp all out >diffs || bad=1
result $bad 'threads do not change the order' diffs
# shellcheck disable=SC3045 # dash and bash have it
(ulimit -v 300000 && "$pfbench" matrix --machines --population=small many \
	>out 2>err) && bad=0 || bad=1
cmp all out >diffs || bad=1
result $bad 'in 300 MB' err diffs
if command -v jq >/dev/null; then
	# the answers, counted by another program
	jq -rs 'map((.context.pfbench | .floor_ticks / .ticks_per_cycle) as $floor
		| (.benchmarks | map({(.name | split("/")[1]): .}) | add)
		| .["v7.1-mask"] as $m | .["v5.18-fakehead-hvo"] as $h
		| ($h.cycles - $m.cycles) as $d
		| ([$h.cycles - $h.cycles_lo, $m.cycles_hi - $m.cycles]
		   | map(. * .) | add | sqrt) as $below
		| ([$h.cycles_hi - $h.cycles, $m.cycles - $m.cycles_lo]
		   | map(. * .) | add | sqrt) as $above
		| ([$floor, 0.02 * ([$h.cycles, $m.cycles] | max)] | max) as $limit
		| if $d - $below > $limit then "wins"
		  elif $d + $above < -$limit then "loses"
		  elif $d - $below >= -$limit and $d + $above <= $limit
		  then "same" else "undecided" end)
		| map([., 1]) | group_by(.[0]) | map({(.[0][0]): length}) | add
		| [.wins, .loses, .same, .undecided] | map(. // 0) | map(tostring)
		| join(" ")' many/*.json >wanted
	run 0 --machines --population=small --json many
	jq -r '.conclusions[0] | if .a == "v7.1-mask"
		then [.wins, .loses, .same, .undecided]
		else [.loses, .wins, .same, .undecided] end
		| map(length | tostring) | join(" ")' out >counted
	cmp wanted counted >diffs || bad=1
	result $bad "a thousand answers are right" wanted counted err
else
	skip 'a thousand answers are right' 'no jq'
fi

if command -v gnuplot >/dev/null; then
	run 0 --machines lab -o plots
	[ "$(cat out)" = "$(printf './plots/machines: txt\n./plots/machines-PageLocked: dat svg png')" ] &&
		[ ! -s err ] || bad=1
	result $bad 'a text, and a heat map' out err
	for label in 'PageLocked by machine: cycles per operation, throughput' \
		'Zen 4, ant' v7.1-mask 3.50; do
		grep -q ">$label *<" plots/machines-PageLocked.svg && bad=0 || bad=1
		result $bad "the picture says $label"
	done
	! grep -q 'branch' plots/machines-PageLocked.dat && bad=0 || bad=1
	result $bad 'without forced lowerings' plots/machines-PageLocked.dat
	"$top/tests/resample" 3 shares "$top"/results/epyc-26-2-vm/2*-user.json.gz \
		'^PageLocked/(v4.4-word|v7.1-mask)/(small|mixed:.*)/hot/throughput$'
	run 0 --machines shares -o plots
	grep -qx './plots/machines-tails-PageLocked: dat svg png' out || bad=1
	result $bad 'small multiples of the shares of tails' out err
	for label in 'PageLocked by the share of tail pages, throughput' \
		'Zen 5, resampled-0003' v4.4-word 'per cent of tails'; do
		grep -q ">$label *<" plots/machines-tails-PageLocked.svg &&
			bad=0 || bad=1
		result $bad "the picture says $label"
	done
	# the fifth block: the first machine, v7.1-mask
	sed -n 's|.*"PageLocked/v7.1-mask/mixed:25/hot/throughput".*"cycles":\([0-9.]*\),"cycles_lo.*|\1|p' \
		shares/resampled-0001.json >wanted
	awk '/^$/ { blank++; next } blank == 8 && $1 == 25 { print $2 }' \
		plots/machines-tails-PageLocked.dat >got
	awk 'NR == FNR { a = $1; next } { exit !(a - $1 < 1e-5 && $1 - a < 1e-5) }' \
		wanted got && [ -s got ] && bad=0 || bad=1
	result $bad 'the data: the cost of a share' wanted got
	# rows of many machines are those of a microarchitecture
	run 0 --machines many -o plots
	grep -qx '1 "Zen 5 (1000)" ""' plots/machines-compound_head.dat ||
		bad=1
	result $bad 'a row is a microarchitecture' \
		plots/machines-compound_head.dat
else
	skip 'the heat map' 'no gnuplot'
fi

refused 'no file' 'no file was given' --machines
refused 'a directory that is not there' 'nowhere: No such file' --machines nowhere
mkdir empty
refused 'an empty directory' 'no file *.json or counts*.txt' --machines empty
refused 'an unknown order' '--machines=up: not down or across' --machines=up lab
refused 'an unknown choice of commits' '--commits=two: not one or any' \
	--machines --commits=two lab
refused 'a threshold that is none' 'per cent' --machines --threshold=-1 lab
refused 'several metrics' '--machines shows one metric' --machines \
	--metric=ns,cycles lab
refused 'an accessor that no file has' 'has none of the requested points' \
	--machines --accessor=PageDirty lab/a.json

echo "1..$n"
