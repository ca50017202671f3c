# SPDX-License-Identifier: GPL-2.0
#
# A heat map of one accessor: a column per architecture, a row per generation.
# Columns that do not fit side by side are in another block below.
# By hand: gnuplot -d -c matrix.gp matrix-PageLocked.dat matrix-PageLocked
# Data: block 0 has the texts and sizes of the plot, block 1 the columns, block 2
# the rows, block 3 the notes below the map, block 4 the cells.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (marks = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (cblabel_ = strcol(2), 0) nooutput
stats data index 0 every ::4::4 using (columns = int($2), 0) nooutput
stats data index 0 every ::5::5 using (pops = int($2), 0) nooutput
stats data index 0 every ::6::6 using (rows = int($2), 0) nooutput
stats data index 0 every ::7::7 using (notes = int($2), 0) nooutput
stats data index 0 every ::8::8 using (least = $2, most = $3, 0) nooutput
stats data index 0 every ::9::9 using (widest = int($2), 0) nooutput

lines = 4
array head_[lines * columns]
do for [i = 1:columns] {
	do for [k = 1:lines] {
		stats data index 1 every ::(i - 1)::(i - 1) using \
			(head_[lines * (i - 1) + k] = strcol(1 + k), 0) nooutput
	}
}
array at[rows]
array row[rows]
array lowered[rows]
do for [i = 1:rows] {
	stats data index 2 every ::(i - 1)::(i - 1) using (at[i] = $2, \
		row[i] = strcol(3), lowered[i] = int($4), 0) nooutput
}
array note[notes]
do for [i = 1:notes] {
	stats data index 3 every ::(i - 1)::(i - 1) \
		using (note[i] = strcol(1), 0) nooutput
}

# In pixels. A character is some 0.65 of its size wide; 9.5 is still readable.
names = 140.0			# of generations
apart = 8.0			# columns
room = page - names - 14.0
fitting = int(room / (pops * (5.8 * widest + 4) + apart))
fitting = fitting < 1 ? 1 : fitting
blocks = (columns + fitting - 1) / fitting
across = (columns + blocks - 1) / blocks
field = (room / across - apart) / pops
field = field > 90 ? 90.0 : field
letters = (field - 4) / (0.65 * widest)
letters = letters > 11.5 ? 11.5 : letters
line = 18.0
heads = 74.0			# of columns
block = heads + line * at[rows] + 16
top = 72.0
foot = 70.0 + 15.0 * notes
height = int(top + blocks * block + foot)
upper(b) = top + (b - 1) * block + heads
# column c is in this block, and there at this place
block_of(c) = 1 + (int(c) - 1) / across
x(c, q) = ((int(c) - 1) % across) * (pops * field + apart) + (q - 1) * field
# a cell without a number has no colour
there(v) = v == v && v - v == 0

# Black is readable on all of these; from ColorBrewer's YlGnBu.
set palette defined (0 "#ffffd9", 1 "#edf8b1", 2 "#c7e9b4", 3 "#7fcdbb", \
	4 "#41b6c4")
set cbrange [least : most > least ? most : least + 1]
set cbtics scale 0.4 offset 0, 0.5
unset border
unset key
unset xtics
unset ytics
set xrange [0 : room]
set yrange [at[rows] + 0.5 : 0.5]

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	cell = sprintf(",%.3g", form eq "svg" ? letters : 0.75 * letters)
	set multiplot
	do for [b = 1:blocks] {
		set lmargin at screen names / page
		set rmargin at screen (names + room) / page
		set tmargin at screen 1 - upper(b) / height
		set bmargin at screen 1 - (upper(b) + line * at[rows]) / height
		unset label
		unset object
		unset colorbox
		if (b == 1) {
			set label 1 title_ left at screen 14.0 / page, \
				screen 1 - 18.0 / height font large(form)
			set label 2 subtitle left at screen 14.0 / page, \
				screen 1 - 39.0 / height
			set label 3 marks left at screen 14.0 / page, \
				screen 1 - 56.0 / height
			set label 5 cblabel_ center \
				at screen (names + 120) / page, \
				screen (foot - 54.0) / height
			set colorbox horizontal user \
				origin screen names / page, \
				screen (foot - 22.0) / height \
				size screen 240.0 / page, screen 11.0 / height
			set object 1 rectangle \
				from screen (names + 290) / page, \
				screen (foot - 23.0) / height \
				to screen (names + 320) / page, \
				screen (foot - 10.0) / height \
				fc rgb "#999999" fs pattern 4 border \
				lc rgb "#999999"
			set label 4 "n/a: no such point, or not known" \
				left at screen (names + 326) / page, \
				screen (foot - 17.0) / height
			do for [i = 1:notes] {
				set label 2000 + i note[i] left \
					at screen 14.0 / page, \
					screen (15.0 * (notes - i) + 11) / height \
					font (form eq "svg" ? ",11" : ",8.25")
			}
		}
		do for [i = 1:columns] {
			if (block_of(i) == b) {
				do for [k = 1:lines] {
					h = lines * (i - 1) + k
					set label 10 + h head_[h] center \
						at x(i, 1) + (pops * field - 2) / 2.0, \
						screen 1 - (upper(b) - heads + 15.0 * k) / height
				}
			}
		}
		do for [i = 1:rows] {
			set label 1000 + i row[i] right at -6, at[i] \
				tc rgb (lowered[i] ? quiet : "#000000")
		}
		plot data index 4 \
			using (x($1, $2)):(block_of($1) == b && \
			strcol(4) eq "-" ? at[int($3)] : NaN):\
			(x($1, $2)):(x($1, $2) + field - 2):\
			(at[int($3)] - 0.45):(at[int($3)] + 0.45) \
			with boxxyerror lc rgb "#999999" fs pattern 4 \
			border lc rgb "#999999" notitle, \
		data index 4 \
			using (x($1, $2)):(block_of($1) == b && \
			there(column(5)) ? at[int($3)] : NaN):\
			(x($1, $2)):(x($1, $2) + field - 2):\
			(at[int($3)] - 0.45):(at[int($3)] + 0.45):5 \
			with boxxyerror lc palette fs solid 1.0 noborder notitle, \
		data index 4 \
			using (x($1, $2) + (field - 2) / 2.0):(at[int($3)]):\
			(block_of($1) != b || strcol(4) eq "-" ? "" : strcol(4)) \
			with labels center tc rgb "#000000" font cell notitle
	}
	unset multiplot
	unset output
}
