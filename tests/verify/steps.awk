# SPDX-License-Identifier: GPL-2.0
#
# Print the steps of the interleaving that refutes the first assertion of
# lookup.c, one per line, in the order of memory, from a trace of cbmc (--trace).

# A trace shows declarations like assignments: read the source line.
function shown(    file, key, i)
{
	file = where["file"]
	key = file ":" where["line"]
	if (!(key in line)) {
		for (i = 1; (getline text < file) > 0; i++)
			line[file ":" i] = text
		close(file)
	}
	text = line[key]
	return text ~ /=/
}

function number(bits,    i, n)
{
	for (i = 1; i <= length(bits); i++)
		n = 2 * n + substr(bits, i, 1)
	return n
}

# An address is the number of an object, 8 bits, and an offset.
function value(bits,    n, i)
{
	if (bits ~ /^11111111/) {
		for (i = 63; substr(bits, i, 1) == 0; i--)
			;
		return sprintf("tail, mask of order %d", 64 - i - 6)
	}
	n = number(substr(bits, 9))
	if (number(substr(bits, 1, 8)) == 0) {
		if (n == 2989)
			return "private data"
		if (n == 44504)
			return "a list pointer"
		return n
	}
	if (n % 64 == 1)
		return sprintf("tail of page %d", n / 64)
	if (n % 64)
		return sprintf("page %d + %d", n / 64, n % 64)
	return sprintf("page %d", n / 64)
}

function flags(bits,    text)
{
	if (substr(bits, 64 - head, 1) == 1)
		text = " PG_head"
	if (marking == "PF_MARK_ORDER")
		text = text " order " number(substr(bits, 64 - tail - 3, 4))
	else if (marking ~ /BIT$/ && substr(bits, 64 - tail, 1) == 1)
		text = text (marking ~ /TWOBIT/ ? " PG_reclaim" : " PG_tail")
	return text == "" ? "none" : substr(text, 2)
}

function step(who, what)
{
	printf "%4d  %s  %s\n", ++steps, who, what
}

/^Trace for / { ours = /assertion\.1:/ }
!ours { next }
/^State / {
	for (i = 1; i < NF; i++)
		where[$i] = $(i + 1)
	next
}
!/=/ { next }
{
	lhs = rhs = bits = $0
	sub(/^ */, "", lhs)
	sub(/=.*/, "", lhs)
	sub(/^[^=]*=/, "", rhs)
	sub(/ \(.*/, "", rhs)
	sub(/.*\(/, "", bits)
	gsub(/[^01]/, "", bits)
}
lhs == "bit_head" { head = rhs + 0 }
lhs == "bit_tail" { tail = rhs + 0 }
lhs == "marking" { marking = substr(rhs, 9) }
where["thread"] == 0 && lhs == "page" && match(rhs, /[0-9]+l?$/) {
	page = substr(rhs, RSTART) + 0
}

where["thread"] == 1 && lhs == "begun" { step("writer", "begins change " rhs) }
where["thread"] == 1 && lhs == "done" { step("writer", "has done change " rhs) }
where["thread"] == 1 && lhs ~ /^memmap\[[0-9]+l?\]\.flags$/ {
	step("writer", sprintf("page %d: flags become %s", substr(lhs, 8),
		flags(bits)))
}
where["thread"] == 1 && lhs ~ /^memmap\[[0-9]+l?\]\.word\[[0-9]+l?\]$/ {
	step("writer", sprintf("page %d: word becomes %s", substr(lhs, 8),
		value(bits)))
}

lhs ~ /^seen\[[0-9]+l?\]\.flags$/ && where["function"] == "fetch" {
	step("reader", sprintf("page %d: flags are fetched: %s",
		substr(lhs, 6), flags(bits)))
}
lhs ~ /^seen\[[0-9]+l?\]\.word\[[0-9]+l?\]$/ && where["function"] == "fetch" {
	step("reader", sprintf("page %d: word is fetched: %s",
		substr(lhs, 6), value(bits)))
}

where["thread"] != 0 { next }
lhs == "from" && shown() { step("reader", "starts") }
lhs ~ /return_value..pf_flags$/ {
	step("reader", sprintf("page %d: flags are %s", page, flags(bits)))
}
lhs ~ /return_value..test_bit$/ {
	step("reader", sprintf("page %d: PG_head is %s", page,
		rhs ~ /TRUE|^1/ ? "set" : "clear"))
}
where["function"] ~ /^pf_/ && shown() {
	if (lhs ~ /^(head|word|info)$/ || text ~ /->word\[|pf_word\(/)
		step("reader", sprintf("page %d: word is %s",
			page + (text ~ /page\[1\]/), value(bits)))
}
lhs == "answer" && shown() {
	step("reader", "answers " value(bits))
	exit
}
