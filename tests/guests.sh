# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2100,SC2154 # for and from its sourcer
#
# What the tests that boot guests have in common; source tests/tap.sh first.

# lacks NAME: why there is no such guest; nothing if there is
lacks()
{
	"$top/scripts/guest" -B -w "$1" 2>&1 >/dev/null | sed 's/^guest: //'
}

# needs NAME: skip all tests of this file where there is no such guest
needs()
{
	why=$(lacks "$1")
	[ -n "$why" ] || return 0
	echo "1..0 # SKIP $why"
	exit 0
}

# has NAME: or a test that says what is skipped
has()
{
	why=$(lacks "$1")
	[ -n "$why" ] || return 0
	skip "$1" "$why"
	return 1
}

# guest OPTION... NAME COMMAND...: what it wrote is in out and err
guest()
{
	status=0
	"$top/scripts/guest" -B "$@" >out 2>err || status=$?
}

# costs FILE: "name ns" of each point of a result or counts file, one a line there
costs()
{
	sed -n -e 's/.*"name":"\([^"]*\)".*"real_time":\([-0-9.e]*\),.*/\1 \2/p' \
		-e 's/^\([A-Za-z][^ ]*\) \([-0-9.]*\) [^ ]*$/\1 \2/p' "$1"
}

# of FILE POINT: what it costs, in ns, which are instructions in a guest
of()
{
	costs "$1" | awk -v name="$2" '$1 == name { print $2 }'
}

# passed_on NAME: the TAP that a guest wrote to out, as tests of ours
passed_on()
{
	if [ "$status" != 0 ] && ! grep -q '^not ok' out; then
		result 1 "$1: ended with status $status" out err
	fi
	grep -E '^(not )?ok |^#' out >tap || :
	while read -r line; do
		case $line in
		"#"*) echo "$line" ;;
		*)
			n=$((n + 1))
			what=${line#*ok }
			echo "${line%%ok *}ok $n - $1: ${what#* - }"
			;;
		esac
	done <tap
	planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' out)
	ran=$(grep -cE '^(not )?ok ' out)
	if [ "${planned:-none}" != "$ran" ]; then
		result 1 "$1: planned ${planned:-nothing}, ran $ran" out err
	fi
}
