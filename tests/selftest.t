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

echo 1..6

# By chance 20 repeats of a good instrument fail in a few runs of a hundred, and
# never three times in a row.
tries=0 status=1
while [ "$status" = 1 ] && [ $tries -lt 3 ]; do
	tries=$((tries + 1)) status=0
	"$pfbench" selftest --repeats=20 >out 2>err || status=$?
	sed 's/^/# /' out err
done

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
n=$(sed -n 5,8p out | grep -cE '^(resolves   (throughput|latency   )| {21}) in (0\.1|1) s: ([0-9.e-]+ cycles|n/a \(too few quiet repeats\))$') || :
if [ "$n" = 4 ]; then
	echo "ok 6 - the lines of the resolution"
else
	echo "not ok 6 - the lines of the resolution"
fi
case $status in
0) echo "ok 5 - the figures can be trusted" ;;
4) echo "ok 5 - the figures can be trusted # SKIP cannot tell: the core was never quiet for long enough" ;;
*) echo "not ok 5 - exit status $status in $tries runs" ;;
esac
