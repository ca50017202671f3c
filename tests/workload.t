#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench workload without a guest: the text of results, and its errors. (Its
# counts: tests/workload-guests.t.)

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test pfbench workload, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
if ! "$pfbench" --help | grep -q '^  workload '; then
	echo "1..0 # SKIP this pfbench has no census, and so no workload"
	exit 0
fi
# shellcheck disable=SC2034 # used by run()
subcommand=workload
cd "$tmp"
result=$top/tests/workload/munmap.json

# shown WHAT WANTED ARGUMENT...: the text, to the letter, fit for a mail
shown()
{
	what=$1
	printf '%s\n' "$2" >wanted
	shift 2
	run 0 "$@"
	diff wanted out >differs || bad=1
	[ ! -s err ] || bad=1
	! grep -qE '.{73}|[^ -~]| $' out || bad=1
	result "$bad" "$what" differs err
}

shown "a result" "\
Look-ups executed by munmap 8 pieces
amd64-6.12: Linux 6.12.117+deb13-cloud-amd64, x86-64
counted by QEMU emulator version 10.0.13
4 operations: munmap of 2 MiB

      in all       each      share
      400000  100000.00             kernel instructions
       25000    6250.00     6.25 %    of them in accessors
       10000    2500.00     2.50 %    of them in look-ups
          47      11.75             user instructions
        2000     500.00             look-ups
         500     125.00    25.00 %    hidden in other accessors
        1500     375.00    75.00 %    on tail pages
         100      25.00     5.00 %    on head pages
         400     100.00    20.00 %    on small pages
          20       5.00     1.00 %    tested for a fake head
          10       2.50     0.50 %    found to be fake heads

functions by instructions in look-ups
  look-ups    tails  of kernel
      1500  100.0 %     1.99 %  unmap_page_range
       500    0.0 %     0.50 %  free_unref_folios
         0    0.0 %     0.01 %  do_madvise

look-ups by what hides them, innermost first
  look-ups    tails  of kernel
      1500  100.0 %     1.99 %  _compound_head < zap_present_ptes
                                < zap_pte_range < zap_pmd_range
                                < zap_pud_range
       500    0.0 %     0.50 %  _compound_head < PageAnon

accessors, with what is inlined in them
  look-ups    tails  of kernel
      2000   75.0 %     2.50 %  _compound_head" "$result"

run 0 --top=1 "$result"
[ "$(grep -c 'unmap_page_range$' out)" = 1 ] && ! grep -q free_unref_folios out || bad=1
result "$bad" "--top=1" out err

sed -e 's/"partial": false/"partial": true/' -e 's/"partial_reason": null/"partial_reason": "sh ended with status 3"/' \
	-e 's/"operations": 4/"operations": null/' -e 's/"bin.munmap", "8", "pieces"/"ls"/' \
	"$result" >part.json
sed 's/"lookup_instructions": [0-9]*/"lookup_instructions": 0/' "$result" >none.json
run 0 part.json
grep -qx 'PARTIAL: sh ended with status 3' out && ! grep -q ' each ' out &&
	! grep -q '^[0-9]* operations' out || bad=1
result "$bad" "a partial result without operations" out err

shown "several results" "\
Look-ups: executed per operation, their share of the kernel's
instructions, on tail pages, and hidden in other accessors

workload         kernel            each  of kernel   tails  hidden
munmap 8 pieces  amd64-6.12       500.0     2.50 %  75.0 %  25.0 %
ls (partial)     amd64-6.12  2000 (all)     2.50 %  75.0 %  25.0 %

Functions that execute most instructions in look-ups

munmap 8 pieces, amd64-6.12: unmap_page_range 80%, free_unref_folios 20%
ls, amd64-6.12: unmap_page_range 80%, free_unref_folios 20%" "$result" part.json

PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR
sed -e 's/"kernel": "amd64-6.12"/"kernel": "amd64-6.1"/' -e 's/"lookup_instructions": 10000/"lookup_instructions": 40000/' \
	"$result" >older.json
run 0 --plot=drawn "$result" older.json part.json
if command -v gnuplot >/dev/null; then
	[ "$(cat out)" = "./drawn/workload: dat txt svg png" ] && [ ! -s err ] &&
		grep -q '^</svg>' drawn/workload.svg || bad=1
else
	bad=0	# the line says that gnuplot is missing
fi
! grep -qE '.{73}|[^ -~]' drawn/workload.txt || bad=1
[ "$(grep -c "^  amd64-6.1 .* 10.00 %  75.0 %  #" drawn/workload.txt)" = 1 ] || bad=1
grep -q "^  amd64-6.12 *500.0 .* 2.50 %" drawn/workload.txt || bad=1
grep -q "^  amd64-6.12 *-  *2.50 %" drawn/workload.txt || bad=1
printf "1 1 500 2.5 75\n1 2 500 10 75\n2 1 ? 2.5 75\n" >wanted
tail -n 3 drawn/workload.dat | diff wanted - >differs || bad=1
result "$bad" "a plot of several results" differs out err drawn/workload.txt
refused "a plot of a new run" "--plot is for result FILEs" --plot=drawn -- true
run 0 none.json "$result"
grep -qx 'munmap 8 pieces, amd64-6.12: none' out || bad=1
result "$bad" "a workload without look-ups" out err

refused "nothing to do" "no COMMAND after --, and no FILE"
refused "no command" "no COMMAND after --" --
refused "options of a run with a result" "put -- before its COMMAND" \
	-k amd64-6.12 "$result"
refused "a time limit that is no number" "-t 1m: not a number from 1 to 1000000" \
	-t 1m -- true
refused "a number of rows that is none" "--top many: not a number" --top=many "$result"
refused "a missing file" "gone.json: No such file" gone.json
echo '{' >cut.json
refused "a file that is cut off" "cut.json" cut.json
echo '{"pfbench_race": 1}' >race.json
refused "another result" "race.json: not a file of pfbench workload (format 1)" race.json

# wrong NAME SED-COMMAND: a result without what a view needs
wrong()
{
	sed "$2" "$result" >wrong.json
	cmp -s "$result" wrong.json && bad=1 || bad=0
	[ "$bad" = 0 ] || result 1 "$1 is changed"
	refused "$1" "wrong.json: $1: missing, or of the wrong type" wrong.json
}
wrong kernel 's/"kernel": "amd64-6.12"/"kernel": 6/'
wrong command 's/"command": \[.*\]/"command": []/'
wrong total 's/"lookups": 2000, "tail": 1500, "head": 100, "small": 400, "hidden": 500,$/"lookups": -1,/'
wrong function 's/"function": "do_madvise"/"function": null/'
wrong chain '/"hidden_by": "PageAnon"/s/"hidden_by"/"by"/'
wrong lookup 's/"lookup": \[\]/"lookup": {}/'

(s=0; "$pfbench" workload "$result" >/dev/full 2>err || s=$?; [ "$s" = 2 ]) &&
	[ "$(wc -l <err)" = 1 ] && bad=0 || bad=1
result "$bad" "standard output that is full" err

# before anything is booted
refused "an output that cannot be written" "-o: " -o none/out.json -- true
echo 'int nothing(int x) { return x; }' | gcc -g -O1 -c -x c -o nothing.o -
refused "no struct page" "no struct page with a word for tails" \
	--vmlinux=nothing.o -- true
strip -g nothing.o -o stripped.o
refused "no debug information" "stripped.o: no debug information" \
	--vmlinux=stripped.o -- true
cat >page.c <<'END'
enum pageflags { PG_locked, PG_head = 6 } flag;
struct page { unsigned long flags; union { struct { unsigned long compound_head; }; }; } page;
static inline __attribute__((always_inline)) unsigned long _compound_head(const struct page *p)
{
	return *(const volatile unsigned long *)&p->compound_head;
}
unsigned long _start(void) { return _compound_head(&page); }
END
gcc -g -O2 -ffreestanding -nostdlib -static -Wl,--build-id=none -o page page.c
case $(gcc -dumpmachine) in
x86_64*|aarch64*)
	refused "no build-id" "page: no build-id" --vmlinux=page -- true
	gcc -g -O2 -ffreestanding -nostdlib -static -Wl,--build-id -o page page.c
	refused "an unknown guest" "no kernel 'vax-2.4'" --vmlinux=page -k vax-2.4 -- true
	refused "a guest of another architecture" "is for s390x" \
		--vmlinux=page -k s390x-6.12 -- true
	refused "a missing file for the guest" "-i none: no such file" \
		--vmlinux=page -i none -- true
	;;
*)
	refused "another architecture" "look-ups are counted on x86-64 and arm64" \
		--vmlinux=page -- true
	;;
esac

echo "1..$n"
