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
name=$(guests amd64-6.1)
needs "$name"
cd "$tmp"

guest -a tcg -c 2 -t "$(slower 590 3000)" -i "$(programs "$name")/guest-fuzz" \
	"$name" guest-fuzz -n "$(slower 1000000 30000)"
passed_on "$name"

echo "1..$n"
