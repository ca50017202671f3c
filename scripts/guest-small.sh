# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of scripts/guest-fetch
#
# Builds kernels that the mirror lacks from Debian's linux-source, a package that
# all architectures share, with the configuration of scripts/compare-kernels and
# the compilers of the root. scripts/guest-fetch sources this file.

# shellcheck source=scripts/compare-kernels-build.sh
. "$guest_scripts/compare-kernels-build.sh"

small_fragment=$guest_scripts/compare-kernels.config
small_tools="flex bison libelf-dev xz-utils"
# unpacked source 1.7 GB, one kernel 0.6 GB with its objects
small_mb=3000

# small_state NAME: prints a number for the configuration, which counts depend on
small_state()
{
	local arch suite version flavour fragment=$small_fragment
	guest_kernel "$1"
	arch=$(name_of_arch "$arch")
	options | grep CONFIG_ | sha256sum | cut -c 1-32
}

# in_root COMMAND...: runs a command in the root as the calling user; names of
# files are those outside
in_root()
{
	local user=()
	[ -z "$sudo" ] ||
		user=(setpriv "--reuid=$(id -u)" "--regid=$(id -g)" --clear-groups)
	inside "${user[@]}" "${@//"$root"/}"
}

# A make that is process 1 of the root's namespace would not end on a signal.
# shellcheck disable=SC2016,SC2317 # expanded by sh; called by kmake
make_in_root()
{
	in_root sh -c 'make "$@"; exit $?' sh "$@"
}

# small_dir NAME: prints the directory of the kernel's source and builds
small_dir()
{
	echo "$root/usr/src/small/${small_version[$1]//[^A-Za-z0-9.-]/_}"
}

# get_source NAME: downloads what the build of the kernel NAME, which ends in
# -small, needs: tools in the root, and the source
declare -A small_version
get_source()
{
	local arch suite version flavour free dir tmp=/var/tmp/small package
	guest_kernel "$1"
	package=linux-source-${version%.}
	free=$(df -Pk "$root" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "$free" -ge $small_mb ] || {
		say "kernel $1: $root: $free MB are free, $small_mb are needed: make room, or set PFBENCH_CACHE" >&2
		return 1
	}
	sources "$suite" amd64 || return 1
	small_version[$1]=$(stanza "$package" 2>/dev/null |
		sed -n 's/^Version: //p' | grep "^${version//./\\.}" |
		sort -V | tail -n 1)
	[ -n "${small_version[$1]}" ] || {
		say "kernel $1: $suite on $mirror has no $package $version*: use another mirror (-m)" >&2
		return 1
	}
	if [ "$(cat "$root/var/lib/pfbench/small" 2>/dev/null)" != "$small_tools" ]; then
		say "installing $small_tools in the root"
		# shellcheck disable=SC2086 # a list
		quietly "installing $small_tools" apt_get install \
			--no-install-recommends $small_tools || return 1
		echo "$small_tools" | $sudo tee "$root/var/lib/pfbench/small" >/dev/null
	fi
	dir=$(small_dir "$1")/source
	[ ! -d "$dir" ] || return 0
	say "kernel $1: downloading $package ${small_version[$1]} (about 140 MB)"
	$sudo rm -rf "$root$tmp"
	quietly "downloading $package" fetch "$tmp" \
		"$package:all=${small_version[$1]}" || return 1
	$sudo install -d -o "$(id -u)" -g "$(id -g)" "$root/usr/src/small" \
		"${dir%/source}" || return 1
	rm -rf "$dir.new"
	mkdir "$dir.new"
	quietly "unpacking $package" in_root tar -xJf \
		"$root$tmp/usr/src/$package.tar.xz" --strip-components=1 \
		-C "$dir.new" || return 1
	$sudo rm -rf "$root$tmp"
	mv -T "$dir.new" "$dir"
}

# install_small NAME: takes the kernel that was built in $work/o into the cache
install_small()
{
	local release image new=$guest_cache/kernels/$1.new
	release=$(cat "$work/o/include/config/kernel.release") || return 1
	image=$(guest_image "$work/o")
	if [ ! -s "$image" ]; then
		say "kernel $1: was built without $image" >&2
		return 1
	fi
	# the module is built as against Debian's headers
	$sudo ln -sfn "${work#"$root/usr/src/"}/o" \
		"$root/usr/src/linux-headers-$release" || return 1
	rm -rf "$new" "${new%.new}"
	mkdir -p "$new" && cp "$image" "$new/vmlinuz" &&
		echo "$state" >"$new/version" &&
		echo "$release" >"$new/release" &&
		small_state "$1" >"$new/configuration" &&
		mv -T "$new" "${new%.new}" || return 1
	! $debug || debug_small "$1"
}

# debug_small NAME: the debug information is that of the build
debug_small()
{
	local dir=$guest_cache/kernels/$1
	cp "$root/usr/src/linux-headers-$(cat "$dir/release")/vmlinux" \
		"$dir/vmlinux.new" && mv "$dir/vmlinux.new" "$dir/vmlinux"
}

# build_small NAME: builds the kernel from the source of get_source(). An
# interrupted build continues at its step. Most variables are those of
# compare-kernels-build.sh.
# shellcheck disable=SC2034 # used there
build_small()
{
	local arch suite version flavour triplet cross packages karch qemu
	local qemu_package console cc_of_kbuild='' maker=make_in_root jobs quiet=false
	local side=kernel label=$1 cache work dir fragment built=true
	local state=${small_version[$1]}
	guest_kernel "$1" && guest_arch "$arch"
	# build_kernel() names architectures its own way; version is the compiler's
	arch=$(name_of_arch "$arch")
	dir=$(small_dir "$1")
	work=$dir/$arch dir=$dir/source cache=$root/usr/src/small jobs=$(nproc)
	mkdir -p "$work" && exec 8>"$work/lock" || return 1
	flock -n 8 || {
		say "kernel $1: waiting for another guest-fetch, which builds it"
		flock 8
		! kernel_there "$1" || return 0
	}
	say "kernel $1: building it from source $state, with ${small_fragment##*/}: about 14 minutes of CPU time"
	fragment=$work/fragment
	{
		cat "$small_fragment"
		echo "CONFIG_LOCALVERSION=\"-small-$arch\""
		echo "# CONFIG_LOCALVERSION_AUTO is not set"
	} >"$fragment" || return 1
	version=$(inside "${cross}gcc" --version | head -n 1)
	[ -n "$version" ] || {
		say "kernel $1: no ${cross}gcc in $root: remove $root/var/lib/pfbench/${label%%-*}, and run again" >&2
		return 1
	}
	trap stop INT TERM
	prepare && build_kernel || built=false
	trap - INT TERM
	$built && install_small "$1"
}
