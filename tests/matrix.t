#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench matrix: tables, data, heat map, and errors.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench matrix, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=matrix
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR
d=tests/results/matrix
dir=$tmp/new/dir

# shown WHAT WANTED ARGUMENT...: exactly this text
shown()
{
	what=$1
	printf '%s\n' "$2" >"$tmp/wanted"
	shift 2
	run 0 "$@"
	diff "$tmp/wanted" "$tmp/out" >"$tmp/diff" || bad=1
	[ ! -s "$tmp/err" ] || bad=1
	! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
	result $bad "$what" "$tmp/diff" "$tmp/err"
}

shown 'two guests with their code, and a machine' \
'instructions, branches, selects, barriers per operation, small/tail
  pages, throughput
b conditional branch, s select, m barrier, ? not known

PageLocked
                    x86-64        arm64     arm64
                    6.12          6.12      lab7
instructions        user[1]       user[2]   user[3]
plain                     2/2      3/3          3?/3?
v3.14-rmb                5b/10bs  5b/11bbm  5.02b?/11,2.37b?!
v4.4-word                6s/6s    7s/7s         7?/7?
  branch                 5b/7b     -/-           -/-
v5.18-fakehead-hvo  8.05,5b/7bb    -/-           -/-
v7.1-mask                 8/8      8/0           -/-

compound_head
                    x86-64   arm64    arm64
                    6.12     6.12     lab7
instructions        user[1]  user[2]  user[3]
v4.4-word           4s/4s    -/-      -/-

[1] x86-64, Example guest, Linux 6.12.1-amd64, user backend, gcc 14.2.0
    instructions: by a clock that counts them, to +-0.004
    branches, selects, barriers: from one use, compiled alone:
      tests/results/matrix/code-amd64.txt
[2] arm64, Example guest, Linux 6.12.1-arm64, user backend, gcc 14.2.0
    instructions: by a clock that counts them, to +-0.004
    branches, selects, barriers: from one use, compiled alone:
      tests/results/matrix/code-arm64.txt
[3] arm64, Example N1, Linux 6.8.0-41-generic, user backend, gcc 13.3.0
    instructions: by their counter, to +-0.1
    branches: by its counter, jumps included, to +-0.07
    selects, barriers: n/a (no code table of arm64 by gcc 13.3.0)
5b  5 instructions, one of them a conditional branch; 8bbb: 8 with three
    branches; 10.17,4b: 10.17 with four
5.12 instructions are no whole number because the loop is unrolled: its
    iterations share some instructions
-   no such point, or n/a for the reason above
!   contended: no round was quiet, the core was shared
left out of PageLocked: no file has figures of v2.6.22-twobit,
  v2.6.26-bit, v3.14-rmb branch, v3.14-rmb select, v4.4-word select,
  v5.18-fakehead, v5.18-fakehead-hvo branch, v5.18-fakehead-hvo select,
  v7.1-pointer, v7.1-mask-fakehead, mask-branch, order-in-flags
left out of compound_head: no file has figures of v2.6.22-twobit,
  v2.6.26-bit, v3.14-rmb, v4.4-word branch, v4.4-word select,
  v5.18-fakehead, v5.18-fakehead-hvo, v7.1-mask, v7.1-pointer,
  v7.1-mask-fakehead, mask-branch, order-in-flags' \
	$d/arm64-user.txt $d/code-*64.txt $d/lab7.json $d/amd64-user.txt

shown 'times of a machine, in ns' \
'ns per operation, small/tail pages, throughput

PageLocked
                    arm64
                    lab7
ns                  user[1]
plain               0.400/0.400
v3.14-rmb           0.800/12.0!
v4.4-word            1.00/1.00

[1] arm64, Example N1, Linux 6.8.0-41-generic, user backend, gcc 13.3.0
    ns: by the clock, to +-2
-   no such point, or n/a for the reason above
!   contended: no round was quiet, the core was shared
left out of PageLocked: no file has figures of v2.6.22-twobit,
  v2.6.26-bit, v3.14-rmb branch, v3.14-rmb select, v4.4-word branch,
  v4.4-word select, v5.18-fakehead, v5.18-fakehead-hvo, v7.1-mask,
  v7.1-pointer, v7.1-mask-fakehead, mask-branch, order-in-flags' \
	--metric=ns $d/lab7.json

shown 'branches and barriers alone' \
'barriers, branches per operation, tail pages, throughput
b conditional branch, m barrier, . none, ? not known

PageLocked
                    arm64       s390x
                    gcc 14.2.0  gcc 14.2.0
on the path         code[1]     code[2]
plain               .           -
v3.14-rmb           bbm         -
v4.4-word           .           -
v7.1-mask           .           -

[1] arm64, code by aarch64-linux-gnu-gcc (Debian 14.2.0-19) 14.2.0
    barriers, branches: from one use, compiled alone:
      tests/results/matrix/code-arm64.txt
[2] s390x, code by s390x-linux-gnu-gcc (Debian 14.2.0-19) 14.2.0
    barriers, branches: n/a (no emulator walked the paths)
-   no such point, or n/a for the reason above
left out of PageLocked: no file has figures of v2.6.22-twobit,
  v2.6.26-bit, v3.14-rmb branch, v3.14-rmb select, v4.4-word branch,
  v4.4-word select, v5.18-fakehead, v5.18-fakehead-hvo, v7.1-pointer,
  v7.1-mask-fakehead, mask-branch, order-in-flags' \
	--metric=barriers,branches --population=tail $d/code-arm64.txt \
	$d/code-s390x-unwalked.txt

run 0 $d/*.txt $d/lab7.json
says 'too many columns for one cell: a table per population' \
	'PageLocked, tail pages'
says 'one kernel, two backends' 'instructions        kmod[1]  user[2]  user[3]'
says "native beside the replicas" 'native              6?          -      -'
says 'code beside a result: only of points that were measured' \
	'v3.14-rmb           -           5b     5b'
says 'the generation that native is' '    native is v5.18-fakehead'
says 'more columns than fit: another block' \
	'instructions        user[4]       code[5]       code[6]'
says 'code of another compiler is a column' \
	'                    lab7          clang 19.1.7  gcc 14.2.0'
says 'a part of a column may be n/a' 'plain                  3?         3             -'
grep -c '^compound_head' "$tmp/out" >"$tmp/blocks"
[ "$(cat "$tmp/blocks")" = 2 ] && bad=0 || bad=1
result $bad 'no empty blocks' "$tmp/out"

run 0 --form=cond $d/amd64-user.txt $d/code-amd64.txt
says 'form cond: loop and code' 'v7.1-mask           9b/-'
run 0 --form=latency --population=small $d/amd64-user.txt $d/code-amd64.txt
says 'form latency: loop' 'v7.1-mask           8'
run 0 --population=head,tail,small $d/amd64-user.txt $d/code-amd64.txt
says 'three populations, in the requested order' 'v7.1-mask           8.12/8/8'
run 0 --accessor=compound_head $d/amd64-user.txt
! grep -q PageLocked "$tmp/out" && bad=0 || bad=1
result $bad '--accessor shows this accessor alone' "$tmp/out"
says 'without code there are no marks' 'v4.4-word           4/4'
says 'and the reason is shown' '    branches, selects, barriers: n/a (no code table of x86-64 by gcc'
run 0 --accessor=all $d/amd64-user.txt
says 'all accessors' compound_head
run 0 --metric=instructions,ns,cycles tests/golden/run.json $d/amd64-user.txt
says 'a clock of time counts no instructions' '    instructions: n/a (no PMU)'
says 'a clock of instructions has no time' \
	'    ns, cycles: n/a (the clock counts instructions)'
grep -q 'cycles: estimated from the latency of an add' "$tmp/out" && bad=0 ||
	bad=1
result $bad 'cycles are estimated' "$tmp/out"
sed 's/"format":1/"format":2,"cycle_source":"counter"/
	s/"ticks\(_lo\|_hi\|\)":/"cycles\1":/g' tests/golden/run.json >"$tmp/cycles.json"
run 0 --metric=cycles "$tmp/cycles.json"
says 'or those of the run, if it has them' '    cycles: measured in cycles, to +-0.035'
run 0 --metric=instructions,cycles $d/lab7.json
says 'the reason is that of the file' '    cycles: n/a (no such event)'

# native points of every source of pages, each with a figure of its own
for form in throughput latency; do
	run 0 --metric=ns --population=small,head,tail --form=$form \
		tests/results/sources.json
	grep '/[0-9.]*/' "$tmp/out" >"$tmp/rows"
	case $form in
	throughput)
		cat <<-'END'
		plain               11.2/12.2/13.2
		v5.18-fakehead      14.2/15.2/16.2
		native              17.2/18.2/19.2
		END
		;;
	latency)
		cat <<-'END'
		plain               29.2/30.2/31.2
		v5.18-fakehead      32.2/33.2/34.2
		native              35.2/36.2/37.2
		END
	esac >"$tmp/wanted"
	diff "$tmp/wanted" "$tmp/rows" >"$tmp/diff" || bad=1
	result $bad "$form: only points on the backend's own pages, in order" \
		"$tmp/diff" "$tmp/err"
done
# the same without the points that the matrix shows
sed 's,/\(small\|head\|tail\)/hot/\(throughput\|latency\)",/\1/L2/\2",' \
	tests/results/sources.json >"$tmp/elsewhere.json"
refused 'points of other sources alone' 'no file has PageLocked' --metric=ns \
	--accessor=PageLocked "$tmp/elsewhere.json"

# the widest interval of the accessors that are shown, not of the file
sed 's,PageLocked/v4.4-word/,compound_head/v7.1-mask/,' $d/lab7.json >"$tmp/two.json"
run 0 "$tmp/two.json"
says 'the widest interval of two accessors' \
	'    instructions: by their counter, to +-0.1'
run 0 --accessor=compound_head "$tmp/two.json"
says 'and of one of them' '    instructions: by their counter, to +-0.01'

# kernels: of guests that differ in nothing else the newest
sed 's/6\.12\.1-/6.1.9-/' $d/arm64-user.txt >"$tmp/older.txt"
run 0 "$tmp/older.txt" $d/arm64-user.txt $d/amd64-user.txt
says 'the newest kernel' '                    6.12     6.12'
says 'the line that names the older' \
	'left out: arm64 6.1 user: a newer kernel is shown (--kernels=all shows'
run 0 --kernels=all "$tmp/older.txt" $d/arm64-user.txt $d/amd64-user.txt
says 'all kernels' '                    6.12     6.1      6.12'
! grep -q '^left out: ' "$tmp/out" && bad=0 || bad=1
result $bad 'all kernels: none left out' "$tmp/out"
run 0 "$tmp/older.txt" $d/arm64-user.txt
says 'one architecture: all kernels' '                    6.1      6.12'
run 0 --arch=x86-64,s390x $d/*-user.txt
says 'chosen architectures' 'instructions        user[1]'
! grep -q 'arm64' "$tmp/out" && bad=0 || bad=1
result $bad 'and no other' "$tmp/out"

# errors
refused 'no file' 'no file was given'
refused 'a file that is not there' 'nowhere: No such file' nowhere
refused 'a file that is neither result nor table' 'tests/tap.sh' tests/tap.sh
refused 'a bad table, with the line number' 'bad.txt:4: not a count' \
	"$(sed -n '1,3p' $d/code-arm64.txt >"$tmp/bad.txt"
	echo 'PageLocked/plain/value small 9 x 1 0 0 0 0 0' >>"$tmp/bad.txt"
	echo "$tmp/bad.txt")"
refused 'one file twice' \
	"$d/lab7.json and $d/lab7.json: both are column 'arm64 lab7 user' by gcc 13.3.0" \
	$d/lab7.json $d/lab7.json
refused 'code twice' 'both are code of arm64 by' $d/code-arm64.txt \
	./$d/code-arm64.txt
refused 'a file without requested points' 'good.json: has none of the requested points' \
	tests/results/good.json $d/amd64-user.txt
refused 'an accessor that no file has' 'no file has PageDirty' \
	--accessor=PageDirty $d/amd64-user.txt
refused 'a population that no file has' 'no file has' --population=head \
	--accessor=PageLocked $d/lab7.json
refused 'a metric that no file has, with the reason' \
	'lab7.json: cycles: n/a (no such event)' --metric=cycles $d/lab7.json
refused 'paths that no emulator walked' 'n/a (no emulator walked the paths)' \
	$d/code-s390x-unwalked.txt
refused 'an unknown accessor' "no accessor 'PageMagic'" \
	--accessor=PageMagic $d/lab7.json
refused 'an unknown metric' "no metric 'parsecs'" --metric=ns,parsecs \
	$d/lab7.json
refused 'a metric twice' "'ns', or given twice" --metric=ns,ns $d/lab7.json
refused 'no metric' 'no metric given' --metric= $d/lab7.json
refused 'an unknown population' "no population 'mixed'" \
	--population=mixed $d/lab7.json
refused 'an unknown architecture' "no arch 'vax'" --arch=vax $d/lab7.json
refused 'an architecture that no file has' \
	"no file is of s390x: $d/lab7.json is of arm64" --arch=s390x $d/lab7.json
refused 'unknown kernels' "no kernels 'old'" --kernels=old $d/lab7.json
refused 'an unknown form' "no form 'fast'" --form=fast $d/lab7.json
refused 'an unknown option' '--magic' --magic $d/lab7.json
refused 'a directory that cannot be made' 'Not a directory' $d/lab7.json \
	-o tests/matrix.t/x

# the data
if ! command -v gnuplot >/dev/null; then
	skip 'the heat map' 'no gnuplot'
	echo "1..$n"
	exit 0
fi
run 0 $d/*-user.txt $d/code-*64.txt $d/lab7.json -o "$dir"
cat >"$tmp/wanted" <<END
$dir/matrix: txt
$dir/matrix-PageLocked: dat svg png
$dir/matrix-compound_head: dat svg png
END
diff "$tmp/wanted" "$tmp/out" >"$tmp/diff" && [ ! -s "$tmp/err" ] || bad=1
result $bad 'a text, and a picture with its data per accessor' "$tmp/diff" "$tmp/err"
[ "$(cd "$dir" && echo *)" = "matrix-PageLocked.dat matrix-PageLocked.png \
matrix-PageLocked.svg matrix-compound_head.dat matrix-compound_head.png \
matrix-compound_head.svg matrix.txt" ] && bad=0 || bad=1
ls "$dir" >"$tmp/out"
result $bad 'and nothing else' "$tmp/out"
"$pfbench" matrix $d/*-user.txt $d/code-*64.txt $d/lab7.json |
	diff - "$dir/matrix.txt" >"$tmp/diff" && bad=0 || bad=1
result $bad 'the text file equals the output without -o' "$tmp/diff"
awk '/^[^#]/ && NF == 9 && $1 ~ /^[0-9]+$/ {
		rows[$1 " " $2] = rows[$1 " " $2] " " $4 "=" $5 "," $6 "," $7
	}
	END { print "1 1:" rows["1 1"]; print "2 2:" rows["2 2"]
		print "3 2:" rows["3 2"] }' "$dir"/matrix-*.dat >"$tmp/rows"
cat >"$tmp/wanted" <<'END'
1 1: 2=0,2,0 5b=3,5,1 6s=4,6,0 5b=3,5,1 8.05,5b=6.051,8.051,5 8=6,8,0 4s=4,4,0
2 2: 3=0,3,0 11bbm=8,11,2 7s=4,7,0 -=?,?,? -=?,?,? 0=-3,0,0 -=?,?,?
3 2: 3?=0,3,0 11,2.37b?!=8,11,2.37 7?=4,7,0 -=?,?,? -=?,?,? -=?,?,? -=?,?,?
END
diff "$tmp/wanted" "$tmp/rows" >"$tmp/diff" && bad=0 || bad=1
result $bad 'the data: as shown, more than plain, instructions, branches' \
	"$tmp/diff"
! grep -q '[^ -~]' "$dir"/matrix-*.dat && bad=0 || bad=1
result $bad 'the data is ASCII' "$dir"/matrix-*.dat

# the picture
grep -q '<svg' "$dir/matrix-PageLocked.svg" && grep -q '^</svg>' "$dir/matrix-PageLocked.svg" &&
	[ "$(head -c 8 "$dir/matrix-PageLocked.png" | od -An -tx1 | tr -d ' ')" = \
		89504e470d0a1a0a ] && [ "$(wc -c <"$dir/matrix-PageLocked.png")" -gt 5000 ] &&
	bad=0 || bad=1
result $bad 'an SVG and a PNG' "$tmp/err"
if command -v xmllint >/dev/null; then
	xmllint --noout "$dir/matrix-PageLocked.svg" 2>"$tmp/err" && bad=0 || bad=1
	result $bad 'the SVG is well-formed' "$tmp/err"
else
	skip 'the SVG is well-formed' 'no xmllint'
fi
# as wide as a page, and a gap above each generation but the first
grep -q 'width="830"' "$dir/matrix-PageLocked.svg" && bad=0 || bad=1
result $bad 'the picture is as wide as a page'
grep -qx ' *2   2.35 "v3.14-rmb" 0' "$dir/matrix-PageLocked.dat" && bad=0 || bad=1
result $bad 'generations are apart' "$dir/matrix-PageLocked.dat"
for label in 'PageLocked by generation.*' x86-64 arm64 lab7 'user\[3\]' 'gcc 13.3.0' v7.1-mask \
	branch '11,2.37b?!' 'instructions more than plain'; do
	grep -q ">$label *<" "$dir/matrix-PageLocked.svg" && bad=0 || bad=1
	result $bad "the picture says $label" "$tmp/err"
done
# one cell is 0, and so is one tick of the scale
grep -o '> *0 *<' "$dir/matrix-PageLocked.svg" >"$tmp/zeros"
[ "$(wc -l <"$tmp/zeros")" = 2 ] && bad=0 || bad=1
result $bad 'a missing figure is not 0' "$tmp/zeros"
! grep -qi 'nan' "$dir/matrix-PageLocked.svg" && bad=0 || bad=1
result $bad 'a missing figure is not NaN' "$tmp/err"

status=0
env PATH=/nowhere "$pfbench" matrix $d/lab7.json -o "$tmp/without" \
	>"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
	grep -qF 'gnuplot is not there' "$tmp/err" &&
	[ -s "$tmp/without/matrix.txt" ] && [ -s "$tmp/without/matrix-PageLocked.dat" ] &&
	bad=0 || bad=1
result $bad 'without gnuplot: one line, text and data are written' "$tmp/err"
PFBENCH_DATADIR=$tmp
run 2 $d/lab7.json -o "$dir"
grep -qF 'no matrix.gp' "$tmp/err" || bad=1
result $bad 'without the gnuplot script' "$tmp/err"

# shellcheck disable=SC2016 # not expanded on purpose
sed 's/lab7/`touch owned`/; s/Example N1/"; system("touch owned")/' \
	$d/lab7.json >"$tmp/hostile.json"
PFBENCH_DATADIR=$top/plots
# escape the quotes, or the file is not JSON
sed -i 's/""; system("touch owned")"/"\\"; system(\\"touch owned\\")"/' \
	"$tmp/hostile.json"
here=$PWD
cd "$tmp"
"$pfbench" matrix hostile.json -o '|touch owned' >"$tmp/out" 2>"$tmp/err" &&
	[ -s '|touch owned/matrix-PageLocked.svg' ] && [ ! -e owned ] && bad=0 || bad=1
cd "$here"
result $bad 'names that a shell or gnuplot would run' "$tmp/err"

# JSON: the figures of the tables
if command -v jq >/dev/null; then
	run 0 --json --accessor=PageLocked results/qemu-amd64-6.12/counts-user.txt.gz \
		results/code-amd64/gcc-14.txt results/code-arm64/gcc-14.txt
	jq -e '.format == 1 and (.columns | length) == 2 and
		.columns[0].code == "results/code-amd64/gcc-14.txt" and
		.columns[0].sources.branches == "code" and
		.columns[1].arch == "arm64" and .columns[1].kernel == null and
		(.rows[] | select(.generation == "v5.18-fakehead" and .lowering == "select")
		 | .cells[0] | .column == 1 and .population == "small" and
		   .instructions.median == 8 and .selects.median == 1 and
		   .branches.median == 0 and (.contended | not))' "$tmp/out" \
		>/dev/null 2>>"$tmp/err" || bad=1
	result $bad 'JSON: the figures of the tables' "$tmp/err" "$tmp/out"
	run 0 --json --metric=ns,cycles,selects --form=latency \
		--population=small,tail tests/results/good.json
	jq -e '[.rows[].cells[]] | length == 2 and (.[0] | .ns.median == 3.24555 and
		.ns.lo == 3.2417 and .selects == null)' "$tmp/out" \
		>/dev/null 2>>"$tmp/err" || bad=1
	jq -e '.columns[0].sources | .ns == "clock" and .cycles == "estimate" and
		(.selects | startswith("n/a (no code table"))' "$tmp/out" \
		>/dev/null 2>>"$tmp/err" || bad=1
	result $bad 'JSON: of a run, and what it lacks' "$tmp/err" "$tmp/out"
else
	skip 'JSON: the figures of the tables' 'no jq'
fi
refused 'JSON into a directory' 'give one of them' --json -o "$tmp/json" \
	tests/results/good.json

run 0 --metric=ns --population=tail --form=latency tests/results/good.json
! grep -q '^5' "$tmp/out" || bad=1
result $bad 'no notation of instructions below tables of times' "$tmp/out"
sed -e 's/"instructions": "ok"/"instructions": "n\/a (no PMU)"/' \
	-e 's/"counters": { "instructions": { "per_op".*/"counters": {}/' \
	tests/results/good.json >"$tmp/nopmu.json"
refused 'no instructions: what to try' 'n/a (no PMU): try --metric=ns' \
	--form=latency --population=tail "$tmp/nopmu.json"

"$pfbench" matrix --help >"$tmp/out" && grep -q '^Exit status' "$tmp/out" &&
	grep -q '^Example' "$tmp/out" && bad=0 || bad=1
result $bad 'help' "$tmp/out"
echo "1..$n"
