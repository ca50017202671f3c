# SPDX-License-Identifier: GPL-2.0
#
# Bad heads per 10^9 look-ups: against the delay, one line per generation, or by
# generation. An open triangle is a bound: none was found.
# By hand: gnuplot -d -c race.gp race.dat race
# Block 0 of the data has the plot's texts and limits. One block per generation
# follows: name and colour, then delay or column, rate, from, to, none found.

data = ARG1
out = ARG2

set datafile missing "?"
stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (xlabel_ = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (delays = int($2), 0) nooutput
stats data index 0 every ::3::3 using (series = int($2), 0) nooutput
stats data index 0 every ::4::4 using (high = $2, 0) nooutput
array name[series]
array colour[series]
do for [i = 1:series] {
	stats data index i every ::0::0 \
		using (name[i] = strcol(1), colour[i] = strcol(2), 0) nooutput
}

set title title_ noenhanced
set ylabel "per 10^9 look-ups, 95 % interval"
set xlabel xlabel_ offset 0, (delays ? 0 : -1)
set logscale y
set format y "10^{%T}"
set yrange [0.5 : high * 3]
set border 3 lc rgb "#555555"
set tics nomirror out
set grid ytics lc rgb "#dddddd" lt 1 lw 1
if (delays) {
	set logscale x
	set format x "10^{%T}"
	set key outside right top
	set offsets graph 0.05, graph 0.05, 0, 0
} else {
	unset key
	set xrange [0.5 : series + 0.5]
	set xtics scale 0 ()
	do for [i = 1:series] {
		set xtics add (name[i] i) rotate by -25
	}
	set bmargin 7
}
set label 1 "open triangle: none in N look-ups, drawn at 3/N, the bound at 95 %" \
	right at screen 0.985, screen 0.025

do for [form in "svg png"] {
	if (form eq "svg") {
		set terminal svg size 1000,620 font "sans-serif,13" \
			background "white"
	} else {
		set terminal pngcairo size 1000,620 font "Sans,10" \
			background "white"
	}
	set output out.".".form
	# shift each generation a little: equal points stay visible
	aside(i) = delays ? 1.12 ** (i - (series + 1) / 2.0) : 1
	plot for [i = 1:series] data index i every ::1 \
			using ($1 * aside(i)):2 \
			with lines lc rgb colour[i] lw (delays ? 1.2 : 0) \
			notitle, \
		for [i = 1:series] data index i every ::1 \
			using ($1 * aside(i)):($5 == 0 ? $2 : NaN):3:4 \
			with yerrorbars lc rgb colour[i] pt 7 ps 1 lw 1.4 \
			notitle, \
		for [i = 1:series] data index i every ::1 \
			using ($1 * aside(i)):($5 == 1 ? $2 : NaN) \
			with points lc rgb colour[i] pt 10 ps 1.6 lw 1.6 \
			notitle, \
		for [i = 1:series] NaN with linespoints pt 7 lw 1.4 \
			lc rgb colour[i] title name[i] noenhanced
	unset output
}
