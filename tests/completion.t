#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# 'pfbench --completion': scripts for shells, made from the tables of --help.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test 'pfbench --completion', in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"

for shell in bash zsh; do
	"$pfbench" --completion=$shell >$shell.script 2>err && [ ! -s err ] &&
		bad=0 || bad=1
	result "$bad" "--completion=$shell" err
	if command -v $shell >/dev/null; then
		$shell -n $shell.script 2>err && [ ! -s err ] && bad=0 || bad=1
		result "$bad" "$shell can read its script" err
	else
		skip "$shell can read its script" "no $shell"
	fi
done
status=0
"$pfbench" --completion=fish >out 2>err || status=$?
[ "$status" = 2 ] && [ ! -s out ] && grep -q 'not bash or zsh' err && bad=0 || bad=1
result "$bad" "no script for another shell" out err
(s=0; "$pfbench" --completion=bash >/dev/full 2>err || s=$?; [ "$s" = 2 ]) &&
	[ "$(wc -l <err)" = 1 ] && bad=0 || bad=1
result "$bad" "a script that cannot be written" err

# words of 'pfbench --help', and options of each command's --help
commands=$("$pfbench" --help | awk '/^  [a-z]/ { print $1 }')
[ "$(echo "$commands" | wc -l)" -ge 12 ] && bad=0 || bad=1
result "$bad" "--help lists the commands"
for command in $commands; do
	"$pfbench" "$command" --help >help
	grep -oE '^ {2,6}(-[a-zA-Z], +)?--[a-z_-]+=?|^ {2}-[a-zA-Z][ ,]' help |
		tr -s ' ,' '\n' | grep . | sort -u >options
	bad=0
	[ "$(wc -l <options)" -ge 4 ] || bad=1
	sed -n "s/^\t*$command) words='\(.*\)' ;;$/\1/p" bash.script |
		tr -s ' ' '\n' >bash.words
	sed -n "/^\t$command)/,/;;/p" zsh.script |
		sed -n "s/^\t*'\(-[^[]*\)\[.*/\1/p" >zsh.words
	while read -r option; do
		for shell in bash zsh; do
			grep -qxe "$option" $shell.words && continue
			echo "$shell: no $option"
			bad=1
		done
	done <options >why
	result "$bad" "$command: all options" why help
done

# reply WORD...: the replies to a TAB after the last WORD, in one line
reply()
{
	# shellcheck disable=SC2016 # expanded by bash
	bash -c '. ./bash.script
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_pfbench
		echo "${COMPREPLY[*]}"' bash "$@" 2>err
}

# replies WHAT EXPECTED WORD...
replies()
{
	what=$1 expected=$2
	shift 2
	reply "$@" >out
	[ "$(cat out)" = "$expected" ] && [ ! -s err ] && bad=0 || bad=1
	result "$bad" "$what" out err
}

if command -v bash >/dev/null; then
	replies 'pfbench sel: the command' selftest pfbench sel
	replies 'pfbench c: both commands and census' \
		"$(echo "$commands" | grep '^c' | paste -s -d ' ')" pfbench c
	replies 'pfbench --v' --version pfbench --v
	replies 'run --ba' --backend= pfbench run --ba
	replies 'run --ic: an option without a value' --icount pfbench run --ic
	replies "run --kt: an option of a group that commands share" --ktap \
		pfbench run --kt
	replies 'run --benchmark_fi: a flag of Google Benchmark' \
		--benchmark_filter= pfbench run --benchmark_fi
	replies 'list --ic: not an option of another command' '' pfbench list --ic
	replies 'a value is a file' '' pfbench run --out = re
	replies 'help re: commands and pages, and no file' 'results report' \
		pfbench help re
	replies 'help --us: its options' --usage pfbench help --us
	replies 'an argument is a file' '' pfbench report re
	replies 'no such command: no options' '' pfbench nix --
else
	skip 'replies of the bash function' 'no bash'
fi

echo "1..$n"
