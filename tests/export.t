#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The formats of kernel labs: pfbench export, and --ktap and --lava of run,
# compare and selftest. Times are not checked.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test KTAP, LAVA and kcidb output, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
unset BENCHMARK_FILTER BENCHMARK_OUT BENCHMARK_FORMAT BENCHMARK_OUT_FORMAT
schema=tests/kcidb-v5.3.schema.json

# ktap [SUMMARY]: the last output is KTAP with this many passed, failed, skipped
ktap()
{
	awk -f tests/ktap.awk "$tmp/out" >"$tmp/sum" || bad=1
	[ -z "${1:-}" ] || [ "$(cat "$tmp/sum")" = "$1" ] || bad=1
}

# lava [SUMMARY]: each line is a comment or a signal that LAVA reads: words with
# one = per word, no name twice in a set
lava()
{
	awk '
	/^# / { next }
	/^<LAVA_SIGNAL_TESTSET (START [-_.+a-zA-Z0-9]+|STOP)>$/ {
		split("", names)
		next
	}
	!/^<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=[^>]+>$/ { exit bad = 1 }
	{
		sub(/>$/, "")
		for (i = 2; i <= NF; i++)
			if (split($i, part, "=") != 2 || part[2] == "")
				exit bad = 1
		if ($2 !~ /^TEST_CASE_ID=[-_.+a-zA-Z0-9]+$/ || names[$2]++ ||
		    $3 !~ /^RESULT=(pass|fail|skip)$/ ||
		    NF != 3 && (NF != 5 || $4 !~ /^UNITS=[-_a-zA-Z0-9]+$/ ||
				$5 !~ /^MEASUREMENT=-?[0-9.]+(e-?[0-9]+)?$/) ||
		    NF == 5 && $3 == "RESULT=skip")
			exit bad = 1
		n[substr($3, 8)]++
	}
	END {
		if (bad)
			print "line " NR ": " $0
		else
			printf "%d passed, %d failed, %d skipped\n",
				n["pass"], n["fail"], n["skip"]
		exit bad
	}' "$tmp/out" >"$tmp/sum" || bad=1
	[ -z "${1:-}" ] || [ "$(cat "$tmp/sum")" = "$1" ] || bad=1
}

# verdict WHAT: report bad
verdict()
{
	result $bad "$1" "$tmp/err" "$tmp/sum" "$tmp/out"
}

# same FILE: the last output equals FILE
same()
{
	diff -u "$1" "$tmp/out" >"$tmp/sum" || bad=1
}

# says TEXT: the last output has this line
says()
{
	grep -qxF -e "$1" "$tmp/out" || bad=1
}

# three files: measured and contended, cut short, counted
files='tests/results/good.json tests/results/partial.json
	tests/results/history/6.1.json'
cat >"$tmp/counts.txt" <<END
# pfbench counts 1
# arch: riscv64
# backend: user
# kernel: 6.12.0 #1 SMP
# compiler: gcc 14.2.0
# resolution: 0.001
# perf: no PMU
# point instructions perf
PageLocked/plain/small/hot/throughput 2.000 n/a
PageLocked/v4.4-word/mixed:50/hot/throughput/select 6.000 6.100
END

# KTAP

# shellcheck disable=SC2086 # split into words
run 0 export --ktap $files
ktap '8 passed, 0 failed, 4 skipped'
verdict 'KTAP: three files'
same tests/golden/export.ktap
verdict 'KTAP: as kept'
run 0 export --ktap tests/golden/run.json
ktap '231 passed, 0 failed, 1 skipped'
verdict 'KTAP: a long file'
run 4 export --ktap tests/results/empty.json
ktap '0 passed, 0 failed, 1 skipped'
says 'ok 1 tests/results/empty.json # SKIP no cases'
verdict 'KTAP: a file without points is skipped'
run 4 export --ktap tests/results/partial.json
ktap '0 passed, 0 failed, 2 skipped'
says '  ok 2 rest # SKIP partial: the run was cut short'
verdict 'KTAP: all skipped is exit status 4'
run 0 export --ktap "$tmp/counts.txt"
ktap '2 passed, 0 failed, 0 skipped'
says '    # 2 instructions (1.999 to 2.001)'
says '    # 6 instructions (5.999 to 6.001), counted instructions 6.1'
says '    ok 2 v4.4-word/mixed:50/hot/throughput/select'
verdict 'KTAP: counts are instructions'
run 4 export --ktap tests/results/hostile.json
ktap
! grep -q '[^ -~]' "$tmp/out" || bad=1
verdict 'KTAP: a hostile host name'
cp tests/results/good.json "$tmp/a#b.json"
run 0 export --ktap "$tmp/a#b.json"
ktap
says "ok 1 $tmp/a_b.json"
verdict 'KTAP: no # in a name'

# rejected WHAT COMMAND...: the check fails for the kept KTAP behind this filter
rejected()
{
	what=$1
	shift
	"$@" <tests/golden/export.ktap >"$tmp/out"
	bad=0
	if cmp -s tests/golden/export.ktap "$tmp/out" ||
		awk -f tests/ktap.awk "$tmp/out" >"$tmp/sum"; then
		bad=1
	fi
	result $bad "the check of KTAP finds $what" "$tmp/out"
}

rejected 'a plan too long' sed 's/1\.\.7$/1..8/'
rejected 'a plan too short' sed 's/1\.\.7$/1..6/'
rejected 'no plan' sed '/1\.\.7$/d'
rejected 'a subtest without its version' sed '4,5{/KTAP version 1/d}'
rejected 'an indent of three' sed 's/^    ok/   ok/'
rejected 'an indent of tabs' sed 's/^    ok/\tok/'
rejected 'a subtest not indented' sed 's/^    //'
rejected 'numbers with a gap' sed 's/^    ok 2 /    ok 3 /'
rejected 'a # in a name' sed 's/plain/pl#ain/'
rejected 'a skip without a reason' sed 's/# SKIP.*/# SKIP/'
rejected 'a parent better than its subtests' sed 's/^    ok 2/    not ok 2/'
rejected 'a parent that passed although all were skipped' \
	sed 's/ # SKIP all cases were skipped//'
rejected 'a missing end' head -n -1
rejected 'other text between' sed '7s/^/hello\n/'

# LAVA

# shellcheck disable=SC2086 # split into words
run 0 export --lava $files
lava '8 passed, 0 failed, 4 skipped'
verdict 'LAVA: three files'
same tests/golden/export.lava
verdict 'LAVA: as kept'
run 0 export --lava tests/golden/run.json
lava '231 passed, 0 failed, 1 skipped'
! grep -q TESTSET "$tmp/out" || bad=1
verdict 'LAVA: one file makes no set'
run 0 export --lava "$tmp/counts.txt"
lava
says '<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=PageLocked_v4.4-word_mixed-50_hot_throughput_select RESULT=pass UNITS=instructions MEASUREMENT=6>'
verdict 'LAVA: counts are instructions'

# kcidb

# shellcheck disable=SC2086 # split into words
run 0 export --kcidb $files
same tests/golden/export.kcidb.json
verdict 'kcidb: as kept'
run 0 export --kcidb --origin=some_lab "$tmp/counts.txt"
grep -q '"unit": "instructions"' "$tmp/out" &&
	grep -q '"id": "some_lab:.*/PageLocked/plain/small' "$tmp/out" &&
	grep -q '"path": "pageflags-bench.PageLocked.v4_4-word.mixed-50.hot.throughput.select"' "$tmp/out" &&
	! grep -q '"\(git_commit_name\|start_time\|host_name\)"' "$tmp/out" &&
	! grep -q 'n/a\|null' "$tmp/out" || bad=1
: >"$tmp/sum"
verdict 'kcidb: unknown values are left out'
sed 's/+00:00"/-0130"/' tests/results/good.json >"$tmp/zone.json"
run 0 export --kcidb "$tmp/zone.json"
grep -q '"start_time": "2026-11-05T12:00:00-01:30"' "$tmp/out" || bad=1
verdict 'kcidb: times are RFC 3339'
sed 's/"date": ".*"/"date": "a fine day in November"/' \
	tests/results/good.json >"$tmp/day.json"
run 0 export --kcidb "$tmp/day.json"
! grep -q start_time "$tmp/out" || bad=1
verdict 'kcidb: an invalid time is left out'
run 0 export --kcidb tests/results/good.json tests/golden/before.json \
	tests/results/good.json
[ "$(grep -c '"tree_name"' "$tmp/out")" = 2 ] &&
	[ "$(grep -c '"checkout_id"' "$tmp/out")" = 2 ] || bad=1
verdict 'kcidb: each build once'
run 0 export --kcidb --out="$tmp/k.json" tests/results/good.json
[ ! -s "$tmp/out" ] && grep -q '"version"' "$tmp/k.json" || bad=1
verdict 'kcidb: into a file'


# CSV: fields of a row, quotes removed, one per line
fields()
{
	awk 'BEGIN { RS = "\r\n" } NR == '"$1"' {
		for (s = $0 ","; s != ""; ) {
			v = ""
			if (substr(s, 1, 1) == "\"") {
				for (s = substr(s, 2); ; s = substr(s, 2)) {
					if (substr(s, 1, 2) == "\"\"")
						s = substr(s, 2)
					else if (substr(s, 1, 1) == "\"")
						break
					v = v substr(s, 1, 1)
				}
				s = substr(s, 3)
			} else {
				v = substr(s, 1, index(s, ",") - 1)
				s = substr(s, index(s, ",") + 1)
			}
			print v
		}
	}' "$tmp/out"
}
# value ROW COLUMN WANTED: what the column of that name has
value()
{
	fields 1 >"$tmp/names"
	got=$(fields "$1" | sed -n "$(grep -nx "$2" "$tmp/names" | cut -d: -f1)p")
	[ "$got" = "$3" ] || { bad=1; echo "$1 $2: $got" >>"$tmp/sum"; }
}
: >"$tmp/sum"
sed -e 's/"cpu_model": "[^"]*"/"cpu_model": "A, \\"B\\""/' \
	-e 's/8.43, 8.42, 8.44, null, 8.43, 8.43, 8.42, 8.44/8.45, 8.41, 8.44, null, 8.43, 8.43, 8.42, 8.42/' \
	tests/results/good.json >"$tmp/quote.json"
run 0 export --csv "$tmp/quote.json"
awk 'BEGIN { RS = "\r\n" } /\n/ || /\r/ { exit 1 }' "$tmp/out" || bad=1
[ "$(tr -cd '\r' <"$tmp/out" | wc -c)" = 4 ] || bad=1
value 2 cpu_model 'A, "B"'
value 2 point PageLocked/plain/tail/hot/latency
value 2 accessor PageLocked
value 2 lowering ''
value 2 mode latency
value 2 median 3.24555
value 2 lo 3.2417
value 2 hi 3.2494
value 2 rounds_quiet 7
value 2 instructions 3
value 4 contended 1
value 4 lo ''
value 4 instructions ''
value 2 unit ns
value 2 cycle_unit 'estimated cycles'
value 2 cycle_median "$(awk 'BEGIN { printf "%.7g", 8.43 / 0.704 }')"
value 4 cycle_hi ''
verdict 'CSV: the values of a file'
# samples 8.41 8.42 8.42 8.43 8.43 8.44 8.45, at 0.3, 1.5, 4.5 and 5.7 from 0
value 2 p05 "$(awk 'BEGIN { printf "%.7g", 0.385 * 8.413 }')"
value 2 p25 "$(awk 'BEGIN { printf "%.7g", 0.385 * 8.42 }')"
value 2 p75 "$(awk 'BEGIN { printf "%.7g", 0.385 * 8.435 }')"
value 2 p95 "$(awk 'BEGIN { printf "%.7g", 0.385 * 8.447 }')"
verdict 'CSV: percentiles of the samples'
run 0 export --csv "$tmp/counts.txt" tests/results/sources.json
value 2 unit instructions
value 2 cycle_unit ''
value 2 cycle_median ''
value 2 p05 ''
value 3 tails_percent 50
value 3 lowering select
value 3 instructions 6.1
[ "$(tr -cd '\r' <"$tmp/out" | wc -c)" = 55 ] || bad=1
fields 1 | wc -l >"$tmp/want"
for row in 2 3 4 30 55; do
	[ "$(fields $row | wc -l)" = "$(cat "$tmp/want")" ] || bad=1
done
verdict 'CSV: several files, each row as long as the header'
run 0 export --csv tests/results/format-2.json
value 2 unit ns
value 2 median 0.3645488
value 2 cycle_unit cycles
value 2 cycle_median 1.345
value 2 cycle_lo 1.34
value 2 cycle_hi 1.35
verdict 'CSV: cycles beside ns'
run 0 export --csv tests/results/hostile.json
! LC_ALL=C grep -q "$(printf '\033')" "$tmp/out" || bad=1
verdict 'CSV: a hostile host name'
refused 'CSV and KTAP' 'give one of' export --csv --ktap tests/results/good.json

# --out never replaces what is read
cp tests/results/good.json "$tmp/r.json"
ln -s r.json "$tmp/link.json"
ln "$tmp/r.json" "$tmp/hard.json"
for out in r.json link.json hard.json; do
	run 2 export --ktap --out="$tmp/$out" tests/golden/run.json "$tmp/r.json"
	grep -q 'is one of the files to export' "$tmp/err" || bad=1
	cmp tests/results/good.json "$tmp/r.json" >>"$tmp/err" || bad=1
	verdict "--out: $out is not replaced"
done
run 2 export --kcidb --out="$tmp/r.json" - <"$tmp/r.json"
cmp tests/results/good.json "$tmp/r.json" >>"$tmp/err" || bad=1
verdict '--out: nor is standard input'
run 2 export --ktap --out= "$tmp/r.json"
[ "$(cat "$tmp/err")" = 'pfbench: export: --out needs the name of a file' ] ||
	bad=1
verdict '--out: a name is needed'
run 0 export --ktap "$tmp/r.json"
mv "$tmp/out" "$tmp/want"
run 0 export --ktap --out=- "$tmp/r.json"
same "$tmp/want"
verdict '--out: - is standard output'

# native points of every source of pages: each figure under its own name
sed -n 's/.*{ "name": "\(.*\)", "ticks": \([0-9.]*\),$/\1 \2/p' \
	tests/results/sources.json >"$tmp/points"
run 0 export --ktap tests/results/sources.json
ktap "$(wc -l <"$tmp/points") passed, 0 failed, 0 skipped"
awk '/^    # / { v = $2 } /^    ok / { print "PageLocked/" $3, v }' \
	"$tmp/out" | diff "$tmp/points" - >"$tmp/sum" || bad=1
verdict 'KTAP: points of every source'
run 0 export --lava tests/results/sources.json
lava
sed -n 's/^<.*ID=\([^ ]*\) .*MEASUREMENT=\(.*\)>$/\1 \2/p' "$tmp/out" >"$tmp/got"
tr /: _- <"$tmp/points" | diff - "$tmp/got" >"$tmp/sum" || bad=1
verdict 'LAVA: points of every source'
run 0 export --kcidb tests/results/sources.json
awk -F'"' '$2 == "value" { v = $3; gsub(/[^0-9.]/, "", v) }
	$2 == "point" { print $4, v }' "$tmp/out" |
	diff "$tmp/points" - >"$tmp/sum" || bad=1
verdict 'kcidb: points of every source'

# valid FILE: FILE follows the published schema
valid()
{
	jsonschema -i "$1" "$schema" >"$tmp/sum" 2>&1
}

# allowed WHAT COMMAND...: the kept output is still valid behind this filter
allowed()
{
	what=$1
	shift
	"$@" <tests/golden/export.kcidb.json >"$tmp/out"
	valid "$tmp/out" && bad=0 || bad=1
	! cmp -s tests/golden/export.kcidb.json "$tmp/out" || bad=1
	result $bad "the schema allows $what" "$tmp/sum"
}

# denied WHAT COMMAND...: the kept output is not valid behind this filter
denied()
{
	what=$1
	shift
	"$@" <tests/golden/export.kcidb.json >"$tmp/out"
	! valid "$tmp/out" && bad=0 || bad=1
	! cmp -s tests/golden/export.kcidb.json "$tmp/out" || bad=1
	# denied by the schema, not by the JSON parser
	! grep -qi 'pars\|decod' "$tmp/sum" || bad=1
	result $bad "the schema denies $what" "$tmp/sum"
}

if command -v jsonschema >/dev/null; then
	# shellcheck disable=SC2086 # split into words
	"$pfbench" export --kcidb $files "$tmp/counts.txt" \
		tests/golden/run.json tests/results/empty.json \
		tests/results/hostile.json >"$tmp/out"
	valid "$tmp/out" && bad=0 || bad=1
	result $bad 'kcidb: valid by schema 5.3' "$tmp/sum"
	allowed 'anything in misc' sed '0,/"point": /s//"more": [1], &/'
	allowed 'a prefix' sed '0,/"unit": "ns"/s//&, "prefix": "metric"/'
	denied 'an unknown status' sed '0,/"DONE"/s//"OKAY"/'
	denied 'a test without id' sed '0,/"id": .*\/PageLocked.*/s///'
	denied 'a test without build' sed '0,/"build_id": .*/s///'
	denied 'a build without checkout' sed '0,/"checkout_id": .*/s///'
	denied 'a property too many' sed '0,/"DONE",/s//& "grade": 1,/'
	denied 'a property too many in an environment' \
		sed '0,/"environment": {/s//& "grade": 1,/'
	denied 'a property too many at the top' sed '0,/{/s//{ "grade": 1,/'
	denied 'a path with an empty part' \
		sed '0,/"path": "pageflags-bench\./s//&./'
	denied 'a path with a slash' \
		sed '0,/"path": "pageflags-bench\./s//&a\//'
	denied 'an id without origin' sed '0,/"id": "pfbench:/s//"id": "/'
	denied 'an origin in capitals' \
		sed '0,/"origin": "pfbench"/s//"origin": "Lab"/'
	denied 'an architecture with a hyphen' sed '0,/x86_64/s//x86-64/'
	denied 'a figure that is a string' \
		sed '0,/"value": \([0-9.]*\)/s//"value": "\1"/'
	denied 'a figure that is null' sed '0,/"value": [0-9.]*/s//"value": null/'
	denied 'a unit without figure' sed '0,/"value": .*/s///'
	denied 'an unknown prefix' sed '0,/"unit": "ns"/s//&, "prefix": "nano"/'
	denied 'another major version' sed 's/"major": 5/"major": 4/'
	denied 'a later minor version' sed 's/"minor": 3/"minor": 4/'
	denied 'tests that are not a list' sed 's/"tests": \[/"tests": 1, "x": [/'
else
	skip 'kcidb: valid by schema 5.3' 'no jsonschema (python3-jsonschema)'
fi

# compare

run 1 compare --ktap tests/golden/before.json tests/golden/after.json
ktap '25 passed, 2 failed, 1 skipped'
verdict 'compare --ktap: a change is not ok'
same tests/golden/compare.ktap
verdict 'compare --ktap: as kept'
run 1 compare --lava tests/golden/before.json tests/golden/after.json
lava '25 passed, 2 failed, 1 skipped'
verdict 'compare --lava'
sed 's/"contended":true/"contended":false/' tests/golden/before.json \
	>"$tmp/same.json"
run 0 compare --ktap "$tmp/same.json" "$tmp/same.json"
ktap '28 passed, 0 failed, 0 skipped'
verdict 'compare --ktap: no change'
run 4 compare --ktap tests/results/good.json tests/results/below-zero.json
ktap '0 passed, 0 failed, 4 skipped'
grep -q 'SKIP only in the first file' "$tmp/out" &&
	grep -q 'SKIP only in the second file' "$tmp/out" || bad=1
verdict 'compare --ktap: points of one file only are skipped'
sed -e 's/^\(PageLocked\/plain.*\) 2.000/\1 3.000/' -e '/v4.4-word/d' \
	"$tmp/counts.txt" >"$tmp/other.txt"
run 1 compare --ktap "$tmp/counts.txt" "$tmp/other.txt"
ktap '0 passed, 2 failed, 0 skipped'
says '    # 3 instructions, was 2 instructions'
verdict 'compare --ktap: a changed count, and a missing count'

# run

few='--benchmark_filter=^PageLocked/(plain|v4.4-word)/tail/hot/latency$'
run 0 run "$few" --rounds=6 --ktap --out="$tmp/run.json"
ktap '2 passed, 0 failed, 0 skipped'
says '    ok 1 plain/tail/hot/latency'
verdict 'run --ktap: all of standard output is KTAP'
cp "$tmp/out" "$tmp/before"
run 0 export --ktap "$tmp/run.json"
same "$tmp/before"
verdict 'run --ktap: equals export --ktap of the file'
run 0 run "$few" --rounds=6 --lava --out="$tmp/run.json" \
	--benchmark_repetitions=2
lava '2 passed, 0 failed, 0 skipped'
verdict 'run --lava: a repeated point is one case'
run 0 run --ktap --rounds=6 --out="$tmp/run.json" \
	'--benchmark_filter=PageLocked/native/tail/hot/latency/order:9|PageLocked/plain/tail/hot/latency/order:9'
ktap '1 passed, 0 failed, 1 skipped'
grep -q '^    ok 2 native/tail/hot/latency/order:9 # SKIP .*kmod' "$tmp/out" || bad=1
verdict 'run --ktap: points that the backend lacks are skipped'
run 4 run --ktap --out="$tmp/no.json" \
	--benchmark_filter=PageLocked/native/tail/hot/latency
ktap
grep -q '^1\.\.0 # SKIP .*kmod' "$tmp/out" && [ ! -e "$tmp/no.json" ] || bad=1
verdict 'run --ktap: no point that the backend has'
if [ -e /dev/pfbench ]; then
	skip 'without the module' 'it is loaded here'
else
	for command in "run $few" selftest; do
		# shellcheck disable=SC2086 # split into words
		run 4 $command --ktap --backend=kmod
		ktap
		grep -q '^1\.\.0 # SKIP .*load the module' "$tmp/out" &&
			[ ! -s "$tmp/err" ] || bad=1
		verdict "${command%% *} --ktap without the module"
		# shellcheck disable=SC2086 # split into words
		run 4 $command --lava --backend=kmod
		lava '0 passed, 0 failed, 1 skipped'
		verdict "${command%% *} --lava without the module"
	done
fi
status=0 bad=0
timeout --foreground --preserve-status -s TERM 1.5 "$pfbench" run --ktap \
	'--benchmark_filter=/tail/hot/latency$' --max-time=0.02 --target-ci=0 \
	--out="$tmp/stop.json" >"$tmp/out" 2>"$tmp/err" || status=$?
if [ "$status" = 143 ]; then
	skip 'run --ktap: interrupted' 'the signal came before the handler was set'
else
	[ "$status" = 130 ] && grep -q '# SKIP interrupted$' "$tmp/out" || bad=1
	ktap
	verdict 'run --ktap: points after an interrupt are skipped, with the reason'
fi

# selftest: format and exit status, not the answers of this machine
run 0 selftest --repeats=20 --max-time=0.005 --rounds=6 --ktap
case $status in
0|1|4) bad=0 ;;
esac
ktap
[ "$(grep -c '^    \(not \)\{0,1\}ok ' "$tmp/out")" = 4 ] &&
	grep -q '^    # .* of [0-9]* equal (' "$tmp/out" || bad=1
case $status,$(cat "$tmp/sum") in
0,*' 0 failed, '[0-3]*|1,*' '[1-4]' failed, '*|4,'0 passed, 0 failed, '*) ;;
*) bad=1 ;;
esac
verdict 'selftest --ktap: four answers, and their exit status'

# errors

refused 'no format' 'pfbench: ' export tests/results/good.json
refused 'two formats' 'pfbench: ' export --ktap --kcidb tests/results/good.json
refused 'KTAP and LAVA' 'pfbench: ' export --ktap --lava tests/results/good.json
refused 'no file' 'pfbench: ' export --ktap
refused 'an unknown option' 'pfbench: ' export --ktap --nix tests/results/good.json
refused 'an origin with a capital' 'pfbench: ' export --kcidb --origin=Lab \
	tests/results/good.json
refused 'an origin without letters' 'pfbench: ' export --kcidb --origin= \
	tests/results/good.json
refused 'an origin for KTAP' 'pfbench: ' export --ktap --origin=lab tests/results/good.json
for file in truncated not-json nan negative wrong-type unknown-name twice \
	foreign later-format; do
	refused "$file" 'pfbench: ' export --ktap tests/results/good.json \
		"tests/results/$file.json"
done
refused 'a file that is not there' 'pfbench: ' export --kcidb no-such-file
refused 'in run: both' 'pfbench: ' run --ktap --lava
refused 'in run: a missing CPU' 'pfbench: ' run "$few" --ktap --cpu=65535
refused 'in run: an unknown event' 'pfbench: ' run "$few" --ktap --events=nix
refused 'in run: a filter without a match' 'pfbench: ' \
	run --ktap --benchmark_filter=nix
refused 'in compare: with JSON' 'pfbench: ' compare --ktap --json tests/golden/before.json \
	tests/golden/after.json
refused 'in compare: a bad file' 'pfbench: ' compare --ktap tests/golden/before.json \
	tests/results/truncated.json
refused 'in selftest: both' 'pfbench: ' selftest --ktap --lava
run 0 export --help
grep -q '^Exit status' "$tmp/out" && grep -q '^Example' "$tmp/out" &&
	[ -z "$(awk 'length > 80' "$tmp/out")" ] || bad=1
verdict 'help'
if [ -w /dev/full ]; then
	status=0
	"$pfbench" export --ktap tests/results/good.json >/dev/full \
		2>"$tmp/err" || status=$?
	[ "$status" = 2 ] && bad=0 || bad=1
	result $bad 'a full disk' "$tmp/err"
fi
echo "1..$n"
