# SPDX-License-Identifier: GPL-2.0
#
# Bad heads per 10^9 look-ups, a panel per protocol: against the delay, one line
# per generation, or by generation. An open triangle is a bound: none was found.
# No line joins bounds: they follow the number of look-ups.
# By hand: gnuplot -d -c race.gp race.dat race
# Data: block 0 has the texts and sizes of the plot, block 1 the panels, block 2
# the generations. One block per panel and generation follows: delay or column,
# rate, from, to, none found.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (xlabel_ = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (delays = int($2), 0) nooutput
stats data index 0 every ::3::3 using (panels = int($2), 0) nooutput
stats data index 0 every ::4::4 using (series = int($2), 0) nooutput
stats data index 0 every ::5::5 using (left = $2, right = $3, 0) nooutput
stats data index 0 every ::6::6 using (least = $2, most = $3, 0) nooutput
array panel[panels]
array name[series]
array colour[series]
array shape[series]
do for [p = 1:panels] {
	stats data index 1 every ::(p - 1)::(p - 1) \
		using (panel[p] = strcol(1), 0) nooutput
}
do for [i = 1:series] {
	stats data index 2 every ::(i - 1)::(i - 1) using (name[i] = strcol(1), \
		colour[i] = strcol(2), shape[i] = int($3), 0) nooutput
}
block(p, i) = 3 + (p - 1) * series + i - 1

# in pixels
across = panels > 1 ? 2 : 1
down = (panels + across - 1) / across
each = panels > 2 ? 190.0 : 270.0
margin = 62.0
wide = (page - 12.0 - across * margin) / across
gap = 42.0
head = 56.0
names = delays ? 0 : 84.0		# of generations, below the last panels
legend = delays ? 16.0 * ((series + 4) / 5) + 10 : 0
foot = (delays ? 64.0 : 12.0) + names + legend + 24.0
height = int(head + down * each + (down - 1) * gap + foot)
from_left(p) = margin + ((p - 1) % across) * (wide + margin)
from_top(p) = head + ((p - 1) / across) * (each + gap)
lowest(p) = p + across > panels

set border 3 lc rgb axis
set tics nomirror out
set grid ytics lc rgb faint lt 1 lw 1
set logscale y
set format y "10^{%T}"
set yrange [10.0 ** floor(log10(least) - 0.3) : most * 3]
unset key
if (delays) {
	set logscale x
	set xrange [left / 1.8 : right * 1.8]
} else {
	set xrange [0.5 : series + 0.5]
}
# equal points of two generations are side by side
aside(i) = delays ? 1.09 ** (i - (series + 1) / 2.0) : 1

do for [form in "svg png"] {
	eval terminal(form, page, height, "enhanced")
	set output out.".".form
	set multiplot
	do for [p = 1:panels] {
		set lmargin at screen from_left(p) / page
		set rmargin at screen (from_left(p) + wide) / page
		set tmargin at screen 1 - from_top(p) / height
		set bmargin at screen 1 - (from_top(p) + each) / height
		unset label
		set label 1 panel[p] left at graph 0, \
			screen 1 - (from_top(p) - 12) / height noenhanced
		set label 2 "per 10^9 look-ups, 95 % interval" center rotate \
			at screen (from_left(p) - 50) / page, graph 0.5
		if (p == 1) {
			set label 3 title_ center at screen 0.5, \
				screen 1 - 16.0 / height noenhanced \
				font large(form)
			set label 4 "open triangle: none found in N look-ups, drawn at 3/N, the bound at 95 %: few look-ups, high bound" \
				right at screen 0.985, screen 10.0 / height
			do for [i = 1:delays ? series : 0] {
				set label 10 + i name[i] noenhanced left \
					at screen (20.0 + 160 * ((i - 1) % 5)) / page, \
					screen (24 + legend - 4 - 16.0 * ((i - 1) / 5)) / height \
					point pt shape[i] ps 0.75 lw 1.5 lc rgb colour[i] \
					offset 1, 0
			}
		}
		if (lowest(p) && delays) {
			set label 5 xlabel_ center at graph 0.5, \
				screen 1 - (from_top(p) + each + 44) / height
		}
		if (delays) {
			set format x "10^{%T}"
		} else {
			unset xtics
			if (lowest(p)) {
				set xtics scale 0 ()
			}
			do for [i = 1:lowest(p) ? series : 0] {
				set xtics add (name[i] i) rotate by 35 right noenhanced
			}
		}
		plot for [i = 1:series] data index block(p, i) \
				using ($1 * aside(i)):(delays && $5 == 0 ? bound(2) : NaN) \
				with lines lc rgb colour[i] \
				lw 1.2 notitle, \
			for [i = 1:series] data index block(p, i) \
				using ($1 * aside(i)):($5 == 0 ? bound(2) : NaN):\
				(bound(3)):(bound(4)) \
				with yerrorbars lc rgb colour[i] pt shape[i] \
				ps 0.75 lw 1.4 notitle, \
			for [i = 1:series] data index block(p, i) \
				using ($1 * aside(i)):($5 == 1 ? bound(2) : NaN) \
				with points lc rgb colour[i] pt 10 ps 0.9 \
				lw 1.4 notitle
	}
	unset multiplot
	unset output
}
