# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of scripts/compare-kernels
#
# The comparisons and the text of scripts/compare-kernels.

# judge STATUS [WHAT]: the exit status of a comparison, whose words are in
# $tmp/message; 1: changed
judge()
{
	if [ "$1" -gt 1 ]; then
		say "${2:+$2: }$(head -n 1 "$tmp/message" | sed 's/^pfbench: //')"
		return 1
	fi
	[ "$1" = 0 ] || : >"$tmp/changed"
}

# compare_code ARCH: writes $tmp/code-ARCH.txt, with all listings
compare_code()
{
	local ret=0
	"$pfbench" codegen --diff --arch="$1" "$tmp/old-$1.o" "$tmp/new-$1.o" all \
		>"$tmp/code-$1.txt" 2>"$tmp/message" || ret=$?
	judge $ret "$1" || {
		rm -f "$tmp/code-$1.txt"
		return 1
	}
	compared+=" $1"
	# "gcc 12.2.0"
	echo "$compiler ${version##* }" >>"$tmp/compilers"
}

# print_bloat OLD NEW: as the kernel's bloat-o-meter, of the new tree where it
# and python are there
print_bloat()
{
	local script=${where[new]}/scripts/bloat-o-meter
	if [ -r "$script" ] && python3 "$script" "$1" "$2" 2>/dev/null; then
		return
	fi
	nm --size-sort "$1" >"$tmp/nm.old" 2>/dev/null &&
		nm --size-sort "$2" >"$tmp/nm.new" 2>/dev/null &&
		awk -f "$top/scripts/compare-kernels-bloat.awk" \
			"$tmp/nm.old" "$tmp/nm.new"
}

# compare_bytes ARCH PATH: writes $tmp/census-ARCH-PATH.txt and bloat-...
compare_bytes()
{
	local p=${2//\//_} old new
	old=$tmp/old-$1-$p new=$tmp/new-$1-$p
	if [ ! -e "$old" ] || [ ! -e "$new" ]; then
		echo "$1: $2 is not built in both kernels: no bytes" >>"$tmp/notes"
		return 0
	fi
	old=$(readlink "$old") new=$(readlink "$new")
	"$pfbench" census -q --diff "$old" "$new" >"$tmp/census-$1-$p.txt" \
		2>"$tmp/message" || {
		say "$1, $2: $(head -n 1 "$tmp/message" | sed 's/^pfbench: //')"
		return 1
	}
	print_bloat "$old" "$new" >"$tmp/bloat-$1-$p.txt" || {
		say "$1, $2: nm cannot read $old or $new"
		return 1
	}
	! [ "$(wc -l <"$tmp/bloat-$1-$p.txt")" -gt 3 ] || : >"$tmp/changed"
}

# compare_counts ARCH: writes $tmp/counts-ARCH.txt, every point
compare_counts()
{
	local ret=0
	(cd "$tmp" && "$pfbench" compare "old-$1.counts" "new-$1.counts") \
		>"$tmp/counts-$1.txt" 2>"$tmp/message" || ret=$?
	judge $ret "$1" || {
		rm -f "$tmp/counts-$1.txt"
		return 1
	}
}

# compare_time OLD NEW: appends to $tmp/time
compare_time()
{
	local ret=0
	"$pfbench" compare --only-changed "$1" "$2" >>"$tmp/time" 2>"$tmp/message" ||
		ret=$?
	judge $ret
}

# counts_table ARCH: the accessors with a changed count, old>new by kind of page
counts_table()
{
	awk -v arch="$1" '
	FNR == 1 { n++ }
	/^#/ { next }
	{
		split($1, p, "/")
		points[n]++
		if (n == 1)
			old[$1] = $2
		else if ($1 in old && old[$1] != $2)
			changed++
		if (p[5] != "throughput" || p[6] != "")
			next
		if (!(p[1] in seen)) {
			seen[p[1]]
			name[++rows] = p[1]
		}
		count[p[1], p[3], n] = $2 + 0
	}
	END {
		printf "\n%s: the counts of %d of %d points changed\n", arch, \
			changed, points[1]
		if (!changed)
			exit
		split("small head tail", kind, " ")
		printf "%-23s%16s%16s%16s\n", "instructions", kind[1], kind[2], kind[3]
		for (r = 1; r <= rows; r++) {
			line = ""
			differs = 0
			for (k = 1; k <= 3; k++) {
				a = count[name[r], kind[k], 1]
				b = count[name[r], kind[k], 2]
				differs = differs || a != b
				if (a == "" && b == "")
					cell = "-"
				else
					cell = (a == "" ? "none" : a) ">" \
						(b == "" ? "none" : b)
				line = line sprintf("%16s", cell)
			}
			if (differs)
				printf "%-23s%s\n", name[r], line
		}
	}' "$tmp/old-$1.counts" "$tmp/new-$1.counts"
}

write_counts()
{
	local a
	for a in $compared; do
		[ ! -e "$tmp/counts-$a.txt" ] || counts_table "$a"
	done
	if [ -e "$tmp/time" ]; then
		echo
		cat "$tmp/time"
	fi
}

# line TEXT: wrapped at 72 columns
line()
{
	printf '%s\n' "$*" | fold -s -w 72 | sed 's/ *$//'
}

describe()
{
	local text="${label_of[$1]}: ${release[$1]}, ${kind[$1]}"
	[ -z "$git" ] || text="${label_of[$1]}: ${state_of[$1]:0:12}, ${release[$1]}"
	printf '%s  %s\n' "$1" "$text" | cut -c 1-72
}

# The lines of two configurations that differ.
config_changes()
{
	local a
	for a in $compared; do
		[ -e "$tmp/old-$a.config" ] || continue
		[ -e "$tmp/new-$a.config" ] || continue
		diff <(grep '^CONFIG_' "$tmp/old-$a.config" | sort) \
			<(grep '^CONFIG_' "$tmp/new-$a.config" | sort) |
			sed -n 's/^[<>] //; s/=.*//p' | sort -u |
			grep -v '^CONFIG_CC_VERSION_TEXT$' |
			awk -v a="$a" 'END { if (NR)
				print "Options that differ for " a ": " NR }'
	done
}

# code_table COLUMN TITLE: a figure of all accessors that changed, by
# architecture: field COLUMN of the tables of codegen --diff
code_table()
{
	local a files=()
	for a in $compared; do
		files+=("$tmp/code-$a.txt")
	done
	awk -v column="$1" -v title="$2" '
	FNR == 1 {
		arch[++n] = $1
		sub(/:$/, "", arch[n])
		table = 1
		next
	}
	/^unchanged:/ { table = 0 }
	FNR > 2 && table {
		if (!($1 in seen)) {
			seen[$1]
			name[++rows] = $1
		}
		cell[$1, n] = $column == "" ? $2 : $column
	}
	END {
		printf "%-23s", title
		for (i = 1; i <= n; i++)
			printf "%9s", arch[i]
		print ""
		for (r = 1; r <= rows; r++) {
			printf "%-23s", name[r]
			for (i = 1; i <= n; i++)
				printf "%9s", (name[r], i) in cell ? \
					cell[name[r], i] : "-"
			print ""
		}
	}' "${files[@]}"
}

# one_listing: both listings of the first changed accessor, of the first
# architecture where one changed
one_listing()
{
	local a
	for a in $compared; do
		! grep -q '^[A-Za-z_]*, [a-z0-9-]*$' "$tmp/code-$a.txt" || break
	done
	sed -n '/^[A-Za-z_]*, [a-z0-9-]*$/,$p' "$tmp/code-$a.txt" |
		awk 'NR > 1 && /^[A-Za-z_]+, [a-z0-9-]+$/ { exit } { print }'
}

# the accessors that no architecture changed
unchanged_everywhere()
{
	local a files=()
	for a in $compared; do
		files+=("$tmp/code-$a.txt")
	done
	awk '
	FNR == 1 { n++; on = 0 }
	/^unchanged:/ { on = 1; sub(/^unchanged:/, "") }
	NF == 0 { on = 0 }
	on { for (i = 1; i <= NF; i++)
		if ($i != "none" && ++times[$i] == 1)
			name[++names] = $i }
	END { for (i = 1; i <= names; i++)
		if (times[name[i]] == n)
			text = text " " name[i]
		print text == "" ? " none" : text }' "${files[@]}"
}

# shorten FILE: at most 50 lines of bloat-o-meter's
shorten()
{
	awk '{ line[NR] = $0 }
	END {
		for (i = 1; i <= NR; i++)
			if (NR <= 50 || i <= 22 || i > NR - 20)
				print line[i]
			else if (i == 23)
				printf "... %d more (-o DIR has them)\n", NR - 42
	}' "$1"
}

write_bytes()
{
	local a p file=''
	for a in $compared; do
		for p in "${paths[@]}"; do
			[ -e "$tmp/bloat-$a-${p//\//_}.txt" ] || continue
			printf '\n%s, %s:\n\n' "$p" "$a"
			shorten "$tmp/bloat-$a-${p//\//_}.txt"
			file=$tmp/census-$a-${p//\//_}.txt
			echo
			sed -n '/^in all /,/^$/p' "$file" | sed '/^$/d'
		done
	done
}

# plot_data: the changes of all accessors that changed, for
# plots/compare-kernels.gp: new - old of the tables' cells, 0 where one number is
# in a cell
plot_data()
{
	printf '"One use of each accessor, %s to %s"\n\n\n' \
		"${label_of[old]}" "${label_of[new]}"
	{
		code_table 2 bytes
		code_table 3 instructions
	} | awk '
	function change(cell,  v) {
		return split(cell, v, ">") == 2 ? v[2] - v[1] : 0
	}
	$1 == "bytes" || $1 == "instructions" {
		table++
		arches = NF - 1
		for (i = 2; i <= NF; i++)
			arch[i] = $i
		next
	}
	table == 1 { name[++rows] = $1 }
	{
		for (i = 2; i <= NF; i++)
			delta[$1, i, table] = change($i)
	}
	END {
		for (i = 2; i <= arches + 1; i++)
			print arch[i]
		printf "\n\n"
		for (r = 1; r <= rows; r++)
			print r, name[r]
		for (i = 2; i <= arches + 1; i++) {
			printf "\n\n"
			for (r = 1; r <= rows; r++)
				print r, delta[name[r], i, 1], delta[name[r], i, 2]
		}
	}'
}

# draw: $tmp/compare-kernels.svg and .png, if gnuplot is there
draw()
{
	if ! command -v gnuplot >/dev/null; then
		say "no gnuplot: no plot (Debian: apt install gnuplot-nox)"
		return 0
	fi
	plot_data >"$tmp/compare-kernels.dat" || return 1
	# bytes of mm/ alone may have changed
	grep -q "^1 [a-zA-Z]" "$tmp/compare-kernels.dat" || {
		rm "$tmp/compare-kernels.dat"
		return 0
	}
	gnuplot -d -c "$top/plots/compare-kernels.gp" \
		"$tmp/compare-kernels.dat" "$tmp/compare-kernels" \
		>"$tmp/message" 2>&1 && return 0
	say "gnuplot: $(grep -m 1 . "$tmp/message")"
	return 1
}

write_text()
{
	describe old
	describe new
	line "    compiler: $(sort -u "$tmp/compilers" | paste -s -d ,), for$compared"
	config_changes
	if [ -e "$tmp/undecided" ]; then
		line "undecided: $(paste -s -d ' ' "$tmp/undecided")"
	fi
	if [ -e "$tmp/changed" ] && grep -q -v '^unchanged' <(code_table 2 '' | tail -n +2); then
		printf '\nOne use of each accessor, old>new. -: unchanged.\n\n'
		code_table 2 'bytes'
		echo
		code_table 3 'instructions'
		echo
		one_listing | sed '${/^$/d}'
	else
		printf '\nNo accessor changed.\n'
	fi
	write_bytes
	write_counts
	[ ! -e "$tmp/notes" ] || { echo; fold -s -w 72 "$tmp/notes"; }
	echo
	line "The code of these accessors did not change:$(unchanged_everywhere)"
}
