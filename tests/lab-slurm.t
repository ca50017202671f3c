#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scripts/lab with Slurm: slurmctld and three slurmd on loopback, each with a disk
# of its own. An array of nine tasks, a node and a lab that are killed, a full
# disk, constraints.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test scripts/lab with Slurm, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/lab.sh
. "$(dirname "$0")/lab.sh"
cd "$tmp"
PATH=$PATH:/usr/sbin
for tool in slurmctld slurmd sbatch srun parallel jq; do
	command -v $tool >/dev/null && continue
	echo "1..0 # SKIP no $tool: run scripts/install-deps --lab"
	exit 0
done
unshare --mount true 2>/dev/null || {
	echo "1..0 # SKIP mounting a disk per node needs root: run as root"
	exit 0
}
unset PFBENCH_LOCKDIR
lab=$top/scripts/lab
disk=$tmp/disk
mkdir "$disk" state

free=$((30000 + $$ % 10000))
next_port()
{
	free=$((free + 1))
	while (: <"/dev/tcp/127.0.0.1/$free") 2>/dev/null; do
		free=$((free + 1))
	done
	echo "$free"
}
cat >slurm.conf <<END
ClusterName=pfbench
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$(next_port)
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/affinity
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/linear
SlurmdParameters=config_overrides
ReturnToService=2
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$tmp/state
SlurmdSpoolDir=$tmp/spool-%n
SlurmdPidFile=$tmp/slurmd-%n.pid
SlurmdLogFile=$tmp/slurmd-%n.log
SlurmctldPidFile=$tmp/slurmctld.pid
SlurmctldLogFile=$tmp/slurmctld.log
SlurmdTimeout=5
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_min_interval=1000,sched_interval=1,bf_interval=1,bf_continue
$(i=0
for feature in zen zen arm; do
	i=$((i + 1)) free=$((free + 1))
	echo "NodeName=n$i NodeHostname=localhost NodeAddr=127.0.0.1 Port=$(next_port) CPUs=2 Feature=$feature,all"
done)
PartitionName=lab Nodes=n1,n2,n3 Default=YES OverSubscribe=EXCLUSIVE MaxTime=INFINITE State=UP
END
export SLURM_CONF=$tmp/slurm.conf

declare -A pid=()
# node NAME SIZE: starts slurmd NAME, with a /run and a disk of this size
node()
{
	# shellcheck disable=SC2016 # the shell in the namespace expands these
	unshare --mount --pid --fork --kill-child --mount-proc sh -c '
		mount -t tmpfs none /run && mkdir /run/lock &&
		mount -t tmpfs -o "size=$1" none "$2" && exec slurmd -D -N "$3"' \
		sh "$2" "$disk" "$1" >>"$1.out" 2>&1 </dev/null &
	pid[$1]=$!
}
halt()
{
	kill -9 "${pid[$1]}" 2>/dev/null || :
	wait "${pid[$1]}" 2>/dev/null || :
}
trap 'for name in "${!pid[@]}"; do halt $name; done; rm -rf "$tmp"' EXIT
slurmctld -c -D >slurmctld.out 2>&1 </dev/null &
pid[slurmctld]=$!
for name in n1 n2; do
	node $name 100m
done
node n3 6m
for ((i = 0; i < 100; i++)); do
	[ "$(sinfo -h -N -o %t 2>/dev/null | grep -c idle)" != 3 ] || break
	sleep 0.1
done
[ "$i" -lt 100 ] || {
	echo "Bail out! Slurm does not start: $(tail -n 1 slurmctld.log)"
	exit 1
}

cat >inventory <<END
slurm any   all      --constraint=all
slurm arm   special  --constraint=arm
slurm one   special  --nodelist=n1
slurm none  wrong    --constraint=vax
dir $disk
retries 2
poll 1
END
cat >plan <<'END'
points ^(PageLocked|PageDirty|PageLRU)/.*/(small|head|tail)/hot/latency$
time 0.02
patience 0
END
"$top/scripts/lab-pack" -b "$pfbench" pack.tar.gz


# a full disk: n3 alone has the feature

lab_run 1 -q -g special -i inventory -p plan -k pack.tar.gz A
row one 1 0 0 0 0
row arm 0 0 1 0 0
[ "$(cat A/results/.one.1.node)" = n1 ] || bad=1
result "$bad" "a pinned task is measured; a full disk fails its own task" out err A/log/slurm.err
halt n3
node n3 100m
for ((i = 0; i < 200; i++)); do
	[ "$(sinfo -h -n n3 -o %t)" != idle ] || break
	sleep 0.1
done
sha256sum A/results/one.1.json >sums
lab_run 0 -q A
row one 1 0 0 0 0
row arm 1 0 0 0 0
[ "$(cat A/results/.arm.1.node)" = n3 ] && sha256sum -c --quiet sums || bad=1
result "$bad" "lab run DIR submits the failed task, and no other" out err A/log/slurm.err
[ "$(srun -Q -w n1 sh -c "find $disk -name '*.json*' | wc -l")" = 0 ] && bad=0 || bad=1
result "$bad" "no result stays on a node where all is collected"

# an array of nine; the shell, the lab and a node are killed

setsid "$lab" run -g all -i inventory -p plan -k pack.tar.gz -n 9 B >out 2>err &
shell=$!
for ((i = 0; i < 1200; i++)); do
	# one is measured, and a node measures another one
	victim=$(sed -n 's/^running \(n[0-9]\) .*/\1/p' B/status/any.* 2>/dev/null | head -n 1)
	! grep -qs '^measured' B/status/any.* || [ -z "$victim" ] || break
	sleep 0.05
done
pkill -9 -s $shell || :
wait $shell 2>/dev/null || :
grep -hs '^[a-z]*' B/status/any.* >states || :
submitted=$(wc -l <B/jobs)
[ "$i" -lt 1200 ] && bad=0 || bad=1
result "$bad" "the shell and the lab are killed while nodes measure" states out err B/log/slurm.err
halt "$victim"
sha256sum B/results/*.json >sums 2>/dev/null || :
lab_run 0 B
row any 9 0 0 0 0
result "$bad" "lab run DIR goes on: nine tasks are measured on the other nodes" out err B/log/slurm.err
[ "$(find B/results -name '[!.]*.json' | wc -l)" = 9 ] && [ ! -d B/twice ] &&
	[ ! -d B/rejected ] && [ -s sums ] && sha256sum -c --quiet sums >>err 2>&1 &&
	[ "$(sha256sum B/results/*.json | cut -d' ' -f1 | sort -u | wc -l)" = 9 ] &&
	bad=0 || bad=1
result "$bad" "nothing is lost, nothing counts twice" sums err
awk '$2 ~ /^[0-9]+$/ { print $3 }' B/jobs >arrays
grep -qx '1,2,3,4,5,6,7,8,9' arrays && bad=0 || bad=1
result "$bad" "one array has all nine tasks" arrays
# the first array after the kill
again=$(tail -n "+$((submitted + 1))" B/jobs |
	awk '$2 ~ /^[0-9]+$/ { print split($3, a, ","); exit }')
[ "${again:-0}" -lt $((9 - $(grep -c '^measured' states))) ] && bad=0 || bad=1
result "$bad" "tasks that wait or run when the lab is killed are not submitted again" B/jobs states
! grep -qE '.{73}' out && grep -qE '^lab: [0-9]+ measured, [0-9]+ running, [0-9]+ failed, [0-9]+ skipped, [0-9]+ waiting' err &&
	bad=0 || bad=1
result "$bad" "the table has 72 columns; progress is on stderr" out err

# a result that comes twice: from a node that comes back

node "$victim" 100m
lab_run 0 B
row any 9 0 0 0 0
result "$bad" "the node is back: nothing is left to do" out err

lab_run 1 -q -g wrong -i inventory -p plan -k pack.tar.gz C
row none 0 0 1 0 0
reads '^none.1: failed: Batch job submission failed: Invalid feature specification'
result "$bad" "a constraint that no node has: what sbatch says" out err

echo "1..$n"
