#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scripts/lab over ssh: three sshd on loopback, each with a /run and a disk of
# its own. A full disk, a corrupted result, a node of another version, a node
# and a lab that are killed, two labs on one node.

# shellcheck disable=SC2094 # report reads results, not its own output
set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test scripts/lab over ssh, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/lab.sh
. "$(dirname "$0")/lab.sh"
cd "$tmp"
for tool in parallel sshd ssh jq; do
	PATH=$PATH:/usr/sbin command -v $tool >/dev/null && continue
	echo "1..0 # SKIP no $tool: run scripts/install-deps --lab"
	exit 0
done
sshd=$(PATH=$PATH:/usr/sbin command -v sshd)
unshare --mount true 2>/dev/null || {
	echo "1..0 # SKIP mounting a disk per node needs root: run as root"
	exit 0
}
unset PFBENCH_LOCKDIR
lab=$top/scripts/lab
disk=$tmp/disk
mkdir "$disk" keys

# node NAME SIZE [VARIABLE=VALUE...]: starts sshd NAME, with a disk of this size
ssh-keygen -q -t ed25519 -N '' -f keys/host
ssh-keygen -q -t ed25519 -N '' -f keys/user
declare -A pid=() port=()
node()
{
	local name=$1 size=$2 i
	shift 2
	mkdir -p "$tmp/$name"
	cat >"$tmp/$name/config" <<END
Port ${port[$name]}
ListenAddress 127.0.0.1
HostKey $tmp/keys/host
AuthorizedKeysFile $tmp/keys/user.pub
PidFile none
StrictModes no
UsePAM no
${*:+SetEnv $*}
END
	# shellcheck disable=SC2016 # the shell in the namespace expands these
	unshare --mount --pid --fork --kill-child --mount-proc sh -c '
		mount -t tmpfs none /run && mkdir /run/sshd /run/lock &&
		mount -t tmpfs -o "size=$1" none "$2" && exec "$3" -D -e -f "$4"' \
		sh "$size" "$disk" "$sshd" "$tmp/$name/config" \
		>>"$tmp/$name/log" 2>&1 </dev/null &
	pid[$name]=$!
	for ((i = 0; i < 100; i++)); do
		! (: <"/dev/tcp/127.0.0.1/${port[$name]}") 2>/dev/null || return 0
		sleep 0.1
	done
	echo "Bail out! sshd does not start: $(tail -n 1 "$tmp/$name/log")"
	exit 1
}
# on NAME COMMAND...: runs a command on a node
on()
{
	ssh -q -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-i keys/user -p "${port[$1]}" 127.0.0.1 "${@:2}"
}
# measures NAME: waits until points were measured on the node
measures()
{
	local i init
	init=$(pgrep -P "${pid[$1]}")
	for ((i = 0; i < 600; i++)); do
		set -- "/proc/$init/root$disk"/*/node/*.part
		[ ! -s "$1" ] || return 0
		sleep 0.05
	done
}
# The processes of a node end with its init.
halt()
{
	kill -9 "${pid[$1]}" 2>/dev/null || :
	wait "${pid[$1]}" 2>/dev/null || :
}
trap 'for name in "${!pid[@]}"; do halt $name; done; rm -rf "$tmp"' EXIT
free=$((20000 + $$ % 10000))
for name in n1 n2 n3; do
	while (: <"/dev/tcp/127.0.0.1/$free") 2>/dev/null; do
		free=$((free + 1))
	done
	port[$name]=$free
	free=$((free + 1))
done

cat >inventory <<END
# three nodes
ssh n1 good,all   127.0.0.1:${port[n1]}
ssh n2 flaky,all  root@127.0.0.1:${port[n2]}
ssh n3 small,all  127.0.0.1:${port[n3]}
dir $disk
retries 1
pause 0
ssh-options -q -i $tmp/keys/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null
END
cat >plan <<'END'
points ^PageLocked/(plain|v4.4-word)/tail/hot/latency$
time 0.005
patience 0
END

# counted DIR N: DIR has N results, each of its own task and readable
counted()
{
	[ "$(find "$1/results" -name '[!.]*.json' | wc -l)" = "$2" ] || bad=1
	"$pfbench" report "$1"/results/*.json >report 2>report.err || bad=1
}

# tar on n2 spoils the first result on its way
mkdir spoil
cat >spoil/tar <<END
#!/bin/sh
if [ "\$1" = -cf ] && mkdir $disk/spoilt 2>/dev/null; then
	sed -i 's/"real_time":/"real_time":1/' *.json
fi
exec $(command -v tar) "\$@"
END
chmod +x spoil/tar
node n1 100m
node n2 100m "PATH=$tmp/spoil:/usr/sbin:/usr/bin:/sbin:/bin"
node n3 6m

"$top/scripts/lab-pack" -b "$pfbench" pack.tar.gz
lab_run 1 -i inventory -p plan -k pack.tar.gz -n 3 A
row n1 3 0 0 0 0
result "$bad" "nine tasks: three on the good node" out err
bad=0
row n2 3 0 0 0 0
[ "$(find A/rejected -name '*.json' | wc -l)" = 1 ] &&
	grep -q '^1 rejected, not counted' out || bad=1
result "$bad" "a corrupted result is kept apart, and its task measured again" out err
bad=0
row n3 0 0 3 0 0
reads '^n3.1: failed: .*No space left on device'
result "$bad" "a full disk costs the tasks of its node, with the reason" out err
bad=0
counted A 6
result "$bad" "six results are counted" out err
! grep -qE '.{73}' out && grep -qE '^lab: [0-9]+ measured, [0-9]+ running, [0-9]+ failed, [0-9]+ skipped, [0-9]+ waiting' err &&
	bad=0 || bad=1
result "$bad" "the table has 72 columns; progress is on stderr" out err
[ "$(on n1 "find $disk -name '*.json' | wc -l")" = 0 ] && bad=0 || bad=1
result "$bad" "no result stays on a node where all is collected"

sha256sum A/results/*.json >sums
on n3 "mount -o remount,size=100m $disk"
lab_run 0 A
row n3 3 0 0 0 0
counted A 9
sha256sum -c --quiet sums >>err 2>&1 || bad=1
[ ! -d A/twice ] || bad=1
result "$bad" "lab run DIR: the failed tasks are measured, no other" out err
lab_run 0 A
sha256sum -c --quiet sums >>err 2>&1 && [ ! -d A/twice ] || bad=1
result "$bad" "once more: nothing is left to do" out err
lab_run 2 -i inventory -p inventory A
grep -q 'another inventory or plan' err || bad=1
result "$bad" "another plan is refused for the same directory" err

# the lab and a node are killed while they measure

cat >long <<'END'
points ^(PageLocked|PageDirty)/.*/(small|head|tail)/hot/latency$
time 0.02
target 0
patience 0
END
sed -i '/^target/d' long
sed -e "s/^retries.*/retries 4/" -e "s/^pause.*/pause 1/" inventory >patient
setsid "$lab" run -i patient -p long -k pack.tar.gz -n 2 B >out 2>err &
shell=$!
for ((i = 0; i < 100; i++)); do
	[ "$(grep -ls '^running' B/status/n* | wc -l)" -lt 3 ] || break
	sleep 0.1
done
measures n1
killed=$(date -Iseconds)
pkill -9 -s $shell
wait $shell 2>/dev/null || :
[ "$(grep -ls '^running' B/status/n* | wc -l)" = 3 ] && bad=0 || bad=1
result "$bad" "the shell and the lab are killed while three nodes measure" out err
halt n3
lab_run 1 B
row n1 2 0 0 0 0
row n2 2 0 0 0 0
row n3 0 0 2 0 0
result "$bad" "lab run DIR goes on; the node that is down costs its row" out err
node n3 100m
sha256sum B/results/*.json >sums
lab_run 0 B
row n3 2 0 0 0 0
counted B 6
sha256sum -c --quiet sums >>err 2>&1 || bad=1
[ ! -d B/twice ] || bad=1
result "$bad" "the node is back: its tasks are measured; nothing counts twice" out err
# what n1 measured without the lab was not measured again: its file is older
started=$(jq -r .context.date B/results/n1.1.json)
[ -n "$started" ] && [ ! "$started" \> "$killed" ] && bad=0 || bad=1
echo "started $started, killed $killed" >sums
result "$bad" "what a node measured without the lab is taken" sums

# two labs on one node

cat >slower <<'END'
points /(small|head|tail)/hot/(latency|throughput)$
time 0.02
patience 0
END
"$lab" run -q -g good -i inventory -p slower -k pack.tar.gz C1 >out1 2>err1 &
first=$!
measures n1
sed -i 's/^retries.*/retries 0/' inventory
lab_run 1 -q -g good -i inventory -p plan -k pack.tar.gz C2
row n1 0 0 1 0 0
reads '^n1.1: failed: busy: root on process [0-9]* since [0-9:]* measures'
result "$bad" "two labs on one node: the second one is refused, by whom" out err
status=0
kill -TERM $first
wait $first || status=$?
[ "$status" = 130 ] && grep -q "nodes go on; lab run .* fetches" err1 && bad=0 || bad=1
result "$bad" "SIGTERM ends the first lab, not its node" out1 err1
halt n1
node n1 100m
lab_run 0 -q C2
row n1 1 0 0 0 0
result "$bad" "later, the second one measures" out err

# nodes with another ABI, another version of the module, and another driver

halt n2
halt n3
mkdir -p old/sys/module/pfbench old/run/lock
echo 0.0 >old/sys/module/pfbench/version
# driver FILE EXPRESSION: a driver whose results sed changes
driver()
{
	cat >"$1" <<END
#!/bin/sh
"$pfbench" "\$@"
status=\$?
for word; do
	case \$word in
	--out=*) sed -i '$2' "\${word#*=}" ;;
	esac
done
exit \$status
END
	chmod +x "$1"
}
driver other 's/"commit": *"[^"]*"/"commit": "0123456789ab"/'
driver other-abi 's/"abi": *[0-9]*/"abi": 99/'
abi=$(sed -n 's/^#define PFBENCH_ABI //p' "$top/include/uapi/pfbench.h")
node n2 100m "PFBENCH=$tmp/other-abi"
node n3 100m "PFBENCH=$tmp/other"
lab_run 1 -q -i inventory -p plan -k pack.tar.gz D
row n1 1 0 0 0 0
row n3 0 0 1 0 0
reads '^n3.1: failed: rejected: measured by commit 0123456789ab, the'
result "$bad" "a result of another driver is not counted" out err
bad=0
row n2 0 0 1 0 0
reads "^n2.1: failed: rejected: measured with ABI 99, the archive has ABI $abi\$"
[ "$(find D/results -name '[!.]*.json')" = D/results/n1.1.json ] || bad=1
result "$bad" "a node with another ABI costs its own row" out err
halt n2
node n2 100m "LAB_ROOT=$tmp/old"
echo 'backend kmod' >>plan
lab_run 1 -q -g flaky -i inventory -p plan -k pack.tar.gz E
reads '^n2.1: failed: the module pfbench 0.0 is loaded, the driver is'
result "$bad" "a node with another version of the module fails, with the reason" out err
if [ ! -e /dev/pfbench ] && [ ! -e "/lib/modules/$(uname -r)/build" ]; then
	lab_run 0 -q -g good -i inventory -p plan -k pack.tar.gz F
	reads '^n1.1: skipped: no module for '
	result "$bad" "a node without the module is skipped, with the reason" out err
fi

echo "1..$n"
