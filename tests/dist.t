#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The tarball of 'make dist': the files of HEAD, the same bytes each time, one
# version. 'make check-dist' builds and installs it.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test make dist, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$top"
version=$(sed -n 's/^VERSION := //p' Makefile)
name=pageflags-bench-$version

[ "$("$pfbench" --version)" = "pfbench $version" ] && bad=0 || bad=1
result "$bad" "pfbench --version: $version"
sed -n '/./p' NEWS | sed -n 2p >"$tmp/news"
grep -qx "pageflags-bench $version" "$tmp/news" && bad=0 || bad=1
result "$bad" "NEWS begins with this version" "$tmp/news"

# dist DIR: make dist with B=DIR
dist()
{
	env -u MAKEFLAGS -u MAKELEVEL make -s dist B="$1" >"$tmp/out" 2>&1
}
if ! git rev-parse -q --verify HEAD >/dev/null 2>&1; then
	skip "the tarball" "no git checkout: only its commits can be packed"
	echo "1..$n"
	exit
fi
dist "$tmp/a" && dist "$tmp/b" &&
	cmp "$tmp/a/$name.tar.gz" "$tmp/b/$name.tar.gz" >"$tmp/err" 2>&1 &&
	bad=0 || bad=1
result "$bad" "the same bytes twice" "$tmp/out" "$tmp/err"
tar -tzf "$tmp/a/$name.tar.gz" | sed -n "s,^$name/,,p" | grep -v '/$' |
	grep . | sort >"$tmp/packed"
git ls-tree -r --name-only HEAD | sort >"$tmp/files"
diff "$tmp/files" "$tmp/packed" >"$tmp/out" && [ -s "$tmp/files" ] && bad=0 ||
	bad=1
result "$bad" "the files of HEAD, below $name/" "$tmp/out"
tar -C "$tmp" -xzf "$tmp/a/$name.tar.gz"
# without git, below a directory that is no checkout
env -u MAKEFLAGS -u MAKELEVEL make -s -C "$tmp/$name" B="$tmp/c" \
	"$tmp/c/build.h" >"$tmp/out" 2>&1 &&
	grep -qx "#define PFBENCH_COMMIT \"$(git rev-parse HEAD | cut -c 1-12)\"" \
		"$tmp/c/build.h" && bad=0 || bad=1
result "$bad" "a build of the tarball knows its commit" "$tmp/out"

echo "1..$n"
