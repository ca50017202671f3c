#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/guest: what it hands through, what it refuses, what it says.

set -eu

case ${1:-} in
-h) echo "usage: $0: test scripts/guest and its kin, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"

# refuses WHAT STATUS WORDS COMMAND...: one line with WORDS on stderr, STATUS
refuses()
{
	what=$1 want=$2 words=$3
	shift 3
	status=0
	"$@" >out 2>err || status=$?
	[ "$status" = "$want" ] && [ "$(wc -l <err)" = 1 ] &&
		grep -q -e "$words" err && bad=0 || bad=1
	result "$bad" "$what" out err
}

for script in guest guest-fetch guest-build guest-enter run-kmod; do
	"$top/scripts/$script" -h >out 2>err && grep -q '^usage: ' out &&
		[ ! -s err ] && [ "$(awk 'length > 80' out | wc -l)" = 0 ] &&
		bad=0 || bad=1
	result "$bad" "$script -h" out err
done
guest="$top/scripts/guest -B"
# shellcheck disable=SC2086 # words
{
	refuses "no such kernel" 125 "no kernel 'vax-2.4'" $guest vax-2.4 true
	refuses "no such accelerator" 125 "no such way" $guest -a hope amd64-6.1
	refuses "icount with two CPUs" 125 "on arm64 only" $guest -c 2 amd64-6.1
	refuses "a file that is not there" 125 "no such file" \
		$guest -i /nowhere amd64-6.1
	refuses "memory that is no number" 125 "whole numbers" \
		$guest -m lots amd64-6.1
	refuses "an empty cache, and nothing may be downloaded" 1 \
		"missing: kernel amd64-6.1" env PFBENCH_CACHE="$tmp/none" \
		sh -c "$top/scripts/guest-fetch -n amd64-6.1 2>&1 | grep kernel >&2; exit 1"
	refuses "no kernel in the cache" 125 "run scripts/guest-fetch" \
		env PFBENCH_CACHE="$tmp/none" $guest amd64-6.1
	refuses "a root to enter that is not there" 1 "guest-fetch makes it" \
		env PFBENCH_CACHE="$tmp/none" "$top/scripts/guest-enter" true
}
"$top/scripts/guest" -l | awk 'NF == 5 { n[$2]++ } END {
	exit !(n["amd64"] == 4 && n["arm64"] == 2 && n["riscv64"] == 1 &&
		n["ppc64el"] == 2 && n["s390x"] == 2 && NR == 11) }' && bad=0 || bad=1
result "$bad" "guest -l lists eleven kernels of five architectures"

lacks amd64-6.1 >why
if [ -s why ]; then
	skip "the guest itself" "$(cat why)"
	echo "1..$n"
	exit 0
fi

"$top/scripts/guest-fetch" -n amd64-6.1 >out 2>err && [ ! -s out ] && [ ! -s err ] &&
	bad=0 || bad=1
result "$bad" "with a full cache no network is needed, and nothing said" out err

# what is said, in one go: a boot is some seconds
# shellcheck disable=SC2016 # for the guest
guest -i "$top/README.md" -o there -p stretch_us=123 -k "pfbench.test=1" amd64-6.1 \
	sh -c 'echo "two  blanks"; pwd; cat /sys/module/pfbench/parameters/stretch_us
	cmp /bin/README.md /bin/README.md && echo file
	grep -o "pfbench.test=1" /proc/cmdline; date +%Y; uname -m
	printf "\001\002\377 bytes" >bytes; mkdir d; echo deep >d/deep; exit 42'
[ "$status" = 42 ] && bad=0 || bad=1
result "$bad" "it ends as the command does" out err
printf '%s\n' "two  blanks" /out 123 file pfbench.test=1 2026 x86_64 >want
cmp -s want out && [ ! -s err ] && bad=0 || bad=1
result "$bad" "what the command writes is what comes out, and no more" out err
printf '\001\002\377 bytes' >want
cmp -s want there/bytes && [ "$(cat there/d/deep)" = deep ] && bad=0 || bad=1
result "$bad" "files come out as they are"

refuses "a guest that goes down" 125 "went down before the command ended" \
	sh -c "$guest amd64-6.1 sh -c 'echo c >/proc/sysrq-trigger' 2>&1 | tail -n 1 >&2; exit 125"
refuses "a guest that takes too long" 125 "not done after 8 s" \
	sh -c "$guest -a tcg -t 8 amd64-6.1 sleep 100 2>&1 | tail -n 1 >&2; exit 125"
guest -n amd64-6.1 sh -c 'ls /dev/pfbench; pfbench run --backend=kmod'
[ "$status" = 2 ] && grep -q 'no /dev/pfbench: load the module' out && bad=0 || bad=1
result "$bad" "-n: no module, and the driver says so" out err

echo "1..$n"
