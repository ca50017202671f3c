#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench plot: what it writes, and what it says where it cannot.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench plot, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR

# expect WHAT WANTED-STATUS TEXT ARGUMENT...: TEXT on stdout or stderr
expect()
{
	what=$1 want=$2 text=$3 status=0 bad=0
	shift 3
	"$pfbench" plot "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$status" = "$want" ] || bad=1
	grep -qF -e "$text" "$tmp/out" "$tmp/err" || bad=1
	# gnuplot has nothing to add
	! grep -qv '^pfbench: ' "$tmp/err" || bad=1
	result $bad "$what" "$tmp/out" "$tmp/err"
}

# drawn BASE: all four of them, and what they should be
drawn()
{
	bad=0
	for end in dat txt; do
		[ -s "$1.$end" ] || bad=1
	done
	! grep -qE '.{73}|[^ -~]' "$1.txt" || bad=1
	! grep -q '[^ -~]' "$1.dat" || bad=1
	if [ "$have_gnuplot" = y ]; then
		grep -q '^</svg>' "$1.svg" || bad=1
		grep -q '<svg' "$1.svg" || bad=1
		# as wide as a page, and not transparent on a dark one
		grep -q 'width="830"' "$1.svg" || bad=1
		grep -q '<rect .*fill="#ffffff"' "$1.svg" || bad=1
		[ "$(head -c 8 "$1.png" | od -An -tx1 | tr -d ' ')" = \
			89504e470d0a1a0a ] || bad=1
		[ "$(wc -c <"$1.png")" -gt 5000 ] || bad=1
	fi
	ls -l "$1".* >"$tmp/ls"
	result $bad "${1##*/}: dat, txt, svg and png" "$tmp/ls"
}

# says FILE WHAT TEXT
says()
{
	grep -qF -e "$3" "$1" && bad=0 || bad=1
	result $bad "$2" "$1"
}

have_gnuplot=n
if ! command -v gnuplot >/dev/null; then
	echo '1..0 # SKIP no gnuplot'
	exit 0
fi
have_gnuplot=y

dir=$tmp/new/dir
expect 'a whole run' 0 "tails: dat txt svg png" tests/golden/run.json -o "$dir"
for plot in tails generations workingset; do
	drawn "$dir/$plot"
	says "$dir/$plot.svg" "$plot: the machine in the title" 'AMD EPYC 9R14'
done
says "$dir/tails.txt" 'crossings are listed' \
	'v4.4-word branch and v4.4-word select'
! grep -q 'v5.18-fakehead-hvo.*and v4.4-word' "$dir/tails.txt" && bad=0 || bad=1
result $bad 'but not those of unlike generations' "$dir/tails.txt"
says "$dir/tails.txt" 'contended points are marked' '!'
expect 'a crossing near 100 %' 0 "tails: dat txt svg png" \
	results/epyc-26-2-vm/20261130-025505-user.json.gz -o "$tmp/near"
says "$tmp/near/tails.dat" 'its share has no exponent' \
	'"crossing: 0.79 to 1.8, 98 to 100 %"'
says "$dir/tails.svg" 'tails: a panel of low shares' 'up to 10 % of tails'
# lines that coincide are drawn once, and named together
says "$dir/tails.svg" 'tails: the name of a line that is not drawn' \
	'= v7.1-mask'
says "$dir/tails.dat" 'tails: the line that is drawn for it' \
	'line "v7.1-mask" "#D55E00" 15 1 6'
says "$dir/tails.txt" 'tails: its letter in the text' 'w=v7.1-mask'
says "$dir/tails.txt" 'tails: one scale of shares up to 10' \
	'  2.5              5            7.5              10'
sed -n '/% of tails/,/^=/s/^\([^=]\) v.*/\1/p' "$dir/tails.txt" |
	sort >"$tmp/letters"
[ "$(uniq <"$tmp/letters" | wc -l)" = 6 ] && ! uniq -d "$tmp/letters" |
	grep -q . && bad=0 || bad=1
result $bad 'tails: no letter stands for two lines' "$tmp/letters"
# one bad interval does not stretch the axis
sed '/v4.4-word\/mixed:25/s/"ticks_lo":[0-9.]*,"ticks_hi":[0-9.]*/"ticks_lo":0.001,"ticks_hi":9999/' \
	tests/golden/run.json >"$tmp/interval.json"
! cmp -s tests/golden/run.json "$tmp/interval.json" || bad=1
run_range()
{
	"$pfbench" plot "$1" -o "$tmp/range" >/dev/null 2>"$tmp/err"
	grep '^range' "$tmp/range/tails.dat"
}
range=$(run_range tests/golden/run.json)
[ "$(run_range "$tmp/interval.json")" = "$range" ] || bad=1
[ ! -s "$tmp/err" ] || bad=1
result $bad "tails: the axis is that of the medians" "$tmp/err"
says "$dir/tails.svg" 'in the picture too' 'contended'
says "$dir/tails.dat" 'a line that auto coincides with' \
	'"v3.14-rmb branch =auto"'
says "$dir/generations.txt" 'both modes' 'latency'

# figures without an interval are in brackets, which the legend explains
sed 's/"ticks_lo":[0-9.]*,"ticks_hi":[0-9.]*,//' tests/golden/run.json \
	>"$tmp/open.json"
expect 'a run without intervals' 0 'generations: dat txt svg png' \
	"$tmp/open.json" -o "$dir/open"
for plot in tails generations workingset; do
	says "$dir/open/$plot.txt" "$plot: brackets are explained" \
		'( ) no interval: too few quiet rounds'
	grep -qE ' \([0-9]*\.[0-9]+\) ' "$dir/open/$plot.txt" &&
		! grep -qE ' \([0-9]*\.' "$dir/$plot.txt" && bad=0 || bad=1
	result $bad "$plot: brackets where there is no interval" \
		"$dir/open/$plot.txt"
done
awk '/#$/ { print index($0, "#") }' "$dir/open/workingset.txt" | sort -u \
	>"$tmp/columns"
[ "$(wc -l <"$tmp/columns")" = 1 ] && bad=0 || bad=1
result $bad 'figures in brackets are as wide as others' \
	"$dir/open/workingset.txt"

grep -v 'mixed:\([1-9]\|10\|25\|50\|75\|90\)/hot/thr' tests/golden/run.json \
	>"$tmp/two.json"
expect 'two shares of tails are enough' 0 'tails: dat txt svg png' \
	"$tmp/two.json" -o "$dir/two"

replay=results/epyc-25-1-vm/replay-exec.json.gz
expect 'a recorded sequence' 0 "replay: dat txt svg png" "$replay" -o "$tmp/replay"
drawn "$tmp/replay/replay"
[ "$(ls "$tmp/replay")" = "$(printf 'replay.%s\n' dat png svg txt)" ] && bad=0 || bad=1
result $bad 'and nothing else is drawn of it'
# the rows of v7.1-mask have what the file has, in each of the three orders
for pages in small replay:exec mixed:3; do
	wanted=$(gzip -dc "$replay" | sed -n "s,.*\"PageLocked/v7.1-mask/$pages/hot/throughput\".*\"cycles\":\([0-9.]*\).*,\1,p")
	got=$(awk -v pages=$pages '/^v7.1-mask$/ { on = 1 }
		on && $1 == pages { print $2; exit }' "$tmp/replay/replay.txt")
	[ "$(printf %.2f "${wanted:-9}")" = "$got" ] && bad=0 || bad=1
	result $bad "replay: $pages" "$tmp/replay/replay.txt"
done

says "$dir/workingset.txt" 'all working sets' 'memory'
for value in 5 10 20 50 100; do
	says "$dir/workingset.svg" "workingset: $value on the axis" ">$value<"
done

# native points on pages of every source
expect 'every source of pages' 0 'generations: dat txt svg png' \
	tests/results/sources.json -o "$dir/sources"
for plot in tails generations workingset; do
	drawn "$dir/sources/$plot"
done
grep -v /shuffled tests/results/sources.json |
	sed -n 's,.*/hot/[a-z/]*".*"ticks": \([0-9.]*\).*,\1,p' >"$tmp/medians"
bad=0
while read -r median; do
	grep -q "^ *[0-9.]* *$median " "$dir"/sources/*.dat || bad=1
	grep -q " $median " "$dir"/sources/*.txt || bad=1
done <"$tmp/medians"
result $bad 'every median of pages in order is in a plot and a text'
for pages in small/anon head/file tail/thp tail/hugetlb tail/fake; do
	[ "$(grep -c " $pages " "$dir/sources/generations.txt")" = 2 ] &&
		bad=0 || bad=1
	result $bad "$pages once per mode" "$dir/sources/generations.txt"
	says "$dir/sources/generations.svg" "a row of native/${pages#*/}" \
		">native/${pages#*/}<"
done
! grep -q null "$dir"/sources/*.dat && bad=0 || bad=1
result $bad 'native has a colour'

# tails-latency is drawn by the script of tails
sed 's,\(mixed:[0-9]*/hot/\)throughput",\1latency",' \
	tests/results/sources.json >"$tmp/tails-latency.json"
expect 'shares of tails in latency' 0 'tails-latency: dat txt svg png' \
	"$tmp/tails-latency.json" -o "$dir/latency"
drawn "$dir/latency/tails-latency"

expect 'in cycles' 0 generations --unit=cycles tests/golden/run.json -o "$dir"
says "$dir/generations.svg" 'which are estimated' 'estimated cycles'
# format 2: in cycles without an option
sed 's/"format":1/"format":2,"cycle_source":"reference loop"/
	s/"ticks\(_lo\|_hi\|\)":/"cycles\1":/g' tests/golden/run.json >"$tmp/cycles.json"
expect 'cycles where they are trustworthy' 0 tails "$tmp/cycles.json" \
	-o "$dir/cycles"
for plot in tails generations workingset; do
	drawn "$dir/cycles/$plot"
	says "$dir/cycles/$plot.svg" "$plot: the unit of the axis" \
		'cycles per operation'
	says "$dir/cycles/$plot.txt" "$plot: the unit of the text" \
		'cycles per operation'
	says "$dir/cycles/$plot.dat" "$plot: the unit of the data" \
		'unit "cycles per operation"'
done
mid=$(sed -n 's,.*"name":"PageLocked/plain/tail/hot/latency".*"cycles":\([0-9.]*\).*,\1,p' \
	"$tmp/cycles.json")
grep -q " $mid " "$dir/cycles/generations.dat" && bad=0 || bad=1
result $bad "the cycles of the file, $mid" "$dir/cycles/generations.dat"
expect 'ns with an option' 0 generations --unit=ns "$tmp/cycles.json" -o "$dir/ns"
says "$dir/ns/generations.dat" 'which the data name' 'unit "ns per operation"'
expect 'another accessor' 0 generations --accessor=SetPageDirty \
	tests/golden/run.json -o "$dir/dirty"
drawn "$dir/dirty/generations"
says "$tmp/err" 'what it lacks points for, and what to run' \
	"tails left out: tests/golden/run.json has no two shares of tails of SetPageDirty: pfbench run --benchmark_filter='^SetPageDirty/.*/mixed:"
expect 'two files' 0 generations-2 tests/golden/before.json \
	tests/golden/run.json --output="$dir/two"
drawn "$dir/two/generations-1"
drawn "$dir/two/tails-2"
expect 'nothing to draw' 2 'generations left out' tests/results/empty.json \
	-o "$dir/none"
expect 'one point with no interval' 0 generations tests/results/partial.json \
	-o "$dir/one"
drawn "$dir/one/generations"
! grep -q "<path stroke='rgb(  0,   0,   0)'" "$dir/one/generations.svg" &&
	bad=0 || bad=1
result $bad 'and no mark where the interval would be'
sed '/v4.4-word\/tail\/hot\/latency"/s/"contended":false/"contended":true/' \
	tests/golden/run.json >"$tmp/contended.json"
expect 'a contended bar' 0 generations "$tmp/contended.json" -o "$dir/contended"
says "$dir/contended/generations.svg" 'the picture says what is hollow' \
	'hollow bars: contended'
! grep -qF hollow "$dir/generations.svg" && bad=0 || bad=1
result $bad 'only where a bar is'

expect 'a host name made to be run' 0 generations tests/results/hostile.json \
	-o "$dir/hostile"
drawn "$dir/hostile/generations"
# shellcheck disable=SC2016 # those very characters
! grep -q '[`$]' "$dir/hostile/generations.dat" && bad=0 || bad=1
result $bad 'and what became of it' "$dir/hostile/generations.dat"
# each would be a command to gnuplot, or an option
here=$PWD
cd "$tmp"
for name in '|touch owned' '<touch owned' "a'b\"c" '-x' '%d {x_y}'; do
	"$pfbench" plot "$here/tests/results/partial.json" -o "./$name" \
		>"$tmp/out" 2>&1 && [ -s "$name/generations.svg" ] &&
		bad=0 || bad=1
	"$pfbench" plot "$here/tests/results/partial.json" "--output=$name" \
		>"$tmp/out" 2>&1 || bad=1
	[ ! -e owned ] || bad=1
	result $bad "a directory by the name of $name" "$tmp/out"
done
cd "$here"

expect 'no directory' 2 'no directory given' tests/golden/run.json
expect 'no file' 2 'no result file given' -o "$dir"
expect 'a directory that cannot be' 2 'Not a directory' \
	tests/golden/run.json -o tests/plot.t/x
expect 'a unit that is none' 2 'ns, ticks, cycles' --unit=parsec \
	tests/golden/run.json -o "$dir"
expect 'an accessor that is none' 2 'PageMagic' --accessor=PageMagic \
	tests/golden/run.json -o "$dir"
expect 'an option that is none' 2 '--magic' --magic -o "$dir"
for file in truncated not-json overflow unknown-name foreign later-format; do
	expect "$file" 2 "tests/results/$file.json" \
		"tests/results/$file.json" -o "$dir"
	[ "$(wc -l <"$tmp/err")" = 1 ] && bad=0 || bad=1
	result $bad "$file: one line" "$tmp/err"
done

# history: three kernels, in no order
h=tests/results/history
expect 'three kernels' 0 'history: dat txt svg png' --history \
	$h/6.12.json $h/5.10.json $h/6.1.json -o "$dir/history"
drawn "$dir/history/history"
cat >"$tmp/wanted" <<'END'
Seven years of PageLocked(), one loop, three kernels
Example CPU, x86_64, kmod backend, example
instructions per operation; replicas: median over the files

                           throughput          latency
generation          as of small  head  tail   small  head  tail
plain                2015  3.00     -  2.00       -     -     -
v4.4-word            2016  6.00  6.00  6.00    6.00     -  6.50
v5.18-fakehead       2022  6.00  6.00  7.00       -     -  35.0

NOTE: files disagree on replicas by more than their intervals:
  plain, small, throughput:
    2.00 +-0.01 with 5.10, 4.00 +-0.01 with 6.12

The kernels' own functions, and the replicas that they should equal
5.10  = v4.4-word          6.00  6.00  6.00    6.00     -  6.50  equal
6.1   = v5.18-fakehead     6.00  6.00  9.00       -     -     -  differs
        tail, throughput: +2.00 +-0.02
6.12  = v5.18-fakehead     6.00  6.30! 7.00       -     -  36.0  differs
        tail, latency: +1.00 +-0.01
! contended: no round was quiet, the core was shared
END
diff "$tmp/wanted" "$dir/history/history.txt" >"$tmp/diff" && bad=0 || bad=1
result $bad 'history: the text, to the letter' "$tmp/diff"

# rows WHAT SERIES WANTED: a block of the data, a row a line
rows()
{
	awk -v series="$2" '/^[a-z]/ { on = $0 ~ series; next }
		on && /^ / { $1 = $1; print }' "$dir/history/history.dat" \
		>"$tmp/rows"
	printf '%s\n' "$3" >"$tmp/wanted"
	diff "$tmp/wanted" "$tmp/rows" >"$tmp/diff" && bad=0 || bad=1
	result $bad "history.dat: $1" "$tmp/diff"
}

# from the least to the most that two files say
rows 'the replicas' '^replicas "throughput" "small"' '1 3 1.99 4.01 0
2 6 5.99 6.01 0
3 6 5.99 6.01 0'
# a contended 9 of 6.1 does not count beside a quiet 6
rows 'quiet files only' '^replicas "throughput" "tail"' '1 2 1.99 2.01 0
2 6 5.99 6.01 0
3 7 6.99 7.01 0'
rows 'what is not there' '^replicas "latency" "tail"' '1 ? ? ? 0
2 6.5 6.49 6.51 0
3 35 20 50 0'
rows 'the kernels side by side' '^own "throughput" "head"' '2.000 6 5.99 6.01 0
2.850 6 5.99 6.01 0
3.150 6.3 6.29 6.31 1'
says "$dir/history/history.dat" 'history.dat: which kernel is what' \
	' 2.850 "6.1" "v5.18-fakehead"'
for label in 5.10 6.1 6.12 v5.18-fakehead throughput latency 'tail pages' \
	'contended: shared core'; do
	says "$dir/history/history.svg" "history.svg: $label" ">$label<"
done
says "$dir/history/history.svg" 'history.svg: the title' \
	'Seven years of PageLocked(), one loop, three kernels'

expect 'history, one kernel, no latency' 0 history --history $h/6.1.json \
	--unit=ticks -o "$dir/history-1"
drawn "$dir/history-1/history"
says "$dir/history-1/history.txt" 'its years and its number' \
	'Six years of PageLocked(), one loop, one kernel'
says "$dir/history-1/history.txt" 'in the unit asked for' 'ticks per operation'
says "$dir/history-1/history.txt" 'contended where all files are' '9.00!'
says "$dir/history-1/history.txt" 'which is explained' \
	'! contended: no round was quiet'
! grep -q latency "$dir/history-1/history.txt" && bad=0 || bad=1
result $bad 'and no latency' "$dir/history-1/history.txt"

# only points on the backend's own pages, visited in order
expect 'history, native points of every source' 0 history --history \
	tests/results/sources.json -o "$dir/history-sources"
for row in 'plain                2015  11.2  12.2  13.2    29.2  30.2  31.2' \
	'v5.18-fakehead       2022  14.2  15.2  16.2    32.2  33.2  34.2' \
	'6.12  = v5.18-fakehead     17.2  18.2  19.2    35.2  36.2  37.2'; do
	says "$dir/history-sources/history.txt" "each in its place: $row" \
		"$row"
done

sed 's/"ticks_lo": 5.99, "ticks_hi": 6.01/"rounds": 1/' $h/6.12.json >"$tmp/open.json"
expect 'history, figures without an interval' 0 history --history \
	"$tmp/open.json" -o "$dir/history-open"
says "$dir/history-open/history.txt" 'which are marked' \
	'v5.18-fakehead       2022  6.00? 6.00? 7.00 '
says "$dir/history-open/history.txt" 'and explained' \
	'? behind a figure: no interval, too few quiet rounds'

expect 'history, a file twice' 0 history --history $h/5.10.json $h/5.10.json \
	-o "$dir/history-2"
says "$dir/history-2/history.txt" 'which agrees with itself' \
	'No two files disagree on a replica'

# variant NAME SED-SCRIPT: of 5.10.json
variant()
{
	sed "$2" $h/5.10.json >"$tmp/$1.json"
}

# shellcheck disable=SC2016 # those very characters
variant unseen 's/"native_is": "v4.4-word"/"native_is": "v7.1-mask"/
	s/Example CPU/`touch owned`/'
expect 'history, a kernel without its replica' 0 history --history \
	"$tmp/unseen.json" -o "$dir/history-3"
drawn "$dir/history-3/history"
says "$dir/history-3/history.txt" 'without a verdict' \
	'5.10  = v7.1-mask          6.00  6.00  6.00    6.00     -  6.50  ?'
says "$dir/history-3/history.txt" 'but that its time is shown' \
	'Eleven years of PageLocked()'
says "$dir/history-3/history.dat" 'a CPU made to be run' '"?touch owned?, x86_64'

# history_refused WHAT TEXT FILE...: one line, and nothing written
history_refused()
{
	what=$1 text=$2
	shift 2
	rm -rf "$dir/refused"
	expect "history refused: $what" 2 "$text" --history "$@" \
		-o "$dir/refused"
	[ "$(wc -l <"$tmp/err")" = 1 ] && [ ! -e "$dir/refused/history.dat" ] &&
		bad=0 || bad=1
	result $bad "$what: one line, and nothing drawn" "$tmp/err"
}

variant no-native 's/"PageLocked\/native/"PageLocked\/v7.1-mask/'
variant arm64 's/"arch": "x86_64"/"arch": "aarch64"/'
variant timed 's/"icount": true/"icount": false/'
variant nowhere 's/"native_is": "v4.4-word"/"native_is": "mask-branch"/'
variant unreleased 's/"kernel": "5.10.0/"kernel": "next/'
variant not-a-name 's/"native_is": "v4.4-word"/"native_is": 7/'
history_refused 'no native points' 'no-native.json: no native points of PageLocked' \
	$h/6.1.json "$tmp/no-native.json"
history_refused 'none of this accessor' 'no native points of PageDirty' \
	--accessor=PageDirty $h/6.1.json
history_refused 'not of the module' 'not measured by the kernel module' \
	tests/results/good.json
history_refused 'no generation at all' 'not measured by the kernel module' \
	"$tmp/not-a-name.json"
history_refused 'another architecture' \
	'arm64.json: of aarch64, but tests/results/history/6.1.json of x86_64' \
	$h/6.1.json "$tmp/arm64.json"
history_refused 'another unit' \
	'timed.json: in ns, but tests/results/history/6.1.json in instructions' \
	$h/6.1.json "$tmp/timed.json"
variant cycles 's/"format": 1/"format": 2, "cycle_source": "counter"/
	s/"icount": true/"ticks_per_cycle": 2/; s/"ticks\([_lohi]*\)":/"cycles\1":/g'
expect 'history in cycles' 0 history --history "$tmp/cycles.json" \
	-o "$dir/history-cycles"
drawn "$dir/history-cycles/history"
says "$dir/history-cycles/history.txt" 'which the text names' \
	'cycles per operation'
history_refused 'times and cycles' \
	"cycles.json: in cycles, but $tmp/timed.json in ns: give files of one unit, or --unit=ns" \
	"$tmp/timed.json" "$tmp/cycles.json"
history_refused 'a generation that it does not have' \
	"'mask-branch' is no generation of this plot" "$tmp/nowhere.json"
history_refused 'a kernel without release' 'no release' "$tmp/unreleased.json"
history_refused 'cycles of no known length' '--unit=ns or ticks' --unit=cycles \
	$h/5.10.json
history_refused 'no result file' 'truncated.json' $h/5.10.json \
	tests/results/truncated.json
history_refused 'no file' 'no result file given'

status=0
env PATH=/nowhere "$pfbench" plot tests/golden/run.json \
	-o "$dir/without" >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
	grep -qF 'gnuplot is not there' "$tmp/err" &&
	[ -s "$dir/without/tails.txt" ] && [ -s "$dir/without/tails.dat" ] &&
	bad=0 || bad=1
result $bad 'without gnuplot: one line, and what needs none is there' "$tmp/err"
status=0
env PATH=/nowhere "$pfbench" plot --history $h/5.10.json \
	-o "$dir/without" >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
	grep -qF 'gnuplot is not there' "$tmp/err" &&
	[ -s "$dir/without/history.txt" ] && [ -s "$dir/without/history.dat" ] &&
	bad=0 || bad=1
result $bad 'history without gnuplot: the same' "$tmp/err"
PFBENCH_DATADIR=$tmp
expect 'without the scripts' 2 'no tails.gp' \
	tests/golden/run.json -o "$dir"

"$pfbench" plot --help >"$tmp/out" && grep -q '^Exit status' "$tmp/out" &&
	grep -q '^Example' "$tmp/out" && grep -q -e '--history' "$tmp/out" &&
	bad=0 || bad=1
result $bad 'help' "$tmp/out"
echo "1..$n"
