# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of scripts/guest-fetch
#
# Runs commands and apt in the root of the guests, for scripts/guest-fetch, which
# sets root, sudo, mirror and cache.

# Mounts are private, except in a chroot, where / is no mount point.
propagation=private
$sudo unshare --mount --propagation private true 2>/dev/null ||
	propagation=unchanged

# inside COMMAND...: runs COMMAND in the root
inside()
{
	# shellcheck disable=SC2016 # sh expands the variables
	$sudo unshare --mount --pid --fork --kill-child --propagation $propagation \
		sh -eu -c '
		mount -t proc proc "$1/proc"
		cd "$1"
		root=$1
		shift
		exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 \
			DEBIAN_FRONTEND=noninteractive \
			${http_proxy:+http_proxy="$http_proxy"} \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' sh "$root" "$@" </dev/null
}

log=$cache/log
: >"$log"
# quietly STEP COMMAND...: runs COMMAND, prints the end of the log if it fails
quietly()
{
	local step=$1
	shift
	if ! "$@" >>"$log" 2>&1; then
		tail -n 20 "$log" >&2
		say "$step failed: see $log" >&2
		return 1
	fi
}

# Check-Valid-Until: the mirror may be a snapshot, with expired Release files.
apt_get()
{
	inside apt-get -q -y -o Dpkg::Use-Pty=0 -o APT::Update::Error-Mode=any \
		-o Acquire::Check-Valid-Until=false \
		-o APT::Default-Release=trixie "$@"
}

# sources SUITE ARCH: reads the package lists. One architecture at a time: on
# some mirrors the indices of one architecture do not match the Release file,
# and apt then drops the lists of all architectures.
listed=' '
sources()
{
	local list=/etc/apt/sources.list.d/$1-$2.list
	case $listed in
	*" $1-$2 "*) return 0 ;;
	esac
	say "reading the package lists of $1 for $2 ($mirror)"
	echo "deb [arch=$2] $mirror $1 main" | $sudo tee "$root$list" >/dev/null
	if ! quietly "reading the package lists of $1 for $2" apt_get update \
			-o Dir::Etc::sourcelist="$list" \
			-o Dir::Etc::sourceparts=/dev/null \
			-o APT::Get::List-Cleanup=0; then
		$sudo rm -f "$root$list"
		return 1
	fi
	listed="$listed$1-$2 "
}

# stanza PACKAGE: prints the records of all versions
stanza()
{
	inside apt-cache show "$1"
}

# depends PACKAGE=VERSION PATTERN: prints the names in Depends that match
depends()
{
	stanza "$1" | sed -n 's/^Depends: //p' | head -n 1 | tr ',' '\n' |
		sed 's/^ *//; s/ .*//; s/:.*//' | grep -E "$2" || :
}

# fetch DIR PACKAGE...: downloads packages and unpacks them into DIR of the
# root; absolute file names in the root are unpacked without a download
# shellcheck disable=SC2016,SC2317 # sh expands the variables; called by quietly
fetch()
{
	local dir=$1
	shift
	inside sh -euc '
		dir=$1; shift
		mkdir -p /var/tmp/debs "$dir"
		cd /var/tmp/debs
		rm -f ./*.deb
		case $1 in
		/*) cp "$@" . ;;
		*) apt-get -q download "$@" ;;
		esac
		for deb in ./*.deb; do
			# some packages have /lib as a directory, not as a link
			dpkg --fsys-tarfile "$deb" |
				tar -x --keep-directory-symlink -C "$dir"
			rm "$deb"
		done' sh "$dir" "$@"
}
