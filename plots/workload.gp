# SPDX-License-Identifier: GPL-2.0
#
# Look-ups of workloads: a row per workload, a point per kernel, three panels.
# By hand: gnuplot -d -c workload.gp workload.dat workload
# Data: block 0 has the texts and sizes of the plot, block 1 the rows, block 2
# the kernels, block 3 the points.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (rows = int($2), 0) nooutput
stats data index 0 every ::3::3 using (kernels = int($2), 0) nooutput

array row[rows]
do for [i = 1:rows] {
	stats data index 1 every ::(i - 1)::(i - 1) \
		using (row[i] = strcol(1), 0) nooutput
}
array kernel[kernels]
array colour[kernels]
array shape[kernels]
do for [i = 1:kernels] {
	stats data index 2 every ::(i - 1)::(i - 1) \
		using (kernel[i] = strcol(1), colour[i] = strcol(2), \
		shape[i] = int($3), 0) nooutput
}
# Fewer look-ups than this are at the left edge: a logarithmic scale has no zero.
least = 0.01
most = least * 10
stats data index 3 using (most = valid(3) && $3 > most ? $3 : most, 0) nooutput

# in pixels
perline = 5
legend = 18.0 * ((kernels + perline - 1) / perline)
head = 86.0 + legend
line = 21.0
foot = 44.0
height = int(head + line * rows + foot)
names = 176.0
room = page - names - 14.0
array from[3] = [names, names + 0.40 * room, names + 0.72 * room]
array to[3] = [names + 0.37 * room, names + 0.69 * room, names + room]
array heading[3] = ["look-ups per operation, log scale", \
	"% of kernel instructions", "% of look-ups on tails"]

set border 1 lc rgb axis
set tics nomirror out
set grid xtics lc rgb faint lt 1 lw 1
set yrange [rows + 0.5 : 0.5]
unset key
# Points of kernels in one row are a little apart.
at(r, k) = r + (kernels > 1 ? ((k - 1.0) / (kernels - 1) - 0.5) * 0.56 : 0)

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	fine = small(form)
	set multiplot
	set tmargin at screen 1 - head / height
	set bmargin at screen foot / height
	do for [p = 1:3] {
		set lmargin at screen from[p] / page
		set rmargin at screen to[p] / page
		unset label
		unset object
		unset arrow
		unset logscale
		unset ytics
		set xtics autofreq font fine
		if (p == 1) {
			set label 1 title_ left at screen 14.0 / page, \
				screen 1 - 18.0 / height font large(form)
			set label 2 subtitle left at screen 14.0 / page, \
				screen 1 - 40.0 / height
			do for [i = 1:kernels] {
				lx = 20.0 + ((i - 1) % perline) * 150
				ly = 62.0 + 18.0 * ((i - 1) / perline)
				set label 100 + i kernel[i] \
					at screen (lx + 14) / page, \
					screen 1 - ly / height
				set label 200 + i "" at screen lx / page, \
					screen 1 - ly / height point \
					pt shape[i] ps 0.9 lc rgb colour[i]
			}
			do for [i = 1:rows] {
				set label 1000 + i row[i] right at \
					screen (names - 10.0) / page, first i \
					font fine
			}
			set logscale x
			set xrange [least / 1.5 : most * 1.6]
			set xtics ("0" least, "0.1" 0.1, "1" 1, "10" 10, \
				"100" 100, "1000" 1e3, "10000" 1e4, \
				"100000" 1e5, "10^6" 1e6)
		} else {
			if (p == 2) {
				set xrange [0 : *]
			} else {
				set xrange [-3 : 103]
				set xtics 25
			}
		}
		do for [i = 2:rows:2] {
			set object i rectangle from graph 0, first i - 0.5 \
				to graph 1, first i + 0.5 fc rgb "#f4f4f4" \
				fs solid 1.0 noborder behind
		}
		set label 3 heading[p] left at graph 0, \
			screen 1 - (head - 10.0) / height
		plot for [k = 1:kernels] data index 3 \
			using (int($2) == k ? (p == 1 ? (valid(3) ? \
				(column(3) > least ? column(3) : least) : NaN) : \
				bound(p + 2)) : NaN):(at($1, $2)) \
			with points pt shape[k] ps 0.75 lc rgb colour[k] notitle
	}
	unset multiplot
	unset output
}
