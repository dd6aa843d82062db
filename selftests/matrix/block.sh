# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What documents show is what is tested; sourced.

# block FILE LINE: the first indented block of a document after that line
block()
{
	awk -v line="$2" '
		$0 == line { found = 1; next }
		!found { next }
		/^    / { sub(/^    /, ""); print; inside = 1; next }
		NF && inside { exit }
		inside' "$1"
}
