#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An old driver with a new module, and a new driver with an old module: one
# clear line, and no crash. The new ones are built from this tree with another
# ABI.

set -eu

case ${1:-} in
-h) echo "usage: $0: let driver and module of two versions meet, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
needs amd64-6.1
cd "$top"

abi=$(sed -n "s/^#define PFBENCH_ABI //p" include/uapi/pfbench.h)
# start from the objects of this tree: only files that include the ABI rebuild
next=build/next
rm -rf $next
mkdir -p $next/build/guest/amd64-6.1
cp -a bench include kmod scripts plots Makefile COPYING $next/
# another test may build the driver at this time
tar -C build/guest --exclude='*.tmp' -cf - amd64 | tar -C $next/build/guest -xf -
cp -a build/guest/amd64-6.1/kmod build/guest/amd64-6.1/include \
	$next/build/guest/amd64-6.1/
sed -i -e "s/^#define PFBENCH_ABI .*/#define PFBENCH_ABI $((abi + 1))/" \
	-e 's/^\(	char compiler\[.*;\)$/\1\n	__aligned_u64 later;/' \
	$next/include/uapi/pfbench.h
cmp -s include/uapi/pfbench.h $next/include/uapi/pfbench.h && bad=1 || bad=0
result "$bad" "the next version has another ABI"
$next/scripts/guest-build -q amd64-6.1 >"$tmp/out" 2>&1 && bad=0 || bad=1
result "$bad" "the next version builds" "$tmp/out"
cp $next/build/guest/amd64/pfbench "$tmp/pfbench-next"
cp $next/build/guest/amd64-6.1/pfbench.ko "$tmp/next.ko"
rm -rf $next
cd "$tmp"

run='run --backend=kmod --icount --benchmark_filter=^PageLocked/plain/small/hot/latency$'
guest -n -i pfbench-next -i next.ko amd64-6.1 sh -c "
	insmod /bin/next.ko && echo next module
	pfbench $run --out=a.json; echo status \$?
	pfbench-next $run --out=b.json 2>/dev/null >&2; echo status \$?
	rmmod pfbench; insmod /pfbench.ko && echo this module
	pfbench-next $run --out=c.json; echo status \$?
	pfbench $run --out=d.json 2>/dev/null >&2; echo status \$?
	rmmod pfbench && echo gone
	dmesg | grep -E 'Oops|BUG|WARNING' ; ls -1 /out"
[ "$status" = 0 ] && bad=0 || bad=1
result "$bad" "all four combinations run in one guest" out err
sed -n '/^next module/,/^status/p' out >old-new
sed -n '/^this module/,/^status/p' out >new-old
grep -q '^pfbench: .*build both from one tree' old-new &&
	grep -q '^status 2$' old-new && bad=0 || bad=1
result "$bad" "an old driver with a new module prints the remedy" old-new
grep -q "^pfbench: .*ABI is $abi, this pfbench's $((abi + 1)): build both from one tree" new-old &&
	grep -q '^status 2$' new-old && bad=0 || bad=1
result "$bad" "a new driver with an old module prints the remedy" new-old
[ "$(grep -c '^status 0$' out)" = 2 ] && grep -q '^b.json$' out &&
	grep -q '^d.json$' out && bad=0 || bad=1
result "$bad" "driver and module of one version work" out
grep -qE 'Oops|BUG|WARNING' out && bad=1 || bad=0
grep -q '^gone$' out || bad=1
result "$bad" "the kernel's log has no problem" out

echo "1..$n"
