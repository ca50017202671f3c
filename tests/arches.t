#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Compares the counts of scripts/arches with the counts in results/, and prints
# each changed count with its changed listing; with the counts of libperf; and
# with the instructions on the path of the page through the code.

set -eu

case ${1:-} in
-h) echo "usage: [ARCHES=DIR] [PFBENCH=FILE] $0: check build/arches, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
made=$(cd "$top" && realpath -m "${ARCHES:-build/arches}")
cd "$tmp"

if [ ! -d "$made" ]; then
	echo "1..0 # SKIP no counts: run make arches"
	exit 0
fi

# awk: use(POINT) returns the name of the use in the listings
use='function use(point,    part, n, i, name, usage) {
	n = split(point, part, "/")
	name = part[1] "/" part[2]
	usage = "value"
	for (i = 6; i <= n; i++) {
		if (part[i] == "branch" || part[i] == "select")
			name = name "/" part[i]
		if (part[i] == "cond")
			usage = "condition"
	}
	return name "/" usage
}'

# changed_code OLD NEW: reads the output of pfbench compare; prints the old and
# the new listing of each use with a changed count
changed_code()
{
	cat "$1"/*.listing.txt >old.listing 2>/dev/null || :
	cat "$2"/*.listing.txt >new.listing 2>/dev/null || :
	awk "$use"' / -> / { u = use($NF); if (!seen[u]++ && n++ < 10) print u }' |
	while read -r name; do
		for side in old new; do
			sed -n "s|^$name: |$name, $side: |p" $side.listing
		done
	done | tr -d '%' | fold -s -w 190
}

# not_kept FILE: prints "; the kept counts lack NAME..." if FILE, kept by an
# earlier count, has no point of a generation
not_kept()
{
	gzip -cd "$1" | grep -v '^#' | cut -d/ -f2 | sort -u >kept
	"$pfbench" list --all | cut -d/ -f2 | sort -u | comm -13 kept - >lacks
	[ ! -s lacks ] || echo "; the kept counts lack $(paste -sd' ' lacks)"
}

# Every kernel with kept or new counts. NAME-small, which guest-fetch built because the
# mirror lacks NAME, takes its place.
names=$(for dir in "$top"/results/qemu-*/counts-user.txt.gz \
		"$made"/qemu-*/counts-user.txt; do
	[ ! -e "$dir" ] || basename "$(dirname "$dir")" -small
done | sort -u)
for dir in $names; do
	name=${dir#qemu-}
	skipped=$(sed -n "s/^$name\(-small\)\{0,1\}: //p" "$made/skipped")
	if [ -d "$made/$dir-small" ]; then
		dir=$dir-small name=$name-small
	elif [ ! -d "$made/$dir" ] && [ -d "$top/results/$dir-small" ]; then
		dir=$dir-small
	fi
	for backend in user kmod; do
		title="$name: counts equal the kept counts, $backend"
		old=$top/results/$dir/counts-$backend.txt.gz
		new=$made/$dir/counts-$backend.txt
		if [ ! -s "$new" ] && [ -n "$skipped" ]; then
			why=$skipped
			[ ! -s "$old" ] || why="$why$(not_kept "$old")"
			skip "$title" "$why"
			continue
		fi
		if [ ! -s "$new" ] || [ ! -s "$old" ]; then
			[ -s "$new" ] && why="no $old: make accept-counts keeps one" ||
				why="$name was not counted"
			echo "$why" >why
			result 1 "$title" why
			continue
		fi
		bad=0
		"$pfbench" compare "$old" "$new" >differs 2>err || bad=1
		{
			cat err
			grep -E ' -> |^  only in' differs | sed "s/^/${name%%-*} /" | head -n 40
			tail -n 1 differs
			changed_code "$top/results/code-${name%%-*}" \
				"$made/code-${name%%-*}" <differs
			echo "if the change is intended, run make accept-counts"
		} >why
		result "$bad" "$title" why
	done
done

# Replicas cost the same in both kernels. Debian's of mask-branch were counted with an
# unlikely() that it has no more.
for dir in "$top"/results/qemu-*-small; do
	[ -d "${dir%-small}" ] || continue
	name=${dir##*/qemu-}
	for backend in user kmod; do
		gzip -cd "${dir%-small}/counts-$backend.txt.gz" >debian
		gzip -cd "$dir/counts-$backend.txt.gz" >small
		awk 'FNR == 1 { file++ }
			/^#/ || /\/(native|mask-branch)\// { next }
			file == 1 { kept[$1] = $2; next }
			$1 in kept {
				n++
				d = $2 - kept[$1]
				if (d > 0.012 || d < -0.012) {
					print $1, kept[$1] " -> " $2
					bad = 1
				}
			}
			END { exit bad || n < 1000 }' debian small >why && bad=0 || bad=1
		result "$bad" "$name: replicas cost what they cost in ${name%-small}, $backend" why
	done
done

# Two counters: the clock of the guest, and its PMU if it has one.
for dir in "$made"/qemu-*; do
	[ -s "$dir/counts-user.txt" ] || continue
	name=${dir##*/qemu-}
	for backend in user kmod; do
		file=$dir/counts-$backend.txt
		title="$name: libperf and the clock count the same, $backend"
		perf=$(sed -n 's/^# perf: //p' "$file")
		if [ "$perf" != ok ]; then
			skip "$title" "$perf"
			continue
		fi
		# some counts of libperf include an interrupt after a run of the
		# module
		awk '/^#/ || $3 == "n/a" { next } { n++; d = $2 - $3 }
			d > 0.02 || d < -0.02 { print; bad++ }
			END { exit bad > n / 100 || n < 1000 }' "$file" >why && bad=0 || bad=1
		result "$bad" "$title" why
	done
done

# The code: prints at most 20 lines that differ.
for file in "$top"/results/code-*/*.listing.txt \
		"$made"/code-*/*.listing.txt; do
	[ ! -e "$file" ] || basename "$(dirname "$file")"
done | sort -u >codes
while read -r dir; do
	title="${dir#code-}: code equals the kept code"
	if [ ! -d "$made/$dir" ]; then
		why=$(sed -n "s/^${dir#code-}-[^:]*: //p" "$made/skipped" | head -n 1)
		if [ -n "$why" ]; then
			skip "$title" "$why"
		else
			echo "no $made/$dir" >why
			result 1 "$title" why
		fi
		continue
	fi
	diff -r "$top/results/$dir" "$made/$dir" >why 2>&1 && bad=0 || bad=1
	grep -E '^[<>] .*: |^Only in' why | head -n 20 >lines || :
	result "$bad" "$title" lines
done <codes

# Each count against the instructions of its loop.
objects=${OBJECTS:-$top/build/guest}
for dir in "$made"/qemu-*; do
	file=$dir/counts-user.txt
	name=${dir##*/qemu-}
	arch=${name%%-*}
	[ -s "$file" ] || continue
	# two kernels of an architecture run one driver: the same counts, once
	grep -v '^#' "$file" >"points-$name"
	if [ -e "of-$arch" ] && cmp -s "points-$name" "points-$(cat "of-$arch")"; then
		result "$(cat "status-$arch")" \
			"$name: counts are those of $(cat "of-$arch"), on their paths"
		continue
	fi
	status=0
	"$pfbench" codegen --arch="$arch" --objects="$objects/$arch" \
		--check="$file" >out 2>err || status=$?
	if [ "$status" = 2 ] && grep -q 'apt install' err; then
		skip "$name: counts equal the instructions on their paths" \
			"$(cut -d: -f3- err)"
		continue
	fi
	echo "# $name: $(tail -n 1 out)"
	head -n 40 out >why
	result "$status" "$name: counts equal the instructions on their paths" why err
	echo "$name" >"of-$arch"
	echo "$status" >"status-$arch"
	[ -z "${tried:-}" ] || continue
	# a wrong count is found, and no other count
	tried=PageLocked/v4.4-word/tail/hot/throughput
	awk -v point="$tried" '$1 == point { $2 += 0.125; print; next }
		/^#/ || NR % 40 == 0' "$file" >wrong
	"$pfbench" codegen --arch="$arch" --objects="$objects/$arch" \
		--check=wrong >out2 2>err || :
	grep -v ' counts: ' out2 >found || :
	grep -q " $tried\$" found && [ "$(wc -l <found)" = 1 ] &&
		bad=0 || bad=1
	result "$bad" "$name: a count that is 0.125 too high is found" out2 err
done

echo "1..$n"
