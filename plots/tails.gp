# SPDX-License-Identifier: GPL-2.0
#
# Cost against the share of tail pages, a line per generation and lowering.
# By hand: gnuplot -d -c tails.gp tails.dat tails
# Block 0 of the data has the titles; a block per line follows, then the
# crossings.

data = ARG1
out = ARG2

set datafile missing "?"
# a missing interval draws no whisker and no warning
bound(c) = valid(c) ? column(c) : NaN
stats data index 0 every ::0::0 using (title_ = strcol(2), 0) nooutput
stats data index 0 every ::1::1 using (subtitle = strcol(2), 0) nooutput
stats data index 0 every ::2::2 using (ylabel_ = strcol(2), 0) nooutput
stats data index 0 every ::3::3 using (lines = int($2), 0) nooutput
stats data index 0 every ::4::4 using (crossings = int($2), 0) nooutput
stats data index 0 every ::5::5 using (contended = int($2), 0) nooutput
stats data index 0 every ::6::6 using (least = $2, most = $3, 0) nooutput

array name[lines]
array colour[lines]
array point[lines]
array dashes[lines]
do for [i = 1:lines] {
	stats data index i every ::0::0 using (name[i] = strcol(2), \
		colour[i] = strcol(3), point[i] = int($4), \
		dashes[i] = int($5), 0) nooutput
}

set xlabel "tail pages among the visited pages, per cent"
set ylabel ylabel_
set xrange [-2:102]
set xtics 10
set border 3
set tics nomirror out
set grid ytics lc rgb "#dddddd" lt 1 lw 1
set key outside right center vertical Left reverse samplen 4 spacing 1.3
set bars 0.4
# a wide range needs a logarithmic scale
if (least > 0 && most / least > 5) {
	set logscale y 2
	set ylabel ylabel_.", log scale"
	set yrange [least / 1.15 : most * 1.15]
} else {
	set yrange [(least < 0 ? least * 1.1 : 0) : most * 1.08]
}
set title title_."\n".subtitle

do for [form in "svg png"] {
	if (form eq "svg") {
		set terminal svg size 1100,660 font "sans-serif,14" \
			noenhanced background "white"
	} else {
		set terminal pngcairo size 1100,660 font "Sans,11" noenhanced \
			background "white"
	}
	set output out.".".form
	plot for [i = 1:lines] data index i every ::1 using 1:2 with lines \
			lc rgb colour[i] lw 1.8 dt dashes[i] notitle, \
		for [i = 1:lines] data index i every ::1 \
			using 1:2:(bound(3)):(bound(4)) with yerrorbars \
			lc rgb colour[i] pt -1 lw 1 notitle, \
		for [i = 1:lines] data index i every ::1 \
			using 1:($5 == 0 ? $2 : NaN) with points \
			lc rgb colour[i] pt point[i] ps 0.9 notitle, \
		for [i = 1:lines] data index i every ::1 \
			using 1:($5 == 1 ? $2 : NaN) with points \
			lc rgb colour[i] pt 6 ps 1.7 lw 1.6 notitle, \
		for [i = 1:lines] keyentry with linespoints \
			lc rgb colour[i] lw 1.8 dt dashes[i] pt point[i] \
			ps 0.9 title name[i], \
		for [i = 1:crossings ? 1 : 0] data index \
			(crossings ? lines + 1 : lines) \
			using 1:2 with points lc rgb "#000000" pt 2 ps 1.1 \
			lw 1.3 title "crossing", \
		for [i = 1:contended ? 1 : 0] keyentry with points \
			lc rgb "#555555" pt 6 ps 1.7 lw 1.6 \
			title "contended: shared core"
	unset output
}
