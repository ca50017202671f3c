#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run-tests: alone
#
# The race between threads of a real kernel: with interrupts and preemption
# between two loads the two-word look-ups fail, however often, and no one-word
# look-up does; the judge sees injected answers; no thread stays behind.

set -eu

case ${1:-} in
-h) echo "usage: $0: race in the kernels of guests, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"

# number KEY FILE: the sum of its figures over the runs of a file
number()
{
	awk -v key="\"$1\":" '$1 == key { sum += $2 }
		END { printf "%d\n", sum }' "$2" 2>/dev/null || echo -1
}

# holds WHAT FILE KEY OP NUMBER...: compare the sum of each KEY
holds()
{
	what=$1 file=$2 bad=0
	shift 2
	while [ $# -gt 0 ]; do
		found=$(number "$1" "$file")
		test "$found" "$2" "$3" || bad=1
		what="$what, $1 $found"
		shift 3
	done
	result "$bad" "$what" "$file" out err
}

race_refused()
{
	refused "race $*" 'pfbench: race: ' race "$@"
}

race_refused --backend=kmod --generation=v4.4-word
race_refused --backend=magic
race_refused --backend=kmod --readers=2
race_refused --backend=kmod --stall=before:10 --by=signal
race_refused --backend=kmod --stall=before:10000001
race_refused --backend=user --stall=before:10 --by=irq

# The shell function of the guests, in the language of busybox.
cat >races <<'END'
race()
{
	out=$1
	shift
	pfbench race --backend=kmod --out="$out.json" "$@" >"$out.txt" 2>&1 ||
		echo "$out: status $?"
}
two=v2.6.22-twobit,v2.6.26-bit,v3.14-rmb
one=v4.4-word,v5.18-fakehead-hvo,v7.1-mask,order-in-flags
END
cat >smp <<'END'
. /bin/races
for by in irq preempt spin sleep; do
	race two-$by --generation=$two --stall=inside:20000 --by=$by \
		--time=10 --lookups=5000
	race one-$by --generation=$one --stall=inside:20000 --by=$by --time=1
done
race rmb --generation=v3.14-rmb --stall=inside:20000 --by=irq --time=30
race one-free --generation=$one --time=1
race flag-none --generation=v4.4-word --accessor=SetPageDirty \
	--stall=head-flag:20000 --by=irq --time=20 --lookups=2000
race flag-frozen --generation=v4.4-word --accessor=SetPageDirty \
	--stall=head-flag:20000 --by=irq --time=2 --protocol=frozen
for what in stale garbage; do
	race plant-$what --generation=v4.4-word --plant=$what --time=1
done
race safe --generation=$two,$one --protocol=ptl,frozen --time=0.3
race alone --generation=v2.6.26-bit --stall=inside:10000 --by=preempt \
	--time=20 --lookups=20 --cpus=0
race apart --generation=v4.4-word --time=1 --cpus=0

# reader_is yes|no: waits until a race has a reader, or no longer
reader_is()
{
	times=0
	while [ "$(ps | grep -q "[p]fbench-read" && echo yes || echo no)" != "$1" ]; do
		times=$((times + 1))
		[ $times -lt 300 ] || {
			echo "no $1 in 30 s: is there a reader?"
			return
		}
		sleep 0.1
	done
}
pfbench race --backend=kmod --generation=v4.4-word --time=60 \
	>/dev/null 2>&1 &
reader_is yes
kill -9 $!
{ wait $!; } 2>/dev/null || :
reader_is no
pfbench race --backend=kmod --generation=v4.4-word --time=60 \
	--out=cut.json >cut.txt 2>&1 &
reader_is yes
kill -TERM $!
wait $! || :
ps | grep -c '[p]fbench-' >left || :
rmmod pfbench && echo gone >gone
dmesg >log
END

# sees_races NAME: KCSAN reports those that are there, so it would report others
sees_races()
{
	guest -a tcg -c 2 -o seen "$1" sh -c '
		pfbench race --backend=kmod --generation=v2.6.26-bit --time=20
		dmesg >log'
	grep "BUG: KCSAN: " seen/log >found && grep -qE "$two_word_races" found &&
		[ "$status" = 0 ] && bad=0 || bad=1
	result "$bad" "$title: KCSAN reports the loads of a look-up of two words" \
		found err
}

check_smp()
{
	name=$1 title=$(title_of "$1")
	guest -a tcg -c 2 -i "$tmp/races" -i "$tmp/smp" -o "$title" "$name" \
		sh /bin/smp
	[ "$status" = 0 ] && [ ! -s out ] && bad=0 || bad=1
	result "$bad" "$title: races" out err
	for by in irq preempt spin sleep; do
		holds "$title, two words, $by" "$title/two-$by.json" \
			garbage -gt 0
		holds "$title, one word, $by" "$title/one-$by.json" \
			stale -eq 0 garbage -eq 0 lookups -gt 0 changes -gt 0
	done
	holds "$title, v3.14-rmb, irq" "$title/rmb.json" garbage -gt 0
	holds "$title, interrupts between two loads" "$title/two-irq.json" \
		came -ge "$(number delays "$title/two-irq.json")"
	holds "$title, preempted between two loads" "$title/two-preempt.json" \
		switches -ge "$(number delays "$title/two-preempt.json")"
	holds "$title, one word, a timer that ticks" "$title/one-free.json" \
		stale -eq 0 garbage -eq 0 lookups -gt 0 came -gt 0
	holds "$title, a flag after an interrupt" "$title/flag-none.json" \
		wrong_flags -gt 0 garbage -eq 0
	holds "$title, the same, no split under a reference" \
		"$title/flag-frozen.json" wrong_flags -eq 0 lookups -gt 0
	for what in stale garbage; do
		holds "$title, injected" "$title/plant-$what.json" planted -gt 0 \
			"$what" -eq "$(number planted "$title/plant-$what.json")"
	done
	holds "$title, no split during a look-up" "$title/safe.json" \
		stale -eq 0 garbage -eq 0 lookups -gt 0
	holds "$title, preempted by the writer" "$title/alone.json" garbage -gt 0
	grep -q 'n/a (see below)' "$title/apart.txt" &&
		grep -q 'one CPU: they took turns' "$title/apart.txt" &&
		! grep -q 'none: below' "$title/apart.txt" && bad=0 || bad=1
	result "$bad" "$title: on one CPU the report has n/a" "$title/apart.txt"
	grep -q '"partial": true' "$title/cut.json" &&
		grep -q 'interrupted after' "$title/cut.txt" && bad=0 || bad=1
	result "$bad" "$title: an interrupted run is kept" "$title/cut.txt"
	[ "$(cat "$title/left")" = 0 ] && [ -s "$title/gone" ] && bad=0 || bad=1
	result "$bad" "$title: no thread is left, and the module can be removed" \
		"$title/left"
	# scripts/guest searches a debug kernel for reports
	if [ -n "${PFBENCH_GUEST:-}" ]; then
		! grep -qx CONFIG_KCSAN=y "$name/.config" || sees_races "$name"
		return
	fi
	grep -E 'BUG|WARNING|Oops|rcu.*stall|soft lockup|blocked for more' \
		"$title/log" >why && bad=1 || bad=0
	result "$bad" "$title: no problem in the kernel's log" why
}

for name in $(guests amd64-6.1 arm64-6.12); do
	! has "$name" || check_smp "$name"
done

# a debug kernel has no other preemption, and its output differs
[ -z "${PFBENCH_GUEST:-}" ] || { echo "1..$n"; exit 0; }

# in a fully preemptible kernel a long delay lets the writer run
if has amd64-6.1; then
	guest -a tcg -k preempt=full -i "$tmp/races" -o full amd64-6.1 sh -c '
		. /bin/races
		race full --generation=v2.6.26-bit,v3.14-rmb --by=spin \
			--stall=inside:5000000 --time=8 --cpus=0'
	holds "amd64-6.1, one CPU, preempted by the scheduler" \
		full/full.json garbage -gt 0 switches -gt 0
fi

# twice WHAT LAST OPTION... NAME COMMAND...: the output of two runs is the same
twice()
{
	what=$1 last=$2
	shift 2
	rm -rf first second output
	for time in first second; do
		guest -i "$tmp/races" -o "$time" "$@"
		cat out err >>output
	done
	bad=0
	[ -s "first/$last" ] && diff -r first second >why 2>&1 || bad=1
	result "$bad" "$what: the same twice, to the byte" why output
}

# with -icount time is instructions: runs repeat exactly
cat >icount <<'END'
. /bin/races
race preempt --generation=$two,$one --stall=inside:10000 --by=preempt --time=0.5
race irq --generation=$two --stall=inside:10000 --by=irq --time=0.1
race sleep --generation=$two --stall=inside:10000 --by=sleep --time=0.1
race free --generation=$two,$one --time=0.1
END
if has amd64-6.1; then
	twice "icount" free.json -i "$tmp/icount" amd64-6.1 sh /bin/icount
	holds "icount, preempted by the writer" first/preempt.json garbage -gt 0
fi

# two CPUs alternate under -icount: a slice may end between two loads
cat >turns <<'END'
. /bin/races
race two --generation=$two --stall=inside:10000 --by=irq --time=1.5
race one --generation=$one --stall=inside:10000 --by=irq --time=0.5
END
if has arm64-6.12; then
	twice "icount, two CPUs" one.json -c 2 -i "$tmp/turns" arm64-6.12 \
		sh /bin/turns
	holds "icount, two CPUs, two words" first/two.json garbage -gt 0
	holds "icount, two CPUs, one word" first/one.json \
		stale -eq 0 garbage -eq 0 lookups -gt 0
fi

echo "1..$n"
