#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# On each kernel its own accessors cost exactly as many instructions as the
# replica of its generation: in the guests, whose clock counts them.

set -eu

case ${1:-} in
-h) echo "usage: $0: compare native accessors with their replicas, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"

# One loop of an object, as instructions with neither addresses nor registers'
# names: what is told of a difference.
instructions()
{
	case $1 in
	*/arm64-*) objdump=aarch64-linux-gnu-objdump ;;
	*) objdump=objdump ;;
	esac
	command -v "$objdump" >/dev/null || return 0
	"$objdump" -d --no-show-raw-insn "$1" |
		awk -v name="<$2>:" '/>:$/ { on = $2 == name; next }
			on { $1 = ""; sub(/ *[#<].*/, ""); print }'
}

# extra GUEST REPLICA POINT: mnemonics that the native loop has more or less of
extra()
{
	differs "$@" >/dev/null
	for side in replica native; do
		awk '{ print $1 }' $side.s | sort | uniq -c >$side.s.count
	done
	awk 'NR == FNR { had[$2] = $1; next } { d = $1 - had[$2] }
		d { printf "%s%s%d", s, $2 (d > 0 ? "+" : ""), d; s = " " }' \
		replica.s.count native.s.count
}

# differs GUEST REPLICA POINT: which instructions the two loops do not share
differs()
{
	case $3 in
	*/throughput) form=THROUGHPUT ;;
	*/cond) form=THROUGHPUT_COND ;;
	*) form=LATENCY ;;
	esac
	id=$(printf '%s' "$2" | tr '.-' '__')
	objects=$top/build/guest/$1/kmod
	loop=pf_loop_${3%%/*}_AUTO_$form
	instructions "$objects/loops-$id.o" "$loop" >replica.s
	instructions "$objects/native.o" "$loop" >native.s
	diff replica.s native.s | head -n 20
}

# within SLACK A B: two numbers, neither of them missing, no further apart
within()
{
	awk -v slack="$1" -v a="$2" -v b="$3" 'BEGIN {
		number = "^[0-9]+(\\.[0-9]+)?$"
		d = a - b
		exit !(a ~ number && b ~ number && d <= slack && -d <= slack)
	}'
}

# What differs, and why. As a condition: gcc inlines the kernel's
# folio_test_uptodate() (static inline) after it has looked for jumps that could
# be threaded through the barrier, ours (__always_inline) before. So the kernel
# makes a bool of the bit and tests that again: instructions on registers and a
# branch, not one load.
known_to_differ()
{
	[ "$1" = PageUptodate ] && [ "$name" != amd64-5.10 ] || return 0
	for pages in small tail; do
		point=PageUptodate/native/$pages/hot/throughput/cond
		mine=$(of "$file" "$point")
		theirs=$(of "$file" "PageUptodate/$replica/${point#*/*/}")
		extra "$name" "$replica" "$point" >why
		echo "# $name: $point $mine, replica $theirs: $(cat why)"
		loads=$(for side in replica native; do
			grep -vE '^ *(nop|lea|data16|cs)' $side.s | grep -cE '\(%r|\[x'
		done | uniq | wc -l)
		within 5 "$mine" "$theirs" && [ "$loads" = 1 ] && bad=0 || bad=1
		result "$bad" "$name: PageUptodate as a condition: no load more, $pages" why
	done
}

# measure GUEST REPLICA: into GUEST/r.json, and what was said into GUEST/said
measure()
{
	mkdir -p "$1"
	"$top/scripts/guest" -B -o "$1" "$1" pfbench run --backend=kmod --icount \
		--out=r.json --benchmark_filter="^($all)/($2|native)/(small|head|tail)/hot/(throughput|throughput/cond|latency)\$" \
		>"$1/said" 2>&1 || rm -f "$1/r.json"
}

# fidelity GUEST REPLICA: each native point beside that of the replica
fidelity()
{
	name=$1 replica=$2
	file=$name/r.json
	if [ ! -s "$file" ]; then
		result 1 "$name: measured" "$name/said"
		return
	fi
	result 0 "$name: measured"
	for accessor in $(echo "$accessors" | tr '|' ' '); do
		bad=0 compared=0
		: >why
		for point in $(costs "$file" | awk -v a="$accessor" \
				'index($1, a "/native/") == 1 { print $1 }'); do
			case $point in
			PageUptodate/*/cond)
				[ "$name" = amd64-5.10 ] || continue ;;
			esac
			other=$accessor/$replica/${point#"$accessor/native/"}
			compared=$((compared + 1))
			mine=$(of "$file" "$point") theirs=$(of "$file" "$other")
			# both are whole instructions over eight operations; the
			# clock adds some thousandths of one
			if ! within 0.004 "$mine" "$theirs"; then
				bad=1
				echo "$point $mine, $other $theirs" >>why
				differs "$name" "$replica" "$point" >>why
			fi
		done
		# SetPageDirty() returns nothing: no latency of its own, no branch
		known_to_differ "$accessor"
		expect=9
		case $accessor in
		SetPageDirty) expect=3 ;;
		PageUptodate) [ "$name" = amd64-5.10 ] || expect=6 ;;
		compound_head|page_folio) expect=6 ;;
		esac
		if [ "$compared" != "$expect" ]; then
			bad=1
			echo "$compared points of $accessor, not $expect" >>why
		fi
		result "$bad" "$name: $accessor costs what $replica costs" why
	done
}

# native_is GUEST REPLICA: the module says so itself
native_is()
{
	grep -q "\"native_is\": \"$2\"" "$1/r.json" && bad=0 || bad=1
	result "$bad" "$1: the module takes its kernel for $2"
}

pairs="amd64-5.10:v4.4-word amd64-6.1:v5.18-fakehead
	amd64-6.12:v5.18-fakehead amd64-7.3:v7.1-mask arm64-6.12:v4.4-word"
all='PageLocked|SetPageDirty|PageUptodate|compound_head|page_folio|page_folio_test_locked'

# two at a time: what else the machine does is nothing to them
there=
for pair in $pairs; do
	has "${pair%:*}" || continue
	there="$there $pair"
	measure "${pair%:*}" "${pair#*:}" &
	[ -z "${before:-}" ] || wait "$before"
	before=$!
done
wait

for pair in $there; do
	accessors='PageLocked|SetPageDirty|PageUptodate|compound_head'
	case $pair in
	*-5.10:*) ;;
	*) accessors=$all ;;
	esac
	fidelity "${pair%:*}" "${pair#*:}"
	native_is "${pair%:*}" "${pair#*:}"
done

if ! has amd64-6.1; then
	echo "1..$n"
	exit 0
fi
# The key of the vmemmap optimisation on: the same of the fake-head look-up,
# on hugetlb pages whose heads are fake in truth.
guest -m 512 -k hugetlb_free_vmemmap=on -o hvo amd64-6.1 sh -c '
	echo 8 >/proc/sys/vm/nr_hugepages
	grep HugePages_Total /proc/meminfo >&2
	pfbench run --backend=kmod --icount --out=r.json \
		--benchmark_filter="^PageLocked/(v5.18-fakehead-hvo|native)/(small|head|tail)/hot/(throughput|latency)\$" &&
	pfbench run --backend=kmod --icount --out=real.json \
		--benchmark_filter="^(PageLocked|PageTail)/native/(head|tail)/hot/throughput/(hugetlb|fake)\$"'
[ "$status" = 0 ] && bad=0 || bad=1
result "$bad" "HVO on: measured, hugetlb pages with fake heads too" out err
if [ "$bad" = 0 ]; then
	native_is hvo v5.18-fakehead-hvo
	bad=0
	: >why
	for rest in small/hot/throughput tail/hot/throughput small/hot/latency \
			tail/hot/latency; do
		mine=$(of hvo/r.json "PageLocked/native/$rest")
		theirs=$(of hvo/r.json "PageLocked/v5.18-fakehead-hvo/$rest")
		# one small page in 64 begins a page of struct pages: whose, is luck
		within 0.1 "$mine" "$theirs" || {
			bad=1
			echo "$rest: native $mine, replica $theirs" >>why
			differs amd64-6.1 v5.18-fakehead-hvo "PageLocked/native/$rest" >>why
		}
	done
	result "$bad" "HVO on: PageLocked costs what v5.18-fakehead-hvo costs" why
	tail=$(of hvo/real.json PageLocked/native/tail/hot/throughput/hugetlb)
	fake=$(of hvo/real.json PageLocked/native/tail/hot/throughput/fake)
	within 100 "$fake" "$tail" &&
		awk "BEGIN { exit !($fake > $tail) }" && bad=0 || bad=1
	echo "tail $tail, fake head $fake" >why
	result "$bad" "HVO on: a fake head costs more than a tail that looks like one" why
fi

# Without it there are none, and that is said.
guest amd64-6.1 pfbench run --backend=kmod --icount --out=r.json \
	'--benchmark_filter=^PageTail/native/tail/hot/throughput/fake$'
[ "$status" = 2 ] && grep -q 'no huge pages\|no .* of huge pages\|no fake heads' out && bad=0 || bad=1
result "$bad" "no fake heads: said so, in a line" out err

# Memory of the caller's in every form that every kernel has.
guest -o user amd64-6.1 sh -c 'echo 4 >/proc/sys/vm/nr_hugepages
	pfbench run --backend=kmod --icount --out=r.json \
	--benchmark_filter="^PageLocked/native/(small|head|tail)/hot/throughput/(anon|thp|hugetlb|file)\$"'
bad=0
for point in small/hot/throughput/anon small/hot/throughput/file \
		head/hot/throughput/thp tail/hot/throughput/thp \
		head/hot/throughput/hugetlb tail/hot/throughput/hugetlb; do
	[ -n "$(of user/r.json "PageLocked/native/$point" 2>/dev/null)" ] || {
		bad=1
		echo "no $point" >>out
	}
done
result "$bad" "anonymous, huge, hugetlb and page cache memory is measured" out err

echo "1..$n"
