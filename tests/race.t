#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench race: it finds what is there, invents nothing, and says what it cannot
# know. How often is not asserted; that a stalled two-word look-up goes wrong at
# all is.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench race, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR

# run WANTED-STATUS ARGUMENT...: fills out and err, sets bad
run()
{
	want=$1 status=0 bad=0
	shift
	timeout 120 "$pfbench" race "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	if [ "$status" != "$want" ]; then
		echo "exit status $status" >>"$tmp/err"
		bad=1
	fi
}

# number KEY FILE: the figure of a file with one run
number()
{
	sed -n "s/^ *\"$1\": \([0-9]*\).*/\1/p" "$2"
}

# refused WHAT TEXT ARGUMENT...: status 2, and one line that has TEXT
refused()
{
	what=$1 text=$2
	shift 2
	run 2 "$@"
	[ "$(wc -l <"$tmp/err")" = 1 ] && [ ! -s "$tmp/out" ] || bad=1
	grep -qF -e "$text" "$tmp/err" || bad=1
	! grep -q '[^ -~]' "$tmp/err" || bad=1
	result $bad "$what" "$tmp/err" "$tmp/out"
}

run 0 --list
grep -qx 'v3.14-rmb  *before flag-head head-again' "$tmp/out" || bad=1
grep -qx 'v7.1-mask  *before' "$tmp/out" || bad=1
! grep -qE '^(plain|primitive|selftest)' "$tmp/out" || bad=1
result $bad 'which look-up can be held up where' "$tmp/out" "$tmp/err"

run 0 --list --accessor=SetPageDirty
grep -qx 'v7.1-mask  *before head-flag' "$tmp/out" || bad=1
! grep -q twobit "$tmp/out" || bad=1
result $bad 'and an accessor before its flag' "$tmp/out" "$tmp/err"

# the judge, by what is planted while the writers run
for kind in stale garbage; do
	for gen in v3.14-rmb v4.4-word v7.1-mask order-in-flags; do
		run 0 --plant=$kind --generation=$gen --time=0.3 \
			--out="$tmp/plant.json"
		planted=$(number planted "$tmp/plant.json")
		seen=$(number $kind "$tmp/plant.json")
		[ "$planted" -gt 0 ] || bad=1
		# the two-word look-up has garbage of its own
		[ "$seen" -ge "$planted" ] || bad=1
		[ $gen = v3.14-rmb ] || [ "$seen" = "$planted" ] || bad=1
		result $bad "$gen: $kind, planted $planted, seen $seen" \
			"$tmp/out" "$tmp/err"
	done
done

# with the splitters locked out nothing can be found: nothing is invented
run 0 --protocol=ptl,frozen --time=0.3 --out="$tmp/safe.json"
[ "$(grep -c '"generation"' "$tmp/safe.json")" = 18 ] || bad=1
[ "$(grep -cE '"(stale|garbage)": 0' "$tmp/safe.json")" = 36 ] || bad=1
result $bad 'who holds what forbids a split finds nothing' "$tmp/out" \
	"$tmp/err"

if [ "$(nproc)" -lt 2 ]; then
	skip 'a two-word look-up that is held up goes wrong' 'one CPU'
	skip 'a one-word look-up does not' 'one CPU'
else
	run 0 --generation=v2.6.26-bit --stall=inside:1000 --time=5 \
		--out="$tmp/two.json"
	[ "$(number garbage "$tmp/two.json")" -gt 0 ] || bad=1
	result $bad 'a two-word look-up that is held up goes wrong' \
		"$tmp/out" "$tmp/err"
	run 0 --generation=v4.4-word,v7.1-mask,order-in-flags \
		--stall=inside:1000 --time=1 --out="$tmp/one.json"
	[ "$(grep -cE '"(stale|garbage)": 0' "$tmp/one.json")" = 6 ] || bad=1
	grep -q 'delayed at before' "$tmp/out" || bad=1
	! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
	result $bad 'a one-word look-up does not' "$tmp/out" "$tmp/err"
fi

# found WHAT GENERATION SECONDS KIND: a busy machine may need another go
found()
{
	for go in 1 2 3; do
		run 0 --generation="$2" --time="$3" --out="$tmp/free.json"
		[ "$(number "$4" "$tmp/free.json")" = 0 ] || break
		echo "go $go found none" >>"$tmp/err"
	done
	[ "$(number "$4" "$tmp/free.json")" -gt 0 ] || bad=1
	result $bad "$1" "$tmp/out" "$tmp/err"
}

# what must be so with two CPUs
if [ "$(nproc)" -lt 2 ]; then
	skip 'the two-word race is found without any delay' 'one CPU'
	skip 'old heads are seen where a word outlives a split' 'one CPU'
	skip 'one word and the mask: none in 10^9 look-ups, or 50 s' 'one CPU'
else
	found 'the two-word race is found without any delay' v3.14-rmb 10 \
		garbage
	found 'old heads are seen where a word outlives a split' \
		v2.6.26-bit 3 stale
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
result $bad 'a delay is over when the time is' "$tmp/out" "$tmp/err"

for by in spin sleep signal; do
	run 0 --generation=v3.14-rmb --stall=flag-head:20000 --by=$by \
		--time=0.3 --out="$tmp/by.json"
	[ "$(number delays "$tmp/by.json")" -gt 0 ] || bad=1
	[ "$(number delay_measured_ns "$tmp/by.json")" -ge 20000 ] || bad=1
	result $bad "held up by: $by" "$tmp/out" "$tmp/err"
done

cpu=$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')
run 0 --generation=v4.4-word --cpus="$cpu" --time=0.3
grep -q 'n/a (see below)' "$tmp/out" || bad=1
grep -q 'one CPU: they took turns' "$tmp/out" || bad=1
! grep -q 'none: below' "$tmp/out" || bad=1
result $bad 'on one CPU nothing is promised' "$tmp/out" "$tmp/err"

run 0 "$tmp/one.json"
cp "$tmp/out" "$tmp/shown"
run 0 --out="$tmp/again.json" "$tmp/one.json"
cmp "$tmp/one.json" "$tmp/again.json" >>"$tmp/err" || bad=1
cmp "$tmp/shown" "$tmp/out" >>"$tmp/err" || bad=1
result $bad 'a file is shown again, and written again the same' "$tmp/err"

# to the program alone: a second signal kills at once
status=0
timeout --foreground -s INT 1 "$pfbench" race --generation=v4.4-word --time=60 \
	--out="$tmp/cut.json" >"$tmp/out" 2>"$tmp/err" || status=$?
bad=0
grep -q '"partial": true' "$tmp/cut.json" || bad=1
grep -q 'interrupted after' "$tmp/out" || bad=1
result $bad 'interrupted: what is done is kept, and said to be partial' \
	"$tmp/out" "$tmp/err"

sed '0,/"partial": false/s//"partial": true/' "$tmp/one.json" >"$tmp/some.json"
run 0 --out="$tmp/again.json" "$tmp/some.json"
cmp "$tmp/some.json" "$tmp/again.json" >>"$tmp/err" || bad=1
grep -qx 'partial: not all requested runs are complete' "$tmp/out" || bad=1
result $bad 'and a file that was partial stays so' "$tmp/out" "$tmp/err"

run 2 --generation=v4.4-word --time=0.1 --out=/proc/none/x
grep -q '^v4.4-word ' "$tmp/out" || bad=1
result $bad 'what cannot be written is shown' "$tmp/out" "$tmp/err"

# files that no run of ours has written
for wrong in '"lookups": 0' '"lookups": "many"' '"lookups": 1.5' \
	'"garbage": 5' '"seconds": null' '"seconds": 0' \
	'"first_s": -1e300' '"dispersion": 0.5'; do
	key=${wrong%:*}
	sed "s/^\( *$key:\) [^,]*/ $wrong/" "$tmp/one.json" >"$tmp/odd.json"
	refused "not believed: $wrong" 'is invalid' "$tmp/odd.json"
done

refused 'an option of a run beside a file' '--protocol applies to a new run' \
	--protocol=ref "$tmp/one.json"
refused 'an accessor beside a file' '--accessor applies to a new run' \
	--accessor=PageDirty "$tmp/one.json"
refused 'an option of a run beside --list' '--list lists every look-up' --list --by=spin
refused 'a CPU twice' 'said twice' --cpus="$cpu,$cpu"
refused 'a delay twice' 'said twice' --stall=inside:100,100
refused 'no such generation' "no generation 'v9'" --generation=v9
refused 'a generation that looks nothing up' 'looks no head up' \
	--generation=plain
refused 'an accessor that is none' 'not one of compound_head' \
	--accessor=PageMagic
refused 'a protocol that is none' "no protocol 'hope'" --protocol=hope
refused 'an unknown window' "no window 'nowhere'" --stall=nowhere:10
refused 'a stall without a length' 'not WHERE:NS' --stall=flag-head
refused 'a length that is none' "'x'" --stall=flag-head:x
refused 'a flag where there is none' 'touches no flag' --stall=head-flag:10
refused 'a kind that is none' 'no such kind' --by=magic
refused 'by without a stall' 'without --stall' --by=spin
refused 'no time' 'not a number of seconds' --time=0
refused 'a CPU that is not there' "'9999'" --cpus=9999
refused 'no readers' 'not a number from 1' --readers=0
refused 'an option that is none' '--magic' --magic
refused 'a file that is not there' 'nowhere' nowhere
refused 'a file of another kind' 'not a file of pfbench race' \
	tests/golden/run.json

echo "1..$n"
