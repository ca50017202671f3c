#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The line of progress of selftest, race and census: on a terminal alone, and
# not with -q. The advice and the JSON of selftest where it cannot tell.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test progress and advice, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	terminal=true
else
	terminal=false
fi

# shows PATTERN ARGUMENT...: on a terminal, progress matches PATTERN, and the
# line is erased at the end; -q and a file get none
shows()
{
	shows_pattern=$1
	shift
	if $terminal; then
		bad=0
		script -qec "'$pfbench' $*" /dev/null </dev/null >seen 2>&1 || :
		tr '\r' '\n' <seen >lines
		grep -qE -e "$shows_pattern" lines || bad=1
		result "$bad" "$1: progress on a terminal" lines
		script -qec "'$pfbench' $* -q" /dev/null </dev/null >seen 2>&1 ||
			:
		! grep -qF '[0/' seen && [ -s seen ] && bad=0 || bad=1
		result "$bad" "$1 -q: no progress" seen
	else
		skip "$1: progress on a terminal" "no script(1), or no pseudo-terminal for it"
		skip "$1 -q: no progress" "no script(1), or no pseudo-terminal for it"
	fi
	"$pfbench" "$@" >out 2>err || :
	! grep -q '\[' err && [ -s out ] && bad=0 || bad=1
	result "$bad" "$1 into a file: no progress" err
}

shows '^\[0/2\] 0 s, v4.4-word, none, 0 ns *$' race \
	--generation=v4.4-word,v7.1-mask --time=0.2
shows '^\[[0-9]+/40\] [0-9]+ s.*, quiet repeats *$' selftest --rounds=5 \
	--repeats=20
if "$pfbench" --help | grep -q '^  census '; then
	for source in one two; do
		${CC:-gcc} -g -O2 -c -o $source.o "$top/tests/census/$source.c"
	done
	shows '^\[1/2\] [0-9]+ s.*, two.o *$' census one.o two.o
fi

# fewer than 6 rounds have no interval, however quiet the core is
run 4 selftest --rounds=5 --repeats=20
[ "$(grep -c 'cannot tell$' out)" = 4 ] &&
	grep -qx '  fewer than 6 rounds have no interval: --rounds=6 or more' out &&
	[ ! -s err ] || bad=1
! grep -qE '.{73}|[^ -~]' out || bad=1
result "$bad" "selftest: advice where it cannot tell" out err
run 4 selftest --rounds=5 --repeats=20 --json
tr -d '\n' <out | tr -s ' ' >json
grep -qE '^\{ "cpu": [0-9]+, "checks": \[ \{ "name": "chains", "figures": "1 : [^"]*", "verdict": "cannot tell" \}' \
	json && [ "$(grep -c '"verdict": "cannot tell"' out)" = 4 ] &&
	grep -q '"advice": \[ "fewer than 6 rounds' json || bad=1
result "$bad" "selftest --json" out err
status=0
"$pfbench" selftest --rounds=5 --repeats=20 --json >/dev/full 2>err || status=$?
[ "$status" = 2 ] && [ -s err ] && bad=0 || bad=1
result "$bad" "selftest --json on a full disk" err
refused 'two formats' '--json excludes --ktap and --lava' selftest --json --ktap

# with a level that no core reaches, no core is quiet
XDG_CACHE_HOME=$PWD/cache
export XDG_CACHE_HOME
"$pfbench" selftest --repeats=20 >out 2>err || :
for level in cache/pfbench/*; do
	[ ! -f "$level" ] || echo 0.07 >"$level"
done
run 4 selftest --max-time=0.004 --repeats=20 --cpu="$(
	taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')"
grep -qE '^  see what disturbs CPU ([0-9]+): pfbench doctor --cpu=\1$' out &&
	grep -qx '  give quiet rounds more time: --max-time=0.5' out &&
	grep -qx '  let the quietest CPU be chosen: without --cpu' out || bad=1
result "$bad" "selftest: advice where no core is quiet" out err

# a CPU that is never quiet is left for another one, unless it is the only one
allowed=$(taskset -cp $$ | sed "s/.*: *//")
first=${allowed%%[-,]*}
few='--benchmark_filter=^PageLocked/plain/tail/hot/latency$'
run 0 run "$few" --max-time=0.005 --patience=1 --out=moves.json
if [ "$allowed" = "$first" ]; then
	grep -q '"cpu_moves": 0,' moves.json || bad=1
else
	grep -qE "^[0-9]+ moves between CPUs [0-9]+,[0-9]+" err &&
		grep -qE '"cpu_moves": [1-9]' moves.json || bad=1
fi
result "$bad" "a contended CPU is left for another one" err moves.json
run 0 run "$few" --max-time=0.005 --patience=1 --cpu="$first" --out=stays.json
grep -q '"cpu_moves": 0,' stays.json && ! grep -q moves err || bad=1
result "$bad" "--cpu with one CPU stays there" err stays.json

echo "1..$n"
