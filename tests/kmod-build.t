#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The build of the module: with sparse, and by dkms for a kernel that does not
# run; and the errors of 'make kmod' and run-kmod. 'make guests' checks that it
# builds for every kernel without warnings at W=1.

set -eu

case ${1:-} in
-h) echo "usage: $0: build the module in many ways, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/guests.sh
. "$(dirname "$0")/guests.sh"
cd "$top"

# refuses WHAT WORDS COMMAND...: it fails with one line on stderr, with WORDS
refuses()
{
	what=$1 words=$2
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" && bad=1 || bad=0
	grep -vE '^make(\[[0-9]+\])?: ' "$tmp/err" >"$tmp/line" || :
	[ "$(wc -l <"$tmp/line")" = 1 ] && grep -q "$words" "$tmp/line" || bad=1
	result "$bad" "$what" "$tmp/out" "$tmp/err"
}

refuses "make kmod without headers names them and the remedy" \
	'no /nowhere: .*linux-headers' make -s kmod KDIR=/nowhere
refuses "run-kmod without headers names them" \
	'linux-headers-' env KDIR=/nowhere scripts/run-kmod

refuses "a 32-bit kernel is refused" 'needs a 64-bit kernel' \
	make -s -f kmod/Kbuild src=kmod obj=kmod CONFIG_MODULES=y

# The list of generations, by a compiler without C library headers; and the error
# of a compiler that is not there.
# shellcheck disable=SC2016 # for make
printf 'include kmod/Kbuild\nall:\n\t@echo $(pfbench-generations)\n' >"$tmp/list.mk"
generations()
{
	make -s -f "$tmp/list.mk" src=kmod obj=kmod CONFIG_MODULES=y \
		CONFIG_64BIT=y "CC=$1" all >"$tmp/out" 2>"$tmp/err"
}
generations "${CC:-gcc} -nostdinc" && [ ! -s "$tmp/err" ] &&
	grep -q '^plain .*v4_4_word .*primitive' "$tmp/out" && bad=0 || bad=1
result "$bad" "a compiler without headers lists the generations" "$tmp/out" "$tmp/err"
! generations no-such-cc && grep -q 'no-such-cc.* not found' "$tmp/err" &&
	grep -q 'pfbench: no generations in' "$tmp/err" && bad=0 || bad=1
result "$bad" "an empty list is an error, after that of the compiler" "$tmp/err"

# An insmod that fails as the real one does.
mkdir "$tmp/bin"
: >"$tmp/pfbench.ko"
fails()
{
	# shellcheck disable=SC2016 # no expansion is meant
	printf '#!/bin/sh\necho "insmod: ERROR: could not insert module $1: %s" >&2\nexit 1\n' \
		"$1" >"$tmp/bin/insmod"
	chmod +x "$tmp/bin/insmod"
}
if [ "$(id -u)" = 0 ]; then
	fails "Key was rejected by service"
	refuses "run-kmod names Secure Boot" 'Secure Boot' \
		env PATH="$tmp/bin:$PATH" KMOD="$tmp/pfbench.ko" scripts/run-kmod
	fails "Operation not permitted"
	refuses "run-kmod names the lockdown" 'lockdown' \
		env PATH="$tmp/bin:$PATH" KMOD="$tmp/pfbench.ko" scripts/run-kmod
	fails "Invalid module format"
	refuses "run-kmod names another kernel's module" 'another kernel' \
		env PATH="$tmp/bin:$PATH" KMOD="$tmp/pfbench.ko" scripts/run-kmod
	if command -v setpriv >/dev/null; then
		# neither root nor sudo
		mkdir "$tmp/few"
		for tool in sh dirname uname id; do
			ln -s "$(command -v $tool)" "$tmp/few/$tool"
		done
		chmod 755 "$tmp"
		cp scripts/run-kmod "$tmp/run-kmod"
		refuses "run-kmod by a user without sudo needs root" 'needs root' \
			setpriv --reuid=65534 --clear-groups \
			env PATH="$tmp/few" sh "$tmp/run-kmod"
	else
		skip "run-kmod by a user without sudo" "no setpriv"
	fi
else
	skip "run-kmod: what insmod refuses" "not root"
fi
refuses "the kmod backend without the module prints the remedy" \
	'no /dev/pfbench: load the module' "$pfbench" run --backend=kmod

root=${PFBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfbench}/guest
release()
{
	cat "$root/kernels/$1/release" 2>/dev/null
}

if [ -n "$(release amd64-6.1)" ]; then
	# without the loops, which are one macro and take minutes
	mkdir -p build/sparse
	cp -R kmod include bench/target build/sparse/
	rm -f build/sparse/kmod/*.o
	scripts/guest-enter make -s -C "/usr/src/linux-headers-$(release amd64-6.1)" \
		M=/src/build/sparse/kmod CC=gcc C=1 W=1 \
		main.o info.o memory.o population.o run.o native.o race.o \
		race_lookups.o race_lookups_delayed.o >"$tmp/out" 2>&1 &&
		[ ! -s "$tmp/out" ] && [ -s build/sparse/kmod/native.o ] && bad=0 || bad=1
	result "$bad" "sparse has no warning (C=1 W=1)" "$tmp/out"
else
	skip "sparse has no warning (C=1 W=1)" "no kernel amd64-6.1"
fi

# Few loops: make guests builds all of them, for every kernel.
if [ -n "$(release amd64-6.12)" ]; then
	rm -rf build/dkms
	mkdir -p build/dkms/tree
	version=$(sed -n 's/^VERSION := //p' Makefile)
	k=$(release amd64-6.12)
	{
		make -s install-dkms DESTDIR=build/dkms &&
			scripts/guest-enter env PFBENCH_GENERATIONS="plain v4_4_word" dkms build \
				--sourcetree /src/build/dkms/usr/src \
				--dkmstree /src/build/dkms/tree \
				-m pageflags-bench -v "$version" -k "$k" \
				--kernelsourcedir "/usr/src/linux-headers-$k"
	} >"$tmp/out" 2>&1 && bad=0 || bad=1
	ls build/dkms/tree/pageflags-bench/"$version/$k"/*/module/pfbench.ko* \
		>>"$tmp/out" 2>&1 || bad=1
	result "$bad" "dkms builds it for a kernel that does not run" "$tmp/out"
else
	skip "dkms builds it for a kernel that does not run" "no kernel amd64-6.12"
fi

# A guest has a built module and no gnuplot: the last step fails, and run-kmod
# must unload the module nevertheless.
lacks amd64-6.1 >"$tmp/why"
if [ -s "$tmp/why" ]; then
	skip "run-kmod loads, measures and unloads" "$(cat "$tmp/why")"
else
	cd "$tmp"
	# shellcheck disable=SC2016 # for the guest
	guest -n -i "$top/scripts/run-kmod" -i "$top/scripts/run-default" amd64-6.1 sh -c '
		ln -s /bin /scripts
		KMOD=/pfbench.ko PFBENCH=/bin/pfbench run-kmod --icount \
			--benchmark_filter="^PageLocked/(plain|native)/tail/hot/latency\$"
		ls /results/guest/*-kmod.json && echo measured
		[ -e /sys/module/pfbench ] || echo unloaded'
	grep -q '^instructions ' out && grep -q '^measured$' out &&
		grep -q '^unloaded$' out && bad=0 || bad=1
	result "$bad" "run-kmod loads, measures and unloads" out err
	cd "$top"
fi

# the layout does not depend on the size of long
for bits in 64 32; do
	{
		echo '#include "uapi/pfbench.h"'
		echo '#define SIZE(type, bytes) _Static_assert(sizeof(struct pfbench_##type) == bytes, #type)'
		echo 'SIZE(info, 224); SIZE(entry, 96); SIZE(populate, 88); SIZE(run, 72); SIZE(race, 224);'
	} | ${CC:-gcc} -m$bits -Iinclude -isystem "/usr/include/$(${CC:-gcc} -dumpmachine)" \
		-ffreestanding -fsyntax-only -x c - >"$tmp/out" 2>&1 && bad=0 || bad=1
	case $(uname -m) in
	x86_64) result "$bad" "the ABI's structs as $bits bits have them" "$tmp/out" ;;
	*) skip "the ABI's structs as $bits bits have them" "not x86-64" ;;
	esac
done

echo "1..$n"
