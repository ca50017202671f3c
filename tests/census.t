#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench census: what it shows of two small objects whose bytes are known, and
# what it refuses. (What it counts: tests/census-counts.t.)

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench census, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR

case $(gcc -dumpmachine) in
x86_64*) ;;
*) echo "1..0 # SKIP the bytes of these objects are known for x86-64 only"; exit 0 ;;
esac

# Accessors of so many bytes, whatever the compiler makes of the rest.
cat >"$tmp/accessors.h" <<'EOF'
#define accessor static inline __attribute__((always_inline))
#define BYTES(n) __asm__ volatile(".skip " #n)
accessor void _compound_head(void) { BYTES(16); }
accessor void PageLocked(void) { _compound_head(); BYTES(4); }
accessor void wait_on_page(void) { PageLocked(); }
accessor void put_page(void) { _compound_head(); BYTES(8); }
accessor void folio_put(void) { BYTES(8); }
accessor void mine(void) { BYTES(12); }
EOF
cat >"$tmp/old.c" <<'EOF'
#include "accessors.h"
void PageHuge(void) { _compound_head(); BYTES(32); }
void shrink_list(void) { wait_on_page(); put_page(); put_page(); mine(); }
void as_such(void) { _compound_head(); }
EOF
cat >"$tmp/new.c" <<'EOF'
#include "accessors.h"
void PageHuge(void) { _compound_head(); BYTES(32); }
void shrink_list(void) { _compound_head(); folio_put(); folio_put(); mine(); }
void as_such(void) { _compound_head(); }
void added(void) { PageLocked(); }
EOF
# one source file of two trees
for o in old new; do
	mkdir -p "$tmp/$o/mm"
	mv "$tmp/$o.c" "$tmp/$o/mm/list.c"
	(cd "$tmp/$o" && gcc -O1 -g -I.. -c mm/list.c -o ../$o.o)
done
(cd "$tmp" && gcc -O1 -g -c -x c -o none.o - <<-EOF
	int nothing(int x) { return x; }
	EOF
)

# run WANTED-STATUS ARGUMENT...: fills out and err, sets bad
run()
{
	want=$1 status=0 bad=0
	shift
	"$pfbench" census "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	if [ "$status" != "$want" ]; then
		echo "exit status $status" >>"$tmp/err"
		bad=1
	fi
}

# What a compiler calls itself and how much code it makes around ours differs.
mask()
{
	sed -e '/units*, /s/.*/  (compiler)/' -e 's/[0-9.]* % of the code/X % of the code/' \
		-e '/^  build-id/d' "$1"
}

# shown WHAT WANTED ARGUMENT...: the text, to the letter
shown()
{
	what=$1
	printf '%s\n' "$2" >"$tmp/wanted"
	shift 2
	run 0 "$@"
	mask "$tmp/out" | diff "$tmp/wanted" - >"$tmp/diff" || bad=1
	[ ! -s "$tmp/err" ] || bad=1
	! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
	result $bad "$what" "$tmp/diff" "$tmp/err"
}

# refused WHAT TEXT ARGUMENT...: status 2, and one line that has TEXT
refused()
{
	what=$1 text=$2
	shift 2
	run 2 "$@"
	[ "$(wc -l <"$tmp/err")" = 1 ] && [ ! -s "$tmp/out" ] || bad=1
	grep -qF -e "$text" "$tmp/err" || bad=1
	result $bad "$what" "$tmp/out" "$tmp/err"
}

echo "1..33"

shown "totals, accessors and chains" "\
Census of the page-flag accessors in
old.o
  (compiler)

             bytes
       5        80  look-ups, X % of the code
       4        64  of them hidden in other accessors
       8            accessors inlined, 0 of them leave no code
       1        49  out of line
               133  all accessors' code, no byte twice

by accessor: inlined; bytes of its own and with what is inside,
  that of copies out of line counted in
 inlined      own    whole  copies    bytes
       5       80       80       0        0  _compound_head
       0       33       49       1       49  PageHuge
       2       16       48       0        0  put_page
       1        4       20       0        0  PageLocked

look-ups by what hides them, innermost first
look-ups   bytes
       2      32  _compound_head < put_page
       1      16  _compound_head (not in an inline)
       1      16  _compound_head < PageHuge
       1      16  _compound_head < PageLocked < wait_on_page" \
	--by=accessor,chain "$tmp/old.o"

shown "places, and --top" "\
Census of the page-flag accessors in
old.o
  (compiler)

             bytes
       5        80  look-ups, X % of the code
       4        64  of them hidden in other accessors
       8            accessors inlined, 0 of them leave no code
       1        49  out of line
               133  all accessors' code, no byte twice

by containing function: look-ups, hidden ones, their bytes, and all
look-ups hidden  bytes    all
       3      3     48     68  shrink_list  mm/list.c
       1      1     16     49  PageHuge  mm/list.c
     ...  and 1 more (--top=0 shows all)

by source file: look-ups, hidden ones, their bytes, and all
look-ups hidden  bytes    all
       5      4     80    133  mm/list.c

by call line
 inlined      own    whole
       2       16       48  put_page  list.c:3
       2       32       32  _compound_head  accessors.h:6
     ...  and 4 more (--top=0 shows all)" \
	--by=line,file,function --top=2 "$tmp/old.o"

shown "two files are added up" "\
Census of the page-flag accessors in
old.o
  (compiler)
new.o
  (compiler)

             bytes
       9       144  look-ups, X % of the code
       6        96  of them hidden in other accessors
      15            accessors inlined, 0 of them leave no code
       2        98  out of line
               250  all accessors' code, no byte twice

by accessor: inlined; bytes of its own and with what is inside,
  that of copies out of line counted in
 inlined      own    whole  copies    bytes
       9      144      144       0        0  _compound_head
       0       66       98       2       98  PageHuge
       2       16       48       0        0  put_page
       2        8       40       0        0  PageLocked
       2       16       16       0        0  folio_put" \
	--by=accessor "$tmp/old.o" "$tmp/new.o"

shown "what a patch did" "\
Old:
old.o
  (compiler)
New:
new.o
  (compiler)

in all                              instances                      bytes
                             old   new  delta      old      new    delta
look-ups                       5     4     -1       80       64      -16
  of them hidden               4     2     -2       64       32      -32
accessors, all                 9     8     -1      133      117      -16

accessors                           instances                      bytes
                             old   new  delta      old      new    delta
folio_put                      0     2     +2        0       16      +16
_compound_head                 5     4     -1       80       64      -16
put_page                       2     0     -2       48        0      -48

look-ups by function                 look-ups                      bytes
                             old   new  delta      old      new    delta
added                          0     1     +1        0       16      +16
shrink_list                    3     1     -2       48       16      -32

look-ups by source file              look-ups                      bytes
                             old   new  delta      old      new    delta
mm/list.c                      5     4     -1       80       64      -16

add/remove: 1/0 grow/shrink: 0/1 up/down: 21/-36 (-15)
Function                                         old     new   delta
added                                              -      21     +21
shrink_list                                       81      45     -36
Text sections: Before=147, After=132, chg -10.20%" \
	--diff "$tmp/old.o" "$tmp/new.o"

run 0 --diff "$tmp/new.o" "$tmp/old.o"
grep -qx 'add/remove: 0/1 grow/shrink: 1/0 up/down: 36/-21 (15)' "$tmp/out" || bad=1
grep -qxE 'look-ups +4 +5 +\+1 +64 +80 +\+16' "$tmp/out" || bad=1
result $bad "and the other way round" "$tmp/out" "$tmp/err"

run 0 --diff "$tmp/old.o" "$tmp/old.o"
[ "$(grep -cx '  none changed' "$tmp/out")" = 3 ] || bad=1
grep -qx 'add/remove: 0/0 grow/shrink: 0/0 up/down: 0/0 (0)' "$tmp/out" || bad=1
result $bad "nothing changed in the same" "$tmp/out" "$tmp/err"

# gcc's pieces of a function are the function
for suffix in .isra.0 .part.0.isra.1 .constprop.2.cold; do
	objcopy --redefine-sym "shrink_list=shrink_list$suffix" "$tmp/old.o" \
		"$tmp/renamed.o"
	run 0 --diff "$tmp/old.o" "$tmp/renamed.o"
	grep -qx 'add/remove: 0/0 grow/shrink: 0/0 up/down: 0/0 (0)' "$tmp/out" ||
		bad=1
	result $bad "renamed by $suffix, nothing changed" "$tmp/out" "$tmp/err"
done
objcopy --redefine-sym shrink_list=shrink_lists "$tmp/old.o" "$tmp/renamed.o"
run 0 --diff "$tmp/old.o" "$tmp/renamed.o"
grep -q '^add/remove: 1/1 ' "$tmp/out" || bad=1
result $bad "renamed by hand, one gone and one added" "$tmp/out" "$tmp/err"

run 0 --by=accessor --name=mine --name='none*' "$tmp/old.o"
grep -qx '       1       12       12       0        0  mine' "$tmp/out" || bad=1
result $bad "--name adds one" "$tmp/out" "$tmp/err"

run 0 "$tmp/none.o"
[ "$(grep -c . "$tmp/out")" = 9 ] || bad=1
result $bad "of none, no tables" "$tmp/out" "$tmp/err"

# An instance a line, and their own bytes are all there are.
run 0 --csv "$tmp/old.o"
cat >"$tmp/wanted" <<EOF
file,function,unit,accessor,kind,lookup,hidden,chain,call_file,call_line,address,own,whole
$tmp/old.o,as_such,mm/list.c,_compound_head,inlined,1,0,,mm/list.c,4,A,16,16
$tmp/old.o,shrink_list,mm/list.c,PageLocked,inlined,0,0,wait_on_page,../accessors.h,5,A,4,20
$tmp/old.o,shrink_list,mm/list.c,_compound_head,inlined,1,1,PageLocked < wait_on_page,../accessors.h,4,A,16,16
$tmp/old.o,shrink_list,mm/list.c,put_page,inlined,0,0,,mm/list.c,3,A,8,24
$tmp/old.o,shrink_list,mm/list.c,_compound_head,inlined,1,1,put_page,../accessors.h,6,A,16,16
$tmp/old.o,shrink_list,mm/list.c,put_page,inlined,0,0,,mm/list.c,3,A,8,24
$tmp/old.o,shrink_list,mm/list.c,_compound_head,inlined,1,1,put_page,../accessors.h,6,A,16,16
$tmp/old.o,PageHuge,mm/list.c,PageHuge,copy,0,0,,,,A,33,49
$tmp/old.o,PageHuge,mm/list.c,_compound_head,inlined,1,1,PageHuge,mm/list.c,2,A,16,16
EOF
sed 's/,0x[0-9a-f]*,/,A,/' "$tmp/out" | diff "$tmp/wanted" - >"$tmp/diff" || bad=1
result $bad "--csv" "$tmp/diff" "$tmp/err"

cp "$tmp/old.o" "$tmp/a,\"b\".o"
run 0 --csv "$tmp/a,\"b\".o"
[ "$(grep -c "^\"$tmp/a,\"\"b\"\".o\",as_such," "$tmp/out")" = 1 ] || bad=1
result $bad "--csv quotes what needs it" "$tmp/out" "$tmp/err"

run 0 --json "$tmp/old.o"
grep -o '"[a-z_]*":' "$tmp/out" | sort -u | tr -d '":' | tr '\n' ' ' >"$tmp/keys"
echo "accessor arch build_id chain compiler copies copies_bytes empty file files format function hidden hidden_by hidden_bytes inlined line lookup lookup_bytes lookups own_bytes path text_bytes total unit units whole_bytes " |
	tr -d '\n' | diff "$tmp/keys" - >"$tmp/diff" || bad=1
perl -MJSON::PP -0777 -ne "decode_json(\$_)" "$tmp/out" 2>>"$tmp/err" || bad=1
result $bad "--json has the fields that are documented" "$tmp/diff" "$tmp/err"

run 0 -o "$tmp/new/dir" "$tmp/old.o"
for f in txt csv json dat svg png; do
	[ -s "$tmp/new/dir/census.$f" ] || bad=1
done
grep -q '<svg' "$tmp/new/dir/census.svg" || bad=1
grep -qx 'shrink_list *####* 48' "$tmp/new/dir/census.txt" || bad=1
! grep -qE '.{73}|[^ -~]| $' "$tmp/new/dir/census.txt" || bad=1
result $bad "-o writes them all" "$tmp/out" "$tmp/err" "$tmp/new/dir/census.txt"

run 0 -o "$tmp/empty" "$tmp/none.o"
[ ! -e "$tmp/empty/census.svg" ] && [ -s "$tmp/empty/census.txt" ] || bad=1
result $bad "no look-up, no picture" "$tmp/out" "$tmp/err"

mkdir "$tmp/bin"
status=0
PATH=$tmp/bin "$pfbench" census -o "$tmp/nogp" "$tmp/old.o" >"$tmp/out" 2>"$tmp/err" ||
	status=$?
[ $status = 2 ] && [ -s "$tmp/nogp/census.txt" ] && bad=0 || bad=1
grep -q gnuplot "$tmp/err" || bad=1
result $bad "without gnuplot all but the picture" "$tmp/out" "$tmp/err"

cat >"$tmp/walk.c" <<'EOF'
#include "accessors.h"
void *pfn_to_online_page(unsigned long pfn);
int get_page_unless_zero(void *page);
void scan(unsigned long pfn)
{
	if (!pfn_to_online_page(pfn))
		return;
	put_page();
}
void scan_safely(unsigned long pfn)
{
	void *page = pfn_to_online_page(pfn);

	if (page && get_page_unless_zero(page))
		put_page();
}
void no_scan(void) { put_page(); }
void all_clear(unsigned long pfn) { pfn_to_online_page(pfn); }
EOF
(cd "$tmp" && gcc -O2 -g -c walk.c -o walk.o)
shown "--pfn-walkers" "\
Functions that have a page from a pfn and hide a look-up, in
walk.o
  (compiler)

The starting list of an audit, and no more than that. Before and after
are those of addresses, which need not be those of the program; what a
called function does is not seen, nor is a lock, a flag or a type check
that makes the look-up safe.

By pfn_to_online_page() or pfn_valid():

scan  walk.c
  pfn by pfn_to_online_page
  hidden in put_page
  no reference before any of 1

scan_safely  walk.c
  pfn by pfn_to_online_page
  hidden in put_page
  reference by get_page_unless_zero
  a reference between pfn and look-up before 1 of 1

2 functions" --pfn-walkers "$tmp/walk.o"

refused "no file" "which files?"
refused "one file for --diff" "two files" --diff "$tmp/old.o"
refused "three files for --diff" "two files" --diff "$tmp/old.o" "$tmp/old.o" "$tmp/old.o"
refused "a table that is none" "--by=nope" --by=nope "$tmp/old.o"
refused "rows below nought" "--top=-1" --top=-1 "$tmp/old.o"
refused "rows that are no number" "--top=1x" --top=1x "$tmp/old.o"
refused "two outputs" "one of --diff" --csv --pfn-walkers "$tmp/old.o"
refused "two formats" "not both" --csv --json "$tmp/old.o"
refused "an unknown option" "unknown option --nope" --nope "$tmp/old.o"
refused "what is not there" "$tmp/nowhere: No such file" "$tmp/nowhere"
refused "a directory" "$tmp: not a file" "$tmp"
refused "what is no ELF file" "ELF" "$0"
strip -o "$tmp/stripped.o" "$tmp/old.o"
refused "a stripped file" "no debug information" "$tmp/stripped.o"
if command -v aarch64-linux-gnu-gcc >/dev/null; then
	(cd "$tmp/new" && aarch64-linux-gnu-gcc -O1 -g -I.. -c mm/list.c -o ../arm64.o)
	refused "a diff of two architectures" \
		"old.o is for x86-64, $tmp/arm64.o for arm64" \
		--diff "$tmp/old.o" "$tmp/arm64.o"
else
	skip "a diff of two architectures" "no aarch64-linux-gnu-gcc"
fi
