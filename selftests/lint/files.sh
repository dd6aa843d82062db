# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Which files there are to check, sourced with the project's root as cwd.

# Written by the netlink code generator.
generated='^kmod/(netlink-gen\.[ch]|include/uapi/.*)$'

# files [PATTERN]: every file of ours, tracked or new, whose path matches.
files()
{
	local list

	if ! list=$(git ls-files -co --exclude-standard 2>/dev/null); then
		list=$(find . -type f ! -path './.git/*' ! -name '*.o' \
			! -name '*.ko' ! -path '*/build/*' -printf '%P\n')
	fi
	grep -E "${1:-.}" <<<"$list" | while read -r file; do
		[ -f "$file" ] && echo "$file"
	done
}

# sources: hand-written C.
sources()
{
	files '^(kmod|user)/.*\.[ch]$' | grep -vE "$generated"
}

# scripts: everything a shell reads, with or without .sh.
scripts()
{
	files | while read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*.[chko]|*.md|*.yaml|*/corpus/*) ;;
		*) head -c 64 "$file" | head -n 1 | tr -d '\0' |
			grep -qE '^#!.*(ba)?sh\b' && echo "$file" ;;
		esac
	done
}
