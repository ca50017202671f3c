#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench compare of two counts files: each change is in the output, the first
# and the last point too, and nothing else.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test pfbench compare of counts, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=compare
cd "$tmp"

# counts FILE: a counts file with the lines of standard input
counts()
{
	{
		printf '# pfbench counts 1\n# arch: x86_64\n# backend: user\n'
		printf '# resolution: 0.010\n# perf: no PMU\n'
		cat
	} >"$1"
}

# shown STATUS TITLE TEXT FILE...: the whole output is TEXT
shown()
{
	want=$1 title=$2
	printf '%s\n' "$3" >wanted
	shift 3
	run "$want" "$@"
	diff wanted out >unequal || bad=1
	[ ! -s err ] || bad=1
	result $bad "$title" unequal err
}

counts a.txt <<'EOF'
PageLocked/plain/small/hot/throughput 2.000 n/a
PageLocked/plain/tail/hot/throughput 2.000 n/a
PageLocked/v4.4-word/small/hot/throughput 5.000 n/a
PageLocked/v4.4-word/tail/hot/throughput 6.000 n/a
EOF
counts b.txt <<'EOF'
PageLocked/plain/small/hot/throughput 3.500 n/a
PageLocked/plain/head/hot/throughput 2.000 n/a
PageLocked/plain/tail/hot/throughput 2.000 n/a
PageLocked/v4.4-word/tail/hot/throughput 6.125 n/a
EOF
shown 1 "each change once, and what one file lacks" "\
A: a.txt
B: b.txt
Instructions per operation
   2.000 ->    3.500 PageLocked/plain/small/hot/throughput
   6.000 ->    6.125 PageLocked/v4.4-word/tail/hot/throughput
  only in A          PageLocked/v4.4-word/small/hot/throughput
  only in B          PageLocked/plain/head/hot/throughput
5 points: 2 changed, 1 the same, 1 only in A, 1 only in B" a.txt b.txt
shown 1 "the other way round" "\
A: b.txt
B: a.txt
Instructions per operation
   3.500 ->    2.000 PageLocked/plain/small/hot/throughput
   6.125 ->    6.000 PageLocked/v4.4-word/tail/hot/throughput
  only in A          PageLocked/plain/head/hot/throughput
  only in B          PageLocked/v4.4-word/small/hot/throughput
5 points: 2 changed, 1 the same, 1 only in A, 1 only in B" b.txt a.txt
sed "s,/plain/small/,/plain/head/," a.txt >c.txt
shown 1 "one point that only A has, and one that only B has" "\
A: a.txt
B: c.txt
Instructions per operation
  only in A          PageLocked/plain/small/hot/throughput
  only in B          PageLocked/plain/head/hot/throughput
5 points: 0 changed, 3 the same, 1 only in A, 1 only in B" a.txt c.txt
sed "/plain.small/d" a.txt >less.txt
shown 1 "a point that only A has" "\
A: a.txt
B: less.txt
Instructions per operation
  only in A          PageLocked/plain/small/hot/throughput
4 points: 0 changed, 3 the same, 1 only in A, 0 only in B" a.txt less.txt
shown 0 "a file with itself" "\
A: a.txt
B: a.txt
Instructions per operation
4 points: 0 changed, 4 the same, 0 only in A, 0 only in B" a.txt a.txt
echo "1..$n"
