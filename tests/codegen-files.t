#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pfbench codegen --out: every use, of gcc for every architecture that has a
# compiler and of clang for two, in files for programs. Takes minutes.

# shellcheck disable=SC2016 # awk's own variables
set -eu

case ${1:-} in
-h) echo "usage: $0: test the files of pfbench codegen, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/codegen.sh
. "$(dirname "$0")/codegen.sh"
cd "$top"
PFBENCH_SRCDIR=$top
export PFBENCH_SRCDIR

# Files for programs: every use, known instructions only, every path executed

# none WHAT FILE CONDITION: no line of the table meets it
none()
{
	awk "!/^#/ && ($(echo "$3" | tr '\n' ' '))" "$2" >"$tmp/why"
	[ ! -s "$tmp/why" ] && bad=0 || bad=1
	result "$bad" "$a, $cc: $1" "$tmp/why"
}

clang=
for v in 25 24 23 22 21 20 19 18 17 16 15 14; do
	command -v clang-$v >/dev/null || continue
	clang=clang-$v
	break
done
# for clang, two architectures: each compiler takes half a minute for one
for a in $arches; do
	compilers=gcc
	case $a in
	x86-64|arm64) compilers="gcc $clang" ;;
	esac
	for cc in $compilers; do
		if ! has "$a"; then
			skip "$a, $cc: files" 'no compiler, binutils or emulator'
			continue
		fi
		rm -rf "$tmp/files"
		expect "$a, $cc: files" 0 "/code-${debian[$a]}/" \
			--out="$tmp/files" --arch="$a" --cc="$cc"
		code=$(echo "$tmp/files"/*/*[0-9].txt)
		listing=${code%.txt}.listing.txt
		! grep -n 'n/a' "$code" >"$tmp/why" && bad=0 || bad=1
		result "$bad" "$a, $cc: nothing is n/a" "$tmp/why"
		awk '!/^#/ { print $1 }' "$code" | uniq >"$tmp/uses"
		sed -n 's/^\([^#:]*\):.*/\1/p' "$listing" >"$tmp/listed"
		cmp "$tmp/uses" "$tmp/listed" >"$tmp/why" 2>&1 && bad=0 || bad=1
		[ "$(wc -l <"$tmp/uses")" -gt 700 ] || bad=1
		result "$bad" "$a, $cc: the same uses in both" "$tmp/why"
		# use path bytes instructions loads stores branches selects ...
		none "a forced select is one" "$code" '
			$1 ~ /\/select\// && $2 == "tail" && $8 < 1'
		none "and no branch" "$code" '
			$1 ~ /^(PageLocked|compound_head)\/.*\/select\/value/ &&
			$1 !~ /fakehead|rmb/ && $7 != 0'
		none "a forced branch is one" "$code" '
			$1 ~ /\/branch\// && $7 < 1'
		# page_fixed_fake_head() has a choice of its own
		none "and no select" "$code" '
			$1 ~ /^(PageLocked|compound_head)\/.*\/branch\// &&
			$1 !~ /fakehead/ && $8 != 0'
		none "v7.1-mask has neither" "$code" '
			$1 ~ /^(Page(Locked|Dirty|LRU|Writeback)|compound_head|page_folio)\/v7.1-mask\/value/ &&
			($7 || $8)'
		none "nor has plain" "$code" '
			$1 ~ /^PageLocked\/plain\/value/ && ($5 != 1 || $7 || $8)'
		none "folio_test_locked is one load in all generations" "$code" '
			$1 ~ /^folio_test_locked\/.*\/value/ &&
			($5 != 1 || $7 || $8)'
		none "a test that decides is a branch" "$code" '
			$1 ~ /^(PageLocked|folio_test_lru)\/.*\/condition/ && !$7'
		none "writers have one atomic" "$code" '
			$1 ~ /^(SetPageDirty|folio_set_dirty|trylock_page)\// &&
			$10 != 1'
		[ "$a" = x86-64 ] || continue
		grep -E '^((Clear|Set)Page|folio_(set|clear)_)' "$listing" |
			grep -vE ': (.*; )?lock (orb|andb) .*; ret' >"$tmp/why" &&
			bad=1 || bad=0
		result "$bad" "$a, $cc: bits are set by lock orb" "$tmp/why"
	done
done
[ -n "$clang" ] || skip 'clang: files' 'no clang-14 or later'
if [ -n "${code:-}" ]; then
	"$pfbench" matrix "$code" >"$tmp/why" 2>&1 && bad=0 || bad=1
	result "$bad" 'pfbench matrix reads them' "$tmp/why"
else
	skip 'pfbench matrix reads them' 'none was written'
fi

echo "1..$n"
