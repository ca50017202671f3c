#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench doctor on recorded machines, on a machine where nothing disturbs, with
# one file of it changed at a time, and on this machine.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test 'pfbench doctor', in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=doctor
cd "$top"

# on TOPOLOGY: the CPUs and caches of a recorded machine
on()
{
	HWLOC_XMLFILE=$top/tests/topologies/$1.xml
	export HWLOC_XMLFILE
}

# has TITLE LINE...: the lines are in the output, in this order
has()
{
	has_title=$1
	shift
	tr -s ' ' <"$tmp/out" >"$tmp/lines"
	for line; do
		grep -nxF -e "$line" "$tmp/lines" | head -n 1 | cut -d: -f1
	done >"$tmp/places"
	[ "$(wc -l <"$tmp/places")" = $# ] && sort -nc "$tmp/places" &&
		[ ! -s "$tmp/err" ] || bad=1
	! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
	result "$bad" "$has_title" "$tmp/out" "$tmp/err"
}

on hybrid
run 1 --root=tests/machines/laptop --cpu=3
has 'a laptop' 'CPU 3:' 'tasks here CPU 3 busy: 6 % since boot bad' \
	'SMT sibling CPU 2 busy: 42 % since boot bad' \
	' echo 0 >/sys/devices/system/cpu/cpu2/online' \
	'governor powersave bad' ' cpupower -c 3 frequency-set -g performance' \
	'turbo on: clock follows load and heat bad' \
	' echo 1 >/sys/devices/system/cpu/intel_pstate/no_turbo' \
	'isolation n/a (no cpu/isolated) unknown' \
	'load 1.90 on 8 CPUs good' 'hypervisor none good' \
	'huge pages transparent: madvise good' 'PMU yes good' \
	'17 conditions: 6 good, 4 bad, 7 unknown'
on one-socket
run 1 --root=tests/machines/vm --cpu=1
has 'a guest' 'load 1.26 on 2 CPUs bad' 'steal 5.00 % since boot bad' \
	' # on the host: virsh vcpupin GUEST 1 CPU' \
	'hypervisor QEMU with KVM bad' 'PMU no: instructions are not counted bad'
mkdir "$tmp/nothing"
run 0 --root="$tmp/nothing" --cpu=0
has 'nothing can be read: all unknown' \
	'tasks here n/a (no line of CPU 0 in /proc/stat) unknown' \
	'PMU n/a (no /sys/bus/event_source) unknown' \
	'17 conditions: 1 good, 0 bad, 16 unknown'

# A machine where nothing disturbs CPU 2
on two-sockets
cp -R tests/machines/server "$tmp/server"
cpu=$tmp/server/sys/devices/system/cpu
clock=$tmp/server/sys/devices/system/clocksource/clocksource0
mkdir -p "$clock" "$tmp/server/proc/self" \
	"$tmp/server/sys/fs/cgroup/user.slice/one.scope"
quiet()
{
	cp -R tests/machines/server/. "$tmp/server"
	echo 0,2-3 >"$cpu/isolated"
	echo 1-2 >"$cpu/nohz_full"
	echo '1.50 0.01 0.00 1/234 5678' >"$tmp/server/proc/loadavg"
	echo 0 >"$tmp/server/proc/sys/kernel/numa_balancing"
	echo 0 >"$tmp/server/proc/sys/kernel/nmi_watchdog"
	echo 2 >"$tmp/server/proc/sys/kernel/perf_event_paranoid"
	printf '1:name=x:/\n0::/user.slice/one.scope\n' \
		>"$tmp/server/proc/self/cgroup"
	echo 'max 100000' >"$tmp/server/sys/fs/cgroup/user.slice/cpu.max"
	echo 'max 100000' \
		>"$tmp/server/sys/fs/cgroup/user.slice/one.scope/cpu.max"
	echo tsc >"$clock/current_clocksource"
	echo 'tsc hpet acpi_pm ' >"$clock/available_clocksource"
}
quiet
run 0 --root="$tmp/server" --cpu=2
has 'nothing disturbs: exit status 0' 'isolation isolated good' \
	'timer tick nohz_full good' 'load 1.50 on 4 CPUs good' \
	'clock source tsc good' '17 conditions: 17 good, 0 bad, 0 unknown'
[ "$(grep -c '^    ' "$tmp/out")" = 0 ] && bad=0 || bad=1
result "$bad" 'and no command' "$tmp/out"

# change TEXT FILE LINE COMMAND: with TEXT in FILE of the machine, only the
# condition of LINE is bad, and COMMAND follows
change()
{
	quiet
	echo "$1" >"$tmp/server/$2"
	run 1 --root="$tmp/server" --cpu=2
	has "$3" "$3 bad" " $4" '17 conditions: 16 good, 1 bad, 0 unknown'
}
change schedutil sys/devices/system/cpu/cpu2/cpufreq/scaling_governor \
	'governor schedutil' 'cpupower -c 2 frequency-set -g performance'
change 1 sys/devices/system/cpu/cpufreq/boost \
	'turbo on: clock follows load and heat' \
	'echo 0 >/sys/devices/system/cpu/cpufreq/boost'
change 0-1,3 sys/devices/system/cpu/isolated \
	'isolation not isolated: other tasks run here' \
	'# boot with isolcpus=managed_irq,domain,2'
change '' sys/devices/system/cpu/isolated \
	'isolation not isolated: other tasks run here' \
	'# boot with isolcpus=managed_irq,domain,2'
change ' (null)' sys/devices/system/cpu/nohz_full \
	'timer tick not nohz_full: ticks go on' \
	'# boot with nohz_full=2 rcu_nocbs=2'
change '1.51 9 9 1/1 1' proc/loadavg 'load 1.51 on 4 CPUs' \
	"# stop what 'ps -eo pcpu,pid,comm --sort=-pcpu' shows"
change '50000 100000' sys/fs/cgroup/user.slice/cpu.max \
	'CPU quota 50000 100000 us' \
	'# raise cpu.max of the control group of this shell'
change '90000 100000' sys/fs/cgroup/user.slice/one.scope/cpu.max \
	'CPU quota 90000 100000 us' \
	'# raise cpu.max of the control group of this shell'
change 'always madvise [never]' sys/kernel/mm/transparent_hugepage/enabled \
	'huge pages transparent: never' \
	'echo madvise >/sys/kernel/mm/transparent_hugepage/enabled'
change 1 proc/sys/kernel/numa_balancing \
	'NUMA moves kernel.numa_balancing is 1' 'sysctl kernel.numa_balancing=0'
change 1 proc/sys/kernel/nmi_watchdog 'NMI watchdog kernel.nmi_watchdog is 1' \
	'sysctl kernel.nmi_watchdog=0'
change hpet sys/devices/system/clocksource/clocksource0/current_clocksource \
	'clock source hpet' \
	'echo tsc | tee /sys/bus/clocksource/devices/*/current_clocksource'
stat()
{
	echo 'cpu 400 0 400 399200 0 0 0 0 0 0'
	for i in 0 1; do
		echo "cpu$i 1 0 1 98 0 0 0 0 0 0"
	done
	echo "cpu2 $1 0 0"
	echo 'cpu3 1 0 1 98 0 0 0 0 0 0'
}
change "$(stat '9 0 0 91 0 0 0 0')" proc/stat \
	'tasks here CPU 2 busy: 9 % since boot' \
	"# stop what 'ps -eo psr,pcpu,pid,comm' shows on CPU 2"
change "$(stat '5 0 0 94 0 0 0 1')" proc/stat 'steal 1.00 % since boot' \
	'# on the host: virsh vcpupin GUEST 2 CPU'
quiet
echo 'hpet acpi_pm' >"$clock/available_clocksource"
echo hpet >"$clock/current_clocksource"
run 1 --root="$tmp/server" --cpu=2
has 'a TSC that the kernel dropped' 'clock source hpet bad' \
	' # boot with tsc=reliable if the TSC is constant'
quiet
echo 3 >"$tmp/server/proc/sys/kernel/perf_event_paranoid"
if [ "$(id -u)" = 0 ]; then
	run 0 --root="$tmp/server" --cpu=2
	has 'root may count' 'PMU access perf_event_paranoid 3, but this is root good'
else
	run 1 --root="$tmp/server" --cpu=2
	has 'a user may not count' 'PMU access perf_event_paranoid 3 bad' \
		' sysctl kernel.perf_event_paranoid=1'
fi
printf '\033[31mred\033[0m\n' >"$clock/current_clocksource"
run 1 --root="$tmp/server" --cpu=2
has 'control bytes are replaced' 'clock source ?[31mred?[0m bad'

# JSON
quiet
echo hpet >"$clock/current_clocksource"
run 1 --root="$tmp/server" --cpu=2 --json
tr -d ' \n' <"$tmp/out" >"$tmp/json"
grep -q '^{"cpu":2,"bad":1,"checks":\[{"what":"taskshere",' "$tmp/json" &&
	grep -qF '{"what":"clocksource","here":"hpet","verdict":"bad","command":"echotsc|tee/sys/bus/clocksource/devices/*/current_clocksource"}' "$tmp/json" &&
	[ "$(grep -c '"verdict"' "$tmp/out")" = 17 ] || bad=1
result "$bad" '--json' "$tmp/out" "$tmp/err"
status=0
"$pfbench" doctor --root="$tmp/server" --cpu=2 --json >/dev/full 2>"$tmp/err" ||
	status=$?
[ "$status" = 2 ] && bad=0 || bad=1
result "$bad" '--json on a full disk: exit status 2' "$tmp/err"
refused 'no such CPU' 'doctor: ' --cpu=99
refused 'a CPU that is no number' '--cpu=-1: not a CPU number' --cpu=-1

# This machine: either answer, and what run reports, too
unset HWLOC_XMLFILE
status=0
"$pfbench" doctor >"$tmp/out" 2>"$tmp/err" || status=$?
[ "$status" -le 1 ] && [ ! -s "$tmp/err" ] &&
	grep -qE '^[0-9]+ conditions: [0-9]+ good, [0-9]+ bad, [0-9]+ unknown$' \
		"$tmp/out" && bad=0 || bad=1
! grep -qE '.{73}|[^ -~]| $' "$tmp/out" || bad=1
result "$bad" 'this machine' "$tmp/out" "$tmp/err"

echo "1..$n"
