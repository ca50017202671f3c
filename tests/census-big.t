#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/check-census reports every missing or wrong site of a census, and none
# for Debian's kernels (scripts/guest-fetch -d downloads them, 300 MB each; without
# them these tests are skipped).

set -eu

case ${1:-} in
-h) echo "usage: $0: test censuses of whole kernels by another reader, in TAP"
	exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
PFBENCH=$pfbench
export PFBENCH

"$top/scripts/check-census" -h >"$tmp/out"
if ! command -v llvm-dwarfdump >/dev/null &&
	! ls /usr/bin/llvm-dwarfdump-* >/dev/null 2>&1; then
	echo "1..0 # SKIP no llvm-dwarfdump (apt install llvm)"
	exit 0
fi

# check STATUS [-s SITES] FILE: fills out, sets bad
check()
{
	want=$1 status=0 bad=0
	shift
	"$top/scripts/check-census" "$@" >"$tmp/out" 2>&1 || status=$?
	[ $status = "$want" ] || bad=1
}

# An error in each compared column must be found, with the name.
(cd "$top/tests/census" && gcc -O2 -g -ffreestanding -fno-pic -nostdlib -static \
	-Wl,--build-id=none -o "$tmp/small" one.c two.c) 2>"$tmp/out" || {
	result 1 "a small program to make mistakes in" "$tmp/out"
	echo "1..$n"
	exit 0
}
"$pfbench" census --csv "$tmp/small" >"$tmp/good.csv"
check 0 -s "$tmp/good.csv" "$tmp/small"
result $bad "a census that is right" "$tmp/out"

# injected WHAT NAME SED-COMMAND
injected()
{
	sed "$3" "$tmp/good.csv" >"$tmp/bad.csv"
	check 1 -s "$tmp/bad.csv" "$tmp/small"
	cmp -s "$tmp/good.csv" "$tmp/bad.csv" && bad=1
	grep -q "^$tmp/small:.* $2 " "$tmp/out" || bad=1
	result $bad "found: $1" "$tmp/out"
}
injected "an instance forgotten" compound_head_by_tail '/,compound_head_by_tail,/d'
injected "an instance twice" PageTail '0,/,PageTail,/{/,PageTail,/p}'
injected "a copy taken for an instance" PageHuge 's/,PageHuge,copy,/,PageHuge,inlined,/'
injected "a byte too many" put_page \
	'0,/,put_page,/{/,put_page,/s/,\([0-9]*\),\([0-9]*\)$/,1\1,\2/}'
injected "another address" put_page '0,/,put_page,/{/,put_page,/s/,0x/,0x1/}'
injected "another name" PageLockedd '0,/,PageLocked,/s/,PageLocked,/,PageLockedd,/'

# A function with a mangled name may hold an accessor of C, and be dropped.
cat >"$tmp/mixed.cc" <<'EOF'
extern "C" {
static inline __attribute__((always_inline)) int PageLocked(int *p) { return *p & 1; }
int in_c(int *p) { return PageLocked(p); }
}
int mangled(int *p) { return PageLocked(p) + 2; }
EOF
for entry in in_c _Z7mangledPi; do
	g++ -O2 -g -ffreestanding -fno-pic -ffunction-sections -nostdlib -static \
		-Wl,--gc-sections,-e,$entry -o "$tmp/mixed" "$tmp/mixed.cc" || :
	check 0 "$tmp/mixed"
	grep -q ": 1 sites of 1 names," "$tmp/out" || bad=1
	result $bad "C and C++, $entry linked" "$tmp/out"
done

printf 'no ELF file' >"$tmp/text"
check 2 "$tmp/text"
result $bad "what is no ELF file: cannot be compared" "$tmp/out"

# shellcheck disable=SC2016 # expanded by that shell
guests=$(bash -c '. "$1/scripts/guest-common.sh"; echo "$guest_cache/kernels"; guest_names' \
	sh "$top")
kernels=$(echo "$guests" | head -n 1)
for name in $(echo "$guests" | tail -n +2); do
	if [ ! -s "$kernels/$name/vmlinux" ]; then
		skip "$name" "no vmlinux: scripts/guest-fetch -d $name"
		continue
	fi
	check 0 "$kernels/$name/vmlinux"
	grep '^#' "$tmp/out" || :
	result $bad "$name: $(sed -n 's/^[^#].*: \(.*: equal\)$/\1/p' "$tmp/out")" "$tmp/out"
done
echo "1..$n"
