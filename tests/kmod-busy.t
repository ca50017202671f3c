#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The module does no harm to a machine of two CPUs that does other things too:
# signals, freezers, RCU-tasks, busy CPUs.

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

for name in $(guests amd64-6.12 arm64-6.12); do
	has "$name" || continue
	safety "$name" signals 1 -a tcg -c 2
	# a debug kernel is built without a tracer of functions
	[ -n "${PFBENCH_GUEST:-}" ] ||
		safety "$name" trampoline 2 -a tcg -c 2
	safety "$name" cpus 3 -a tcg -c 2
done
# the cloud kernels cannot test the freezer alone
if [ -z "${PFBENCH_GUEST:-}" ] && has riscv64-6.12; then
	safety riscv64-6.12 suspend 1 -a tcg -c 2
fi
name=$(guests amd64-6.12)
if has "$name"; then
	# freed task_structs are poisoned: a thread that wakes one hangs
	safety "$name" races "$(slower 1000 50)" -a tcg -c 2 \
		-t "$(slower 580 1800)" \
		-k slub_debug=FP,task_struct
fi

echo "1..$n"
