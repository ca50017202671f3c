#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Output is never lost in silence: standard output that cannot be written, files
# that grow too large, and files that exist. Times are not checked.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test what happens to output, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
unset BENCHMARK_FILTER BENCHMARK_OUT BENCHMARK_FORMAT BENCHMARK_OUT_FORMAT

few='--benchmark_filter=^PageLocked/(plain|v4.4-word)/tail/hot/latency$'
quick='--max-time=0.005'

# verdict BAD WHAT: result() with the last output
verdict()
{
	result "$1" "$2" out err
}

# lost ARGUMENT...: standard output is full, then closed: status 2 and one line
lost()
{
	bad=0
	for to in full closed; do
		status=0
		if [ $to = full ]; then
			"$pfbench" "$@" >/dev/full 2>err || status=$?
		else
			"$pfbench" "$@" >&- 2>err || status=$?
		fi
		[ "$status" = 2 ] || bad=1
		[ "$(grep -c 'standard output could not be written' err)" = 1 ] ||
			bad=1
	done
	: >out
	verdict $bad "stdout that cannot be written: $*"
}

lost --help
lost --version
lost list
lost run --help
lost run --version
lost run --benchmark_list_tests
lost run "$few" $quick --out=lost.json
"$pfbench" report lost.json >out 2>err && bad=0 || bad=1
verdict $bad 'the result of a run is written all the same'
lost run "$few" $quick --out=lost.json --benchmark_format=json
lost run "$few" $quick --out=lost.json --ktap

# the shell says nothing of a signal if it is not the last command
status=0
(ulimit -f 1; "$pfbench" run "$few" $quick --out=large.json) >out 2>err ||
	status=$?
[ "$status" = 2 ] && [ "$(grep -c '^pfbench: ' err)" = 1 ] &&
	grep -q 'large.json: .*ulimit' err && bad=0 || bad=1
[ -z "$(find . -name 'large.json*')" ] || bad=1
verdict $bad 'a file beyond the limit: one line, and no file is left'

# an earlier result

many='--benchmark_filter=^[A-Z].*/tail/hot/latency$'

# started: wait until the run in the background measures, whose stderr is in "notes"
started()
{
	pid=$!
	tries=0
	until grep -q '^CPU ' notes || [ $tries -gt 300 ]; do
		sleep 0.02
		tries=$((tries + 1))
	done
}

# measuring OPTION...: start a run of many groups, which is then at the first
# group or little further; its process is $pid
measuring()
{
	: >notes
	"$pfbench" run "$many" --max-time=0.02 --target-ci=0 "$@" \
		>table 2>notes &
	started
}

# endless OPTION...: start a run whose first group takes minutes
endless()
{
	: >notes
	"$pfbench" run "$few" --rounds=10000 --sample-time=0.01 "$@" \
		>table 2>notes &
	started
}


# interrupted OPTION...: interrupt such a run
interrupted()
{
	measuring "$@"
	kill -INT $pid
	wait $pid && status=0 || status=$?
}

# waits for a file to appear
appears()
{
	tries=0
	while [ ! -s "$1" ] && [ $tries -lt 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	[ -s "$1" ]
}

"$pfbench" run "$few" $quick --out=prev.json >out 2>err
cp prev.json saved.json
interrupted --out=prev.json
[ "$status" = 130 ] && cmp -s prev.json saved.json &&
	[ "$(grep -c 'interrupted: ' notes)" = 1 ] && bad=0 || bad=1
verdict $bad 'an interrupted run leaves an earlier result as it was'
rm -f prev.partial*

measuring --out=prev.json
appears prev.partial.json && kill -INT $pid || bad=1
wait $pid && status=0 || status=$?
[ "$status" = 130 ] && cmp -s prev.json saved.json &&
	grep -q 'interrupted: [1-9][0-9]* of .* prev.partial.json' notes &&
	grep -q '"partial": true' prev.partial.json &&
	"$pfbench" report prev.partial.json >out 2>err && bad=0 || bad=1
verdict $bad 'finished groups are then in a file of their own'
rm -f prev.partial.json

"$pfbench" run "$few" $quick --out=prev.json >out 2>err
! cmp -s prev.json saved.json && grep -q '"partial": false' prev.json &&
	[ -z "$(find . -name 'prev?*.json')" ] && bad=0 || bad=1
verdict $bad 'a complete result replaces an earlier one'

mkfifo fifo
interrupted --out=fifo
[ -p fifo ] && bad=0 || bad=1
verdict $bad 'an interrupted run does not remove a FIFO'
cat fifo >piped.json &
"$pfbench" run "$few" $quick --out=fifo >out 2>err
wait $!
[ -p fifo ] && "$pfbench" report piped.json >out 2>err && bad=0 || bad=1
verdict $bad 'a result goes into a FIFO'
if [ "$(id -u)" = 0 ] && mknod null c 1 3 2>/dev/null; then
	interrupted --out=null
	[ -c null ] && bad=0 || bad=1
	verdict $bad 'an interrupted run does not remove a device'
else
	skip 'an interrupted run does not remove a device' 'mknod is for root'
fi

# standard output

# a link of our own: an earlier pfbench replaced /dev/stdout itself
ln -s /proc/self/fd/1 stdout
for name in stdout -; do
	"$pfbench" run "$few" $quick --out=$name >only.json 2>err
	[ -h stdout ] && "$pfbench" report only.json >out 2>err &&
		! grep -q '^PageLocked' only.json && [ ! -e ./- ] &&
		bad=0 || bad=1
	verdict $bad "--out=$name: standard output has the result and no table"
done
refused '--out=- with --ktap' '--ktap' run "$few" --out=- --ktap

# names

mkdir runs
cd runs
for run in 1 2 3 4 5 6; do
	"$pfbench" run "$few" --rounds=6 >../out 2>../err &
	if [ $((run % 2)) = 0 ] || [ "$(nproc)" = 1 ]; then wait; fi
done
wait
[ "$(find . -name '*.json' | wc -l)" = 6 ] && bad=0 || bad=1
cd ..
verdict $bad 'six runs in a few seconds, two at a time, have six files'

# one measurement at a time on a CPU

endless --out=lock.json
cpu=$(sed -n 's/^CPU \([0-9]*\) .*/\1/p' notes)
refused 'a second run on a CPU' "CPU $cpu: another pfbench, process $pid," \
	run "$few" $quick --cpu="$cpu" --out=second.json
refused 'a selftest there' "process $pid," selftest --cpu="$cpu"
if [ "$(nproc)" -gt 1 ]; then
	"$pfbench" run "$few" $quick --out=second.json >out 2>err &&
		! grep -q "^CPU $cpu " err && bad=0 || bad=1
	verdict $bad 'without --cpu, a run takes another CPU'
else
	skip 'without --cpu, a run takes another CPU' 'one CPU'
fi
kill -KILL $pid
wait $pid || :
"$pfbench" run "$few" $quick --cpu="$cpu" --out=second.json >out 2>err &&
	bad=0 || bad=1
verdict $bad 'a killed run leaves no lock'

# kill -9: all groups are in the file, but the last one

# names FILE: the points of a result
names()
{
	sed -n 's/.*"name": *"\([^"]*\)".*/\1/p' "$1"
}

bad=0 kills=0
for seed in 1 2 3 4 5 6 7 8; do
	rm -f kill*.json
	"$pfbench" run "$many" --max-time=0.01 --target-ci=0 --out=kill.json \
		>table 2>err &
	pid=$!
	appears kill.json || bad=1
	sleep "$(awk "BEGIN { srand($seed + $$); print 1.5 * rand() }")"
	kill -KILL $pid 2>/dev/null || :
	wait $pid && status=0 || status=$?
	[ "$status" = 137 ] || continue
	kills=$((kills + 1))
	"$pfbench" report kill.json >out 2>err || bad=1
	names kill.json >kept
	# the group of a point here: its accessor
	sed -n 's/^\([A-Z][^ ]*\/latency\) .*/\1/p' table |
		awk -F/ '{ name[NR] = $0; group[NR] = $1 }
			END { for (i = 1; i <= NR; i++)
				if (group[i] != group[NR]) print name[i] }' |
		grep -vxF -f kept >gone && bad=1
	[ ! -s gone ] || { cp gone out; break; }
done
verdict $bad "kill -9 at $kills random moments: only the last group is missing"
[ $kills -gt 2 ] && bad=0 || bad=1
verdict $bad 'most of the runs were killed'

# --resume

cut()
{
	rm -f cut*.json
	measuring --out=cut.json
	appears cut.json || :
	kill -INT $pid || :
	wait $pid && status=0 || status=$?
}

cut
grep -q "interrupted: .* with 'pfbench run --resume=cut.json'" notes &&
	bad=0 || bad=1
result $bad 'an interrupted run prints how to go on' notes
cp cut.json first.json
names first.json | sort >first
refused 'to go on with another time' 'max-time was 0.02, and is 0.03 now' \
	run --resume=cut.json --max-time=0.03
refused 'to go on with another filter' 'benchmark_filter was' \
	run --resume=cut.json "$few"
sed 's/"commit": "/&x/' cut.json >other.json
refused 'to go on with another build' 'commit was x' run --resume=other.json
refused 'to go on with a complete result' 'is complete' run --resume=prev.json
refused 'to go on with nothing' 'no.json' run --resume=no.json
cmp -s cut.json first.json && bad=0 || bad=1
verdict $bad 'and the file is as it was'
"$pfbench" run --resume cut.json >out 2>err && bad=0 || bad=1
names cut.json | sort >after
"$pfbench" list "$many" | sort >wanted
cmp -s after wanted && grep -q '"partial": false' cut.json &&
	"$pfbench" report cut.json >whole.out 2>&1 || bad=1
verdict $bad '--resume measures what is missing, and completes the file'
grep '^{"name"' first.json | sed 's/,$//' >lines
sed 's/,$//' cut.json | grep -cxF -f lines >kept || :
[ "$(cat kept)" = "$(wc -l <first)" ] && bad=0 || bad=1
grep -q '^PageLocked/plain/tail/hot/latency ' out && bad=1
[ "$(sed -n '/"parts"/,/\]/p' cut.json | grep -c '"date"')" = 2 ] || bad=1
verdict $bad 'it keeps the points that were measured'

# every point has all its repetitions, or is measured again
measuring --benchmark_repetitions=3 --out=cut3.json
appears cut3.json || :
sleep 0.2
kill -INT $pid || :
wait $pid && status=0 || status=$?
names cut3.json | sort | uniq -c | awk '$1 != 3 { exit 1 }' && bad=0 || bad=1
result $bad 'an interrupted run has all repetitions of each point' notes

# the full set takes hours

refused 'the full set without --yes' 'groups: about' run --all
grep -q ' --yes$' err && bad=0 || bad=1
verdict $bad 'and the message has the option'
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	status=0
	echo n | script -qec "'$pfbench' run --all --out=all.json" /dev/null \
		>out 2>err || status=$?
	[ "$status" = 2 ] && grep -q 'Go on?' out &&
		grep -q 'nothing is measured' out && [ ! -e all.json ] &&
		bad=0 || bad=1
	verdict $bad 'a terminal is asked, and may say no'
else
	skip 'a terminal is asked, and may say no' 'no script(1)'
fi

echo "1..$n"
