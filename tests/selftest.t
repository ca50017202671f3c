#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What 'pfbench selftest' says of this machine.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test 'pfbench selftest', in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

echo 1..5

# A neighbour on the host comes and goes: four times, before it is called noise.
: >all
tries=0 status=1
while [ "$status" = 1 ] && [ $tries -lt 4 ]; do
	tries=$((tries + 1)) status=0
	"$pfbench" selftest --repeats=20 >out 2>err || status=$?
	sed 's/^/# /' out err
	cat out >>all
done

# holds NAME: at least once
holds()
{
	grep -q "^$1 .* ok$" all
}

# Where the core's speed drifts from one repeat to the next, intervals do not hold,
# but those of a good instrument still have the median in more than half of them.
only_noise()
{
	holds chains && holds A/A && holds '+1' &&
		awk '$1 == "intervals" && 2 * $2 > $4 { good = 1 }
			END { exit !good }' all
}

# line N NAME PATTERN: line N of the output is NAME, and looks like that
line()
{
	name=$(echo "$2" | sed 's/+/[+]/')
	got=$(sed -n "$1p" out)
	if printf '%s\n' "$got" | grep -qE "^$name +$3  (ok|NOT OK|cannot tell)$"
	then
		echo "ok $1 - the line of $2"
	else
		echo "not ok $1 - the line of $2"
		echo "# got: $got"
	fi
}

of='[0-9]+ of [0-9]+'
float='-?([0-9]+\.[0-9]+|nan)'

line 1 chains "1 : $float : $float for 1, 2, 4 adds of $float ticks"
line 2 A/A "$of pairs called equal \(throughput [0-9]+, latency [0-9]+\)"
line 3 +1 "$of runs found it"
line 4 intervals "$of contain the long-run median"
case $(wc -l <out),$status in
4,0) echo 'ok 5 - the instrument can be trusted' ;;
4,2)
	if grep -q 'cannot tell$' out && ! grep -q 'NOT OK' out; then
		echo 'ok 5 - # SKIP cannot tell: the core was never quiet for long enough'
	else
		echo 'not ok 5 - exit status 2, and not for a busy core'
	fi
	;;
4,1)
	if only_noise; then
		echo "ok 5 - # SKIP the core is not quiet: no run of $tries held all, intervals $(
			sed -n 's/^intervals *\([0-9]* of [0-9]*\) .*/\1/p' all | paste -s -d ,)"
	else
		echo "not ok 5 - exit status 1 of $tries runs, and not by noise alone"
	fi
	;;
*) echo "not ok 5 - exit status $status, $(wc -l <out) lines" ;;
esac
