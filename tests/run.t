#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Test 'pfbench run' and 'pfbench list': output, refused arguments, and the
# files that interrupted runs leave. Times are not checked.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test 'pfbench run' and 'list', in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
unset BENCHMARK_FILTER BENCHMARK_OUT BENCHMARK_FORMAT BENCHMARK_OUT_FORMAT

# verdict BAD WHAT: result() with the last output
verdict()
{
	result "$1" "$2" out err
}

# holds WHAT COMMAND...: WHAT is ok if the command succeeds
holds()
{
	what=$1
	shift
	if "$@"; then result 0 "$what"; else verdict 1 "$what"; fi
}

# run OPTION...: measure two points of one group quickly; output in out, err
few='--benchmark_filter=^PageLocked/(plain|v4.4-word)/tail/hot/latency$'
run_few()
{
	status=0
	"$pfbench" run "$few" --max-time=0.005 "$@" >out 2>err || status=$?
}

# whole FILE: report can read the result file, which may have no point yet
whole()
{
	"$pfbench" report "$1" >whole.out 2>&1 && return
	grep -q 'no point' whole.out
}

# has FILE KEY...: "KEY": is in FILE
has()
{
	file=$1
	shift
	for key; do
		grep -q "\"$key\":" "$file" && continue
		echo "# $file has no \"$key\""
		return 1
	done
}

# count PATTERN FILE: number of matches
count()
{
	grep -o -e "$1" "$2" | wc -l
}

# list

"$pfbench" list >default
"$pfbench" list --all >all
holds 'one point per line, five parts or more' \
	awk -F/ 'NF < 5 || NF > 9 || / / { exit 1 }' default
sort default >default.sorted
sort all >all.sorted
holds 'no name is listed twice' test -z "$(uniq -d all.sorted)$(uniq -d default.sorted)"
holds 'list --all has the default set' \
	test -z "$(comm -23 default.sorted all.sorted)"
holds 'and more than that' test "$(wc -l <default)" -lt "$(wc -l <all)"
holds "list has the point of the example" \
	grep -qx PageLocked/v4.4-word/tail/hot/latency default
"$pfbench" list "$few" >out
holds 'list with a filter' test "$(paste -s -d ' ' out)" = \
	'PageLocked/plain/tail/hot/latency PageLocked/v4.4-word/tail/hot/latency'
"$pfbench" list --benchmark_filter=PageLocked/plain/mixed:33/hot/latency >out
holds 'list with a name that no set has' \
	grep -qx PageLocked/plain/mixed:33/hot/latency out
# exit status 141 there is for SIGPIPE
(s=0; "$pfbench" list --all 2>err || s=$?; echo "$s" >status) |
	head -n 1 >out
case $(cat status) in
0|2|141) bad=0 ;;
*) bad=1 ;;
esac
[ "$(cat out)" = "$(head -n 1 all)" ] && [ "$(wc -l <err)" -le 1 ] || bad=1
verdict "$bad" 'list into a pipe that is closed early'

# help

for command in '' list run report compare plot selftest; do
	status=0
	# shellcheck disable=SC2086 # no word for none
	"$pfbench" $command --help >out 2>err || status=$?
	[ "$status" = 0 ] && [ -s out ] && [ ! -s err ] &&
		[ -z "$(awk 'length > 80' out)" ] && bad=0 || bad=1
	verdict "$bad" "pfbench${command:+ $command} --help"
done

# a run

run_few --out=a.json
[ "$status" = 0 ] && [ "$(grep -c '/hot/latency ' out)" = 2 ] && bad=0 || bad=1
verdict "$bad" 'run prints the points that it measured'
holds 'the file has the fields of Google Benchmark' has a.json context \
	benchmarks date host_name executable num_cpus mhz_per_cpu \
	cpu_scaling_enabled caches load_avg library_build_type name run_name \
	run_type family_index per_family_instance_index repetitions \
	repetition_index threads iterations real_time cpu_time time_unit
holds 'and the fields of pfbench' has a.json pfbench format cycles \
	samples rounds_quiet counters partial ns_per_tick cflags compiler
holds 'the file has both points' test "$(count \
	'"name": *"PageLocked/\(plain\|v4.4-word\)/tail/hot/latency"' a.json)" = 2
holds 'the file is not partial' grep -q '"partial": *false' a.json
holds 'report reads the file' whole a.json
if command -v jq >/dev/null; then
	holds 'jq reads the file' test "$(jq -r '.benchmarks[].name' a.json |
		paste -s -d ' ')" = "$("$pfbench" list "$few" | paste -s -d ' ')"
else
	skip "jq reads the file" "no jq"
fi
mkdir sub
(
	cd sub
	"$pfbench" run "$few" --max-time=0.005 >../out 2>../err
)
set -- sub/results/*/*-user.json
[ $# = 1 ] && whole "$1" && bad=0 || bad=1
verdict "$bad" 'without --out: results/HOST/TIME-user.json'
refused 'a missing directory' 'no such directory' run "$few" --out=deep/er/a.json
holds 'and the directory is not made' test ! -e deep
# not /dev/stdout itself: root could replace it
: >target.json
ln -s target.json link.json
run_few --out=link.json
holds 'a symbolic link stays a link' test -h link.json
holds 'and its target is written' whole target.json

# Google Benchmark's flags

run_few --benchmark_list_tests
"$pfbench" list "$few" >names
cmp -s names out && [ ! -e results ] && bad=0 || bad=1
verdict "$bad" '--benchmark_list_tests lists, and measures nothing'
run_few --out=b.json --benchmark_repetitions=3 \
	--benchmark_enable_random_interleaving
[ "$(count '"repetition_index": *2,' b.json)" = 2 ] &&
	[ "$(count '"repetitions": *3,' b.json)" = 6 ] && bad=0 || bad=1
verdict "$bad" '--benchmark_repetitions=3, randomly interleaved'
run_few --out=b.json --benchmark_format=csv
[ "$(grep -c '^"PageLocked/.*latency",' out)" = 2 ] && bad=0 || bad=1
verdict "$bad" '--benchmark_format=csv'
run_few --out=b.json --benchmark_format=json
holds '--benchmark_format=json' has out context benchmarks real_time
for format in json csv console; do
	run_few --out=b.json --benchmark_out="gb.$format" \
		--benchmark_out_format="$format"
	[ "$status" = 0 ] && whole b.json &&
		[ "$(grep -c 'PageLocked/.*/hot/latency' "gb.$format")" -ge 2 ] &&
		bad=0 || bad=1
	verdict "$bad" "--benchmark_out_format=$format"
done
run_few --out=b.json --benchmark_out=gb2.json
holds '--benchmark_out is JSON by default' \
	has gb2.json context benchmarks real_time

# counters

run_few --out=c.json --events=task-clock,page-faults
if grep -q 'n/a: ' err; then
	skip "software events" "$(sed -n 's/^note: n\/a: //p' err)"
else
	holds 'software events' test "$(count \
		'"\(task-clock\|page-faults\)": *{' c.json)" = 4
fi
run_few --out=c.json --events=cycles,instructions
if grep -q '"cycles": *"ok"' c.json; then
	skip "n/a without a PMU" "this machine has one"
else
	[ "$(grep -c 'n/a' err)" = 1 ] && ! grep -q '"cycles": *{' c.json &&
		! grep -q 'cycles=' out &&
		grep -q '"cycles": *"n/a (..*)"' c.json && bad=0 || bad=1
	verdict "$bad" 'counters without a PMU: n/a, and the reason printed once'
fi

refused 'a command' 'pfbench: ' nix
refused 'an option' 'pfbench: ' run --nix --out=no.json
refused 'a short option' 'pfbench: ' run -x --out=no.json
refused 'a flag that Google Benchmark does not have' 'pfbench: ' \
	run --benchmark_nix=1 --out=no.json
refused 'an argument' 'pfbench: ' run nix --out=no.json
refused 'a missing value' 'pfbench: ' run --out
refused 'a filter that nothing matches' 'pfbench: ' \
	run --benchmark_filter=nix --out=no.json
refused 'a filter that is no regular expression' 'pfbench: ' \
	run '--benchmark_filter=(' --out=no.json
refused 'a generation' 'pfbench: ' \
	run --benchmark_filter=PageLocked/v9.9/tail/hot/latency --out=no.json
grep -q v9.9 err && bad=0 || bad=1
verdict "$bad" 'and the message names the generation'
refused 'an event' 'pfbench: ' run "$few" --events=nix --out=no.json
refused 'a CPU that is not there' 'pfbench: ' run "$few" --cpu=65535 --out=no.json
refused 'a CPU that is no number' 'pfbench: ' run "$few" --cpu=one --out=no.json
refused 'a kind of CPU' 'pfbench: ' run "$few" --cpu-kind=blue --out=no.json
refused 'a backend' 'pfbench: ' run "$few" --backend=nix --out=no.json
refused 'a time' 'pfbench: ' run "$few" --max-time=0 --out=no.json
refused 'an interval' 'pfbench: ' run "$few" --target-ci=-1 --out=no.json
refused 'no round' 'pfbench: ' run "$few" --rounds=0 --out=no.json
refused 'half a round' 'pfbench: ' run "$few" --rounds=1.5 --out=no.json
refused 'a sample of no length' 'pfbench: ' run "$few" --sample-time=0 --out=no.json
refused 'the module, which is not loaded' 'pfbench: ' run "$few" --backend=kmod --out=no.json
refused 'an accessor of the kernel, in user space' 'pfbench: ' \
	run --benchmark_filter=PageLocked/native/tail/hot/latency --out=no.json
refused 'huge pages of a replica' 'pfbench: ' \
	run --benchmark_filter=PageLocked/plain/tail/hot/latency/thp --out=no.json
refused 'a directory for a file' 'pfbench: ' run "$few" --out=sub
: >plain
refused 'a file for a directory' 'pfbench: ' run "$few" --out=plain/no.json
if [ "$(id -u)" != 0 ]; then
	mkdir locked
	chmod a-w locked
	refused 'a directory that cannot be written' 'pfbench: ' \
		run "$few" --out=locked/no.json
else
	skip "refused: a directory that cannot be written" "root can"
fi
[ ! -e no.json ] && bad=0 || bad=1
verdict "$bad" 'a refused run writes no file'
refused 'in list: an option' 'pfbench: ' list --nix
refused 'in list: a filter that nothing matches' 'pfbench: ' list --benchmark_filter=nix
refused 'in selftest: a number of repeats' 'pfbench: ' selftest --repeats=1

# many groups, none of which ends early: time to be interrupted
many='--benchmark_filter=/(small|head|tail)/hot/latency$'

# stop SIGNAL SECONDS FILE: interrupt a run of many groups; SECONDS may be "file":
# when the file is there
stop()
{
	status=0
	if [ "$2" = file ]; then
		"$pfbench" run "$many" --max-time=0.01 --out="$3" >out 2>err &
		for _ in $(seq 600); do
			[ ! -e "$3" ] || break
			sleep 0.1
		done
		kill -s "$1" $!
		wait $! || status=$?
		return
	fi
	timeout --foreground --preserve-status -s "$1" "$2" "$pfbench" run \
		"$many" --max-time=0.1 --target-ci=0 --patience=0 \
		--out="$3" >out 2>err || status=$?
}

# stopped SIGNAL SECONDS: a complete file marked partial is left, or none
stopped()
{
	rm -f stop.json
	stop "$1" "$2" stop.json
	bad=0
	# a signal may kill before the handler is installed
	case $status,$1 in
	130,*) ;;
	143,TERM) [ ! -e stop.json ] || bad=1 ;;
	*) bad=1 ;;
	esac
	if [ -e stop.json ]; then
		whole stop.json && grep -q '"partial": *true' stop.json &&
			grep -q '"real_time"' stop.json || bad=1
		left='a file'
	else
		left='no file'
	fi
	[ -z "$(find . -name 'stop.json*tmp*')" ] || bad=1
	verdict "$bad" "SIG$1 after $2"
	echo "# left: $left, exit status $status"
}

for seconds in 0.01 0.05 0.1 0.2 0.5 file; do
	stopped INT "$seconds"
	stopped TERM "$seconds"
done
[ "$left" = 'a file' ] && bad=0 || bad=1
verdict "$bad" 'the longest run leaves a file'

# A killed run must not damage the file of a finished run.
bad=0
run_few --out=shared.json
for seconds in 0.05 0.1 0.2 0.6; do
	stop KILL "$seconds" shared.json
	whole shared.json || bad=1
done
verdict "$bad" 'SIGKILL does not damage an existing file'
: >shared.json.1.tmp
run_few --out=shared.json
[ "$status" = 0 ] && whole shared.json &&
	grep -q '"partial": *false' shared.json && bad=0 || bad=1
verdict "$bad" 'the temporary file of a killed run does no harm'

# points that only the module has
"$pfbench" list --backend=kmod >out 2>err && grep -q '^PageLocked/native/' out &&
	! "$pfbench" list | grep -q /native/ && bad=0 || bad=1
verdict "$bad" 'list --backend=kmod has the native points, list does not'
"$pfbench" list --all --backend=kmod >out 2>err &&
	grep -qx 'PageTail/native/tail/hot/throughput/fake' out &&
	! grep -q '^SetPage.*/thp$' out && bad=0 || bad=1
verdict "$bad" 'memory of user space is read, never written to'

# fixed rounds: all are kept
run_few --rounds=7 --out=fixed.json
[ "$status" = 0 ] && grep -q '"fixed_rounds": *7' fixed.json &&
	! grep -q '"icount"' fixed.json && [ "$(count '"rounds":7,"rounds_quiet":7,' fixed.json)" = 2 ] &&
	bad=0 || bad=1
verdict "$bad" '--rounds=7 takes 7 rounds and drops none'
! grep -q '"twins"' fixed.json && bad=0 || bad=1
run_few --out=twins.json
[ "$status" = 0 ] && grep -qE '"measured": [01]' twins.json &&
	grep -q '"resolution"' twins.json && "$pfbench" report twins.json >out &&
	grep -qE "^twins: [01] of [01] equal" out || bad=1
verdict "$bad" 'the first group carries a twin, without fixed rounds'
sed 's/"fixed_rounds": *7/&, "icount": true/' fixed.json >icount.json
"$pfbench" report icount.json | grep -q '^instructions ' &&
	"$pfbench" report --unit=ns icount.json | grep -q '^ns ' && bad=0 || bad=1
verdict "$bad" '--icount reports instructions, --unit=ns nanoseconds'

echo "1..$n"
