# SPDX-License-Identifier: GPL-2.0
#
# Find each number of the documents' prose and tables in its source. A document
# is read in blocks: lines without an empty line between them. The sources of a
# block are the files that it links to below results/, and those of a comment
# before it or in it:
#
#   <!-- figures: FILE[#TEXT][:TEXT]...; N = EXPRESSION; outside N... -->
#
# FILE is a text below the top of the tree; with :TEXT, only its lines that
# contain TEXT; with #TEXT, only its blocks with such a line; with both, such
# lines of such blocks. Double quotes enclose a TEXT with blanks; | stands
# between two TEXTs of which one is enough. N = EXPRESSION is calculated from
# numbers of the sources, 100 and 1000. outside: a number of another source, to
# which the block must have a link, or of which it has the commit. A source may
# print a number more precisely than the document. A number and its interval
# (1.23 +-0.02) have to be in the source together, as they are.
#
# No figures: what is in code spans, links and blocks of code (readme.t checks
# those), numbers that are part of a word or a section of the manual, years, days
# of a month, kernel releases without a unit, and the number after a word such as
# gcc or family.
#
# Each number is looked for with another digit as well: the last one greater by one,
# less by one, and the first one greater by one. Those that are found are written to
# weak_file: the test would not notice such an error. count_file gets the number of
# figures, of changed figures, and of those that are found.

function fail(text) { print page ": " text; failed = 1 }

# interval TEXT: does TEXT start with +-N? interval_text is N, and its end interval_end
function interval(text) {
	if (!match(text, /^[ !]*\+-[0-9]*\.?[0-9]+/))
		return 0
	interval_end = RLENGTH
	interval_text = substr(text, 1, RLENGTH)
	sub(/^[ !]*\+-/, "", interval_text)
	return 1
}

# The numbers of a line of a source: not those in words (v4.4, amd64-6.12) or in
# releases (2.6.22); a letter may follow (6s, 20k)
function collect(text, key,   before, s, k) {
	gsub(/\.\./, " ", text)
	while (match(text, /[0-9][0-9,]*(\.[0-9]+)*(e[-+]?[0-9]+)?|\.[0-9]+/)) {
		before = substr(text, 1, RSTART - 1)
		s = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		if (before ~ /[A-Za-z_]$/ || before ~ /[A-Za-z0-9_][-.:]$/ ||
		    s ~ /\..*\./)
			continue
		gsub(/,/, "", s)
		k = ++count[key]
		value[key, k] = s + 0
		if (interval(text))
			pair[key, s + 0, interval_text + 0] = 1
	}
}

function open_source(key,   file, text, kind) {
	nr_lines[key] = count[key] = 0
	only = within = ""
	file = key
	sub(/[#:].*/, "", file)
	key = substr(key, length(file) + 1)
	while (match(key, /^[#:]("[^"]*"|[^ ":]+)/)) {
		kind = substr(key, 1, 1)
		text = substr(key, 2, RLENGTH - 1)
		key = substr(key, RLENGTH + 1)
		gsub(/"/, "", text)
		if (kind == "#")
			within = text
		else
			only = text
	}
	return file
}

function has(text, wanted,   part, k) {
	if (wanted == "")
		return 1
	for (k = split(wanted, part, /\|/); k; k--)
		if (index(text, part[k]))
			return 1
	return 0
}

# Lines are collected at the end of their block.
function collect_block(text, key,   line, k, i) {
	if (!has(text, within))
		return
	k = split(text, line, /\n/)
	for (i = 1; i <= k; i++)
		if (has(line[i], only))
			collect(line[i], key)
}

function read_source(key,   file, line, text) {
	if (key in count)
		return
	file = open_source(key)
	text = ""
	while ((getline line < file) > 0) {
		nr_lines[key]++
		if (line == "") {
			collect_block(text, key)
			text = ""
		} else {
			text = text line "\n"
		}
	}
	close(file)
	collect_block(text, key)
	if (!nr_lines[key])
		fail("no source " file)
	else if (!count[key])
		fail("no number in " key)
}

function decimals(n,   e) {
	e = 0
	if (match(n, /e/)) {
		e = substr(n, RSTART + 1) + 0
		n = substr(n, 1, RSTART - 1)
	}
	e = (match(n, /\./) ? length(n) - RSTART : 0) - e
	return e > 0 ? e : 0
}

# all values of a source, rounded to d places
function round_all(key, d,   k, f) {
	if ((key, d) in rounded)
		return
	rounded[key, d] = 1
	f = "%." d "f"
	for (k = 1; k <= count[key]; k++) {
		seen[key, d, sprintf(f, value[key, k] + 1e-9)] = 1
		seen[key, d, sprintf(f, value[key, k] - 1e-9)] = 1
	}
}

function in_source(n, key,   d) {
	d = decimals(n)
	round_all(key, d)
	return (key, d, sprintf("%." d "f", n + 0)) in seen
}

function in_sources(n,   i) {
	for (i = 1; i <= nr_sources; i++)
		if (in_source(n, source[i]))
			return 1
	return 0
}

# a small calculator: + - * / and parentheses, for the text in "rest"
function factor(   v, s) {
	sub(/^ +/, "", rest)
	if (rest ~ /^\(/) {
		rest = substr(rest, 2)
		v = sum()
		if (rest !~ /^ *\)/)
			wrong = 1
		sub(/^ *\)/, "", rest)
		return v
	}
	if (!match(rest, /^[0-9]*\.?[0-9]+(e-?[0-9]+)?/)) {
		wrong = 1
		return 0
	}
	s = substr(rest, 1, RLENGTH)
	rest = substr(rest, RLENGTH + 1)
	if (s !~ /^1000?$/ && !(s in known) && !in_sources(s))
		fail("line " line_nr ": " s " of a calculation is in no source")
	return s + 0
}

function product(   v, w, op) {
	v = factor()
	while (match(rest, /^ *[*\/]/) && !wrong) {
		op = substr(rest, RLENGTH, 1)
		rest = substr(rest, RLENGTH + 1)
		w = factor()
		if (op == "*")
			v *= w
		else if (w)
			v /= w
		else
			wrong = 1
	}
	return v
}

function sum(   v, op) {
	v = product()
	while (match(rest, /^ *[-+]/) && !wrong) {
		op = substr(rest, RLENGTH, 1)
		rest = substr(rest, RLENGTH + 1)
		v += (op == "+" ? 1 : -1) * product()
	}
	return v
}

function calculate(n, text,   v, d) {
	rest = text
	wrong = 0
	v = sum()
	d = decimals(n)
	sub(/^ +/, "", rest)
	if (wrong || rest != "")
		fail("line " line_nr ": cannot calculate " text)
	else if (sprintf("%." d "f", v + 1e-9) != sprintf("%." d "f", n) &&
		 sprintf("%." d "f", v - 1e-9) != sprintf("%." d "f", n))
		fail("line " line_nr ": " n " is not " text ", which is " v)
	known[sprintf("%s", n)] = 1
}

function add_source(key) {
	source[++nr_sources] = key
	read_source(key)
}

# FILE[:TEXT]... with quotes
function add_sources(text) {
	while (match(text, /[^ "#:]+(#("[^"]*"|[^ ":]+))?(:("[^"]*"|[^ "]+))?/)) {
		add_source(substr(text, RSTART, RLENGTH))
		text = substr(text, RSTART + RLENGTH)
	}
}

function read_comment(text,   part, i, k, n, out) {
	k = split(text, part, /; */)
	add_sources(part[1])
	for (i = 2; i <= k; i++) {
		sub(/^ +/, "", part[i])
		if (part[i] ~ /^outside /) {
			n = split(part[i], out, / +/)
			for (n = n; n > 1; n--)
				known[out[n]] = 1
			outside = 1
		} else if (match(part[i], /^[0-9.]+ = /)) {
			calculate(substr(part[i], 1, RLENGTH - 3),
				  substr(part[i], RLENGTH + 1))
		} else {
			fail("line " line_nr ": not understood: " part[i])
		}
	}
}

# links to text files below results/
function read_links(text,   link, dir) {
	dir = page ~ /\// ? "docs/" : ""
	while (match(text, /\]\([^)#]*results\/[^)]*\)/)) {
		link = substr(text, RSTART + 2, RLENGTH - 3)
		text = substr(text, RSTART + RLENGTH)
		sub(/^\.\.\//, "", link)
		if (link ~ /\.(txt|dat|h|patch|seq)$/)
			add_source(link)
	}
}

BEGIN {
	months = "(January|February|March|April|May|June|July|August|" \
		"September|October|November|December)"
	named = "(gcc|clang|LLVM|llvm-mca|QEMU|Zen|family|model|version|versions|" \
		"GPL|Linux|LAVA|Ruby|libperf|cbmc|Debian|bookworm|trixie|bit|bits)"
	unit = "(%|cycles|bytes|ns|us|ms|s|instructions|times|less|more|KB|MB|GB|" \
		"MiB|minutes|seconds|hours|of|ticks|look-ups|kHz)"
	release = "^(2\\.6\\.[0-9]+|3\\.1[34]|4\\.[346]|5\\.1[08]|" \
		"6\\.(1|12|18)|7\\.[0-3])$"
}

function is_figure(n, before, after) {
	if (before ~ /[A-Za-z_]$/ || before ~ /[A-Za-z0-9_]([-.:\/^]|\()$/ ||
	    after ~ /^[A-Za-z_^]/ || after ~ /^[-:\/.][A-Za-z0-9_]/)
		return 0
	if (n ~ /^(19|20)[0-9][0-9]$/ && after !~ ("^ " unit "([^a-z]|$)"))
		return 0
	if (n ~ /^[0-9][0-9]?$/ && after ~ ("^ " months))
		return 0
	if (before ~ (named " $") || n ~ /\..*\./)
		return 0
	return !(n ~ release && after !~ ("^ " unit "([^a-z]|$)"))
}

function in_pairs(n, plus_minus,   i) {
	for (i = 1; i <= nr_sources; i++)
		if ((source[i], n + 0, plus_minus + 0) in pair)
			return 1
	return 0
}

# a number, or with plus_minus a number and its interval, which are together there
function check(n, plus_minus, shown) {
	gsub(/,/, "", n)
	if (n in known)
		return 1
	if (plus_minus == "" ? in_sources(n) : in_pairs(n, plus_minus))
		return 1
	if (shown)
		fail("line " line_nr ": " n \
			(plus_minus == "" ? "" : " +-" plus_minus) \
			" is in no source" \
			(nr_sources ? "" : ": the block names none"))
	return 0
}

# the number with another digit: the first (1), or the last, greater by one (2) or
# less by one (3)
function other(n, how,   at, digit) {
	if (how == 1)
		match(n, /[1-9]|[0-9]$/)
	at = how == 1 ? RSTART : match(n, /e/) ? RSTART - 1 : length(n)
	digit = (substr(n, at, 1) + (how == 3 ? 9 : 1)) % 10
	return substr(n, 1, at - 1) digit substr(n, at + 1)
}

function try_others(n, plus_minus,   how, m, p) {
	for (how = 1; how <= 6; how++) {
		if (how > 3 && plus_minus == "")
			return
		m = how > 3 ? n : other(n, how)
		p = how > 3 ? other(plus_minus, how - 3) : plus_minus
		changed++
		if (check(m, p, 0))
			weak[++nr_weak] = page ":" line_nr ": " n " or " m \
				(p == "" ? "" : " +-" p)
	}
}

function check_text(text,   before, n, all, plus_minus) {
	gsub(/`[^`]*`/, "code", text)
	gsub(/\]\([^)]*\)/, "] ", text)
	gsub(/<http[^>]*>/, "link", text)
	gsub(/\[[0-9]+\]/, " ", text)
	gsub(/(^|\n)[0-9]+\. /, " ", text)
	gsub(/\n/, " ", text)
	gsub(/ +/, " ", text)
	all = ""
	while (match(text, /[0-9][0-9,]*(\.[0-9]+)*(e[-+]?[0-9]+)?|\.[0-9]+/)) {
		before = substr(all text, 1, length(all) + RSTART - 1)
		n = substr(text, RSTART, RLENGTH)
		all = before n
		text = substr(text, RSTART + RLENGTH)
		while (n ~ /,$/) {
			n = substr(n, 1, length(n) - 1)
			all = substr(all, 1, length(all) - 1)
			text = "," text
		}
		if (!is_figure(n, before, text))
			continue
		figures++
		plus_minus = ""
		if (interval(text)) {
			plus_minus = interval_text
			all = all substr(text, 1, interval_end)
			text = substr(text, interval_end + 1)
		}
		if (check(n, plus_minus, 1))
			try_others(n, plus_minus)
	}
}

function end_block(   text, links) {
	if (block == "" && comment == "")
		return
	if (block == "")
		return
	if (comment != "")
		read_comment(comment)
	read_links(block)
	if (outside && block !~ /\]\(http|<http/ &&
	    block !~ /[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]/)
		fail("line " line_nr ": outside, without a link or a commit")
	check_text(block)
	block = comment = ""
	nr_sources = outside = 0
	split("", known)
}

FNR == 1 { end_block(); comment = ""; code = 0; page = FILENAME }
/^ *```/ { end_block(); code = !code; next }
code { next }
/^<!-- figures: / { if (block != "") end_block(); in_comment = 1; sub(/^<!-- figures: /, "") }
in_comment {
	if ($0 ~ / *-->$/) {
		in_comment = 0
		sub(/ *-->$/, "")
	}
	comment = comment " " $0
	sub(/^ +/, "", comment)
	next
}
/^<!--/ { next }
/^ *$/ { end_block(); next }
{
	if (block == "")
		line_nr = FNR
	block = block "\n" $0
}
END {
	end_block()
	for (i = 1; i <= nr_weak; i++)
		print weak[i] > weak_file
	print figures, changed + 0, nr_weak + 0 > count_file
	exit failed
}
