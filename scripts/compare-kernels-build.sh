# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of scripts/compare-kernels
#
# Builds the parts of a kernel that scripts/compare-kernels compares, in
# directories of the cache. Each finished step leaves a stamp with all that it was
# made from: a step whose stamp is missing or differs is done again.

# kbuild_arch ARCH: sets what guest_arch does, and t, the triplet
kbuild_arch()
{
	case $1 in
	x86-64) guest_arch amd64 ;;
	ppc64le) guest_arch ppc64el ;;
	arm64|riscv64|s390x) guest_arch "$1" ;;
	*) return 1 ;;
	esac
	t=$triplet
}

# name_of_arch ARCH: the name here of an architecture of Debian
name_of_arch()
{
	case $1 in
	amd64) echo x86-64 ;;
	ppc64el) echo ppc64le ;;
	*) echo "$1" ;;
	esac
}

# find_cc ARCH: sets cross and cc, the name of the compiler, or reports it
find_cc()
{
	local package
	kbuild_arch "$1"
	cross=$t- cc=$t-$compiler
	command -v "$cc" >/dev/null && return 0
	if [ "$(uname -m)" = "${t%%-*}" ] && command -v "$compiler" >/dev/null; then
		cross='' cc=$compiler
		return 0
	fi
	package=$compiler-${t//_/-}
	say "no $cc for $1: install it (Debian: apt install $package)"
	return 1
}

# done_with STAMP TEXT: is the step done, from what TEXT says?
done_with()
{
	[ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

# stamp STAMP TEXT: written when all that it stands for is on the disk
stamp()
{
	printf '%s\n' "$2" >"$1.new" && mv "$1.new" "$1"
}

# took_before TEXT: prints how long the step took the last time, for any tree
took_before()
{
	cat "$cache"/*/"$arch"/times 2>/dev/null |
		awk -v step=", $arch: $1: " '
			index($0, step) { seconds = $(NF - 1) }
			END { if (seconds) print " (" seconds " s before)" }'
}

# stop: for a trap: ends the command that step() runs, and then the script. In the
# root of the guests, sudo may be needed.
child='' stopped=''
stop()
{
	stopped=yes
	[ -z "$child" ] || ${sudo:-} kill -- "-$child" 2>/dev/null || :
	[ -n "$child" ] || exit 130
}

# step TEXT LOG COMMAND...: runs a command, with its output in LOG
step()
{
	local text=$1 log=$2 ret=0 start=$SECONDS
	shift 2
	$quiet || say "$side $label, $arch: $text$(took_before "$text")"
	# a process group of its own, which stop() ends: make removes what it had
	# not finished
	set -m
	"$@" >"$log" 2>&1 </dev/null &
	child=$!
	set +m
	wait "$child" || ret=$?
	while [ -n "$stopped" ] && kill -0 -- "-$child" 2>/dev/null; do
		sleep 0.1
	done
	child=
	[ -z "$stopped" ] || exit 130
	if [ $ret != 0 ]; then
		${may_fail:-false} || failed "$text" "$log"
		return 1
	fi
	echo "$side $label, $arch: $text: $((SECONDS - start)) s" >>"$work/times"
}

# failed TEXT LOG: one line with the tool's own words
failed()
{
	local words
	words=$(grep -m 1 -E 'No space left' "$2" ||
		grep -m 1 -E '(error|ERROR|Error): |: (fatal )?error' "$2" ||
		grep -m 1 -vE '^make(\[[0-9]+\])?: |^ *$' "$2" ||
		grep -m 1 '\*\*\*' "$2") || :
	say "$side $label, $arch: $1 failed: ${words:-no message} (all of it: $2)" >&2
}

# kmake ARGUMENT...: make for the architecture, one target at a time; maker is
# another command than make
kmake()
{
	${maker:-make} -s -j"$jobs" ARCH="$karch" ${cross:+CROSS_COMPILE="$cross"} \
		${cc_of_kbuild:+CC="$cc_of_kbuild"} "$@"
}

# tree_state DIR: what a source tree consists of, without reading it
tree_state()
{
	find "$1" -name .git -prune -o -type f -printf '%P %s %T@\n' |
		LC_ALL=C sort | sha256sum | cut -c 1-32
}

# options: prints what $fragment and that of the architecture add to tinyconfig
options()
{
	local own=$guest_scripts/compare-kernels-$arch.config
	cat "$fragment"
	[ ! -e "$own" ] || cat "$own"
}

# configure: a configuration for the source tree $dir in $work/o
configure()
{
	local want
	want="$work $state $(options | sha256sum) $version"
	done_with "$work/configured" "$want" && return 0
	rm -f "$work"/{configured,prepared,built-*}
	mkdir -p "$work/o"
	step 'configuration' "$work/config.log" configure_in "$work/o" ||
		return 1
	stamp "$work/configured" "$want"
}

# shellcheck disable=SC2317 # called by step
configure_in()
{
	kmake -C "$dir" O="$1" tinyconfig &&
		options >>"$1/.config" &&
		kmake -C "$dir" O="$1" olddefconfig
}

prepare()
{
	configure || return 1
	done_with "$work/prepared" "$state" && return 0
	step 'preparation' "$work/prepare.log" \
		kmake -C "$dir" O="$work/o" modules_prepare || return 1
	stamp "$work/prepared" "$state"
}

# what native_uses.o is made from, in this checkout
uses_state()
{
	(cd "$top" && cat kmod/native*.c kmod/compat.h kmod/Kbuild \
		include/pageflags/*.h) | sha256sum | cut -c 1-32
}

# copy_uses DIR
copy_uses()
{
	mkdir -p "$1/kmod"
	(cd "$top" && cp -u kmod/native*.c kmod/compat.h kmod/Kbuild "$1/kmod" &&
		cp -Ru include bench/target "$1")
}

# Functions that the kernel lacks, by the compiler's words; they become calls of
# pf_missing(), which 'pfbench codegen --diff' takes for nothing.
missing_functions()
{
	sed -n "s/.*implicit declaration of function [^A-Za-z_]*\([A-Za-z0-9_]*\).*/\1/p" "$1" |
		sort -u
}

# uses KDIR COMMAND...: compiles the accessors as single uses into
# $work/uses/kmod/native_uses.o. COMMAND is kmake, or one that runs it elsewhere.
uses()
{
	local want f m=$work/uses/kmod
	local kdir=$1 log=$work/uses.log round flags=()
	shift
	want="$state $(uses_state) $version"
	object=$m/native_uses.o
	done_with "$work/used" "$want" && [ -s "$object" ] && return 0
	rm -f "$work/used" "$m/missing.h"
	copy_uses "$work/uses" || return 1
	for round in 1 2 3; do
		if may_fail=true step 'the accessors' "$log" "$@" -C "$kdir" \
				M="$m_seen" "${flags[@]}" native_uses.o; then
			stamp "$work/used" "$want"
			return
		fi
		f=$(missing_functions "$log")
		if [ -z "$f" ] || [ "$round" = 3 ]; then
			break
		fi
		[ -s "$m/missing.h" ] ||
			echo 'extern unsigned long pf_missing(void);' >"$m/missing.h"
		for f in $f; do
			echo "#define $f(...) pf_missing()" >>"$m/missing.h"
		done
		flags=("KCFLAGS=-include $m_seen/missing.h")
	done
	failed 'the accessors' "$log"
	return 1
}

# build_bytes PATH: builds PATH (mm, mm/swap.o) in a source tree; sets object
build_bytes()
{
	local target=$1 at=$work/built-${1//\//_}
	case $1 in
	*.o) object=$work/o/$1 ;;
	*) object=$work/o/$1/built-in.a target=$1/ ;;
	esac
	done_with "$at" "$state" && [ -s "$object" ] && return 0
	[ -e "$dir/$1" ] || [ -e "$dir/${1%.o}.c" ] || {
		say "$side $label: no $1 in the tree"
		return 1
	}
	step "$1" "$at.log" kmake -C "$dir" O="$work/o" "$target" || return 1
	[ -s "$object" ] || {
		say "$side $label, $arch: $1 was built without $object"
		return 1
	}
	stamp "$at" "$state"
}

# found_bytes PATH: the object of a kernel that was built before; sets object
found_bytes()
{
	case $1 in
	*.o) object=$dir/$1 ;;
	*) object=$dir/$1/built-in.a ;;
	esac
	[ ! -s "$object" ] || return 0
	for object in "$dir/vmlinux" "/usr/lib/debug/boot/vmlinux-$version"; do
		[ ! -s "$object" ] || return 0
	done
	object=
	return 1
}

# build_kernel: builds the whole kernel of a source tree, to boot
build_kernel()
{
	local image=bzImage
	case $arch in
	arm64|riscv64) image=Image ;;
	ppc64le) image=vmlinux ;;
	esac
	done_with "$work/built-kernel" "$state" && return 0
	step 'the kernel' "$work/kernel.log" kmake -C "$dir" O="$work/o" \
		vmlinux "$image" modules || return 1
	# without a module in the configuration, some releases write no list
	[ -s "$work/o/Module.symvers" ] ||
		cp "$work/o/vmlinux.symvers" "$work/o/Module.symvers" || return 1
	stamp "$work/built-kernel" "$state"
}

# boot_and_measure KERNEL: boots it and counts, or measures, its own accessors
boot_and_measure()
{
	local want
	want="$state $(uses_state) $version $("$pfbench" --version)"
	if $counts_of; then
		in_guest "$1" counts.txt icount pfbench count --backend=kmod \
			--benchmark_filter=/native/ \
			--out=counts.txt || return 1
		ln -sf "$work/guest/counts.txt" "$tmp/$side-$arch.counts"
	fi
	if $run_of; then
		in_guest "$1" result.json kvm pfbench run --backend=kmod \
			--benchmark_filter=/native/ \
			--out=result.json || return 1
		ln -sf "$work/guest/result.json" "$tmp/$side-$arch.json"
	fi
}

# in_guest KERNEL FILE ACCEL COMMAND...: runs a command that leaves FILE
in_guest()
{
	local kernel=$1 file=$2 accel=$3
	shift 3
	done_with "$work/guest-$file" "$want" && return 0
	rm -f "$work/guest-$file" "$work/guest/$file"
	# the kernel's own accessors do not need the replicas
	step "${file%.*}, in a guest" "$work/$file.log" \
		env PFBENCH_GENERATIONS=primitive "$top/scripts/guest" \
		-a "$accel" -t 1800 -o "$work/guest" "$kernel" "$@" || return 1
	[ -s "$work/guest/$file" ] || {
		say "$side $label, $arch: the guest left no $file (see $work/$file.log)"
		return 1
	}
	stamp "$work/guest-$file" "$want"
}
