#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The counts of pfbench census equal those counted by hand (tests/census/counts.txt)
# for every installed compiler, five architectures and every form of debug
# information; and its bytes equal those of llvm-dwarfdump's ranges.

set -eu

case ${1:-} in
-h) echo "usage: $0: test the counts of pfbench census, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cp "$top"/tests/census/*.[ch] "$tmp"
grep -v '^#' "$top/tests/census/counts.txt" | sort >"$tmp/wanted.txt"
cd "$tmp"

# The columns that are the same in every form: all but file names and addresses.
sites()
{
	sed -e 1d -e 's/^[^,]*,//' -e 's/,0x[0-9a-f]*,\([0-9]*,[0-9]*\)$/,code,\1/' \
		"$1" | sort
}

# "NUMBER FUNCTION UNIT ACCESSOR KIND LOOKUP HIDDEN CHAIN", of those with code
counted()
{
	grep ',code,' "$1" | cut -d, -f 1-7 | sed -e 's/,/ /g' -e 's/ *$//' | sort |
		uniq -c | sed 's/^ *//' | sort
}

# form NAME REFERENCE FILE...: a census of the FILEs has the wanted counts, and
# equals REFERENCE, or becomes REFERENCE if there is none
form()
{
	name=$1 reference=$2
	shift 2
	bad=0
	"$pfbench" census --csv "$@" >csv 2>err || bad=1
	[ ! -s err ] || bad=1
	sites csv >got.csv
	: >differs
	if [ -e "$reference" ]; then
		diff "$reference" got.csv >differs || bad=1
	else
		cp got.csv "$reference"
		counted got.csv | diff wanted.txt - >differs || bad=1
		# what leaves no code has no bytes
		grep ',,[0-9]*,[0-9]*$' got.csv | grep -v ',,0,0$' >>differs && bad=1
	fi
	[ $bad = 0 ] || { cat err differs | sed "s/^/$name: /" >>report; failed=1; }
}

build()
{
	# shellcheck disable=SC2086 # a command and its arguments
	$cc -O2 -g -gdwarf-$dwarf -ffreestanding -fno-pic "$@"
}

# all TRIPLET COMPILER: every form of the compiler's output
all()
{
	triplet=$1 cc=$2 failed=0
	rm -rf -- *.o *.dwo *.a both* obj.ref linked.ref
	: >report
	if ! build -c one.c two.c 2>report ||
	   ! "$triplet-ld" -e _start -o both one.o two.o 2>>report ||
	   ! "$triplet-ld" -r -o both.o one.o two.o 2>>report; then
		return 1
	fi
	form objects obj.ref one.o two.o
	form "linked with -r" obj.ref both.o
	# only the linker of riscv makes code shorter
	[ "${triplet%%-*}" = riscv64 ] || cp obj.ref linked.ref
	form executable linked.ref both

	"$triplet-ar" cr both.a one.o two.o
	form archive obj.ref both.a
	# as the kernel's built-in.a: members are files beside it
	mkdir -p thin
	cp one.o two.o thin
	rm -f thin/both.a
	"$triplet-ar" crT thin/both.a thin/one.o thin/two.o
	form "thin archive" obj.ref thin/both.a
	"$triplet-objcopy" --only-keep-debug both both.debug
	"$triplet-objcopy" --strip-debug --add-gnu-debuglink=both.debug both both-
	form "separate debug file" linked.ref both-

	build -gz=zlib -c one.c two.c 2>>report || return 1
	form compressed obj.ref one.o two.o
	"$triplet-objcopy" --compress-debug-sections=zlib-gnu both both.zlib-gnu \
		2>/dev/null && form "compressed by an old linker" linked.ref both.zlib-gnu
	# riscv's assembler leaves lengths in a .dwo to a linker that never sees it
	[ "${triplet%%-*}" != riscv64 ] || return $failed
	build -gsplit-dwarf -c one.c two.c 2>>report || return 1
	form split obj.ref one.o two.o
	"$triplet-ld" -e _start -o both.split one.o two.o
	form "split, linked" linked.ref both.split
	return $failed
}

# A function that the linker drops stays in the debug information, without code.
dropped()
{
	bad=0
	{
		cat one.c
		echo 'int kept(struct page *p) { return PageLocked(p); }'
		echo 'int gone(struct page *p) { return PageLocked(p); }'
	} >gc.c
	build -ffunction-sections -c gc.c -o gc.o 2>report &&
		"$1-ld" -e kept --gc-sections -o gc gc.o 2>>report || bad=1
	"$pfbench" census --csv gc >csv 2>>report || bad=1
	grep -q ',kept,' csv && ! grep -q ',gone,' csv || bad=1
	[ -z "$dwarfdump" ] || PFBENCH=$pfbench "$top/scripts/check-census" gc \
		>>report 2>&1 || bad=1
	result $bad "$cc, DWARF $dwarf: what is not linked does not count" \
		report csv
}

# gcc's link-time optimiser writes the debug information anew
link_time()
{
	bad=0
	{
		cat one.c
		for name in kept other; do
			echo "__attribute__((noinline, externally_visible)) int" \
				"$name(struct page *p) { return PageLocked(p); }"
		done
	} >lto.c
	build -flto -nostdlib -static -Wl,-e,kept lto.c -o lto 2>report || bad=1
	"$pfbench" census --csv lto 2>>report | cut -d, -f 2-8 | sed 1d >csv || bad=1
	for name in kept other; do
		echo "$name,lto.c,PageLocked,inlined,0,0,"
		echo "$name,lto.c,_compound_head,inlined,1,1,PageLocked"
	done | diff - csv >>report || bad=1
	result $bad "$cc, DWARF $dwarf: optimised when linked" report
}

dwarfdump=$(command -v llvm-dwarfdump || ls /usr/bin/llvm-dwarfdump-[0-9]* 2>/dev/null) || :

for triplet in x86_64-linux-gnu aarch64-linux-gnu riscv64-linux-gnu \
	powerpc64le-linux-gnu s390x-linux-gnu; do
	for compiler in "$triplet-gcc" clang; do
		if ! command -v "$compiler" >/dev/null ||
		   ! command -v "$triplet-ld" >/dev/null; then
			skip "$compiler for $triplet" "no $compiler, or no $triplet-ld"
			continue
		fi
		cc=$compiler
		[ "$compiler" = "$triplet-gcc" ] || cc="$compiler --target=$triplet"
		for dwarf in 4 5; do
			dropped "$triplet"
			[ "$compiler" = clang ] || link_time
			bad=0
			all "$triplet" "$cc" || bad=1
			result $bad "$cc, DWARF $dwarf: counted as by hand" report
			if [ -z "$dwarfdump" ]; then
				skip "$cc, DWARF $dwarf: bytes" "no llvm-dwarfdump"
				continue
			fi
			bad=0
			PFBENCH=$pfbench "$top/scripts/check-census" both >report 2>&1 ||
				bad=1
			result $bad "$cc, DWARF $dwarf: bytes as painted" report
		done
	done
done
echo "1..$n"
