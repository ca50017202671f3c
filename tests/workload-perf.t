#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench workload --perf: recorded samples on the look-ups of a small kernel, and
# what is refused; and whether this machine says what it lacks.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test pfbench workload --perf, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
subcommand=workload

# On this machine: it works, or one line says what is missing, and nothing runs.
status=0
"$pfbench" workload --perf --record=here -- sh -c 'echo out; dd if=/dev/zero of=/dev/null bs=1M count=400 2>/dev/null' \
	>out 2>err || status=$?
case $status in
0) head -n 1 here | grep -qx '# pfbench samples 1' && [ ! -s out ] && bad=0 || bad=1 ;;
2) [ "$(grep -vc '^out$' err)" = 1 ] && [ ! -s out ] && [ ! -e here ] &&
	grep -qE 'cannot be sampled: .*(PMU|paranoid)|kptr_restrict|build-id|no sample was taken' err && bad=0 || bad=1 ;;
*) bad=1 ;;
esac
result "$bad" "this machine is sampled, or says why not" err out

case $(gcc -dumpmachine) in
x86_64*|aarch64*) ;;
*)
	echo "1..$n # look-ups are found on x86-64 and arm64"
	exit 0
	;;
esac
cat >page.c <<'END2'
enum pageflags { PG_locked, PG_head = 6 } flag;
struct page { unsigned long flags; union { struct { unsigned long compound_head; }; }; } page;
extern char _etext;
char *end = &_etext;
asm(".pushsection .text\n.globl _stext\n_stext:\n.popsection");
static inline __attribute__((always_inline)) unsigned long _compound_head(const struct page *p)
{
	return *(const volatile unsigned long *)&p->compound_head;
}
static inline __attribute__((always_inline)) int PageLocked(struct page *p)
{
	return *(volatile unsigned long *)_compound_head(p) & 1;
}
__attribute__((noinline)) int zap(struct page *p) { return PageLocked(p) + flag; }
int _start(void) { return zap(&page); }
END2
# kernel NAME OPTION...
kernel()
{
	out=$1
	shift
	gcc -g -O2 -ffreestanding -nostdlib -static -fno-toplevel-reorder \
		"$@" -Wl,--build-id -o "$out" page.c
}
kernel vmlinux
id=$(readelf -n vmlinux | sed -n 's/.*Build ID: //p')
# address SYMBOL
address()
{
	echo $((0x$(nm vmlinux | sed -n "s/ . $1\$//p")))
}
stext=$(address _stext) etext=$(address _etext) start=$(address _start)
"$pfbench" census --csv vmlinux >sites.csv
# the first address of a site in zap()
site()
{
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) f[$i] = i }
		$f["accessor"] == name { print $f["address"]; exit }' sites.csv
}
lookup=$(($(site _compound_head)))

# samples FILE ADDRESS COUNT...: with KASLR of 4 MiB
moved=$((4 << 20))
samples()
{
	file=$1 sum=0
	shift
	printf '%s %s\n' "$@" | sort -n >list
	while read -r _ count; do
		sum=$((sum + count))
	done <list
	{
		printf '# pfbench samples 1\n# release: 6.12.1-test\n'
		printf '# version: #1 SMP\n# machine: x86_64\n'
		printf '# build_id: %s\n# stext: %x\n' "$id" $((stext + moved))
		printf '# period: 100003\n# precise_ip: %s\n' "${precise:-0}"
		printf '# exact: %s\n# lost: 17\n# throttled: 2\n' "${exact:-0}"
		printf '# elsewhere: 3\n# samples: %s\n' "$sum"
		printf '# status: %s\n# command: make\n# command: -j8\n' \
			"${ended:-0}"
		while read -r at count; do
			printf '%x %s\n' $((at + moved)) "$count"
		done <list
	} >"$file"
}

samples good "$lookup" 10 "$start" 75 "$etext" 11 $((stext + (256 << 20))) 4
run 0 --perf --vmlinux=vmlinux -o good.json good
cat >wanted <<'END2'
Cycles in look-ups of make -j8
Linux 6.12.1-test, ARCH
sampled, an estimate: 100 samples, one per 100003 cycles of the kernel;
  lost 17, throttled 2 times
precise_ip 0, no exact address: samples have skid, they fall some
  instructions after the code that took the time
left out: 3 samples of user space or a hypervisor

  samples     share        95 %
      100                        in the kernel
       10   10.00 %  4.90-17.62    in accessors
       10   10.00 %  4.90-17.62    in look-ups
       15   15.00 %  8.65-23.53    outside of vmlinux (modules)

functions by samples in look-ups
  samples     share        95 %
       10   10.00 %  4.90-17.62  zap

look-ups by what hides them, innermost first
  samples     share        95 %
       10   10.00 %  4.90-17.62  _compound_head < PageLocked

accessors, with what is inlined in them
  samples     share        95 %
       10   10.00 %  4.90-17.62  PageLocked
       10   10.00 %  4.90-17.62  _compound_head
END2
sed -i 's/, \(x86-64\|arm64\)$/, ARCH/' out
diff wanted out >differs || bad=1
! grep -qE '.{73}|[^ -~]| $' out || bad=1
result "$bad" "samples on the look-ups of a kernel" differs err
run 0 good.json
sed -i 's/, \(x86-64\|arm64\)$/, ARCH/' out
diff wanted out >differs || bad=1
result "$bad" "the same from its JSON" differs err
tr -d ' \n' <good.json >flat
grep -q '"kind":"sampled,estimate"' flat && grep -q '"lost":17' flat &&
	grep -q '"lookup_samples":10,"lookup_share":{"mid":0.1' flat && bad=0 || bad=1
result "$bad" "its JSON" flat

precise=2 exact=99
samples exact "$lookup" 10 "$start" 90
run 0 --perf --vmlinux=vmlinux exact
grep -qx 'precise_ip 2: 99.0 % of the samples have an exact address' out || bad=1
result "$bad" "precise samples" out err
ended=3
samples failed "$lookup" 10
run 1 --perf --vmlinux=vmlinux -o failed.json failed
grep -qx 'PARTIAL: make ended with status 3' out && [ "$(wc -l <err)" = 1 ] &&
	grep -q '"partial": true' failed.json || bad=1
result "$bad" "a command that failed" out err

kernel other -DFLAG -O1
refused "the vmlinux of another kernel" "is not the vmlinux of the sampled kernel" \
	--perf --vmlinux=other good
strip -g vmlinux -o stripped
refused "no debug information" "stripped: no debug information" \
	--perf --vmlinux=stripped good
refused "no vmlinux" "no vmlinux of kernel 6.12.1-test" --perf good
head -n 16 good >short
refused "samples that are cut off" "it is cut off" --perf --vmlinux=vmlinux short
refused "another file" "vmlinux:1: " --perf --vmlinux=vmlinux vmlinux
refused "a result for samples" "not a file of samples" --perf --vmlinux=vmlinux good.json
refused "samples for a result" "good" good
refused "samples in a table of counts" "good.json: samples, not counts: show it alone" \
	"$top/tests/workload/munmap.json" good.json
refused "options of a guest" "are for a guest" --perf -k amd64-6.12 -- true
refused "two files" "one FILE" --perf good exact
refused "--record of a file" "put -- before" --perf --record=x good
refused "--record without --perf" "go with --perf" --record=x -- true
refused "a period that is none" "--period 10: not a number from 1000" --perf --period=10 -- true
refused "a record that cannot be written" "--record: " --perf --record=none/x -- true
subcommand=price
refused "the price of samples" "samples, not counts" good.json \
	"$top"/results/epyc-25-1-vm/replay-exec.json v5.18-fakehead v7.1-mask

echo "1..$n"
