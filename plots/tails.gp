# SPDX-License-Identifier: GPL-2.0
#
# Cost against the share of tail pages, a line per generation and lowering: all
# shares, and beside them the lowest shares, where the crossings are.
# By hand: gnuplot -d -c tails.gp tails.dat tails
# Block 0 of the data has the titles; a block per line follows, then the
# crossings. A line that coincides with an earlier one is named, not drawn.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (ylabel_ = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (lines = int($2), 0) nooutput
stats data index 0 every ::4::4 using (crossings = int($2), \
	crossed = strcol(3), 0) nooutput
stats data index 0 every ::5::5 using (contended = int($2), 0) nooutput
stats data index 0 every ::6::6 using (least = $2, most = $3, 0) nooutput
stats data index 0 every ::7::7 using (zoom = $2, share = $3, 0) nooutput

array name[lines]
array colour[lines]
array point[lines]
array dashes[lines]
array drawn[lines]
do for [i = 1:lines] {
	stats data index i every ::0::0 using (name[i] = strcol(2), \
		colour[i] = strcol(3), point[i] = int($4), \
		dashes[i] = int($5), drawn[i] = int($6), 0) nooutput
}
# Below the name of a drawn line, the names of those that coincide with it, in
# three columns that are as short as they can be without splitting these.
array entry[lines]
array column_[lines + 2]
array row[lines + 2]
array size[lines + 2]
notes = (crossings > 0) + (contended > 0)
entries = 0
joined = 0
do for [i = 1:lines] {
	size[i] = 0
	do for [k = 1:lines] {
		if (drawn[k] == i) {
			entries = entries + 1
			entry[entries] = k
			joined = joined + (k != i)
			size[i] = size[i] + 1
		}
	}
}
size[lines + 1] = 1
size[lines + 2] = 1
rows = (entries + notes + 2) / 3
do for [i = 1:lines] {
	rows = size[i] > rows ? size[i] : rows
}
fits = 0
while (!fits) {
	c = 0
	r = 0
	n = 0
	do for [i = 1:lines + notes] {
		if (r > 0 && r + size[i] > rows) {
			c = c + 1
			r = 0
		}
		do for [k = 1:size[i]] {
			n = n + 1
			column_[n] = c
			row[n] = r
			r = r + 1
		}
	}
	fits = c < 3
	if (!fits) {
		rows = rows + 1
	}
}

logarithmic = least > 0 && most / least > 5
panels = zoom > 0 ? 2 : 1

# in pixels
head = 76.0
each = 330.0
foot = 64.0 + 17.0 * rows + (joined ? 24 : 6)
height = int(head + each + foot)
left(p) = p == 1 ? 58.0 : 486.0
right(p) = p < panels ? 430.0 : page - 14.0
legend_x(i) = (14.0 + 272 * column_[i]) / page
legend_y(i) = (foot - 70.0 - 17 * row[i]) / height

set border 3 lc rgb axis
set tics nomirror out
set grid ytics lc rgb faint lt 1 lw 1
set bars 0.4
unset key

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	set multiplot
	do for [p = 1:panels] {
		set lmargin at screen left(p) / page
		set rmargin at screen right(p) / page
		set tmargin at screen 1 - head / height
		set bmargin at screen foot / height
		unset label
		unset arrow
		unset logscale
		set ytics autofreq
		set label 4 "tail pages among the visited pages, per cent" \
			center at graph 0.5, screen (foot - 45.0) / height
		if (p == 1) {
			set label 1 title_ center at screen 0.5, \
				screen 1 - 16.0 / height font large(form)
			set label 2 subtitle center at screen 0.5, \
				screen 1 - 36.0 / height
			do for [i = 1:entries] {
				k = entry[i]
				set label 10 + i "".(drawn[k] == k ? "" : "= ").name[k] \
					at screen legend_x(i) + 34.0 / page, \
					screen legend_y(i) \
					tc rgb (drawn[k] == k ? "#000000" : quiet)
				if (drawn[k] == k) {
					set arrow i nohead lc rgb colour[k] lw 1.8 \
						dt dashes[k] from \
						screen legend_x(i), screen legend_y(i) \
						to screen legend_x(i) + 28.0 / page, \
						screen legend_y(i)
					set label 100 + i "" \
						at screen legend_x(i) + 14.0 / page, \
						screen legend_y(i) point \
						pt point[k] ps 0.65 lc rgb colour[k]
				}
			}
			if (crossings) {
				set label 200 crossed \
					at screen legend_x(entries + 1) + 34.0 / page, \
					screen legend_y(entries + 1)
				set label 201 "" \
					at screen legend_x(entries + 1) + 14.0 / page, \
					screen legend_y(entries + 1) \
					point pt 2 ps 0.9 lw 2
			}
			if (contended) {
				set label 202 "contended: shared core" \
					at screen legend_x(entries + notes) + 34.0 / page, \
					screen legend_y(entries + notes)
				set label 203 "" \
					at screen legend_x(entries + notes) + 14.0 / page, \
					screen legend_y(entries + notes) \
					point pt 6 ps 1.2 lw 1.6 lc rgb quiet
			}
			if (joined) {
				set label 204 "= within 10 % of the line above it at every share, and not drawn" \
					at screen 14.0 / page, screen 12.0 / height \
					tc rgb quiet
			}
			set xrange [-2:102]
			set xtics 10
			set label 3 ylabel_.(logarithmic ? ", log scale" : "") \
				left at graph 0, screen 1 - (head - 14.0) / height
			if (logarithmic) {
				set logscale y
				set yrange [least / 1.15 : most * 1.15]
				eval log_ticks("y", least / 1.15, most * 1.15)
			} else {
				set yrange [(least < 0 ? least * 1.1 : 0) : \
					most > 0 ? most * 1.08 : 1]
			}
		} else {
			set xrange [-0.02 * share : 1.02 * share]
			set xtics share / 10.0
			set yrange [0 : zoom * 1.05]
			set label 3 sprintf("%s, up to %g %% of tails", \
				ylabel_, share) left at graph 0, \
				screen 1 - (head - 14.0) / height
		}
		plot for [i = 1:lines] data index i every ::1 \
				using 1:(drawn[i] == i ? bound(2) : NaN) with lines \
				lc rgb colour[i] lw 1.8 dt dashes[i] notitle, \
			for [i = 1:lines] data index i every ::1 \
				using 1:(drawn[i] == i ? bound(2) : NaN):\
				(bound(3)):(bound(4)) with yerrorbars \
				lc rgb colour[i] pt -1 lw 1 notitle, \
			for [i = 1:lines] data index i every ::1 \
				using 1:(drawn[i] == i && $5 == 0 ? bound(2) : NaN) \
				with points lc rgb colour[i] pt point[i] ps 0.65 notitle, \
			for [i = 1:lines] data index i every ::1 \
				using 1:(drawn[i] == i && $5 == 1 ? bound(2) : NaN) \
				with points lc rgb colour[i] pt 6 ps 1.2 lw 1.6 notitle, \
			for [i = 1:crossings ? 1 : 0] data index \
				(crossings ? lines + 1 : lines) \
				using 1:2 with points lc rgb "#000000" pt 2 \
				ps 0.9 lw 2 notitle
	}
	unset multiplot
	unset output
}
