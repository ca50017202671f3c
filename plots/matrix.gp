# SPDX-License-Identifier: GPL-2.0
#
# Heat maps: a panel per accessor, a column per architecture, a row per
# generation.
# By hand: gnuplot -d -c matrix.gp matrix.dat matrix
# Data: block 0 has the texts and sizes of the plot, block 1 the columns, block 2
# the panels; two blocks per panel follow, its rows and its cells.

data = ARG1
out = ARG2

set datafile missing "?"
stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (marks = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (cblabel_ = strcol(2), 0) nooutput
stats data index 0 every ::4::4 using (columns = int($2), 0) nooutput
stats data index 0 every ::5::5 using (pops = int($2), 0) nooutput
stats data index 0 every ::6::6 using (panels = int($2), 0) nooutput
stats data index 0 every ::7::7 using (rows = int($2), 0) nooutput
stats data index 0 every ::8::8 using (least = $2, 0) nooutput
stats data index 0 every ::9::9 using (most = $2, 0) nooutput
stats data index 0 every ::10::10 using (widest = int($2), 0) nooutput

array head_[columns]
array key_[columns]
do for [i = 1:columns] {
	stats data index 1 every ::(i - 1)::(i - 1) \
		using (head_[i] = strcol(2)."\n".strcol(3)."\n".strcol(4). \
		"\n".strcol(5), \
		key_[i] = strcol(6), 0) nooutput
}
array name[panels]
array nr_rows[panels]
array row[panels * rows]
array lowered[panels * rows]
do for [p = 1:panels] {
	stats data index 2 every ::(p - 1)::(p - 1) \
		using (name[p] = strcol(1).($3 == 0 ? " (no plain: all of it)" : \
		""), nr_rows[p] = int($2), 0) nooutput
	do for [i = 1:nr_rows[p]] {
		stats data index (1 + 2 * p) every ::(i - 1)::(i - 1) \
			using (row[(p - 1) * rows + i] = strcol(2), \
			lowered[(p - 1) * rows + i] = int($3), 0) nooutput
	}
}

# in pixels: the size of a cell must not depend on the number of cells
field = 8.8 * widest + 6
field = pops == 1 && field < 88 ? 88.0 : field < 46 ? 46.0 : field
line = 20.0
apart = 6.0			# columns
names = 150.0			# of generations
heads = 92.0			# of columns, and the panel's title
each = columns * (pops * field + apart)
across = 2 * (names + each) <= 1450 && panels > 1 ? 2 : 1
top = 70.0
foot = 66.0 + 15.0 * columns
# two panels side by side have the height of the higher one
high(p) = heads + line * (across == 1 || p == panels || nr_rows[p] > nr_rows[p + 1] ? nr_rows[p] : nr_rows[p + 1]) + 12
above(p) = p <= across ? top : high(p - across - (p - 1) % across) + above(p - across)
width = int(across * (names + each) + 30)
width = width < 720 ? 720 : width
height = int(above(panels) + high(panels - (panels - 1) % across) + foot)
left(p) = ((p - 1) % across) * (names + each) + names + 10
upper(p) = above(p) + heads
x(c, q) = (c - 1) * (pops * field + apart) + (q - 1) * field
# dark cells have white numbers
dark(v) = v == v && v > least + 0.64 * (most - least)
# a cell without a number has no colour
there(v) = v == v && v - v == 0

# light to dark, for printing in grey; from ColorBrewer's YlGnBu
set palette defined (0 "#ffffd9", 1 "#edf8b1", 2 "#c7e9b4", 3 "#7fcdbb", \
	4 "#41b6c4", 5 "#1d91c0", 6 "#225ea8", 7 "#253494", 8 "#081d58")
set cbrange [least : most > least ? most : least + 1]
set cbtics scale 0.4 offset 0, 0.5
set cblabel cblabel_ offset 0, 0.9
unset border
unset key
unset xtics
unset ytics
set xrange [0 : each]

do for [form in "svg png"] {
	if (form eq "svg") {
		set terminal svg size width,height font "sans-serif,12" \
			noenhanced background "white"
	} else {
		set terminal pngcairo size width,height font "Sans,9" \
			noenhanced background "white"
	}
	set output out.".".form
	set multiplot
	do for [p = 1:panels] {
		set lmargin at screen left(p) / width
		set rmargin at screen (left(p) + each) / width
		set tmargin at screen 1 - upper(p) / height
		set bmargin at screen 1 - (upper(p) + nr_rows[p] * line) / height
		set yrange [nr_rows[p] + 0.5 : 0.5]
		unset label
		unset object
		unset colorbox
		if (p == 1) {
			set label 1 title_ left at screen 14.0 / width, \
				screen 1 - 18.0 / height \
				font (form eq "svg" ? ",16" : ",12")
			set label 2 subtitle left at screen 14.0 / width, \
				screen 1 - 38.0 / height
			set label 3 marks left at screen 14.0 / width, \
				screen 1 - 55.0 / height
			set colorbox horizontal user \
				origin screen left(1) / width, \
				screen (foot - 26.0) / height \
				size screen 260.0 / width, screen 12.0 / height
			set object 1 rectangle \
				from screen (left(1) + 300) / width, \
				screen (foot - 27.0) / height \
				to screen (left(1) + 330) / width, \
				screen (foot - 13.0) / height \
				fc rgb "#999999" fs pattern 4 border \
				lc rgb "#999999"
			set label 4 "n/a: no such point, or not known" \
				left at screen (left(1) + 336) / width, \
				screen (foot - 20.0) / height
		}
		do for [i = 1:p == 1 ? columns : 0] {
			set label 2000 + i key_[i] left at screen 14.0 / width, \
				screen (15.0 * (columns - i) + 12) / height
		}
		set label 5 name[p] left at graph 0, \
			screen 1 - (upper(p) - heads + 14) / height \
			font (form eq "svg" ? ",14" : ",10.5")
		do for [i = 1:columns] {
			set label 10 + i head_[i] center \
				at x(i, 1) + pops * field / 2.0, \
				screen 1 - (upper(p) - heads + 32) / height
		}
		do for [i = 1:nr_rows[p]] {
			set label 1000 + i row[(p - 1) * rows + i] right \
				at -6, i tc rgb (lowered[(p - 1) * rows + i] ? \
				"#666666" : "#000000")
		}
		cells = 2 + 2 * p
		plot data index cells \
			using (x($1, $2)):(strcol(4) eq "-" ? $3 : NaN):\
			(x($1, $2)):(x($1, $2) + field - 2):\
			($3 - 0.45):($3 + 0.45) \
			with boxxyerror lc rgb "#999999" fs pattern 4 \
			border lc rgb "#999999" notitle, \
		data index cells \
			using (x($1, $2)):(there(column(5)) ? $3 : NaN):\
			(x($1, $2)):(x($1, $2) + field - 2):\
			($3 - 0.45):($3 + 0.45):5 \
			with boxxyerror lc palette fs solid 1.0 noborder notitle, \
		data index cells \
			using (x($1, $2) + (field - 2) / 2.0):3:\
			(dark(column(5)) ? "" : strcol(4) eq "-" ? "" : strcol(4)) \
			with labels center tc rgb "#000000" notitle, \
		data index cells \
			using (x($1, $2) + (field - 2) / 2.0):3:\
			(dark(column(5)) ? strcol(4) : "") \
			with labels center tc rgb "#ffffff" notitle
	}
	unset multiplot
	unset output
}
