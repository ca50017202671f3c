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

# counts FILE OPERATIONS SMALL HEAD TAIL [KERNEL INSTRUCTIONS]: of which look-ups
# have five each
counts()
{
	lookups=$(($3 + $4 + $5))
	cat >"$1" <<-END
		{ "pfbench_workload": 1, "kernel": "${6:-amd64-6.12}",
		  "release": "6", "version": "#1", "arch": "x86-64",
		  "build_id": "3bde", "emulator": "QEMU",
		  "command": ["zap", "100"],
		  "operations": $2, "operation": "unmapping",
		  "total": { "lookups": $lookups, "small": $3,
			"head": $4, "tail": $5, "hidden": 0,
			"fake_tested": 0, "fake": 0, "sites": 1,
			"lookup_instructions": $((5 * lookups)),
			"accessor_instructions": $((6 * lookups)),
			"kernel_instructions": ${7:-5000},
			"user_instructions": 7 },
		  "accessor": [], "function": [], "chain": [], "lookup": [] }
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
refused 'a count' 'bad.json: total: missing' price bad.json "$result" plain v7.1-mask
# Two kernels, of 100 operations each: 5 instructions per look-up
counts old.json 100 1000 200 800 amd64-6.1 90000
counts new.json 100 100 0 400 amd64-6.12 50000
old=$top/results/qemu-amd64-6.1/history.json.gz
new=$top/results/qemu-amd64-6.12/history.json.gz
cat >wanted <<'END'
zap 100
An estimate: the look-ups that were counted, times what compound_head()
costs in each kernel (native, instructions).

per unmapping                      amd64-6.1  amd64-6.12  difference
look-ups, counted                       20.0         5.0       -15.0
instructions in them, throughput       100.0        25.0       -75.0
instructions in them, latency           88.0        24.0       -64.0
instructions in them, counted          100.0        25.0       -75.0
of the kernel, counted                 900.0       500.0      -400.0
The difference that throughput predicts is 100.0 % of that counted in
look-ups.
It is 18.8 % of that counted in the kernel.
END
run 0 price --kernels old.json "$old" new.json "$new"
diff wanted out >differs || bad=1
! grep -qE '.{73}|[^ -~]| $' out || bad=1
result "$bad" "two kernels: predicted beside counted" differs err
# PageLocked() less its plain form: 4 on pages that are no tails, 5 on tails
run 0 price --kernels --accessor=PageLocked old.json "$old" new.json "$new"
near "$(awk '/in them, throughput/ { print $5 }' out)" 88
near "$(awk '/in them, throughput/ { print $6 }' out)" 24
result "$bad" "an accessor less its form without a look-up" out err
refused 'two workloads' 'different commands' price --kernels old.json "$old" \
	"$top/results/workload/amd64-6.12/exec-50.json" "$new"
refused 'two units' 'measure both alike' price --kernels old.json "$result" new.json "$new"
refused 'a result without native' 'no compound_head/native' price --kernels \
	old.json "$result" new.json "$result"

# A program of known time: 1000 operations in 1 ms, on the CPU of a result
cat >zap <<'END'
#!/bin/sh
echo "operations: 1000 unmapping"
echo "time: 1000000 ns"
END
chmod 755 zap
run 2 price --run=. --accessor=PageLocked small.json "$result" plain v7.1-mask
if grep -q 'measure both on one machine\|cycles per add of this CPU are not known' err; then
	[ "$(wc -l <err)" = 1 ] || bad=1
	result "$bad" "--run: the CPU is not that of the result" err
	gzip -dc "$result" |
		sed "s/\"cpu_id\": \"[^\"]*\"/\"cpu_id\": \"$(sed -n 's/.*this one is \([^:]*\):.*/\1/p' err)\"/" >here.json
else
	gzip -dc "$result" >here.json
fi
# the length of a cycle, which varies with the clock rate
"$pfbench" run --max-time=0.02 --patience=0 --events=none --out=cycle.json \
	'--benchmark_filter=^PageLocked/plain/small/hot/throughput$' >run.out 2>&1
"$pfbench" report cycle.json >cycle
run 0 price --run=. --accessor=PageLocked small.json here.json plain v7.1-mask
if grep -q 'cycles per add of this CPU are not known' err; then
	skip "a program that is run here" "the cycles of this CPU are not known"
else
	grep -q '^unmapping: [0-9]* runs here, in Linux .*, [0-9]* of them quiet' out || bad=1
	cycles=$(sed -n 's/^an operation takes *\([0-9.]*\) .*/\1/p' out)
	cycle=$(sed -n 's/^cycle (.*) \([0-9.]*\) ns.*/\1/p' cycle)
	awk -v c="$cycles" -v ns="$cycle" 'BEGIN {
		r = c * ns / 1000; exit !(ns > 0 && r > 0.7 && r < 1.4) }' || bad=1
	sum=$(sed -n 's/^per operation: \([-0-9.]*\) .*/\1/p' out | head -n 1)
	near "$(sed -n 's/^ *\([-0-9.]*\) .* % of its cycles$/\1/p' out | head -n 1)" \
		"$(awk -v s="$sum" -v c="$cycles" 'BEGIN { print 100 * s / c }')"
	result "$bad" "a program that is run here" out err
fi
printf '#!/bin/sh\nexit 3\n' >zap
refused '--run of a program that fails' 'zap ended with status 3' price --run=. \
	--accessor=PageLocked small.json here.json plain v7.1-mask
printf '#!/bin/sh\necho done\n' >zap
refused '--run of another program' "no lines 'operations: N UNIT'" price --run=. \
	--accessor=PageLocked small.json here.json plain v7.1-mask
refused '--run without the program' 'none/zap: ' price --run=none \
	--accessor=PageLocked small.json here.json plain v7.1-mask
refused '--run and --op-ns' 'one of' price --run=. --op-ns=1 small.json here.json \
	plain v7.1-mask

refused 'counts of instructions as costs' 'cannot be cycles' price --accessor=PageLocked \
	small.json "$top/results/qemu-amd64-6.12/counts-user.txt.gz" plain v7.1-mask

echo "1..$n"
