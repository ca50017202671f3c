# SPDX-License-Identifier: GPL-2.0
#
# Shared by scripts/lab and its engines, which source this file in bash: the
# directory of a run, the script that runs on a node, the checks of results.
# shellcheck shell=bash disable=SC2034 # used by sourcing scripts

lab_scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab_pfbench=${PFBENCH:-$lab_scripts/../build/pfbench}

# lab_die MESSAGE...
lab_die()
{
	echo "lab: $*" >&2
	exit 2
}

# lab_open DIR: sets run (the directory), id, and the settings of its inventory
lab_open()
{
	run=$1
	[ -s "$run/id" ] || lab_die "$run: not the directory of a run: start one with lab run"
	id=$(<"$run/id")
	dir=$(lab_setting dir /var/tmp/pfbench-lab)
	retries=$(lab_setting retries 2)
	pause=$(lab_setting pause 5)
}

# lab_setting KEY DEFAULT: prints a setting of the inventory
lab_setting()
{
	awk -v key="$1" -v value="$2" '$1 == key {
			sub(/^[ \t]*[^ \t]+[ \t]+/, ""); value = $0
		}
		END { print value }' "$run/inventory"
}

# lab_machine NAME: prints ENGINE GROUPS WHERE...
lab_machine()
{
	awk -v name="$1" '$1 ~ /^(ssh|slurm|lava|guest)$/ && $2 == name {
		engine = $1; groups = $3
		sub(/^[ \t]*[^ \t]+[ \t]+[^ \t]+[ \t]+[^ \t]+[ \t]+/, "")
		print engine, groups, $0
	}' "$run/inventory"
}

# lab_status TASK TEXT...: keeps the state of a task: waiting, running NODE
# SINCE, measured NODE SECONDS, skipped NODE REASON, failed NODE REASON
lab_status()
{
	local task=$1
	shift
	echo "$*" >"$run/status/.$task.$BASHPID" &&
		mv "$run/status/.$task.$BASHPID" "$run/status/$task"
}

# lab_state TASK: prints the first word of its state
lab_state()
{
	local word=waiting rest
	[ ! -s "$run/status/$1" ] || read -r word rest <"$run/status/$1"
	echo "$word"
}

# lab_tasks ENGINE STATE...: prints the tasks that are in one of these states
lab_tasks()
{
	local engine=$1 task its name state
	shift
	while read -r task its name; do
		[ "$its" = "$engine" ] || continue
		state=$(lab_state "$task")
		[[ " $* " != *" $state "* ]] || echo "$task"
	done <"$run/tasks"
}

# lab_packs: prints "ARCHITECTURE CHECKSUM" of each archive
lab_packs()
{
	local pack
	for pack in "$run"/pack/*.sha256; do
		pack=${pack##*/}
		echo "${pack%.sha256} $(<"$run/pack/$pack")"
	done
}

# lab_node_script: prints the script that runs a task on a node. It is for sh,
# with the task as argument, ends with 99 if the node lacks the archive, and
# leaves the files TASK.* in DIR/ID/NODE, also if nobody listens any more.
lab_node_script()
{
	printf '#!/bin/sh\n'
	printf "dir='%s' id='%s'\npacks='%s'\n" "$dir" "$id" "$(lab_packs)"
	cat <<'END'
task=${SLURM_ARRAY_TASK_ID:+$name.}${SLURM_ARRAY_TASK_ID:-${1:-}}
out=$dir/$id/${SLURMD_NODENAME:-node}
mkdir -p "$out" || exit 97
rm -f "$out/$task.code" "$out/$task.needs"
sha=$(echo "$packs" | sed -n "s/^$(uname -m) //p")
if [ -z "$sha" ]; then
	echo "ok 1 lab-task # SKIP no archive for $(uname -m)" >"$out/$task.tap"
	: >"$out/$task.err"
	echo 4 >"$out/$task.code"
	exit 4
fi
pack=$dir/$sha
if [ ! -e "$pack/pfbench-lab/manifest" ]; then
	[ -s "$pack.tar.gz" ] || {
		uname -m >"$out/$task.needs"
		echo "needs $(uname -m)"
		exit 99
	}
	new=$pack.${SLURMD_NODENAME:-node}.$$
	why=
	if [ "$(sha256sum <"$pack.tar.gz")" != "$sha  -" ]; then
		why="$pack.tar.gz: came corrupted"
	elif ! mkdir "$new"; then
		why="$new: cannot be made"
	elif ! why=$(tar -C "$new" -xzf "$pack.tar.gz" 2>&1); then
		why=$(echo "$why" | grep -v "Exiting with failure" | tail -n 1)
		: "${why:=the archive cannot be unpacked}"
	else
		why=
	fi
	if [ -n "$why" ]; then
		rm -rf "$new" "$pack.tar.gz"
		echo "$why" | tee "$out/$task.err" >&2
		echo 1 >"$out/$task.code"
		exit 97
	fi
	mv -T "$new" "$pack" 2>/dev/null || rm -rf "$new"
	rm -f "$pack.tar.gz"
fi
cat >"$out/$task.plan" <<'PLAN' || exit 97
END
	cat "$run/plan"
	cat <<'END'
PLAN
"$pack/pfbench-lab/lab-task" -p "$out/$task.plan" "$out/$task.json" \
	>"$out/$task.tap" 2>"$out/$task.err" </dev/null
code=$?
echo "$code" >"$out/$task.code"
END
}

# lab_reason FILES: the last line of the errors of a task, without its program;
# not one that points to the line above
lab_reason()
{
	local why
	why=$(sed -n 's/^ok 1 lab-task # SKIP //p' "$1.tap" 2>/dev/null | tail -n 1)
	[ -n "$why" ] || why=$(grep -v -e '^note:' -e ': see above$' "$1.err" 2>/dev/null | tail -n 1)
	[ -n "$why" ] || why=$(tail -n 1 "$1.err" 2>/dev/null)
	why=${why#lab-task: }
	echo "${why:-no reason was given}" | sed "s,^tar: .*: Cannot,tar: cannot," | tr -cd ' -~'
}

# lab_check FILES: prints why TASK.json cannot be believed, or nothing
lab_check()
{
	local file=$1.json sum commit abi want arch why guest=
	! grep -qs "^${1##*/} guest " "$run/tasks" || guest=guest-
	sum=$(sha256sum <"$file")
	if [ "${sum%% *}" != "$(cut -d' ' -f1 "$file.sum" 2>/dev/null)" ]; then
		echo "the checksum is another one"
	elif ! why=$("$lab_pfbench" report "$file" 2>&1 >/dev/null); then
		why=${why%%$'\n'*}
		why=${why##*.json:}
		echo "not a result: ${why# }"
	elif grep -q '"partial": *true' "$file"; then
		echo "the measurement is partial"
	else
		# drivers of earlier versions do not record their ABI
		read -r arch commit abi < <(jq -r '.context.pfbench |
			"\(.arch) \(.commit) \(.abi // "")"' "$file")
		want=$(cat "$run/pack/$guest$arch.abi" 2>/dev/null || :)
		if [ -n "$abi" ] && [ -n "$want" ] && [ "$abi" != "$want" ]; then
			echo "measured with ABI $abi, the archive has ABI $want"
			return
		fi
		want=$(cat "$run/pack/$guest$arch.commit" 2>/dev/null || :)
		[ "$commit" = "$want" ] ||
			echo "measured by commit $commit, the archive is of ${want:-another architecture}"
	fi | tr -cd ' -~'
}

# lab_keep DIRECTORY FILE TASK NODE: keeps a file that is not counted
lab_keep()
{
	local to
	to=$run/$1/$3-$4-$(sha256sum <"$2" | cut -c 1-12).json
	mkdir -p "$run/$1"
	mv "$2" "$to"
}

# lab_accept TASK NODE DIRECTORY SECONDS: takes the files of a task that came from
# a node, and sets its state. A result is counted once, whoever brings it.
lab_accept()
{
	local task=$1 node=$2 files=$3/$1 seconds=$4 code why kept=$run/results/$1.json
	code=$(cat "$files.code" 2>/dev/null || echo 1)
	cat "$files.tap" >"$run/log/$task.tap" 2>/dev/null || :
	cat "$files.err" >"$run/log/$task.err" 2>/dev/null || :
	if [ -e "$files.json" ]; then
		why=$(lab_check "$files")
		if [ -n "$why" ]; then
			lab_keep rejected "$files.json" "$task" "$node"
			[ "$(lab_state "$task")" = measured ] ||
				lab_status "$task" failed "$node" "rejected: $why"
			return 1
		fi
		if [ ! -e "$kept" ]; then
			if ! mv "$files.json" "$kept.new" || ! mv "$kept.new" "$kept"; then
				lab_status "$task" failed "$node" "$kept: cannot be written"
				return 1
			fi
			echo "$node" >"$run/results/.$task.node"
		elif ! cmp -s "$files.json" "$kept"; then
			lab_keep twice "$files.json" "$task" "$node"
		fi
	fi
	if [ -e "$kept" ] && [[ $code = [04] ]]; then
		lab_status "$task" measured "$(cat "$run/results/.$task.node")" "$seconds"
		return 0
	fi
	why=$(lab_reason "$files")
	if [ "$code" = 4 ] && [[ $why != busy:* ]]; then
		lab_status "$task" skipped "$node" "$why"
		return 0
	fi
	lab_status "$task" failed "$node" "$why"
	return 1
}
