#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/verify: every verdict is as expected, and injected mistakes are found.

set -eu

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

verify=$top/scripts/verify

echo 1..16

bad=0
"$verify" -h >"$tmp/out" 2>&1 || bad=1
grep -q 'usage: verify' "$tmp/out" || bad=1
result "$bad" "-h prints the usage" "$tmp/out"

# refuses WHAT ARGUMENTS...: exit status 2, and one line that names it
refuses()
{
	what=$1
	shift
	status=0 bad=0
	"$verify" "$@" >"$tmp/out" 2>&1 || status=$?
	[ "$status" = 2 ] && [ "$(wc -l <"$tmp/out")" = 1 ] &&
		grep -q "$what" "$tmp/out" || bad=1
	result "$bad" "verify $*: exit status 2" "$tmp/out"
}
refuses v9.9 -g v9.9
refuses "v4.4.word" -g v4.4.word
refuses "unknown argument .now" now
refuses power -m power
refuses forget -s forget
refuses NOTHING -D NOTHING
refuses nobody -x nobody

# no cbmc, no root, no spin: an error
status=0 bad=0
mkdir "$tmp/bin"
for tool in gcc sed tr mktemp rm dirname cut grep paste bash awk cat; do
	ln -s "$(command -v "$tool")" "$tmp/bin/$tool"
done
PATH=$tmp/bin PFBENCH_CACHE=$tmp/none "$verify" >"$tmp/out" 2>&1 || status=$?
[ "$status" = 4 ] && grep -q 'no cbmc' "$tmp/out" || bad=1
result "$bad" "no prover: exit status 4" "$tmp/out"

# A minute or more each, and shaped like others: make verify proves them, too.
status=0
"$verify" -x memdesc-8 -x ref-cas-rcu -x ref-frozen-bit -x ref-inverted-high \
	-x ref-inverted-low >"$tmp/all" 2>"$tmp/err" || status=$?
if [ "$status" = 4 ] || grep -q 'by spin' "$tmp/all"; then
	why=$(cat "$tmp/err" - <"$tmp/all" | head -n 1)
	for what in 1 2 3 4 5 6 7; do
		skip "a proof by cbmc ($what)" "$why"
	done
	exit
fi
bad=0
[ "$status" = 0 ] || bad=1
result "$bad" "every verdict is the expected one" "$tmp/err" "$tmp/all"

bad=0
# as many rows as the catalog has look-ups, in each of the first five tables
look_ups=$(awk '/^make:/ { on = 1; next } on && !NF { exit } on' "$tmp/all" | wc -l)
for table in split again head shrink; do
	rows=$(awk -v t="^$table:" '$0 ~ t { on = 1; next } on && !NF { exit } on' \
		"$tmp/all" | wc -l)
	[ "$rows" = "$look_ups" ] && [ "$rows" -gt 9 ] || bad=1
done
result "$bad" "every look-up is in every table" "$tmp/all"

bad=0
awk 'length > 72 || /\t/' "$tmp/all" | grep . >"$tmp/long" && bad=1
grep -q 'reader  answers private data' "$tmp/all" || bad=1
result "$bad" "steps that lead to private data, in 72 columns" "$tmp/long"

# under SC a load returns the last store, except with TWO_LOADS
awk '!NF { sc = 0 } /, SC$/ { sc = !/TWO_LOADS/; split("", stored) }
	!sc || $3 != "page" { next }
	{
		place = $4 " " ($5 == "PG_head" ? "flags" : $5)
		value = $0
		sub(/.* (become|becomes|are|is) /, "", value)
	}
	$2 == "writer" { stored[place] = value; stores++ }
	$2 == "reader" && place in stored {
		loads++
		right = value == stored[place]
		if ($5 == "PG_head")
			right = (value == "set") == (stored[place] ~ "PG_head")
		if (!right)
			print stored[place] " was stored:" $0
	}
	END { if (loads < 5 || stores < 50) print loads " loads, " stores " stores" }
' "$tmp/all" >"$tmp/wrong"
bad=0
[ ! -s "$tmp/wrong" ] || bad=1
result "$bad" "steps are in the order of memory" "$tmp/wrong"

# found WHAT ARGUMENTS...: exit status 1, and the verdict is marked
found()
{
	what=$1
	shift
	status=0 bad=0
	"$verify" "$@" >"$tmp/out" 2>&1 || status=$?
	[ "$status" = 1 ] && grep -q 'unsafe.*!' "$tmp/out" || bad=1
	result "$bad" "$what is found" "$tmp/out"
}
found "one word loaded twice" -g mask-branch -s again -m sc -D TWO_LOADS
found "a bit ored in at zero" -g ref-inverted-high -s reference -m sc -D OR_AT_ZERO

# without the writer the answers that must be reachable are not
cp -r "$top/scripts" "$top/include" "$tmp"
mkdir "$tmp/tests"
cp -r "$top/tests/verify" "$tmp/tests"
sed 's/^\twriter();/\t;/' "$top/tests/verify/lookup.c" \
	>"$tmp/tests/verify/lookup.c"
status=0 bad=0
"$tmp/scripts/verify" -g v4.4-word -s split -m sc >"$tmp/out" 2>&1 || status=$?
[ "$status" = 1 ] && grep -q unproved "$tmp/out" || bad=1
result "$bad" "without a writer nothing is proved" "$tmp/out"
