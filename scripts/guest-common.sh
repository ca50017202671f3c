# SPDX-License-Identifier: GPL-2.0
#
# Shared by the guest scripts, which source this file in bash: paths, and the
# compilers, QEMU machine and console of each architecture.
# shellcheck shell=bash disable=SC2034 # used by sourcing scripts

guest_scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guest_top=$(dirname "$guest_scripts")
guest_table=$guest_scripts/guest-kernels
guest_cache=${PFBENCH_CACHE:-${XDG_CACHE_HOME:-${HOME:?neither HOME nor PFBENCH_CACHE is set}/.cache}/pfbench}/guest
guest_root=$guest_cache/root

# guest_names: prints the names of the table; NAME-small, a kernel that guest-fetch
# built, in the place of a NAME that was not downloaded
guest_names()
{
	local name
	while read -r name; do
		if [ -s "$guest_cache/kernels/$name-small/release" ] &&
				[ ! -s "$guest_cache/kernels/$name/release" ]; then
			name=$name-small
		fi
		echo "$name"
	done < <(awk '!/^#/ { print $1 }' "$guest_table")
}

# guest_kernel NAME: sets arch; suite, version and flavour from the table; of
# NAME-small those of NAME. NAME may be the directory of a kernel of one's own: see
# guest_tree.
guest_kernel()
{
	arch=
	if [[ $1 = */* ]]; then
		guest_tree "$1"
		return
	fi
	read -r arch suite version flavour < <(awk -v name="${1%-small}" \
		'$1 == name { print $2, $3, $4, $5 }' "$guest_table") || :
	[ -n "$arch" ]
}

# guest_tree DIR: sets arch for a built kernel: a tree with .config, or what O=
# names
guest_tree()
{
	arch=$(awk '/^CONFIG_[A-Z0-9_]*=y$/ { sub(/=y/, ""); on[$0] }
		END {
			if ("CONFIG_X86_64" in on) print "amd64"
			else if ("CONFIG_ARM64" in on) print "arm64"
			else if ("CONFIG_RISCV" in on && "CONFIG_64BIT" in on) print "riscv64"
			else if ("CONFIG_PPC64" in on && "CONFIG_CPU_LITTLE_ENDIAN" in on) print "ppc64el"
			else if ("CONFIG_S390" in on) print "s390x"
		}' "$1/.config" 2>/dev/null)
	suite='' version='' flavour=''
	[ -n "$arch" ]
}

# guest_image NAME: prints the path of the kernel's image; the file may be missing
guest_image()
{
	local release image
	[[ $1 = */* ]] || { echo "$guest_cache/kernels/$1/vmlinuz"; return; }
	guest_kernel "$1"
	case $arch in
	amd64) image=$1/arch/x86/boot/bzImage ;;
	arm64) image=$1/arch/arm64/boot/Image ;;
	riscv64) image=$1/arch/riscv/boot/Image ;;
	ppc64el) image=$1/vmlinux ;;
	s390x) image=$1/arch/s390/boot/bzImage ;;
	esac
	# headers of a distribution: the image is in /boot
	release=$(cat "$1/include/config/kernel.release" 2>/dev/null) || :
	[ -s "$image" ] || [ ! -s "/boot/vmlinuz-$release" ] ||
		image=/boot/vmlinuz-$release
	echo "$image"
}

# guest_dir NAME: prints the directory of what is built for a guest, below the
# top of the tree
guest_dir()
{
	local dir
	[[ $1 = */* ]] || { echo "build/guest/$1"; return; }
	dir=$(realpath -m "$1")
	echo "build/guest/tree-$(printf '%s' "$dir" | sha256sum | cut -c 1-12)-${dir##*/}"
}

# guest_arch ARCH: sets triplet, cross (prefix of the compilers), packages (the
# packages of the cross compilers), karch (the name that the kernel's make uses),
# qemu, qemu_package and console
guest_arch()
{
	case $1 in
	amd64)
		triplet=x86_64-linux-gnu karch=x86_64
		qemu=(qemu-system-x86_64 -cpu max)
		qemu_package=qemu-system-x86 console=ttyS0
		;;
	arm64)
		triplet=aarch64-linux-gnu karch=arm64
		# QEMU's default algorithm for pointer authentication is slow
		qemu=(qemu-system-aarch64 -M virt -cpu "max,pmu=on,pauth-impdef=on")
		qemu_package=qemu-system-arm console=ttyAMA0
		;;
	riscv64)
		triplet=riscv64-linux-gnu karch=riscv
		# without sscofpmf, perf cannot count user mode alone
		qemu=(qemu-system-riscv64 -M virt -cpu "rv64,sscofpmf=true")
		qemu_package=qemu-system-misc console=ttyS0
		;;
	ppc64el)
		triplet=powerpc64le-linux-gnu karch=powerpc
		qemu=(qemu-system-ppc64 -M pseries -cpu power9)
		qemu_package=qemu-system-ppc console=hvc0
		;;
	s390x)
		triplet=s390x-linux-gnu karch=s390
		qemu=(qemu-system-s390x -M s390-ccw-virtio -cpu max)
		qemu_package=qemu-system-misc console=ttysclp0
		;;
	*) return 1 ;;
	esac
	cross='' packages=''
	if [ "$1" != amd64 ]; then
		cross=$triplet-
		packages="gcc-$triplet g++-$triplet libc6-dev-$1-cross"
	fi
}

# guest_root_qemu FILE [WORD...]: writes a program FILE, which runs the QEMU of the
# root with the WORDs and its own arguments
guest_root_qemu()
{
	local file=$1 lib=$guest_root/usr/lib/x86_64-linux-gnu
	shift
	{
		printf '#!/bin/bash\n'
		printf '%q ' exec env "QEMU_MODULE_DIR=$lib/qemu" \
			"$guest_root/usr/lib64/ld-linux-x86-64.so.2" \
			--library-path "$lib" "$guest_root/usr/bin/${qemu[0]}" \
			-L "$guest_root/usr/share/qemu" \
			-L "$guest_root/usr/share/seabios" "$@"
		# shellcheck disable=SC2016 # for that shell
		printf '"$@"\n'
	} >"$file"
	chmod 755 "$file"
}

# guest_uses_root_qemu: the QEMU of the root is wanted, and there
guest_uses_root_qemu()
{
	[ "${PFBENCH_QEMU:-host}" = root ] && [ -x "$guest_root/usr/bin/${qemu[0]}" ]
}

# guest_lacks NAME: prints the reason why the guest cannot boot on this machine,
# or nothing; a guest without an initramfs counts as bootable
guest_lacks()
{
	guest_kernel "$1" && guest_arch "$arch"
	if ! guest_uses_root_qemu && ! command -v "${qemu[0]}" >/dev/null; then
		echo "no ${qemu[0]}: apt install $qemu_package (or scripts/install-deps --tests)"
	elif [ ! -s "$(guest_image "$1")" ] && [[ $1 = */* ]]; then
		echo "no $(guest_image "$1"): build the image in the tree"
	elif [ ! -s "$(guest_image "$1")" ]; then
		echo "no kernel $1: run scripts/guest-fetch -s $1"
	fi
}

# guest_tools: prints a directory for PATH with the objdump of each architecture
# from the root: listings that are compared with results/ need the same binutils
# on every host
guest_tools()
{
	local dir=$guest_top/build/guest/bin lib=$guest_root/usr/lib/x86_64-linux-gnu tool
	mkdir -p "$dir"
	for tool in "$guest_root"/usr/bin/*-linux-gnu-objdump; do
		cat >"$dir/${tool##*/}.new" <<END
#!/bin/sh
exec "$guest_root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$lib" "$(readlink -f "$tool")" "\$@"
END
		chmod 755 "$dir/${tool##*/}.new"
		mv "$dir/${tool##*/}.new" "$dir/${tool##*/}"
	done
	echo "$dir"
}

# in_parallel JOBS FUNCTION ARGUMENT...: calls FUNCTION for each ARGUMENT, JOBS
# at a time; returns 1 if a call failed. A local variable named jobs would
# hide the one that FUNCTION reads.
in_parallel()
{
	local at_once=$1 function=$2 argument failed=0
	shift 2
	for argument; do
		while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do
			wait -n || failed=1
		done
		"$function" "$argument" &
	done
	while [ -n "$(jobs -p)" ]; do
		wait -n || failed=1
	done
	return $failed
}
