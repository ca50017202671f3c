#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# scripts/lab with guests as nodes: results of two architectures, marked as
# counted; a kernel that is not there; the module, loaded by lab-task.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test scripts/lab with guests, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
# shellcheck source=tests/lab.sh
. "$(dirname "$0")/lab.sh"
cd "$tmp"
command -v jq >/dev/null || {
	echo "1..0 # SKIP no jq: run scripts/install-deps --tests"
	exit 0
}
needs amd64-6.12
lab=$top/scripts/lab

cat >inventory <<'END'
guest pc    all amd64-6.12
guest riscv all riscv64-6.12
guest none  all amd64-2.4
retries 0
END
cat >plan <<'END'
points ^PageLocked/(plain|v4.4-word)/(small|tail)/hot/throughput$
backend kmod
END
lab_run 1 -i inventory -p plan A
row pc 1 0 0 0 0
result "$bad" "a task in an amd64 guest" out err A/log/pc.1.err
if has riscv64-6.12; then
	bad=0
	row riscv 1 0 0 0 0
	result "$bad" "and in a riscv64 guest" out err A/log/riscv.1.err
fi
bad=0
row none 0 0 1 0 0
reads '^none.1: failed: scripts/guest -l lists no kernel amd64-2.4'
result "$bad" "a kernel that is not there costs its row" out err
jq -e '.context.pfbench | .icount and .backend == "kmod" and .abi == .kmod.abi' \
	A/results/pc.1.json >why 2>&1 && bad=0 || bad=1
result "$bad" "lab-task loaded the module, which has the ABI of the driver" why
"$pfbench" matrix --machines --commits=any --accessor=PageLocked A/results/*.json \
	"$top"/results/epyc-26-2-vm/2*-user.json.gz >view 2>err &&
	grep -q 'x86_64: 1 machine, instructions, emul' view &&
	grep -q '^Zen 5, x86_64: 1 machine, cycles$' view && bad=0 || bad=1
result "$bad" "guests are emulated machines of the matrix, apart from real ones" view err
sha256sum A/results/*.json >sums
lab_run 1 -q A
sha256sum -c --quiet sums >>err 2>&1 || bad=1
result "$bad" "lab run DIR: what was measured is not measured again" out err

echo "1..$n"
