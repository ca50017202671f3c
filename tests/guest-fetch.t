#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# scripts/guest-fetch -s: kernels that are built from source, because the mirror
# lacks them. The root, the mirror and the kernel are small imitations.

set -eu

case ${1:-} in
-h) echo "usage: $0: test scripts/guest-fetch -s, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
unset MAKEFLAGS MFLAGS MAKELEVEL
PFBENCH_CACHE=$tmp/cache AT=$tmp
export PFBENCH_CACHE AT
guest=$PFBENCH_CACHE/guest
root=$guest/root
kernel=$guest/kernels/s390x-6.12-small
small=$root/usr/src/small/6.12.117-1

mkdir -p bin "$root/etc/apt/sources.list.d" "$root/var/lib/pfbench" "$root/usr/src"
echo 13 >"$root/etc/debian_version"
echo source >"$root/usr/src/linux-source-6.1.tar.xz"

# A command in the root is run by bin/inside, outside of it.
cat >bin/unshare <<'END'
#!/bin/sh
[ "$*" != "--mount --propagation private true" ] || exit 0
while [ "$1" != -c ]; do shift; done
shift 3
exec inside "$@"
END
cat >bin/sudo <<'END'
#!/bin/sh
exec "$@"
END
cp bin/sudo bin/debootstrap
cat >bin/inside <<'END'
#!/bin/bash
root=$1
shift
[ "$1" != setpriv ] || shift 4
if [ "$1 $2" = "sh -c" ]; then
	shift 4
	set -- make "$@"
fi
case "$*" in
"apt-cache show linux-source-6.12")
	[ ! -e "$AT/no-source" ] || exit 100
	printf 'Version: %s\n' 6.12.99-1 6.12.117-1 5.10.1-1
	;;
"apt-cache show linux-headers-s390x"*)
	echo "Version: 6.12.117-1"
	echo "Depends: linux-headers-6.12.117-s390x (= 6.12.117-1)"
	;;
apt-*|dpkg*) ;;
sh*linux-source*)
	echo fetched >>"$AT/fetched"
	mkdir -p "$root/var/tmp/small/usr/src"
	tar -C "$AT" -cJf "$root/var/tmp/small/usr/src/linux-source-6.12.tar.xz" tree
	;;
sh*busybox*)
	mkdir -p "$root/var/tmp/busybox/usr/bin"
	install -m 755 /dev/null "$root/var/tmp/busybox/usr/bin/busybox"
	;;
sh*linux-headers*)
	echo "E: 404  Not Found"
	exit 100
	;;
sh*) ;;
*gcc\ --version)
	[ ! -e "$AT/no-compiler" ] || exit 127
	echo "gcc 14"
	;;
*)
	set -- "${@/#\/var\/tmp/$root/var/tmp}"
	exec "${@//\/usr\/src\/small/$root/usr/src/small}"
	;;
esac
END
cat >bin/df <<'END'
#!/bin/sh
printf 'Filesystem blocks used available\n/dev/disk 9 9 %s\n' "$(cat "$AT/free")"
END
chmod 755 bin/*
PATH=$tmp/bin:$PATH
echo 99999999 >free

mkdir tree
cat >tree/Makefile <<'END'
.PHONY: $(MAKECMDGOALS)
tinyconfig:
	echo configured >>$(AT)/configured
	echo CONFIG_S390=y >$(O)/.config
olddefconfig:
	sed -i /_PPC/d $(O)/.config
modules_prepare:
	mkdir -p $(O)/include/config
	echo 6.12.117$$(sed -n 's/^CONFIG_LOCALVERSION="\(.*\)"/\1/p' $(O)/.config) \
		>$(O)/include/config/kernel.release
vmlinux:
	echo $(ARCH) $(CROSS_COMPILE) >>$(AT)/built
	[ ! -e $(AT)/slow ] || { : >$(AT)/started; sleep 60; }
	[ ! -e $(AT)/broken ] || { echo "mm/swap.c:7:1: error: expected ';'"; exit 1; }
	echo symbols >$(O)/vmlinux.symvers
	echo dwarf >$(O)/vmlinux
bzImage: vmlinux
	mkdir -p $(O)/arch/s390/boot
	[ -e $(AT)/no-image ] || echo image >$(O)/arch/s390/boot/bzImage
modules:
END

# fetch ARGUMENT...: runs scripts/guest-fetch; sets status
fetch()
{
	status=0
	"$top/scripts/guest-fetch" -m http://mirror.example/debian "$@" \
		>out 2>err || status=$?
}

# refuses TITLE WORDS ARGUMENT...: exit 1, one line with WORDS on stderr, and no
# kernel in the cache
refuses()
{
	title=$1 words=$2
	shift 2
	fetch "$@"
	[ "$status" = 1 ] && [ "$(wc -l <err)" = 1 ] &&
		grep -qF -e "$words" err && [ ! -e "$kernel" ] && bad=0 || bad=1
	result "$bad" "$title" out err
}

# lines FILE: how many lines FILE has; none if it does not exist
lines()
{
	if [ -e "$1" ]; then
		wc -l <"$1"
	else
		echo 0
	fi
}

# names: prints the guests of s390x that tests and counts take
names()
{
	bash -c '. "$1/scripts/guest-common.sh"; guest_names' sh "$top" |
		grep '^s390x-6' || :
}

fetch s390x-6.12
[ "$status" = 1 ] && [ ! -e built ] && [ "$(names)" = s390x-6.12 ] &&
	[ "$(tail -n 1 err)" = "guest-fetch: kernel s390x-6.12: scripts/guest-fetch -s s390x-6.12 builds it from source" ] &&
	bad=0 || bad=1
result "$bad" "without -s nothing is built, and the command is named" out err
refuses "no kernel of that name" "no guest 'vax-2.4-small'" -s vax-2.4-small
echo 1024000 >free
refuses "no disk space" "root: 1000 MB are free, 3000 are needed: make room" \
	s390x-6.12-small
echo 99999999 >free
: >no-source
refuses "no source of that version" "has no linux-source-6.12 6.12.*: use another" \
	s390x-6.12-small
rm no-source
: >no-compiler
refuses "no compiler" "no s390x-linux-gnu-gcc in $root: remove" s390x-6.12-small
rm no-compiler
[ ! -e built ] && bad=0 || bad=1
result "$bad" "no build was begun"
: >broken
refuses "a build that fails: the compiler's words, and the log" \
	"the kernel failed: mm/swap.c:7:1: error: expected ';' (all of it: $small/s390x/kernel.log)" \
	s390x-6.12-small
grep -q "expected ';'" "$small/s390x/kernel.log" && bad=0 || bad=1
result "$bad" "the log has the compiler's words" "$small/s390x/kernel.log"
rm broken
: >no-image
refuses "a build without an image" "was built without $small/s390x/o/arch/s390/boot/bzImage" \
	s390x-6.12-small
rm no-image "$small/s390x/built-kernel"

# A build is interrupted: nothing of it is in the cache. Another waits for it, does
# neither configure nor download again, and finishes the build.
rm -f built
: >slow
"$top/scripts/guest-fetch" -m http://mirror.example/debian s390x-6.12-small \
	>first.out 2>first.err &
first=$!
i=0
while [ ! -e started ] && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
rm slow
"$top/scripts/guest-fetch" -m http://mirror.example/debian -s s390x-6.12 \
	>second.out 2>second.err &
second=$!
i=0
while ! grep -qs "waiting .* builds it" second.out && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
grep -q "waiting .* builds it" second.out && [ "$(lines built)" = 1 ] &&
	[ ! -e "$kernel" ] && bad=0 || bad=1
result "$bad" "two at once: the second one waits, for the build only" built second.out second.err
kill "$first"
status=0
wait "$first" || status=$?
[ "$status" = 130 ] && [ ! -s first.err ] && bad=0 || bad=1
result "$bad" "an interrupted build ends with status 130" first.out first.err
status=0
wait "$second" || status=$?
[ "$status" = 0 ] && [ "$(lines built)" = 2 ] && [ "$(lines configured)" = 1 ] &&
	[ "$(lines fetched)" = 1 ] && bad=0 || bad=1
result "$bad" "the next one continues at the step that was interrupted" \
	second.out second.err
grep -qx "guest-fetch: kernel s390x-6.12-small: building it from source 6.12.117-1, with .*" \
	second.out && bad=0 || bad=1
result "$bad" "-s names the kernel that it builds, and the source" second.out

release=6.12.117-small-s390x
[ "$(cat "$kernel/vmlinuz" "$kernel/release" "$kernel/version")" = "image
$release
6.12.117-1" ] && [ "$(names)" = s390x-6.12-small ] && bad=0 || bad=1
result "$bad" "the kernel takes the place of the one that the mirror lacks" "$kernel"/*
headers=$root/usr/src/linux-headers-$release
[ "$(sort -u built)" = "s390 s390x-linux-gnu-" ] &&
	[ "$(cat "$headers/Module.symvers")" = symbols ] &&
	grep -qx CONFIG_TRANSPARENT_HUGEPAGE=y "$headers/.config" &&
	[ "$(readlink "$headers")" = small/6.12.117-1/s390x/o ] && bad=0 || bad=1
result "$bad" "it is built for its architecture, with the configuration" built \
	"$headers/.config"

fetch -d s390x-6.12-small
[ "$(cat "$kernel/vmlinux" 2>/dev/null)" = dwarf ] && bad=0 || bad=1
result "$bad" "-d: its debug information is that of the build" out err
# from here on, nothing can use the root
cat >bin/unshare <<'END'
#!/bin/sh
echo "the root was used" >&2
exit 1
END
fetch -s s390x-6.12-small
[ "$status" = 0 ] && [ ! -s out ] && [ ! -s err ] && bad=0 || bad=1
result "$bad" "a kernel that is there is not built again" out err
echo other >"$kernel/configuration"
fetch -n s390x-6.12-small
[ "$status" = 1 ] && [ "$(cat err)" = "guest-fetch: missing: kernel s390x-6.12-small: run scripts/guest-fetch s390x-6.12-small" ] &&
	bad=0 || bad=1
result "$bad" "of another configuration it counts as missing" out err

# options_of ARCH: what is added to tinyconfig
options_of()
{
	bash -c '. "$1/scripts/guest-common.sh"; . "$1/scripts/guest-small.sh"
		arch=$2 fragment=$small_fragment; options' sh "$top" "$1"
}
options_of ppc64le >of-ppc64le && options_of s390x >of-s390x &&
	grep -qx CONFIG_TRANSPARENT_HUGEPAGE=y of-ppc64le &&
	grep -qx CONFIG_PPC_OF_BOOT_TRAMPOLINE=y of-ppc64le &&
	cmp -s "$top/scripts/compare-kernels.config" of-s390x && bad=0 || bad=1
result "$bad" "an architecture may have options of its own" of-ppc64le

echo "1..$n"
