#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The rooms (directories) of bench/: each room includes only headers of rooms
# that it may use, and no static function has the same name in two files.

set -eu

case ${1:-} in
-h) echo "usage: $0: test the structure of the sources, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"

# Reads sources; prints "FILE:LINE: ROOM may not include NAME" for each #include
# that breaks a rule. may[ROOM] has the rooms that ROOM may use, besides itself.
cat >"$tmp/arrows.awk" <<'END'
BEGIN {
	may["cmd"] = "report measure code census workload race machine data lib"
	may["report"] = "data lib code/table.h"
	may["measure"] = may["race"] = "machine data lib"
	may["code"] = "data lib"
	may["workload"] = "census data lib"
	may["census"] = may["data"] = may["machine"] = "lib"
	may["lib"] = may["target"] = may["gbench"] = ""
	may["include"] = may["kmod"] = ""
}
FNR == 1 {
	n = split(FILENAME, part, "/")
	room = part[n - 1]
	for (i = 1; i <= n; i++)
		if (part[i] == "include" || part[i] == "kmod")
			room = part[i]
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, word, "\"")
	name = word[2]
	to = name
	sub(/\/.*/, "", to)
	# the code under test and the ABI; a file beside this one
	if (to == "pageflags" || to == "uapi" ||
	    (name !~ /\// && room !~ /^(cmd|report|measure|code|census|workload|race|machine|data|lib|gbench)$/))
		next
	ok = to == room && room in may && name ~ /\//
	m = split(may[room], list, " ")
	for (i = 1; i <= m; i++)
		if (list[i] == to || list[i] == name)
			ok = 1
	if (!ok)
		print FILENAME ":" FNR ": " room " may not include " name
}
END

git ls-files 'bench/*.[ch]' 'bench/*.cc' 'include/*.h' 'kmod/*.[ch]' >"$tmp/files"
xargs awk -f "$tmp/arrows.awk" <"$tmp/files" >"$tmp/out"
[ "$(wc -l <"$tmp/files")" -gt 100 ] && [ ! -s "$tmp/out" ] && bad=0 || bad=1
result "$bad" "every #include is allowed in its room" "$tmp/out"

# breaks FILE INCLUDE: the check reports FILE if FILE includes INCLUDE
breaks()
{
	mkdir -p "$tmp/$(dirname "$1")"
	printf '// one line before\n#include "%s"\n' "$2" >"$tmp/$1"
	awk -f "$tmp/arrows.awk" "$tmp/$1" >"$tmp/out"
	grep -q "^$tmp/$1:2: .* may not include $2\$" "$tmp/out" && bad=0 || bad=1
	result "$bad" "$2 in $1 is found" "$tmp/out"
}
breaks bench/lib/stats.c data/point.h
breaks bench/data/result.c report/format.h
breaks bench/race/race.c measure/session.h
breaks bench/report/matrix.c code/code.h
breaks bench/census/print.c data/point.h
breaks bench/workload/print.c code/code.h
breaks bench/target/loops.c lib/array.h
breaks bench/gbench/main.cc lib/array.h
breaks bench/measure/sampler.c sampler.h
breaks include/pageflags/head.h lib/array.h
breaks kmod/run.c bench/lib/array.h

# same FILE...: prints static functions that more than one of the files defines
same()
{
	awk '{ gsub(/__attribute__\(\(.*\)\) ?/, "") }
		/^static [^=;]*\(/ && !/\)[^()]*;[ \t]*$/ {
			sub(/\(.*/, "")
			sub(/.*[ *]/, "")
			if (seen[$0] && seen[$0] != FILENAME)
				print FILENAME ": " $0 "() is in " seen[$0] " as well"
			seen[$0] = FILENAME
		}' "$@"
}
# shellcheck disable=SC2046 # names are words
same $(git ls-files 'bench/*.c' ':!bench/target') >"$tmp/out"
[ ! -s "$tmp/out" ] && bad=0 || bad=1
result "$bad" "no static function has the same name in two files" "$tmp/out"
printf 'static int twice(void)\n{\n}\n' >"$tmp/a.c"
printf 'static const char *twice(int a,\n\t\t\tint b)\n{\n}\n' >"$tmp/b.c"
same "$tmp/a.c" "$tmp/b.c" >"$tmp/out"
[ "$(wc -l <"$tmp/out")" = 1 ] && bad=0 || bad=1
result "$bad" "a name that is in two files is found" "$tmp/out"

echo "1..$n"
