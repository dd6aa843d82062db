#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# No file above 600 lines, no function above 100; generated files excepted.

set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. selftests/lint/files.sh

file_lines=600 function_lines=100

long_files()
{
	{ sources; scripts; files '\.py$'; } | sort -u | xargs -d '\n' wc -l |
		awk -v max="$file_lines" '$2 != "total" && $1 > max {
			print $2 ":" $1 ": file has " $1 " lines, limit " max
		}'
}

long_functions_c()
{
	sources | grep '\.c$' |
		ctags --languages=C --c-kinds=f --fields=+ne -o - -L - |
		awk -F'\t' -v max="$function_lines" '{
			start = end = 0
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^line:/) start = substr($i, 6)
				if ($i ~ /^end:/) end = substr($i, 5)
			}
			if (end - start + 1 > max)
				print $2 ":" start ": " $1 "() has " \
					end - start + 1 " lines, limit " max
		}'
}

long_functions_sh()
{
	scripts | while read -r file; do
		awk -v max="$function_lines" '
			/^[A-Za-z_0-9]+\(\)/ { name = $1; start = NR }
			/^}/ && name {
				if (NR - start + 1 > max)
					print FILENAME ":" start ": " name \
						" has " NR - start + 1 \
						" lines, limit " max
				name = ""
			}' "$file"
	done
}

found=$(long_files; long_functions_c; long_functions_sh)
[ -z "$found" ] && exit 0
echo "$found"
exit 1
