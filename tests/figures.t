#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The numbers in the prose and the tables of README.md and docs/: each is in the
# file that stands beside it, as figures.awk describes.

set -eu

case ${1:-} in
-h) echo "usage: $0: test the figures of the documents, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# figures DIR: checks the documents in DIR; bad is 0 if all figures are found
figures()
{
	bad=0
	: >"$tmp/weak"
	(cd "$1" && awk -v weak_file="$tmp/weak" -v count_file="$tmp/count" \
		-f "$top/tests/figures.awk" README.md docs/*.md) \
		>"$tmp/out" 2>"$tmp/err" || bad=1
}

figures "$top"
read -r all changed weak <"$tmp/count"
[ "$all" -ge 100 ] || bad=1
result "$bad" "$all figures are in their sources" "$tmp/out" "$tmp/err"
[ $((weak * 5)) -le "$changed" ] && bad=0 || bad=1
result "$bad" "of $changed with another digit, all but $weak would not be" "$tmp/weak"

# pages for which the answer is known
mkdir -p "$tmp/tree/docs" "$tmp/tree/results"
cat >"$tmp/tree/results/a.txt" <<'END'
v4.4-word 12.34 +-0.02 6s amd64-6.12
v7.1-mask 20.00 1,234 .567

a second block
its line 7
END
ln -s "$top/docs" "$tmp/tree/elsewhere"

# page WANT TITLE LINE...: a page of these lines is right (0) or not (1)
page()
{
	want=$1 title=$2
	shift 2
	echo >"$tmp/tree/README.md"
	printf '%s\n' "$@" >"$tmp/tree/docs/page.md"
	figures "$tmp/tree"
	[ "$bad" = "$want" ] && bad=0 || bad=1
	result "$bad" "$title" "$tmp/out" "$tmp/err"
}
link='([a](../results/a.txt))'
source='<!-- figures: results/a.txt -->'
page 0 'a number of a linked file' "It is 12.34 cycles $link."
page 1 'another number' "It is 12.35 cycles $link."
page 1 'a changed exponent' "It is 1.234e2 cycles $link."
page 0 'a rounded number' "It is 12.3 or 12 or 0.57 cycles $link."
page 1 'a number that is cut, not rounded' "It is .56 cycles $link."
page 1 'a number that is more precise than its source' \
	"It is 12.342 cycles $link."
page 0 'a number and its interval' "It is 12.34 +-.02 cycles $link."
page 1 'a number and the interval of another' "It is 20.00 +-0.02 cycles $link."
page 1 'an interval that is not there' "It is 12.34 +-0.03 cycles $link."
page 0 'thousands' "It is 1,234, or 1234, and 6 selects $link."
page 0 'a source in a comment, and a table' "$source" '| a | b |' '|---|---|' \
	'| x | 12.34 +-0.02 |'
page 1 'a changed table' "$source" '| a | b |' '|---|---|' '| x | 12.36 |'
page 1 'a comment is of one block' "$source" 'It is 20.00.' '' 'It is 20.00.'
page 1 'no source' 'It is 20.00 cycles.'
page 1 'no such source' '<!-- figures: results/b.txt -->' 'It is 20.00 cycles.'
page 1 'a word of a source is no number' "It is 4.4 cycles $link."
page 0 'the lines of a source' '<!-- figures: results/a.txt:v4.4 -->' 'It is 12.34.'
page 0 "the block of a source" "<!-- figures: results/a.txt#second:line -->" \
	"It is 7."
page 1 "another block of the source" "<!-- figures: results/a.txt#second -->" \
	"It is 20.00."
page 1 'another line of the source' '<!-- figures: results/a.txt:"v7.1-m" -->' \
	'It is 12.34.'
page 0 'a calculated number' \
	'<!-- figures: results/a.txt; 8 = 20.00 - 12.34; 62 = 100 * 12.34 / 20.00 -->' \
	'It takes 8 cycles less, 62 %.'
page 1 'a wrong calculation' '<!-- figures: results/a.txt; 9 = 20.00 - 12.34 -->' \
	'It takes 9 cycles less.'
page 1 'a calculation with another number' \
	'<!-- figures: results/a.txt; 9 = 20.00 - 11 -->' 'It takes 9 cycles less.'
page 0 'a number from outside, with a link' '<!-- figures: ; outside 2.11 -->' \
	'A [mail](https://lore.kernel.org/x) says 2.11 ns.'
page 1 'a number from outside, without a link' '<!-- figures: ; outside 2.11 -->' \
	'A mail says 2.11 ns.'
# shellcheck disable=SC2016 # a code span
page 0 'no figures' 'Linux 6.12 and 7.3, v4.4-word, gcc 12, 5 August 2015, x86-64.' \
	'`sleep 5`, open(2), 66b2a3d9ae46, [x](http://example.org/12), per 10^9.' '' \
	'1. GPL-2.0' '' '```' '99' '```'
page 1 'a release with a unit is a figure' 'It takes 7.3 cycles.'
page 1 'a year with a unit is a figure' 'It takes 2015 bytes.'

echo "1..$n"
