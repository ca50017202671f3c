# SPDX-License-Identifier: GPL-2.0
#
# What the guest scripts share: where things are, and what each architecture's
# compilers, machine and console are called. To be sourced by bash.
# shellcheck shell=bash disable=SC2034 # used by those who source it

guest_scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guest_top=$(dirname "$guest_scripts")
guest_table=$guest_scripts/guest-kernels
guest_cache=${PFBENCH_CACHE:-${XDG_CACHE_HOME:-${HOME:?neither HOME nor PFBENCH_CACHE is set}/.cache}/pfbench}/guest
guest_root=$guest_cache/root

guest_names()
{
	awk '!/^#/ { print $1 }' "$guest_table"
}

# guest_kernel NAME: sets arch, suite, version and flavour from the table
guest_kernel()
{
	arch=
	read -r arch suite version flavour < <(awk -v name="$1" \
		'$1 == name { print $2, $3, $4, $5 }' "$guest_table") || :
	[ -n "$arch" ]
}

# guest_arch ARCH: sets triplet, cross (the compilers' prefix), packages (of
# the cross compilers), qemu, qemu_package and console
guest_arch()
{
	packages=
	case $1 in
	amd64)
		triplet=x86_64-linux-gnu
		qemu=(qemu-system-x86_64 -cpu max)
		qemu_package=qemu-system-x86 console=ttyS0
		;;
	arm64)
		triplet=aarch64-linux-gnu
		packages="gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross"
		# the default signing of pointers costs most of the time
		qemu=(qemu-system-aarch64 -M virt -cpu "max,pmu=on,pauth-impdef=on")
		qemu_package=qemu-system-arm console=ttyAMA0
		;;
	*) return 1 ;;
	esac
	cross=
	[ "$1" = amd64 ] || cross=$triplet-
}
