#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench model: known figures of simple code, and the messages.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench model, in TAP; needs llvm-mca 19"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=model
cd "$top"

# says WHAT TEXT: the last output has a line with that
says()
{
	bad=0
	grep -qF -e "$2" "$tmp/out" || bad=1
	result $bad "$1" "$tmp/out" "$tmp/err"
}

# figures MODE GENERATION PAGES: the figures of a row of the table of that mode
figures()
{
	awk -v mode=", $1: model" -v gen="$2" -v pages="$3" '
		index($0, ": model (") { on = index($0, mode) }
		on && NF && substr($0, 1, 1) != " " { is = $1 }
		on && is == gen && index($0, " " pages " ") == 19 {
			print substr($0, 30); exit }' "$tmp/out"
}

# tests without llvm-mca
refused 'no accessor' 'which accessor'
refused 'an unknown accessor' 'PageMagic' PageMagic
refused 'an unknown generation' 'v9.9' PageLocked v9.9
refused 'a generation without code of its own' 'native' PageLocked native
refused 'a generation before the accessor' 'compound_head/plain does not exist' \
	compound_head plain
refused 'an unknown architecture' 'vax' --arch=vax PageLocked
refused 'an unknown usage' 'value, condition' --usage=magic PageLocked
refused 'a condition of an accessor that is not a test' 'SetPageDirty is not a test' \
	--usage=condition SetPageDirty
refused 'an unknown CPU model' 'neoverse-n1' --arch=arm64 \
	--cpu-model=znver4 PageLocked
refused 'an unknown option' '--magic' --magic PageLocked
refused 'a missing result' 'no-such-file' --result=no-such-file PageLocked
refused 'a result that counts instructions' 'no cycles' --arch=x86-64 \
	--result=results/qemu-amd64-6.1/history.json.gz PageLocked
refused 'a result of another architecture' '--arch' --arch=s390x \
	--result=tests/golden/run.json PageLocked
sed 's/"AMD EPYC 9R14"/"AMD EPYC"/' tests/golden/run.json >"$tmp/epyc.json"
refused 'a CPU with an unclear name is not guessed' \
	"no known CPU model is named 'AMD EPYC'" --arch=x86-64 \
	--result="$tmp/epyc.json" PageLocked

mkdir "$tmp/bin"
status=0
PATH=$tmp/bin "$pfbench" model PageLocked >"$tmp/out" 2>"$tmp/err" || status=$?
bad=0
[ "$status" = 2 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
	grep -q 'apt install llvm-19' "$tmp/err" || bad=1
result $bad 'no llvm-mca: what to install' "$tmp/err"
printf '#!/bin/sh\necho "Debian LLVM version 14.0.6"\n' >"$tmp/bin/llvm-mca"
chmod +x "$tmp/bin/llvm-mca"
status=0
PATH=$tmp/bin "$pfbench" model PageLocked >"$tmp/out" 2>"$tmp/err" || status=$?
bad=0
[ "$status" = 2 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
	grep -q 'llvm-mca is 14\.0\.6' "$tmp/err" || bad=1
result $bad 'an old llvm-mca is refused' "$tmp/err"

# tests with llvm-mca
archs='x86-64 arm64 riscv64 ppc64le s390x'
status=0
"$pfbench" model --arch=x86-64 add1 >"$tmp/out" 2>"$tmp/err" || status=$?
if [ "$status" != 0 ]; then
	why=$(sed 's/^pfbench: model: //; q' "$tmp/err")
	case $why in
	*install*) skip 'the models themselves' "$why" ;;
	*) result 1 'x86-64 can be modelled' "$tmp/err" ;;
	esac
	echo "1..$n"
	exit 0
fi

# dependent adds: one cycle each
cp "$tmp/out" "$tmp/first-x86-64"
for adds in 1 2 4; do
	run 0 --arch=x86-64 --cpu-model=skylake-avx512 "add$adds"
	figures latency primitive all
done | tr -s ' \n' ' ' >"$tmp/adds"
bad=0
awk '{ exit !($2 - $1 == 1 && $3 - $2 == 2) }' "$tmp/adds" || bad=1
result $bad 'each further dependent add takes one cycle' "$tmp/adds"

run 0 --arch=x86-64 PageLocked plain v4.4-word v7.1-mask
cp "$tmp/out" "$tmp/x86"
grep -q '.\{73\}\|[^ -~]' "$tmp/out" && bad=1
[ "$(grep -c 'model (llvm-mca [0-9.]*), not measured' "$tmp/out")" = 2 ] ||
	bad=1
result $bad 'both tables say that they are a model, in 72 columns' "$tmp/out"
says 'the output says that mispredicted branches are left out' \
	'- branches: each counts as predicted'
says 'that barriers are left out' '- barriers and atomic operations:'
says 'that caches are left out' '- memory: every load hits'
figures latency plain all >"$tmp/plain"
figures latency v4.4-word all >"$tmp/word"
figures latency v7.1-mask all >"$tmp/mask"
bad=0
paste -d ' ' "$tmp/plain" "$tmp/word" "$tmp/mask" | awk '
	{ if (NF != 21) exit 1
	  for (i = 1; i <= 7; i++)
		if (!($i > 0 && $i < $(i + 7) && $(i + 7) < $(i + 14))) exit 1
	  n++ } END { exit n != 1 }' || bad=1
result $bad 'on each x86 model plain < v4.4-word < v7.1-mask in latency' \
	"$tmp/x86"
run 0 --arch=x86-64 PageLocked plain v4.4-word v7.1-mask
cmp -s "$tmp/out" "$tmp/x86" || bad=1
result $bad 'twice the same' "$tmp/out"

run 0 --arch=x86-64 --cpu-model=cascadelake SetPageDirty plain
says 'an atomic operation has no figure' 'n/a (atomic: lock '
says 'an accessor without a value has no latency' \
	'latency: n/a (the accessor returns no value)'
bad=0
[ "$(grep -c '[0-9]\.[0-9][0-9]$' "$tmp/out")" = 0 ] || bad=1
result $bad 'and the table has no figure' "$tmp/out"
run 0 --arch=x86-64 --cpu-model=znver4 --usage=condition PageLocked plain
says 'a condition has a throughput' 'throughput: model'
says 'but no latency' 'latency: n/a (a condition returns no value)'

# beside the measurement
run 0 --arch=x86-64 --result=tests/golden/run.json PageLocked plain
says 'beside a result that names its CPU' \
	') of znver4, beside measured'
says 'with the measurement in estimated cycles' 'estimated cycles'
bad=0
"$pfbench" report --unit=cycles --accessor=PageLocked tests/golden/run.json |
	awk '/^PageLocked, latency$/ { on = 1 }
	     on && $1 == "plain" { print $2, $3; exit }' >"$tmp/want"
awk '/beside measured/ { on = 1 }
     on && $1 == "plain" { print $(NF - 1), $NF; exit }' "$tmp/out" >"$tmp/got"
[ -s "$tmp/got" ] && cmp -s "$tmp/want" "$tmp/got" || bad=1
result $bad 'the same figure as in the report' "$tmp/want" "$tmp/out"
run 0 --arch=x86-64 --cpu-model=znver2 --result="$tmp/epyc.json" PageLocked \
	plain
says 'or whose CPU the user names' ') of znver2, beside measured'

# JSON: the figures of the tables
if command -v jq >/dev/null; then
	run 0 --arch=x86-64 --cpu-model=znver4 \
		--result=tests/golden/run.json PageLocked v4.4-word v3.14-rmb
	figures latency v4.4-word all | tr -d ' ' >"$tmp/want"
	awk '/beside measured/ { on = 1 }
	     on && $1 == "v4.4-word" { print $(NF - 1); exit }' "$tmp/out" \
		>>"$tmp/want"
	run 0 --json --arch=x86-64 --cpu-model=znver4 \
		--result=tests/golden/run.json PageLocked v4.4-word v3.14-rmb
	jq -r '.architectures[0] | (.paths[] | select(.generation == "v4.4-word" and
		.lowering == "" and (.pages | length) == 3) | .cpus.znver4.latency),
		(.measured[0].rows | map(.latency | select(. != null and
			(.point | startswith("PageLocked/v4.4-word/"))))[0].median)' \
		"$tmp/out" 2>>"$tmp/err" | awk '{ printf "%.2f\n", $1 }' >"$tmp/got"
	[ "$(wc -l <"$tmp/got")" = 2 ] && diff "$tmp/want" "$tmp/got" \
		>>"$tmp/err" || bad=1
	result $bad 'JSON: the figures of the tables' "$tmp/err"
	run 0 --json --arch=x86-64 --cpu-model=znver4 smp_mb
	jq -e '.format == 1 and (.architectures[0].paths | length) == 1 and
		(.architectures[0].paths[0].cpus.znver4 | .throughput == null and
		 (.reason | startswith("n/a (")))' "$tmp/out" >/dev/null \
		2>>"$tmp/err" || bad=1
	result $bad 'JSON: why there is no figure' "$tmp/err" "$tmp/out"
else
	skip 'JSON: the figures of the tables' 'no jq'
fi

# a full disk cuts the trace, which QEMU does not report
mkdir "$tmp/full"
for size in 128k 256k 512k; do
	status=0
	# shellcheck disable=SC2016 # the inner shell expands $0
	unshare -rm sh -c 'mount -t tmpfs -o size='$size' tmpfs "$0" && cd / &&
		TMPDIR=$0 exec "$@"' "$tmp/full" "$pfbench" model --arch=x86-64 \
		PageLocked v4.4-word >"$tmp/out" 2>"$tmp/err" || status=$?
	if grep -q 'unshare\|mount' "$tmp/err"; then
		skip "a full disk of $size" 'no tmpfs can be mounted'
		continue
	fi
	[ "$status" = 2 ] && grep -q 'No space left on device' "$tmp/err" &&
		[ "$(wc -l <"$tmp/err")" = 1 ] && bad=0 || bad=1
	result $bad "a full disk of $size" "$tmp/err"
done

# the others
for arch in arm64 riscv64 ppc64le s390x; do
	status=0
	"$pfbench" model --arch=$arch empty >"$tmp/out" 2>"$tmp/err" ||
		status=$?
	if [ $status != 0 ] && grep -q install "$tmp/err"; then
		skip "$arch" "$(sed 's/^pfbench: model: //' "$tmp/err")"
		archs=$(echo "$archs" | sed "s/ $arch//")
		continue
	fi
	cp "$tmp/out" "$tmp/first-$arch"
	bad=0
	for mode in throughput latency; do
		figures $mode primitive all |
			grep -qE '^( *0\.00)+$' || bad=1
	done
	result $bad "$arch: the empty use takes 0 cycles" "$tmp/out" "$tmp/err"
	run 0 --arch=$arch PageLocked v3.14-rmb v4.4-word
	what='a barrier has no figure'
	if [ $arch = s390x ]; then
		what='smp_rmb() is nothing, and has one'
		figures latency v3.14-rmb tail | grep -q '^ *[1-9]' || bad=1
	else
		figures latency v3.14-rmb tail | grep -q 'n/a (barrier: ' ||
			bad=1
	fi
	result $bad "$arch: $what" "$tmp/out" "$tmp/err"
	bad=0
	pages=$(grep -m 1 '^v4.4-word ' "$tmp/out" | cut -c 20-29)
	figures throughput v4.4-word "${pages%% *}" |
		grep -qE '^( *[0-9]+\.[0-9]{2})+$' || bad=1
	result $bad "$arch: each CPU model knows the code" "$tmp/out"
done

# A CPU without a model of its own: llvm-mca lists the same units for both.
mca=$(command -v llvm-mca-19 || command -v llvm-mca)
units()
{
	printf '\tnop\n' >"$tmp/nop.s"
	[ "$1" != s390x ] || printf '\tlgr %%r1, %%r2\n' >"$tmp/nop.s"
	case $1 in
	arm64) triple=aarch64 ;;
	ppc64le) triple=powerpc64le ;;
	*) triple=$(echo "$1" | tr - _) ;;
	esac
	"$mca" -mtriple="$triple" -mcpu="$2" "$tmp/nop.s" 2>"$tmp/err" |
		sed -n '/^Resources:/,/^$/p'
}
bad=0
: >"$tmp/differ"
for arch in $archs; do
	sed -n '3,/^$/p' "$tmp/first-$arch" | tr '\n' ' ' | tr -s ' ' |
		sed 's/)/\n/g' |
		sed -n 's/.* \([^ ]*\) (also for \(.*\)/\1 \2/p' \
		>"$tmp/takes"
	while read -r cpu others; do
		units "$arch" "$cpu" >"$tmp/units"
		[ -s "$tmp/units" ] || bad=1
		for other in $others; do
			units "$arch" "$other" | cmp -s - "$tmp/units" ||
				echo "$other is not $cpu" >>"$tmp/differ"
		done
		echo "$cpu" >>"$tmp/tried"
	done <"$tmp/takes"
done
[ ! -s "$tmp/differ" ] && [ -s "$tmp/tried" ] || bad=1
result $bad 'a CPU without a model of its own has the resources of the named model' \
	"$tmp/differ"

# one architecture has its tools, the others do not
for tool in llvm-mca-19 llvm-mc-19 gcc x86_64-linux-gnu-gcc objdump readelf as \
		ld qemu-x86_64; do
	path=$(command -v $tool) || continue
	printf '#!/bin/sh\nexec %s "$@"\n' "$path" >"$tmp/bin/$tool"
	chmod +x "$tmp/bin/$tool"
done
status=0
PATH=$tmp/bin "$pfbench" model --arch=all empty >"$tmp/out" 2>"$tmp/err" ||
	status=$?
bad=0
[ "$status" = 1 ] && [ "$(wc -l <"$tmp/err")" = 4 ] &&
	[ "$(grep -c 'install' "$tmp/err")" = 4 ] &&
	grep -q '^Skipped: 4 of 5 architectures$' "$tmp/out" &&
	grep -q '^x86-64, latency: model' "$tmp/out" || bad=1
if command -v llvm-mca-19 >/dev/null && [ "$(uname -m)" = x86_64 ]; then
	result $bad 'architectures without tools are skipped and counted' "$tmp/out" "$tmp/err"
else
	skip 'architectures without tools are skipped and counted' \
		'made for x86-64 with llvm-mca-19'
fi

# the run takes longer than half a second
status=0
TMPDIR=$tmp/bin
export TMPDIR
# only the program gets the signal: a second one would kill it
timeout --foreground --preserve-status -s INT 0.5 \
	"$pfbench" model --arch=all PageLocked >"$tmp/out" 2>"$tmp/err" ||
	status=$?
bad=0
find "$tmp/bin" -name 'pfbench-*' >"$tmp/left"
[ "$status" = 130 ] && [ ! -s "$tmp/left" ] && [ ! -s "$tmp/out" ] || bad=1
result $bad 'interrupted, no temporary files are left' "$tmp/left" "$tmp/out" \
	"$tmp/err"

run 0 --help
grep -q '^Exit status' "$tmp/out" && grep -q '^Example' "$tmp/out" || bad=1
result $bad 'help' "$tmp/out" "$tmp/err"
if [ -w /dev/full ]; then
	status=0
	"$pfbench" model --arch=x86-64 --cpu-model=znver4 empty >/dev/full \
		2>"$tmp/err" || status=$?
	[ "$status" = 2 ] && bad=0 || bad=1
	result $bad 'a full disk' "$tmp/err"
fi
echo "1..$n"
