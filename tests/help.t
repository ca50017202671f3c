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
refused "no such command" "no command 'vax'" vax
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
	option=$(grep -oE -m1 -e ' --[a-z-]+=' help | tr -d ' =')
	refused "$command: an option without its argument" \
		"$command: $option needs an argument" "$command" "$option"
	status=0
	"$pfbench" "$command" --help >/dev/full 2>err || status=$?
	[ "$status" = 2 ] && [ "$(wc -l <err)" = 1 ] && bad=0 || bad=1
	result "$bad" "$command --help on a full disk: exit status 2" err
done

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
