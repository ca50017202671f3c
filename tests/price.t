#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench price: products, signs, sums and shares, of made-up counts and a kept
# result; and bad input.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test pfbench price, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
result=$(ls "$top"/results/epyc-26-2-vm/*-user.json.gz)

# counts FILE OPERATIONS SMALL HEAD TAIL
counts()
{
	cat >"$1" <<-END
		{ "pfbench_workload": 1, "kernel": "amd64-6.12",
		  "command": ["zap", "100"],
		  "operations": $2, "operation": "unmapping",
		  "total": { "lookups": $(($3 + $4 + $5)), "small": $3,
			"head": $4, "tail": $5, "kernel_instructions": 5000 } }
	END
}

# field MODE ROW N: the Nth field of a row, of the table of a mode
field()
{
	awk -v mode="$1" -v row="$2" -v n="$3" '
		NF == 0 { on = 0 }
		$1 == mode { on = 1 }
		on && $1 == row { gsub(/\+-/, ""); print $n }' out
}

# near A B: within two per cent or a hundredth
near()
{
	awk -v a="$1" -v b="$2" 'BEGIN {
		d = a - b; d = d < 0 ? -d : d; l = b < 0 ? -b : b
		exit !(a != "" && b != "" && d <= 0.02 * l + 0.01) }' || bad=1
}

counts small.json 2 2000 0 0
run 0 price --accessor=PageLocked small.json "$result" plain v7.1-mask
near "$(field throughput small 2)" 1000
near "$(field throughput small 5)" \
	"$(awk -v e="$(field throughput small 3)" 'BEGIN { print 1000 * e }')"
[ "$(field throughput small 3 | cut -c 1)" != - ] || bad=1
grep -q '^per unmapping: 1000.0 look-ups, 2500 instructions' out || bad=1
grep -q 'An estimate' out || bad=1
! grep -E '.{73}|[^ -~]' out >long || bad=1
result "$bad" "look-ups times the difference" out err
each=$(field latency small 3)
run 0 price --accessor=PageLocked small.json "$result" v7.1-mask plain
near "$(field latency small 3)" "-$each"
result "$bad" "the other way round: minus" out err

counts mixed.json 1 10 20 30
run 0 price --accessor=PageLocked mixed.json "$result" v4.4-word v7.1-mask
sum=$(awk '$1 == "throughput" { on = 1 } NF == 0 && on { exit }
	on && $1 ~ /^(small|head|tail)$/ { gsub(/\+-/, ""); s += $5 }
	END { print s }' out)
near "$(sed -n 's/^per operation: \([-0-9.]*\) .*/\1/p' out | head -n 1)" "$sum"
result "$bad" "the sum of the kinds" out err
run 0 price --accessor=PageLocked --op-ns=100,100,100,100,100,100,100,100 \
	mixed.json "$result" v4.4-word v7.1-mask
share=$(sed -n 's/^ *\([-0-9.]*\) .* % of its cycles$/\1/p' out | head -n 1)
cycle=$(sed -n 's/^cycle (.*) \([0-9.]*\) ns.*/\1/p' "$top"/results/epyc-26-2-vm/*/report.txt)
near "$share" "$(awk -v s="$sum" -v c="$cycle" 'BEGIN { print s * c }')"
result "$bad" "per cent of the cycles of an operation" out err

refused 'a point that the result lacks' 'no compound_head/v4.4-word/head/hot' \
	price mixed.json "$result" v4.4-word v7.1-mask
refused 'no counts' 'not a file of pfbench workload' price "$result" "$result" \
	plain v7.1-mask
refused 'a generation' "no generation 'v9'" price small.json "$result" v9 plain
refused 'few arguments' 'needs WORKLOAD' price small.json "$result" plain
refused 'a time' 'not a time in ns' price --op-ns=1,x small.json "$result" \
	plain v7.1-mask
sed 's/"tail": 0/"tail": "x"/' small.json >bad.json
refused 'a count' 'total.tail' price bad.json "$result" plain v7.1-mask
refused 'counts of instructions as costs' 'cannot be cycles' price --accessor=PageLocked \
	small.json "$top/results/qemu-amd64-6.12/counts-user.txt.gz" plain v7.1-mask

echo "1..$n"
