# SPDX-License-Identifier: GPL-2.0
#
# Shared by the plots. All are as wide as a page or a mail shows, on white: they
# read the same on dark pages. Loaded by each script from its own directory.

set datafile missing "?"

page = 830

# eval terminal(form, width, height): "svg" or "png", the same size in pixels
terminal(form, width, height, options) = form eq "svg" ? \
	sprintf("set terminal svg size %d,%d font 'sans-serif,12' %s background 'white'", \
		width, height, options) : \
	sprintf("set terminal pngcairo size %d,%d font 'Sans,9' pointscale 1.4 %s background 'white'", \
		width, height, options)
large(form) = form eq "svg" ? ",15" : ",11.5"
small(form) = form eq "svg" ? ",10.4" : ",7.8"

# a missing figure draws nothing, without a warning
bound(c) = valid(c) ? column(c) : NaN

axis = "#444444"
faint = "#dddddd"
quiet = "#555555"

# eval log_ticks(axis, least, most): at 1, 2 and 5 of each power of ten, or at
# powers of ten alone where these are many
list = ""
tick(v, least, most) = v < least * 0.999 || v > most * 1.001 ? 0 : \
	(list = list.(strlen(list) ? ", " : "").sprintf("'%.12g' %.12g", v, v), 0)
power(v, least, most, all) = tick(v, least, most) + \
	(all ? tick(2 * v, least, most) + tick(5 * v, least, most) : 0)
log_ticks(axis, least, most) = (list = "", \
	sum [e = floor(log10(least)) : ceil(log10(most))] \
		power(10.0 ** e, least, most, most / least < 2e4), \
	sprintf("set %stics (%s)", axis, list))
