# SPDX-License-Identifier: GPL-2.0
#
# Costs of one machine from result to result, a panel per point, with changes.
# By hand: gnuplot -d -c trend.gp trend.dat trend
# Data: block 0 has the texts and sizes of the plot, block 1 the results, block 2
# the points; three blocks per point follow: costs, levels and changes.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (ylabel_ = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (results = int($2), 0) nooutput
stats data index 0 every ::4::4 using (panels = int($2), 0) nooutput
stats data index 0 every ::5::5 using (release = int($2), 0) nooutput
stats data index 0 every ::6::6 using (labels = int($2), 0) nooutput

array label_[results]
do for [i = 1:results] {
	stats data index 1 every ::(i - 1)::(i - 1) \
		using (label_[i] = strcol(2), 0) nooutput
}
array name[panels]
do for [p = 1:panels] {
	stats data index 2 every ::(p - 1)::(p - 1) \
		using (name[p] = strcol(1), 0) nooutput
}
costs(p) = 3 + 3 * (p - 1)
levels(p) = costs(p) + 1
changes(p) = costs(p) + 2

# the range of the costs with their intervals, and some room
array low_[panels]
array high_[panels]
do for [p = 1:panels] {
	stats data index costs(p) using (valid(3) ? $3 : $2) name "L" nooutput
	stats data index costs(p) using (valid(4) ? $4 : $2) name "H" nooutput
	spread = H_max - L_min
	least = 0.02 * abs(H_max) + 1e-9
	spread = spread > least ? spread : least
	low_[p] = L_min - 0.15 * spread
	high_[p] = H_max + 0.15 * spread
}

mark = "#0072b2"
since = "#d55e00"
before = "#999999"

# in pixels
head = 92.0
foot = 96.0
each = 150.0
gap = 36.0
height = int(head + foot + panels * each + (panels - 1) * gap)
upper(p) = 1 - (head + (p - 1) * (each + gap)) / height

set border 3 lc rgb axis
set tics nomirror out
set xrange [0.5 : results + 0.5]
set grid ytics lc rgb faint lt 1 lw 1
set style fill solid 0.18 noborder
unset key
set lmargin at screen 0.085
set rmargin at screen 0.985

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	fine = small(form)
	set multiplot
	do for [p = 1:panels] {
		set tmargin at screen upper(p)
		set bmargin at screen upper(p) - each / height
		unset label
		unset arrow
		set xtics font fine
		set xtics scale 0.4 rotate by -45 ()
		do for [i = 1:results] {
			if ((i - 1) % labels == 0) {
				set xtics add ((p < panels ? "" : label_[i]) i)
			}
		}
		if (p == 1) {
			set label 1 title_ center at screen 0.5, \
				screen 1 - 16.0 / height font large(form)
			set label 2 subtitle center at screen 0.5, \
				screen 1 - 38.0 / height
			set arrow 1 nohead from screen 0.20, \
				screen 1 - 58.0 / height to screen 0.23, \
				screen 1 - 58.0 / height lc rgb since lw 3
			set label 3 "change since the release" \
				at screen 0.24, screen 1 - 58.0 / height
			set arrow 2 nohead from screen 0.45, \
				screen 1 - 58.0 / height to screen 0.48, \
				screen 1 - 58.0 / height lc rgb before lw 3
			set label 4 "change before" \
				at screen 0.49, screen 1 - 58.0 / height
			set arrow 3 nohead dt 3 from screen 0.62, \
				screen 1 - 58.0 / height to screen 0.65, \
				screen 1 - 58.0 / height lc rgb axis lw 2
			set label 5 "last release" \
				at screen 0.66, screen 1 - 58.0 / height
		}
		set label 6 name[p] left at graph 0, \
			screen upper(p) + 12.0 / height
		set label 7 ylabel_ center rotate at screen 14.0 / page, \
			graph 0.5 font fine
		if (release) {
			set arrow 4 nohead back dt 3 from release, graph 0 \
				to release, graph 1 lc rgb axis lw 2
		}
		low = low_[p]
		high = high_[p]
		set yrange [low : high]
		plot data index changes(p) \
			using (bound(1)):(low):(bound(2)):(bound(3)):\
			(low):(high) with boxxyerror \
			lc rgb before notitle, \
		data index changes(p) using (bound(1)):(low):(0.0):\
			(high - low):($4 == 1 ? 1 : 2) with vectors nohead \
			lw 2 lc rgb before notitle, \
		data index changes(p) using ($4 == 1 ? bound(1) : NaN):(low):\
			(0.0):(high - low) with vectors nohead \
			lw 2.4 lc rgb since notitle, \
		data index levels(p) using ($1 - 0.4):3:($2 - $1 + 0.8):(0.0) \
			with vectors nohead lw 1.6 lc rgb axis notitle, \
		data index costs(p) using 1:(bound(3)):(0.0):\
			(bound(4) - bound(3)) with vectors heads \
			size screen 0.003,90 lc rgb mark lw 1.2 notitle, \
		data index costs(p) using 1:2 with points pt 7 ps 0.8 \
			lc rgb mark notitle
	}
	unset multiplot
	unset output
}
