#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The litmus tests: herd7 gives the result in the comment of each.

set -eu

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

echo "1..$(($(find "$top/tests/litmus" -name '*.litmus' | wc -l) + 1))"

why=
command -v herd7 >/dev/null || why='no herd7: Debian has it in herdtools7'

# tools/memory-model: in LKMM, unpacked, or in the source package
model=${LKMM:-}
if [ -z "$why" ] && [ -z "$model" ]; then
	for dir in /usr/src/linux*/tools/memory-model; do
		[ ! -d "$dir" ] || model=$dir
	done
	for tar in /usr/src/linux-source-*.tar.xz; do
		[ -z "$model" ] || break
		[ -e "$tar" ] || break
		tar -xf "$tar" -C "$tmp" --wildcards \
			'*/tools/memory-model/linux-kernel.*' \
			'*/tools/memory-model/lock.cat'
		model=$(echo "$tmp"/*/tools/memory-model)
	done
fi
[ -n "$why$model" ] ||
	why='no tools/memory-model: install linux-source, or set LKMM'

# observe FILE: Never, Sometimes or Always
observe()
{
	(cd "$model" && herd7 -conf linux-kernel.cfg "$1") >"$tmp/out" 2>&1 || :
	awk '$1 == "Observation" { print $3 }' "$tmp/out"
}

for file in "$top"/tests/litmus/*.litmus; do
	name=$(basename "$file" .litmus)
	expected=$(sed -n 's/^ \* Result: //p' "$file")
	if [ -n "$why" ]; then
		skip "$name: $expected" "$why"
		continue
	fi
	bad=0
	[ "$(observe "$file")" = "$expected" ] || bad=1
	result "$bad" "$name: $expected" "$tmp/out"
done

if [ -n "$why" ]; then
	skip "a missing barrier is found" "$why"
	exit
fi
grep -v smp_wmb "$top/tests/litmus/two-words-split.litmus" >"$tmp/injected.litmus"
bad=0
[ "$(observe "$tmp/injected.litmus")" = Sometimes ] || bad=1
result "$bad" "a missing barrier is found" "$tmp/out"
