#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/guest: what it passes to and from the guest, and its errors.

set -eu

case ${1:-} in
-h) echo "usage: $0: test scripts/guest and related scripts, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$tmp"

# refuses TITLE STATUS WORDS COMMAND...: COMMAND ends with STATUS and one line
# with WORDS on stderr
refuses()
{
	title=$1 want=$2 words=$3
	shift 3
	status=0
	"$@" >out 2>err || status=$?
	[ "$status" = "$want" ] && [ "$(wc -l <err)" = 1 ] &&
		grep -q -e "$words" err && bad=0 || bad=1
	result "$bad" "$title" out err
}

for script in guest guest-fetch guest-build guest-enter run-kmod; do
	"$top/scripts/$script" -h >out 2>err && grep -q '^usage: ' out &&
		[ ! -s err ] && [ "$(awk 'length > 80' out | wc -l)" = 0 ] &&
		bad=0 || bad=1
	result "$bad" "$script -h" out err
done
guest="$top/scripts/guest -B"
# shellcheck disable=SC2086 # words
{
	refuses "an unknown kernel" 125 "no kernel 'vax-2.4'" $guest vax-2.4 true
	refuses "an unknown accelerator" 125 "no such accelerator" \
		$guest -a hope amd64-6.1
	refuses "icount with two CPUs" 125 "on arm64 only" $guest -c 2 amd64-6.1
	refuses "a missing file" 125 "no such file" \
		$guest -i /nowhere amd64-6.1
	refuses "a size of memory that is not a number" 125 "whole numbers" \
		$guest -m lots amd64-6.1
	refuses "an empty cache without downloads" 1 \
		"missing: kernel amd64-6.1" env PFBENCH_CACHE="$tmp/none" \
		sh -c "$top/scripts/guest-fetch -n amd64-6.1 2>&1 | grep kernel >&2; exit 1"
	refuses "a kernel that is not in the cache" 125 "run scripts/guest-fetch" \
		env PFBENCH_CACHE="$tmp/none" $guest amd64-6.1
	refuses "a missing root" 1 "run scripts/guest-fetch" \
		env PFBENCH_CACHE="$tmp/none" "$top/scripts/guest-enter" true
}
"$top/scripts/guest" -l | awk 'NF == 5 { n[$2]++ } END {
	exit !(n["amd64"] == 4 && n["arm64"] == 2 && n["riscv64"] == 1 &&
		n["ppc64el"] == 2 && n["s390x"] == 2 && NR == 11) }' && bad=0 || bad=1
result "$bad" "guest -l lists eleven kernels of five architectures"

# guest-build shares the CPUs between builds: each must see its number of jobs
cat >jobs.sh <<'END'
. "$1/scripts/guest-common.sh"
print_jobs() { echo "$jobs"; }
jobs=1
in_parallel 7 print_jobs first second
END
bash jobs.sh "$top" >out 2>err && [ "$(paste -sd' ' out)" = "1 1" ] &&
	bad=0 || bad=1
result "$bad" "in_parallel leaves the caller's number of jobs alone" out err

lacks amd64-6.1 >why
if [ -s why ]; then
	skip "a boot of the guest" "$(cat why)"
	echo "1..$n"
	exit 0
fi

"$top/scripts/guest-fetch" -n amd64-6.1 >out 2>err && [ ! -s out ] && [ ! -s err ] &&
	bad=0 || bad=1
result "$bad" "a full cache needs no network and prints nothing" out err

# A kernel of ppc64el writes its version to the console without a newline.
mkdir -p bin fake/guest/kernels/ppc64el-6.12-small
cat >bin/qemu-system-ppc64 <<'EOF'
#!/bin/sh
printf '#2 SMP Mon Nov 3guest: begin\r\nof the command\r\nguest: exit 3\r\n'
EOF
chmod +x bin/qemu-system-ppc64
echo image | tee fake/guest/kernels/ppc64el-6.12-small/vmlinuz \
	>fake/guest/busybox-ppc64el
status=0
PATH=$tmp/bin:$PATH PFBENCH_CACHE=$tmp/fake "$top/scripts/guest" -B -b \
	ppc64el-6.12-small true >out 2>err || status=$?
[ "$status" = 3 ] && [ "$(cat out)" = "of the command" ] && [ ! -s err ] &&
	bad=0 || bad=1
result "$bad" "the rest of a line does not hide the output of the command" out err

# all of this in one boot, which takes seconds
# shellcheck disable=SC2016 # the guest expands the variables
guest -i "$top/README.md" -o there -p stretch_us=123 -k "pfbench.test=1" amd64-6.1 \
	sh -c 'echo "two  blanks"; pwd; cat /sys/module/pfbench/parameters/stretch_us
	cmp /bin/README.md /bin/README.md && echo file
	grep -o "pfbench.test=1" /proc/cmdline; date +%Y; uname -m
	printf "\001\002\377 bytes" >bytes; mkdir d; echo deep >d/deep; exit 42'
[ "$status" = 42 ] && bad=0 || bad=1
result "$bad" "the exit status is that of the command" out err
printf '%s\n' "two  blanks" /out 123 file pfbench.test=1 2026 x86_64 >want
cmp -s want out && [ ! -s err ] && bad=0 || bad=1
result "$bad" "the output is that of the command, and nothing else" out err
printf '\001\002\377 bytes' >want
cmp -s want there/bytes && [ "$(cat there/d/deep)" = deep ] && bad=0 || bad=1
result "$bad" "files are copied out unchanged"

refuses "a guest that crashes" 125 "stopped before the command ended" \
	sh -c "$guest amd64-6.1 sh -c 'echo c >/proc/sysrq-trigger' 2>&1 | tail -n 1 >&2; exit 125"
refuses "a guest that takes too long" 125 "did not end within 8 s" \
	sh -c "$guest -a tcg -t 8 amd64-6.1 sleep 100 2>&1 | tail -n 1 >&2; exit 125"
guest -n amd64-6.1 sh -c 'ls /dev/pfbench; pfbench run --backend=kmod'
[ "$status" = 2 ] && grep -q 'no /dev/pfbench: load the module' out && bad=0 || bad=1
result "$bad" "-n: no module, and the driver reports it" out err

guest -b amd64-6.1 sh -c 'ls /bin/pfbench /pfbench.ko 2>/dev/null; uname -m'
[ "$status" = 0 ] && [ "$(cat out)" = x86_64 ] && bad=0 || bad=1
result "$bad" "-b: busybox alone, without the driver and the module" out err

# a directory instead of a name: here with the kernel and the initramfs of a guest
tree=$tmp/tree
mkdir -p "$tree/arch/x86/boot" no-image
refuses "a directory without a configuration" 125 "no .config of one of" \
	"$top/scripts/guest" -B "$tmp/d/" true
echo CONFIG_X86_64=y >no-image/.config
refuses "a directory without an image" 125 "bzImage: build the image" \
	"$top/scripts/guest" -B "$tmp/no-image" true
echo CONFIG_X86_64=y >"$tree/.config"
ln -s "$(bash -c '. "$1/scripts/guest-common.sh"; guest_image amd64-6.1' sh "$top")" \
	"$tree/arch/x86/boot/bzImage"
built=$top/$(bash -c '. "$1/scripts/guest-common.sh"; guest_dir "$2"' sh "$top" "$tree")
mkdir -p "$built"
cp "$top/build/guest/amd64-6.1/initramfs" "$built"
guest "$tree/" sh -c 'uname -m; ls /dev/pfbench'
rm -r "$built"
[ "$status" = 0 ] && [ "$(paste -sd' ' out)" = "x86_64 /dev/pfbench" ] &&
	bad=0 || bad=1
result "$bad" "the kernel of a directory boots, with the module" out err

guest -r amd64-6.1 sh -c 'echo "<3>BUG: of this test" >/dev/kmsg'
[ "$status" = 124 ] && grep -q 'BUG: of this test' err && bad=0 || bad=1
result "$bad" "-r: a report of the kernel is a failure" out err
guest -r amd64-6.1 sh -c 'pfbench list | head -n 1 >/dev/null; exit 3'
[ "$status" = 3 ] && [ ! -s err ] && bad=0 || bad=1
result "$bad" "-r without a report: the status of the command" out err
# shellcheck disable=SC2016 # expanded in the guest
guest -r -e 'in (a|b) / d' amd64-6.1 sh -c '{
	echo "BUG: KCSAN: data-race in b / d"
	echo "WARNING: part of that report"
	echo ========
} | while read -r line; do echo "<3>$line" >/dev/kmsg; done'
[ "$status" = 0 ] && [ ! -s err ] && bad=0 || bad=1
result "$bad" "-e: an expected report of KCSAN" out err
guest -r -e 'in (a|b) / d' amd64-6.1 sh -c \
	'echo "<3>BUG: KCSAN: data-race in c / d" >/dev/kmsg'
[ "$status" = 124 ] && grep -q 'data-race in c / d' err && bad=0 || bad=1
result "$bad" "-e: another report" out err

echo "1..$n"
