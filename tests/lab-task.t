#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/lab-task and lab-pack: plans, statuses, repeats, and a machine that is
# as before, on a recorded machine, also after kill -9 at many commands.

# shellcheck disable=SC2030,SC2031,SC2094 # a machine per subshell
set -eu


case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test scripts/lab-task and lab-pack, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
for tool in flock setpriv; do
	command -v $tool >/dev/null && continue
	echo "1..0 # SKIP no $tool: install util-linux"
	exit 0
done

# The archive, unpacked as on a node

mkdir node
"$top/scripts/lab-pack" -b "$pfbench" pack.tar.gz >out 2>err &&
	tar -C node -xzf pack.tar.gz && [ ! -s err ] && bad=0 || bad=1
result "$bad" "lab-pack makes an archive" out err
"$top/scripts/lab-pack" -b "$pfbench" pack2.tar.gz && cmp -s pack.tar.gz pack2.tar.gz &&
	bad=0 || bad=1
result "$bad" "the same build makes the same archive"
grep -qx "arch $(uname -m)" node/pfbench-lab/manifest &&
	grep -qx "abi $(sed -n 's/^#define PFBENCH_ABI //p' "$top/include/uapi/pfbench.h")" \
		node/pfbench-lab/manifest && bad=0 || bad=1
result "$bad" "the manifest has the architecture and the ABI" node/pfbench-lab/manifest
task=$tmp/node/pfbench-lab/lab-task
# no library is the machine's
LD_TRACE_LOADED_OBJECTS=1 node/pfbench-lab/lib/loader --library-path \
	"$tmp/node/pfbench-lab/lib" node/pfbench-lab/pfbench >out 2>err || :
! grep '=>' out | grep -vE "=> ($tmp/)?node/" >err && [ "$(grep -c '=>' out)" -gt 3 ] &&
	bad=0 || bad=1
result "$bad" "the driver takes all libraries from the archive" out
[ -s node/pfbench-lab/src/dkms.conf ] && [ -s node/pfbench-lab/src/kmod/Kbuild ] &&
	bad=0 || bad=1
result "$bad" "the module's sources are in the archive, for dkms"

# A machine: cat and echo see the files of sysfs, insmod and rmmod its modules

LAB_ROOT=$tmp/root
export LAB_ROOT
cpu=$LAB_ROOT/sys/devices/system/cpu
thp=$LAB_ROOT/sys/kernel/mm/transparent_hugepage/enabled
machine()
{
	rm -rf "$LAB_ROOT"
	mkdir -p "$cpu/cpu0/cpufreq" "$cpu/cpu1/cpufreq" "$cpu/intel_pstate" \
		"${thp%/*}" "$LAB_ROOT/proc/sys/vm" "$LAB_ROOT/sys/module" \
		"$LAB_ROOT/lib/modules/$(uname -r)/build"
	echo powersave >"$cpu/cpu0/cpufreq/scaling_governor"
	echo schedutil >"$cpu/cpu1/cpufreq/scaling_governor"
	echo 0 >"$cpu/intel_pstate/no_turbo"
	echo 'always [madvise] never' >"$thp"
	echo 3 >"$LAB_ROOT/proc/sys/vm/nr_hugepages"
	: >"$LAB_ROOT/lib/modules/$(uname -r)/build/Makefile"
}
# state: the machine in one line; a written THP file has the word alone
state()
{
	cat "$cpu"/cpu?/cpufreq/scaling_governor "$cpu/intel_pstate/no_turbo" \
		"$LAB_ROOT/proc/sys/vm/nr_hugepages" | paste -sd' '
	sed -e 's/.*\[//' -e 's/\].*//' "$thp"
	for left in "$LAB_ROOT"/sys/module/* "$LAB_ROOT"/run/pfbench-lab/*; do
		[ ! -e "$left" ] || echo "${left##*/}"
	done
}
before='powersave schedutil 0 3 madvise'
tuned='performance performance 1 8 never'
is()
{
	[ "$(state | paste -sd' ' | sed 's/ *$//')" = "$1" ]
}
mkdir bin
cat >bin/insmod <<'END'
#!/bin/sh
mkdir -p "$LAB_ROOT/sys/module/pfbench"
END
cat >bin/rmmod <<'END'
#!/bin/sh
rmdir "$LAB_ROOT/sys/module/pfbench"
END
cat >bin/modinfo <<'END'
#!/bin/sh
exit 1
END
cat >bin/make <<'END'
#!/bin/sh
for word; do
	case $word in
	M=*) : >"${word#M=}/pfbench.ko" ;;
	esac
done
END
# A driver that notes the machine that it measures on
cat >bin/pfbench <<'END'
#!/bin/sh
for word; do
	case $word in
	--out=*) out=${word#*=} ;;
	esac
done
case $1 in
run)
	cat "$LAB_ROOT"/sys/devices/system/cpu/cpu?/cpufreq/scaling_governor \
		"$LAB_ROOT/sys/devices/system/cpu/intel_pstate/no_turbo" \
		"$LAB_ROOT/proc/sys/vm/nr_hugepages" \
		"$LAB_ROOT/sys/kernel/mm/transparent_hugepage/enabled" \
		>"$LAB_ROOT/seen"
	ls "$LAB_ROOT/sys/module" >>"$LAB_ROOT/seen"
	[ ! -e "$LAB_ROOT/slow" ] || sleep 20
	echo '{"partial": false}' >"$out"
	;;
esac
END
chmod +x bin/*
PATH=$tmp/bin:$PATH
cat >tune <<'END'
# all that a task can change
backend kmod
governor performance
turbo off
thp never
hugetlb 8
END

# lab_task STATUS ARGUMENT...: runs lab-task; bad is 0 if the status is STATUS
lab_task()
{
	want=$1 status=0 bad=0
	shift
	timeout 60 "$task" "$@" >out 2>err || status=$?
	[ "$status" = "$want" ] || { echo "status $status" >>err; bad=1; }
}

machine
PFBENCH=$tmp/bin/pfbench lab_task 0 -p tune r.json
[ "$(paste -sd' ' "$LAB_ROOT/seen")" = "$tuned pfbench" ] || bad=1
result "$bad" "the settings of the plan are set while pfbench measures" out err "$LAB_ROOT/seen"
is "$before" && bad=0 || bad=1
state >out
result "$bad" "and are as before when the task ends, the module too" out
mkdir "$LAB_ROOT/sys/module/pfbench"
rm -f r.json*
PFBENCH=$tmp/bin/pfbench lab_task 0 -p tune r.json
[ -d "$LAB_ROOT/sys/module/pfbench" ] || bad=1
result "$bad" "a module that was there stays" out err
echo 0.0 >"$LAB_ROOT/sys/module/pfbench/version"
PFBENCH=$tmp/bin/pfbench lab_task 1 -p tune r2.json
grep -q 'the module pfbench 0.0 is loaded, the driver is' err || bad=1
result "$bad" "a module of another version: failed" out err

# kill -9 at many commands: bash calls the DEBUG trap before each one

cat >hook <<'END'
case $0 in
*/lab-task)
	set -T
	lab_commands=0
	trap '[ $((++lab_commands)) != $LAB_KILL ] || kill -9 $$' DEBUG
	;;
esac
END
# killed AT SETSID: runs a task that is killed at command AT, with this setsid
killed()
{
	mkdir -p "kill$1/bin"
	(
		cd "kill$1"
		cp ../tune .
		LAB_ROOT=$PWD/root PFBENCH_LOCKDIR=$PWD
		cpu=$LAB_ROOT/sys/devices/system/cpu
		thp=$LAB_ROOT/sys/kernel/mm/transparent_hugepage/enabled
		machine
		[ "$2" = true ] || cp "$2" bin/setsid
		PATH=$PWD/bin:$PATH
		LAB_KILL=$1 BASH_ENV=$tmp/hook PFBENCH=$tmp/bin/pfbench \
			bash "$task" -p tune r.json >out 2>err 9>&- && echo 0 >status ||
			echo $? >status
		if [ "$2" = true ]; then
			# the watcher needs a moment
			for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
				! is "$before" || break
				sleep 0.1
			done
		else
			# nobody watches: the next task restores
			is "$before" || : >was-changed
			"$task" -r >out2 2>err2 || :
		fi
		is "$before" && : >good
	) || :
}
# sweep TITLE SETSID STEP: kills at every STEPth command until the task ends
sweep()
{
	at=60
	rm -rf kill*
	while :; do
		for i in 0 1 2 3; do
			killed $((at + i * $3)) "$2" &
		done
		wait
		last=$((at + 3 * $3))
		[ "$(cat kill$last/status)" = 137 ] || break
		at=$((last + $3))
	done
	kills=0 bad=0
	for dir in kill*; do
		[ "$(cat "$dir/status")" != 137 ] || kills=$((kills + 1))
		[ -e "$dir/good" ] || { bad=1; echo "$dir: not as before" >>sweep; }
	done
	[ "$kills" -gt 12 ] || { bad=1; echo "only $kills kills" >>sweep; }
	result "$bad" "$1" sweep
	echo "# killed $kills times"
}
: >sweep
# all commands: LAB_STEP=1
sweep "killed at many commands: the watcher restores" true "${LAB_STEP:-13}"
printf '#!/bin/sh\n' >no-setsid
chmod +x no-setsid
sweep "killed at many commands, and the watcher: lab-task -r restores" \
	"$tmp/no-setsid" "${LAB_STEP:-11}"
changed=$(find kill* -name was-changed | wc -l)
[ "$changed" -gt 5 ] && bad=0 || bad=1
result "$bad" "many of these kills left a changed machine: $changed"
rm -rf kill*

# a task that is killed while pfbench runs takes pfbench along
machine
: >"$LAB_ROOT/slow"
rm -f r.json*
PFBENCH=$tmp/bin/pfbench "$task" -p tune r.json >out 2>err 9>&- &
pid=$!
for _ in $(seq 100); do
	[ ! -e "$LAB_ROOT/seen" ] || break
	sleep 0.05
done
status=0
PFBENCH=$tmp/bin/pfbench lab_task 4 -p tune r3.json
grep -q '^ok 1 lab-task # SKIP busy: .* on process '"$pid since" out && is "$tuned pfbench fifo.$pid state" || bad=1
result "$bad" "a second task is refused, and says who measures" out err
kill -9 $pid
for _ in $(seq 50); do
	! is "$before" || break
	sleep 0.1
done
is "$before" && ! pgrep -f "$tmp/bin/pfbench run" >pids && bad=0 || bad=1
result "$bad" "kill -9 ends pfbench, and the machine is as before" err pids
rm -f "$LAB_ROOT/slow" "$LAB_ROOT/seen"
machine
: >"$LAB_ROOT/slow"
PFBENCH=$tmp/bin/pfbench "$task" -p tune r.json >out 2>err &
pid=$!
for _ in $(seq 100); do
	[ ! -e "$LAB_ROOT/seen" ] || break
	sleep 0.05
done
kill -TERM $pid
status=0
wait $pid || status=$?
[ "$status" = 1 ] && is "$before" && grep -q 'interrupted: run lab-task again' err &&
	bad=0 || bad=1
result "$bad" "SIGTERM: as before when the task has ended" err
unset LAB_ROOT

# Measured for real, with the driver of the archive

cat >plan <<'END'
points ^PageLocked/(plain|v4.4-word)/tail/hot/latency$
time 0.005
patience 0
END
lab_task 0 -p plan real.json
case $status in
0|4) bad=0 ;;	# 4: no core was quiet
*) bad=1 ;;
esac
"$pfbench" report real.json >report 2>>err && grep -q '^KTAP version 1$' out || bad=1
[ "$(cut -d' ' -f1 real.json.sum)" = "$(sha256sum <real.json | cut -d' ' -f1)" ] || bad=1
[ ! -e real.json.part ] || bad=1
result "$bad" "a result, its checksum, and KTAP" out err
cp real.json first.json
lab_task "$status" -p plan real.json
cmp -s first.json real.json && grep -qx '# measured before' out || bad=1
result "$bad" "again: nothing is measured" out err
lab_task "$status" -f -p plan real.json
case $status in 0|4) bad=0 ;; esac
! cmp -s first.json real.json || bad=1
result "$bad" "-f measures again" out err
echo 'cpu 0' >>plan
cp real.json first.json
lab_task 0 -p plan real.json
case $status in 0|4) bad=0 ;; esac
! cmp -s first.json real.json || bad=1
result "$bad" "another plan is measured" out err
# killed after the last point: the result was there, under its other name
cp real.json first.json
echo "- $(sha256sum <plan | cut -d' ' -f1)" >real.json.sum
mv real.json real.json.part
lab_task "$status" -p plan real.json
cmp -s first.json real.json || bad=1
result "$bad" "a task that was killed after the last point measures nothing again" out err
# an interrupted one
cat >many <<'END'
points /(small|head|tail)/hot/latency$
time 0.02
patience 0
END
"$task" -p many part.json >out 2>err &
pid=$!
for _ in $(seq 100); do
	[ ! -s part.json.part ] || break
	sleep 0.05
done
kill -9 $pid
sleep 0.2
names=$(grep -o '"name":"[^"]*","run_name"[^}]*"ticks[^}]*\|"name":"[^"]*".*"cycles":[^,]*' part.json.part | head -n 1)
[ -n "$names" ] && bad=0 || bad=1
sed -i 's/^points.*/points ^PageLocked\/.*\/(small|head|tail)\/hot\/latency$/' many
result "$bad" "kill -9 leaves the points that were measured" err

# Errors

refuses()
{
	echo "$2" >bad-plan
	lab_task 1 -p bad-plan no.json
	[ "$(wc -l <err)" = 1 ] && grep -qF -e "$3" err && grep -q '^not ok 1 lab-task$' out &&
		[ ! -e no.json ] || bad=1
	result "$bad" "refused: $1" out err
}
refuses "a setting that is none" 'speed 9' 'speed: no such setting'
refuses "a setting without a value" 'points' 'points: no value'
refuses "a backend" 'backend fpga' 'neither user nor kmod'
refuses "a limit" 'limit soon' 'not a whole number of seconds'
refuses "a clock" 'icount maybe' 'neither yes nor no'
refuses "huge pages" 'thp maybe' 'neither always, madvise nor never'
echo 'points ^nix$' >bad-plan
lab_task 1 -p bad-plan no.json
grep -q 'pfbench: run: ' err && grep -q 'status 2: see above' err || bad=1
result "$bad" "points that are none: what pfbench says" out err
lab_task 1 -p nowhere no.json
grep -q 'nowhere: the plan cannot be read' err || bad=1
result "$bad" "a plan that is not there" out err
sed -i 's/^arch .*/arch vax/' node/pfbench-lab/manifest
lab_task 4 -p plan no.json
grep -q '^ok 1 lab-task # SKIP the archive is for vax' out || bad=1
result "$bad" "an archive for another architecture is skipped" out err

echo "1..$n"
