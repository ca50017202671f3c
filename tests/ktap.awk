# SPDX-License-Identifier: GPL-2.0
#
# A strict check of KTAP version 1 (Documentation/dev-tools/ktap.rst): plans are
# there and right, numbers count up, a subtest is indented by two and followed
# by its parent's result, which follows from its cases, and there is no other
# line. Prints "N passed, N failed, N skipped" and exits 0; or prints the
# first wrong line and exits 1.

function wrong(why)
{
	printf "line %d: %s: %s\n", NR, why, $0
	bad = 1
	exit 1
}

# A result at level l: its number in the plan, and its kind.
function count(l, n, kind)
{
	if (n != ++seen[l])
		wrong("not number " seen[l])
	if (n > plan[l])
		wrong("more than planned")
	tally[l, kind]++
}

# The result of a parent with these subtests.
function sum(l)
{
	if (tally[l, "fail"])
		return "fail"
	return tally[l, "pass"] ? "pass" : "skip"
}

BEGIN { top = -1 }

{
	match($0, /^ */)
	level = RLENGTH / 2
	text = substr($0, RLENGTH + 1)
	if (skipped_all)
		wrong("after all was skipped")
	if (RLENGTH % 2)
		wrong("indented by an odd number")
}

text == "KTAP version 1" {
	if (level != top + 1 || (level && plan[top] < 0))
		wrong("misplaced subtest")
	top = level
	plan[top] = -1
	seen[top] = 0
	tally[top, "pass"] = tally[top, "fail"] = tally[top, "skip"] = 0
	next
}

top < 0 { wrong("before the version") }

text ~ /^1\.\.[0-9]+( # SKIP ..*)?$/ {
	if (level != top || plan[top] >= 0)
		wrong("misplaced plan")
	plan[top] = substr(text, 4) + 0
	skipped_all = text ~ /SKIP/
	if (skipped_all ? top || plan[top] : !plan[top])
		wrong("an empty plan and a skip belong together, at the top")
	next
}

plan[top] < 0 { wrong("before the plan") }

# Before a result, or after the last subtest of a parent.
text ~ /^# / {
	if (level != top && !(level == top - 1 && seen[top] == plan[top]))
		wrong("misplaced diagnostic")
	next
}

text ~ /^(not )?ok [0-9]+ ./ {
	kind = text ~ /^not/ ? "fail" : "pass"
	sub(/^(not )?ok /, "", text)
	number = text + 0
	sub(/^[0-9]+ /, "", text)
	hash = index(text, "#")
	if (hash && substr(text, hash - 1) !~ /^ # SKIP ./)
		wrong("a # that begins no SKIP with its reason")
	if (hash && kind == "fail")
		wrong("failed and skipped")
	if (hash)
		kind = "skip"
	if (hash == 1 || text ~ /^ /)
		wrong("no name")
	if (level == top - 1) {
		if (seen[top] != plan[top])
			wrong("a plan of " plan[top] ", but " seen[top])
		if (kind != sum(top))
			wrong("not the result of its subtests: " sum(top))
		top = level
		parent = 1
	} else if (level != top) {
		wrong("misplaced result")
	}
	count(level, number, kind)
	if (!parent)
		leaf[kind]++
	parent = 0
	next
}

{ wrong("neither version, plan, result nor diagnostic") }

END {
	if (bad)
		exit 1
	if (top != 0 || seen[0] != plan[0]) {
		print "cut off"
		exit 1
	}
	printf "%d passed, %d failed, %d skipped\n", leaf["pass"], leaf["fail"],
		leaf["skip"]
}
