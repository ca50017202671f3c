# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2100,SC2154 # shared with tests
#
# Shared by the tests that boot guests; source tests/tap.sh first.
#
# With PFBENCH_GUEST=DIR, an absolute path, the tests run in the x86-64 kernel
# that was built in DIR, and fail if that kernel reports a mistake: see
# scripts/check-debug.

# guests NAME...: prints the guests of a test, which is one with PFBENCH_GUEST
guests()
{
	if [ -n "${PFBENCH_GUEST:-}" ]; then
		echo "$PFBENCH_GUEST"
	else
		echo "$@"
	fi
}

# programs NAME: prints the directory of the programs for a guest
programs()
{
	case $1 in
	*/*) echo "$top/build/guest/amd64/tests" ;;
	*) echo "$top/build/guest/${1%-*}/tests" ;;
	esac
}

# slower FAST SLOW: prints SLOW in a kernel that takes long for everything
slower()
{
	if [ -n "${PFBENCH_GUEST:-}" ]; then
		echo "$2"
	else
		echo "$1"
	fi
}

# title_of TEXT: TEXT, without the directory of a kernel that it may begin with
title_of()
{
	echo "$1" | sed 's,^/[^ ,]*,debug-kernel,'
}

# lacks NAME: prints the reason why the guest cannot boot, or nothing
lacks()
{
	"$top/scripts/guest" -B -w "$1" 2>&1 >/dev/null | sed 's/^guest: //'
}

# needs NAME: skips all tests of this file if the guest cannot boot
needs()
{
	why=$(lacks "$1")
	[ -n "$why" ] || return 0
	echo "1..0 # SKIP $why"
	exit 0
}

# has NAME: succeeds if the guest can boot; else prints a skipped test and fails
has()
{
	why=$(lacks "$1")
	[ -n "$why" ] || return 0
	skip "$(title_of "$1")" "$why"
	return 1
}

# Data races that KCSAN is to report, by function. Look-ups of two words load as
# their kernels did, without READ_ONCE(). And the writer sets PG_head as
# __SetPageHead() does, not atomically, while a reader changes another flag.
two_word_races='race_[A-Za-z_]*_(v2_6_22_twobit|v2_6_26_bit|v3_14_rmb) '
set_races='race_[A-Za-z_]*([Ss]et|Clear)[A-Za-z_]*[Dd]irty_[a-z0-9_]*'
flag_races="pf_race_(make|split).* / $set_races|$set_races .* / write_block"
expected_races="$two_word_races|$flag_races"

# guest OPTION... NAME COMMAND...: runs scripts/guest; sets status; the output
# is in out and err
guest()
{
	status=0
	[ -z "${PFBENCH_GUEST:-}" ] || set -- -r -e "$expected_races" \
		-m 2048 -t 1800 "$@"
	"$top/scripts/guest" -B "$@" >out 2>err || status=$?
}

# costs FILE: prints "name ns" for each point of a result or counts file with
# one point per line
costs()
{
	sed -n -e 's/.*"name":"\([^"]*\)".*"real_time":\([-0-9.e]*\),.*/\1 \2/p' \
		-e 's/^\([A-Za-z][^ ]*\) \([-0-9.]*\) [^ ]*$/\1 \2/p' "$1"
}

# of FILE POINT: prints the cost of POINT in ns; in a guest, 1 ns is 1
# instruction
of()
{
	costs "$1" | awk -v name="$2" '$1 == name { print $2 }'
}

# passed_on NAME: prints the TAP that a guest wrote to out, numbered as tests of
# this file
passed_on()
{
	guest_title=$(title_of "$1")
	if [ "$status" = 124 ] ||
			{ [ "$status" != 0 ] && ! grep -q "^not ok" out; }; then
		result 1 "$guest_title: ended with status $status" out err
	fi
	grep -E '^(not )?ok |^#' out >tap || :
	while read -r line; do
		case $line in
		"#"*) echo "$line" ;;
		*)
			n=$((n + 1))
			what=${line#*ok }
			echo "${line%%ok *}ok $n - $guest_title: ${what#* - }"
			;;
		esac
	done <tap
	planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' out)
	ran=$(grep -cE '^(not )?ok ' out)
	if [ "${planned:-none}" != "$ran" ]; then
		result 1 "$guest_title: planned ${planned:-nothing}, ran $ran" \
			out err
	fi
}
