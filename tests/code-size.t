#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scripts/code-size: its messages for bad input, its figures against those of
# binutils, and the consistency of the kept results.

set -eu

case ${1:-} in
-h) echo "usage: $0: test scripts/code-size, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
unset MAKEFLAGS MFLAGS MAKELEVEL

declare -A triplet=([x86-64]=x86_64-linux-gnu [arm64]=aarch64-linux-gnu
	[riscv64]=riscv64-linux-gnu [ppc64le]=powerpc64le-linux-gnu
	[s390x]=s390x-linux-gnu)
arches="x86-64 arm64 riscv64 ppc64le s390x"

# A checkout with one unit only: all units take minutes.
few=$tmp/few
mkdir -p "$few"
cp -R --parents Makefile scripts plots include bench tests/code_size "$few"
for unit in "$few"/tests/code_size/*.c; do
	case $unit in
	*/swap.c) ;;
	*) rm "$unit" ;;
	esac
done

# code_size DIRECTORY ARGUMENT...: runs the script of that checkout; sets status
code_size()
{
	local dir=$1
	shift
	status=0
	"$dir/scripts/code-size" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
}

# says TITLE STATUS TEXT: the last run ended with STATUS and one line with TEXT
# on stderr
says()
{
	local bad=0
	[ "$status" = "$2" ] || bad=1
	[ "$(wc -l <"$tmp/err")" = 1 ] || bad=1
	grep -q -e "^code-size: .*$3" "$tmp/err" || bad=1
	result $bad "$1" "$tmp/out" "$tmp/err"
}

# holds TITLE EXPRESSION...: the expression of test(1) is true
holds()
{
	local title=$1 bad=0
	shift
	test "$@" || bad=1
	printf '%s\n' "not: $*" >"$tmp/why"
	result $bad "$title" "$tmp/why"
}

# Bad input

code_size "$top" -a vax
says 'an unknown architecture' 2 '-a vax: no such architecture'
code_size "$top" -c tcc
says 'an unknown compiler' 2 '-c tcc: not a known compiler'
code_size "$top" -j 0
says 'zero jobs' 2 '-j 0: not a number'
code_size "$top" all
says 'an argument' 2 "unexpected argument 'all'"
touch "$tmp/file"
code_size "$top" -o "$tmp/file/x"
says 'a directory below a file' 2 "-o $tmp/file/x: cannot create"
code_size "$top" -c gcc-99 -a arm64 -o "$tmp/none"
holds 'a missing compiler is skipped, with a reason' \
	"$(grep -c '^code-size: skipped: gcc-99 for arm64: no ' "$tmp/err")" = 1
holds 'without any compiler nothing is measured' "$status $(tail -n 1 "$tmp/err")" = \
	'1 code-size: nothing was measured: no compiler is available'
cp -R "$few" "$tmp/new"
sed -i 's/^\tG(plain, "plain",/\tG(newer, "newer", 0, 1, v4_2, PLAIN, NONE, NONE, "", "", "", "") \\\n&/' \
	"$tmp/new/include/pageflags/catalog.h"
code_size "$tmp/new" -c gcc -a x86-64 -o "$tmp/none"
says 'a generation without a row' 2 'newer is in the catalog'

# Facts that follow from the look-ups; the input is a code-size.dat
cat >"$tmp/facts.awk" <<'EOT'
function complain(why) {
	print $0 ": " why
}
/^#/ { next }
{ gsub(/"/, "") }
NF != 14 {
	complain("not 13 columns")
	next
}
{
	key = $1 " " $2 " " $3
	keys[key]
	rows[key]++
	code[key, $5, $6] = $11
	more[key, $5, $6] = $11 - $12
	bare[key, $5] = $12
	if ($8 < 1 || $11 < 1 || $12 < 1 || $13 < 1 || $14 < 0)
		complain("not positive")
	if (uses && $8 != uses)
		complain("another number of uses than in other rows")
	uses = $8
	if ($13 < $11)
		complain("more code than sections")
	if (($6 != "all") != ($9 == 0) || ($6 == "none") != ($10 == 0))
		complain("impossible numbers of look-ups")
	if ($6 == "none" ? $11 != $12 : $11 <= $12)
		complain("not more than without look-ups")
}
# for key, generation a adds more bytes than b
function more_than(key, a, lookups_a, b, lookups_b) {
	if (!(more[key, a, lookups_a] > more[key, b, lookups_b]))
		print key ": " a " " lookups_a " not more than " b " " lookups_b
}
function as_bare(key, a, b) {
	if (bare[key, a] != bare[key, b])
		print key ": " a " and " b " differ without look-ups"
}
END {
	for (key in keys) {
		if (rows[key] != 14)
			print key ": " rows[key] " generations"
		more_than(key, "v3.14-rmb", "all", "plain", "none")
		more_than(key, "v3.14-rmb", "all", "v3.14-rmb", "explicit")
		more_than(key, "v4.4-word", "all", "v4.4-word", "explicit")
		more_than(key, "v3.14-rmb", "explicit", "v2.6.26-bit", "explicit")
		more_than(key, "v5.18-fakehead", "all", "v4.4-word", "all")
		as_bare(key, "plain", "v3.14-rmb")
		as_bare(key, "v5.18-fakehead", "v5.18-fakehead-hvo")
		as_bare(key, "v7.1-mask", "mask-branch")
		as_bare(key, "v7.1-mask", "v7.1-mask-fakehead")
		as_bare(key, "v7.1-mask", "v7.1-pointer")
		nr++
	}
	if (!nr)
		print "no rows"
}
EOT
facts()
{
	awk -f "$tmp/facts.awk" "$1" >"$tmp/why" 2>&1
	[ ! -s "$tmp/why" ]
}

# source_uses CHECKOUT: prints the number of uses in the source of the units
source_uses()
{
	local flags="Locked|Dirty|Uptodate|LRU|Active|Writeback|Referenced"
	local inlines="(try)?lock_page|compound_head|page_count|(get|put)_page"
	inlines+="|get_page_unless_zero|wait_on_page_(locked|writeback)"
	cat "$1"/tests/code_size/*.c |
		grep -oE "\\b(USE|(Test)?(Set|Clear)?Page($flags)|$inlines)\\(" |
		wc -l
}

# One unit, for every architecture with a gcc

here=''
for a in $arches; do
	if command -v "${triplet[$a]}-gcc" >"$tmp/which"; then
		here+=" -a $a"
	else
		skip "$a is measured" "no ${triplet[$a]}-gcc"
	fi
done
[ -n "$here" ] || { echo "1..$n"; exit 0; }
# shellcheck disable=SC2086 # options
code_size "$few" $here -c gcc -o "$tmp/few-out"
result "$status" "a unit is measured" "$tmp/err"
dat=$tmp/few-out/code-size.dat
txt=$tmp/few-out/code-size.txt
bad=0
facts "$dat" || bad=1
result $bad 'the rows agree with the look-ups' "$tmp/why"
holds 'the uses are those in the source' \
	"$(awk '!/^#/ { print $8; exit }' "$dat")" = "$(source_uses "$few")"
bad=0
! grep -qE '.{73}|[^ -~]' "$txt" || bad=1
result $bad 'the tables are ASCII, at most 72 columns wide' "$txt"
bad=0
for word in 'bytes per look-up' 'bytes per use' 'growth of the code' \
	'bytes of code' 'look-ups  x86-64   arm64 riscv64 ppc64le   s390x'; do
	grep -qF "$word" "$txt" || bad=1
done
result $bad 'the tables have their columns' "$txt"
holds 'the plot is a PNG' "$(od -An -N4 -tx1 "$tmp/few-out/code-size.png")" = \
	' 89 50 4e 47'
holds 'the plot is an SVG' "$(grep -c '^</svg>' "$tmp/few-out/code-size.svg")" = 1

# The bytes against the sums of binutils: of sections, and of symbols

make -s "B=$tmp" "$tmp/build.h" >"$tmp/log" 2>&1
flags()
{
	sed -n "s/^#define PFBENCH_KERNEL_CFLAGS$1 \"\(.*\)\"/\1/p" "$tmp/build.h"
}
for a in $arches; do
	t=${triplet[$a]}
	if [[ $here != *"-a $a"* ]] || ! command -v "$t-size" >"$tmp/which"; then
		skip "$a: size -A and nm agree" "no $t-gcc or $t-size"
		continue
	fi
	mkdir "$tmp/$a"
	make -s -C "$few" -f tests/code_size/Makefile "O=$tmp/$a" "CC=$t-gcc" \
		PAIRS='plain.0 v3_14_rmb.2' \
		"CFLAGS=$(flags '') $(flags "_${t%%-*}") -falign-functions=1 \
-fno-inline -ffreestanding" >"$tmp/log" 2>&1
	for pair in plain.0:plain:none v3_14_rmb.2:v3.14-rmb:all; do
		IFS=: read -r object gen lookups <<<"$pair"
		sum=$("$t-size" -A "$tmp/$a/$object".*.o |
			awk '$1 ~ /^\.text/ { sum += $2 } END { print sum }')
		code=$("$t-nm" -S "$tmp/$a/$object".*.o | awk '$3 ~ /^[Tt]$/ {
			print "0x" $2 }' | while read -r hex; do
				echo $((hex)); done |
			awk '{ sum += $1 } END { print sum }')
		holds "$a, $gen: size -A and nm agree" "$code $sum" = \
			"$(awk -v a="$a" -v gen="\"$gen\"" -v lookups="$lookups" '
			$3 == a && $5 == gen && $6 == lookups { print $11, $13 }' \
				"$dat")"
	done
done

# Injected faults, on one architecture

first=${here# -a }
first=${first%% *}
one=$tmp/one
cp -R "$few" "$one"

# finds TITLE STATUS TEXT: as says, after a run in the checkout $one
finds()
{
	code_size "$one" -c gcc -a "$first" -o "$tmp/one-out"
	says "$@"
}

cp "$one/tests/code_size/swap.c" "$tmp/swap.c"
cat >>"$one/tests/code_size/swap.c" <<'END'
#if CODE_SIZE_LOOKUPS
int more(struct page *page) { return PageDirty(page); }
#endif
END
finds 'a use that one generation lacks is found' 1 'differ in their uses'
cp "$tmp/swap.c" "$one/tests/code_size"
echo 'int x = "' >>"$one/tests/code_size/swap.c"
finds 'a compiler error is reported' 1 'swap.c:.*error'
holds 'a compiler error leaves no result' ! -e "$tmp/one-out/code-size.dat"
cp "$tmp/swap.c" "$one/tests/code_size"
cp "$one/include/pageflags/head.h" "$tmp/head.h"
sed -i '/^pf_head_v3_14_rmb(/,/^}/ s/^\tunsigned long head;/&\n\treturn (unsigned long)page;/' \
	"$one/include/pageflags/head.h"
code_size "$one" -c gcc -a "$first" -o "$tmp/one-out"
bad=1
facts "$tmp/one-out/code-size.dat" || bad=0
result $bad 'a missing look-up is found' "$tmp/err"
bad=1
! grep -q 'v3.14-rmb.*not more than without look-ups' "$tmp/why" || bad=0
result $bad 'a missing look-up is named' "$tmp/why"
cp "$tmp/head.h" "$one/include/pageflags"
sed '/"v7.1-mask"/d' "$dat" >"$tmp/cut.dat"
bad=1
facts "$tmp/cut.dat" || bad=0
result $bad 'a missing generation is found' "$tmp/why"

# Pictures that gnuplot cuts with exit status 0, and a directory without room

mkdir "$tmp/cut"
cat >"$tmp/cut/gnuplot" <<END
#!/bin/sh
"$(command -v gnuplot)" "\$@"
for out; do :; done
truncate -s -100 "\$out.\$(cat "$tmp/form")"
END
chmod +x "$tmp/cut/gnuplot"
mkdir "$tmp/kept"
for form in svg png; do
	echo $form >"$tmp/form"
	echo before >"$tmp/kept/code-size.$form"
	PATH=$tmp/cut:$PATH code_size "$one" -c gcc -a "$first" -o "$tmp/kept"
	says "a cut picture is reported: $form" 1 "code-size.$form: cut short"
	holds "a cut picture replaces none: $form" \
		"$(cat "$tmp/kept/code-size.$form")" = before
done
mkdir "$tmp/full"
if mount -t tmpfs -o size=8k tmpfs "$tmp/full" 2>"$tmp/log"; then
	code_size "$one" -c gcc -a "$first" -o "$tmp/full"
	left="$(ls -A "$tmp/full")"
	umount "$tmp/full"
	says 'a full directory is reported' 1 "full/code-size.*No space left"
	holds 'and nothing is left in it' -z "$left"
else
	skip 'a full directory is reported' "$(head -n 1 "$tmp/log")"
	skip 'and nothing is left in it' "$(head -n 1 "$tmp/log")"
fi

# An interrupt during the second compiler

mkdir "$tmp/bin"
cat >"$tmp/bin/clang" <<END
#!/bin/sh
case \$* in
*--version*) echo 'clang version 1.2.3'; exit ;;
esac
kill -TERM "\$(cat "$tmp/pid")"
exit 1
END
chmod +x "$tmp/bin/clang"
status=0
PATH=$tmp/bin:$PATH sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$tmp/pid" \
	"$one/scripts/code-size" -j 1 -c gcc -c clang -a "$first" \
	-o "$tmp/part" >"$tmp/out" 2>"$tmp/err" || status=$?
holds 'an interrupt ends the script' $status = 130
holds 'an interrupted result is kept and marked' \
	"$(grep -c '^"gcc' "$tmp/part/code-size.dat") $(grep -c '^# partial' \
	"$tmp/part/code-size.dat") $(grep -c '^partial' "$tmp/part/code-size.txt")" = \
	'14 1 1'

# The kept results

kept=results/code-size/code-size.dat
bad=0
facts $kept || bad=1
result $bad "$kept agrees with the look-ups" "$tmp/why"
holds "$kept has five architectures" \
	"$(awk '!/^#/ { print $3 }' $kept | sort -u | wc -l)" = 5
holds "$kept is complete" "$(grep -c '^# \(partial\|failed\)' $kept)" = 0
holds "$kept has the uses of the units" \
	"$(awk '!/^#/ { print $8; exit }' $kept)" = "$(source_uses .)"

echo "1..$n"
