#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The page of pfbench html in headless Chromium: sort, filter, deep links,
# keyboard, phone, dark, print, and a thousand machines. With KEEP=DIR the
# screenshots stay in DIR.

set -eu

case ${1:-} in
-h) echo "usage: [KEEP=DIR] $0: test the page of pfbench html in Chromium, in TAP"
	exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"

for program in chromium node; do
	command -v "$program" >/dev/null && continue
	skip 'the page in Chromium' "no $program: run scripts/install-deps --html"
	echo "1..$n"
	exit 0
done

shots=${KEEP:-$tmp/shots}
mkdir -p "$shots"
"$pfbench" html --commits=any -o "$tmp/page.html" \
	results/epyc-*/2*-user.json results/qemu-*/counts-user.txt results/code-*
# resampled, and marked so; each of 40 under 25 names, for resampling is slow
tests/resample 40 "$tmp/few" results/epyc-26-2-vm/2*-user.json \
	'^PageLocked/[^/]*/(small|head|tail|mixed:[0-9]*)/hot/(throughput|latency)'
mkdir "$tmp/many"
for file in "$tmp"/few/*; do
	name=${file##*/}
	name=${name%.json}
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
		sed "s/\"host_name\": \"[^\"]*/&-$i/" "$file" >"$tmp/many/$name-$i.json"
	done
done
"$pfbench" html -o "$tmp/many.html" "$tmp/many"
node tests/html-chromium.js "$(command -v chromium)" "$tmp/page.html" \
	"$tmp/many.html" "$shots"
