#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A caller may be killed at any time during a run: nothing stays behind. The ABI
# is the same for a 32-bit process.

set -eu

case ${1:-} in
-h) echo "usage: $0: kill callers of the module in guests, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"

# the oldest and the newest, and another architecture; 6.1 is fuzzed
for name in $(guests amd64-5.10 amd64-7.3 arm64-6.12); do
	has "$name" || continue
	guest -a tcg -c 2 -m 1024 -i "$(programs "$name")/guest-killed" \
		"$name" guest-killed -n "$(slower 10 2)"
	passed_on "$name"
done

name=$(guests amd64-6.1)
if has "$name"; then
	guest -i "$(programs "$name")/guest-compat32" "$name" guest-compat32
	passed_on "$name, 32 bits"
fi

echo "1..$n"
