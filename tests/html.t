#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench html: the page is whole and safe, its data are those of the other
# views, and what is wrong is one line. tests/html-chromium.t shows it.

set -eu

case ${1:-} in
-h) echo "usage: $0: test pfbench html, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
subcommand=html
cd "$top"
real=$(echo results/epyc-26-2-vm/2*-user.json.gz)
gzip -dc "$real" >"$tmp/real.json"
cp -r results/code-amd64 "$tmp"
cd "$tmp"

# The page does not depend on the version of a library: it has what it finds.
mkdir -p js/jquery js/jquery-datatables js/dygraphs
echo 'var a = "</script><!-- </SCRIPT>";' >js/jquery/jquery.min.js
echo 'var b;' >js/jquery-datatables/jquery.dataTables.min.js
printf 'var c;\n//# sourceMappingURL=dygraph.min.js.map\n' >js/dygraphs/dygraph.min.js
PFBENCH_JSPATH=$tmp/js
export PFBENCH_JSPATH

refused 'no output' 'no -o FILE was given' real.json
refused 'no result' 'no result was given' -o report.html
refused 'a file that is not there' 'nowhere: No such file' -o report.html nowhere
refused 'standard input' 'cannot be read twice' -o report.html -
refused 'an unknown form' "no form 'fast' (throughput, cond, latency)" \
	-o report.html --form=fast real.json
refused 'an unknown metric' "no metric 'ticks' (ns, cycles)" -o report.html \
	--metric=ticks real.json
refused 'a threshold that is none' 'per cent' -o report.html --threshold=x real.json
refused 'a directory that is not there' nowhere -o nowhere/report.html real.json
PFBENCH_JSPATH=/nowhere
refused 'no library' \
	'no jquery/jquery.min.js in /nowhere: install libjs-jquery (scripts/install-deps does)' \
	-o report.html real.json
[ ! -e report.html ] && bad=0 || bad=1
result "$bad" 'none of them leaves a file'
PFBENCH_JSPATH=$tmp/js

# machine FILE HOST MASK: marked as made up
machine()
{
	cat >"$1" <<-END
	{ "context": { "date": "2026-11-20T12:00:00+00:00",
	 "host_name": "$2", "pfbench": {
	 "comment": "By hand: no figure was measured.",
	 "format": 2, "cycle_source": "counter", "ticks_per_cycle": 1,
	 "ns_per_tick": 0.4, "backend": "user", "arch": "x86_64",
	 "cpu_model": "Example </script><b>CPU", "cpu_id": "AuthenticAMD-25-17-1",
	 "kernel": "6.1.0 #1", "commit": "c0ffee1", "version": "0.1",
	 "partial": false } },
	 "benchmarks": [
	 { "name": "PageLocked/v4.4-word/small/hot/throughput", "cycles": 3,
	   "cycles_lo": 2.99, "cycles_hi": 3.01 },
	 { "name": "PageLocked/v7.1-mask/small/hot/throughput",
	   "cycles": $3, "cycles_lo": $3, "cycles_hi": $3, "contended": ${4:-false} } ] }
	END
}
mkdir lab
machine lab/a.json 'ant</script><!--' 2.5
machine lab/b.json "bee$(printf '\342\200\250')" 3.5
machine lab/c.json cat 9 true
cp real.json lab/real.json
cp lab/a.json lab/twice.json
echo '{' >lab/cut.json
cp -r code-amd64 lab
echo 'no listing' >lab/code-amd64/gcc-99.listing.txt

run 0 -o report.html --commits=any lab
[ ! -s out ] && [ ! -s err ] || bad=1
result "$bad" 'it writes a page and no word' out err
mv report.html first.html
run 0 -o report.html --commits=any lab
cmp first.html report.html >err || bad=1
result "$bad" 'the same bytes each time' err
run 0 -o - --commits=any lab
cmp out report.html >err || bad=1
result "$bad" 'on standard output' err

# The structure: elements in order, each script ended once.
grep -c '<script' report.html >opened
grep -c '</script>' report.html >closed
cmp opened closed >err && bad=0 || bad=1
for text in '<!DOCTYPE html>' '<html lang="en">' '</html>'; do
	[ "$(grep -cxF "$text" report.html)" = 1 ] || bad=1
done
! grep -q '^@.*@$' report.html || bad=1
result "$bad" 'a whole document' err opened closed
grep -oE ' (src|href|action|data)="[^"]*"|@import|url\(|[^a-z]fetch\(|sourceMappingURL' \
	report.html | grep -vE '^ href="(#view=summary|data:,)"$' >err && bad=1 || bad=0
result "$bad" 'nothing is loaded' err
grep -q "Content-Security-Policy\" content=\"default-src 'none';" report.html && bad=0 || bad=1
result "$bad" 'nothing may be loaded'
LC_ALL=C grep -n '[^ -~	]' report.html >err && bad=1 || bad=0
result "$bad" 'ASCII' err
grep -qF 'var a = "<\/script><\!-- <\/SCRIPT>";' report.html && bad=0 || bad=1
result "$bad" 'a library cannot end its element'
grep -q 'Permission is hereby granted, free of charge' report.html &&
	grep -q 'GNU GENERAL PUBLIC LICENSE' report.html && bad=0 || bad=1
result "$bad" 'the licences are in it'
grep -q '^  v[^ ]* beats v7.1-mask on [0-9]* of 3' report.html && bad=0 || bad=1
result "$bad" 'the conclusions as text, for readers without JavaScript'

# data ID: the JSON of an element
data()
{
	awk -v id="id=\"$1\">" '
		{ at = index($0, id) }
		at && /^<script type="application.json"/ {
			on = 1
			$0 = substr($0, at + length(id))
		}
		on { last = sub(/<\/script>$/, ""); print; if (last) exit }' report.html
}
if command -v jq >/dev/null; then
	data data0 >data.json
	"$pfbench" matrix --machines --json --commits=any \
		--population=small,head,tail lab >matrix.json
	# a line per figure; the page has them in units of 1e-5
	jq -r '.variants as $v | .rows[] | . as $r
		| range(0; .figures | length; 3) as $i
		| select($r.figures[$i] != null)
		| [$r.accessor, $r.population, ($v[$r.variant].name | gsub(" "; "_")),
		   $i / 3 + 1, $r.figures[$i], $r.figures[$i] + $r.figures[$i + 1],
		   $r.figures[$i] + $r.figures[$i + 2],
		   ($r.contended | index($i / 3) != null)] | map(tostring) | join(" ")' \
		data.json | sort >got
	jq -r '.rows[] | . as $r | .figures[]
		| [$r.accessor, $r.population, ($r.variant | gsub(" "; "_")), .machine,
		   (.median, .lo, .hi | . * 100000 | round), .contended]
		| map(tostring) | join(" ")' matrix.json | sort >wanted
	paste -d ' ' wanted got | awk '{
		for (i = 1; i <= 8; i++) {
			d = $i - $(i + 8)
			if ($i != $(i + 8) && (i < 5 || i > 7 || d > 1 || d < -1))
				bad = 1
		}
		if (NF != 16 || bad) { print; exit 1 } }' >err && bad=0 || bad=1
	[ "$(wc -l <got)" -gt 50 ] || bad=1
	result "$bad" 'the figures are those of pfbench matrix' err
	jq -c '.conclusions[] | .answers as $t | [.accessor, .population, .a, .b,
		(["w", "l", "s", "u"][] as $k | [range(0; $t | length)
		 | select($t[.:. + 1] == $k) + 1])]' data.json >got
	jq -c '.conclusions[] | [.accessor, .population, .a, .b, .wins, .loses, .same,
		.undecided]' matrix.json >wanted
	cmp got wanted >err && [ -s got ] && bad=0 || bad=1
	result "$bad" 'so are the conclusions' err
	jq -c '[.machines[] | [.file, .host, .microarchitecture, .unit, .commit]],
		.left_out' data.json >got
	jq -c '[.machines[] | [.file, .host, .microarchitecture, .unit, .commit]],
		.left_out' matrix.json | sed 's/\("lab\/twice[^"]*"\)\]/\1,"lab\/code-amd64\/gcc-99.listing.txt: not a listing of pfbench codegen --out"]/' >wanted
	cmp got wanted >err && bad=0 || bad=1
	result "$bad" 'so are the machines and what is left out' err got wanted
	number=$(jq '[.machines[].file] | index("lab/real.json")' data.json)
	data "machine-$number" >machine.json
	data shared0 >shared.json
	jq --slurpfile s shared.json '.tables[] | select($s[0].shapes[.[0]].kind == "median")
		| .[1][0] as $f | range(0; $f | length; 3) | $f[.]
		| select(. != null)' machine.json | sort -u >got
	"$pfbench" report --json lab/real.json |
		jq '.reports[0].points[].median * 100000 | round' | sort -u >all
	# seven digits are in that JSON
	awk 'NR == FNR { all[$1]; next }
		{ for (v in all)
			if ((d = v - $1) * d <= 1 + 1e-12 * v * v)
				next
		  print }' all got >err
	[ "$(wc -l <got)" -gt 100 ] && [ ! -s err ] && bad=0 || bad=1
	result "$bad" 'the tables are those of pfbench report' err
	jq -r --slurpfile s shared.json '.context as $c | range(0; $c | length; 2)
		| $s[0].texts[$c[.]] + "=" + $s[0].texts[$c[. + 1]]' machine.json >got
	grep -qx 'cpu_id=AuthenticAMD-26-2-1' got && grep -qx 'compiler=gcc 12.2.0' got &&
		bad=0 || bad=1
	result "$bad" 'the context is whole' got
	awk '/class="code"/ { on = 1; sub(/^[^>]*>/, "") }
		on { last = sub(/<\/script>$/, ""); print; if (last) exit }' report.html |
		jq -r '.uses["PageLocked/v7.1-mask/value"],
			(.counts["PageLocked/v7.1-mask/value tail"] | map(tostring) | join(" ")),
			.compiler' >got
	{
		sed -n 's|^PageLocked/v7.1-mask/value: ||p' code-amd64/gcc-14.listing.txt
		sed -n 's|^PageLocked/v7.1-mask/value tail ||p' code-amd64/gcc-14.txt
		echo 'gcc 14.2.0'
	} >wanted
	cmp got wanted >err && [ -s got ] && bad=0 || bad=1
	result "$bad" 'the listing and its counts' err got wanted
else
	skip 'the data are those of the other views' 'no jq'
fi
echo "1..$n"
