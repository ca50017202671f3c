#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scripts/compare-kernels and 'pfbench codegen --diff': their messages for bad
# input, and a comparison of two small trees that build as kernels do.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test scripts/compare-kernels, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/codegen.sh
. "$(dirname "$0")/codegen.sh"
cd "$top"
unset MAKEFLAGS MFLAGS MAKELEVEL
case $here in
x86_64) a=x86-64 config=X86_64 ;;
aarch64) a=arm64 config=ARM64 ;;
*) echo "1..0 # SKIP the trees of this test are for x86-64 and arm64"; exit 0 ;;
esac
if ! command -v flex >/dev/null || ! command -v bison >/dev/null ||
		! command -v bc >/dev/null || ! has $a; then
	echo "1..0 # SKIP no flex, bison, bc or compiler: scripts/install-deps --tests"
	exit 0
fi
PFBENCH=$pfbench PFBENCH_CACHE=$tmp/cache
export PFBENCH PFBENCH_CACHE

# kernel DIR: a tree with the targets that the script uses
kernel()
{
	mkdir -p "$1/include/linux" "$1/mm"
	: >"$1/Kbuild"
	: >"$1/include/linux/page-flags.h"
	cat >"$1/Makefile" <<'END'
VERSION = 6
PATCHLEVEL = 12
SUBLEVEL = 1
src := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
CC := $(CROSS_COMPILE)gcc
COMPILE = $(CC) -O2 -g -fcf-protection=none $(KCFLAGS) -c -o $@
ifeq ($(shell uname -m),aarch64)
COMPILE := $(subst -fcf-protection=none,,$(value COMPILE))
endif
.PHONY: $(MAKECMDGOALS)
tinyconfig:
	echo CONFIG_@CONFIG@=y >$(O)/.config
olddefconfig:
modules_prepare:
	$(SLEEP)
	echo 'include $(src)Makefile' >$(O)/Makefile
native_uses.o:
	$(COMPILE) $(src)uses.c -o $(M)/$@
mm/:
	echo built >>$(src)../built
	mkdir -p $(O)/mm
	$(CC) -O2 -g -c -o $(O)/mm/a.o $(src)mm/a.c
	ar rcsT $(O)/mm/built-in.a $(O)/mm/a.o
END
	sed -i "s/@CONFIG@/$config/" "$1/Makefile"
	cat >"$1/uses.c" <<'END'
#define USE(name, expression) \
	unsigned long pf_use_##name##_native_AUTO(unsigned long *page); \
	unsigned long pf_use_##name##_native_AUTO(unsigned long *page) \
	{ return expression; }
USE(empty, (unsigned long)page)
USE(PageLocked, ((page[1] & 1 ? (unsigned long *)(page[1] - 1) : page)[0] & 1))
USE(PageDirty, *page >> 4 & 1)
END
	cat >"$1/mm/a.c" <<'END'
int grows(int a);
int same(int a);
int grows(int a) { return a + 1; }
int same(int a) { return a + 2; }
END
}

# compare ARGUMENT...: runs the script; sets status
compare()
{
	status=0
	timeout 60 scripts/compare-kernels -q "$@" >"$tmp/out" 2>"$tmp/err" ||
		status=$?
}

tested=compare

kernel "$tmp/old"
kernel "$tmp/new"
sed -i 's/^USE(PageLocked.*/USE(PageLocked, *page \& 1)/' "$tmp/new/uses.c"
sed -i 's/a + 1/a * a * 77 + 1/' "$tmp/new/mm/a.c"

refuses 'one kernel' 'takes two kernels' "$tmp/old"
refuses 'no kernel of that name' "nowhere: no directory, no installed kernel" \
	"$tmp/old" nowhere
refuses 'a directory that is no kernel' "$tmp/cache: no kernel source tree" \
	"$tmp/cache" "$tmp/old"
refuses 'an unknown architecture' '-a vax: no such' -a vax "$tmp/old" "$tmp/new"
refuses 'an unknown compiler' '-c tcc: use gcc' -c tcc "$tmp/old" "$tmp/new"
refuses 'a compiler that is not there' 'no ' -c gcc-99 "$tmp/old" "$tmp/new"
refuses 'an unknown option' 'no option --foo' --foo "$tmp/old" "$tmp/new"
refuses 'no jobs' '-j 0: not a number' -j 0 "$tmp/old" "$tmp/new"
refuses 'a path outside of the tree' '-d ../mm: name a directory' -d ../mm \
	"$tmp/old" "$tmp/new"
if [ -w /dev/kvm ]; then
	skip 'refused: a run without KVM' 'this machine has KVM'
else
	refuses 'a run without KVM' '--run: cannot write to /dev/kvm' --run \
		"$tmp/old" "$tmp/new"
fi
refuses 'a result that is not there' '--results: nowhere: no such file' \
	--results nowhere nowhere "$tmp/old" "$tmp/new"
refuses 'no git tree' "$tmp/old: no git tree" --git "$tmp/old" A..B
refuses 'no range' 'takes one range of commits' --git "$top" A
refuses 'an output directory that is a file' 'cannot write to the directory' \
	-o "$tmp/old/Makefile" "$tmp/old" "$tmp/new"

cp -R "$tmp/old" "$tmp/aged"
sed -i 's/^VERSION = .*/VERSION = 5/; s/^PATCHLEVEL = .*/PATCHLEVEL = 9/' \
	"$tmp/aged/Makefile"
refuses 'a kernel before 5.10' 'before 5.10 are too old' "$tmp/aged" "$tmp/old"
cp -R "$tmp/old" "$tmp/half"
: >"$tmp/half/.config"
refuses 'a tree that is configured and not built' 'has a .config' "$tmp/half" \
	"$tmp/old"
for arch in X86_64 ARM64; do
	mkdir -p "$tmp/built-$arch/include/generated" \
		"$tmp/built-$arch/include/config"
	echo "CONFIG_$arch=y" >"$tmp/built-$arch/.config"
	: >"$tmp/built-$arch/include/generated/autoconf.h"
	echo 6.12.1 >"$tmp/built-$arch/include/config/kernel.release"
done
refuses 'kernels of two architectures' 'compare kernels of one architecture' \
	"$tmp/built-X86_64" "$tmp/built-ARM64"
refuses 'another architecture than the built one' 'the built kernel is for arm64' \
	-a s390x "$tmp/built-ARM64" "$tmp/old"
mkdir "$tmp/full"
if mount -t tmpfs -o size=8k tmpfs "$tmp/full" 2>"$tmp/why"; then
	PFBENCH_CACHE=$tmp/full refuses 'no disk space' 'make room' \
		"$tmp/old" "$tmp/new"
	umount "$tmp/full"
else
	skip 'no disk space' "$(head -n 1 "$tmp/why")"
fi
cp -R "$tmp/old" "$tmp/broken"
echo 'int x = ;' >>"$tmp/broken/uses.c"
refuses 'a tree whose headers do not compile' "uses.c:8:9: error: expected expression" \
	"$tmp/old" "$tmp/broken"
cp -R "$tmp/old" "$tmp/broken-mm"
echo 'int x = ;' >>"$tmp/broken-mm/mm/a.c"
refuses 'a directory that does not compile' "mm failed: " "$tmp/old" \
	"$tmp/broken-mm"

# a comparison

find "$tmp/old" "$tmp/new" | sort >"$tmp/before"
: >"$tmp/built"
compare -o "$tmp/dir" "$tmp/old" "$tmp/new"
holds 'changed: status 1' $status = 1
bad=0
! grep -qE '.{73}|[^ -~]' "$tmp/out" || bad=1
result $bad 'the text is ASCII and 72 columns wide' "$tmp/out"
bad=0
grep -qE '^PageLocked +[0-9]+>[0-9]+$' "$tmp/out" &&
	grep -q '^add/remove: 0/0 grow/shrink: 1/0 up/down: ' "$tmp/out" &&
	grep -qE '^grows +[0-9]+ +[0-9]+ +\+[0-9]+$' "$tmp/out" &&
	grep -q 'did not change: PageDirty$' "$tmp/out" &&
	grep -q '^\[instructions .* by new' "$tmp/out" || bad=1
result $bad 'the text has bytes, listing, symbols and what did not change' \
	"$tmp/out" "$tmp/err"
bad=0
cmp -s "$tmp/out" "$tmp/dir/compare.txt" && [ -s "$tmp/dir/code-$a.txt" ] &&
	[ -s "$tmp/dir/census-$a-mm.txt" ] && [ -s "$tmp/dir/bloat-$a-mm.txt" ] ||
	bad=1
ls "$tmp/dir" >"$tmp/ls"
result $bad '-o has the text, the listings and the symbols' "$tmp/ls"
# the table of bytes comes first
change=$(sed -n 's/^PageLocked \+\([0-9]*\)>\([0-9]*\)$/\2-\1/p' "$tmp/out" | head -n 1)
bad=0
grep -qx '</svg>' "$tmp/dir/compare-kernels.svg" &&
	grep -q PageLocked "$tmp/dir/compare-kernels.svg" &&
	[ -s "$tmp/dir/compare-kernels.png" ] &&
	grep -qx '1 PageLocked' "$tmp/dir/compare-kernels.dat" &&
	grep -qE "^1 $((change)) -?[0-9]+$" "$tmp/dir/compare-kernels.dat" ||
	bad=1
result $bad '-o has a plot of the changes' "$tmp/dir/compare-kernels.dat"
find "$tmp/old" "$tmp/new" | sort >"$tmp/after"
holds 'the trees are as before' "$(cat "$tmp/after")" = "$(cat "$tmp/before")"
cp "$tmp/out" "$tmp/first"
built=$(wc -l <"$tmp/built")
compare "$tmp/old" "$tmp/new"
holds 'again: the same text' "$(cat "$tmp/out")" = "$(cat "$tmp/first")"
holds 'again: nothing is built' "$(wc -l <"$tmp/built")" = "$built"
compare "$tmp/old" "$tmp/old"
holds 'a kernel and itself: status 0' $status = 0
holds 'and no accessor changed' "$(grep -c '^No accessor changed' "$tmp/out")" = 1
sed -i 's/77/78/' "$tmp/new/mm/a.c"
compare "$tmp/old" "$tmp/new"
holds 'a changed tree is built again' "$(wc -l <"$tmp/built")" -gt "$built"

# a function that one kernel lacks
sed 's/^USE(PageDirty.*/USE(PageDirty, PageDirty(page))/
	s/-O2/-O2 -Werror=implicit-function-declaration/' "$tmp/old/uses.c" \
	>"$tmp/uses.c"
cp -R "$tmp/old" "$tmp/lacks"
cp "$tmp/uses.c" "$tmp/lacks"
sed -i 's/-O2 -g -fcf/-Werror=implicit-function-declaration &/' "$tmp/lacks/Makefile"
compare -d none "$tmp/old" "$tmp/lacks"
bad=0
[ $status = 1 ] && grep -qE '^PageDirty +gone$' "$tmp/out" || bad=1
result $bad 'an accessor that the new kernel lacks is gone' "$tmp/out" "$tmp/err"

# interrupted while a tree is prepared: not taken for prepared afterwards
cp -R "$tmp/old" "$tmp/slow"
status=0
SLEEP='sleep 20.25' timeout --foreground --preserve-status -s INT 3 \
	scripts/compare-kernels -q -d none "$tmp/slow" "$tmp/new" \
	>"$tmp/out" 2>"$tmp/err" || status=$?
holds 'an interrupt ends the script' $status = 130
holds 'and what it had started' -z "$(pgrep -f '^sleep 20\.25$')"
find "$tmp/cache/compare" -path '*slow*/prepared' >"$tmp/prepared"
holds 'a half-made step is not taken for done' ! -s "$tmp/prepared"
compare -d none "$tmp/slow" "$tmp/new"
holds 'the next run does it again' $status = 1

# commits
if command -v git >/dev/null; then
	cp -R "$tmp/old" "$tmp/git"
	g() { git -C "$tmp/git" -c user.name=t -c user.email=t@t "$@" >"$tmp/log" 2>&1; }
	g init && g add . && g commit -m one
	cp "$tmp/new/uses.c" "$tmp/git"
	g commit -a -m two
	compare -d none --git "$tmp/git" HEAD~1..HEAD
	bad=0
	[ $status = 1 ] && grep -q '^PageLocked ' "$tmp/out" || bad=1
	result $bad 'two commits' "$tmp/out" "$tmp/err"
	holds 'the work trees are removed' \
		"$(git -C "$tmp/git" worktree list | wc -l)" = 1
	refuses 'an unknown commit' "no commit 'v9'" --git "$tmp/git" v9..HEAD
else
	skip 'two commits' 'no git'
fi

# bloat-o-meter's text, by awk and by python
script=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/pfbench/linux-source" -maxdepth 3 \
	-name bloat-o-meter 2>/dev/null | head -n 1)
for name in old new; do
	cc -O2 -c -x c - -o "$tmp/$name.o" <<END
int ${name}_data[4] = { 1 };
int shrinks_in_$name(int a) { return a * 3; }
static int s(int a) { static int count[${#name} + $([ $name = old ] && echo 1 || echo 2)]; return count[a]++; }
int moves(int a) { return s(a)$([ $name = old ] && echo ' + a * a * 13'); }
END
	nm --size-sort "$tmp/$name.o" >"$tmp/$name.nm"
done
awk -f scripts/compare-kernels-bloat.awk "$tmp/old.nm" "$tmp/new.nm" >"$tmp/ours"
if [ -n "$script" ] && python3 "$script" "$tmp/old.o" "$tmp/new.o" \
		>"$tmp/theirs" 2>/dev/null; then
	bad=0
	diff "$tmp/theirs" "$tmp/ours" >"$tmp/diff" || bad=1
	result $bad 'the text is that of bloat-o-meter' "$tmp/diff"
else
	skip 'the text is that of bloat-o-meter' 'no kernel source or no python3'
fi
bad=0
sed -n 1p "$tmp/ours" | grep -q '^add/remove: 2/2 grow/shrink: 1/1 up/down: ' ||
	bad=1
grep -qE '^Total: Before=[0-9]+, After=[0-9]+, chg [-+][0-9.]+%$' "$tmp/ours" ||
	bad=1
result $bad 'added, removed, grown and shrunk symbols' "$tmp/ours"

# codegen --diff

subcommand=codegen
refused '--diff of one object' '--diff takes two objects' --diff "$tmp/old.o"
refused '--diff and --table of a directory' '--diff takes two objects' \
	--diff --objects="$tmp" "$tmp/old.o" "$tmp/new.o"
refused '--diff of other objects' 'has no uses of kmod/native_uses.c' --diff \
	"$tmp/old.o" "$tmp/new.o"
refused '--diff of a file that is missing' "$tmp/none.o: " --diff \
	"$tmp/none.o" "$tmp/new.o"
refused '--diff of an unknown accessor' "no accessor 'PageFoo'" --diff \
	"$(find "$tmp/cache/compare" -name native_uses.o | head -n 1)" \
	"$(find "$tmp/cache/compare" -name native_uses.o | head -n 1)" PageFoo

echo "1..$n"
