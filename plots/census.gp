# SPDX-License-Identifier: GPL-2.0
#
# Bars: the functions with most bytes of look-ups.
# By hand: gnuplot -d -c census.gp census.dat census
# Block 0 of the data has the title, block 1 one row per function.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 1 using ($3 + $4) name "all" nooutput
rows = int(all_records)

row = 20.0
top = 104.0
foot = 64.0
height = int(top + foot + rows * row)

set border 1 lc rgb axis
set xtics nomirror out
set ytics scale 0
set grid xtics lc rgb faint lt 1 lw 1
set xrange [0 : all_max * 1.12]
set yrange [rows - 0.5 : -0.5]
set tmargin at screen 1 - top / height
set bmargin at screen foot / height
set lmargin at screen 0.46
set rmargin at screen 0.97
set label 3 "bytes of code that look-ups take (how many, at the bars)" \
	center at graph 0.5, screen 18.0 / height
set key at screen 0.46, screen 1 - 62.0 / height left top horizontal \
	maxrows 1 Left reverse samplen 1.5 width 4
set label 1 title_ left at screen 0.02, screen 1 - 22.0 / height
set label 2 subtitle left at screen 0.02, screen 1 - 46.0 / height

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set label 1 font large(form)
	set output out.".".form
	plot data index 1 using (0):0:(0):3:($0 - 0.38):($0 + 0.38) \
			with boxxyerror fs solid noborder lc rgb "#1d6996" \
			title "hidden in other accessors", \
		data index 1 using 3:0:3:($3 + $4):($0 - 0.38):($0 + 0.38) \
			with boxxyerror fs solid noborder lc rgb "#b8d4e3" \
			title "called as such", \
		data index 1 using (0):0:ytic(strcol(1)."  ".strcol(2)) \
			with dots notitle, \
		data index 1 using ($3 + $4 + 0.008 * all_max):0:(sprintf("%d", $5)) \
			with labels left tc rgb quiet notitle
	unset output
}
