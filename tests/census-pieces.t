#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench census of functions in two pieces, hot and cold: the larger piece is
# searched for pfn_to_page(), in whatever order the compiler lists the pieces.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test functions in pieces, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

case $(gcc -dumpmachine) in
x86_64*) ;;
*) echo "1..0 # SKIP pfn_to_page() is found in code for x86-64 only"; exit 0 ;;
esac

# Each function hides a look-up in its hot piece. The size of each piece in
# bytes, and where the base of the array of pages is added to a pfn, vary.
cat >pieces.s <<'EOF'
	.macro piece label, bytes, load
	\label:
	.if \load
	add vmemmap_base(%rip), %rax
	.endif
	.skip \bytes, 0x90
	\label\()_end:
	.endm

	/* NAME, bytes and load of the hot piece, of the cold piece */
	.macro function name, hot, hot_load, cold, cold_load
	.text
	piece \name, \hot, \hot_load
	.section .text.unlikely, "ax"
	piece \name\()_cold, \cold, \cold_load
	.section .debug_ranges, "", @progbits
	\name\()_ranges:
	.quad \name, \name\()_end, \name\()_cold, \name\()_cold_end, 0, 0
	.section .debug_info, "", @progbits
	.uleb128 2
	.asciz "\name"
	.long \name\()_ranges
	.uleb128 3
	.asciz "PageLocked"
	.quad \name, 8
	.uleb128 4
	.asciz "compound_head"
	.quad \name, 4
	.byte 0, 0
	.endm

	.data
vmemmap_base: .quad 1
	.section .debug_abbrev, "", @progbits
	/* unit, function, inlined, inlined without children */
	.uleb128 1, 0x11; .byte 1; .uleb128 0x03, 0x08, 0, 0
	.uleb128 2, 0x2e; .byte 1; .uleb128 0x03, 0x08, 0x55, 0x17, 0, 0
	.uleb128 3, 0x1d; .byte 1
	.uleb128 0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0, 0
	.uleb128 4, 0x1d; .byte 0
	.uleb128 0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0, 0
	.byte 0
	.section .debug_info, "", @progbits
	.long end - version
version: .short 4
	.long 0
	.byte 8
	.uleb128 1
	.asciz "made.c"

	function hot_larger, 90, 1, 10, 0
	function cold_larger, 10, 0, 90, 1
	function without, 90, 0, 10, 0
	.section .debug_info, "", @progbits
	.byte 0
end:
EOF
bad=0
{ gcc -c -o pieces.o pieces.s &&
	gcc -nostdlib -static -no-pie -Wl,-e,0 -o pieces pieces.o &&
	"$pfbench" census --pfn-walkers --csv pieces >out; } 2>err || bad=1
cat >wanted <<'EOF'
file,function,unit,by_call,hidden,guarded,pfn_by,hidden_in,reference_by
pieces,cold_larger,made.c,0,1,0,pfn_to_page,PageLocked,
pieces,hot_larger,made.c,0,1,0,pfn_to_page,PageLocked,
EOF
diff wanted out >unequal || bad=1
result $bad "the larger piece is searched, hot or cold" unequal err
echo "1..$n"
