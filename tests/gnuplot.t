#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Pictures that could not be written: each command that draws reports it, and
# leaves the pictures that were there before.

set -eu

case ${1:-} in
-h) echo "usage: $0: test what happens where pictures do not fit, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR
if ! command -v gnuplot >/dev/null; then
	echo '1..0 # SKIP no gnuplot'
	exit 0
fi

# short PICTURE COMMAND...: with a file-size limit that data and text do not
# reach but PICTURE does. gnuplot ignores the failed write and exits with 0.
short()
{
	picture=$1
	shift
	rm -rf "$tmp/dir"
	mkdir "$tmp/dir"
	echo before >"$tmp/dir/$picture"
	status=0 bad=0
	(trap '' XFSZ; ulimit -f "$blocks"
	 "$pfbench" "$@" -o "$tmp/dir") >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] || bad=1
	grep -q "^pfbench: $1: $tmp/dir/${picture%.*}\.[a-z]*: cut short at [0-9]* bytes" \
		"$tmp/err" || bad=1
	ls "$tmp/dir" >"$tmp/ls"
	! grep -q 'tmp' "$tmp/ls" && ! grep -qF svg "$tmp/out" || bad=1
	[ "$(cat "$tmp/dir/$picture")" = before ] || bad=1
	result $bad "$1: a cut $picture" "$tmp/err" "$tmp/ls" "$tmp/out"
}

blocks=16
short tails.svg plot tests/golden/run.json
short tails.png plot tests/golden/run.json
short history.svg plot --history tests/results/history/6.1.json
short matrix-PageLocked.svg matrix tests/results/matrix/lab7.json
short race.svg race results/race/free/race.json
(cd "$tmp" && cat >look-ups.c <<-END
	struct page { unsigned long flags, head; };
	static inline struct page *compound_head(struct page *page)
	{
		return page->head & 1 ? (struct page *)(page->head - 1) : page;
	}
	unsigned long flags_of(struct page *page)
	{
		return compound_head(page)->flags;
	}
	END
 gcc -O1 -g -c look-ups.c)
blocks=8
short census.svg census "$tmp/look-ups.o"

# the same where the disk is full
mkdir "$tmp/full"
if mount -t tmpfs -o size=8k tmpfs "$tmp/full" 2>"$tmp/err"; then
	trap 'umount "$tmp/full"; rm -rf "$tmp"' EXIT
	subcommand=matrix
	run 2 tests/results/matrix/lab7.json -o "$tmp/full"
	[ "$(wc -l <"$tmp/err")" = 1 ] &&
		grep -q 'matrix[-A-Za-z]*\.svg: cut short' "$tmp/err" || bad=1
	ls "$tmp/full" >"$tmp/ls"
	! grep -q 'svg\|png' "$tmp/ls" || bad=1
	result $bad 'a full file system' "$tmp/err" "$tmp/ls"
else
	skip 'a full file system' "$(head -n 1 "$tmp/err")"
fi

# a script that fails: gnuplot's reason is in the line
mkdir "$tmp/scripts"
echo 'plot no_such_variable' >"$tmp/scripts/matrix.gp"
PFBENCH_DATADIR=$tmp/scripts
subcommand=matrix
run 2 tests/results/matrix/lab7.json -o "$tmp/failed"
[ "$(wc -l <"$tmp/err")" = 1 ] && grep -q 'no_such_variable' "$tmp/err" || bad=1
result $bad 'the reason that gnuplot gives' "$tmp/err"

# a whole SVG and a PNG without its end
cat >"$tmp/scripts/matrix.gp" <<'END'
set print ARG2.".svg"
print "<svg></svg>"
set print ARG2.".png"
print "PNG"
END
run 2 tests/results/matrix/lab7.json -o "$tmp/failed"
[ "$(wc -l <"$tmp/err")" = 1 ] &&
	grep -q '\.png: cut short at 4 bytes' "$tmp/err" || bad=1
ls "$tmp/failed" >"$tmp/ls"
! grep -q 'svg\|png' "$tmp/ls" || bad=1
result $bad 'a cut PNG beside a whole SVG: neither' "$tmp/err" "$tmp/ls"
echo "1..$n"
