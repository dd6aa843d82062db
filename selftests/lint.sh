#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Check the sources without running them. Every finding names file and line.
#
# usage: lint.sh [CHECK...]    (default: all of the functions called check_*)

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
. selftests/lint/files.sh

check_tree()
{
	selftests/lint/tree.sh
}

check_ceilings()
{
	selftests/lint/ceilings.sh
}

check_layering()
{
	selftests/lint/layering.sh
}

# Kernel style. Generated files have the generator's.
check_checkpatch()
{
	local dir out list check

	dir=$(selftests/vm/kernel-scripts.sh) || return 1
	check=(perl "$dir/scripts/checkpatch.pl" --no-tree --strict --terse
	       --no-summary --show-types --max-line-length=100)
	list=$(files '^kmod/.*\.[ch]$' | grep -vE "$generated")
	# Tracepoints are laid out as the kernel lays them out, not as it checks.
	out=$(grep -v '/trace\.h$' <<<"$list" |
			xargs -r -d '\n' "${check[@]}" -f
		grep '/trace\.h$' <<<"$list" | xargs -r -d '\n' "${check[@]}" \
			--ignore PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE -f)
	out=$(grep -v '^$' <<<"$out")
	[ -z "$out" ] && return 0
	echo "$out"
	return 1
}

# W=1 and sparse: a build that warns fails. LINT_KERNELS= skips it.
check_module()
{
	local kernel rc=0

	for kernel in ${LINT_KERNELS-6.1 6.12 7.3}; do
		selftests/vm/build-module.sh "$kernel" >/dev/null || rc=1
	done
	return "$rc"
}

check_shell()
{
	scripts | xargs -d '\n' shellcheck -f gcc
}

check_spelling()
{
	files '\.(c|h|sh|py|md|yaml|rst|[1-8])$' | grep -v '^LICENSES/' |
		xargs -d '\n' codespell --ignore-words selftests/lint/words
}

check_yaml()
{
	files '\.ya?ml$' | xargs -r -d '\n' yamllint --strict --format parsable \
		-c selftests/lint/yamllint.yaml
}

check_python()
{
	local file

	files '\.py$' | while read -r file; do
		python3 -c 'import ast, sys
ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$file" || exit 1
	done
}

# cppcheck reads no system headers, but cannot parse without queue.h.
check_cppcheck()
{
	local queue

	queue=$(echo '#include <sys/queue.h>' | gcc -M -xc - |
		grep -oE '/[^ ]*/sys/queue\.h')
	files '^user/.*\.c$' | grep -vE '^user/(fuzz|tests)/' |
		xargs -r -d '\n' cppcheck --quiet --error-exitcode=1 -j 2 \
			--enable=warning,performance,portability \
			--inline-suppr --suppress=missingIncludeSystem \
			--template='{file}:{line}: {severity}: {message} [{id}]' \
			--include="$queue" -Iuser -Ikmod/include/uapi
}

check_claims()
{
	selftests/lint/claims.sh
}

check_generated()
{
	kmod/scripts/spec-man.py --check user/man/dmvpn-netlink.7 || return
	[ -x kmod/scripts/ynl-regen.sh ] || return 0
	YNL_TREE=$(selftests/vm/kernel-scripts.sh) &&
		export YNL_TREE && kmod/scripts/ynl-regen.sh --check
}

selftests/vm/deps.sh lint build || exit 1
checks=("$@")
[ $# -gt 0 ] || mapfile -t checks < <(compgen -A function check_ |
	sed 's/^check_//')
passed=0 failed=0
for check in "${checks[@]}"; do
	if ! declare -F "check_$check" >/dev/null; then
		echo "lint.sh: no check '$check'" >&2
		exit 2
	fi
	start=$SECONDS
	if out=$("check_$check" 2>&1); then
		passed=$((passed + 1))
		echo "ok - $check ($((SECONDS - start)) s)"
	else
		failed=$((failed + 1))
		echo "not ok - $check ($((SECONDS - start)) s)"
	fi
	[ -z "$out" ] || echo "$out"
done
echo "lint: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
