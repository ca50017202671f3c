#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/run-tests with correct and faulty TAP programs.

set -eu

case ${1:-} in
-h) echo "usage: $0: test scripts/run-tests, in TAP"; exit 0 ;;
esac

run_tests=$(cd "$(dirname "$0")/../scripts" && pwd)/run-tests
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# program NAME: makes a test program of the shell commands on stdin
program()
{
	{ echo '#!/bin/sh'; cat; } >"$1"
	chmod +x "$1"
}

n=0
result()
{
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' out
	fi
}

# expect TITLE STATUS LASTLINE TEST...
expect()
{
	title=$1 want=$2 line=$3
	shift 3
	status=0
	"$run_tests" -d tap -t 2 "$@" >out 2>&1 || status=$?
	[ "$status" = "$want" ] && [ "$(tail -n 1 out)" = "$line" ] &&
		bad=0 || bad=1
	result "$bad" "$title"
}

# says TITLE LINE: the last run printed exactly this line
says()
{
	grep -qxF -e "$2" out && bad=0 || bad=1
	result "$bad" "$1"
}

program good <<'END'
echo 1..2
echo 'ok 1 - one'
echo 'ok 2'
END
expect 'all pass' 0 '2 passed, 0 failed, 0 skipped' good
cp out first
[ "$(cat tap/good.tap)" = "$(./good)" ] && bad=0 || bad=1
result "$bad" 'the TAP output is kept'

program failing <<'END'
echo 'ok 1 - one'
echo 'not ok 2 - two'
echo '#   two: 1 is not 2'
echo 'a word to stderr' >&2
echo 1..2
exit 1
END
expect 'a failure' 1 '3 passed, 1 failed, 0 skipped' failing good
says 'a failure is shown' 'not ok 2 - two'
says 'a failure is shown with its diagnostics' '#   two: 1 is not 2'
says 'a failure is shown with its stderr' 'a word to stderr'

program skipping <<'END'
echo 1..3
echo 'ok 1 - one # SKIP no counters here'
echo 'ok 2 - two'
echo 'ok 3 # skip'
END
expect 'skips' 0 '1 passed, 0 failed, 2 skipped' skipping
says 'a skip has its reason' 'skipped: skipping: one: no counters here'

program skipall <<'END'
echo '1..0 # SKIP not root'
END
expect 'a skipped program' 0 '2 passed, 0 failed, 1 skipped' skipall good
says 'a skipped program has its reason' 'skipped: skipall: not root'
expect 'only skips: the run fails' 1 '0 passed, 0 failed, 1 skipped' skipall

# The output of cmocka 1.1.5: one plan per group, and "not ok" for a skip.
program cmocka <<'END'
echo 1..2
echo 'ok 1 - one'
echo 'no PMU'
echo 'not ok 2 # SKIP two'
echo '# ok - group'
echo 1..1
echo 'ok 1 - three'
END
expect 'cmocka, two groups' 0 '2 passed, 0 failed, 1 skipped' cmocka
says 'a skip of cmocka has its reason' 'skipped: cmocka: two: no PMU'

program todo <<'END'
echo 'TAP version 13'
echo 1..1
echo 'not ok 1 - one # TODO some day'
END
expect 'TODO is not a failure' 0 '1 passed, 0 failed, 0 skipped' todo

program crash <<'END'
echo 1..3
echo 'ok 1 - one'
kill -SEGV $$
END
expect 'a crash before the last test' 1 '1 passed, 2 failed, 0 skipped' crash
says 'a crash has its signal' 'failed: crash: killed by signal 11'

program late <<'END'
echo 'ok 1 - one'
echo 1..1
kill -SEGV $$
END
expect 'a crash after the plan' 1 '1 passed, 1 failed, 0 skipped' late

program status <<'END'
echo 1..1
echo 'ok 1 - one'
exit 3
END
expect 'a bad exit status' 1 '1 passed, 1 failed, 0 skipped' status
says 'a bad exit status is reported' 'failed: status: exit status 3'

program noplan <<'END'
echo 'ok 1 - one'
END
expect 'a missing plan' 1 '1 passed, 1 failed, 0 skipped' noplan

program extra <<'END'
echo 1..1
echo 'ok 1 - one'
echo 'ok 2 - two'
END
expect 'more tests than planned' 1 '2 passed, 1 failed, 0 skipped' extra

program empty </dev/null
expect 'no output' 1 '0 passed, 1 failed, 0 skipped' empty

program bail <<'END'
echo 1..1
echo 'ok 1 - one'
echo 'Bail out! no memory'
END
expect 'a bail-out' 1 '1 passed, 1 failed, 0 skipped' bail

program slow <<'END'
echo 1..1
exec sleep 60
END
expect 'a hang' 1 '0 passed, 1 failed, 0 skipped' slow
says 'a hang is reported' 'failed: slow: took longer than 2 s'

expect 'a missing program' 1 '0 passed, 1 failed, 0 skipped' ./nowhere
expect 'no tests' 1 '0 passed, 0 failed, 0 skipped'

# Two tests at a time, and one that needs the machine to itself
for i in 1 2; do
	program together$i <<END
echo 1..1
touch here$i
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	[ ! -e here1 ] || [ ! -e here2 ] || { echo "ok 1"; break; }
	sleep 0.1
done
END
done
program alone <<'END'
# run-tests: alone
echo 1..1
[ -e here1 ] && [ -e here2 ] && echo "ok 1 - after the others"
END
expect '-j 2 runs two at a time' 0 '3 passed, 0 failed, 0 skipped' \
	-j 2 alone together1 together2
rm -f here?
expect 'without -j, one test runs at a time' 1 '2 passed, 1 failed, 0 skipped' \
	alone together1 together2
grep -qE "^good: 2 passed, 0 failed, 0 skipped \([0-9]+ s\)$" first &&
	bad=0 || bad=1
result "$bad" 'the time of each test is printed'

echo "1..$n"
