# SPDX-License-Identifier: GPL-2.0
#
# Cost against the working set, a line per generation.
# By hand: gnuplot -d -c workingset.gp workingset.dat workingset
# Block 0 of the data has the titles, block 1 the names of the working sets;
# a block per line follows.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (ylabel_ = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (sets = int($2), 0) nooutput
stats data index 0 every ::4::4 using (lines = int($2), 0) nooutput
stats data index 0 every ::5::5 using (contended = int($2), 0) nooutput
stats data index 0 every ::6::6 using (least = $2, most = $3, 0) nooutput

array name[lines]
array colour[lines]
array point[lines]
array dashes[lines]
do for [i = 1:lines] {
	stats data index (i + 1) every ::0::0 using (name[i] = strcol(2), \
		colour[i] = strcol(3), point[i] = int($4), \
		dashes[i] = int($5), 0) nooutput
}
set xtics ()
do for [i = 1:sets] {
	stats data index 1 every ::(i - 1)::(i - 1) using (ws = strcol(2), 0) \
		nooutput
	set xtics add (ws i)
}

# lines that coincide stay visible: the first is broad, the last thin
share(i) = lines > 1 ? (lines - i) / (lines - 1.0) : 0.5

# in pixels
entries = lines + (contended ? 1 : 0)
rows = (entries + 2) / 3
height = int(76 + 360 + 60 + 18 * rows)

set label 4 "working set: where the struct pages fit" \
	center at graph 0.5, screen (18.0 * rows + 24) / height
set xrange [0.6 : sets + 0.4]
set border 3 lc rgb axis
set tics nomirror out
set xtics scale 0
set grid ytics lc rgb faint lt 1 lw 1
set tmargin at screen 1 - 76.0 / height
set bmargin at screen (60.0 + 18 * rows) / height
set lmargin at screen 58.0 / page
set rmargin at screen (page - 14.0) / page
set key at screen 14.0 / page, screen (18.0 * rows + 12) / height left top \
	vertical maxrows rows Left reverse samplen 4 width 6 spacing 1.2
set bars 0.4
logarithmic = least > 0 && most / least > 5
if (logarithmic) {
	set logscale y
	set yrange [least / 1.3 : most * 1.3]
	eval log_ticks("y", least / 1.3, most * 1.3)
} else {
	set yrange [(least < 0 ? least * 1.1 : 0) : most > 0 ? most * 1.08 : 1]
}
set label 2 subtitle center at screen 0.5, screen 1 - 36.0 / height
set label 3 ylabel_.(logarithmic ? ", log scale" : "") left at graph 0, \
	screen 1 - 62.0 / height

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	set label 1 title_ center at screen 0.5, screen 1 - 16.0 / height \
		font large(form)
	plot for [i = 1:lines] data index (i + 1) every ::1 \
			using 1:(bound(2)) with lines lc rgb colour[i] \
			lw 1 + 1.5 * share(i) dt dashes[i] notitle, \
		for [i = 1:lines] data index (i + 1) every ::1 \
			using 1:(bound(2)):(bound(3)):(bound(4)) with yerrorbars \
			lc rgb colour[i] pt -1 lw 1.4 notitle, \
		for [i = 1:lines] data index (i + 1) every ::1 \
			using 1:($5 == 0 ? bound(2) : NaN) \
			with points lc rgb colour[i] pt point[i] \
			ps 0.6 + 0.65 * share(i) notitle, \
		for [i = 1:lines] data index (i + 1) every ::1 \
			using 1:($5 == 1 ? bound(2) : NaN) \
			with points lc rgb colour[i] pt 6 ps 1.2 lw 1.6 \
			notitle, \
		for [i = 1:lines] keyentry with linespoints \
			lc rgb colour[i] lw 1 + 1.5 * share(i) dt dashes[i] \
			pt point[i] ps 0.6 + 0.65 * share(i) title name[i], \
		for [i = 1:contended ? 1 : 0] keyentry with points \
			lc rgb quiet pt 6 ps 1.2 lw 1.6 \
			title "contended: shared core"
	unset output
}
