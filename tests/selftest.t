#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run-tests: alone
#
# Test the output of 'pfbench selftest' on this machine.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test 'pfbench selftest', in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

echo 1..5

# Other guests of the host disturb some runs: fail only after four runs.
: >all
tries=0 status=1
while [ "$status" = 1 ] && [ $tries -lt 4 ]; do
	tries=$((tries + 1)) status=0
	"$pfbench" selftest --repeats=20 >out 2>err || status=$?
	sed 's/^/# /' out err
	cat out >>all
done

# holds NAME: the check was ok in at least one run
holds()
{
	grep -q "^$1 .* ok$" all
}

# If the core's speed drifts between repeats, intervals do not contain the
# long-run median; those of a good sampler still do in more than half of repeats.
only_noise()
{
	holds chains && holds A/A && holds '+1' &&
		awk '$1 == "intervals" && 2 * $2 > $4 { good = 1 }
			END { exit !good }' all
}

# line N NAME PATTERN: line N of the output is for NAME and matches PATTERN
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

line 1 chains "1 : $float : $float for 1, 2, 4 adds, $float cycles"
line 2 A/A "$of equal \(throughput [0-9]+, latency [0-9]+\)"
line 3 +1 "$of runs found it"
line 4 intervals "$of contain the long-run median"
# below the four lines: advice, if a check cannot tell
case $(grep -vc '^  ' out),$status in
4,0) echo 'ok 5 - the figures can be trusted' ;;
4,2)
	if grep -q 'cannot tell$' out && ! grep -q 'NOT OK' out &&
		grep -q '^  see what disturbs CPU [0-9]*: pfbench doctor --cpu=' out
	then
		echo 'ok 5 - # SKIP cannot tell: the core was never quiet for long enough'
	else
		echo 'not ok 5 - exit status 2, but the core was not busy'
	fi
	;;
4,1)
	if only_noise; then
		echo "ok 5 - # SKIP the core is not quiet: all four checks passed in none of $tries runs, intervals $(
			sed -n 's/^intervals *\([0-9]* of [0-9]*\) .*/\1/p' all | paste -s -d ,)"
	else
		echo "not ok 5 - exit status 1 in $tries runs, not only because of noise"
	fi
	;;
*) echo "not ok 5 - exit status $status, $(wc -l <out) lines" ;;
esac
