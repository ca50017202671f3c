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

# attempt: run it into the file out; its exit status is in $status
attempt()
{
	status=0
	"$pfbench" selftest --repeats=20 >out 2>err || status=$?
	sed 's/^/# /' out err
}

attempt
if [ "$status" = 1 ]; then
	echo "# once more, since a neighbour may have come or gone"
	attempt
fi

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
line 4 intervals "$of hold the long-run median"
case $(wc -l <out),$status in
4,0) echo 'ok 5 - the instrument can be trusted' ;;
4,2)
	if grep -q 'cannot tell$' out && ! grep -q 'NOT OK' out; then
		echo 'ok 5 - # SKIP cannot tell: the core was never quiet for long enough'
	else
		echo 'not ok 5 - exit status 2, and not for a busy core'
	fi
	;;
*) echo "not ok 5 - exit status $status, $(wc -l <out) lines" ;;
esac
