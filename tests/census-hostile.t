#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench census of files that are unreadable, cut short, damaged or malicious:
# it must print a census or one line, within ten seconds. (The finds of
# the fuzzer are in tests/census/hostile: scripts/fuzz.)

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench census on bad files, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

# survived FILE [TEXT]: status 0 and nothing on stderr (not if TEXT is given), or
# status 2 and one line there (with TEXT in it); anything else goes to report
survived()
{
	status=0
	timeout 10 "$pfbench" census "$1" >out 2>err || status=$?
	lines=$(wc -l <err)
	case $status:$lines in
	0:0) [ -z "${2:-}" ] && return ;;
	2:1) [ ! -s out ] && grep -qF -e "${2:-}" err && return ;;
	esac
	echo "$1: exit status $status, ${lines} lines:" >>report
	cat out err >>report
	return 1
}

# bad_file WHAT FILE [TEXT]
bad_file()
{
	: >report
	bad=0
	survived "$2" "${3:-}" || bad=1
	result $bad "$1" report
}

# each WHAT FILE...: every one of them
each()
{
	what=$1
	shift
	: >report
	bad=0
	for file; do
		survived "$file" || bad=1
	done
	result $bad "$what ($#)" report
}

# number OFFSET SIZE FILE: bytes, the lowest first
number()
{
	od -A n -t u"$2" -j "$1" -N "$2" "$3" | tr -d ' '
}

# patch OFFSET BYTES FILE: overwrite; BYTES as printf writes them
patch()
{
	# shellcheck disable=SC2059 # BYTES are a format
	printf "$2" | dd of="$3" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

: >empty
mkdir directory
echo "no ELF file" >text
head -c 4096 /dev/urandom >noise
printf '\177ELF' >magic
bad_file "an empty file" empty ELF
bad_file "a directory" directory "not a file"
bad_file "text" text ELF
bad_file "noise" noise ELF
bad_file "four bytes" magic ELF
bad_file "a missing file" nowhere "No such file"
bad_file "a device" /dev/zero "not a file"
mkfifo fifo
bad_file "a FIFO" fifo "not a file"
if [ "$(id -u)" = 0 ]; then
	skip "a file that may not be read" "root may read all"
else
	cp text secret
	chmod 0 secret
	bad_file "a file that may not be read" secret "ermission"
fi

for f in "$top"/tests/census/hostile/*; do
	[ -f "$f" ] || continue
	cp "$f" .
	bad_file "found by the fuzzer: ${f##*/}" "${f##*/}"
done

gcc=
for cc in gcc x86_64-linux-gnu-gcc aarch64-linux-gnu-gcc; do
	case $($cc -dumpmachine 2>/dev/null) in
	x86_64*|aarch64*) gcc=$cc; break ;;
	esac
done
if [ -z "$gcc" ]; then
	skip "files made from an object" "no gcc for a 64-bit little-endian machine"
	echo "1..$n"
	exit 0
fi
prefix=${gcc%gcc}
mkdir cut machine
$gcc -O2 -g -ffreestanding -I"$top/tests/census" -c -o good.o "$top/tests/census/one.c"
"${prefix}strip" -o stripped.o good.o
bad_file "a stripped file" stripped.o "no debug information"

# archives and their members
printf '!<arch>\n' >empty.a
bad_file "an archive without members" empty.a "without members"
"${prefix}ar" cr text.a good.o text
bad_file "a member that is no ELF file" text.a "text.a(text): not an ELF file"
"${prefix}ar" cr none.a stripped.o
bad_file "no member has debug information" none.a "in any member"
"${prefix}ar" cr some.a stripped.o good.o
"$pfbench" census --csv good.o >one.csv 2>err || :
"$pfbench" census --csv some.a >some.csv 2>>err || :
"$pfbench" census some.a >some.txt 2>>err || :
bad=0
[ "$(wc -l <one.csv)" -gt 1 ] &&
	[ "$(wc -l <one.csv)" = "$(wc -l <some.csv)" ] &&
	grep -q "1 of 2 members left out" some.txt || bad=1
result $bad "a member without debug information is left out" err some.csv
"${prefix}ar" crT thin.a good.o stripped.o
bad_file "a thin archive" thin.a
sed 's/good\.o/gone.o/' thin.a >gone.a
bad_file "a missing member" gone.a "gone.a(gone.o): No such file"
sed 's/good\.o/thin.a/' thin.a >self.a
bad_file "a thin archive that has an archive" self.a "contains an archive"
mkdir archive
for i in 4 9 20 60 67 68 69 70 80 128 140 200; do
	head -c $i some.a >archive/some-$i.a
	head -c $i thin.a >archive/thin-$i.a
done
sed 's/\(good.o.*\)0/\1x/' some.a >archive/some-x.a
sed 's/^\/[0-9]/\/9/' thin.a >archive/thin-9.a
each "archives cut short, or not right" archive/*

# objects of a machine that libdw cannot relocate, and objects without code.
# e_machine 65535 is assigned to no machine: no release of elfutils reads it.
cp good.o unassigned.o
patch 18 '\377\377' unassigned.o
bad_file "an object that nobody here can relocate" unassigned.o \
	"cannot relocate EM_65535: link it first"
$gcc -O2 -flto -fno-fat-lto-objects -c -o lto.o \
	-I"$top/tests/census" "$top/tests/census/one.c"
bad_file "gcc's bytecode" lto.o "LTO bytecode"
if command -v clang >/dev/null; then
	clang -O2 -flto -c -o bitcode.o -I"$top/tests/census" \
		"$top/tests/census/one.c"
	bad_file "LLVM's bytecode" bitcode.o "LTO bytecode"
	clang --target=s390x-linux-gnu -O2 -g -ffreestanding -c -o s390x.o \
		-I"$top/tests/census" "$top/tests/census/one.c"
	status=0 bad=0
	"$pfbench" census good.o s390x.o >out 2>err || status=$?
	[ $status = 2 ] && [ "$(wc -l <err)" = 1 ] &&
		grep -q 'a census covers one architecture' err || bad=1
	result $bad "two architectures" out err
else
	skip "LLVM's bytecode" "no clang"
	skip "two architectures" "no clang"
fi

size=$(wc -c <good.o)
i=1
while [ $i -lt 64 ]; do
	head -c $((size * i / 64)) good.o >cut/$i
	i=$((i + 1))
done
each "cut short" cut/*

# debug sections that end early, or are all zeros or all ones
for section in abbrev info line str line_str rnglists ranges addr aranges; do
	"${prefix}objcopy" -O binary --only-section=.debug_$section \
		--set-section-flags .debug_$section=alloc good.o section 2>/dev/null ||
		continue
	[ -s section ] || continue
	size=$(wc -c <section)
	for part in 0 1 $((size / 3)) $((size - 1)); do
		head -c "$part" section >part.bin
		"${prefix}objcopy" --update-section .debug_$section=part.bin good.o \
			cut/$section-$part.o 2>/dev/null || :
	done
	head -c "$size" /dev/zero >part.bin
	"${prefix}objcopy" --update-section .debug_$section=part.bin good.o cut/$section-0s.o || :
	tr '\0' '\377' <part.bin >ones
	"${prefix}objcopy" --update-section .debug_$section=ones good.o cut/$section-1s.o || :
	"${prefix}objcopy" -R .debug_$section good.o cut/$section-none.o \
		2>/dev/null || :
done
each "damaged sections" cut/*.o

for machine in 0 3 22 62 183 243 247 65535; do
	cp good.o machine/$machine
	patch 18 "\\$(printf %03o $((machine % 256)))\\$(printf %03o $((machine / 256)))" \
		machine/$machine
done
each "another machine in its header" machine/*

# A section header's sh_size is at 32 of 64 bytes, sh_offset at 24
headers=$(number 40 8 good.o)
count=$(number 60 2 good.o)
mkdir sizes
i=1
while [ $i -lt "$count" ]; do
	cp good.o sizes/size-$i
	patch $((headers + 64 * i + 32)) '\377\377\377\377\377\377\377\177' sizes/size-$i
	cp good.o sizes/place-$i
	patch $((headers + 64 * i + 24)) '\377\377\377\377\377\377\377\177' sizes/place-$i
	i=$((i + 1))
done
each "sections larger than the file, and beyond it" sizes/*

if "${prefix}objcopy" --compress-debug-sections=zlib good.o packed.o 2>/dev/null; then
	mkdir packed
	headers=$(number 40 8 packed.o)
	count=$(number 60 2 packed.o)
	i=1
	while [ $i -lt "$count" ]; do
		flags=$(number $((headers + 64 * i + 8)) 8 packed.o)
		at=$(number $((headers + 64 * i + 24)) 8 packed.o)
		if [ $((flags & 2048)) != 0 ]; then
			# ch_size, at 8 of the compression header: 64 PiB, and 2 GiB
			cp packed.o packed/absurd-$i
			patch $((at + 8)) '\0\0\0\0\0\0\0\001' packed/absurd-$i
			cp packed.o packed/large-$i
			patch $((at + 8)) '\0\0\0\200\0\0\0\0' packed/large-$i
			# and the stream itself
			cp packed.o packed/stream-$i
			patch $((at + 30)) '\377\377\377\377' packed/stream-$i
		fi
		i=$((i + 1))
	done
	each "compressed sections of absurd size" packed/*
else
	skip "compressed sections of absurd size" "objcopy without zlib"
fi

# entries SIBLING ORIGIN [NESTED]: a unit of DWARF 4 by hand, with one function and
# an inlined instance of _compound_head in it; SIBLING and ORIGIN are references.
entries()
{
	cat <<-ASM
	.text
	code: .skip 16
	.section .debug_abbrev,"",%progbits
	.uleb128 1, 0x11; .byte 1; .uleb128 0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0, 0
	.uleb128 2, 0x2e; .byte 1; .uleb128 0x03, 0x08, 0x01, 0x13, 0x11, 0x01, 0x12, 0x07, 0, 0
	.uleb128 3, 0x1d; .byte 1; .uleb128 0x31, 0x13, 0x01, 0x13, 0x11, 0x01, 0x12, 0x07, 0, 0
	.uleb128 4, 0x2e; .byte 0; .uleb128 0x03, 0x08, 0x20, 0x0b, 0, 0
	.uleb128 5, 0x0b; .byte 1; .uleb128 0, 0
	.uleb128 6, 0x2e; .byte 0; .uleb128 0x31, 0x13, 0, 0
	.byte 0
	.section .debug_info,"",%progbits
	unit: .long end - version
	version: .short 4
	.long 0
	.byte 8
	top: .uleb128 1; .asciz "made.c"; .quad code, 16
	function: .uleb128 2; .asciz "f"; .long $1 - unit; .quad code, 16
	instance: .uleb128 3; .long $2 - unit, $1 - unit; .quad code, 8
	.rept ${3:-0}; .uleb128 5; .endr
	.rept ${3:-0}; .byte 0; .endr
	.byte 0, 0
	origin: .uleb128 4; .asciz "_compound_head"; .byte 3
	self: .uleb128 6; .long self - unit
	last: .byte 0
	end:
	ASM
}

# made WHAT SIBLING ORIGIN [NESTED]
made()
{
	entries "$2" "$3" "${4:-0}" >made.s
	if ! "${prefix}as" -o made.o made.s 2>report; then
		result 1 "$1" report
		return
	fi
	bad_file "$1" made.o
}

made "by hand, nothing wrong" origin origin
bad=0
"$pfbench" census --csv made.o >out 2>&1 || bad=1
[ "$(grep -c ',f,made.c,_compound_head,inlined,1,0,' out)" = 1 ] || bad=1
result $bad "and the instance is found" out
made "a sibling that is itself" function origin
made "a sibling before it" top origin
made "a sibling in the header" unit origin
made "a sibling beyond the unit" 'end + 1000' origin
made "a sibling at the very end" end origin
made "an origin that is itself" origin instance
made "an origin of an origin that is itself" origin self
made "an origin beyond the unit" origin 'end + 1000'
made "an origin in the header" origin unit
made "nested ten times" origin origin 10
made "nested ten thousand times" origin origin 10000
made "nested a million times" origin origin 1000000

# sums of a damaged file do not overflow
file=$top/tests/census/hostile/symbol-larger-than-code
run 0 census --diff --json "$file" "$file"
grep -q '"symbol_bytes": [0-9]' out && ! grep -qE '[0-9]{15}' out || bad=1
result $bad "a symbol that is larger than the code" err out
echo "1..$n"
