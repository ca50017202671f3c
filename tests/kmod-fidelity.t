#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# On each kernel its own accessors cost exactly as many instructions as the
# replica of its generation, counted by the guests' clock. The counts are those
# of scripts/arches; older kernels are booted here.

set -eu

case ${1:-} in
-h)
	echo "usage: [ARCHES=DIR] [OBJECTS=DIR] $0: compare native accessors with their replicas, in TAP"
	exit 0
	;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
made=$(cd "$top" && realpath -m "${ARCHES:-build/arches}")
objects=$(cd "$top" && realpath -m "${OBJECTS:-build/guest}")
cd "$tmp"

# closed GUEST: set objdump; succeed, with the reason in closed, if the guest's
# objects cannot be read
closed()
{
	case ${1%%-*} in
	amd64) objdump=objdump ;;
	arm64) objdump=aarch64-linux-gnu-objdump ;;
	ppc64el) objdump=powerpc64le-linux-gnu-objdump ;;
	*) objdump=${1%%-*}-linux-gnu-objdump ;;
	esac
	if ! command -v "$objdump" >/dev/null; then
		closed="no $objdump (scripts/install-deps --tests)"
	elif [ ! -s "$objects/$1/kmod/native.o" ]; then
		closed="no objects of $1 (make guests)"
	else
		return 1
	fi
}

# instructions OBJECT LOOP: print a loop without addresses and targets. A local
# label (.L) does not end the loop.
instructions()
{
	"$objdump" -d --no-show-raw-insn "$1" |
		awk -v name="<$2>:" '
			/>:$/ { if ($2 !~ /^<\.L/) on = $2 == name; next }
			on && NF { $1 = ""; sub(/ *[#<].*/, ""); print }'
}

# loops GUEST REPLICA POINT: write the two loops into replica.s and native.s
loops()
{
	: >replica.s
	: >native.s
	! closed "$1" || return 0
	case $3 in
	*/throughput) form=THROUGHPUT ;;
	*/cond) form=THROUGHPUT_COND ;;
	*) form=LATENCY ;;
	esac
	id=$(printf '%s' "$2" | tr '.-' '__')
	loop=pf_loop_${3%%/*}_AUTO_$form
	instructions "$objects/$1/kmod/loops-$id.o" "$loop" >replica.s
	instructions "$objects/$1/kmod/native.o" "$loop" >native.s
}

# extra GUEST REPLICA POINT: mnemonics whose number differs in the native loop
extra()
{
	loops "$@"
	for side in replica native; do
		awk '{ print $1 }' $side.s | sort | uniq -c >$side.s.count
	done
	awk 'NR == FNR { had[$2] = $1; next } { d = $1 - had[$2] }
		d { printf "%s%s%d", s, $2 (d > 0 ? "+" : ""), d; s = " " }' \
		replica.s.count native.s.count
}

# differs GUEST REPLICA POINT: instructions that the two loops do not share
differs()
{
	loops "$@"
	diff replica.s native.s | head -n 20
}

# within SLACK A B: two numbers, neither missing, differ by at most SLACK
within()
{
	awk -v slack="$1" -v a="$2" -v b="$3" 'BEGIN {
		number = "^[0-9]+(\\.[0-9]+)?$"
		d = a - b
		exit !(a ~ number && b ~ number && d <= slack && -d <= slack)
	}'
}

# no_load_more: of the two loops compared last, the native one has as many loads
# in its text
no_load_more()
{
	for side in replica native; do
		grep -vE '^ *(nop|lea|data16|cs|lay? )' $side.s |
			grep -cE '\(%?[a-z]|\[x' >$side.loads || :
	done
	echo "loads: native $(cat native.loads), replica $(cat replica.loads)" >>why
	[ "$(cat native.loads)" -gt 0 ] || return 1
	cmp -s native.loads replica.loads
}

# RISC-V aligns the instruction that a static key patches to four bytes, if
# necessary with a nop of two bytes (asm/jump_label.h).
has_padding()
{
	case $1:$2 in
	riscv64-*:v5.18-fakehead) ;;
	*) return 1 ;;
	esac
}

# padded FIGURE GUEST REPLICA POINT: FIGURE plus the additional nops before the
# keys of the native loop. Tails do not reach the keys.
padded()
{
	if ! has_padding "$2" "$3" || [ "${4#*/tail/}" != "$4" ]; then
		echo "$1"
		return
	fi
	loops "$2" "$3" "$4"
	awk -v figure="$1" '
		FNR == 1 { file++; inside = 0 }
		$1 == "bnez" { inside = 1 }
		$1 == "ret" { inside = 0; done[file] = 1 }
		$1 == "nop" && inside && !done[file] { nops[file]++ }
		END { printf "%.3f\n", figure + (nops[2] - nops[1]) / 8 }' \
		replica.s native.s
}

# PageUptodate as a condition is known to differ: gcc inlines the kernel's
# folio_test_uptodate() (static inline) after jump threading, the replica
# (__always_inline) before. The kernel's code makes a bool of the bit and tests
# that: more instructions on registers and a branch, no load.
known_to_differ()
{
	[ "$1" = PageUptodate ] && [ "$name" != amd64-5.10 ] || return 0
	for pages in small tail; do
		what="$name: PageUptodate as a condition: no load more, $pages"
		if closed "$name"; then
			skip "$what" "$closed"
			continue
		fi
		point=PageUptodate/native/$pages/hot/throughput/cond
		mine=$(of "$file" "$point")
		theirs=$(of "$file" "PageUptodate/$replica/${point#*/*/}")
		extra "$name" "$replica" "$point" >why
		echo "# $name: $point $mine, replica $theirs: $(cat why)"
		within 5 "$mine" "$theirs" && no_load_more && bad=0 || bad=1
		result "$bad" "$what" why
	done
}

# measure GUEST REPLICA: write GUEST/points, and the messages into GUEST/log
measure()
{
	mkdir -p "$1"
	"$top/scripts/guest" -B -o "$1" "$1" pfbench run --backend=kmod --icount \
		--out=points --benchmark_filter="^($all)/($2|native)/($where)\$" \
		>"$1/log" 2>&1 || rm -f "$1/points"
}

# counted GUEST REPLICA: take GUEST/points from scripts/arches, or skip with a
# reason
counted()
{
	counts=$made/qemu-$1/counts-kmod.txt
	mkdir -p "$1"
	if [ -s "$counts" ]; then
		grep -E "^(# native_is:|($all)/($2|native)/($where)) " "$counts" \
			>"$1/points" || :
		return
	fi
	why="nothing counted (make arches counts)"
	if [ -d "$made" ]; then
		why=$(sed -n "s/^$1\(-small\)\{0,1\}: //p" "$made/skipped")
	fi
	if [ -n "$why" ]; then
		skip "$1" "$why"
		return 1
	fi
	echo "no $counts, and no reason in $made/skipped" >"$1/log"
}

# fidelity GUEST REPLICA: compare each native point with the replica's
fidelity()
{
	name=$1 replica=$2
	file=$name/points
	if [ ! -s "$file" ]; then
		result 1 "$name: measured" "$name/log"
		return
	fi
	result 0 "$name: measured"
	costs="costs what $replica costs"
	if has_padding "$name" "$replica" && closed "$name"; then
		skip "$name: each $costs" "$closed"
		return
	fi
	for accessor in $(echo "$accessors" | tr '|' ' '); do
		known_to_differ "$accessor"
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
			even=$(padded "$theirs" "$name" "$replica" "$point")
			[ "$even" = "$theirs" ] ||
				echo "# $name: $point $mine, replica $theirs: nops"
			# both are whole instructions per eight operations; the
			# clock adds a few thousandths
			! within 0.004 "$mine" "$even" || continue
			bad=1
			echo "$point $mine, $other $theirs" >>why
			differs "$name" "$replica" "$point" >>why
		done
		# SetPageDirty() returns nothing: no latency, no condition
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
		result "$bad" "$name: $accessor $costs" why
	done
	native_is "$name" "$replica" "$file"
}

# replica_of GUEST GENERATION ACCESSOR: the replica of a native accessor of the state
# of pages or of references
replica_of()
{
	case $3 in
	PageReserved|PageHWPoison|page_zonenum|page_to_nid|PageSlab_type|PageTable)
		echo plain ;;
	folio_*)
		case $1 in
		*-6.12|*-6.12-small) echo ref-cas-rcu ;;
		*) echo ref-cas ;;
		esac ;;
	*) echo "$2" ;;
	esac
}

# explained GUEST POINT: the difference that tests/guest/differences has for a native
# point; nothing if it has none
explained()
{
	awk -v guest="$1" -v point="$2" '
		BEGIN {
			split(point, part, "/")
			form = part[5] (part[6] ? "/" part[6] : "")
		}
		!/^#/ && $1 == guest && $2 == part[1] && $3 == form {
			print part[3] == "small" ? $4 : part[3] == "head" ? $5 : $6
		}' "$top/tests/guest/differences"
}

# states GUEST GENERATION: compare the native accessors of $states. One that costs
# another number must differ from its replica by the known one.
states()
{
	counts=$made/qemu-$1/counts-kmod.txt
	# fidelity has said why
	[ -s "$counts" ] || return 0
	grep -E "^($states)/" "$counts" >points
	cut -d / -f 1,2 points | sort -u | grep -c '/native$' >natives || :
	[ "$(cat natives)" -ge 8 ] && bad=0 || bad=1
	result "$bad" "$1: native accessors of states and of references" natives
	for accessor in $(echo "$states" | tr "|" " "); do
		replica=$(replica_of "$1" "$2" "$accessor")
		what="$1: $accessor costs what $replica costs"
		points=$(awk -v a="$accessor/native/" -v where="$where" \
			'index($1, a) == 1 && substr($1, length(a) + 1) ~ \
			"^" where "$" { print $1 }' points)
		[ -n "$points" ] || continue
		bad=0 same=y
		: >why
		for point in $points; do
			other=$accessor/$replica/${point#"$accessor/native/"}
			mine=$(of points "$point") theirs=$(of points "$other")
			! within 0.004 "$mine" "$theirs" || continue
			same=n
			known=$(explained "$1" "$point")
			[ -n "$known" ] && within 0.004 "$mine" \
				"$(awk "BEGIN { print $theirs + $known }")" && continue
			bad=1
			echo "$point $mine, $other $theirs: $(extra "$1" \
				"$replica" "$point")" >>why
		done
		[ "$same" = y ] || what="$what, but for a known difference"
		result "$bad" "$what" why
	done
}

# native_is WHAT REPLICA FILE: the module names its kernel's generation
native_is()
{
	grep -qE "^# native_is: $2\$|\"native_is\": \"$2\"" "$3" && bad=0 || bad=1
	result "$bad" "$1: the module takes its kernel for $2"
}

booted="amd64-5.10:v4.4-word amd64-6.1:v5.18-fakehead"
arches="amd64-6.12:v5.18-fakehead amd64-7.3:v7.1-mask
	arm64-6.12:v4.4-word arm64-7.3:v7.1-pointer
	riscv64-6.12:v5.18-fakehead
	ppc64el-6.12:v4.4-word ppc64el-7.2:v7.1-pointer
	s390x-6.12:v4.4-word s390x-7.2:v7.1-pointer"
# kernels that guest-fetch builds because the mirror lacks those above
small="ppc64el-6.12-small:v4.4-word s390x-6.12-small:v4.4-word"
for pair in $small; do
	if [ -d "$made/qemu-${pair%:*}" ]; then
		arches=$(echo "$arches" | sed "s/${pair%-small:*}:[^ ]*/$pair/")
	fi
done
all='PageLocked|SetPageDirty|PageUptodate|compound_head|page_folio|page_folio_test_locked'
states='PageReserved|PageHWPoison|PageAnon|PageSlab_type|PageTable|PageAnonExclusive_huge|page_zonenum|page_to_nid|page_count|get_put_page|folio_ref_count|folio_try_get_put'
where='(small|head|tail)/hot/(throughput|throughput/cond|latency)'

# two at a time: the load of the machine does not change their counts
there=
for pair in $booted; do
	has "${pair%:*}" || continue
	there="$there $pair"
	measure "${pair%:*}" "${pair#*:}" &
done
wait
for pair in $arches; do
	! counted "${pair%:*}" "${pair#*:}" || there="$there $pair"
done

for pair in $there; do
	accessors='PageLocked|SetPageDirty|PageUptodate|compound_head'
	case $pair in
	*-5.10:*) ;;
	*) accessors=$all ;;
	esac
	fidelity "${pair%:*}" "${pair#*:}"
done
for pair in $arches; do
	states "${pair%:*}" "${pair#*:}"
done

if ! has amd64-6.1; then
	echo "1..$n"
	exit 0
fi
# With HVO on: compare with the fake-head look-up, and measure hugetlb pages with
# real fake heads.
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
	native_is hvo v5.18-fakehead-hvo hvo/r.json
	bad=0
	: >why
	for rest in small/hot/throughput tail/hot/throughput small/hot/latency \
			tail/hot/latency; do
		mine=$(of hvo/r.json "PageLocked/native/$rest")
		theirs=$(of hvo/r.json "PageLocked/v5.18-fakehead-hvo/$rest")
		# one small page in 64 starts a page of struct pages, by chance
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

# Without HVO there are no fake heads: an error.
guest amd64-6.1 pfbench run --backend=kmod --icount --out=r.json \
	'--benchmark_filter=^PageTail/native/tail/hot/throughput/fake$'
[ "$status" = 2 ] && grep -q 'no huge pages\|no .* of huge pages\|no fake heads' out && bad=0 || bad=1
result "$bad" "no fake heads: an error in one line" out err

# The caller's memory of every kind that every kernel has.
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
