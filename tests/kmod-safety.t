#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The module does no harm to the machine: limits of time, in guests whose clock
# counts instructions, and what the driver says of them.

set -eu

case ${1:-} in
-h) echo "usage: $0: check in guests that the module does no harm, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"

# safety NAME COMMAND TIMES OPTION...: runs the guest's program of that name
safety()
{
	name=$1 command=$2 times=$3
	shift 3
	guest -n "$@" -i "$(programs "$name")/guest-safety" \
		"$name" guest-safety "$command" "$times"
	passed_on "$name, $command"
}

# exact: 1 ns is 1 instruction
for name in $(guests amd64-6.12 arm64-6.12); do
	has "$name" || continue
	safety "$name" stretch 1
	safety "$name" delay 1
	safety "$name" killed 3 -m 2048
	safety "$name" pins 2 -m 2048
done
# Words of the driver.
name=$(guests amd64-6.12)
if has "$name"; then
	jiffies='clocksource=jiffies highres=off nohz=off'
	safety "$name" coarse 1 -a tcg -k "$jiffies"
	guest -a tcg -k "$jiffies" -o coarse "$name" sh -c '
		pfbench run --backend=kmod 2>run
		echo "status $?" >>run
		pfbench race --backend=kmod --generation=v2.6.26-bit 2>race
		echo "status $?" >>race'
	for command in run race; do
		[ "$(wc -l <coarse/$command)" = 2 ] &&
			grep -q 'clock is too coarse: select another' coarse/$command &&
			grep -q '^status 2' coarse/$command && bad=0 || bad=1
		result "$bad" "$command refuses a coarse clock with a line" \
			coarse/$command
	done

	guest -o said "$name" sh -c '
		pfbench run --backend=kmod --icount --rounds=2 --out=r.json \
			--benchmark_filter="^PageLocked/plain/small/hot/latency\$" &&
			pfbench report r.json >report
		pfbench race --backend=kmod --generation=v2.6.26-bit --by=irq \
			--stall=inside:500001 2>race
		echo "status $?" >>race'
	sed -n 's/^Interrupts off for at most \([0-9.]*\) us at a time (stretch_us: 500)$/\1/p' \
		said/report | awk '{ exit !($1 > 0 && $1 <= 500) }' && bad=0 || bad=1
	result "$bad" "the report has the longest irq-off window" said/report
	[ "$(wc -l <said/race)" = 2 ] && grep -q '^status 2$' said/race &&
		grep -q 'irq: at most 500000 ns: .*stretch_us is 500$' said/race &&
		bad=0 || bad=1
	result "$bad" "race refuses a longer delay by an interrupt with a line" \
		said/race
fi

echo "1..$n"
