#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The files that commands read: standard input, files that are not what they
# should be, and files too large for memory.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test the reading of files, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR
subcommand=
good=tests/results/good.json
table=results/code-amd64/gcc-14.txt
listing=results/code-amd64/gcc-14.listing.txt
counts=$tmp/counts.txt
gzip -cd results/qemu-amd64-6.12/counts-user.txt.gz >"$counts"

# same WHAT FILE ARGUMENT...: '-' prints the same as the name of the file, but
# for the name
same()
{
	what=$1 file=$2
	shift 2
	run 0 "$@" "$file"
	sed "s|$file|standard input|" "$tmp/out" | tr -s ' \n' '\n' >"$tmp/want"
	run 0 "$@" - <"$file"
	tr -s ' \n' '\n' <"$tmp/out" >"$tmp/got"
	cmp -s "$tmp/want" "$tmp/got" || bad=1
	result $bad "$what" "$tmp/err" "$tmp/out"
	# a pipe cannot be rewound
	status=0
	# shellcheck disable=SC2002 # a pipe is the point
	cat "$file" | "$pfbench" "$@" - >"$tmp/out" 2>"$tmp/err" || status=$?
	tr -s ' \n' '\n' <"$tmp/out" | cmp -s "$tmp/want" - && bad=$status ||
		bad=1
	result "$bad" "$what, through a pipe" "$tmp/err" "$tmp/out"
}
same 'report reads standard input' $good report
same 'export reads standard input' $good export --ktap
same 'matrix reads a result from standard input' "$counts" matrix
same 'matrix reads a code table from standard input' $table matrix
status=0
"$pfbench" compare - tests/golden/after.json <tests/golden/before.json \
	>"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" = 1 ] && grep -q '2 changed' "$tmp/out" && bad=0 || bad=1
result $bad 'compare reads standard input' "$tmp/out" "$tmp/err"
refused 'standard input twice' 'standard input: can be read once only' \
	export --ktap - - <$good
refused 'an empty standard input' 'standard input: empty' report - </dev/null

# compressed files
gzip -c $good >"$tmp/good.json.gz"
gzip -c "$counts" >"$tmp/counts.txt.gz"
same "a compressed file is read" "$tmp/good.json.gz" report
for file in $good "$counts"; do
	run 0 export --csv "$file"
	mv "$tmp/out" "$tmp/want"
	gzip -c "$file" >"$tmp/same.gz"
	run 0 export --csv "$tmp/same.gz"
	sed "s|$tmp/same.gz|$file|" "$tmp/out" >"$tmp/got"
	cmp "$tmp/want" "$tmp/got" >>"$tmp/err" || bad=1
	result $bad "${file##*/}, compressed, is the same result" "$tmp/err"
done
mkdir "$tmp/directory"
cp "$tmp/good.json.gz" "$tmp/counts.txt.gz" "$tmp/directory"
run 0 matrix --machines --accessor=PageLocked "$tmp/directory"
grep -q good.json.gz "$tmp/out" && grep -q counts.txt.gz "$tmp/out" || bad=1
result $bad "compressed files of a directory are results" "$tmp/out" "$tmp/err"
head -c 500 "$tmp/good.json.gz" >"$tmp/cut.json.gz"
refused "a compressed file that is cut off" \
	"cut.json.gz: compressed data are damaged or cut off" \
	report "$tmp/cut.json.gz"
(head -c 300 "$tmp/good.json.gz"; printf wrong
 tail -c +306 "$tmp/good.json.gz") >"$tmp/bad.json.gz"
refused "compressed data that are damaged" "bad.json.gz: " \
	report "$tmp/bad.json.gz"
head -c 300M /dev/zero | tr "\0" " " | gzip -1c >"$tmp/bomb.gz"
refused "a compressed file that grows too large" \
	"bomb.gz: larger than 256 MiB" report "$tmp/bomb.gz"

# kinds of files
race=$tmp/race.json
printf '{"pfbench_race": 1, "partial": false, "runs": []}\n' >"$race"
for command in report 'plot -o DIR' 'export --ktap'; do
	# shellcheck disable=SC2046 # words
	set -- $(echo "$command" | sed "s|DIR|$tmp/plots|")
	refused "${command%% *}: a code table" 'a code table or listing, not a result' "$@" $table
	refused "${command%% *}: a listing" 'a code table or listing, not a result' "$@" $listing
	refused "${command%% *}: a race file" "a race file, which 'pfbench race FILE' shows" "$@" "$race"
done
refused 'compare: a code table' 'a code table or listing, not a result' \
	compare $good $table
refused 'matrix: a listing' 'a listing: the table is' matrix $listing
sed 's/$/\r/' "$counts" >"$tmp/crlf.txt"
refused 'counts with CR LF' 'crlf.txt:1: the line ends in CR LF: convert' report "$tmp/crlf.txt"
sed 's/$/\r/' $table >"$tmp/crlf.txt"
refused 'a code table with CR LF' 'a code table or listing' report "$tmp/crlf.txt"
refused 'a code table with CR LF for matrix' 'crlf.txt:1: the line ends in CR LF' \
	matrix "$tmp/crlf.txt"
sed 's/$/\r/' $good >"$tmp/crlf.json"
run 0 report "$tmp/crlf.json"
result $bad 'JSON with CR LF is read' "$tmp/err"
sed '1s/1$/0/' "$counts" >"$tmp/old.txt"
refused 'counts of version 0' 'there is no version 0' report "$tmp/old.txt"
sed '1s/1$/2/' "$counts" >"$tmp/new.txt"
refused 'counts of version 2' 'use a later pfbench' report "$tmp/new.txt"
sed '1s/1$/one/' "$counts" >"$tmp/odd.txt"
refused 'counts of version one' "'one' is not the version" report "$tmp/odd.txt"

# files too large: sparse, so that the size is no disk space; in half a gigabyte
# of address space
truncate -s 1G "$tmp/zero"
cp $good "$tmp/large.json"
truncate -s 1G "$tmp/large.json"
cp "$counts" "$tmp/large.txt"
truncate -s 1G "$tmp/large.txt"
cp $table "$tmp/table.txt"
truncate -s 1G "$tmp/table.txt"

# small WHAT TEXT COMMAND...: the command refuses in 500000 KiB, in time
small()
{
	what=$1 text=$2 status=0 bad=0
	shift 2
	# shellcheck disable=SC3045 # dash and bash have it
	(ulimit -v 500000; timeout 60 "$pfbench" "$@") >"$tmp/out" \
		2>"$tmp/err" || status=$?
	[ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
		grep -qF -e "$text" "$tmp/err" || bad=1
	result $bad "$what" "$tmp/err" "$tmp/out"
}
limit='larger than 256 MiB, the largest file that is read'
for file in zero large.json large.txt table.txt; do
	small "report: $file" "$file: $limit" report "$tmp/$file"
	small "compare: $file" "$file: $limit" compare $good "$tmp/$file"
	small "matrix: $file" "$file: $limit" matrix "$tmp/$file"
	small "plot: $file" "$file: $limit" plot -o "$tmp/plots" "$tmp/$file"
	small "plot --history: $file" "$file: $limit" \
		plot --history -o "$tmp/plots" "$tmp/$file" $good
	small "model: $file" "$file: $limit" model --result="$tmp/$file" PageLocked
	small "export: $file" "$file: $limit" export --ktap "$tmp/$file"
	small "codegen: $file" "$file: $limit" codegen --check="$tmp/$file" \
		--objects=build
	small "race: $file" "$file: $limit" race "$tmp/$file"
done

# without a size: as much as the limit is read at most
small 'a stream of zero bytes' 'starts with a zero byte' report /dev/zero
endless()
{
	cat "$1"
	tr '\0' "$2" </dev/zero
}
mkfifo "$tmp/blanks" "$tmp/line" "$tmp/lines" "$tmp/comments" \
	"$tmp/surplus" "$tmp/names"
endless /dev/null ' ' >"$tmp/blanks" 2>"$tmp/broken" &
small 'endless blanks' \
	'standard input: larger than 256 MiB' report - <"$tmp/blanks"
endless "$counts" '#' >"$tmp/line" 2>"$tmp/broken" &
small 'an endless line' \
	'longer than a line can be' report - <"$tmp/line"
endless "$counts" '\n' >"$tmp/lines" 2>"$tmp/broken" &
small 'endless lines' \
	"not 'POINT INSTRUCTIONS" report - <"$tmp/lines"
(cat "$counts"; yes '# more') >"$tmp/comments" 2>"$tmp/broken" &
small 'endless comments' \
	'standard input: larger than 256 MiB' matrix - <"$tmp/comments"

# points of counts: more memory per byte than comments
"$pfbench" list --all | awk '{ print $1, "1.250 1.250" }' >"$tmp/every"
grep '^#' "$counts" | cat - "$tmp/every" >"$tmp/every.txt"
(cat "$tmp/every.txt" "$tmp/every" "$tmp/every" "$tmp/every") >"$tmp/surplus" \
	2>"$tmp/broken" &
small 'more points than there are' 'more points than the catalog has' \
	report - <"$tmp/surplus"
(grep '^#' "$counts"; yes "$(printf '%0490d' 0) 1 1") >"$tmp/names" \
	2>"$tmp/broken" &
small 'long names without end' 'more points than the catalog has' \
	report - <"$tmp/names"
# Without an index of the points, this takes minutes. Two files of some 140,000
# points with two figures each take 600 MB.
status=0
# shellcheck disable=SC3045
(ulimit -v 700000; ulimit -t 60
 exec "$pfbench" compare "$tmp/every.txt" "$tmp/every.txt") >"$tmp/out" \
	2>"$tmp/err" || status=$?
[ "$status" = 0 ] && grep -q "^$(wc -l <"$tmp/every") points: 0 changed" \
	"$tmp/out" && bad=0 || bad=1
result $bad 'every point of the catalog, twice' "$tmp/err" "$tmp/out"

# small files that need much memory
for value in '{}' '[]' '0' '"a"'; do
	(printf '{"context": ['; yes "$value," | tr -d '\n' | head -c 30M) \
		>"$tmp/many.json"
	small "many of $value" 'many.json: ' report "$tmp/many.json"
	rm "$tmp/many.json"
done
# the samples of several files: each alone takes most of the memory of JSON
"$pfbench" list --all | head -n 12000 | awk '
	BEGIN { for (i = 0; i < 239; i++) samples = samples "1.25," }
	{ printf "%s{\"name\": \"%s\", \"ticks\": 1.25, \"samples\": [%s1.25]}",
		(NR > 1 ? ",\n" : ""), $1, samples }' >"$tmp/points"
printf '{"context": {"pfbench": {"format": 1, "ns_per_tick": 1}}, "benchmarks": [\n' |
	cat - "$tmp/points" >"$tmp/all.json"
echo ']}' >>"$tmp/all.json"
status=0
# shellcheck disable=SC3045
(ulimit -v 500000
 exec "$pfbench" export --csv "$tmp/all.json" "$tmp/all.json" \
	"$tmp/all.json") 2>"$tmp/err" >"$tmp/out" || status=$?
[ "$status" = 0 ] && [ "$(wc -l <"$tmp/out")" = 36001 ] && bad=0 || bad=1
result $bad 'three files of 12000 points' "$tmp/err"
rm "$tmp/all.json" "$tmp/points"

(printf '{"context": ['; yes '{},' | tr -d '\n' | head -c 10M) >"$tmp/many.json"
status=0
# shellcheck disable=SC3045
(ulimit -v 120000; "$pfbench" report "$tmp/many.json") >"$tmp/out" \
	2>"$tmp/err" || status=$?
[ "$status" = 2 ] && grep -q 'many.json: out of memory$' "$tmp/err" && bad=0 ||
	bad=1
result $bad 'JSON that does not fit in memory' "$tmp/err"
echo "1..$n"
