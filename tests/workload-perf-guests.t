#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench workload --perf in an arm64 guest, whose emulated PMU interrupts after
# a number of cycles: samples are taken there and placed here, and the lines
# without the right to sample.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: sample the kernel of a guest, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"
kernel=arm64-6.12
needs $kernel
vmlinux=${PFBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfbench}/guest/kernels/$kernel/vmlinux

cat >commands <<'END2'
loop='n=0; while [ $n -lt 40 ]; do n=$((n + 1)); /bin/busybox true; done'
pfbench workload --perf --period=20011 --record=samples -- sh -c "$loop" 2>sampled
echo "sampled $?"
pfbench workload --perf -- true 2>no-reader
echo "no-reader $?"
echo 2 >/proc/sys/kernel/kptr_restrict
pfbench workload --perf --record=kcore -- sh -c "$loop" 2>kcore.err
echo "kcore $?"
mount -o bind /dev/null /proc/kcore
pfbench workload --perf --record=hidden -- true 2>hidden.err
echo "hidden $?"
mkdir -p /etc
echo 'user:x:1000:1000::/:/bin/sh' >/etc/passwd
echo 'user:x:1000:' >/etc/group
start-stop-daemon -S -c user -x /bin/pfbench -- \
	workload --perf --record=/tmp/x -- true 2>unprivileged.err
echo "unprivileged $?"
END2
guest -n -i commands -o files $kernel sh /bin/commands
cp out ended

# said TITLE NAME FILE TEXT: status 2, and one line with the text
said()
{
	grep -qx "$2 2" ended && [ "$(wc -l <"files/$3")" = 1 ] &&
		grep -qE "$4" "files/$3" && bad=0 || bad=1
	result "$bad" "$1" ended "files/$3"
}

# header FILE KEY
header()
{
	sed -n "s/^# $2: //p" "files/$1"
}

grep -qx 'sampled 0' ended && [ ! -s files/sampled ] &&
	[ "$(header samples samples)" -gt 500 ] &&
	[ "$(header samples lost)" = 0 ] && bad=0 || bad=1
result "$bad" "the PMU of the guest interrupts" ended files/sampled err
said "a build without the reader of debug information" no-reader no-reader \
	'use --record=FILE here'
grep -qx 'kcore 0' ended && [ "$(header kcore stext)" = "$(header samples stext)" ] &&
	[ "$(header kcore samples)" -gt 100 ] && bad=0 || bad=1
result "$bad" "the address from kcore, where kallsyms hides it" ended files/kcore.err
said "neither has the address" hidden hidden.err 'kptr_restrict is 2: be root'
said "no right to sample" unprivileged unprivileged.err \
	'cannot be sampled: not permitted: perf_event_paranoid is [2-4]'
if [ ! -s "$vmlinux" ]; then
	skip "samples on the look-ups of the guest" \
		"no debug information: run scripts/guest-fetch -d $kernel"
	echo "1..$n"
	exit 0
fi
run 0 workload --perf --vmlinux="$vmlinux" -o result.json files/samples
# this PMU has no precise addresses, whatever it accepts
grep -q '^precise_ip [0-3], no exact address' out || bad=1
# in an exec, QEMU's plugin counts 0.78 % of the instructions in look-ups
share=$(sed -n 's/^ *[0-9]* *\([0-9.]*\) % .*  in look-ups$/\1/p' out)
awk -v s="$share" 'BEGIN { exit !(s > 0.1 && s < 4) }' || bad=1
outside=$(sed -n 's/^ *[0-9]* *\([0-9.]*\) % .*  outside of vmlinux.*$/\1/p' out)
awk -v s="$outside" 'BEGIN { exit !(s != "" && s < 1) }' || bad=1
result "$bad" "samples on the look-ups of the guest" out err

echo "1..$n"
