# SPDX-License-Identifier: GPL-2.0
#
# Cost by the share of tail pages: small multiples, a panel per machine.
# By hand: gnuplot -d -c machines-tails.gp machines-tails-PageLocked.dat tails
# Data: block 0 has the texts and sizes of the plot, block 1 the panels, block 2
# the generations; a block per panel and generation follows.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (panels = int($2), 0) nooutput
stats data index 0 every ::3::3 using (lines = int($2), 0) nooutput

array panel[panels]
array unit[panels]
do for [i = 1:panels] {
	stats data index 1 every ::(i - 1)::(i - 1) \
		using (panel[i] = strcol(1), unit[i] = strcol(2), 0) nooutput
}
array name[lines]
array colour[lines]
array shape[lines]
do for [i = 1:lines] {
	stats data index 2 every ::(i - 1)::(i - 1) \
		using (name[i] = strcol(1), colour[i] = strcol(2), \
		shape[i] = int($3), 0) nooutput
}
line(p, i) = 3 + (p - 1) * lines + i - 1

# in pixels
columns = panels < 3 ? panels : 3
rows = (panels + columns - 1) / columns
perline = 4			# entries of the legend
legend = 18.0 * ((lines + perline - 1) / perline)
head = 76.0 + legend
each = 190.0
gap = 78.0
foot = 46.0
height = int(head + rows * each + (rows - 1) * gap + foot + 20)
room = page - 14.0
wide = room / columns
left(p) = 14.0 + ((p - 1) % columns) * wide + 52.0
upper(p) = head + 24.0 + ((p - 1) / columns) * (each + gap)

set border 3 lc rgb axis
set tics nomirror out
set xrange [-2 : 102]
set grid ytics lc rgb faint lt 1 lw 1
unset key

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	fine = small(form)
	set multiplot
	do for [p = 1:panels] {
		set lmargin at screen left(p) / page
		set rmargin at screen (left(p) + wide - 66.0) / page
		set tmargin at screen 1 - upper(p) / height
		set bmargin at screen 1 - (upper(p) + each) / height
		unset label
		unset arrow
		set xtics 0, 25, 100 font fine
		set ytics font fine
		set yrange [0 : *]
		if (p == 1) {
			set label 1 title_ left at screen 14.0 / page, \
				screen 1 - 18.0 / height font large(form)
			set label 2 subtitle left at screen 14.0 / page, \
				screen 1 - 40.0 / height
			do for [i = 1:lines] {
				lx = 20.0 + ((i - 1) % perline) * 200
				ly = 62.0 + 18.0 * ((i - 1) / perline)
				set arrow i nohead lw 2 lc rgb colour[i] \
					from screen lx / page, \
					screen 1 - ly / height to \
					screen (lx + 24) / page, \
					screen 1 - ly / height
				set label 100 + i name[i] \
					at screen (lx + 30) / page, \
					screen 1 - ly / height
				set label 200 + i "" \
					at screen (lx + 12) / page, \
					screen 1 - ly / height \
					point pt shape[i] ps 0.8 lc rgb colour[i]
			}
		}
		set label 3 panel[p] left at graph 0, \
			screen 1 - (upper(p) - 25) / height
		set label 4 unit[p] left at graph 0, \
			screen 1 - (upper(p) - 10) / height font fine
		set label 5 "per cent of tails" center at graph 0.5, \
			screen 1 - (upper(p) + each + 31) / height \
			font fine
		plot for [i = 1:lines] data index line(p, i) \
				using (bound(1)):(bound(2)) with lines lw 1.8 \
				lc rgb colour[i] notitle, \
			for [i = 1:lines] data index line(p, i) \
				using (bound(1)):(bound(3)):(0.0):\
				(bound(4) - bound(3)) with vectors heads \
				size screen 0.002,90 lw 1.2 lc rgb colour[i] \
				notitle, \
			for [i = 1:lines] data index line(p, i) \
				using (bound(1)):(bound(2)) with points \
				pt shape[i] ps 0.6 lc rgb colour[i] notitle
	}
	unset multiplot
	unset output
}
