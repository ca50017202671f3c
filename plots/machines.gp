# SPDX-License-Identifier: GPL-2.0
#
# A heat map of one accessor: a row per machine, a column per generation, a block
# per population.
# By hand: gnuplot -d -c machines.gp machines-PageLocked.dat machines-PageLocked
# Data: block 0 has the texts and sizes of the plot, block 1 the generations,
# block 2 the rows, block 3 the populations, block 4 the cells.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (columns = int($2), 0) nooutput
stats data index 0 every ::3::3 using (rows = int($2), 0) nooutput
stats data index 0 every ::4::4 using (pops = int($2), 0) nooutput

array variant[columns]
do for [i = 1:columns] {
	stats data index 1 every ::(i - 1)::(i - 1) \
		using (variant[i] = strcol(2), 0) nooutput
}
array row[rows]
array unit[rows]
do for [i = 1:rows] {
	stats data index 2 every ::(i - 1)::(i - 1) \
		using (row[i] = strcol(2), unit[i] = strcol(3), 0) nooutput
}
array pages[pops]
do for [i = 1:pops] {
	stats data index 3 every ::(i - 1)::(i - 1) \
		using (pages[i] = strcol(2), 0) nooutput
}

# in pixels
names = strlen(unit[1]) ? 310.0 : 250.0
room = page - names - 56.0
field = room / columns
field = field > 70 ? 70.0 : field
letters = field / 3.6
letters = letters > 11.5 ? 11.5 : letters
line = 17.0
top = 62.0
heads = 132.0			# of columns, above the first block
gap = 30.0
foot = 62.0
block = line * rows + gap
height = int(top + heads + pops * block + foot)
upper(p) = top + heads + (p - 1) * block + 0.6 * gap

# Black is readable on all of these; from ColorBrewer's YlOrBr.
set palette defined (0 "#ffffe5", 1 "#fff7bc", 2 "#fee391", 3 "#fec44f", \
	4 "#fe9929")
set cbrange [0 : 100]
set cbtics scale 0.4 offset 0, 0.5 ("0" 0, "25" 25, "50" 50, "75" 75, \
	"100 and more" 100)
unset border
unset key
unset xtics
unset ytics
set xrange [0 : room]
set yrange [rows + 0.5 : 0.5]
there(v) = v == v && v - v == 0

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	cell = sprintf(",%.3g", form eq "svg" ? letters : 0.75 * letters)
	set multiplot
	do for [p = 1:pops] {
		set lmargin at screen names / page
		set rmargin at screen (names + room) / page
		set tmargin at screen 1 - upper(p) / height
		set bmargin at screen 1 - (upper(p) + line * rows) / height
		unset label
		unset colorbox
		if (p == 1) {
			set label 1 title_ left at screen 14.0 / page, \
				screen 1 - 18.0 / height font large(form)
			set label 2 subtitle left at screen 14.0 / page, \
				screen 1 - 40.0 / height
			do for [i = 1:columns] {
				set label 100 + i variant[i] left rotate by 45 \
					at (i - 0.6) * field, \
					screen 1 - (upper(1) - 6) / height
			}
			set label 3 "per cent more than the cheapest look-up of the row" \
				center at screen (names + 160) / page, \
				screen 14.0 / height
			set colorbox horizontal user \
				origin screen names / page, \
				screen 42.0 / height \
				size screen 320.0 / page, screen 11.0 / height
		}
		set label 4 pages[p] left at screen 14.0 / page, \
			screen 1 - (upper(p) - 8) / height
		do for [i = 1:rows] {
			set label 1000 + i row[i].(strlen(unit[i]) ? ", ".unit[i] : "") right at -6, i \
				font small(form)
		}
		plot data index 4 using (($2 - 0.5) * field):\
			($1 == p && there(column(5)) ? $3 : NaN):\
			(($2 - 1) * field):($2 * field - 2):\
			($3 - 0.46):($3 + 0.46):5 \
			with boxxyerror lc palette fs solid 1.0 noborder notitle, \
		data index 4 using (($2 - 0.5) * field - 1):3:\
			($1 == p ? strcol(4) : "") with labels center \
			tc rgb "#000000" font cell notitle
	}
	unset multiplot
	unset output
}
