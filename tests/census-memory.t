#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pfbench census of large files: a linked file of 1 GB is read, and what would
# take more than the limit of memory is refused.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test pfbench census on large files, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck disable=SC2034 # used by run()
subcommand=census
cd "$tmp"

gcc -O1 -g -ffreestanding -I"$top/tests/census" -c -o one.o \
	"$top/tests/census/one.c"
echo 'void _start(void) { }' | gcc -O1 -g -nostdlib -static -x c -o linked -
cp one.o object
# sparse
truncate -s 1000M object linked
refused "an object of 1 GB, which libdw would copy" \
	"take the census of the linked file" object
# the file is mapped; the rest of the memory has a limit
(ulimit -v 1700000 && run 0 --csv linked && exit $bad) && bad=0 || bad=1
result $bad "a linked file of 1 GB" err

if head -c 450000000 /dev/zero |
	objcopy --update-section .debug_info=/dev/stdin one.o large.o 2>err &&
	objcopy --compress-debug-sections=zlib large.o small.o 2>>err &&
	[ "$(wc -c <small.o)" -lt 2000000 ]; then
	rm large.o
	refused "a small object that unpacks to 450 MB" "not in 400 MB" small.o
else
	skip "a small object that unpacks to 450 MB" "objcopy cannot make one"
fi

# a linked file of 450 MB, whose names would take half a gigabyte
gcc -O1 -o symbols "$top/tests/census/symbols.c"
echo 'void _start(void) { }' | gcc -O1 -g -nostdlib -static -x c -o linked -
if ./symbols 100 linked >many && run 0 --csv many && [ "$bad" = 0 ]; then
	./symbols 2000000 linked >many
	refused "the names of 2000000 functions" "the 400 MB that a file may take" \
		many
else
	skip "the names of 2000000 functions" "$(head -n 1 err)"
fi
echo "1..$n"
