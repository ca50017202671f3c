#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The blocks of output of README.md and docs/: each line with figures is in results/
# as well, and the listing is what codegen prints. Links lead to files.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test the README's figures, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"

# block FIRST: the block of the documents whose first line is FIRST
block()
{
	awk -v first="$1" '/^```/ { n++; line = 0; next }
		n % 2 && !line++ && $0 == first { wanted = n }
		n % 2 && n == wanted' README.md docs/*.md
}

listing='PageLocked, value, lowering auto'
block "$listing" >"$tmp/listing"
cc=$(sed -n '2s/^x86-64, \([^ ]*\) (\(.*\)) [0-9.]*$/\1/p' "$tmp/listing")
compiler=$(sed -n '2s/^x86-64, //p' "$tmp/listing")
if [ "$("$cc" --version 2>/dev/null | head -n 1)" = "$compiler" ]; then
	run 0 codegen PageLocked plain v3.14-rmb --arch=x86-64 --cc="$cc"
	diff "$tmp/listing" "$tmp/out" >"$tmp/diff" || bad=1
	[ -s "$tmp/listing" ] || bad=1
	result $bad 'the listing' "$tmp/diff" "$tmp/err"
else
	skip 'the listing' "no $compiler here"
fi

# Figures of the machine that runs them are not kept: the selftest and the
# comparison with Google Benchmark. The pages about labs have examples.
set --
for page in docs/*.md; do
	case $page in
	docs/lab*) ;;
	*) set -- "$@" "$page" ;;
	esac
done
find results -name '*.txt' -exec cat {} + | sort -u - "$tmp/listing" \
	>"$tmp/kept"
awk '/^```/ { n++; line = 0; next }
	n % 2 && !line++ { skip = /^chains / || / processes:$/ }
	n % 2 && !skip && gsub(/[0-9]/, "&") > 5' README.md "$@" >"$tmp/lines"
bad=0
[ "$(wc -l <"$tmp/lines")" -ge 50 ] || bad=1
! grep -vxFf "$tmp/kept" "$tmp/lines" >"$tmp/missing" || bad=1
result $bad 'lines with figures are in results/' "$tmp/missing"

for page in README.md CONTRIBUTING.md results/README.md docs/*.md; do
	sed -n 's/](/\n](/gp' "$page" | sed -n 's/^](\([^)#]*\)[^)]*).*/\1/p' |
		grep -v '^https*:' | while read -r link; do
		[ -e "$(dirname "$page")/$link" ] || echo "$page: $link"
	done
done >"$tmp/broken"
bad=0
[ ! -s "$tmp/broken" ] || bad=1
result $bad 'links lead to files' "$tmp/broken"

# a line per generation, without those of no kernel
run 0 list --generations
awk '/^[a-z]/ { name = $1; sub(/^[^ ]+ +/, ""); formula = $0; getline
		sub(/^ +/, ""); k = split($0, p, "; ")
		if (k > 1)
			printf "| %s | %s | %s | %s | %s |\n", name, p[1],
				(k > 2 ? p[2] : "-"), p[k], formula }' \
	"$tmp/out" >"$tmp/table"
[ "$(wc -l <"$tmp/table")" -ge 20 ] || bad=1
! grep -vxFf README.md "$tmp/table" >"$tmp/missing" || bad=1
result $bad 'the table of generations is that of the catalog' "$tmp/missing"
[ "$(wc -l <README.md)" -le 200 ] && bad=0 || bad=1
result $bad 'README.md has at most 200 lines'

# what every clone carries; results of this machine are not in git
title='results/ has at most 8 MB, without plots that are made again'
if [ "$(git ls-files results 2>/dev/null | wc -l)" -gt 0 ]; then
	git ls-files -z results | xargs -0 du -k --apparent-size -c | tail -n 1 \
		>"$tmp/size"
	git ls-files -ci --exclude-standard results >"$tmp/ignored"
	[ "$(cut -f 1 "$tmp/size")" -le 8192 ] && [ ! -s "$tmp/ignored" ] &&
		bad=0 || bad=1
	result $bad "$title" "$tmp/size" "$tmp/ignored"
else
	skip "$title" 'not a git checkout: clone the repository'
fi

echo "1..$n"
