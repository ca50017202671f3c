#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run-tests: alone
#
# pfbench race finds bad heads, reports no right one as bad, and says what it
# cannot decide. A delayed two-word look-up must fail, however often.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench race, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=race
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR

# number KEY FILE: the figure of a file with one run
number()
{
	sed -n "s/^ *\"$1\": \([0-9]*\).*/\1/p" "$2"
}

run 0 --list
grep -qx 'v3.14-rmb  *before flag-head head-again' "$tmp/out" || bad=1
grep -qx 'v7.1-mask  *before' "$tmp/out" || bad=1
! grep -qE '^(plain|primitive|selftest)' "$tmp/out" || bad=1
result $bad 'the windows of each look-up' "$tmp/out" "$tmp/err"

run 0 --list --accessor=SetPageDirty
grep -qx 'v7.1-mask  *before head-flag' "$tmp/out" || bad=1
! grep -q twobit "$tmp/out" || bad=1
result $bad 'the window of an accessor before its flag' "$tmp/out" "$tmp/err"

# the judge must see bad answers that are injected while the writers run
for kind in stale garbage; do
	for gen in v3.14-rmb v4.4-word v7.1-mask order-in-flags; do
		run 0 --plant=$kind --generation=$gen --time=0.3 \
			--out="$tmp/inject.json"
		injected=$(number planted "$tmp/inject.json")
		seen=$(number $kind "$tmp/inject.json")
		[ "$injected" -gt 0 ] || bad=1
		# the two-word look-up finds garbage by itself
		[ "$seen" -ge "$injected" ] || bad=1
		[ $gen = v3.14-rmb ] || [ "$seen" = "$injected" ] || bad=1
		result $bad "$gen: $kind, injected $injected, seen $seen" \
			"$tmp/out" "$tmp/err"
	done
done

# no split during a look-up: no bad head
run 0 --protocol=ptl,frozen --time=0.3 --out="$tmp/safe.json"
[ "$(grep -c '"generation"' "$tmp/safe.json")" = 22 ] || bad=1
[ "$(grep -cE '"(stale|garbage)": 0' "$tmp/safe.json")" = 44 ] || bad=1
result $bad 'a reader that prevents splits finds no bad head' "$tmp/out" \
	"$tmp/err"

if [ "$(nproc)" -lt 2 ]; then
	skip 'a delayed two-word look-up fails' 'one CPU'
	skip 'a delayed one-word look-up does not' 'one CPU'
else
	run 0 --generation=v2.6.26-bit --stall=inside:1000 --time=5 \
		--out="$tmp/two.json"
	[ "$(number garbage "$tmp/two.json")" -gt 0 ] || bad=1
	result $bad 'a delayed two-word look-up fails' "$tmp/out" "$tmp/err"
	run 0 --generation=v4.4-word,v7.1-mask,order-in-flags \
		--stall=inside:1000 --time=1 --out="$tmp/one.json"
	[ "$(grep -cE '"(stale|garbage)": 0' "$tmp/one.json")" = 6 ] || bad=1
	grep -q 'delayed at before' "$tmp/out" || bad=1
	# each row has the mean of delays that took place
	[ "$(grep -cE '^[vo].* ns$' "$tmp/out")" = 3 ] || bad=1
	! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
	result $bad 'a delayed one-word look-up does not' "$tmp/out" \
		"$tmp/err"
fi

if [ "$(nproc)" -lt 2 ]; then
	skip 'the two-word race is found without a delay' 'one CPU'
	skip 'one word and the mask: none in 10^9 look-ups, or 50 s' 'one CPU'
else
	for attempt in 1 2 3; do
		run 0 --generation=v3.14-rmb --time=10 --out="$tmp/free.json"
		[ "$(number garbage "$tmp/free.json")" = 0 ] || break
		echo "attempt $attempt found none" >>"$tmp/err"
	done
	[ "$(number garbage "$tmp/free.json")" -gt 0 ] || bad=1
	result $bad 'the two-word race is found without a delay' "$tmp/out" \
		"$tmp/err"
	run 0 --generation=v4.4-word,v7.1-mask --lookups=1e9 --time=50 \
		--out="$tmp/free.json"
	[ "$(grep -cE '"(stale|garbage)": 0' "$tmp/free.json")" = 4 ] || bad=1
	result $bad 'one word and the mask: none in 10^9 look-ups, or 50 s' "$tmp/out" \
		"$tmp/err"
fi

# delays end with the run
began=$(date +%s)
run 0 --generation=v3.14-rmb --stall=inside:9000000000 --by=sleep --time=0.2
[ $(($(date +%s) - began)) -lt 8 ] || bad=1
grep -q 'no look-up' "$tmp/out" || bad=1
result $bad 'a delay ends with the run' "$tmp/out" "$tmp/err"

for by in spin sleep signal; do
	run 0 --generation=v3.14-rmb --stall=flag-head:20000 --by=$by \
		--time=0.3 --out="$tmp/by.json"
	[ "$(number delays "$tmp/by.json")" -gt 0 ] || bad=1
	[ "$(number delay_measured_ns "$tmp/by.json")" -ge 20000 ] || bad=1
	result $bad "delayed by: $by" "$tmp/out" "$tmp/err"
done

cpu=$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')
run 0 --generation=v4.4-word --cpus="$cpu" --time=0.3
grep -q 'n/a (see below)' "$tmp/out" || bad=1
grep -q 'one CPU: they took turns' "$tmp/out" || bad=1
! grep -q 'none: below' "$tmp/out" || bad=1
result $bad 'on one CPU the report has n/a' "$tmp/out" "$tmp/err"

run 0 "$tmp/one.json"
cp "$tmp/out" "$tmp/shown"
run 0 --out="$tmp/again.json" "$tmp/one.json"
cmp "$tmp/one.json" "$tmp/again.json" >>"$tmp/err" || bad=1
cmp "$tmp/shown" "$tmp/out" >>"$tmp/err" || bad=1
result $bad 'a file is shown and written again without a difference' "$tmp/err"

# only to the program: a second signal kills it
status=0
timeout --foreground -s INT 1 "$pfbench" race --generation=v4.4-word --time=60 \
	--out="$tmp/cut.json" >"$tmp/out" 2>"$tmp/err" || status=$?
bad=0
grep -q '"partial": true' "$tmp/cut.json" || bad=1
grep -q 'interrupted after' "$tmp/out" || bad=1
result $bad 'an interrupted run is kept and marked as partial' \
	"$tmp/out" "$tmp/err"

sed '0,/"partial": false/s//"partial": true/' "$tmp/one.json" >"$tmp/some.json"
run 0 --out="$tmp/again.json" "$tmp/some.json"
cmp "$tmp/some.json" "$tmp/again.json" >>"$tmp/err" || bad=1
grep -qx 'partial: not all requested runs are complete' "$tmp/out" || bad=1
result $bad 'a partial file stays partial' "$tmp/out" "$tmp/err"

run 2 --generation=v4.4-word --time=0.1 --out=/dev/full
grep -q '^v4.4-word ' "$tmp/out" || bad=1
result $bad 'results that cannot be written are shown' "$tmp/out" "$tmp/err"

# files that no run can have written
for wrong in '"lookups": 0' '"lookups": "many"' '"lookups": 1.5' \
	'"garbage": 5' '"seconds": null' '"seconds": 0' \
	'"first_s": -1e300' '"dispersion": 0.5'; do
	key=${wrong%:*}
	sed "s/^\( *$key:\) [^,]*/ $wrong/" "$tmp/one.json" >"$tmp/odd.json"
	refused "an impossible file: $wrong" 'odd.json: runs[0]' "$tmp/odd.json"
done
# far from anything that a run can measure
for wrong in '"delay_measured_ns": 1e300' '"seconds": 1e-300' \
	'"seconds": 1e300' '"first_s": 1e300' '"dispersion": 1e300'; do
	key=${wrong%:*}
	sed "s/^\( *$key:\) [^,]*/ $wrong/" "$tmp/one.json" >"$tmp/odd.json"
	key=${key#?}
	refused "a range: $wrong" "odd.json: runs[0].${key%?}: 1e" "$tmp/odd.json"
	grep -q ' is not in ' "$tmp/err" && bad=0 || bad=1
	result $bad 'with the range' "$tmp/err"
done

refused 'an option of a run beside a file' 'drop --protocol to show it' \
	--protocol=ref "$tmp/one.json"
refused 'an accessor beside a file' 'drop --accessor to show it' \
	--accessor=PageDirty "$tmp/one.json"
refused 'a file that cannot be made' '/proc/none/x: cannot be written' \
	--time=60 --out=/proc/none/x
refused 'a file without a name' '--out: the name of the output file is empty' \
	--time=60 --out=
refused 'a directory that cannot be made' '-o: /proc/none: ' --time=60 \
	-o /proc/none
refused 'a directory that cannot be written' '-o: /proc/race.txt: ' --time=60 \
	-o /proc
refused 'a directory without a name' '-o: the name of the directory' --time=60 \
	-o ''
refused 'a misspelt generation' "no generation 'v4.4'; the nearest is v4.4-word (" \
	--generation=v4.4
refused 'a misspelt protocol' "no protocol 'rfe'; the nearest is ref (" \
	--protocol=none,rfe
refused 'a misspelt window' "no window 'flaghead'; the nearest is flag-head (" \
	--stall=flaghead:10
refused 'a protocol twice' 'protocol ptl is given twice' --protocol=ptl,ptl
refused 'a file beside --list' '--list takes no file' --list "$tmp/one.json"
refused 'an option of a run beside --list' 'drop --by' --list --by=spin
refused 'a CPU twice' 'given twice' --cpus="$cpu,$cpu"
refused 'a delay twice' 'given twice' --stall=inside:100,100
refused 'no such generation' "no generation 'v9'" --generation=v9
refused 'a generation without a look-up' 'looks no head up' \
	--generation=plain
refused 'an unknown accessor' 'not one of compound_head' \
	--accessor=PageMagic
refused 'an unknown protocol' "no protocol 'hope'" --protocol=hope
refused 'an unknown window' "no window 'nowhere'" --stall=nowhere:10
refused 'a delay without a length' 'not WHERE:NS' --stall=flag-head
refused 'a length that is no number' "'x'" --stall=flag-head:x
refused 'a flag of compound_head' 'touches no flag' --stall=head-flag:10
refused 'an unknown kind of delay' 'no such kind' --by=magic
refused 'a kind without a delay' 'without --stall' --by=spin
refused 'no time' 'not a number of seconds' --time=0
refused 'an unavailable CPU' "'9999'" --cpus=9999
refused 'no readers' 'not a number from 1' --readers=0
refused 'an unknown option' '--magic' --magic
refused 'two --stall' 'given twice' --stall=before:1 --stall=before:2
refused 'two files' '2 files' "$tmp/one.json" "$tmp/one.json"
refused 'a missing file' 'nowhere' nowhere
refused 'a file of another kind' 'not a file of pfbench race' \
	tests/golden/run.json

echo "1..$n"
