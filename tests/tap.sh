# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Shared by the tests in shell: . "$(dirname "$0")/tap.sh"
#
# Sets top (the checkout), pfbench (the program: $PFBENCH or build/pfbench), tmp
# (an empty directory, removed at the end) and n (the number of tests so far).

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck disable=SC2034 # used by sourcing tests
pfbench=$(cd "$top" && realpath "${PFBENCH:-build/pfbench}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
LC_ALL=C
export LC_ALL

# tests that run at the same time do not wait for each other
PFBENCH_LOCKDIR=$tmp
export PFBENCH_LOCKDIR

n=0
# result BAD TITLE [FILE...]: prints the result of a test, passed if BAD is 0;
# if it failed, prints the FILEs as diagnostics
result()
{
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
		return
	fi
	echo "not ok $n - $2"
	shift 2
	cat -- /dev/null "$@" | cut -c 1-200 | sed 's/^/# /'
}

# skip TITLE REASON
skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# run STATUS ARGUMENT...: runs pfbench $subcommand; the output is in $tmp/out and
# $tmp/err; bad is 0 if the exit status is STATUS, else 1
run()
{
	want=$1 status=0 bad=0
	shift
	timeout 120 "$pfbench" ${subcommand:+"$subcommand"} "$@" \
		>"$tmp/out" 2>"$tmp/err" || status=$?
	if [ "$status" != "$want" ]; then
		echo "exit status $status" >>"$tmp/err"
		bad=1
	fi
}

# refusal TITLE TEXT: the last program ended with status 2, one line of ASCII with
# TEXT on stderr and nothing on stdout
refusal()
{
	bad=0
	[ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
		[ ! -s "$tmp/out" ] || bad=1
	grep -qF -e "$2" "$tmp/err" || bad=1
	! grep -q '[^ -~]' "$tmp/err" || bad=1
	result "$bad" "refused: $1" "$tmp/err" "$tmp/out"
}

# refused TITLE TEXT ARGUMENT...: refusal() of pfbench
refused()
{
	refused_title=$1 refused_text=$2
	shift 2
	run 2 "$@"
	refusal "$refused_title" "$refused_text"
}

# refuses TITLE TEXT ARGUMENT...: refusal() of $tested, a function of the test, which
# runs a program and sets status
refuses()
{
	refused_title=$1 refused_text=$2
	shift 2
	# shellcheck disable=SC2154 # the test sets tested
	"$tested" "$@"
	refusal "$refused_title" "$refused_text"
}

# says TITLE LINE: the last output has LINE, and all of it fits a mail
says()
{
	grep -qxF -e "$2" "$tmp/out" && bad=0 || bad=1
	! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
	result "$bad" "$1" "$tmp/out" "$tmp/err"
}
