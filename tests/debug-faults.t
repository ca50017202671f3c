#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# One allocation of each ioctl after the other fails, and each copy from and to
# its caller: in a kernel with fault injection, which Debian does not build.

set -eu

case ${1:-} in
-h) echo "usage: PFBENCH_GUEST=DIR $0: let allocations of the module fail, in TAP"
	exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
if [ -z "${PFBENCH_GUEST:-}" ]; then
	echo "1..0 # SKIP needs a kernel with fault injection: scripts/check-debug"
	exit 0
fi
needs "$PFBENCH_GUEST"
cd "$tmp"

guest -n -a tcg -c 2 -i "$(programs "$PFBENCH_GUEST")/guest-faults" \
	"$PFBENCH_GUEST" guest-faults
passed_on "$PFBENCH_GUEST"

echo "1..$n"
