# SPDX-License-Identifier: GPL-2.0
#
# Total throughput and cost per operation against threads, a line per generation
# or scheme.
# By hand: gnuplot -d -c threads.gp threads-shared.dat threads-shared
# Block 0 of the data has the titles, block 1 the numbers of threads; a block
# per line of totals follows, then a block per line of costs.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (unit_ = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (sets = int($2), 0) nooutput
stats data index 0 every ::4::4 using (lines = int($2), 0) nooutput
stats data index 0 every ::5::5 using (contended = int($2), 0) nooutput
stats data index 0 every ::6::6 using (total = $2, cost = $3, 0) nooutput

array name[lines]
array colour[lines]
array point[lines]
do for [i = 1:lines] {
	stats data index (i + 1) every ::0::0 using (name[i] = strcol(2), \
		colour[i] = strcol(3), point[i] = int($4), 0) nooutput
}
set xtics ()
do for [i = 1:sets] {
	stats data index 1 every ::(i - 1)::(i - 1) using (n_ = strcol(2), 0) \
		nooutput
	set xtics add (n_ i)
}

# Lines of equal totals stay visible: each is moved a little to the side, and
# the first is broad, the last thin.
aside(i) = lines > 1 ? 0.16 * (i - (lines + 1) / 2.0) / lines : 0
share(i) = lines > 1 ? (lines - i) / (lines - 1.0) : 0.5

# in pixels
entries = lines + (contended ? 1 : 0)
rows = (entries + 2) / 3
head = 76.0
foot = 64.0 + 17.0 * rows
height = int(head + 330 + foot)
left(p) = p == 1 ? 58.0 : 480.0
right(p) = p == 1 ? 410.0 : page - 14.0
legend_x(i) = (14.0 + 272 * ((i - 1) / rows)) / page
legend_y(i) = (foot - 62.0 - 17 * ((i - 1) % rows)) / height

set border 3 lc rgb axis
set tics nomirror out
set xtics scale 0
set grid ytics lc rgb faint lt 1 lw 1
set bars 0.4
set xrange [0.6 : sets + 0.4]
unset key

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	set multiplot
	do for [p = 1:2] {
		set lmargin at screen left(p) / page
		set rmargin at screen right(p) / page
		set tmargin at screen 1 - head / height
		set bmargin at screen foot / height
		unset label
		unset arrow
		set label 4 "threads" center at graph 0.5, \
			screen (foot - 38.0) / height
		if (p == 1) {
			set label 1 title_ center at screen 0.5, \
				screen 1 - 16.0 / height font large(form)
			set label 2 subtitle center at screen 0.5, \
				screen 1 - 36.0 / height
			do for [i = 1:lines] {
				set label 10 + i name[i] \
					at screen legend_x(i) + 34.0 / page, \
					screen legend_y(i)
				set label 100 + i "" \
					at screen legend_x(i) + 14.0 / page, \
					screen legend_y(i) point pt point[i] \
					ps 0.6 + 0.4 * share(i) lc rgb colour[i]
				set arrow i nohead lc rgb colour[i] \
					lw 1 + 1.2 * share(i) from \
					screen legend_x(i), screen legend_y(i) \
					to screen legend_x(i) + 28.0 / page, \
					screen legend_y(i)
			}
			if (contended) {
				set label 202 "contended: shared core" \
					at screen legend_x(entries) + 34.0 / page, \
					screen legend_y(entries)
				set label 203 "" \
					at screen legend_x(entries) + 14.0 / page, \
					screen legend_y(entries) \
					point pt 6 ps 1.2 lw 1.6 lc rgb quiet
			}
		}
		set label 3 p == 1 ? "million operations per second, total" : \
			unit_." of a thread" left at graph 0, \
			screen 1 - (head - 14.0) / height
		set yrange [0 : p == 1 ? (total > 0 ? total * 1.08 : 1) : \
			(cost > 0 ? cost * 1.08 : 1)]
		first = 1 + (p - 1) * lines
		plot for [i = 1:lines] data index (first + i) every ::1 \
				using ($1 + aside(i)):(bound(2)) with lines \
				lc rgb colour[i] lw 1 + 1.2 * share(i) notitle, \
			for [i = 1:lines] data index (first + i) every ::1 \
				using ($1 + aside(i)):(bound(2)):(bound(3)):\
				(bound(4)) with yerrorbars lc rgb colour[i] \
				pt -1 lw 1.4 notitle, \
			for [i = 1:lines] data index (first + i) every ::1 \
				using ($1 + aside(i)):($5 == 0 ? bound(2) : NaN) \
				with points lc rgb colour[i] pt point[i] \
				ps 0.6 + 0.4 * share(i) notitle, \
			for [i = 1:lines] data index (first + i) every ::1 \
				using ($1 + aside(i)):($5 == 1 ? bound(2) : NaN) \
				with points lc rgb colour[i] pt 6 ps 1.2 lw 1.6 \
				notitle
	}
	unset multiplot
	unset output
}
