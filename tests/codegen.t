#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pfbench codegen: listings in the form of the mail of 2015, counts for every
# architecture and compiler, and the messages where a tool is missing.

# shellcheck disable=SC2016 # dollars of listings
set -eu

case ${1:-} in
-h) echo "usage: [B=DIR] $0: test pfbench codegen, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/codegen.sh
. "$(dirname "$0")/codegen.sh"
cd "$top"
b=${B:-build}
PFBENCH_SRCDIR=$top
export PFBENCH_SRCDIR


# Bad input

expect 'no accessor' 2 'which accessor?'
expect 'an unknown accessor' 2 "no accessor 'PageFoo'" PageFoo
expect 'an unknown generation' 2 "no generation 'v9'" PageLocked v9
expect 'a misspelt accessor' 2 "no accessor 'PageLokced'; the nearest is PageLocked (" \
	PageLokced
expect 'a misspelt generation' 2 "no generation 'v4.4'; the nearest is v4.4-word (" \
	PageLocked v4.4
expect 'the kernel'"'"'s own is not here' 2 "native is the running kernel's own" \
	PageLocked native
expect 'all and another generation' 2 "either 'all' or 'plain'" PageLocked all plain
expect 'an unknown architecture' 2 "no architecture 'vax'" --arch=vax PageLocked
expect 'an unknown usage' 2 "no usage 'x'" --usage=x PageLocked
expect 'an unknown lowering' 2 "no lowering 'x'" --lowering=x PageLocked
expect 'no compiler named' 2 'which compiler?' --cc=, PageLocked
expect 'a condition of an accessor that is not a test' 2 'is not a test' \
	--usage=condition SetPageDirty
expect 'an unknown lowering of a generation' 2 "PageLocked/plain makes no choice that a lowering could force: leave out 'branch'" \
	--lowering=branch PageLocked plain
expect 'a forced select of a generation' 2 "leave out 'select'" \
	--lowering=select PageLocked plain
expect 'an accessor after the generation' 2 \
	'folio_test_locked (5.16 and later) does not exist in plain (2.6.22 to before 4.5)' \
	folio_test_locked plain
expect 'an accessor for --out' 2 '--out is of all accessors' --out="$tmp" \
	PageLocked
expect 'objects of all architectures' 2 'of one architecture and compiler' \
	--objects="$b" --arch=all PageLocked
expect 'a missing compiler' 2 '(Debian: apt install clang-99)' \
	--cc=clang-99 PageLocked plain
cat >"$tmp/be-gcc" <<'END'
#!/bin/sh
case $1 in
-dumpmachine) echo aarch64_be-linux-gnu ;;
*) echo 'gcc 1' ;;
esac
END
chmod +x "$tmp/be-gcc"
expect 'a compiler for a similar architecture' 2 \
	"$tmp/be-gcc: no compiler for arm64" --arch=arm64 --cc="$tmp/be-gcc" \
	PageLocked plain
expect 'missing objects' 2 "$tmp: no uses-*.o there" \
	--objects="$tmp" PageLocked plain
expect 'an unknown option' 2 'unknown option --foo' --foo PageLocked

mkdir -p "$tmp/src/bench/target"
cp -R include "$tmp/src"
echo 'int x = "' >"$tmp/src/bench/target/use_stubs.c"
if [ "$here" = x86_64 ]; then a=x86-64; else a=arm64; fi
if has $a; then
	PFBENCH_SRCDIR=$tmp/src expect 'a source that does not compile' 2 'use_stubs.c:1:' \
		--arch=$a PageLocked plain
	PFBENCH_SRCDIR=$tmp expect 'no source' 2 "\$PFBENCH_SRCDIR, $tmp" \
		--arch=$a PageLocked plain
	mkdir "$tmp/empty"
	echo 'int x;' | "${triplet[$a]}-linux-gnu-gcc" -c -x c - \
		-o "$tmp/empty/uses-plain.o"
	expect 'an object without the function' 2 \
		'PageLocked/plain/value: not in the objects' --arch=$a \
		--objects="$tmp/empty" PageLocked plain
	echo garbage >"$tmp/empty/uses-plain.o"
	expect 'a file that is not an object' 2 "$tmp/empty/uses-plain.o: " --arch=$a \
		--objects="$tmp/empty" PageLocked plain
else
	for what in 'a source that does not compile' 'no source' \
		'an object without the function' 'a file that is not an object'; do
		skip "$what" "no compiler for $a"
	done
fi

# Listings

# The rows of the right column, one blank between words, each mark on one line.
right()
{
	awk '/^\[|^ [a-z]/ { sub(/^ /, ""); mark = mark (mark == "" ? "" : " ") $0
			if (/\]$/) { print mark; mark = "" } next }
		NR > 4 { $0 = substr($0, 38); sub(/^ *[0-9a-f]+: /, "")
			gsub(/ +/, " "); if (length) print }' "$tmp/out"
}

# in_order FILE PATTERN...: in this order, on lines of their own
in_order()
{
	local file=$1 line=0 found
	shift
	for pattern; do
		found=$(tail -n +$((line + 1)) "$file" |
			grep -nE -m1 -e "$pattern") || {
			echo "after line $line nothing like $pattern"
			return 1
		}
		line=$((line + ${found%%:*}))
	done
}

above='\[instructions above same as plain; those below added by v3.14-rmb\]'
below='\[instructions above added by v3.14-rmb; those below same as plain\]'
if has x86-64; then
	expect 'PageLocked, plain and v3.14-rmb' 0 'PageLocked, value' \
		PageLocked plain v3.14-rmb --arch=x86-64 --lowering=auto
	right >"$tmp/right"
	bad=0
	in_order "$tmp/right" '^mov \(%rdi\),%rax$' "^$above$" \
		'^test \$0x80,%ah$' '^j(e|ne) ' "^$below$" \
		'^and \$0x1,%eax$' '^ret$' >"$tmp/why" || bad=1
	result "$bad" 'the marks stand where the mail has them' "$tmp/why" "$tmp/right"
	bad=0
	in_order "$tmp/right" '^mov 0x30\(%rdi\),%r' '^mov \(%rdi\),%r' \
		'^(test|and) \$0x80,%.h$' '^cmovn?e %r.*,%r' \
		'^mov \(%r..\),%rax$' >"$tmp/why" || bad=1
	result "$bad" 'first_page, the flags again, the select, the head'"'"'s flags' \
		"$tmp/why" "$tmp/right"
	expect 'one generation: with its bytes' 0 \
		'   0: 48 8b 07  mov    (%rdi),%rax' PageLocked plain \
		--arch=x86_64
	expect 'the same instructions' 0 \
		'[instructions above same as plain]' PageLocked plain \
		v2.6.26-bit --arch=amd64
	expect 'all generations, each beside the first' 0 \
		'[instructions above added by v5.18-fakehead-hvo; those below' \
		PageLocked all --arch=x86-64
	expect 'a condition: a branch past nothing' 0 '74 00     je     7' \
		PageLocked plain --usage=condition --arch=x86-64
	expect 'a static key that is off: a nop of five bytes' 0 \
		'0f 1f 44 00 00 ' \
		PageLocked v5.18-fakehead --arch=x86-64
	expect 'a setter has no instruction for a result' 0 \
		'   4: c3           ret' SetPageDirty plain --arch=x86-64
	for gen in v4.4-word v5.18-fakehead v5.18-fakehead-hvo v7.1-mask \
		mask-branch; do
		expect "folio_test_locked of $gen is PageLocked of plain" 0 \
			'   3: 83 e0 01  and    $0x1,%eax' \
			folio_test_locked $gen --arch=x86-64
		holds 'and nothing else' "$(grep -c '^ .*: ' "$tmp/out")" = 3
	done
	expect 'a static key that is on: a jump after the test' 0 'jmp' \
		PageLocked v5.18-fakehead-hvo --arch=x86-64
	bad=0
	in_order "$tmp/out" 'test   \$0x1,%al$' 'jne ' 'jmp ' >"$tmp/why" ||
		bad=1
	result "$bad" 'where the nop would be' "$tmp/why" "$tmp/out"
else
	for what in 'PageLocked, plain and v3.14-rmb' 'it reads as the mail' \
		'first_page, the flags again, the select' 'with its bytes' \
		'the same instructions' 'all of them' 'a condition' 'a nop' \
		'what returns nothing'; do
		skip "$what" 'x86-64: no compiler, binutils or emulator'
	done
fi
if [ -e "$b/uses-plain.o" ]; then
	expect 'objects compiled by make' 0 'GCC: (' \
		--objects="$b" PageLocked plain
	other=arm64
	[ "$here" != aarch64 ] || other=s390x
	if has $other; then
		expect 'objects of another architecture' 2 \
			"uses-plain.o: not an object for $other" \
			--objects="$b" --arch=$other PageLocked plain
	else
		skip 'objects of another architecture' "no tools for $other"
	fi
else
	skip 'objects compiled by make' "no $b/uses-plain.o"
	skip 'objects of another architecture' "no $b/uses-plain.o"
fi

# Tables

# cell ROW COLUMN: of the table in $tmp/out
cell()
{
	awk -v row="$1" -v column="$2" '$1 == "bytes" {
			for (i = 1; i <= NF; i++)
				at[$i] = i + 1
		}
		$1 == row { print $at[column] }' "$tmp/out"
}

for a in $arches; do
	if ! has "$a"; then
		skip "$a: tables" 'no compiler, binutils or emulator'
		continue
	fi
	case $a in
	x86-64|s390x) barrier=0/0 ;;
	*) barrier=0/1 ;;
	esac
	expect "$a: a table" 0 "$a, " --table PageLocked plain v3.14-rmb \
		v7.1-mask --arch="$a"
	holds "$a: plain, one load" "$(cell plain loads)" = 1/1
	[ "$a" != x86-64 ] ||
		holds "$a: plain, two instructions" "$(cell plain insns)" = 2/2
	holds "$a: v3.14-rmb, the barrier is on the tail path" \
		"$(cell v3.14-rmb barrier)" = $barrier
	holds "$a: v7.1-mask, no branch" "$(cell v7.1-mask branch)" = 0/0
	holds "$a: v7.1-mask, no select" "$(cell v7.1-mask select)" = 0/0
	holds "$a: v7.1-mask, both paths are one" \
		"$(cell v7.1-mask insns | cut -d/ -f1)" = \
		"$(cell v7.1-mask insns | cut -d/ -f2)"
	expect "$a: folio_test_locked takes no tail" 0 '1/-' --table \
		folio_test_locked v4.4-word --arch="$a"
done
if has riscv64; then
	expect 'riscv64 has no select' 2 'riscv64 has no select' --table \
		--lowering=select PageLocked --arch=riscv64
else
	skip 'riscv64 has no select' 'no compiler for riscv64'
fi

# Missing tools

# hide PATTERN...: fill $tmp/bin, for PATH, with all programs but these
hide()
{
	local dir pattern
	rm -rf "${tmp:?}/bin"
	mkdir "$tmp/bin"
	for dir in /usr/local/bin /usr/bin; do
		find $dir -maxdepth 1 \( -type f -o -type l \) \
			-exec ln -sf -t "$tmp/bin" {} +
	done
	for pattern; do
		find "$tmp/bin" -name "$pattern" -delete
	done
}

nr=0
for a in $arches; do
	! has "$a" || nr=$((nr + 1))
done
if [ $nr = 5 ] && [ "$here" != riscv64 ]; then
	hide 'riscv64-linux-gnu-gcc*'
	PATH=$tmp/bin expect 'one compiler is missing: the others are shown' 1 \
		'no gcc for riscv64 (Debian: apt install gcc-riscv64-linux-gnu)' \
		PageLocked plain v7.1-mask --arch=all
	for a in $arches; do
		case $a in
		riscv64) continue ;;
		esac
		holds "$a is there" "$(grep -c "^$a, " "$tmp/out")" = 1
	done
	holds 'the summary counts' "$(grep -c '^4 of 5 shown' "$tmp/out")" = 1
else
	for what in 'one compiler is missing: the others are shown' \
		'the others are there' 'the summary counts'; do
		skip "$what" 'not all five architectures have their tools'
	done
fi
if has x86-64; then
	hide 'qemu-*'
	PATH=$tmp/bin expect 'no emulator: bytes, n/a and what to install' 1 \
		'(Debian: apt install qemu-user)' --table PageLocked plain \
		--arch=x86-64
	holds 'the bytes are there' "$(cell plain bytes)" = 6
	holds 'the counts are n/a' "$(cell plain insns)" = n/a
	hide '*objdump*'
	PATH=$tmp/bin expect 'no objdump' 2 'apt install binutils' PageLocked \
		plain --arch=x86-64
else
	for what in 'no emulator' 'the bytes' 'n/a' 'no objdump'; do
		skip "$what" 'x86-64: no compiler, binutils or emulator'
	done
fi

if [ $nr -gt 1 ]; then
	mkdir "$tmp/tmp"
	status=0
	TMPDIR=$tmp/tmp timeout --foreground --preserve-status -s INT 1 \
		"$pfbench" codegen --out="$tmp/cut" --arch=all >"$tmp/out" 2>&1 ||
		status=$?
	holds 'an interrupt ends it' $status = 130
	holds 'and nothing is left behind' -z "$(ls "$tmp/tmp")"
else
	skip 'an interrupt ends it' 'a run with one compiler is too short'
	skip 'and nothing is left behind' 'a run with one compiler is too short'
fi

echo "1..$n"
