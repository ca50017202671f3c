# SPDX-License-Identifier: GPL-2.0
#
# Bytes of code that a look-up adds: one panel per compiler, one group of bars
# per generation, one bar per architecture.
# By hand: gnuplot -d -c code-size.gp code-size.dat code-size
# The first lines of the data describe its columns.

data = ARG1
out = ARG2
do for [i = 1:strlen(ARG0)] { slash = ARG0[i:i] eq "/" ? i : i == 1 ? 0 : slash }
load ARG0[1:slash]."common.gp"

arches = "x86-64 arm64 riscv64 ppc64le s390x"
colours = "#332288 #88ccee #44aa99 #ddcc77 #cc6677"

# the compilers and generations of the data
compilers = 0
array compiler[64]
array label[64]
array lookups[64]
places = 0
most = 0
known(c) = compilers > 0 && compiler[compilers] eq c
note(c) = known(c) ? 0 : (compilers = compilers + 1, compiler[compilers] = c, 0)
# a name in three lines needs less width; a short one leaves the third empty
tail(s) = strlen(s) > 9 && strstrt(s, "-") ? \
	s[1:strstrt(s, "-") - 1]."\n".s[strstrt(s, "-") + 1:*] : s."\n"
cut(s) = strstrt(s, "-") ? s[1:strstrt(s, "-") - 1]."\n". \
	tail(s[strstrt(s, "-") + 1:*]) : s."\n\n"
each_line(place, name, kind, year) = (label[place] = cut(name)."\n".year, \
	lookups[place] = kind, places = place > places ? place : places, 0)
size_of(text, bare, hidden, explicit) = \
	hidden + explicit > 0 ? (text - bare) / (hidden + explicit) : NaN
larger(v) = v == v && v > most ? (most = v, 0) : 0
stats data using (note(strcol(1)), \
	each_line(int($3), strcol(4), strcol(5), strcol(6)), \
	larger(size_of($10, $11, $8, $9)), 0) nooutput

# the first one has no look-up; those of no release stand apart
first = 2
merged(i) = !(label[i] eq "order\nin-flags\n\n2015" || \
	label[i] eq "v7.1\nmask\nfakehead\n2026" || \
	label[i] eq "mask\nbranch\n\n2026")
x(i) = i + (merged(i) ? 0 : 0.35)
wide = 0.16

head = 84.0
foot = 89.0
each = 190.0
gap = 34.0
height = int(head + foot + compilers * each + (compilers - 1) * gap)
upper(p) = 1 - (head + (p - 1) * (each + gap)) / height

set border 3 lc rgb axis
set tics nomirror out
set xrange [first - 0.6 : x(places) + 0.6]
set yrange [0 : most * 1.06]
set grid ytics lc rgb faint lt 1 lw 1
set style fill solid 1.0 noborder
unset key
set lmargin at screen 0.075
set rmargin at screen 0.985

do for [form in "svg png"] {
	eval terminal(form, page, height, "noenhanced")
	set output out.".".form
	fine = small(form)
	set multiplot
	do for [p = 1:compilers] {
		set tmargin at screen upper(p)
		set bmargin at screen upper(p) - each / height
		set ylabel "bytes per look-up" offset 0.8, 0
		unset label
		unset object
		unset arrow
		set xtics font fine
		set xtics scale 0 ()
		do for [i = first:places] {
			set xtics add ((p < compilers ? "" : \
				label[i]."\n".lookups[i]) x(i))
		}
		# architectures without this compiler
		lacks = ""
		do for [a = 1:5] {
			there = 0
			stats data using (strcol(1) eq compiler[p] && \
				strcol(2) eq word(arches, a) ? (there = 1, 0) : 0) \
				nooutput
			lacks = there ? lacks : lacks." ".word(arches, a)
		}
		if (p == 1) {
			set label 1 "Bytes of code per hidden look-up, 2008 to 2026" \
				center at screen 0.5, screen 1 - 18.0 / height \
				font large(form)
			set label 2 "added to the code without look-ups; ".\
				"explicit: callers look up; all: accessors do too; ".\
				"right of the line: in no release" \
				center at screen 0.5, screen 1 - 38.0 / height
			do for [a = 1:5] {
				set object a rectangle \
					from screen 0.21 + 0.12 * a, \
					screen 1 - 64.0 / height \
					to screen 0.225 + 0.12 * a, \
					screen 1 - 53.0 / height \
					fc rgb word(colours, a) fs solid noborder
				set label 10 + a word(arches, a) \
					at screen 0.23 + 0.12 * a, \
					screen 1 - 58.5 / height
			}
		}
		set label 3 compiler[p].(lacks eq "" ? "" : ", n/a:".lacks) \
			left at graph 0.005, graph 0.95 \
			font (form eq "svg" ? ",14" : ",11")
		do for [i = first + 1:places] {
			if (merged(i - 1) && !merged(i)) {
				set arrow 1 nohead lc rgb "#888888" dt 3 \
					from (x(i - 1) + x(i)) / 2.0, graph 0 \
					to (x(i - 1) + x(i)) / 2.0, graph 1
			}
		}
		plot for [a = 1:5] data using \
			(x(int($3)) + (a - 3) * wide):\
			(strcol(1) eq compiler[p] && strcol(2) eq word(arches, a) ? \
			 size_of($10, $11, $8, $9) : NaN):(wide * 0.9) \
			with boxes lc rgb word(colours, a) notitle
	}
	unset multiplot
	unset output
}
