# SPDX-License-Identifier: GPL-2.0
#
# Bars per generation and population, a panel per mode.
# By hand: gnuplot -d -c generations.gp generations.dat generations
# Block 0 of the data has the titles, block 1 the positions of the rows;
# a block per panel and population follows.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (xlabel_ = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (rows = int($2), 0) nooutput
stats data index 0 every ::4::4 using (panels = int($2), 0) nooutput
stats data index 0 every ::5::5 using (series = int($2), 0) nooutput
stats data index 0 every ::6::6 using (contended = int($2), 0) nooutput

array label_[rows]
array at[rows]
do for [i = 1:rows] {
	stats data index 1 every ::(i - 1)::(i - 1) \
		using (at[i] = $1, label_[i] = strcol(2), 0) nooutput
}
array mode[panels]
array name[series]
array colour[series]
do for [p = 1:panels] {
	do for [i = 1:series] {
		stats data index (1 + (p - 1) * series + i) every ::0::0 \
			using (mode[p] = strcol(2), name[i] = strcol(3), \
			colour[i] = strcol(4), 0) nooutput
	}
}

# in pixels: bars are equally thick in any number
thick = 0.84 / series
head = contended ? 106.0 : 88.0
foot = 62.0
height = int(head + foot + at[rows] * (series * 8 + 9))
left = 0.27
right = 0.98
gap = 0.03
each = (right - left - gap * (panels - 1)) / panels
entries = series
entry(i) = 0.5 + (i - 1 - entries / 2.0) * 0.13
lower(i) = (i - 1) * thick - 0.42

set border 1 lc rgb axis
set xtics nomirror out
set grid xtics lc rgb faint lt 1 lw 1
set yrange [at[rows] + 0.5 : at[1] - 0.5]
set bars 0.5
unset key

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	set multiplot
	set tmargin at screen 1 - head / height
	set bmargin at screen foot / height
	do for [p = 1:panels] {
		set lmargin at screen left + (p - 1) * (each + gap)
		set rmargin at screen left + (p - 1) * (each + gap) + each
		unset label
		unset object
		unset ytics
		if (p == 1) {
			set label 1 title_ center at screen 0.5, \
				screen 1 - 16.0 / height font large(form)
			set label 2 subtitle center at screen 0.5, \
				screen 1 - 36.0 / height
			do for [i = 1:entries] {
				set object i rectangle from \
					screen entry(i), \
					screen 1 - 61.0 / height to \
					screen entry(i) + 0.015, \
					screen 1 - 51.0 / height
				set label 10 + i at screen entry(i) + 0.02, \
					screen 1 - 56.0 / height
			}
			do for [i = 1:series] {
				set object i fc rgb colour[i] fs solid 1.0 \
					noborder
				set label 10 + i name[i]
			}
			if (contended) {
				set label 4 "hollow bars: contended, no round was quiet, the core was shared" \
					center at screen 0.5, screen 1 - 74.0 / height
			}
			set ytics scale 0 ()
			do for [i = 1:rows] {
				set ytics add (label_[i] at[i])
			}
		}
		set label 5 xlabel_ center at graph 0.5, screen 16.0 / height
		set label 3 mode[p] center at graph 0.5, \
			screen 1 - (head - 12.0) / height
		first = 1 + (p - 1) * series
		plot [0:*] for [i = 1:series] data index (first + i) every ::1 \
				using (0):1:(0):($5 == 0 ? bound(2) : NaN):\
				($1 + lower(i)):\
				($1 + lower(i) + 0.9 * thick) \
				with boxxyerror lc rgb colour[i] \
				fs solid 1.0 noborder notitle, \
			for [i = 1:series] data index (first + i) every ::1 \
				using (0):1:(0):($5 == 1 ? bound(2) : NaN):\
				($1 + lower(i)):($1 + lower(i) + 0.9 * thick) \
				with boxxyerror lc rgb colour[i] \
				fs empty border lc rgb colour[i] notitle, \
			for [i = 1:series] data index (first + i) every ::1 \
				using (valid(3) && valid(4) ? bound(2) : NaN):\
				($1 + lower(i) + 0.45 * thick):\
				(bound(3)):(bound(4)) \
				with xerrorbars lc rgb "#000000" pt -1 lw 1 \
				notitle
	}
	unset multiplot
	unset output
}
