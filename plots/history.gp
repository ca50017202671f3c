# SPDX-License-Identifier: GPL-2.0
#
# Cost by generation, a panel per mode, with the cost of each kernel's own
# function.
# By hand: gnuplot -d -c history.gp history.dat history
# Data: block 0 has the texts and sizes of the plot, block 1 the generations,
# block 2 the panels, block 3 the kernels; two blocks per panel and population
# follow, the replicas and the kernels' own functions.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (ylabel_ = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (columns = int($2), 0) nooutput
stats data index 0 every ::4::4 using (kernels = int($2), 0) nooutput
stats data index 0 every ::5::5 using (panels = int($2), 0) nooutput
stats data index 0 every ::6::6 using (series = int($2), 0) nooutput
stats data index 0 every ::7::7 using (crowd = int($2), 0) nooutput
stats data index 0 every ::8::8 using (contended = int($2), 0) nooutput

array generation[columns]
array year[columns]
do for [i = 1:columns] {
	stats data index 1 every ::(i - 1)::(i - 1) \
		using (generation[i] = strcol(2), year[i] = int($3), 0) nooutput
}
array mode[panels]
array least[panels]
array most[panels]
do for [p = 1:panels] {
	stats data index 2 every ::(p - 1)::(p - 1) \
		using (mode[p] = strcol(1), least[p] = $2, most[p] = $3, 0) \
		nooutput
}
array at[kernels]
array release[kernels]
do for [k = 1:kernels] {
	stats data index 3 every ::(k - 1)::(k - 1) \
		using (at[k] = $1, release[k] = strcol(2), 0) nooutput
}
array name[series]
array colour[series]
do for [i = 1:series] {
	stats data index (4 + 2 * (i - 1)) every ::0::0 \
		using (name[i] = strcol(3), colour[i] = strcol(4), 0) nooutput
}
replicas(p, i) = 4 + 2 * ((p - 1) * series + i - 1)
own(p, i) = replicas(p, i) + 1

# overlapping lines stay visible: the first is broad, the last is thin
share(i) = series > 1 ? (series - i) / (series - 1.0) : 0.5
broad(i) = 2.0 + 8.0 * share(i)
thin(i) = 1.0 + 3.0 * share(i)
size(i) = (0.9 + 1.5 * share(i)) * (crowd > 4 ? 4.0 / crowd : 1)
# intervals are at the left end of a step, away from the marks of kernels
aside = 0.42
# the vertical line between two steps; returns its start
rise = NaN
riser(v) = v == v ? (rise = v - last, last = v, v - rise) : NaN

# in pixels: the height of a panel must not depend on the number of panels
head = contended ? 118.0 : 100.0
foot = 76.0
each = 250.0
gap = 42.0
height = int(head + foot + panels * each + (panels - 1) * gap)
legend = 1 - 64.0 / height
wide = 0.15 * series + 0.31
entry(i) = 0.5 - wide / 2.0 + 0.15 * (i - 1)
upper(p) = 1 - (head + (p - 1) * (each + gap)) / height

set border 3 lc rgb axis
set tics nomirror out
set xrange [0.5 : columns + 0.5]
set grid ytics lc rgb faint lt 1 lw 1
unset key
set lmargin at screen 0.07
set rmargin at screen 0.985

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	fine = small(form)
	set multiplot
	do for [p = 1:panels] {
		set tmargin at screen upper(p)
		set bmargin at screen upper(p) - each / height
		# the names of kernels are above all figures
		low = least[p] < 0 ? least[p] * 1.1 : 0
		high = most[p] > low ? low + (most[p] - low) / 0.82 : low + 1
		set yrange [low : high]
		set label 4 ylabel_ center rotate at screen 14.0 / page, graph 0.5
		unset label
		unset arrow
		set xtics font fine
		set xtics scale 0 ()
		do for [i = 1:columns] {
			set xtics add ((p < panels ? "" : \
				generation[i].sprintf("\n%d", year[i])) i)
		}
		if (p == 1) {
			set label 1 title_ center at screen 0.5, \
				screen 1 - 16.0 / height font large(form)
			set label 2004 "generation, and the year that it stands for" \
				center at screen 0.53, screen 16.0 / height
			set label 2 subtitle center at screen 0.5, \
				screen 1 - 38.0 / height
			do for [i = 1:series] {
				set arrow kernels + i nohead lc rgb colour[i] \
					lw broad(i) from screen entry(i), \
					screen legend to \
					screen entry(i) + 0.025, screen legend
				set label 1000 + i name[i]." pages" \
					at screen entry(i) + 0.032, \
					screen legend
			}
			set label 2000 "" at screen entry(series + 1), \
				screen legend point pt 7 ps 1.4
			set label 2001 "kernel's own function, release above" \
				at screen entry(series + 1) + 0.018, \
				screen legend
			if (contended) {
				set label 2002 "" at screen entry(series + 1), \
					screen legend - 18.0 / height \
					point pt 6 ps 1.4 lw 1.6
				set label 2003 "contended: shared core" \
					at screen entry(series + 1) + 0.018, \
					screen legend - 18.0 / height
			}
		}
		set label 3 mode[p] left at graph 0, \
			screen upper(p) + 15.0 / height
		do for [k = 1:kernels] {
			set arrow k from at[k], graph 0 to at[k], graph 0.90 \
				nohead back lc rgb "#aaaaaa" lw 1 dt 3
			set label 10 + k release[k] at at[k], graph 0.95 \
				center rotate by (crowd > 4 ? 90 : 0)
		}
		plot for [i = 1:series] last = NaN, \
				data index replicas(p, i) every ::1 \
				using ($1 - 0.5):(riser(bound(2))):\
				(0.0):(rise) with vectors nohead lc rgb colour[i] \
				lw thin(i) notitle, \
			for [i = 1:series] data index replicas(p, i) every ::1 \
				using ($1 - 0.5):(bound(2)):(1.0):(0.0) \
				with vectors nohead lc rgb colour[i] \
				lw broad(i) notitle, \
			for [i = 1:series] data index replicas(p, i) every ::1 \
				using ($1 - aside):(bound(3)):(0.0):\
				(bound(4) - bound(3)) with vectors heads \
				size screen 0.003,90 lc rgb colour[i] lw 1.4 \
				notitle, \
			for [i = 1:series] data index replicas(p, i) every ::1 \
				using ($1 - aside):($5 == 1 ? bound(2) : NaN) \
				with points lc rgb colour[i] pt 6 ps 1.7 \
				lw 1.6 notitle, \
			for [i = 1:series] data index own(p, i) every ::1 \
				using 1:(bound(3)):(0.0):\
				(bound(4) - bound(3)) with vectors heads \
				size screen 0.003,90 lc rgb colour[i] lw 1.4 \
				notitle, \
			for [i = 1:series] for [layer = 1:3] \
				data index own(p, i) every ::1 \
				using 1:(bound(2)):\
				(layer == 3 && $5 == 1 ? 6 : 7) \
				with points pt variable lw 1.6 \
				lc rgb (layer == 1 ? "#000000" : \
				layer == 2 ? "#ffffff" : colour[i]) \
				ps size(i) + (layer == 1 ? 0.25 : 0) notitle
	}
	unset multiplot
	unset output
}
