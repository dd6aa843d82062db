# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of dmvpn(8) for bash. The command itself knows what may come next.
# shellcheck shell=bash

_dmvpn()
{
	local line="${COMP_LINE:0:COMP_POINT}"
	local -a words
	local word before

	# Not COMP_WORDS: bash divides IPv6 addresses at their colons.
	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=("")
	word=${words[-1]}

	mapfile -t COMPREPLY < <("${words[0]}" complete "${words[@]:1}" \
		2>/dev/null)

	# A path is wanted: these the shell knows itself.
	if [[ ${COMPREPLY[*]} == / ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		compopt -o filenames
		return
	fi

	# What stands in front of the last colon is there already.
	if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
		before=${word%"${word##*:}"}
		COMPREPLY=("${COMPREPLY[@]#"$before"}")
	fi
}

complete -F _dmvpn dmvpn
