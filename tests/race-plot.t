#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The picture of a race: every protocol, bounds without a line, and the colours
# of the other plots.

set -eu

case ${1:-} in
-h) echo "usage: $0: test the picture of pfbench race, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck disable=SC2034 # used by run
subcommand=race
cd "$top"
PFBENCH_DATADIR=${PFBENCH_DATADIR:-$top/plots}
export PFBENCH_DATADIR
if ! command -v gnuplot >/dev/null; then
	echo '1..0 # SKIP no gnuplot'
	exit 0
fi

run 0 -o "$tmp/held-up" results/race/held-up/race.json
[ ! -s "$tmp/err" ] || bad=1
result $bad 'the picture is drawn without a warning' "$tmp/err" "$tmp/out"
svg=$tmp/held-up/race.svg
for protocol in none ref ptl frozen; do
	grep -q ">protocol $protocol<" "$svg" && bad=0 || bad=1
	result $bad "a panel of protocol $protocol"
done
[ "$(grep -c '^"' "$tmp/held-up/race.dat")" = 13 ] && bad=0 || bad=1
result $bad 'four panels and nine generations' "$tmp/held-up/race.dat"

# path COLOUR FILE: a line or whisker of this colour
path()
{
	grep -q "<path stroke='rgb($1)'" "$2"
}
# v3.14-rmb was found, v4.4-word never
path '230, 159,   0' "$svg" && ! path '  0, 114, 178' "$svg" && bad=0 || bad=1
grep -q "gpPt9.*color='rgb(  0, 114, 178)'" "$svg" || bad=1
result $bad 'bounds are points without a line'

run 0 -o "$tmp/free" results/race/free/race.json
[ ! -s "$tmp/err" ] || bad=1
for name in v2.6.22-twobit v4.4-word order-in-flags; do
	grep -q ">$name<" "$tmp/free/race.svg" || bad=1
done
result $bad 'one protocol, by generation' "$tmp/err"

# looks FILE: generation, colour and shape of each line
looks()
{
	sed -n 's/^\(line \)\{0,1\}"\([a-z0-9.-]*\)[^"]*" "\(#[0-9A-F]*\)" \([0-9]*\).*/\2 \3 \4/p' \
		"$1" | sort -u
}
"$pfbench" plot -o "$tmp" tests/golden/run.json >"$tmp/out"
looks "$tmp/tails.dat" >"$tmp/tails"
looks "$tmp/held-up/race.dat" >"$tmp/race"
join -j 1 "$tmp/tails" "$tmp/race" >"$tmp/both"
awk '$2 != $4 || $3 != $5 { exit 1 } END { exit NR < 5 }' "$tmp/both" &&
	bad=0 || bad=1
result $bad 'a generation has one colour and shape in all plots' "$tmp/both"
echo "1..$n"
