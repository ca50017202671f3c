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
says "$dir/tails.svg" 'in the picture too' 'contended'
says "$dir/tails.dat" 'a line that auto coincides with' \
	'"v3.14-rmb branch =auto"'
says "$dir/generations.txt" 'both modes' 'latency'
says "$dir/workingset.txt" 'all working sets' 'memory'

expect 'in cycles' 0 generations --unit=cycles tests/golden/run.json -o "$dir"
says "$dir/generations.svg" 'which are estimated' 'estimated cycles'
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

expect 'no directory said' 2 'where to' tests/golden/run.json
expect 'no file' 2 'which result file' -o "$dir"
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

status=0
env PATH=/nowhere "$pfbench" plot tests/golden/run.json \
	-o "$dir/without" >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
	grep -qF 'gnuplot is not there' "$tmp/err" &&
	[ -s "$dir/without/tails.txt" ] && [ -s "$dir/without/tails.dat" ] &&
	bad=0 || bad=1
result $bad 'without gnuplot: one line, and what needs none is there' "$tmp/err"
PFBENCH_DATADIR=$tmp
expect 'without the scripts' 2 'no tails.gp' \
	tests/golden/run.json -o "$dir"

"$pfbench" plot --help >"$tmp/out" && grep -q '^Exit status' "$tmp/out" &&
	grep -q '^Example' "$tmp/out" && bad=0 || bad=1
result $bad 'help' "$tmp/out"
echo "1..$n"
