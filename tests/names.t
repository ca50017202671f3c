#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The names of accessors, generations and populations: 'pfbench list' of them,
# and the messages for names that do not exist.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test names and their messages, in TAP"
	exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

# Every part of every point, and nothing else; primitives are accessors.
"$pfbench" list --all --backend=kmod >points
cut -d/ -f1 points | sort -u >accessors
{
	cut -d/ -f2 points
	printf '%s\n' selftest-same selftest-plus1
} | sort -u >generations
cut -d/ -f3 points | sed 's/:.*/:N/' | sort -u >populations
for names in accessors generations populations; do
	run 0 list --$names
	grep -v "^ " out | cut -d' ' -f1 | sort >got
	cmp got $names >>err 2>&1 || bad=1
	[ -s $names ] || bad=1
	result "$bad" "list --$names: each name once" err out
	bad=0
	# a name or blanks, two blanks or more, a text that was not cut
	! grep -qvE '^[A-Za-z_0-9.:-]* {2,}[^ ].*[^ .]$' out &&
		! grep -qE '.{73}|[^ -~]' out || bad=1
	result "$bad" "list --$names: a line fits a mail" out
	status=0
	"$pfbench" list --$names >/dev/full 2>err || status=$?
	[ "$status" = 2 ] && bad=0 || bad=1
	result "$bad" "list --$names on a full disk: exit status 2" err
done

# has OPTION LINE: the line is in the list
has()
{
	"$pfbench" list "$1" | grep -qxF -e "$2" && bad=0 || bad=1
	result "$bad" "list $1: ${2%% *}"
}
has --accessors 'PageUptodate            tests PG_uptodate of the head, smp_rmb() if set'
has --accessors 'SetPageUptodate         smp_wmb(), sets PG_uptodate of the page itself'
has --accessors 'folio_test_clear_lru    tests and clears PG_lru of a folio'
has --accessors 'add2                    two additions, each needs the one before'
has --generations 'plain               no look-up: a bit operation on the page as it is'
has --generations '                    4.4 to 7.0; 1d798ca3f164; from 5.18 without HVO'
has --populations 'tail     tails of compound pages'
has --populations 'runs     compound pages page by page, the head first'
refused 'two lists' 'exclude each other' list --accessors --generations
refused 'names and points' 'drop --all' list --populations --all
refused 'names and a filter' 'drop --all and --benchmark_filter' \
	list --accessors --benchmark_filter=PageLocked

# filter TEXT FILTER: nothing matches, with TEXT
filter()
{
	refused "$2" "$1" list --benchmark_filter="$2"
}
filter "no name has 'PageLokced'; the nearest is PageLocked" PageLokced
filter "no name has 'v4.4-wrod'; the nearest is v4.4-word" 'PageLocked/v4.4-wrod/.*'
filter "no name has 'latnecy'; the nearest is latency" '^PageLocked/.*/hot/latnecy$'
filter "no name has 'tial'; the nearest is tail" 'PageLocked/.*/tial.*'
filter "no point matches (see pfbench-points(7)" 'PageLocked/tail.*zzzz'
filter "no accessor 'pagelocked'; the nearest is PageLocked (see 'pfbench list --accessors')" \
	'^pagelocked/v4.4-word/tail/hot/latency$'
filter "no generation 'v4.4'; the nearest is v4.4-word (see 'pfbench list --generations')" \
	PageLocked/v4.4/tail/hot/latency
filter "no population 'tials'; the nearest is tail (small, head, tail, mixed:0 to mixed:100, runs, replay:NAME)" \
	PageLocked/v4.4-word/tials/hot/latency
filter "no population 'mixed:101' (small," PageLocked/v4.4-word/mixed:101/hot/latency
filter "no population 'mixed:07' (small," PageLocked/v4.4-word/mixed:07/hot/latency
filter "PageLocked/plain makes no choice that a lowering could force: leave out 'select'" \
	PageLocked/plain/tail/hot/latency/select
filter 'PageActive (2.6.22 to before 6.12) does not exist in v7.1-mask (7.1 and later)' \
	PageActive/v7.1-mask/tail/hot/latency
filter 'PageLocked/primitive does not exist (see' \
	PageLocked/primitive/small/hot/latency
filter 'not all parts go together' load/primitive/tail/hot/latency

# every command that takes an accessor
near="no accessor 'PageLokced'; the nearest is PageLocked (see 'pfbench list --accessors')"
for command in report plot matrix; do
	refused "$command --accessor" "$command: $near" $command \
		--accessor=PageLokced nowhere.json
done
for command in model codegen; do
	refused "$command PageLokced" "$command: $near" $command PageLokced
done
refused 'model: a generation' "model: no generation 'v7.1-msak'; the nearest is v7.1-mask (" \
	model PageLocked v7.1-msak
refused 'model: an accessor that is not in a generation' \
	'model: folio_trylock (5.16 and later) does not exist in plain (2.6.22 to before 4.5)' \
	model folio_trylock plain

echo "1..$n"
