#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build the packages from a clean copy of this tree, and look at them with
# lintian: "make deb".
#
# usage: build.sh [DIRECTORY]     where they go, by default dist/

set -eu -o pipefail
project=$(dirname "$(dirname "$(readlink -f "$0")")")
result=${1:-$project/dist}

die()
{
	echo "build.sh: $*" >&2
	exit 1
}

command -v dpkg-buildpackage >/dev/null || die "no dpkg-dev: this is no Debian"
mkdir -p "$result" && result=$(readlink -f "$result")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/dmvpn"
cd "$project"
# What is not in git is not in the package, where there is a git.
if git rev-parse -q --git-dir >/dev/null 2>&1; then
	tree=$(git stash create)
	git archive "${tree:-HEAD}" | tar -x -C "$scratch/dmvpn"
else
	tar -c --exclude=./dist --exclude=build . | tar -x -C "$scratch/dmvpn"
fi
cd "$scratch/dmvpn"
dpkg-buildpackage -us -uc -b >"$scratch/log" 2>&1 ||
	{ tail -n 30 "$scratch/log" >&2; die "the packages do not build"; }
mv ../*.deb ../*.buildinfo ../*.changes "$result/"
cd "$result"
if command -v lintian >/dev/null; then
	# Root builds in chroots and machines of a day.
	lintian --allow-root --fail-on error,warning ./*.changes ||
		die "lintian found faults"
fi
for package in ./*.deb; do
	echo "$(dpkg-deb -f "$package" Package Version |
		sed 's/.*: //' | paste -sd' ') $(stat -c %s "$package") octets"
done
