# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables of the tests
#
# For the tests of the engines of scripts/lab.

# lab_run STATUS ARGUMENT...: runs lab; bad is 0 if the status is STATUS
lab_run()
{
	local want=$1
	shift
	status=0 bad=0
	timeout 100 "$lab" run "$@" >out 2>err || status=$?
	[ "$status" = "$want" ] || { echo "status $status" >>err; bad=1; }
}
# reads PATTERN: a note below the table, which may have several lines
reads()
{
	sed -e :a -e '$!N' -e 's/\n    / /' -e ta -e P -e D out | grep -q -e "$1" || bad=1
}
# row NAME N...: the table has this row
row()
{
	grep -qE "^$1 +$2 +$3 +$4 +$5 +$6\$" out || bad=1
}
