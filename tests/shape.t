#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The instructions that the accessors compile to, against the published ones.

# shellcheck disable=SC2016 # dollars of awk and of listings
set -eu

usage="usage: [B=DIR] [CC=gcc] $0: test the listings of DIR/uses-*.o, in TAP"
case ${1:-} in
-h) echo "$usage"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
b=${B:-build}

machine=$(${CC:-gcc} -dumpmachine 2>/dev/null) || machine=unknown
if ! command -v objdump >/dev/null; then
	echo '1..0 # SKIP no objdump'
	exit 0
fi
if ! ls "$b"/uses-*.o >/dev/null 2>&1; then
	echo "1..0 # SKIP no $b/uses-*.o (make check builds them)"
	exit 0
fi

# disassemble FILE: "address instruction" of each, "function:" before the first
disassemble()
{
	objdump -d --no-show-raw-insn "$1" | sed -n \
		-e 's/^[0-9a-f]* <\(.*\)>:$/\1:/p' \
		-e 's/^ *\([0-9a-f]*\):[ 	]*/\1 /p'
}

# function NAME <listing: its instructions
function()
{
	awk -v name="$1:" '/:$/ { on = $0 == name; next } on'
}

# Follows one path of an x86-64 listing and says what happens to the page in
# %rdi, whatever registers are used and however the blocks are laid out: a word
# per load, test, choice. The path is that of a tail (bit 15 set) or not.
follow='
function reg(r) {
	sub(/^%/, "", r)
	if (r ~ /^[abcd][lh]$/) return substr(r, 1, 1) "x"
	if (r ~ /^([re])?[abcd]x$/) return substr(r, length(r) - 1)
	if (r ~ /^[er]?(si|di)l?$/) { sub(/l$/, "", r); return substr(r, length(r) - 1) }
	sub(/[dwb]$/, "", r)
	return r
}
function say(word) { out = out (out == "" ? "" : " ") word }
# "disp(%reg)" as page+0x30 and the like
function address(m,    base, disp) {
	base = m; sub(/.*\(/, "", base); sub(/\).*/, "", base)
	disp = m; sub(/\(.*/, "", disp)
	return value[reg(base)] "+" (disp == "" ? "0" : disp)
}
# which bit an immediate tests in that register
function bit(imm, r) {
	sub(/^\$/, "", imm); sub(/^%/, "", r)
	if (imm == "0x1" && r !~ /h$/) return 0
	if ((imm == "0x80" && r ~ /h$/) || imm == "0x8000") return 15
	return "?" imm
}
{
	address_of[NR] = $1
	line[$1] = NR
	$1 = ""
	sub(/^ /, "")
	sub(/ *[#<].*$/, "")
	op[NR] = $1
	arg = $0
	sub(/^[^ ]* */, "", arg)
	args[NR] = arg
}
END {
	value["di"] = "page"
	for (i = 1; i <= NR && steps++ < 100; i++) {
		k = split(args[i], a, /,/)
		# a memory operand with an index would be split; there is none
		if (op[i] ~ /^(push|pop|nop|endbr64|xchg|cs|data16)/) {
			continue
		} else if (op[i] == "mov" && args[i] ~ /^%[a-z0-9]*,%/) {
			if (a[1] != "%rsp")
				value[reg(a[2])] = value[reg(a[1])]
		} else if (op[i] == "mov" && args[i] ~ /\),%/) {
			where = address(a[1])
			say("load:" where)
			value[reg(a[2])] = where == "page+0x30" ? "head" : "word"
		} else if (op[i] ~ /^(test|and)/) {
			tested = bit(a[1], a[2])
			if (tested == 0 && op[i] ~ /^and/)
				say("and1")
			else
				say("bit" tested)
		} else if (op[i] ~ /^cmovn?e$/) {
			set = op[i] == "cmovne" ? value[reg(a[1])] : value[reg(a[2])]
			clear = op[i] == "cmovne" ? value[reg(a[2])] : value[reg(a[1])]
			say("pick(" set "," clear ")")
			value[reg(a[2])] = "picked"
		} else if (op[i] ~ /^j(n)?e$/) {
			say("branch")
			if ((op[i] == "jne") == (path == "tail"))
				i = line[a[1]] - 1
		} else if (op[i] == "jmp") {
			i = line[a[1]] - 1
		} else if (op[i] ~ /^ret/) {
			say("ret")
			break
		} else {
			say(op[i])
		}
	}
	print out
}'

# follows WHAT PATH EXPECTED <instructions
follows()
{
	got=$(awk -v path="$2" "$follow")
	printf 'expected: %s\ngot:      %s\n' "$3" "$got" >"$tmp/why"
	[ "$got" = "$3" ] && bad=0 || bad=1
	result "$bad" "$1" "$tmp/why"
}

# differs WHAT PATH EXPECTED <instructions: a listing that is not the one
differs()
{
	got=$(awk -v path="$2" "$follow")
	echo "not told from the expected one: $got" >"$tmp/why"
	[ "$got" != "$3" ] && bad=0 || bad=1
	result "$bad" "$1" "$tmp/why"
}

# none WHAT: the file why is empty, each line being something that is wrong
none()
{
	[ ! -s "$tmp/why" ] && bad=0 || bad=1
	result "$bad" "$1" "$tmp/why"
}

for o in "$b"/uses-*.o; do
	id=${o##*/uses-}
	disassemble "$o" >"$tmp/${id%.o}.s"
done

# What holds on every architecture that has the words for it. In columns: a
# conditional move, a conditional jump (not one that only loops on a failed
# store), a load.
case $machine in
x86_64-*)
	cmov='^cmov' jump='^j[a-ln-z]' load='^mov' ;;
aarch64-*)
	cmov='^csel' jump='^(b\.|cbn?z|tbn?z)' load='^ldr' ;;
powerpc64le-*)
	cmov='^isel' jump='^b(eq|ne|lt|gt|le|ge|c|dnz)' load='^ld$' ;;
s390x-*)
	cmov='^loc(gr|g|r)' jump='^(j|jg)[a-fh-z]|^c.*j' load='^(lg|l|llg)' ;;
riscv64-*)
	cmov='^czero' jump='^b(eq|ne|lt|ge|gt|le)' load='^(c\.)?ld$' ;;
*)
	cmov='' jump='' load='' ;;
esac

# uses PATTERN [FILE...]: "function cmovs jumps" of the functions that match
uses()
{
	pattern=$1
	shift
	awk -v pattern="$pattern" -v cmov="$cmov" -v jump="$jump" '
	function flush() {
		if (name ~ pattern)
			print name, cmovs, jumps, nr
		cmovs = jumps = nr = 0
	}
	/:$/ { flush(); name = $0; sub(/:$/, "", name); next }
	{ nr++; cmovs += $2 ~ cmov; jumps += $2 ~ jump }
	END { flush() }' "$@"
}

# lowered WHAT PATTERN CONDITION FILE...: all functions that match meet it
lowered()
{
	what=$1 pattern=$2 condition=$3
	shift 3
	uses "$pattern" "$@" >"$tmp/uses"
	{
		[ -s "$tmp/uses" ] || echo "no function matches $pattern"
		awk "!($condition)" "$tmp/uses"
	} >"$tmp/why"
	none "$what"
}

if [ -n "$cmov" ]; then
	lowered 'all _SELECT uses have a conditional move' '_SELECT$' '$2 > 0' \
		"$tmp"/*.s
	lowered 'all _BRANCH uses have a conditional jump' '_BRANCH$' '$3 > 0' \
		"$tmp"/*.s
	# page_fixed_fake_head() has a choice of its own, which is nobody's
	lowered 'where a jump is forced there is no conditional move' \
		'^pf_use_(PageLocked|compound_head)_.*_BRANCH$' \
		'$1 ~ /fakehead/ || $2 == 0' "$tmp"/*.s
	# without the retry loops that some have to store with
	lowered 'v7.1-mask: neither jump nor conditional move' \
		'^pf_use_(Page(Locked|Dirty|LRU|Writeback)|compound_head|page_folio)_' \
		'$2 == 0 && $3 == 0' "$tmp/v7_1_mask.s"
	lowered 'plain: neither in PageLocked' '^pf_use_PageLocked_' \
		'$2 == 0 && $3 == 0' "$tmp/plain.s"
	lowered 'folio_test_locked: neither, in any generation' \
		'^pf_use_folio_test_locked_' '$2 == 0 && $3 == 0' "$tmp"/*.s
	awk -v load="$load" '
		/:$/ { on = /^pf_use_(PageLocked_plain|folio_test_locked)_/
		       name = $0; next }
		on && $2 ~ load { loads[name]++ }
		on { seen[name] = 1 }
		END {
			for (name in seen)
				if (loads[name] != 1)
					print name, loads[name] + 0, "loads"
			for (name in seen) nr++
			if (nr < 4) print "only", nr + 0, "functions"
		}' "$tmp"/*.s >"$tmp/why"
	none 'a plain test of PG_locked is one load'
else
	for what in SELECT BRANCH v7.1-mask plain folio loads; do
		skip "shapes: $what" "no instructions known for $machine"
	done
fi

# From here on x86-64.

# the thread of August 2015, as objdump wrote it
cat >"$tmp/2015" <<'END'
3a60 mov    (%rdi),%rax
3a63 push   %rbp
3a64 mov    %rsp,%rbp
3a67 test   $0x80,%ah
3a6a je     3a7c <page_is_locked+0x1c>
3a6c mov    0x30(%rdi),%rax
3a70 mov    (%rdi),%rdx
3a73 and    $0x80,%dh
3a76 cmove  %rdi,%rax
3a7a jmp    3a7f <page_is_locked+0x1f>
3a7c mov    %rdi,%rax
3a7f mov    (%rax),%rax
3a82 pop    %rbp
3a83 and    $0x1,%eax
3a86 retq
END
tail='load:page+0 bit15 branch load:page+0x30 load:page+0 bit15 pick(head,page) load:picked+0 and1 ret'
other='load:page+0 bit15 branch load:page+0 and1 ret'

follows 'the listing of 2015 is understood' tail "$tail" <"$tmp/2015"
follows 'also for what is no tail' head "$other" <"$tmp/2015"

# One change at a time that this test has to see.
mutate()
{
	sed "$2" "$tmp/2015" >"$tmp/mutant"
	if cmp -s "$tmp/2015" "$tmp/mutant"; then
		echo "sed '$2' changes nothing" >"$tmp/why"
		result 1 "told apart: $1" "$tmp/why"
		return
	fi
	differs "told apart: $1" tail "$tail" <"$tmp/mutant"
}
mutate 'the select the other way round' 's/cmove /cmovne /'
mutate 'no second test' '/and *\$0x80,%dh/d'
mutate 'no select' '/cmove/d'
mutate 'another word for first_page' 's/0x30(/0x28(/'
mutate 'another bit' 's/test   \$0x80,%ah/test   $0x40,%ah/'
mutate 'the flags of the page, not of the head' 's/(%rax),%rax/(%rdi),%rax/'
mutate 'no second load of the flags' '/(%rdi),%rdx/d'
mutate 'the branch the other way round' 's/je  /jne /'
mutate 'another flag' 's/and    \$0x1,%eax/and    $0x2,%eax/'
mutate 'a barrier that x86 does not need' 's/^3a70 /3a6f lfence\n3a70 /'

case $machine in
x86_64-*)
	for how in AUTO SELECT; do
		name=pf_use_PageLocked_v3_14_rmb_$how
		function "$name" <"$tmp/v3_14_rmb.s" >"$tmp/f"
		follows "v3.14-rmb $how: the path of 2015, of a tail" tail \
			"$tail" <"$tmp/f"
		follows "v3.14-rmb $how: and of what is none" head "$other" \
			<"$tmp/f"
	done

	# exactly NAME GENERATION INSTRUCTIONS: operands too, up to the return
	exactly()
	{
		got=$(function "$1" <"$tmp/$2.s" | awk '
			{ $1 = ""; sub(/^ /, ""); gsub(/ +/, " ") }
			{ all = all (all == "" ? "" : "; ") $0 }
			/^ret/ { exit }
			END { sub(/retq/, "ret", all); print all }')
		printf 'expected: %s\ngot:      %s\n' "$3" "$got" >"$tmp/why"
		[ "$got" = "$3" ] && bad=0 || bad=1
		result "$bad" "$1: $3" "$tmp/why"
	}
	test0='mov (%rdi),%rax; and $0x1,%eax; ret'
	exactly pf_use_PageLocked_plain_AUTO plain "$test0"
	for gen in v4_4_word v5_18_fakehead v5_18_fakehead_hvo v7_1_mask \
		mask_branch; do
		exactly "pf_use_folio_test_locked_${gen}_AUTO" "$gen" "$test0"
	done
	exactly pf_use_SetPageDirty_plain_AUTO plain \
		'lock orb $0x10,(%rdi); ret'
	exactly pf_use_ClearPageDirty_plain_AUTO plain \
		'lock andb $0xef,(%rdi); ret'
	lowered 'v7.1-mask: neither, in all that makes no choice itself' \
		'^pf_use_.*(Page|_page|_folio|_head|folio_[a-z]*)[A-Za-z_]*_v7_1_mask' \
		'$1 ~ /lock_unlock|ptodate|Compound/ || $2 == 0 && $3 == 0' "$tmp/v7_1_mask.s"
	awk '/:$/ { name = $0; next }
		name ~ /SetPage|_set_|mark_uptodate/ && name !~ /[Tt]est|__/ &&
		/lock/ { print name, ($0 ~ /lock orb/ ? "orb" : $0) }' \
		"$tmp"/*.s >"$tmp/sets"
	awk '$2 != "orb"' "$tmp/sets" >"$tmp/why"
	none 'what sets a bit is lock orb'
	awk 'END { if (NR < 20) print "only", NR, "seen" }' "$tmp/sets" >"$tmp/why"
	none 'and there are many of them'

	# key GENERATION INSTRUCTION WHAT: straight after the test of bit 0
	key()
	{
		for how in AUTO BRANCH; do
			function "pf_use_PageLocked_${1}_$how" <"$tmp/$1.s" \
				>"$tmp/why"
			got=$(awk '$2 ~ /^j/ { getline; print $2; exit }' \
				"$tmp/why")
			[ "$got" = "$2" ] && bad=0 || bad=1
			result "$bad" "$1 $how: $3" "$tmp/why"
		done
	}
	key v5_18_fakehead nopl 'a nop for the key that is off'
	key v5_18_fakehead_hvo jmp 'a jump for the key that is on'
	objdump -d "$b/uses-v5_18_fakehead.o" >"$tmp/raw"
	grep -q '0f 1f 44 00 00' "$tmp/raw" && bad=0 || bad=1
	echo 'no 0f 1f 44 00 00' >"$tmp/why"
	result "$bad" 'the nop is the 5-byte one of the kernel' "$tmp/why"
	;;
*)
	for what in 'v3.14-rmb as in 2015' 'one load, and $1, ret' 'lock orb' \
		'the static key'; do
		skip "$what" "x86-64 only, this is $machine"
	done
	;;
esac

# A second compiler, which has a mind of its own about branches.
if ! command -v clang >/dev/null; then
	skip 'clang: forced lowerings' 'no clang'
elif [ -z "$cmov" ]; then
	skip 'clang: forced lowerings' "no instructions known for $machine"
else
	flags=$(make -pn 2>/dev/null | sed -n 's/^KERNEL_CFLAGS := //p')
	mkdir "$tmp/clang"
	: >"$tmp/why"
	bad=0
	for gen in v3_14_rmb v4_4_word; do
		# shellcheck disable=SC2086 # words
		clang $flags -w -Iinclude "-DPF_STAMP_GEN=$gen" -c \
			-o "$tmp/clang/$gen.o" bench/uses.c 2>"$tmp/why" ||
			bad=1
		[ "$bad" = 1 ] || disassemble "$tmp/clang/$gen.o" \
			>"$tmp/clang/$gen.s"
	done
	[ -n "$flags" ] || bad=1
	result "$bad" 'clang compiles them' "$tmp/why"
	if [ "$bad" = 0 ]; then
		lowered 'clang: all _SELECT uses have a conditional move' \
			'_SELECT$' '$2 > 0' "$tmp"/clang/*.s
		lowered 'clang: all _BRANCH uses have a conditional jump' \
			'_BRANCH$' '$3 > 0' "$tmp"/clang/*.s
		lowered 'clang: and no conditional move' \
			'PageLocked.*_BRANCH$' '$2 == 0' "$tmp"/clang/*.s
	fi
fi

echo "1..$n"
