#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Recorded sequences: pfbench sequence, and pfbench run --population.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test recorded sequences, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

cat >zap.seq <<'END'
# pfbench sequence 1
# name: zap
# workload: runs of sixteen
# kernel: none
site 0 zap_pte_range
site 7 exec
END
i=0
while [ $((i += 1)) -le 500 ]; do
	printf '0 head 1\n0 tail 15\n7 small 16\n'
done >>zap.seq

# row SITE: fields of its line, but for the model of TAGE
row()
{
	awk -v site="$1" '$1 == site { print $2, $3, $4, $5 }' out
}

run 0 sequence zap.seq
grep -q '^zap: runs of sixteen, none$' out || bad=1
grep -q 'models' out || bad=1
# a counter is wrong at each head and at the first tail after it
[ "$(row zap_pte_range)" = "8000 93.75 0.337 6.25" ] ||
	[ "$(row zap_pte_range)" = "8000 93.75 0.337 6.26" ] || bad=1
[ "$(row exec)" = "8000 0.00 0.000 0.00" ] || bad=1
[ "$(row all | cut -d ' ' -f 1-3)" = "16000 46.88 0.997" ] || bad=1
! grep -E '.{73}|[^ -~]' out >long || bad=1
result "$bad" "the table of sites" out err
run 0 sequence --top=1 - <zap.seq
grep -q '^(1 others) *8000 ' out || bad=1
result "$bad" "the other sites are summed; standard input" out err

refused 'no file' 'name a recorded sequence' sequence
refused 'a file that is none' 'not a sequence' sequence /dev/null
refused 'a number of sites' 'not a number from' sequence --top=x zap.seq
sed 's/^0 tail 15/0 tale 15/' zap.seq >bad.seq
refused 'a kind of page' "bad.seq:8: no kind of page 'tale'" sequence bad.seq
refused 'a site without --population' 'only with --population' run --site=3
refused 'a site' 'not the number of a site' run --population=zap.seq --site=x
refused 'a site that is not there' 'fewer than 8 look-ups' \
	run --population=zap.seq --site=3
refused 'threads' 'not with --threads' run --population=zap.seq --threads=2
refused 'a sequence that was not read' "the sequence 'zap' was not read" \
	run --benchmark_filter='^PageLocked/plain/replay:zap/hot/latency$'

run 0 run --population=zap.seq --benchmark_list_tests
grep -qx 'PageLocked/v4.4-word/replay:zap/hot/latency/branch' out || bad=1
grep -qx 'PageLocked/v4.4-word/mixed:47/hot/latency' out || bad=1
grep -qx 'compound_head/v7.1-mask/small/hot/throughput' out || bad=1
result "$bad" "the points of a sequence" out err

# eight rounds of each: exact visits, times of no interest
run 0 run -q --rounds=8 --population=zap.seq --site=0 --out=zap.json \
	--benchmark_filter='^PageLocked/(plain|v4.4-word)/replay:zap/hot/latency'
grep -q '"visits": *{"head": 500, "small": 0, "tail": 7500}' zap.json ||
	tr -d ' \n' <zap.json |
	grep -q '"visits":{"small":0,"head":500,"tail":7500}' || bad=1
result "$bad" "the result has what was replayed" out err
run 0 report zap.json
grep -q 'replay:zap' out || bad=1
! grep -E '.{73}|[^ -~]' out >long || bad=1
result "$bad" "report has a column of the sequence" out err

echo "1..$n"
