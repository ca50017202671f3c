#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The manual pages: the commands and options that --help shows, the names in
# the catalog, mandoc's rules, and what 'make install' installs.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test the manual pages, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"

# The options that a page has a tag for.
tagged()
{
	awk '/^\.It Fl/ {
		for (i = 2; i < NF; i++)
			if ($i == "Fl")
				print "-" $(i + 1)
	}' "$1" | sort -u
}

# The options at the starts of the lines of a --help, but for those of all
# commands: pfbench(1) has them.
offered()
{
	grep -oE '^ {2,6}(-[A-Za-z0-9-][^ ]*( |$))+' "$1" | tr -s ' ' '\n' |
		sed -e 's/,$//' |
		grep -vxE -e '|-h|--help|--usage|-V|--version' |
		sed 's/\[*=.*//' | sort -u
}

# absent FILE: reads options, prints those that no word of FILE is
absent()
{
	while read -r option; do
		grep -qE -e "(^|[^a-z_-])$option([^a-z_-]|\$)" "$1" ||
			echo "$option"
	done
}

"$pfbench" --help >"$tmp/help"
commands=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$tmp/help")
[ "$(echo "$commands" | wc -l)" -ge 13 ] && bad=0 || bad=1
result "$bad" "commands in --help" "$tmp/help"
for command in $commands; do
	page=man/pfbench-$command.1
	[ -e "$page" ] || {
		result 1 "$command has a page"
		continue
	}
	"$pfbench" "$command" --help >"$tmp/help"
	tagged "$page" >"$tmp/tagged"
	offered "$tmp/help" >"$tmp/offered"
	comm -13 "$tmp/tagged" "$tmp/offered" >"$tmp/bad"
	absent "$tmp/help" <"$tmp/tagged" >>"$tmp/bad"
	# help has the options of all commands alone
	[ -s "$tmp/offered" ] || [ "$command" = help ] || echo none >>"$tmp/bad"
	[ ! -s "$tmp/bad" ] && bad=0 || bad=1
	result "$bad" "$command: the options in its page are those of --help" \
		"$tmp/bad"
done

for option in -h --help --usage -V --version --completion; do
	tagged man/pfbench.1 | grep -qxe "$option" || echo "$option"
done >"$tmp/bad"
[ ! -s "$tmp/bad" ] && bad=0 || bad=1
result "$bad" "options of all commands are in pfbench(1)" "$tmp/bad"

# A reference to a page of pfbench has that page; pfbench(1) refers to all pages.
for page in man/*.[157]; do
	sed -n 's/^\.\(It \)*Xr \(pfbench[a-z-]*\) \([0-9]\).*/\2.\3/p' "$page" |
		sort -u >"$tmp/refers"
	while read -r name; do
		[ -e "man/$name" ] || echo "$page: $name"
	done <"$tmp/refers"
	[ "$page" = man/pfbench.1 ] || grep -qx pfbench.1 "$tmp/refers" ||
		echo "$page: does not refer to pfbench.1"
	section=${page##*.} name=${page##*/}
	title=$(echo "${name%.*}" | tr '[:lower:]' '[:upper:]')
	grep -qx "\.Dt $title $section" "$page" || echo "$page: .Dt"
	[ "$page" = man/pfbench.1 ] ||
		sed '1,/^\.Sh SEE ALSO/d' man/pfbench.1 |
		grep -q "^\.Xr ${name%.*} $section" ||
		echo "pfbench.1: does not refer to $name"
done >"$tmp/bad"
[ ! -s "$tmp/bad" ] && bad=0 || bad=1
result "$bad" "pages refer to pages that exist" "$tmp/bad"

# Every part of a name, once; N of mixed:N and order:N apart.
"$pfbench" list --all --backend=kmod >"$tmp/points"
tr '/' '\n' <"$tmp/points" | sed 's/:.*//' | sort -u >"$tmp/parts"
# shellcheck disable=SC2016 # awk's own variables
awk '/^\.(It )?(Cm|Fn) / {
	for (i = 2; i <= NF; i++) {
		sub("^/", "", $i)
		sub(/:\\&$/, "", $i)
		print $i
	}
}' man/pfbench-points.7 | sort -u >"$tmp/tagged"
comm -23 "$tmp/parts" "$tmp/tagged" >"$tmp/bad"
[ "$(wc -l <"$tmp/parts")" -gt 80 ] && [ ! -s "$tmp/bad" ] && bad=0 || bad=1
result "$bad" "pfbench-points(7) has each part of each name" "$tmp/bad"

# The first line of each generation is what the catalog says of it.
"$pfbench" list --generations | awk '/^[^ ]/ { name = $1; next }
	{ sub("^ *", ""); print name ": " $0 "." }' | sort >"$tmp/listed"
# shellcheck disable=SC2016 # awk's own variables
sed -n '/^\.Sh GENERATIONS/,/^\.Sh POPULATIONS/p' man/pfbench-points.7 | awk '
	names {
		for (i = 3; i <= names; i += 2)
			print name[i] ": " $0
		names = 0
	}
	/^\.It Cm / { names = split($0, name, " ") }' | sort >"$tmp/tagged"
diff "$tmp/listed" "$tmp/tagged" >"$tmp/bad" && bad=0 || bad=1
[ "$(wc -l <"$tmp/listed")" -gt 15 ] || bad=1
result "$bad" "pfbench-points(7) has releases, commit and configuration as listed" \
	"$tmp/bad"

if command -v mandoc >/dev/null; then
	for page in man/*.[157]; do
		mandoc -Tlint -Wwarning "$page"
		mandoc -Tascii "$page" | sed 's/.\x08//g' | expand |
			awk -v page="$page" 'length > 79 { print page ": " $0 }'
	done >"$tmp/bad" 2>&1 || :
	[ ! -s "$tmp/bad" ] && bad=0 || bad=1
	result "$bad" "mandoc finds no fault, and lines fit 80 columns" "$tmp/bad"
else
	skip "mandoc finds no fault" "no mandoc"
fi

# with the program as it is: 'all' is old enough
install()
{
	env -u MAKEFLAGS -u MAKELEVEL make -s -o all "$1" B="${pfbench%/*}" \
		DESTDIR="$tmp/dest" prefix=/usr >"$tmp/out" 2>&1
}

install install && bad=0 || bad=1
share=$tmp/dest/usr/share
for page in man/*; do
	cmp "$page" "$share/man/man${page##*.}/${page##*/}"
done >"$tmp/bad" 2>&1 || :
[ ! -s "$tmp/bad" ] || bad=1
result "$bad" "make install installs each page" "$tmp/out" "$tmp/bad"
bad=0
grep -q 'complete.* pfbench' \
	"$share/bash-completion/completions/pfbench" 2>"$tmp/bad" || bad=1
grep -q '^#compdef pfbench' "$share/zsh/site-functions/_pfbench" \
	2>>"$tmp/bad" || bad=1
result "$bad" "and both completions" "$tmp/out" "$tmp/bad"
install uninstall && bad=0 || bad=1
find "$tmp/dest" ! -type d >"$tmp/bad"
[ ! -s "$tmp/bad" ] || bad=1
result "$bad" "make uninstall removes all of it" "$tmp/out" "$tmp/bad"
echo "1..$n"
