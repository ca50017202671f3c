#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A million random and mutated ioctls, in a guest of two CPUs, with signals, CPU
# hotplug and removal of the module in between.

set -eu

case ${1:-} in
-h) echo "usage: $0: fuzz the module in a guest, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
needs arm64-6.12
cd "$tmp"

guest -a tcg -c 2 -t 590 -i "$top/build/guest/arm64/tests/guest-fuzz" \
	arm64-6.12 guest-fuzz
passed_on arm64-6.12

echo "1..$n"
