#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scripts/check-debug: its messages for bad input, and what it keeps of builds
# that were finished, failed or interrupted, with a tree that builds at once.

set -eu

case ${1:-} in
-h) echo "usage: $0: test scripts/check-debug, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
unset MAKEFLAGS MFLAGS MAKELEVEL
for tool in flex bison bc; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP no $tool: scripts/install-deps --tests"
		exit 0
	}
done
if [ "$(uname -m)" != x86_64 ] && ! command -v x86_64-linux-gnu-gcc >/dev/null; then
	echo "1..0 # SKIP no compiler for x86-64"
	exit 0
fi
export PFBENCH_CACHE=$tmp/cache

# check ARGUMENT...: runs the script; sets status
check()
{
	status=0
	timeout 60 scripts/check-debug -q "$@" >"$tmp/out" 2>"$tmp/err" ||
		status=$?
}

tested=check

scripts/check-debug -h >"$tmp/out" 2>"$tmp/err" &&
	grep -q '^usage: check-debug ' "$tmp/out" && [ ! -s "$tmp/err" ] &&
	! grep -qE '.{81}' "$tmp/out" && bad=0 || bad=1
result "$bad" "-h" "$tmp/out" "$tmp/err"

# a tree with the targets that the script uses
tree=$tmp/tree
mkdir -p "$tree/include/linux"
: >"$tree/Kbuild"
: >"$tree/include/linux/page-flags.h"
cat >"$tree/Makefile" <<'END'
VERSION = 6
PATCHLEVEL = 12
SUBLEVEL = 1
src := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
.PHONY: $(MAKECMDGOALS)
tinyconfig:
	echo CONFIG_X86_64=y >$(O)/.config
olddefconfig:
	sed -i '/CONFIG_DEBUG_VM_PGFLAGS=/s/$(LACKS)$$//' $(O)/.config
vmlinux:
	echo built >>$(src)../built
	test ! -e $(src)../hang || { touch $(src)../hangs; sleep 50; }
	test ! -e $(src)../broken || { echo 'a.c:1: error: broken'; false; }
	echo symbols >$(O)/vmlinux.symvers
bzImage modules:
END

refuses 'an unknown kind' '-k kmsan: no such kind' -k kmsan
refuses 'an unknown option' 'no option -z' -z
refuses 'no argument' 'no argument of it' -k
refuses 'no jobs' '-j 0: not a number' -j 0
refuses 'an unknown compiler' '-c tcc: use gcc' -c tcc
refuses 'a compiler that is not there' 'no ' -c gcc-99
refuses 'a directory that is no tree' "-s $tmp: no kernel source tree" -s "$tmp"
refuses 'a test that is not there' 'tests/none.t: no such test' tests/none.t
refuses 'a kind without tests' '-k vm: has no tests' -k vm -s "$tree"
touch "$tree/.config"
refuses 'a configured tree' "run 'make mrproper'" -b -s "$tree"
rm "$tree/.config"
PFBENCH_CACHE=/proc/none refuses 'a cache that cannot be written' \
	'/proc/none/debug: cannot write to it' -b -s "$tree"

# built TIMES: so many times since the last call
built()
{
	local times=0
	[ ! -e "$tmp/built" ] || times=$(wc -l <"$tmp/built")
	rm -f "$tmp/built"
	[ "$times" = "$1" ] || echo "built $times times, not $1" >>"$tmp/err"
	[ "$times" = "$1" ]
}

touch "$tmp/broken"
refuses 'a build that fails' 'the kernel failed: a.c:1: error: broken' \
	-b -k vm -s "$tree"
rm "$tmp/broken"
built 1 && bad=0 || bad=1
result "$bad" "it was tried once" "$tmp/err"

touch "$tmp/hang"
scripts/check-debug -q -b -k vm -s "$tree" >"$tmp/out" 2>"$tmp/err" &
pid=$!
for _ in $(seq 100); do
	[ ! -e "$tmp/hangs" ] || break
	sleep 0.1
done
kill -TERM $pid
status=0
wait $pid || status=$?
rm "$tmp/hang"
[ $status = 130 ] && [ ! -s "$tmp/out" ] && built 1 && bad=0 || bad=1
result "$bad" "interrupted: status 130" "$tmp/err" "$tmp/out"

check -b -k vm -k plain -k kcsan -s "$tree"
bad=0
[ $status = 0 ] && [ ! -s "$tmp/err" ] && built 3 || bad=1
[ "$(wc -l <"$tmp/out")" = 3 ] || bad=1
while read -r dir; do
	grep -q '^CONFIG_TRANSPARENT_HUGEPAGE=y$' "$dir/.config" || bad=1
	[ "$(cat "$dir/Module.symvers")" = symbols ] || bad=1
	grep -c '^CONFIG_DEBUG_VM_PGFLAGS=y$' "$dir/.config" >>"$tmp/has" || :
	grep -c '^CONFIG_KCSAN=y$' "$dir/.config" >>"$tmp/has" || :
done <"$tmp/out"
[ "$(paste -sd ' ' "$tmp/has")" = "1 0 0 0 0 1" ] || bad=1
result $bad "a failed and an interrupted kernel are built again, of three kinds" \
	"$tmp/err" "$tmp/out"
cp "$tmp/out" "$tmp/first"

check -b -k vm -k plain -k kcsan -s "$tree"
[ $status = 0 ] && cmp "$tmp/first" "$tmp/out" >>"$tmp/err" 2>&1 && built 0 &&
	bad=0 || bad=1
result $bad "the second time they are taken from the cache" "$tmp/err" "$tmp/out"

sed -i 's/SUBLEVEL = 1/SUBLEVEL = 2/' "$tree/Makefile"
check -b -k vm -s "$tree"
[ $status = 0 ] && built 1 && bad=0 || bad=1
result $bad "a changed tree is built again" "$tmp/err" "$tmp/out"

export LACKS='.*'
touch "$tree/Kbuild"
refuses 'a kernel that lacks an option of the kind' \
	'vm: this kernel cannot have CONFIG_DEBUG_VM_PGFLAGS=y' -b -k vm -s "$tree"
built 0 && bad=0 || bad=1
result $bad "it is not built" "$tmp/err"
unset LACKS

[ -z "$(ls "$tree/.config" "$tree/vmlinux.symvers" 2>/dev/null)" ] && bad=0 || bad=1
result $bad "nothing is written to the tree"

# the tests by themselves
tests/debug-faults.t >"$tmp/out" 2>"$tmp/err"
[ "$(cat "$tmp/out")" = '1..0 # SKIP needs a kernel with fault injection: scripts/check-debug' ] &&
	[ ! -s "$tmp/err" ] && bad=0 || bad=1
result $bad "debug-faults.t skips without a debug kernel" "$tmp/out" "$tmp/err"
cat >"$tmp/titles" <<'END'
top=$1 PFBENCH_GUEST=$2
. "$top/tests/guests.sh"
guests amd64-6.1 arm64-6.12
programs "$(guests amd64-6.1)"
title_of "$(guests amd64-6.1), 32 bits"
slower 5 6
unset PFBENCH_GUEST
guests amd64-6.1 arm64-6.12
programs arm64-6.12
title_of "amd64-6.1, 32 bits"
slower 5 6
END
sh "$tmp/titles" "$top" /a/kernel.d/o >"$tmp/out" 2>"$tmp/err"
printf '%s\n' /a/kernel.d/o "$top/build/guest/amd64/tests" \
	'debug-kernel, 32 bits' 6 'amd64-6.1 arm64-6.12' \
	"$top/build/guest/arm64/tests" 'amd64-6.1, 32 bits' 5 >"$tmp/want"
cmp "$tmp/want" "$tmp/out" >>"$tmp/err" 2>&1 && bad=0 || bad=1
result $bad "PFBENCH_GUEST names the one guest of a test" "$tmp/out" "$tmp/err"

echo "1..$n"
