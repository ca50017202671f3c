#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench census: its output for two small objects whose bytes are known, and
# its errors. (Its counts: tests/census-counts.t.)

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench census, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=census
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR

case $(gcc -dumpmachine) in
x86_64*) ;;
*) echo "1..0 # SKIP the bytes of these objects are known for x86-64 only"; exit 0 ;;
esac

# Accessors of known size, independent of the compiler.
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
# the same source file in two trees
for o in old new; do
	mkdir -p "$tmp/$o/mm"
	mv "$tmp/$o.c" "$tmp/$o/mm/list.c"
	(cd "$tmp/$o" && gcc -O1 -g -I.. -c mm/list.c -o ../$o.o)
done
(cd "$tmp" && gcc -O1 -g -c -x c -o none.o - <<-EOF
	int nothing(int x) { return x; }
	EOF
)

# The compiler's name and the size of the code around the accessors vary.
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

echo "1..81"

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

by accessor: bytes own and whole (copies counted in), and of copies
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

by accessor: bytes own and whole (copies counted in), and of copies
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

run 0 "$tmp/old.o" --csv "$tmp/new.o"
[ "$(grep -c "^$tmp/new.o," "$tmp/out")" -gt 0 ] || bad=1
result $bad "an option between files" "$tmp/out" "$tmp/err"

run 0 --diff "$tmp/new.o" "$tmp/old.o"
grep -qx 'add/remove: 0/1 grow/shrink: 1/0 up/down: 36/-21 (15)' "$tmp/out" || bad=1
grep -qxE 'look-ups +4 +5 +\+1 +64 +80 +\+16' "$tmp/out" || bad=1
result $bad "and the other way round" "$tmp/out" "$tmp/err"

run 0 --diff "$tmp/old.o" "$tmp/old.o"
[ "$(grep -cx '  none changed' "$tmp/out")" = 3 ] || bad=1
grep -qx 'add/remove: 0/0 grow/shrink: 0/0 up/down: 0/0 (0)' "$tmp/out" || bad=1
result $bad "nothing changed in the same" "$tmp/out" "$tmp/err"

# Two source files of one name, with a function of one name: tree DIR LOOKUPS LOOKUPS
tree()
{
	dir=$tmp/$1
	mkdir -p "$dir/mm" "$dir/arch/x86/mm" "$dir/build"
	for f in mm arch/x86/mm; do
		shift
		cat >"$dir/$f/init.c" <<-EOF
		#include "accessors.h"
		static __attribute__((used)) void same(void) { $1 }
		EOF
	done
}

# built NAME DIR SOURCES [OPTION...]: an object of both, one of the first alone
built()
{
	name=$1 dir=$2 sources=$3
	shift 3
	(
		cd "$tmp/$dir"
		gcc -O1 -g -I"$tmp" "$@" -c "${sources}mm/init.c" -o "$tmp/$name-mm.o"
		gcc -O1 -g -I"$tmp" "$@" -c "${sources}arch/x86/mm/init.c" \
			-o "$tmp/$name-x86.o"
		ld -r -o "$tmp/$name.o" "$tmp/$name-mm.o" "$tmp/$name-x86.o"
	)
}

tree a "PageLocked(); PageLocked();" "PageLocked();"
tree b/linux "PageLocked(); PageLocked();" "PageLocked();"
tree other "PageLocked();" "PageLocked(); PageLocked();"
built in-tree a ""
built absolute b/linux "$tmp/b/linux/"
built build-in-tree b/linux/build ../
built build-elsewhere old "$tmp/b/linux/"
built mapped b/linux "$tmp/b/linux/" -ffile-prefix-map="$tmp/b/linux/="
built mapped-absolute old "$tmp/a/" -ffile-prefix-map="$tmp=/usr/src"
built other other ""

kinds="in-tree absolute build-in-tree build-elsewhere mapped mapped-absolute"
for old in $kinds; do
	: >"$tmp/all"
	for new in $kinds; do
		for objects in "" -mm; do
			run 0 --diff "$tmp/$old$objects.o" "$tmp/$new$objects.o"
			[ "$(grep -cx '  none changed' "$tmp/out")" = 3 ] ||
				cat "$tmp/out" >>"$tmp/all"
		done
	done
	bad=0
	[ ! -s "$tmp/all" ] || bad=1
	result $bad "built $old and in any other way, the same" "$tmp/all"
done

for old in in-tree build-elsewhere; do
	run 0 --diff "$tmp/$old.o" "$tmp/other.o"
	grep -E '^(same|mm|arch)' "$tmp/out" | sed 's/  *[0-9]* *[0-9]* *[^ ]*$//' |
		diff - /dev/fd/3 3<<-EOF >"$tmp/diff" || bad=1
		same  arch/x86/mm/init.c       1     2     +1
		same  mm/init.c                2     1     -1
		arch/x86/mm/init.c             1     2     +1
		mm/init.c                      2     1     -1
		EOF
	[ "$(grep -c '^same ' "$tmp/out")" = 2 ] || bad=1
	result $bad "built $old: a loss in one file, a gain in another" "$tmp/diff" "$tmp/err"
done

long=a_function_with_so_long_a_name_that_it_has_a_line_of_its_own
objcopy --redefine-sym shrink_list=$long "$tmp/old.o" "$tmp/renamed.o"
run 0 --diff "$tmp/old.o" "$tmp/renamed.o"
grep -A 1 -x $long "$tmp/out" | grep -qxE ' {51}-      81     \+81' || bad=1
result $bad "a long symbol is whole" "$tmp/out" "$tmp/err"
sed "s/shrink_list/$long/" "$tmp/old/mm/list.c" >"$tmp/new/mm/$long.c"
(cd "$tmp/new" && gcc -O1 -g -I.. -c "mm/$long.c" -o ../long.o)
run 0 --diff "$tmp/none.o" "$tmp/long.o"
grep -A 1 -x $long "$tmp/out" | grep -qxE ' {31}0 {5}3 .*\+48' || bad=1
grep -A 1 -x "mm/$long.c" "$tmp/out" | grep -qxE ' {31}0 {5}5 .*\+80' || bad=1
! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
result $bad "and long names in the tables" "$tmp/out" "$tmp/err"

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

run 0 --by=accessor --name='m[[:lower:]]n[!!]' --name='none*' "$tmp/old.o"
grep -qx '       1       12       12       0        0  mine' "$tmp/out" || bad=1
result $bad "--name adds one" "$tmp/out" "$tmp/err"

run 0 "$tmp/none.o"
[ "$(grep -c . "$tmp/out")" = 9 ] || bad=1
result $bad "of none, no tables" "$tmp/out" "$tmp/err"

# a unit with an empty producer
cat >"$tmp/asm.s" <<'EOF'
	nop
	.section .debug_abbrev
	.byte 1, 0x11, 0, 3, 8, 0x25, 8, 0, 0, 0	/* unit: name, producer */
	.section .debug_info
	.long 2f - 1f
1:	.2byte 4
	.long .debug_abbrev
	.byte 8, 1
	.asciz "asm.s", ""
2:
EOF
gcc -c "$tmp/asm.s" -o "$tmp/asm.o"
run 0 "$tmp/asm.o"
grep -qxE '  x86-64(, [^,]+)?, 1 unit, 1 byte of code' "$tmp/out" || bad=1
result $bad "of one that names no compiler, none" "$tmp/out" "$tmp/err"

# One instance per line; their own bytes add up to the total.
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

# All ranges of an instance: as many bytes as the whole instance, from its address.
run 0 --csv --ranges "$tmp/old.o"
sed 's/,[^,]*$//' "$tmp/out" >"$tmp/without"
"$pfbench" census --csv "$tmp/old.o" | diff - "$tmp/without" >"$tmp/diff" || bad=1
sed 1d "$tmp/out" | perl -F, -lane '
	my $bytes = 0;
	for (split / /, $F[-1]) {
		my ($start, $end) = map { hex } split /-/;
		$bytes += $end - $start;
	}
	print unless $bytes == $F[-2] && $F[-1] =~ /^$F[-4]-/' >>"$tmp/diff"
[ ! -s "$tmp/diff" ] || bad=1
result $bad "--csv --ranges" "$tmp/diff" "$tmp/err"

# gcc puts what it believes to be rare into a section of its own
cat >"$tmp/split.c" <<'EOF'
#include "accessors.h"
void __attribute__((cold, noreturn)) bug(void);
accessor void PageSplit(int x) { if (__builtin_expect(x, 0)) { BYTES(5); bug(); } BYTES(3); }
void split(int x) { PageSplit(x); }
EOF
gcc -O2 -g -I"$tmp" -c "$tmp/split.c" -o "$tmp/split.o"
run 0 --csv --ranges "$tmp/split.o"
sed -n 's/.*,split,.*,PageSplit,inlined,.*,\([^,]*\)$/\1/p' "$tmp/out" |
	grep -qxE '0x[0-9a-f]+-0x[0-9a-f]+( 0x[0-9a-f]+-0x[0-9a-f]+)+' || bad=1
result $bad "--ranges of an instance that gcc split" "$tmp/out" "$tmp/err"
refused "ranges in a table" "add --csv" --ranges "$tmp/old.o"
refused "ranges of a difference" "drop --diff" --ranges --csv --diff "$tmp/old.o" \
	"$tmp/new.o"

cp "$tmp/old.o" "$tmp/a,\"b\".o"
run 0 --csv "$tmp/a,\"b\".o"
[ "$(grep -c "^\"$tmp/a,\"\"b\"\".o\",as_such," "$tmp/out")" = 1 ] || bad=1
result $bad "--csv quotes what needs it" "$tmp/out" "$tmp/err"

run 0 --json "$tmp/old.o"
grep -o '"[a-z_]*":' "$tmp/out" | sort -u | tr -d '":' | tr '\n' ' ' >"$tmp/keys"
echo "accessor arch build_id chain compiler copies copies_bytes empty file files format function hidden hidden_by hidden_bytes inlined left_out line lookup lookup_bytes lookups members own_bytes path text_bytes total unit units whole_bytes " |
	tr -d '\n' | diff "$tmp/keys" - >"$tmp/diff" || bad=1
perl -MJSON::PP -0777 -ne "decode_json(\$_)" "$tmp/out" 2>>"$tmp/err" || bad=1
result $bad "--json has the fields that are documented" "$tmp/diff" "$tmp/err"

(cd "$tmp" && strip -o stripped.o old.o && ar rc some.a old.o stripped.o new.o)
run 0 --json "$tmp/some.a" "$tmp/old.o"
perl -MJSON::PP -0777 -ne 'print encode_json(
	[map { $_->{members}, $_->{left_out} } @{decode_json($_)->{files}}])' \
	"$tmp/out" | grep -qxF '[3,1,null,null]' || bad=1
result $bad "and how many members of an archive are left out" "$tmp/out" "$tmp/err"

# The text of --diff, or its CSV, by its JSON, if rows add up to the totals.
cat >"$tmp/diff.pl" <<'EOF'
use strict; use warnings; use JSON::PP;
my $j = decode_json(join '', <STDIN>);
my $t = $j->{text};
my @tables = ('accessor', 'function', 'file', 'symbol');
sub same { my ($what, $is, $wanted) = @_; $is == $wanted or die "$what: $is, not $wanted\n" }
sub name { my $r = shift; $r->{accessor} // $r->{function} // $r->{symbol} // $r->{unit} }
sub add {
	my ($by, $side, $figure) = @_;
	my $sum = 0;
	$sum += $_->{$side}{$figure} // 0 for @{$j->{$by}};
	return $sum;
}
for my $side ('old', 'new', 'delta') {
	my $total = $j->{total}{$side};
	for my $f (keys %$total) {
		for my $by ('accessor', 'function', 'file') {
			same("$by $side $f", add($by, $side, $f), $total->{$f})
				unless $by eq 'accessor' && $f eq 'whole_bytes';
		}
	}
	same("symbol $side", add('symbol', $side, 'bytes'), $t->{$side}{symbol_bytes});
	same("text $side", $t->{$side}{symbol_bytes} + $t->{$side}{other_bytes},
	     $t->{$side}{text_bytes});
	next if $side eq 'delta';
	my $file = $j->{files}[$side eq 'new'];
	same("file $side $_", $file->{$_}, $total->{$_}) for keys %$total;
	same("file $side", $file->{text_bytes}, $t->{$side}{text_bytes});
}
for my $r ($j->{total}, $t, map { @{$j->{$_}} } @tables) {
	same("delta of $_", $r->{delta}{$_}, ($r->{new}{$_} // 0) - ($r->{old}{$_} // 0))
		for keys %{$r->{delta}};
}

sub csv {
	my ($by, $name, $unit, $r) = @_;
	for my $f (keys %{$r->{new}}) {
		print join(',', $by, $name, $unit, $f,
			   map { $r->{$_}{$f} // '' } 'old', 'new', 'delta'), "\n";
	}
}
if (@ARGV) {
	csv('total', '', '', $j->{total});
	csv('text', '', '', $t);
	ref $t->{$_} or print "text,,,$_,,,$t->{$_}\n" for keys %$t;
	for my $by (@tables) {
		csv($by, name($_), $_->{function} ? $_->{unit} : '', $_) for @{$j->{$by}};
	}
	exit;
}

sub change {
	my ($name, $r, $count, $bytes) = @_;
	my ($a, $b) = map { $count->($r->{$_}) } 'old', 'new';
	my ($c, $d) = map { $r->{$_}{$bytes} } 'old', 'new';
	my ($nr, $size) = map { $_ ? sprintf('%+d', $_) : '-' } $b - $a, $d - $c;
	return "$name $a $b $nr $c $d $size\n";
}
my $lookups = sub { $_[0]{lookups} };
my $all = sub { $_[0]{inlined} + $_[0]{copies} };
print change('look-ups', $j->{total}, $lookups, 'lookup_bytes'),
	change('of them hidden', $j->{total}, sub { $_[0]{hidden} }, 'hidden_bytes'),
	change('accessors, all', $j->{total}, $all, 'own_bytes');
for my $by ('accessor', 'function', 'file') {
	my (%units, $line);
	$units{name($_)}++ for @{$j->{$by}};
	for my $r (@{$j->{$by}}) {
		my $name = name($r);
		$name .= " $r->{unit}" if $units{$name} > 1;
		$line = $by eq 'accessor' ? change($name, $r, $all, 'whole_bytes') :
			change($name, $r, $lookups, 'lookup_bytes');
		print $line unless $line =~ / - \d+ \d+ -$/;
	}
}
my %is = map { $_ => 0 } 'added', 'removed', 'grown', 'shrunk', 'up_bytes', 'down_bytes';
my $lines = '';
for my $r (@{$j->{symbol}}) {
	my ($old, $new, $d) = map { $r->{$_}{bytes} } 'old', 'new', 'delta';
	next unless $d;
	$is{$d > 0 ? 'up_bytes' : 'down_bytes'} += $d;
	$is{!defined $old ? 'added' : !defined $new ? 'removed' : $d > 0 ? 'grown' : 'shrunk'}++;
	$lines .= sprintf("%s %s %s %+d\n", $r->{symbol}, $old // '-', $new // '-', $d);
}
same($_, $t->{$_}, $is{$_}) for keys %is;
print "add/remove: $is{added}/$is{removed} grow/shrink: $is{grown}/$is{shrunk} ",
	"up/down: $is{up_bytes}/$is{down_bytes} (", $is{up_bytes} + $is{down_bytes}, ")\n",
	$lines, "Text sections: Before=$t->{old}{text_bytes}, After=$t->{new}{text_bytes}\n";
EOF

# retold WHAT OLD NEW: the JSON, the CSV and the text of --diff tell the same
retold()
{
	what=$1
	shift
	run 0 --diff --top=0 "$@"
	sed -n '/^in all/,$p' "$tmp/out" |
		grep -vE '^$|^ +old | bytes$|^Function|none changed' |
		sed 's/^ *//; s/  */ /g; s/, chg.*//' >"$tmp/text"
	"$pfbench" census --diff --csv "$@" >"$tmp/csv" 2>>"$tmp/err" || bad=1
	[ "$(head -n 1 "$tmp/csv")" = table,name,unit,figure,old,new,delta ] || bad=1
	"$pfbench" census --json --diff "$@" >"$tmp/json" 2>>"$tmp/err" || bad=1
	perl "$tmp/diff.pl" <"$tmp/json" 2>>"$tmp/err" |
		diff "$tmp/text" - >"$tmp/diff" || bad=1
	sed 1d "$tmp/csv" | sort >"$tmp/sorted"
	perl "$tmp/diff.pl" csv <"$tmp/json" 2>>"$tmp/err" | sort |
		diff "$tmp/sorted" - >>"$tmp/diff" || bad=1
	[ ! -s "$tmp/err" ] || bad=1
	result $bad "$what: JSON, CSV and text add up to the same" "$tmp/diff" "$tmp/err"
}

retold "a difference" "$tmp/old.o" "$tmp/new.o"
retold "the other way round" "$tmp/new.o" "$tmp/old.o"
retold "no difference" "$tmp/old.o" "$tmp/old.o"
retold "no look-up in the old" "$tmp/none.o" "$tmp/new.o"
retold "an archive" "$tmp/some.a" "$tmp/new.o"
retold "functions of one name" "$tmp/build-elsewhere.o" "$tmp/other.o"

objcopy --redefine-sym 'shrink_list=a,"b"' "$tmp/old.o" "$tmp/renamed.o"
run 0 --diff --csv "$tmp/renamed.o" "$tmp/new.o"
grep -qxF 'symbol,"a,""b""",,bytes,81,,-81' "$tmp/out" || bad=1
grep -qxF 'symbol,added,,bytes,,21,21' "$tmp/out" || bad=1
result $bad "--diff --csv quotes what needs it, and has nothing for what is not there" \
	"$tmp/out" "$tmp/err"

# decoded JSON WANTED: the first file's path
decoded()
{
	perl -MJSON::PP -0777 -ne \
		'binmode STDOUT, ":utf8"; print decode_json($_)->{files}[0]{path}' \
		"$1" 2>>"$tmp/err" | grep -qxF "$2"
}

for name in 'bad\377.o' 'caf\303\251.o'; do
	# shellcheck disable=SC2059 # the name is the format
	cp "$tmp/old.o" "$tmp/$(printf "$name")"
done
run 0 --json "$tmp/$(printf 'bad\377.o')"
decoded "$tmp/out" "$tmp/bad?.o" || bad=1
result $bad "--json has a path that is not UTF-8" "$tmp/out" "$tmp/err"
run 0 --json "$tmp/$(printf 'caf\303\251.o')"
decoded "$tmp/out" "$tmp/$(printf 'caf\303\251.o')" || bad=1
result $bad "and one that is" "$tmp/out" "$tmp/err"

odd=$(printf 'a\n\n\n"b" \\n.o')
cp "$tmp/old.o" "$tmp/$odd"
run 0 -o "$tmp/odd" "$tmp/$odd"
grep -qx 'title "a????b? ?n.o, x86-64"' "$tmp/odd/census.dat" || bad=1
grep -qF 'a????b? ?n.o, x86-64' "$tmp/odd/census.svg" || bad=1
grep -qF '5 look-ups in 80 bytes' "$tmp/odd/census.svg" || bad=1
result $bad "-o of any name" "$tmp/odd/census.dat" "$tmp/err"

run 0 -o "$tmp/long" "$tmp/long.o"
grep -A 1 -x $long "$tmp/long/census.txt" | grep -qxE ' {29}#+ 48' || bad=1
result $bad "a long name has a bar below it" "$tmp/long/census.txt" "$tmp/err"

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
#define called static __attribute__((noinline)) void
called hides(void) { put_page(); wait_on_page(); }
void scan_by_another(unsigned long pfn)
{
	if (pfn_to_online_page(pfn))
		hides();
	hides();
}
void scan_safely_by_another(unsigned long pfn)
{
	if (get_page_unless_zero(pfn_to_online_page(pfn)))
		hides();
	put_page();
}
called between(void) { hides(); }
void no_scan_by_two(unsigned long pfn)
{
	if (pfn_to_online_page(pfn))
		between();
}
void no_scan(void) { put_page(); }
void all_clear(unsigned long pfn) { pfn_to_online_page(pfn); }
EOF
(cd "$tmp" && gcc -O2 -g -c walk.c -o walk.o)
shown "--pfn-walkers" "\
Functions that get a page from a pfn and hide a look-up, in
walk.o
  (compiler)

This list is a start for an audit, not its result. A reference counts as
before a look-up if its address is lower, which need not be the order of
execution. Look-ups that a callee hides are counted if the callee is in
the same source file; its own callees are not followed. Locks, flags and
type checks that make a look-up safe are not recognised.
The macro pfn_to_page() is only found in linked x86-64 files that have
vmemmap_base: it is unknown for walk.o

By pfn_to_online_page() or pfn_valid():

scan_by_another  walk.c
  pfn by pfn_to_online_page
  hidden in hides*2
  no reference before any of 2

scan  walk.c
  pfn by pfn_to_online_page
  hidden in put_page
  no reference before any of 1

scan_safely_by_another  walk.c
  pfn by pfn_to_online_page
  hidden in hides*2, put_page
  reference by get_page_unless_zero
  a reference between pfn and look-up before 3 of 3

scan_safely  walk.c
  pfn by pfn_to_online_page
  hidden in put_page
  reference by get_page_unless_zero
  a reference between pfn and look-up before 1 of 1

4 functions" --pfn-walkers "$tmp/walk.o"

# Code of pfn_to_page(), and code that only looks like it.
cat >"$tmp/pfn.c" <<'EOF'
#include "accessors.h"
unsigned long vmemmap_base = 1, other = 1;
#define FN(name, code) void name(void) { __asm__ volatile(code); put_page(); }
#define LOAD "mov vmemmap_base(%rip), %rcx\n"
FN(yes_add_memory, "add vmemmap_base(%rip), %r12")
FN(yes_add, LOAD "add %rcx, %rax")
FN(yes_lea, LOAD "lea (%rcx, %rax), %rdx")
FN(yes_later_add, LOAD "mov %r15, %rax; shl $6, %rax; add %rax, %rcx")
FN(yes_later_lea, "mov vmemmap_base(%rip), %r13; mov 0x18(%rbx), %rbp;"
	"shl $6, %r8; lea (%r8, %r13), %rbp")
FN(yes_16_between, LOAD ".skip 15, 0x90; shl $6, %rax; add %rcx, %rax")
FN(yes_other_shift, "shr $9, %rax; shl $6, %rax\n" LOAD "add %rcx, %rax")
FN(no_17_between, LOAD ".skip 16, 0x90; shl $6, %rax; add %rcx, %rax")
FN(no_address, "shr $12, %rax; shl $6, %rax\n" LOAD "add %rcx, %rax")
FN(no_address_later, LOAD "shr $12, %rax; shl $6, %rax; add %rcx, %rax")
FN(no_address_memory, "shr $12, %rax; shl $6, %rax;"
	"add vmemmap_base(%rip), %rax")
FN(no_page, "sub vmemmap_base(%rip), %rax")
FN(no_page_later, LOAD "sub %rcx, %rax; sar $6, %rax")
FN(no_shift_between, LOAD "mov %r15, %rax; add %rcx, %rax")
FN(no_such_shift, LOAD "mov %r15, %rax; shl $3, %rax; add %rcx, %rax")
FN(no_such_base, LOAD "mov %r15, %rax; shl $6, %rax; add %rdx, %rax")
FN(no_such_pfn, LOAD "mov %r15, %rax; shl $6, %rdx; add %rcx, %rax")
FN(no_such_variable, "add other(%rip), %rax")
/* the last of their sections, and no byte behind them */
#define LAST(name, code) void __attribute__((section("last_" #name))) name(void) \
	{ put_page(); __asm__ volatile(code); __builtin_unreachable(); }
LAST(yes_at_the_end, LOAD "shl $6, %rax; add %rcx, %rax")
LAST(yes_and_no_more, "add vmemmap_base(%rip), %rax")
LAST(no_addition_comes, LOAD)
EOF
(cd "$tmp" && gcc -O2 -g -fcf-protection=none -fno-pic -nostdlib -static \
	-Wl,-e,0 -o pfn pfn.c)
run 0 --pfn-walkers --top=0 "$tmp/pfn"
sed -n 's/  pfn\.c$//p' "$tmp/out" | sort >"$tmp/found"
sed -n 's/^[A-Z]*(\(yes_[a-z0-9_]*\),.*/\1/p' "$tmp/pfn.c" | sort |
	diff - "$tmp/found" >"$tmp/diff" || bad=1
! grep -q 'The macro' "$tmp/out" || bad=1
result $bad "pfn_to_page() by its code" "$tmp/diff" "$tmp/err"

run 0 --pfn-walkers "$tmp/walk.o" "$tmp/pfn" "$tmp/old.o"
grep -qx 'vmemmap_base: it is unknown for walk.o and 1 more' \
	"$tmp/out" || bad=1
result $bad "and of which files it is not known" "$tmp/out" "$tmp/err"

# The functions of --pfn-walkers, or its CSV, by its JSON, if those add up.
cat >"$tmp/walkers.pl" <<'EOF'
use strict; use warnings; use JSON::PP;
my $j = decode_json(join '', <STDIN>);
my %total = (functions => 0, hidden => 0, guarded => 0);
sub tally { join ', ', map { $_->{name} . ($_->{count} > 1 ? "*$_->{count}" : '') } @{$_[0]} }
sub cell { $_[0] =~ /,/ ? "\"$_[0]\"" : $_[0] }
for my $w (@{$j->{function}}) {
	my $hidden = 0;
	my @by = map { tally($w->{$_}) } 'pfn_by', 'hidden_in', 'reference_by';
	$hidden += $_->{count} for @{$w->{hidden_in}};
	$hidden == $w->{hidden} or die "$w->{function}: $hidden\n";
	$total{functions}++;
	$total{$_} += $w->{$_} for 'hidden', 'guarded';
	if (@ARGV) {
		print join(',', map { cell($_) } $w->{file}, $w->{function}, $w->{unit},
			   $w->{by_call} ? 1 : 0, $w->{hidden}, $w->{guarded}, @by), "\n";
		next;
	}
	print "$w->{function}  $w->{unit}\n  pfn by $by[0]\n  hidden in $by[1]\n";
	print "  reference by $by[2]\n" if $by[2];
	print $w->{guarded} ? "  a reference between pfn and look-up before $w->{guarded} of" :
		"  no reference before any of", " $w->{hidden}\n";
}
$total{$_} == $j->{total}{$_} or die "$_: $total{$_}\n" for keys %total;
print "$total{functions} functions\n" unless @ARGV;
EOF

for files in walk.o pfn old.o "pfn walk.o some.a"; do
	# shellcheck disable=SC2046,SC2086 # more than one
	set -- $(cd "$tmp" && realpath $files)
	run 0 --pfn-walkers --top=0 "$@"
	awk '/^[0-9]+ functions$/ { on = 1 } on && NF && !/^By /; /^By / { on = 1 }' \
		"$tmp/out" >"$tmp/text"
	"$pfbench" census --pfn-walkers --csv "$@" >"$tmp/csv" 2>>"$tmp/err" || bad=1
	"$pfbench" census --json --pfn-walkers "$@" >"$tmp/json" 2>>"$tmp/err" || bad=1
	perl "$tmp/walkers.pl" <"$tmp/json" 2>>"$tmp/err" |
		diff "$tmp/text" - >"$tmp/diff" || bad=1
	sed 1d "$tmp/csv" >"$tmp/lines"
	perl "$tmp/walkers.pl" csv <"$tmp/json" 2>>"$tmp/err" |
		diff "$tmp/lines" - >>"$tmp/diff" || bad=1
	[ ! -s "$tmp/err" ] || bad=1
	result $bad "walkers of $files: JSON, CSV and text tell the same" "$tmp/diff" "$tmp/err"
done
[ "$(grep -o 'pfn_to_page_known": [a-z]*' "$tmp/json" | cut -d ' ' -f 2 | tr '\n' ' ')" = \
	"true false false " ] && bad=0 || bad=1
result $bad "JSON says of which files pfn_to_page() is not known" "$tmp/json"

name='many,"walk"'
cat >"$tmp/$name.c" <<'EOF'
#include "accessors.h"
void *pfn_to_online_page(unsigned long pfn);
int get_page_unless_zero(void *page);
void scan_all(unsigned long pfn)
{
	put_page();
	if (!get_page_unless_zero(pfn_to_online_page(pfn)))
		return;
	put_page();
	PageLocked();
}
EOF
(cd "$tmp" && gcc -O2 -g -c "$name.c")
run 0 --pfn-walkers --csv "$tmp/$name.o"
sed 1d "$tmp/out" | diff - /dev/fd/3 3<<-EOF >"$tmp/diff" || bad=1
	"$tmp/many,""walk"".o",scan_all,"many,""walk"".c",1,3,2,pfn_to_online_page,"put_page*2, PageLocked",get_page_unless_zero
	EOF
result $bad "--pfn-walkers --csv quotes what needs it" "$tmp/diff" "$tmp/err"
run 0 --diff --csv "$tmp/none.o" "$tmp/$name.o"
grep -qxF 'function,scan_all,"many,""walk"".c",lookups,0,3,3' "$tmp/out" || bad=1
grep -qxF 'file,"many,""walk"".c",,hidden_bytes,0,48,48' "$tmp/out" || bad=1
result $bad "and so does that of --diff" "$tmp/out" "$tmp/err"

refused "no file" "no FILE is given"
refused "one file for --diff" "two files" --diff "$tmp/old.o"
refused "three files for --diff" "two files" --diff "$tmp/old.o" "$tmp/old.o" "$tmp/old.o"
refused "no table" "table" --by=, "$tmp/old.o"
refused "tables of a difference" "have no such tables" --diff --by=file \
	"$tmp/old.o" "$tmp/new.o"
refused "an empty name" "not a pattern" --name= "$tmp/old.o"
# the next argument in memory must not end the pattern
refused "a pattern without end" "not a pattern" --name='[' 'x]'
refused "a pattern with a second one without end" "not a pattern" \
	--name='a[b]c[' "$tmp/old.o"
refused "a class with no end of its set" "not a pattern" --name='[[:lower:]' \
	"$tmp/old.o"
refused "an unknown table" "no table 'nope'" --by=nope "$tmp/old.o"
refused "a negative number of rows" "--top=-1" --top=-1 "$tmp/old.o"
refused "rows that are not a number" "--top=1x" --top=1x "$tmp/old.o"
refused "two modes" "not both" --diff --pfn-walkers "$tmp/old.o" "$tmp/old.o"
refused "a directory and a format" "-o: not with" --json -o "$tmp/dir" "$tmp/old.o"
refused "a directory for a difference" "-o: not with" --diff -o "$tmp/dir" \
	"$tmp/old.o" "$tmp/old.o"
refused "a directory for walkers" "-o: not with" --pfn-walkers -o "$tmp/dir" "$tmp/old.o"
refused "two formats" "not both" --csv --json "$tmp/old.o"
refused "two formats of a difference" "not both" --diff --csv --json \
	"$tmp/old.o" "$tmp/new.o"
refused "two formats of walkers" "not both" --json --pfn-walkers --csv "$tmp/walk.o"
refused "an unknown option" "unknown option --nope" --nope "$tmp/old.o"
refused "a missing file" "$tmp/nowhere: No such file" "$tmp/nowhere"
refused "a directory" "$tmp: not a file" "$tmp"
refused "what is no ELF file" "ELF" "$0"
refused "a stripped file" "no debug information" "$tmp/stripped.o"
if command -v aarch64-linux-gnu-gcc >/dev/null; then
	(cd "$tmp/new" && aarch64-linux-gnu-gcc -O1 -g -I.. -c mm/list.c -o ../arm64.o)
	refused "a diff of two architectures" \
		"old.o is for x86-64, $tmp/arm64.o for arm64" \
		--diff "$tmp/old.o" "$tmp/arm64.o"
else
	skip "a diff of two architectures" "no aarch64-linux-gnu-gcc"
fi
