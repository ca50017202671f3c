#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/lab: inventories that are refused, definitions for LAVA, the adapter for
# lkp-tests, the examples for CI. Nothing is measured.

# shellcheck disable=SC2016 # written to scripts
set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test scripts/lab and its adapters, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
command -v jq >/dev/null || {
	echo "1..0 # SKIP no jq: run scripts/install-deps --tests"
	exit 0
}
cd "$tmp"
lab=$top/scripts/lab
for script in lab lab-counts lab-guest lab-lava lab-pack lab-slurm lab-ssh lab-task; do
	"$top/scripts/$script" -h >out 2>err && grep -q '^usage: ' out &&
		[ ! -s err ] && [ "$(awk 'length > 80' out | wc -l)" = 0 ] &&
		bad=0 || bad=1
	result "$bad" "$script -h" out err
done

# refuses TITLE TEXT LINE: the inventory with LINE is refused, in one line
printf 'points ^PageLocked/plain/tail/hot/latency$\nlimit 60\n' >plan
refuses()
{
	printf '%s\n' '# a lab' "$3" >inventory
	status=0
	"$lab" run -i inventory -p plan DIR >out 2>err || status=$?
	[ "$status" = 2 ] && [ "$(wc -l <err)" = 1 ] && grep -qF -e "$2" err &&
		[ ! -e DIR/id ] && bad=0 || bad=1
	result "$bad" "refused: $1" out err
}
refuses "a word that is none" 'line 2: telnet: neither a machine nor a setting' \
	'telnet n1 all n1.lab'
refuses "a machine without a place" 'ssh needs a name, groups and where' 'ssh n1 all'
refuses "a name with a slash" 'a name has letters, digits, _ and -' 'ssh n/1 all n1.lab'
refuses "two machines of one name" 'another machine has this name' 'ssh n1 all a
ssh n1 all b'
refuses "a directory that is not absolute" 'dir: not the full name' 'dir tmp'
refuses "a number" 'retries: not a whole number' 'retries many'
refuses "no machine" 'no machine in the groups' 'retries 1'
refuses "options of a guest" '-m: a guest has a kernel, and nothing else' \
	'guest g all amd64-6.1 -m 64'
refuses "LAVA alone" 'only LAVA devices: use lab lava' 'lava pi arm rpi'
for arguments in '' run 'run a b' 'fly DIR' 'run -x DIR'; do
	status=0
	# shellcheck disable=SC2086 # words
	"$lab" $arguments >out 2>err || status=$?
	[ "$status" = 2 ] && [ ! -s out ] && [ -s err ] && bad=0 || bad=1
	result "$bad" "refused: lab $arguments" err
done
status=0
"$lab" status nowhere >out 2>err || status=$?
[ "$status" = 2 ] && grep -q 'nowhere: not the directory of a run' err && bad=0 || bad=1
result "$bad" "status of no run" err

# Results that are counted: the functions of the engines, on files from nodes

mkdir -p R/results R/status R/log R/pack came
commit=$(jq -r .context.pfbench.commit "$top/tests/results/good.json")
arch=$(jq -r .context.pfbench.arch "$top/tests/results/good.json")
echo "$commit" >"R/pack/$arch.commit"
: >R/inventory
echo id >R/id
# came CODE SOURCE [SUM]: what task t.1 left on a node
came()
{
	cp "$2" came/t.1.json
	echo "${3:-$(sha256sum <"$2" | cut -d' ' -f1)} plan" >came/t.1.json.sum
	echo "$1" >came/t.1.code
	: >came/t.1.tap
	echo 'lab-task: a reason' >came/t.1.err
}
# accepts STATE NODE: lab_accept leaves this state
accepts()
{
	# shellcheck disable=SC2016 # bash expands these
	PFBENCH=$pfbench bash -c '. "$1/scripts/lab-common.sh"
		lab_open "$PWD/R"
		lab_accept t.1 "$2" came 7' sh "$top" "$2" >out 2>err || :
	bad=0
	grep -qF "$1" R/status/t.1 && [ ! -s err ] || bad=1
}
# kept DIRECTORY N
kept()
{
	[ "$(find "R/$1" -name '[!.]*.json' 2>/dev/null | wc -l)" = "$2" ] || bad=1
}
good=$top/tests/results/good.json
came 0 "$good" 0000
accepts 'failed n1 rejected: the checksum is another one' n1
kept results 0
kept rejected 1
result "$bad" "a result with another checksum is not counted" out err R/status/t.1
head -c 2000 "$good" >cut.json
came 0 cut.json
accepts "failed n1 rejected: not a result: " n1
kept rejected 2
result "$bad" "a result that was cut off is not counted" out err R/status/t.1
came 0 "$top/tests/results/partial.json"
accepts 'failed n1 rejected: the measurement is partial' n1
kept results 0
result "$bad" "a partial result is not counted" out err R/status/t.1
sed "s/$commit/0123456789ab/" "$good" >other.json
came 0 other.json
accepts "failed n1 rejected: measured by commit 0123456789ab, the archive is of $commit" n1
kept results 0
result "$bad" "a result of another commit is not counted" out err R/status/t.1
echo 4 >"R/pack/$arch.abi"
sed 's/"commit"/"abi": 3, &/' "$good" >abi.json
came 0 abi.json
accepts 'failed n1 rejected: measured with ABI 3, the archive has ABI 4' n1
kept results 0
result "$bad" "a result of another ABI is not counted" out err R/status/t.1
rm -rf R/rejected
# good.json is older than this field
came 0 "$good"
accepts 'measured n1 7' n1
kept results 1
result "$bad" "a good result is counted" out err R/status/t.1
came 0 "$good"
accepts 'measured n1 7' n2
kept results 1
kept twice 0
result "$bad" "the same file again is the same result" out err R/status/t.1
sed 's/"real_time": *\([0-9]\)/"real_time": 1\1/' "$good" >second.json
came 4 second.json
accepts 'measured n1 7' n2
kept results 1
kept twice 1
cmp -s "$good" R/results/t.1.json || bad=1
result "$bad" "another result of the task is kept apart, not counted" out err R/status/t.1
came 0 "$good" 0000
accepts 'measured n1 7' n2
cmp -s "$good" R/results/t.1.json || bad=1
result "$bad" "a corrupted second result leaves the first one" out err R/status/t.1
rm -rf R/results/* R/results/.t* came/t.1.json
echo 1 >came/t.1.code
accepts 'failed n3 a reason' n3
result "$bad" "no result: the reason of the task" out err R/status/t.1
printf '%s\n' 'pfbench: run: a fault' 'lab-task: pfbench run: status 2: see above' \
	>came/t.1.err
accepts 'failed n3 pfbench: run: a fault' n3
result "$bad" "no result: the line that the task points to" out err R/status/t.1

# LAVA

cat >inventory <<'END'
lava pi    arm bcm2712-rpi-5-b actions
lava genoa amd genoa-ssh
ssh  n1    amd n1.lab
url  http://lab.example/pfbench-lab.tar.gz
END
cat >actions <<'END'
- deploy:
    to: tftp
    kernel:
      url: http://lab.example/Image
      type: image
    nfsrootfs:
      url: http://lab.example/root.tar.xz
      compression: xz
- boot:
    method: u-boot
    commands: nfs
    prompts: ['root@debian']
END
"$lab" lava -i inventory -p plan jobs >out 2>err && [ ! -s err ] &&
	[ "$(paste -sd' ' out)" = 'jobs/pi.yaml jobs/genoa.yaml' ] && bad=0 || bad=1
result "$bad" "lab lava writes a definition per device" out err
"$lab" lava -g amd -i inventory -p plan amd >out 2>err &&
	[ "$(cat out)" = amd/genoa.yaml ] && bad=0 || bad=1
result "$bad" "-g: of the group" out err
cat >valid.py <<'END'
# SPDX-License-Identifier: GPL-2.0
import sys, yaml
from lava_common.schemas import validate
for name in sys.argv[1:]:
    with open(name) as f:
        job = yaml.safe_load(f)
    validate(job)
    steps = job["actions"][2]["test"]["definitions"][0]["repository"]["run"]["steps"]
    with open(name + ".sh", "w") as f:
        f.write("\n".join(steps) + "\n")
END
python=/usr/bin/python3
if $python -c 'import lava_common.schemas, yaml' 2>/dev/null; then
	$python valid.py jobs/pi.yaml jobs/genoa.yaml >out 2>err && bad=0 || bad=1
	result "$bad" "the definitions are valid by LAVA's schema" err
	sed 's/device_type/devicetype/' jobs/pi.yaml >jobs/bad.yaml
	! $python valid.py jobs/bad.yaml >out 2>err && grep -q devicetype err && bad=0 || bad=1
	result "$bad" "and the schema refuses a wrong word" err
	# the steps as the device runs them, with the archive at hand
	"$top/scripts/lab-pack" -b "$pfbench" pack.tar.gz
	mkdir bin
	printf '#!/bin/sh\ncp "%s/pack.tar.gz" .\n' "$tmp" >bin/wget
	chmod +x bin/wget
	PATH=$tmp/bin:$PATH sh jobs/pi.yaml.sh >out 2>err || :
	grep -qE '^<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=PageLocked_plain_tail_hot_latency RESULT=(pass|skip)' out &&
		bad=0 || bad=1
	result "$bad" "the steps print the lines that LAVA reads" out err
else
	skip "the definitions are valid by LAVA's schema" \
		"no lava_common: run scripts/install-deps --lab (bookworm)"
	skip "and the schema refuses a wrong word" "no lava_common"
	skip "the steps print the lines that LAVA reads" "no lava_common"
fi
sed -i '/^url/d' inventory
status=0
"$lab" lava -i inventory -p plan jobs2 >out 2>err || status=$?
[ "$status" = 2 ] && grep -q 'url missing' err && bad=0 || bad=1
result "$bad" "refused: LAVA without url" err

# lkp-tests: the rules of its sbin/dump-stat

"$pfbench" export --lava "$top/tests/results/good.json" >lines
"$top/docs/lkp/parse" <lines >out
awk '!/^[^ \t]+: -?[0-9]+\.[0-9]+$/ { exit 1 } END { exit !NR }' out &&
	[ "$(wc -l <out)" = "$(grep -c 'RESULT=pass' lines)" ] && bad=0 || bad=1
result "$bad" "lkp-tests: parse prints a number per measured point" out lines
echo '<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=a_b RESULT=pass UNITS=ns MEASUREMENT=6e-05>' |
	"$top/docs/lkp/parse" >out
[ "$(cat out)" = 'a_b.ns: 0.000060' ] && bad=0 || bad=1
result "$bad" "without an exponent" out
mkdir -p lkp/lib benchmark/pfbench-lab
for file in reproduce-log debug run; do
	# the parts of these that run uses
	echo 'log_cmd() { "$@"; }; cd_benchmark() { cd "$BENCHMARK_ROOT"; }' \
		>lkp/lib/$file.sh
done
printf '#!/bin/sh\necho "$@"; cat "$3"\n' >benchmark/pfbench-lab/lab-task
chmod +x benchmark/pfbench-lab/lab-task
LKP_SRC=$tmp/lkp BENCHMARK_ROOT=$tmp/benchmark TMP_RESULT_ROOT=$tmp \
	points='^x$' backend=kmod time=0.1 sh "$top/docs/lkp/run" >out 2>err
printf '%s\n' "-l -p $tmp/pfbench.plan $tmp/pfbench.json" 'points ^x$' \
	'backend kmod' 'time 0.1' | cmp -s - out && bad=0 || bad=1
result "$bad" "lkp-tests: run makes a plan of the parameters" out err

# CI

for file in "$top"/docs/ci/*.yml "$top/docs/lkp/meta.yaml"; do
	name=${file#"$top/"}
	bad=0
	grep -oE 'scripts/[a-z-]+' "$file" | sort -u >named || :
	while read -r script; do
		[ -e "$top/$script" ] || { bad=1; echo "no $script" >>named; }
	done <named
	if $python -c 'import yaml' 2>/dev/null; then
		$python -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$file" \
			2>err || bad=1
	fi
	result "$bad" "$name is YAML and names scripts that exist" named err
done

# lab-counts, with a git, make and arches that do nothing but write counts
mkdir -p tree/scripts tree/build stub
cp "$top/scripts/lab-counts" tree/scripts/
ln -s "$pfbench" tree/build/pfbench
cat >tree/scripts/arches <<'END'
#!/bin/sh
cd "$(dirname "$0")/.."
mkdir -p build/arches/qemu-x
cp counts build/arches/qemu-x/counts-user.txt
END
chmod +x tree/scripts/arches
cat >counts <<'END'
# pfbench counts 1
# arch: riscv64
# backend: user
# kernel: 6.12.0 #1 SMP
# compiler: gcc 14.2.0
# resolution: 0.001
# perf: no PMU
# point instructions perf
PageLocked/plain/small/hot/throughput 2.000 n/a
END
cp counts tree/counts
printf 'all:\n' >tree/Makefile
git init -q tree
git -C tree config user.email a@b.c
git -C tree config user.name test
printf 'build\n' >tree/.gitignore
git -C tree add -A
git -C tree commit -qm base
status=0
tree/scripts/lab-counts HEAD >out 2>err || status=$?
[ "$status" = 0 ] && grep -qx 'x/counts-user' out && bad=0 || bad=1
result "$bad" "lab-counts: the same counts: status 0" out err
sed -i 's/2\.000/3.000/' tree/counts
status=0
tree/scripts/lab-counts HEAD >out 2>err || status=$?
[ "$status" = 1 ] && grep -q PageLocked/plain out && [ "$(grep -c '^```$' out)" = 2 ] &&
	bad=0 || bad=1
result "$bad" "lab-counts: a count differs: status 1, in a fenced table" out err
status=0
tree/scripts/lab-counts nix >out 2>err || status=$?
[ "$status" = 2 ] && grep -q 'nix: no such commit' err && bad=0 || bad=1
result "$bad" "lab-counts: no such commit" out err

echo "1..$n"
