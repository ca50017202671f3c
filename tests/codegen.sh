# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables for and from the sourcing test
#
# Functions of the tests of codegen. Source tests/tap.sh first.

arches="x86-64 arm64 riscv64 ppc64le s390x"
declare -A triplet=([x86-64]=x86_64 [arm64]=aarch64 [riscv64]=riscv64
	[ppc64le]=powerpc64le [s390x]=s390x)
declare -A debian=([x86-64]=amd64 [arm64]=arm64 [riscv64]=riscv64
	[ppc64le]=ppc64el [s390x]=s390x)
here=$(uname -m)

# expect WHAT STATUS TEXT ARGUMENT...: TEXT on stdout or stderr; what goes to
# stderr is one line
expect()
{
	local what=$1 want=$2 text=$3 status=0 bad=0
	shift 3
	"$pfbench" codegen "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$status" = "$want" ] || bad=1
	grep -qF -e "$text" "$tmp/out" "$tmp/err" || bad=1
	[ "$want" = 2 ] || [ ! -s "$tmp/err" ] || bad=1
	[ "$want" != 2 ] || [ "$(grep -c '^pfbench: ' "$tmp/err")" = 1 ] || bad=1
	[ "$(wc -l <"$tmp/err")" -le 1 ] || bad=1
	! grep -qE '.{73}|[^ -~]' "$tmp/out" || bad=1
	result "$bad" "$what" "$tmp/out" "$tmp/err"
}

# has ARCH: its compiler, objdump and emulator
has()
{
	local t=${triplet[$1]}-linux-gnu q=qemu-${triplet[$1]/powerpc64le/ppc64le}
	{ command -v "$t-gcc" && command -v "$t-objdump" &&
		{ command -v "$q" || command -v "$q-static"; }; } >"$tmp/which"
}

# holds WHAT TEST...: an expression for test(1)
holds()
{
	what=$1 bad=0
	shift
	test "$@" || bad=1
	printf '%s\n' "not: $*" >"$tmp/why"
	result "$bad" "$what" "$tmp/why" "$tmp/out"
}
