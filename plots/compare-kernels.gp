# SPDX-License-Identifier: GPL-2.0
#
# Changes of one use of each accessor between two kernels: a panel for bytes and
# one for instructions, a row per accessor, a mark per architecture.
# By hand: gnuplot -d -c compare-kernels.gp compare-kernels.dat compare-kernels
# Data: block 0 has the title; block 1 the names of the architectures; block 2
# row, accessor; then one block per architecture: row, bytes, instructions.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

colours = "#332288 #88ccee #44aa99 #ddcc77 #cc6677"
title_ = ""
arches = ""
rows = 0
stats data index 0 every ::0::0 using (title_ = strcol(1), 0) nooutput
stats data index 1 using (arches = arches." ".strcol(1), 0) nooutput
stats data index 2 using (rows = int($1), 0) nooutput
nr = words(arches)

# both panels include 0
array least[2]
array most[2]
do for [c = 1:2] {
	least[c] = 0
	most[c] = 0
	do for [a = 1:nr] {
		stats data index (2 + a) using (v = column(c + 1), \
			v < least[c] ? (least[c] = v) : 0, \
			v > most[c] ? (most[c] = v) : 0, 0) nooutput
	}
	pad = 0.08 * (most[c] - least[c])
	least[c] = least[c] - pad - 0.2
	most[c] = most[c] + pad + 0.2
}

head = 66.0
foot = 56.0
height = int(head + foot + 19 * (rows + 1))
# one accessor's marks do not hide each other
aside(a) = nr > 1 ? (a - (nr + 1) / 2.0) * 0.6 / nr : 0

set border 1 lc rgb axis
set xtics nomirror out format "%+g"
set grid ytics lc rgb faint lt 1 lw 1
set yrange [rows + 0.7 : 0.3]
set tmargin at screen 1 - head / height
set bmargin at screen foot / height
unset key

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	set multiplot
	do for [c = 1:2] {
		set lmargin at screen (c == 1 ? 0.225 : 0.635)
		set rmargin at screen (c == 1 ? 0.6 : 0.985)
		set xrange [least[c] : most[c]]
		set xlabel (c == 1 ? "bytes, new - old" : "instructions, new - old")
		unset label
		unset object
		unset arrow
		set arrow 1 nohead from 0, graph 0 to 0, graph 1 lc rgb axis lw 1
		if (c == 1) {
			set label 1 title_ center at screen 0.5, \
				screen 1 - 18.0 / height font large(form)
			do for [a = 1:nr] {
				set object a circle at screen 0.235 + 0.12 * a, \
					screen 1 - 44.0 / height \
					size screen 0.005 \
					fc rgb word(colours, a) fs solid noborder
				set label 10 + a word(arches, a) \
					at screen 0.247 + 0.12 * a, \
					screen 1 - 44.0 / height
			}
		}
		set ytics scale 0 ()
		do for [r = 1:rows] {
			name_ = ""
			stats data index 2 every ::(r - 1)::(r - 1) \
				using (name_ = strcol(2), 0) nooutput
			set ytics add ((c == 1 ? name_ : "") r)
		}
		plot for [a = 1:nr] data index (2 + a) \
			using (column(c + 1)):($1 + aside(a)) with points \
			pt 7 ps (form eq "svg" ? 0.6 : 0.55) \
			lc rgb word(colours, a) notitle
	}
	unset multiplot
	unset output
}
