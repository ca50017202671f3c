#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pfbench workload in a guest: a workload of known counts comes out exact, twice
# the same to the byte; and what does not end well is marked.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench workload in guests, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
# shellcheck source=scripts/guest-common.sh
. "$top/scripts/guest-common.sh"
kernel=amd64-6.12
reason=$("$top/scripts/workload-fetch" -n 2>&1) ||
	{ echo "1..0 # SKIP $reason"; exit 0; }
[ -s "$guest_cache/kernels/$kernel/vmlinux" ] || {
	echo "1..0 # SKIP no debug information: run scripts/guest-fetch -d $kernel"
	exit 0
}
# not in parallel: the first of the runs would build for the others, too
"$top/scripts/guest-enter" make -s B=build/guest/amd64 \
	PLUGIN_INCLUDE=/opt/pfbench-qemu/include plugin workloads >"$tmp/log" 2>&1 || {
	result 1 "the plugin and the workloads are built without a warning" "$tmp/log"
	echo "1..$n"
	exit 0
}
[ ! -s "$tmp/log" ] && bad=0 || bad=1
result "$bad" "the plugin and the workloads are built without a warning" "$tmp/log"
cd "$tmp"

# Values of a result are one per line, and functions have their name after them.
# figure FILE KEY: of the total
figure()
{
	sed -n '/^ "total": {$/,/^ }/s/^  "'"$2"'": \([0-9]*\),*$/\1/p' "$1"
}

# of_function FILE NAME KEY
of_function()
{
	sed -n '/^ "function": \[$/,/^ \]/p' "$1" | awk -v name="$2" -v key="$3" '
		$1 == "\"" key "\":" { value = $2 + 0 }
		$1 == "\"function\":" && $2 == "\"" name "\"," { print value }'
}

# sum FILE TABLE KEY: over the rows of a table
sum()
{
	sed -n '/^ "'"$2"'": \[$/,/^ \]/p' "$1" | awk -v key="$3" '
		$1 == "\"" key "\":" { sum += $2 }
		END { print sum + 0 }'
}

# is TITLE GOT WANTED
is()
{
	echo "got $2, not $3" >why
	[ "$2" = "$3" ] && bad=0 || bad=1
	result "$bad" "$1" why
}

N=700
cc=gcc
[ "$(gcc -dumpmachine)" = x86_64-linux-gnu ] || cc=x86_64-linux-gnu-gcc
$cc -static -O2 -std=gnu11 -D_GNU_SOURCE -o known "$top/tests/workload/known.c"
# another kernel's vmlinux, for what the reader wants of it
cat >other.c <<'END'
enum pageflags { PG_locked, PG_head = 6 } flag;
struct page { unsigned long flags; union { struct { unsigned long compound_head; }; }; } page;
static inline __attribute__((always_inline)) unsigned long _compound_head(const struct page *p)
{
	return *(const volatile unsigned long *)&p->compound_head;
}
unsigned long _start(void) { return _compound_head(&page); }
END
$cc -O2 -g -ffreestanding -nostdlib -static -Wl,--build-id -o other other.c

# a kernel that was built in a directory, as Debian built it
mkdir -p tree-of-kernel/arch/x86/boot
ln -s "$guest_cache/kernels/$kernel/vmlinux" tree-of-kernel/vmlinux
ln -s "$guest_cache/kernels/$kernel/vmlinuz" tree-of-kernel/arch/x86/boot/bzImage
echo CONFIG_X86_64=y >tree-of-kernel/.config

# a directory of files for a guest
mkdir -p tree/opt
printf '#!/bin/sh\nexit 3\n' >tree/opt/fails
chmod 755 tree/opt/fails

# workload NAME ARGUMENT...: runs pfbench workload; NAME.out, NAME.err, NAME.status
workload()
{
	name=$1
	shift
	status=0
	"$pfbench" workload -k $kernel "$@" >"$name.out" 2>"$name.err" || status=$?
	echo "$status" >"$name.status"
}

# two at a time
workload first -v -i known -o first.json -- known $N &
workload second -i known -o second.json --sequence=second.seq -- known $N &
wait
workload failed -i tree -o failed.json -- /opt/fails &
workload stopped -o stopped.json -- sh -c 'poweroff -f' &
wait
workload other --vmlinux="$tmp/other" -o other.json -- true &
workload fake -k ./tree-of-kernel -o fake.json -- kpageflags 4 hugetlb &
wait

is "a workload of known counts" "$(cat first.status)$(cat first.out second.err | wc -c)" \
	"0$(wc -c <second.out)"
cmp first.json second.json >why 2>&1 && bad=0 || bad=1
result "$bad" "two runs write the same bytes" why

# The clock of the guest and the plugin count the same instructions. In each of
# the four windows the plugin counts one more, the second reading of the clock;
# and it counts each write that faults twice.
ticks=$(sed -n 's/^ticks: //p' first.err)
all=$(($(figure first.json user_instructions) +
	$(figure first.json kernel_instructions) -
	$(figure first.json string_instructions) +
	$(figure first.json string_iterations)))
is "instructions, as the clock of the guest has them" "$all" "$((ticks + 4 + N))"
[ "$ticks" -gt $((N * 1000)) ] && bad=0 || bad=1
result "$bad" "which ran"
[ "$(figure first.json string_iterations)" -gt $((N * 4000)) ] &&
	[ "$(figure first.json string_instructions)" -lt $((N * 40)) ] && bad=0 || bad=1
result "$bad" "an instruction that clears a page is one, with its iterations apart"

# runs KIND [SITE]: look-ups of the sequence
runs()
{
	awk -v kind="$1" -v name="${2:-}" '
		$1 == "site" { site[$2] = $3 }
		$2 == kind && (name == "" || site[$1] == name) { sum += $3 }
		END { print sum + 0 }' second.seq
}
for kind in tail head small; do
	is "$kind pages in their order: as many as in the total" \
		"$(runs $kind)" "$(figure first.json $kind)"
done
is "small pages of zap_pte_range() in the sequence" \
	"$(runs small unmap_page_range)" $N
run 0 sequence second.seq
result "$bad" "pfbench sequence reads it" out err

# zap_pte_range(): one look-up for each mapped page
is "look-ups of zap_pte_range()" "$(of_function first.json unmap_page_range lookups)" \
	$((2 * N))
is "of them on small pages" "$(of_function first.json unmap_page_range small)" $N
is "of them on tail pages" "$(of_function first.json unmap_page_range tail)" $N
is "of them hidden" "$(of_function first.json unmap_page_range hidden)" 0
# free_pages_and_swap_cache(): one look-up for each page of the batch
is "tail pages that are freed" "$(of_function first.json free_pages_and_swap_cache tail)" $N
is "small pages that are freed" "$(of_function first.json free_pages_and_swap_cache small)" $N
# 511 tail pages for each huge page of which nothing is mapped any more
is "tail pages that are checked when a huge page is freed" \
	"$(of_function first.json free_tail_page_prepare tail)" 511
is "pages of unknown kind" "$(figure first.json unread)" 0

for key in lookups tail head small hidden lookup_instructions; do
	is "$key: functions add up to the total" "$(sum first.json function $key)" \
		"$(figure first.json $key)"
	is "$key: chains add up to the total" "$(sum first.json chain $key)" \
		"$(figure first.json $key)"
	is "$key: look-ups add up to the total" "$(sum first.json lookup $key)" \
		"$(figure first.json $key)"
done
is "instructions in accessors: functions add up to the total" \
	"$(sum first.json function accessor_instructions)" \
	"$(figure first.json accessor_instructions)"
is "tails, heads and small pages are all look-ups" \
	$(($(figure first.json tail) + $(figure first.json head) +
	$(figure first.json small))) "$(figure first.json lookups)"

# partial NAME WORDS: status 1, one line with WORDS, and the result is marked
partial()
{
	[ "$(cat "$1.status")" = 1 ] && [ "$(wc -l <"$1.err")" = 1 ] &&
		grep -q "$2.*: what was counted is marked partial" "$1.err" &&
		grep -q '"partial": true' "$1.json" &&
		[ "$(figure "$1.json" kernel_instructions)" -gt 100000 ] &&
		grep -q '^PARTIAL: ' "$1.out" && bad=0 || bad=1
	result "$bad" "$3" "$1.err" "$1.out"
}
partial failed "/opt/fails ended with status 3" "a command that fails, from a directory"
partial stopped "stopped before the command ended" "a guest that stops"
[ "$(cat other.status)" = 2 ] && [ "$(wc -l <other.err)" = 1 ] &&
	grep -q 'is not the vmlinux of the booted kernel: its build-id is' other.err &&
	[ ! -e other.json ] && bad=0 || bad=1
result "$bad" "the vmlinux of another kernel" other.err other.out

# HVO keeps one of the 8 pages of struct pages of a hugetlb page: the first in each
# of the other 7 is a fake head. stable_page_flags() looks each page up three times.
is "a kernel in a directory" "$(cat fake.status)$(wc -l <fake.err)" 00
is "fake heads of two pages of hugetlb" "$(of_function fake.json stable_page_flags fake)" \
	$((2 * 7 * 3))
[ "$(figure fake.json fake_tested)" -gt "$(figure fake.json fake)" ] && bad=0 || bad=1
result "$bad" "and other heads, which are none" fake.out

echo "1..$n"
