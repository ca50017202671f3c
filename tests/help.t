#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The options that every command has: --help, --usage, --version, and the one
# line for an option that is wrong.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test the options of all commands, in TAP"
	exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

# fits FILE: at most 72 columns of ASCII without tabs
fits()
{
	! grep -qE '.{73}|[^ -~]' "$1"
}

# prints WHAT PATTERN ARGUMENT...: on stdout alone, fit for a mail
prints()
{
	prints_what=$1 prints_pattern=$2
	shift 2
	run 0 "$@"
	[ ! -s err ] && grep -qE -e "$prints_pattern" out && fits out || bad=1
	result "$bad" "$prints_what" out err
}

prints "--help" '^Usage: pfbench COMMAND' --help
prints "-h" '^Usage: pfbench COMMAND' -h
prints "--version" '^pfbench [0-9]' --version
prints "-V" '^pfbench [0-9]' -V
refused "no such command" "no command 'vax' (see 'pfbench --help')" vax
refused "a misspelt command" "no command 'sefltest'; the nearest is selftest (" \
	sefltest
refused "a part of a command" "no command 'test'; the nearest is selftest (" test
for command in $("$pfbench" --help | awk '/^  [a-z]/ { print $1 }'); do
	prints "$command --help" "^Usage: pfbench $command" "$command" --help
	cp out help
	run 0 "$command" -h
	cmp -s out help || bad=1
	result "$bad" "$command -h is the same" err
	run 0 "$command" --no-such-option -h
	cmp -s out help || bad=1
	result "$bad" "$command -h: other options need not be right" err
	# codegen and model have a --usage=USAGE of their own
	if ! grep -q -e '--usage=' help; then
		prints "$command --usage" "^Usage: pfbench $command" \
			"$command" --usage
	fi
	prints "$command --version" '^pfbench [0-9]' "$command" --version
	prints "$command -V" '^pfbench [0-9]' "$command" -V
	refused "$command: an unknown option" \
		"$command: unknown option --no-such-option (see 'pfbench $command --help')" \
		"$command" --no-such-option
	refused "$command: an unknown letter" "$command: unknown option -7" \
		"$command" -7
	refused "$command: --help=x" "$command: --help takes no argument" \
		"$command" --help=x
	option=$(grep -oE -m1 -e ' --[a-z-]+=' help | tr -d ' =' || :)
	if [ -n "$option" ]; then
		refused "$command: an option without its argument" \
			"$command: $option needs an argument" "$command" \
			"$option"
		refused "$command: a misspelt option" \
			"$command: unknown option ${option}x=1; the nearest is $option (see" \
			"$command" "${option}x=1"
	fi
	status=0
	"$pfbench" "$command" --help >/dev/full 2>err || status=$?
	[ "$status" = 2 ] && [ "$(wc -l <err)" = 1 ] && bad=0 || bad=1
	result "$bad" "$command --help on a full disk: exit status 2" err
done

# Pages: by a stand-in for man(1) that prints its arguments
mkdir bin empty
cat >bin/man <<'END'
#!/bin/sh
echo "$*" >>"$MAN_LOG"
case $1 in
-w) exit "${MAN_FINDS:-0}" ;;
esac
echo "page: $*; MANPATH=${MANPATH-}"
exit "${MAN_STATUS:-0}"
END
chmod +x bin/man
MAN_LOG=$tmp/log
export MAN_LOG
path=$PATH
PATH=$tmp/bin:$PATH

# opens TITLE PATTERN ARGUMENT...: pfbench help ARGUMENT... opens a page
opens()
{
	opens_what=$1 opens_pattern=$2
	shift 2
	: >log
	run 0 help "$@"
	[ ! -s err ] && grep -qxE -e "$opens_pattern" out || bad=1
	result "$bad" "$opens_what" out err log
}

opens "help opens pfbench(1) of the tree" 'page: -l .*/man/pfbench\.1;.*'
opens "help run opens pfbench-run(1)" 'page: -l .*/man/pfbench-run\.1;.*' run
opens "help points opens pfbench-points(7)" \
	'page: -l .*/man/pfbench-points\.7;.*' points
for command in $("$pfbench" --help | awk '/^  [a-z]/ { print $1 }'); do
	: >log
	run 0 help "$command"
	page=$(sed -n 's/^page: -l \(.*\); MANPATH.*/\1/p' out)
	[ -n "$page" ] && [ -s "$page" ] || bad=1
	result "$bad" "help $command: the page exists" out err
done
MAN_STATUS=3 run 3 help run
result "$bad" "the exit status is that of man" out err
refused "no such page" "no command 'raec'; the nearest is race (" help raec
refused "a misspelt topic" "no command 'result'; the nearest is results (" \
	help result
refused "two pages" 'help: 2 commands: give one' help run list

# installed: no man/ beside the program
mkdir -p away/bin
cp "$pfbench" away/bin/pfbench
in_tree=$pfbench
pfbench=$tmp/away/bin/pfbench
MANPATH=/mine opens "an installed page: MANPATH has its directory" \
	'page: 1 pfbench-run; MANPATH=/.*/man:/mine' run
[ "$(head -n 1 log)" = '-w 1 pfbench-run' ] && bad=0 || bad=1
result "$bad" "man is asked for the page before" log
opens "without MANPATH, man's own directories follow" \
	'page: 1 pfbench; MANPATH=/.*/man:'
MAN_FINDS=16
export MAN_FINDS
prints "a page that man lacks: --help" '^Usage: pfbench run' help run
prints "pfbench(1) that man lacks: --help" '^Usage: pfbench COMMAND' help
refused "a topic that man lacks" \
	'it has no page pfbench-points(7): read man/pfbench-points.7' help points
unset MAN_FINDS
pfbench=$in_tree

PATH=$path
bad=0
PATH=$tmp/empty "$pfbench" help list >out 2>&1 || bad=1
PATH=$tmp/empty "$pfbench" help >>out 2>&1 || bad=1
grep -q '^Usage: pfbench list' out && grep -q '^Usage: pfbench COMMAND' out ||
	bad=1
result "$bad" "no man(1): --help" out
if command -v man >/dev/null; then
	run 0 help selftest
	grep -q 'pfbench-selftest' out && [ ! -s err ] || bad=1
	result "$bad" "the man(1) of this machine prints a page" out err
else
	skip "the man(1) of this machine prints a page" "no man(1)"
fi

# As wide as the terminal
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	script -qec "stty cols 120; '$pfbench' run --help" /dev/null </dev/null |
		tr -d '\r' >out
	awk 'length > 120 { long = 1 } length > 90 { wide = 1 }
		END { exit long || !wide }' out && bad=0 || bad=1
	result "$bad" "run --help is as wide as the terminal" out
else
	skip "run --help is as wide as the terminal" "no script(1), or no pseudo-terminal for it"
fi

echo "1..$n"
