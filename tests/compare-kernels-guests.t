#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/compare-kernels of two guests: the code, and exact counts.

set -eu

case ${1:-} in
-h) echo "usage: $0: compare the kernels of two guests, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
needs amd64-6.1
needs amd64-6.12
cd "$tmp"
PFBENCH_CACHE=${PFBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfbench}
export PFBENCH_CACHE

status=0
"$top/scripts/compare-kernels" -q -d none --counts -o dir amd64-6.1 amd64-6.12 \
	>out 2>err || status=$?
[ "$status" = 1 ] && [ ! -s err ] && bad=0 || bad=1
result "$bad" "two kernels differ: status 1" out err
! grep -qE '.{73}|[^ -~]' out && bad=0 || bad=1
result "$bad" "the text is ASCII and 72 columns wide" out
changed=$(sed -n 's/^x86-64: the counts of \([0-9]*\) of [0-9]* points changed$/\1/p' out)
total=$(sed -n 's/^x86-64: the counts of [0-9]* of \([0-9]*\) points changed$/\1/p' out)
[ "${changed:-0}" -gt 0 ] && [ "${total:-0}" -gt 100 ] &&
	[ "$changed" -lt "$total" ] && bad=0 || bad=1
result "$bad" "the text says how many counts changed" out
# a row of the table is what two points of the files say
row=$(sed -n 's/^trylock_unlock_page  *\([0-9.]*\)>\([0-9.]*\) .*/\1 \2/p' out)
was=$(awk '/trylock_unlock_page\/native\/small\/hot\/throughput$/ { print $1, $3 }' \
	dir/counts-x86-64.txt)
[ -n "$row" ] && [ -n "$was" ] && awk -v a="$row" -v b="$was" 'BEGIN {
	split(a, x, " "); split(b, y, " ")
	exit !(x[1] + 0 == y[1] + 0 && x[2] + 0 == y[2] + 0) }' && bad=0 || bad=1
result "$bad" "a row of the table is what compare says of the point" out \
	dir/counts-x86-64.txt

status=0
"$top/scripts/compare-kernels" -q -d none --counts amd64-6.12 amd64-6.12 \
	>out 2>err || status=$?
[ "$status" = 0 ] && grep -q '^x86-64: the counts of 0 of ' out && bad=0 || bad=1
result "$bad" "a kernel and itself: no count changed, status 0" out err

echo "1..$n"
